"""Answers the question that comes next, as a user would: reads it and presses one of its buttons."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from desktop.ui.chat.consent import ConsentDialog

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
