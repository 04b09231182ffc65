"""The box at the foot of a conversation: where the person writes, sends, stops, and sets how much a model thinks.

It keeps what is written and says what is asked for; it neither sends nor saves anything by itself.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.clean_text import clean_input
from desktop.core.place import Place
from desktop.core.request import ThinkingMode
from desktop.ui.buttons import AFTER_ICON
from desktop.ui.flow import FlowLayout
from desktop.ui.icons import ThemedIcon
from desktop.ui.pasted_text import PastedTextChip, is_long
from desktop.ui.stylesheet import set_look
from desktop.ui.theme import FILL_OF_PLACE, GAP, GAP_TIGHT, Theme
from desktop.ui.thinking_control import ThinkingControl
from desktop.ui.words import place_sentence, plain_tooltip

_MOST_LINES = 10
_NARROWEST_BOX_PX = 240
_DRAFT_PAUSE_MS = 400  # a pause in typing, not a key, is worth a write to the disk
_BETWEEN_TEXTS = "\n\n"


class MessageBox(QPlainTextEdit):
    """The text box: grows with its lines, sends on Enter, takes plain text only."""

    enter_pressed = Signal()
    escape_pressed = Signal()
    long_text_pasted = Signal(str)
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_composing = False
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(GAP_TIGHT)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme.changed.connect(self._take_font)
        self._take_font()

    def _take_font(self) -> None:
        self.setFont(self._theme.ui_font())
        self._fit()

    def _fit(self) -> None:
        """As tall as the text, from one line to ten. Lines are measured: Chinese ones are taller than the font says."""
        line = self.fontMetrics().lineSpacing()
        tallest = _MOST_LINES * line
        tall = 0.0
        block = self.document().firstBlock()
        while block.isValid() and tall <= tallest:
            tall += self.blockBoundingRect(block).height()
            block = block.next()
        needs_bar = tall > tallest
        height = ceil(max(line, min(tall, tallest))) + 2 * round(self.document().documentMargin())
        if height != self.height():
            self.setFixedHeight(height)
        if not needs_bar:
            self.verticalScrollBar().setValue(0)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if needs_bar else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not self._is_composing:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.textCursor().insertText("\n")  # Qt would put in a line separator, which some servers stumble over
                self.ensureCursorVisible()
            else:
                self.enter_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape and not self._is_composing:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()  # narrower lines may be more lines

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_composing = False  # the input method lets go of its text when the box is left
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not any(url.isLocalFile() for url in source.urls())

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self.canInsertFromMimeData(source):
            return
        text = clean_input(source.text())
        if is_long(text, self.document().characterCount()):
            self.long_text_pasted.emit(text)
        else:
            self.textCursor().insertText(text)
            self.ensureCursorVisible()


class Composer(QFrame):
    """The card with the text box, pasted texts, the thinking control and Send."""

    send_requested = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    thinking_changed = Signal(object)  # a ThinkingMode

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_running = False
        self._place: Place | None = None
        set_look(self, "composer")
        self.setAccessibleName(self.tr("Message"))
        self._box = MessageBox(theme)
        self._box.setPlaceholderText(self.tr("Message …"))
        self._box.setAccessibleName(self.tr("Message"))
        self._box.setAccessibleDescription(self.tr("Enter sends, Shift and Enter begin a new line"))
        self._chips = QWidget()
        self._chip_row = FlowLayout(self._chips)
        self._chips.hide()
        self.thinking = ThinkingControl(theme)
        self._button = QPushButton()
        self._button.setAutoDefault(False)
        self._drawing = ThemedIcon(self._button, theme, "send", "on_fill")
        self._draft_pause = QTimer(self)
        self._draft_pause.setSingleShot(True)
        self._draft_pause.setInterval(_DRAFT_PAUSE_MS)
        self._lay_out()
        self._connect()
        self._show_button()

    def _lay_out(self) -> None:
        self._controls = QHBoxLayout()
        self._controls.setSpacing(GAP)
        self._controls.addStretch(1)
        self._controls.addWidget(self.thinking, 0, Qt.AlignmentFlag.AlignBottom)
        self._controls.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GAP)
        self._row.addWidget(self._box, 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.addLayout(self._controls)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self._chips)
        column.addLayout(self._row)
        self.setFocusProxy(self._box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        QWidget.setTabOrder(self._box, self.thinking)
        QWidget.setTabOrder(self.thinking, self._button)

    def _connect(self) -> None:
        self._box.textChanged.connect(self._changed)
        self._box.enter_pressed.connect(self._send)
        self._box.escape_pressed.connect(self._stop)
        self._box.long_text_pasted.connect(self._add_pasted)
        self._box.focus_changed.connect(self._show_focus)
        self._button.clicked.connect(self._press)
        self._draft_pause.timeout.connect(lambda: self.draft_changed.emit(self.text()))
        self.thinking.mode_chosen.connect(self.thinking_changed)
        self._theme.changed.connect(self._show_button)

    def text(self) -> str:
        """All that would be sent: what stands in the box, then the pasted texts."""
        pieces = [self._box.toPlainText(), *(chip.text for chip in self._pasted())]
        return _BETWEEN_TEXTS.join(piece for piece in pieces if piece)

    def set_text(self, text: str) -> None:
        """Replace what is written, with the cursor at its end. Says no `draft_changed`: the text came from outside."""
        for chip in self._pasted():
            self._drop(chip)
        text = clean_input(text)
        self._box.setPlainText("" if is_long(text) else text)
        if is_long(text):
            self._add_pasted(text)
        self._box.moveCursor(self._box.textCursor().MoveOperation.End)
        self._draft_pause.stop()

    def take_text(self) -> str:
        """What is written, leaving nothing. Says no `draft_changed`: who takes it knows."""
        text = self.text()
        self.set_text("")
        return text

    def set_running(self, running: bool) -> None:
        """While a reply arrives, Send is Stop."""
        if running is not self._is_running:
            self._is_running = running
            self._show_button()

    def set_place(self, place: Place | None) -> None:
        """Colour Send by where the words will go, and say it; None while that is not known."""
        self._place = place
        self._show_button()

    def set_thinking_modes(self, modes: list[ThinkingMode]) -> None:
        """The choices of the thinking control; with none, or only one, there is no control."""
        self.thinking.set_modes(modes)
        self._place_controls()

    def set_thinking_mode(self, mode: ThinkingMode) -> None:
        """The choice in force."""
        self.thinking.set_mode(mode)

    def _place_controls(self) -> None:
        """Beside the box, or below it where it would be left too narrow to write in."""
        room = self.width() - self._controls.minimumSize().width() - 3 * GAP
        is_narrow = room < self._theme.px(_NARROWEST_BOX_PX)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    def _pasted(self) -> list[PastedTextChip]:
        return [chip for chip in self._chip_row.widgets() if isinstance(chip, PastedTextChip)]

    def _add_pasted(self, text: str) -> None:
        if not text.strip():
            return
        chip = PastedTextChip(self._theme, text)
        chip.removed.connect(lambda: self._remove(chip))
        self._chip_row.addWidget(chip)
        self._chips.show()
        chip.show()
        self._changed()

    def _remove(self, chip: PastedTextChip) -> None:
        self._drop(chip)
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()

    def _drop(self, chip: PastedTextChip) -> None:
        self._chip_row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self._chips.setVisible(self._chip_row.count() > 0)

    def _is_blank(self) -> bool:
        return self._chip_row.count() == 0 and not self._box.toPlainText().strip()

    def _changed(self) -> None:
        self._draft_pause.start()
        self._show_button()

    def _press(self) -> None:
        if self._is_running:
            self._stop()
        else:
            self._send()

    def _send(self) -> None:
        if not self._is_running and not self._is_blank():
            self._box.setFocus(Qt.FocusReason.OtherFocusReason)  # before the button goes grey and passes the focus on
            self.send_requested.emit(self.text().strip())

    def _stop(self) -> None:
        if self._is_running:
            self.stop_requested.emit()

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)

    def _show_button(self) -> None:
        enabled = self._is_running or not self._is_blank()
        words = self.tr("Stop") if self._is_running else self.tr("Send")
        self._button.setText(AFTER_ICON + words)
        self._button.setAccessibleName(words)
        where = place_sentence(self._place) if self._place is not None else ""
        self._button.setAccessibleDescription("" if self._is_running else where)
        self._button.setToolTip(self.tr("Stop (Esc)") if self._is_running else plain_tooltip(where))
        self._drawing.show("stop" if self._is_running else "send", "on_fill" if enabled else "muted")
        self._button.setEnabled(enabled)
        set_look(self._button, "filled", FILL_OF_PLACE[self._place.kind] if self._place is not None else "accent")
        self._keep_width()

    def _keep_width(self) -> None:
        """Wide enough for both words, so that nothing shifts when one takes the other's place."""
        self._button.ensurePolished()  # for the metrics of the sheet's heavier font
        metrics = self._button.fontMetrics()
        widest = max(metrics.horizontalAdvance(AFTER_ICON + word) for word in (self.tr("Send"), self.tr("Stop")))
        self._button.setMinimumWidth(widest + self._theme.icon_px + self._theme.px(12) * 3 + GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_controls()
