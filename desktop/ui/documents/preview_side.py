"""The column beside the text of a file: which of its pages, columns and asides are sent, and how it was read."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.core.documents.document import Aside, Document, Section, SectionKind, row_cells
from desktop.core.documents.selection import WHOLE, Selection, with_sections
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.words import kind_of, remark, section_name
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import scrolling, stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, listed, number, say_each, short

_MOST_COLUMNS = 60
_ENCODINGS = (  # that plain texts come in; the one that was recognised is added
    "utf-8",
    "utf-16",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "cp1252",
    "cp1250",
    "cp1251",
    "iso-8859-15",
    "mac_roman",
)


class PreviewSide(QFrame):
    """The column. It shows a selection, and emits what the user would have otherwise."""

    changed = Signal(object)  # the Selection that is wanted
    encoding_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._document: Document | None = None
        self._selection = WHOLE
        self._table = 0  # the number of the section whose columns are offered
        self._also: dict[Aside, int] = {}  # how often text of each kind stands beside the text itself
        self._columns: tuple[str, ...] = ()
        self._read_as: tuple[object, ...] = ()  # what is told below the lists
        set_look(self, "page")
        self._heading = PlainLabel("", "strong")
        self.all = button(self.tr("All"), "advice", lambda: self._choose(every=True), name=self.tr("Choose all"))
        self.none = button(
            self.tr("None", "pages"), "advice", lambda: self._choose(every=False), name=self.tr("Choose none")
        )
        self.list = RowList(theme, "")
        self.list.ticked.connect(self._toggle)
        self.more = RowList(theme, "")
        self.more.ticked.connect(self._switch)
        self._head, self._told = QWidget(), QWidget()
        stack((self._heading, 1), self.all, self.none, margins=(GAP, 0, GAP, 0), across=True, on=self._head)
        self._head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._column = stack(
            self._head, (self.list, 3), (self.more, 1), self._told, None, gap=GAP_TIGHT, margins=GAP_WIDE, on=self
        )

    @property
    def is_empty(self) -> bool:
        """True if there is nothing in it to choose or to read."""
        return all(part.isHidden() for part in (self._head, self.more, self._told))

    def show_document(self, document: Document, selection: Selection, table: int) -> None:
        """Show a file and what of it is chosen; `table`: the number of the section whose columns are offered."""
        if document is not self._document or table != self._table:
            self._also, self._columns = document.asides, _columns_of(document, table)
            self._tell(document)
        self._document, self._selection, self._table = document, selection, table
        kind = kind_of(document)
        name = say_each("documents.sections_name", kind)
        self._heading.setText(name)
        self.list.setAccessibleName(name)
        self.list.show_rows([_row(each, selection) for each in document.sections])
        self.more.show_rows(self._rows_of_more())
        for part in (self._head, self.list):
            part.setVisible(kind is not SectionKind.WHOLE)
        self.more.setVisible(bool(self.more.rows))
        self.more.setAccessibleName(listed(each.title for each in self.more.rows if each.is_heading))
        for each in (self.list, self.more):
            each.setMaximumHeight(each.wanted_height)

    def _rows_of_more(self) -> list[Row]:
        """Return a line for each kind of aside and for each column."""
        rows = [Row(None, self.tr("Also in the file"), is_heading=True)] if self._also else []
        for aside, count in self._also.items():
            words, is_sent = say_each("documents.aside_name", aside), aside not in self._selection.without
            rows.append(Row(aside, words, aside=number(count), tick=is_sent))
        rows += [Row(None, self.tr("Columns"), is_heading=True)] if self._columns else []
        for index, name in enumerate(self._columns):
            words = short(show_invisible(name)) or fill(self.tr("Column %1"), number(index + 1))
            rows.append(Row(index, words, tick=(self._table, index) not in self._selection.columns_off))
        return rows

    def _toggle(self, number: int) -> None:
        if self._document is not None:
            chosen = chosen_sections(self._document, self._selection) ^ {number}
            self.changed.emit(with_sections(self._selection, self._document, chosen))

    def _choose(self, *, every: bool) -> None:
        if self._document is not None:
            chosen = {each.number for each in self._document.sections} if every else set()
            self.changed.emit(with_sections(self._selection, self._document, chosen))

    def _switch(self, key: Aside | int) -> None:
        """Send an aside or a column, or no longer."""
        selection = self._selection
        if isinstance(key, Aside):
            self.changed.emit(replace(selection, without=selection.without ^ {key}))
        else:
            self.changed.emit(replace(selection, columns_off=selection.columns_off ^ {(self._table, key)}))

    def _tell(self, document: Document) -> None:
        """Tell how the file was read, and offer other encodings for a plain text."""
        read_as = (document.encoding, document.remarks)
        if read_as == self._read_as:
            return
        self._read_as = read_as
        inside = QWidget()
        column = stack(gap=GAP_TIGHT, margins=(GAP, GAP, GAP, 0), on=inside)
        if document.encoding:
            box = ChoiceBox(self._theme)
            box.setAccessibleName(self.tr("Read as"))
            for name in dict.fromkeys([document.encoding.lower(), *_ENCODINGS]):
                box.add_choice(name.upper(), name)
            box.activated.connect(lambda at: self.encoding_chosen.emit(box.itemData(at)))
            column.addWidget(PlainLabel(self.tr("Read as"), "strong"))
            column.addWidget(box)
        if document.remarks:
            column.addWidget(PlainLabel(self.tr("How it was read"), "strong"))
        for said in document.remarks:
            column.addWidget(PlainLabel(remark(said), "small", wraps=True))
        column.addStretch(1)
        told = scrolling(inside, "page")
        told.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by which it is scrolled
        self._column.replaceWidget(self._told, told)
        self._told.deleteLater()
        self._told = told
        told.setVisible(any(read_as))


def chosen_sections(document: Document, selection: Selection) -> set[int]:
    """Return the numbers of the sections that are sent."""
    return {each.number for each in document.sections if selection.has(each)}


def _columns_of(document: Document, table: int) -> tuple[str, ...]:
    """Return the names of the columns of a section that is a table: its first row; none of a single column."""
    blocks = next((each.blocks for each in document.sections if each.number == table), ())
    rows = (row_cells(each.text.split("\n", 1)[0])[:_MOST_COLUMNS] for each in blocks if each.is_table)
    names = next(rows, [])
    return tuple(names) if len(names) > 1 else ()


def _row(section: Section, selection: Selection) -> Row:
    name, title = section_name(section.kind, section.number), section.title
    return Row(
        section.number,
        title or name,
        aside=number(section.number) if title else "",
        tick=selection.has(section),
        spoken=f"{name}, {title}" if title else name,
    )
