"""The model lists of OpenAI-compatible servers, as `ModelInfo`. Pure functions on their JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop.backends.openai.request import thinking_modes
from desktop.core.connections.provider import ProviderPreset
from desktop.core.model import ModelInfo
from desktop.core.models import chat_template
from desktop.core.models.chat_template import LEVELS, OPENINGS
from desktop.core.request import ThinkingMode
from desktop.core.text.late_regex import late_regex

# Lists of cloud providers mix all their models; these names cannot chat.
_NO_CHAT = late_regex(
    r"embed|whisper|\btts\b|-tts|dall-e|moderation|rerank|^bge-|/bge-|transcribe|stable-diffusion|gpt-image|^sora"
)
_CAPABILITIES = {"thinking": "reasoning", "vision": "vision", "tools": "trained_for_tool_use"}


def entries_of(answer: Any) -> list[Mapping[str, Any]] | None:
    """Return the model entries of a reply of `/models`, in each of its shapes; None if it is no list of models."""
    if isinstance(answer, Mapping):
        answer = answer.get("data", answer.get("models"))
    if not isinstance(answer, list):
        return None
    return [entry for entry in answer if isinstance(entry, Mapping) and name_of(entry)]


def name_of(entry: Mapping[str, Any]) -> str:
    """Return the model's name as requests use it."""
    return next((value for key in ("id", "name", "model") if isinstance(value := entry.get(key), str)), "")


def model_of_entry(preset: ProviderPreset, entry: Mapping[str, Any]) -> ModelInfo:
    """Return a model as far as its entry in the list tells."""
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
            modes = _modes_of_broker(entry.get("reasoning"), modes)
        else:
            modes = (ThinkingMode.OFF,)
    if _NO_CHAT.search(name.lower()):
        capabilities = {"embedding"} if re.search(r"embed|bge-", name.lower()) else {"other"}
    return ModelInfo(
        name=name,
        label=label,
        capabilities=frozenset(capabilities),
        parameters=_count(meta.get("n_params")),
        context_length=_count(meta.get("n_ctx_train")),
        # vLLM's, LiteLLM's, OpenRouter's.
        served_context=_first_count(
            entry.get("max_model_len"), entry.get("max_input_tokens"), entry.get("context_length")
        ),
        loaded_context=_count(meta.get("n_ctx")),
        size_on_disk=_count(meta.get("size")),
        thinking_modes=modes,
        sees=_takes_pictures(entry),
    )


def _takes_pictures(entry: Mapping[str, Any]) -> bool | None:
    """Return what OpenRouter tells of what a model can be given; None where nothing is told."""
    kinds = _mapping(entry.get("architecture")).get("input_modalities")
    return "image" in kinds if isinstance(kinds, list) else None


def _modes(preset: ProviderPreset, name: str) -> tuple[ThinkingMode, ...]:
    """Return the modes of the preset; a model that does not think at a provider where others do has only OFF."""
    modes = thinking_modes(preset.for_model(name))
    return modes or ((ThinkingMode.OFF,) if thinking_modes(preset) else ())


def _modes_of_broker(reasoning: Any, modes: tuple[ThinkingMode, ...]) -> tuple[ThinkingMode, ...]:
    """Return the modes that OpenRouter tells of a model: if it must think, and its strengths (null: all)."""
    told = _mapping(reasoning)
    if not told:
        return modes
    efforts = told.get("supported_efforts")
    levels = LEVELS
    if isinstance(efforts, list):
        levels = tuple(level for level in LEVELS if level.value in efforts) or (ThinkingMode.ON,)
    off = () if told.get("mandatory") is True else (ThinkingMode.OFF,)
    return (ThinkingMode.AUTO, *off, *levels)


