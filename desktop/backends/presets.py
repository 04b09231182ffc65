"""The provider presets of `resources/providers/`: facts about servers as data files.

A file that cannot be used is named with its reason, and the others load.
"""

from __future__ import annotations

import logging
import re
import tomllib
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.core.connections.provider import ApiFamily, ContinueWay, ModelRule, ProviderPreset, ThinkingSwitch
from desktop.core.resources import resource_path

_log = logging.getLogger(__name__)


class PresetError(ValueError):
    """A preset file that breaks the contract; the text names the file and what is wrong with it."""


def load_presets(folder: Path | None = None) -> dict[str, ProviderPreset]:
    """Return all readable presets by id (the file's name). Broken ones are logged, one line each."""
    presets, problems = read_folder(folder or resource_path("providers"))
    for problem in problems:
        _log.warning("%s", problem)
    return presets


def read_folder(folder: Path) -> tuple[dict[str, ProviderPreset], list[PresetError]]:
    """Return the presets of a folder by id, and the errors of the files that could not be read."""
    presets: dict[str, ProviderPreset] = {}
    problems: list[PresetError] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            presets[file.stem] = read_preset(file)
        except PresetError as problem:
            problems.append(problem)
    return presets, problems


def read_preset(file: Path) -> ProviderPreset:
    """Return one preset. Raises `PresetError`."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PresetError(f"{file.name}: {error}") from error
    known = {field.name for field in fields(ProviderPreset)} - {"id"}
    if unknown := sorted(content.keys() - known):
        raise PresetError(f"{file.name}: unknown field {', '.join(unknown)}")
    if missing := sorted({"name", "address"} - content.keys()):
        raise PresetError(f"{file.name}: missing field {', '.join(missing)}")
    values = {name: _value(file, name, value) for name, value in content.items()}
    preset = ProviderPreset(id=file.stem, **values)
    _check(file, preset)
    return preset


# The value of a field that is not listed here is of the kind of its default.
_PLAIN = ProviderPreset(id="", name="", address="", needs_key=False)
_OF_THEIR_OWN = ("extra_body", "fresh_body", "models", "budget_range")


def _value(file: Path, name: str, value: Any) -> Any:
    match name if name in _OF_THEIR_OWN else getattr(_PLAIN, name), value:
        case (("extra_body" | "fresh_body"), dict()) if all(
            isinstance(item, bool | int | str) for item in value.values()
        ):
            return tuple(value.items())
        case "models", list() if all(map(_is_rule, value)):
            return tuple(ModelRule(names=tuple(rule["names"]), efforts=tuple(rule["efforts"])) for rule in value)
        case "budget_range", [int(low), int(high)] if 0 < low < high:
            return (low, high)
        case StrEnum() as word, str():
            known = type(word)
            if value not in set(known):
                raise PresetError(f"{file.name}: {name} is {value!r}; known are {', '.join(known)}")
            return known(value)
        case str(), str() if name not in _OF_THEIR_OWN:
            return value
        case bool(), bool():
            return value
        case tuple(), list() if all(isinstance(item, str) for item in value):
            return tuple(value)
        case _:
            raise PresetError(f"{file.name}: {name} cannot be {value!r}")


def _is_rule(value: Any) -> bool:
    """Return True for names in lower case with their efforts, which may be empty."""
    match value:
        case {"names": [_, *_] as names, "efforts": list() as efforts, **more}:
            texts = [*names, *efforts]
            return not more and all(isinstance(each, str) and each == each.lower() for each in texts)
        case _:
            return False


def _check(file: Path, preset: ProviderPreset) -> None:
    """Raise `PresetError` if the fields of one preset contradict each other."""
    in_object = preset.thinking_switch is ThinkingSwitch.REASONING_OBJECT
    problem = ""
    if not preset.name:
        problem = "name is empty"
    elif preset.address and not preset.address.startswith(("http://", "https://")):
        problem = "address must begin with http:// or https://"
    elif preset.needs_key and not preset.address.startswith("https://"):
        problem = "a key is sent to https addresses only"
    elif not preset.max_tokens_field:
        problem = "max_tokens_field is empty"
    elif preset.effort_field and not preset.efforts:
        problem = "effort_field without efforts"
    elif preset.efforts and not (preset.effort_field or in_object):
        problem = "efforts without effort_field"
    elif preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT and not preset.effort_field:
        problem = "thinking_switch reasoning_effort without effort_field"
    elif preset.api is ApiFamily.RESPONSES and not preset.efforts:
        problem = "api responses without efforts"
    elif preset.thinking_switch is ThinkingSwitch.TEMPLATE_KWARGS and not preset.template_switches:
        problem = "thinking_switch chat_template_kwargs without template_switches"
    elif preset.continue_way is ContinueWay.ASK and (preset.continue_path or preset.continue_thinking):
        problem = "continue_path or continue_thinking without a continue_way"
    elif preset.continue_path and not re.fullmatch("(?:/[a-z0-9]+)+", preset.continue_path):
        problem = "continue_path must look like /beta"
    if problem:
        raise PresetError(f"{file.name}: {problem}")
