"""The presenter of the page *Where did my words go*; made, and its module loaded, when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog

from desktop.core.repository import StoreError
from desktop.core.trust.export import as_csv, as_json
from desktop.core.trust.ledger import EntryFilter
from desktop.runtime.background import Task, gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.keeping import LedgerKeeper
from desktop.ui.errors import ErrorText, describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import fill

if TYPE_CHECKING:
    from desktop.ui.trust.page import LedgerPage

_MOST = 500  # rows that are shown
_ALL = 1_000_000


class LedgerPresenter(QObject):
    """The owner of the page of the ledger."""

    came_in_front = Signal()

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        chat: Chat,
        keeper: LedgerKeeper,
        kept_days: int,
        show_problem: Callable[[ErrorText], None],
    ) -> None:
        """`kept_days`: after so many, entries go. `show_problem` is told when entries cannot be kept."""
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._keeper = keeper
        self._kept_days = kept_days
        self._show_problem = show_problem
        self._page: LedgerPage | None = None
        self._reading: Task | None = None
        keeper.failed.connect(self._on_not_kept)

    @property
    def page(self) -> LedgerPage:
        """The page, made when it is first asked for."""
        if self._page is None:
            from desktop.ui.trust.page import LedgerPage

            page = self._page = LedgerPage(self._theme, self._kept_days)
            page.narrowed.connect(lambda _: self._read())
            page.back.clicked.connect(self._stack.show_home)
            page.conversation_wanted.connect(self._open)
            page.csv_wanted.connect(lambda: self._choose_file("csv"))
            page.json_wanted.connect(lambda: self._choose_file("json"))
            page.clear_wanted.connect(self._ask_to_clear)
            self._theme.changed.connect(self._read)
        return self._page

    def show(self, conversation: str = "") -> None:
        """Show the page; with the id of a conversation, what was sent from there alone."""
        page = self.page
        page.clear.setVisible(self._keeper.may_clear)
        current = conversation or (self._chat.current.id if self._chat.is_stored else "")
        page.set_conversation(current, is_chosen=bool(conversation))
        self._read()
        self._stack.show_page(page)
        page.tree.setFocus()
        self.came_in_front.emit()

    def show_current(self) -> None:
        """Show what was sent from the conversation that is shown."""
        self.show(self._chat.current.id if self._chat.is_stored else "")

    def take_escape(self) -> bool:
        """Leave the page. Return False if it is not shown."""
        if not self._stack.is_in_front(self._page):
            return False
        self._stack.show_home()
        return True

    def _titles(self) -> dict[str, str]:
        return {each.id: each.title for each in self._chat.conversations}

    def _filter(self) -> EntryFilter:
        chosen, titles = self.page.entry_filter, self._titles()
        text = chosen.text.casefold()
        titled = [identity for identity, title in titles.items() if text and text in title.casefold()]
        return replace(chosen, titled=tuple(titled[:_MOST]))

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._show_found()

    @gui_task
    async def _show_found(self) -> None:
        page, titles = self.page, self._titles()
        try:
            entries, counts = await self._keeper.read(self._filter(), _MOST)
        except StoreError as error:
            page.show_trouble(describe_store(error).sentence)
        else:
            page.show_entries(entries, titles, is_cut=len(entries) == _MOST)
            page.show_counts(counts)

    def _choose_file(self, ending: str) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.tr("Where my words went")
        names = self.tr("Tables (*.csv)") if ending == "csv" else self.tr("JSON (*.json)")
        proposed = str(Path(folder) / f"{name}.{ending}")
        path, _ = QFileDialog.getSaveFileName(self.page, self.tr("Export"), proposed, names)
        if path:
            self.export(Path(path), ending)

    @gui_task
    async def export(self, path: Path, ending: str) -> None:
        """Write all entries that fit to a file, as `csv` or `json`."""
        titles = self._titles()
        as_text = as_csv if ending == "csv" else as_json
        try:
            await self._keeper.export(self._filter(), _ALL, path, lambda entries: as_text(entries, titles))
        except StoreError as error:
            self.page.show_note(describe_store(error).sentence)
        else:
            self.page.show_note(fill(self.tr("Exported to %1"), str(path)))

    def _ask_to_clear(self) -> None:
        undone = self.tr(
            "This cannot be undone. Conversations stay as they are, and what was sent stays where it went."
        )
        box = QuestionBox(self.page, self.tr("Clear the record of where your words went?"), undone, warns=True)
        box.offer(self.tr("Clear"), lambda: self._clear(), destroys=True)
        box.ask(self.tr("Cancel"))

    def _on_not_kept(self, error: Exception) -> None:
        told = describe_store(error if isinstance(error, StoreError) else StoreError("other"))
        title = self.tr("Where your words go is not recorded")
        self._show_problem(replace(told, title=title, actions=()))

    @gui_task
    async def _clear(self) -> None:
        try:
            await self._keeper.clear()
        except StoreError as error:
            self.page.show_note(describe_store(error).sentence)
        else:
            self._read()

    def _open(self, conversation: str) -> None:
        self._chat.open(conversation)
        self._stack.show_home()
