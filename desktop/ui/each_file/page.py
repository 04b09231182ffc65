"""The page of a question to each file: how far it is, and a table that grows, a row for each file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QResizeEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.core.each_file.run import FileRow, FileRun, RowState
from desktop.core.models.naming import shown_name
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.utf16 import Units
from desktop.ui.each_file.words import (
    SHOWS,
    Column,
    Shown,
    answer_words,
    checked_words,
    heading,
    is_new,
    order,
    place_words,
    progress,
)
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, SMALL, TINY
from desktop.ui.models.words import about
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, ThinBar, key_hint
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.widgets.rows import Row, RowList, RowPainter, draw_line
from desktop.ui.words import clauses, number, say, say_each

if TYPE_CHECKING:
    from desktop.core.place import Place
    from desktop.ui.look.theme import Theme

_HEAD_PX, _ROW_PX = 32, 48
_LOW_PX = 640  # a window lower than that shows no keys
_NARROW_PX = 560  # a page as narrow, such as beside the pane, shows no more than files and answers
_SHARES = {Column.FILE: 0.28, Column.ANSWER: 0.42, Column.PAGE: 0.13, Column.CHECKED: 0.17}  # of the width
_SHARES_OF_NARROW = {Column.FILE: 0.4, Column.ANSWER: 0.6}
_MOST_LINES = 2


class EachFilePage(QWidget):
    """The page of one run. It is told how far that is, and says what is wanted."""

    back_wanted = Signal()
    change_wanted = Signal()  # of the question
    paused = Signal(bool)  # True: it is to pause, False: to go on
    save_wanted = Signal()
    ask_wanted = Signal()  # about the table
    chosen = Signal(object)  # the index of a row

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: FileRun | None = None
        self._shown, self._column, self._is_turned = Shown.ALL, Column.FILE, False
        self._can_save = self._has_paused = False
        set_look(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Ask each file"))
        back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        back.clicked.connect(self.back_wanted)
        self._folder = ElidedLabel("", "small")
        self._model, self._badge = ElidedLabel("", ""), PlaceBadge(theme)
        header = QWidget()
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(header, "header")
        title = PlainLabel(self.tr("Ask each file"), "heading")
        top = (back, title, (self._folder, 1), self._model, self._badge)
        stack(*top, gap=GAP_WIDE, margins=(GAP, GAP, GAP_SECTION, GAP), across=True, on=header)
        self._question = ElidedLabel("", "strong")
        change = button(self.tr("Change…"), "link", self.change_wanted.emit)
        self._how_far, self._left = PlainLabel("", "strong"), ElidedLabel("", "small")
        room = self._left.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._left.setSizePolicy(room)
        self._pause = LabelledButton(theme, "pause", "")
        self._pause.clicked.connect(lambda: self.paused.emit(self._is_running))
        self._ask = button(self.tr("Ask about the table"), do=self.ask_wanted.emit)
        self._save = button(self.tr("Save as Excel…"), do=self.save_wanted.emit)
        self._bar = ThinBar()
        self.notice = NoticeBar(theme)
        self._filters: dict[Shown, QPushButton] = {}
        filters = QWidget()
        flow = FlowLayout(filters)
        for each in Shown:
            self._filters[each] = button("", "filter", partial(self._narrow, each))
            self._filters[each].setCheckable(True)
            flow.addWidget(self._filters[each])
        frame = QFrame()
        set_look(frame, "told")
        self.table = _Table(theme, self.tr("Files and their answers"))
        self._head = _Head(theme, self.table.viewport(), self._sort)
        self.table.chosen.connect(self.chosen)
        stack(self._head, (self.table, 1), gap=0, margins=1, on=frame)
        self._keys = QWidget()
        keys = (self.tr("move"), "↑", "↓"), (self.tr("its page"), "Enter"), (self.tr("to the conversation"), "Esc")
        hints = (key_hint(*each) for each in keys)
        stack(*hints, None, PlainLabel(say("each_file.goes_on"), "tiny"), gap=GAP_WIDE, across=True, on=self._keys)
        asked = stack(self._question, change, None, across=True)
        how = stack(self._how_far, (self._left, 1), self._pause, self._ask, self._save, across=True)
        body = stack(asked, how, self._bar, self.notice, filters, (frame, 1), self._keys, gap=GAP_WIDE)
        body.setContentsMargins(GAP_PAGE, GAP_WIDE, GAP_PAGE, GAP_WIDE)
        stack(header, (body, 1), gap=0, on=self)

    @property
    def _is_running(self) -> bool:
        return self.table.running >= 0

    def show_of(self, folder: str, place: Place | None, *, can_save: bool) -> None:
        """Show what holds for the whole run: the folder's name, where the files go, and if the table may be saved."""
        self._name = folder
        self._badge.setVisible(place is not None)
        if place is not None:
            self._badge.show_place(place)
        self._can_save = can_save
        self._show_sides()

    def show_run(
        self, run: FileRun, seconds: float | None, piece: tuple[int, int], *, is_running: bool, can_go_on: bool
    ) -> None:
        """Show the rows, and how far it is. `piece`: of the file that is asked, the part of so many that is read."""
        self._run = run
        self._folder.show_text(say("each_file.files", len(run.rows), folder=self._name))
        self._model.show_text(shown_name(run.choice.model))
        self._question.show_text(show_invisible(run.question))
        self.table.show_state(run, run.next if is_running else None, piece)
        self._how_far.setText(progress(run))
        left = say("each_file.time_left", time=about(seconds)) if is_running and seconds is not None else ""
        rest = say("each_file.yours_first") if is_running else say("each_file.paused") if can_go_on else ""
        if run.next is not None and not can_go_on:
            rest = say("each_file.folder_is_gone")
        self._left.show_text(" · ".join(filter(None, (left, rest))))
        self._pause.drawing.show("pause" if is_running else "play")
        self._pause.show_words(self.tr("Pause") if is_running else self.tr("Go on"))
        self._pause.setVisible(is_running or can_go_on)
        is_done = run.next is None
        self._has_paused = is_done or not is_running
        self._show_sides()
        set_look(self._save, *(("filled", "accent") if is_done else ("",)))
        self._bar.setVisible(not is_done)
        self._bar.show_share(run.done / max(1, len(run.rows)))
        for each, chip in self._filters.items():
            count = sum(map(SHOWS[each], run.rows))
            chip.setText(say_each("each_file.shown", each, count))
            chip.setChecked(each is self._shown)
            chip.setVisible(count > 0 or each in (Shown.ALL, self._shown))
        self._show_rows()

    @property
    def _is_narrow(self) -> bool:
        return self.width() < self._theme.px(_NARROW_PX)

    def _show_sides(self) -> None:
        """Show what there is room for beside the rows."""
        for each in (self._folder, self._model, self._left):
            each.setVisible(not self._is_narrow)
        self._ask.setVisible(self._has_paused and not self._is_narrow)
        self._save.setVisible(self._can_save and not self._is_narrow)

    def _show_rows(self) -> None:
        if self._run is None:
            return
        key, rows = order(self._column), self._run.rows
        shown = [at for at, row in enumerate(rows) if SHOWS[self._shown](row)]
        shown.sort(key=lambda at: key(rows[at]), reverse=self._is_turned)
        self._head.show_sorted(self._column, is_turned=self._is_turned)
        self.table.show_rows([self.table.row(at) for at in shown])

    def _narrow(self, shown: Shown) -> None:
        self._shown = shown
        for each, chip in self._filters.items():
            chip.setChecked(each is shown)
        self._show_rows()

    def _sort(self, column: Column) -> None:
        self._is_turned = column is self._column and not self._is_turned
        self._column = column
        self._show_rows()

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keys.setVisible(self.window().height() >= self._theme.px(_LOW_PX) and not self._is_narrow)
        self._show_sides()


