"""The line in the menu of models that sets how much the chosen one is asked to think."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.ui.look.icons import icon
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.words import (
    fill,
    think_first,
    think_first_explained,
    thinking_limit,
    thinking_mode,
    thinking_mode_explained,
    translate,
)

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
