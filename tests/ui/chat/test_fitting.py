"""What does not fit into the model's window: the meter, the choices, and what comes of each."""

from __future__ import annotations

import re
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.core.context import (
    AsItIs,
    ChosenPages,
    FileFilling,
    Filling,
    InPieces,
    LeaveOut,
    Passages,
)
from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.core.message import user_message
from desktop.core.models.window import Window, WindowSource
from desktop.store.files import FileStore
from desktop.ui.chat.filling import ChoiceSheet, reading, taken_room, verdict
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.words import number
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_reader import ScriptedReader
from tests.support.scripted_server import running_server
from tests.ui.steps import asked, chip_words, drop, files_as_data

DOES_NOT_FIT = re.compile("of it fits?$|does not fit")

PAGES = [f"Clause {number}. " + f"The tenant keeps room {number} clean. " * 40 for number in range(1, 60)]
PAGES[30] = "Clause 31. The deposit is 12,500. It is paid before the keys are handed over."


@pytest.fixture
def model():
    return WindowedModel("It is 12,500.", trained=8_192)


@pytest.fixture
def server(model):
    with running_server(model.script) as made:
        yield made


@pytest.fixture
def opened(open_it, monkeypatch):
    monkeypatch.setattr("desktop.app.ReaderProcess", ScriptedReader)
    with open_it() as program:
        yield program


@pytest.fixture
def contract(tmp_path):
    file = tmp_path / "contract.txt"
    file.write_text("\f".join(PAGES), encoding="utf-8")
    return file


def sheet(opened):
    [found] = opened.window.findChildren(ChoiceSheet)
    return found


def offered(opened):
    return [type(choice) for choice, _ in sheet(opened).choices]


def ask_about(opened, file, question):
    """Give the file, write the question, and press Enter, whereupon the sheet stands there."""
    opened.wait_for_models()
    drop(opened.window, files_as_data(file))
    opened.wait_until(lambda: "59 pages" in " ".join(chip_words(opened)))
    opened.box.setPlainText(question)
    QTest.keyClick(opened.box, Qt.Key.Key_Return)
    opened.wait_until(lambda: not sheet(opened).isHidden())


def disk_is_full(_folder, _content):
    raise ReadingError(ReadingProblem.DISK_FULL)


def choose(opened, wanted):
    QTest.keyClick(sheet(opened), Qt.Key(Qt.Key.Key_1 + offered(opened).index(wanted)))
    QTest.keyClick(sheet(opened), Qt.Key.Key_Return)


def test_nothing_is_sent_before_the_user_has_chosen_and_then_as_they_chose(opened, server, contract):
    ask_about(opened, contract, "How much is the deposit?")
    assert {Passages, ChosenPages, InPieces} <= set(offered(opened))
    QTest.keyClick(sheet(opened), Qt.Key.Key_Escape)
    assert sheet(opened).isHidden()
    assert opened.box.toPlainText() == "How much is the deposit?"
    opened.wait_until(lambda: DOES_NOT_FIT.search(chip_words(opened)[0]))
    opened.press_enter()
    choose(opened, Passages)  # which are shown before they go
    opened.wait_until(lambda: not opened.window.is_chat_in_front)
    assert server.chats == []
    QTest.keyClick(opened.window, Qt.Key.Key_Escape)
    opened.wait_until(lambda: opened.window.is_chat_in_front)
    opened.press_enter()
    opened.wait_until(lambda: server.chats and opened.program.chat.generation is None)
    text = asked(server)
    assert "12,500" in text
    assert len(text) < 12_000
    assert text.startswith('""" contract.txt, ')
    opened.window.new_conversation()
    ask_about(opened, contract, "How much is the deposit?")
    choose(opened, InPieces)  # the notes go in its place
    opened.wait_until(lambda: len(opened.path) == 2 and opened.path[1].text)
    assert len(server.chats) > 3
    assert "notes from" in asked(server).splitlines()[0]
    assert opened.path[0].text == "How much is the deposit?"
    assert chip_words(opened) == []