def _columns(box: QRect, theme: Theme) -> dict[Column, QRect]:
    """Return where the cells of a row stand that there is room for."""
    inner = box.adjusted(GAP_WIDE, 0, -GAP_WIDE, 0)
    cells, left = {}, inner.left()
    is_narrow = box.width() < theme.px(_NARROW_PX) - 2 * GAP_PAGE
    for column, share in (_SHARES_OF_NARROW if is_narrow else _SHARES).items():
        wide = round(share * inner.width())
        cells[column] = QRect(left, inner.top(), wide - GAP_WIDE, inner.height())
        left += wide
    return cells


class _Head(QWidget):
    """The names of the columns; a press sorts by one, a second press the other way round."""

    def __init__(self, theme: Theme, table: QWidget, sort: Callable[[Column], object]) -> None:
        """`table`: what the columns are as wide as."""
        super().__init__()
        self._theme, self._table = theme, table
        table.installEventFilter(self)
        self.setFixedHeight(theme.px(_HEAD_PX))
        self._buttons = {each: button("", "line", partial(sort, each)) for each in Column}
        for each in self._buttons.values():
            each.setParent(self)

    def show_sorted(self, column: Column, *, is_turned: bool) -> None:
        for each, made in self._buttons.items():
            sign = (" ↓" if is_turned else " ↑") if each is column else ""
            made.setText(heading(each) + sign)
        self._arrange()

    def _arrange(self) -> None:
        columns = _columns(self._table.rect(), self._theme)
        for column, made in self._buttons.items():
            made.setVisible(column in columns)
        for column, box in columns.items():
            made = self._buttons[column]
            wide = min(box.width(), made.sizeHint().width())
            made.setGeometry(box.left() - GAP_TIGHT - 2, 2, wide, self.height() - 4)

    # Qt's own method

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)


