"""The files of a question that is being typed are read ahead, and forgotten if they are not sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.message import AttachmentPart, ImagePart
from desktop.core.model import ModelChoice
from desktop.core.request import ChatRequest, outgoing_text
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.support.scripted_backend import ScriptedBackend

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 40)
OTHER = AttachmentPart("notes.txt", "text/plain", "nothing")


class Ahead(ScriptedBackend):
    """Reads for ever, or to the end at once."""

    def __init__(self) -> None:
        super().__init__([TextDelta("Forty."), Finished(FinishReason.STOP)])
        self.read: list[ChatRequest] = []
        self.is_endless = False
        self.ended = self.forgotten = 0

    async def read_ahead(self, request: ChatRequest) -> None:
        self.read.append(request)
        try:
            if self.is_endless:
                await asyncio.Event().wait()
        finally:
            self.ended += 1

    async def forget_ahead(self) -> None:
        self.forgotten += 1


def follow(bench: Bench, *files: AttachmentPart | ImagePart) -> None:
    bench.chat.ahead.follow(bench.chat.current, files)
    drain(bench.work)
    drain(bench.work)


def test_what_is_read_ahead_is_how_the_first_question_begins(make_bench: MakeBench, qtbot: QtBot) -> None:
    backend = Ahead()
    bench = make_bench(backend)
    chat, ahead = bench.chat, bench.chat.ahead
    chat.choose_model(ModelChoice("here", "scripted"))
    chat.change_settings(lambda settings: replace(settings, system="Answer in formal words."))
    follow(bench, FILE)
    assert not backend.read, "it is not wanted"
    ahead.forget_files()
    ahead.is_wanted = lambda: True
    backend.is_endless = True
    follow(bench, FILE)
    follow(bench, FILE)
    assert len(backend.read) == 1, "the same is read once"
    assert ahead.is_running
    follow(bench, FILE, OTHER)
    assert (len(backend.read), backend.ended) == (2, 1), "other files take their place"
    follow(bench)
    assert not ahead.is_running
    before = backend.forgotten
    assert (backend.ended, before) == (2, 3), "the files were taken away"
    follow(bench, FILE, ImagePart("a.png", "image/png", "0" * 64))
    assert len(backend.read) == 2, "pictures are read by other means"
    backend.is_endless = False
    follow(bench, FILE)
    assert chat.send("What does a chair cost?", attached=[FILE])
    qtbot.waitUntil(lambda: chat.generation is None, timeout=10_000)
    [asked], read = backend.requests, backend.read[-1]
    assert outgoing_text(asked.messages[0]).startswith(outgoing_text(read.messages[0]))
    assert replace(asked, messages=()) == replace(read, messages=())
    follow(bench)
    assert backend.forgotten == before, "the question has taken it up"
