"""The first file that Candor.exe runs: it tells the program that it is installed, and starts it."""

import sys

from desktop.__main__ import main

sys.frozen = "candor"  # type: ignore[attr-defined]  # the executable is the program, not an interpreter

if __name__ == "__main__":
    sys.exit(main())
