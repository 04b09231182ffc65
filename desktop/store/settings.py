"""The user's settings: one JSON file that can be read and edited by hand.

Written only when asked, and atomically. What this version does not know or cannot use stays in the file as it was. Keys
and passwords are never part of it: they are in `keys`.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from desktop.core.connection import Connection
from desktop.core.conversation import BIN_DAYS
from desktop.core.engine import EngineContext, EnginePace
from desktop.core.message import Split
from desktop.core.model import Measures, ModelChoice
from desktop.core.models.download import KeptDownload
from desktop.core.text import size as text_size
from desktop.store.connections.records import connection_records, connections_of
from desktop.store.disk import sync_folder, write_or_refuse
from desktop.store.measure_records import measures_of, measures_record
from desktop.store.models.download_records import download_records, downloads_of

Theme = Literal["system", "light", "dark"]
ThinkingPanel = Literal["auto", "open", "closed"]

_WIDEST = 10_000  # pixels; more than any screen
_LATEST = 1e11  # seconds since 1970; some three thousand years
_MOST_DAYS = 36_500
_MODELS_MEASURED = 50  # those used last; another is measured anew
_SPLITS_KEPT = 200  # a model is rarely read wrongly, and those of long ago are gone
_SUBSTITUTES: Mapping[str, Any] = {"offline_lock": True}  # for a value that cannot be used, where not the default
_LARGEST_FILE = 16 << 20  # bytes; a settings file is a few kilobytes, and more than this is not one


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
    `update_notice`: to be told of newer versions;
    `update_looked_at` is when that was last looked up, in seconds since 1970. `export_ending` is that of the last
    exported file, empty for none, `export_parts` what that was to have beside the words. `files_folder` is the one in
    which files were picked last, empty for none. `bin_days`: after so many, what
    is deleted is erased; 0 for never. `names_conversations`: models of this computer may name conversations.
    `model_titles`, its name in earlier versions, stays in the file and does nothing: nobody had chosen what it says.
    `instructions` are what each new conversation begins with. `names_models`: model and place stand under each answer.
    `engine_context`, `engine_pace`, `engine_remembers` and `engine_reads_ahead` are wishes for the built-in engine.
    """

    language: str = ""
    theme: Theme = "system"
    text_scale: float = 1.0
    window_geometry: str = ""
    sidebar_open: bool = True
    thinking_panel: ThinkingPanel = "auto"
    find_in_thinking: bool = False
    names_tasks: bool = True
    prompt_open: bool = False
    prompt_width: int = 0
    evidence_width: int = 0
    fresh_start_explained: bool = False
    lessons_read: tuple[str, ...] = ()
    last_conversation: str = ""
    connections: tuple[Connection, ...] = ()
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
    update_notice: bool = False
    update_looked_at: float = 0.0
    bin_days: int = BIN_DAYS
    names_conversations: bool = True
    instructions: str = ""
    names_models: bool = True
    engine_context: EngineContext = EngineContext.OWN
    engine_pace: EnginePace = EnginePace.QUICK
    engine_remembers: bool = True
    engine_reads_ahead: bool = True
    export_ending: str = ""
    export_parts: tuple[str, ...] = ()
    files_folder: str = ""
    _found: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # the file's own content

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
        values: dict[str, Any] = {}
        rejected = []
        for name, codec in _CODECS.items():
            if name in found:
                try:
                    values[name] = codec.read(found[name])
                except (TypeError, ValueError, KeyError):
                    rejected.append(name)
        values |= {name: _SUBSTITUTES[name] for name in rejected if name in _SUBSTITUTES}
        settings = Settings(**values, _found=found)
        if len(settings.connections) < len(_list_or_empty(found.get("connections"))):
            rejected.append("connections")
        return settings, SettingsProblem(SettingsTrouble.VALUES, tuple(rejected)) if rejected else None

    def save(self, path: Path) -> None:
        """Replace the file (mode 0600); one thread at a time. Raises `StoreError`, and then the old file is intact."""
        text = json.dumps(self._merged(), ensure_ascii=False, indent=2) + "\n"
        # A lone surrogate (a file name that is not UTF-8) is written as JSON's escape for it.
        write_or_refuse(path, text.encode("utf-8", "backslashreplace"))

    def _merged(self) -> dict[str, Any]:
        """Return the settings over what the file held.

        Unknown keys stay, and unusable values until they are set anew.
        """
        merged = dict(self._found)
        for name, codec in _CODECS.items():
            value = getattr(self, name)
            substitute = _SUBSTITUTES.get(name, _DEFAULTS[name])
            untouched = name in self._found and value == substitute and not _is_usable(codec, self._found[name])
            if not untouched:
                merged[name] = codec.write(value, self._found.get(name))
        return merged


