"""A mail as the readers of its formats give it, and the sections that become of it and of what is attached to it.

Attached files are read like any other, by the table of formats; attached mails down to a depth, so that mails in mails
come to an end.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from desktop.core.bounds import ATTACHED_BYTES, ATTACHED_DEPTH, ATTACHED_FILES
from desktop.core.documents.document import (
    Block,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Remark,
    RemarkKind,
    Run,
    Section,
    SectionKind,
)
from desktop.readers import formats
from desktop.readers.source import BROKEN, Source, failure_of
from desktop.readers.text.blocks import Runs, left_out

_NAMES_TOLD = 20


@dataclass(slots=True)
class Letter:
    """Mail. `fields` are (name, words) of those that a reader sees; `files` are attached to it."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    files: list[AttachedFile] = field(default_factory=list)
    pictures: int = 0

    @property
    def subject(self) -> str:
        """Its subject; empty for none."""
        return next((" ".join(words.split()) for name, words in self.fields if name == "Subject"), "")


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """File or mail that is attached. `content` is asked for when it is read; `letter` instead for a mail in a mail."""

    name: str
    content: Callable[[], bytes] | None = None
    letter: Callable[[], Letter] | None = None


def sections(letter: Letter, source: Source) -> Iterator[ReadingEvent]:
    """Yield a mail and what is attached to it, then what was not read."""
    yield from _Reading(source).sections(letter, 1)


def _mail_in(source: Source) -> Letter | None:
    """Return the mail in a file, whatever kind of mail it is; None for a file of another kind."""
    try:
        module = formats.format_of(source).module
    except (ReadingError, OSError, *BROKEN):
        return None
    if not module.startswith("mail."):
        return None
    # By its name, as `formats` does: the readers of mails need this module.
    return cast(Letter, importlib.import_module(f"desktop.readers.{module}").letter_of_file(source))


class _Reading:
    """Reading of a mail with all that hangs on it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._number = 0
        self._files = 0
        self._bytes = 0
        self._pictures = 0
        self._not_read: list[str] = []
        self._remarks: list[Remark] = []

    def sections(self, letter: Letter, depth: int) -> Iterator[ReadingEvent]:
        yield from self._letter(letter, depth)
        yield from self._remarks
        yield from left_out(self._pictures)
        if self._not_read:
            told = ", ".join(self._not_read[:_NAMES_TOLD])
            yield Remark(RemarkKind.FILES_INSIDE, len(self._not_read), told)

    def _letter(self, letter: Letter, depth: int) -> Iterator[Section]:
        self._number += 1
        self._pictures += letter.pictures
        head = "\n".join(f"{name}: {' '.join(words.split())}" for name, words in letter.fields if words.strip())
        top = [Block(Runs(head).runs(), "head")] if head else []
        yield Section(
            SectionKind.MAIL, self._number, letter.subject, (*top, *(each for each in letter.blocks if each.runs))
        )
        for each in letter.files:
            self._files += 1
            if self._files > ATTACHED_FILES or self._bytes > ATTACHED_BYTES:
                self._not_read.append(each.name)
            else:
                yield from self._attached(each, depth)

    def _attached(self, file: AttachedFile, depth: int) -> Iterator[Section]:
        try:
            if file.letter is not None:
                inner = file.letter() if depth < ATTACHED_DEPTH else None
            else:
                content = file.content() if file.content is not None else b""
                self._bytes += len(content)
                inside = replace(self._source, name=file.name, inside=content, encoding="")
                inner = _mail_in(inside)
                if inner is None:
                    yield from self._file(inside)
                    return
                inner = inner if depth < ATTACHED_DEPTH else None
        except Exception as error:
            if failure_of(error).detail.startswith("image/"):
                self._pictures += 1
            else:
                self._not_read.append(file.name)
            return
        if inner is None:
            self._not_read.append(file.name)
        else:
            yield from self._letter(inner, depth + 1)

    def _file(self, source: Source) -> Iterator[Section]:
        """Yield a file as one section; the titles of its own sections stand in it like headings."""
        blocks: list[Block] = []
        found = 0
        for event in formats.read(source):
            match event:
                case Section():
                    found += 1
                    has_title = event.title and event.kind in {SectionKind.SHEET, SectionKind.FILE, SectionKind.MAIL}
                    if has_title and not event.is_empty:
                        blocks.append(Block((Run(event.title),), f"{event.number}:", 1))
                    blocks.extend(replace(each, place=f"{event.number}:{each.place}") for each in event.blocks)
                case Remark() if event.kind is RemarkKind.PICTURES:
                    self._pictures += event.count
                case Remark() if event.kind is not RemarkKind.ENCODING:
                    self._remarks.append(event)
        if not any(block.text.strip() for block in blocks):
            raise ReadingError(ReadingProblem.EMPTY)
        self._number += 1
        yield Section(SectionKind.FILE, self._number, source.name, tuple(blocks))
