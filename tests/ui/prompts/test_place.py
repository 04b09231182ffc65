"""Where the prompt builder stands in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.core.policy.fixed import Policy
from desktop.core.prompts.prompt import Language, missing_fields
from desktop.core.resources import resource_path
from desktop.first_window import FirstWindow
from desktop.store.settings import Settings
from desktop.ui.prompts.panel import PromptPanel
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line
from tests.ui.prompts.building import (
    build,
    panel_of,
    place_of,
    wide,
)

pytestmark = pytest.mark.window


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

    def test_enter_in_the_empty_message_box_leads_to_what_the_prompt_lacks(self, opened):
        panel = build(opened, tone="plain")
        opened.box.setFocus()
        QTest.keyClick(opened.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.focusWidget().accessibleName() == panel.framework.task.label.of(Language.ENGLISH)

    def test_what_is_typed_in_the_list_of_tasks_names_one_or_begins_a_text(self, opened):
        opened.press("Ctrl+B")
        panel = panel_of(opened)
        for typed, framework in (
            ("The move is on 3 May", "main"),
            ("Notice the new rule", "main"),
            ("Notice", "notice"),
        ):
            panel.list_tasks()
            for letter in typed:
                QTest.keyClicks(QApplication.focusWidget(), letter)
            if framework != "main":
                QTest.keyClick(panel.tasks.finder, Qt.Key.Key_Return)
            assert panel.framework.key == framework
            assert framework != "main" or panel.draft.texts == {"task": typed}
            panel.show_draft(None)

    def test_what_was_open_is_made_after_the_first_paint(self, qapp, candor_home):
        settings = Settings(prompt_open=True, window_geometry="")
        program = Program(FirstWindow(qapp, settings, Policy()), candor_home)
        try:
            program.open()
            assert program.window.findChild(PromptPanel) is None
            program.window.fill()
            assert program.window.findChild(PromptPanel) is not None
        finally:
            program.window.close()
            program.close()
            program.window.deleteLater()

    def test_it_is_open_and_as_wide_as_the_last_time(self, open_it):
        with open_it() as opened:
            wide(opened)
            opened.press("Ctrl+B")
            splitter = place_of(opened)._splitter
            splitter.moveSplitter(splitter.width() - 420, 1)
            width = panel_of(opened).width()
            assert abs(width - 420) < 5
            opened.program.services.settings._save()
            opened.drain_store()
        with open_it() as opened:
            opened.wait_until(lambda: opened.window.findChild(PromptPanel) is not None)
            wide(opened)
            assert panel_of(opened).isVisible()
            assert abs(panel_of(opened).width() - width) < 3
            assert opened.program.services.settings.now.prompt_open

    def test_beside_a_wide_page_it_stays_where_something_comes_up(self, opened):
        opened.ask("one")
        opened.press("Ctrl+B")
        page, composer = opened.window.header, opened.window.composer
        left = composer.mapTo(opened.window, composer.rect().topLeft()).x() - page.mapTo(opened.window, page.pos()).x()
        assert abs(left - (page.width() - left - composer.width())) <= 1
        panel = panel_of(opened)
        opened.press("Ctrl+F")
        assert panel.isVisible()
        opened.window.connections.show()
        assert not panel.isVisible()
        opened.window.show_chat()
        assert panel.isVisible()
        wide(opened, 760)
        assert not panel.isVisible()
        wide(opened, 1200)
        assert panel.isVisible()

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

    def test_over_a_narrow_window_it_offers_to_stop_the_answer(self, opened, server):
        server.script["POST /api/chat"] = [ndjson([ollama_line("so far")], then=[Hold()])]
        wide(opened, 760)
        opened.wait_for_model()
        opened.write("one")
        opened.press_enter()
        opened.wait_for_text("so far")
        build(opened, task="another")
        foot = panel_of(opened).foot
        assert foot.send.accessibleName() == "Stop"
        QTest.mouseClick(foot.send, Qt.MouseButton.LeftButton)
        opened.wait_until(lambda: not opened.program.chat.is_answering)
        assert foot.send.accessibleName() == "Send"


def test_where_some_frameworks_are_broken_the_others_are_offered(tmp_path, monkeypatch, opened):
    monkeypatch.setattr("desktop.prompts.texts.resource_path", lambda *names: tmp_path)
    rtf = resource_path("frameworks", "rtf.toml").read_text(encoding="utf-8")
    (tmp_path / "rtf.toml").write_text(rtf, encoding="utf-8")
    (tmp_path / "broken.toml").write_text("", encoding="utf-8")
    opened.press("Ctrl+B")
    assert list(panel_of(opened).frameworks) == ["rtf"]
