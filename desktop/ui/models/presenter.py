"""The presenter of the page "Which model": what is proposed, installed, on its way, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.connection import ConnectionKind
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.choosing import Proposal, Tier
from desktop.core.models.download import Download, DownloadState
from desktop.core.models.facts import ModelFacts
from desktop.core.models.fit import Judgement, ModelVerdict
from desktop.core.models.keeping import is_model_name, registry_of
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice, ModelTrial
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.directory import Listing
from desktop.runtime.models.downloads import Downloads, Keepers
from desktop.ui.errors import describe
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.page_stack import PageStack
from desktop.ui.words import fill, size

if TYPE_CHECKING:
    from desktop.ui.models.deeds import InstalledDeeds
    from desktop.ui.models.page import ModelsPage
    from desktop.ui.models.rows import DownloadRow, ModelDeed
    from desktop.ui.models.ways import WaysToAModel


class ModelsPresenter(QObject):
    """The owner of the page; made, and its modules loaded, when it is first wanted."""

    came_in_front = Signal()

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
        ways: WaysToAModel,
        is_copy: Callable[[str], bool],
    ) -> None:
        """`use` has a model answer from now on; `ways` lead to one where there is none yet.

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
        self._ways = ways
        self._is_copy = is_copy
        self._page: ModelsPage | None = None
        self._deeds: InstalledDeeds
        self._is_first = False  # there is no model yet, and this is the first that the user sees
        self._chosen: ModelFacts | None = None
        self._sought = ""  # the model whose card is wanted, until the catalogue has been read
        self._rows: dict[ModelChoice, DownloadRow] = {}
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
        self._stack.show_unasked(page)
        self._bring_up_to_date(page, from_top=not was_in_front)
        page.first.offer(can_open_files=can_open_files, can_use_starter=can_use_starter)

    def show(self) -> None:
        """Show the page, and look at this computer anew: its memory is not as free as it was."""
        page = self._made_page()
        self._stack.show_page(page, page.find_with)
        self._bring_up_to_date(page)
        page.back.setFocus()  # which stands at the top; the list of all models is further down

    def _bring_up_to_date(self, page: ModelsPage, *, from_top: bool = True) -> None:
        self._advice.look()
        self._show_all()
        if from_top:
            page.verticalScrollBar().setValue(0)
        self.came_in_front.emit()

    def _made_page(self) -> ModelsPage:
        """Return the page, made now if it is wanted for the first time."""
        from desktop.ui.models.deeds import InstalledDeeds
        from desktop.ui.models.first import FirstWays
        from desktop.ui.models.page import ModelsPage

        if self._page is None:
            self._page = page = ModelsPage(self._theme, FirstWays(self._ways))
            self._deeds = InstalledDeeds(
                page, self._keepers, self._advice, self.use_and_return, self._measure, page.show_note
            )
            page.engine.clicked.connect(lambda: self._ways.set_up_engine())
            page.import_file.clicked.connect(lambda: self._ways.pick_file())
            page.files.given.connect(lambda given: self._ways.take_files(given.paths))
            page.back.clicked.connect(self._stack.show_home)
            page.narrowed.connect(self._show_catalogue)
            page.row_chosen.connect(self._show_details)
            page.measure.clicked.connect(self._measure_candidate)
        return self._page

    def show_row(self, name: str) -> None:
        """Show the page with the card of a model of the catalogue, as soon as that has been read."""
        self._sought = name
        self.show()

    def _show_all(self) -> None:
        if self._page is None or not self.is_in_front:
            return
        with self._page.keeping_focus():
            self._show_parts(self._page)

    def _show_parts(self, page: ModelsPage) -> None:
        self._is_first = self._is_first and self._chat.current.settings.choice is None
        page.show_first(self._is_first)
        self._show_computer()
        engines = (each for each in self._models.listings if each.connection.kind is ConnectionKind.BUILT_IN)
        page.engine.setVisible(any(engines))
        self._show_proposals()
        self._show_installed()
        self._show_downloads()
        self._show_catalogue()
        sought = self._advice.catalogue.find_row(self._sought) if self._sought else None
        if sought is not None:
            self._sought = ""
            page.choose(sought)
            return
        proposals = self._advice.proposals(QLocale().name())
        best = next((each.row for each in proposals if each.tier is Tier.GOOD), None)
        shown = self._chosen or best or next(iter(self._advice.catalogue.rows), None)
        if shown is not None:
            self._show_card(shown)

    def _show_computer(self) -> None:
        from desktop.ui.models.words import computer_line

        assert self._page is not None
        known = self._advice.is_known
        self._page.show_computer(
            computer_line(self._advice.computer) if known else self.tr("Looking at this computer…")
        )
        self._page.measure.setVisible(self._trial.candidate is not None)
        is_measuring = self._trial.running is not None
        self._page.measure.setEnabled(not is_measuring)
        self._page.measure.setText(self.tr("Measuring…") if is_measuring else self.tr("Measure the speed"))
        self._page.show_note(self._why_not())

    def _show_proposals(self) -> None:
        from desktop.ui.models.cards import ProposalCard

        assert self._page is not None
        proposals = self._advice.proposals(QLocale().name())
        well = [
            each.tier for each in proposals if each.judgement.verdict in (ModelVerdict.RUNS_WELL, ModelVerdict.FITS)
        ]
        best = Tier.GOOD if Tier.GOOD in well else next(iter(well), None)
        cards: list[QWidget] = []
        for each in proposals:
            card = ProposalCard(
                self._theme, each, is_best=each.tier is best, state=self._state_of(each.row), why_not=self._why_not()
            )
            card.wanted.connect(lambda _=False, each=each: self._want(each))
            cards.append(card)
        self._page.show_proposals(cards)

    def _show_installed(self) -> None:
        assert self._page is not None
        found = [
            (listing, model) for listing in self._models.listings for model in listing.models or () if model.can_chat
        ]
        total = sum(model.size_on_disk or 0 for listing, model in found if listing.place_of(model.name).is_local)
        words = fill(self.tr("%1 on this computer"), size(total)) if total else ""
        self._page.show_installed([self._maker(listing, model) for listing, model in found], words)

    def _maker(self, listing: Listing, model: ModelInfo) -> Callable[[], QWidget]:
        choice = ModelChoice(listing.connection.id, model.name)
        is_kept = listing.connection.kind is ConnectionKind.OLLAMA and listing.runs_itself(model)
        is_engine = listing.connection.kind is ConnectionKind.BUILT_IN

        def make() -> QWidget:
            from desktop.ui.models.rows import InstalledRow

            return InstalledRow(
                self._theme,
                model.title,
                listing.place_of(model.name),
                self._advice.judgement_of(choice),
                model.size_on_disk,
                lambda deed: self._deeds.act(deed, choice, model),
                can_be_unloaded=is_kept,
                can_be_deleted=is_kept or (is_engine and self._is_copy(model.name)),
                is_in_use=choice == self._chat.current.settings.choice,
            )

        return make

    def _show_downloads(self) -> None:
        assert self._page is not None
        self._rows.clear()
        self._page.show_downloads([self._download_maker(each) for each in self._downloads.items])

    def _download_maker(self, download: Download) -> Callable[[], QWidget]:
        choice = download.choice

        def make() -> QWidget:
            from desktop.ui.models.rows import DownloadRow

            row = self._rows[choice] = DownloadRow(
                self._theme, self.title_of(choice), download, lambda deed: self._steer(deed, choice)
            )
            return row

        return make

    def _show_progress(self, download: Download) -> None:
        row = self._rows.get(download.choice)
        if row is not None and self.is_in_front:
            row.show_download(download)

    def _show_catalogue(self) -> None:
        from desktop.ui.models.narrowing import is_wanted
        from desktop.ui.models.rows import CatalogueRowWidget

        assert self._page is not None
        on = {name for name, button in self._page.filters.items() if button.isChecked()}
        words = self._page.search.text()

        def verdict_of(row: ModelFacts) -> ModelVerdict:
            return self._judgement(row).verdict

        wanted = [row for row in self._advice.catalogue.rows if is_wanted(row, words, on, verdict_of)]
        as_of, dated = self._advice.catalogue.as_of, ""
        if as_of is not None:
            day = QDate(as_of.year, as_of.month, as_of.day)
            dated = fill(self.tr("as of %1"), QLocale().toString(day, self.tr("MMMM yyyy")))

        def maker(row: ModelFacts) -> Callable[[], CatalogueRowWidget]:
            return lambda: CatalogueRowWidget(row, self._judgement(row))

        self._page.show_catalogue([maker(row) for row in wanted], dated)
        self._show_by_name(words.strip(), wanted)

    def _show_by_name(self, name: str, found: list[ModelFacts]) -> None:
        """Offer a model that the list lacks, where the words are a name; a single word may be meant to find some."""
        assert self._page is not None
        is_listed = any(row.name == name for row in found) or (bool(found) and not {"/", ":"} & set(name))
        is_there = any(
            model.name in (name, f"{name}:latest") for each in self._models.listings for model in each.models or ()
        )
        if not is_model_name(name) or is_listed or is_there or self._is_coming(name):
            self._page.show_by_name([])
            return

        def make() -> QWidget:
            from desktop.ui.models.rows import ByNameRow

            row = ByNameRow(name, registry_of(name), self._why_not(name))
            row.get.clicked.connect(lambda: self._get_by_name(name))
            return row

        self._page.show_by_name([make])

    def _judgement(self, row: ModelFacts) -> Judgement:
        return self._advice.judgement_of_row(row, QLocale().name())

    def _show_details(self, row: ModelFacts) -> None:
        self._chosen = row
        self._show_card(row)

    def _show_card(self, row: ModelFacts) -> None:
        from desktop.ui.models.card import ModelCard

        assert self._page is not None
        can_get = not self._why_not() and self._state_of(row) == ""
        card = ModelCard(self._theme, row, self._judgement(row), QLocale().name(), self._ways.learn, can_get=can_get)
        card.get_wanted.connect(lambda: self._get(row))
        self._page.show_details(card)

    # What the user does

    def _steer(self, deed: ModelDeed, choice: ModelChoice) -> None:
        """Do with a download what is asked for at its row."""
        match deed.value:
            case "pause":
                self._downloads.pause(choice)
            case "resume":
                self._downloads.resume(choice)
            case "cancel":
                self._cancel(choice)
            case "use":
                self._downloads.dismiss(choice)
                self.use_and_return(choice)
            case "dismiss":
                self._downloads.dismiss(choice)

    def _want(self, proposal: Proposal) -> None:
        there = self._choice_of(proposal.row)
        if there is not None:
            self.use_and_return(there)
        else:
            self._get(proposal.row)

    def _get(self, row: ModelFacts) -> None:
        ollama = self.ollama
        if ollama is not None:
            self._downloads.start_download(ModelChoice(ollama.connection.id, row.name), row.size, row.min_ollama)

    def _get_by_name(self, name: str) -> None:
        assert self._page is not None
        ollama = self.ollama
        if ollama is not None:
            self._downloads.start_download(ModelChoice(ollama.connection.id, name))
            self._page.search.clear()

    def use_and_return(self, choice: ModelChoice) -> None:
        """Have a model answer from now on, and lead to the conversation."""
        self._use(choice)
        self._stack.show_home()

    def _cancel(self, choice: ModelChoice) -> None:
        known = self._downloads.find(choice)
        self._downloads.cancel(choice)
        if known is not None and known.leaves_behind and self._page is not None:
            self._page.show_note(self.tr("What had come is removed from the disk when Ollama starts the next time."))

    def _measure_candidate(self) -> None:
        candidate = self._trial.candidate
        if candidate is not None:
            self._measure(candidate)

    def _measure(self, choice: ModelChoice) -> None:
        self._trial.start_trial(choice)
        self._show_computer()

    def _on_measured(self, choice: ModelChoice, failure: Failure | None) -> None:
        self._show_all()
        if failure is not None and self._page is not None:
            self._page.show_note(describe(failure).sentence)

    # What there is

    @property
    def ollama(self) -> Listing | None:
        """The server that gets models: an Ollama on this computer, else one nearby."""
        found = [
            each
            for each in self._models.listings
            if each.connection.kind is ConnectionKind.OLLAMA and each.models is not None
        ]
        return min(found, key=lambda each: not each.connection.server_place.is_local, default=None)

    def _why_not(self, name: str = "") -> str:
        """Return why a model of this name, or one of the list, cannot be got now; empty where it can."""
        if not self._downloads.is_allowed:
            return self.tr("Getting models is switched off on this computer by its administrator.")
        if self._models.is_offline:
            return self.tr("Candor's offline lock is set: no model is got from the internet until you take it off.")
        if (refused := self._downloads.refusal_of(name)) is not None:
            return describe(refused.as_failure()).sentence
        if self.ollama is None:
            return self.tr("Ollama fetches models, and none was found on this computer. Install it from ollama.com.")
        return ""

    def _choice_of(self, row: ModelFacts) -> ModelChoice | None:
        """Return the model of a server that a row is about; None where none has it."""
        for listing in self._models.listings:
            for model in listing.models or ():
                choice = ModelChoice(listing.connection.id, model.name)
                if self._advice.row_of(choice) is row:
                    return choice
        return None

    def _state_of(self, row: ModelFacts) -> str:
        there = self._choice_of(row)
        if there is not None:
            return "in use" if there == self._chat.current.settings.choice else "there"
        return "coming" if self._is_coming(row.name) else ""

    def _is_coming(self, name: str) -> bool:
        return any(each.choice.model == name and each.state is not DownloadState.DONE for each in self._downloads.items)

    def title_of(self, choice: ModelChoice) -> str:
        """Return the name of a model that may not be there yet."""
        known = self._advice.catalogue.find_row(choice.model) or self._models.find(choice)
        if known is not None:
            return known.title
        return Path(choice.model).stem if choice.connection_id == BUILT_IN_ID else choice.model
