"""`python -m desktop`: the program, or, with a switch that only the program itself uses, one of its other processes."""

from __future__ import annotations

import sys


def main() -> int:
    """Start what the arguments ask for and return the exit code."""
    from desktop.core.documents.document import LOOK_UP_SWITCH, READER_SWITCH
    from desktop.core.engine import ENGINE_SWITCH

    if ENGINE_SWITCH in sys.argv[1:2]:
        from desktop.engine.child import main as serve

        serve()
    if READER_SWITCH in sys.argv[1:2]:
        from desktop.readers.child import main as read_file

        read_file()
    if LOOK_UP_SWITCH in sys.argv[1:2]:
        from desktop.look_ups import main as look_up

        look_up()
    from desktop.surroundings import import_qt

    import_qt()
    from desktop.start import run

    return run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
