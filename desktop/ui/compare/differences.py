"""The differences between answers side by side, in words and highlighted, each time one of them has ended.

They are found by `runtime.compare` on another thread, not with each word that comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.conclusion import Outcome
from desktop.core.claims.differences import Agreement, Differences, Pair, Support
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.background import Task, gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Compared, Side, compared
from desktop.ui.compare.page import CompareColumn, DifferenceStrip
from desktop.ui.words import listed, number, say

_LONGEST = 48  # characters of one claim: a quotation is known by its beginning
_MOST = 8  # claims in one line
_BETWEEN = " · "


def lines(compared: Compared, headings: Sequence[str], left_out: str = "") -> list[str]:
    """Return the lines about answers under these headings; none if nothing was compared.

    The first is the conclusion, where there is one. `left_out`: the part of the prompt that one answer did not have.
    """
    said = _concluded(compared, left_out)
    are_all_made_up = compared.conclusion is not None and compared.conclusion.outcome is Outcome.INVENTED
    if left_out or not are_all_made_up:
        said += _ungiven(compared)
    agrees = compared.conclusion is not None and compared.conclusion.outcome is Outcome.AGREE
    if compared.differences is not None:
        old, new = (headings[place] for place in compared.places)
        return [*said, *_of_two(compared.differences, old, new)[int(agrees) :]]
    if compared.agreement is not None:
        return [*said, *_of_several(compared.agreement, compared.places)[: -1 if agrees else None]]
    return []


def notes(compared: Compared, at: int, headings: Sequence[str]) -> dict[str, str]:
    """Return what is highlighted in one of the answers that were compared, each with what the others say instead."""
    found = compared.differences
    if found is not None:
        is_old = at == 0
        other = headings[compared.places[1 - at]]
        only = say("compare.not_in", other=other)
        noted = {claim.text: only for claim in (found.only_old if is_old else found.only_new)}
        for pair in found.pairs:
            mine, others = (pair.old, pair.new) if is_old else (pair.new, pair.old)
            noted[mine.text] = say("compare.says", other=other, shown=_shown(others))
        return noted
    if compared.agreement is None:
        return {}
    return {
        made.text: say("compare.only_some_say_this", few=number(len(each.answers)), all=number(len(compared.places)))
        for each in compared.agreement.disputed
        for answer, made in zip(each.answers, each.made, strict=True)
        if answer == at
    }


def _ungiven(compared: Compared) -> list[str]:
    if not compared.ungiven:
        return []
    return [say("compare.in_nothing_that_you_gave", listed=_listed(_once(compared.ungiven)))]


def _concluded(compared: Compared, left_out: str) -> list[str]:
    """Return the conclusion in one sentence, if there is any."""
    found = compared.conclusion
    if found is None:
        return []
    match found.outcome:
        case Outcome.AGREE if left_out:
            return [say("compare.leaving_out_changed_nothing", left_out=left_out)]
        case Outcome.AGREE:
            return [_agree(len(compared.places))]
        case Outcome.INVENTED if not left_out:
            return [say("compare.these_numbers_are_not_in_your")]
        case Outcome.CHANGED | Outcome.INVENTED if left_out:
            return [_changed(found.claims[0], left_out)]
        case _:
            return []


def _agree(answers: int) -> str:
    if answers == 2:
        return say("compare.both_agree")
    return say("compare.all_of_them_agree")


def _changed(claim: Finding, left_out: str) -> str:
    match claim.kind:
        case Kind.DATE:
            return say("compare.changed_the_date", left_out=left_out)
        case Kind.NUMBER if _is_year(claim):
            return say("compare.changed_the_date", left_out=left_out)
        case Kind.NUMBER:
            return say("compare.changed_a_number", left_out=left_out)
        case Kind.NAME:
            return say("compare.changed_a_name", left_out=left_out)
        case _:
            return say("compare.changed_what_can_be_checked", left_out=left_out)


def _of_two(found: Differences, old: str, new: str) -> list[str]:
    said = []
    if found.pairs:
        said.append(say("compare.differs", listed=_listed(map(_pair, found.pairs))))
    for heading, claims in ((old, found.only_old), (new, found.only_new)):
        if claims:
            said.append(say("compare.only_in", heading=heading, listed=_listed(_once(claims))))
    if found.is_empty:
        said.append(
            say("compare.nothing_that_can_be_checked_differs")
            if found.both
            else say("compare.there_is_nothing_in_these_answers")
        )
    if found.both:
        said.append(say("compare.the_same", listed=_listed(_once(found.both))))
    if not found.is_whole:
        said.append(say("compare.only_the_beginning_was_compared_the"))
    return said


def _of_several(found: Agreement, places: Sequence[int]) -> list[str]:
    said = []
    if found.disputed:
        each = [_supported(support, places) for support in found.disputed]
        said.append(say("compare.not_all_answers_say", listed=_listed(each)))
    if found.shared:
        each = [_shown(support.claim) for support in found.shared]
        said.append(say("compare.all_answers_say", listed=_listed(each)))
    if found.disputed:
        said.append(say("compare.what_a_model_makes_up_it"))
    elif found.shared:
        said.append(say("compare.nothing_that_can_be_checked_differs_2"))
    else:
        said.append(say("compare.there_is_nothing_in_these_answers_that"))
    return said


def _is_year(claim: Finding) -> bool:
    return not claim.unit and claim.text.isdigit() and len(claim.text) == 4 and claim.text[0] in "12"


def _pair(pair: Pair) -> str:
    label = f"{pair.label} " if pair.label else ""
    return f"{label}{_shown(pair.old)} ↔ {_shown(pair.new)}"


def _supported(support: Support, places: Sequence[int]) -> str:
    """Return a claim, and which answers make it, counted from 1."""
    answers = listed(number(places[at] + 1) for at in support.answers)
    return say("compare.claim_and_answers", shown=_shown(support.claim), answers=answers)


def _once(claims: Iterable[Finding]) -> list[str]:
    """Return each claim once, as it is first written."""
    return [_shown(claim) for claim in {claim.key: claim for claim in reversed(list(claims))}.values()][::-1]


def _shown(claim: Finding) -> str:
    words = " ".join(claim.text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _listed(items: Iterable[str]) -> str:
    """Return the first of them, and how many more there are."""
    every = list(items)
    shown = _BETWEEN.join(every[:_MOST])
    if len(every) <= _MOST:
        return shown
    return say("compare.and_more", shown=shown, every=number(len(every) - _MOST))


class CompareDifferences(QObject):
    """The link between the sides of a comparison, the strip above them, and the highlights in them."""

    def __init__(self, chat: Chat, strip: DifferenceStrip) -> None:
        super().__init__(strip)
        self._strip = strip
        self._columns: Sequence[CompareColumn] = ()
        self._answers: list[str | None] = []
        self._given: str | None = None
        self._has_files = False
        self._left_out = ""
        self._work = chat.services.work
        self._finding: Task | None = None

    def set_columns(
        self,
        columns: Sequence[CompareColumn],
        *,
        given: str | None = None,
        has_files: bool = False,
        left_out: str = "",
    ) -> None:
        """Start with other answers, which stand in these columns.

        `given`: all that they can rest on, where that is known; `has_files`: with files. `left_out`:
        the part that one prompt lacks.
        """
        self._columns, self._answers = columns, []
        self._given, self._has_files, self._left_out = given, has_files, left_out
        self._strip.say(())

    def look_at(self, sides: Sequence[Side]) -> None:
        """Compare those that have ended, if that is not done yet."""
        answers = [None if side.is_running or not side.message.text.strip() else side.message.text for side in sides]
        if answers == self._answers:
            return
        self._answers = answers
        ended = [answer.strip() for answer in answers if answer is not None]
        if len(set(ended)) > 1 or (self._has_files and len(ended) > 1):
            if self._finding is not None:
                self._finding.cancel()
            self._finding = self._find(answers, self._given)
        else:  # one answer, or the same ones, of which the page says so
            self._strip.say(())
            for column in self._columns:
                column.transcript.differences.mark({})

    @gui_task
    async def _find(self, answers: Sequence[str | None], given: str | None) -> None:
        found = await self._work.compute(lambda: compared(answers, shown_in, given, has_files=self._has_files))
        if not found.places or found.places[-1] >= len(self._columns):
            return  # of a comparison that has been left
        is_same = len(set(self._answers)) == 1  # which the page says
        headings = [column.heading for column in self._columns]
        self._strip.say(_ungiven(found) if is_same else lines(found, headings, self._left_out))
        for at, place in enumerate(found.places):
            self._columns[place].transcript.differences.mark(notes(found, at, headings))
