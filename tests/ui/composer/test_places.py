"""Asking for the page of each statement, in the window: offered beside a file, sent, remembered, and sent again."""

from __future__ import annotations

import pytest

from desktop.ui.prompts.panel import PromptPanel
from tests.support.scripted_reader import ScriptedReader
from tests.ui.documents.giving import chip_words, drop, files_as_data

pytestmark = pytest.mark.window
SENTENCE = "Name the page for each statement."


@pytest.fixture
def opened(open_it, monkeypatch):
    reader = ScriptedReader()
    monkeypatch.setattr("desktop.app.ReaderProcess", lambda: reader)
    with open_it() as program:
        yield program


@pytest.fixture
def contract(tmp_path):
    file = tmp_path / "contract.txt"
    file.write_text("The rent is 4,150.\fThe deposit is 12,500.", encoding="utf-8")
    return file


def entry(opened):
    """The entry of the place's menu that asks for places."""
    return next(each for each in opened.window.header.place.menu.actions() if each.isCheckable())


def give(opened, file):
    opened.wait_for_model()
    drop(opened.window, files_as_data(file))
    opened.wait_until(lambda: bool(chip_words(opened)) and "2 pages" in chip_words(opened)[0])


def asked(server):
    return str(server.chats[-1].json["messages"][-1]["content"])


def last_said(opened):
    path = opened.program.chat.path
    message = path.message(path.entries[-2].id)
    assert message is not None
    return message.text


def test_the_sentence_goes_with_the_message_is_remembered_and_sent_again_with_it_alone(opened, server, contract):
    assert not entry(opened).isVisible()
    give(opened, contract)
    opened.wait_until(lambda: entry(opened).isVisible())
    assert entry(opened).text() == "Ask for pages"
    assert SENTENCE in entry(opened).toolTip()
    entry(opened).trigger()
    opened.ask("How high is the rent?")
    assert asked(server).endswith(f"How high is the rent?\n\n{SENTENCE}")
    assert last_said(opened) == f"How high is the rent?\n\n{SENTENCE}"
    assert (entry(opened).isVisible(), entry(opened).isChecked()) == (True, True)  # the conversation has the file now
    entry(opened).trigger()
    sent = len(server.chats)
    opened.program.chat.try_again()
    opened.wait_until(lambda: len(server.chats) > sent and opened.program.chat.generation is None)
    assert asked(server).endswith(SENTENCE)  # the message as it was
    opened.ask("And the deposit?")
    assert asked(server).endswith("And the deposit?")


def test_the_builder_shows_the_sentence_in_what_it_sends(opened, server, contract):
    give(opened, contract)
    opened.ask("How high is the rent?")
    opened.press("Ctrl+B")
    panel = opened.window.findChild(PromptPanel)
    assert isinstance(panel, PromptPanel)
    opened.wait_until(lambda: panel.foot.asks_places.isVisible())
    panel.show_draft(panel.new_draft.with_text(panel.framework.task.key, "How high is the deposit?"))
    panel.foot.asks_places.click()
    assert panel.prompt.text == f"How high is the deposit?\n\n{SENTENCE}"
    assert panel.prompt_as_text == "How high is the deposit?"  # the message box asks by itself
    assert entry(opened).isChecked()
    sent = len(server.chats)
    panel.send()
    opened.wait_until(lambda: len(server.chats) > sent)
    assert asked(server).endswith(f"How high is the deposit?\n\n{SENTENCE}")
