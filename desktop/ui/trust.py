"""The page *Where did my words go*: counts by place, what narrows down, a row for each entry, and what is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QSignalBlocker, QSize, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.errors import StoreError
from desktop.core.models.place import shown_name as name_of_model
from desktop.core.place import PlaceKind
from desktop.core.request import Errand
from desktop.core.trust import WITH_WORDS, Count, Ending, Entry, EntryFilter, Purpose, as_csv, as_json
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.background import Task, gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.keeping import LedgerKeeper
from desktop.ui.errors import describe_store
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import ChoiceBox
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, place_dot
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.page import CenteredPage, PageStack
from desktop.ui.words import clauses, duration, fill, number, place_word, plain_tooltip, say, say_each, size


def protection_words(entry: Entry) -> str:
    """Return how an exchange was protected on its way, or why nothing was sent."""
    match entry.ending:
        case Ending.LOCKED:
            return say("trust.not_sent_offline_lock")
        case Ending.FORBIDDEN:
            return say("trust.not_sent_not_allowed_on_this")
        case Ending.ELSEWHERE:
            return say("trust.not_sent_leads_further_away")
    if entry.purpose.errand is Errand.LOGIN:
        return say("trust.encrypted_by", by="SSH")
    if entry.peer.certificate:
        by = show_invisible(entry.peer.issuer)
        return say("trust.encrypted_by", by=by) if by else say("trust.encrypted")
    if entry.peer.address in ("127.0.0.1", "::1"):
        return say("trust.not_needed")
    return say("trust.not_encrypted")


def moment(at: float, now: float) -> tuple[str, str]:
    """Return a day and a time in words: "Today" and "10:42", else with the date."""
    then, today = QDateTime.fromMSecsSinceEpoch(int(at * 1000)), QDateTime.fromMSecsSinceEpoch(int(now * 1000))
    match then.date().daysTo(today.date()):
        case 0:
            day = say("trust.today")
        case 1:
            day = say("trust.yesterday")
        case _:
            day = QLocale().toString(then.date(), QLocale.FormatType.ShortFormat)
    return day, QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)


def details(entry: Entry, now: float) -> list[tuple[str, str]]:
    """Return what is known of an entry beside its row: names and values. `now` in seconds since 1970."""
    peer, purpose = entry.peer, entry.purpose
    found = [(say("trust.how_it_was_protected"), protection_words(entry))]
    if purpose.run:
        went = say("trust.times_with_words", entry.requests), say("trust.files", purpose.files), size(entry.sent)
        found.append((say("trust.what_went"), clauses(went)))
    elif purpose.messages:
        found.append((say("trust.what_went"), clauses((_went(purpose), size(entry.sent)))))
        if along := _went_along(purpose):
            found.append((say("trust.along_with_it"), along))
    where = show_invisible(entry.host)
    if peer.address:
        where = say("trust.at_the_address_port", where=where, address=peer.address, port=str(peer.port))
    if entry.is_through_proxy:
        where = say("trust.through_your_networks_proxy", where=where)
    found.append((say("trust.to"), where))
    if purpose.asked_at:
        asked = say("trust.you_were_asked_if_your_words", moment=clauses(moment(purpose.asked_at, now)))
        found.append((say("trust.agreed"), asked))
    if purpose.model:
        found.append((say("trust.model"), shown_model(purpose.model)))
    if peer.certificate:
        found.append((say("trust.certificate_sha_256"), peer.certificate))
    match entry.ending:
        case Ending.DONE:
            end = say("trust.came_in", received=size(entry.received), seconds=duration(entry.seconds))
        case Ending.BROKEN:
            end = say("trust.broke_off_or_was_stopped_after", seconds=duration(entry.seconds))
        case Ending.OPEN:
            end = say("trust.not_ended_or_candor_ended_first")
        case Ending.LOCKED | Ending.FORBIDDEN | Ending.ELSEWHERE:
            return found
    found.append((say("trust.came_back"), end))
    return found


def amount_sent(entry: Entry) -> str:
    """Return how much was sent: words as far as they were counted, else bytes."""
    purpose = entry.purpose
    words = purpose.words + purpose.earlier_words + purpose.instruction_words
    return say("trust.words", words) if words and entry.sent else size(entry.sent)


def shown_model(name: str) -> str:
    """Return the name of a model, of a file without its folders."""
    return show_invisible(name_of_model(name))


def _went(purpose: Purpose) -> str:
    """Return what went: how many words, as far as they were counted, and how many files."""
    files = say("trust.files", purpose.files) if purpose.files else ""
    is_counted = purpose.words or purpose.earlier_words or purpose.instruction_words
    if not is_counted or purpose.errand is Errand.TITLE:
        return clauses((say("trust.messages", purpose.messages), files))
    return clauses((say("trust.your_message", purpose.words), files or say("trust.no_file")))


def _went_along(purpose: Purpose) -> str:
    """Return what went along with a message, as far as it was counted; empty for nothing."""
    found = []
    if purpose.earlier_words:
        words = say("trust.words", purpose.earlier_words)
        found.append(say("trust.earlier_messages", purpose.messages - 1, words=words))
    if purpose.instruction_words:
        found.append(say("trust.your_instructions", purpose.instruction_words))
    return clauses(found)


def without_words(count: Count) -> str:
    """Return what went to a kind of place without words of the user's; empty for nothing."""
    downloads = say("trust.downloads", count.downloads) if count.downloads else ""
    return clauses((downloads, say("trust.requests_without_words", count.others) if count.others else ""))


