"""The page with the text of a file exactly as it is sent: to be read, found in, and chosen from.

It holds the selection in the making; what becomes of it is decided when it is used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import QPoint, QPointF, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.core.documents.document import Aside, Document, SectionKind
from desktop.core.documents.pictures import MOST_PAGES
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
from desktop.rendering.text.sent_text import Fold
from desktop.ui.documents import words
from desktop.ui.documents.preview_parts import (
    PreviewFoot,
    PreviewHead,
    PreviewSide,
    ReadAs,
    SideAction,
    SwitchAside,
    SwitchColumn,
)
from desktop.ui.documents.sent_text import Occurrence, SentText, TextFind, cuts_in
from desktop.ui.documents.text_view import TextView
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill

_SIDE_PX = 264
_NARROW_PX = 800  # of the window, as for the panels at its edges


class PreviewPage(QWidget):
    """The page. `selection` is what would be sent now."""

    used = Signal(object)  # the Selection that is to be sent
    encoding_chosen = Signal(str)
    pictures_wanted = Signal(object)  # the numbers of the pages that are to be sent as pictures

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._document: Document | None = None
        self._room: int | None = None
        self._place: Occurrence | None = None  # the one that has been walked to
        self._table = 0  # the number of the section whose columns are offered
        self.selection = WHOLE
        set_look(self, "page")
        self.head = PreviewHead(theme)
        self.side = PreviewSide(theme, self._act)
        self._line = QFrame()
        self._line.setFixedWidth(1)
        set_look(self._line, "hairline")
        self.text = TextView(theme)
        self._sent = SentText(self.text.surface, self._fold_words)
        self._find = TextFind(self)
        self.foot = PreviewFoot(theme)
        self._take_out = QPushButton(self.tr("Take this out"), self.text.viewport())
        self._take_out.setAutoDefault(False)
        self._take_out.hide()
        self._drop: QFrame | None = None  # the side, where there is no room for it beside the text
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._body = stack(self.side, self._line, (self.text, 1), gap=0, across=True)
        stack(self.head, (self._body, 1), self.foot, gap=0, on=self)

    def _connect(self) -> None:
        self.cancelled: SignalInstance = self.foot.cancelled
        self.back_requested: SignalInstance = self.head.back_requested
        self.foot.used.connect(self._use)
        self.foot.pictures.clicked.connect(self._use_as_pictures)
        self.side.list.ticked.connect(self._toggle)
        self.side.list.reached.connect(self._go_to)
        self.side.all.clicked.connect(lambda: self._choose_sections(every=True))
        self.side.none.clicked.connect(lambda: self._choose_sections(every=False))
        self.text.selected.connect(self._offer_taking_out)
        self.text.scrolled.connect(self._follow)
        self.text.surface.link_activated.connect(self._send_too)
        self._take_out.clicked.connect(self._take_selected_out)
        self._sent.changed.connect(self._on_text_changed)
        self.head.find_field.query_changed.connect(self._search)
        self.head.find_field.step_requested.connect(self._find.step)
        self.head.find_field.left.connect(self.text.setFocus)
        self.head.step_on.connect(lambda: self._find.step(1))
        self.head.step_back.connect(lambda: self._find.step(-1))
        self.head.pages.clicked.connect(self._open_drop)
        self._find.changed.connect(self._show_place)
        for keys, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self._find.step(step))
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.text)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._take_selected_out)

    def show_document(self, document: Document, selection: Selection) -> None:
        """Show a file, and what of it is chosen; more of the same file leaves all else as it is."""
        if not self._table and document.sections:
            self._table = document.sections[0].number
        if document is not self._document:
            template = self.tr("%1 · exactly the text that will be sent")
            self.head.show_file(document.name, fill(template, words.extent(document)))
        self._document = document
        self._select(selection)

    def show_sent(self, part: AttachmentPart) -> None:
        """Show what was sent of a file; nothing can be chosen any more."""
        template = self.tr("%1 · exactly the text that was sent")
        self.head.show_file(part.name, fill(template, part.extent or words.sent_extent(part)))
        for part_of_choosing in (self.side, self._line, self.foot):
            part_of_choosing.hide()
        self._sent.show_sent(part)

    def show_room(self, tokens: int | None) -> None:
        """Set how many tokens are free for the file in what the model can hold; None where that is not known."""
        self._room = tokens
        self._say()

    def offer_pictures(self, shall: bool) -> None:
        """Offer to send the chosen pages as pictures, or not."""
        self.foot.pictures.setVisible(shall)

    def focus_find(self) -> None:
        """Put the cursor into the field to find."""
        self.head.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.head.find_field.selectAll()

    def step_back(self) -> bool:
        """Undo the last small thing: a selection, a search. Return False if there is none."""
        if self.text.selection is not None:
            self.text.clear_selection()
        elif self.head.find_field.text():
            self.head.find_field.clear()
            self.text.setFocus()
        else:
            return False
        return True

    # Choosing

    def _select(self, selection: Selection) -> None:
        self.selection = selection
        if self._document is not None:
            self.side.show_document(self._document, selection, self._table)
            self._sent.show(self._document, selection)
        self._place_side()
        self._say()

    def _toggle(self, number: int) -> None:
        chosen = self._chosen()
        self._choose(chosen ^ {number})

    def _choose_sections(self, *, every: bool) -> None:
        self._choose({section.number for section in self._document.sections} if every and self._document else set())

    def _choose(self, numbers: set[int]) -> None:
        if self._document is not None:
            self._select(with_sections(self.selection, self._document, numbers))

    def _chosen(self) -> set[int]:
        document = self._document
        return {each.number for each in document.sections if self.selection.has(each)} if document else set()

    def _act(self, action: SideAction) -> None:
        match action:
            case SwitchAside(aside, is_on):
                self._switch_aside(aside, is_on)
            case SwitchColumn(column, is_on):
                self._switch_column(column, is_on)
            case ReadAs(encoding):
                self.encoding_chosen.emit(encoding)
            case _:
                assert_never(action)

    def _switch_aside(self, aside: Aside, is_on: bool) -> None:
        without = self.selection.without - {aside} if is_on else self.selection.without | {aside}
        self._select(replace(self.selection, without=without))

    def _switch_column(self, column: int, is_on: bool) -> None:
        place = {(self._table, column)}
        off = self.selection.columns_off - place if is_on else self.selection.columns_off | place
        self._select(replace(self.selection, columns_off=off))

    def _take_selected_out(self) -> None:
        chosen = self.text.selection
        if chosen is None or self._document is None:
            return
        cuts = cuts_in(self._sent.leaf_at, self._sent.count, chosen)
        self.text.clear_selection()
        if cuts:
            self._select(with_cuts(self.selection, cuts))
        self.text.setFocus()

    def _send_too(self, address: str) -> None:
        fold = self._sent.fold_of(address)
        document, selection = self._document, self.selection
        if fold is None or document is None:
            return
        match fold:
            case CutOut(cut):
                self._select(replace(selection, cuts=tuple(each for each in selection.cuts if each != cut)))
            case SectionsLeftOut(first, last):
                numbers = {each.number for each in document.sections if first <= each.number <= last}
                if any(each.is_hidden for each in document.sections if each.number in numbers):
                    selection = replace(selection, without=selection.without - {Aside.HIDDEN})
                self._select(with_sections(selection, document, self._chosen() | numbers))
            case BlocksLeftOut(section, first, last):
                also = {(section, block) for block in range(first, last + 1)}
                self._select(replace(selection, passages=(selection.passages or frozenset()) | also))
            case LinesLeftOut(section, block, first, last):
                lines = {(section, block, line) for line in range(first, last + 1)}
                self._select(replace(selection, rows=selection.rows | lines))
            case _:
                assert_never(fold)

    def _fold_words(self, fold: Fold) -> tuple[str, str]:
        kind = words.kind_of(self._document) if self._document is not None else SectionKind.WHOLE
        match fold:
            case SectionsLeftOut(first, last):
                link = self.tr("Send it too") if first == last else self.tr("Send them too")
                return words.sections_left_out(kind, first, last), link
            case BlocksLeftOut(_, first, last):
                link = self.tr("Send it too") if first == last else self.tr("Send them too")
                return words.paragraphs_left_out(last - first + 1), link
            case LinesLeftOut(_, _, first, last):
                link = self.tr("Send it too") if first == last else self.tr("Send them too")
                return words.lines_left_out(last - first + 1), link
            case CutOut(_, text):
                return words.lines_taken_out(text), self.tr("Put back")
            case _:
                assert_never(fold)

    def _use_as_pictures(self) -> None:
        self.pictures_wanted.emit(self._pages_to_draw())

    def _use(self) -> None:
        self.used.emit(self.selection)

    # Words and places

    def _say(self) -> None:
        document = self._document
        if document is None:
            return
        kind, chosen, of = words.kind_of(document), len(self._chosen()), len(document.sections)
        has_sections = kind is not SectionKind.WHOLE
        said = words.chosen_sections(kind, chosen, of) if has_sections else ""
        shown = said or self.tr("How it was read")
        self.head.pages.show_words(shown, shown)
        length, short = words.text_length(self._sent.tokens), ""
        if self._room is None:
            extent = fill(self.tr("· %1"), length) if said else length
        else:
            fits = self.tr("fits") if self._sent.tokens <= self._room else self.tr("too long")
            extent = fill(self.tr("· %1 · %2") if said else self.tr("%1 · %2"), length, fits)
            short = fill(self.tr("· %1"), fits) if said else fits
        self.foot.show_share(None if self._room is None else self._sent.tokens / max(1, self._room))
        self.foot.say(
            fill(self.tr("%1 chosen", "such as 3 of 14 pages"), said) if said else "",
            extent,
            words.use_sections(kind, chosen),
            short=short,
            can_use=chosen > 0 and not document.is_empty,
            has_pages=has_sections,
        )
        drawn = len(self._pages_to_draw())
        self.foot.say_pictures(words.pages_as_pictures(drawn, of=chosen), can_send=drawn > 0, is_all=document.is_empty)

    def _pages_to_draw(self) -> tuple[int, ...]:
        return tuple(sorted(self._chosen()))[:MOST_PAGES]

    def _on_text_changed(self) -> None:
        self.text.lay_out()
        self._say()
        if self._sent.is_whole:
            self._search(self.head.find_field.text())

    def _go_to(self, number: int) -> None:
        leaf = self._sent.first_leaf_of(number)
        if leaf is not None:
            self.text.go_to_leaf(leaf)
        self._show_columns_of(number)

    def _follow(self) -> None:
        """Show in the list which section is being read."""
        leaf = self._sent.leaf_at(self._leaf_at_top())
        section = getattr(leaf.piece, "section", None) if leaf is not None else None
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
            end, view, button = self.text.end_of_selection(), self.text.viewport(), self._take_out
            y = max(GAP, min(view.height() - button.height() - GAP, end.y() + 2 * self._theme.text_px))
            button.move(self.text.surface.x() + self.text.surface.width() - button.width(), y)
            button.raise_()

    # Finding

    def _search(self, query: str) -> None:
        self.text.show_found(query)
        self._place = None
        self._find.search([each.leaf for each in self._sent.leaves], query, self._leaf_at_top())

    def _show_place(self) -> None:
        find = self._find
        self.head.find_field.show_position(find.position, find.count, is_done=find.is_done)
        if find.current != self._place:
            self._place = find.current
            self.text.go_to_occurrence(find.current)

    # The column at the side

    @property
    def _is_narrow(self) -> bool:
        return self.window().width() < _NARROW_PX

    def _place_side(self) -> None:
        """Put the column beside the text, or into what a button of the head opens."""
        if self._document is None:
            return
        has_side = not self.side.is_empty
        is_narrow = self._is_narrow
        self.head.be_narrow(is_narrow)
        self.head.pages.setVisible(is_narrow and has_side)
        if is_narrow and self._drop is None:
            self._drop = QFrame(self, Qt.WindowType.Popup)
            set_look(self._drop, "popup")
            stack(self.side, gap=0, margins=GAP_TIGHT, on=self._drop)
        elif not is_narrow and self._drop is not None:
            self._body.insertWidget(0, self.side)
            self._drop.deleteLater()
            self._drop = None
        self.side.setVisible(has_side)
        self._line.setVisible(has_side and not is_narrow)
        self.side.setFixedWidth(self._theme.px(_SIDE_PX))

    def _open_drop(self) -> None:
        if self._drop is not None:
            button = self.head.pages
            self._drop.resize(self._drop.sizeHint().width(), min(self._drop.sizeHint().height(), self.height() - 160))
            self._drop.move(button.mapToGlobal(QPoint(0, button.height() + GAP_TIGHT)))
            self._drop.show()
            self.side.list.setFocus(Qt.FocusReason.PopupFocusReason)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.foot.make_room(self.width())
        self._place_side()
