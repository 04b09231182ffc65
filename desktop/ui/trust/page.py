"""The page *Where did my words go*: counts by place, what narrows down, the table, and the way out of it as a file.

It shows what it is told and emits what the user wants; reading and writing are the presenter's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.place import PlaceKind
from desktop.core.trust.ledger import Count, Entry, EntryFilter
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.trust.entry_tree import EntryTree
from desktop.ui.trust.words import hosts_words, times_words, without_words
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.widgets.place_badge import place_dot
from desktop.ui.words import clauses, fill, number, place_word

_DAY = 86_400.0
_PAUSE_MS = 150  # after a letter
_LONGEST_QUERY = 200  # letters
_WIDEST_PX = 1100
_SEARCH_PX = 220
_LEAST_PX = 190  # of the table's height: its head and three rows


class LedgerPage(CenteredPage):
    """A page told which entries there are; emits by what they are to be narrowed down."""

    narrowed = Signal(object)  # an EntryFilter, without the conversations that the text is in the titles of

    def __init__(
        self, theme: Theme, kept_days: int, clock: Callable[[], float] = time.time, parent: QWidget | None = None
    ) -> None:
        """`kept_days`: what is older is not kept."""
        super().__init__(theme, _WIDEST_PX, parent=parent, fills=True)
        self._theme = theme
        self._kept_days = kept_days
        self._clock = clock
        self._conversation = ""
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self.export = QPushButton(self.tr("Export…"))
        menu = QMenu(self.export)
        self.csv_wanted: SignalInstance = menu.addAction(self.tr("As a table (CSV)")).triggered
        self.json_wanted: SignalInstance = menu.addAction(self.tr("For a program (JSON)")).triggered
        self.export.setMenu(menu)
        self.clear = QPushButton(self.tr("Clear…"))
        self.clear_wanted: SignalInstance = self.clear.clicked
        self.here = QPushButton(self.tr("This conversation"))
        self.here.setCheckable(True)
        self.places = self._choice(
            self.tr("Place"),
            [("", self.tr("Any place")), *((kind.value, place_word(kind)) for kind in PlaceKind)],
        )
        spans = [(30, self.tr("Last 30 days")), (7, self.tr("Last 7 days")), (1, self.tr("Last 24 hours"))]
        self.span = self._choice(self.tr("Since when"), [*spans, (0, fill(self.tr("All %1 days"), number(kept_days)))])
        self.with_lists = QCheckBox(self.tr("Also lists of models on this computer"))
        self.search = QLineEdit()
        self.search.setMaxLength(_LONGEST_QUERY)
        self.search.setPlaceholderText(self.tr("Host or conversation"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.tree = EntryTree(theme, clock)
        self.conversation_wanted: SignalInstance = self.tree.opened  # its id
        self.nothing = PlainLabel("", "small", wraps=True)
        self.note = PlainLabel("", "small", wraps=True)
        self.counts = {kind: _PlaceCount(theme, kind) for kind in PlaceKind}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._lay_out()
        self._connect()

    @property
    def entry_filter(self) -> EntryFilter:
        """What is chosen now."""
        days = self.span.currentData() or 0
        return EntryFilter(
            conversation=self._conversation if self.here.isChecked() else "",
            since=self._clock() - days * _DAY if days else 0.0,
            place=self.places.currentData() or "",
            text=self.search.text().strip(),
            with_lists=self.with_lists.isChecked(),
        )

    def set_conversation(self, conversation: str, *, is_chosen: bool) -> None:
        """Offer the entries of one conversation, and show only these where it `is_chosen`."""
        self._conversation = conversation
        self.here.setEnabled(bool(conversation))
        self.here.setChecked(is_chosen and bool(conversation))

    def show_entries(self, entries: Sequence[Entry], titles: Mapping[str, str], *, is_cut: bool) -> None:
        """Show these; `is_cut`: there are more, which are older."""
        self.tree.show_entries(entries, titles)
        self.tree.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        self.nothing.setText("" if entries else self.tr("Nothing was sent, as far as this is narrowed down."))
        cut = fill(self.tr("Only the newest %1 are shown; an export has all."), number(len(entries)))
        kept = fill(
            self.tr(
                "Kept on this computer for %1 days: where words went and how many, not which ones. Titles stand here as"
                " long as their conversations are there."
            ),
            number(self._kept_days),
        )
        self.note.setText(f"{cut} {kept}" if is_cut else kept)

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show how often words went to each kind of place."""
        found = {each.place: each for each in counts}
        for kind, widget in self.counts.items():
            widget.show_count(found.get(kind.value, Count(kind.value, 0, 0)))

    def show_note(self, words: str) -> None:
        """Show below the table what became of what was asked for, until entries are shown again."""
        self.note.setText(words)

    def show_trouble(self, words: str) -> None:
        """Show a sentence in the place of entries."""
        self.tree.clear()
        self.tree.hide()
        self.nothing.setText(words)
        self.nothing.show()

    def _choice(self, name: str, offers: Sequence[tuple[object, str]]) -> ChoiceBox:
        box = ChoiceBox(self._theme)
        box.setAccessibleName(name)
        for value, words in offers:
            box.add_choice(words, value)
        return box

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.back)
        head.addWidget(PlainLabel(self.tr("Where did my words go"), "title", wraps=True), 1)
        head.addWidget(self.export)
        head.addWidget(self.clear)
        card = QFrame()
        set_look(card, "card")
        counted = FlowLayout(card, GAP_SECTION)
        counted.setContentsMargins(GAP_SECTION, GAP, GAP_SECTION, GAP)
        for widget in self.counts.values():
            counted.addWidget(widget)
        chosen = QWidget()
        bar = FlowLayout(chosen, GAP)
        bar.setContentsMargins(0, 0, 0, 0)
        for each in (self.search, self.here, self.places, self.span, self.with_lists):
            bar.addWidget(each)
        column = self.column
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(card)
        column.addWidget(chosen)
        column.addWidget(self.tree, 1)
        column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.note)
        self._fit()

    def _fit(self) -> None:
        self.search.setFixedWidth(self._theme.px(_SEARCH_PX))
        self.tree.setMinimumHeight(self._theme.px(_LEAST_PX))

    def _connect(self) -> None:
        self._theme.changed.connect(self._fit)
        self._pause.timeout.connect(self._narrow)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.here.toggled.connect(lambda _: self._pause.start())
        self.with_lists.toggled.connect(lambda _: self._pause.start())
        for box in (self.places, self.span):
            box.currentIndexChanged.connect(lambda _: self._pause.start())

    def _narrow(self) -> None:
        self.narrowed.emit(self.entry_filter)


