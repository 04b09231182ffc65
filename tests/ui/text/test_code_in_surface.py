"""Code in a widget: colours that come a little later, and the bar of wide code under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop.rendering.code import highlight
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.ui.look.page_look import PageLook
from desktop.ui.text.surface import TextSurface

WIDTH, HEIGHT = 500, 600
LEFT = Qt.MouseButton.LeftButton


def shown(qtbot, theme, code):
    surface = TextSurface(MarkdownDocument(f"```python\n{code}\n```\n"), PageLook(theme).answer, theme.color("paper"))
    qtbot.addWidget(surface)
    surface.append("")
    surface.height_for(WIDTH)
    surface.resize(WIDTH, HEIGHT)
    with qtbot.waitExposed(surface):
        surface.show()
    return surface


def test_colours_that_were_not_there_yet_are_painted_soon_after(qtbot, theme, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(highlight, "is_loaded", lambda language, patience: False)
        surface = shown(qtbot, theme, "a = [1, 2]")
        plain = surface.grab().toImage()
        assert surface._page.is_unfinished
    qtbot.waitUntil(lambda: not surface._page.is_unfinished)
    assert isinstance(plain, QImage)
    assert surface.grab().toImage() != plain


def test_the_bar_of_wide_code_is_dragged(qtbot, theme):
    surface = shown(qtbot, theme, "x" * 400)
    before = surface.grab().toImage()
    bar = QPoint(30, round(surface._page.height) - 4)
    QTest.mouseMove(surface, bar)
    QTest.mousePress(surface, LEFT, pos=bar)
    QTest.mouseMove(surface, bar + QPoint(200, 0))
    QTest.mouseRelease(surface, LEFT, pos=bar + QPoint(200, 0))
    assert surface.cursor().shape() is Qt.CursorShape.ArrowCursor
    assert surface.grab().toImage() != before
    QTest.mouseMove(surface, bar - QPoint(0, 30))
    # A move without a button comes by way of the window system, in its own time.
    qtbot.waitUntil(lambda: surface.cursor().shape() is Qt.CursorShape.IBeamCursor)
