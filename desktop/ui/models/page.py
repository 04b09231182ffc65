"""The page "Which model": three proposals, what is there, what is being got, and the catalogue. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.models.facts import ModelFacts
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_WIDE
from desktop.ui.models.first import FirstWays
from desktop.ui.models.rows import CatalogueRowWidget
from desktop.ui.widgets.file_drop import FilesPlace
from desktop.ui.widgets.filter_field import FilterField
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import say

_WIDEST_PX = 980
_DETAILS_PX = 328
_TWO_COLUMNS_PX = 860
_THREE_CARDS_PX = 700
_MOST_ROWS = 40  # at once; the rest on demand


class _List(QFrame):
    """Rows under each other in a frame, of which at first only so many are made."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._more = QPushButton()
        set_look(self._more, "quiet")
        self._more.clicked.connect(self._show_all)
        self._waiting: list[Callable[[], QWidget]] = []

    def show_rows(self, make: Sequence[Callable[[], QWidget]], more: Callable[[int], str]) -> None:
        """Show the rows that `make` makes; `more` words the button for those that are not made yet."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self._more:
                widget.hide()
                widget.deleteLater()
        for each in make[:_MOST_ROWS]:
            row = each()
            self._column.addWidget(row)
            row.show()  # at once: one of them may be given the keyboard
        self._waiting = list(make[_MOST_ROWS:])
        self._more.setText(more(len(self._waiting)))
        self._more.setVisible(bool(self._waiting))
        self._column.addWidget(self._more)
        self.setVisible(bool(make))

    def _show_all(self) -> None:
        self._column.removeWidget(self._more)
        for each in self._waiting:
            self._column.addWidget(each())
        self._waiting = []
        self._more.hide()


class ModelsPage(CenteredPage):
    """A page told what to show; emits how the catalogue is to be narrowed down."""

    narrowed = Signal()
    row_chosen = Signal(object)  # ModelFacts

    def __init__(self, theme: Theme, first: FirstWays, parent: QWidget | None = None) -> None:
        """Lay out the page. `first` is shown where there is no model yet."""
        super().__init__(theme, _WIDEST_PX, parent=parent)
        self._theme = theme
        self.first = first
        self._title = PlainLabel(self.tr("Which model"), "title", wraps=True)
        self._lead = Paragraph(
            self.tr(
                "A model is the file that answers you. It is downloaded once and then works without internet. These"
                " suit this computer."
            )
        )
        self.setAccessibleName(self.tr("Which model"))
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self.measure = QPushButton(self.tr("Measure the speed"))
        set_look(self.measure, "link")
        self._computer = PlainLabel("", "small", wraps=True)
        self.note = PlainLabel("", "warning", wraps=True)
        self.note.hide()
        self._proposals = QHBoxLayout()
        self._proposals.setSpacing(GAP_WIDE)
        self._installed_size = PlainLabel("", "small")
        self.import_file = QPushButton(self.tr("Import a file…"))
        set_look(self.import_file, "link")
        self.engine = QPushButton(self.tr("Built-in engine…"))
        set_look(self.engine, "link")
        self.files = FilesPlace(self, self.tr("the models"))
        self.installed = _List()
        self.downloads = _List()
        self._as_of = PlainLabel("", "small")
        self.search = FilterField(theme, self.tr("Find a model, or get one by its name"))
        self.filters = {
            name: self._filter(words)
            for name, words in (
                ("fits", self.tr("Fits here")),
                ("thinks", self.tr("Thinks")),
                ("sees", self.tr("Sees pictures")),
                ("chinese", self.tr("Chinese")),
                ("any_use", self.tr("For any use")),
            )
        }
        self.by_name = _List()
        self.catalogue = _List()
        self._details = QVBoxLayout()
        self._is_chosen = False
        self._nothing = PlainLabel(self.tr("No model of the list is like that."), "small")
        self._lay_out()
        self.search.textChanged.connect(self._narrow)

    def _filter(self, words: str) -> QPushButton:
        button = QPushButton(words)
        button.setCheckable(True)
        set_look(button, "filter")
        button.toggled.connect(self._narrow)
        return button

    def _narrow(self) -> None:
        self.narrowed.emit()
        if not self.by_name.isHidden():
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.by_name, 0, GAP))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        self.column.addLayout(head)
        self.column.addWidget(self._lead)
        about = QHBoxLayout()
        about.addWidget(self._computer, 1)
        about.addWidget(self.measure)
        self.column.addLayout(about)
        self.column.addWidget(self.note)
        self.column.addLayout(self._proposals)
        self.column.addWidget(self.first)
        lists = QVBoxLayout()
        lists.setSpacing(GAP)
        lists.addLayout(self._heading(self.tr("Installed"), self._installed_size, self.engine, self.import_file))
        lists.addWidget(self.installed)
        lists.addWidget(self.downloads)
        lists.addSpacing(GAP_SECTION)
        lists.addLayout(self._heading(self.tr("All models"), self._as_of))
        lists.addWidget(self.search)
        choices = QWidget()
        flow = FlowLayout(choices)
        for button in self.filters.values():
            flow.addWidget(button)
        lists.addWidget(choices)
        lists.addWidget(self.by_name)
        lists.addWidget(self.catalogue)
        lists.addWidget(self._nothing)
        lists.addStretch(1)
        side = QWidget()
        side.setMaximumWidth(self._theme.px(_DETAILS_PX))
        self._details.setContentsMargins(0, 0, 0, 0)
        side.setLayout(self._details)
        self._side = side
        self._body = QHBoxLayout()
        self._body.setSpacing(GAP_SECTION)
        self._body.addLayout(lists, 3)
        self._body.addWidget(side, 2, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(self._body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        is_wide = self.width() >= self._theme.px(_TWO_COLUMNS_PX)
        self._body.setDirection(way.LeftToRight if is_wide else way.BottomToTop)
        self._side.setVisible(is_wide or self._is_chosen)
        self._side.setMaximumWidth(self._theme.px(_DETAILS_PX if is_wide else _WIDEST_PX))
        beside = self.width() >= self._theme.px(_THREE_CARDS_PX)
        self._proposals.setDirection(way.LeftToRight if beside else way.TopToBottom)

    def _heading(self, words: str, beside: QWidget, *at_end: QWidget) -> FlowLayout:
        row = FlowLayout(last_at_right=len(at_end))
        for each in (PlainLabel(words, "heading"), beside, *at_end):
            row.addWidget(each)
        return row

    def find_with(self, letters: str) -> None:
        """Go on in the field that finds models with what is typed anywhere on the page."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.insert(letters)
        self.ensureWidgetVisible(self.search)

    def show_first(self, is_first: bool) -> None:
        """Show that there is no model yet, or that there is one."""
        self._title.setText(self.tr("Ollama is ready, but has no model yet") if is_first else self.tr("Which model"))
        self._lead.setVisible(is_first)
        self.first.setVisible(is_first)

    def show_computer(self, words: str) -> None:
        """Say what was found out about this computer."""
        self._computer.setText(words)

    def show_note(self, words: str) -> None:
        """Say what keeps models from being got; empty: nothing does."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    @contextmanager
    def keeping_focus(self) -> Iterator[None]:
        """Have the keyboard stay at the same model, and the page where it is, while rows are made anew."""
        focused, at = QApplication.focusWidget(), self.verticalScrollBar().value()
        yield
        if focused is not None and self.isAncestorOf(focused) and not focused.isVisibleTo(self):
            self._focus_on(focused.accessibleName())
            self.verticalScrollBar().setValue(at)

    def _focus_on(self, name: str) -> None:
        """Focus what is called so, or else what there is of the same model, or the way back."""
        model = name.rpartition(": ")[2]
        there = [each for each in self.findChildren(QWidget) if each.isVisibleTo(self) and each.isEnabled()]
        stops = [each for each in there if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        same = [each for each in stops if name and each.accessibleName() == name]
        same += [each for each in stops if model and each.accessibleName().rpartition(": ")[2] == model]
        (same[0] if same else self.back).setFocus()

    def show_proposals(self, cards: Sequence[QWidget]) -> None:
        """Show the proposals side by side."""
        while self._proposals.count():
            item = self._proposals.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for card in cards:
            self._proposals.addWidget(card, 1)
            card.show()

    def show_installed(self, make: Sequence[Callable[[], QWidget]], words: str) -> None:
        """Show what is there; `words` say how much that is."""
        self.installed.show_rows(make, self._more_words)
        self._installed_size.setText(words)

    def show_downloads(self, make: Sequence[Callable[[], QWidget]]) -> None:
        """Show what is being got."""
        self.downloads.show_rows(make, self._more_words)

    def show_by_name(self, make: Sequence[Callable[[], QWidget]]) -> None:
        """Show the model whose name stands in the field that finds models, and that the list lacks; or nothing."""
        self.by_name.show_rows(make, self._more_words)

    def show_catalogue(self, make: Sequence[Callable[[], CatalogueRowWidget]], as_of: str) -> None:
        """Show the rows of the catalogue that are wanted."""
        self.catalogue.show_rows([self._connected(each) for each in make], self._more_words)
        self._as_of.setText(as_of)
        self._nothing.setVisible(not make)

    def show_details(self, card: QWidget | None) -> None:
        """Show what is known of one model, at the right."""
        while self._details.count():
            item = self._details.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if card is not None:
            self._details.addWidget(card)
            card.show()

    def _connected(self, make: Callable[[], CatalogueRowWidget]) -> Callable[[], QWidget]:
        def made() -> QWidget:
            widget = make()
            widget.pressed.connect(lambda: self.choose(widget.row))
            return widget

        return made

    def choose(self, row: ModelFacts) -> None:
        """Have the card of a row shown, and bring it into sight."""
        self.row_chosen.emit(row)
        self._is_chosen = True
        if self.width() < self._theme.px(_TWO_COLUMNS_PX):
            self._side.show()  # in one column it stands over the lists, where only a chosen one may push them down
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._side, 0, 0))

    def _more_words(self, count: int) -> str:
        return say("models.show_more", count)
