"""Drafts for which advice must be given, and such for which it must not, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.core.advice.piece import AdviceKey as Key
from desktop.core.advice.piece import PromptSetting
from desktop.core.model import ModelInfo
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.core.request import ThinkingMode
from tests.core.tables import table

INTERNET = PromptSetting(place=Place(PlaceKind.INTERNET, "api.example.com"))
NONE = PromptSetting()
SETTINGS = {
    "": NONE,
    "internet": INTERNET,
    "here": PromptSetting(place=THIS_COMPUTER),
    "later": PromptSetting(is_first=False),
}
PLAIN = ModelInfo("llama3", capabilities=frozenset({"completion"}), context_length=4_096)
QWEN = ModelInfo("qwen3", capabilities=frozenset({"completion", "thinking"}), thinking_modes=(ThinkingMode.OFF,))
SWITCHED = ModelInfo("qwen3", thinking_modes=(ThinkingMode.ON, ThinkingMode.OFF))
R1 = ModelInfo("deepseek-r1:7b", capabilities=frozenset({"completion", "thinking"}))


def to(model: ModelInfo, **more: object) -> PromptSetting:
    return PromptSetting(model=model, window=model.context_length, **more)  # type: ignore[arg-type]


def draft(
    task: str = "",
    material: str = "",
    examples: list[list[str]] | None = None,
    thinks: bool = False,
    **texts: str,
) -> PromptDraft:
    return PromptDraft(
        framework="main",
        texts={"task": task, **texts},
        materials=(Material("task", material),) if material else (),
        examples=tuple(Example(*each) for each in examples or ()),
        chain_of_thought=thinks,
    )


LONG = "The board met on Tuesday and spoke about the new warehouse in Leipzig and its costs. " * 12
LONG_ZH = "董事会周二开会，讨论了新仓库的位置和费用，还听取了销售部门的情况汇报。" * 12
TEXTS = {"LONG": LONG, "LONG_ZH": LONG_ZH, "LATE": "The goods are late and it was on the way to the hall for a week."}
CASES = table("advice/cases.toml")

Case = tuple[PromptDraft, PromptSetting]
# What depends on the model at hand.
OF_MODELS: dict[str, dict[Key, list[Case]]] = {
    "given": {
        Key.TOO_LONG: [
            (draft("Summarise the report.", "word " * 5_000), to(PLAIN)),
            (draft("概括报告。", "报告" * 4_000), to(PLAIN)),
            (draft("Summarise it.", "word " * 2_000), to(PLAIN, system="rule " * 2_000)),
        ],
        Key.THINKS_BY_ITSELF: [
            (draft("Calculate the costs.", thinks=True), to(QWEN)),
            (draft("Calculate the costs. Think step by step."), to(QWEN)),
            (draft("计算费用。", thinks=True), to(R1)),
            (draft("请一步一步计算费用。"), to(SWITCHED)),
        ],
    },
    "not_given": {
        Key.TOO_LONG: [
            (draft("Summarise the report.", "word " * 2_000), to(PLAIN)),
            (draft("Summarise the report.", "word " * 9_000), NONE),
            (draft("概括报告。", "报告" * 1_000), to(PLAIN)),
        ],
        Key.THINKS_BY_ITSELF: [
            (draft("Calculate the costs.", thinks=True), to(PLAIN)),
            (draft("Calculate the costs."), to(R1)),
            (draft("Calculate the costs.", thinks=True), NONE),
            (draft("计算费用。", thinks=True), to(SWITCHED, thinking_off=True)),
        ],
    },
}


def cases(which: str) -> Iterator[tuple[Key, PromptDraft, PromptSetting]]:
    """The drafts for which advice is `given`, or `not_given`."""
    for key in Key:
        for row in CASES[which].get(key, ()):
            yield (key, *_case(row if isinstance(row, dict) else {"task": row}))
        for of_model in OF_MODELS[which].get(key, ()):
            yield (key, *of_model)


def _case(row: dict[str, Any]) -> Case:
    material = row.get("material", "")
    more = {name: value for name, value in row.items() if name not in ("material", "setting")}
    return draft(material=TEXTS.get(material, material), **more), SETTINGS[row.get("setting", "")]
