"""Signs of trouble beside an answer: a quiet line for each, with its reason behind *Why?*, and a way out.

Shows what it is given and emits what was asked for; which signs are wanted is `in_reply.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.sign import Sign
from desktop.ui.look.icons import IconButton, pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.message_actions import Ask, ChooseSignKinds, HideSignKind, StartFresh
from desktop.ui.signs.ways_out import way_out, way_out_words
from desktop.ui.signs.words import sign_reason, sign_sentence
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_MOST_SHOWN = 1  # line; the others are unfolded
_ICON_PX = 16
_BUTTON_INSET = 7  # of a button's words from its left edge, as in the style sheet


class SignRow(QWidget):
    """The line of one sign. Its words stand beside the buttons, or above them if room is short."""

    height_changed = Signal()

    def __init__(self, theme: Theme, sign: Sign, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = sign
        self._ask = ask
        self._words = PlainLabel(sign_sentence(sign), "small", wraps=True)
        self._reason: PlainLabel | None = None
        self.way_out = self._make_way_out()
        self.why = self._button(self.tr("Why?"), "muted")
        self.why.clicked.connect(self._turn_over)
        self.more = IconButton(theme, "more", self.tr("More on such signs"), token="muted")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(lambda: self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height()))))
        self.setAccessibleName(fill(self.tr("Sign of trouble: %1"), self._words.text()))
        for each in self._shown_buttons:
            each.setAccessibleDescription(self._words.text())
        self._theme = theme
        self._lay_out()

    @property
    def words(self) -> str:
        return self._words.text()

    @property
    def first_button(self) -> QPushButton:
        """The first of its buttons that can be pressed."""
        return self.way_out if self.way_out is not None and not self.way_out.isHidden() else self.why

    @property
    def reason(self) -> str:
        """The reason shown; empty while it is folded."""
        return self._reason.text() if self._reason is not None and not self._reason.isHidden() else ""

    def menu(self) -> QMenu:
        """Return a new menu of what else can be done about this kind of sign."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Do not show this kind again"), lambda: self._ask(HideSignKind(self.sign.kind)))
        menu.addAction(self.tr("Signs of trouble…"), lambda: self._ask(ChooseSignKinds()))
        return menu

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        self._place_buttons(width)
        return self._column.heightForWidth(width)

    def offer_fresh_start(self, can: bool) -> None:
        """Set if a fresh start is a way out here."""
        if self.way_out is not None and isinstance(way_out(self.sign), StartFresh):
            self.way_out.setVisible(can)

    @property
    def _shown_buttons(self) -> list[QAbstractButton]:
        return [each for each in (self.way_out, self.why, self.more) if each is not None]

    def _make_way_out(self) -> QPushButton | None:
        """Return the button of what helps with this sign; None where nothing but a careful reader does."""
        action = way_out(self.sign)
        if action is None:
            return None
        button = self._button(way_out_words(action), "advice")
        button.clicked.connect(lambda: self._ask(action))
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_TIGHT)
        for each in self._shown_buttons:
            buttons.addWidget(each)
        self._buttons = buttons
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._said.setSpacing(GAP_TIGHT)
        self._said.addWidget(self._words, 1)
        self._said.addLayout(buttons)
        self._icon = _WarningIcon(self._theme, self)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._said, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_TIGHT)
        self._column.addLayout(row)

    def _place_buttons(self, width: int) -> None:
        wanted = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 1
        room = width - self._icon.sizeHint().width() - self._buttons.sizeHint().width() - GAP - GAP_TIGHT
        directions = QBoxLayout.Direction
        is_beside = wanted <= room
        self._said.setDirection(directions.LeftToRight if is_beside else directions.TopToBottom)
        self._said.setAlignment(self._buttons, Qt.AlignmentFlag(0) if is_beside else Qt.AlignmentFlag.AlignLeft)
        self._icon.stand_in(self._buttons.sizeHint().height() if is_beside else self._words.fontMetrics().height())

    def _button(self, words: str, look: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        set_look(button, look)
        return button

    def _turn_over(self) -> None:
        """Unfold the reason, or fold it again."""
        if self._reason is None:
            self._reason = PlainLabel(sign_reason(self.sign), "small", wraps=True)
            self._reason.make_selectable()
            self._reason.setContentsMargins(self._icon.sizeHint().width() + GAP, 0, 0, GAP_TIGHT)
            self._reason.hide()
            self._column.addWidget(self._reason)
        self._reason.setVisible(self._reason.isHidden())
        self.why.setText(self.tr("Why?") if self._reason.isHidden() else self.tr("Hide"))
        if QAccessible.isActive() and self.reason:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.reason))
        self.height_changed.emit()


