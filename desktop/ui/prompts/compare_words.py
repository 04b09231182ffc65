"""The words of a comparison: on the menu that offers it, and over each answer. Words only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.message import Message
from desktop.core.prompts.prompt import Language
from desktop.ui.words import prompt_language, say

if TYPE_CHECKING:
    from desktop.core.prompts.render import RenderedPrompt
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


def offered(variant: Variant, language: Language) -> str:
    """Return the words of a choice in the menu."""
    from desktop.core.prompts.variants import Omission  # a start without the prompt builder does not need it

    match variant.omission:
        case Omission.PART:
            return say("prompts.with_and_without", label=_label(variant, language))
        case Omission.EXAMPLES:
            return say("prompts.with_and_without_the_examples")
        case Omission.CHAIN_OF_THOUGHT:
            return say("prompts.with_and_without_thinking_step_by")
        case Omission.ALL_BUT_TASK:
            return say("prompts.with_everything_and_the_task_alone")


def asked_without(variant: Variant, language: Language) -> str:
    """Return the words of the button that asks again with something left out."""
    from desktop.core.prompts.variants import Omission

    match variant.omission:
        case Omission.PART:
            return say("prompts.leave_out_and_ask_again", label=_label(variant, language))
        case Omission.EXAMPLES:
            return say("prompts.leave_out_the_examples_and_ask")
        case Omission.CHAIN_OF_THOUGHT:
            return say("prompts.ask_again_without_thinking_step_by")
        case Omission.ALL_BUT_TASK:
            return say("prompts.ask_again_with_the_task_alone")


def compared_sides(variant: Variant, prompts: Sequence[RenderedPrompt], language: Language) -> list[SideWords]:
    """Return the words over the answers to the whole prompt and to the other one; `prompts` are these two."""
    whole, other = prompts
    return [
        SideWords(say("prompts.with_everything"), whole, variant.left_out),
        SideWords(_without(variant, language), other, left_out=_label(variant, language)),
    ]


def sides_of(names: Sequence[str], questions: Sequence[Message]) -> list[SideWords]:
    """Return the words over the answers to questions that are no prompts of the builder, each with what is asked."""
    from desktop.core.prompts.render import RenderedPrompt

    prompts = [RenderedPrompt(each.text, prompt_language()) for each in questions]
    return [SideWords(name, prompt) for name, prompt in zip(names, prompts, strict=True)]


def _without(variant: Variant, language: Language) -> str:
    from desktop.core.prompts.variants import Omission

    match variant.omission:
        case Omission.PART:
            return say("prompts.without_the_part", label=_label(variant, language))
        case Omission.EXAMPLES:
            return say("prompts.without_the_examples")
        case Omission.CHAIN_OF_THOUGHT:
            return say("prompts.without_thinking_step_by_step")
        case Omission.ALL_BUT_TASK:
            return say("prompts.the_task_alone")


def _label(variant: Variant, language: Language) -> str:
    return variant.field.label.of(language) if variant.field is not None else ""
