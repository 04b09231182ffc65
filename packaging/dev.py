"""The one command for developers: run, test, check, bench, translations, build. Needs nothing but Python 3.11.

Here stands only the question which Python this is, in words that every Python 3 can read; what the commands do is in
`commands.py`.
"""

import shutil
import sys

NEEDED = (3, 11)
KNOWN = ("3.14", "3.13", "3.12", "3.11")  # looked for by name when this Python is too old


def version_sentence(version: "tuple[int, ...]", newer: str = "") -> str:
    """Return what to tell when `version` (a tuple like sys.version_info) is too old, else an empty text."""
    if tuple(version[:2]) >= NEEDED:
        return ""
    sentence = "Candor needs Python 3.11 or newer; this is Python " + str(version[0]) + "." + str(version[1]) + ". "
    if newer:
        return sentence + "There is a newer one on this computer: run the same command with " + newer + "."
    return sentence + "Install a newer one and run the same command with it."


def newer_python() -> str:
    """Return the name of a Python on this computer that is new enough, or an empty text."""
    for version in KNOWN:
        if shutil.which("python" + version):
            return "python" + version
    return ""


if __name__ == "__main__":
    too_old = version_sentence(sys.version_info[:3], newer_python())
    if too_old:
        sys.stderr.write(too_old + "\n")
        sys.exit(2)
    import commands

    sys.exit(commands.main(sys.argv[1:]))
