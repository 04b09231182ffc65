"""Titles by a conversation's own model: where one is asked for, behind what, and never over one of the user's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.backends.ollama import OllamaBackend
from desktop.core.events import Finished, FinishReason, Measured, StreamEvent, TextDelta, UsageReported
from desktop.core.message import AttachmentPart, Usage, user_message
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.request import ThinkingMode
from desktop.core.trust.ledger import Errand, purpose_of
from desktop.runtime import titles
from tests.runtime.conftest import CONNECTION, Bench, MakeBench, drain
from tests.runtime.talking import answer, wait_for_reply
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL

PATIENCE_MS = 20_000
SAID = "The notice period is six months to the end of a quarter. " * 20


@pytest.fixture
def wanting(make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Bench]:
    """Make a bench that wants titles at once; the model answers with `text`."""
    monkeypatch.setattr(titles, "_IDLE_MS", 0)
    monkeypatch.setattr(titles, "_LOOK_MS", 5)

    def make(text: str = "Six months.", info: ModelInfo | None = None) -> Bench:
        made = make_bench(ScriptedBackend(answer(text), [info or ModelInfo("scripted")]))
        made.chat.titles.is_wanted = True
        return made

    return make


@pytest.fixture
def bench(wanting: Callable[..., Bench]) -> Bench:
    return wanting()


def ask(bench: Bench, qtbot: QtBot, text: str) -> None:
    wait_for_reply(bench, qtbot, lambda: bench.chat.send(text))


def let_all_come_about(bench: Bench) -> None:
    for _ in range(4):  # the timer, the store twice, the model
        QCoreApplication.processEvents()
        drain(bench.work)


def wait_for_title(bench: Bench, qtbot: QtBot, title: str) -> None:
    qtbot.waitUntil(lambda: bench.chat.current.title == title, timeout=PATIENCE_MS)


def test_the_model_names_what_was_said_behind_the_conversation_itself(bench: Bench, qtbot: QtBot) -> None:
    bench.chat.change_settings(lambda settings: replace(settings, system="Answer in formal words."))
    ask(bench, qtbot, "Could you tell me the notice period?")
    assert bench.chat.current.title == "Tell me the notice period?"
    bench.backend.script = answer('"Notice period of the lease."\n\nI chose this since …')
    wait_for_title(bench, qtbot, "Notice period of the lease")
    asked, named = bench.backend.requests
    assert named.messages[:2] == (*asked.messages, named.messages[1])
    assert [each.text for each in named.messages[:2]] == ["Could you tell me the notice period?", "Six months."]
    assert len(named.messages) == 3
    assert named.system == asked.system
    purpose = purpose_of(named)
    assert (purpose.errand, purpose.conversation, purpose.words) == (Errand.TITLE, bench.chat.current.id, 0)
    assert purpose.earlier_words == len(["Could", "you", "tell", "me", "the", "notice", "period?", "Six", "months."])
    assert len(bench.path) == 2


def test_it_is_asked_in_the_language_of_the_question(bench: Bench, qtbot: QtBot) -> None:
    ask(bench, qtbot, "通知期是多久？")
    bench.backend.script = answer("租约：通知期")
    wait_for_title(bench, qtbot, "租约：通知期")
    assert "标题" in bench.backend.requests[-1].messages[-1].text


@pytest.mark.parametrize(
    ("modes", "changes", "sent"),
    [
        ((ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON), False, ThinkingMode.OFF),
        ((ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON), True, ThinkingMode.AUTO),
        ((ThinkingMode.AUTO, ThinkingMode.LOW, ThinkingMode.HIGH), False, ThinkingMode.AUTO),
    ],
)
def test_thinking_is_off_where_that_leaves_the_prompt_as_it_is(
    wanting: Callable[..., Bench], qtbot: QtBot, modes: tuple[ThinkingMode, ...], changes: bool, sent: ThinkingMode
) -> None:
    info = ModelInfo("scripted", capabilities=frozenset({"completion", "thinking"}), thinking_modes=modes)
    bench = wanting(info=replace(info, off_changes_prompt=changes))
    ask(bench, qtbot, "What is the notice period?")
    bench.backend.script = answer("Lease: notice period")
    wait_for_title(bench, qtbot, "Lease: notice period")
    assert bench.backend.requests[-1].thinking.mode is sent


@pytest.mark.parametrize("begins", ["a question", "a key"])
def test_whatever_begins_ends_the_asking(bench: Bench, qtbot: QtBot, begins: str) -> None:
    ask(bench, qtbot, "What is the notice period?")
    bench.backend.script = [Hold()]
    qtbot.waitUntil(lambda: len(bench.backend.requests) == 2, timeout=PATIENCE_MS)
    if begins == "a question":
        assert bench.chat.send("And the rent?")
    else:
        bench.chat.titles.cancel()  # as the message box does when it is typed in
    qtbot.waitUntil(lambda: bench.backend.was_cancelled, timeout=PATIENCE_MS)
    assert bench.chat.current.title == "What is the notice period?"
    bench.chat.stop()


def on_battery(bench: Bench) -> None:
    bench.chat.titles.is_on_battery = lambda: True


def unwanted(bench: Bench) -> None:
    bench.chat.titles.is_wanted = False


def named_by_the_user(bench: Bench) -> None:
    bench.chat.generation_ended.connect(lambda each: bench.chat.rename(each.conversation.id, "Mine"))


def nearby(bench: Bench) -> None:
    bench.models.set_connections([replace(CONNECTION, address="http://10.0.0.7:11434")])


FIRST = "What is the notice period?"
PLAIN = ModelInfo("scripted")
# What is made so before the question, with which model; the title that it keeps.
UNASKED: dict[str, tuple[Callable[[Bench], object], ModelInfo, str]] = {
    "on battery": (on_battery, PLAIN, FIRST),
    "not wanted": (unwanted, PLAIN, FIRST),
    "in a temporary conversation": (lambda bench: bench.chat.new_temporary(), PLAIN, FIRST),
    "the user has named it": (named_by_the_user, PLAIN, "Mine"),
    "a model nearby": (nearby, PLAIN, FIRST),
    "a model beyond its server": (lambda _: None, replace(PLAIN, forwarded_to="ollama.com"), FIRST),
    "a very small model": (lambda _: None, replace(PLAIN, parameters=135_000_000), FIRST),
}


@pytest.mark.parametrize("case", UNASKED)
def test_no_title_is_asked_for(wanting: Callable[..., Bench], qtbot: QtBot, case: str) -> None:
    make, info, title = UNASKED[case]
    bench = wanting(info=info)
    make(bench)
    qtbot.waitUntil(lambda: not bench.models.is_loading, timeout=PATIENCE_MS)
    ask(bench, qtbot, FIRST)
    let_all_come_about(bench)
    assert len(bench.backend.requests) == 1
    assert bench.chat.current.title == title


def test_only_the_first_answer_is_followed_by_it(bench: Bench, qtbot: QtBot) -> None:
    unwanted(bench)
    ask(bench, qtbot, FIRST)
    bench.chat.titles.is_wanted = True
    ask(bench, qtbot, "And the rent?")
    let_all_come_about(bench)
    assert len(bench.backend.requests) == 2


TITLE = TextDelta("Lease: notice period")
STOP = Finished(FinishReason.STOP)
FAST, SLOW = Measured(load_seconds=0.02, read_seconds=0.1), Measured(load_seconds=0.02, read_seconds=8.0)


@pytest.mark.parametrize(
    ("events", "is_asked_again"),
    [
        ([TITLE, UsageReported(Usage(prompt_tokens=900, cached_tokens=850)), STOP], True),
        ([TITLE, UsageReported(Usage(prompt_tokens=900, cached_tokens=0)), STOP], False),
        ([TITLE, UsageReported(Usage(prompt_tokens=900)), FAST, STOP], True),  # by the time that it took
        ([TITLE, UsageReported(Usage(prompt_tokens=900)), SLOW, STOP], False),
        ([TITLE, Measured(load_seconds=4.0), STOP], False),
        ([TITLE, UsageReported(Usage(prompt_tokens=60, cached_tokens=0)), STOP], True),  # so little is nothing
        ([TextDelta("Well, " * 50), STOP], False),  # which is no title
    ],
)
def test_a_model_that_reads_the_conversation_anew_or_gives_no_title_is_not_asked_again(
    bench: Bench, qtbot: QtBot, events: list[StreamEvent], is_asked_again: bool
) -> None:
    bench.backend.script = [TextDelta("Six months."), Measured(read_per_second=100.0), STOP]
    ask(bench, qtbot, SAID)
    bench.backend.script = events
    qtbot.waitUntil(lambda: len(bench.backend.requests) == 2, timeout=PATIENCE_MS)
    let_all_come_about(bench)
    bench.backend.script = answer("Six months.")
    bench.chat.new()
    ask(bench, qtbot, "What is the notice period?")
    let_all_come_about(bench)
    assert len(bench.backend.requests) == (4 if is_asked_again else 3)


@pytest.mark.parametrize(
    ("answered", "title"),
    [
        ("Lease: notice period", "Lease: notice period"),
        ("**“Notice period of the lease.”**\nI chose this …", "Notice period of the lease"),
        ("The task:\n\nThe task:", ""),  # of which nothing was said
        ("This conversation is about the notice period that holds for a lease, and what follows from that.", ""),
        ("", ""),
    ],
)
def test_what_is_no_title_is_not_taken(answered: str, title: str) -> None:
    assert titles.title_in_answer(answered, [user_message("What is the notice period of this lease?")]) == title


def test_an_ollama_neither_loads_a_model_anew_for_it_nor_reads_anything_twice(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(titles, "_IDLE_MS", 0)
    file = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 2_000)
    model = WindowedModel("Forty is what it costs.", stay=300.0)
    with running_server(model.script) as server:
        bench = make_bench(OllamaBackend(server.url, poll_interval=0.01))
        bench.chat.titles.is_wanted = True
        bench.chat.choose_model(ModelChoice("here", MODEL))
        wait_for_reply(bench, qtbot, lambda: bench.chat.send("What does a chair cost?", attached=[file]))
        wait_for_title(bench, qtbot, "Forty is what it costs")
        drain(bench.work)
        assert model.read_anew[-1] < 0.05 * len(model.prompts[-1])
        bench.chat.new()
        wait_for_reply(bench, qtbot, lambda: bench.chat.send("What does a table cost?", attached=[file]))
        wait_for_title(bench, qtbot, "Forty is what it costs")  # since the first title took nothing
        drain(bench.work)
    assert len(model.loads) == 1
    assert model.read_anew[-1] < 0.05 * len(model.prompts[-1])
