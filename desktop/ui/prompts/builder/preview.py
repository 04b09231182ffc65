"""The exact text that would be sent, each part on its own quiet ground, and what it takes of the model's context."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from desktop.core.message import Role
from desktop.core.prompts.render import RenderedPrompt, tokens_by_field
from desktop.core.text.tokens import whole_tokens
from desktop.rendering.text.utf16 import Units
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, SMALL
from desktop.ui.prompts.shown import Stretch, Words, shown_prompt
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.labels import ElidedLabel, set_tooltip
from desktop.ui.words import about_tokens, amount_of_text, fill, number, share

_HEIGHT_PX, _LOW_PX = 168, 76
_MOST_TINTED = 100  # stretches; beyond, tints would cost more than they show


class PromptPreview(QWidget):
    """A line with the size that unfolds the text. Only what has changed of the text is laid out again."""

    toggled = Signal(bool)

    def __init__(self, theme: Theme, name: str = "", parent: QWidget | None = None) -> None:
        """Build the preview. `name` stands on the line, in place of "Preview"."""
        super().__init__(parent)
        self._theme = theme
        self._prompt: RenderedPrompt | None = None
        self._colours: Mapping[str, int] = {}
        self._context: int | None = None
        self._room: int | None = None
        self.fits: bool | None = None  # what was shown last; None while it is not known how much the model can read
        self._is_low = False
        self._shown = ""
        self._sizes = ("", "")  # in words: with the share of the window, and alone
        self._stretches: list[Stretch] = []
        self._words = Words(self._says, self._left_out)
        self._fold = FoldButton(theme, name or self.tr("Preview"))
        self._size = ElidedLabel("", "tiny")
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._frame = QFrame()
        set_look(self._frame, "part")
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.box.setUndoRedoEnabled(False)
        self.box.setFrameShape(QFrame.Shape.NoFrame)
        self.box.setAccessibleName(self.tr("The text that will be sent"))
        self._lay_out()
        self._fold.clicked.connect(lambda: self.set_open(not self.is_open))
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        return not self._frame.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the text; the line with its size stays."""
        was_open = self.is_open
        self._frame.setVisible(is_open)
        self._fold.show_state(is_open=is_open)
        if is_open and self._prompt is not None:
            self._show_text(self._prompt)
        if is_open is not was_open:
            self.toggled.emit(is_open)

    def set_low(self, is_low: bool) -> None:
        """Take little height, where a field has to stay in sight above it."""
        self._is_low = is_low
        self.box.setFixedHeight(self._theme.px(_LOW_PX if is_low else _HEIGHT_PX))

    def set_room(self, tokens: int | None) -> None:
        """Set how many tokens may be sent now, beside what was said before; None where that is not known."""
        self._room = tokens

    def show_prompt(
        self,
        prompt: RenderedPrompt,
        colours: Mapping[str, int],
        context: int | None,
        files: Mapping[str, float] = MappingProxyType({}),
    ) -> dict[str, float]:
        """Show this prompt; `colours` by part, `context` in tokens if it is known. Return tokens by part.

        `files`: the tokens of files that go along, by part.
        """
        self._prompt, self._colours, self._context = prompt, colours, context
        counts = tokens_by_field(prompt)
        for field, tokens in files.items():
            counts[field] = counts.get(field, 0.0) + tokens
        self._show_size(whole_tokens(sum(counts.values())))
        if self.is_open:
            self._show_text(prompt)
        return counts

    def go_to(self, fields: Collection[str]) -> None:
        """Scroll to the first of these parts."""
        found = next((each for each in self._stretches if each.field in fields), None)
        if self.is_open and found is not None:
            cursor = QTextCursor(self.box.document())
            cursor.setPosition(Units(self._shown).to_qt(found.end))
            self.box.setTextCursor(cursor)
            QTimer.singleShot(0, self.box, self.box.centerCursor)  # when the box has taken its place

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._fold)
        row.addWidget(self._size, 1)
        within = QVBoxLayout(self._frame)
        within.setContentsMargins(GAP_TIGHT, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        within.addWidget(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addLayout(row)
        column.addWidget(self._frame)

    def _show_size(self, tokens: int) -> None:
        room = self._context if self._room is None else self._room
        self.fits = None if room is None else tokens <= room
        is_too_long = self.fits is False
        amount = amount_of_text(tokens) if tokens else ""
        whole = amount
        if is_too_long:
            amount = whole = fill(self.tr("%1 · too long"), amount)
        elif self._context and tokens:
            of_context = share(tokens / self._context)
            whole = fill(self.tr("%1 · %2 of what the model reads at once"), amount, of_context)
        self._sizes = (whole, amount)
        self._fit_size()
        set_tooltip(self, f"{whole}\n{about_tokens(tokens)}" if tokens else "")
        set_look(self._size, "tiny danger" if is_too_long else "tiny")

    def _fit_size(self) -> None:
        """Show the size, with its share of what the model reads at once where that has room; the tooltip says it."""
        room = self.width() - self._fold.sizeHint().width() - GAP
        whole, amount = self._sizes
        self._size.show_text(whole if self._size.fontMetrics().horizontalAdvance(whole) < room else amount)

    def _show_text(self, prompt: RenderedPrompt) -> None:
        text, self._stretches = shown_prompt(prompt, self._words)
        self._replace(text)
        self._tint()

    def _replace(self, text: str) -> None:
        """Set the text, touching only what differs: laying out all of it takes longer than a frame."""
        before, self._shown = self._shown, text
        if before == text:
            return
        start = _common(before, text)
        end = _common(before[start:][::-1], text[start:][::-1])
        units = Units(before)
        cursor = QTextCursor(self.box.document())
        cursor.setPosition(units.to_qt(start))
        cursor.setPosition(units.to_qt(len(before) - end), QTextCursor.MoveMode.KeepAnchor)
        with QSignalBlocker(self.box):
            cursor.insertText(text[start : len(text) - end])

    def _tint(self) -> None:
        tokens, document = self._theme.tokens, self.box.document()
        units = Units(self._shown)
        selections = []
        for stretch in self._stretches[:_MOST_TINTED]:
            style = QTextCharFormat()
            colour = self._colours.get(stretch.field)
            if colour is not None:
                style.setBackground(QColor(tokens.part_grounds[colour % len(tokens.part_grounds)]))
                style.setProperty(QTextFormat.Property.FullWidthSelection, True)
            if stretch.is_quiet:
                style.setForeground(QColor(tokens.muted))
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(document)
            cursor.setPosition(units.to_qt(stretch.start))
            end = stretch.end + self._shown.startswith("\n", stretch.end)  # for the ground of its last line
            cursor.setPosition(units.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, style
            selections.append(selection)
        self.box.setExtraSelections(selections)

    def _says(self, role: Role) -> str:
        return self.tr("You say:") if role is Role.USER else self.tr("The model answers:")

    def _left_out(self, count: int) -> str:
        return fill(self.tr("[ %1 more characters, which are sent as well ]"), number(count))

    def _take_theme(self) -> None:
        self.box.setFont(self._theme.ui_font(SMALL))
        self.set_low(self._is_low)
        self._tint()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_size()


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    most = min(len(one), len(other))
    low, high = 0, most
    while low < high:  # compares whole pieces, which is a hundred times as fast as character by character
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
