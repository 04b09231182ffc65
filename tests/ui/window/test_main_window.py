"""The window around a conversation: drafts, pages, the sidebar, shortcuts, and what a failing disk offers."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMessageBox

from desktop.core.context import Filling
from desktop.core.errors import StoreError
from desktop.core.message import MessageStatus
from desktop.core.models.window import Window, WindowSource
from desktop.core.policy.fixed import Policy
from desktop.first_window import FirstWindow
from desktop.runtime import keeping
from desktop.store.database import SqliteStore
from desktop.store.settings import Settings
from desktop.ui.chat.header import TitleField
from desktop.ui.errors import describe_store
from desktop.ui.sidebar.list import ROW, ConversationAsk, ConversationListView, Heading, HeadingKind, id_at
from tests.support.in_process import open_program
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines
from tests.ui.steps import answering, build

pytestmark = pytest.mark.window


def choose(opened, title):
    """Click a conversation in the list."""
    listed = opened.window.sidebar.findChild(ConversationListView)
    assert isinstance(listed, ConversationListView)
    model = listed.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == title)
    where = listed.visualRect(model.index(row, 0)).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
    opened.wait_until(lambda: opened.program.chat.current.title == title)


def unread_in_list(opened):
    """Return the titles that the list shows as unread."""
    listed = opened.window.sidebar.findChild(ConversationListView)
    assert isinstance(listed, ConversationListView)
    model = listed.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return [each.data() for each in rows if id_at(each) and each.data(ROW).settings.unread]


def statuses_on_disk(opened):
    """Return the status of every message in the file, in the order of their making."""
    opened.drain_store()
    with contextlib.closing(sqlite3.connect(opened.folder / "candor.db")) as file:
        return [row[0] for row in file.execute("SELECT status FROM messages ORDER BY key")]


def _write_change(opened):
    opened.press("Up")
    opened.wait_until(lambda: opened.window.composer.is_editing)
    opened.write("Chairs")


def _rename(opened):
    field = opened.window.header.findChild(TitleField)
    field.begin_editing()
    QTest.keyClicks(QApplication.focusWidget(), "Chairs")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def _move(opened):
    opened.program.chat.move_to_folder(opened.program.chat.current.id, "Chairs")


# What refuses, what is written, and where it stands then.
REFUSED_WORDS = [
    ("save_draft", lambda opened: opened.write("Chairs"), "SELECT text FROM drafts"),
    ("save_draft", _write_change, "SELECT text FROM drafts WHERE conversation_id LIKE '% edit'"),
    ("save_prompt_draft", lambda opened: build(opened, task="Chairs"), "SELECT draft FROM prompt_drafts"),
    ("save_conversation", _rename, "SELECT title FROM conversations"),
    ("save_conversation", _move, "SELECT settings FROM conversations"),
]


class TestDrafts:
    """Product §2: a draft survives switching conversations and closing the program."""

    def test_a_draft_of_a_deleted_conversation_does_not_wander(self, opened):
        opened.ask("first")
        opened.write("for the first one")
        opened.window.sidebar.asked.emit(opened.program.chat.current.id, ConversationAsk.DELETE, "")
        assert opened.window.composer.text() == ""
        assert opened.says("“first” was moved to the bin")
        opened.window.resize(760, 560)  # where the sidebar goes, the way back moves to the page
        opened.wait_until(lambda: not opened.window.sidebar.isVisible())
        assert opened.says("“first” was moved to the bin")
        opened.click("Undo")
        opened.wait_until(lambda: opened.program.chat.current.title == "first")
        assert opened.window.composer.text() == "for the first one"
        opened.window.sidebar.asked.emit(opened.program.chat.current.id, ConversationAsk.DELETE, "")
        opened.click("Undo", opened.window.chat_page)


class TestConversations:
    def test_clicking_one_shows_it_and_sends_its_history_and_dropping_it_on_a_heading_puts_it_there(
        self, opened, server
    ):
        opened.ask("the older one")
        opened.press("Ctrl+N")
        opened.ask("the newer one")
        choose(opened, "the older one")
        assert [each.text for each in opened.path] == ["the older one", "It is four."]
        assert opened.window.windowTitle() == "the older one — Candor"
        opened.ask("and now?")
        assert [each["content"] for each in server.chats[-1].json["messages"]] == [
            "the older one",
            "It is four.",
            "and now?",
        ]
        opened.wait_until(lambda: not opened.program.chat.is_answering)
        chat, identity = opened.program.chat, opened.program.chat.current.id
        opened.window.sidebar.dropped.emit(identity, Heading(HeadingKind.PINNED, "Pinned"))
        opened.wait_until(lambda: chat.current.pinned)
        opened.window.sidebar.dropped.emit(identity, Heading(HeadingKind.GROUP, "Today"))
        opened.wait_until(lambda: chat.current.settings.folder == "Today" and not chat.current.pinned)
        opened.window.sidebar.dropped.emit(identity, Heading(HeadingKind.TIME, "Today"))
        opened.wait_until(lambda: not chat.current.settings.folder)

    def test_a_reply_goes_on_behind_and_is_there_on_return(self, opened, server):
        server.script["POST /api/chat"] = [ndjson([ollama_line("so far, "), *ollama_lines("and the rest")])]
        held = ndjson([ollama_line("so far, ")], then=[Hold(), *ndjson(ollama_lines("the rest")).steps])
        server.script["POST /api/chat"] = [held]
        opened.wait_for_model()
        opened.write("the long one")
        opened.press_enter()
        opened.wait_for_text("so far, ")
        opened.press("Ctrl+N")
        assert opened.window.composer.text() == ""
        server.script["POST /api/chat"] = [ndjson(ollama_lines("quick"))]
        assert opened.ask("the short one").text == "quick"
        assert unread_in_list(opened) == []
        choose(opened, "the long one")
        assert opened.path[-1].text == "so far, "
        server.release()
        opened.wait_until(lambda: opened.path[-1].status is MessageStatus.COMPLETE)
        assert opened.path[-1].text == "so far, the rest"

    def test_what_came_unseen_is_marked_until_it_is_opened(self, open_it, server):
        with open_it() as opened:
            server.script["POST /api/chat"] = [ndjson([ollama_line("so far, ")], then=[Hold()])]
            opened.wait_for_model()
            opened.write("the long one")
            opened.press_enter()
            opened.wait_for_text("so far, ")
            opened.press("Ctrl+N")
            server.release()
            opened.wait_until(lambda: unread_in_list(opened) == ["the long one"])
            opened.press("Ctrl+N")
            assert unread_in_list(opened) == ["the long one"]
        with open_it() as opened:
            opened.wait_until(lambda: unread_in_list(opened) == ["the long one"])
            choose(opened, "the long one")
            opened.wait_until(lambda: unread_in_list(opened) == [])
        with open_it() as opened:
            opened.wait_until(lambda: bool(opened.program.chat.conversations))
            assert unread_in_list(opened) == []


class TestDisk:
    """What the bar above the composer says and does."""

    @pytest.fixture
    def refusing(self, monkeypatch):
        """Lets a method of the store fail as a full disk makes it, until told otherwise."""
        names = ("begin_reply", "finish_reply", "save_draft", "save_prompt_draft", "save_conversation")
        real = {name: getattr(SqliteStore, name) for name in names}

        def refuse(self, *arguments):
            raise StoreError("full")

        return lambda name, full: monkeypatch.setattr(SqliteStore, name, refuse if full else real[name])

    def test_what_could_not_be_saved_is_not_sent_and_not_lost(self, opened, server, refusing):
        opened.wait_for_model()
        refusing("begin_reply", True)
        opened.write("my words")
        opened.press_enter()
        opened.write("more words")
        opened.wait_until(lambda: bool(opened.notice))
        text = describe_store(StoreError("full"))
        assert opened.notice == f"{text.title}\n{text.sentence}"
        assert opened.window.composer.text() == "my words\n\nmore words"
        assert (opened.path, server.chats) == ([], [])
        refusing("begin_reply", False)
        opened.click("Try again", opened.window.notice)
        opened.wait_until(lambda: len(opened.path) == 2 and opened.path[-1].status is MessageStatus.COMPLETE)
        assert opened.path[0].text == "my words\n\nmore words"
        assert opened.window.composer.text() == ""

    def test_a_reply_that_could_not_be_saved_is_saved_by_a_press_or_with_the_next_message(
        self, opened, server, refusing
    ):
        refusing("finish_reply", True)
        opened.ask("my words")
        opened.wait_until(lambda: bool(opened.notice))
        assert opened.path[-1].text == "It is four."
        refusing("finish_reply", False)
        opened.click("Try again", opened.window.notice)
        opened.drain_store()
        assert len(server.chats) == 1
        title = opened.program.chat.current.title
        opened.press("Ctrl+N")
        choose(opened, title)
        assert [(each.text, each.status) for each in opened.path] == [
            ("my words", MessageStatus.COMPLETE),
            ("It is four.", MessageStatus.COMPLETE),
        ]
        refusing("finish_reply", True)
        opened.ask("more words")
        opened.wait_until(lambda: bool(opened.notice))
        refusing("finish_reply", False)  # there is room again, and the user simply goes on
        opened.ask("and more")
        opened.wait_until(lambda: opened.program.chat.unsaved.is_settled and not opened.notice)
        opened.wait_until(lambda: len(opened.path) == 6 and opened.path[-1].status is MessageStatus.COMPLETE)
        assert statuses_on_disk(opened) == ["complete"] * 6

    def test_closing_asks_before_the_end_of_a_reply_is_lost(self, opened, refusing):
        refusing("finish_reply", True)
        opened.ask("my words")
        opened.wait_until(lambda: bool(opened.notice))
        for pressed, closes in (("Cancel", False), ("Close anyway", True)):
            with answering(pressed) as question:
                opened.press("Ctrl+Q")
                opened.wait_until(lambda question=question: question.was_asked)
            assert question.text == "The end of an answer is not saved"
            opened.wait_until(lambda closes=closes: opened.window.isVisible() is not closes)

    @pytest.mark.parametrize("way", ["room again", "save and close", "by itself"])
    def test_it_closes_as_soon_as_there_is_room(self, opened, refusing, way):
        refusing("finish_reply", True)
        opened.ask("my words")
        opened.wait_until(lambda: bool(opened.notice))
        if way == "room again":
            refusing("finish_reply", False)
        opened.press("Ctrl+Q")
        if way != "room again":
            opened.wait_until(lambda: opened.window.findChildren(QMessageBox))
            refusing("finish_reply", False)
        if way == "save and close":
            opened.click("Save and close")
        elif way == "by itself":  # the question goes when it is true no more
            opened.program.chat.unsaved.save_again_quietly()
        opened.wait_until(lambda: not opened.window.isVisible())
        assert statuses_on_disk(opened) == ["complete"] * 2

    @pytest.mark.parametrize(
        ("way", "method", "write", "query"),
        [("close", *each) for each in REFUSED_WORDS]
        + [(way, *REFUSED_WORDS[0]) for way in ("by_itself", "try_again", "asked")],
    )
    def test_words_that_could_not_be_saved_are_saved_later(
        self,
        open_it,
        refusing,
        monkeypatch,
        way,
        method,
        write,
        query,
    ):
        if way == "by_itself":
            monkeypatch.setattr(keeping, "_RETRY_SECONDS", 0.05)
        with open_it() as opened:
            opened.ask("first")
            opened.drain_store()
            refusing(method, True)
            write(opened)
            opened.wait_until(lambda: bool(opened.notice))
            if way == "asked":
                opened.press("Ctrl+Q")
                opened.wait_until(lambda: opened.window.findChildren(QMessageBox))
                (box,) = opened.window.findChildren(QMessageBox)
                assert box.text() == "What you wrote last is not saved"
            refusing(method, False)
            match way:
                case "by_itself":
                    opened.wait_until(lambda: not opened.notice)
                case "try_again":
                    opened.click("Try again", opened.window.notice)
                    opened.wait_until(lambda: opened.program.chat.unsaved.is_settled)
                case "close":
                    opened.press("Ctrl+Q")
                    opened.wait_until(lambda: not opened.window.isVisible())
                case "asked":
                    opened.click("Save and close")
                    opened.wait_until(lambda: not opened.window.isVisible())
            opened.drain_store()
            with contextlib.closing(sqlite3.connect(opened.folder / "candor.db")) as file:
                assert any("Chairs" in text for (text,) in file.execute(query))

    def test_words_that_could_not_be_saved_come_back_with_their_conversation_and_are_asked_about(
        self, opened, refusing
    ):
        opened.ask("first")
        refusing("save_draft", True)
        opened.write("Chairs")
        opened.press("Ctrl+N")
        choose(opened, "first")
        assert opened.window.composer.text() == "Chairs"
        opened.press("Ctrl+Q")
        opened.wait_until(lambda: opened.window.findChildren(QMessageBox))
        opened.click("Cancel")
        assert opened.window.isVisible()
        assert opened.window.composer.text() == "Chairs"


class TestWindow:
    def test_escape_acts_on_what_lies_on_top(self, opened, server):
        server.script["POST /api/chat"] = [ndjson([ollama_line("so far")], then=[Hold()])]
        opened.wait_for_model()
        opened.write("Tell me a story")
        opened.press_enter()
        opened.wait_for_text("so far")
        opened.window.resize(760, 560)
        opened.wait_until(lambda: opened.window.width() == 760)
        opened.press("Ctrl+B")
        opened.press("Ctrl+\\")
        builder = opened.window.parts.prompt.place
        shown: list[tuple[bool, bool, bool]] = []
        for _ in range(4):
            shown.append((opened.window.sidebar.isVisible(), builder.is_shown, opened.program.chat.is_answering))
            QTest.keyClick(opened.window, Qt.Key.Key_Escape)
        assert shown == [(True, True, True), (False, True, True), (False, False, True), (False, False, False)]
        opened.press("Ctrl+Shift+O")
        assert opened.page == "connections"
        QTest.keyClick(opened.window, Qt.Key.Key_Escape)
        assert opened.page == "chat"

    def test_the_sidebar_lies_over_a_narrow_window(self, opened):
        window = opened.window
        window.resize(1000, 700)
        opened.wait_until(lambda: window.width() == 1000)
        assert window.sidebar.isVisible()
        window.resize(760, 560)
        opened.wait_until(lambda: window.width() == 760)
        assert not window.sidebar.isVisible()
        opened.press("Ctrl+\\")
        assert window.sidebar.isVisible()
        assert window.sidebar.parent() is window
        assert window.sidebar.isAncestorOf(window.focusWidget())  # not what it covers
        opened.press("Escape")
        assert window.focusWidget() is opened.box
        opened.press("Ctrl+\\")
        window.resize(1000, 700)
        opened.wait_until(lambda: window.width() == 1000)
        assert window.sidebar.isVisible()
        opened.press("Ctrl+B")  # the builder and the page need the room; the sidebar comes if it is asked for
        assert not window.sidebar.isVisible()
        opened.press("Ctrl+\\")
        assert window.sidebar.isVisible()
        opened.press("Ctrl+B")
        opened.wait_until(lambda: not window.parts.prompt.place.is_shown)
        assert window.sidebar.isVisible()


class TestWhereOneWas:
    def test_the_conversation_that_was_shown_is_shown_again_in_a_window_of_that_size(self, open_it):
        with open_it() as opened:
            opened.window.resize(911, 633)
            opened.wait_until(lambda: opened.window.width() == 911)
            opened.ask("first")
            opened.wait_until(lambda: opened.path[-1].status is MessageStatus.COMPLETE)
            opened.press("Ctrl+N")
            opened.ask("second")
            opened.wait_until(lambda: opened.path[-1].status is MessageStatus.COMPLETE)
            choose(opened, "first")
        with open_it() as opened:
            assert (opened.window.width(), opened.window.height()) == (911, 633)
            opened.wait_until(lambda: opened.program.chat.current.title == "first")
            opened.wait_until(lambda: len(opened.path) == 2)
            opened.press("Ctrl+N")
        with open_it() as opened:
            opened.wait_until(lambda: len(opened.program.chat.conversations) == 2)
            opened.drain_store()
            assert opened.program.chat.path.is_empty

    def test_its_place_is_shown_before_it_is_read_and_has_what_is_written_meanwhile(self, open_it, qapp, candor_home):
        with open_it() as opened:
            opened.ask("first")
            opened.wait_until(lambda: opened.path[-1].status is MessageStatus.COMPLETE)
            opened.press("Ctrl+N")
            opened.write("half a thought")
            choose(opened, "first")
            opened.write("kept")
        settings, _ = Settings.load(candor_home / "settings.json")
        first = FirstWindow(qapp, settings, Policy())
        window = first.window
        first.show()
        assert not window.empty.isVisible()
        window.hide()
        window.deleteLater()
        with open_program(qapp, candor_home, typed="typed at once") as opened:
            assert len(opened.path) == 2
            assert not opened.window.empty.isVisible()
            assert opened.window.composer.text() == "kept\n\ntyped at once"
            opened.press("Ctrl+N")
            assert opened.window.composer.text() == "half a thought"
            choose(opened, "first")
            assert opened.window.composer.text() == "kept\n\ntyped at once"

    def test_a_start_whose_last_conversation_is_gone_shows_a_new_one(self, open_it, qapp, candor_home, monkeypatch):
        with open_it() as opened:
            opened.program.services.settings.change(last_conversation="gone")
        with open_program(qapp, candor_home, typed="typed at once") as opened:
            assert opened.window.empty.isVisible()
            assert opened.window.composer.text() == "typed at once"
        with open_it() as opened:
            opened.wait_until(lambda: opened.window.composer.text() == "typed at once")
            monkeypatch.setattr("desktop.parts.beginning._PATIENCE_MS", 1)
            opened.window.chat_page.await_conversation()  # that nobody asks for, since a step of the start has failed
            let_in: list[bool] = []
            opened.program._last.when_settled(lambda: let_in.append(True))
            opened.wait_until(lambda: let_in)


class TestTitle:
    def field(self, opened):
        found = opened.window.header.findChild(QLineEdit)
        assert isinstance(found, QLineEdit)
        return found

    def test_a_press_on_the_title_renames_and_escape_leaves_it_as_it_was(self, opened):
        assert not opened.window.header.more.isVisible()  # nothing has been said that could be named
        opened.ask("first")
        opened.wait_until(lambda: opened.window.header.more.isVisible())
        opened.window.header.title.begin_editing()
        self.field(opened).setText("something else")
        QTest.keyClick(self.field(opened), Qt.Key.Key_Escape)
        assert opened.program.chat.current.title == "first"
        assert not self.field(opened).isVisible()
        opened.activate()
        opened.press("F2")
        field = self.field(opened)
        assert field.text() == "first"
        opened.wait_until(lambda: field.width() > 300)  # most of a usual title is seen
        field.setText("  The  contract ")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert opened.program.chat.current.title == "The contract"
        assert opened.window.focusWidget() is opened.box  # where the keyboard was
        opened.wait_until(lambda: opened.window.windowTitle() == "The contract — Candor")

    def test_the_menu_at_the_title_offers_the_buttons_that_have_no_room(self, opened):
        opened.ask("first")
        header, place = opened.window.header, opened.window.parts.prompt.place
        header.set_title("Payment terms of the framework contract with the supplier in Leeds")
        header.meter.show_filling(Filling(Window(8_192, WindowSource.LOADED), 100, (), 5_400, 40, 2_000))
        opened.window.resize(opened.window.minimumSize())
        opened.wait_until(lambda: len(header.hidden_buttons) == 2)
        header.more.click()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entries = {each.text(): each for each in menu.actions()[:2]}
        assert list(entries) == ["Start fresh", "Prompt builder"]
        entries["Prompt builder"].trigger()
        opened.wait_until(lambda: place.is_shown)
        entries["Start fresh"].trigger()
        menu.close()
        opened.wait_until(lambda: opened.window.parts.fresh.is_open)