class _Table(RowList):
    """The rows of a run."""

    are_alike = True

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.painter = _RowOfFile(theme, self)
        self.setItemDelegate(self.painter)
        self.running = -1  # the index of the file that is asked
        self.files: Sequence[FileRow] = ()
        self.piece = (0, 0)
        self._made: dict[int, tuple[FileRow, Row]] = {}  # of many files, few change at a time

    def show_state(self, run: FileRun, running: int | None, piece: tuple[int, int]) -> None:
        self.files, self.running, self.piece = run.rows, -1 if running is None else running, piece

    def answer(self, at: int) -> str:
        """Return the words of the column of answers."""
        if at != self.running:
            return answer_words(self.files[at])
        part, parts = self.piece
        return say("each_file.reading_part", parts, at=number(part + 1)) if parts else say("each_file.reading")

    def row(self, at: int) -> Row:
        if at == self.running:
            return self._row(at)
        known = self._made.get(at)
        if known is None or known[0] is not self.files[at]:
            known = self._made[at] = self.files[at], self._row(at)
        return known[1]

    def _row(self, at: int) -> Row:
        file = self.files[at]
        new = say("each_file.new") if is_new(file) else ""
        words = (file.name, file.within, self.answer(at), place_words(file), checked_words(file), new)
        return Row(at, file.name, spoken=clauses(map(show_invisible, words)), tip=f"{file.path}\n{self.answer(at)}")


class _RowOfFile(RowPainter):
    view: _Table

    def height(self, row: Row) -> int:
        return self.theme.px(_ROW_PX)

    def paint_row(self, painter: QPainter, box: QRect, row: Row, *, is_at: bool, is_under_pointer: bool) -> None:
        theme, file = self.theme, self.view.files[row.key]
        if is_at or is_under_pointer:
            painter.fillRect(box, theme.color("selected" if is_at else "hover"))
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), theme.color("line"))
        cells = _columns(box, theme)
        has_answer = file.state is RowState.ANSWERED
        is_pale = file.state in (RowState.WAITS, RowState.NOT_ASKED) and row.key != self.view.running
        self._paint_name(painter, cells[Column.FILE], file, "muted" if is_pale else "ink")
        if has_answer and row.key != self.view.running:
            self._paint_answer(painter, cells[Column.ANSWER], file)
        else:
            token = "internet" if file.state is RowState.FAILED else "muted"
            self._paint(painter, cells[Column.ANSWER], self.view.answer(row.key), token)
        if Column.PAGE not in cells:
            return
        self._paint(
            painter, cells[Column.PAGE], place_words(file), "accent" if has_answer else "muted", bold=has_answer
        )
        can_try = file.state is RowState.FAILED
        token = "accent" if can_try else "internet" if file.missing else "ink" if has_answer else "muted"
        self._paint(painter, cells[Column.CHECKED], checked_words(file), token, bold=can_try)

    def _paint(
        self,
        painter: QPainter,
        box: QRect,
        words: str,
        token: str,
        *,
        bold: bool = False,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        painter.setFont(self.theme.ui_font(SMALL, bold=bold))
        painter.setPen(self.theme.color(token))
        draw_line(painter, box, show_invisible(words), cut)

    def _paint_name(self, painter: QPainter, box: QRect, file: FileRow, token: str) -> None:
        upper = box
        if file.within:
            half = box.height() // 2
            upper = QRect(box.left(), box.top() + GAP_TIGHT, box.width(), half - GAP_TIGHT)
            painter.setFont(self.theme.ui_font(TINY))
            painter.setPen(self.theme.color("muted"))
            draw_line(painter, upper.translated(0, upper.height()), show_invisible(file.within))
        # Names of one kind differ at their ends.
        self._paint(painter, upper, file.name, token, bold=is_new(file), cut=Qt.TextElideMode.ElideMiddle)

    def _paint_answer(self, painter: QPainter, box: QRect, file: FileRow) -> None:
        """Paint an answer in two lines at most, with what was looked up underlined."""
        font = self.theme.ui_font(SMALL)
        text = show_invisible(file.answer)
        layout = self._laid_out(text, font, box.width(), file)
        while layout.lineCount() > _MOST_LINES:
            last = layout.lineAt(_MOST_LINES - 1)
            text = text[: last.textStart() + last.textLength() - 2].rstrip(" …") + "…"
            layout = self._laid_out(text, font, box.width(), file)
        painter.setPen(self.theme.color("ink"))
        layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - layout.boundingRect().height()) / 2))

    def _laid_out(self, text: str, font: QFont, width: int, file: FileRow) -> QTextLayout:
        layout = QTextLayout(text, font)
        layout.setFormats(self._marks(text, file))
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        return layout

    def _marks(self, text: str, file: FileRow) -> list[QTextLayout.FormatRange]:
        formats, units, begin = [], Units(text), 0
        for each in file.things:
            start = text.find(each.text, begin)
            if start < 0:
                continue
            begin = start + len(each.text)
            marked = QTextLayout.FormatRange()
            marked.start, marked.length = units.to_qt(start), units.to_qt(begin) - units.to_qt(start)
            look = QTextCharFormat()
            lines = QTextCharFormat.UnderlineStyle
            look.setUnderlineStyle(lines.SingleUnderline if each.is_found else lines.DotLine)
            look.setUnderlineColor(self.theme.color("accent" if each.is_found else "internet"))
            marked.format = look
            formats.append(marked)
        return formats
