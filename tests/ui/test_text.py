"""Text of a model as it is painted: selecting, copying, and what can be pressed in it."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from desktop.rendering.code import is_loaded
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.text.shown_text import END, START, Position, leaf_text
from desktop.ui.look.page_look import PageLook
from desktop.ui.text.surface import LinkHint, TextSurface
from desktop.ui.widgets.boxes import Portion, ReadText, portions

WIDTH = 500
LEFT = Qt.MouseButton.LeftButton
TEXT = (
    "First paragraph 😀 with words.\n\nSecond one with a [link](https://a.example/).\n\n"
    "```python\n\tprint('x')  \n```\n"
)


@pytest.fixture
def make(qtbot, theme):
    def build(text, width=WIDTH):
        surface = TextSurface(MarkdownDocument(text), PageLook(theme).answer, theme.color("paper"))
        qtbot.addWidget(surface)
        surface.append("")
        surface.resize(width, surface.height_for(width))
        surface.show()
        return surface

    return build


def place_of(surface, text):
    """The left edge of the first character of `text`, in the middle of its line."""
    page = surface._page
    for number, leaf in enumerate(page.leaves):
        at = leaf_text(leaf).find(text)
        if at < 0:
            continue
        top = page._rows.tops[number]
        for y in range(int(top), int(top + page._rows.heights[number]), 4):
            for x in range(surface.width()):
                position = page.hit(x, y).position
                if (position.index, position.offset) == (number, at):
                    return QPoint(x, y + 6)
    raise AssertionError(f"{text!r} is not shown")


def drag(surface, start, end):
    QTest.mousePress(surface, LEFT, pos=start)
    QTest.mouseMove(surface, end)
    QTest.mouseRelease(surface, LEFT, pos=end)


def move(surface, point):
    """The pointer comes by, without the screen's own pointer."""
    none = Qt.MouseButton.NoButton
    where = QPointF(point)
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(surface, QMouseEvent(QEvent.Type.MouseMove, where, where, none, none, keys))


@pytest.mark.window
class TestMouse:
    """A text says where the mouse goes; what that selects is decided by who holds it."""

    def test_two_clicks_take_a_word_and_three_a_paragraph(self, make, qtbot):
        surface = make(TEXT)
        at = place_of(surface, "graph 😀")
        with qtbot.waitSignal(surface.chosen) as word:
            QTest.mouseDClick(surface, LEFT, pos=at)
        assert surface.words.plain_text(*word.args) == "paragraph"
        with qtbot.waitSignal(surface.chosen) as paragraph:
            QTest.mouseClick(surface, LEFT, pos=at)
        assert surface.words.plain_text(*paragraph.args) == "First paragraph 😀 with words."

    def test_what_is_selected_is_seen_and_stays_while_text_is_added(self, make):
        assert is_loaded("python", 60)  # else its colours come between two pictures
        surface = make(TEXT)
        before = surface.grab().toImage()
        surface.set_selection((START, END))
        marked = surface.grab().toImage()
        assert marked != before
        surface.append("\n\nmore and more")
        assert surface.grab(surface.rect()).toImage() == marked
        surface.set_selection(None)
        assert surface.grab().toImage() == before


@pytest.mark.window
class TestCopying:
    def test_as_it_is_shown_and_as_it_was_written(self, make):
        surface = make(TEXT)
        assert surface.words.plain_text().startswith(
            "First paragraph 😀 with words.\n\nSecond one with a link.\n\n\tprint('x')  "
        )
        assert surface.words.markdown_text() == TEXT.strip("\n")
        # A part of a paragraph keeps its emphasis and links.
        surface = make("Some **bold words** and `code` with a [link](https://a.example/) here.\n\n- one\n- two\n")
        assert (
            surface.words.markdown_text(Position(0, 7), Position(0, 34))
            == "**ld words** and `code` with a [li](https://a.example/)"
        )
        assert surface.words.markdown_text(Position(0, 0), Position(1, 3)).endswith("here.\n\n- one")

    def test_lines_break_as_they_were_written(self, make):
        letter = "Kind **regards**\nA. [Clerk\nand](https://a.example/) others"
        surface = make(letter)
        assert surface.words.plain_text() == "Kind regards\nA. Clerk\nand others"
        assert surface.words.markdown_text() == letter
        surface = make("Kind **regards\nA. Clerk**\n12 [High\nStreet](https://a.example/)\n")
        assert (
            surface.words.markdown_text(Position(0, 1), Position(0, 35))
            == "ind **regards\nA. Clerk**\n12 [High\nStree](https://a.example/)"
        )


