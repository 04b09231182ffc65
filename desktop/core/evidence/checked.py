"""Evidence: each thing of an answer that can be checked, and where in the given files it stands; and what is a source.

Values only; never a score, and never a word on truth. `checking` makes them by rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop.core.claims.claim import Finding, Kind
from desktop.core.message import Anchor, AttachmentPart, Message, Role
from desktop.core.signs.exchange import taken_apart


class Verdict(StrEnum):
    """Result of looking a thing up."""

    FOUND = "found"
    ELSEWHERE = "elsewhere"  # stands there, as something else than the answer says
    NEAR = "near"  # a quotation that stands there with other words
    COMPUTED = "computed"
    MISCOMPUTED = "miscomputed"  # a calculation that comes to something else
    FROM_QUESTION = "from_question"  # the user's own
    NOT_FOUND = "not_found"
    UNCHECKED = "unchecked"  # says too little to be looked up, or was written in another language

    @property
    def is_amiss(self) -> bool:
        """True where the file says otherwise; what is not in it may be computed, or come from elsewhere."""
        return self in (Verdict.ELSEWHERE, Verdict.NEAR, Verdict.MISCOMPUTED)


@dataclass(frozen=True, slots=True)
class GivenText:
    """Text that was given to the model: a file's, exactly as it was sent, or material within a message.

    `name` is the file's, empty for material; `message_id` the message's that it belongs to; `digest`, `media_type` and
    `path` as in `AttachmentPart`.
    """

    name: str
    text: str
    anchors: tuple[Anchor, ...] = ()
    message_id: str = ""
    digest: str = ""
    media_type: str = ""
    path: str = ""

    def anchor_at(self, offset: int) -> Anchor | None:
        """Return where in the file the letter at an offset stands; None where that is not known."""
        at = bisect_right(self.anchors, offset, key=lambda anchor: anchor.offset) - 1
        return self.anchors[at] if at >= 0 else None


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Place in the text of a source, letters `start` to `end`; `source` is its index among those that were given.

    `clause` is the number of the clause that it stands in, as the file writes it; empty where it has none.
    """

    source: int
    start: int
    end: int
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words in which a quotation differs: those of the answer and those of the file; either may be empty."""

    said: str
    stands: str


@dataclass(frozen=True, slots=True)
class Instead:
    """Value that a file gives for what the answer speaks of: "the file says 4,150 for rent (clause 4)".

    Of a thing that was found it is another file's, which contradicts the one that it stands in.
    """

    text: str
    label: str
    place: SourcePlace


@dataclass(frozen=True, slots=True)
class Calculation:
    """Calculation that leads to a number: `shown` as it is written, "3 × 185"; `result` is what it comes to."""

    shown: str
    result: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Thing of an answer at letters `start` to `end` of its shown text, and what became of looking it up.

    `stands_as` and `said_as`: the labels in file and answer, where it stands as something else; for a reference, the
    clause where it does stand. Either is empty where the rules are not sure.
    """

    kind: Kind
    text: str
    start: int
    end: int
    verdict: Verdict
    places: tuple[SourcePlace, ...] = ()
    stands_as: str = ""
    said_as: str = ""
    instead: Instead | None = None
    differences: tuple[Difference, ...] = ()
    calculation: Calculation | None = None

    @classmethod
    def of(cls, finding: Finding, verdict: Verdict, places: tuple[SourcePlace, ...] = (), **more: Any) -> Checked:
        """Return what became of looking up a finding; `more`: its other fields."""
        return cls(finding.kind, finding.text, finding.start, finding.end, verdict, places, **more)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence for an answer, in the order in which its things stand.

    `sources`: where it was looked up; places name them by their index. `is_whole`: False where the answer is longer
    than what is looked at. `blocks` as in `Shown`: what was looked at is found again by them where it is shown.
    `question`: the user's last message in their own words. `has_code`: there are figures in code or in formulas, which
    are not looked up.
    """

    checked: tuple[Checked, ...] = ()
    sources: tuple[GivenText, ...] = ()
    is_whole: bool = True
    blocks: tuple[tuple[int, int], ...] = ()
    question: str = ""
    has_code: bool = False

    def source_of(self, place: SourcePlace) -> GivenText:
        """Return the text that a place is in: a source, or behind these the user's own words."""
        return self.sources[place.source] if place.source < len(self.sources) else GivenText("", self.question)

    def of(self, *verdicts: Verdict) -> tuple[Checked, ...]:
        """Return the things with one of these verdicts."""
        return tuple(each for each in self.checked if each.verdict in verdicts)

    @property
    def amiss(self) -> tuple[Checked, ...]:
        """The things that the reader should look at before using them."""
        return tuple(each for each in self.checked if each.verdict.is_amiss)


NO_EVIDENCE = Evidence()


_FENCES = ('"""', "```", "<text")


@dataclass(frozen=True, slots=True)
class Sources:
    """Texts that were given before a reply, in their order, and what the user said in their own words.

    `question` is the last message, `earlier` all before it, with the system prompt.
    """

    given: tuple[GivenText, ...] = ()
    question: str = ""
    earlier: str = ""


def sources_of(path: Iterable[Message], system: str = "", guided: tuple[str, ...] = ()) -> Sources:
    """Return the sources of a reply; `path` are the messages above it, `system` the conversation's system prompt.

    `guided`: how lines begin that a guide puts below the user's words, before any text between fences.
    """
    given: list[GivenText] = []
    question, earlier = "", [system]
    for message in path:
        if message.role is not Role.USER:
            continue
        given += [
            given_of(part, message.id)
            for part in message.parts
            if isinstance(part, AttachmentPart) and part.text.strip()
        ]
        lines = message.text.split("\n")
        end = next((at for at, line in enumerate(lines) if line.startswith(_FENCES)), len(lines))
        start = end
        while start and (not lines[start - 1].strip() or lines[start - 1].startswith(guided)):
            start -= 1
        request = taken_apart("\n".join((*lines[:start], *lines[end:])))
        given += [GivenText("", material, (), message.id) for material in request.material]
        earlier.append(question)
        question = "\n".join((request.own, *lines[start:end])).strip()
    return Sources(tuple(given), question, "\n\n".join(filter(None, earlier)))


def given_of(part: AttachmentPart, message_id: str = "") -> GivenText:
    """Return a file of a message as it was given."""
    return GivenText(part.name, part.text, part.anchors, message_id, part.digest, part.media_type, part.path)


def evidence_of_passages(part: AttachmentPart) -> Evidence:
    """Return passages of a folder as something that was found: their beginnings, at their places."""
    firsts = {each.section: each.offset for each in reversed(part.anchors)}
    starts = sorted(firsts.values()) or [0]
    places = tuple(SourcePlace(0, start, start + len(part.text[start:].split("\n", 1)[0])) for start in starts)
    words = part.text[places[0].start : places[0].end]
    return Evidence((Checked(Kind.QUOTATION, words, 0, 0, Verdict.FOUND, places),), (given_of(part),))
