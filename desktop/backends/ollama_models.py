"""Ollama's descriptions of its models, as `ModelInfo`, and the kinds of thinking that each understands.

Pure functions on its JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from desktop.core.model import ModelInfo
from desktop.core.models.cache import cache_shape
from desktop.core.models.place import forwarding_host, is_cloud_name
from desktop.core.request import Thinking, ThinkingMode
from desktop.core.text.late_regex import late_regex

_SIZES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
# `.Think` and `.IsThinkSet` in a template of Ollama's, `enable_thinking` in one that came with the model's file.
_SWITCH = late_regex(r"\.(?:Think|IsThinkSet|ThinkLevel)\b|enable_thinking")
_TEMPERATURE = late_regex(r"^temperature\s+(\d+(?:\.\d+)?)\s*$", re.MULTILINE)
_WEIGHTS = late_regex(r"^FROM\s.*\bsha256[-:]([0-9a-f]{64})\s*$", re.MULTILINE)
_OLLAMA_TEMPERATURE = 0.8  # its documentation of the Modelfile
_GPT_OSS = frozenset({"gptoss", "gpt-oss"})


def model_of_tag(entry: Mapping[str, Any]) -> ModelInfo:
    """Return a model from an entry of `/api/tags`; without capabilities on servers before 0.30.

    Of a forwarded one (`remote_model`, `remote_host`) the size is that of a note, not of weights.
    """
    details = mapping_of(entry.get("details"))
    name = _text(entry.get("name")) or _text(entry.get("model"))
    family = _text(details.get("family"))
    capabilities = _texts(entry.get("capabilities"))
    forwarded_to = _forwarded_to(name, entry)
    return ModelInfo(
        name=name,
        capabilities=capabilities,
        family=family,
        parameters=_parametercount_of(_text(details.get("parameter_size"))),
        quantization=_text(details.get("quantization_level")),
        context_length=count_of(details.get("context_length")),
        size_on_disk=None if forwarded_to else count_of(entry.get("size")),
        thinking_modes=thinking_modes(capabilities, family),
        forwarded_to=forwarded_to,
        sees="vision" in capabilities if capabilities else None,
    )


def model_of_show(name: str, shown: Mapping[str, Any], listed: ModelInfo | None = None) -> ModelInfo:
    """Return a model from the reply of `/api/show`, with the size from its listing."""
    details = mapping_of(shown.get("details"))
    facts = mapping_of(shown.get("model_info"))
    architecture = _text(facts.get("general.architecture"))
    family = _text(details.get("family")) or architecture
    capabilities = _texts(shown.get("capabilities")) or _inferred_capabilities(shown)
    total = count_of(facts.get("general.parameter_count")) or _parametercount_of(_text(details.get("parameter_size")))
    return ModelInfo(
        name=name,
        capabilities=capabilities,
        family=family,
        parameters=total,
        active_parameters=_active_parameters(facts, architecture, total),
        quantization=_text(details.get("quantization_level")),
        context_length=count_of(facts.get(f"{architecture}.context_length")),
        cache=cache_shape(facts),
        size_on_disk=listed.size_on_disk if listed else None,
        thinking_modes=thinking_modes(capabilities, family, has_switch=_has_switch(shown)),
        temperature=_temperature(shown.get("parameters")),
        forwarded_to=_forwarded_to(name, shown) or (listed.forwarded_to if listed else ""),
        sees="vision" in capabilities,
        weights=_weights(shown.get("modelfile")),
    )


def loaded_in(answer: Any, model: str) -> Mapping[str, Any] | None:
    """Return the entry of a model in the reply of `/api/ps`; None if it is not in the server's memory."""
    name = model if ":" in model.rpartition("/")[2] else f"{model}:latest"
    listed = mapping_of(answer).get("models")
    entries = [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []
    return next((entry for entry in entries if name in (entry.get("name"), entry.get("model"))), None)


def thinking_modes(capabilities: frozenset[str], family: str, *, has_switch: bool = True) -> tuple[ThinkingMode, ...]:
    """Return the modes that can be chosen.

    gpt-oss has levels and cannot be kept from thinking; unknown models give none. Without a switch a model always
    thinks, and there is nothing to choose.
    """
    if not capabilities:
        return ()
    if "thinking" not in capabilities:
        return (ThinkingMode.OFF,)
    if family.lower() in _GPT_OSS:
        return (ThinkingMode.AUTO, ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
    return (ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON) if has_switch else (ThinkingMode.AUTO,)


def think_field(thinking: Thinking, model: ModelInfo | None) -> bool | str | None:
    """Return the value of the request field `think`; None to leave it out.

    Left out it means off before version 0.12.4 and on since, so it is sent whenever the model is known.
    """
    mode = thinking.mode
    if model is None or not model.capabilities:
        return None if mode is ThinkingMode.AUTO else mode is not ThinkingMode.OFF
    can_think = "thinking" in model.capabilities
    if can_think and model.family.lower() in _GPT_OSS:
        if mode in (ThinkingMode.AUTO, ThinkingMode.ON):
            return True
        return "low" if mode is ThinkingMode.OFF else mode.value  # "low" is the least that this family can do
    if mode is ThinkingMode.AUTO:
        return can_think
    return mode is not ThinkingMode.OFF


def _forwarded_to(name: str, said: Mapping[str, Any]) -> str:
    """Return the host that a model is forwarded to; empty for one that is answered here.

    One sign is enough: a `remote_model` without a host, and a name that Ollama forwards by itself, count too.
    """
    host, model = _text(said.get("remote_host")), _text(said.get("remote_model"))
    return forwarding_host(host) if host or model or is_cloud_name(name) else ""


def _temperature(parameters: Any) -> float | None:
    """Return the default temperature from the model's parameters (a text with a line for each), else Ollama's.

    None if there is no such text.
    """
    if not isinstance(parameters, str):
        return None
    said = _TEMPERATURE.search(parameters)
    return float(said[1]) if said else _OLLAMA_TEMPERATURE


def _weights(modelfile: Any) -> str:
    """Return the digest of a model's weights, by the file that they lie in; empty where it is not told."""
    told = _WEIGHTS.search(modelfile) if isinstance(modelfile, str) else None
    return told[1] if told else ""


def _has_switch(shown: Mapping[str, Any]) -> bool:
    """Return True if `think: false` reaches the model: its template, or the renderer in its place, asks for it.

    Renderers are named after models; those that only think have it in their name (`qwen3-thinking`).
    """
    renderer, template = _text(shown.get("renderer")), _text(shown.get("template"))
    if renderer:
        return not renderer.endswith("-thinking")
    return not template or bool(_SWITCH.search(template))


def _inferred_capabilities(shown: Mapping[str, Any]) -> frozenset[str]:
    """Return the capabilities read from template and families, for servers before 0.6.4, which do not tell."""
    details = mapping_of(shown.get("details"))
    families = _texts(details.get("families")) | {_text(details.get("family"))}
    template = _text(shown.get("template"))
    found = {"embedding"} if any("bert" in family for family in families) else {"completion"}
    if ".Thinking" in template or "<think>" in template:
        found.add("thinking")
    if ".Tools" in template:
        found.add("tools")
    if shown.get("projector_info") or families & {"clip", "mllama"}:
        found.add("vision")
    return frozenset(found)


def _active_parameters(facts: Mapping[str, Any], architecture: str, total: int | None) -> int | None:
    """Return the weights used for one token in a mixture of experts: all but those of unused experts.

    An expert is three matrices (gate, up, down) of embedding length times its feed-forward length.
    """

    def fact(name: str) -> int | None:
        return count_of(facts.get(f"{architecture}.{name}"))

    experts, used = fact("expert_count"), fact("expert_used_count")
    width = fact("expert_feed_forward_length") or fact("feed_forward_length")
    embedding, layers = fact("embedding_length"), fact("block_count")
    if not (total and experts and used and width and embedding and layers) or used >= experts:
        return None
    layers -= fact("leading_dense_block_count") or 0
    active = total - layers * (experts - used) * 3 * embedding * width
    return active if 0 < active < total else None


def _parametercount_of(text: str) -> int | None:
    """Return the number of parameters: `8.2B` → 8_200_000_000."""
    unit = _SIZES.get(text[-1:].upper())
    try:
        return round(float(text[:-1]) * unit) if unit else None
    except ValueError:
        return None


def mapping_of(value: Any) -> Mapping[str, Any]:
    """Return a JSON object; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> frozenset[str]:
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()


def count_of(value: Any) -> int | None:
    """Return a number above zero as a whole one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value <= 0:
        return None
    return int(value) if value < 1e18 else None
