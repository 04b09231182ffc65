"""Buttons that more than one part of the window uses, and rows that are pressed; icon-only ones are in `icons.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import Theme, ThemedIcon, pixmap
from desktop.ui.widgets.keys import LEAVES_ENTER
from desktop.ui.widgets.labels import NameLabel, PlainLabel, ThinBar, set_tooltip
from desktop.ui.widgets.layout import be_as_high_as_needed, empty, stack
from desktop.ui.words import fill, number, plain_action, plain_tooltip

AFTER_ICON = "\u2005"  # a quarter of an em
_AFTER_ICON_PX = 4  # what Qt leaves between icon and words
_CHIP_ICON_PX = 16


def button(
    words: str,
    look: str = "",
    do: Callable[[], object] | None = None,
    hint: str = "",
    *,
    name: str = "",
    fill: str = "",
) -> QPushButton:
    """Return a button with words of our own, in one of the sheet's looks; `do` is called when it is pressed.

    `hint` is its tooltip, `name` what a screen reader hears in place of the words, `fill` the colour of a filled one.
    """
    made = QPushButton(words)
    made.setAutoDefault(False)
    if name:
        made.setAccessibleName(name)
    if look:
        set_look(made, look, fill)
    if hint:
        set_tooltip(made, hint)
    if do is not None:
        made.clicked.connect(lambda: do())
    return made


# The words of an entry in a menu, and what it does: nothing now if that is None; or, in its place, a line between.
Entry: TypeAlias = tuple[str, Callable[[], object] | None] | None


def open_menu(below: QWidget, entries: Iterable[Entry], *, above: bool = False) -> None:
    """Open a menu below a button, or above it."""
    menu = QMenu(below)
    for each in entries:
        if each is None:
            menu.addSeparator()
        else:
            words, do = each
            action = menu.addAction(plain_action(words))
            action.setEnabled(do is not None)
            action.triggered.connect(lambda _=False, do=do: do())
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(below.mapToGlobal(QPoint(0, -menu.sizeHint().height() if above else below.height())))


class LabelledButton(QPushButton):
    """A button with an icon and words."""

    cut = Qt.TextElideMode.ElideRight  # where words are shortened that have no room

    def __init__(
        self,
        theme: Theme,
        name: str,
        words: str,
        look: str = "",
        parent: QWidget | None = None,
        do: Callable[[], object] | None = None,
    ) -> None:
        """`do` is called when it is pressed."""
        super().__init__(parent)
        self.drawing = ThemedIcon(self, theme, name)
        self._words = ""
        self.setAutoDefault(False)
        self.show_words(words)
        if do is not None:
            self.clicked.connect(lambda: do())
        if look:
            set_look(self, look)

    def show_words(self, words: str) -> None:
        """Set the words, a little apart from the icon, which Qt sets too close."""
        self._words = words
        self.setText(AFTER_ICON + words)
        self.setAccessibleName(words)

    def widths(self) -> tuple[int, int]:
        """Return the pixels in width that it takes with its words, and without."""
        flags, metrics = Qt.TextFlag.TextShowMnemonic, self.fontMetrics()
        bare = self.sizeHint().width() - (metrics.size(flags, self.text()).width() if self.text() else 0)
        return bare + metrics.size(flags, AFTER_ICON + self._words).width(), bare

    def show_shortened(self, shall: bool) -> None:
        """Leave the words to the tooltip and to screen readers, if there is no room for them."""
        self.setText("" if shall else AFTER_ICON + self._words)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Shorten the words by "…" where they have no room; Qt cuts them in the middle of a letter."""
        super().initStyleOption(option)
        style_option: Any = option  # whose fields the stubs do not know
        contents = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        room = contents.width() - self.iconSize().width() - _AFTER_ICON_PX
        if room < self.fontMetrics().horizontalAdvance(style_option.text):
            style_option.text = self.fontMetrics().elidedText(style_option.text, self.cut, room)


