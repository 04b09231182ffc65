"""The user's settings: one JSON file that can be read and edited by hand.

Written only when asked, and atomically. What this version does not know or cannot use stays in the file as it was. Keys
and passwords are never part of it: they are in `keys`.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.conversation import BIN_DAYS
from desktop.core.converting import UNKEPT, UnusableError, Within, as_dict, converted
from desktop.core.engine import EngineContext, EnginePace, EngineWishes
from desktop.core.message import Split
from desktop.core.model import Measures, ModelChoice
from desktop.core.models.keeping import KeptDownload
from desktop.core.text import size as text_size
from desktop.store.disk import open_regular, sync_folder, write_or_refuse

Theme = Literal["system", "light", "dark"]
ThinkingPanel = Literal["auto", "open", "closed"]
Width = Annotated[int, Within(0, 10_000)]  # pixels; more than any screen has

_MODELS_MEASURED = 50  # those used last; another is measured anew
_SPLITS_KEPT = 200  # a model is rarely read wrongly, and those of long ago are gone
_DOWNLOADS_KEPT = 50
_LARGEST_FILE = 16 << 20  # bytes; a settings file is a few kilobytes, and more than this is not one
_LOGIN = r"^((?:[a-zA-Z][a-zA-Z0-9+.-]*://)?)[^/?#]*@"


class SettingsTrouble(StrEnum):
    """The kind of fault in the file of settings."""

    BROKEN = "broken"  # not JSON, or not an object: moved aside, defaults used
    UNREADABLE = "unreadable"  # the system did not give it: moved aside where possible, defaults used
    VALUES = "values"  # some values could not be used: defaults in their place, the file unharmed


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """A fault in the file of settings.

    `names` are the settings whose values could not be used; `moved_to` is None if nothing could be moved.
    """

    trouble: SettingsTrouble
    names: tuple[str, ...] = ()
    moved_to: Path | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; change them with `dataclasses.replace` and `save` the result.

    `language` empty: the system's. `text_scale` multiplies the normal size. `window_geometry` is opaque to all but the
    window. `model_files` are paths of .gguf files, `trusted_certificates` that of a file with certificates that are
    trusted at all connections. `asked_hosts` are those for which the user agreed that words leave for the internet.
    `prompt_width` and `evidence_width` are pixels at normal text size; 0 leaves them to the window.
    `splits` is how replies of some models are split, because the user had to say so; the latest last. `measures` are
    those of models that were used, the latest last. `downloads` are those of models that have not
    ended. `recipes_folder` is a shared one; empty: none. `pinned_recipes` are keys of recipes, in the order of the
    sidebar, `pinned_models` those on top of the menu of models. `model_hints`: another model
    is offered where the task asks for it; `task_models` are those that were taken, by the kind of task.
    `signs_off` are the kinds of signs of trouble that are not wanted beside answers.
    `fresh_start_explained`: the user has read why a fresh start helps. `lessons_read` are the
    keys of lessons of the help. `last_conversation`: the id of the one that is shown; empty for a new one.
    `names_tasks`: the task that is being written is named, with a form for it.
    `holds_for_text`: a first message that needs a text which nobody gave is held once.
    `export_ending` is that of the last
    exported file, empty for none, `export_parts` what that was to have beside the words. `files_folder` is the one in
    which files were picked last, empty for none. `bin_days`: after so many, what
    is deleted is erased; 0 for never. `names_conversations`: models of this computer may name conversations.
    `model_titles`, its name in earlier versions, stays in the file and does nothing: nobody had chosen what it says.
    So do `update_notice` and `update_looked_at`, of looks for a newer version.
    `instructions` are what each new conversation begins with. `names_models`: model and place stand under each answer.
    `engine_context`, `engine_pace` and `engine_reads_ahead` are wishes for the built-in engine. `engine_remembers`, of
    earlier versions, stays in the file and does nothing.
    """

    language: str = ""
    theme: Theme = "system"
    text_scale: Annotated[float, Within(text_size.SMALLEST, text_size.LARGEST)] = 1.0
    window_geometry: str = ""
    sidebar_open: bool = True
    thinking_panel: ThinkingPanel = "auto"
    find_in_thinking: bool = False
    names_tasks: bool = True
    holds_for_text: bool = True
    prompt_open: bool = False
    prompt_width: Width = 0
    evidence_width: Width = 0
    fresh_start_explained: bool = False
    lessons_read: tuple[str, ...] = ()
    last_conversation: str = ""
    connections: tuple[Connection, ...] = field(default=(), metadata=UNKEPT)  # read as a whole or not at all
    default_choice: ModelChoice | None = None
    model_files: tuple[str, ...] = ()
    trusted_certificates: str = ""
    asked_hosts: tuple[str, ...] = ()
    offline_lock: bool = False
    splits: tuple[tuple[ModelChoice, Split], ...] = ()
    measures: tuple[tuple[ModelChoice, Measures], ...] = ()
    downloads: tuple[KeptDownload, ...] = ()
    recipes_folder: str = ""
    pinned_recipes: tuple[str, ...] = ()
    pinned_models: tuple[ModelChoice, ...] = ()
    model_hints: bool = True
    task_models: tuple[tuple[str, ModelChoice], ...] = ()
    signs_off: tuple[str, ...] = ()
    bin_days: Annotated[int, Within(0, 36_500)] = BIN_DAYS
    names_conversations: bool = True
    instructions: str = ""
    names_models: bool = True
    engine_context: EngineContext = EngineContext.OWN
    engine_pace: EnginePace = EnginePace.QUICK
    engine_reads_ahead: bool = True
    export_ending: str = ""
    export_parts: tuple[str, ...] = ()
    files_folder: str = ""
    found: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False, metadata=UNKEPT)  # in the file

    @property
    def engine_wishes(self) -> EngineWishes:
        return EngineWishes(self.engine_context, self.engine_pace, self.engine_reads_ahead)

    @staticmethod
    def load(path: Path) -> tuple[Settings, SettingsProblem | None]:
        """Read the file; a missing one means defaults. Return the settings, and a problem or None.

        Where it cannot be told whether the offline lock was on, it is, until the user says otherwise.
        Never raises for what the file holds, and never writes to it. A file that cannot be understood at all is renamed
        to `settings.broken-<time>.json`.
        """
        try:
            content = _read(path)
            found = {} if content is None else _parsed(content)
        except (ValueError, RecursionError) as error:  # ValueError covers JSON and UTF-8
            problem = SettingsProblem(SettingsTrouble.BROKEN, (), _move_aside(path), str(error))
            return Settings(offline_lock=True), problem
        except OSError as error:
            detail = error.strerror or type(error).__name__
            problem = SettingsProblem(SettingsTrouble.UNREADABLE, (), _move_aside(path), detail)
            return Settings(offline_lock=True), problem
        settings, unused = _of_record(found)
        return settings, SettingsProblem(SettingsTrouble.VALUES, unused) if unused else None

    def save(self, path: Path) -> None:
        """Replace the file (mode 0600); one thread at a time. Raises `StoreError`, and then the old file is intact.

        Names that are not known here stay in it, and values that could not be used until they are set anew.
        """
        before, _ = _of_record(self.found)
        kept = replace(
            self,
            splits=self.splits[-_SPLITS_KEPT:],
            measures=self.measures[-_MODELS_MEASURED:],
            downloads=self.downloads[-_DOWNLOADS_KEPT:],
        )
        merged = dict(self.found)
        for name, value in as_dict(kept).items():
            if name not in merged or getattr(self, name) != getattr(before, name):
                merged[name] = value
        if self.connections or before.connections or "connections" not in merged:
            merged["connections"] = _connection_records(self.connections, self.found.get("connections"))
        text = json.dumps(merged, ensure_ascii=False, indent=2) + "\n"
        # A lone surrogate (a file name that is not UTF-8) is written as JSON's escape for it.
        write_or_refuse(path, text.encode("utf-8", "backslashreplace"))