@pytest.mark.window
class TestLinks:
    def test_a_click_on_a_web_address_is_said_and_opens_nothing(self, make, qtbot):
        surface = make(TEXT)
        at, beside = place_of(surface, "ink."), place_of(surface, "one with")
        with qtbot.waitSignal(surface.link_activated) as clicked:
            QTest.mouseClick(surface, LEFT, pos=at)
        assert clicked.args == ["https://a.example/"]
        for point, shape in ((at, Qt.CursorShape.PointingHandCursor), (beside, Qt.CursorShape.IBeamCursor)):
            move(surface, point)
            assert surface.cursor().shape() is shape
        with qtbot.assertNotEmitted(surface.link_activated):
            QTest.mouseClick(surface, LEFT, pos=beside)
            QTest.mouseClick(surface, LEFT, pos=QPoint(WIDTH - 3, beside.y()))
            surface.pressed.connect(lambda position, _: surface.set_selection((position, END)))
            drag(surface, at, place_of(surface, "nk."))  # selecting over it is no click
            drag(surface, beside, place_of(surface, "nk."))
        surface = make("[file](file:///etc/passwd) [js](javascript:alert(1)) [share](//host/share)")
        with qtbot.assertNotEmitted(surface.link_activated):
            for word in ("file", "js", "share"):
                QTest.mouseClick(surface, LEFT, pos=place_of(surface, word))


@pytest.mark.window
class TestCode:
    def test_copy_takes_exactly_the_code_and_says_so(self, make, qapp, qtbot):
        surface = make(TEXT)
        top = surface._page._rows.tops[-1]
        before = surface.grab().toImage()
        QTest.mouseClick(surface, LEFT, pos=QPoint(WIDTH - 24, int(top) + 12))
        assert qapp.clipboard().text().rstrip("\n") == "\tprint('x')  "
        assert surface.grab().toImage() != before  # it says so, for a moment
        qtbot.waitUntil(lambda: surface.grab().toImage() == before, timeout=4000)


@pytest.mark.window
class TestHostileText:
    """Architecture: Qt's own text widgets read files that a text names; this one must not."""

    def test_nothing_is_opened_for_it(self, make, tmp_path):
        bait = tmp_path / "bait.png"
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        assert image.save(str(bait))
        opened: list[str] = []
        watching = True

        def watch(event, arguments):
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
        assert surface.words.plain_text().count("<script>") == 1


@pytest.mark.window
def test_a_text_of_many_pages_is_read_in_another_thread_and_its_height_is_estimated(qtbot, make):
    text = "".join(f"Paragraph {number} of a long answer.\n\n" for number in range(3000))
    surface = make("")
    surface.load(text)
    assert surface.source == text
    assert surface.is_reading
    about = surface.height_for(600)
    qtbot.waitUntil(lambda: not surface.is_reading, timeout=10_000)
    assert surface.height_for(600) == pytest.approx(about, rel=0.3)
    assert surface.source == text
    shown = surface.words.plain_text()
    assert shown.startswith("Paragraph 0 of a long answer.")
    assert shown.endswith("Paragraph 2999 of a long answer.")


@pytest.mark.window
def test_portions_are_small_in_letters_and_lines():
    text = "word " * 100_000 + "\n" + "line\n" * 50_000
    found = [portion.text for portion in portions(text)]
    assert max(map(len, found)) < 62_000
    assert max(len(line) for portion in found for line in portion.split("\n")) <= 2_000
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    short = "A few words.\n\n  And more."
    assert list(portions(short)) == [Portion(short)]


