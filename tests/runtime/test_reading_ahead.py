"""The files of a question that is being typed are read ahead, and forgotten if they are not sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.message import AttachmentPart, ImagePart
from desktop.core.model import ModelChoice
from desktop.core.request import ChatRequest, outgoing_text
from tests.support.scripted_backend import Hold, ScriptedBackend

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 40)
OTHER = AttachmentPart("notes.txt", "text/plain", "nothing")


class Ahead(ScriptedBackend):
    """Reads for ever, or to the end at once."""

    def __init__(self):
        super().__init__([TextDelta("Forty."), Finished(FinishReason.STOP)])
        self.read: list[ChatRequest] = []
        self.is_endless = False
        self.ended = self.forgotten = 0
        self.has_it = False
        self.loaded: list[ChatRequest] = []

    async def load_ahead(self, request):
        self.loaded.append(request)

    async def read_ahead(self, request):
        self.read.append(request)
        self.has_it = True
        try:
            if self.is_endless:
                await asyncio.Event().wait()
        finally:
            self.ended += 1

    async def forget_ahead(self):
        self.forgotten += self.has_it
        self.has_it = False

    async def stream(self, request):
        self.has_it = False
        async for event in super().stream(request):
            yield event


def follow(bench, *files):
    bench.chat.ahead.follow(bench.chat.current, files)
    bench.drain()
    bench.drain()


def test_what_is_read_ahead_is_how_the_first_question_begins(make_bench):
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
    assert ahead.is_taken
    follow(bench, FILE, OTHER)
    assert (len(backend.read), backend.ended) == (2, 1), "other files take their place"
    follow(bench)
    assert not ahead.is_taken
    before = backend.forgotten
    assert (backend.ended, before) == (2, 2), "the files were taken away"
    follow(bench, FILE, ImagePart("a.png", "image/png", "0" * 64))
    assert len(backend.read) == 2, "pictures are read by other means"
    backend.is_endless = False
    follow(bench, FILE)
    assert chat.send("What does a chair cost?", attached=[FILE])
    bench.wait(lambda: chat.generation is None)
    [asked], read = backend.requests, backend.read[-1]
    assert outgoing_text(asked.messages[0]).startswith(outgoing_text(read.messages[0]))
    assert replace(asked, messages=()) == replace(read, messages=())
    follow(bench)
    assert backend.forgotten == before, "the question has taken it up"


def test_what_is_read_is_forgotten_unless_its_own_question_is_sent(make_bench):
    backend = Ahead()
    backend.script = [TextDelta("Long"), Hold()]
    bench = make_bench(backend)
    chat, ahead = bench.chat, bench.chat.ahead
    ahead.is_wanted = lambda: True
    chat.choose_model(ModelChoice("here", "scripted"))
    assert chat.send("Tell me something long.")
    bench.wait(lambda: bool(chat.generation and chat.generation.builder.message.text))
    answering = chat.generation
    chat.new_temporary()
    chat.generation_started.emit(answering)  # as where a conversation is opened in which a reply runs
    chat.stop_all()
    bench.wait(lambda: not chat.generations.is_any_running)

    follow(bench, FILE)
    assert backend.has_it
    chat.generation_started.emit(answering)
    ahead.forget_files()
    bench.drain()
    assert not backend.has_it, "a reply that is looked at takes nothing up"

    backend.is_endless = True
    follow(bench, FILE)
    ended = backend.ended
    assert chat.send("What does a chair cost?", attached=[FILE])
    assert not ahead.is_taken
    assert backend.ended == ended, "the load that its own question needs goes on"
    chat.stop()
    bench.wait(lambda: not chat.generations.is_any_running)
    bench.drain()
    assert not backend.has_it, "it was stopped before anything was asked"


def test_the_model_is_loaded_once_a_question_is_typed(make_bench):
    backend = Ahead()
    bench = make_bench(backend)
    chat, ahead = bench.chat, bench.chat.ahead

    def type_on():
        ahead.load(chat.current)
        bench.drain()
        bench.drain()

    type_on()
    chat.choose_model(ModelChoice("here", "scripted"))
    type_on()
    assert not backend.loaded, "it is not wanted"
    ahead.is_wanted = lambda: True
    chat.new()
    type_on()
    type_on()
    assert len(backend.loaded) == 1
    assert chat.send("What does a chair cost?")
    bench.wait(lambda: chat.generation is None and chat.current.head_id is not None)
    type_on()
    begun = backend.loaded[-1]
    assert len(backend.loaded) == 2
    assert begun.conversation == chat.current.id
    assert [outgoing_text(each) for each in begun.messages] == ["What does a chair cost?", "Forty."]
    follow(bench, FILE)
    assert backend.read
    chat.new()
    chat.choose_model(ModelChoice("here", "scripted"))
    type_on()
    assert len(backend.loaded) == 2, "a file is being read, by the same model"
