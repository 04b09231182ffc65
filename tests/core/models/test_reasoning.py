"""What templates of known models tell of their thinking; each is the part of the real one that matters."""

from __future__ import annotations

import pytest

from desktop.core.models.reasoning import off_changes_prompt, thinking_modes, thinks
from desktop.core.request import ThinkingMode
from tests.core.tables import table

CASES = table("models/reasoning.toml")


AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, MEDIUM, HIGH = ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH

TEMPLATES = {
    "Qwen3": (
        "{%- if message.reasoning_content is string %}{%- endif %}{%- if add_generation_prompt %}"
        "{%- if enable_thinking is defined and enable_thinking is false %}"
        "{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}",
        (AUTO, OFF, ON),
    ),
    "Qwen3-Thinking-2507": (
        "{%- if message.reasoning_content is string %}{%- endif %}"
        "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}",
        (AUTO,),
    ),
    "DeepSeek-R1": (
        "{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}"
        "{% if add_generation_prompt %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
        (AUTO,),
    ),
    "DeepSeek-V3.1": (
        "{% if not thinking is defined %}{% set thinking = false %}{% endif %}"
        "{%- if not thinking %}{{'</think>'}}{%- else %}{{'<think>'}}{%- endif %}",
        (AUTO, OFF, ON),
    ),
    "Granite 3.3": (
        "{%- if thinking %}{%- set system_message = system_message + ' Write your thoughts between <think></think>' %}"
        "{%- endif %}",
        (AUTO, OFF, ON),
    ),
    "gpt-oss": (
        "{%- if reasoning_effort is not defined %}{%- set reasoning_effort = 'medium' %}{%- endif %}"
        "{%- if message.thinking %}"
        "{{- '<|start|>assistant<|channel|>analysis<|message|>' + message.thinking }}{%- endif %}",
        (AUTO, LOW, MEDIUM, HIGH),
    ),
    "strengths and a switch": (
        "{%- if enable_thinking %}<think>{{ reasoning_effort }}{%- endif %}",
        (AUTO, OFF, LOW, MEDIUM, HIGH),
    ),
    "Magistral": ("{%- if block['type'] == 'thinking' %}[THINK]{{ block['thinking'] }}[/THINK]{%- endif %}", (AUTO,)),
    "Seed-OSS": ("{%- if thinking_budget == 0 %}<seed:think></seed:think>{%- endif %}", (AUTO,)),
    "a model that does not think": ("{{ messages }} I was thinking of you. {{ 'thinking' }}", (OFF,)),
    "none": ("", (OFF,)),
}


@pytest.mark.parametrize("model", TEMPLATES)
def test_what_can_be_chosen(model):
    template, modes = TEMPLATES[model]
    assert thinking_modes(template) == modes
    assert thinks(template) is (modes != (OFF,))


@pytest.mark.parametrize(
    ("template", "changes"),
    CASES["where_a_prompt_says_that_thinking_is_off"],
)
def test_where_a_prompt_says_that_thinking_is_off(template, changes):
    assert off_changes_prompt(template) is changes
