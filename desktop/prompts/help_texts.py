"""A reader of the texts of the help in `resources/help/`: a file for each lesson, and the dictionary.

The schema is written down in `docs/lessons.md`. A file that cannot be used is reported with line and reason, and the
others load.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.core.message import Role
from desktop.core.prompts.file_problem import FileProblem, TextFault
from desktop.core.prompts.prompt import NOTHING, Wording
from desktop.core.resources import resource_path
from desktop.core.teaching.lesson import (
    BuilderTry,
    CardTry,
    CompareTry,
    ConversationTry,
    DoorTry,
    FoundHelp,
    HelpDoor,
    HelpTerm,
    HelpTexts,
    Lesson,
    LessonParagraph,
    LessonPart,
    LessonSample,
    LessonTable,
    LessonTableRow,
    LessonTry,
    PreparedExample,
    PreparedMessage,
    PreparedSide,
)
from desktop.prompts.table_reader import TableReader
from desktop.prompts.toml_file import read_toml

_LESSON_NAMES = {"position", "title", "about", "parts", "tries"}
_PART_NAMES = {"text", "sample", "name", "rows"}
_TERM_NAMES = {"key", "name", "text", "lesson", "also"}
_TRY_NAMES: Mapping[str, set[str]] = {
    "builder": {"framework", "texts", "examples", "chain_of_thought"},
    "compare": {"question", "sides"},
    "conversation": {"title", "messages", "then"},
    "card": {"model"},
    "door": {"door"},
}


def load_help(folder: Path | None = None) -> FoundHelp:
    """Return the help of a folder; that which comes with the program if none is given."""
    root = folder or resource_path("help")
    lessons: list[Lesson] = []
    terms: list[HelpTerm] = []
    problems: list[FileProblem] = []
    for file in sorted((root / "lessons").glob("*.toml")):
        try:
            lessons.append(read_lesson(file))
        except FileProblem as problem:
            problems.append(problem)
    try:
        terms = read_dictionary(root / "dictionary.toml")
    except FileProblem as problem:
        problems.append(problem)
    lessons.sort(key=lambda each: (each.position, each.key))
    return FoundHelp(HelpTexts(tuple(lessons), tuple(terms)), tuple(problems))


def read_lesson(file: Path) -> Lesson:
    """Return one lesson; its key is the file's name. Raises `FileProblem`."""
    content = read_toml(file)
    reader = TableReader(content, content.values, ())
    reader.check_names(_LESSON_NAMES)
    return Lesson(
        key=file.stem,
        position=reader.number("position", 1, 100_000),
        title=reader.line("title"),
        about=reader.line("about"),
        parts=tuple(map(_part, reader.tables("parts", required=True))),
        tries=tuple(map(_try, reader.tables("tries", required=True))),
    )


def read_dictionary(file: Path) -> list[HelpTerm]:
    """Return the terms of the dictionary in the order of their file. Raises `FileProblem`."""
    content = read_toml(file)
    reader = TableReader(content, content.values, ())
    reader.check_names({"terms"})
    return [_term(each) for each in reader.tables("terms", required=True)]


def _term(reader: TableReader) -> HelpTerm:
    reader.check_names(_TERM_NAMES)
    also = reader.value("also", [])
    if not isinstance(also, list) or not all(isinstance(each, str) for each in also):
        raise reader.problem(TextFault.LIST_OF_TEXTS.of("also"), "also")
    return HelpTerm(
        key=reader.key(),
        name=reader.line("name"),
        words=reader.text("text"),
        lesson=_word(reader, "lesson", ""),
        also=tuple(also),
    )


def _part(reader: TableReader) -> LessonPart:
    reader.check_names(_PART_NAMES)
    if "rows" in reader.table:
        return LessonTable(
            tuple(LessonTableRow(each.line("name"), each.text("text")) for each in reader.tables("rows", required=True))
        )
    if "sample" in reader.table:
        return LessonSample(reader.line("name"), reader.text("sample"))
    return LessonParagraph(reader.text("text"))


def _try(reader: TableReader) -> LessonTry:
    kind = _word(reader, "kind")
    if kind not in _TRY_NAMES:
        raise reader.problem(TextFault.NOT_ONE_OF.of("kind", repr(kind), ", ".join(_TRY_NAMES)), "kind")
    reader.check_names({"kind", "words"} | _TRY_NAMES[kind])
    words = reader.line("words")
    match kind:
        case "builder":
            return BuilderTry(
                words, _word(reader, "framework"), _texts(reader), _examples(reader), reader.flag("chain_of_thought")
            )
        case "compare":
            sides = [PreparedSide(each.line("name"), each.text("text")) for each in reader.tables("sides")]
            if len(sides) != 2:
                raise reader.problem(TextFault.TWO_TABLES.of("tries.sides"), "sides")
            return CompareTry(words, reader.line("question"), tuple(sides))
        case "conversation":
            messages = tuple(map(_message, reader.tables("messages", required=True)))
            return ConversationTry(words, reader.line("title"), messages)
        case "card":
            return CardTry(words, _word(reader, "model"))
        case _:
            return DoorTry(words, reader.choice("door", HelpDoor))


def _texts(reader: TableReader) -> dict[str, Wording]:
    """Return what is written in the fields of a framework, by their keys."""
    table = reader.value("texts", None)
    if not isinstance(table, dict):
        raise reader.problem(TextFault.TABLE_OF_TEXTS.of(), "texts")
    inner = TableReader(reader.content, table, reader.path)
    return {key: inner.text(key) for key in table}


def _examples(reader: TableReader) -> tuple[PreparedExample, ...]:
    return tuple(PreparedExample(each.text("input"), each.text("output")) for each in reader.tables("examples"))


def _message(reader: TableReader) -> PreparedMessage:
    reader.check_names({"role", "text", "thinking"})
    return PreparedMessage(reader.choice("role", Role), reader.text("text"), reader.text("thinking", NOTHING))


def _word(reader: TableReader, name: str, default: str | None = None) -> str:
    """Return a text that is the same in every language: a name in the program."""
    value: Any = reader.value(name, default)
    if not isinstance(value, str):
        raise reader.problem(TextFault.NO_TEXT.of(name), name)
    return value
