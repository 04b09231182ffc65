"""The prompt builder beside the page and in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.prompts.prompt import Language, PromptFile, missing_fields
from desktop.core.resources import resource_path
from desktop.prompts.texts import frameworks
from desktop.ui.documents.file_chip import FileChip
from desktop.ui.inputs.plain_paste import FilesPlace
from desktop.ui.prompts.panel import PromptPanel
from tests.support.scripted_reader import ScriptedReader
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.steps import asked, build, chip_words, drop, files_as_data, panel_of, place_of, send, wide
from tests.ui.window.test_main_window import choose


class TestFiles:
    """Files that are given to a part of the builder."""

    @pytest.fixture
    def price_list(self, tmp_path, monkeypatch):
        monkeypatch.setattr("desktop.app.ReaderProcess", ScriptedReader)
        file = tmp_path / "prices.txt"
        file.write_text("Cleaning 120.\fGlass 80.", encoding="utf-8")
        return file

    @pytest.fixture
    def opened(self, open_it, price_list):
        with open_it() as program:
            wide(program)
            yield program

    def give(self, opened, file, key="context"):
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

    def chips(self, panel):
        shown = [chip for chip in panel.findChildren(FileChip) if not chip.isHidden()]
        return [chip.accessibleName().removesuffix(" · fits") for chip in shown]

    def test_a_file_goes_along_and_its_part_refers_to_it(self, opened, server, price_list):
        panel = self.give(opened, price_list)
        assert chip_words(opened) == []  # the message box has none
        send(opened)
        text = asked(server)
        assert text.startswith('""" prices.txt\n[Page 1]\n\nCleaning 120.')
        assert text.endswith('# Task\nName the dearest.\n\n# Context\nSee the file "prices.txt".')
        assert self.chips(panel) == []
        assert (panel.draft.text("task"), panel.draft.files) == ("Name the dearest.", ())
        # It is there when the message is changed.
        opened.window.composer.banner.builder_requested.emit(opened.path[0].id)
        opened.wait_until(lambda: len(self.chips(panel)) == 1)
        panel.fields.focus_part("task")
        QTest.keyClicks(QApplication.focusWidget(), " And why?")
        send(opened)
        assert asked(server).startswith('""" prices.txt')
        assert "And why?" in asked(server)
        assert self.chips(panel) == []

    def test_it_is_there_after_a_restart(self, open_it, price_list):
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


class TestDrafts:
    def test_a_draft_belongs_to_the_conversation_that_begins(self, opened):
        panel = build(opened, task="for the first")
        opened.ask("first")
        assert panel.draft.text("task") == "for the first"
        opened.press("Ctrl+N")
        assert panel.is_untouched
        build(opened, task="for the new one")
        choose(opened, "first")
        opened.wait_until(lambda: panel.draft.text("task") == "for the first")
        opened.press("Ctrl+N")
        opened.wait_until(lambda: panel.draft.text("task") == "for the new one")


def test_a_temperature_of_its_own_is_shown_sent_and_taken_back(open_over):
    with open_over(ollama_script(ndjson(ollama_lines("Four.")))) as (opened, server):
        wide(opened)
        opened.wait_for_model()
        opened.program.chat.change_settings(lambda settings: replace(settings, temperature=0.6))
        panel = build(opened, task="Solve it")
        send(opened)
        assert server.chats[-1].json["options"]["temperature"] == 0.6
        assert "0.6" in panel.foot.temperature.words.text()
        opened.drain_store()
        QTest.mouseClick(panel.foot.temperature.fix, Qt.MouseButton.LeftButton)
        assert not panel.foot.temperature.isVisible()
        build(opened, task="Once more")
        send(opened)
        assert "temperature" not in server.chats[-1].json.get("options", {})


@pytest.mark.window
class TestPlace:
    def test_ctrl_b_opens_it_with_the_keyboard_in_the_list_of_tasks(self, opened):
        assert opened.window.findChild(PromptPanel) is None
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        assert panel.isVisible()
        assert (panel.tasks.finder.hasFocus(), panel.fields.isVisible()) == (True, False)
        QTest.keyClick(panel.tasks.finder, Qt.Key.Key_Return)
        assert panel.framework.is_ready_made
        missing = missing_fields(panel.draft, panel.framework)
        assert QApplication.focusWidget().accessibleName() == missing[0].label.of(Language.ENGLISH)
        assert panel.fields.isAncestorOf(QApplication.focusWidget())
        opened.press("Ctrl+B")
        opened.press("Ctrl+B")
        assert panel.tasks.finder.hasFocus()  # nothing was written
        QTest.mouseClick(panel.tasks.freely, Qt.MouseButton.LeftButton)
        assert panel.fields.isAncestorOf(QApplication.focusWidget())
        QTest.keySequence(QApplication.focusWidget(), "Ctrl+B")
        assert not panel.isVisible()
        assert opened.box.hasFocus()

    def test_over_a_narrow_window_it_goes_by_a_press_beside_it_escape_and_what_comes_up(self, opened):
        opened.ask("one")
        wide(opened, 760)
        before = opened.window.composer.width()
        opened.press("Ctrl+B")
        panel, place = panel_of(opened), place_of(opened)
        assert panel.isVisible()
        assert opened.window.composer.width() == before
        QTest.mouseClick(place.childAt(20, 300), Qt.MouseButton.LeftButton)
        assert not panel.isVisible()
        assert not opened.program.services.settings.now.prompt_open
        opened.press("Ctrl+B")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert not panel.isVisible()
        assert opened.box.hasFocus()
        for keys in ("Ctrl+F", "Ctrl+Shift+N"):
            opened.press("Ctrl+B")
            assert panel.isVisible()
            opened.press(keys)
            assert not panel.isVisible()
            shown = opened.window.chat_page.find_bar if keys == "Ctrl+F" else opened.window.parts.fresh.sheet
            opened.wait_until(lambda shown=shown: shown.isAncestorOf(QApplication.focusWidget()))
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


@pytest.fixture
def few_frameworks(tmp_path, monkeypatch):
    """A folder of frameworks in place of the program's own, which are read once."""
    monkeypatch.setattr("desktop.prompts.texts.resource_path", lambda *names: tmp_path)
    frameworks.cache_clear()
    yield tmp_path
    frameworks.cache_clear()


def test_where_some_frameworks_are_broken_the_others_are_offered(few_frameworks, opened):
    rtf = resource_path("frameworks", "rtf.toml").read_text(encoding="utf-8")
    (few_frameworks / "rtf.toml").write_text(rtf, encoding="utf-8")
    (few_frameworks / "broken.toml").write_text("", encoding="utf-8")
    opened.press("Ctrl+B")
    assert list(panel_of(opened).frameworks) == ["rtf"]
