"""What is measured of models while they answer, and that it is used: a real client of a scripted Ollama."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.backends.ollama import OllamaBackend
from desktop.core.context.counting import USUAL
from desktop.core.context.window import Window, WindowSource
from desktop.core.events import Measured
from desktop.core.model import MeasuredMemory, Measures, ModelChoice
from desktop.runtime.models.measurements import Measurements
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import ScriptedServer, running_server
from tests.support.scripts import MODEL

CHOICE = ModelChoice("here", MODEL)
PAGES = "The rent is due on the first of each month. " * 600


def ask(bench: Bench, qtbot: QtBot, *texts: str) -> None:
    for text in texts:
        with qtbot.waitSignal(bench.chat.generation_ended):
            assert bench.chat.send(text)
    drain(bench.work)


def opened(make_bench: MakeBench, server: ScriptedServer) -> Bench:
    bench = make_bench(OllamaBackend(server.url, poll_interval=0.01))
    bench.chat.choose_model(CHOICE)
    return bench


def test_a_model_holds_what_it_was_made_for_until_its_server_tells(make_bench, qtbot):
    with running_server(WindowedModel().script) as server:
        bench = opened(make_bench, server)
        assert bench.models.window_of(CHOICE) == Window(40_960, WindowSource.TRAINED)
        ask(bench, qtbot, "Hi")
        assert bench.models.window_of(CHOICE) == Window(4_096, WindowSource.LOADED)
        assert bench.models.reach_of(CHOICE) == Window(32_768, WindowSource.ASKED)  # without asking the user
        assert [chat.json.get("options") for chat in server.chats] == [None]


def test_a_long_text_gets_the_window_that_it_needs_and_short_ones_keep_it(make_bench, qtbot):
    model = WindowedModel()
    with running_server(model.script) as server:
        bench = opened(make_bench, server)
        ask(bench, qtbot, "Hi", PAGES, "And in short?")
        bench.chat.new()
        ask(bench, qtbot, "Hi again")
        assert model.loads == [4_096, 16_384]
        assert [chat.json.get("options", {}).get("num_ctx") for chat in server.chats] == [None, 16_384, 16_384, 16_384]
        assert bench.models.window_of(CHOICE) == Window(16_384, WindowSource.LOADED)


def test_what_was_asked_for_is_asked_for_after_a_restart(make_bench, qtbot):
    model = WindowedModel()
    with running_server(model.script) as server:
        bench = opened(make_bench, server)
        bench.models.measurements.known = {CHOICE: Measures(window=8_192)}
        assert bench.models.window_of(CHOICE) == Window(8_192, WindowSource.ASKED)
        ask(bench, qtbot, "Hi")
        assert model.loads == [8_192]


def test_a_window_that_the_user_wants_is_asked_for_and_remembered(make_bench, qtbot):
    model = WindowedModel(trained=131_072)
    with running_server(model.script) as server:
        bench = opened(make_bench, server)
        with qtbot.waitSignal(bench.models.measurements.changed):
            bench.models.measurements.remember_window(CHOICE, 32_768)
        ask(bench, qtbot, "Hi")
        assert model.loads == [32_768]


def test_a_server_that_takes_no_other_window_is_told_of_as_it_is(make_bench, qtbot):
    with running_server(WindowedModel(is_fixed=True).script) as server:
        bench = opened(make_bench, server)
        ask(bench, qtbot, PAGES)
        failure = bench.path[-1].failure
        assert failure is not None
        assert (failure.kind, failure.available) == ("context_too_long", 4_096)
        stored = bench.stored().path(bench.chat.current.id)[-1].failure
        assert stored == failure
        assert bench.models.window_of(CHOICE) == Window(4_096, WindowSource.LOADED)


def test_counts_are_learnt_from_and_speeds_kept(make_bench, qtbot):
    with running_server(WindowedModel().script) as server:
        bench = opened(make_bench, server)
        ask(bench, qtbot, "Hi", PAGES[:4_000], "And in short?")
        known = bench.models.measurements.measures_of(CHOICE)
        assert known.load_seconds == 0.5
        assert known.read_per_second == 250
        assert known.memory == MeasuredMemory(8_192, 9)
        assert known.counts[-1].messages == 5
        assert bench.models.measurements.weights_of(CHOICE) != USUAL
        assert bench.models.measurements.weights_of(ModelChoice("here", "other")) == USUAL


def test_a_speed_is_the_median_of_the_last_five_replies(qtbot):
    """So that one reply behind a long conversation, which slows each token, does not stand for the model."""
    measurements = Measurements()
    shown = []
    for speed in (126.0, 30.0, 90.0, None, 88.0, 92.0, 91.0):
        with qtbot.waitSignal(measurements.changed):
            measurements.tell(CHOICE, Measured(load_seconds=speed or 1.0, written_per_second=speed))
        shown.append(measurements.measures_of(CHOICE).written_per_second)
    assert shown == [126, 78, 90, 90, 89, 90, 90]


def test_the_model_used_last_stands_last(qtbot):
    measurements = Measurements()
    first, second = ModelChoice("a", "m"), ModelChoice("b", "m")
    for choice in (first, second, first):
        seconds = 1.0 + len(measurements.known)
        with qtbot.waitSignal(measurements.changed):
            measurements.tell(choice, Measured(load_seconds=seconds))
    assert list(measurements.known) == [second, first]
