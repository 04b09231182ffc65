"""Advice on a prompt in the user's language: one sentence for each key, and what its button does."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.core.advice.piece import Advice, AdviceKey
from desktop.ui.documents.words import text_length
from desktop.ui.prompts.advice.lines import AdviceLine
from desktop.ui.words import fill, number

translate = QCoreApplication.translate

_LONGEST_VALUE = 40  # characters of what a sentence quotes


def advice_line(advice: Advice) -> AdviceLine:
    """Return the line that the panel shows; its button does what helps, or goes to the part that is meant."""
    fix = _fix(advice) if advice.fix is not None else ""
    if is_blank(advice):
        fix = translate("advice", "Save as recipe…")
    elif advice.key is AdviceKey.TEXT_MISSING:
        fix = translate("advice", "Add material")
    elif not fix and advice.field:
        fix = translate("advice", "Go there")
    return AdviceLine(advice.key, _sentence(advice), fix)


def is_blank(advice: Advice) -> bool:
    """Return True if a blank of a recipe waits to be filled in: such a prompt is to be used again."""
    return advice.key is AdviceKey.PLACEHOLDER_LEFT and str(advice.values.get("found", "")).startswith("{{")


def _sentence(advice: Advice) -> str:
    def value(name: str) -> str:
        return _shown(advice.values.get(name, ""))

    match advice.key:
        case AdviceKey.PERSONAL_DATA:
            words = translate("advice", "“%1” looks like personal data, and would go over the internet to %2.")
            return fill(words, value("found"), value("host"))
        case AdviceKey.TOO_LONG:
            words = translate("advice", "Too long for this model: %1. At once it can read %2.")
            return fill(words, *(text_length(float(advice.values[name])) for name in ("tokens", "context")))
        case AdviceKey.MATERIAL_WITHOUT_TASK:
            return translate("advice", "There is much to read, but nothing says what to do with it.")
        case AdviceKey.PLACEHOLDER_LEFT:
            return fill(translate("advice", "“%1” still waits to be filled in."), value("found"))
        case AdviceKey.TEXT_MISSING:
            words = translate("advice", "“%1”: the text itself is not here. Without it, the model will invent one.")
            return fill(words, value("found"))
        case AdviceKey.CONTRADICTION:
            words = translate("advice", "“%1” and “%2” contradict each other.")
            return fill(words, value("first"), value("second"))
        case AdviceKey.LANGUAGE_UNSAID:
            words = translate(
                "advice", "Your words and the material are in different languages. Say which to answer in."
            )
            return words
        case AdviceKey.SAME_LANGUAGE:
            return translate("advice", "The text is in that language already.")
        case AdviceKey.VAGUE_WORD:
            return fill(
                translate("advice", "“%1” can mean many things. Shorter? Politer? With sources?"), value("found")
            )
        case AdviceKey.NO_CONTEXT:
            return translate(
                "advice", "No context is given. Who reads it, and what should a newcomer know to do this well?"
            )
        case AdviceKey.THINKS_BY_ITSELF:
            return fill(translate("advice", "%1 thinks by itself. Asking it to is not needed."), value("model"))
        case AdviceKey.EXAMPLE_INCOMPLETE:
            return fill(translate("advice", "Example %1 has only one half."), value("number"))
        case _:
            assert_never(advice.key)


def _fix(advice: Advice) -> str:
    """Return the words of the button that does what helps."""
    match advice.key:
        case AdviceKey.PERSONAL_DATA:
            return translate("advice", "Mask it")
        case AdviceKey.THINKS_BY_ITSELF:
            return translate("advice", "Switch off")
        case AdviceKey.LANGUAGE_UNSAID:
            return translate("advice", "Say it")
        case AdviceKey.SAME_LANGUAGE:
            return translate("advice", "Into the other one")
        case _:
            return translate("advice", "Do it")


def temperature_line(key: str, temperature: float) -> AdviceLine:
    """Return the line that a conversation has its own temperature, with a button that undoes that."""
    words = fill(translate("advice", "Temperature %1 is set for this conversation."), _shown(temperature))
    return AdviceLine(key, words, translate("advice", "Undo"))


def _shown(value: str | int | float) -> str:
    match value:
        case int():
            return number(value)
        case float():
            return QLocale().toString(value, "g", 3)
        case _:
            flat = " ".join(value.split())
            return flat if len(flat) <= _LONGEST_VALUE else f"{flat[:_LONGEST_VALUE]}…"
