"""The lines between a reader's process and its parent: none is so long that the window waits for it."""

from __future__ import annotations

import pytest

from desktop.core.documents.document import Aside, Block, Run, Section, SectionKind
from desktop.core.documents.reading import ReadingProblem
from desktop.readers.wire import Failed, Received, lines_of

LONG = Block((Run("服务器 request handled in 23ms " * 8_000),))
CHANGED = Block((Run("| 12 | abc | "), Run("inserted", Aside.INSERTED, "Ann")) * 200, "7", is_table=True)


def section(*blocks: Block) -> Section:
    return Section(SectionKind.WHOLE, 1, "Title", blocks)


@pytest.mark.parametrize(
    "sent", [section(), section(CHANGED), section(*[LONG] * 40), section(*[CHANGED] * 100, LONG, CHANGED)]
)
def test_a_section_comes_whole_in_lines_of_bounded_weight(sent: Section) -> None:
    lines = list(lines_of(sent))
    received = Received(Section)
    *pieces, whole = [received.value(line) for line in lines]
    assert whole == sent
    assert pieces == [None] * len(pieces)
    assert max(map(len, lines)) < 1_000_000  # one block of 262,144 letters, and what came before it
    assert max(line.count(b"inserted") for line in lines) < 1_500


def test_a_long_text_comes_whole() -> None:
    sent = Failed(ReadingProblem.DAMAGED, "x" * 200_000 + "end")
    lines = list(lines_of(sent))
    received = Received(Failed)
    assert [received.value(line) for line in lines] == [None, None, None, sent]


def test_a_failure_amid_a_section_is_that_failure() -> None:
    failure = Failed(ReadingProblem.TOO_LARGE, "memory")
    begun = list(lines_of(section(*[CHANGED] * 100)))[:-1]
    received = Received(Section, Failed)
    assert begun
    assert [received.value(line) for line in [*begun, *lines_of(failure)]] == [*[None] * len(begun), failure]
    [after] = lines_of(section())
    assert received.value(after) == section()
