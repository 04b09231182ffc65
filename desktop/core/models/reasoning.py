"""Whether a model reasons by itself, and what its chat template (Jinja) tells of that. No template is run here."""

from __future__ import annotations

import re

from desktop.core.model import ModelInfo
from desktop.core.request import ThinkingMode

LEVELS: tuple[ThinkingMode, ...] = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
# Tags with which a template may open the thinking itself.
OPENINGS = ("<think>", "<thinking>", "[THINK]", "<seed:think>", "◁think▷", "<|START_THINKING|>")

_MARKS = (*OPENINGS, "<|channel|>", "<|channel>", "reasoning_content", "enable_thinking", "reasoning_effort")
# A statement of a template, and in it a variable that a request can set, so that there is no thinking: of its own,
# no attribute of a message and no text.
_STATEMENT = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
_SWITCH = re.compile(r"(?<![\w.'\"])(?:enable_)?thinking(?![\w'\"])")
_EFFORT = re.compile(r"(?<![\w.'\"])reasoning_effort(?![\w'\"])")
# R1, its distillations and what others made of it; not names like "cr1" or "r10".
_R1 = re.compile(r"(?<![a-z0-9])r1(?![0-9])|deepseek-reasoner", re.IGNORECASE)


def reasons_by_itself(model: ModelInfo | None) -> bool:
    """Return True if a model is known to think before it answers, where it is not kept from it."""
    if model is None:
        return False
    can_think = any(mode is not ThinkingMode.OFF for mode in model.thinking_modes)
    return can_think or "thinking" in model.capabilities or is_r1(model)


def can_be_kept_from_reasoning(model: ModelInfo | None) -> bool:
    return model is not None and ThinkingMode.OFF in model.thinking_modes


def is_r1(model: ModelInfo | None) -> bool:
    """Return True for DeepSeek-R1 and what descends from it."""
    return model is not None and _R1.search(model.name) is not None


def thinks(template: str) -> bool:
    """Return True if a model with this template thinks."""
    return any(mark in template for mark in _MARKS)


def thinking_modes(template: str) -> tuple[ThinkingMode, ...]:
    """Return the choices of thinking: off where the template has a switch, strengths where it knows them.

    gpt-oss has strengths and no switch; DeepSeek-R1 has neither and thinks always.
    """
    if not thinks(template):
        return (ThinkingMode.OFF,)
    statements = " ".join(_STATEMENT.findall(template))
    off = (ThinkingMode.OFF,) if _SWITCH.search(statements) else ()
    on = LEVELS if _EFFORT.search(statements) else (ThinkingMode.ON,) if off else ()
    return (ThinkingMode.AUTO, *off, *on)


def off_changes_prompt(template: str) -> bool:
    """Return True if thinking that is switched off may change more of a prompt than its end, where the reply begins."""
    end = template.rfind("add_generation_prompt")
    switches = [each.end() for each in _STATEMENT.finditer(template) if _SWITCH.search(each[0])]
    return bool(switches) and (end < 0 or switches[0] < end)
