"""How full the window will be, and what does not fit: of a running chat over a scripted Ollama."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from desktop.backends.ollama import OllamaBackend
from desktop.core.context.choices import FreshConversation, LargerWindow, LeaveOut, Passages
from desktop.core.context.window import Window, WindowSource
from desktop.core.message import AttachmentPart, user_message
from desktop.core.model import Measures, ModelChoice
from desktop.runtime.context.fitting import Fitting
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.support.ollama_window import WindowedModel, tokens_in
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL

CHOICE = ModelChoice("here", MODEL)
SENTENCE = "The rent is due on the first of each month. "
NOTHING = user_message("")
SLOWLY_LOADED = Measures(load_seconds=30.0)  # so that a larger window is asked about first


def ask(bench: Bench, qtbot: QtBot, *texts: str) -> None:
    for text in texts:
        with qtbot.waitSignal(bench.chat.generation_ended, timeout=10_000):
            assert bench.chat.send(text)
    drain(bench.work)


def over(server_url: str, make_bench: MakeBench) -> Bench:
    bench = make_bench(OllamaBackend(server_url, poll_interval=0.01))
    bench.chat.choose_model(CHOICE)
    return bench


def test_it_comes_near_what_the_server_counts(make_bench: MakeBench, qtbot: QtBot) -> None:
    with running_server(WindowedModel(SENTENCE).script) as server:
        bench = over(server.url, make_bench)
        ask(bench, qtbot, SENTENCE * 5, SENTENCE * 9, SENTENCE * 2)
        expected = bench.chat.fitting.filling(bench.chat.said, user_message(SENTENCE * 20))
        assert expected.window == Window(4_096, WindowSource.LOADED)
        ask(bench, qtbot, SENTENCE * 20)
        assert abs(expected.prompt / tokens_in(server.chats[-1].json) - 1) < 0.05


def test_a_stored_conversation_is_measured_once_it_was_read(make_bench: MakeBench, qtbot: QtBot) -> None:
    with running_server(WindowedModel().script) as server:
        bench = over(server.url, make_bench)
        file = AttachmentPart("notes.txt", "text/plain", SENTENCE * 10)
        with qtbot.waitSignal(bench.chat.generation_ended, timeout=10_000):
            assert bench.chat.send("What is due?", attached=[file])
        drain(bench.work)
        known = bench.chat.fitting.filling(bench.chat.said, NOTHING)
        assert [(each.name, each.is_new) for each in known.files] == [("notes.txt", False)]
        unread = replace(bench.chat.said, message=lambda message_id: None)
        fitting = Fitting(bench.chat.services)
        with qtbot.waitSignal(fitting.changed):
            assert fitting.filling(unread, NOTHING).files == ()
        assert fitting.filling(unread, NOTHING) == known


def test_a_file_that_is_too_long_can_be_had_in_passages_or_by_a_larger_window(
    make_bench: MakeBench, qtbot: QtBot
) -> None:
    with running_server(WindowedModel().script) as server:
        bench = over(server.url, make_bench)
        ask(bench, qtbot, "Hi")
        bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
        file = AttachmentPart("notes.txt", "text/plain", SENTENCE * 800)
        question = user_message("What is due?", attached=[file])
        found = bench.chat.fitting.choices(bench.chat.said, question)
        assert found[0] == LargerWindow(16_384, 30.0)
        assert any(isinstance(each, Passages) for each in found)
        bench.models.measurements.remember_window(CHOICE, 16_384)
        assert bench.chat.fitting.choices(bench.chat.said, question) == []


def test_oldest_messages_are_left_out_when_the_user_says_so_and_only_then(make_bench: MakeBench, qtbot: QtBot) -> None:
    with running_server(WindowedModel(is_fixed=True).script) as server:
        bench = over(server.url, make_bench)
        ask(bench, qtbot, SENTENCE * 120, SENTENCE * 120)
        bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
        question = user_message(SENTENCE * 120)
        found = bench.chat.fitting.choices(bench.chat.said, question)
        assert [type(each) for each in found] == [LargerWindow, LeaveOut, FreshConversation]
        leave = next(each for each in found if isinstance(each, LeaveOut))
        assert leave.messages == (bench.path[0].id, bench.path[1].id)  # the answer goes with its question
        bench.chat.change_settings(lambda settings: replace(settings, left_out=leave.messages))
        assert bench.chat.fitting.choices(bench.chat.said, question) == []
        ask(bench, qtbot, question.text)
        sent = [each["content"] for each in server.chats[-1].json["messages"]]
        assert sent == [SENTENCE * 120, "Hello", question.text]
        assert bench.stored().conversations()[0].settings.left_out == leave.messages
        bench.chat.send_again(leave.messages[1])
        assert bench.chat.current.settings.left_out == ()


def test_what_was_refused_can_be_had_with_a_larger_window(make_bench: MakeBench, qtbot: QtBot) -> None:
    model = WindowedModel()
    with running_server(model.script) as server:
        bench = over(server.url, make_bench)
        ask(bench, qtbot, "Hi")
        bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
        ask(bench, qtbot, SENTENCE * 800)
        reply = bench.path[-1]
        assert reply.failure is not None
        larger = bench.chat.fitting.larger_for(bench.chat.said, reply)
        assert larger == LargerWindow(16_384, 30.0)
        bench.chat.fitting.use_window(bench.chat.said, larger)
        with qtbot.waitSignal(bench.chat.generation_ended, timeout=10_000):
            assert bench.chat.versions.try_again(reply.id)
        assert bench.path[-1].text == "Hello"
        assert bench.chat.fitting.larger_for(bench.chat.said, bench.path[-1]) is None


def test_what_an_old_server_cut_can_be_had_with_a_larger_window(make_bench: MakeBench, qtbot: QtBot) -> None:
    with running_server(WindowedModel(version="0.11.10").script) as server:
        bench = over(server.url, make_bench)
        ask(bench, qtbot, "Hi")
        bench.models.measurements.known = {CHOICE: SLOWLY_LOADED}
        with qtbot.waitSignal(bench.chat.signs_found, timeout=10_000):
            assert bench.chat.send(SENTENCE * 800)
        larger = bench.chat.fitting.larger_for(bench.chat.said, bench.path[-1])
        assert larger == LargerWindow(16_384, 30.0)
        bench.chat.fitting.use_window(bench.chat.said, larger)
        with qtbot.waitSignal(bench.chat.generation_ended, timeout=10_000):
            assert bench.chat.versions.try_again(bench.path[-1].id)
        usage = bench.path[-1].usage
        assert usage is not None
        assert usage.prompt_tokens == tokens_in(server.chats[-1].json)
