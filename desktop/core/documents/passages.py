"""Parts of a document for a question: the passages that bear on it, or all of it in pieces that each fit the model.

Passages are ranked by rules, in English and Chinese, offline: a paragraph, a few lines of a long one, or
a row of a table is ranked by the words that it shares with the question; what is chosen keeps its heading, and a row
the first row of its table. Of a document in pieces, the question is put to each, then to the notes taken from them.
Asking is the business of `runtime`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind
from desktop.core.documents.marks import Language, language_of
from desktop.core.documents.selection import Selection, applied, attachment, sent_in_words
from desktop.core.message import AttachmentPart
from desktop.core.text.scripts import has_han
from desktop.core.text.terms import content_of, terms_in

T = TypeVar("T")

_EARLIER = 0.35  # what a word of an earlier question weighs beside one of this
_SHORT = 5  # words of a follow-up, at most, that leans on the question before it
_LEANS = re.compile(
    r"\A\W*(?:and|or|but|so|then|ok|what about|how about)\b"
    r"|\b(?:it|its|that|this|those|they|them|there|one|ones|his|her)\b"
    r"|\A(?:那么?|还有|另外|以及|呢|再|它|他们?|她)|呢[?？]?\Z|[它他她这那](?:[个些家份边里]|的)?",
    re.IGNORECASE,
)
_ELSEWHERE = 0.3  # what a word counts for that stands only elsewhere in the file
_OF_QUESTION = 4.0  # what the question itself counts for beside another word
_LEAST_SHARE = 0.2  # of the best score, for what goes along


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a question: any of these terms stands for it. `weight`: 1 for a word, less for one of a question before.

    Of a Chinese word each sign is a part, by the pairs that it is in, since nothing tells where its words end.
    """

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, and the words of it that tell what it is about, as they were typed, with their terms.

    `needed`: terms of which a passage has to have some, where the others are for the order alone; else empty.
    `others`: the parts of each word that a file which answers it may use.
    """

    parts: tuple[Part, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    others: tuple[tuple[Part, ...], ...] = ()

    @property
    def weights(self) -> dict[str, float]:
        """The terms of the question itself, each with the weight of its part."""
        return {term: part.weight for part in reversed(self.parts) for term in part.terms}

    @property
    def terms(self) -> set[str]:
        """All terms that are looked for."""
        return {term for parts in (self.parts, *self.others) for part in parts for term in part.terms}


def question_of(text: str, before: Sequence[str] = (), others: Iterable[str] = ()) -> Question:
    """Return what is looked for with a question; a short one leans on those before it, the newest last.

    `others`: words, or short terms, that a file which answers it may use.
    """
    own = content_of(text)
    # One sign alone ("关") is mostly what is left of a word; in the files it stands in pairs.
    own = {word: terms for word, terms in own.items() if len(word) > 1 or not has_han(word)} or own
    parts = [part for word in own for part in _parts_of_word(word)]
    earlier = list(before) if leans(text) else []
    # What is short, but says by itself what it is about, leans on them for the order alone.
    needed = frozenset(term for part in parts for term in part.terms) if not _LEANS.search(text) else frozenset()
    while earlier:
        words = content_of(earlier.pop())
        known = {part.terms for part in parts}
        weight = _EARLIER if own else 1.0
        parts += [each for word in words for each in _parts_of_word(word, weight) if each.terms not in known]
        if len(words) > 1:
            break
    parts_of_others = (
        dict.fromkeys(part for word in content_of(each) for part in _parts_of_word(word)) for each in others
    )
    return Question(tuple(dict.fromkeys(parts)), own, needed, tuple(tuple(each) for each in parts_of_others if each))


def leans(text: str) -> bool:
    """Return True for a question that may be understood only with those before it."""
    return len(content_of(text)) <= _SHORT or _LEANS.search(text) is not None


def _parts_of_word(word: str, weight: float = 1.0) -> Iterator[Part]:
    terms = terms_in(word)
    if not has_han(word):
        yield Part(tuple(terms), weight)
        return
    for at in range(len(word)):
        yield Part(tuple(terms[max(0, at - 1) : at + 1]), weight / 2)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """Passage of whatever kind with its terms, by where they stand."""

    passage: T
    body: Counter[str]
    heading: frozenset[str]
    name: frozenset[str]
    file: frozenset[str] = frozenset()  # those of the question that stand anywhere in its file

    def times(self, part: Part) -> float:
        """Return how often a part stands in it; its heading and the name of its file each count as once more.

        What stands elsewhere in the file counts for something, since the parties of a contract, say, are named on its
        first page alone.
        """
        body = max(self.body[term] for term in part.terms)
        times = body + (not self.heading.isdisjoint(part.terms)) + (not self.name.isdisjoint(part.terms))
        return times or _ELSEWHERE * (not self.file.isdisjoint(part.terms))


@dataclass(frozen=True, slots=True)
class Ranking(Generic[T]):
    """The passages that bear on a question with their scores, the best first, and how surely they do.

    `share`: how much of the question the passage has that has most of it, of 1. `weight`: what one has at most of the
    question and of the other words, in words that no other passage has.
    """

    passages: list[tuple[T, float]]
    share: float
    weight: float


def rarity_of(question: Question, holding: Mapping[str, int], of: int) -> dict[str, float]:
    """Return what each term tells, by in how many of all `of` passages it stands: 1 where it stands in one."""
    one = math.log(1 + max(1, of) / 1.5)
    return {term: math.log(1 + of / (holding.get(term, 0) + 0.5)) / one for term in question.terms}


def ranked(question: Question, candidates: Iterable[Candidate[T]], rarity: Mapping[str, float]) -> Ranking[T]:
    """Rank passages by what they have of a question, and of the other words; `rarity` of each term as `rarity_of` says.

    The more of it stands together, the more each part of it tells: so the share that a passage has counts again.
    """
    worth, *of_others = (
        {part: part.weight * min(rarity[term] for term in part.terms) for part in parts}
        for parts in (question.parts, *question.others)
    )
    counted = [part for part in worth if not question.needed or not question.needed.isdisjoint(part.terms)]
    total = sum(worth[part] for part in counted) or 1.0
    found: list[tuple[T, float]] = []
    best_share = best_weight = 0.0
    for each in candidates:
        times = {part: each.times(part) for part in worth}
        share = sum(worth[part] * min(1, times[part]) for part in counted) / total
        strength = sum(worth[part] * count / (count + 1) for part, count in times.items())
        others = 0.0
        for word in of_others:
            others += sum(word[part] * min(1, each.times(part)) for part in word) ** 2 / sum(word.values())
        best_share, best_weight = max(best_share, share), max(best_weight, share * total + others)
        if score := _OF_QUESTION * share * strength + others:
            found.append((each.passage, score))
    least = _LEAST_SHARE * max((score for _, score in found), default=0.0)
    kept = [(passage, score) for passage, score in found if score >= least]
    return Ranking(sorted(kept, key=lambda each: -each[1]), best_share, best_weight)


_LONG = 2_400  # letters of a paragraph that is taken by its lines, so many letters of them at a time
_LINES = 600


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph, or some lines of one or of a table (`rows`, else none), with its terms."""

    section: int
    block: int
    rows: range
    terms: Counter[str]
    heading: int | None  # the index of the unit that is its heading
    head_row: int | None  # the index of the first row of its table
    letters: int


