"""A composer in the hands of a test: its parts, pasting, and an input method that composes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QPushButton

from desktop.ui.composer.card import SendButton
from desktop.ui.inputs.message_input import MessageInput
from desktop.ui.inputs.pasted_text import PastedTextChip


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


def buttons_in_words(composer):
    """The quiet buttons that can be seen, beside Send."""
    found = composer.findChildren(QPushButton)
    return [each.text() for each in found if each.isVisible() and each.text() and not isinstance(each, SendButton)]


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
