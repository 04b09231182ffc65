"""`python -m desktop`: the program, or (with the switch that only the program itself uses) its built-in engine."""

from __future__ import annotations

import sys

from desktop.core.engine import ENGINE_SWITCH


def main() -> int:
    """Start what the arguments ask for and return the exit code."""
    if ENGINE_SWITCH in sys.argv[1:2]:
        from desktop.engine.child import main as serve

        serve()
    from desktop.start import run

    return run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
