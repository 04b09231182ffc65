"""The models of OpenAI-compatible servers, as `ModelInfo`: their lists, and what some servers tell besides."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from desktop.backends.openai.chat import thinking_modes
from desktop.backends.wire.bodies import record_in
from desktop.backends.wire.http import HttpClient
from desktop.core.connection import ProviderPreset
from desktop.core.converting import Within, converted, named
from desktop.core.errors import BackendError
from desktop.core.model import ModelInfo
from desktop.core.models import facts
from desktop.core.models.facts import LEVELS, OPENINGS
from desktop.core.request import ThinkingMode

# Lists of cloud providers mix all their models; these names cannot chat.
_NO_CHAT = re.compile(
    r"embed|whisper|\btts\b|-tts|dall-e|moderation|rerank|^bge-|/bge-|transcribe|stable-diffusion|gpt-image|^sora"
)
_TAIL = 16  # tokens; an opening tag may be made of several
# Tokenizers of the GPT family write these for a space and a line break.
_PRINTED = str.maketrans({"Ġ": " ", "Ċ": "\n", "▁": " "})

Count = Annotated[int, Within(1, 1e18)]


@dataclass(frozen=True, slots=True)
class _Meta:
    n_params: Count | None = None
    n_ctx_train: Count | None = None
    n_ctx: Count | None = None
    size: Count | None = None


@dataclass(frozen=True, slots=True)
class _ChosenThinking:
    """What OpenRouter tells of a model: if it must think, and its strengths (null: all)."""

    mandatory: bool = False
    supported_efforts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Architecture:
    input_modalities: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """An entry of `/models`."""

    name: str = field(metadata=named("id", "name", "model"))  # as requests use it
    label: str = field(default="", metadata=named("name"))
    owned_by: str = ""
    meta: _Meta = _Meta()
    max_model_len: Count | None = None  # vLLM's
    max_input_tokens: Count | None = None  # LiteLLM's
    context_length: Count | None = None  # OpenRouter's
    supported_parameters: tuple[str, ...] | None = None
    reasoning: _ChosenThinking | None = None
    architecture: _Architecture = _Architecture()

    @property
    def is_of_llama_server(self) -> bool:
        return self.owned_by == "llamacpp" or self.meta.n_ctx_train is not None


def models_listed(answer: Any) -> list[ListedModel] | None:
    """Return the entries of a reply of `/models`, in each of its shapes; None if it is no list of models."""
    if isinstance(answer, Mapping):
        answer = answer.get("data", answer.get("models"))
    if not isinstance(answer, list):
        return None
    return [model for model in converted(tuple[ListedModel, ...], answer) if model.name]


def model_of_entry(preset: ProviderPreset, entry: ListedModel) -> ModelInfo:
    """Return a model as far as its entry in the list tells."""
    name, label, supported = entry.name, entry.label, entry.supported_parameters
    if label in ("", name):
        label = re.split(r"[/\\]", name)[-1].removesuffix(".gguf") if name.endswith(".gguf") else ""
    # A model that does not think at a provider where others do has only OFF.
    modes = thinking_modes(preset.for_model(name)) or ((ThinkingMode.OFF,) if thinking_modes(preset) else ())
    capabilities: set[str] = set()
    if supported is not None:
        can_think = "reasoning" in supported or "include_reasoning" in supported
        capabilities = {"completion", "thinking"} if can_think else {"completion"}
        modes = _modes_of_broker(entry.reasoning, modes) if can_think else (ThinkingMode.OFF,)
    if _NO_CHAT.search(name.lower()):
        capabilities = {"other"}
    kinds = entry.architecture.input_modalities
    return ModelInfo(
        name=name,
        label=label,
        capabilities=frozenset(capabilities),
        parameters=entry.meta.n_params,
        context_length=entry.meta.n_ctx_train,
        served_context=entry.max_model_len or entry.max_input_tokens or entry.context_length,
        loaded_context=entry.meta.n_ctx,
        size_on_disk=entry.meta.size,
        thinking_modes=modes,
        sees=None if kinds is None else "image" in kinds,
    )


def _modes_of_broker(told: _ChosenThinking | None, modes: tuple[ThinkingMode, ...]) -> tuple[ThinkingMode, ...]:
    if told is None:
        return modes
    levels = LEVELS
    if told.supported_efforts is not None:
        levels = tuple(level for level in LEVELS if level.value in told.supported_efforts) or (ThinkingMode.ON,)
    off = () if told.mandatory else (ThinkingMode.OFF,)
    return (ThinkingMode.AUTO, *off, *levels)


@dataclass(frozen=True, slots=True)
class _Options:
    allowed_options: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Capabilities:
    reasoning: _Options | bool = False
    vision: bool | None = None


@dataclass(frozen=True, slots=True)
class _Config:
    context_length: Count | None = None


@dataclass(frozen=True, slots=True)
class _Instance:
    id: str = ""
    config: _Config = _Config()


@dataclass(frozen=True, slots=True)
class _Quantization:
    name: str = ""


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry of LM Studio's own list of models."""

    key: str = ""
    type: str = ""
    display_name: str = ""
    capabilities: _Capabilities = _Capabilities()
    quantization: _Quantization = _Quantization()
    max_context_length: Count | None = None
    size_bytes: Count | None = None
    loaded_instances: tuple[_Instance, ...] = ()


