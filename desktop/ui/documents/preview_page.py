"""The page with the text of a file exactly as it is sent: to be read, found in, and chosen from.

In a column beside it stand its pages, columns and asides, which of them are sent, and how the file was read. The page
holds the selection in the making; what becomes of it is decided when it is used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QWidget

from desktop.core.documents.attachment import MOST_PAGES
from desktop.core.documents.document import Aside, Document, Section, SectionKind, row_cells
from desktop.core.documents.selection import (
    WHOLE,
    BlocksLeftOut,
    CutOut,
    LinesLeftOut,
    SectionsLeftOut,
    Selection,
    with_cuts,
    with_sections,
)
from desktop.core.message import AttachmentPart
from desktop.rendering.text.letters import show_invisible
from desktop.rendering.text.sent_text import Fold
from desktop.ui.documents import words
from desktop.ui.documents.text_view import Occurrence, SentText, TextFind, TextView
from desktop.ui.documents.words import kind_of, remark, section_name
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import MenuButton, button
from desktop.ui.widgets.find_bar import FindBar
from desktop.ui.widgets.form import ChoiceBox
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, NameLabel, PlainLabel, key_hint
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


_SIDE_PX = 264
_NARROW_PX = 800  # of the window, as for the panels at its edges
_HINTS_FROM_PX = 1100
_BAR = (72, 6)


class PreviewPage(QWidget):
    """The page. `selection` is what would be sent now."""

    used = Signal(object)  # the Selection that is to be sent
    left = Signal()  # all stays as it is
    pictures_wanted = Signal(object)  # the numbers of the pages that are to be sent as pictures

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._document: Document | None = None
        self._room: int | None = None
        self._query = ""  # what is searched for
        self._place: Occurrence | None = None  # the one that has been walked to
        self._table = 0  # the number of the section whose columns are offered
        self._is_side_open = False  # in a narrow window
        self.selection = WHOLE
        set_look(self, "page")
        self.side = PreviewSide(theme)
        self._line = QFrame()
        self._line.setFixedWidth(1)
        set_look(self._line, "hairline")
        self.text = TextView(theme)
        self.sent = SentText(self.text.surface, self._fold_words)
        self._find = TextFind(self)
        self.find_bar = FindBar(theme, self.text, self.tr("Find in the text"))
        self._take_out = button(self.tr("Take this out"), do=self._take_selected_out)
        self._take_out.setParent(self.text.viewport())
        self._take_out.hide()
        body = stack(self.side, self._line, (self.text, 1), gap=0, across=True)
        stack(self._head(), (body, 1), self._foot(), gap=0, on=self)
        self._connect()

    def _head(self) -> QWidget:
        head = QWidget()
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(head, "header")
        back = IconButton(self._theme, "chevron-left", self.tr("Back (Esc)"), do=self.left.emit)
        self._name = NameLabel("", "heading")
        self._extent = ElidedLabel("", "small")
        self._pages = MenuButton(self._theme, hint=self.tr("Choose what is sent"))
        self._pages.hide()
        self._pages.clicked.connect(self._open_side)
        find = IconButton(self._theme, "search", self.tr("Find in the text (Ctrl+F)"), do=self.focus_find)
        parts = (back, self._name, (self._extent, 1), self._pages, find)
        stack(*parts, margins=(GAP, GAP, GAP_SECTION, GAP), across=True, on=head)
        return head

    def _foot(self) -> QWidget:
        foot = self.foot = QWidget()
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(foot, "footer")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._length = FittingLabel()
        self._hints = QWidget()
        hints = key_hint(self.tr("choose"), self.tr("Space")), key_hint(self.tr("back"), self.tr("Esc"))
        stack(*hints, gap=GAP_WIDE, across=True, on=self._hints)
        cancel = button(self.tr("Cancel"), do=self.left.emit)
        self.pictures = button("", do=lambda: self.pictures_wanted.emit(self._pages_to_draw()))
        self.pictures.hide()
        self.use = button("", "filled", lambda: self.used.emit(self.selection), fill="accent")
        parts = (self._bar, GAP // 2, (self._length, 1), self._hints, cancel, self.pictures, self.use)
        stack(*parts, margins=(GAP_SECTION + 4, GAP_WIDE, GAP_SECTION, GAP_WIDE), across=True, on=foot)
        return foot

    def _connect(self) -> None:
        self.side.changed.connect(self._select)
        self.side.list.reached.connect(self._go_to)
        self.text.selected.connect(self._offer_taking_out)
        self.text.scrolled.connect(self._follow)
        self.text.surface.link_activated.connect(self._send_too)
        self.sent.changed.connect(self._on_text_changed)
        self.find_bar.query_changed.connect(lambda query, _: self._search(query))
        self.find_bar.step_requested.connect(self._step)
        self.find_bar.room_changed.connect(self.text.keep_free)
        self.find_bar.closed.connect(lambda: self._search(""))
        self._find.changed.connect(self._show_place)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.text)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._take_selected_out)

    def show_document(self, document: Document, selection: Selection) -> None:
        """Show a file, and what of it is chosen; more of the same file leaves all else as it is."""
        if not self._table and document.sections:
            self._table = document.sections[0].number
        if document is not self._document:
            self._show_name(document.name, self.tr("%1 · exactly the text that will be sent"), words.extent(document))
        self._document = document
        self._select(selection)

    def show_sent(self, part: AttachmentPart) -> None:
        """Show what was sent of a file; nothing can be chosen any more."""
        extent = part.extent or words.sent_extent(part)
        self._show_name(part.name, self.tr("%1 · exactly the text that was sent"), extent)
        for part_of_choosing in (self.side, self._line, self.foot):
            part_of_choosing.hide()
        self.sent.show_sent(part)

    def _show_name(self, name: str, template: str, extent: str) -> None:
        self._name.show_text(show_invisible(name))
        self._extent.show_text(fill(template, extent))

    def show_room(self, tokens: int | None) -> None:
        """Set how many tokens are free for the file in what the model can hold; None where that is not known."""
        self._room = tokens
        self._say()

    def focus_find(self) -> None:
        """Show the bar to find, with the cursor in its field."""
        self.find_bar.open(self.text.selected_words())

    def step_back(self) -> bool:
        """Undo the last small thing: a selection, a search. Return False if there is none."""
        if self.text.selection is not None:
            self.text.clear_selection()
        elif not self.find_bar.isHidden():
            self.find_bar.close_bar()
        elif self._is_side_open:
            self._open_side()
        else:
            return False
        return True

    # Choosing

    def _select(self, selection: Selection) -> None:
        self.selection = selection
        if self._document is not None:
            self.side.show_document(self._document, selection, self._table)
            self.sent.show(self._document, selection)
        self._fit()
        self._say()

    def _take_selected_out(self) -> None:
        chosen = self.text.selection
        if chosen is not None and self._document is not None:
            cuts = self.sent.cuts_in(chosen)
            self.text.clear_selection()
            if cuts:
                self._select(with_cuts(self.selection, cuts))
            self.text.setFocus()

    def _send_too(self, address: str) -> None:
        fold = self.sent.fold_of(address)
        document, selection = self._document, self.selection
        if fold is None or document is None:
            return
        match fold:
            case CutOut(cut):
                selection = replace(selection, cuts=tuple(each for each in selection.cuts if each != cut))
            case SectionsLeftOut(first, last):
                numbers = {each.number for each in document.sections if first <= each.number <= last}
                if any(each.is_hidden for each in document.sections if each.number in numbers):
                    selection = replace(selection, without=selection.without - {Aside.HIDDEN})
                selection = with_sections(selection, document, chosen_sections(document, self.selection) | numbers)
            case BlocksLeftOut(section, first, last):
                also = {(section, block) for block in range(first, last + 1)}
                selection = replace(selection, passages=(selection.passages or frozenset()) | also)
            case LinesLeftOut(section, block, first, last):
                lines = {(section, block, line) for line in range(first, last + 1)}
                selection = replace(selection, rows=selection.rows | lines)
            case _:
                assert_never(fold)
        self._select(selection)

    def _fold_words(self, fold: Fold) -> tuple[str, str]:
        kind = words.kind_of(self._document) if self._document is not None else SectionKind.WHOLE
        if isinstance(fold, CutOut):
            link = self.tr("Put back")
        else:
            link = self.tr("Send it too") if fold.first == fold.last else self.tr("Send them too")
        return words.left_out(kind, fold), link

    # Words and places

    def _say(self) -> None:
        document = self._document
        if document is None:
            return
        kind, chosen = words.kind_of(document), len(chosen_sections(document, self.selection))
        has_sections = kind is not SectionKind.WHOLE
        said = words.chosen_sections(kind, chosen, len(document.sections)) if has_sections else ""
        shown = said or self.tr("How it was read")
        self._pages.show_words(shown, shown)
        share = self.sent.tokens / max(1, self._room) if self._room is not None else 0.0
        fits = "" if self._room is None else self.tr("fits") if share <= 1 else self.tr("too long")
        strong = fill(self.tr("%1 chosen", "such as 3 of 14 pages"), said) if said else ""
        length = words.text_length(self.sent.tokens)
        forms = [" · ".join(filter(None, parts)) for parts in ((strong, length, fits), (strong, fits or length))]
        self._length.show_forms(forms, strong)
        self.foot.setAccessibleName(forms[0])
        self._bar.setVisible(bool(fits))
        self._bar.setValue(min(100, round(100 * share)))
        set_look(self._bar, "over" if share > 1 else "")
        self.use.setText(words.use_sections(kind, chosen))
        self.use.setEnabled(chosen > 0)
        self.use.setVisible(not document.is_empty)
        drawn = len(self._pages_to_draw())
        pictures = words.pages_as_pictures(drawn, of=chosen)
        self.pictures.setText(pictures if document.is_empty else self.tr("As pictures"))
        self.pictures.setToolTip(pictures)
        self.pictures.setAccessibleName(pictures)
        self.pictures.setEnabled(drawn > 0)

    def _pages_to_draw(self) -> tuple[int, ...]:
        chosen = chosen_sections(self._document, self.selection) if self._document is not None else ()
        return tuple(sorted(chosen))[:MOST_PAGES]

    def _on_text_changed(self) -> None:
        self.text.lay_out()
        self._say()
        if self.sent.is_done:
            self._search(self._query)

    def _go_to(self, number: int) -> None:
        leaf = self.sent.first_leaf_of(number)
        if leaf is not None:
            self.text.go_to_leaf(leaf)
        self._show_columns_of(number)

    def _follow(self) -> None:
        """Show in the list which section is being read."""
        section = getattr(self.sent.leaves[self._leaf_at_top()].piece, "section", None) if self.sent.leaves else None
        if section is not None:
            self.side.list.go_to(section)
            self._show_columns_of(section)
        self._offer_taking_out()

    def _leaf_at_top(self) -> int:
        surface = self.text.surface
        return surface.hit(QPointF(0.0, float(GAP - surface.y()))).position.index

    def _show_columns_of(self, number: int) -> None:
        if number != self._table and self._document is not None:
            self._table = number
            self.side.show_document(self._document, self.selection, number)

    def _offer_taking_out(self) -> None:
        can = self.text.selection is not None and self._document is not None
        self._take_out.setVisible(can)
        if can:
            self._take_out.adjustSize()
            end, view, out = self.text.end_of_selection(), self.text.viewport(), self._take_out
            y = max(GAP, min(view.height() - out.height() - GAP, end.y() + 2 * self._theme.text_px))
            out.move(self.text.surface.x() + self.text.surface.width() - out.width(), y)
            out.raise_()

    # Finding

    def _search(self, query: str) -> None:
        self._query = query
        self.text.show_found(query)
        self._place = None
        self._find.search([each.leaf for each in self.sent.leaves], query, self._leaf_at_top())

    def _step(self, by: int) -> None:
        if self._find.step(by):
            self.find_bar.show_wrapped(by > 0)

    def _show_place(self) -> None:
        find = self._find
        if not self._query.strip():
            self.find_bar.show_nothing()
        elif find.is_done:
            self.find_bar.show_position(find.at + 1, len(find.found))
        else:
            self.find_bar.show_searching(len(find.found))
        if find.current != self._place:
            self._place = find.current
            self.text.go_to_occurrence(self._place)

    # The room that there is

    def _fit(self) -> None:
        """Leave out what has no room; in a narrow window the column comes by a button of the head."""
        px, is_narrow = self._theme.px, self.window().width() < _NARROW_PX
        self._extent.setMaximumWidth(0 if is_narrow else 16_777_215)
        self._bar.setFixedSize(px(_BAR[0]), _BAR[1])
        if self._document is None:
            return
        has_side = not self.side.is_empty
        self.side.setFixedWidth(px(_SIDE_PX))
        self._pages.setVisible(is_narrow and has_side)
        for part in (self.side, self._line):
            part.setVisible(has_side and (self._is_side_open or not is_narrow))
        has_sections = words.kind_of(self._document) is not SectionKind.WHOLE
        self._hints.setVisible(has_sections and self.width() >= px(_HINTS_FROM_PX))

    def _open_side(self) -> None:
        """Show the column, or hide it again; in a narrow window it takes room from the text."""
        self._is_side_open = not self._is_side_open
        self._fit()
        (self.side.list if self._is_side_open else self.text).setFocus()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
