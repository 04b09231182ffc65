"""The page of a question to each file: how far it is, and a table that grows, a row for each file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.core.folders import FileRow, FileRun, RowState
from desktop.core.models.place import shown_name
from desktop.rendering.text.letters import show_invisible
from desktop.ui.each_file.presenter import (
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
    step_words,
)
from desktop.ui.look.stylesheet import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, SMALL, TINY, set_look
from desktop.ui.look.theme import IconButton
from desktop.ui.models.words import about
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import ElidedLabel, PlaceBadge, PlainLabel, ThinBar, key_hint
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.widgets.rows import Row, RowList, RowPainter, draw_line, draw_marked
from desktop.ui.words import clauses, number, say, say_each

if TYPE_CHECKING:
    from desktop.core.place import Place
    from desktop.ui.look.theme import Theme

_ROW_PX = 48
_LOW_PX = 640  # a window lower than that shows no keys
_NARROW_PX = 640  # a page as narrow, such as beside the pane, shows no more than files and answers
_SHARES = {Column.FILE: 31, Column.ANSWER: 40, Column.PAGE: 9, Column.CHECKED: 20}  # of the width
_MOST_LINES = 2
_IN_HEAD = GAP_TIGHT + 1  # pixels in a button of the head before its words
# The colours of a row: of its file, answer, page, and what came of looking it up.
_TOKENS = {
    RowState.WAITS: ("muted", "muted", "muted", "muted"),
    RowState.ANSWERED: ("ink", "ink", "accent", "ink"),
    RowState.SAYS_NOTHING: ("ink", "muted", "muted", "muted"),
    RowState.NOT_ASKED: ("muted", "muted", "muted", "accent"),
    RowState.FAILED: ("ink", "internet", "muted", "accent"),
}
_ASKED_NOW = ("ink", "muted", "muted", "muted")


class EachFilePage(QWidget):
    """The page of one run. It is told how far that is; what its buttons do is its owner's."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: FileRun | None = None
        self._shown, self._column, self._is_turned = Shown.ALL, Column.FILE, False
        self._name, self._can_save, self._is_at_rest = "", False, False
        set_look(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Ask each file"))
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self._folder, self._model, self._badge = ElidedLabel("", "small"), ElidedLabel("", ""), PlaceBadge(theme)
        header = QWidget()
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(header, "header")
        top = (self.back, PlainLabel(self.tr("Ask each file"), "heading"), (self._folder, 1), self._model, self._badge)
        stack(*top, gap=GAP_WIDE, margins=(GAP, GAP, GAP_SECTION, GAP), across=True, on=header)
        heads = {each: button("", "line", partial(self._sort, each)) for each in Column}
        self.table = _Table(theme, self.tr("Files and their answers"), heads)
        self._question = ElidedLabel("", "strong")
        self._how_far, self._left = PlainLabel("", "strong"), ElidedLabel("", "small")
        self.change = button(self.tr("Change…"), "link")
        self.pause = LabelledButton(theme, "pause", "")
        self.ask = button(self.tr("Ask about the table"))
        self.save = button(self.tr("Save as Excel…"))
        self._bar, self.notice = ThinBar(), NoticeBar(theme)
        self._filters = {each: button("", "filter", partial(self._narrow, each)) for each in Shown}
        chips = QWidget()
        flow = FlowLayout(chips)
        for chip in self._filters.values():
            chip.setCheckable(True)
            flow.addWidget(chip)
        side = GAP_WIDE - _IN_HEAD
        head = stack(*((heads[each], _SHARES[each]) for each in Column), margins=(side, 2, side, 2), across=True)
        frame = QFrame()
        set_look(frame, "told")
        stack(head, (self.table, 1), gap=0, margins=1, on=frame)
        self._keys = QWidget()
        keys = (self.tr("move"), "↑", "↓"), (self.tr("its page"), "Enter"), (self.tr("to the conversation"), "Esc")
        hints = (key_hint(*each) for each in keys)
        self._goes_on = PlainLabel(say("each_file.goes_on"), "tiny")
        stack(*hints, None, self._goes_on, gap=GAP_WIDE, across=True, on=self._keys)
        asked = stack(self._question, self.change, None, across=True)
        how = stack(self._how_far, (self._left, 1), self.pause, self.ask, self.save, across=True)
        body = stack(asked, how, self._bar, self.notice, chips, (frame, 1), self._keys, gap=GAP_WIDE)
        body.setContentsMargins(GAP_PAGE, GAP_WIDE, GAP_PAGE, GAP_WIDE)
        stack(header, (body, 1), gap=0, on=self)

    def show_of(self, folder: str, place: Place | None, *, can_save: bool) -> None:
        """Show what holds for the whole run: the folder's name, where the files go, and if the table may be saved."""
        self._name, self._can_save = folder, can_save
        self._badge.setVisible(place is not None)
        if place is not None:
            self._badge.show_place(place)

    def show_run(
        self, run: FileRun, seconds: float | None, piece: tuple[int, int], *, is_running: bool, hindrance: str
    ) -> None:
        """Show the rows, and how far it is. `piece`: of the file that is asked, the part of so many that is read.

        `hindrance`: why it cannot go on; empty where it can.
        """
        self._run, is_done = run, run.next is None
        self._is_at_rest = is_done or not is_running
        self._folder.show_text(say("each_file.files", len(run.rows), folder=self._name))
        self._model.show_text(shown_name(run.choice.model))
        self._question.show_text(show_invisible(run.question))
        self.table.show_state(run, run.next if is_running else None, piece)
        self._how_far.setText(progress(run))
        left = [say("each_file.time_left", time=about(seconds))] if is_running and seconds is not None else []
        if not is_done and hindrance:
            left = [hindrance]
        elif not is_done:
            left.append(say("each_file.yours_first") if is_running else say("each_file.paused"))
        self._left.show_text(" · ".join(left))
        has_failed = any(each.state is RowState.FAILED for each in run.rows)
        self.pause.drawing.show("pause" if is_running else "retry" if is_done else "play")
        rest = self.tr("Try the failed again") if is_done else self.tr("Go on")
        self.pause.show_words(self.tr("Pause") if is_running else rest)
        self.pause.setVisible(is_running or not (hindrance or (is_done and not has_failed)))
        self._goes_on.setVisible(is_running)
        set_look(self.save, *(("filled", "accent") if is_done else ("",)))
        self._bar.setVisible(not is_done)
        self._bar.show_share(run.done / max(1, len(run.rows)))
        self._arrange()
        self._show_rows()

    def _arrange(self) -> None:
        """Show what there is room for beside the files and their answers."""
        is_wide = self.width() >= self._theme.px(_NARROW_PX)
        is_high = self.window().height() >= self._theme.px(_LOW_PX)
        for each, is_wanted in (
            (self._folder, True),
            (self._model, True),
            (self.ask, self._is_at_rest),
            (self.save, self._can_save),
            (self._keys, is_high),
            (self.table.heads[Column.PAGE], True),
            (self.table.heads[Column.CHECKED], True),
        ):
            each.setVisible(is_wanted and is_wide)

    def _show_rows(self) -> None:
        if self._run is None:
            return
        for shown, chip in self._filters.items():
            count = sum(map(SHOWS[shown], self._run.rows))
            chip.setText(say_each("each_file.shown", shown, count))
            chip.setChecked(shown is self._shown)
            chip.setVisible(count > 0 or shown in (Shown.ALL, self._shown))
        for column, head in self.table.heads.items():
            sign = (" ↓" if self._is_turned else " ↑") if column is self._column else ""
            head.setText(heading(column) + sign)
        key, rows = order(self._column), self._run.rows
        listed = [at for at, row in enumerate(rows) if SHOWS[self._shown](row)]
        listed.sort(key=lambda at: key(rows[at]), reverse=self._is_turned)
        self.table.show_rows([self.table.row(at) for at in listed])

    def _narrow(self, shown: Shown) -> None:
        self._shown = shown
        self._show_rows()

    def _sort(self, column: Column) -> None:
        self._is_turned = column is self._column and not self._is_turned
        self._column = column
        self._show_rows()

    # Qt's own methods

    def minimumSizeHint(self) -> QSize:
        """Return a width that leaves the pane beside it its own: what has no room then is hidden."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class _Table(RowList):
    """The rows of a run, in columns as wide as the buttons above them: those sort by one, or the other way round."""

    are_alike = True

    def __init__(self, theme: Theme, name: str, heads: dict[Column, QPushButton]) -> None:
        super().__init__(theme, name)
        self.heads = heads
        self.painter = _RowOfFile(theme, self)
        self.setItemDelegate(self.painter)
        self.running = -1  # the index of the file that is asked
        self.files: Sequence[FileRow] = ()
        self.piece = (0, 0)
        self._made: dict[int, tuple[FileRow, Row]] = {}  # of many files, few change at a time

    def show_state(self, run: FileRun, running: int | None, piece: tuple[int, int]) -> None:
        self.files, self.running, self.piece = run.rows, -1 if running is None else running, piece

    def words(self, at: int) -> dict[Column, str]:
        """Return what stands in the columns of a file."""
        file, (part, parts) = self.files[at], self.piece
        answer = answer_words(file)
        if at == self.running:
            part_of = say("each_file.reading_part", parts, at=number(part + 1)) if parts else ""
            answer = part_of or say("each_file.reading")
        return {
            Column.FILE: file.name,
            Column.ANSWER: answer,
            Column.PAGE: place_words(file),
            Column.CHECKED: step_words(file) or checked_words(file),
        }

    def row(self, at: int) -> Row:
        if at == self.running:
            return self._row(at)
        known = self._made.get(at)
        if known is None or known[0] is not self.files[at]:
            known = self._made[at] = self.files[at], self._row(at)
        return known[1]

    def _row(self, at: int) -> Row:
        file, cells = self.files[at], self.words(at)
        name, *rest = cells.values()
        words = (name, file.within, *rest, say("each_file.new") if is_new(file) else "")
        tip = f"{file.path}\n{cells[Column.ANSWER]}"
        return Row(at, name, spoken=clauses(map(show_invisible, words)), tip=tip)

    def cells(self, box: QRect) -> dict[Column, QRect]:
        """Return where the columns of a row stand."""
        heads = [(each, head.x() + _IN_HEAD) for each, head in self.heads.items() if not head.isHidden()]
        ends = *(left - GAP_WIDE for _, left in heads[1:]), box.right() - GAP_WIDE
        spans = zip(heads, ends, strict=True)
        return {each: QRect(left, box.top(), end - left, box.height()) for (each, left), end in spans}


class _RowOfFile(RowPainter):
    view: _Table

    def height(self, row: Row) -> int:
        return self.theme.px(_ROW_PX)

    def paint_row(self, painter: QPainter, box: QRect, row: Row, *, is_at: bool, is_under_pointer: bool) -> None:
        theme, file = self.theme, self.view.files[row.key]
        if is_at or is_under_pointer:
            painter.fillRect(box, theme.color("selected" if is_at else "hover"))
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), theme.color("line"))
        of_state = _ASKED_NOW if row.key == self.view.running else _TOKENS[file.state]
        tokens, words = dict(zip(Column, of_state, strict=True)), self.view.words(row.key)
        if file.missing:
            tokens[Column.CHECKED] = "internet"
        for column, cell in self.view.cells(box).items():
            token, shown = tokens[column], show_invisible(words[column])
            if column is Column.FILE and file.within:
                cell.setHeight(box.height() // 2)
                self._take(painter, "muted", TINY)
                draw_line(painter, cell.translated(0, cell.height() - GAP_TIGHT), show_invisible(file.within))
                cell.setTop(box.top() + GAP_TIGHT)
            self._take(painter, token, SMALL, bold=is_new(file) if column is Column.FILE else token == "accent")
            if column is Column.ANSWER:
                draw_marked(painter, cell, shown, self._marks(shown, file), _MOST_LINES)
            else:  # names of one kind differ at their ends
                draw_line(painter, cell, shown, Qt.TextElideMode.ElideMiddle)

    def _take(self, painter: QPainter, token: str, size: float, *, bold: bool = False) -> None:
        painter.setFont(self.theme.ui_font(size, bold=bold))
        painter.setPen(self.theme.color(token))

    def _marks(self, text: str, file: FileRow) -> list[tuple[int, int, QTextCharFormat]]:
        """Return the looks of what was looked up: underlined, by dots where it was not found."""
        marks, begin = [], 0
        for each in file.things:
            start = text.find(each.text, begin)
            if start < 0:
                continue
            begin = start + len(each.text)
            look, lines = QTextCharFormat(), QTextCharFormat.UnderlineStyle
            look.setUnderlineStyle(lines.SingleUnderline if each.is_found else lines.DotLine)
            look.setUnderlineColor(self.theme.color("accent" if each.is_found else "internet"))
            marks.append((start, begin, look))
        return marks
