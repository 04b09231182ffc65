"""The help in the program: F1, and what a lesson does in the window itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.core.conversation import is_temporary
from desktop.store.settings import Settings
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.models.about import ModelCard, TermLine
from desktop.ui.teaching.page import LessonView
from desktop.ui.window.about import AboutDialog

pytestmark = pytest.mark.window


def attempt(opened, lesson, which=0):
    """Press what a lesson offers."""
    opened.program.help.page.show_topic(lesson)
    [view] = [each for each in opened.window.findChildren(LessonView) if not each.isHidden()]
    view.tries[which].click()


def shown_cards(opened):
    """Return the cards of models that are not hidden."""
    return [each for each in opened.window.findChildren(ModelCard) if not each.isHidden()]


def test_what_a_lesson_offers_happens_in_the_window(open_it, server):
    with open_it() as opened:
        opened.wait_for_model()
        opened.press("F1")
        assert opened.window.pages.is_in_front(opened.program.help.page)

        attempt(opened, "quotes")
        comparing = opened.window.parts.comparing
        opened.wait_until(lambda: comparing.is_in_front and not comparing._comparison.is_running)
        assert [column.heading for column in comparing.page.columns] == ["Without quotes", "With three quotes"]
        asked = [each.json["messages"][-1]["content"] for each in server.chats]
        assert sorted('"""' in each for each in asked) == [False, True]
        assert is_temporary(opened.program.chat.current.id)

        attempt(opened, "inventing")
        opened.wait_until(lambda: [each.text[:4] for each in opened.path] == ["How ", "Your", "That", "I ap"])
        assert opened.path[3].signs  # it gave in, and took another number
        assert is_temporary(opened.program.chat.current.id)
        assert opened.window.findChild(FreshSheet) is None  # the conversation is read first
        opened.press("Ctrl+Shift+N")
        sheet = opened.window.findChild(FreshSheet)
        opened.wait_until(lambda: sheet.preview.said.text.endswith("get? Please name the clause."))
        assert opened.says("was never given")
        with pytest.raises(AssertionError):
            opened.click("Add a file", sheet)  # a temporary conversation takes none
        opened.press("Escape")

        attempt(opened, "parts")
        opened.wait_until(lambda: opened.window.is_chat_in_front and opened.window.parts.prompt._presenter is not None)
        panel = opened.window.parts.prompt._presenter.panel
        opened.wait_until(lambda: panel.draft.text("tone").startswith("Friendly"))
        assert opened.path == []

        attempt(opened, "distilled")
        opened.wait_until(lambda: opened.window.pages.is_in_front(opened.program.model_parts.page))
        opened.wait_until(lambda: shown_cards(opened))
        [card] = shown_cards(opened)
        assert card.accessibleName() == "DeepSeek R1 Distill 7B"
        term = next(each for each in card.findChildren(TermLine) if each.property("lesson") == "distilled")
        QTest.keyClick(term, Qt.Key.Key_Return)
        assert opened.window.pages.is_in_front(opened.program.help.page)

        for _ in range(2):
            opened.program.help.page.about.click()
            about = opened.window.findChild(AboutDialog)
            opened.wait_until(about.isVisible)
            QTest.keyClick(about, Qt.Key.Key_Escape)
            opened.wait_until(lambda: opened.window.findChild(AboutDialog) is None)
        opened.press("Escape")
        opened.press("Escape")
        assert opened.window.is_chat_in_front
        folder = opened.folder
    assert set(Settings.load(folder / "settings.json")[0].lessons_read) == {"quotes", "inventing", "parts", "distilled"}
