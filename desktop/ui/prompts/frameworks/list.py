"""The list in which a framework is chosen: what each is for stands below its name, the tasks of the office first.

A popup, told what there is; it emits what was picked. Typing goes to the entry of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.core.recipes.folder import ShelvedRecipe
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import pixmap
from desktop.ui.look.round_popup import round_corners
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, RADIUS, SMALL, TINY

_WIDE_PX, _TALLEST_PX, _LEAST_PX = 380, 520, 160
_ICON_PX = 16
_MOST_LINES = 2  # of what an entry is for
_ROW = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    """Kind of a line of the list."""

    HEADING = auto()
    FRAMEWORK = auto()
    RECIPE = auto()
    ALL_RECIPES = auto()


@dataclass(frozen=True, slots=True)
class ListRow:
    """Line of the list: a heading, or what can be chosen by its key."""

    kind: RowKind
    name: str
    about: str = ""
    key: str = ""


def rows_of(
    frameworks: Sequence[PromptFramework], recipes: Sequence[ShelvedRecipe], language: Language, words: Sequence[str]
) -> list[ListRow]:
    """Return the lines in their order: pinned recipes, the office's tasks, then the frameworks for anything.

    `words`: the three headings, and the line that leads to all recipes.
    """
    pinned = [ListRow(RowKind.RECIPE, each.recipe.name, each.recipe.about, each.key) for each in recipes]
    groups = [pinned, *([_row(each, language) for each in frameworks if each.is_ready_made is is_ready]
                        for is_ready in (True, False))]  # fmt: skip
    rows: list[ListRow] = []
    for heading, group in zip(words, groups, strict=False):
        rows += [ListRow(RowKind.HEADING, heading), *group] if group else []
    return [*rows, ListRow(RowKind.ALL_RECIPES, words[len(groups)])]


def _row(framework: PromptFramework, language: Language) -> ListRow:
    return ListRow(RowKind.FRAMEWORK, framework.name.of(language), framework.about.of(language), framework.key)


class FrameworkList(QFrame):
    """The popup with its lines."""

    framework_chosen = Signal(str)  # its key
    recipe_chosen = Signal(str)  # its key
    recipes_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._opened_at = QPoint()  # where the pointer was: what opens below it is not what it points at
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        frame = QFrame()
        set_look(frame, "popup")
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Frameworks"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_Painter(theme, self.list))
        set_look(self.list, "popup list")
        within = QVBoxLayout(frame)
        within.setContentsMargins(GAP_TIGHT, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        within.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame)
        round_corners(frame)
        self.list.itemClicked.connect(self._choose)
        self.list.itemEntered.connect(self._go_to)
        self.list.installEventFilter(self)

    def show_rows(self, rows: Sequence[ListRow], current: str) -> None:
        """Show these lines, with the framework of this key ticked."""
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(show_invisible(row.name))
            item.setData(_ROW, (row, row.key == current))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, show_invisible(f"{row.name}. {row.about}".strip(". ")))
            if row.kind is RowKind.HEADING:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)

    def open_below(self, widget: QWidget) -> None:
        """Open below a widget, within its window, and as wide as what an entry is for needs."""
        window, theme = widget.window(), self._theme
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        wide = min(max(widget.width(), theme.px(_WIDE_PX)), room.width() - 2 * GAP)
        below = widget.mapToGlobal(QPoint(0, widget.height() + GAP_TIGHT))
        left = max(room.left() + GAP, min(below.x(), room.right() - GAP - wide))
        self.list.setFixedWidth(wide - 2 * GAP_TIGHT - 2)
        self.list.doItemsLayout()
        wanted = sum(self.list.sizeHintForRow(row) for row in range(self.list.count())) + 2 * GAP_TIGHT + 4
        tallest = max(theme.px(_LEAST_PX), min(theme.px(_TALLEST_PX), room.bottom() - GAP - below.y()))
        self.setGeometry(left, below.y(), wide, min(wanted, tallest))
        at = next((row for row in range(self.list.count()) if self.list.item(row).data(_ROW)[1]), 1)
        self._opened_at = QCursor.pos()
        self.show()
        self.list.setCurrentRow(at)
        if self._is_below_office(at):  # what most people want stands above it
            self.list.scrollToTop()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _is_below_office(self, at: int) -> bool:
        """Return True for a line below the last heading but one."""
        headings = [row for row in range(at) if self.list.item(row).data(_ROW)[0].kind is RowKind.HEADING]
        return len(headings) > 1

    def _go_to(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled and QCursor.pos() != self._opened_at:
            self.list.setCurrentItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        row: ListRow | None = item.data(_ROW)[0] if item is not None else None
        if row is None or row.kind is RowKind.HEADING:
            return
        self.hide()
        match row.kind:
            case RowKind.FRAMEWORK:
                self.framework_chosen.emit(row.key)
            case RowKind.RECIPE:
                self.recipe_chosen.emit(row.key)
            case _:
                self.recipes_requested.emit()

    # Qt's own methods

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._choose(self.list.currentItem())
                    return True
                case Qt.Key.Key_Escape:
                    self.hide()
                    return True
        return False


class _Painter(QStyledItemDelegate):
    """The painter of the lines: the name, and below it what it is for."""

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def _about_height(self, about: str, width: int) -> int:
        metrics = QFontMetrics(self._theme.ui_font(SMALL))
        box = QRect(0, 0, width, 10_000)
        if not about:
            return 0
        # Measured with the words themselves: Chinese letters are taller than the font says.
        line = metrics.boundingRect(box, int(Qt.TextFlag.TextSingleLine), about).height()
        return min(metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), about).height(), _MOST_LINES * line)

    def _room(self, width: int) -> int:
        return width - 3 * GAP - self._theme.px(_ICON_PX)

    # Qt's own methods

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: ListRow = index.data(_ROW)[0]
        name = QFontMetrics(self._theme.ui_font()).lineSpacing()
        if row.kind is RowKind.HEADING:
            return QSize(0, self._theme.px(26))
        about = self._about_height(show_invisible(row.about), self._room(self._view.viewport().width()))
        return QSize(0, name + about + 2 * GAP_TIGHT + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, is_ticked = index.data(_ROW)
        theme, box = self._theme, QRect(option.rect)
        painter.save()
        if row.kind is RowKind.HEADING:
            painter.setFont(theme.ui_font(TINY, bold=True))
            painter.setPen(theme.color("muted"))
            painter.drawText(box.adjusted(GAP, GAP_TIGHT, -GAP, 0), Qt.AlignmentFlag.AlignVCenter, row.name)
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(box), RADIUS - 2, RADIUS - 2)
        edge = theme.px(_ICON_PX)
        painter.setFont(theme.ui_font())
        line = painter.fontMetrics().lineSpacing()
        inner = box.adjusted(GAP + edge + GAP, GAP_TIGHT + 1, -GAP, -GAP_TIGHT)
        if is_ticked:
            drawing = pixmap("check", theme.tokens.accent, edge, painter.device().devicePixelRatio())
            painter.drawPixmap(box.left() + GAP, inner.top() + (line - edge) // 2, drawing)
        painter.setPen(theme.color("ink"))
        name = painter.fontMetrics().elidedText(show_invisible(row.name), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(QRect(inner.left(), inner.top(), inner.width(), line), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("muted"))
        painter.drawText(inner.adjusted(0, line, 0, 0), int(Qt.TextFlag.TextWordWrap), show_invisible(row.about))
        painter.restore()