def test_a_pasted_text_that_does_not_fit_is_taken_apart_like_a_file(opened, server, monkeypatch):
    opened.wait_for_models()
    opened.write("How much is the deposit?")
    opened.paste("\n\n".join(PAGES))
    assert chip_words(opened) == []  # it stands there as a pasted text, which is a part of the message's words
    written = opened.window.composer.text()
    with monkeypatch.context() as full:
        full.setattr(FileStore, "keep_bytes", disk_is_full)
        opened.press_enter()
        opened.wait_until(lambda: "was not attached" in opened.notice)
    assert opened.window.composer.text() == written  # nothing has gone without the text
    assert len(opened.window.composer.pasted_texts) == 1
    opened.press_enter()
    opened.wait_until(lambda: not sheet(opened).isHidden())
    assert server.chats == []
    assert {Passages, InPieces} <= set(offered(opened))
    QTest.keyClick(sheet(opened), Qt.Key.Key_Escape)
    opened.wait_until(lambda: chip_words(opened) and DOES_NOT_FIT.search(chip_words(opened)[0]))
    [file] = opened.program.chat.attachments.items
    assert file.part is not None
    assert "The deposit is 12,500." in opened.program.chat.attachments.parts()[0].text  # type: ignore[union-attr]
    assert opened.window.composer.text() == "How much is the deposit?"
    attachments = opened.program.chat.attachments
    attachments.remove(file.id)
    opened.paste("\n\n".join(PAGES))
    before = [user_message("Answer in one line.")]
    opened.window.presenter.send_written(before)  # as a fresh start does: what stands before it goes along
    opened.wait_until(lambda: not sheet(opened).isHidden())
    choose(opened, InPieces)
    opened.wait_until(lambda: len(opened.path) > 1)
    assert [each.text for each in opened.path][:2] == ["Answer in one line.", "How much is the deposit?"]
    opened.wait_until(lambda: opened.program.chat.generation is None)
    opened.paste("word " * 2_500)
    opened.window.presenter.send_written([user_message("\n\n".join(PAGES))])
    assert not sheet(opened).isHidden()
    assert len(opened.window.composer.pasted_texts) == 1  # it is not what is too long


def test_a_very_long_paste_is_a_file_at_once_and_undo_takes_it_out(opened, server, monkeypatch):
    text = "\n\n".join(PAGES * 4)
    opened.wait_for_models()
    opened.write("Is it all the same? ")
    opened.paste(text)
    attachments = opened.program.chat.attachments
    opened.wait_until(lambda: attachments.parts())
    assert opened.window.composer.pasted_texts == ()
    opened.write("Yes")
    opened.press("Ctrl+Z")
    assert opened.box.toPlainText() == "Is it all the same? "
    assert len(attachments.items) == 1
    opened.press("Ctrl+Z")
    assert attachments.items == []
    assert opened.box.toPlainText() == "Is it all the same? "
    opened.press("Ctrl+Shift+Z")
    assert len(attachments.items) == 1
    opened.press("Ctrl+Shift+Z")
    assert opened.box.toPlainText() == "Is it all the same? Yes"
    opened.press("Ctrl+Z")
    opened.press("Ctrl+Z")
    assert (attachments.items, opened.box.toPlainText()) == ([], "Is it all the same? ")
    opened.press("Ctrl+Z")
    assert opened.box.toPlainText() == ""
    opened.window.composer.take_files(False)  # as in a temporary conversation, of which nothing is kept on the disk
    opened.paste(text)
    assert opened.window.composer.pasted_texts == (text,)
    opened.press_enter()
    assert offered(opened) == [AsItIs]
    QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Return)  # goes back: all else has to be meant
    assert (sheet(opened).isHidden(), server.chats) == (True, [])
    opened.press_enter()
    QTest.keyClick(sheet(opened), Qt.Key.Key_1)
    QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Return)
    opened.wait_until(lambda: server.chats)
    assert text.strip() in asked(server)
    # One that can't be kept comes back as a text, to the conversation that it was pasted into.
    chat, tried = opened.program.chat, threading.Event()

    def fail_late(folder, content):
        tried.wait(10)
        return disk_is_full(folder, content)

    monkeypatch.setattr(FileStore, "keep_bytes", fail_late)
    pasted_into = chat.current.id
    opened.window.composer.take_files(True)
    opened.paste(text)
    chat.new_temporary()
    tried.set()
    opened.wait_until(lambda: "was not attached" in opened.notice)
    assert opened.window.composer.text() == ""
    chat.open(pasted_into)
    opened.wait_until(lambda: opened.window.composer.text() == text)


