"""What can be pasted is plain text; and the text cursor, which rests while nobody writes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QImage
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.ui.composer.card import Composer
from desktop.ui.inputs.plain_paste import PasteKind, read_paste, text_of_html
from desktop.ui.opening.application import RestingCursor
from tests.ui.composer.composing import box_of


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <b>bold</b>\n word</p><p>two</p>a<br>b", "One bold word\ntwo\na\nb"),
        ("<ul><li>one</li> <li><p>two</p></li></ul>after", "- one\n- two\nafter"),
        ("<ol><li>one<ul><li>in it</ul><li>two</ol>", "1. one\n  - in it\n2. two"),
        ("<table>\n <tr>\n  <td><p>1 000</p></td><td>x</td>\n </tr><tr><td>1</td></tr></table>", "1 000\tx\n1"),
        ("<img src='file:///etc/passwd' alt='a chart'> of it", "of it"),
        ("<style>p {}</style><script>x()</script><p>1 &lt; 2 &amp; 3&nbsp;€", "1 < 2 & 3\xa0€"),
        ("<b>never closed <i>nor this", "never closed nor this"),
        ("<img src=x>", ""),
        ("<td>Main St 1<br>12345 Hull</td><td><p>One</p><p>Two</p></td>", "Main St 1 12345 Hull\tOne Two"),
        ("<section>one</section>x<address>y</address>", "one\nx\ny"),
        ("<pre>def f():\n    return 1</pre>done", "def f():\n    return 1\ndone"),
    ],
)
def test_html_as_plain_text(html, expected):
    assert text_of_html(html) == expected


def test_a_megabyte_of_tags_is_read_at_once():
    assert text_of_html("<div><b>" * 120_000 + "end").endswith("end")


def mime(text="", html="", *, picture=False, files=False):
    source = QMimeData()
    if text:
        source.setText(text)
    if html:
        source.setHtml(html)
    if picture:
        source.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    if files:
        source.setUrls([QUrl.fromLocalFile("/tmp/report.pdf")])
    return source


@pytest.mark.parametrize(
    ("source", "kind", "text"),
    [
        (mime("plain", "<b>rich</b>"), PasteKind.TEXT, "plain"),
        (mime(html="<b>rich</b> only"), PasteKind.TEXT, "rich only"),
        (mime("a\tb\r\n1\t2\r\n", "<table></table>", picture=True), PasteKind.TEXT, "a\tb\n1\t2\n"),
        (mime(html="<img src=x>", picture=True), PasteKind.PICTURE, ""),
        (mime("file:///tmp/report.pdf", files=True), PasteKind.FILES, ""),
        (mime(), PasteKind.NOTHING, ""),
        (mime("https://example.com/a"), PasteKind.TEXT, "https://example.com/a"),
    ],
    ids=["both", "html", "cells", "picture", "file", "nothing", "address"],
)
def test_what_is_pasted(source, kind, text):
    found = read_paste(source)
    assert (found.kind, found.text) == (kind, text)


@pytest.fixture
def composer(theme, qtbot):
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(640, 60)
    composer.show()
    return composer


def test_pasted_files_and_pictures_are_told(composer, qtbot):
    with qtbot.waitSignal(composer.files_pasted) as told:
        QApplication.clipboard().setMimeData(mime(files=True))
        box_of(composer).paste()
    assert told.args[0].paths
    with qtbot.waitSignal(composer.files_pasted) as told:
        QApplication.clipboard().setMimeData(mime(picture=True))
        box_of(composer).paste()
    assert told.args[0].picture.startswith(b"\x89PNG")
    assert composer.text() == ""


def test_a_picture_that_comes_with_its_html_is_a_picture():
    source = mime(picture=True)
    source.setHtml('<img src="https://example.com/a.png" alt="A chart">')
    assert read_paste(source).kind is PasteKind.PICTURE


def test_dragged_files_are_left_to_the_window(composer):
    source = mime(files=True)  # which the event does not keep alive
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, source, left, none)
    box_of(composer).dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_paste_of_nothing_says_nothing(composer, qtbot):
    with qtbot.assertNotEmitted(composer.files_pasted):
        box_of(composer).insertFromMimeData(mime())


FLASH = 1_000


@pytest.fixture
def app(qapp):
    before = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(FLASH)
    yield qapp
    qapp.setCursorFlashTime(before)


def test_a_window_that_is_opened_while_the_cursor_rests_has_one_that_blinks(app, qtbot):
    box = QLineEdit()
    qtbot.addWidget(box)
    for _ in range(2):
        cursor = RestingCursor(app, blinks_ms=0)
        qtbot.waitUntil(lambda: app.cursorFlashTime() == 0)
        app.inputMethod().cursorRectangleChanged.emit()
        assert app.cursorFlashTime() == FLASH
        qtbot.waitUntil(lambda: app.cursorFlashTime() == 0)
        cursor.end()
        assert app.cursorFlashTime() == FLASH


def test_it_rests_once_no_key_has_come_for_a_while_and_not_where_it_never_blinks(app, qtbot):
    other = RestingCursor(app, blinks_ms=60_000)
    app.inputMethod().cursorRectangleChanged.emit()  # a key
    assert app.cursorFlashTime() == FLASH
    other.end()

    app.setCursorFlashTime(0)  # as the user has it
    still = RestingCursor(app, blinks_ms=0)
    app.inputMethod().cursorRectangleChanged.emit()
    assert app.cursorFlashTime() == 0
    still.end()
    assert app.cursorFlashTime() == 0
