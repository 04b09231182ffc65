"""A reader of the prompt frameworks of `resources/frameworks/`: one TOML file each, its texts in every language.

The schema is written down in `docs/frameworks.md`. A file that cannot be used is reported with line and reason, and the
others load.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.prompts.marks import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY
from desktop.core.prompts.prompt import MOST_WEIGHT, NOTHING, FieldKind, Language, PromptField, PromptFramework, Wording
from desktop.core.resources import resource_path
from desktop.prompts.toml_file import TomlFile, read_toml

_KEY = re.compile("[a-z][a-z0-9_]{0,31}")
_FRAMEWORK_NAMES = {"name", "about", "position", "ready_made", "fields"}
_FIELD_NAMES = {"key", "kind", "label", "weight", "why", "hint", "heading", "start", "required"}


@dataclass(frozen=True, slots=True)
class Frameworks:
    """The contents of a folder: frameworks in their order, and the problems of files that could not be read."""

    frameworks: tuple[PromptFramework, ...]
    problems: tuple[FileProblem, ...]

    def get(self, key: str) -> PromptFramework | None:
        return next((each for each in self.frameworks if each.key == key), None)


def load_frameworks(folder: Path | None = None) -> Frameworks:
    """Return the frameworks of a folder; of those that come with the program if none is given."""
    frameworks: list[PromptFramework] = []
    problems: list[FileProblem] = []
    for file in sorted((folder or resource_path("frameworks")).glob("*.toml")):
        try:
            frameworks.append(read_framework(file))
        except FileProblem as problem:
            problems.append(problem)
    frameworks.sort(key=lambda each: (each.position, each.key))
    return Frameworks(tuple(frameworks), tuple(problems))


def read_framework(file: Path) -> PromptFramework:
    """Return one framework; its key is the file's name. Raises `FileProblem`."""
    content = read_toml(file)
    reader = _Reader(content, content.values, ())
    reader.check_names(_FRAMEWORK_NAMES)
    if not _KEY.fullmatch(file.stem):
        raise content.problem("the file's name must be of a-z, 0-9 and _, and begin with a letter")
    framework = PromptFramework(
        key=file.stem,
        name=reader.line("name"),
        about=reader.text("about"),
        fields=_fields(content),
        position=reader.number("position", 1, 100_000, default=1_000),
        is_ready_made=reader.flag("ready_made"),
    )
    _check(content, framework)
    return framework


def _fields(content: TomlFile) -> tuple[PromptField, ...]:
    tables = content.values.get("fields")
    if not isinstance(tables, list) or not tables or not all(isinstance(each, dict) for each in tables):
        raise content.problem("no [[fields]]", "fields")
    return tuple(_field(_Reader(content, table, ("fields", at))) for at, table in enumerate(tables))


def _field(reader: _Reader) -> PromptField:
    reader.check_names(_FIELD_NAMES)
    label = reader.line("label")
    return PromptField(
        key=reader.key(),
        kind=reader.kind(),
        label=label,
        weight=reader.number("weight", 1, MOST_WEIGHT),
        why=reader.text("why"),
        hint=reader.text("hint"),
        heading=reader.line("heading", default=label),
        start=reader.text("start", default=NOTHING),
        required=reader.flag("required"),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """A reader of the values of one table, which says where they are wrong."""

    content: TomlFile
    table: Mapping[str, Any]
    path: tuple[str | int, ...]

    def problem(self, reason: str, name: str = "") -> FileProblem:
        return self.content.problem(reason, *self.path, *([name] if name else []))

    def check_names(self, known: set[str]) -> None:
        for name in self.table:
            if name not in known:
                raise self.problem(f"unknown name {name}; known are {', '.join(sorted(known))}", name)

    def text(self, name: str, default: Wording | None = None) -> Wording:
        """Return a text in every language, without the blanks around it."""
        value = self._value(name, default)
        if isinstance(value, Wording):
            return value
        languages = [str(each) for each in Language]
        match value:
            case dict() if sorted(value) == sorted(languages):
                texts = list(value.values())
            case _:
                raise self.problem(f"{name} must have {' and '.join(f'{name}.{each}' for each in languages)}", name)
        if not all(isinstance(each, str) and each.strip() for each in texts):
            raise self.problem(f"{name} must be a text in each language, and not empty", name)
        return Wording(**{language: text.strip() for language, text in value.items()})

    def line(self, name: str, default: Wording | None = None) -> Wording:
        wording = self.text(name, default)
        if any(len(each.splitlines()) > 1 for each in (wording.en, wording.zh)):
            raise self.problem(f"{name} must be one line", name)
        return wording

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        value = self._value(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.problem(f"{name} must be a whole number from {least} to {most}", name)
        return value

    def flag(self, name: str) -> bool:
        value = self._value(name, False)
        if not isinstance(value, bool):
            raise self.problem(f"{name} must be true or false", name)
        return value

    def key(self) -> str:
        value = self._value("key", None)
        if not isinstance(value, str) or not _KEY.fullmatch(value):
            raise self.problem("key must be of a-z, 0-9 and _, and begin with a letter", "key")
        return value

    def kind(self) -> FieldKind:
        value = self._value("kind", None)
        try:
            return FieldKind(value)
        except ValueError:
            raise self.problem(f"kind is {value!r}; known are {', '.join(FieldKind)}", "kind") from None

    def _value(self, name: str, default: Any) -> Any:
        if name not in self.table:
            if default is None:
                raise self.problem(f"{name} is missing")
            return default
        return self.table[name]


def _check(content: TomlFile, framework: PromptFramework) -> None:
    """Raise `FileProblem` if the fields contradict each other, so that a prompt could not be parsed again."""
    kinds = [each.kind for each in framework.fields]
    if kinds.count(FieldKind.TASK) != 1:
        raise content.problem("exactly one field must be of the kind task", "fields")
    if kinds.count(FieldKind.EXAMPLES) > 1:
        raise content.problem("only one field can be of the kind examples", "fields")
    keys = Counter(each.key for each in framework.fields)
    headings = Counter(one for each in framework.fields for one in {each.heading.en, each.heading.zh})
    rules: tuple[tuple[str, str, Callable[[PromptField], bool]], ...] = (
        ("key", "key is used twice", lambda each: keys[each.key] > 1),
        ("key", "key is kept for the request to think", lambda each: each.key == CHAIN_OF_THOUGHT_KEY),
        ("key", "key is kept for fields of the kind examples",
         lambda each: each.key == EXAMPLES_KEY and each.kind is not FieldKind.EXAMPLES),
        ("heading", "heading stands above two parts",
         lambda each: headings[each.heading.en] > 1 or headings[each.heading.zh] > 1),
    )  # fmt: skip
    for at in reversed(range(len(framework.fields))):
        for name, reason, is_broken in rules:
            if is_broken(framework.fields[at]):
                raise content.problem(f"{framework.fields[at].key}: {reason}", "fields", at, name)
