"""The models of an Ollama server: what it tells of each, which are in its memory, and the room that it has for more."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from desktop.backends.wire.bodies import parse_json, record_in
from desktop.backends.wire.http import HttpClient
from desktop.core.converting import Within, converted, named
from desktop.core.errors import BackendError
from desktop.core.events import Phase
from desktop.core.model import ModelInfo
from desktop.core.models.file import cache_shape
from desktop.core.models.keeping import is_older
from desktop.core.models.place import forwarding_host, is_cloud_name
from desktop.core.request import Thinking, ThinkingMode

_SIZES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
# `.Think` and `.IsThinkSet` in a template of Ollama's, `enable_thinking` in one that came with the model's file.
_SWITCH = re.compile(r"\.(?:Think|IsThinkSet|ThinkLevel)\b|enable_thinking")
_TEMPERATURE = re.compile(r"^temperature\s+(\d+(?:\.\d+)?)\s*$", re.MULTILINE)
_WEIGHTS = re.compile(r"^FROM\s.*\bsha256[-:]([0-9a-f]{64})\s*$", re.MULTILINE)
_OLLAMA_TEMPERATURE = 0.8  # its documentation of the Modelfile
_GPT_OSS = frozenset({"gptoss", "gpt-oss"})
_LISTS_WHAT_IS_LOADED = "0.30.0"  # and nothing that is still being loaded
# A long answer, and the file that it is about, are read in that time. Where another model needs the memory, one leaves
# earlier, whatever it was told.
_STAY = 30 * 60  # seconds
_ROUNDING = 60
LONGER_STAY = f"{_STAY}s"

Count = Annotated[int, Within(1, 1e18)]


@dataclass(frozen=True, slots=True)
class _Details:
    family: str = ""
    families: frozenset[str] = frozenset()
    parameter_size: str = ""
    quantization_level: str = ""
    context_length: Count | None = None

    @property
    def parameters(self) -> int | None:
        """The number of parameters: `8.2B` is 8_200_000_000."""
        unit = _SIZES.get(self.parameter_size[-1:].upper())
        try:
            return round(float(self.parameter_size[:-1]) * unit) if unit else None
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a server tells of a model, in its list and by itself."""

    name: str = field(default="", metadata=named("name", "model"))
    details: _Details = _Details()
    capabilities: frozenset[str] = frozenset()  # in lists not before 0.30, by itself not before 0.6.4
    remote_host: str = ""
    remote_model: str = ""

    @property
    def forwarded_to(self) -> str:
        """The host that it is forwarded to; empty for one that is answered here.

        One sign is enough: a `remote_model` without a host, and a name that Ollama forwards by itself, count too.
        """
        is_forwarded = self.remote_host or self.remote_model or is_cloud_name(self.name)
        return forwarding_host(self.remote_host) if is_forwarded else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tag(_Told):
    """An entry of `/api/tags`. Of a forwarded model the size is that of a note, not of weights."""

    size: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Show(_Told):
    """The reply of `/api/show`."""

    model_info: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
    renderer: str = ""
    parameters: str | None = None  # a text with a line for each
    modelfile: str = ""
    projector_info: Any = None


def model_of_tag(entry: Mapping[str, Any]) -> ModelInfo:
    """Return a model from an entry of `/api/tags`."""
    tag = converted(_Tag, entry)
    return ModelInfo(
        name=tag.name,
        capabilities=tag.capabilities,
        family=tag.details.family,
        parameters=tag.details.parameters,
        quantization=tag.details.quantization_level,
        context_length=tag.details.context_length,
        size_on_disk=None if tag.forwarded_to else tag.size,
        thinking_modes=_thinking_modes(tag.capabilities, tag.details.family),
        forwarded_to=tag.forwarded_to,
        sees="vision" in tag.capabilities if tag.capabilities else None,
    )


def model_of_show(name: str, answer: Mapping[str, Any], listed: ModelInfo | None = None) -> ModelInfo:
    """Return a model from the reply of `/api/show`, with the size from its listing."""
    shown = converted(_Show, {**answer, "name": name})
    facts, details = shown.model_info, shown.details
    architecture = facts.get("general.architecture")
    architecture = architecture if isinstance(architecture, str) else ""
    family = details.family or architecture
    capabilities = shown.capabilities or _inferred_capabilities(shown)
    total = count_of(facts.get("general.parameter_count")) or details.parameters
    # `think: false` reaches the model where its template, or the renderer in its place, asks for it. Renderers are
    # named after models; those that only think have it in their name (`qwen3-thinking`).
    has_switch = not shown.template or bool(_SWITCH.search(shown.template))
    if shown.renderer:
        has_switch = not shown.renderer.endswith("-thinking")
    temperature = None
    if shown.parameters is not None:
        found = _TEMPERATURE.search(shown.parameters)
        temperature = float(found[1]) if found else _OLLAMA_TEMPERATURE
    weights = _WEIGHTS.search(shown.modelfile)
    return ModelInfo(
        name=name,
        capabilities=capabilities,
        family=family,
        parameters=total,
        active_parameters=_active_parameters(facts, architecture, total),
        quantization=details.quantization_level,
        context_length=count_of(facts.get(f"{architecture}.context_length")),
        cache=cache_shape(facts),
        size_on_disk=listed.size_on_disk if listed else None,
        thinking_modes=_thinking_modes(capabilities, family, has_switch=has_switch),
        temperature=temperature,
        forwarded_to=shown.forwarded_to or (listed.forwarded_to if listed else ""),
        sees="vision" in capabilities,
        weights=weights[1] if weights else "",
    )


def _thinking_modes(capabilities: frozenset[str], family: str, *, has_switch: bool = True) -> tuple[ThinkingMode, ...]:
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