@dataclass(frozen=True, slots=True)
class _Codec:
    """A reader and a writer of one setting.

    `read` raises TypeError, ValueError or KeyError for unusable values; `write` is also given what the file held.
    """

    read: Callable[[Any], Any]
    write: Callable[[Any, Any], Any]


def _read(path: Path) -> bytes | None:
    """Return the file's bytes, None if there is no file.

    Raises OSError, and ValueError for no regular file or a huge one.
    """
    try:
        # Not to wait for a writer, should it be a pipe.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_FILE:
        os.close(descriptor)
        raise ValueError("not a file of settings")
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_LARGEST_FILE)


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


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number_within(smallest: float, largest: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        if not smallest <= value <= largest:
            raise ValueError
        return float(value)

    return read


def _width(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not 0 <= value <= _WIDEST:
        raise ValueError
    return value


def _days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not 0 <= value <= _MOST_DAYS:
        raise ValueError
    return value


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError
        return str(value)

    return read


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(item) for item in value)


def _choice(value: Any) -> ModelChoice | None:
    return None if value is None else ModelChoice(_text(value["connection_id"]), _text(value["model"]))


def _choice_record(value: ModelChoice | None, _: Any) -> Any:
    return value and {"connection_id": value.connection_id, "model": value.model}


def _choices(value: Any) -> tuple[ModelChoice, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(choice for record in value if (choice := _choice(record)) is not None)


def _choice_records(value: tuple[ModelChoice, ...], _: Any) -> list[Any]:
    return [_choice_record(choice, None) for choice in value]


def _task_models(value: Any) -> tuple[tuple[str, ModelChoice], ...]:
    if not isinstance(value, list):
        raise TypeError
    pairs = [(_text(record["task"]), _choice(record)) for record in value]
    return tuple((task, choice) for task, choice in pairs if choice is not None)


def _task_records(value: tuple[tuple[str, ModelChoice], ...], _: Any) -> list[Any]:
    return [_choice_record(choice, None) | {"task": task} for task, choice in value]


def _splits(value: Any) -> tuple[tuple[ModelChoice, Split], ...]:
    if not isinstance(value, list):
        raise TypeError
    pairs = [(_choice(record), Split(_text(record["split"]))) for record in value]
    return tuple((choice, split) for choice, split in pairs if choice is not None)


def _split_records(value: tuple[tuple[ModelChoice, Split], ...], _: Any) -> list[Any]:
    return [_choice_record(choice, None) | {"split": split.value} for choice, split in value[-_SPLITS_KEPT:]]


def _measures(value: Any) -> tuple[tuple[ModelChoice, Measures], ...]:
    if not isinstance(value, list):
        raise TypeError
    pairs = [(_choice(record), measures_of(record)) for record in value]
    return tuple((choice, measures) for choice, measures in pairs if choice is not None)


def _measure_records(value: tuple[tuple[ModelChoice, Measures], ...], _: Any) -> list[Any]:
    return [_choice_record(choice, None) | measures_record(each) for choice, each in value[-_MODELS_MEASURED:]]


def _list_or_empty(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_usable(codec: _Codec, value: Any) -> bool:
    try:
        codec.read(value)
    except (TypeError, ValueError, KeyError):
        return False
    return True


def _as_is(value: Any, _: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


_PLAIN = Settings()
_DEFAULTS = {item.name: getattr(_PLAIN, item.name) for item in fields(Settings) if item.name != "_found"}
# A setting that is not listed here is what its default is: a text, true or false, or a list of texts.
_OWN_CODECS: dict[str, _Codec] = {
    "theme": _Codec(_one_of("system", "light", "dark"), _as_is),
    "text_scale": _Codec(_number_within(text_size.SMALLEST, text_size.LARGEST), _as_is),
    "thinking_panel": _Codec(_one_of("auto", "open", "closed"), _as_is),
    "pinned_models": _Codec(_choices, _choice_records),
    "task_models": _Codec(_task_models, _task_records),
    "prompt_width": _Codec(_width, _as_is),
    "evidence_width": _Codec(_width, _as_is),
    "connections": _Codec(connections_of, connection_records),
    "default_choice": _Codec(_choice, _choice_record),
    "splits": _Codec(_splits, _split_records),
    "engine_context": _Codec(EngineContext, _as_is),
    "engine_pace": _Codec(EnginePace, _as_is),
    "measures": _Codec(_measures, _measure_records),
    "downloads": _Codec(downloads_of, download_records),
    "bin_days": _Codec(_days, _as_is),
    "update_looked_at": _Codec(_number_within(0, _LATEST), _as_is),
}
_PLAIN_CODECS: dict[type, _Codec] = {
    str: _Codec(_text, _as_is),
    bool: _Codec(_flag, _as_is),
    tuple: _Codec(_texts, _as_is),
}
_CODECS = {name: _OWN_CODECS.get(name) or _PLAIN_CODECS[type(default)] for name, default in _DEFAULTS.items()}
