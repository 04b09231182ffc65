"""The provider presets of `resources/providers/`: facts about servers as data files.

A file that cannot be used is named with its reason, and the others load.
"""

from __future__ import annotations

import logging
import re
import tomllib
from dataclasses import fields
from pathlib import Path

from desktop.core.connections.provider import ApiFamily, ContinueWay, ProviderPreset, ThinkingSwitch
from desktop.core.converting import UnusableError, converted
from desktop.core.resources import resource_path

_log = logging.getLogger(__name__)


class PresetError(ValueError):
    """A preset file that breaks the contract; the text names the file and what is wrong with it."""


def load_presets(folder: Path | None = None) -> dict[str, ProviderPreset]:
    """Return all readable presets by id (the file's name). Broken ones are logged, one line each."""
    presets: dict[str, ProviderPreset] = {}
    for file in sorted((folder or resource_path("providers")).glob("*.toml")):
        try:
            presets[file.stem] = read_preset(file)
        except PresetError as problem:
            _log.warning("%s", problem)
    return presets


def read_preset(file: Path) -> ProviderPreset:
    """Return one preset. Raises `PresetError`."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        if unknown := sorted(content.keys() - {each.name for each in fields(ProviderPreset)}):
            raise UnusableError(f"unknown field {', '.join(unknown)}")
        preset = converted(ProviderPreset, {**content, "id": file.stem}, whole=True)
    except (OSError, ValueError) as error:  # of TOML, of UTF-8, and of a field
        raise PresetError(f"{file.name}: {error}") from error
    if problem := _contradiction_in(preset):
        raise PresetError(f"{file.name}: {problem}")
    return preset


def _contradiction_in(preset: ProviderPreset) -> str:
    """Return what in the fields of one preset goes against others, or against what they are for; empty for nothing."""
    switch, way = preset.thinking_switch, preset.continue_way
    in_object = switch is ThinkingSwitch.REASONING_OBJECT
    low, high = preset.budget_range or (1, 2)
    in_rules = [word for rule in preset.models for word in (*rule.names, *rule.efforts)]
    problems = {
        "name is empty": not preset.name,
        "address must begin with http:// or https://": not re.match("https?://|$", preset.address),
        "a key is sent to https addresses only": preset.needs_key and not preset.address.startswith("https://"),
        "max_tokens_field is empty": not preset.max_tokens_field,
        "budget_range must go up": not 0 < low < high,
        "models must have names, all in lower case": not all(rule.names for rule in preset.models)
        or any(word != word.lower() for word in in_rules),
        "effort_field without efforts": preset.effort_field and not preset.efforts,
        "efforts without effort_field": preset.efforts and not (preset.effort_field or in_object),
        "thinking_switch reasoning_effort without effort_field": switch is ThinkingSwitch.REASONING_EFFORT
        and not preset.effort_field,
        "api responses without efforts": preset.api is ApiFamily.RESPONSES and not preset.efforts,
        "thinking_switch chat_template_kwargs without template_switches": switch is ThinkingSwitch.TEMPLATE_KWARGS
        and not preset.template_switches,
        "continue_path or continue_thinking without a continue_way": way is ContinueWay.ASK
        and (preset.continue_path or preset.continue_thinking),
        "continue_path must look like /beta": not re.fullmatch("(?:/[a-z0-9]+)*", preset.continue_path),
    }
    return next((problem for problem, is_there in problems.items() if is_there), "")
