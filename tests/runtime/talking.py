"""What the tests of a running chat do over and over: open a long conversation, talk, look at the path."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, StreamEvent, TextDelta
from desktop.core.message import Message
from desktop.core.model import ModelChoice
from desktop.runtime.background import gui_task
from desktop.runtime.path import ConversationPath
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.support.long_conversation import put_long_conversation
from tests.support.scripted_backend import Hold, ScriptedBackend

T = TypeVar("T")
SECONDS = 5000  # milliseconds to wait for a signal


def answer(text: str) -> list[StreamEvent | Hold]:
    """The script of a complete reply."""
    return [TextDelta(text), Finished(FinishReason.STOP)]


def long_bench(make_bench: MakeBench, qtbot: QtBot, count: int) -> Bench:
    """A chat over a stored conversation of `count` messages, which is not open yet."""
    bench = make_bench(ScriptedBackend(answer("It is\nfour.")))
    put_long_conversation(bench.database, count)
    with qtbot.waitSignal(bench.chat.conversations_changed, timeout=SECONDS):
        bench.chat.load()
    return bench


def open_first(bench: Bench, qtbot: QtBot) -> ConversationPath:
    """Open the oldest conversation, ready to talk; its end is there, the rest may not be."""
    with qtbot.waitSignal(bench.chat.opened, timeout=SECONDS):
        bench.chat.open(bench.chat.conversations[-1].id)
    bench.chat.choose_model(ModelChoice("here", "scripted"))
    return bench.chat.path


def open_whole(bench: Bench, qtbot: QtBot) -> ConversationPath:
    """The same, and wait for the rest."""
    path = open_first(bench, qtbot)
    qtbot.waitUntil(lambda: path.is_whole, timeout=SECONDS)
    return path


def open_it(bench: Bench, qtbot: QtBot, conversation_id: str) -> str | None:
    """Open a conversation, and return its draft."""
    with qtbot.waitSignal(bench.chat.opened, timeout=SECONDS) as opened:
        bench.chat.open(conversation_id)
    assert opened.args is not None
    draft: str | None = opened.args[2]
    return draft


def awaited(coming: Coroutine[Any, Any, T], qtbot: QtBot) -> T:
    """What a coroutine of the GUI thread returns."""
    found: list[T] = []

    class Caller:
        @gui_task
        async def wait(self) -> None:
            found.append(await coming)

    task = Caller().wait()
    qtbot.waitUntil(lambda: not task.is_running, timeout=SECONDS)
    return found[0]


def ended(bench: Bench, qtbot: QtBot) -> Message:
    """Wait for the end of the reply that runs, and return it."""
    qtbot.waitUntil(lambda: bench.chat.generation is None, timeout=10_000)
    drain(bench.work)
    return bench.reply


def wait_for_reply(bench: Bench, qtbot: QtBot, begin: Callable[[], bool], text: str = "") -> Message:
    """Start a generation that answers with `text` and wait for its end; the reply."""
    if text:
        bench.backend.script = answer(text)
    with qtbot.waitSignal(bench.chat.generation_ended, timeout=SECONDS):
        assert begin()
    drain(bench.work)
    return bench.reply


def say(bench: Bench, qtbot: QtBot, text: str, reply: str) -> None:
    """Send a message that is answered with `reply`."""
    wait_for_reply(bench, qtbot, lambda: bench.chat.send(text), reply)


def texts(bench: Bench) -> list[str]:
    """What the messages say that are in front and in memory."""
    return [message.text for message in bench.path]


def versions(bench: Bench) -> list[tuple[int, int]]:
    """Which version of how many each message in front is."""
    return [(entry.version, entry.versions) for entry in bench.chat.path.entries]
