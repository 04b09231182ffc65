"""Models that reason by themselves, as far as it changes how they should be asked.

DeepSeek's advice for R1 is in the model's README ("Usage Recommendations": temperature 0.5 to 0.7, no system prompt)
and in the paper (arXiv 2501.12948, section 5: examples in the prompt make it worse).
"""

from __future__ import annotations

import re

from desktop.core.model import ModelInfo
from desktop.core.request import ThinkingMode
from desktop.core.text.late_regex import late_regex

R1_TEMPERATURE = 0.6
R1_TEMPERATURES = (0.5, 0.7)

# R1, its distillations and what others made of it; not names like "cr1" or "r10".
_R1 = late_regex(r"(?<![a-z0-9])r1(?![0-9])|deepseek-reasoner", re.IGNORECASE)
_TAKES_SYSTEM = late_regex(r"0528")  # the README of this later R1 says that it does


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


def advises_no_system_prompt(model: ModelInfo | None) -> bool:
    return model is not None and is_r1(model) and not _TAKES_SYSTEM.search(model.name)
