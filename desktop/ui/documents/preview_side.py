"""The column beside the text of a file: which of its pages, columns and asides are sent, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFrame, QScrollArea, QSizePolicy, QWidget

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
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number, plain_action, say_each, short

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
        self._shown: tuple[object, ...] = ()  # what the boxes below the list are made of
        self._asides: dict[Aside, QCheckBox] = {}
        self._columns: list[QCheckBox] = []
        set_look(self, "page")
        self._heading = PlainLabel("", "strong")
        self.all = button(self.tr("All"), "advice", lambda: self._choose(every=True), name=self.tr("Choose all"))
        self.none = button(
            self.tr("None", "pages"), "advice", lambda: self._choose(every=False), name=self.tr("Choose none")
        )
        self.list = RowList(theme, "")
        self.list.ticked.connect(self._toggle)
        self._head = QWidget()
        stack((self._heading, 1), self.all, self.none, margins=(GAP, 0, GAP, 0), across=True, on=self._head)
        self._head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self._scroll, "page")
        # The stretch is below a list of few pages.
        stack(self._head, (self.list, 3), (self._scroll, 1), None, gap=GAP_TIGHT, margins=GAP_WIDE, on=self)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing in it to choose or to read."""
        return self._head.isHidden() and self._scroll.isHidden()

    def show_document(self, document: Document, selection: Selection, table: int) -> None:
        """Show a file and what of it is chosen; `table`: the number of the section whose columns are offered."""
        if document is not self._document or table != self._table:
            self._show_more(document, table)
        self._document, self._selection, self._table = document, selection, table
        kind = kind_of(document)
        name = say_each("documents.sections_name", kind)
        self._heading.setText(name)
        self.list.setAccessibleName(name)
        for part in (self._head, self.list):
            part.setVisible(kind is not SectionKind.WHOLE)
        self.list.show_rows([_row(each, selection) for each in document.sections])
        self.list.setMaximumHeight(self.list.wanted_height)
        for aside, box in self._asides.items():
            box.setChecked(aside not in selection.without)
        for index, box in enumerate(self._columns):
            box.setChecked((table, index) not in selection.columns_off)

    def _toggle(self, number: int) -> None:
        if self._document is not None:
            chosen = chosen_sections(self._document, self._selection) ^ {number}
            self.changed.emit(with_sections(self._selection, self._document, chosen))

    def _choose(self, *, every: bool) -> None:
        if self._document is not None:
            chosen = {each.number for each in self._document.sections} if every else set()
            self.changed.emit(with_sections(self._selection, self._document, chosen))

    def _switch_aside(self, aside: Aside) -> None:
        self.changed.emit(replace(self._selection, without=self._selection.without ^ {aside}))

    def _switch_column(self, column: int) -> None:
        off = self._selection.columns_off ^ {(self._table, column)}
        self.changed.emit(replace(self._selection, columns_off=off))

    def _show_more(self, document: Document, table: int) -> None:
        """Make what stands below the list, where it is other than before."""
        asides, columns = document.asides, _columns_of(document, table)
        shown = (asides, columns, document.encoding, document.remarks)
        if shown == self._shown:
            return
        self._shown = shown
        more = QWidget()
        set_look(more, "page")
        column = stack(gap=GAP_TIGHT, margins=(0, GAP, 0, 0), on=more)
        self._add_asides(column, asides)
        self._add_columns(column, columns)
        if document.encoding:
            self._add_encodings(column, document.encoding.lower())
        if document.remarks:
            self._add_heading(column, self.tr("How it was read"))
        for said in document.remarks:
            label = PlainLabel(remark(said), "small", wraps=True)
            label.setContentsMargins(GAP, 0, GAP, GAP_TIGHT)
            column.addWidget(label)
        column.addStretch(1)
        self._scroll.setWidget(more)
        self._scroll.setVisible(any(shown))

    def _add_asides(self, column: QBoxLayout, asides: Mapping[Aside, int]) -> None:
        self._asides.clear()
        if asides:
            self._add_heading(column, self.tr("Also in the file"))
        for aside, count in asides.items():
            box = self._asides[aside] = QCheckBox(say_each("documents.aside_name", aside))
            box.clicked.connect(lambda _, aside=aside: self._switch_aside(aside))
            margins = (GAP_TIGHT, 0, GAP, 0)
            column.addLayout(stack((box, 1), PlainLabel(number(count), "small"), margins=margins, across=True))

    def _add_columns(self, column: QBoxLayout, names: Sequence[str]) -> None:
        self._columns.clear()
        if names:
            self._add_heading(column, self.tr("Columns"))
        for index, name in enumerate(names):
            words = short(show_invisible(name)) or fill(self.tr("Column %1"), number(index + 1))
            box = QCheckBox(plain_action(words))
            box.clicked.connect(lambda _, index=index: self._switch_column(index))
            self._columns.append(box)
            column.addLayout(stack(box, margins=(GAP_TIGHT, 0, GAP, 0), across=True))

    def _add_encodings(self, column: QBoxLayout, recognised: str) -> None:
        self._add_heading(column, self.tr("Read as"))
        box = ChoiceBox(self._theme)
        box.setAccessibleName(self.tr("Read as"))
        for name in dict.fromkeys([recognised, *_ENCODINGS]):
            box.add_choice(name.upper(), name)
        box.activated.connect(lambda at: self.encoding_chosen.emit(box.itemData(at)))
        column.addWidget(box)

    def _add_heading(self, column: QBoxLayout, words: str) -> None:
        label = PlainLabel(words, "strong")
        label.setContentsMargins(GAP, GAP, 0, 0)
        column.addWidget(label)


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