def test_a_built_prompt_is_asked_about_and_stays_where_it_is(opened, server):
    opened.wait_for_models()
    opened.ask("A first question.")
    opened.press("Ctrl+B")
    panel = opened.window.findChild(PromptPanel)
    assert isinstance(panel, PromptPanel)
    opened.box.setPlainText("A question of its own.")
    part = panel.fields.part(panel.framework.task.key)
    words = "Say what is in it. " * 2_500
    part.words.set_text(words)
    part.words.changed.emit(words)
    panel.send()
    opened.wait_until(lambda: not sheet(opened).isHidden())
    assert len(server.chats) == 1
    QTest.keyClick(sheet(opened), Qt.Key.Key_Escape)
    assert panel.draft.text(panel.framework.task.key) == words
    assert len(server.chats) == 1
    # A long text among its material becomes a file, as in the message box, of which passages can be sent.
    asked = panel.fresh_draft.with_text(panel.framework.task.key, "How much is the deposit?")
    panel.change_draft(asked.with_material("context", "\n\n".join(PAGES)))
    panel.send()
    opened.wait_until(lambda: not sheet(opened).isHidden())
    assert InPieces in offered(opened)
    assert (panel.draft.materials, [each.field for each in panel.draft.files]) == ((), ["context"])


def test_messages_that_are_left_out_are_grey_and_can_be_sent_again(opened, server):
    opened.wait_for_models()
    opened.ask("First: " + "a rather long story about rooms. " * 500)
    opened.ask("Second: how are you?")
    opened.box.setPlainText("Third: " + "another long story about keys. " * 500)
    QTest.keyClick(opened.box, Qt.Key.Key_Return)
    opened.wait_until(lambda: not sheet(opened).isHidden())
    choose(opened, LeaveOut)
    opened.wait_until(lambda: len(server.chats) == 3 and opened.program.chat.generation is None)
    assert [each["content"][:6] for each in server.chats[-1].json["messages"]] == ["Second", "It is ", "Third:"]
    opened.window.transcript.bring(0, 0.0)
    opened.wait_until(lambda: opened.window.transcript.view_at(0) is not None)
    view = opened.window.transcript.view_at(0)
    assert view is not None
    assert view.accessibleName() == "You, not sent any more"
    assert view.findChild(MessageFooter).words == "Not sent any more: left out to make room"
    button_in(view, "Send again").click()
    assert view.accessibleName() == "You"
    assert view.findChild(MessageFooter).words == ""
    assert opened.program.chat.current.settings.left_out == ()


def button_in(widget, words):
    return next(each for each in widget.findChildren(QPushButton) if each.text() == words)


CONTRACT, PRICES = FileFilling("Contract.pdf", 4000, True, 3000), FileFilling("Prices.xlsx", 8000, True, 6000)


def filling(window, files, earlier, room, source=WindowSource.LOADED):
    """A filling by usual words, of which four tokens are three; the question has 27."""
    words, tokens = 3 * earlier // 4, sum(each.tokens for each in files) + earlier + 36
    return Filling(Window(window, source), 100, files, earlier, 40, room, False, words, 27, tokens)


FITS = filling(8000, (CONTRACT,), 800, 2000)
OVER = filling(16_000, (CONTRACT, PRICES), 1600, 3000)


def test_words_are_rounded_and_tell_what_takes_room():
    told = [reading(tokens, FITS) for tokens in (0, 40, 7_893, 100_000)]
    assert told == list(map(number, (0, 30, 5_900, 75_000)))
    assert taken_room(FITS) == [
        "Instructions 66",
        f"Files {number(3000)}",
        "Earlier messages 600",
        "This question 27",
        f"Room for the answer {number(1500)} of {number(6000)} words",
    ]
    assert verdict(FITS) == "800 words are free"
    assert verdict(OVER).startswith(f"Prices.xlsx {number(6000)}: not all of it fits, ")


@pytest.mark.parametrize(
    ("over", "said", "free"),
    [
        (700, "not all of it fits", 12_000),
        (7_000, "only two thirds of it fit", 8_500),
        (9_200, "only half of it fits", 7_100),
        (14_000, "only a third of it fits", 3_900),
        (18_000, "only a little of it fits", 1_300),
        (21_000, "does not fit", 0),
    ],
)
def test_how_much_of_a_file_fits_agrees_with_the_figures(over, said, free):
    agreement = FileFilling("Agreement.pdf", 20_000, True, 13_200)
    found = filling(20_100 + 40 - over, (agreement,), 0, 0)
    assert verdict(found) == f"Agreement.pdf {number(13_000)}: {said}, {number(free)} are free"
