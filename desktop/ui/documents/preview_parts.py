"""The lines above and below the text of a file, and the column beside it: its pages, and how much of it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFrame, QLineEdit, QScrollArea, QSizePolicy, QWidget

from desktop.core.documents.document import Aside, Document, Section, SectionKind, row_cells
from desktop.core.documents.selection import Selection
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.words import aside_name, kind_of, remark, section_name, sections_name
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, RADIUS
from desktop.ui.widgets.buttons import MenuButton, button
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number, plain_action, short

_FIELD_PX = 256
_NARROW_FIELD_PX = 150
_PAUSE_MS = 150  # after the last letter, before it is searched for
_LONGEST_QUERY = 300


class FindField(QLineEdit):
    """A field that shows, at its end, which of how many places is in sight."""

    step_requested = Signal(int)
    query_changed = Signal(str)
    left = Signal()  # the keyboard is wanted in the text

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asked = ""
        set_look(self, "filter")
        self.setMaxLength(_LONGEST_QUERY)
        self.setPlaceholderText(self.tr("Find in the text"))
        self.setAccessibleName(self.tr("Find in the text"))
        self._state = PlainLabel("", "tiny", parent=self)
        self._state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(lambda _: self._pause.start())

    def show_position(self, position: int, count: int, *, is_done: bool) -> None:
        """Show at which of how many places the search stands; 0 of 0 where there is none."""
        if not self._asked:
            words = ""
        elif count:
            template = self.tr("%1 of %2") if is_done else self.tr("%1 of %2…")
            words = fill(template, number(position), number(count))
        else:
            words = self.tr("Not found") if is_done else self.tr("Searching…")
        self._state.setText(words)
        self.setAccessibleDescription(words)
        self._place()

    def _ask(self) -> None:
        self._pause.stop()
        if self.text() != self._asked:
            self._asked = self.text()
            self.query_changed.emit(self._asked)

    def _place(self) -> None:
        self._state.adjustSize()
        wide = self._state.width()
        self._state.move(self.width() - wide - GAP - 2, (self.height() - self._state.height()) // 2)
        self.setTextMargins(0, 0, wide + GAP if self._state.text() else 0, 0)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_new = self._pause.isActive() and self.text() != self._asked
            self._ask()
            if not is_new:
                self.step_requested.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._ask()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PreviewHead(QWidget):
    """The line. Where it is narrow, a button opens the list of pages."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "header")
        back = IconButton(theme, "chevron-left", self.tr("Back (Esc)"))
        self._name = NameLabel("", "heading")
        self._extent = ElidedLabel("", "small")
        self.pages = MenuButton(theme, hint=self.tr("Choose what is sent"))
        self.find_field = FindField(theme)
        self._before = IconButton(theme, "chevron-up", self.tr("Previous place (Shift+F3)"))
        self._next = IconButton(theme, "chevron-down", self.tr("Next place (F3)"))
        stack(
            back,
            self._name,
            (self._extent, 1),
            self.pages,
            self.find_field,
            self._before,
            self._next,
            margins=(GAP, GAP, GAP_SECTION, GAP),
            across=True,
            on=self,
        )
        self.back_requested: SignalInstance = back.clicked
        self.step_back: SignalInstance = self._before.clicked
        self.step_on: SignalInstance = self._next.clicked
        self.pages.hide()
        self.be_narrow(False)

    def show_file(self, name: str, extent: str) -> None:
        """Show the name of a file, and what of it is shown."""
        self._name.show_text(show_invisible(name))
        self._extent.show_text(extent)

    def be_narrow(self, shall: bool) -> None:
        """Leave out what has no room in a narrow window."""
        self._extent.setVisible(True)
        self._extent.setMaximumWidth(0 if shall else 16_777_215)
        self.find_field.setFixedWidth(self._theme.px(_NARROW_FIELD_PX if shall else _FIELD_PX))
        for each in (self._before, self._next):
            each.setVisible(not shall)


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


_BAR = QSize(72, 6)
_HINTS_FROM_PX = 860


class _Bar(QWidget):
    """A thin bar that is full to a share from 0 to 1; more than 1 is too much."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_share(self, share: float) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_BAR.width()), _BAR.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        if self._share > 0:
            painter.setBrush(self._theme.color("internet" if self._share > 1 else "accent"))
            wide = max(3.0, self.width() * min(1.0, self._share))
            painter.drawRoundedRect(QRectF(0, 0, wide, self.height()), 2, 2)


class PreviewFoot(QWidget):
    """The line, with Cancel and the button that takes what is chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, "footer")
        self._bar = _Bar(theme)
        self._chosen = PlainLabel("", "strong")
        self._extent = ElidedLabel("")
        self._hints = QWidget()
        cancel = self._cancel = button(self.tr("Cancel"))
        self.pictures = button("")
        self.pictures.hide()
        self._use = button("", "filled", fill="accent")
        hints = stack(across=True, on=self._hints)
        for key, words in ((self.tr("Space"), self.tr("choose")), (self.tr("Esc"), self.tr("back"))):
            hints.addWidget(_key(key))
            hints.addWidget(PlainLabel(words, "tiny"))
            hints.addSpacing(GAP)
        self._row = stack(
            self._bar,
            GAP // 2,
            self._chosen,
            (self._extent, 1),
            self._hints,
            cancel,
            self.pictures,
            self._use,
            margins=(GAP_SECTION + 4, GAP_WIDE, GAP_SECTION, GAP_WIDE),
            across=True,
            on=self,
        )
        self.cancelled: SignalInstance = cancel.clicked
        self.used: SignalInstance = self._use.clicked
        self._has_pages = True
        self._long = self._short = ""
        self.show_share(None)

    def say(self, chosen: str, extent: str, use: str, *, short: str = "", can_use: bool, has_pages: bool) -> None:
        """Show what is chosen, how long that is, and what the button says. `short`: the extent where room is short."""
        self._chosen.setText(chosen)
        self._long, self._short = extent, short or extent
        self._use.setText(use)
        self._use.setEnabled(can_use)
        self._has_pages = has_pages
        self.setAccessibleName(f"{chosen} {extent}")
        self.make_room(self.width())

    def say_pictures(self, words: str, *, can_send: bool, is_all: bool) -> None:
        """Set what the button for pictures of the pages does; `is_all`: there is no text beside them to be used."""
        self.pictures.setText(words if is_all else self.tr("As pictures"))
        self.pictures.setToolTip(words)
        self.pictures.setAccessibleName(words)
        self.pictures.setEnabled(can_send)
        self._use.setVisible(not is_all)

    def show_share(self, share: float | None) -> None:
        """Show which share of what the model can hold this would take; None where that is not known."""
        self._bar.setVisible(share is not None)
        self._bar.show_share(share or 0.0)

    def make_room(self, width: int) -> None:
        """Leave out the hints where there is no room for them, or the words beside them would be cut."""
        margins = self._row.contentsMargins()
        parts = (self._bar, self._chosen, self._cancel, self.pictures, self._use)
        taken = sum(part.sizeHint().width() + GAP for part in parts if not part.isHidden())
        room = width - taken - margins.left() - margins.right() - GAP
        long = self._extent.fontMetrics().horizontalAdvance(self._long) + GAP
        self._extent.show_text(self._long if long <= room else self._short)
        has_hints = long + self._hints.sizeHint().width() + GAP <= room and width >= self._theme.px(_HINTS_FROM_PX)
        self._hints.setVisible(self._has_pages and has_hints)


def _key(words: str) -> PlainLabel:
    label = PlainLabel(words, "key")
    label.setFixedHeight(18 + RADIUS // 4)
    return label
