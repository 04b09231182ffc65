"""A text that can be selected, copied and clicked, and that opens and reads nothing by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.rendering.markdown_document import MarkdownDocument
from desktop.ui.page_look import answer_style
from desktop.ui.text_surface import TextSurface
from desktop.ui.theme import Theme

WIDTH = 500
LEFT = Qt.MouseButton.LeftButton
TEXT = (
    "First paragraph 😀 with words.\n\nSecond one with a [link](https://a.example/).\n\n"
    "```python\n\tprint('x')  \n```\n"
)

Make = Callable[..., TextSurface]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Make:
    def build(text: str, width: int = WIDTH) -> TextSurface:
        surface = TextSurface(MarkdownDocument(text), answer_style(theme), theme.color("paper"))
        qtbot.addWidget(surface)
        surface.append("")
        surface.resize(width, surface.height_for(width))
        surface.show()
        return surface

    return build


def place_of(surface: TextSurface, text: str) -> QPoint:
    """The left edge of the first character of `text`, in the middle of its line."""
    page = surface._page
    for number, placed in enumerate(page._placed):
        at = placed.box.text().find(text)
        if at < 0:
            continue
        for y in range(int(placed.top), int(placed.top + placed.box.height), 4):
            for x in range(surface.width()):
                position = page.hit(x, y).position
                if (position.index, position.offset) == (number, at):
                    return QPoint(x, y + 6)
    raise AssertionError(f"{text!r} is not shown")


def drag(surface: TextSurface, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(surface, LEFT, pos=start)
    QTest.mouseMove(surface, end)
    QTest.mouseRelease(surface, LEFT, pos=end)


def move(surface: TextSurface, point: QPoint) -> None:
    """The pointer comes by, without the screen's own pointer."""
    none = Qt.MouseButton.NoButton
    where = QPointF(point)
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(surface, QMouseEvent(QEvent.Type.MouseMove, where, where, none, none, keys))