@pytest.mark.window
def test_what_is_copied_is_the_text_as_it_was_given(qtbot):
    box = ReadText()
    qtbot.addWidget(box)
    text = "😀 first\n" + "word " * 1_000 + "\nnext\n" + "last" * 30_000 + "\nthe end"
    box.show_text(text)
    box.selectAll()
    assert not box.is_whole
    assert box.createMimeDataFromSelection().text() == text
    qtbot.waitUntil(lambda: box.is_whole, timeout=30_000)
    box.selectAll()
    assert box.createMimeDataFromSelection().text() == text
    cursor = QTextCursor(box.document())
    cursor.setPosition(3)
    cursor.setPosition(box.document().characterCount() - 5, QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)
    assert box.createMimeDataFromSelection().text() == text[2:-4]
    cursor.clearSelection()
    cursor.setPosition(10)
    cursor.setPosition(20, QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)
    assert box.createMimeDataFromSelection().text() == text[9:19]


LINKED = "A [first](https://first.example/) link.\n\n```\nprint(1)\n```\n\nA [last](https://last.example/) one.\n"


class Window(QWidget):
    """A text between two buttons."""

    def __init__(self, surface):
        super().__init__()
        self.surface = surface
        self.above, self.below = QPushButton("above"), QPushButton("below")
        column = QVBoxLayout(self)
        for each in (self.above, surface, self.below):
            column.addWidget(each)

    def press(self, key):
        QTest.keyClick(self.focusWidget() or self, key)


def test_tab_goes_from_link_to_code_to_link_and_back(qtbot, theme):
    surface = TextSurface(MarkdownDocument(), PageLook(theme).answer, theme.color("paper"))
    surface.append(LINKED)
    surface.finish()
    surface.setFixedHeight(surface.height_for(400))
    window = Window(surface)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    surface.offer_focus()
    window.above.setFocus()
    bare = surface.grab().toImage()
    window.press(Qt.Key.Key_Tab)
    assert surface.target_address == "https://first.example/"
    assert surface.grab().toImage() != bare
    with qtbot.waitSignal(surface.link_activated) as activated:
        window.press(Qt.Key.Key_Return)
    assert activated.args == ["https://first.example/"]
    window.press(Qt.Key.Key_Tab)
    assert surface.target_address == ""
    window.press(Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "print(1)"
    window.press(Qt.Key.Key_Tab)
    assert surface.target_address == "https://last.example/"
    window.press(Qt.Key.Key_Tab)
    assert window.focusWidget() is window.below
    for address in ("https://last.example/", "", "https://first.example/"):
        window.press(Qt.Key.Key_Backtab)
        assert surface.target_address == address
    window.press(Qt.Key.Key_Backtab)
    assert window.focusWidget() is window.above


@pytest.fixture
def hint(qtbot, theme):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 300)
    made = LinkHint(theme, parent)
    with qtbot.waitExposed(parent):
        parent.show()
    yield made
    parent.close()


def test_an_address_is_shown_with_its_whole_host_and_none_that_cannot_open(hint):
    for href, shown in (
        ("https://example.com/a?b#c", "https://example.com/a?b#c"),
        ("https://аpple.com/", "https://xn--pple-43d.com/"),
        ("mailto:a@example.com?subject=Hello", "mailto:a@example.com?subject=Hello"),
    ):
        hint.show_address(href)
        assert hint.isVisible()
        assert hint.text == shown
    host = ".".join(["login-to-your-bank-account-securely"] * 6) + ".evil.example"
    hint.show_address(f"https://{host}/{'a' * 200}")
    assert host in hint.text
    assert hint.width() <= 302
    assert hint.height() > 40
    assert hint._layout.lineCount() > 1
    for href in ("", "javascript:alert(1)", "https://good.example@evil.example/"):
        hint.show_address("https://example.com/")
        hint.show_address(href)
        assert not hint.isVisible()
        assert hint.text == ""
