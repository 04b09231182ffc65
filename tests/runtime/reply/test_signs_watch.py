"""Signs of trouble are looked for when a reply has ended, told, and stored with it."""

from __future__ import annotations

from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, ReasoningDelta, StreamEvent, TextDelta, UsageReported
from desktop.core.message import Usage
from desktop.core.sign import SignKind
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.runtime.talking import SECONDS, answer, open_it, say
from tests.support.scripted_backend import Hold, ScriptedBackend

LONG = "The supplier delivers the goods to the place that the buyer has named in the order. " * 60
CUT: list[StreamEvent | Hold] = [
    TextDelta("Two weeks."),
    UsageReported(Usage(prompt_tokens=200)),
    Finished(FinishReason.STOP),
]


def kinds_after(bench: Bench, qtbot: QtBot, text: str, script: Sequence[StreamEvent | Hold]) -> list[SignKind]:
    """Ask, and wait for the signs of the reply."""
    bench.backend.script = list(script)
    with qtbot.waitSignal(bench.chat.signs_found, timeout=SECONDS) as told:
        assert bench.chat.send(text)
    assert told.args == [bench.path[-1].id]
    return [sign.kind for sign in bench.path[-1].signs]


def test_they_are_told_and_stored(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    assert kinds_after(bench, qtbot, LONG, CUT) == [SignKind.CONTEXT_CUT]
    assert bench.stored_path()[-1] == bench.path[-1]


def test_they_are_there_when_the_conversation_is_opened_again(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    kinds_after(bench, qtbot, LONG, CUT)
    identity, reply = bench.chat.current.id, bench.path[-1]
    bench.chat.new()
    open_it(bench, qtbot, identity)
    assert bench.path[-1] == reply


def test_a_good_reply_has_none(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    with qtbot.assertNotEmitted(bench.chat.signs_found):
        say(bench, qtbot, "What is two and two?", "It is four.")
    assert bench.stored_path()[-1].signs == ()


def test_words_that_change_sides_are_looked_at_again(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    script: list[StreamEvent | Hold] = [ReasoningDelta("It is four."), Finished(FinishReason.STOP)]
    assert kinds_after(bench, qtbot, "What is two and two?", script) == [SignKind.NO_ANSWER]
    with qtbot.waitSignal(bench.chat.signs_found, timeout=SECONDS):
        assert bench.chat.resplit(bench.path[-1].id, thinking=False)
    assert bench.path[-1].signs == ()
    drain(bench.work)
    assert bench.stored_path()[-1].signs == ()


def test_a_reply_elsewhere_has_them_when_it_is_opened(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend(CUT))
    assert bench.chat.send(LONG)
    first = bench.chat.current.id
    with qtbot.waitSignal(bench.chat.generation_ended, timeout=SECONDS):
        bench.chat.new()
    drain(bench.work)
    bench.backend.script = answer("It is four.")
    open_it(bench, qtbot, first)
    assert [sign.kind for sign in bench.path[-1].signs] == [SignKind.CONTEXT_CUT]
