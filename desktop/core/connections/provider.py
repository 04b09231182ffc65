"""Differences between the providers of the OpenAI-compatible protocol: facts as data.

A preset is a TOML file in `resources/providers/`; `backends/presets.py` reads it into `ProviderPreset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase


class ThinkingSwitch(StrEnum):
    """Request field that turns thinking on and off."""

    NONE = "none"  # the provider has no switch, or none is known: nothing is sent
    THINKING_TYPE = "thinking_type"  # "thinking": {"type": "enabled" | "disabled"}
    ENABLE_THINKING = "enable_thinking"  # "enable_thinking": true | false
    TEMPLATE_KWARGS = "chat_template_kwargs"  # "chat_template_kwargs": {"enable_thinking": true | false}
    REASONING_OBJECT = "reasoning_object"  # "reasoning": {"enabled": …, "effort": …, "max_tokens": …}
    REASONING_EFFORT = "reasoning_effort"  # "reasoning_effort": "none" | …


class ContinueWay(StrEnum):
    """Way to ask for the rest of a reply that was cut off: the field beside its beginning, the last message."""

    ASK = "ask"  # nothing is known: a further message asks the model to go on
    FINAL_MESSAGE = "continue_final_message"  # "continue_final_message": true, "add_generation_prompt": false
    PREFIX = "prefix"  # "prefix": true, in the message
    PARTIAL = "partial"  # "partial": true, in the message


class ApiFamily(StrEnum):
    """OpenAI protocol, of two, for a provider's models that think."""

    CHAT = "chat_completions"
    RESPONSES = "responses"  # shows their thinking where the other protocol hides it


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRule:
    """Facts about some models of a provider that does not tell them itself.

    `names` are patterns as of `fnmatch`, in lower case; `efforts` takes the place of the preset's. Without any, the
    models do not think.
    """

    names: tuple[str, ...]
    efforts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPreset:
    """Facts about one provider. Field names are written on the wire as they stand here; empty: there is none."""

    id: str
    name: str
    address: str
    needs_key: bool = True
    keys_page: str = ""  # where the user gets a key, shown as text
    thinking_switch: ThinkingSwitch = ThinkingSwitch.NONE
    effort_field: str = ""  # for how much is thought
    efforts: tuple[str, ...] = ()  # the words that it takes, the weakest first; "none" among them is off
    template_switches: tuple[str, ...] = ("enable_thinking",)  # the names that TEMPLATE_KWARGS sets
    budget_field: str = ""  # for the most tokens of thinking
    budget_range: tuple[int, int] | None = None  # tokens that the provider accepts
    max_tokens_field: str = "max_tokens"  # for the longest answer
    max_tokens_includes_thinking: bool = True  # that number counts the thinking as well
    extra_body: Mapping[str, bool | int | str] = field(default_factory=dict)  # always sent
    fresh_body: Mapping[str, bool | int | str] = field(default_factory=dict)  # with the first request of a fresh one
    fresh_salt_field: str = ""  # the same, with a random text: keeps the server from finding what it has read before
    stream_usage: bool = True  # understands stream_options.include_usage
    omitted: tuple[str, ...] = ()  # common fields that the provider refuses
    api: ApiFamily = ApiFamily.CHAT
    models: tuple[ModelRule, ...] = ()  # the first that fits a name counts
    tokenize_path: str = ""  # where prompts can be had for given variables of the chat template, beside /v1
    details_path: str = ""  # where the server tells what each model can do, beside /v1
    continue_way: ContinueWay = ContinueWay.ASK
    continue_path: str = ""  # where such requests go instead of /v1, e.g. "/beta"
    control_path: str = ""  # where the thinking of a running reply can be ended, e.g. "/chat/completions/control"
    continue_thinking: bool = False  # takes "reasoning_content" in the beginning; else thinking is off for the rest

    def for_model(self, model: str) -> ProviderPreset:
        """Return the preset as it applies to one model."""
        name = model.lower()
        rule = next((each for each in self.models if any(fnmatchcase(name, one) for one in each.names)), None)
        if rule is None:
            return self
        if rule.efforts:
            return replace(self, efforts=rule.efforts)
        return replace(self, thinking_switch=ThinkingSwitch.NONE, effort_field="", efforts=(), budget_field="")
