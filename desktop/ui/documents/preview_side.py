"""The column beside the text of a file: its pages, sheets or slides, what else is in it, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFrame, QScrollArea, QSizePolicy, QWidget

from desktop.core.documents.document import Aside, Document, Section, SectionKind, row_cells
from desktop.core.documents.selection import Selection
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.words import aside_name, kind_of, remark, section_name, sections_name
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number, plain_action, short

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


@dataclass(frozen=True, slots=True)
class SwitchAside:
    """Text of a kind that stands beside the text itself, to be sent or not."""

    aside: Aside
    is_on: bool


@dataclass(frozen=True, slots=True)
class SwitchColumn:
    """Column of the table that is read, by its index, to be sent or not."""

    column: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class ReadAs:
    """Another encoding of a plain text."""

    encoding: str


SideAction = SwitchAside | SwitchColumn | ReadAs


class PreviewSide(QFrame):
    """The column. It shows a selection, and says what the user would have otherwise."""

    def __init__(self, theme: Theme, ask: Callable[[SideAction], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ask = ask
        set_look(self, "page")
        self._heading = PlainLabel("", "strong")
        self.all = button(self.tr("All"), "advice", name=self.tr("Choose all"))
        self.none = button(self.tr("None", "pages"), "advice", name=self.tr("Choose none"))
        self.list = RowList(theme, "")
        self._more = QWidget()
        self._asides: dict[Aside, QCheckBox] = {}
        self._columns: list[QCheckBox] = []
        self._shown: tuple[object, ...] = ()
        self._shown_of: Document | None = None
        self._shown_table = 0
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
        kind = kind_of(document)
        has_sections = kind is not SectionKind.WHOLE
        self._heading.setText(sections_name(kind))
        self._head.setVisible(has_sections)
        self.list.setVisible(has_sections)
        self.list.setAccessibleName(sections_name(kind))
        self.list.show_rows([_row(each, selection) for each in document.sections])
        self.list.setMaximumHeight(self.list.wanted_height)
        self._show_more(document, table)
        for aside, box in self._asides.items():
            _tick(box, aside not in selection.without)
        for index, box in enumerate(self._columns):
            _tick(box, (table, index) not in selection.columns_off)

    def _show_more(self, document: Document, table: int) -> None:
        """Make what stands below the list, where it is other than before."""
        if self._shown_of is document and self._shown_table == table:
            return
        self._shown_of, self._shown_table = document, table
        asides, columns = document.asides, columns_of(document, table)
        shown = (asides, columns, document.encoding, document.remarks)
        if shown == self._shown:
            return
        self._shown = shown
        self._asides.clear()
        self._columns.clear()
        more = QWidget()
        set_look(more, "page")
        column = stack(gap=GAP_TIGHT, margins=(0, GAP, 0, 0), on=more)
        self._add_asides(column, asides)
        self._add_columns(column, columns)
        self._add_encoding(column, document.encoding)
        if document.remarks:
            self._add_heading(column, self.tr("How it was read"))
        for said in document.remarks:
            label = PlainLabel(remark(said), "small", wraps=True)
            label.setContentsMargins(GAP, 0, GAP, GAP_TIGHT)
            column.addWidget(label)
        column.addStretch(1)
        self._scroll.setWidget(more)
        self._scroll.setVisible(bool(asides or columns or document.encoding or document.remarks))

    def _add_asides(self, column: QBoxLayout, asides: Mapping[Aside, int]) -> None:
        if asides:
            self._add_heading(column, self.tr("Also in the file"))
        for aside, count in asides.items():
            box = self._asides[aside] = QCheckBox(aside_name(aside))
            box.clicked.connect(lambda on, aside=aside: self._ask(SwitchAside(aside, on)))
            margins = (GAP_TIGHT, 0, GAP, 0)
            column.addLayout(stack((box, 1), PlainLabel(number(count), "small"), margins=margins, across=True))

    def _add_columns(self, column: QBoxLayout, columns: Sequence[str]) -> None:
        if len(columns) > 1:
            self._add_heading(column, self.tr("Columns"))
        for index, name in enumerate(columns if len(columns) > 1 else ()):
            words = short(show_invisible(name)) or fill(self.tr("Column %1"), number(index + 1))
            box = QCheckBox(plain_action(words))
            box.clicked.connect(lambda on, index=index: self._ask(SwitchColumn(index, on)))
            self._columns.append(box)
            column.addLayout(stack(box, margins=(GAP_TIGHT, 0, GAP, 0), across=True))

    def _add_encoding(self, column: QBoxLayout, encoding: str) -> None:
        if not encoding:
            return
        self._add_heading(column, self.tr("Read as"))
        box = ChoiceBox(self._theme)
        box.setAccessibleName(self.tr("Read as"))
        names = list(dict.fromkeys([encoding.lower(), *_ENCODINGS]))
        for name in names:
            box.add_choice(name.upper(), name)
        box.activated.connect(lambda at: self._ask(ReadAs(names[at])))
        column.addWidget(box)

    def _add_heading(self, column: QBoxLayout, words: str) -> None:
        label = PlainLabel(words, "strong")
        label.setContentsMargins(GAP, GAP, 0, 0)
        column.addWidget(label)


def columns_of(document: Document, table: int) -> tuple[str, ...]:
    """Return the names of the columns of a section that is a table: its first row."""
    for section in document.sections:
        if section.number == table:
            for block in section.blocks:
                if block.is_table:
                    return tuple(row_cells(block.text.split("\n", 1)[0])[:_MOST_COLUMNS])
    return ()


def _row(section: Section, selection: Selection) -> Row:
    name, title = section_name(section.kind, section.number), section.title
    return Row(
        section.number,
        title or name,
        aside=number(section.number) if title else "",
        tick=selection.has(section),
        spoken=f"{name}, {title}" if title else name,
    )


def _tick(box: QCheckBox, is_on: bool) -> None:
    if box.isChecked() is not is_on:
        box.setChecked(is_on)
