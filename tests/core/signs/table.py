"""Counts what the rules for signs of trouble find, and writes the table of `docs/signs.md`.

    python -m tests.core.signs.table

A test checks that the table is that of the present rules and cases.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from desktop.core.sign import SignKind
from desktop.core.signs.rules import RULES, signs_in
from tests.core.signs.cases import cases, good_turns

# All but what is known from how the reply came.
TOLD_BY_WORDS = [kind for kind in SignKind if kind is not SignKind.BEGAN_AGAIN]
DOCUMENT = Path(__file__).parents[3] / "docs" / "signs.md"
_BEGIN, _END = "<!-- counted: begin -->\n", "<!-- counted: end -->\n"


def counted():
    """The table, in Markdown."""
    in_good = Counter(sign.kind for case in good_turns() for sign in signs_in(case.exchange))
    good = sum(1 for _ in good_turns())
    lines = [
        f"| sign | true cases found | alarms in false cases | alarms in {good} good answers |",
        "| --- | ---: | ---: | ---: |",
    ]
    for kind in TOLD_BY_WORDS:
        found, alarms = (_count(kind, which) for which in ("true", "false"))
        lines.append(f"| `{kind}` | {found} | {alarms} | {in_good[kind]} |")
    return "\n".join(lines) + "\n"


def document():
    """The page as it should be."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(_BEGIN)
    return f"{before}{_BEGIN}{counted()}{_END}{rest.partition(_END)[2]}"


def _count(kind, which):
    found = [RULES[kind](case.exchange) is not None for case in cases(kind, which)]
    return f"{sum(found)} of {len(found)}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    sys.stdout.write(counted())
