"""The facts on a model: its row in the catalogue, or what its server tells of it, completed by that row.

They say what it asks of a computer, too, in memory and in bytes that are read for each token: `docs/models.md` has the
formulas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated

from desktop.core.converting import Within, named
from desktop.core.model import CacheShape, Count, ModelInfo
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
    return can_think or "thinking" in model.capabilities or _is_r1(model)


def can_be_kept_from_reasoning(model: ModelInfo | None) -> bool:
    return model is not None and ThinkingMode.OFF in model.thinking_modes


def _is_r1(model: ModelInfo | None) -> bool:
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


# Working memory of a server, in bytes: what it computes in, and its own program.
_WORK = 430_000_000
# How much slower than its bytes say a family was measured to be.
_GEMMA, _HYBRID, _EXPERTS, _GEMMA_EXPERTS, _GPT_OSS = 1.2, 1.25, 1.5, 1.8, 1.1
# Borders of whom a model is for, in weights: one person's computer, a team's server.
_PERSON, _TEAM = 16_000_000_000, 80_000_000_000
# Bytes for one weight in the ways in which models are usually stored, from coarse to fine.
_STEPS = ((2, 0.395), (3, 0.489), (4, 0.612), (6, 0.820), (8, 1.063), (16, 2.0))
_MOST_BITS = 32


class Reasoning(StrEnum):
    """Extent to which a model thinks before it answers."""

    NEVER = "never"
    SWITCHED = "switched"  # can be kept from it
    ALWAYS = "always"


class Scale(StrEnum):
    """Reach of a model: whom a computer that runs it is usually for."""

    PERSON = "person"
    TEAM = "team"
    DATA_CENTRE = "data_centre"


class Use(StrEnum):
    """Task that a model is good for."""

    SHORT = "short"
    MAIL = "mail"
    WRITING = "writing"
    SUMS = "sums"
    LONG = "long"
    PICTURES = "pictures"
    TRANSLATION = "translation"
    ONLY_TRANSLATION = "only_translation"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Distilled:
    """Origin of a model that another one has taught: `pupil` is the family that it is of, `teacher` the model."""

    pupil: str
    teacher: str


@dataclass(frozen=True, slots=True)
class StoredStep:
    """Way to store the weights: bits for each, and the bytes of all; computed ones are to be called "about"."""

    bits: int
    size: int
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Facts on a model; None or empty where nobody has said. A row of the catalogue has all but the last ones.

    `name` is what its server (Ollama, of a row) calls it, `also` are other names; `about` is a sentence in each
    language. `rank` orders models by the quality of their answers, up to 100. `since` is a date or only its month.
    `stored` is how the weights are stored. Sizes are in bytes, `context` in tokens; `read` is what is read from memory
    for each token, `active` the parameters that work at a time, None where all do. `for_servers`: it cannot be pulled.
    What is not `is_sure` is never proposed.
    """

    name: str
    title: str
    about: Mapping[str, str] = field(default_factory=dict)
    good_for: tuple[Use, ...] = ()
    rank: Annotated[int, Within(0, 100)] = 0
    scale: Scale | None = None
    reasoning: Reasoning = Reasoning.NEVER
    sees: bool | None = None
    languages: tuple[str, ...] = ()
    licence: str = ""
    any_use: bool = False
    since: str = ""
    family: str = ""
    parameters: Count | None = None
    context: Count | None = None
    stored: str = ""
    bits: Annotated[int, Within(1, _MOST_BITS)] | None = None
    size: Count | None = field(default=None, metadata=named("bytes"))
    read: Count | None = None
    also: tuple[str, ...] = ()
    language_count: Count = 0
    active: Count | None = None
    distilled: Distilled | None = field(default=None, metadata=named("taught"))
    cache: CacheShape | None = None
    min_ollama: str = ""
    for_servers: bool = False
    is_sure: bool = True

    @property
    def has_experts(self) -> bool:
        """True if the model is a mixture of experts, of which a few work at a time."""
        # Of Gemma's E2B and E4B all weights work; the others are a table that is looked up.
        return self.active is not None and self.parameters is not None and self.active * 2.5 < self.parameters

    @property
    def slowness(self) -> float:
        """The factor by which its family takes longer for a token than the bytes that it reads say."""
        name = self.family.lower().replace("-", "").replace("_", "")
        if name.startswith("gptoss"):
            return _GPT_OSS
        if name.startswith("gemma"):
            return _GEMMA_EXPERTS if self.has_experts else _GEMMA
        if self.has_experts:
            return _EXPERTS
        return _HYBRID if name.startswith(("qwen35", "qwen36", "qwen38", "qwen3next")) else 1.0

    @property
    def steps(self) -> tuple[StoredStep, ...]:
        """The ways to store the model, from coarse to fine, with the one in use; none where that cannot be told."""
        if self.parameters is None or self.bits is None or not 1 <= self.bits <= _MOST_BITS:
            return ()
        used = min((bits for bits, _ in _STEPS), key=lambda each: abs(each - (self.bits or 0)))
        return tuple(
            StoredStep(bits, self.size if bits == used and self.size else int(self.parameters * each), bits == used)
            for bits, each in _STEPS
        )

    def need(self, window: int) -> int | None:
        """Return the bytes of memory with a window of so many tokens; None where a part of it is not known."""
        return None if self.size is None or self.cache is None else self.size + self.cache.bytes_for(window) + _WORK

    def speaks(self, language: str) -> bool | None:
        """Return True if it is good at a language ("zh_CN"); None where that is not known."""
        return language.partition("_")[0] in self.languages if self.languages else None

    def words(self, language: str) -> str:
        """Return the sentence on the model, in English where there is none in this language ("zh_CN", "de")."""
        return self.about.get(language.partition("_")[0], self.about.get("en", ""))


