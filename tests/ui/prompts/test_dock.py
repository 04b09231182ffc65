"""The prompt builder in the window: where it stands, whose draft it holds, and what becomes of a prompt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton, QWidget

from desktop.app import Program
from desktop.core.message import Role
from desktop.core.prompts.prompt import Example, PromptFile
from desktop.core.resources import resource_path
from desktop.store.settings import Settings
from desktop.ui.compare.page import ComparePage
from desktop.ui.documents.file_chip import FileChip
from desktop.ui.message_actions import Edit
from desktop.ui.prompts.afterwards import AnswerOffers
from desktop.ui.prompts.builder.panel import PromptPanel
from desktop.ui.prompts.frameworks.missing import PromptMissing
from desktop.ui.prompts.place import PromptPlace
from desktop.ui.prompts.presenter import _DRAFT_PAUSE_MS
from desktop.ui.widgets.file_drop import FilesPlace
from tests.support.in_process import OpenIt, OpenOver, OpenProgram
from tests.support.scripted_reader import ScriptedReader
from tests.support.scripted_server import Hold, ScriptedServer, json_reply
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script
from tests.ui.composer.composing import box_of
from tests.ui.documents.giving import chip_words, chips, drop, files_as_data
from tests.ui.window.test_main_window import choose

pytestmark = pytest.mark.window


@pytest.fixture
def opened(open_it: OpenIt) -> Iterator[OpenProgram]:
    with open_it() as program:
        wide(program)
        yield program


def wide(opened: OpenProgram, width: int = 1200) -> None:
    opened.window.resize(width, 700)
    opened.wait_until(lambda: opened.window.width() == width)


def panel_of(opened: OpenProgram) -> PromptPanel:
    panel = opened.window.findChild(PromptPanel)
    assert isinstance(panel, PromptPanel)
    return panel


def place_of(opened: OpenProgram) -> PromptPlace:
    place = opened.window.findChild(PromptPlace)
    assert isinstance(place, PromptPlace)
    return place


def build(opened: OpenProgram, **texts: str) -> PromptPanel:
    """Open the builder and write into its parts."""
    if not place_of(opened).is_shown:
        opened.press("Ctrl+B")
    panel = panel_of(opened)
    for key, text in texts.items():
        panel.fields.focus_part(key)
        QTest.keyClicks(QApplication.focusWidget(), text)
    opened.wait_until(lambda: not panel._refresh_soon.isActive())
    return panel


def notice_of(panel: PromptPanel) -> str:
    """The line on top."""
    return panel.notice.words.text() if panel.notice_key else ""


def send(opened: OpenProgram) -> None:
    """Press Ctrl+Enter in the builder and wait for the reply."""
    opened.wait_for_model()
    ended: list[object] = []
    opened.program.chat.generation_ended.connect(ended.append)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    opened.wait_until(lambda: ended)


def press_notice(opened: OpenProgram) -> None:
    QTest.mouseClick(panel_of(opened).notice.fix, Qt.MouseButton.LeftButton)


def begin_anew(opened: OpenProgram) -> None:
    """Empty the builder, which still holds what was sent."""
    assert "Sent." in notice_of(panel_of(opened))
    press_notice(opened)


def place_in(widget: QWidget) -> QPoint:
    """A point of a widget, in its window."""
    return widget.mapTo(widget.window(), QPoint(5, 5))


class TestFiles:
    """Files that are given to a part of the builder."""

    @pytest.fixture
    def price_list(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("desktop.loading.document_reader", ScriptedReader)
        file = tmp_path / "prices.txt"
        file.write_text("Cleaning 120.\fGlass 80.", encoding="utf-8")
        return file

    @pytest.fixture
    def opened(self, open_it: OpenIt, price_list: Path) -> Iterator[OpenProgram]:
        with open_it() as program:
            wide(program)
            yield program

    def give(self, opened: OpenProgram, file: Path, key: str = "context") -> PromptPanel:
        """Build a prompt, and drop a file onto a part of it."""
        panel = build(opened, task="Name the dearest.")
        panel.fields.focus_part(key)
        part = panel.fields.part(key)
        assert part is not None
        opened.wait_until(
            lambda: FilesPlace.at(opened.window, part.words.mapTo(opened.window, QPoint(5, 5))) is not None
        )
        drop(opened.window, files_as_data(file), part.words.mapTo(opened.window, QPoint(5, 5)))
        opened.wait_until(lambda: self.chips(panel) == ["prices.txt, 2 pages"])
        return panel

    def chips(self, panel: PromptPanel) -> list[str]:
        shown = [chip for chip in panel.findChildren(FileChip) if not chip.isHidden()]
        return [chip.accessibleName().removesuffix(" · fits") for chip in shown]

    def sent(self, server: ScriptedServer) -> str:
        return str(server.chats[-1].json["messages"][-1]["content"])

    def test_a_file_goes_along_and_its_part_refers_to_it(
        self, opened: OpenProgram, server: ScriptedServer, price_list: Path
    ) -> None:
        panel = self.give(opened, price_list)
        assert chip_words(opened) == []  # the message box has none
        send(opened)
        text = self.sent(server)
        assert text.startswith('""" prices.txt\n[Page 1]\n\nCleaning 120.')
        assert text.endswith('# Task\nName the dearest.\n\n# Context\nSee the file "prices.txt".')
        assert self.chips(panel) == []
        assert (panel.draft.text("task"), panel.draft.files) == ("Name the dearest.", ())
        # What would be sent once more without it says so where the conversation has lost it.
        for is_lost in (False, True):
            if is_lost:
                opened.window.transcript.requests.at(opened.path[0].id)(Edit())
                opened.wait_until(lambda: len(chips(opened)) == 1)
                opened.program.chat.attachments.remove(opened.program.chat.attachments.items[0].id)
                opened.press_enter()
                opened.wait_until(lambda: len(server.chats) == 2 and opened.program.chat.generation is None)
            panel.fields.focus_part()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            assert "nothing is changed" in notice_of(panel)
            assert ("files" in notice_of(panel)) is is_lost

    def test_it_is_there_after_a_restart(self, open_it: OpenIt, price_list: Path) -> None:
        with open_it() as opened:
            wide(opened)
            self.give(opened, price_list)
        with open_it() as again:
            if not place_of(again).is_shown:
                again.press("Ctrl+B")
            again.wait_until(lambda: again.window.findChild(PromptPanel) is not None)
            panel = panel_of(again)
            again.wait_until(lambda: self.chips(panel) == ["prices.txt, 2 pages"])
            again.wait_until(lambda: panel.draft.text("task") == "Name the dearest.")
            assert panel.draft.files == (PromptFile("context", "prices.txt"),)
            assert chip_words(again) == []

    def test_inserting_takes_it_to_the_message_box(
        self, opened: OpenProgram, server: ScriptedServer, price_list: Path
    ) -> None:
        panel = self.give(opened, price_list)
        panel.foot.insert.click()
        opened.wait_until(lambda: [chip.file.name for chip in chips(opened)] == ["prices.txt"])
        opened.wait_for_model()
        opened.press_enter()
        opened.wait_until(lambda: server.chats and opened.program.chat.generation is None)
        assert self.sent(server).startswith('""" prices.txt')
        assert self.chips(panel) == []

    def test_a_sent_prompt_is_changed_with_its_file(
        self, opened: OpenProgram, server: ScriptedServer, price_list: Path
    ) -> None:
        panel = self.give(opened, price_list)
        send(opened)
        opened.window.composer.builder_requested.emit(opened.path[0].id)
        opened.wait_until(lambda: len(self.chips(panel)) == 1)
        panel.fields.focus_part("task")
        QTest.keyClicks(QApplication.focusWidget(), " And why?")
        send(opened)
        assert self.sent(server).startswith('""" prices.txt')
        assert "And why?" in self.sent(server)
        assert self.chips(panel) == []


