"""Labels and menu entries that show any text as it is: never as HTML, which a plain `QLabel` would guess at; a bar.

A badge names the place that text goes to by a dot and words; these are cut before the kind of place is. And words for
a screen reader alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, SMALL, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.layout import be_as_high_as_needed, stack
from desktop.ui.words import place_name, place_sentence, plain_action, plain_tooltip

_Ranges = Sequence[tuple[int, int]]
_WIDEST_WORD = 40  # average characters
_LEADING = 1.25  # of the font's own line, which for most faces is already 1.2 of the em


def speak(part: QWidget, words: str) -> None:
    """Have a screen reader say news of a part; costs nothing where there is none."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, words))


def set_tooltip(widget: QWidget, text: str) -> None:
    """Show foreign text as a tooltip. Where the widget has no description, a screen reader is told the same."""
    before = widget.toolTip()
    widget.setToolTip(plain_tooltip(text))
    if plain_tooltip(widget.accessibleDescription()) in ("", before):  # else it would read the tooltip's tags aloud
        widget.setAccessibleDescription(text)


class PlainLabel(QLabel):
    """A label for plain text in one of the sheet's looks; wraps at words if asked."""

    def __init__(self, text: str = "", look: str = "", wraps: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wraps)
        if look:
            set_look(self, look)

    def minimumSizeHint(self) -> QSize:
        """Return a width that a long foreign word without break points does not widen."""
        hint = super().minimumSizeHint()
        widest = self.fontMetrics().averageCharWidth() * _WIDEST_WORD
        return QSize(min(hint.width(), widest), hint.height()) if self.wordWrap() else hint

    def tell(self, words: str) -> None:
        """Show these words; without any it is hidden."""
        self.setText(words)
        self.setVisible(bool(words))

    def make_selectable(self) -> None:
        """Let the user select and copy the text, with the keyboard too."""
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)


class Paragraph(PlainLabel):
    """A few sentences with the line height of running text, which a label does not have. Not selectable."""

    def __init__(self, text: str = "", look: str = "") -> None:
        self._ranges: tuple[_Ranges, _Ranges] = ((), ())  # in bold, in italics
        super().__init__(text, look, wraps=True)
        be_as_high_as_needed(self, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_dressed(self, text: str, bold: _Ranges = (), italic: _Ranges = ()) -> None:
        """Show this text with some of its letters, from start to end of each range, in bold or italics."""
        self._ranges = (bold, italic)
        self.setText(text)
        self.updateGeometry()

    def _formats(self) -> list[QTextLayout.FormatRange]:
        found: list[QTextLayout.FormatRange] = []
        for is_italic, ranges in enumerate(self._ranges):
            for start, end in ranges:
                each = QTextLayout.FormatRange()
                each.start = _qt_length(self.text()[:start])
                each.length = _qt_length(self.text()[start:end])
                if is_italic:
                    each.format.setFontItalic(True)
                else:
                    each.format.setFontWeight(QFont.Weight.DemiBold)
                found.append(each)
        return found

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        """Return the text broken into lines of `width` pixels, and their height in pixels."""
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        if any(self._ranges):
            # A sentence of ours goes on in its own direction whatever foreign words it begins with.
            option = QTextOption()
            option.setTextDirection(self.layoutDirection())
            layout.setTextOption(option)
            layout.setFormats(self._formats())
        step = round(self.fontMetrics().height() * _LEADING)
        layout.beginLayout()
        at = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, at + (step - line.height()) / 2))
            at += step
        layout.endLayout()
        return layout, at

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = min(metrics.horizontalAdvance(self.text()) + 2, metrics.averageCharWidth() * 60)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = self.fontMetrics().averageCharWidth() * 16
        return QSize(width, round(self.fontMetrics().height() * _LEADING))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))


