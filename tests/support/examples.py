"""With how many examples a property is tried: with a part of them in a run of the suite, else with as many as one asks.

`CANDOR_EXAMPLES=1 pytest tests/core` tries what each test names, and `CANDOR_EXAMPLES=20` twenty times as many.
"""

from __future__ import annotations

import os

_IN_THE_SUITE = "0.25"
_FEWEST = 10
USUAL = 100  # where a test names no number


def examples(whole=USUAL):
    """Return how many examples to try where `whole` would be thorough."""
    return max(_FEWEST, round(whole * float(os.environ.get("CANDOR_EXAMPLES") or _IN_THE_SUITE)))
