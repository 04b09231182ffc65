"""The texts that come with the program, of TOML files in every language: prompt frameworks, guides, and the help.

They are written in `resources/` by the rules of `docs/{frameworks,guides,lessons}.md`, which the tests hold them to. A
file that an installation has lost or spoilt is named in the log, and the others are read.
"""

from __future__ import annotations

import logging
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.core.converting import converted
from desktop.core.prompts.prompt import NOTHING, PromptFramework
from desktop.core.resources import resource_path
from desktop.core.tasks.office import GENERAL, Guide

if TYPE_CHECKING:
    from desktop.core.teaching import HelpTexts

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_NO_GUIDE = Guide(key=GENERAL, title=NOTHING, questions=())


def load_frameworks() -> tuple[PromptFramework, ...]:
    """Return the prompt frameworks in the order in which they are offered; each one's key is its file's name."""
    found = _read_folder(PromptFramework, resource_path("frameworks"))
    return tuple(sorted(found, key=lambda each: (each.position, each.key)))


@cache
def frameworks() -> tuple[PromptFramework, ...]:
    """Return the prompt frameworks, read when they are first wanted: on another thread once a word is written."""
    return load_frameworks()


def load_help() -> HelpTexts:
    """Return the lessons in their order, and the terms in that of the dictionary."""
    from desktop.core.teaching import HelpTexts, Lesson

    lessons = sorted(_read_folder(Lesson, resource_path("help", "lessons")), key=lambda each: (each.position, each.key))
    dictionary = _read(HelpTexts, resource_path("help", "dictionary.toml"))
    return HelpTexts(tuple(lessons), dictionary.terms if dictionary is not None else ())


class Guides:
    """The guides, each read when it is first wanted. The last question of the general one ends every other."""

    def __init__(self) -> None:
        self._read: dict[str, Guide] = {}

    def guide(self, key: str) -> Guide:
        """Return the guide for a task; the general one, under the task's key, where it has none of its own."""
        if key not in self._read:
            general, own = _guide(GENERAL) or _NO_GUIDE, _guide(key) if key != GENERAL else None
            questions = (*own.questions, *general.questions[-1:]) if own is not None else general.questions
            self._read[key] = replace(own or general, key=key, questions=questions)
        return self._read[key]


@cache
def guide_lines() -> tuple[str, ...]:
    """Return how lines begin that guides write into messages: with an answer, or with what leads to the user's own."""
    questions = [each for guide in _read_folder(Guide, resource_path("guides")) for each in guide.questions]
    answers = [answer.text for question in questions for answer in question.answers]
    leads = [line.partition("%1")[0] for each in questions for line in (each.own.en, each.own.zh)]
    return tuple(filter(None, {*leads, *(line for each in answers for line in (each.en, each.zh))}))


def _guide(key: str) -> Guide | None:
    file = resource_path("guides", f"{key}.toml")
    return _read(Guide, file) if file.exists() else None


def _read_folder(kind: type[_T], folder: Path) -> list[_T]:
    found = (_read(kind, file) for file in sorted(folder.glob("*.toml")))
    return [each for each in found if each is not None]


def _read(kind: type[_T], file: Path) -> _T | None:
    """Return a file as a dataclass whose `key` is the file's name; None where it cannot be used."""
    try:
        values = _trimmed(tomllib.loads(file.read_text("utf-8")))
        return converted(kind, {**values, "key": file.stem}, whole=True)
    except (OSError, ValueError) as error:
        _log.error("%s cannot be used: %s", file, error)
        return None


def _trimmed(value: Any) -> Any:
    """Return the values of a file, each text without the blanks around it."""
    match value:
        case str():
            return value.strip()
        case dict():
            return {name: _trimmed(each) for name, each in value.items()}
        case list():
            return [_trimmed(each) for each in value]
        case _:
            return value
