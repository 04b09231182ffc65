"""A model on the page "Which model", in a row or in one of the three cards: how it stands, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy

from desktop.core.models.choosing import Tier
from desktop.core.models.keeping import DownloadState
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.models import words
from desktop.ui.models.menu import VerdictLine
from desktop.ui.models.offers import ModelDeed, Offer
from desktop.ui.widgets.buttons import PressableRow, button, open_menu
from desktop.ui.widgets.labels import NameLabel, PlaceBadge, PlainLabel, ThinBar, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, say_each, size

_BUTTONS = list(ModelDeed)[:6]


class ModelTile(PressableRow):
    """A model in a row, pressed to be used or to have all on it shown; or a card with its tier."""

    wanted = Signal(object)  # a ModelDeed

    def __init__(self, theme: Theme, offer: Offer, *, is_card: bool) -> None:
        super().__init__(offer.title)
        self.offer = offer
        self._is_card = is_card
        self._title = NameLabel("", "strong")
        self._badge = PlaceBadge(theme)
        self._in_use = PlainLabel(self.tr("In use"), "small accent")
        self._about = PlainLabel("", "small", wraps=True)
        self._verdict = VerdictLine()
        self._state = PlainLabel("", "small", wraps=True)
        self._bar = ThinBar()
        self._reason = PlainLabel("", "small", wraps=True)
        self._size = PlainLabel("", "small")
        names = {
            ModelDeed.CANCEL: self.tr("Cancel"),
            ModelDeed.PAUSE: self.tr("Pause"),
            ModelDeed.RESUME: self.tr("Go on"),
            ModelDeed.USE: self.tr("Use it"),
        }
        self.buttons = {deed: button(names.get(deed, ""), do=partial(self.wanted.emit, deed)) for deed in _BUTTONS}
        for deed in (ModelDeed.CANCEL, ModelDeed.DISMISS):
            set_look(self.buttons[deed], "quiet")
        self.more = IconButton(theme, "more", "", token="muted", do=self._open_menu)
        self.pressed.connect(self._press)
        self.column = self._lay_out()
        self.show_offer(offer)

    def _lay_out(self) -> QBoxLayout:
        told = (self._about, self._verdict, self._state, self._bar, self._reason)
        deeds = [*self.buttons.values(), self.more]
        if not self._is_card:
            head = stack(self._title, self._badge, self._in_use, None, across=True)
            set_look(self.buttons[ModelDeed.USE], "link")
            line = stack((stack(head, *told, gap=GAP_TIGHT), 1), self._size, *deeds, across=True)
            return stack(line, margins=(GAP_SECTION, GAP, GAP, GAP), on=self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        set_look(self, "card")
        self._tier = PlainLabel("", "small")
        self._best = PlainLabel(self.tr("best for this computer"), "small accent")
        head = stack(self._tier, None, self._best, across=True)
        foot = stack(self._in_use, None, *deeds, across=True)
        self._badge.setParent(self)
        self._size.setParent(self)
        margins = (GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        return stack(head, self._title, *told, GAP_TIGHT, None, foot, gap=GAP_TIGHT, margins=margins, on=self)

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
        self._about.tell("" if is_coming else offer.about)
        self._badge.setVisible(offer.place is not None and not self._is_card)
        if offer.place is not None:
            self._badge.show_place(offer.place)
        self._in_use.setVisible(offer.is_in_use)
        self._verdict.setVisible(not is_coming and offer.judgement is not None)
        if offer.judgement is not None:
            self._verdict.show_judgement(offer.judgement)
        self._state.tell(words.download_line(download) if download is not None and is_coming else "")
        self._reason.tell(words.failure_line(download) if download is not None else "")
        self._bar.setVisible(is_coming)
        if download is not None:
            self._bar.show_share(words.share_of(download))
            self.buttons[ModelDeed.DISMISS].setText(words.dismissal(download))
        is_sized = bool(offer.size) and not (self._is_card or is_coming or ModelDeed.GET in deeds)
        self._size.tell(size(offer.size or 0) if is_sized else "")
        get = self.buttons[ModelDeed.GET]
        get.setText(fill(self.tr("Download %1"), size(offer.size)) if offer.size else self.tr("Get it through Ollama"))
        for deed, each in self.buttons.items():
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
        names = {
            ModelDeed.ABOUT: self.tr("About this model"),
            ModelDeed.MEASURE: self.tr("Measure its speed (up to a minute)"),
            ModelDeed.UNLOAD: self.tr("Remove it from memory"),
            ModelDeed.DELETE: self.tr("Delete…"),
        }
        open_menu(
            self.more,
            [(name, partial(self.wanted.emit, deed)) for deed, name in names.items() if deed in self.offer.deeds],
        )

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
