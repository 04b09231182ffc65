"""The maker of MSIs, wixl, in a version that knows all that the description of ours asks of it.

Debian 12 has an older one, which ends at the words that it does not know without saying that it is too old.
"""

from __future__ import annotations

import re

import system
from telling import SetupError

from windows import work

OLDEST = (0, 106)  # the first that reads the condition of a component; upgrades within a version came before it


def ensure() -> None:
    """Have wixl in a version that will do. Raises SetupError, also where only an older one is to be had."""
    system.ensure({"wixl": work.BUILD_PROGRAMS["wixl"]})
    if sentence := too_old(work.run(["wixl", "--version"])):
        raise SetupError(sentence)


def too_old(told: str) -> str:
    """Return a sentence when this is not enough, else an empty text; `told` is what wixl tells of its version.

    Raises SetupError when it tells none.
    """
    found = re.search(r"\b(\d+)\.(\d+)", told)
    if found is None:
        raise SetupError(f"wixl does not tell its version but: {told.strip()[-200:]}")
    if (int(found[1]), int(found[2])) >= OLDEST:
        return ""
    needed = ".".join(map(str, OLDEST))
    return f"An MSI is made with wixl {needed} or newer, which Debian 13 has; this computer's is {found[0]}."
