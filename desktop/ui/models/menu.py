"""The menu of models: what is pinned, then the models of each place, by connection, with a card beside it.

The card tells what is known of one model, each term with its line and the lesson that says more. In a line of the
menu is set how much the chosen one is asked to think.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QMenu, QPushButton, QWidget

from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.facts import ModelFacts, Reasoning, reasons_by_itself
from desktop.core.models.fit import Judgement, ModelVerdict
from desktop.core.models.place import place_of
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.rendering.text.letters import show_invisible
from desktop.ui.errors import describe
from desktop.ui.look.stylesheet import FILL_OF_PLACE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import Theme, icon
from desktop.ui.models import words
from desktop.ui.models.words import joined, uses, verdict_in_short
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.picker import Picker
from desktop.ui.widgets.rows import Row
from desktop.ui.words import (
    clauses,
    fill,
    place_name,
    say,
    say_each,
    size,
    think_first,
    think_first_explained,
    thinking_limit,
    thinking_mode,
    thinking_mode_explained,
    translate,
)

if TYPE_CHECKING:
    from desktop.runtime.models.advice import ModelAdvice
    from desktop.runtime.models.directory import Listing
    from desktop.runtime.services import SettingsKeeper


_NAME_PX = 96  # of a fact


class Term(Enum):
    """Term that a card has, or whose fact it states, with its place among those and the key of its lesson."""

    GENERAL = (1, "thinking-models")
    THINKING = (2, "thinking-models")
    PERSON = (3, "sizes")
    TEAM = (4, "sizes")
    DATA_CENTRE = (5, "sizes")
    DISTILLED = (6, "distilled")
    EXPERTS = (7, "sizes")
    STORED = (8, "distilled")
    CONTEXT = (9, "context")

    @property
    def lesson(self) -> str:
        return self.value[1]


class TermLine(PlainLabel):
    """An explanation below a fact, pressed for the lesson that says more: its key is the property `lesson`."""

    def __init__(self, term: Term, learn: Callable[[str], object]) -> None:
        super().__init__(say_each("models.term", term), "term", wraps=True)
        self._learn = learn
        self._lesson = term.lesson
        self.setProperty("lesson", term.lesson)
        self.setIndent(0)  # in line with what stands above, though it has a border
        set_tooltip(self, self.tr("A lesson of one minute"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    # Qt's own methods

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._learn(self._lesson)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._learn(self._lesson)
        else:
            super().keyPressEvent(event)


class VerdictLine(QWidget):
    """A verdict: its words in bold, then how long a page takes, or the reason."""

    def __init__(self, judgement: Judgement | None = None) -> None:
        super().__init__()
        self._verdict = PlainLabel("", "strong small")
        self._reason = PlainLabel("", "small", wraps=True)
        stack((self._verdict, Qt.AlignmentFlag.AlignTop), (self._reason, 1), gap=GAP_TIGHT, across=True, on=self)
        if judgement is not None:
            self.show_judgement(judgement)

    def show_judgement(self, judgement: Judgement) -> None:
        """Show this verdict from now on."""
        name, reason = say_each("models.verdict", judgement.verdict), words.verdict_reason(judgement)
        self._verdict.setText(f"{name}:" if reason else name)
        self._reason.setText(reason)
        self.setAccessibleName(f"{self._verdict.text()} {reason}".strip())
        set_tooltip(self, words.speed_line(judgement))


class ModelCard(QFrame):
    """All that is known of a model. `learn` shows the lesson of a term; `where` says where the model answers.

    `is_bare` leaves the frame away.
    """

    def __init__(
        self,
        theme: Theme,
        facts: ModelFacts,
        judgement: Judgement | None,
        language: str,
        learn: Callable[[str], object],
        *,
        where: str = "",
        is_bare: bool = False,
    ) -> None:
        super().__init__()
        self._name_px = theme.px(_NAME_PX)
        self._learn = learn
        set_look(self, "card ground" if is_bare else "card")
        self.setAccessibleName(facts.title)
        self._column = stack(margins=(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE), on=self)
        kind = [Term.GENERAL if facts.reasoning is Reasoning.NEVER else Term.THINKING]
        if facts.scale is not None:
            kind.append(Term[facts.scale.name])
        pupil = facts.distilled
        self._explain(show_invisible(facts.title), look="heading")
        self._explain(words.kind_line(facts), *kind, look="small")
        self._explain(facts.words(language))
        if pupil is not None:
            said = say("models.distilled_a_that_learned_from", pupil=pupil.pupil, teacher=pupil.teacher)
            self._explain(said, Term.DISTILLED)
        self._explain(words.experts_line(facts), Term.EXPERTS)
        if judgement is not None:
            self._column.addWidget(VerdictLine(judgement))
        sees = {True: self.tr("yes"), False: self.tr("no"), None: ""}
        for name, value, *terms in (
            (self.tr("Runs"), where),
            (self.tr("Reads at once"), words.reads_line(facts), Term.CONTEXT),
            (self.tr("Sees pictures"), sees[facts.sees]),
            (self.tr("Languages"), words.languages(facts)),
            (self.tr("Stored as"), words.stored_line(facts), Term.STORED),
            (self.tr("Licence"), clauses((facts.licence, self.tr("for any use") if facts.any_use else ""))),
            (self.tr("Since"), facts.since),
            (self.tr("Name"), show_invisible(facts.name)),
        ):
            if value:
                self._add_fact(name, value, *terms)
        self._column.addStretch(1)

    def _block(self, line: str, terms: tuple[Term, ...], look: str) -> QBoxLayout:
        label = PlainLabel(line, look, wraps=True)
        return stack(label, *(TermLine(term, self._learn) for term in terms), gap=GAP_TIGHT)

    def _explain(self, line: str, *terms: Term, look: str = "") -> None:
        """Add a line and, close below it, what its terms mean; nothing where there is no line."""
        if line:
            self._column.addLayout(self._block(line, terms, look))

    def _add_fact(self, name: str, value: str, *terms: Term) -> None:
        label = PlainLabel(name, "small")
        label.setMinimumWidth(self._name_px)
        block = self._block(value, terms, "small ink")
        self._column.addLayout(stack((label, Qt.AlignmentFlag.AlignTop), (block, 1), across=True))


# What can be chosen; a limit that was set otherwise is kept, and shown on the button.
LIMITS: tuple[ThinkingLimit | None, ...] = (
    None,
    *(ThinkingLimit(seconds=seconds) for seconds in (30, 60, 120, 300)),
    *(ThinkingLimit(tokens=tokens) for tokens in (1_000, 4_000, 16_000)),
)


@dataclass(frozen=True, slots=True)
class ThinkingChoice:
    """The modes that a model has, and what is chosen.

    `asks_in_words`: the model does not reason by itself, and "on" is to ask it to think first.
    """

    modes: tuple[ThinkingMode, ...] = ()
    chosen: ThinkingMode = ThinkingMode.AUTO
    limit: ThinkingLimit | None = None
    asks_in_words: bool = False

    @property
    def is_any(self) -> bool:
        """True if there is something to choose: of a model that only thinks, how long."""
        return self.modes not in ((), (ThinkingMode.OFF,))

    @property
    def mode(self) -> ThinkingMode:
        """The mode in force: the first where the model does not have the one that is chosen."""
        return self.chosen if self.chosen in self.modes or not self.modes else self.modes[0]

    @property
    def words(self) -> str:
        """What is in force: "Thinking: auto, at most 1 min"."""
        is_first = self.asks_in_words and self.mode is ThinkingMode.ON
        mode = think_first() if is_first else thinking_mode(self.mode)
        if self.limit is None or self.mode is ThinkingMode.OFF:
            return fill(translate("ThinkingControl", "Thinking: %1"), mode)
        return fill(translate("ThinkingControl", "Thinking: %1, at most %2"), mode, thinking_limit(self.limit))


class ThinkingControl(MenuButton):
    """A menu of the choices that this model has, each explained; hidden if there is nothing to choose."""

    widest_em = 20
    mode_chosen = Signal(object)  # a ThinkingMode
    limit_chosen = Signal(object)  # a ThinkingLimit, or None: the model may think as long as it likes

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent, hint=self.tr("How much the model thinks before it answers"))
        self._menu = QMenu(self)
        self._limits = QMenu(self.tr("Limit…"), self)
        self._limits.setToolTip(self.tr("After so long, the model is asked for its answer"))
        self.setMenu(self._menu)
        self.show_choice(ThinkingChoice())

    def show_choice(self, choice: ThinkingChoice) -> None:
        """Offer what a model has, with what is chosen ticked; emits nothing."""
        self._menu.clear()
        for mode in choice.modes:
            is_first = choice.asks_in_words and mode is ThinkingMode.ON
            words = think_first_explained() if is_first else thinking_mode_explained(mode)
            entry = self._add(self._menu, words, is_chosen=mode is choice.mode)
            entry.triggered.connect(lambda _=False, mode=mode: self.mode_chosen.emit(mode))
        self._menu.addSeparator()
        self._menu.addMenu(self._limits)
        self._limits.setEnabled(choice.mode is not ThinkingMode.OFF)
        self._limits.clear()
        for limit in LIMITS:
            words = self.tr("Off", "limit") if limit is None else thinking_limit(limit)
            entry = self._add(self._limits, words, is_chosen=limit == choice.limit)
            entry.triggered.connect(lambda _=False, limit=limit: self.limit_chosen.emit(limit))
        self.show_words(choice.words, choice.words)
        self.setVisible(choice.is_any)

    def _add(self, menu: QMenu, words: str, *, is_chosen: bool) -> QAction:
        tick = icon("check", self._theme.tokens.accent, self._theme.icon_px) if is_chosen else QIcon()
        entry = menu.addAction(tick, words)
        entry.setCheckable(True)
        entry.setChecked(is_chosen)
        return entry


_WIDE_PX = 400
_NEAREST_FIRST = (PlaceKind.THIS_COMPUTER, PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET)
_WARNS = (ModelVerdict.SLOW, ModelVerdict.TOO_SLOW, ModelVerdict.TOO_LARGE)


class ModelMenu(Picker):
    """A popup filled by `show_models`; emits what was picked: a `ModelChoice` each."""

    which_requested = Signal()
    connections_requested = Signal()
    open_file_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, self.tr("Models"), self.tr("Find a model"), self.tr("No model of the list is like that."), _WIDE_PX,
            parent,
        )  # fmt: skip
        self._listings: Sequence[Listing] = ()
        self._current: ModelChoice | None = None
        self._is_offline = False
        self._pinned: list[ModelChoice] = []
        self._advice: ModelAdvice | None = None
        self._learn: Callable[[str], object] = lambda _: None
        self.thinking = ThinkingControl(theme, self)

    def join(self, advice: ModelAdvice, preferences: SettingsKeeper, learn: Callable[[str], object]) -> None:
        """Say what is known of each model, and keep pins; `learn` shows the lesson of a key.

        The computer is looked at anew whenever the menu opens.
        """

        def pin(choice: ModelChoice) -> None:
            self._pinned.remove(choice) if choice in self._pinned else self._pinned.append(choice)
            self.refill()
            preferences.change(pinned_models=tuple(self._pinned))

        self._advice, self._learn = advice, learn
        self.show_pinned(preferences.now.pinned_models)
        self.opening.connect(advice.look)
        self.pinned.connect(pin)
        advice.changed.connect(self.refill)

    def show_pinned(self, pinned: Sequence[ModelChoice]) -> None:
        """Show these on top."""
        self._pinned = list(pinned)
        self.refill()

    def show_models(
        self, listings: Sequence[Listing], current: ModelChoice | None, *, is_offline: bool = False
    ) -> None:
        """Offer the models of `listings` that can chat, with `current` ticked.

        The models of one connection are grouped by place. Under the offline lock only this computer's can be chosen.
        """
        self._listings, self._current, self._is_offline = listings, current, is_offline
        self.refill()

    def rows_now(self) -> Sequence[Row]:
        groups = _groups(self._listings)
        said = {choice: self._row(group, choice, model) for group in groups for choice, model in group.choices}
        rows = [said[choice] for choice in self._pinned if choice in said]
        if rows:
            rows.insert(0, Row("pinned", translate("models", "Pinned"), is_heading=True))
        for group in groups:
            rest = [said[choice] for choice, _ in group.choices if choice not in self._pinned]
            notes = self._notes(group)
            if rest or notes or not group.models:  # else all of them stand above
                key, name = (group.listing.connection.id, group.place), group.listing.connection.name
                rows += [Row(key, name, dot=_dot(group.place), is_heading=True), *notes, *rest]
        return rows or [Row("none", translate("errors", "There is no model to ask yet"), aside=self.tr("Connections…"))]

    def first_key(self) -> Hashable | None:
        return self._current

    def card_of(self, key: Hashable) -> QWidget | None:
        if self._advice is None or not isinstance(key, ModelChoice):
            return None
        facts, language = self._advice.facts_of(key), QLocale().name()
        if facts is None:
            return None

        def learn(lesson: str) -> None:
            self.hide()
            self._learn(lesson)

        listing = next(each for each in self._listings if each.connection.id == key.connection_id)
        where = f"{place_name(listing.place_of(key.model))} · {listing.connection.name}"
        judgement = self._advice.judgement_of(key, language)
        return ModelCard(self._theme, facts, judgement, language, learn, where=where, is_bare=True)

    def foot(self) -> Sequence[tuple[str, str, Callable[[], object]]]:
        return (
            ("computer", self.tr("Which model runs well here"), self.which_requested.emit),
            ("file", self.tr("Open a model file…"), self.open_file_requested.emit),
            ("plug", self.tr("Connections…"), self.connections_requested.emit),
        )

    def settings(self) -> Sequence[QPushButton]:
        return (self.thinking,)

    def hint(self) -> str:
        return self.tr("→ more on a model · Ctrl+P pins it")

    def _build(self) -> None:
        super()._build()
        self.list.cut = Qt.TextElideMode.ElideMiddle
        self.list.pin_tip = self.tr("Pin or unpin %1")

    def _choose(self, key: Hashable) -> None:
        if isinstance(key, ModelChoice):
            super()._choose(key)
        else:  # a server that does not answer
            self.hide()
            self.connections_requested.emit()

    def _is_locked(self, group: _Group) -> bool:
        return self._is_offline and not group.place.is_local

    def _notes(self, group: _Group) -> list[Row]:
        """Return how a connection stands in a line; none where its models speak for themselves."""
        listing, key = group.listing, (group.listing.connection.id, group.place, "note")
        if group.is_own and listing.is_loading:
            words = "" if group.models else translate("models", "Looking…")
        elif group.is_own and listing.failure is not None:
            said = describe(listing.failure)
            name = listing.connection.name
            return [Row(key, said.title, aside=self.tr("Connections…"), is_pale=True, found_by=name, tip=said.sentence)]
        elif self._is_locked(group):
            words = describe(Failure("unreachable", host=group.place.host, reason="offline")).title
        else:
            words = "" if group.models else translate("models", "No models")
        return [Row(key, words, is_dead=True)] if words else []

    def _row(self, group: _Group, choice: ModelChoice, model: ModelInfo) -> Row:
        place, is_pinned, advice = group.place, choice in self._pinned, self._advice
        known = advice.row_of(choice) if advice is not None else None
        judgement = advice.judgement_of(choice, QLocale().name()) if advice is not None else None
        verdict = judgement.verdict if judgement is not None else ModelVerdict.UNKNOWN
        if judgement is not None and verdict is not ModelVerdict.UNKNOWN:
            strong, about = say_each("models.verdict", verdict), verdict_in_short(judgement)
        else:
            strong, about = "", uses(known) if known is not None else ""
        thinks = reasons_by_itself(model) or (known is not None and known.reasoning is not Reasoning.NEVER)
        sees = model.sees or (model.sees is None and known is not None and known.sees)
        return Row(
            choice,
            model.title,
            about=about,
            strong=strong,
            warns=verdict in _WARNS,
            beside=joined([self.tr("thinks") if thinks else "", self.tr("sees pictures") if sees else ""]),
            aside=size(model.size_on_disk) if model.size_on_disk and place.is_local else "",
            icon="check" if choice == self._current else "",
            dot=_dot(place) if is_pinned and not place.is_local else None,
            pin=is_pinned,
            is_pale=self._is_locked(group),
            found_by=f"{model.title} {model.name} {group.listing.connection.name}",
            tip=show_invisible(model.name) if model.name != model.title else "",
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """Models of one connection that are at the same place."""

    listing: Listing
    place: Place
    models: Sequence[ModelInfo]

    @property
    def is_own(self) -> bool:
        """True if the connection's own server runs them, and does not forward them."""
        return self.place == self.listing.connection.server_place

    @property
    def choices(self) -> Iterator[tuple[ModelChoice, ModelInfo]]:
        for model in self.models:
            yield ModelChoice(self.listing.connection.id, model.name), model


def _groups(listings: Iterable[Listing]) -> list[_Group]:
    """Return the models that can chat, the nearest first, and last the connections that have none to offer."""
    groups = []
    for listing in listings:
        by_place: dict[Place, list[ModelInfo]] = {listing.connection.server_place: []}
        for model in listing.models or ():
            if model.can_chat:
                by_place.setdefault(place_of(listing.connection, model), []).append(model)
        is_told = listing.is_loading or listing.failure is not None or not any(by_place.values())
        groups += [_Group(listing, place, models) for place, models in by_place.items() if models or is_told]
    return sorted(
        groups,
        key=lambda each: (each.listing.failure is not None and not each.models, _NEAREST_FIRST.index(each.place.kind)),
    )


def _dot(place: Place) -> tuple[str, str]:
    return place_name(place), FILL_OF_PLACE[place.kind]
