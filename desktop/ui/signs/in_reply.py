"""The signs of trouble beside a reply: those that were found in it, except the kinds that the user has switched off.

The lines themselves are `lines.py`; where they stand in the message is its owner's matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.sign import Sign, SignKind
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask
from desktop.ui.signs.lines import SignLines

# What these say is said below an answer in fewer words, too, where they are not shown.
_OF_ITS_END = frozenset({SignKind.CUT_OFF, SignKind.NO_ANSWER})


class ReplySigns(QObject):
    """The signs of one reply; the lines, a child of the reply's view, are made when there is something to say."""

    changed = Signal()  # other lines, or of another height

    def __init__(self, theme: Theme, ask: Ask, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._ask = ask
        self._signs: tuple[Sign, ...] = ()
        self._off: frozenset[str] = frozenset()
        self._lines: SignLines | None = None
        self._can_start_fresh = True

    @property
    def lines(self) -> SignLines | None:
        """The widget of the lines, or None while there is nothing to show."""
        return self._lines if self._shown() else None

    @property
    def tell_of_its_end(self) -> bool:
        """True if they say how the reply has ended."""
        return any(sign.kind in _OF_ITS_END for sign in self._shown())

    @property
    def offer_fresh_start(self) -> bool:
        """True if one of the lines has a button for a fresh start, so that no other need have it."""
        return self.lines is not None and self.lines.offers_fresh_start

    def set_can_start_fresh(self, can: bool) -> None:
        """Set if a fresh start is a way out here."""
        self._can_start_fresh = can
        if self._lines is not None:
            self._lines.offer_fresh_start(can)

    def show(self, signs: Sequence[Sign], *, is_news: bool = False) -> None:
        """Show these; as news, they are announced to a screen reader."""
        if tuple(signs) == self._signs:
            return
        self._signs = tuple(signs)
        self._show()
        if is_news and self._lines is not None:
            self._lines.announce()

    def set_off(self, kinds: frozenset[str]) -> None:
        """Set the kinds that are switched off."""
        if kinds != self._off:
            before = self._shown()
            self._off = kinds
            if self._shown() != before:
                self._show()

    def _shown(self) -> list[Sign]:
        return [sign for sign in self._signs if sign.kind not in self._off]

    def _show(self) -> None:
        shown = self._shown()
        if shown and self._lines is None:
            lines = self._lines = SignLines(self._theme, self._ask, self._view)
            lines.height_changed.connect(self.changed)
            lines.offer_fresh_start(self._can_start_fresh)
        if self._lines is not None:
            self._lines.show_signs(shown)
            self._lines.setVisible(bool(shown))
        self.changed.emit()
