"""A prompt as cards for a preview that grows: one for the words of each part, and one for what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from desktop.core.prompts.render import RenderedPrompt, SpanKind

SHOWN: Final = 500  # characters of one card; of a longer text the beginning tells which it is
_UNSEEN: Final = (SpanKind.HEADING, SpanKind.LABEL)  # a card has a name of its own


@dataclass(frozen=True, slots=True)
class PromptCard:
    """Part of a prompt as it is sent, or the material or an example of one, with its fences.

    `left_out`: characters not shown. `is_proposed`: no part yet, but what an answer would add to one.
    """

    field: str
    text: str
    is_material: bool = False
    is_example: bool = False
    left_out: int = 0
    is_proposed: bool = False

    @property
    def is_fenced(self) -> bool:
        return self.is_material or self.is_example


def cards_of(prompt: RenderedPrompt) -> tuple[PromptCard, ...]:
    """Return the cards of a prompt, in its order."""
    cards: list[PromptCard] = []
    for span in prompt.spans:
        if span.kind in _UNSEEN:
            continue
        text = prompt.text[span.start : span.end]
        card = PromptCard(span.field, text, span.kind is SpanKind.MATERIAL, span.kind is SpanKind.EXAMPLE)
        last = cards[-1] if cards else None
        if last is not None and not card.is_fenced and (last.field, last.is_fenced) == (span.field, False):
            card = replace(card, text=f"{last.text}\n{text}", left_out=last.left_out)
            cards.pop()
        cards.append(_shortened(card))
    return tuple(cards)


def with_proposed(cards: Sequence[PromptCard], field: str, words: str) -> tuple[PromptCard, ...]:
    """Return the cards with what an answer would add to a field, behind the words that stand there."""
    at = next((at for at, card in enumerate(cards) if card.field == field and not card.is_fenced), -1) + 1
    return (*cards[:at], PromptCard(field, words, is_proposed=True), *cards[at:])


def _shortened(card: PromptCard) -> PromptCard:
    if len(card.text) <= SHOWN:
        return card
    closing = card.text[card.text.rfind("\n") :] if card.is_fenced else ""  # the fence
    shown = f"{card.text[:SHOWN].rstrip()} …{closing}"
    return replace(card, text=shown, left_out=card.left_out + len(card.text) - SHOWN)
