"""What OpenAI-compatible servers tell of their models, as `ModelInfo`. Pure functions on their JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop.backends.openai_request import thinking_modes
from desktop.core.model import ModelInfo
from desktop.core.provider import ProviderPreset
from desktop.core.request import ThinkingMode

# Lists of cloud providers mix all their models; these names cannot chat.
_NO_CHAT = re.compile(
    r"embed|whisper|\btts\b|-tts|dall-e|moderation|rerank|^bge-|/bge-|transcribe|stable-diffusion|gpt-image|^sora"
)
# Tags with which a template may open the thinking itself.
_OPENINGS = ("<think>", "<thinking>", "[THINK]", "<seed:think>", "◁think▷", "<|START_THINKING|>")


def entries_of(answer: Any) -> list[Mapping[str, Any]] | None:
    """The model entries of an answer of `/models`, in each of its shapes; None when it is no list of models."""
    if isinstance(answer, Mapping):
        answer = answer.get("data", answer.get("models"))
    if not isinstance(answer, list):
        return None
    return [entry for entry in answer if isinstance(entry, Mapping) and name_of(entry)]


def name_of(entry: Mapping[str, Any]) -> str:
    """What the server wants to hear."""
    return next((value for key in ("id", "name", "model") if isinstance(value := entry.get(key), str)), "")


def model_of_entry(preset: ProviderPreset, entry: Mapping[str, Any]) -> ModelInfo:
    """A model as far as its entry in the list tells."""
    name = name_of(entry)
    meta = _mapping(entry.get("meta"))
    label = entry.get("name")
    if not isinstance(label, str) or label == name:
        label = re.split(r"[/\\]", name)[-1].removesuffix(".gguf") if name.endswith(".gguf") else ""
    modes = _modes(preset, name)
    capabilities: set[str] = set()
    supported = entry.get("supported_parameters")
    if isinstance(supported, list):
        capabilities.add("completion")
        if "reasoning" in supported or "include_reasoning" in supported:
            capabilities.add("thinking")
        else:
            modes = (ThinkingMode.OFF,)
    if _NO_CHAT.search(name.lower()):
        capabilities = {"embedding"} if re.search(r"embed|bge-", name.lower()) else {"other"}
    return ModelInfo(
        name=name,
        label=label,
        capabilities=frozenset(capabilities),
        parameters=_count(meta.get("n_params")),
        context_length=_first_count(
            meta.get("n_ctx"), entry.get("max_model_len"), entry.get("context_length"), meta.get("n_ctx_train")
        ),
        size_on_disk=_count(meta.get("size")),
        thinking_modes=modes,
    )


def _modes(preset: ProviderPreset, name: str) -> tuple[ThinkingMode, ...]:
    """What the preset knows; a model that does not think at a provider where others do has nothing to choose."""
    modes = thinking_modes(preset.for_model(name))
    return modes or ((ThinkingMode.OFF,) if thinking_modes(preset) else ())


def is_llama_server(entry: Mapping[str, Any]) -> bool:
    return entry.get("owned_by") == "llamacpp" or "n_ctx_train" in _mapping(entry.get("meta"))


def with_props(info: ModelInfo, props: Any) -> ModelInfo:
    """A model with what llama-server's `/props` adds: the context of one slot, and what the template can do."""
    props = _mapping(props)
    template = props.get("chat_template")
    template = template if isinstance(template, str) else ""
    modalities = _mapping(props.get("modalities"))
    can_think = any(tag in template for tag in (*_OPENINGS, "enable_thinking", "reasoning_content", "<|channel|>"))
    capabilities = set(info.capabilities) | {"completion"}
    capabilities |= {"thinking"} if can_think else set()
    capabilities |= {"vision"} if modalities.get("vision") is True else set()
    modes: tuple[ThinkingMode, ...] = (ThinkingMode.OFF,)
    if can_think:
        has_levels = bool(_mapping(props.get("chat_template_caps")).get("supports_reasoning_effort"))
        levels = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH) if has_levels else (ThinkingMode.ON,)
        modes = (ThinkingMode.AUTO, ThinkingMode.OFF, *levels)
    slot = _mapping(props.get("default_generation_settings"))
    return replace(
        info,
        capabilities=frozenset(capabilities) if template else info.capabilities,
        context_length=_first_count(slot.get("n_ctx"), info.context_length),
        thinking_modes=modes if template else info.thinking_modes,
    )


def opens_thinking(applied: Any) -> bool:
    """Whether the prompt that `/apply-template` gives ends inside the thinking."""
    prompt = _mapping(applied).get("prompt")
    return isinstance(prompt, str) and prompt.rstrip().endswith(_OPENINGS)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first_count(*values: Any) -> int | None:
    return next((count for value in values if (count := _count(value)) is not None), None)


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e18:
        return None
    return int(value)
