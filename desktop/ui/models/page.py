"""The page "Which model": three proposals, what is installed or on its way; all other models are folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from desktop.core.models.choosing import Tier
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_TIGHT, GAP_WIDE
from desktop.ui.models.offers import Offer
from desktop.ui.models.rows import ModelTile
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.file_drop import FilesPlace
from desktop.ui.widgets.form_parts import FilterField
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import say

_WIDEST_PX = 860
_MOST_ROWS = 40  # at once; the rest on demand


class ModelList(QFrame):
    """Models under each other in a frame, or beside each other as cards. A model keeps its row while it is offered."""

    wanted = Signal(object, object)  # a ModelDeed, an Offer

    def __init__(self, theme: Theme, *, are_cards: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._are_cards = are_cards
        self._most = _MOST_ROWS
        self._offers: Sequence[Offer] = ()
        self.tiles: dict[str, ModelTile] = {}
        self._more = button("", "quiet", self._show_all)
        self.box = stack(gap=GAP_WIDE if are_cards else 0, across=are_cards)
        stack(self.box, self._more, gap=0, on=self)
        if not are_cards:
            set_look(self, "card")

    def show_offers(self, offers: Sequence[Offer], *, opened: str = "") -> None:
        """Show these, as many as there are at once, and the one of the name `opened` wherever it stands."""
        self._offers = offers
        shown = [each for at, each in enumerate(offers) if at < self._most or each.name == opened]
        for name in self.tiles.keys() - {each.name for each in shown}:
            tile = self.tiles.pop(name)
            tile.hide()
            tile.deleteLater()
        for at, offer in enumerate(shown):
            tile = self.tiles.get(offer.name) or self._made(offer)
            tile.show_offer(offer)
            if self.box.indexOf(tile) != at:
                self.box.insertWidget(at, tile, int(self._are_cards))
                tile.show()
        if not self._are_cards:
            last = len(shown) - 1 if len(shown) == len(offers) else -1
            for at, offer in enumerate(shown):  # the frame is round at the corners
                ends = " first" * (at == 0) + " last" * (at == last)
                set_look(self.tiles[offer.name], f"modelrow{ends}")
        self._more.setText(say("models.show_more", len(offers) - len(shown)))
        self._more.setVisible(len(offers) > len(shown))
        self.setVisible(bool(offers))

    def _made(self, offer: Offer) -> ModelTile:
        tile = self.tiles[offer.name] = ModelTile(self._theme, offer, is_card=self._are_cards)
        tile.wanted.connect(lambda deed: self.wanted.emit(deed, tile.offer))
        return tile

    def _show_all(self) -> None:
        self._most = len(self._offers)
        self.show_offers(self._offers)


class ModelsPage(CenteredPage):
    """A page told what to show; emits how all models are to be narrowed down, and what is to be done with one."""

    narrowed = Signal()
    wanted = Signal(object, object)  # a ModelDeed, an Offer

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _WIDEST_PX, parent=parent)
        self._theme = theme
        self._title = PlainLabel(self.tr("Which model"), "title", wraps=True)
        self._lead = Paragraph(
            self.tr(
                "A model is the file that answers you. It is downloaded once and then works without internet. These"
                " suit this computer."
            )
        )
        self.setAccessibleName(self.tr("Which model"))
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self._computer = PlainLabel("", "small", wraps=True)
        self.note = PlainLabel("", "warning", wraps=True)
        self.proposals = ModelList(theme, are_cards=True)
        self._card_below = QVBoxLayout()  # the place for all that is known of one of the proposals
        self._ways = QWidget()  # to a model other than getting one
        self._ways_in_line = FlowLayout(self._ways)
        self.files = FilesPlace(self, self.tr("the models"))
        self.installed = ModelList(theme)
        self._installed = PlainLabel("", "heading")
        self._installed_size = PlainLabel("", "small")
        self.fold = FoldButton(theme, self.tr("More models"))
        self.fold.clicked.connect(lambda: self.show_all_models(not self.is_unfolded))
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
        self.import_file = button(self.tr("Import a file…"), "link")
        self.engine = button(self.tr("Built-in engine…"), "link")
        self.catalogue = ModelList(theme)
        self._nothing = PlainLabel(self.tr("No other model of the list is like that."), "small", wraps=True)
        self._as_of = PlainLabel("", "small")
        self._all = QWidget()
        self._card: tuple[str, object, QBoxLayout, QWidget] | None = None
        self._lay_out()
        self.search.textChanged.connect(self.narrowed)
        for models in (self.proposals, self.installed, self.catalogue):
            models.wanted.connect(self.wanted)

    def _filter(self, words: str) -> QPushButton:
        made = button(words, "filter")
        made.setCheckable(True)
        made.toggled.connect(self.narrowed)
        return made

    def _lay_out(self) -> None:
        for part in (self.note, self._ways, self._lead, self._all):
            part.hide()
        choices = QWidget()
        flow = FlowLayout(choices, last_at_right=2)
        for each in (*self.filters.values(), self.engine, self.import_file):
            flow.addWidget(each)
        self._all.setContentsMargins(0, 0, 0, 0)
        stack(self.search, choices, self.catalogue, self._nothing, self._as_of, on=self._all)
        self.column.addLayout(stack(self.back, (self._title, 1), across=True))
        for part in (self._lead, self._computer, self.note):
            self.column.addWidget(part)
        self.column.addLayout(stack(self.proposals, self._card_below, self._ways))
        head = stack(self._installed, self._installed_size, None, across=True)
        self.column.addLayout(stack(head, self.installed))
        self.column.addLayout(stack(stack(self.fold, None, across=True), self._all, gap=GAP_TIGHT))

    @property
    def tiles(self) -> dict[str, ModelTile]:
        """What is shown of each model, by the names of their offers."""
        return {**self.catalogue.tiles, **self.installed.tiles, **self.proposals.tiles}

    def find_with(self, letters: str) -> None:
        """Go on in the field that finds models with what is typed anywhere on the page."""
        self.show_all_models(True)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.insert(letters)
        self._bring_into_sight(self.search)

    def show_all_models(self, shall: bool) -> None:
        """Show all models, or fold them away."""
        self._all.setVisible(shall)
        self.fold.show_state(is_open=shall)

    @property
    def is_unfolded(self) -> bool:
        return not self._all.isHidden()

    @property
    def filters_on(self) -> set[str]:
        """The names of the filters that are on."""
        return {name for name, each in self.filters.items() if each.isChecked()}

    def show_ways(self, ways: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Offer these where there is no model yet."""
        while (item := self._ways_in_line.takeAt(0)) is not None:
            if (earlier := item.widget()) is not None:
                earlier.deleteLater()
        for words, do in ways:
            way = button(words, "link", do)
            self._ways_in_line.addWidget(way)
            way.show()  # at once: it may be pressed before the layout is done

    def show_first(self, is_first: bool) -> None:
        """Show that there is no model yet, or that there is one."""
        self._title.setText(self.tr("Ollama is ready, but has no model yet") if is_first else self.tr("Which model"))
        self._lead.setVisible(is_first)
        self._ways.setVisible(is_first)

    def show_computer(self, words: str, note: str) -> None:
        """Say what was found out about this computer, and what keeps models from being got, if anything."""
        self._computer.setText(words)
        self.show_note(note)

    def show_note(self, words: str) -> None:
        """Say what has become of something, or what keeps models from being got."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    @contextmanager
    def keeping_focus(self) -> Iterator[None]:
        """Have the keyboard stay at the same model, and the page where it is, while models come, go and move."""
        focused, at = QApplication.focusWidget(), self.verticalScrollBar().value()
        tile = focused
        while tile is not None and not isinstance(tile, ModelTile):
            tile = tile.parentWidget()
        yield
        if tile is not None and self.tiles.get(tile.offer.name) is not tile:
            same = [each for each in self.tiles.values() if each.offer.title == tile.offer.title]
            same[0].take_focus() if same else self.back.setFocus()
            self.verticalScrollBar().setValue(at)

    def show_proposals(self, offers: Sequence[Offer], tiers: Sequence[Tier], best: str) -> None:
        """Show the proposals beside each other; `best` is the name of the one that suits most."""
        self.proposals.show_offers(offers)
        for offer, tier in zip(offers, tiers, strict=True):
            self.proposals.tiles[offer.name].show_tier(tier, is_best=offer.name == best)
        self._fit_proposals()

    def show_installed(self, offers: Sequence[Offer], words: str, opened: str = "") -> None:
        """Show what else is there or on its way; `words` say how much there is in all."""
        self.installed.show_offers(offers, opened=opened)
        is_part = any(tile.offer.place is not None for tile in self.proposals.tiles.values())
        self._installed.setText(self.tr("Also installed") if is_part else self.tr("Installed"))
        self._installed.setVisible(bool(offers))
        self._installed_size.setText(words)
        self._installed_size.setVisible(bool(offers))

    def show_catalogue(self, offers: Sequence[Offer], as_of: str, opened: str = "") -> None:
        """Show the other models that are wanted."""
        self.catalogue.show_offers(offers, opened=opened)
        self._as_of.setText(as_of)
        self._nothing.setVisible(not offers)
        if offers and self.search.hasFocus():
            first = self.catalogue.tiles[offers[0].name]
            QTimer.singleShot(0, first, lambda: self._bring_into_sight(first))

    def show_card(self, name: str, content: object, make: Callable[[], QWidget]) -> None:
        """Show all that is known of a model below it, or below the proposals, unless this `content` stands there."""
        place = self._card_below if name in self.proposals.tiles else self.tiles[name].column
        if self._card is not None and self._card[:3] == (name, content, place):
            return
        is_same = self._card is not None and self._card[0] == name
        self.close_card()
        card = make()
        place.addWidget(card)
        card.show()
        self._card = (name, content, place, card)
        if not is_same:
            QTimer.singleShot(0, card, lambda: self._bring_into_sight(card))

    def close_card(self) -> None:
        """Show nothing more of a model than its row."""
        if self._card is not None:
            *_, card = self._card
            self._card = None
            card.hide()
            card.deleteLater()

    def _bring_into_sight(self, widget: QWidget) -> None:
        self.ensureWidgetVisible(widget, 0, GAP)

    def _fit_proposals(self) -> None:
        """Have the proposals beside each other where each has room for its words, else under each other."""
        way, cards = QBoxLayout.Direction, self.proposals.tiles.values()
        needed = max((each.minimumSizeHint().width() + GAP_WIDE for each in cards), default=0) * len(cards) - GAP_WIDE
        room = min(self.viewport().width() - 2 * GAP_PAGE, self._theme.px(_WIDEST_PX))
        self.proposals.box.setDirection(way.LeftToRight if needed <= room else way.TopToBottom)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_proposals()