def _of_record(found: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that stand in a record, and the names of those that could not be used."""
    faults: list[str] = []
    settings = converted(Settings, _with_pairs(found), faults=faults)
    held = found.get("connections", [])
    connections = tuple(filter(None, map(_connection, held))) if isinstance(held, list) else ()
    if not isinstance(held, list) or len(connections) < len(held):
        faults.append("connections")
    lock = found.get("offline_lock", False)
    if not isinstance(lock, bool):
        faults.append("offline_lock")
        lock = True
    settings = replace(settings, connections=connections, offline_lock=lock, found=found)
    return settings, tuple(dict.fromkeys(path.partition(".")[0] for path in faults))


def _with_pairs(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with pairs of a model and what is kept of it, which homes of version 8 have in one record."""
    record = dict(found)
    for name in ("splits", "task_models", "measures", "downloads"):
        items = record.get(name)
        if isinstance(items, list):
            record[name] = [_pair(name, item) if _is_flat(item) else item for item in items]
    return record


def _is_flat(item: Any) -> bool:
    return isinstance(item, dict) and "connection_id" in item


def _pair(name: str, item: dict[str, Any]) -> Any:
    match name, item:
        case "splits", {"split": split}:
            return [item, split]
        case "task_models", {"task": task}:
            return [task, item]
        case "measures", {"counts": [*counts]}:
            letters_apart = [[each[:3], *each[3:]] for each in counts if isinstance(each, list)]
            return [item, item | {"counts": letters_apart}]
        case "downloads", _:
            return item | {"choice": item}
    return item


def _connection(record: Any) -> Connection | None:
    """Return a connection if all of it can be understood: else nobody could tell where its words end up."""
    try:
        found = converted(Connection, record, whole=True)
    except UnusableError:
        return None
    has_names = isinstance(record, dict) and record.get("id") and (found.ssh is None or found.ssh.host)
    return found if has_names else None


def _connection_records(connections: tuple[Connection, ...], found: Any) -> list[Any]:
    """Return the connections, each over what the file held for it, and after them what could not be understood."""
    held = found if isinstance(found, list) else []
    by_id = {connection.id: record for record in held if (connection := _connection(record))}
    records: list[Any] = [by_id.get(each.id, {}) | as_dict(_without_logins(each)) for each in connections]
    return records + [record for record in held if _connection(record) is None]


def _without_logins(connection: Connection) -> Connection:
    """Return a connection without `user:password@` in addresses.

    The connection page refuses them; should one slip through, it still must not reach a file.
    """
    route = replace(connection.route, proxy_address=re.sub(_LOGIN, r"\1", connection.route.proxy_address))
    if connection.kind is ConnectionKind.BUILT_IN:  # whose address is a path
        return replace(connection, route=route)
    return replace(connection, route=route, address=re.sub(_LOGIN, r"\1", connection.address))


def _read(path: Path) -> bytes | None:
    """Return the file's bytes, None if there is no file.

    Raises OSError, and ValueError for no regular file or a huge one.
    """
    try:
        file = open_regular(path)
    except FileNotFoundError:
        return None
    with file:
        content = file.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise ValueError("not a file of settings")
    return content


def _parsed(content: bytes) -> dict[str, Any]:
    if not content.strip():
        raise ValueError("empty")
    value = json.loads(content.decode("utf-8-sig"))  # some editors put a byte order mark
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _move_aside(path: Path) -> Path | None:
    moment = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.stem}.broken-{moment}{path.suffix}")
    number = 2
    while target.exists():
        target = path.with_name(f"{path.stem}.broken-{moment}-{number}{path.suffix}")
        number += 1
    try:
        os.rename(path, target)
    except OSError:
        return None
    sync_folder(path.parent)
    return target