def _inferred_capabilities(shown: _Show) -> frozenset[str]:
    """Return the capabilities read from template and families, where the server does not tell them."""
    families = shown.details.families | {shown.details.family}
    found = {"embedding"} if any("bert" in family for family in families) else {"completion"}
    if ".Thinking" in shown.template or "<think>" in shown.template:
        found.add("thinking")
    if shown.projector_info or families & {"clip", "mllama"}:
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


def count_of(value: Any) -> int | None:
    """Return a number above zero as a whole one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e18:
        return None
    return int(value)


_LIST = re.compile(rb'"([\w.\-]+)"\s*:\s*(\[[\d\s,truefalse]{0,65536}\])')
_BEHIND = b'"tokenizer.'
_MOST = 8 << 20  # bytes; licences and templates that come before are far smaller
_SILENCE = 10.0  # seconds


async def with_lists(http: HttpClient, model: str, shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the reply of `/api/show`, completed by the lists of numbers, one for each layer, that were left out of it.

    Asked to be `verbose` Ollama sends them, and behind them the whole vocabulary, tens of megabytes: its keys stand in
    the order of the alphabet, so that reading ends before that. What cannot be had is still missing afterwards.
    """
    facts = shown.get("model_info")
    if not isinstance(facts, Mapping):
        return shown
    if not any(".attention." in str(key) and value in (None, []) for key, value in facts.items()):
        return shown
    content = bytearray()
    with suppress(BackendError):
        asking = http.open("POST", "/api/show", {"model": model, "verbose": True}, limit=_SILENCE)
        async with aclosing(await asking) as reply, aclosing(reply.chunks()) as chunks:
            async for chunk in chunks:
                seen = max(0, len(content) - len(_BEHIND))
                content += chunk
                if content.find(_BEHIND, seen) >= 0 or len(content) > _MOST:
                    break
    lists: dict[str, Any] = {}
    for found in _LIST.finditer(bytes(content)):
        with suppress(ValueError):
            lists[found[1].decode()] = parse_json(found[2])
    return {**shown, "model_info": {**facts, **{key: value for key, value in lists.items() if key in facts}}}


def shared_fields(model: str, options: Mapping[str, Any], keep_alive: str | int | None = None) -> dict[str, Any]:
    """Return what all requests to `/api/chat` and `/api/generate` for one model have in common.

    The window (`num_ctx`) and `shift` are part of how a model is started: a request in which one of them differs has it
    loaded anew, and what it had read is lost. Without `shift`, which older servers do not know, a reply ends at the end
    of the window, and does not go on without the beginning of the conversation. `keep_alive` is how long the model
    stays; None leaves that to the server.
    """
    fields: dict[str, Any] = {"model": model, "shift": False}
    if "num_ctx" in options:
        fields["options"] = {"num_ctx": options["num_ctx"]}
    return fields if keep_alive is None else fields | {"keep_alive": keep_alive}


def full_name(model: str) -> str:
    """Return the name that a server lists a model by: one without a tag means the latest."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


@dataclass(frozen=True, slots=True)
class Loaded:
    """An entry of `/api/ps`: a model in the server's memory. `context_length` in tokens, `size` in bytes."""

    name: str = ""
    model: str = ""
    context_length: Count | None = None
    size: Count | None = None
    expires_at: str = ""

    @property
    def leaves_soon(self) -> bool:
        """True if it leaves the memory while a long answer is read; False also where that is not told, or past.

        A server that keeps its models for longer, or for ever, is left alone: what is asked for would be shorter.
        """
        try:
            stays = (datetime.fromisoformat(self.expires_at) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return False
        return 0 < stays < _STAY - _ROUNDING


@dataclass(frozen=True, slots=True)
class _AllLoaded:
    models: tuple[Loaded, ...] = ()


def loaded_in(answer: Any, model: str) -> Loaded | None:
    """Return the entry of a model in the reply of `/api/ps`; None if it is not in the server's memory."""
    name = full_name(model)
    return next((each for each in record_in(_AllLoaded, answer).models if name in (each.name, each.model)), None)


async def phase_if_listed(http: HttpClient) -> Phase:
    """Return what a server does with a model that it lists as loaded.

    From 0.30 on it is. Before that it is listed while it is loaded, and nothing tells the two apart: its expiry moves
    with the clock until its first request has ended.
    """
    is_old = is_older(await version_of(http), _LISTS_WHAT_IS_LOADED)
    return Phase.GETTING_READY if is_old else Phase.READING


async def version_of(http: HttpClient) -> str:
    """Return a server's version; empty where it does not tell."""
    with suppress(BackendError):
        told = await http.json("GET", "/api/version", limit=5.0)
        version = told.get("version") if isinstance(told, Mapping) else None
        return version if isinstance(version, str) else ""
    return ""


_OF_SERVICE = Path("/usr/share/ollama/.ollama/models")  # where its installer for Linux has it run as a user of its own


def free_for_models(environ: Mapping[str, str], home: Path | None = None, service: Path = _OF_SERVICE) -> int | None:
    """Return the bytes that are free where an Ollama on this computer keeps its models; None where that is not known.

    It does not tell where that is: the usual places are tried, and the one with the least room counts.
    """
    named_folder = environ.get("OLLAMA_MODELS", "").strip()
    own = (home or Path.home()) / ".ollama" / "models"
    places = [Path(named_folder)] if named_folder else [own, *([service] if sys.platform == "linux" else [])]
    free = []
    for folder in places:
        with suppress(OSError):
            if folder.is_dir():
                free.append(shutil.disk_usage(folder).free)
    return min(free, default=None)