class PassageFinder:
    """A document prepared for finding passages; takes about 0.3 s a megabyte, so make it off the GUI thread."""

    def __init__(self, document: Document) -> None:
        self._units = _units_of(document)
        self._holding = Counter(term for unit in self._units for term in unit.terms)

    def selection(
        self, text: str, base: Selection, room: float, cost: Callable[[int], float]
    ) -> tuple[Selection, int] | None:
        """Return `base` with only the passages that bear on a question, and how many there are.

        `room`: tokens that they may take, `cost` gives those of so many letters. None if no word of the question is in
        the document, or not even the best passage fits.
        """
        chosen: set[int] = set()
        left = room
        for index in self._ranked(text):
            unit = self._units[index]
            if base.sections is not None and unit.section not in base.sections:
                continue
            along = {each for each in (index, unit.heading, unit.head_row) if each is not None} - chosen
            price = sum(cost(self._units[each].letters) for each in along)
            if price <= left:
                chosen |= along
                left -= price
        if not chosen:
            return None
        units = [self._units[index] for index in chosen]
        return replace(
            base,
            passages=frozenset((unit.section, unit.block) for unit in units),
            rows=frozenset((unit.section, unit.block, row) for unit in units for row in unit.rows),
        ), len(units)

    def _ranked(self, text: str) -> list[int]:
        question = question_of(text)
        rarity = rarity_of(question, self._holding, len(self._units))
        candidates: list[Candidate[int]] = []
        for index, unit in enumerate(self._units):
            heading = self._units[unit.heading].terms.keys() if unit.heading is not None else frozenset()
            if not (rarity.keys().isdisjoint(unit.terms) and rarity.keys().isdisjoint(heading)):
                candidates.append(Candidate(index, unit.terms, frozenset(heading), frozenset()))
        return [index for index, _ in ranked(question, candidates, rarity).passages]


