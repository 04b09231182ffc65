"""How full the window will be, and what does not fit: of a running chat over a scripted Ollama."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.core.context import FreshConversation, LargerWindow, LeaveOut, Passages
from desktop.core.documents.document import Block, Document, Run, Section, SectionKind
from desktop.core.documents.selection import WHOLE
from desktop.core.errors import ContextTooLong, Unreachable
from desktop.core.events import Failed, Finished, FinishReason, TextDelta
from desktop.core.message import AttachmentPart, ImagePart, user_message
from desktop.core.model import Measures, ModelChoice, ModelInfo
from desktop.core.request import ChatRequest, outgoing_text
from desktop.runtime.fitting import Fitting, ReadingInPieces
from tests.support.ollama_window import WindowedModel, tokens_in
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL

CHOICE = ModelChoice("here", MODEL)
SENTENCE = "The rent is due on the first of each month. "
NOTHING = user_message("")
SLOWLY_LOADED = Measures(load_seconds=30.0)  # so that a larger window is asked about first


def choices(bench, question):
    return bench.chat.fitting.choices(bench.chat.said, question)


def larger(bench):
    """The larger window with which the last reply can be had."""
    return bench.chat.fitting.larger_for(bench.chat.said, bench.reply)


def ask(bench, *texts):
    for text in texts:
        bench.ask(text)


@pytest.fixture
def over(make_bench):
    """Makes a bench over a model whose window is limited, and the server that it runs at."""
    with contextlib.ExitStack() as stack:

        def make(model):
            server = stack.enter_context(running_server(model.script))
            bench = make_bench(OllamaBackend(server.url, poll_interval=0.01))
            bench.chat.choose_model(CHOICE)
            return bench, server

        yield make


def test_a_stored_conversation_is_measured_once_it_was_read(over):
    bench, _ = over(WindowedModel())
    file = AttachmentPart("notes.txt", "text/plain", SENTENCE * 10)
    bench.ask("What is due?", attached=[file])
    known = bench.chat.fitting.filling(bench.chat.said, NOTHING)
    assert [(each.name, each.is_new) for each in known.files] == [("notes.txt", False)]
    unread = replace(bench.chat.said, message=lambda message_id: None)
    fitting = Fitting(bench.chat.services)
    with bench.signal(fitting.changed):
        assert fitting.filling(unread, NOTHING).files == ()
    assert fitting.filling(unread, NOTHING) == known


def test_a_file_that_is_too_long_can_be_had_in_passages_or_by_a_larger_window(over):
    bench, _ = over(WindowedModel())
    ask(bench, "Hi")
    bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
    file = AttachmentPart("notes.txt", "text/plain", SENTENCE * 800)
    question = user_message("What is due?", attached=[file])
    found = choices(bench, question)
    assert found[0] == LargerWindow(16_384, 30.0)
    assert any(isinstance(each, Passages) for each in found)
    bench.models.measurements.remember_window(CHOICE, 16_384)
    assert choices(bench, question) == []


def test_oldest_messages_are_left_out_when_the_user_says_so_and_only_then(over):
    bench, server = over(WindowedModel(is_fixed=True))
    ask(bench, SENTENCE * 120, SENTENCE * 120)
    bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
    question = user_message(SENTENCE * 120)
    found = choices(bench, question)
    assert [type(each) for each in found] == [LargerWindow, LeaveOut, FreshConversation]
    leave = next(each for each in found if isinstance(each, LeaveOut))
    assert leave.messages == (bench.path[0].id, bench.path[1].id)  # the answer goes with its question
    bench.chat.change_settings(lambda settings: replace(settings, left_out=leave.messages))
    assert choices(bench, question) == []
    ask(bench, question.text)
    sent = [each["content"] for each in server.chats[-1].json["messages"]]
    assert sent == [SENTENCE * 120, "Hello", question.text]
    assert bench.stored().conversations()[0].settings.left_out == leave.messages
    bench.chat.send_again(leave.messages[1])
    assert bench.chat.current.settings.left_out == ()


@pytest.mark.parametrize("version", ["", "0.11.10"])
def test_what_was_refused_or_cut_by_an_old_server_can_be_had_with_a_larger_window(over, version):
    bench, server = over(WindowedModel(**({"version": version} if version else {})))
    ask(bench, "Hi")
    bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
    ask(bench, SENTENCE * 800)
    bench.wait(lambda: larger(bench) == LargerWindow(16_384, 30.0))
    bench.models.measurements.remember_window(CHOICE, 16_384)
    bench.reply_to(lambda: bench.chat.try_again(bench.reply.id))
    assert bench.reply.text == "Hello"
    assert bench.reply.usage.prompt_tokens == tokens_in(server.chats[-1].json)


SCRIPTED = ModelChoice("here", "scripted")
SMALL = [ModelInfo("scripted", served_context=2048)]
REPORT = Document(
    "Report.txt",
    "text/plain",
    tuple(
        Section(SectionKind.PAGE, number, "", (Block((Run(f"Page {number} costs {number * 10}. " * 80),)),))
        for number in range(1, 7)
    ),
)


def test_stopping_closes_the_connection_and_a_failure_is_told(make_bench):
    bench = make_bench(ScriptedBackend([TextDelta("so far"), Hold()], SMALL))
    reading = ReadingInPieces(bench.chat.services)
    ended = []
    reading.finished.connect(ended.append)
    reading.failed.connect(ended.append)
    reading.start("What does it cost?", REPORT, WHOLE, SCRIPTED)
    bench.wait(lambda: bool(bench.backend.requests))
    reading.stop()
    bench.wait(lambda: bench.backend.was_cancelled)
    assert ended == []
    assert not reading.is_running
    bench.backend.script = [Failed(Unreachable("gone"))]
    with bench.signal(reading.failed) as failed:
        reading.start("What does it cost?", REPORT, WHOLE, SCRIPTED)
    assert isinstance(failed.args[0], Unreachable)
    assert not reading.is_running
    assert not reading.start("again", REPORT, WHOLE, ModelChoice("elsewhere", "x"))


def test_what_the_server_finds_too_long_is_read_in_smaller_pieces(make_bench):
    class Narrow(ScriptedBackend):
        async def stream(self, request):
            self.requests.append(request)
            if len(request.messages[0].text) > 2500:
                yield Failed(ContextTooLong("too long"))
            else:
                yield TextDelta("Noted.")
                yield Finished(FinishReason.STOP)

    bench = make_bench(Narrow([], SMALL))
    reading = ReadingInPieces(bench.chat.services)
    with bench.signal(reading.finished) as finished:
        reading.start("What does it cost?", REPORT, WHOLE, SCRIPTED)
    assert "Noted." in finished.args[0].text
    assert len(bench.backend.requests[0].messages[0].text) > 2500


# Turns of one conversation: each request begins with the one before, so that its server has read that already.


FILE = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 400)
LONG = replace(FILE, text="chair;40\n" * 2_000)
THINKING = "It says 40, so two are 80."
TURNS = ("What does a chair cost?", "And two of them?", "Why?")


@pytest.mark.parametrize(
    ("version", "thinking", "file"),
    [
        ("0.5.7", "", FILE),
        ("0.10.1", THINKING, LONG),
        ("0.24.0", "", LONG),
        ("0.33.0", THINKING, FILE),
        ("0.33.0", "", LONG),
        ("0.0.0", THINKING, LONG),
    ],
)
def test_an_ollama_loads_a_model_once_and_reads_each_turn_once(file, version, thinking, make_bench):
    """Its server keeps models for minutes only, as is usual; the second answer is cut off, and continued."""
    answer = "Forty is what it costs."
    model = WindowedModel(answer, thinking=thinking, version=version, ends=["stop", "length", "stop"], stay=300.0)
    with running_server(model.script) as server:
        bench = make_bench(OllamaBackend(server.url, poll_interval=0.01))
        bench.chat.choose_model(CHOICE)
        steps = [
            lambda: bench.chat.send(TURNS[0], attached=[file]),
            lambda: bench.chat.send(TURNS[1]),
            lambda: bench.chat.continue_reply(bench.reply.id),
            lambda: bench.chat.send(TURNS[2]),
        ]
        for step in steps:
            bench.reply_to(step)
        assert bench.awaited(bench.models.ask_aside(CHOICE, user_message("A title?"), 16, ""))
    asked = [each.json for each in server.chats]
    assert sum(each.get("messages") == [] for each in asked) == 1  # that the model stays is asked for once
    assert len(model.loads) == 1
    assert {each["shift"] for each in asked} == {False}
    assert len({each.get("options", {}).get("num_ctx") for each in asked}) == 1
    first, *later, _ = zip(model.prompts, model.read_anew, strict=True)
    assert first[1] > len(file.text)
    for prompt, anew in later:
        assert anew <= max(0.05 * len(prompt), 2 * len(answer + thinking))


SHORT = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 40)
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
    follow(bench, SHORT)
    assert not backend.read, "it is not wanted"
    ahead.forget_files()
    ahead.is_wanted = lambda: True
    backend.is_endless = True
    follow(bench, SHORT)
    follow(bench, SHORT)
    assert len(backend.read) == 1, "the same is read once"
    assert ahead.is_taken
    follow(bench, SHORT, OTHER)
    assert (len(backend.read), backend.ended) == (2, 1), "other files take their place"
    follow(bench)
    assert not ahead.is_taken
    before = backend.forgotten
    assert (backend.ended, before) == (2, 2), "the files were taken away"
    follow(bench, SHORT, ImagePart("a.png", "image/png", "0" * 64))
    assert len(backend.read) == 2, "pictures are read by other means"
    backend.is_endless = False
    follow(bench, SHORT)
    assert chat.send("What does a chair cost?", attached=[SHORT])
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

    follow(bench, SHORT)
    assert backend.has_it
    chat.generation_started.emit(answering)
    ahead.forget_files()
    bench.drain()
    assert not backend.has_it, "a reply that is looked at takes nothing up"

    backend.is_endless = True
    follow(bench, SHORT)
    ended = backend.ended
    assert chat.send("What does a chair cost?", attached=[SHORT])
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
    follow(bench, SHORT)
    assert backend.read
    chat.new()
    chat.choose_model(ModelChoice("here", "scripted"))
    type_on()
    assert len(backend.loaded) == 2, "a file is being read, by the same model"