class _PlaceCount(QWidget):
    """A count of the times that something went to one kind of place."""

    def __init__(self, theme: Theme, kind: PlaceKind) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._number = PlainLabel("", "heading")
        self._times = PlainLabel("", "small")
        self._dot = PlainLabel()
        self._where = PlainLabel("", "small")
        self._others = PlainLabel("", "small")
        above = QHBoxLayout()
        above.setSpacing(GAP)
        above.addWidget(self._number)
        above.addWidget(self._times, 1, Qt.AlignmentFlag.AlignBottom)
        below = QHBoxLayout()
        below.setSpacing(GAP)
        below.addWidget(self._dot)
        below.addWidget(self._where, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addLayout(above)
        column.addLayout(below)
        column.addWidget(self._others)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def words(self) -> str:
        """What it says."""
        said = f"{self._number.text()} {self._times.text()}, {self._where.text()}"
        return clauses((said, self._others.text()))

    def show_count(self, count: Count) -> None:
        """Show how often, and to how many servers."""
        words = place_word(self._kind)
        is_told = self._kind is not PlaceKind.THIS_COMPUTER and count.hosts > 0
        self._number.setText(number(count.times))
        self._times.setText(times_words(count.times).replace(number(count.times), "").strip())
        self._where.setText(clauses((words, hosts_words(count.hosts))) if is_told else words)
        self._others.setText(without_words(count))
        self.updateGeometry()

    def _draw(self) -> None:
        self._dot.setPixmap(place_dot(self._theme, self._kind, self.devicePixelRatioF()))
