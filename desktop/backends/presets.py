"""The provider presets of `resources/providers/`: facts about servers as data files.

A file that cannot be used is named with its reason, and the others load. That its fields fit each other is tested.
"""

from __future__ import annotations

import logging
import tomllib
from dataclasses import fields
from pathlib import Path

from desktop.core.connection import ProviderPreset
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
    if preset.needs_key and not preset.address.startswith("https://"):
        raise PresetError(f"{file.name}: a key is sent to https addresses only")
    return preset
