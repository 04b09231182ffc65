"""The box for messages: keys, input methods that compose, and what they must not do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.ui.inputs.message_input import FULLEST_BOX
from desktop.ui.inputs.pasted_html import text_of_html
from desktop.ui.inputs.plain_paste import PasteKind, read_paste
from desktop.ui.widgets.keys import TypingAhead
from tests.ui.steps import box_of, button_of, compose, preedit_of


def test_enter_only_confirms(composer, qtbot):
    box = box_of(composer)
    with qtbot.assertNotEmitted(composer.send_requested):
        compose(composer, "ni hao")
        qtbot.keyClick(box, Qt.Key.Key_Return)
        qtbot.keyClick(box, Qt.Key.Key_Enter)
    with qtbot.assertNotEmitted(composer.earlier_wanted):
        qtbot.keyClick(box, Qt.Key.Key_Up)  # which chooses a candidate
    assert preedit_of(composer) == "ni hao"
    composer.set_running(True)
    with qtbot.assertNotEmitted(composer.queue_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    composer.set_running(False)
    compose(composer, "", "你好")
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert sent.args == ["你好"]


def test_escape_neither_stops_nor_ends_an_edit(composer, qtbot):
    composer.set_running(True)
    composer.begin_edit("an earlier one")
    compose(composer, "ni")
    with qtbot.assertNotEmitted(composer.stop_requested):
        qtbot.keyClick(box_of(composer), Qt.Key.Key_Escape)
    assert composer.is_editing
    assert preedit_of(composer) == "ni"


def takes_escape(widget):
    """Whether it keeps Escape from the window's own shortcut."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QCoreApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_escape_is_kept_from_the_windows_own_shortcut(composer):
    box = box_of(composer)
    assert not takes_escape(box)
    compose(composer, "ni")
    assert takes_escape(box)
    compose(composer, "", "你")
    assert not takes_escape(box)
    composer.begin_edit("an earlier one")
    assert takes_escape(box)


def test_a_full_box_takes_what_is_composed(composer):
    box = box_of(composer)
    box.setPlainText("word\n" * (FULLEST_BOX // 5))
    compose(composer, "ni")
    assert preedit_of(composer) == "ni"
    compose(composer, "", "你")
    assert box.toPlainText().startswith("你word")
    compose(composer, "", "你" * FULLEST_BOX)  # by a tool that types for the user
    assert composer.pasted_texts == ("你" * FULLEST_BOX,)


def test_undo_leaves_the_text_below_alone(composer, qtbot):
    qtbot.keyClicks(box_of(composer), "before ")
    compose(composer, "ni")
    QTest.keySequence(box_of(composer), QKeySequence(QKeySequence.StandardKey.Undo))
    assert composer.text() == "before "
    assert preedit_of(composer) == "ni"
    compose(composer, "", "你")
    assert composer.text() == "before 你"


def test_the_button_sends_what_is_being_composed(composer, qtbot):
    compose(composer, "ni hao")
    assert button_of(composer).isEnabled()
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.mouseClick(button_of(composer), Qt.MouseButton.LeftButton)
    assert sent.args == ["ni hao"]
    assert preedit_of(composer) == ""
    composer.take_text()
    compose(composer, "ma")
    compose(composer, "")  # given up
    assert not button_of(composer).isEnabled()


def test_leaving_the_box_keeps_it(composer):
    compose(composer, "ni hao")
    QApplication.sendEvent(box_of(composer), QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason))
    assert preedit_of(composer) == "ni hao", "a menu does not end it"
    box_of(composer).clearFocus()
    assert composer.text() == "ni hao"
    assert not box_of(composer).is_composing
    composer.setFocus()
    compose(composer, "ma")
    composer.begin_edit("an earlier one")
    assert composer.text() == "an earlier one"
    composer.cancel_edit()
    assert composer.text() in ("ni haoma", "mani hao")
    compose(composer, "le")
    composer.open_draft("of the other one")
    assert (composer.text(), preedit_of(composer)) == ("of the other one", "")


def test_undo_takes_back_the_word_that_was_chosen_last(composer, qtbot):
    box = box_of(composer)
    qtbot.keyClicks(box, "To ")
    for composed, word in (("ni hao", "你好"), ("shi jie", "世界")):
        compose(composer, composed)
        compose(composer, "", word)
    qtbot.keyClicks(box, "ok")
    texts = []
    for _ in range(4):
        QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Undo))
        texts.append(composer.text())
    assert texts == ["To 你好世界", "To 你好", "To ", ""]


ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Form(QWidget):
    """Two lines and a button, which passes on what is typed to the first line."""

    def __init__(self):
        super().__init__()
        self.line, self.other, self.button = QLineEdit(), QLineEdit("name"), QPushButton("Colleague")
        self.sent: list[str] = []
        self.line.returnPressed.connect(lambda: self.sent.append(self.line.text()))
        self.other.returnPressed.connect(lambda: self.sent.append(self.other.text()))
        self.button.clicked.connect(lambda: self.sent.append(self.button.text()))
        column = QVBoxLayout(self)
        for each in (self.button, self.line, self.other):
            column.addWidget(each)
        self.ahead = TypingAhead(self.button, lambda: self.line)


@pytest.fixture
def form(qtbot):
    made = Form()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.line.setFocus()
    return made


def compose_in(widget, preedit="", committed=""):
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(committed)
    QCoreApplication.sendEvent(widget, event)


def undo(line):
    QTest.keySequence(line, QKeySequence(QKeySequence.StandardKey.Undo))
    return line.text()


def test_a_line_is_neither_sent_nor_left_while_something_is_composed(form):
    compose_in(form.line, "ni hao")
    for key in ENTER:
        QTest.keyClick(form.line, key)
    assert form.sent == []
    assert takes_escape(form.line)
    compose_in(form.line, committed="你好")
    assert not takes_escape(form.line)
    QTest.keyClick(form.line, Qt.Key.Key_Return)
    assert form.sent == ["你好"]


def test_undo_takes_back_a_word_and_waits_for_what_is_composed(form):
    QTest.keyClicks(form.line, "to ")
    for word in ("世界", "我们"):
        compose_in(form.line, "pinyin")
        compose_in(form.line, committed=word)
    compose_in(form.line, committed="，")  # at once, as signs are
    QTest.keyClicks(form.line, "ok")
    assert form.line.text() == "to 世界我们，ok"
    assert [undo(form.line) for _ in range(4)] == ["to 世界我们，", "to 世界我们", "to 世界", "to "]
    compose_in(form.line, "ni")
    assert undo(form.line) == "to "
    compose_in(form.line, committed="你")
    assert form.line.text() == "to 你"


def test_typing_that_begins_on_a_button_is_composed_in_its_line(form):
    form.button.setFocus()
    compose_in(form.button, "ni")
    compose_in(form.button)  # given up: the keyboard stays where it was
    QTest.keyClick(form.button, Qt.Key.Key_Return)
    assert (form.sent, form.line.text()) == (["Colleague"], "")
    form.sent.clear()
    begun: list[str] = []
    form.ahead.begun.connect(lambda: begun.append(form.line.text()))
    compose_in(form.button, "n")
    compose_in(form.button, "ni")
    QTest.keyClick(form.button, Qt.Key.Key_Return)  # the input method's
    assert (form.sent, begun, form.button.hasFocus()) == ([], [""], True)
    compose_in(form.button, committed="你")
    assert form.line.text() == "你"
    assert form.line.hasFocus()


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
