"""What a user does and sees in the window: answers questions, types, pastes and drops, and goes through menus."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from desktop.core.model import ModelChoice
from desktop.rendering.text.letters import show_invisible
from desktop.store.settings import Settings
from desktop.ui.chat.sending import ConsentDialog
from desktop.ui.composer.card import SendButton
from desktop.ui.documents.file_chip import FileChip, SentFiles
from desktop.ui.inputs.message_input import MessageInput, PastedTextChip
from desktop.ui.prompts.panel import PromptPanel

_LOOK_AGAIN_MS = 10


@dataclass
class Question:
    """What was asked; empty while nothing was."""

    title: str = ""
    text: str = ""
    more: str = ""
    detail: str = ""
    default: str = ""
    text_format: Qt.TextFormat | None = None

    @property
    def was_asked(self):
        return bool(self.text)


@contextlib.contextmanager
def answering(words):
    """Within this block the next question is answered with the button `words`; "" presses Escape."""
    question = Question()
    timer = QTimer()
    timer.setInterval(_LOOK_AGAIN_MS)

    def look():
        box = QApplication.activeModalWidget()
        if isinstance(box, ConsentDialog) and box.detail.toPlainText():  # all that is sent has been read
            timer.stop()
            question.title, question.text = box.windowTitle(), box.text.text()
            question.more, question.detail = box.more.text(), box.detail.toPlainText()
            question.default = "Cancel" if box.cancel.isDefault() else ""
            question.text_format = box.text.textFormat()
        elif isinstance(box, QMessageBox):
            timer.stop()
            question.title, question.text = box.windowTitle(), box.text()
            question.more, question.detail = box.informativeText(), box.detailedText()
            question.default = box.defaultButton().text() if box.defaultButton() else ""
            question.text_format = box.textFormat()
        else:
            return
        if words:
            next(button for button in box.findChildren(QPushButton) if button.text() == words).click()
        else:
            QTest.keyClick(box, Qt.Key.Key_Escape)

    timer.timeout.connect(look)
    timer.start()
    try:
        yield question
    finally:
        timer.stop()


def labels_on(part):
    """The texts of the labels that can be seen where the part can."""
    return [label.text() for label in part.findChildren(QLabel) if label.isVisibleTo(part)]


def words_on(part):
    """The same, as one text."""
    return "\n".join(labels_on(part))


class Noted:
    """The changes that were asked for, in order; it writes no file."""

    def __init__(self, **now):
        self.changes: list[dict[str, Any]] = []
        self.now = Settings(**now)

    def change(self, **changes):
        self.changes.append(changes)
        self.now = replace(self.now, **changes)


def box_of(composer):
    box = composer.findChild(MessageInput)
    assert isinstance(box, MessageInput)
    return box


def button_of(composer):
    button = composer.findChild(SendButton)
    assert isinstance(button, SendButton)
    return button


def chips_of(composer):
    return [chip for chip in composer.findChildren(PastedTextChip) if not chip.isHidden()]


def paste(composer, text):
    source = QMimeData()
    source.setText(text)
    box_of(composer).insertFromMimeData(source)


def compose(composer, preedit, commit=""):
    """What an input method sends while it composes `preedit`, and when it commits."""
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QCoreApplication.sendEvent(box_of(composer), event)


def preedit_of(composer):
    """What stands in the box underlined, as Qt shows it."""
    return box_of(composer).textCursor().block().layout().preeditAreaText()


_ANYWHERE = QPoint(20, 20)
_COPY, _LEFT, _NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files_as_data(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(widget, data, at=_ANYWHERE):
    """Drag onto a point of a widget, and let go."""
    enter = QDragEnterEvent(at, _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QCoreApplication.sendEvent(widget, QDropEvent(QPointF(at), _COPY, data, _LEFT, _NONE))


def chips(opened):
    """The chips in the composer, as they stand there."""
    shown = [chip for chip in opened.window.composer.findChildren(FileChip) if not chip.isHidden()]
    return sorted(shown, key=lambda chip: (chip.y(), chip.x()))


def chip_words(opened):
    """What a screen reader hears of the chips in the composer, but for the word that a file fits.

    That comes when the model's server has been asked, which may be a moment later.
    """
    return [chip.accessibleName().removesuffix(" · fits") for chip in chips(opened)]


def wait_for_chips(opened, *words):
    opened.wait_until(lambda: chip_words(opened) == list(words))


def sent_words(opened):
    """What a screen reader hears of the files in the transcript."""
    rows = opened.window.transcript.findChildren(SentFiles)
    return [chip.accessibleName() for row in rows if row.isVisible() for chip in row.chips]


def asked(server):
    """The user's last message as the server got it."""
    return str(server.chats[-1].json["messages"][-1]["content"])


def lines_of(menu):
    """The lines of the menu in words."""
    rows = menu.list.rows if menu.isVisible() else menu.rows_now()
    return [each.words if each.is_heading else show_invisible(each.title) for each in rows]


def models_in(rows):
    """The lines that are models."""
    return [each for each in rows if isinstance(each.key, ModelChoice)]


def row_of(menu, name):
    """The line of a model, by the name that its server gives it."""
    [found] = [each for each in models_in(menu.rows_now()) if each.key.model == name]
    return found


def go_to(menu, name):
    """Go down an open menu by the arrow key, to a model."""
    QTest.keyClick(menu.list, Qt.Key.Key_Home)
    for _ in menu.list.rows:
        at = menu.list.current
        if at is not None and isinstance(at.key, ModelChoice) and at.key.model == name:
            return
        QTest.keyClick(menu.list, Qt.Key.Key_Down)


def choose(header, name):
    """Open the menu, and choose a model in it."""
    header.open_models()
    go_to(header.menu, name)
    QTest.keyClick(header.menu.list, Qt.Key.Key_Return)
    assert not header.menu.isVisible()


def wide(opened, width=1200):
    opened.window.resize(width, 700)
    opened.wait_until(lambda: opened.window.width() == width)


def panel_of(opened):
    panel = opened.window.findChild(PromptPanel)
    assert isinstance(panel, PromptPanel)
    return panel


def place_of(opened):
    return opened.window.prompt_place


def build(opened, **texts):
    """Open the builder and write into its parts."""
    if not place_of(opened).is_shown:
        opened.press("Ctrl+B")
    panel = panel_of(opened)
    for key, text in texts.items():
        panel.fields.focus_part(key)
        QTest.keyClicks(QApplication.focusWidget(), text)
    opened.wait_until(lambda: not panel._refresh_soon.isActive())
    return panel


def notice_of(panel):
    """The line on top."""
    return panel.notice.words.text() if panel.head.notice_key else ""


def send(opened):
    """Press Ctrl+Enter in the builder and wait for the reply."""
    opened.wait_for_model()
    ended: list[object] = []
    opened.program.chat.generation_ended.connect(ended.append)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    opened.wait_until(lambda: ended)


def press_notice(opened):
    QTest.mouseClick(panel_of(opened).notice.fix, Qt.MouseButton.LeftButton)


def begin_anew(opened):
    """Empty the builder, which still holds what was sent."""
    assert "Sent." in notice_of(panel_of(opened))
    press_notice(opened)


def hand_over(opened, given):
    """A second start hands a file or a link over to the program that runs."""
    opening = opened.program.opening
    assert opening is not None
    opening.first_instance.called.emit(str(given))
