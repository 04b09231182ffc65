"""`python -m tests.evidence.measure [FOLDER [FILE …]] [-v]`: what is said of marked things, and how well that serves.

A folder is `tests/evidence/answers`, or any other, with the second reader's marks in it; a file is named without its
ending. Whoever makes rules looks only at answers that were measured before.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from desktop.core.evidence.checked import Checked, GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.signs.exchange import taken_apart
from tests.evidence.cases import ANSWERS, Case, Marked, cases_in

TRUTHS = ("ok", "computed", "question", "free", "wrong", "else", "near", "miscomputed", "unmarked")
CALLED = ("otherwise", "not_found", "found", "computed", "from_question", "unchecked", "nothing")
_95_PER_CENT = 1.96


@dataclass(frozen=True)
class Aim:
    """Share that is aimed at: so many of so many, at least or at most."""

    words: str
    part: int
    whole: int
    wanted: float
    is_at_most: bool = False

    @property
    def share(self):
        return self.part / self.whole if self.whole else 0.0

    @property
    def is_reached(self):
        return self.share <= self.wanted if self.is_at_most else self.share >= self.wanted

    @property
    def interval(self):
        """The 95 % interval after Wilson."""
        if not self.whole:
            return 0.0, 1.0
        square = _95_PER_CENT**2
        middle = (self.share + square / (2 * self.whole)) / (1 + square / self.whole)
        spread = sqrt(self.share * (1 - self.share) / self.whole + square / (4 * self.whole**2))
        half = _95_PER_CENT / (1 + square / self.whole) * spread
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self):
        low, high = self.interval
        sign = "≤" if self.is_at_most else "≥"
        return (
            f"{'  ' if self.is_reached else '! '}{self.words:58} {self.part:4} of {self.whole:4} {self.share:6.1%}"
            f"  ({low:.1%} to {high:.1%}; {sign} {self.wanted:.1%})"
        )


@dataclass
class Figures:
    """What became of the marked things of some cases: how often each truth was called what."""

    table: Counter[tuple[str, str]] = field(default_factory=Counter)
    at_place: int = 0  # of the right ones that stand in a file, found where the mark says
    left_out: int = 0  # two readers see them in different ways
    told: list[tuple[Case, Marked, str, list[Checked]]] = field(default_factory=list)

    def of(self, truths, called=CALLED):
        """Return how many of these were called so."""
        return sum(self.table[truth, each] for truth in truths for each in called)

    @property
    def aims(self):
        right, wrong = TRUTHS[:4], TRUTHS[4:8]
        otherwise = self.of(TRUTHS, CALLED[:1])
        not_found = ("otherwise", "not_found", "from_question", "unchecked", "nothing")
        every = self.of(wrong)
        standing = self.of(("ok",))
        return [
            Aim("of what is called otherwise: wrong", self.of(wrong, CALLED[:1]), otherwise, 0.97),
            Aim("of the wrong: called otherwise", self.of(wrong, CALLED[:1]), every, 0.20),
            Aim("of the wrong: otherwise or not in the file", self.of(wrong, CALLED[:2]), every, 0.80),
            Aim("of the wrong: not shown as found", self.of(wrong, not_found), every, 0.90),
            Aim("of the right in the file: found at the right place", self.at_place, standing, 0.92),
            Aim("of the right: called otherwise", self.of(right, CALLED[:1]), self.of(right), 0.01, is_at_most=True),
            Aim("of the right in the file: not in the file", self.of(("ok",), CALLED[1:2]), standing, 0.025, True),
        ]

    def __str__(self):
        lines = [f"{'':12}" + "".join(f"{each:>14}" for each in CALLED)]
        for truth in TRUTHS:
            lines.append(f"{truth:12}" + "".join(f"{self.table[truth, each]:14}" for each in CALLED))
        lines.append(f"{self.of(TRUTHS[:8])} things; left out, since two readers differ: {self.left_out}")
        return "\n".join([*lines, *map(str, self.aims)])


def sources_of(case):
    request = taken_apart(case.question)
    material = request.material if '"""' in case.question else ()
    own = request.own if material else case.question
    given = [GivenText(file.name, file.text, file.anchors) for file in case.files]
    return Given([*given, *(GivenText("", text) for text in material)]), own


def measured(cases, without=""):
    """Return what is said of the marked things, without one of the rules if it is named."""
    figures = Figures()
    for case in cases:
        evidence = check(case.shown, *sources_of(case), **({"without": frozenset((without,))} if without else {}))
        for mark in case.marked:
            on = [each for each in evidence.checked if each.start < mark.end and mark.start < each.end]
            if not mark.is_agreed:
                figures.left_out += 1
                continue
            called = _called(on)
            figures.table[mark.verdict, called] += 1
            if mark.verdict == "ok" and called == "found":
                is_there = _is_at_place(mark, on, evidence)
                figures.at_place += is_there
                called = "found" if is_there else "misplaced"
            figures.told.append((case, mark, called, on))
        for each in evidence.checked:
            if not any(mark.start < each.end and each.start < mark.end for mark in case.marked):
                called = _called([each])
                figures.table["unmarked", called] += 1
                unmarked = Marked("unmarked", each.text, each.start, each.end)
                figures.told.append((case, unmarked, called, [each]))
    return figures


def _called(on):
    verdicts = {each.verdict for each in on}
    if any(each.is_amiss for each in verdicts - {Verdict.NOT_FOUND}):
        return "otherwise"
    ways = (Verdict.NOT_FOUND, Verdict.FOUND, Verdict.COMPUTED, Verdict.FROM_QUESTION, Verdict.UNCHECKED)
    return next((each.value for each in ways if each in verdicts), "nothing")


def _is_at_place(mark, on, evidence):
    """Return True if the first place that is shown is in the section that the mark names, if it names one."""
    if mark.section is None:
        return True
    first = next((each.places[0] for each in on if each.verdict is Verdict.FOUND and each.places), None)
    anchor = evidence.source_of(first).anchor_at(first.start) if first is not None else None
    return anchor is None or anchor.section == mark.section


def main():
    named = [each for each in sys.argv[1:] if not each.startswith("-")]
    folder = Path(named[0]) if named else ANSWERS
    figures = measured(cases_in(folder, named[1:]))
    if "-v" in sys.argv:
        for case, mark, called, on in figures.told:
            print(f"{mark.verdict:11} {called:13} {case.name:14} {_around(case, mark)}  {_reasons(on)}")
    print(figures)
    return 0


def _reasons(on):
    return " | ".join(
        f"{each.kind.value} {each.verdict.value} {each.stands_as or (each.instead.text if each.instead else '')}"
        f"{each.calculation.shown if each.calculation else ''}"
        for each in on
    )


def _around(case, mark):
    text = case.shown.text
    return (
        (text[max(0, mark.start - 60) : mark.start] + "<" + mark.text + ">" + text[mark.end : mark.end + 25])
        .replace("\n", "⏎")
        .replace("\t", "⇥")
    )


if __name__ == "__main__":
    sys.exit(main())
