"""How one provider of the OpenAI-compatible protocol differs from the others: facts as data.

A preset is a TOML file in `resources/providers/`; `backends/presets.py` reads it into `ProviderPreset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ThinkingSwitch(StrEnum):
    """The request field that turns thinking on and off."""

    NONE = "none"  # the provider has no switch, or none is known: nothing is sent
    THINKING_TYPE = "thinking_type"  # "thinking": {"type": "enabled" | "disabled"}
    ENABLE_THINKING = "enable_thinking"  # "enable_thinking": true | false
    TEMPLATE_KWARGS = "chat_template_kwargs"  # "chat_template_kwargs": {"enable_thinking": true | false}
    REASONING_OBJECT = "reasoning_object"  # "reasoning": {"enabled": …, "effort": …, "max_tokens": …}
    REASONING_EFFORT = "reasoning_effort"  # "reasoning_effort": "none" | …


class ContinueWay(StrEnum):
    """How the rest of a reply is asked for that was cut off: what is written beside its beginning, the last message."""

    ASK = "ask"  # nothing is known: a further message asks the model to go on
    FINAL_MESSAGE = "continue_final_message"  # "continue_final_message": true, "add_generation_prompt": false
    PREFIX = "prefix"  # "prefix": true, in the message
    PARTIAL = "partial"  # "partial": true, in the message


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPreset:
    """The facts of one provider. Field names are written on the wire as they stand here; empty: there is none."""

    id: str
    name: str
    address: str
    needs_key: bool = True
    keys_page: str = ""  # where a person gets a key, shown as text
    thinking_switch: ThinkingSwitch = ThinkingSwitch.NONE
    effort_field: str = ""
    efforts: tuple[str, ...] = ()
    template_switches: tuple[str, ...] = ("enable_thinking",)  # the names that TEMPLATE_KWARGS sets
    budget_field: str = ""
    budget_range: tuple[int, int] | None = None  # tokens that the provider accepts
    max_tokens_field: str = "max_tokens"
    max_tokens_includes_thinking: bool = True
    extra_body: tuple[tuple[str, bool | int | str], ...] = ()  # always sent, e.g. return_progress for llama-server
    stream_usage: bool = True  # understands stream_options.include_usage
    strict: bool = False  # refuses unknown request fields
    omitted: tuple[str, ...] = ()  # common fields that the provider refuses
    continue_way: ContinueWay = ContinueWay.ASK
    continue_path: str = ""  # where such requests go instead of /v1, e.g. "/beta"
    continue_thinking: bool = False  # takes "reasoning_content" in the beginning; else thinking is off for the rest
