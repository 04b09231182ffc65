"""The attention that one running reply gets: its window's, and less while little of its thinking is shown."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.text.pace import Attention


@dataclass(slots=True)
class ReplyAttention:
    """Attention for one reply. Changed on the GUI thread, read on the loop thread as well."""

    window: Attention = Attention.IN_FRONT
    is_thinking: bool = False
    thinking: Attention = Attention.IN_FRONT  # the most that it gets while it thinks

    @property
    def now(self) -> Attention:
        """The attention that it gets now."""
        if self.is_thinking:
            return max(self.window, self.thinking, key=lambda each: each.value)
        return self.window