class TestPlace:
    def test_ctrl_b_opens_it_with_the_keyboard_in_the_task(self, opened: OpenProgram) -> None:
        assert opened.window.findChild(PromptPanel) is None
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        assert panel.isVisible()
        assert panel.fields.isAncestorOf(QApplication.focusWidget())
        QTest.keySequence(QApplication.focusWidget(), "Ctrl+B")
        assert not panel.isVisible()
        assert opened.box.hasFocus()

    def test_a_start_does_without_it(self, open_it: OpenIt, monkeypatch: pytest.MonkeyPatch) -> None:
        late = ("desktop.ui.prompts.builder.panel", "desktop.prompts.frameworks")
        for name in late:
            assert find_spec(name), "a name that nobody has is absent for ever"
            monkeypatch.delitem(sys.modules, name, raising=False)
        with open_it() as opened:
            opened.wait_for_model()
            assert not sys.modules.keys() & set(late)

    def test_what_was_open_is_made_after_the_first_paint(self, qapp: QApplication, candor_home: Path) -> None:
        settings = Settings(prompt_open=True, window_geometry="")
        program = Program(qapp, candor_home, settings)
        try:
            program.open()
            assert program.window.findChild(PromptPanel) is None
            program.window.fill()
            assert program.window.findChild(PromptPanel) is not None
        finally:
            program.window.close()
            program.close()
            program.window.deleteLater()

    def test_it_is_open_and_as_wide_as_the_last_time(self, open_it: OpenIt) -> None:
        with open_it() as opened:
            wide(opened)
            opened.press("Ctrl+B")
            splitter = place_of(opened)._splitter
            splitter.moveSplitter(splitter.width() - 420, 1)
            width = panel_of(opened).width()
            assert abs(width - 420) < 5
            opened.program._ground.keeper._save()
            opened.drain_store()
        with open_it() as opened:
            opened.wait_until(lambda: opened.window.findChild(PromptPanel) is not None)
            wide(opened)
            assert panel_of(opened).isVisible()
            assert abs(panel_of(opened).width() - width) < 3
            assert opened.program.settings.prompt_open

    def test_the_page_stays_centred_in_what_is_left(self, opened: OpenProgram) -> None:
        opened.press("Ctrl+B")
        page, composer = opened.window.header, opened.window.composer
        left = composer.mapTo(opened.window, composer.rect().topLeft()).x() - page.mapTo(opened.window, page.pos()).x()
        assert abs(left - (page.width() - left - composer.width())) <= 1

    def test_it_lies_over_a_narrow_window_until_a_press_beside_it(self, opened: OpenProgram) -> None:
        wide(opened, 760)
        before = opened.window.composer.width()
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        assert panel.isVisible()
        assert opened.window.composer.width() == before
        place = place_of(opened)
        beside = place.childAt(20, 300)
        assert beside is place._catcher
        QTest.mouseClick(beside, Qt.MouseButton.LeftButton)
        assert not panel.isVisible()
        assert not opened.program.settings.prompt_open

    def test_over_a_narrow_window_it_offers_to_stop_the_answer(
        self, opened: OpenProgram, server: ScriptedServer
    ) -> None:
        server.script["POST /api/chat"] = [ndjson([ollama_line("so far")], then=[Hold()])]
        wide(opened, 760)
        opened.wait_for_model()
        opened.write("one")
        opened.press_enter()
        opened.wait_for_text("so far")
        opened.press("Ctrl+B")
        foot = panel_of(opened).foot
        assert (foot.stop.isVisible(), foot.send.isVisible()) == (True, False)
        QTest.mouseClick(foot.stop, Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: not opened.program.chat.is_answering)
        assert (foot.stop.isVisible(), foot.send.isVisible()) == (False, True)

    def test_escape_takes_it_off_a_narrow_window(self, opened: OpenProgram) -> None:
        wide(opened, 760)
        opened.press("Ctrl+B")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert not panel_of(opened).isVisible()
        assert opened.box.hasFocus()

    def test_beside_in_a_wide_window_it_is_not_over_a_narrow_one(self, opened: OpenProgram) -> None:
        opened.press("Ctrl+B")
        wide(opened, 760)
        assert not panel_of(opened).isVisible()
        wide(opened, 1200)
        assert panel_of(opened).isVisible()

    def test_other_pages_are_without_it(self, opened: OpenProgram) -> None:
        opened.wait_for_model()
        opened.press("Ctrl+B")
        opened.window.connections.show()
        assert not panel_of(opened).isVisible()
        opened.window.show_chat()
        assert panel_of(opened).isVisible()


