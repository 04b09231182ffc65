"""Readers of files as the program runs them, and as their formats are read in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.documents.document import Document, Opened, ReadingError, ReadingEvent, Remark, Section
from desktop.readers import formats
from desktop.readers.process import ReaderProcess
from desktop.readers.source import Source

FILES = Path(__file__).with_name("files")


def document_of(events, name=""):
    """The document that events make, which begin as they must."""
    opened, *rest = events
    assert isinstance(opened, Opened)
    sections = tuple(each for each in rest if isinstance(each, Section))
    assert opened.sections is None or opened.sections == len(sections)
    assert [each.number for each in sections] == list(range(1, len(sections) + 1))
    remarks = tuple(each for each in rest if isinstance(each, Remark))
    return Document(name, opened.media_type, sections, remarks, opened.encoding)


def document_from(content, name="a.txt", *, password="", encoding=""):
    """The document that a content or file is read as, in this process."""
    path = content if isinstance(content, Path) else Path("nowhere")
    inside = None if isinstance(content, Path) else content
    return document_of(list(formats.read(Source(path, name, password, encoding, inside))), name)


def problem_from(content, name="a.txt", **options):
    """Why a content or file is not read, in this process."""
    with pytest.raises(ReadingError) as caught:
        document_from(content, name, **options)
    return caught.value.problem


def texts(document):
    """The text of each block."""
    return [block.text for section in document.sections for block in section.blocks]


async def collect(reader, path, name="", **options):
    return [event async for event in reader.read(path, name or path.name, **options)]


Read = Callable[..., list[ReadingEvent]]


@pytest.fixture(scope="session")
def read():
    """Read a file by a process of its own, with the limits given."""

    def run(path, limits=None, program=None, **options):
        return asyncio.run(collect(ReaderProcess(limits, program), path, **options))

    return run
