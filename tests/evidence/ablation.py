"""`python -m tests.evidence.ablation FOLDER FILE…`: each rule of the checker switched off, one at a time.

Prints how many verdicts of the marked things are others without it, what that is worth, how many things that nobody
marked are called not found, and the shares; never a text, so that answers that nobody has looked at stay so. A rule
that costs fewer than three verdicts is deleted.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.core.evidence.checking import RULES
from tests.evidence.cases import WRONG, cases_in
from tests.evidence.measure import measured

_WORTH = {"otherwise": 3, "not_found": 2, "unchecked": 1, "nothing": 1, "from_question": 0, "found": 0, "computed": 0}


def merit(figures):
    """Return how many verdicts serve: of wrong things those that are not shown as found, of right ones all others.

    One that is called otherwise counts twice, in what is right of it and what is wrong.
    """
    good = 0
    for (truth, called), count in figures.table.items():
        if truth in WRONG:
            good += count * min(2, _WORTH[called])
        elif truth in ("ok", "computed", "question"):
            good += count * {"found": 2, "computed": 2, "from_question": 2, "otherwise": -4}.get(called, 1)
        else:
            good -= 4 * count if called == "otherwise" else 0
    return good


def main():
    folder, *names = sys.argv[1:]
    cases = cases_in(Path(folder), names)
    whole = measured(cases)
    print(whole)
    before = merit(whole)
    for rule in RULES:
        without = measured(cases, rule.name)
        changed = sum(one[2] != other[2] for one, other in zip(_by_mark(whole), _by_mark(without), strict=True))
        unmarked = without.table["unmarked", "not_found"] - whole.table["unmarked", "not_found"]
        shares = " ".join(f"{aim.share:6.1%}" for aim in without.aims)
        print(
            f"{rule.name:20} verdicts {changed:4}  merit {merit(without) - before:+5}  unmarked {unmarked:+4}  {shares}"
        )
    return 0


def _by_mark(figures):
    return [(case.name, mark.start, called) for case, mark, called, _ in figures.told if mark.verdict != "unmarked"]


if __name__ == "__main__":
    sys.exit(main())
