"""The words of a comparison: on the menu that offers it, and over each answer. Words only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.message import Message
from desktop.core.prompts.render import RenderedPrompt
from desktop.ui.words import prompt_language, say, say_each

if TYPE_CHECKING:
    from desktop.core.prompts.variants import Variant


@dataclass(frozen=True, slots=True)
class SideWords:
    """The heading over an answer and, if it is to be shown, the prompt.

    `marked` are the keys of the prompt's parts that the others do not have; `left_out` is the name of the part that
    this one lacks.
    """

    heading: str
    prompt: RenderedPrompt | None = None
    marked: frozenset[str] = frozenset()
    left_out: str = ""


def offered(variant: Variant) -> str:
    """Return the words of a choice in the menu."""
    return say_each("prompts.compare", variant.omission, label=_label(variant))


def asked_without(variant: Variant) -> str:
    """Return the words of the button that asks again with something left out."""
    return say_each("prompts.ask", variant.omission, label=_label(variant))


def compared_sides(variant: Variant, prompts: Sequence[RenderedPrompt]) -> list[SideWords]:
    """Return the words over the answers to the whole prompt and to the other one; `prompts` are these two."""
    (whole, other), label = prompts, _label(variant)
    return [
        SideWords(say("prompts.with_everything"), whole, variant.left_out),
        SideWords(say_each("prompts.without", variant.omission, label=label), other, left_out=label),
    ]


def sides_of(names: Sequence[str], questions: Sequence[Message]) -> list[SideWords]:
    """Return the words over the answers to questions that are no prompts of the builder, each with what is asked."""
    prompts = [RenderedPrompt(each.text, prompt_language()) for each in questions]
    return [SideWords(name, prompt) for name, prompt in zip(names, prompts, strict=True)]


def _label(variant: Variant) -> str:
    return variant.field.label.of(prompt_language()) if variant.field is not None else ""
