"""A document read in pieces: each fits the model, the question is put to each, then to the notes taken from them.

Rules and words only; asking is the business of `runtime`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind
from desktop.core.documents.marks import Language, language_of
from desktop.core.documents.selection import Selection, applied, attachment, sent_in_words
from desktop.core.message import AttachmentPart

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