def _units_of(document: Document) -> list[_Unit]:
    units: list[_Unit] = []
    for section in document.sections:
        heading: int | None = None
        head_row: int | None = None
        for at, block in enumerate(section.blocks):
            if not block.is_table:
                head_row = None
                for text, rows in _parts_of(block.text):
                    units.append(_Unit(section.number, at, rows, Counter(terms_in(text)), heading, None, len(text)))
                heading = len(units) - 1 if block.level else heading
                continue
            for row, line in enumerate(block.text.split("\n")):
                rows = range(row, row + 1)
                units.append(_Unit(section.number, at, rows, Counter(terms_in(line)), heading, head_row, len(line)))
                head_row = len(units) - 1 if head_row is None else head_row
    return units


def _parts_of(text: str) -> Iterator[tuple[str, range]]:
    """Yield a paragraph, or a few lines of a long one at a time, with which of its lines they are: none for all."""
    if len(text) <= _LONG or "\n" not in text:
        yield text, range(0)
        return
    taken: list[str] = []
    letters = 0
    lines = text.split("\n")
    for row, line in enumerate(lines):
        taken.append(line)
        letters += len(line)
        if letters >= _LINES or row == len(lines) - 1:
            yield "\n".join(taken), range(row + 1 - len(taken), row + 1)
            taken, letters = [], 0


_ASKED: dict[Language, str] = {
    "en": (
        "Above is part {number} of {of} of a file. Write short notes of everything in it that bears on the question "
        "below, with the page or row where it stands, in its own words and figures. If nothing does, write only: "
        "Nothing.\n\nQuestion: {question}"
    ),
    "zh": (
        "以上是一个文件的第 {number} 部分，共 {of} 部分。请把其中与下面问题有关的内容简要记录下来，注明所在的页或行，"
        "保留原文的用词和数字。如果没有相关内容，只写：无。\n\n问题：{question}"
    ),
}
_HEADING: dict[Language, str] = {
    "en": "[Notes from part {number} of {of}]",
    "zh": "[第 {number} 部分的笔记，共 {of} 部分]",
}
_EXTENT: dict[Language, str] = {"en": "notes from {of} parts, read one by one", "zh": "分 {of} 部分阅读的笔记"}
_FOUND_NOTHING: dict[Language, str] = {
    "en": "[No part of the file says anything about the question.]",
    "zh": "[文件的任何部分都没有提到这个问题。]",
}
_NOTHING = frozenset({"nothing", "nothing.", "none", "none.", "无", "无。", ""})