class SignLines(QWidget):
    """The first few signs of a reply; a button shows the others."""

    height_changed = Signal()

    def __init__(self, theme: Theme, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ask = ask
        self._rows: list[SignRow] = []
        self._can_start_fresh = True
        self._is_unfolded = False
        self._others = QPushButton()
        self._others.setAutoDefault(False)
        self._others.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_look(self._others, "muted")
        self._others.clicked.connect(self._unfold)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, GAP, 0, 0)
        self._column.setSpacing(GAP_TIGHT)
        below_words = QHBoxLayout()
        below_words.addSpacing(theme.px(_ICON_PX - _BUTTON_INSET) + GAP)
        below_words.addWidget(self._others, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addLayout(below_words)

    @property
    def shown(self) -> list[SignRow]:
        """The lines that are visible now."""
        return [row for row in self._rows if not row.isHidden()]

    @property
    def others(self) -> QPushButton:
        """The button that shows the lines that are folded away."""
        return self._others

    def show_signs(self, signs: Sequence[Sign]) -> None:
        """Show these, the gravest first; a line that stands here already stays as it is."""
        kept = {row.sign: row for row in self._rows}
        for gone in [row for row in self._rows if row.sign not in signs]:
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._rows = [kept.get(sign) or self._make_row(sign) for sign in signs]
        for at, row in enumerate(self._rows):
            self._column.insertWidget(at, row)
        self._fold()

    def offer_fresh_start(self, can: bool) -> None:
        """Set if a fresh start is a way out here; where one was just made, it is none."""
        self._can_start_fresh = can
        for row in self._rows:
            row.offer_fresh_start(can)

    @property
    def offers_fresh_start(self) -> bool:
        """True if a button for that can be seen."""
        return self._can_start_fresh and any(isinstance(way_out(row.sign), StartFresh) for row in self.shown)

    def announce(self) -> None:
        """Have a screen reader say the first sign, once."""
        if QAccessible.isActive() and self._rows:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._rows[0].accessibleName()))

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        margins = self._column.contentsMargins()
        parts = [row.height_for(width) for row in self.shown]
        if not self._others.isHidden():
            parts.append(self._others.sizeHint().height())
        return margins.top() + margins.bottom() + sum(parts) + self._column.spacing() * (len(parts) - 1)

    def _make_row(self, sign: Sign) -> SignRow:
        row = SignRow(self._theme, sign, self._ask, self)
        row.height_changed.connect(self.height_changed)
        row.offer_fresh_start(self._can_start_fresh)
        return row

    def _fold(self) -> None:
        hidden = 0 if self._is_unfolded else max(0, len(self._rows) - _MOST_SHOWN)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(self._rows) - hidden)
        self._others.setText(fill(self.tr("%1 more"), number(hidden)))
        self._others.setAccessibleName(fill(self.tr("More signs of trouble: %1"), number(hidden)))
        self._others.setVisible(hidden > 0)

    def _unfold(self) -> None:
        self._is_unfolded = True
        next_row = self._rows[_MOST_SHOWN]
        self._fold()
        next_row.first_button.setFocus(Qt.FocusReason.OtherFocusReason)  # the button under the keyboard has gone
        self.height_changed.emit()


class _WarningIcon(QWidget):
    """The drawing at the head of a line; it says nothing that the words do not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.stand_in(self.sizeHint().height())
        theme.changed.connect(self.update)

    def stand_in(self, line: int) -> None:
        """Stand in the middle of a line of so many pixels."""
        self.setFixedSize(self._theme.px(_ICON_PX), max(line, self._theme.px(_ICON_PX)))

    # Qt's own methods

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_ICON_PX), self._theme.px(_ICON_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = self._theme.px(_ICON_PX)
        drawing = pixmap("warning", self._theme.tokens.muted, edge, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, (self.height() - edge) // 2, drawing)
