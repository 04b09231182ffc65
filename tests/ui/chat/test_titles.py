"""A conversation is named by its model while nobody does anything, and what the user has begun ends that."""

from __future__ import annotations

import contextlib

import pytest

from desktop.runtime import titles
from desktop.ui.composer import card
from tests.support.scripted_server import Fed, Hold, Reply
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.prompts.building import build

pytestmark = pytest.mark.window


def _answered(request):
    if len(request.json["messages"]) > 1:
        return Reply([Hold()])
    return ndjson(ollama_lines("Six months."), before_head=[Fed()])


@pytest.fixture
def asking(open_over, monkeypatch):
    """Make a program whose model is being asked for a title, after `meanwhile` was done while its answer came."""
    monkeypatch.setattr(titles, "_IDLE_MS", 0)
    monkeypatch.setattr(card, "_DRAFT_PAUSE_MS", 600_000)

    @contextlib.contextmanager
    def made(meanwhile):
        with open_over(ollama_script(_answered)) as (opened, server):
            opened.program.chat.titles.is_wanted = True
            opened.wait_for_model()
            opened.write("What is a notice period?")
            opened.press_enter()
            opened.wait_until(lambda: len(server.chats) == 1)
            meanwhile(opened)
            server.feed(None)
            opened.wait_until(lambda: len(server.chats) == 2)
            yield opened, server
            opened.wait_until(lambda: server.chats[1].closed_at is not None)
            assert opened.program.chat.current.title == "What is a notice period?"

    return made


@pytest.mark.parametrize("written", ["", "And the "])
def test_a_letter_in_the_message_box_ends_the_asking_for_a_title(asking, written):
    """Also behind words that were written while the answer came."""
    with asking(lambda opened: opened.write(written)) as (opened, _):
        opened.write("A")


def test_a_letter_in_the_prompt_builder_ends_it(asking):
    with asking(build) as (opened, _):
        build(opened, task="A")
