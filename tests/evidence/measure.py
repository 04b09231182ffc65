"""`python -m tests.evidence.measure [tuning|holdout|second|…] [-v]`: how many wrong things are noticed.

And how many right ones are taken for wrong. Whoever makes rules looks at cases that were measured before; a set is read
when its first figures stand in docs/evidence.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from desktop.core.evidence.checked import Checked, GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.signs.exchange import taken_apart
from tests.evidence.cases import HERE, Case, Marked, cases_in

EXACT = {
    "else": (Verdict.ELSEWHERE,),
    "near": (Verdict.NEAR, Verdict.NOT_FOUND),
    "wrong": (Verdict.NOT_FOUND, Verdict.ELSEWHERE),
    "miscomputed": (Verdict.MISCOMPUTED,),
    "computed": (Verdict.COMPUTED, Verdict.FOUND),
    "question": (Verdict.FROM_QUESTION, Verdict.FOUND),
    "ok": (Verdict.FOUND,),
}


@dataclass
class Figures:
    """What became of the marked things of some cases."""

    right: int = 0
    wrong: int = 0
    missed: list[tuple[Case, Marked]] = field(default_factory=list)
    false_alarms: list[tuple[Case, Checked]] = field(default_factory=list)
    unlike: list[tuple[Case, Marked, Checked | None]] = field(default_factory=list)
    swapped: int = 0
    swapped_missed: int = 0

    @property
    def found_wrong(self) -> float:
        return 1 - len(self.missed) / self.wrong

    @property
    def alarms(self) -> float:
        return len(self.false_alarms) / self.right


def sources_of(case: Case) -> tuple[Given, str]:
    request = taken_apart(case.question)
    material = request.material if '"""' in case.question else ()
    own = request.own if material else case.question
    given = [GivenText(file.name, file.text, file.anchors) for file in case.files]
    return Given([*given, *(GivenText("", text) for text in material)]), own


def measured(cases: list[Case]) -> Figures:
    figures = Figures()
    for case in cases:
        evidence = check(case.shown, *sources_of(case))
        of_wrong = [(mark.start, mark.end) for mark in case.marked if mark.is_wrong]
        for each in evidence.amiss:
            if not any(start < each.end and each.start < end for start, end in of_wrong):
                figures.false_alarms.append((case, each))
        for mark in case.marked:
            on = [each for each in evidence.checked if each.start < mark.end and mark.start < each.end]
            amiss = [each for each in on if each.verdict.is_amiss]
            figures.wrong += mark.is_wrong
            figures.right += not mark.is_wrong
            figures.swapped += mark.verdict == "else"
            if mark.is_wrong and not amiss:
                figures.missed.append((case, mark))
                figures.swapped_missed += mark.verdict == "else"
            wanted = EXACT[mark.verdict]
            if not any(each.verdict in wanted for each in on):
                figures.unlike.append((case, mark, on[0] if on else None))
    return figures


def main() -> int:
    folder = next((each for each in sys.argv[1:] if not each.startswith("-")), "tuning")
    figures = measured(cases_in(HERE / folder))
    if "-v" in sys.argv:
        for case, mark in figures.missed:
            print(f"missed     {case.name:22} {mark.verdict:9} {_around(case, mark.start, mark.end)}")
        for case, each in figures.false_alarms:
            more = f"{each.stands_as!r} {each.said_as!r} {each.instead.text if each.instead else ''}"
            print(f"alarm      {case.name:22} {each.verdict:9} {_around(case, each.start, each.end)}  ({more})")
    if "-vv" in sys.argv:
        for case, mark, on in figures.unlike:
            verdict = on.verdict if on else "-"
            print(f"unlike     {case.name:22} {mark.verdict:9} {verdict:12} {_around(case, mark.start, mark.end)}")
    print(
        f"{folder}: {figures.right + figures.wrong} things; of {figures.wrong} wrong {figures.found_wrong:.1%} noticed"
        f" (swapped {figures.swapped - figures.swapped_missed} of {figures.swapped}); of {figures.right} right"
        f" {len(figures.false_alarms)} false alarms ({figures.alarms:.1%}); other verdict {len(figures.unlike)}"
    )
    return 0


def _around(case: Case, start: int, end: int) -> str:
    text = case.shown.text
    return (
        (text[max(0, start - 50) : start] + "<" + text[start:end] + ">" + text[end : end + 20])
        .replace("\n", "⏎")
        .replace("\t", "⇥")
    )


if __name__ == "__main__":
    sys.exit(main())
