"""A reader of the prompt frameworks of `resources/frameworks/`: one TOML file each, its texts in every language.

The schema is written down in `docs/frameworks.md`. A file that cannot be used is reported with line and reason, and the
others load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.core.prompts.file_problem import FileProblem, TextFault
from desktop.core.prompts.marks import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY
from desktop.core.prompts.prompt import MOST_WEIGHT, NOTHING, FieldKind, PromptField, PromptFramework
from desktop.core.resources import resource_path
from desktop.prompts.table_reader import KEY, TableReader
from desktop.prompts.toml_file import TomlFile, read_toml

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
    reader = TableReader(content, content.values, ())
    reader.check_names(_FRAMEWORK_NAMES)
    if not KEY.fullmatch(file.stem):
        raise content.problem(TextFault.PLAIN_FILE_NAME.of())
    framework = PromptFramework(
        key=file.stem,
        name=reader.line("name"),
        about=reader.text("about"),
        fields=tuple(map(_field, reader.tables("fields", required=True))),
        position=reader.number("position", 1, 100_000, default=1_000),
        is_ready_made=reader.flag("ready_made"),
    )
    _check(content, framework)
    return framework


def _field(reader: TableReader) -> PromptField:
    reader.check_names(_FIELD_NAMES)
    label = reader.line("label")
    return PromptField(
        key=reader.key(),
        kind=reader.choice("kind", FieldKind),
        label=label,
        weight=reader.number("weight", 1, MOST_WEIGHT),
        why=reader.text("why"),
        hint=reader.text("hint"),
        heading=reader.line("heading", default=label),
        start=reader.text("start", default=NOTHING),
        required=reader.flag("required"),
    )


def _check(content: TomlFile, framework: PromptFramework) -> None:
    """Raise `FileProblem` if the fields contradict each other, so that a prompt could not be parsed again."""
    kinds = [each.kind for each in framework.fields]
    if kinds.count(FieldKind.TASK) != 1:
        raise content.problem(TextFault.ONE_TASK.of(), "fields")
    if kinds.count(FieldKind.EXAMPLES) > 1:
        raise content.problem(TextFault.ONE_EXAMPLES.of(), "fields")
    keys = Counter(each.key for each in framework.fields)
    headings = Counter(one for each in framework.fields for one in {each.heading.en, each.heading.zh})
    rules: tuple[tuple[str, TextFault, Callable[[PromptField], bool]], ...] = (
        ("key", TextFault.KEY_TWICE, lambda each: keys[each.key] > 1),
        ("key", TextFault.KEY_OF_THINKING, lambda each: each.key == CHAIN_OF_THOUGHT_KEY),
        ("key", TextFault.KEY_OF_EXAMPLES,
         lambda each: each.key == EXAMPLES_KEY and each.kind is not FieldKind.EXAMPLES),
        ("heading", TextFault.HEADING_TWICE,
         lambda each: headings[each.heading.en] > 1 or headings[each.heading.zh] > 1),
    )  # fmt: skip
    for at in reversed(range(len(framework.fields))):
        for name, reason, is_broken in rules:
            if is_broken(framework.fields[at]):
                raise content.problem(reason.of(framework.fields[at].key), "fields", at, name)
