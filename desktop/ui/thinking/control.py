"""The small button beside Send that sets how much a model is asked to think."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.ui.look.icons import icon
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.words import (
    fill,
    think_first,
    think_first_explained,
    thinking_limit,
    thinking_mode,
    thinking_mode_explained,
)

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme

# What can be chosen; a limit that was set otherwise is kept, and shown on the button.
LIMITS: tuple[ThinkingLimit | None, ...] = (
    None,
    *(ThinkingLimit(seconds=seconds) for seconds in (30, 60, 120, 300)),
    *(ThinkingLimit(tokens=tokens) for tokens in (1_000, 4_000, 16_000)),
)
_LEAST_PX = 72


class ThinkingControl(MenuButton):
    """A menu of the choices that this model has, each explained; hidden if there is nothing to choose."""

    mode_chosen = Signal(object)  # a ThinkingMode
    limit_chosen = Signal(object)  # a ThinkingLimit, or None: the model may think as long as it likes

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, hint=self.tr("How much the model thinks before it answers"), parent=parent)
        self._modes: list[ThinkingMode] = []
        self._asks_in_words = False
        self._mode = ThinkingMode.AUTO
        self._limit: ThinkingLimit | None = None
        self._menu = QMenu(self)
        self._choices = QActionGroup(self)
        self._limits = QMenu(self.tr("Limit…"), self)
        self._limit_choices = QActionGroup(self)
        self._fill_limits()
        self.setMenu(self._menu)
        theme.changed.connect(self._show_mode)
        self.hide()

    def minimumSizeHint(self) -> QSize:
        """Return a size for a few letters, so that Send has its room also where text is large."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._theme.px(_LEAST_PX)), hint.height())

    def set_modes(self, modes: Sequence[ThinkingMode], *, asks_in_words: bool = False) -> None:
        """Set the choices; a mode in force that is not among them is replaced by the first.

        `asks_in_words`: the model does not reason by itself, and "on" is to ask it to think first.
        """
        self._asks_in_words = asks_in_words
        self._modes = list(dict.fromkeys(modes))
        if self._modes and self._mode not in self._modes:
            self._mode = self._modes[0]
        self._fill_menu()
        self._show_mode()
        # A model that only thinks has nothing to choose but how long.
        self.setVisible(self._modes not in ([], [ThinkingMode.OFF]))

    def set_mode(self, mode: ThinkingMode) -> None:
        """Set the choice in force, or the first if this model does not have it; emits nothing."""
        self._mode = mode if mode in self._modes or not self._modes else self._modes[0]
        self._show_mode()

    def set_limit(self, limit: ThinkingLimit | None) -> None:
        """Set how long the model may think before it is asked for its answer; emits nothing."""
        self._limit = limit
        self._show_mode()

    def _fill_limits(self) -> None:
        self._limits.setToolTip(self.tr("After so long, the model is asked for its answer"))
        for limit in LIMITS:
            words = self.tr("Off", "limit") if limit is None else thinking_limit(limit)
            action = QAction(words, self._limit_choices)
            action.setCheckable(True)
            action.setData(limit)
            action.triggered.connect(lambda _=False, chosen=limit: self._choose_limit(chosen))
            self._limits.addAction(action)

    def _fill_menu(self) -> None:
        self._menu.clear()
        for mode in self._modes:
            is_first = self._asks_in_words and mode is ThinkingMode.ON
            words = think_first_explained() if is_first else thinking_mode_explained(mode)
            action = QAction(words, self._choices)
            action.setCheckable(True)
            action.setData(mode.value)
            action.triggered.connect(lambda _=False, chosen=mode: self._choose(chosen))
            self._menu.addAction(action)
        self._menu.addSeparator()
        self._menu.addMenu(self._limits)

    def _show_mode(self) -> None:
        is_first = self._asks_in_words and self._mode is ThinkingMode.ON
        mode = think_first() if is_first else thinking_mode(self._mode)
        if self._limit is None or self._mode is ThinkingMode.OFF:
            words = fill(self.tr("Thinking: %1"), mode)
        else:
            words = fill(self.tr("Thinking: %1, at most %2"), mode, thinking_limit(self._limit))
        self.show_words(words, words)
        self._limits.setEnabled(self._mode is not ThinkingMode.OFF)
        for action in self._choices.actions():
            self._check(action, action.data() == self._mode.value)
        for action in self._limit_choices.actions():
            self._check(action, action.data() == self._limit)

    def _check(self, action: QAction, is_chosen: bool) -> None:
        action.setChecked(is_chosen)
        action.setIcon(icon("check", self._theme.tokens.accent, self._theme.icon_px) if is_chosen else QIcon())

    def _choose_limit(self, limit: ThinkingLimit | None) -> None:
        is_new = limit != self._limit
        self._limit = limit
        self._show_mode()
        if is_new:
            self.limit_chosen.emit(limit)

    def _choose(self, mode: ThinkingMode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._show_mode()
            self.mode_chosen.emit(mode)
        else:
            self._show_mode()
