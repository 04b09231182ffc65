"""The page "Which model": three proposals, what is installed or on its way, all others folded, and what is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.connection import ConnectionKind
from desktop.core.errors import BackendError
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.choosing import Tier
from desktop.core.models.keeping import REGISTRY, Download, DownloadState, registry_of
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice, ModelTrial
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.downloads import Downloads
from desktop.ui.errors import describe
from desktop.ui.inputs.plain_paste import FilesPlace
from desktop.ui.look.stylesheet import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.models import words
from desktop.ui.models.menu import ModelCard, VerdictLine
from desktop.ui.models.offers import WELL, ModelDeed, ModelOffers, Offer
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.buttons import FoldButton, PressableRow, button, open_menu
from desktop.ui.widgets.form import FilterField
from desktop.ui.widgets.labels import NameLabel, Paragraph, PlaceBadge, PlainLabel, ThinBar, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, drop, stack
from desktop.ui.widgets.page import CenteredPage, PageStack
from desktop.ui.words import fill, say, say_each, size

_log = logging.getLogger(__name__)

_WIDEST_PX = 860
_MOST_ROWS = 40  # at once; the rest on demand
_MOST_CARDS = 3  # beside each other


_BUTTONS, _IN_MENU = list(ModelDeed)[:6], list(ModelDeed)[6:]


class ModelTile(PressableRow):
    """A model in a row, pressed to be used or to have all on it shown; or a card with its tier."""

    wanted = Signal(object)  # a ModelDeed

    def __init__(self, theme: Theme, offer: Offer, *, is_card: bool) -> None:
        super().__init__(offer.title, "card" if is_card else "modelrow")
        self._is_card = is_card
        self._title = NameLabel("", "strong")
        self._badge = PlaceBadge(theme, parent=self)
        self._in_use = PlainLabel(self.tr("In use"), "small accent")
        self._about = PlainLabel("", "small", wraps=True)  # the model, or how it comes
        self._verdict = VerdictLine()
        self._bar = ThinBar()
        self._reason = PlainLabel("", "small", wraps=True)
        self._size = PlainLabel("", "small", parent=self)
        self._tier = PlainLabel("", "small", parent=self)
        self._best = PlainLabel(self.tr("best for this computer"), "small accent", parent=self)
        looks = {ModelDeed.CANCEL: "quiet", ModelDeed.DISMISS: "quiet", ModelDeed.USE: "" if is_card else "link"}
        self.buttons = {deed: button("", looks.get(deed, ""), partial(self.wanted.emit, deed)) for deed in _BUTTONS}
        self.more = IconButton(theme, "more", "", token="muted", do=self._open_menu)
        self.pressed.connect(self._press)
        told = (self._about, self._verdict, self._bar, self._reason)
        deeds = [*self.buttons.values(), self.more]
        if is_card:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            head = stack(self._tier, None, self._best, across=True)
            foot = stack(self._in_use, None, *deeds, across=True)
            parts, margins = (head, self._title, *told, GAP_TIGHT, None, foot), (GAP_SECTION, *(GAP_WIDE,) * 3)
            self.column = stack(*parts, gap=GAP_TIGHT, margins=margins, on=self)
        else:
            head = stack(self._title, self._badge, self._in_use, None, across=True)
            line = stack((stack(head, *told, gap=GAP_TIGHT), 1), self._size, *deeds, across=True)
            self.column = stack(line, margins=(GAP_SECTION, GAP, GAP, GAP), on=self)
        self._tier.setVisible(is_card)
        self._best.setVisible(is_card)
        self.show_offer(offer)

    def show_tier(self, tier: Tier, *, is_best: bool) -> None:
        """Show the tier of a card; the best of the three stands out, with the page's one filled button."""
        self._tier.setText(say_each("models.tier", tier))
        self._best.setVisible(is_best)
        set_look(self, "card best" if is_best else "card")
        set_look(self.buttons[ModelDeed.GET], *(("filled", "accent") if is_best else ("",)))

    def show_offer(self, offer: Offer) -> None:
        """Show how the model stands now; the keyboard stays in the row, whatever can be pressed then."""
        self.offer = offer
        download, deeds = offer.download, offer.deeds
        is_coming = download is not None and download.state is not DownloadState.DONE
        focused = next((each for each in (*self.buttons.values(), self.more) if each.hasFocus()), None)
        self._title.show_text(offer.title)
        self._badge.setVisible(offer.place is not None and not self._is_card)
        if offer.place is not None:
            self._badge.show_place(offer.place)
        self._in_use.setVisible(offer.is_in_use)
        self._verdict.setVisible(not is_coming and offer.judgement is not None)
        if offer.judgement is not None:
            self._verdict.show_judgement(offer.judgement)
        self._about.tell(words.download_line(download) if download is not None and is_coming else offer.about)
        self._reason.tell(words.failure_line(download) if download is not None else "")
        self._bar.setVisible(is_coming)
        if download is not None:
            self._bar.show_share(words.share_of(download))
        is_sized = bool(offer.size) and not (self._is_card or is_coming or ModelDeed.GET in deeds)
        self._size.tell(size(offer.size or 0) if is_sized else "")
        get = fill(self.tr("Download %1"), size(offer.size)) if offer.size else self.tr("Get it through Ollama")
        leave = words.dismissal(download) if download is not None else ""
        own = {ModelDeed.GET: get, ModelDeed.DISMISS: leave}
        for deed, each in self.buttons.items():
            each.setText(own[deed] if deed in own else say_each("models.deed", deed))
            each.setVisible(deed in deeds)
            each.setAccessibleName(f"{each.text()}: {offer.title}")
        self.more.setVisible(self._is_card or offer.place is not None)  # any other row is pressed for what is known
        self.more.setAccessibleName(fill(self.tr("More on %1"), offer.title))
        set_tooltip(self.more, self.more.accessibleName())
        if focused is not None and focused.isHidden():
            self.take_focus()

    def take_focus(self) -> None:
        """Have the keyboard at what can be done next with the model."""
        last = self.more if self._is_card else self
        usable = (each for each in reversed(self.buttons.values()) if not each.isHidden() and each.isEnabled())
        next(usable, last).setFocus()

    def _open_menu(self) -> None:
        """Open a menu of what else can be done with the model."""
        offered = [deed for deed in _IN_MENU if deed in self.offer.deeds]
        open_menu(self.more, [(say_each("models.deed", deed), partial(self.wanted.emit, deed)) for deed in offered])

    def _press(self) -> None:
        first = [each for each in (ModelDeed.USE, ModelDeed.ABOUT) if each in self.offer.deeds]
        if first and not self._is_card:
            self.wanted.emit(first[0])

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and ModelDeed.DELETE in self.offer.deeds:
            self.wanted.emit(ModelDeed.DELETE)
        else:
            super().keyPressEvent(event)


