"""`python -m desktop.look_ups`: the process that looks up long answers. It is started by the program, not by the user.

Part of the composition root, since it joins what reads Markdown to what looks things up.
"""

from __future__ import annotations

from typing import NoReturn

from desktop.readers.look_up_child import serve
from desktop.rendering.page.shown_claims import shown_in


def main() -> NoReturn:
    """Look up what standard input asks for. Never returns."""
    serve(shown_in)


if __name__ == "__main__":
    main()
