"""A document read in pieces: each piece is a request of its own, the notes come back as one attachment."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pytestqt.qtbot import QtBot

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind
from desktop.core.documents.selection import WHOLE
from desktop.core.errors import ContextTooLong, Unreachable
from desktop.core.events import Failed, Finished, FinishReason, StreamEvent, TextDelta
from desktop.core.message import AttachmentPart
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.request import ChatRequest, ThinkingMode
from desktop.runtime.context.long_documents import ReadingInPieces
from tests.runtime.conftest import MakeBench
from tests.support.scripted_backend import Hold, ScriptedBackend

CHOICE = ModelChoice("here", "scripted")
SMALL = [ModelInfo("scripted", served_context=2048)]
REPORT = Document(
    "Report.txt",
    "text/plain",
    tuple(
        Section(SectionKind.PAGE, number, "", (Block((Run(f"Page {number} costs {number * 10}. " * 80),)),))
        for number in range(1, 7)
    ),
)


class Reader(ScriptedBackend):
    """Answers each piece with the number of the request."""

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        self.requests.append(request)
        yield TextDelta(f"Note {len(self.requests)}" if len(self.requests) != 2 else "Nothing.")
        yield Finished(FinishReason.STOP)


def test_each_piece_is_asked_for_and_the_notes_are_kept(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(Reader([], SMALL))
    reading = ReadingInPieces(bench.chat.services)
    seen: list[tuple[int, int]] = []
    reading.progressed.connect(lambda done, of: seen.append((done, of)))
    with qtbot.waitSignal(reading.finished, timeout=5000) as finished:
        assert reading.start("What does it cost?", REPORT, WHOLE, CHOICE)
    assert finished.args is not None
    part = finished.args[0]
    assert isinstance(part, AttachmentPart)
    count = seen[0][1]
    assert count > 2
    assert "Note 1" in part.text
    assert "Nothing" not in part.text
    assert part.extent == f"notes from {count} parts, read one by one"
    assert seen == [(done, count) for done in range(count + 1)]
    assert not reading.is_running
    for request in bench.backend.requests:
        assert request.thinking.mode is ThinkingMode.OFF
        [message] = request.messages
        assert message.text.rstrip().endswith("Question: What does it cost?")
        assert len(message.text) < 2048 * 4


def test_stopping_closes_the_connection_and_nothing_comes(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([TextDelta("so far"), Hold()], SMALL))
    reading = ReadingInPieces(bench.chat.services)
    ended: list[object] = []
    reading.finished.connect(ended.append)
    reading.failed.connect(ended.append)
    reading.start("What does it cost?", REPORT, WHOLE, CHOICE)
    qtbot.waitUntil(lambda: bool(bench.backend.requests), timeout=5000)
    reading.stop()
    qtbot.waitUntil(lambda: bench.backend.was_cancelled, timeout=5000)
    assert ended == []
    assert not reading.is_running


def test_a_failure_is_told(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([Failed(Unreachable("gone"))], SMALL))
    reading = ReadingInPieces(bench.chat.services)
    with qtbot.waitSignal(reading.failed, timeout=5000) as failed:
        reading.start("What does it cost?", REPORT, WHOLE, CHOICE)
    assert failed.args is not None
    assert isinstance(failed.args[0], Unreachable)
    assert not reading.is_running
    assert not reading.start("again", REPORT, WHOLE, ModelChoice("elsewhere", "x"))


def test_what_the_server_finds_too_long_is_read_in_smaller_pieces(make_bench: MakeBench, qtbot: QtBot) -> None:
    class Narrow(ScriptedBackend):
        async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
            self.requests.append(request)
            if len(request.messages[0].text) > 2500:
                yield Failed(ContextTooLong("too long"))
            else:
                yield TextDelta("Noted.")
                yield Finished(FinishReason.STOP)

    bench = make_bench(Narrow([], SMALL))
    reading = ReadingInPieces(bench.chat.services)
    with qtbot.waitSignal(reading.finished, timeout=5000) as finished:
        reading.start("What does it cost?", REPORT, WHOLE, CHOICE)
    assert finished.args is not None
    assert "Noted." in finished.args[0].text
    assert len(bench.backend.requests[0].messages[0].text) > 2500
