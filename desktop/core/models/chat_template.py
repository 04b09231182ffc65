"""A model's chat template (Jinja), and what it tells of the model's thinking.

Rules on text; no template is run here.
"""

from __future__ import annotations

import re

from desktop.core.request import ThinkingMode
from desktop.core.text.late_regex import late_regex

LEVELS: tuple[ThinkingMode, ...] = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
# Tags with which a template may open the thinking itself.
OPENINGS = ("<think>", "<thinking>", "[THINK]", "<seed:think>", "◁think▷", "<|START_THINKING|>")

_MARKS = (*OPENINGS, "<|channel|>", "<|channel>", "reasoning_content", "enable_thinking", "reasoning_effort")
# A statement of a template, and in it a variable that a request can set, so that there is no thinking: of its own,
# no attribute of a message and no text.
_STATEMENT = late_regex(r"\{[%{].*?[%}]\}", re.DOTALL)
_SWITCH = late_regex(r"(?<![\w.'\"])(?:enable_)?thinking(?![\w'\"])")
_EFFORT = late_regex(r"(?<![\w.'\"])reasoning_effort(?![\w'\"])")


def thinks(template: str) -> bool:
    """Return True if a model with this template thinks."""
    return any(mark in template for mark in _MARKS)


def thinking_modes(template: str) -> tuple[ThinkingMode, ...]:
    """Return the choices of thinking: off where the template has a switch, strengths where it knows them.

    gpt-oss has strengths and no switch; DeepSeek-R1 has neither and thinks always.
    """
    if not thinks(template):
        return (ThinkingMode.OFF,)
    statements = _STATEMENT.findall(template)
    has_switch = any(_SWITCH.search(each) for each in statements)
    has_levels = any(_EFFORT.search(each) for each in statements)
    off = (ThinkingMode.OFF,) if has_switch else ()
    on = LEVELS if has_levels else (ThinkingMode.ON,) if has_switch else ()
    return (ThinkingMode.AUTO, *off, *on)


def off_changes_prompt(template: str) -> bool:
    """Return True if thinking that is switched off may change more of a prompt than its end, where the reply begins."""
    end = template.rfind("add_generation_prompt")
    switches = [each.end() for each in _STATEMENT.finditer(template) if _SWITCH.search(each[0])]
    return bool(switches) and (end < 0 or switches[0] < end)
