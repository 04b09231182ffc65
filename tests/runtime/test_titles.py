"""Titles by a conversation's own model: where one is asked for, behind what, and never over one of the user's."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.core.events import Finished, FinishReason, Measured, TextDelta, UsageReported
from desktop.core.message import Usage, user_message
from desktop.core.model import ModelInfo
from desktop.core.request import Errand
from desktop.core.trust import purpose_of
from desktop.runtime import titles
from tests.runtime.conftest import CONNECTION, answer
from tests.support.scripted_backend import Hold, ScriptedBackend

SAID = "The notice period is six months to the end of a quarter. " * 20


@pytest.fixture
def wanting(make_bench, monkeypatch):
    """Make a bench that wants titles at once; the model answers with `text`."""
    monkeypatch.setattr(titles, "_IDLE_MS", 0)
    monkeypatch.setattr(titles, "_LOOK_MS", 5)

    def make(text="Six months.", info=None):
        made = make_bench(ScriptedBackend(answer(text), [info or ModelInfo("scripted")]))
        made.chat.titles.is_wanted = True
        return made

    return make


@pytest.fixture
def bench(wanting):
    return wanting()


def let_all_come_about(bench):
    for _ in range(4):  # the timer, the store twice, the model
        QCoreApplication.processEvents()
        bench.drain()


def wait_for_title(bench, title, told=""):
    """The model is asked for a title, and tells this one."""
    bench.backend.script = answer(told or title)
    bench.wait(lambda: bench.chat.current.title == title)


def test_the_model_names_what_was_said_behind_the_conversation_itself(bench):
    bench.chat.change_settings(lambda settings: replace(settings, system="Answer in formal words."))
    bench.ask("Could you tell me the notice period?")
    assert bench.chat.current.title == "Tell me the notice period?"
    wait_for_title(bench, "Notice period of the lease", '"Notice period of the lease."\n\nI chose this since …')
    asked, named = bench.backend.requests
    assert named.messages[:2] == (*asked.messages, named.messages[1])
    assert [each.text for each in named.messages[:2]] == ["Could you tell me the notice period?", "Six months."]
    assert len(named.messages) == 3
    assert named.system == asked.system
    purpose = purpose_of(named)
    assert (purpose.errand, purpose.conversation, purpose.words) == (Errand.TITLE, bench.chat.current.id, 0)
    assert purpose.earlier_words == len(["Could", "you", "tell", "me", "the", "notice", "period?", "Six", "months."])
    assert len(bench.path) == 2


@pytest.mark.parametrize("begins", ["a question", "a key"])
def test_whatever_begins_ends_the_asking(bench, begins):
    bench.ask("What is the notice period?")
    bench.backend.script = [Hold()]
    bench.wait(lambda: len(bench.backend.requests) == 2)
    if begins == "a question":
        assert bench.chat.send("And the rent?")
    else:
        bench.chat.titles.cancel()  # as the message box does when it is typed in
    bench.wait(lambda: bench.backend.was_cancelled)
    assert bench.chat.current.title == "What is the notice period?"
    bench.chat.stop()


def on_battery(bench):
    bench.chat.titles.is_on_battery = lambda: True


def unwanted(bench):
    bench.chat.titles.is_wanted = False


def named_by_the_user(bench):
    bench.chat.generation_ended.connect(lambda each: bench.chat.rename(each.conversation.id, "Mine"))


def nearby(bench):
    bench.models.set_connections([replace(CONNECTION, address="http://10.0.0.7:11434")])


FIRST = "What is the notice period?"
PLAIN = ModelInfo("scripted")
# What is made so before the question, with which model; the title that it keeps.
UNASKED = {
    "on battery": (on_battery, PLAIN, FIRST),
    "not wanted": (unwanted, PLAIN, FIRST),
    "in a temporary conversation": (lambda bench: bench.chat.new_temporary(), PLAIN, FIRST),
    "the user has named it": (named_by_the_user, PLAIN, "Mine"),
    "a model nearby": (nearby, PLAIN, FIRST),
    "a model beyond its server": (lambda _: None, replace(PLAIN, forwarded_to="ollama.com"), FIRST),
    "a very small model": (lambda _: None, replace(PLAIN, parameters=135_000_000), FIRST),
}


@pytest.mark.parametrize("case", UNASKED)
def test_no_title_is_asked_for(wanting, case):
    make, info, title = UNASKED[case]
    bench = wanting(info=info)
    make(bench)
    bench.wait(lambda: not bench.models.is_loading)
    bench.ask(FIRST)
    let_all_come_about(bench)
    assert len(bench.backend.requests) == 1
    assert bench.chat.current.title == title


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
    bench, events, is_asked_again, caplog
):
    caplog.set_level(logging.INFO)
    bench.backend.script = [TextDelta("Six months."), Measured(read_per_second=100.0), STOP]
    bench.ask(SAID)
    bench.backend.script = events
    bench.wait(lambda: bench.chat.current.title == TITLE.text or "not asked for titles again" in caplog.text)
    bench.backend.script = answer("Six months.")
    bench.chat.new()
    bench.ask("What is the notice period?")
    bench.wait(lambda: len(bench.backend.requests) >= 3 + is_asked_again)
    let_all_come_about(bench)
    assert len(bench.backend.requests) == 3 + is_asked_again


@pytest.mark.parametrize(
    ("said", "answered", "title"),
    [
        (FIRST, "**“Notice period of the lease.”**\nI chose this …", "Notice period of the lease"),
        (FIRST, "The task:\n\nThe task:", ""),  # of which nothing was said
        (FIRST, "This conversation is about the notice period that holds for a lease, and what follows from that.", ""),
        (FIRST, "", ""),
        ("Which policies apply when I travel?", "Travel policy", "Travel policy"),  # in any form of a word
        ("Compare our policy with theirs", "Policies", "Policies"),
        ("Is 3.5% too much?", "3.5%", "3.5%"),
        ("报销要多久？", "报销期限", "报销期限"),
    ],
)
def test_a_title_is_short_and_has_a_word_of_what_was_said(said, answered, title):
    assert titles.title_in_answer(answered, [user_message(said)]) == title


def test_a_title_of_a_megabyte_costs_little():
    said = [user_message("Which policies apply when I travel? " + "word of the report " * 60_000)]
    began = time.process_time()
    assert titles.title_in_answer("Travel policy", said) == "Travel policy"
    assert time.process_time() - began < 0.2
