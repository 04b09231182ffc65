"""A prompt as cards for a preview that grows: one for the words of each part, and one for what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desktop.core.prompts.render import RenderedPrompt, SpanKind

SHOWN: Final = 500  # characters of one card; of a longer text the beginning tells which it is
_APART: Final = (SpanKind.MATERIAL, SpanKind.EXAMPLE)  # between fences
_UNSEEN: Final = (SpanKind.HEADING, SpanKind.LABEL)  # a card has a name of its own


@dataclass(frozen=True, slots=True)
class PromptCard:
    """Part of a prompt as it is sent, or the material of one, with its fences. `left_out`: characters not shown."""

    field: str
    text: str
    is_material: bool = False
    left_out: int = 0


def cards_of(prompt: RenderedPrompt) -> tuple[PromptCard, ...]:
    """Return the cards of a prompt, in its order."""
    cards: list[PromptCard] = []
    for span in prompt.spans:
        if span.kind in _UNSEEN:
            continue
        text, is_material = prompt.text[span.start : span.end], span.kind in _APART
        last = cards[-1] if cards else None
        if last is not None and not is_material and (last.field, last.is_material) == (span.field, False):
            text, left_out = f"{last.text}\n{text}", last.left_out
            cards.pop()
        else:
            left_out = 0
        cards.append(_shortened(span.field, text, is_material, left_out))
    return tuple(cards)


def _shortened(field: str, text: str, is_material: bool, left_out: int) -> PromptCard:
    if len(text) <= SHOWN:
        return PromptCard(field, text, is_material, left_out)
    closing = text[text.rfind("\n") :] if is_material else ""  # the fence
    return PromptCard(field, f"{text[:SHOWN].rstrip()} …{closing}", is_material, left_out + len(text) - SHOWN)
