"""Texts with each part on its own quiet ground: the prompt that would be sent, and a message before it is taken apart.

The preview says what the prompt takes of the model's context. The proposal shows how a message would be sorted, in its
own words, before anything moves, and emits what the user says to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from desktop.core.message import Role
from desktop.core.prompts.freeform_parser import TakenApart
from desktop.core.prompts.render import RenderedPrompt, SpanKind, tokens_by_field
from desktop.core.text.tokens import whole_tokens
from desktop.rendering.text.letters import Units, show_invisible
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, RADIUS, SMALL, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.labels import FittingLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, empty, stack
from desktop.ui.words import about_tokens, amount_of_text, fill, listed, number, share

# A text box lays out what it holds; a part beyond this many characters is shown by its two ends.
LONGEST_PART = 30_000
_HEAD, _TAIL = 2_000, 500
_QUIET = frozenset({SpanKind.HEADING, SpanKind.LABEL})
_HEIGHT_PX, _LOW_PX = 168, 76
_LONGEST_PROPOSED = 3_000  # characters that are shown of a message; of a longer one the beginning
_HIGHEST_PX = 260
_MOST_TINTED = 200  # stretches; beyond, tints would cost more than they show


@dataclass(frozen=True, slots=True)
class Tint:
    """Ground of a stretch of a text box, from start to end in Qt's letters. `colour`: of the theme's for parts."""

    start: int
    end: int
    colour: int | None
    is_quiet: bool = False  # in a muted colour
    is_wide: bool = False  # as wide as the box


class TintedBox(QPlainTextEdit):
    """A text to be read and copied, parts of it on grounds of their own; `name` is its accessible name."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._tints: Sequence[Tint] = ()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        theme.changed.connect(self._tint_again)

    def tint(self, tints: Sequence[Tint]) -> None:
        """Put the stretches on their grounds."""
        self._tints = tints
        tokens, document, selections = self._theme.tokens, self.document(), []
        for each in tints[:_MOST_TINTED]:
            style = QTextCharFormat()
            if each.colour is not None:
                style.setBackground(QColor(tokens.part_grounds[each.colour % len(tokens.part_grounds)]))
                style.setProperty(QTextFormat.Property.FullWidthSelection, each.is_wide)
            if each.is_quiet:
                style.setForeground(QColor(tokens.muted))
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(document)
            cursor.setPosition(each.start)
            # Of a line that ends with it the whole width: the mark behind it is tinted as well.
            has_line_below = document.characterAt(each.end) == "\u2029" and each.end + 1 < document.characterCount()
            cursor.setPosition(each.end + (each.is_wide and has_line_below), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, style
            selections.append(selection)
        self.setExtraSelections(selections)

    def _tint_again(self) -> None:
        self.tint(self._tints)


class PromptPreview(QWidget):
    """A line with the size that unfolds the text. One that `fills` its place is always unfolded, as high as that is."""

    def __init__(self, theme: Theme, name: str = "", *, fills: bool = False) -> None:
        """Build the preview. `name` stands on the line, in place of "Preview"."""
        super().__init__()
        self._theme = theme
        self._fills = fills
        self._proposed = ""
        self._prompt: RenderedPrompt | None = None
        self._colours: Mapping[str, int] = {}
        self.room: int | None = None  # tokens that may be sent now, beside what was said before, if that is known
        self.fits: bool | None = None  # what was shown last; None while it is not known how much the model can read
        self._is_low = False
        self._fold = FoldButton(theme, name or self.tr("Preview"))
        self._fold.clicked.connect(lambda: self.set_open(not self.is_open))
        self.size_label = FittingLabel("tiny", at_right=True)
        self.box = TintedBox(theme, self.tr("The text that will be sent"))
        if fills:
            self._fold.hide()
        self._frame = QFrame()
        set_look(self._frame, "part")
        stack(self.box, margins=GAP_TIGHT, on=self._frame)
        stack(stack(self._fold, (self.size_label, 1), across=True), (self._frame, 1), gap=GAP_TIGHT, on=self)
        theme.changed.connect(self._take_theme)
        self._take_theme()
        self.set_open(fills)

    @property
    def is_open(self) -> bool:
        return not self._frame.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Show the text from its first coloured part on, or hide it; the line with its size stays."""
        self._frame.setVisible(is_open)
        self._fold.show_state(is_open=is_open)
        if is_open and self._prompt is not None:
            coloured = [each for each in self._write(self._prompt) if each.colour is not None]
            cursor = QTextCursor(self.box.document())
            cursor.setPosition(coloured[0].start if coloured else 0)
            self.box.setTextCursor(cursor)
            QTimer.singleShot(0, self.box, self.box.centerCursor)  # when the box has taken its place

    def set_low(self, is_low: bool) -> None:
        """Take little height, where a field has to stay in sight above it."""
        self._is_low = is_low
        if not self._fills:
            self.box.setFixedHeight(self._theme.px(_LOW_PX if is_low else _HEIGHT_PX))

    def show_prompt(
        self,
        prompt: RenderedPrompt,
        colours: Mapping[str, int],
        context: int | None,
        files: Mapping[str, float] = MappingProxyType({}),
        proposed: str = "",
    ) -> dict[str, float]:
        """Show this prompt; `colours` by part, `context` in tokens if it is known. Return tokens by part.

        `files`: the tokens of files that go along, by part. `proposed`: words of it that are not the user's yet.
        """
        is_new = (prompt, colours, proposed) != (self._prompt, self._colours, self._proposed)
        self._prompt, self._colours, self._proposed = prompt, colours, proposed
        counts = tokens_by_field(prompt)
        for field, tokens in files.items():
            counts[field] = counts.get(field, 0.0) + tokens
        self._show_size(whole_tokens(sum(counts.values())), context)
        if self.is_open and is_new:  # else what is selected in it would be lost
            at = self.box.verticalScrollBar().value()
            self._write(prompt)
            self.box.verticalScrollBar().setValue(at)
        return counts

    def _show_size(self, tokens: int, context: int | None) -> None:
        """Show the size, with its share of what the model reads at once where that has room; the tooltip says it."""
        room = context if self.room is None else self.room
        self.fits = None if room is None else tokens <= room
        amount = amount_of_text(tokens) if tokens else ""
        forms = [amount]
        if self.fits is False:
            forms = [fill(self.tr("%1 · too long"), amount)]
        elif context and tokens:
            of_context = share(tokens / context)
            forms = [fill(self.tr("%1 · %2 of what the model reads at once"), amount, of_context), amount]
        self.size_label.show_forms(forms)
        set_tooltip(self, f"{forms[0]}\n{about_tokens(tokens)}" if tokens else "")
        set_look(self.size_label, "tiny danger" if self.fits is False else "tiny")

    def _write(self, prompt: RenderedPrompt) -> Sequence[Tint]:
        """Write a prompt into the box, and return its grounds."""
        tints: list[Tint] = []
        self.box.clear()
        cursor = QTextCursor(self.box.document())
        cursor.beginEditBlock()
        for field, text, is_quiet in self._pieces(prompt):
            start = cursor.position()
            cursor.insertText(text)
            if field or is_quiet:
                tints.append(Tint(start, cursor.position(), self._colours.get(field), is_quiet, is_wide=True))
        cursor.endEditBlock()
        waiting = self.box.document().find(self._proposed) if self._proposed else QTextCursor()
        if not waiting.isNull():
            tints.append(Tint(waiting.selectionStart(), waiting.selectionEnd(), None, is_quiet=True))
        self.box.tint(tints)
        return tints

    def _pieces(self, prompt: RenderedPrompt) -> Iterator[tuple[str, str, bool]]:
        """Yield the text in pieces: the part that each is of, and if it is quiet. What names a role is of no part."""
        for role, text in prompt.turns:
            yield "", f"{self._says(role)}\n", True
            yield prompt.examples_field, self._shortened(text), False
            yield "", "\n\n", False
        if prompt.turns:
            yield "", f"{self._says(Role.USER)}\n", True
        at, before = 0, ""
        for span in prompt.spans:
            yield span.field if span.field == before else "", prompt.text[at : span.start], False
            yield span.field, self._shortened(prompt.text[span.start : span.end]), span.kind in _QUIET
            at, before = span.end, span.field

    def _shortened(self, text: str) -> str:
        if len(text) <= LONGEST_PART:
            return text
        count = number(len(text) - _HEAD - _TAIL)
        left_out = fill(self.tr("[ %1 more characters, which are sent as well ]"), count)
        return f"{text[:_HEAD]}\n{left_out}\n{text[-_TAIL:]}"

    def _says(self, role: Role) -> str:
        return self.tr("You say:") if role is Role.USER else self.tr("The model answers:")

    def _take_theme(self) -> None:
        self.box.setFont(self._theme.ui_font(SMALL))
        self.set_low(self._is_low)


class PartName(QWidget):
    """The name of a part on the ground that its words have."""

    def __init__(self, theme: Theme, name: str, colour: int) -> None:
        super().__init__()
        self._theme = theme
        self._colour = colour
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.ui_font(SMALL))
        return QSize(metrics.horizontalAdvance(self.accessibleName()) + 2 * GAP, metrics.lineSpacing() + GAP_TIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.part_grounds[self._colour % len(tokens.part_grounds)]))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS - 3, RADIUS - 3)
        painter.setPen(QColor(tokens.ink))
        painter.setFont(self._theme.ui_font(SMALL))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.accessibleName())


class ApartProposal(QFrame):
    """A card with the message, the names of the parts that it has, and two buttons."""

    shown_changed = Signal(bool)
    accepted = Signal(object)  # the TakenApart that was proposed

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._taken: TakenApart | None = None
        set_look(self, "part")
        self.box = TintedBox(theme, self.tr("Your message, part by part"))
        names = QWidget()
        self._names = FlowLayout(names, GAP_TIGHT)
        self.accept = button(self.tr("Sort it so"), "filled", self._accept, fill="accent")
        self.keep = button(self.tr("Keep it as it is"), "quiet", self.withdraw)
        said = PlainLabel(self.tr("Your message, part by part:"), "small", wraps=True)
        buttons = stack(self.accept, self.keep, None, across=True)
        stack(said, self.box, names, buttons, margins=GAP, on=self)
        theme.changed.connect(self._take_height)
        self.hide()

    def propose(self, taken: TakenApart, names: Mapping[str, str], colours: Mapping[str, int]) -> None:
        """Show a message with its pieces; `names` and `colours` by the keys of the parts."""
        self._taken = taken
        shown = taken.message[:_LONGEST_PROPOSED]
        units = Units(shown)
        self.box.setPlainText(f"{shown} …" if len(shown) < len(taken.message) else shown)
        self.box.tint(
            [
                Tint(units.to_qt(each.start), units.to_qt(min(each.end, len(shown))), colours.get(each.field, 0))
                for each in taken.pieces
                if each.start < len(shown)
            ]
        )
        found = [key for key in names if any(each.field == key for each in taken.pieces)]
        empty(self._names)
        for key in found:
            self._names.addWidget(PartName(self._theme, show_invisible(names[key]), colours.get(key, 0)))
        self.box.setAccessibleDescription(listed(names[key] for key in found))
        self._take_height()
        self.show()
        self.shown_changed.emit(True)
        self.accept.setFocus()

    def withdraw(self) -> None:
        """Hide it: it was answered, or something else is shown."""
        if not self.isHidden():
            self.hide()
            self.shown_changed.emit(False)

    def _accept(self) -> None:
        self.withdraw()
        self.accepted.emit(self._taken)

    def _take_height(self) -> None:
        """Be as high as the lines of the message, up to some."""
        self.box.setFont(self._theme.ui_font())
        metrics, margin = self.box.fontMetrics(), 2 * round(self.box.document().documentMargin())
        room = QRect(0, 0, max(1, self.box.width() - margin - GAP), 100_000)
        wanted = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.box.toPlainText()).height()
        most = self._theme.px(_HIGHEST_PX)
        self.box.setFixedHeight(min(most, max(2 * metrics.lineSpacing(), wanted)) + margin + GAP)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_height()