class TestSelection:
    def test_by_mouse_within_a_line(self, make: Make) -> None:
        surface = make(TEXT)
        drag(surface, place_of(surface, "paragraph"), place_of(surface, "with words"))
        assert surface.selected_text() == "paragraph 😀 "

    def test_by_mouse_over_blocks_and_backwards(self, make: Make) -> None:
        surface = make(TEXT)
        drag(surface, place_of(surface, "one with"), place_of(surface, "words."))
        assert surface.selected_text() == "words.\n\nSecond "

    def test_shift_and_click_moves_the_end(self, make: Make) -> None:
        surface = make(TEXT)
        QTest.mouseClick(surface, LEFT, pos=place_of(surface, "paragraph"))
        QTest.mouseClick(surface, LEFT, Qt.KeyboardModifier.ShiftModifier, place_of(surface, "with words"))
        assert surface.selected_text() == "paragraph 😀 "

    def test_a_double_click_takes_a_word(self, make: Make) -> None:
        surface = make(TEXT)
        QTest.mouseDClick(surface, LEFT, pos=place_of(surface, "graph 😀"))
        assert surface.selected_text() == "paragraph"

    def test_all_by_keyboard_and_copied(self, make: Make, qapp: QApplication) -> None:
        surface = make(TEXT)
        surface.setFocus()
        QTest.keyClick(surface, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(surface, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        copied = qapp.clipboard().text()
        assert copied.startswith("First paragraph 😀 with words.\n\nSecond one with a link.\n\n\tprint('x')  ")

    def test_a_click_selects_nothing_and_takes_the_mark_away(self, make: Make) -> None:
        surface = make(TEXT)
        surface.select_all()
        assert surface.has_selection
        QTest.mouseClick(surface, LEFT, pos=place_of(surface, "paragraph"))
        assert not surface.has_selection
        assert surface.selected_text() == ""

    def test_it_is_seen(self, make: Make) -> None:
        surface = make(TEXT)
        before = surface.grab().toImage()
        surface.select_all()
        assert surface.grab().toImage() != before
        surface.clear_selection()
        assert surface.grab().toImage() == before

    def test_it_stays_while_text_is_added(self, make: Make) -> None:
        surface = make(TEXT)
        drag(surface, place_of(surface, "paragraph"), place_of(surface, "with words"))
        surface.append("\n\nmore and more")
        assert surface.selected_text() == "paragraph 😀 "

    def test_an_empty_text_stands_everything(self, make: Make, qapp: QApplication) -> None:
        qapp.clipboard().setText("before")
        surface = make("")
        surface.resize(WIDTH, 40)
        QTest.mouseClick(surface, LEFT)
        QTest.mouseDClick(surface, LEFT)
        surface.select_all()
        surface.copy_selection()
        assert surface.selected_text() == ""
        assert qapp.clipboard().text() == "before"


class TestLinks:
    def test_a_click_is_said_and_opens_nothing(self, make: Make, qtbot: QtBot) -> None:
        surface = make(TEXT)
        at = place_of(surface, "ink.")
        with qtbot.waitSignal(surface.link_activated) as clicked:
            QTest.mouseClick(surface, LEFT, pos=at)
        assert clicked.args == ["https://a.example/"]

    def test_beside_it_nothing_is_said(self, make: Make, qtbot: QtBot) -> None:
        surface = make(TEXT)
        with qtbot.assertNotEmitted(surface.link_activated):
            QTest.mouseClick(surface, LEFT, pos=place_of(surface, "one with"))
            QTest.mouseClick(surface, LEFT, pos=QPoint(WIDTH - 3, place_of(surface, "one with").y()))

    def test_selecting_over_it_is_no_click(self, make: Make, qtbot: QtBot) -> None:
        surface = make(TEXT)
        with qtbot.assertNotEmitted(surface.link_activated):
            drag(surface, place_of(surface, "ink."), place_of(surface, "nk."))
            drag(surface, place_of(surface, "one with"), place_of(surface, "nk."))

    def test_the_pointer_says_it(self, make: Make) -> None:
        surface = make(TEXT)
        move(surface, place_of(surface, "ink."))
        assert surface.cursor().shape() is Qt.CursorShape.PointingHandCursor
        move(surface, place_of(surface, "one with"))
        assert surface.cursor().shape() is Qt.CursorShape.IBeamCursor


class TestCode:
    def test_copy_takes_exactly_the_code(self, make: Make, qapp: QApplication) -> None:
        surface = make(TEXT)
        code = surface._page._placed[-1]
        QTest.mouseClick(surface, LEFT, pos=QPoint(WIDTH - 24, int(code.top) + 12))
        assert qapp.clipboard().text().rstrip("\n") == "\tprint('x')  "

    def test_a_wheel_sideways_moves_it_and_one_downwards_does_not(self, make: Make) -> None:
        surface = make("```\n" + "x" * 400 + "\n```\n")
        surface.grab()
        before = surface.grab().toImage()

        def turn(delta: QPoint) -> bool:
            middle = QPointF(surface.rect().center())
            event = QWheelEvent(
                middle,
                middle,
                QPoint(),
                delta,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(surface, event)
            return event.isAccepted()

        assert not turn(QPoint(0, -120))
        assert surface.grab().toImage() == before
        assert turn(QPoint(-120, 0))
        assert surface.grab().toImage() != before


class TestHostileText:
    """Architecture: Qt's own text widgets read files that a text names; this one must not."""

    def test_nothing_is_opened_for_it(self, make: Make, tmp_path: Path) -> None:
        bait = tmp_path / "bait.png"
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        assert image.save(str(bait))
        opened: list[str] = []
        watching = True

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if watching and event in ("open", "socket.connect", "socket.getaddrinfo"):
                opened.append(f"{event} {arguments[0]}")

        text = (
            f'<img src="{bait}"> <img src="file://{bait}">\n\n![alt]({bait})\n\n![x](https://a.example/x.png)\n\n'
            f'<style>@import url("file://{bait}");</style>\n\n<script>alert(1)</script>\n\n<iframe src="{bait}">\n\n'
            "[js](javascript:alert(1)) [file](file:///etc/passwd) [share](//host/share)\n"
        )
        surface = make("")
        surface.resize(WIDTH, 800)
        sys.addaudithook(watch)
        try:
            surface.append(text)
            surface.finish()
            surface.height_for(WIDTH)
            shown = surface.grab().toImage()
        finally:
            watching = False
        assert [one for one in opened if str(bait) in one or "socket" in one] == []
        red = 0xFFFF0000
        assert all(shown.pixel(x, y) != red for x in range(0, WIDTH, 5) for y in range(0, shown.height(), 5))
        assert surface._page.plain_text(surface._page.hit(0, 0).position, surface._page.end()).count("<script>") == 1

    def test_what_is_no_web_address_is_no_link(self, make: Make, qtbot: QtBot) -> None:
        surface = make("[file](file:///etc/passwd) [js](javascript:alert(1)) [share](//host/share)")
        with qtbot.assertNotEmitted(surface.link_activated):
            for word in ("file", "js", "share"):
                QTest.mouseClick(surface, LEFT, pos=place_of(surface, word))


def test_growing_says_when_the_height_changes(make: Make, qtbot: QtBot) -> None:
    surface = make("One line")
    with qtbot.assertNotEmitted(surface.height_changed):
        surface.append(" more")
    with qtbot.waitSignal(surface.height_changed):
        surface.append("\n\nAnother paragraph")


def test_what_is_painted_while_it_grows_is_what_is_painted_at_once(make: Make, qtbot: QtBot) -> None:
    """On the real screen: partly repainted, it must look like a surface that was painted as a whole."""
    code = "\n\n```python\n" + "x = 'text'  # why\n" * 8 + "```\n\n- a\n- b\n"
    text = "Some **text** with 😀 and 中文 that grows. " * 12 + code
    surface = make(text[:1])
    surface.height_changed.connect(lambda: surface.resize(WIDTH, surface.height_for(WIDTH)))
    with qtbot.waitExposed(surface):
        surface.move(20, 20)
    for start in range(1, len(text), 7):
        surface.append(text[start : start + 7])
        QApplication.processEvents()
    surface.finish()
    expected = surface.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def shown() -> QImage:
        return surface.screen().grabWindow(surface.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)

    qtbot.waitUntil(lambda: shown() == expected)


class TestLongText:
    """A text of many pages comes in slices, and nothing of it is lost on the way."""

    def test_the_beginning_is_there_at_once_and_the_rest_follows(self, qtbot: QtBot, make: Make) -> None:
        text = "".join(f"Paragraph {number} of a long answer.\n\n" for number in range(3000))
        surface = make("")
        surface.append(text)
        surface.finish()
        assert surface.source.strip() == text.strip()
        at_once = surface.height_for(600)
        assert at_once > 0
        with qtbot.waitSignal(surface.height_changed, timeout=5000):
            pass
        qtbot.waitUntil(lambda: not surface._slice_timer.isActive(), timeout=10_000)
        assert surface.height_for(600) > 5 * at_once
        assert surface.source.strip() == text.strip()
        surface.select_all()
        assert "Paragraph 2999" in surface.selected_text()
