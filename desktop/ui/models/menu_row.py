"""The painting of the menu of models: headings with their place, and each model with its marks and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.models.fit import ModelVerdict
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import pixmap
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE, RADIUS, SMALL, TINY
from desktop.ui.models.menu_entries import MenuEntry, MenuHeading, MenuLine, MenuNote
from desktop.ui.words import place_name, size

if TYPE_CHECKING:
    from desktop.core.place import Place
    from desktop.ui.look.theme import Theme

_ENTRY_PX, _HEADING_PX, _NOTE_PX = 46, 30, 26
_DOT_PX = 7
_ICON_PX = 16

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class SaidOfModel:
    """Words on a model beside its name. `marks`: that it thinks, or sees pictures; `reason` follows `verdict`."""

    marks: str = ""
    verdict: str = ""
    reason: str = ""
    is_warning: bool = False


class MenuLines(QAbstractListModel):
    """The lines that are shown, and what is said of each model: asked for when one is first painted."""

    ENTRY = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[MenuLine] = ()
        self.say: Callable[[MenuEntry], SaidOfModel] = lambda _: SaidOfModel()
        self._said: dict[object, SaidOfModel] = {}

    def show_lines(self, lines: Sequence[MenuLine]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def forget_said(self) -> None:
        """Ask anew what is said of the models; something else is known now."""
        self._said.clear()
        if self.lines:
            self.dataChanged.emit(self.index(0), self.index(len(self.lines) - 1))

    def said_of(self, entry: MenuEntry) -> SaidOfModel:
        """Return what is said of a model."""
        found = self._said.get(entry.choice)
        if found is None:
            found = self._said[entry.choice] = self.say(entry)
        return found

    def entry_at(self, row: int) -> MenuEntry | None:
        """Return the model in a line; None where another line stands, or none."""
        line = self.lines[row] if 0 <= row < len(self.lines) else None
        return line if isinstance(line, MenuEntry) else None

    def row_of(self, fits: Callable[[MenuEntry], bool]) -> int:
        """Return the first line with a model that fits; -1 where there is none."""
        return next((row for row, each in enumerate(self.lines) if isinstance(each, MenuEntry) and fits(each)), -1)

    # Qt's own methods

    def rowCount(self, parent: _Index | None = None) -> int:
        return len(self.lines) if parent is None or not parent.isValid() else 0

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == self.ENTRY:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(line, is_read=role == Qt.ItemDataRole.AccessibleTextRole)
        return None

    def _spoken(self, line: MenuLine, *, is_read: bool) -> str:
        match line:
            case MenuHeading(words, place):
                return ", ".join(each for each in (place_name(place) if place is not None else "", words) if each)
            case MenuNote(words):
                return words
        name = show_invisible(line.model.title)
        if not is_read:
            return name
        said = self.said_of(line)
        return ", ".join(each for each in (name, said.marks, said.verdict, said.reason) if each)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.lines[index.row()], MenuEntry):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


class MenuRow(QStyledItemDelegate):
    """The painter of the lines."""

    def __init__(self, theme: Theme, lines: MenuLines, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._lines = lines
        self._view = view

    def pin_area(self, box: QRect) -> QRect:
        """Return where in the line of a model its pin is pressed."""
        edge = self._theme.px(_ICON_PX) + GAP
        return QRect(box.right() - edge - GAP_TIGHT, box.top() + (box.height() - edge) // 2, edge, edge)

    def height_of(self, line: MenuLine) -> int:
        """Return the height of a line in pixels."""
        match line:
            case MenuHeading():
                return self._theme.px(_HEADING_PX)
            case MenuNote():
                return self._theme.px(_NOTE_PX)
            case MenuEntry():
                return self._theme.px(_ENTRY_PX)

    def _paint_heading(self, painter: QPainter, box: QRect, heading: MenuHeading) -> None:
        left = box.left() + GAP
        inner = box.adjusted(GAP, self._theme.px(6), -GAP, 0)
        if heading.place is not None:
            left = self._paint_place(painter, QRect(left, inner.top(), inner.width() * 2 // 3, inner.height()), heading)
        painter.setPen(self._theme.color("muted"))
        painter.setFont(self._theme.ui_font(TINY, bold=heading.place is None))
        _draw(painter, QRect(left, inner.top(), inner.right() - left, inner.height()), show_invisible(heading.words))

    def _paint_place(self, painter: QPainter, box: QRect, of: MenuHeading) -> int:
        assert of.place is not None
        wide = self._paint_dot(painter, box, of.place, bold=True)
        return box.left() + wide + GAP

    def _paint_dot(self, painter: QPainter, box: QRect, place: Place, *, bold: bool = False) -> int:
        """Paint a place in its colour, and return how wide that is."""
        color = self._theme.tokens.place(place.kind)
        edge = self._theme.px(_DOT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(box.left(), box.center().y() - edge / 2 + 1, edge, edge))
        painter.setPen(color)
        painter.setFont(self._theme.ui_font(TINY, bold=bold))
        room = box.adjusted(edge + GAP_TIGHT + 2, 0, 0, 0)
        return edge + GAP_TIGHT + 2 + _draw(painter, room, place_name(place))

    def _paint_entry(self, painter: QPainter, box: QRect, entry: MenuEntry, *, is_at: bool) -> None:
        theme, said = self._theme, self._lines.said_of(entry)
        if is_at:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(box), RADIUS - 2, RADIUS - 2)
        edge = theme.px(_ICON_PX)
        if entry.is_current:
            self._paint_icon(painter, "check", "accent", box.left() + GAP, box.center().y() - edge // 2)
        pin = self.pin_area(box)
        if entry.is_pinned or is_at:
            token = "accent" if entry.is_pinned else "muted"
            self._paint_icon(painter, "pin", token, pin.left() + GAP_TIGHT, pin.top() + GAP_TIGHT)
        inner = box.adjusted(GAP + edge + GAP, GAP_TIGHT, pin.left() - box.right() - GAP_TIGHT, -GAP_TIGHT)
        below = self._has_second_line(entry, said)
        upper = inner.adjusted(0, 0, 0, -inner.height() // 2) if below else inner
        self._paint_name(painter, upper, entry, said)
        if below:
            self._paint_verdict(painter, inner.adjusted(0, inner.height() // 2, 0, 0), entry, said)

    def _has_second_line(self, entry: MenuEntry, said: SaidOfModel) -> bool:
        return bool(said.verdict or said.reason) or (entry.is_pinned and not entry.place.is_local)

    def _paint_name(self, painter: QPainter, box: QRect, entry: MenuEntry, said: SaidOfModel) -> None:
        """Paint the name; its size stands at the right, and the marks behind the name where there is room."""
        theme = self._theme
        right = box.right()
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("muted"))
        if entry.model.size_on_disk and entry.place.is_local:
            words = size(entry.model.size_on_disk)
            wide = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(
                QRect(right - wide, box.top(), wide + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, words
            )
            right -= wide + GAP_WIDE
        painter.setFont(theme.ui_font())
        painter.setPen(theme.color("muted" if entry.is_locked else "ink"))
        room = QRect(box.left(), box.top(), right - box.left(), box.height())
        wide = _draw(painter, room, show_invisible(" ".join(entry.model.title.split())), Qt.TextElideMode.ElideMiddle)
        painter.setFont(theme.ui_font(TINY))
        painter.setPen(theme.color("muted"))
        rest = room.adjusted(wide + GAP, 1, 0, 0)
        if said.marks and painter.fontMetrics().horizontalAdvance(said.marks) <= rest.width():
            _draw(painter, rest, said.marks)

    def _paint_verdict(self, painter: QPainter, box: QRect, entry: MenuEntry, said: SaidOfModel) -> None:
        theme = self._theme
        left = box.left()
        if entry.is_pinned and not entry.place.is_local:
            left += self._paint_dot(painter, box, entry.place) + GAP
        if said.verdict:
            words = f"{said.verdict}:" if said.reason else said.verdict
            painter.setFont(theme.ui_font(SMALL, bold=True))
            painter.setPen(theme.color("internet" if said.is_warning else "ink"))
            left += _draw(painter, QRect(left, box.top(), box.right() - left, box.height()), words) + GAP_TIGHT
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("muted"))
        if said.reason and box.right() > left:
            _draw(painter, QRect(left, box.top(), box.right() - left, box.height()), said.reason)

    def _paint_icon(self, painter: QPainter, name: str, token: str, left: int, top: int) -> None:
        edge = self._theme.px(_ICON_PX)
        color = getattr(self._theme.tokens, token)
        painter.drawPixmap(left, top, pixmap(name, color, edge, self._view.devicePixelRatioF()))

    # Qt's own methods

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._theme.px(120), self.height_of(self._lines.lines[index.row()]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, box = self._lines.lines[index.row()], option.rect
        match line:
            case MenuHeading():
                self._paint_heading(painter, box, line)
            case MenuNote(words):
                painter.setFont(QFont(self._theme.ui_font(SMALL)))
                painter.setPen(self._theme.color("muted"))
                _draw(painter, box.adjusted(GAP, 0, -GAP, 0), words)
            case MenuEntry():
                self._paint_entry(painter, box, line, is_at=self._view.currentIndex() == index)
        painter.restore()


class MenuList(QListView):
    """The list of lines; whoever has it filters its events."""

    def __init__(self, theme: Theme, lines: MenuLines) -> None:
        super().__init__()
        self.setModel(lines)
        self.painter = MenuRow(theme, lines, self)
        self.setItemDelegate(self.painter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.viewport().setMouseTracking(True)


def warns(verdict: ModelVerdict) -> bool:
    """Return True for a verdict that is to warn: the model does not run well."""
    return verdict in (ModelVerdict.SLOW, ModelVerdict.TOO_SLOW, ModelVerdict.TOO_LARGE)


def _draw(painter: QPainter, box: QRect, words: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> int:
    """Paint words in one line, shortened where there is no room, and return how wide they are."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(words, mode, max(0, box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)
