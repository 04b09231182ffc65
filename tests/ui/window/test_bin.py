"""The bin, and that words which were deleted or typed are nowhere on the disk."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desktop.core.message import MessageStatus
from desktop.core.policy.fixed import Keeping, Policy
from desktop.store.database import open_store
from desktop.ui.chat.header import TitleField
from desktop.ui.chat.outgoing import InstructionsDialog
from desktop.ui.composer import card
from desktop.ui.connections.form import ConnectionForm
from desktop.ui.guided.sheet import GuidedSheet
from desktop.ui.prompts import presenter
from desktop.ui.sidebar.list import ConversationListView
from desktop.ui.widgets.form import ChoiceBox
from desktop.ui.window.bin_page import BinPage
from tests.store.conftest import turn
from tests.support.in_process import open_program
from tests.ui.steps import answering, build


@pytest.fixture
def opened(candor_home, open_it):
    """The program with a kept conversation, three deleted ones, and one that has been in the bin for too long."""
    file = candor_home / "candor.db"
    store = open_store(file)
    for words in ("kept", "of long ago", "secret plans", "第二份合同", "old news"):
        conversation, asked, reply = turn(words, f"about {words}")
        store.begin_reply(conversation, [asked, reply])
        if words != "kept":
            store.delete_conversation(conversation.id)
    store.close()
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE conversations SET deleted_at = deleted_at - 31 * 86400 WHERE title = 'of long ago'")
    with open_it() as program:
        program.wait_until(lambda: len(program.program.chat.conversations) == 1)
        yield program


def page_of(opened):
    buttons = opened.window.sidebar.findChildren(QAbstractButton)
    next(each for each in buttons if each.accessibleName() == "Deleted conversations").click()
    page = opened.window.findChild(BinPage)
    assert isinstance(page, BinPage)
    opened.wait_until(lambda: page.list.count() == 3)
    return page


def titles(page):
    return [page.list.item(row).text().partition("\n")[0] for row in range(page.list.count())]


def test_what_was_deleted_is_listed_the_latest_first_restored_or_erased_without_leaving_a_word(opened, candor_home):
    page = page_of(opened)
    assert titles(page) == ["old news", "第二份合同", "secret plans"]
    assert page.list.item(0).text().endswith("deleted today · 30 days left")
    page.list.setCurrentRow(2)
    with answering("Cancel") as question:
        QTest.keyClick(page.list, Qt.Key.Key_Delete)
        opened.wait_until(lambda: question.was_asked)
    assert page.list.count() == 3
    with answering("Delete for good") as question:
        opened.click("Delete for good…", page)
        opened.wait_until(lambda: page.list.count() == 2)
    assert question.text == "Delete 1 conversation for good?"
    opened.drain_store()
    for file in candor_home.glob("candor.db*"):
        assert b"secret plans" not in file.read_bytes()
    page.list.setCurrentRow(1)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    opened.wait_until(lambda: opened.program.chat.current.title == "第二份合同")
    assert opened.window.is_chat_in_front
    opened.wait_until(lambda: titles(page) == ["old news"])
    assert len(opened.program.chat.conversations) == 2
    opened.program.services.settings.change(bin_days=0)
    opened.window.parts.bin.open()
    opened.wait_until(lambda: page.list.item(0) is not None and page.list.item(0).text().endswith("deleted today"))
    assert "until you delete them for good" in page.explanation.text()


def test_what_was_erased_before_the_disk_refused_is_listed_no_more(opened, candor_home):
    page = page_of(opened)
    with closing(sqlite3.connect(candor_home / "candor.db")) as other, other:
        other.execute(
            "CREATE TRIGGER refusal BEFORE DELETE ON conversations WHEN old.title = '第二份合同' "
            "BEGIN SELECT RAISE(FAIL, 'the disk refuses'); END"
        )
    with answering("Delete for good"):
        opened.click("Empty the bin…", page)
        opened.wait_until(lambda: titles(page) == ["第二份合同", "secret plans"])


SECRET = "the merger with Zyxwv Holdings"


def on_disk(home, words):
    """Return the files below the program's folder that hold these words."""
    return [each.name for each in home.rglob("*") if each.is_file() and words.encode() in each.read_bytes()]


def words_of_labels(opened):
    """Return what can be read or pressed on the page of messages, and the hints of its boxes."""
    parts = [each for each in opened.window.chat_page.findChildren(QWidget) if each.isVisible()]
    said = [each.text() for each in parts if isinstance(each, QLabel | QAbstractButton)]
    hints = [each.placeholderText() for each in parts if isinstance(each, QPlainTextEdit)]
    return [*said, *hints, *(each.accessibleDescription() for each in parts)]


def has_answered(opened, count):
    return len(opened.path) == count and opened.path[-1].status is MessageStatus.COMPLETE


