"""Models that reason by themselves, as far as it changes how they should be asked."""

from __future__ import annotations

import re

from desktop.core.model import ModelInfo
from desktop.core.request import ThinkingMode
from desktop.core.text.late_regex import late_regex

# R1, its distillations and what others made of it; not names like "cr1" or "r10".
_R1 = late_regex(r"(?<![a-z0-9])r1(?![0-9])|deepseek-reasoner", re.IGNORECASE)


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
