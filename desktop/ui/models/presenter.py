"""The presenter of the page "Which model": what is proposed, installed, on its way, and what is done with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QLocale, QObject, Signal

from desktop.core.connection import ConnectionKind
from desktop.core.errors import BackendError
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.choosing import Tier
from desktop.core.models.download import Download
from desktop.core.models.keeping import REGISTRY, registry_of
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice, ModelTrial
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.downloads import Downloads, Keepers
from desktop.ui.errors import describe
from desktop.ui.look.theme import Theme
from desktop.ui.models.offers import WELL, ModelDeed, ModelOffers, Offer
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import fill, size

if TYPE_CHECKING:
    from desktop.ui.models.page import ModelsPage

_log = logging.getLogger(__name__)


class ModelsPresenter(QObject):
    """The owner of the page; made, and its modules loaded, when it is first wanted."""

    came_in_front = Signal()
    look_again_wanted = Signal()
    connection_wanted = Signal()
    file_wanted = Signal()  # to be opened
    starter_wanted = Signal()
    import_wanted = Signal()  # of a file that is still to be picked
    files_given = Signal(object)  # the paths of those that are to be imported
    engine_wanted = Signal()
    lesson_wanted = Signal(str)  # what a term means, by the key of its lesson

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        chat: Chat,
        advice: ModelAdvice,
        downloads: Downloads,
        keepers: Keepers,
        trial: ModelTrial,
        use: Callable[[ModelChoice], None],
        is_copy: Callable[[str], bool],
    ) -> None:
        """`use` has a model answer from now on.

        `is_copy` returns True for a model of the built-in engine that may be deleted, since it is a copy.
        """
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._models = chat.services.models
        self._advice = advice
        self._downloads = downloads
        self._keepers = keepers
        self._trial = trial
        self._use = use
        self.offers = ModelOffers(chat, advice, downloads, is_copy)
        self._page: ModelsPage | None = None
        self._is_first = False  # there is no model yet, and this is the first that the user sees
        self._opened = ""  # the name of the offer of which all is shown
        self._sought = ""  # the model of which all is wanted, until the catalogue has been read
        advice.changed.connect(self._show_all)
        chat.services.models.changed.connect(self._show_all)
        downloads.changed.connect(self._show_all)
        downloads.progressed.connect(self._show_progress)
        trial.ended.connect(self._on_measured)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    @property
    def is_first_in_front(self) -> bool:
        """True if the page stands there because there is no model yet."""
        return self._is_first and self.is_in_front

    @property
    def is_waited_at(self) -> bool:
        """True if the user waits on the page for a model to be there; one that is got here is offered when it is."""
        return self.is_first_in_front and not self._downloads.items

    def take_escape(self) -> bool:
        """Leave the page. Return False if it is not shown."""
        if not self.is_in_front:
            return False
        self._stack.show_home()
        return True

    def show_first(self, *, can_open_files: bool, can_use_starter: bool) -> None:
        """Show the page because Ollama has no model yet, with other ways to one.

        While one is being got, whoever has left the page stays where they are.
        """
        if self._downloads.items and not self.is_in_front:
            return
        self._is_first = True
        page, was_in_front = self._made_page(), self.is_in_front
        ways: list[tuple[str, Callable[[], object]]] = [
            (self.tr("Look again"), self.look_again_wanted.emit),
            (self.tr("Connect to our server"), self.connection_wanted.emit),
        ]
        if can_open_files:
            ways.append((self.tr("Open a model file"), self.file_wanted.emit))
        if can_use_starter:
            ways.append((self.tr("Use the small starter model for now"), self.starter_wanted.emit))
        page.show_ways(ways)
        self._stack.show_unasked(page)
        self._bring_up_to_date(page, from_top=not was_in_front)

    def show(self) -> None:
        """Show the page, and look at this computer anew: its memory is not as free as it was."""
        page = self._made_page()
        self._opened = ""
        page.close_card()
        self._stack.show_page(page, page.find_with)
        self._bring_up_to_date(page)
        page.back.setFocus()

    def show_row(self, name: str) -> None:
        """Show the page with all that is known of a model of the catalogue, as soon as that has been read."""
        self._sought = name
        self.show()

    def _bring_up_to_date(self, page: ModelsPage, *, from_top: bool = True) -> None:
        self._advice.look()
        self._show_all()
        if from_top:
            page.verticalScrollBar().setValue(0)
        self.came_in_front.emit()

    def _made_page(self) -> ModelsPage:
        """Return the page, made now if it is wanted for the first time."""
        from desktop.ui.models.page import ModelsPage

        if self._page is None:
            self._page = page = ModelsPage(self._theme)
            page.engine.clicked.connect(lambda: self.engine_wanted.emit())
            page.import_file.clicked.connect(lambda: self.import_wanted.emit())
            page.files.given.connect(lambda given: self.files_given.emit(given.paths))
            page.back.clicked.connect(self._stack.show_home)
            page.narrowed.connect(self._show_all)
            page.wanted.connect(self._do)
        return self._page

    # What is shown

    def _show_all(self) -> None:
        page = self._page
        if page is None or not self.is_in_front:
            return
        with page.keeping_focus():
            self._is_first = self._is_first and self._chat.current.settings.choice is None
            page.show_first(self._is_first)
            self._show_computer(page)
            self._show_models(page)

    def _show_computer(self, page: ModelsPage) -> None:
        from desktop.ui.models.words import computer_line

        words = computer_line(self._advice.computer)
        if self._trial.running is not None:
            words = self.tr("Measuring…")
        elif not self._advice.is_known:
            words = self.tr("Looking at this computer…")
        page.show_computer(words, self.offers.why_not())
        page.engine.setVisible(any(each.connection.kind is ConnectionKind.BUILT_IN for each in self._models.listings))

    def _show_models(self, page: ModelsPage) -> None:
        proposals = self.offers.proposals()
        cards = [offer for _, offer in proposals]
        well = [(each.tier is not Tier.GOOD, offer.name) for each, offer in proposals if each.judgement.verdict in WELL]
        installed = self.offers.installed(cards)
        if self._sought and (row := self._advice.catalogue.find_row(self._sought)) is not None:
            self._sought = ""
            self._opened = next((each.name for each in (*cards, *installed) if each.row is row), row.name)
            page.show_all_models(page.is_unfolded or self._opened == row.name)
        others = self.offers.others((*cards, *installed), page.search.text(), page.filters_on, self._opened)
        opened = next((each for each in (*cards, *installed, *others) if each.name == self._opened), None)
        if opened is None or opened.download is not None:
            self._opened, opened = "", None
            page.close_card()
        page.show_proposals(cards, [each.tier for each, _ in proposals], min(well)[1] if well else "")
        on_disk = self.offers.size_on_disk
        taken = fill(self.tr("%1 on this computer"), size(on_disk)) if on_disk else ""
        page.show_installed(installed, taken, self._opened)
        day, dated = self._advice.catalogue.as_of, ""
        if day is not None:
            month = QLocale().toString(QDate(day.year, day.month, day.day), self.tr("MMMM yyyy"))
            dated = fill(self.tr("as of %1"), month)
        page.show_catalogue(others, dated, self._opened)
        if opened is not None:
            self._show_card(page, opened)

    def _show_card(self, page: ModelsPage, offer: Offer) -> None:
        from desktop.ui.models.about import ModelCard

        facts = self._advice.facts_of(offer.choice) if offer.choice is not None else None
        facts = facts or offer.row
        if facts is None:
            page.close_card()
            return
        language, learn = QLocale().name(), self.lesson_wanted.emit
        card = partial(ModelCard, self._theme, facts, offer.judgement, language, learn)
        page.show_card(offer.name, (facts, offer.judgement), card)

    def _show_progress(self, download: Download) -> None:
        if self._page is not None and self.is_in_front:
            for tile in self._page.tiles.values():
                if tile.offer.download is not None and tile.offer.choice == download.choice:
                    tile.show_offer(replace(tile.offer, download=download))

    # What the user does

    def _do(self, deed: ModelDeed, offer: Offer) -> None:
        """Do what is asked for at a model."""
        choice = offer.choice
        match deed, choice:
            case ModelDeed.ABOUT, _:
                self._opened = "" if self._opened == offer.name else offer.name
                self._show_all()
            case ModelDeed.GET, _:
                self._get(offer)
            case _, None:
                pass
            case ModelDeed.PAUSE, _:
                self._downloads.pause(choice)
            case ModelDeed.RESUME, _:
                self._downloads.resume(choice)
            case ModelDeed.CANCEL, _:
                self._cancel(choice)
            case ModelDeed.DISMISS, _:
                self._downloads.dismiss(choice)
            case ModelDeed.USE, _:
                self.use_and_return(choice)
            case ModelDeed.MEASURE, _:
                self._trial.start_trial(choice)
                self._show_all()
            case ModelDeed.UNLOAD, _:
                self._change(self._keepers.unload(choice))
            case ModelDeed.DELETE, _ if offer.model is not None:
                self._ask_to_delete(choice, offer.model)

    def _get(self, offer: Offer) -> None:
        ollama, row = self.offers.ollama, offer.row
        if ollama is None or self._page is None:
            return
        choice = ModelChoice(ollama.connection.id, row.name if row is not None else offer.title)
        expected, version = (row.size, row.min_ollama) if row is not None else (None, "")
        self._opened = ""
        self._downloads.start_download(choice, expected, version)
        if row is None:
            self._page.search.clear()

    def use_and_return(self, choice: ModelChoice) -> None:
        """Have a model answer from now on, and lead to the conversation."""
        self._downloads.dismiss(choice)
        self._use(choice)
        self._stack.show_home()

    def _cancel(self, choice: ModelChoice) -> None:
        known = self._downloads.find(choice)
        self._downloads.cancel(choice)
        if known is not None and known.leaves_behind and self._page is not None:
            self._page.show_note(self.tr("What had come is removed from the disk when Ollama starts the next time."))

    def _on_measured(self, choice: ModelChoice, failure: Failure | None) -> None:
        self._show_all()
        if failure is not None and self._page is not None:
            self._page.show_note(describe(failure).sentence)

    def _ask_to_delete(self, choice: ModelChoice, model: ModelInfo) -> None:
        assert self._page is not None
        said = [self._freed_by(choice, model), self._got_again(choice), self.tr("Your conversations stay.")]
        asked = fill(self.tr("Delete %1 from this server?"), model.title)
        box = QuestionBox(self._page, asked, " ".join(filter(None, said)))
        box.offer(self.tr("Delete"), lambda: self._change(self._keepers.delete(choice)), destroys=True)
        box.ask(self.tr("Keep"))

    def _freed_by(self, choice: ModelChoice, model: ModelInfo) -> str:
        """Return how much room becomes free: hardly any where another name stands for the same weights."""
        if (other := self._advice.other_name_of(choice)) is not None:
            return fill(self.tr("Hardly any room becomes free: %1 has the same weights."), other)
        return fill(self.tr("That frees %1."), size(model.size_on_disk)) if model.size_on_disk else ""

    def _got_again(self, choice: ModelChoice) -> str:
        """Return if the model can be got once more. Ollama does not tell where one is from, but names do."""
        if choice.connection_id == BUILT_IN_ID:
            return self.tr("The file that it is a copy of is not touched.")
        if self._advice.is_listed(choice.model) or registry_of(choice.model) != REGISTRY:
            return self.tr("It can be got again.")
        return self.tr("If it was made or imported there, it cannot be got again.")

    @gui_task
    async def _change(self, change: Coroutine[Any, Any, None]) -> None:
        try:
            await change
        except BackendError as error:
            _log.warning("a model could not be changed at its server", exc_info=error)
            if self._page is not None:
                self._page.show_note(describe(error.as_failure()).sentence)