@dataclass(frozen=True, slots=True)
class Note:
    """Answer of a model to the question on one piece; `extent` says which pages the piece had."""

    extent: str
    text: str

    @property
    def is_empty(self) -> bool:
        """True if the model found nothing in the piece."""
        return self.text.strip().lower() in _NOTHING


def pieces_for(
    document: Document, selection: Selection, room: float, cost: Callable[[int], float]
) -> list[AttachmentPart]:
    """Return the chosen part of a document as pieces that each take at most `room` tokens, in order.

    `cost` gives the tokens of so many letters. A piece ends between sections where it can, else between paragraphs or
    rows; a paragraph that is longer than the room is divided.
    """
    most = max(1, int(room / cost(1000) * 1000))  # letters
    pieces: list[list[Section]] = [[]]
    length = 0
    for section in _divided(applied(document, selection), most):
        size = sum(len(block.text) + 2 for block in section.blocks)
        if pieces[-1] and length + size > most:
            pieces.append([])
            length = 0
        pieces[-1].append(section)
        length += size
    return [part for each in pieces if (part := _part(document, each)).text.strip()]


def document_of_part(part: AttachmentPart) -> Document:
    """Return what was sent of a file as a document of one section, for when the file itself has not been read."""
    blocks = tuple(Block((Run(text),)) for text in part.text.split("\n\n") if text.strip())
    return Document(part.name, part.media_type, (Section(SectionKind.WHOLE, 1, blocks=blocks),))


def question_to_piece(question: str, number: int, of: int, language: Language) -> str:
    """Return what is asked of piece `number`, which stands before it."""
    return _ASKED[language].format(number=number, of=of, question=question)


def notes_part(document: Document, notes: Sequence[Note]) -> AttachmentPart:
    """Return the notes as an attachment, which is sent with the question in the end."""
    language = language_of(document)
    texts = [
        f"{_HEADING[language].format(number=number, of=len(notes))} {note.extent}".rstrip() + f"\n\n{note.text.strip()}"
        for number, note in enumerate(notes, start=1)
        if not note.is_empty
    ]
    texts = texts or [_FOUND_NOTHING[language]]
    extent = _EXTENT[language].format(of=len(notes))
    return AttachmentPart(document.name, "text/plain", "\n\n".join(texts), extent=extent)


def _part(document: Document, sections: list[Section]) -> AttachmentPart:
    part = attachment(replace(document, sections=tuple(sections)))
    return replace(part, extent=sent_in_words(document, Selection(frozenset(each.number for each in sections))))


def _divided(document: Document, most: int) -> Iterator[Section]:
    """Yield the sections, those that are too long for one piece as several of the same number."""
    for section in document.sections:
        blocks: list[Block] = []
        length = 0
        for block in section.blocks:
            for piece in _divided_block(block, most):
                if blocks and length + len(piece.text) > most:
                    yield replace(section, blocks=tuple(blocks))
                    blocks, length = [], 0
                blocks.append(piece)
                length += len(piece.text) + 2
        yield replace(section, blocks=tuple(blocks))


def _divided_block(block: Block, most: int) -> list[Block]:
    """Return a block as several, each at most so long: between rows or sentences where there are any."""
    text = block.text
    if len(text) <= most:
        return [block]
    pieces: list[Block] = []
    at = row = 0
    first = int(block.place) if block.place.isdecimal() else None
    while at < len(text):
        end = min(len(text), at + most)
        if end < len(text):
            marks = ("\n",) if block.is_table else ("\n", ". ", "。", " ")
            ends = (text.rfind(mark, at + most // 2, end) + len(mark) for mark in marks)
            end = next((each for each in ends if each > at + most // 2), end)
        place = str(first + row) if block.is_table and first is not None else block.place
        pieces.append(replace(block, runs=(Run(text[at:end].strip("\n")),), place=place))
        row += text.count("\n", at, end)
        at = end
    return pieces
