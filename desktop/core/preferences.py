"""The seam to the user's settings: what the parts of the program may have changed, by typed names.

Implemented by `desktop.settings_keeper`, which writes the file; the values themselves are read at the start.
"""

from __future__ import annotations

from typing import Literal, Protocol, TypedDict, Unpack

from desktop.core.connection import Connection
from desktop.core.engine import EngineContext, EnginePace
from desktop.core.message import Split
from desktop.core.model import Measures, ModelChoice
from desktop.core.models.download import KeptDownload

ThemeName = Literal["system", "light", "dark"]


class SettingsChange(TypedDict, total=False):
    """New values of settings. Names, types and units are those of `store.settings.Settings`; a test compares them."""

    language: str
    theme: ThemeName
    text_scale: float
    window_geometry: str
    sidebar_open: bool
    names_tasks: bool
    thinking_panel: Literal["auto", "open", "closed"]
    find_in_thinking: bool
    default_choice: ModelChoice | None
    connections: tuple[Connection, ...]
    model_files: tuple[str, ...]
    offline_lock: bool
    trusted_certificates: str
    asked_hosts: tuple[str, ...]
    prompt_open: bool
    prompt_width: int
    evidence_width: int
    splits: tuple[tuple[ModelChoice, Split], ...]
    measures: tuple[tuple[ModelChoice, Measures], ...]
    downloads: tuple[KeptDownload, ...]
    recipes_folder: str
    pinned_recipes: tuple[str, ...]
    pinned_models: tuple[ModelChoice, ...]
    model_hints: bool
    task_models: tuple[tuple[str, ModelChoice], ...]
    signs_off: tuple[str, ...]
    fresh_start_explained: bool
    lessons_read: tuple[str, ...]
    last_conversation: str
    bin_days: int
    names_conversations: bool
    instructions: str
    names_models: bool
    engine_context: EngineContext
    engine_pace: EnginePace
    engine_reads_ahead: bool
    export_ending: str
    export_parts: tuple[str, ...]
    files_folder: str


class Preferences(Protocol):
    """The settings as those see them who change some."""

    def change(self, **changes: Unpack[SettingsChange]) -> None:
        """Have these hold from now on, and be remembered."""
        ...