_DAY = 86_400.0
_PAUSE_MS = 150  # after a letter
_LONGEST_QUERY = 200  # letters
_WIDEST_PX = 1100
_SEARCH_PX = 220
_LEAST_PX = 190  # of the table's height: its head and three rows
_WHEN, _WHAT, _WHERE, _SENT = range(4)
_ROW_PX, _DETAIL_PX = 48, 26
_MOST_FOR_PLACE = 0.3  # of the width
_MOST = 500  # rows that are shown
_ALL = 1_000_000
_ENTRY = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LedgerPage(CenteredPage):
    """The page; what is older than `kept_days` is not kept."""

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        chat: Chat,
        keeper: LedgerKeeper,
        kept_days: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(theme, _WIDEST_PX, fills=True)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._keeper = keeper
        self._kept_days = kept_days
        self._clock = clock
        self._conversation = ""
        self._reading: Task | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._read)
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self.export_button = button(self.tr("Export…"))
        menu = QMenu(self.export_button)
        menu.addAction(self.tr("As a table (CSV)")).triggered.connect(lambda: self._choose_file("csv"))
        menu.addAction(self.tr("For a program (JSON)")).triggered.connect(lambda: self._choose_file("json"))
        self.export_button.setMenu(menu)
        self.clear = button(self.tr("Clear…"), do=self._ask_to_clear)
        self.here = self._switch(self.tr("This conversation"))
        self.with_lists = self._switch(self.tr("Show lists and tests"))
        kinds = [(kind.value, place_word(kind)) for kind in PlaceKind]
        self.places = self._choice(self.tr("Place"), [("", self.tr("Any place")), *kinds])
        spans = [(30, self.tr("Last 30 days")), (7, self.tr("Last 7 days")), (1, self.tr("Last 24 hours"))]
        self.span = self._choice(self.tr("Since when"), [*spans, (0, fill(self.tr("All %1 days"), number(kept_days)))])
        self.search = QLineEdit()
        self.search.setMaxLength(_LONGEST_QUERY)
        self.search.setPlaceholderText(self.tr("Host or conversation"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.tree = EntryTree(theme, clock)
        self.nothing = PlainLabel("", "small", wraps=True)
        self.note = PlainLabel("", "small", wraps=True)
        self.counts = {kind: _PlaceCount(theme, kind) for kind in PlaceKind}
        self._lay_out()
        self.back.clicked.connect(lambda: stack.show_home())
        self.tree.opened.connect(self._open)
        self.search.textChanged.connect(lambda _: self._pause.start())
        theme.changed.connect(self._fit)
        theme.changed.connect(self._pause.start)

    def open(self, conversation: str = "") -> None:
        """Show the page; with the id of a conversation, what was sent from there alone."""
        self.clear.setVisible(self._keeper.may_clear)
        current = conversation or (self._chat.current.id if self._chat.is_stored else "")
        self.set_conversation(current, is_chosen=bool(conversation))
        self._read()
        self._stack.show_page(self)
        self.tree.setFocus()

    def open_current(self) -> None:
        """Show what was sent from the conversation that is shown."""
        self.open(self._chat.current.id if self._chat.is_stored else "")

    def set_conversation(self, conversation: str, *, is_chosen: bool) -> None:
        """Offer the entries of one conversation, and show only these where it `is_chosen`."""
        self._conversation = conversation
        self.here.setEnabled(bool(conversation))
        with QSignalBlocker(self.here):
            self.here.setChecked(is_chosen and bool(conversation))

    def show_entries(self, entries: Sequence[Entry], titles: Mapping[str, str], *, is_cut: bool) -> None:
        """Show these; `is_cut`: there are more, which are older."""
        self.tree.show_entries(entries, titles)
        self._show_nothing("" if entries else self.tr("Nothing was sent, as far as this is narrowed down."))
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

    def _show_nothing(self, words: str) -> None:
        """Show a sentence in the place of entries, or the entries."""
        self.nothing.tell(words)
        self.tree.setVisible(not words)

    def _switch(self, words: str) -> QPushButton:
        made = button(words, "filter")
        made.setCheckable(True)
        made.toggled.connect(lambda _: self._pause.start())
        return made

    def _choice(self, name: str, offers: Sequence[tuple[object, str]]) -> ChoiceBox:
        box = ChoiceBox(self._theme)
        box.setAccessibleName(name)
        for value, words in offers:
            box.add_choice(words, value)
        box.currentIndexChanged.connect(lambda _: self._pause.start())
        return box

    def _lay_out(self) -> None:
        title = ElidedLabel(self.tr("Where did my words go"), "title")
        card, chosen = QFrame(), QWidget()
        set_look(card, "card")
        counted, bar = FlowLayout(card, GAP_SECTION), FlowLayout(chosen, GAP)
        counted.setContentsMargins(GAP_SECTION, GAP, GAP_SECTION, GAP)
        for widget in self.counts.values():
            counted.addWidget(widget)
        for each in (self.search, self.here, self.places, self.span, self.with_lists):
            bar.addWidget(each)
        self.column.setSpacing(GAP)
        head = FlowLayout(last_at_right=2)
        for part in (self.back, title, self.export_button, self.clear):
            head.addWidget(part)
        self.column.addLayout(head)
        self.column.addWidget(card)
        self.column.addWidget(chosen)
        self.column.addWidget(self.tree, 1)
        self.column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self.note)
        self._fit()

    def _fit(self) -> None:
        self.search.setFixedWidth(self._theme.px(_SEARCH_PX))
        self.tree.setMinimumHeight(self._theme.px(_LEAST_PX))

    # What is read, written and erased

    def _titles(self) -> dict[str, str]:
        return {each.id: each.title for each in self._chat.conversations}

    def _filter(self) -> EntryFilter:
        """Return what is chosen now; the text counts in the titles of conversations, too."""
        days, text = self.span.currentData() or 0, self.search.text().strip()
        words, titles = text.casefold(), self._titles()
        titled = [identity for identity, title in titles.items() if words and words in title.casefold()]
        return EntryFilter(
            conversation=self._conversation if self.here.isChecked() else "",
            since=self._clock() - days * _DAY if days else 0.0,
            place=self.places.currentData() or "",
            text=text,
            with_lists=self.with_lists.isChecked(),
            titled=tuple(titled[:_MOST]),
        )

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._show_found()

    @gui_task
    async def _show_found(self) -> None:
        titles = self._titles()
        try:
            entries, counts = await self._keeper.read(self._filter(), _MOST)
        except StoreError as error:
            self._show_nothing(describe_store(error).sentence)
        else:
            self.show_entries(entries, titles, is_cut=len(entries) == _MOST)
            self.show_counts(counts)

    def _choose_file(self, ending: str) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.tr("Where my words went")
        names = self.tr("Tables (*.csv)") if ending == "csv" else self.tr("JSON (*.json)")
        proposed = str(Path(folder) / f"{name}.{ending}")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), proposed, names)
        if path:
            self.export(Path(path), ending)

    @gui_task
    async def export(self, path: Path, ending: str) -> None:
        """Write all entries that fit to a file, as `csv` or `json`."""
        as_text = partial(as_csv if ending == "csv" else as_json, titles=self._titles())
        try:
            await self._keeper.export(self._filter(), _ALL, path, as_text)
        except StoreError as error:
            self.note.setText(describe_store(error).sentence)
        else:
            self.note.setText(fill(self.tr("Exported to %1"), str(path)))

    def _ask_to_clear(self) -> None:
        undone = self.tr(
            "This cannot be undone. Conversations stay as they are, and what was sent stays where it went."
        )
        box = QuestionBox(self, self.tr("Clear the record of where your words went?"), undone, warns=True)
        box.offer(self.tr("Clear"), self._clear, destroys=True)
        box.ask(self.tr("Cancel"))

    @gui_task
    async def _clear(self) -> None:
        try:
            await self._keeper.clear()
        except StoreError as error:
            self.note.setText(describe_store(error).sentence)
        else:
            self._read()

    def _open(self, conversation: str) -> None:
        self._chat.open(conversation)
        self._stack.show_home()


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
        above = stack(self._number, (self._times, 1), across=True)
        below = stack(self._dot, (self._where, 1), across=True)
        stack(above, below, self._others, gap=GAP_TIGHT, on=self)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def words(self) -> str:
        """What it says."""
        said = f"{self._number.text()} {self._times.text()}, {self._where.text()}"
        return clauses((said, self._others.text()))

    def show_count(self, count: Count) -> None:
        """Show how often, and to how many servers."""
        times, is_told = number(count.times), self._kind is not PlaceKind.THIS_COMPUTER and count.hosts > 0
        self._number.setText(times)
        self._times.setText(say("trust.times_with_words", count.times).replace(times, "").strip())
        servers = say("trust.servers", count.hosts) if is_told else ""
        self._where.setText(clauses((place_word(self._kind), servers)))
        self._others.tell(without_words(count))
        self.updateGeometry()

    def _draw(self) -> None:
        self._dot.setPixmap(place_dot(self._theme, self._kind, self.devicePixelRatioF()))