def test_no_word_reaches_the_disk(open_it, candor_home, server):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        assert opened.window.empty.isVisible()
        opened.write(SECRET)
        opened.press("Ctrl+N")  # a slip: what was written is in the next temporary one, and nowhere else
        assert opened.window.composer.text() == ""
        opened.press("Ctrl+Shift+T")
        assert opened.window.composer.text() == SECRET
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        opened.write(f"more on {SECRET}")
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 4))
        assert len(server.chats[-1].json["messages"]) >= 3  # what was said goes along
        opened.write(f"unsent: {SECRET}")
        identity = opened.program.chat.current.id
        for keys in ("Ctrl+N", "Ctrl+Shift+T"):
            opened.press(keys)
            assert opened.window.composer.text() == ""
        opened.program.chat.open(identity)
        opened.wait_until(lambda: opened.window.composer.text() == f"unsent: {SECRET}")
        assert [each.text for each in opened.path][::2] == [SECRET, f"more on {SECRET}"]
        opened.drain_store()
        assert on_disk(candor_home, "Zyxwv") == []
    assert on_disk(candor_home, "Zyxwv") == []
    with open_it() as opened:
        opened.drain_store()
        assert opened.program.chat.conversations == []
        assert opened.window.composer.text() == ""


def test_a_fresh_start_from_it_is_temporary_too_and_deleting_both_leaves_nothing_in_the_bin(open_it, candor_home):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        opened.write(SECRET)
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        before = opened.program.chat.current.id
        opened.program.chat.fresh.start_conversation()
        assert opened.program.chat.current.id != before
        opened.write(f"again {SECRET}")
        opened.press_enter()
        opened.wait_until(lambda: has_answered(opened, 2))
        opened.drain_store()
        assert on_disk(candor_home, "Zyxwv") == []
        for temporary in (opened.program.chat.current.id, before):
            opened.program.chat.delete(temporary)
        found: list[object] = []
        opened.program.chat.shelf.bin_found.connect(found.extend)
        opened.program.chat.shelf.look_into_bin()
        opened.drain_store()
        assert found == []
        assert opened.program.chat.conversations == []


def test_a_temporary_conversation_takes_no_files_and_leaves_the_draft_of_a_kept_one(open_it, tmp_path):
    file = tmp_path / "plan.txt"
    file.write_text(SECRET)
    with open_it() as opened:
        opened.wait_for_model()
        opened.write("half a thought")
        opened.press("Ctrl+Shift+T")
        assert opened.window.composer.text() == ""
        assert not [each for each in words_of_labels(opened) if "file" in each and "no files" not in each]
        opened.window.empty.guide_wanted.emit("ask_document")
        opened.wait_until(lambda: "Which document is it?" in words_of_labels(opened))
        assert not [each for each in words_of_labels(opened) if "file" in each]
        opened.press("Escape")
        opened.window.files.pick()  # says so at once, and asks for no file
        assert "temporary conversation" in opened.notice
        opened.window.files.attach([file])
        opened.wait_until(lambda: "plan.txt" in opened.notice)
        assert "temporary conversation" in opened.notice
        opened.program.chat.attachments.add_bytes(b"picture", "Picture")
        assert opened.program.chat.attachments.items == []
        opened.drain_store()
        assert not [each for each in (opened.folder / "files").rglob("*") if each.is_file()]
        opened.write("something else")
        opened.press("Ctrl+N")
        opened.wait_until(lambda: opened.window.composer.text() == "half a thought")


_BETWEEN_KEYS_MS = 40


@pytest.fixture
def overdue_soon(monkeypatch):
    """What is typed without a pause is to be kept after a shorter while."""
    for module in (card, presenter):
        monkeypatch.setattr(module, "DRAFT_LATEST_MS", 400)


@contextlib.contextmanager
def typing_on(word):
    """Type a word again and again wherever the keyboard is, without a pause."""
    timer = QTimer()
    timer.timeout.connect(lambda: QTest.keyClicks(QApplication.focusWidget(), f"{word} "))
    timer.start(_BETWEEN_KEYS_MS)
    yield
    timer.stop()


def in_box(opened):
    opened.write("")


def in_change_of_message(opened):
    opened.ask("first")
    opened.press("Up")
    opened.wait_until(lambda: opened.window.composer.is_editing)


def in_builder(opened):
    build(opened, task="")


def in_question(opened):
    opened.window.empty.guide_wanted.emit("reply")
    sheet = opened.window.findChild(GuidedSheet)
    opened.wait_until(sheet.isVisible)
    sheet.answers.pass_over()
    sheet.answers.own.setFocus()


