"""Advice on a prompt in the user's language: one sentence for each key, and what its button does."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from desktop.core.advice.piece import Advice, AdviceKey
from desktop.ui.documents.words import text_length
from desktop.ui.prompts.advice.lines import AdviceLine
from desktop.ui.words import number, say, say_each

_LONGEST_VALUE = 40  # characters of what a sentence quotes


def advice_line(advice: Advice) -> AdviceLine:
    """Return the line that the panel shows; its button does what helps, or goes to the part that is meant."""
    fix = _fix(advice) if advice.fix is not None else ""
    if is_blank(advice):
        fix = say("prompts.save_as_recipe")
    elif advice.key is AdviceKey.TEXT_MISSING:
        fix = say("prompts.add_material")
    elif not fix and advice.field:
        fix = say("prompts.go_there")
    return AdviceLine(advice.key, _sentence(advice), fix)


def is_blank(advice: Advice) -> bool:
    """Return True if a blank of a recipe waits to be filled in: such a prompt is to be used again."""
    return advice.key is AdviceKey.PLACEHOLDER_LEFT and str(advice.values.get("found", "")).startswith("{{")


def _sentence(advice: Advice) -> str:
    values = {name: _shown(each) for name, each in advice.values.items()}
    if advice.key is AdviceKey.TOO_LONG:
        values = {name: text_length(float(advice.values[name])) for name in ("tokens", "context")}
    return say_each("prompts.advice", advice.key, **values)


def _fix(advice: Advice) -> str:
    """Return the words of the button that does what helps."""
    match advice.key:
        case AdviceKey.PERSONAL_DATA:
            return say("prompts.mask_it")
        case AdviceKey.THINKS_BY_ITSELF:
            return say("prompts.switch_off")
        case AdviceKey.LANGUAGE_UNSAID:
            return say("prompts.say_it")
        case AdviceKey.SAME_LANGUAGE:
            return say("prompts.into_the_other_one")
        case _:
            return say("prompts.do_it")


def temperature_line(key: str, temperature: float) -> AdviceLine:
    """Return the line that a conversation has its own temperature, with a button that undoes that."""
    words = say("prompts.temperature_is_set_for_this_conversation", shown=_shown(temperature))
    return AdviceLine(key, words, say("prompts.undo"))


def _shown(value: str | int | float) -> str:
    match value:
        case int():
            return number(value)
        case float():
            return QLocale().toString(value, "g", 3)
        case _:
            flat = " ".join(value.split())
            return flat if len(flat) <= _LONGEST_VALUE else f"{flat[:_LONGEST_VALUE]}…"