class ModelList(QFrame):
    """Models under each other in a frame, or as cards. A model keeps its tile while it is offered."""

    wanted = Signal(object, object)  # a ModelDeed, an Offer

    def __init__(self, theme: Theme, *, are_cards: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._are_cards = are_cards
        self._most = _MOST_ROWS
        self._offers: Sequence[Offer] = ()
        self._placed: tuple[list[ModelTile], int] = ([], 0)
        self.tiles: dict[str, ModelTile] = {}
        self._more = button("", "quiet", self._show_all)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP_WIDE if are_cards else 0)
        stack(self._grid, self._more, gap=0, on=self)
        if not are_cards:
            set_look(self, "card")

    def show_offers(self, offers: Sequence[Offer], *, opened: str = "") -> None:
        """Show these, as many as there are at once, and the one of the name `opened` wherever it stands."""
        self._offers = offers
        shown = [each for at, each in enumerate(offers) if at < self._most or each.name == opened]
        drop(*(self.tiles.pop(name) for name in self.tiles.keys() - {each.name for each in shown}))
        for offer in shown:
            if offer.name not in self.tiles:
                self.tiles[offer.name] = tile = ModelTile(self._theme, offer, is_card=self._are_cards)
                tile.wanted.connect(lambda deed, tile=tile: self.wanted.emit(deed, tile.offer))
            self.tiles[offer.name].show_offer(offer)
        self.tiles = {offer.name: self.tiles[offer.name] for offer in shown}
        left = len(offers) - len(shown)
        self.place(self._placed[1] or 1)
        if not self._are_cards:
            for at, tile in enumerate(self.tiles.values()):  # the frame is round at the corners
                is_last = at == len(shown) - 1 and not left
                set_look(tile, f"modelrow{' first' * (at == 0)}{' last' * is_last}")
        self._more.setText(say("models.show_more", left))
        self._more.setVisible(bool(left))
        self.setVisible(bool(offers))

    def place(self, columns: int) -> None:
        """Have so many tiles beside each other."""
        tiles = list(self.tiles.values())
        if self._placed != (tiles, columns):
            for column in range(_MOST_CARDS):
                self._grid.setColumnStretch(column, int(column < columns))
            for at, tile in enumerate(tiles):
                self._grid.addWidget(tile, at // columns, at % columns)
                tile.show()
            self._placed = (tiles, columns)

    def _show_all(self) -> None:
        self._most = len(self._offers)
        self.show_offers(self._offers)


class ModelsPage(CenteredPage):
    """The page, which shows how all stands as long as it is in front."""

    lesson_wanted = Signal(str)  # what a term means, by the key of its lesson

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        chat: Chat,
        advice: ModelAdvice,
        downloads: Downloads,
        trial: ModelTrial,
        offers: ModelOffers,
        use: Callable[[ModelChoice], object],
    ) -> None:
        """`use` has a model answer from now on, and leads to the conversation."""
        super().__init__(theme, _WIDEST_PX)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._models = chat.services.models
        self._advice = advice
        self._downloads = downloads
        self._trial = trial
        self._offers = offers
        self._use = use
        self._is_first = False  # there is no model yet, and this is the first that the user sees
        self._opened = ""  # the name of the offer of which all is shown
        self._sought = ""  # the model of which all is wanted, until the catalogue has been read
        self._card: tuple[object, ModelCard] | None = None  # of what, and where
        self._make_parts()
        self._lay_out()
        self._connect()

    def _make_parts(self) -> None:
        theme = self._theme
        self.setAccessibleName(self.tr("Which model"))
        self.back = IconButton(
            theme, "chevron-left", self.tr("Back to the conversation (Esc)"), do=self._stack.show_home
        )
        self._title = PlainLabel("", "title", wraps=True)
        self._lead = Paragraph(
            self.tr(
                "A model is the file that answers you. It is downloaded once and then works without internet. These"
                " suit this computer."
            )
        )
        self._computer = PlainLabel("", "small", wraps=True)
        self.note = PlainLabel("", "warning", wraps=True)  # what keeps models from being got
        self.proposals = ModelList(theme, are_cards=True)
        self._ways = QWidget()  # to a model other than getting one
        self.files = FilesPlace(self, self.tr("the models"))
        self.installed = ModelList(theme)
        self._installed = PlainLabel("", "heading")
        self._installed_size = PlainLabel("", "small")
        self._all = QWidget()  # the models of the catalogue
        self.fold = FoldButton(theme, self.tr("More models"))
        self.fold.clicked.connect(lambda: self.show_all_models(self._all.isHidden()))
        self.search = FilterField(theme, self.tr("Find a model, or get one by its name"))
        self.filters: dict[str, QPushButton] = {}
        for name, shown in (
            ("fits", self.tr("Fits here")),
            ("thinks", self.tr("Thinks")),
            ("sees", self.tr("Sees pictures")),
            ("chinese", self.tr("Chinese")),
            ("any_use", self.tr("For any use")),
        ):
            self.filters[name] = made = button(shown, "filter")
            made.setCheckable(True)
            made.toggled.connect(self._show_all)
        self.import_file = button(self.tr("Import a file…"), "link")
        self.engine = button(self.tr("Built-in engine…"), "link")
        self.catalogue = ModelList(theme)
        self._nothing = PlainLabel(self.tr("No other model of the list is like that."), "small", wraps=True)
        self._as_of = PlainLabel("", "small")

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(choices, last_at_right=2)
        for each in (*self.filters.values(), self.engine, self.import_file):
            flow.addWidget(each)
        self._all.hide()
        stack(self.search, choices, self.catalogue, self._nothing, self._as_of, on=self._all)
        self._card_below = stack(self.proposals)
        head = stack(self._installed, self._installed_size, None, across=True)
        for part in (
            stack(self.back, (self._title, 1), across=True),
            stack(self._lead),
            stack(self._computer),
            stack(self.note),
            stack(self._card_below, self._ways),
            stack(head, self.installed),
            stack(stack(self.fold, None, across=True), self._all, gap=GAP_TIGHT),
        ):
            self.column.addLayout(part)

    def _connect(self) -> None:
        for changed in (self._models.changed, self._advice.changed, self._downloads.changed, self.search.textChanged):
            changed.connect(lambda *_: self._show_all())
        self._downloads.progressed.connect(self._show_progress)
        self._trial.ended.connect(self._on_measured)
        for models in (self.proposals, self.installed, self.catalogue):
            models.wanted.connect(self._do)

    # How it is opened

    def open(self) -> None:
        """Show the page, and look at this computer anew: its memory is not as free as it was."""
        self._opened = ""
        self._stack.show_page(self, self.find_with)
        self._begin()
        self.back.setFocus()

    def open_at(self, name: str) -> None:
        """Show the page with all that is known of a model of the catalogue, as soon as that has been read."""
        self._sought = name
        self.open()

    def open_first(self, ways: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Show the page because Ollama has no model yet, with other ways to one.

        While one is being got, whoever has left the page stays where they are.
        """
        was_in_front = self._stack.is_in_front(self)
        if self._downloads.items and not was_in_front:
            return
        self._is_first = True
        for earlier in self._ways.findChildren(QPushButton):
            earlier.deleteLater()
        flow = self._ways.layout() or FlowLayout(self._ways)
        for shown, do in ways:
            way = button(shown, "link", do)
            flow.addWidget(way)
            way.show()  # at once: it may be pressed before the layout is done
        self._stack.show_unasked(self)
        self._begin(from_top=not was_in_front)

    def find_with(self, letters: str) -> None:
        """Go on in the field that finds models with what is typed anywhere on the page."""
        self.show_all_models(True)
        self.search.setFocus()
        self.search.insert(letters)
        self._bring_into_sight(self.search)

    def show_all_models(self, shall: bool) -> None:
        """Show all models, or fold them away."""
        self._all.setVisible(shall)
        self.fold.show_state(is_open=shall)

    def _begin(self, *, from_top: bool = True) -> None:
        self._advice.look()
        self._show_all()
        if from_top:
            self.verticalScrollBar().setValue(0)

    # What is shown

    @property
    def tiles(self) -> dict[str, ModelTile]:
        """What is shown of each model, by the names of their offers."""
        return {**self.catalogue.tiles, **self.installed.tiles, **self.proposals.tiles}

    def _show_all(self) -> None:
        if self._stack.is_in_front(self):
            with self._keeping_focus():
                self._show_head()
                self._show_models()

    @contextmanager
    def _keeping_focus(self) -> Iterator[None]:
        """Have the keyboard stay at the same model, and the page where it is, while models come, go and move."""
        tile, at = QApplication.focusWidget(), self.verticalScrollBar().value()
        while tile is not None and not isinstance(tile, ModelTile):
            tile = tile.parentWidget()
        yield
        if tile is not None and self.tiles.get(tile.offer.name) is not tile:
            same = [each for each in self.tiles.values() if each.offer.title == tile.offer.title]
            same[0].take_focus() if same else self.back.setFocus()
            self.verticalScrollBar().setValue(at)

    def _show_head(self) -> None:
        self._is_first = self._is_first and self._chat.choice is None
        first = self.tr("Ollama is ready, but has no model yet")
        self._title.setText(first if self._is_first else self.tr("Which model"))
        self._lead.setVisible(self._is_first)
        self._ways.setVisible(self._is_first)
        if self._trial.running is not None:
            said = self.tr("Measuring…")
        elif self._advice.is_known:
            said = words.computer_line(self._advice.computer)
        else:
            said = self.tr("Looking at this computer…")
        self._computer.setText(said)
        self.note.tell(self._offers.why_not())
        self.engine.setVisible(any(each.connection.kind is ConnectionKind.BUILT_IN for each in self._models.listings))

    def _show_models(self) -> None:
        proposals = self._offers.proposals()
        cards = [offer for _, offer in proposals]
        installed = self._offers.installed(cards)
        if self._sought and (row := self._advice.catalogue.find_row(self._sought)) is not None:
            self._sought = ""
            self._opened = next((each.name for each in (*cards, *installed) if each.row is row), row.name)
            self.show_all_models(not self._all.isHidden() or self._opened == row.name)
        filters = [name for name, each in self.filters.items() if each.isChecked()]
        others = self._offers.others((*cards, *installed), self.search.text(), filters, self._opened)
        opened = next((each for each in (*cards, *installed, *others) if each.name == self._opened), None)
        if opened is None or opened.download is not None:
            self._opened, opened = "", None
        self.show_proposals(cards, [each.tier for each, _ in proposals])
        self.installed.show_offers(installed, opened=self._opened)
        is_part = any(each.place is not None for each in cards)
        self._installed.setText(self.tr("Also installed") if is_part else self.tr("Installed"))
        on_disk = self._offers.size_on_disk
        self._installed_size.setText(fill(self.tr("%1 on this computer"), size(on_disk)) if on_disk else "")
        for each in (self._installed, self._installed_size):
            each.setVisible(bool(installed))
        self.catalogue.show_offers(others, opened=self._opened)
        self._nothing.setVisible(not others)
        self._as_of.setText(self._dated())
        if others and self.search.hasFocus():
            first = self.catalogue.tiles[others[0].name]
            QTimer.singleShot(0, first, lambda: self._bring_into_sight(first))
        self._show_card(opened)

    def show_proposals(self, offers: Sequence[Offer], tiers: Sequence[Tier]) -> None:
        """Show the proposals beside each other; the one that suits most stands out, of those that run well."""
        suiting = [
            (tier is not Tier.GOOD, offer.name)
            for offer, tier in zip(offers, tiers, strict=True)
            if offer.judgement is not None and offer.judgement.verdict in WELL
        ]
        best = min(suiting)[1] if suiting else ""
        self.proposals.show_offers(offers)
        for offer, tier in zip(offers, tiers, strict=True):
            self.proposals.tiles[offer.name].show_tier(tier, is_best=offer.name == best)
        self._fit_proposals()

    def _dated(self) -> str:
        day = self._advice.catalogue.as_of
        if day is None:
            return ""
        month = QLocale().toString(QDate(day.year, day.month, day.day), self.tr("MMMM yyyy"))
        return fill(self.tr("as of %1"), month)

    def _show_card(self, offer: Offer | None) -> None:
        """Show all that is known of a model below it, or below the proposals; None: of none."""
        facts = None
        if offer is not None:
            facts = (self._advice.facts_of(offer.choice) if offer.choice is not None else None) or offer.row
        place: QBoxLayout | None = None
        if offer is not None and facts is not None:
            place = self._card_below if offer.name in self.proposals.tiles else self.tiles[offer.name].column
        content = (facts, offer.judgement, place) if offer is not None else None
        earlier = self._card
        if earlier is not None and earlier[0] == content:
            return
        if earlier is not None:
            self._card = None
            drop(earlier[1])
        if facts is not None and place is not None and offer is not None:
            learn = self.lesson_wanted.emit
            card = ModelCard(self._theme, facts, offer.judgement, QLocale().name(), learn)
            place.addWidget(card)
            card.show()
            self._card = (content, card)
            if earlier is None or earlier[1].accessibleName() != card.accessibleName():
                QTimer.singleShot(0, card, lambda: self._bring_into_sight(card))

    def _show_progress(self, download: Download) -> None:
        for tile in self.tiles.values():
            if tile.offer.download is not None and tile.offer.choice == download.choice:
                tile.show_offer(replace(tile.offer, download=download))

    def _bring_into_sight(self, widget: QWidget) -> None:
        self.ensureWidgetVisible(widget, 0, GAP)

    def _fit_proposals(self) -> None:
        """Have as many proposals beside each other as have room for their words."""
        needed = max((each.minimumSizeHint().width() for each in self.proposals.tiles.values()), default=1) + GAP_WIDE
        room = min(self.viewport().width() - 2 * GAP_PAGE, self._theme.px(_WIDEST_PX)) + GAP_WIDE
        self.proposals.place(max(1, min(_MOST_CARDS, room // needed)))

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
                self._use(choice)
            case ModelDeed.MEASURE, _:
                self._trial.start_trial(choice)
                self._show_all()
            case ModelDeed.UNLOAD, _:
                self._change(self._downloads.unload(choice))
            case ModelDeed.DELETE, _ if offer.model is not None:
                self._ask_to_delete(choice, offer.model)

    def _get(self, offer: Offer) -> None:
        ollama, row = self._offers.ollama, offer.row
        if ollama is None:
            return
        choice = ModelChoice(ollama.connection.id, row.name if row is not None else offer.title)
        expected, version = (row.size, row.min_ollama) if row is not None else (None, "")
        self._opened = ""
        self._downloads.start_download(choice, expected, version)
        if row is None:
            self.search.clear()

    def _cancel(self, choice: ModelChoice) -> None:
        known = self._downloads.find(choice)
        self._downloads.cancel(choice)
        if known is not None and known.leaves_behind:
            self.note.tell(self.tr("What had come is removed from the disk when Ollama starts the next time."))

    def _on_measured(self, choice: ModelChoice, failure: Failure | None) -> None:
        self._show_all()
        if failure is not None:
            self.note.tell(describe(failure).sentence)

    def _ask_to_delete(self, choice: ModelChoice, model: ModelInfo) -> None:
        freed = fill(self.tr("That frees %1."), size(model.size_on_disk)) if model.size_on_disk else ""
        if (other := self._advice.other_name_of(choice)) is not None:
            freed = fill(self.tr("Hardly any room becomes free: %1 has the same weights."), other)
        # Ollama does not tell where a model is from, but names do.
        if choice.connection_id == BUILT_IN_ID:
            again = self.tr("The file that it is a copy of is not touched.")
        elif self._advice.is_listed(choice.model) or registry_of(choice.model) != REGISTRY:
            again = self.tr("It can be got again.")
        else:
            again = self.tr("If it was made or imported there, it cannot be got again.")
        said = " ".join(filter(None, (freed, again, self.tr("Your conversations stay."))))
        box = QuestionBox(self, fill(self.tr("Delete %1 from this server?"), model.title), said)
        box.offer(self.tr("Delete"), lambda: self._change(self._downloads.delete(choice)), destroys=True)
        box.ask(self.tr("Keep"))

    @gui_task
    async def _change(self, change: Coroutine[Any, Any, None]) -> None:
        try:
            await change
        except BackendError as error:
            _log.warning("a model could not be changed at its server", exc_info=error)
            self.note.tell(describe(error.as_failure()).sentence)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_proposals()