def facts_of(model: ModelInfo, row: ModelFacts | None = None) -> ModelFacts:
    """Return the facts on a model that a server has: what the server tells counts more than its row."""
    listed = row or ModelFacts(name=model.name, title=model.title)
    parameters = listed.parameters or model.parameters
    bits = re.search(r"\d+", model.quantization)
    return replace(
        listed,
        name=model.name,
        title=model.title,
        scale=listed.scale or _scale(parameters),
        reasoning=_reasoning(model, row),
        sees=listed.sees if model.sees is None else model.sees,
        family=listed.family or model.family,
        parameters=parameters,
        active=listed.active or model.active_parameters,
        context=model.context_length or listed.context,
        stored=model.quantization or listed.stored,
        bits=int(bits[0]) if bits else listed.bits,
        size=model.size_on_disk or listed.size,
        read=_read(model, listed),
        cache=model.cache or listed.cache,
    )


def _reasoning(model: ModelInfo, row: ModelFacts | None) -> Reasoning:
    if row is not None and not model.capabilities:
        return row.reasoning
    if not reasons_by_itself(model):
        return Reasoning.NEVER
    # From its list alone, a server takes every thinking model for switched; it tells a temperature only when asked.
    is_listed_alone = row is not None and row.reasoning is Reasoning.ALWAYS and model.temperature is None
    can_be_kept = can_be_kept_from_reasoning(model) and not is_listed_alone
    return Reasoning.SWITCHED if can_be_kept else Reasoning.ALWAYS


def _read(model: ModelInfo, listed: ModelFacts) -> int | None:
    size, total, active = model.size_on_disk, model.parameters, model.active_parameters
    if size is None:
        return listed.read
    if listed.read and listed.size:
        return int(listed.read * (size / listed.size))
    return size * active // total if active and total and active < total else size


def _scale(parameters: int | None) -> Scale | None:
    if parameters is None:
        return None
    return Scale.PERSON if parameters < _PERSON else Scale.TEAM if parameters < _TEAM else Scale.DATA_CENTRE
