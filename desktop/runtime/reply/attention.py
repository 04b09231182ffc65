"""The attention that one running reply gets: its window's, and less while its thinking is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.text.pace import Attention


@dataclass(slots=True)
class ReplyAttention:
    """Attention for one reply. Changed on the GUI thread, read on the loop thread as well."""

    window: Attention = Attention.IN_FRONT
    is_thinking: bool = False
    shows_thinking: bool = True

    @property
    def now(self) -> Attention:
        """The attention that it gets now."""
        if self.is_thinking and not self.shows_thinking:
            return max(self.window, Attention.CLOSED, key=lambda each: each.value)
        return self.window