class TestBrokenFrameworks:
    """The files of `resources/frameworks/` are replaced by a folder of the test's."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("desktop.prompts.frameworks.resource_path", lambda *names: tmp_path)
        return tmp_path

    def missing(self, opened: OpenProgram) -> PromptMissing:
        opened.press("Ctrl+B")
        found = opened.window.findChild(PromptMissing)
        assert isinstance(found, PromptMissing)
        assert found.isVisible()
        return found

    def test_where_all_are_broken_each_is_named(self, folder: Path, opened: OpenProgram) -> None:
        (folder / "one.toml").write_text("name = ", encoding="utf-8")
        (folder / "two.toml").write_text("", encoding="utf-8")
        page = self.missing(opened)
        assert "one.toml, line 1" in page.words.text()
        assert "two.toml" in page.words.text()
        assert page.isAncestorOf(QApplication.focusWidget())
        QTest.keySequence(QApplication.focusWidget(), "Ctrl+B")
        assert not page.isVisible()
        opened.press("Ctrl+Shift+B")
        assert page.isVisible()

    def test_where_none_is_there_the_window_goes_on(self, folder: Path, opened: OpenProgram) -> None:
        page = self.missing(opened)
        assert "missing" in page.words.text()
        QTest.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
        assert opened.box.hasFocus()
        assert opened.ask("Still there?").text == "It is four."

    def test_where_some_are_broken_the_others_are_offered(self, folder: Path, opened: OpenProgram) -> None:
        rtf = resource_path("frameworks", "rtf.toml").read_text(encoding="utf-8")
        (folder / "rtf.toml").write_text(rtf, encoding="utf-8")
        (folder / "broken.toml").write_text("", encoding="utf-8")
        opened.press("Ctrl+B")
        assert [each.key for each in panel_of(opened).frameworks] == ["rtf"]
        assert "broken.toml" in opened.notice


class TestDrafts:
    def test_a_draft_belongs_to_its_conversation(self, opened: OpenProgram) -> None:
        opened.ask("first")
        panel = build(opened, task="for the first")
        opened.press("Ctrl+N")
        assert panel.is_untouched
        build(opened, task="for the new one")
        choose(opened, "first")
        opened.wait_until(lambda: panel.draft.text("task") == "for the first")
        opened.press("Ctrl+N")
        opened.wait_until(lambda: panel.draft.text("task") == "for the new one")

    def test_a_draft_survives_closing(self, open_it: OpenIt) -> None:
        with open_it() as opened:
            wide(opened)
            build(opened, task="half a thought", tone="plain")
        with open_it() as opened:
            wide(opened)
            opened.wait_until(lambda: opened.window.findChild(PromptPanel) is not None)
            panel = panel_of(opened)
            opened.wait_until(lambda: panel.draft.texts == {"task": "half a thought", "tone": "plain"})

    def test_a_draft_goes_with_the_conversation_that_begins(self, opened: OpenProgram) -> None:
        panel = build(opened, task="for later")
        opened.ask("first")
        assert panel.draft.text("task") == "for later"
        opened.press("Ctrl+N")
        opened.drain_store()
        opened.wait_until(lambda: panel.is_untouched)
        choose(opened, "first")
        opened.wait_until(lambda: panel.draft.text("task") == "for later")


class TestPrompts:
    def test_ctrl_enter_sends_the_text_of_the_preview(self, opened: OpenProgram, server: ScriptedServer) -> None:
        opened.write("half a message")
        panel = build(opened, task="Count", tone="plain")
        text = panel.prompt.text
        send(opened)
        assert server.chats[-1].json["messages"] == [{"role": "user", "content": text}]
        assert opened.window.composer.text() == "half a message"
        # It stays, and is not sent a second time by a slip.
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}
        for _ in range(2):
            panel.fields.focus_part()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "nothing is changed" in notice_of(panel)
        assert len(server.chats) == 1
        press_notice(opened)  # Send it again
        opened.wait_until(lambda: len(server.chats) == 2 and not opened.program.chat.is_answering)
        build(opened, task="er")
        send(opened)
        assert panel_text(opened).startswith("# Task\nCounter")
        begin_anew(opened)
        assert panel.is_untouched

    def test_a_sent_prompt_is_changed_in_its_parts(self, open_it: OpenIt, server: ScriptedServer) -> None:
        with open_it() as opened:
            wide(opened)
            build(opened, task="Count", tone="plain")
            send(opened)
            opened.drain_store()
            title = opened.program.chat.current.title
        with open_it() as opened:
            wide(opened)
            opened.wait_until(lambda: bool(opened.program.chat.conversations))
            choose(opened, title)
            panel = build(opened, task="set aside")
            opened.window.transcript.requests.at(opened.path[0].id)(Edit())
            offer = next(each for each in opened.window.composer.findChildren(QPushButton) if "builder" in each.text())
            opened.wait_until(offer.isVisible)
            QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
            opened.wait_until(lambda: panel.draft.texts == {"task": "Count", "tone": "plain"})
            assert not opened.window.composer.is_editing
            QTest.keyClicks(QApplication.focusWidget(), "Add up ")
            send(opened)
            entries = opened.program.chat.path.entries
            assert entries[0].versions == 2
            assert "Add up" in opened.path[0].text
            assert "Add up" in server.chats[-1].json["messages"][0]["content"]
            assert len(server.chats[-1].json["messages"]) == 1

    def test_changing_can_be_given_up(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count", tone="plain")
        send(opened)
        begin_anew(opened)
        build(opened, task="set aside")
        opened.window.composer.builder_requested.emit(opened.path[0].id)
        opened.wait_until(lambda: panel.draft.text("task") == "Count")
        press_notice(opened)
        assert panel.draft.texts == {"task": "set aside"}

    def reopen(self, opened: OpenProgram, index: int = 0) -> None:
        """Have a sent message changed in the builder."""
        opened.window.composer.builder_requested.emit(opened.path[index].id)
        opened.wait_until(lambda: "earlier message" in notice_of(panel_of(opened)))

    def test_what_was_changed_in_the_message_box_goes_into_the_parts(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count", tone="plain")
        send(opened)
        opened.drain_store()
        opened.window.transcript.requests.at(opened.path[0].id)(Edit())
        offer = next(each for each in opened.window.composer.findChildren(QPushButton) if "builder" in each.text())
        opened.wait_until(offer.isVisible)
        opened.window.composer.set_text(opened.window.composer.text().replace("plain", "warm"))
        QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: panel.draft.texts == {"task": "Count", "tone": "warm"})
        send(opened)
        assert opened.program.chat.path.entries[0].versions == 2

    def test_what_was_set_aside_is_back_once_the_changed_message_is_sent(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count", tone="plain")
        send(opened)
        begin_anew(opened)
        build(opened, task="half a thought")
        self.reopen(opened)
        QTest.keyClicks(QApplication.focusWidget(), "Add up ")
        send(opened)
        assert opened.program.chat.path.entries[0].versions == 2
        assert panel.draft.texts == {"task": "half a thought"}
        opened.press("Ctrl+N")
        choose(opened, opened.program.chat.conversations[0].title)
        opened.wait_until(lambda: panel.draft.texts == {"task": "half a thought"})

    def test_a_change_of_a_sent_message_outlives_a_look_elsewhere(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count")
        send(opened)
        self.reopen(opened)
        QTest.keyClicks(QApplication.focusWidget(), "Slowly: ")
        opened.press("Ctrl+N")
        assert panel.is_untouched
        choose(opened, opened.program.chat.conversations[0].title)
        opened.wait_until(lambda: "Slowly" in panel.draft.text("task"))

    def test_a_change_that_is_given_up_does_not_come_back(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count")
        send(opened)
        self.reopen(opened)
        QTest.keyClicks(QApplication.focusWidget(), "Slowly: ")
        opened.wait_until(lambda: not panel._refresh_soon.isActive())
        press_notice(opened)
        opened.press("Ctrl+N")
        choose(opened, opened.program.chat.conversations[0].title)
        opened.wait_until(lambda: bool(opened.path))
        opened.drain_store()
        assert panel.is_untouched

    def test_what_takes_the_place_of_a_change_is_a_message_of_its_own(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count")
        send(opened)
        self.reopen(opened)
        QTest.keyClicks(QApplication.focusWidget(), "Slowly: ")
        opened.write("# Task\nAdd up\n\n# Tone\nplain")
        panel.apart_requested.emit()
        assert "Your message" in notice_of(panel)
        send(opened)
        assert [each.text.split()[0] for each in opened.path if each.role is Role.USER] == ["Count", "#"]

    def test_what_is_written_after_inserting_stays(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count")
        opened.click("Insert", panel)
        build(opened, tone="plain")
        opened.ask("")
        assert opened.path[0].text == "Count"
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}

    def test_what_was_inserted_and_sent_ends_the_change_that_it_came_from(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count")
        send(opened)
        begin_anew(opened)
        build(opened, task="half a thought")
        self.reopen(opened)
        opened.click("Insert", panel)
        opened.ask("")
        assert panel.draft.texts == {"task": "half a thought"}
        panel.fields.focus_part()
        send(opened)
        assert [each.text for each in opened.path if each.role is Role.USER] == ["Count", "Count", "half a thought"]

    def test_what_was_inserted_and_sent_comes_back_and_can_be_opened_again(self, opened: OpenProgram) -> None:
        panel = build(opened, task="Count", tone="plain")
        text = panel.prompt.text
        opened.click("Insert", panel)
        assert opened.window.composer.text() == text
        opened.ask("")
        assert "Sent." in notice_of(panel)
        sent, deleted = panel.draft, opened.program.chat.current.id
        opened.program.chat.shelf.delete(deleted)
        opened.wait_until(lambda: panel.is_untouched)
        opened.program.chat.shelf.restore(deleted)
        opened.wait_until(lambda: panel.draft == sent)
        assert "Sent." in notice_of(panel)
        opened.window.composer.builder_requested.emit(opened.path[0].id)
        opened.wait_until(lambda: panel.draft.texts == {"task": "Count", "tone": "plain"})

    def test_inserting_can_be_undone(self, opened: OpenProgram) -> None:
        opened.write("my own words")
        panel = build(opened, task="Count")
        opened.click("Insert", panel)
        assert opened.window.composer.text() == "Count"
        QTest.keySequence(opened.box, "Ctrl+Z")
        assert opened.window.composer.text() == "my own words"

    def test_examples_are_sent_as_earlier_turns(self, opened: OpenProgram, server: ScriptedServer) -> None:
        panel = build(opened, task="Sort", example="one")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        QTest.keyClicks(QApplication.focusWidget(), "number")
        panel.fields.examples.as_turns.click()
        panel.fields.focus_part()
        send(opened)
        sent = [(each["role"], each["content"]) for each in server.chats[-1].json["messages"]]
        assert sent == [("user", "one"), ("assistant", "number"), ("user", "Sort")]
        assert [each.role for each in opened.path] == [Role.USER, Role.ASSISTANT] * 2
        self.reopen(opened, 2)
        assert panel.draft.examples
        QTest.keyClicks(QApplication.focusWidget(), "Do ")
        send(opened)
        sent = [each["content"] for each in server.chats[-1].json["messages"]]
        assert sent == ["one", "number", panel_text(opened)]
        assert len(opened.program.chat.path.entries) == 4

    def test_a_sent_form_stays_and_shows_what_its_parts_do(self, opened: OpenProgram, server: ScriptedServer) -> None:
        panel = build(opened, task="Count")
        panel.chooser.framework_chosen.emit("answer_mail")
        QTest.keyClicks(QApplication.focusWidget(), "Yes to Tuesday")
        panel.fields.focus_part("mail")
        QTest.keyClicks(QApplication.focusWidget(), "Where are our chairs?")
        sent = panel.draft
        send(opened)
        assert panel.draft == sent
        assert "Sent." in notice_of(panel)
        offers = opened.window.findChild(AnswerOffers)
        opened.wait_until(offers.isVisible)
        assert offers.without.text() == "Leave out “What it should say” and ask again"
        QTest.mouseClick(offers.others, Qt.MouseButton.LeftButton)
        menu = offers.findChild(QMenu)
        assert [each.text() for each in menu.actions()] == ["Leave out “Mail” and ask again"]
        menu.close()
        QTest.mouseClick(offers.without, Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: len(server.chats) == 2)
        asked = server.chats[-1].json["messages"]
        assert len(asked) == 1
        assert "Where are our chairs?" in asked[0]["content"]
        assert "Tuesday" not in asked[0]["content"]
        opened.wait_until(lambda: opened.window.findChild(ComparePage).isVisible())
        opened.wait_until(lambda: not opened.program.chat.is_answering)
        opened.press("Esc")
        opened.wait_until(panel.isVisible)
        opened.wait_until(lambda: "Tuesday" in opened.path[0].text)
        assert opened.says("The conversation goes on with this answer: With everything.")
        panel.fields.focus_part()
        QTest.keyClicks(QApplication.focusWidget(), "!")
        send(opened)
        opened.wait_until(offers.isVisible)
        QTest.mouseClick(offers.keep, Qt.MouseButton.LeftButton)
        assert panel.draft.examples == (Example("Where are our chairs?", opened.path[-1].text),)
        press_notice(opened)
        assert panel.draft.examples == ()

    def test_emptying_can_be_undone(self, opened: OpenProgram) -> None:
        panel = build(opened, task="what stood here")
        panel.commands.empty_fields()
        assert panel.is_untouched
        press_notice(opened)
        assert panel.draft.texts == {"task": "what stood here"}

    def test_a_message_is_taken_apart(self, opened: OpenProgram) -> None:
        opened.write("# Task\nCount\n\n# Tone\nplain")
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        assert "message box" in panel.notice.words.text()
        press_notice(opened)
        assert panel.draft.texts == {"task": "Count", "tone": "plain"}

    def test_what_is_written_beside_the_open_builder_is_offered_too(self, opened: OpenProgram) -> None:
        opened.press("Ctrl+B")
        opened.write("帮我回复客户投诉，态度好一点，不超过150字")
        opened.wait_until(lambda: "message box" in notice_of(panel_of(opened)))
        press_notice(opened)
        assert panel_of(opened).proposal.isVisible()
        assert panel_of(opened).is_untouched
        opened.window.composer.set_text("")

    def test_two_drafts_are_said_and_none_is_lost(self, opened: OpenProgram) -> None:
        panel = build(opened, task="an old text")
        boxed = opened.window.composer.send_button
        opened.write("quite another question")
        opened.wait_until(lambda: "another text in the message box" in notice_of(panel))
        assert (boxed.property("look"), panel.foot.send.property("look")) == ("filled", "")
        panel.fields.focus_part()
        assert (boxed.property("look"), panel.foot.send.property("look")) == ("", "filled")
        press_notice(opened)
        assert panel.draft.text("task") == "quite another question"
        press_notice(opened)
        assert panel.draft.text("task") == "an old text"
        assert opened.box.toPlainText() == "quite another question"
        opened.box.setFocus()
        assert panel.foot.send.property("look") == ""
        opened.window.composer.set_text("")  # as it is when the message has been sent
        assert panel.foot.send.property("look") == "filled"

    def test_a_freely_written_message_is_taken_apart(self, opened: OpenProgram) -> None:
        opened.write('You are a lawyer. Summarise this contract in three sentences:\n"""\nclause one\n"""')
        opened.press("Ctrl+B")
        press_notice(opened)
        panel = panel_of(opened)
        # First in the user's own words, coloured; nothing has moved.
        assert panel.proposal.isVisible()
        assert not panel.fields.isVisible()
        assert panel.is_untouched
        assert panel.proposal.box.toPlainText() == opened.window.composer.text()
        coloured = [each.cursor.selectedText() for each in panel.proposal.box.extraSelections()]
        assert coloured == ["You are a lawyer.", "Summarise this contract in three sentences:", "clause one"]
        QTest.mouseClick(panel.proposal.keep, Qt.MouseButton.LeftButton)
        assert panel.is_untouched
        assert panel.fields.isVisible()
        panel.apart_requested.emit()
        QTest.keyClick(panel.proposal.accept, Qt.Key.Key_Space)
        draft = panel.draft
        assert "lawyer" in draft.text("persona")
        assert "Summarise" in draft.text("task")
        assert [each.text for each in draft.materials] == ["clause one"]
        press_notice(opened)
        assert panel.is_untouched

    @pytest.mark.parametrize(("added", "left"), [("", ""), (" it", "# Task\nCount it")])
    def test_what_was_taken_apart_is_not_sent_a_second_time(self, opened: OpenProgram, added: str, left: str) -> None:
        opened.write("# Task\nCount")
        opened.press("Ctrl+B")
        press_notice(opened)
        opened.write(added)
        panel_of(opened).fields.focus_part()
        send(opened)
        assert panel_text(opened) == "Count"
        assert opened.box.toPlainText() == left

    def test_taking_apart_can_be_undone(self, opened: OpenProgram) -> None:
        panel = build(opened, task="what stood here")
        opened.write("# Task\nCount\n\n# Tone\nplain")
        panel.apart_requested.emit()
        assert panel.draft.text("task") == "Count"
        press_notice(opened)
        assert panel.draft.texts == {"task": "what stood here"}

    @pytest.mark.parametrize("is_emptied", [False, True])
    def test_a_message_that_was_taken_apart_in_vain_stays_in_its_box(
        self, opened: OpenProgram, is_emptied: bool
    ) -> None:
        panel = build(opened, task="what stood here")
        opened.write("never sent")
        panel.apart_requested.emit()
        if is_emptied:
            panel.commands.empty_fields()
            build(opened, task="another")
        else:
            press_notice(opened)
        send(opened)
        assert opened.path[0].text in ("another", "what stood here")
        assert opened.window.composer.text() == "never sent"


def panel_text(opened: OpenProgram) -> str:
    """The last message that was sent."""
    return [each.text for each in opened.path if each.role is Role.USER][-1]


class TestSettings:
    """Advice that concerns how the conversation is set, with DeepSeek-R1 in front."""

    @pytest.fixture
    def r1(self, open_over: OpenOver) -> Iterator[tuple[OpenProgram, ScriptedServer]]:
        shown = {"capabilities": ["completion", "thinking"], "parameters": "temperature 1", "details": {}}
        script = ollama_script(ndjson(ollama_lines("Four.")), models=["deepseek-r1:8b"])
        with open_over({**script, "POST /api/show": [json_reply(shown)]}) as (opened, server):
            wide(opened)
            opened.wait_for_model()
            opened.wait_until(lambda: known_temperature(opened) == 1.0)
            yield opened, server

    def follow(self, panel: PromptPanel, key: str) -> None:
        panel.show_advice()
        if panel.advice.more.isVisible():
            panel.advice.more.click()
        row = next(each for each in panel.advice._lines if each.isVisible() and each.line.key == key)
        QTest.mouseClick(row.fix, Qt.MouseButton.LeftButton)

    def test_the_advised_temperature_is_set_sent_and_taken_back(self, r1: tuple[OpenProgram, ScriptedServer]) -> None:
        opened, server = r1
        panel = build(opened, task="Solve it")
        self.follow(panel, "r1_temperature")
        assert "0.6" in panel.temperature.words.text()
        assert "r1_temperature" not in [each.key for each in panel.advice.shown]
        send(opened)
        assert server.chats[-1].json["options"]["temperature"] == 0.6
        assert panel.temperature.isVisible()
        opened.drain_store()
        QTest.mouseClick(panel.temperature.fix, Qt.MouseButton.LeftButton)
        assert not panel.temperature.isVisible()
        build(opened, task="Once more")
        send(opened)
        assert "temperature" not in server.chats[-1].json.get("options", {})

    def test_the_system_prompt_is_left_out_and_brought_back(self, r1: tuple[OpenProgram, ScriptedServer]) -> None:
        opened, server = r1
        chat = opened.program.chat
        chat.change_settings(lambda settings: replace(settings, system="Be kind."))
        panel = build(opened, task="Solve it")
        self.follow(panel, "r1_system_prompt")
        assert chat.current.settings.system == ""
        press_notice(opened)
        assert chat.current.settings.system == "Be kind."
        self.follow(panel, "r1_system_prompt")
        send(opened)
        assert [each["role"] for each in server.chats[-1].json["messages"]] == ["user"]


def known_temperature(opened: OpenProgram) -> float | None:
    found = opened.program.models.find(opened.program.chat.current.settings.choice)
    return found.temperature if found is not None else None


def test_the_task_that_is_written_is_named_until_it_is_silenced(open_it: OpenIt) -> None:
    with open_it() as opened:
        composer = opened.window.composer
        box = box_of(composer)
        QTest.keyClicks(box, "translate the clause")
        opened.wait_until(lambda: composer.task.isVisible())
        QTest.mouseClick(composer.task.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
        QTest.keyClicks(box, " please")
        QTest.qWait(_DRAFT_PAUSE_MS + 100)
        assert not composer.task.isVisible()
        composer.take_text()
        QTest.keyClicks(box, "write a weekly report")
        opened.wait_until(lambda: composer.task.isVisible())
        assert "report on work" in composer.task.accessibleName()
        opened.program.preferences.change(names_tasks=False)
        QTest.keyClicks(box, " for my boss")
        opened.wait_until(lambda: not composer.task.isVisible())