def _qt_length(text: str) -> int:
    """Return how many of Qt's letters a text has, of which those beyond the first plane are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class ElidedLabel(PlainLabel):
    """A label of one line that ends in "…" if there is no room; the whole text is its tooltip then."""

    _elided = Qt.TextElideMode.ElideRight

    def __init__(self, text: str = "", look: str = "", parent: QWidget | None = None) -> None:
        self._shown: tuple[str, int, str] | None = None  # the text, the room in pixels, and what is painted of it
        super().__init__("", look, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show this text; line breaks become spaces."""
        self.setText(" ".join(text.split()))
        self._explain()

    def _explain(self) -> None:
        hidden = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        set_tooltip(self, self.text() if hidden else "")

    def minimumSizeHint(self) -> QSize:
        least = min(self.fontMetrics().averageCharWidth() * 4, self.sizeHint().width())
        return QSize(least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._draw(QPainter(self))

    def _draw(self, painter: QPainter) -> None:
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        room, flags = self.contentsRect(), self.alignment().value | Qt.TextFlag.TextSingleLine.value
        self.style().drawItemText(painter, room, flags, self.palette(), True, self._fitting(room.width()))

    def _fitting(self, width: int) -> str:
        """Return as much of the text as has room; measured once for all times that it is painted."""
        text = self.text()
        if self._shown is None or self._shown[:2] != (text, width):
            self._shown = text, width, self.fontMetrics().elidedText(text, self._elided, width)
        return self._shown[2]

    def changeEvent(self, event: QEvent) -> None:
        self._shown = None  # the font may be another one
        super().changeEvent(event)


class NameLabel(ElidedLabel):
    """A label for a foreign name, whose end tells as much as its beginning: "…" stands in the middle."""

    _elided = Qt.TextElideMode.ElideMiddle


class FittingLabel(PlainLabel):
    """A label of one line with several forms of its words, of which it shows the longest that has room."""

    def __init__(self, look: str = "", *, at_right: bool = False) -> None:
        super().__init__("", look)
        self._forms: Sequence[str] = ()
        self._strong = ""
        self._at_right = at_right
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_forms(self, forms: Sequence[str], strong: str = "") -> None:
        """Show one of these forms, the longest first, with the words `strong` in them in bold."""
        self._forms, self._strong = [" ".join(each.split()) for each in forms], strong
        self.setText(self._forms[0])
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """The form that is shown: the longest that has room, else the shortest."""
        fitting = (form for form in self._forms if self._width_of(form) <= self.width())
        return next(fitting, self._forms[-1] if self._forms else "")

    def _pieces(self, form: str) -> list[tuple[str, QFont]]:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        before, strong, after = form.partition(self._strong) if self._strong else (form, "", "")
        return [(before, self.font()), (strong, bold), (after, self.font())]

    def _width_of(self, form: str) -> int:
        return sum(QFontMetrics(font).horizontalAdvance(text) for text, font in self._pieces(form)) + 2

    # Qt's own methods

    def sizeHint(self) -> QSize:
        return QSize(self._width_of(self.text()), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        widths = [self._width_of(form) for form in self._forms]
        least = min(min(widths, default=0), self.fontMetrics().averageCharWidth() * 12)
        return QSize(least, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        if self._at_right:
            room.setLeft(max(room.left(), room.right() - self._width_of(self.words) - 2))
        for text, font in self._pieces(self.words):
            painter.setFont(font)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
            room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(text))


class ThinBar(QProgressBar):
    """How much of something has come, or was done."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setFixedHeight(4)

    def show_share(self, share: float) -> None:
        """Show a share from 0 to 1."""
        self.setValue(round(1000 * share))


def key_hint(words: str, *keys: str) -> QWidget:
    """Return keys as they stand on a keyboard, and what they do."""
    hint = QWidget()
    caps = (PlainLabel(key, "key") for key in keys)
    stack(*caps, PlainLabel(words, "tiny"), gap=GAP_TIGHT, across=True, on=hint)
    return hint


_WIDEST_PX = 400  # at 100 %; a menu is to fit into the narrowest window


def name_entry(action: QAction, theme: Theme, name: str, beside: str = "", about: str = "") -> None:
    """Set the name; of a long one the beginning and the end, and all of it in the tooltip, else `about`.

    `beside` stands at the right edge. The entry's data is the whole name.
    """
    line = " ".join(name.split())
    metrics = QFontMetrics(action.font())
    shown = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, theme.px(_WIDEST_PX))
    action.setText(f"{plain_action(shown)}\t{beside}" if beside else plain_action(shown))
    action.setToolTip(plain_tooltip(line if shown != line else about))
    action.setData(line)


_DOT_PX = 8
_LEAST_PX = 150  # of "On this computer"; a host's name may be cut


class PlaceBadge(QWidget):
    """A badge of one place in its colour."""

    def __init__(self, theme: Theme, place: Place = THIS_COMPUTER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = place
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.show_place(place)

    @property
    def words(self) -> str:
        """The words, unshortened."""
        return place_name(self._place)

    def show_place(self, place: Place) -> None:
        """Show that words go to `place`."""
        self._place = place
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(place_sentence(place))
        set_tooltip(self, place_sentence(place))
        self.setFont(self._theme.ui_font(SMALL))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = self._theme.ui_font(SMALL)
        self.setFont(font)
        metrics = self.fontMetrics()
        return QSize(self._theme.px(_DOT_PX) + GAP + metrics.horizontalAdvance(self.words) + 2, metrics.height() + GAP)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._theme.px(_LEAST_PX)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.tokens.place(self._place.kind)
        edge = self._theme.px(_DOT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(0, (self.height() - edge) / 2, edge, edge))
        painter.setPen(color)
        room = self.rect().adjusted(edge + GAP, 0, 0, 0)
        words = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, room.width())
        flags = (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value
        self.style().drawItemText(painter, room, flags, self.palette(), True, words)


def place_dot(theme: Theme, kind: PlaceKind, ratio: float) -> QPixmap:
    """Return the dot alone, for what shows places in rows; `ratio` is that of the screen's pixels."""
    edge = theme.px(_DOT_PX)
    drawing = QPixmap(QSize(edge, edge) * ratio)
    drawing.setDevicePixelRatio(ratio)
    drawing.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tokens.place(kind)))
    painter.drawEllipse(QRectF(0, 0, edge, edge))
    painter.end()
    return drawing