@pytest.mark.usefixtures("overdue_soon")
def test_words_are_on_the_disk_while_typing_goes_on(open_it):
    written = [
        (in_question, "SELECT draft FROM prompt_drafts"),
        (in_change_of_message, "SELECT text FROM drafts WHERE conversation_id LIKE '% edit'"),
        (in_box, "SELECT text FROM drafts WHERE conversation_id NOT LIKE '% edit'"),
        (in_builder, "SELECT draft FROM prompt_drafts"),
    ]
    with open_it() as opened:
        opened.wait_for_model()
        with contextlib.closing(sqlite3.connect(opened.folder / "candor.db")) as file:
            for begin, query in written:
                begin(opened)
                opened.drain_store()
                with typing_on(word := begin.__name__):
                    opened.wait_until(
                        lambda query=query, word=word: any(word in text for (text,) in file.execute(query))
                    )
                opened.press("Escape")


def type_into_connection(opened, provider=0):
    """Write into all that is shown of a new connection to one of the providers, keys and passwords too."""
    opened.window.connections.show()
    if not opened.window.connections.page.findChild(ConnectionForm).isVisible():
        opened.click("Add a connection")
    choice = opened.window.connections.page.findChild(ChoiceBox)
    choice.setCurrentIndex(provider)
    choice.activated.emit(provider)
    fields = opened.window.connections.page.findChildren(QLineEdit)
    typed = [each for each in fields if each.isVisible() and not each.isReadOnly()]
    assert typed
    for field in typed:
        QTest.keyClicks(field, SECRET)


def test_what_was_typed_into_a_form_is_asked_about(open_it):
    """By another language, by closing, and by the Escape that would leave instructions."""
    with open_it() as opened:
        opened.wait_for_model()
        opened.window.header.place.instructions_requested.emit()
        dialog = opened.window.findChild(InstructionsDialog)
        QTest.keyClicks(dialog.here, "Be brief.")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert opened.says("Leave once more to discard what you typed.")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        type_into_connection(opened)
        opened.window.settings_requested.emit()
        opened.program.services.settings.change(language="zh_CN")
        assert opened.window.isVisible()
        assert opened.says("Leave once more to discard what you typed.")
        assert not opened.program.shall_reopen
        assert QApplication.activeModalWidget() is None
        type_into_connection(opened)
        opened.window.show_chat()
        assert not opened.window.close_if_allowed()
        assert opened.page == "connections"
        assert opened.says("Leave once more to discard what you typed.")
        assert opened.window.close_if_allowed()


def at_title(opened):
    opened.window.header.findChild(TitleField).begin_editing()


def at_row(opened):
    listed = opened.window.sidebar.findChild(ConversationListView)
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_F2)


@pytest.mark.parametrize("begin", [at_title, at_row])
def test_a_title_that_is_being_written_is_kept_at_closing(open_it, begin):
    with open_it() as opened:
        opened.ask("first")
        begin(opened)
        opened.wait_until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        QTest.keyClicks(QApplication.focusWidget(), "Chairs")
        opened.window.close()
    store = opened.stored()
    assert [each.title for each in store.conversations()] == ["Chairs"]
    store.close()


@pytest.mark.parametrize("policy", [None, Policy(source="x", keep=Keeping.UNTIL_CLOSED)])
@pytest.mark.usefixtures("overdue_soon")
def test_nothing_typed_reaches_the_disk_where_nothing_is_kept(qapp, open_it, candor_home, policy):
    kept: list[str] = []
    with open_it() if policy is None else open_program(qapp, candor_home, policy=policy) as opened:
        opened.wait_for_model()
        opened.press("Ctrl+Shift+T")
        chat = opened.program.chat
        opened.window.composer.draft_overdue.connect(kept.append)
        for begin in (in_box, in_change_of_message):
            begin(opened)
            with typing_on(SECRET):
                opened.wait_until(lambda: kept)
            kept.clear()
        in_builder(opened)
        with typing_on(SECRET):
            work, read = chat.services.work, chat.services.store.prompt_draft
            opened.wait_until(lambda: work.run(read, chat.draft_key).future.result())
        type_into_connection(opened)
        opened.drain_store()
        assert on_disk(candor_home, "Zyxwv") == []
    assert on_disk(candor_home, "Zyxwv") == []


@pytest.mark.usefixtures("overdue_soon")
def test_no_key_or_password_of_a_form_reaches_the_disk(open_it, candor_home):
    """Not even where words are kept: the whole form is held in memory alone."""
    with open_it() as opened:
        opened.wait_for_model()
        for provider in range(3):
            type_into_connection(opened, provider)
        kept: list[str] = []
        opened.window.show_chat()
        opened.window.composer.draft_overdue.connect(kept.append)
        in_box(opened)
        with typing_on("words"):
            opened.wait_until(lambda: kept)
        opened.drain_store()
        assert on_disk(candor_home, "Zyxwv") == []
    assert on_disk(candor_home, "Zyxwv") == []