@dataclass(frozen=True, slots=True)
class _OwnList:
    models: tuple[OwnEntry, ...] = ()


def own_entries(answer: Any) -> dict[str, OwnEntry]:
    """Return LM Studio's own list by all names that requests may use: of models and loaded instances."""
    return {
        name: entry
        for entry in record_in(_OwnList, answer).models
        for name in (*(instance.id for instance in entry.loaded_instances), entry.key)
        if name
    }


def with_own_entry(info: ModelInfo, entry: OwnEntry | None) -> ModelInfo:
    """Return the model with what LM Studio's own list adds: above all its thinking, and how that can be chosen."""
    if entry is None:
        return info
    if entry.type == "embedding":
        return replace(info, capabilities=frozenset({"embedding"}))
    can = entry.capabilities
    options = can.reasoning.allowed_options if isinstance(can.reasoning, _Options) else None
    loaded = entry.loaded_instances[0].config.context_length if entry.loaded_instances else None
    return replace(
        info,
        label=entry.display_name or info.label,
        capabilities=info.capabilities | {"completion"} | ({"thinking"} if can.reasoning else set()),
        quantization=entry.quantization.name or info.quantization,
        context_length=entry.max_context_length or info.context_length,
        loaded_context=loaded or info.loaded_context,
        size_on_disk=entry.size_bytes or info.size_on_disk,
        thinking_modes=_modes_of_options(options) if options is not None else info.thinking_modes,
        sees=info.sees if can.vision is None else can.vision,
    )


def _modes_of_options(options: Sequence[str]) -> tuple[ThinkingMode, ...]:
    known = tuple(mode for mode in ThinkingMode if mode.value in options)
    levels = tuple(mode for mode in known if mode in LEVELS)
    # "On" beside strengths is one of them, and says less.
    chosen = tuple(mode for mode in known if not (levels and mode is ThinkingMode.ON) and mode is not ThinkingMode.AUTO)
    return (ThinkingMode.AUTO, *chosen) if chosen not in ((), (ThinkingMode.OFF,)) else (ThinkingMode.OFF,)


@dataclass(frozen=True, slots=True)
class _Modalities:
    vision: bool | None = None


@dataclass(frozen=True, slots=True)
class _Slot:
    n_ctx: Count | None = None


@dataclass(frozen=True, slots=True)
class _Props:
    """llama-server's `/props`: the context of one slot, in tokens, and what the template can do."""

    chat_template: str = ""
    modalities: _Modalities = _Modalities()
    default_generation_settings: _Slot = _Slot()


def with_props(info: ModelInfo, answer: Any) -> ModelInfo:
    """Return the model with what llama-server's `/props` adds."""
    props = record_in(_Props, answer)
    template, sees = props.chat_template, props.modalities.vision
    told = {"completion", "thinking"} if facts.thinks(template) else {"completion"}
    return replace(
        info,
        capabilities=info.capabilities | told if template else info.capabilities,
        loaded_context=props.default_generation_settings.n_ctx or info.loaded_context,
        thinking_modes=facts.thinking_modes(template) if template else info.thinking_modes,
        off_changes_prompt=facts.off_changes_prompt(template),
        sees=info.sees if sees is None else sees,
    )


@dataclass(frozen=True, slots=True)
class _MadePrompt:
    """What a server makes of messages without answering them, in the words of llama-server and of vLLM."""

    prompt: str = ""
    token_strs: tuple[str, ...] = ()


def opens_thinking(answer: Any) -> bool:
    """Return True if the prompt that `/apply-template` gives ends inside the thinking."""
    return record_in(_MadePrompt, answer).prompt.rstrip().endswith(OPENINGS)


async def with_template(http: HttpClient, url: str, info: ModelInfo, switches: Sequence[str]) -> tuple[ModelInfo, bool]:
    """Return the model with what its template shows of its thinking, and if a prompt ends within that.

    vLLM tells neither template nor reasoning parser, but `/tokenize` makes a prompt with given variables: what changes
    nothing in it cannot be chosen. Nothing is generated. `switches` are the preset's names of the variables. Where
    nothing shows that the model thinks, it may all the same; servers that are too old, or closed there, do not say.
    """
    question = {"model": info.name, "messages": [{"role": "user", "content": "?"}], "return_token_strs": True}
    variables: list[dict[str, Any]] = [
        dict.fromkeys(switches, True),
        dict.fromkeys(switches, False),
        {"reasoning_effort": "low"},
        {"reasoning_effort": "high"},
    ]
    questions = [question, *(question | {"chat_template_kwargs": each} for each in variables)]
    try:
        answers = await asyncio.gather(*(http.json("POST", url, each) for each in questions))
    except BackendError:
        return info, False
    prompts = [record_in(_MadePrompt, answer).token_strs for answer in answers]
    if not all(prompts):
        return info, False
    plain, on, off, low, high = prompts
    has_switch, has_levels = on != off, low != high
    opens = "".join(plain[-_TAIL:]).translate(_PRINTED).rstrip().endswith(OPENINGS)
    if not (has_switch or has_levels or opens):
        return replace(info, thinking_modes=()), False
    choices = LEVELS if has_levels else (ThinkingMode.ON,) if has_switch else ()
    modes = (ThinkingMode.AUTO, *((ThinkingMode.OFF,) if has_switch else ()), *choices)
    return replace(info, capabilities=frozenset({"completion", "thinking"}), thinking_modes=modes), opens
