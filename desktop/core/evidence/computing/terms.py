"""The days of an answer that come of other days, and the spans of time between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from desktop.core.evidence.checked import Calculation, ThingKind
from desktop.core.evidence.computing.calendar import day_from_others, span_between
from desktop.core.evidence.computing.from_files import FromFiles
from desktop.core.evidence.computing.known import Known
from desktop.core.evidence.computing.layout import AnswerLayout
from desktop.core.evidence.computing.wording import is_bound, says_term
from desktop.core.evidence.thing import Thing

_SPANS = frozenset(("day", "week", "month", "year"))
_FEW_ABOVE, _MOST_ABOVE = 3, 12  # passages above a date that tell how long, and from when, it is reckoned


class Terms:
    """Days and spans of time of one answer."""

    def __init__(
        self, text: str, things: Sequence[Thing], layout: AnswerLayout, files: FromFiles, known: Known
    ) -> None:
        self._text, self._things = text, things
        self._layout, self._files, self._known = layout, files, known

    def day(self, at: int) -> Calculation | None:
        """Return the day and the span of time that a date comes of, where the words say that it ends a term."""
        thing = self._things[at]
        passage = self._layout.passage_of(thing)
        sentence = self._layout.sentence(thing, passage)
        if not says_term(sentence):
            return None
        inside = self._layout.indexes_in(*self._layout.span_of_sentence(thing, passage))
        is_told = any(self._things[each].unit in _SPANS for each in inside) and any(
            self._things[each].kind is ThingKind.DATE and each != at for each in inside
        )
        ways = (
            day_from_others(thing, beside, f"{sentence}\n{words}")
            for beside, words in islice(self._beside(at), 2 if is_told else None)
        )
        return next(filter(None, ways), None)

    def spans(self, at: int) -> Iterator[Calculation]:
        """Yield the days between which a span of time lies."""
        thing = self._things[at]
        if thing.unit not in _SPANS or is_bound(self._text, thing.start, thing.end):
            return
        sentence = self._layout.sentence(thing, self._layout.passage_of(thing))
        for beside, _ in self._beside(at):
            if calculation := span_between(thing, beside, sentence):
                yield calculation

    def _beside(self, at: int) -> Iterator[tuple[list[Thing], str]]:
        """Yield the things that stand near one, with the words of the files there: more and more of them."""
        thing = self._things[at]
        passage = self._layout.passage_of(thing)
        sentence = self._layout.indexes_in(*self._layout.span_of_sentence(thing, passage))
        found = self._known.things(each for each in sentence if each != at)
        yield found, ""
        if passage is not None:
            above = list(reversed(self._layout.passages_above(passage, _MOST_ABOVE)))
            for number, each in enumerate((passage, *above)):
                inside = self._known.things(self._layout.indexes_in(each.start, each.end))
                found += [one for one in inside if number <= _FEW_ABOVE or one.kind is ThingKind.DATE]
            yield found, ""
        if self._files.rival(at) is None:
            near = list(self._files.nearest_passages(at))
            found += [each.thing for _, standing in near for each in standing]
            yield found, "\n".join(index.visible[slice(*standing[0].passage[:2])] for index, standing in near)
