"""The arguments of the program: a file or a link to open, and options.

Part of the composition root.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from desktop import __version__
from desktop.core.recipes.link import is_link
from desktop.logs import HTTP_DETAILS, LEVELS


@dataclass(slots=True)
class Options:
    """What the arguments say."""

    file: str | None = None
    language: str | None = None
    diagnose: str | None = None
    check_policy: str | None = None
    log: str = "warning"
    log_http: str | None = None
    log_file: str | None = None
    platform: str | None = None
    ask: str | None = None
    picture: str | None = None
    exit_after_first_paint: bool = False


def read_arguments(arguments: list[str]) -> Options:
    """Return what the arguments say; explains wrong ones and ends the program, as it does for `--help`."""
    parser = argparse.ArgumentParser(prog="candor", description="A desktop chat client for private language models.")
    parser.add_argument(
        "file",
        nargs="?",
        help="a document to attach, a model file (.gguf) to talk to, a recipe (.toml) or its link (candor:recipe/NAME)",
    )
    parser.add_argument("--version", action="version", version=f"Candor {__version__}")
    parser.add_argument("--language", help="language of the window, for instance zh_CN")
    parser.add_argument(
        "--diagnose", nargs="?", const="", metavar="FILE", help="say what works on this computer, as JSON, and end"
    )
    parser.add_argument("--check-policy", metavar="FILE", help="explain a policy line by line, and end")
    parser.add_argument("--log", choices=LEVELS, help="how much is told of what the program does")
    parser.add_argument(
        "--log-http",
        choices=HTTP_DETAILS,
        help="tell of each request and its answer: without a word of a message (heads), or with them (bodies)",
    )
    parser.add_argument("--log-file", metavar="FILE", help="write the log there, at the end of what it holds")
    # Where environment variables do not reach the program, as under wine.
    parser.add_argument("-platform", "--platform", metavar="NAME", help="Qt's platform plugin, for instance offscreen")
    parser.add_argument("--ask", metavar="TEXT", help=argparse.SUPPRESS)  # see `asking`
    parser.add_argument("--picture", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--exit-after-first-paint", action="store_true", help=argparse.SUPPRESS)
    first = next((each for each in arguments if each != "--"), "")
    if first and is_link(first):
        # Whoever wrote a link must not write options: a browser may hand on quotes that end what Windows calls "%1".
        arguments = ["--", first]
    options = parser.parse_args(arguments, Options())
    if options.ask is not None and options.file is not None:
        parser.error("--ask takes no file along")
    return options