def entries_by_name(answer: Any) -> dict[str, Mapping[str, Any]]:
    """Return LM Studio's own list of models, by all names that requests may use: of models and loaded instances."""
    found: dict[str, Mapping[str, Any]] = {}
    models = _mapping(answer).get("models")
    for entry in models if isinstance(models, list) else ():
        loaded = _mapping(entry).get("loaded_instances")
        names = [_mapping(each).get("id") for each in (loaded if isinstance(loaded, list) else ())]
        for name in (*names, _mapping(entry).get("key")):
            if isinstance(name, str):
                found[name] = entry
    return found


def with_own_entry(info: ModelInfo, entry: Mapping[str, Any] | None) -> ModelInfo:
    """Return the model with what LM Studio's own list adds: above all its thinking, and how that can be chosen."""
    if entry is None:
        return info
    if entry.get("type") == "embedding":
        return replace(info, capabilities=frozenset({"embedding"}))
    can = _mapping(entry.get("capabilities"))
    options = _mapping(can.get("reasoning")).get("allowed_options")
    loaded = next(iter(entry.get("loaded_instances") or ()), None)
    label = entry.get("display_name")
    told = {"completion"} | {word for word, key in _CAPABILITIES.items() if can.get(key)}
    return replace(
        info,
        label=label if isinstance(label, str) else info.label,
        capabilities=info.capabilities | told,
        quantization=_quantization(entry) or info.quantization,
        context_length=_count(entry.get("max_context_length")) or info.context_length,
        loaded_context=_count(_mapping(_mapping(loaded).get("config")).get("context_length")) or info.loaded_context,
        size_on_disk=_count(entry.get("size_bytes")) or info.size_on_disk,
        thinking_modes=_modes_of_options(options) if isinstance(options, list) else info.thinking_modes,
        sees=can["vision"] if isinstance(can.get("vision"), bool) else info.sees,
    )


def _modes_of_options(options: list[Any]) -> tuple[ThinkingMode, ...]:
    known = tuple(mode for mode in ThinkingMode if mode.value in options)
    levels = tuple(mode for mode in known if mode in LEVELS)
    # "On" beside strengths is one of them, and says less.
    chosen = tuple(mode for mode in known if not (levels and mode is ThinkingMode.ON) and mode is not ThinkingMode.AUTO)
    return (ThinkingMode.AUTO, *chosen) if chosen not in ((), (ThinkingMode.OFF,)) else (ThinkingMode.OFF,)


def _quantization(entry: Mapping[str, Any]) -> str:
    name = _mapping(entry.get("quantization")).get("name")
    return name if isinstance(name, str) else ""


def is_llama_server(entry: Mapping[str, Any]) -> bool:
    return entry.get("owned_by") == "llamacpp" or "n_ctx_train" in _mapping(entry.get("meta"))


def with_props(info: ModelInfo, props: Any) -> ModelInfo:
    """Return the model with what llama-server's `/props` adds.

    That is the context of one slot, in tokens, and what the template can do.
    """
    props = _mapping(props)
    template = props.get("chat_template")
    template = template if isinstance(template, str) else ""
    modalities = _mapping(props.get("modalities"))
    capabilities = set(info.capabilities) | {"completion"}
    capabilities |= {"thinking"} if chat_template.thinks(template) else set()
    capabilities |= {"vision"} if modalities.get("vision") is True else set()
    slot = _mapping(props.get("default_generation_settings"))
    return replace(
        info,
        capabilities=frozenset(capabilities) if template else info.capabilities,
        loaded_context=_count(slot.get("n_ctx")) or info.loaded_context,
        thinking_modes=chat_template.thinking_modes(template) if template else info.thinking_modes,
        off_changes_prompt=chat_template.off_changes_prompt(template),
        sees=modalities["vision"] if isinstance(modalities.get("vision"), bool) else info.sees,
    )


def opens_thinking(applied: Any) -> bool:
    """Return True if the prompt that `/apply-template` gives ends inside the thinking."""
    prompt = _mapping(applied).get("prompt")
    return isinstance(prompt, str) and prompt.rstrip().endswith(OPENINGS)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first_count(*values: Any) -> int | None:
    return next((count for value in values if (count := _count(value)) is not None), None)


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e18:
        return None
    return int(value)
