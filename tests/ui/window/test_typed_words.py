"""What was typed is on the disk soon after its key, also while typing goes on, or is asked about when Candor closes.

Except where nothing is to be kept: in temporary conversations, under such a policy, and of keys and passwords.
"""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.core.policy.fixed import Keeping, Policy
from desktop.ui.chat.header import TitleField
from desktop.ui.chat.instructions import InstructionsDialog
from desktop.ui.connections.form import ConnectionForm
from desktop.ui.guided.sheet import GuidedSheet
from desktop.ui.sidebar.list import ConversationListView
from desktop.ui.widgets.form_parts import ChoiceBox
from tests.support.in_process import open_program
from tests.ui.prompts.building import build
from tests.ui.window.test_bin import SECRET, on_disk

pytestmark = pytest.mark.window

_BETWEEN_KEYS_MS = 60


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


@pytest.mark.parametrize(
    ("begin", "query"),
    [
        (in_box, "SELECT text FROM drafts"),
        (in_change_of_message, "SELECT text FROM drafts WHERE conversation_id LIKE '% edit'"),
        (in_builder, "SELECT draft FROM prompt_drafts"),
        (in_question, "SELECT draft FROM prompt_drafts"),
    ],
)
def test_words_are_on_the_disk_while_typing_goes_on(open_it, begin, query):
    with open_it() as opened:
        opened.wait_for_model()
        begin(opened)
        opened.drain_store()
        with contextlib.closing(sqlite3.connect(opened.folder / "candor.db")) as file, typing_on("meanwhile"):
            opened.wait_until(lambda: any("meanwhile" in text for (text,) in file.execute(query)))


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


def test_closing_asks_about_a_form_of_a_connection_once(open_it):
    with open_it() as opened:
        opened.wait_for_model()
        type_into_connection(opened)
        opened.window.show_chat()
        assert not opened.window.close_if_allowed()
        assert opened.page == "connections"
        assert opened.says("Leave once more to discard what you typed.")
        assert opened.window.close_if_allowed()


def test_another_language_asks_about_a_form_of_a_connection(open_it):
    with open_it() as opened:
        opened.wait_for_model()
        type_into_connection(opened)
        opened.window.settings_requested.emit()
        opened.program.services.settings.change(language="zh_CN")
        assert opened.window.isVisible()
        assert opened.says("Leave once more to discard what you typed.")
        assert not opened.program.shall_reopen
        assert QApplication.activeModalWidget() is None


def test_instructions_are_not_discarded_by_one_escape(open_it):
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