class ElidedButton(QPushButton):
    """A quiet link of any words in one line, shortened where there is no room; hovering tells all of them then."""

    look = "line"
    beside_px = 12  # what stands beside the words, as in the style sheet
    least_px = 110

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        hint: str = "",
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        """`cut`: where the words are shortened. `hint`: what hovering tells where they are not."""
        super().__init__(parent)
        self._theme = theme
        self._cut = cut
        self._hint = hint
        self.words = ""  # unshortened
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_look(self, self.look)
        theme.changed.connect(self._shorten)

    def set_hint(self, hint: str) -> None:
        """Set what hovering tells where no words are cut."""
        self._hint = hint
        self._shorten()

    def show_words(self, words: str, accessible_name: str = "") -> None:
        """Show any text (titles and names are foreign); a screen reader hears all of it, or `accessible_name`."""
        self.words = " ".join(words.split())
        self.setAccessibleName(accessible_name or self.words)
        self._shorten()

    def _beside_words(self) -> int:
        return self._theme.px(self.beside_px) + 4

    def _shorten(self) -> None:
        self.ensurePolished()  # for the metrics of the sheet's own font
        shown = self.fontMetrics().elidedText(self.words, self._cut, self.width() - self._beside_words())
        self.setText(plain_action(shown))
        set_tooltip(self, self.words if shown != self.words else self._hint)
        self.updateGeometry()

    # Qt's own methods

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        # One pixel more than measured: text is laid out in fractions of a pixel.
        words = self.fontMetrics().horizontalAdvance(self.words) + 1
        return QSize(words + self._beside_words(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._theme.px(self.least_px)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()


class MenuButton(ElidedButton):
    """A quiet button that opens a menu: its words, shortened where there is no room, and a chevron."""

    look = "menu"
    beside_px = 31
    widest_em = 13

    def sizeHint(self) -> QSize:
        widest = self.fontMetrics().averageCharWidth() * 2 * self.widest_em
        hint = super().sizeHint()
        return QSize(min(hint.width(), widest + self._beside_words()), hint.height())

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Style it as a button without a menu: with one, Qt draws the words without the sheet's padding."""
        super().initStyleOption(option)
        option.features &= ~QStyleOptionButton.ButtonFeature.HasMenu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        edge = self._theme.px(14)
        drawing = pixmap("chevron-down", self._theme.tokens.muted, edge, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - edge - self._theme.px(6), (self.height() - edge) // 2, drawing)


class FoldButton(ElidedButton):
    """A button with a chevron; it is told when its section is unfolded."""

    look = "fold"
    beside_px = 36
    least_px = 90

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(theme, cut=Qt.TextElideMode.ElideRight)
        self._icon = ThemedIcon(self, theme, "chevron-right", "muted")
        self.words = words
        self.show_state(is_open=False)

    def show_state(self, *, is_open: bool) -> None:
        self._icon.show("chevron-down" if is_open else "chevron-right")
        template = self.tr("%1, unfolded") if is_open else self.tr("%1, folded")
        self.show_words(self.words, fill(template, self.words))


class WrappingButton(QPushButton):
    """A wide button whose words may take several lines; text of our own only."""

    def __init__(self, theme: Theme, words: str, *, is_link: bool = False) -> None:
        """`is_link`: it looks like a link, with little room around its words."""
        super().__init__()
        self._theme = theme
        self._words = words
        self._ink, self._margin = ("accent", 1) if is_link else ("ink", 10)
        self.setAutoDefault(False)
        self.setAccessibleName(words)
        set_look(self, "link" if is_link else "example")
        be_as_high_as_needed(self, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.updateGeometry)

    @property
    def words(self) -> str:
        return self._words

    def set_words(self, words: str) -> None:
        """Show other words."""
        self._words = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def _inner(self, width: int) -> QRect:
        return QRect(0, 0, width - 2 * self._theme.px(12) - 2, 10_000)

    def heightForWidth(self, width: int) -> int:
        flags = Qt.TextFlag.TextWordWrap
        text = self.fontMetrics().boundingRect(self._inner(width), flags, self._words)
        return text.height() + 2 * self._theme.px(self._margin) + 2

    def sizeHint(self) -> QSize:
        width = self._theme.px(320)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self.fontMetrics().height() + 2 * self._theme.px(self._margin) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)  # ground and border; the button itself has no words, which Qt would not wrap
        painter = QPainter(self)
        painter.setPen(self._theme.color(self._ink))
        room = self.rect().adjusted(self._theme.px(12) + 1, 0, -self._theme.px(12) - 1, 0)
        flags = Qt.TextFlag.TextWordWrap.value | (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value
        self.style().drawItemText(painter, room, flags, self.palette(), True, self._words)


class KeyButton(QPushButton):
    """A button with words and a key."""

    def __init__(self, words: str, key: str = "", look: str = "", fill: str = "") -> None:
        """Build the button. `look` is that of its words, `fill` the colour of a filled one."""
        super().__init__()
        if fill:
            set_look(self, "filled", fill)
        self.setAutoDefault(False)
        self.setAccessibleName(words)
        self._key = PlainLabel(key, "key")
        self._row = stack(margins=(GAP_WIDE, 0, GAP_WIDE, 0), across=True, on=self)
        self._words = PlainLabel(words, look)
        for label in (self._words, self._key):
            self._row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        _let_presses_through(self)

    def show_words(self, words: str, key: str) -> None:
        """Show other words, and another key."""
        self.setAccessibleName(words)
        self._words.setText(words)
        self._key.setText(key)
        self.updateGeometry()

    def show_key(self, shall: bool) -> None:
        """Show the key, or leave it out for want of room."""
        self._key.setVisible(shall)
        self.updateGeometry()

    # Qt's own methods

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        inner = self._row.sizeHint()
        return QSize(inner.width() + 2, max(inner.height(), self.fontMetrics().height() + GAP_WIDE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Chip(QPushButton):
    """A chip with a name, maybe behind a drawing, and what is said of it; a press on any of them is one on the chip."""

    widest_name_px, least_px, high_px = 240, 120, 34

    def __init__(self, theme: Theme, look: str, icon: str = "") -> None:
        super().__init__()
        self.theme, self._icon = theme, icon
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_look(self, look)
        self.name = NameLabel("", "small ink")
        before = 2 * GAP + theme.px(_CHIP_ICON_PX) if icon else GAP
        self.row = stack(self.name, margins=(before, 0, GAP, 0), across=True, on=self)

    def put(self, *said: QWidget, cross: QWidget | None = None) -> None:
        """Add what is said of it, and what takes it out."""
        for each in said:
            self.row.addWidget(each)
        _let_presses_through(self)
        if cross is not None:
            self.row.addWidget(cross)
            self.row.setContentsMargins(self.row.contentsMargins().left(), 0, GAP_TIGHT, 0)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        self.name.setMaximumWidth(self.theme.px(self.widest_name_px))
        return QSize(self.row.sizeHint().width(), self.theme.px(self.high_px))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(self.least_px), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon:
            edge = self.theme.px(_CHIP_ICON_PX)
            drawing = pixmap(self._icon, self.theme.tokens.ink, edge, self.devicePixelRatioF())
            QPainter(self).drawPixmap(GAP, (self.height() - edge) // 2, drawing)


class ChoiceRow(QPushButton):
    """A row for one choice. What it stands in has its keys, but for the space bar."""

    def __init__(self, key: int, name: str, explained: str, aside: str = "") -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty(LEAVES_ENTER, True)
        set_look(self, "choice")
        self.setAccessibleName(f"{name}, {aside}" if aside else name)
        self.setAccessibleDescription(explained)
        be_as_high_as_needed(self, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._explained = PlainLabel(explained, "small", wraps=True)
        top = stack((PlainLabel(name, "strong", wraps=True), 1), across=True)
        if aside:
            top.addWidget(PlainLabel(aside, "small ink"), 0, Qt.AlignmentFlag.AlignTop)
        texts = stack(top, self._explained, gap=0)
        self._arrangement = stack(PlainLabel(number(key), "small"), (texts, 1), gap=GAP_WIDE, across=True, on=self)
        _let_presses_through(self)
        self.show_explained(True)

    def show_explained(self, shall: bool, *, is_compact: bool = False) -> None:
        """Show or hide the line below its name, which is the tooltip then, and set how close all stands."""
        self._explained.setVisible(shall)
        self.setToolTip("" if shall else plain_tooltip(self.accessibleDescription()))
        above = GAP_TIGHT if is_compact else GAP
        self._arrangement.setContentsMargins(GAP_WIDE, above, GAP_WIDE, above)
        self.updateGeometry()

    # Qt's own methods

    def heightForWidth(self, width: int) -> int:
        return self._arrangement.heightForWidth(width)

    def sizeHint(self) -> QSize:
        return self._arrangement.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._arrangement.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()


class ChoiceRows(QWidget):
    """Rows of which one is chosen: by a press, by its number, or by the arrows, which pass what cannot be."""

    chosen = Signal(int)  # the index of the row

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.rows: list[ChoiceRow] = []
        self.at = 0
        self._column = stack(gap=GAP_TIGHT, on=self)

    def show_rows(self, rows: Iterable[ChoiceRow]) -> None:
        """Show these in the place of those before."""
        empty(self._column)
        self.rows, self.at = list(rows), 0
        for at, row in enumerate(self.rows):
            self._column.addWidget(row)
            row.toggled.connect(lambda _, at=at: self.choose(at))

    def choose(self, at: int) -> None:
        """Choose a row, with the keyboard on it."""
        self.at = at
        for index, row in enumerate(self.rows):
            with QSignalBlocker(row):
                row.setChecked(index == at)
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if index == at else Qt.FocusPolicy.ClickFocus)
        self.chosen.emit(at)
        self.rows[at].setFocus()

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose what a number or an arrow stands for. Return False for any other key."""
        possible = [at for at, row in enumerate(self.rows) if row.isEnabled()]
        wanted = event.key() - Qt.Key.Key_1
        if by := {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key())):
            wanted = possible[max(0, min(possible.index(self.at) + by, len(possible) - 1))]
        if wanted in possible:
            self.choose(wanted)
        return wanted in possible

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self.take_key(event))


class PressableRow(QFrame):
    """A row reached by Tab; pressed by mouse, Enter or Space."""

    pressed = Signal()

    def __init__(self, name: str, look: str = "modelrow") -> None:
        super().__init__()
        set_look(self, look)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class ProgressRow(PressableRow):
    """What takes a while, in the sidebar: its name, how far it is, a bar, and the time left. Hidden at first."""

    def __init__(self) -> None:
        super().__init__("", "side row")
        self._name, self._how_far = NameLabel("", "small ink"), PlainLabel("", "small")
        self._bar, self._left = ThinBar(), PlainLabel("", "small", wraps=True)
        head = stack((self._name, 1), self._how_far, across=True)
        margins = (GAP - 2, GAP_TIGHT, GAP - 2, GAP_TIGHT)
        self.column = stack(head, self._bar, self._left, gap=GAP_TIGHT, margins=margins, on=self)
        self.hide()  # without a place in the window it would be a window

    def show_progress(self, name: str, how_far: str, share: float, left: str) -> None:
        """Show it with these words; `left` may be empty."""
        self._name.show_text(name)
        self._how_far.setText(how_far)
        self._bar.show_share(share)
        self._left.setText(left)
        self.setAccessibleName(", ".join(filter(None, (self._name.text(), how_far, left))))
        self.show()


def _let_presses_through(button: QPushButton) -> None:
    """Have a button pressed wherever one of the labels on it is."""
    for label in button.findChildren(PlainLabel):
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