class EntryTree(QTreeWidget):
    """A table told which entries to show. → opens a row, ← closes it, Ctrl+C copies it."""

    opened = Signal(str)  # the id of the conversation of the row on which Enter was pressed

    def __init__(self, theme: Theme, clock: Callable[[], float]) -> None:
        super().__init__()
        self._theme = theme
        self._clock = clock
        self._titles: Mapping[str, str] = {}
        set_look(self, "ledger")
        self.setHeaderLabels([self.tr("When"), self.tr("What"), self.tr("Where"), self.tr("Sent")])
        self.setAccessibleName(self.tr("What was sent"))
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(False)
        self.setAllColumnsShowFocus(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.header()
        head.setSectionsMovable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(False)
        self.headerItem().setTextAlignment(_SENT, _RIGHT)
        self.itemActivated.connect(lambda item, _: self._open(item))

    def show_entries(self, entries: Sequence[Entry], titles: Mapping[str, str]) -> None:
        """Show these, the newest first; `titles` are those of conversations, by their ids."""
        self._titles = titles
        self.clear()
        rows = [self._row(each) for each in entries]
        self.addTopLevelItems(rows)
        for row in rows:
            for line in row.takeChildren():
                row.addChild(line)
                line.setFirstColumnSpanned(True)  # which counts only in a tree
        self._fit()
        if (first := self.topLevelItem(0)) is not None:
            self.setCurrentItem(first)

    @property
    def current(self) -> Entry | None:
        """The entry of the current row."""
        item = self.currentItem()
        found = (item.parent() or item).data(_WHEN, _ENTRY) if item is not None else None
        return found if isinstance(found, Entry) else None

    def lines_of(self, entry: Entry) -> str:
        """Return an entry as lines of text, to be pasted elsewhere."""
        row = self._row(entry)
        words = [row.text(column).replace("\n", " · ") for column in range(self.columnCount())]
        return "\n".join(
            [" · ".join(filter(None, words)), *(f"{name}: {value}" for name, value in details(entry, self._clock()))]
        )

    def _row(self, entry: Entry) -> QTreeWidgetItem:
        purpose = entry.purpose
        errand = say("trust.each_file") if purpose.run else say_each("trust.errand_words", purpose.errand)
        about = self._about(purpose)
        was_sent = entry.ending not in (Ending.LOCKED, Ending.FORBIDDEN, Ending.ELSEWHERE)
        sent = amount_sent(entry) if was_sent else self.tr("Not sent")
        what = f"{errand}\n{about}" if about else errand
        where = "\n".join(filter(None, (place_word(entry.place.kind), show_invisible(entry.place.host))))
        cells = ["\n".join(moment(entry.at, self._clock())), what, where, sent]
        row = QTreeWidgetItem(cells)
        row.setData(_WHEN, _ENTRY, entry)
        row.setToolTip(_WHAT, plain_tooltip(what))
        row.setSizeHint(_WHAT, QSize(0, self._theme.px(_ROW_PX)))
        row.setForeground(_WHERE, QColor(self._theme.tokens.place(entry.place.kind)))
        row.setIcon(_WHERE, self._dot(entry.place.kind))
        font = self.font()
        font.setBold(not was_sent)
        row.setFont(_SENT, font)
        row.setTextAlignment(_SENT, _RIGHT)
        told = ", ".join(cell.replace("\n", ", ") for cell in cells)
        row.setData(_WHEN, Qt.ItemDataRole.AccessibleTextRole, told)
        for name, value in details(entry, self._clock()):
            line = QTreeWidgetItem(row, [fill(self.tr("%1: %2"), name, value)])
            line.setSizeHint(_WHEN, QSize(0, self._theme.px(_DETAIL_PX)))
            line.setForeground(_WHEN, QColor(self._theme.tokens.muted))
        return row

    def _dot(self, kind: PlaceKind) -> QIcon:
        """Return the dot of a place in its own size and colour, also in the current row."""
        drawing = place_dot(self._theme, kind, self.devicePixelRatioF())
        self.setIconSize(drawing.deviceIndependentSize().toSize())
        dot = QIcon(drawing)
        dot.addPixmap(drawing, QIcon.Mode.Selected)
        return dot

    def _about(self, purpose: Purpose) -> str:
        """Return what a request was about: the title of its conversation, else the model."""
        if purpose.conversation:
            return self._title(purpose.conversation)
        if purpose.errand in WITH_WORDS:
            return self.tr("Temporary conversation")
        return shown_model(purpose.model)

    def _title(self, conversation: str) -> str:
        title = self._titles.get(conversation)
        if title is None:
            return self.tr("A conversation that is not in your list")
        return show_invisible(title) or self.tr("New conversation")

    def _fit(self) -> None:
        """Give the place the room that it needs, before all else."""
        wanted = max(self.sizeHintForColumn(_WHERE), self.header().sectionSizeHint(_WHERE))
        self.header().resizeSection(_WHERE, min(wanted, int(self.width() * _MOST_FOR_PLACE)))

    def _open(self, item: QTreeWidgetItem) -> None:
        entry = (item.parent() or item).data(_WHEN, _ENTRY)
        if isinstance(entry, Entry) and entry.purpose.conversation in self._titles:
            self.opened.emit(entry.purpose.conversation)

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.current is not None:
            QGuiApplication.clipboard().setText(self.lines_of(self.current))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
