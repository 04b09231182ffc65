"""A scroll anchor in a message, found again when the message has grown or was laid out anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.rendering.page.stack import PageAnchor
from desktop.ui.text.selection import Channel
from desktop.ui.text.surface import TextSurface


@dataclass(frozen=True, slots=True)
class MessageAnchor:
    """A height in a message: in one of its texts, `below` that text, or with no text `below` the upper edge."""

    channel: Channel | None
    in_text: PageAnchor | None
    below: float


@dataclass(frozen=True, slots=True)
class StandingText:
    """One of the texts that are open in a message, and the height where it begins there."""

    channel: Channel
    surface: TextSurface
    top: int


def anchor_at(y: float, texts: Sequence[StandingText]) -> MessageAnchor:
    """Return the anchor of a height in a message with these texts, from top to bottom."""
    for text in reversed(texts):
        if text.top <= y:
            below = y - text.top - text.surface.height_now
            if below > 0:  # among the actions
                return MessageAnchor(text.channel, None, below)
            return MessageAnchor(text.channel, text.surface.anchor_at(y - text.top), 0.0)
    return MessageAnchor(None, None, y)


def y_of(anchor: MessageAnchor, texts: Sequence[StandingText]) -> float:
    """Return the present height of an anchor; the top of the last text if it was in a trace that has been closed."""
    if anchor.channel is None:
        return anchor.below
    text = next((each for each in texts if each.channel is anchor.channel), None)
    if text is None:
        return float(texts[-1].top)
    if anchor.in_text is None:
        return text.top + text.surface.height_now + anchor.below
    return text.top + text.surface.y_of(anchor.in_text)
