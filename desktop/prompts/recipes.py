"""Recipes as texts: one readable TOML file each, written and read again, with the line of what is wrong in it.

Where files lie is `recipe_folder`'s.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.core.recipes.recipe import (
    LONGEST_ABOUT,
    LONGEST_LABEL,
    LONGEST_NAME,
    MOST_BLANKS,
    MOST_CHOICES,
    MOST_EXAMPLES,
    MOST_MATERIALS,
    Blank,
    BlankKind,
    FileProblem,
    FileReason,
    Recipe,
    TextFault,
    is_blank_name,
    recipe_of,
)

MOST_BYTES = 1_000_000  # a file of hand-written texts has a few kilobytes

_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_TABLE = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]?\]")
_NAME = re.compile(r"\s*([\w-]+)\s*[.=]")
# A name of a hundred parts; the reader takes the square of their number, and hours for as many as fit into a file.
_LONG_NAME = re.compile(r"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){99}""")

# How Python's reader of TOML begins its complaints, and what they come to for whoever wrote the file.
_COMPLAINTS = (
    ("Illegal character", TextFault.WRONG_SIGN),
    ('Unterminated string|Expected "|Expected \'"|Unclosed|Found invalid character in.*string', TextFault.NOT_CLOSED),
    ("Cannot|Duplicate|Can't", TextFault.SAID_BEFORE),
    ("Invalid initial character|Invalid statement", TextFault.NO_NAME),
    ("Expected '=' after a key", TextFault.NO_EQUALS),
    ("Expected newline", TextFault.TOO_MUCH_IN_LINE),
    ("Unescaped|Invalid hex|Escaped", TextFault.BACKSLASH),
    ("Invalid", TextFault.NO_VALUE),
)
_RECIPE_NAMES = {
    *("name", "about", "framework", "chain_of_thought", "examples_as_turns"),
    *("texts", "blanks", "materials", "examples"),
}
_MOST = {"blanks": MOST_BLANKS, "materials": MOST_MATERIALS, "examples": MOST_EXAMPLES}
_LONGEST = {"name": LONGEST_NAME, "label": LONGEST_LABEL, "about": LONGEST_ABOUT}
_EXAMPLE_NAMES = ("input", "output", "reasoning")
_BLANK_NAMES = {"name", "label", "kind", "default", "required", "choices", "field"}
# Values of a recipe's file that are the same when absent.
DEFAULTS: Mapping[str, Any] = {
    "chain_of_thought": False,
    "examples_as_turns": False,
    "kind": str(BlankKind.TEXT),
    "required": True,
}
# What may stand in a TOML text over several lines as it is (TOML 1.0, "String").
_READABLE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The values of a file, and its lines."""

    file: Path
    values: dict[str, Any]
    lines: tuple[str, ...]

    def problem(self, reason: FileReason, *path: str | int) -> FileProblem:
        """Return the problem with the value at `path`.

        That is a name, or a table's name, which of these tables, and a name.
        """
        match path:
            case (str(table), int(at), *names):
                line = self._line_in_table(table, at, str(names[0]) if names else "")
            case (str(name),):
                line = self._line_at_top(name)
            case _:
                line = 0
        return FileProblem(self.file, line, reason)

    def _line_at_top(self, name: str) -> int:
        """Return the line of a value of the file itself, or of the first table of this name; 0 if it is absent."""
        at_top = True
        for number, line in enumerate(self.lines, start=1):
            opened = _TABLE.match(line)
            at_top = at_top and not opened
            found = opened or (_NAME.match(line) if at_top else None)
            if found and found[1] == name:
                return number
        return 0

    def _line_in_table(self, table: str, at: int, name: str) -> int:
        """Return the line of a value in one of several tables; if it is absent, the line of the table."""
        seen, start = -1, 0
        for number, line in enumerate(self.lines, start=1):
            if opened := _TABLE.match(line):
                seen += opened[1] == table
                if start:
                    break
                if opened[1] == table and seen == at:
                    start = number
            elif start and name and (said := _NAME.match(line)) and said[1] == name:
                return number
        return start


def read_content(file: Path) -> bytes:
    """Return the bytes of a file of texts. Raises `FileProblem`."""
    try:
        if not file.is_file():
            raise FileProblem(file, 0, TextFault.NO_FILE.of())
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileProblem(file, 0, TextFault.UNREADABLE.of(error.strerror or error)) from error
    if len(content) > MOST_BYTES:
        raise FileProblem(file, 0, TextFault.TOO_LARGE.of(MOST_BYTES // 1_000))
    return content


def parse_toml(file: Path, content: bytes) -> TomlFile:
    """Return the values of a file's content. Raises `FileProblem`."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileProblem(file, line, TextFault.NOT_UTF8.of()) from error
    if found := _LONG_NAME.search(text):
        raise FileProblem(file, text.count("\n", 0, found.start()) + 1, TextFault.LONG_NAME.of())
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = _AT_LINE.search(str(error))
        line = int(said[1]) if said and said[1] else text.count("\n") + 1
        raise FileProblem(file, line, _reason(_AT_LINE.sub("", str(error)))) from error
    except RecursionError as error:
        raise FileProblem(file, 0, TextFault.TOO_DEEP.of()) from error
    except ValueError as error:  # with more digits than Python reads
        raise FileProblem(file, 0, TextFault.LONG_NUMBER.of()) from error
    return TomlFile(file, values, tuple(text.split("\n")))


def _reason(complaint: str) -> FileReason:
    """Return what a complaint of Python's reader comes to."""
    for beginning, fault in _COMPLAINTS:
        if re.match(beginning, complaint):
            return fault.of()
    return TextFault.NO_TOML.of(complaint)


def parse_recipe(file: Path, content: bytes) -> Recipe:
    """Return the recipe in a file's content; problems are reported of `file`. Raises `FileProblem`."""
    return _recipe(parse_toml(file, content))


def _recipe(content: TomlFile) -> Recipe:
    values = content.values
    _check_names(content, values, _RECIPE_NAMES)
    draft = PromptDraft(
        framework=_text(content, values, "framework", required=True),
        texts=_texts(content),
        materials=tuple(
            Material(_text(content, each, "field", "materials", at), _text(content, each, "text", "materials", at))
            for at, each in _tables(content, "materials", {"field", "text"})
        ),
        examples=tuple(
            Example(*(_text(content, each, name, "examples", at) for name in _EXAMPLE_NAMES))
            for at, each in _tables(content, "examples", set(_EXAMPLE_NAMES))
        ),
        chain_of_thought=_flag(content, values, "chain_of_thought", default=False),
        examples_as_turns=_flag(content, values, "examples_as_turns", default=False),
    )
    blanks = tuple(_blank(content, each, at) for at, each in _tables(content, "blanks", _BLANK_NAMES))
    names = [each.name for each in blanks]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise content.problem(TextFault.BLANK_TWICE.of(name), "blanks", at, "name")
    name = _text(content, values, "name", required=True)
    recipe = recipe_of(name, draft, blanks, _text(content, values, "about"))
    if len(recipe.blanks) > MOST_BLANKS:
        raise content.problem(TextFault.TOO_MANY.of(MOST_BLANKS, "blanks"), "texts")
    return recipe


def _blank(content: TomlFile, table: Mapping[str, Any], at: int) -> Blank:
    name = _text(content, table, "name", "blanks", at, required=True)
    if not is_blank_name(name):
        raise content.problem(TextFault.BLANK_NAME.of(), "blanks", at, "name")
    try:
        kind = BlankKind(_text(content, table, "kind", "blanks", at) or BlankKind.TEXT)
    except ValueError:
        raise content.problem(TextFault.KIND.of(", ".join(BlankKind)), "blanks", at, "kind") from None
    choices = table.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(each, str) and each.strip() for each in choices):
        raise content.problem(TextFault.LIST_OF_TEXTS.of("choices"), "blanks", at, "choices")
    if len(choices) > MOST_CHOICES:
        raise content.problem(TextFault.TOO_MANY.of(MOST_CHOICES, "choices"), "blanks", at, "choices")
    if kind is BlankKind.FILE and _text(content, table, "default", "blanks", at):
        raise content.problem(TextFault.FILE_DEFAULT.of(), "blanks", at, "default")
    if (kind is BlankKind.CHOICE) != bool(choices):
        raise content.problem(TextFault.CHOICES.of(), "blanks", at, "choices")
    return Blank(
        name=name,
        label=_text(content, table, "label", "blanks", at),
        kind=kind,
        default=_text(content, table, "default", "blanks", at),
        required=_flag(content, table, "required", "blanks", at, default=True),
        choices=tuple(each.strip() for each in choices),
        field=_text(content, table, "field", "blanks", at),
    )


def _texts(content: TomlFile) -> dict[str, str]:
    texts = content.values.get("texts", {})
    if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
        raise content.problem(TextFault.TABLE_OF_TEXTS.of(), "texts")
    return dict(texts)


def _tables(content: TomlFile, name: str, known: set[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    tables = content.values.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise content.problem(TextFault.AS_TABLES.of(name), name)
    if len(tables) > _MOST[name]:
        raise content.problem(TextFault.TOO_MANY.of(_MOST[name], name), name, _MOST[name])
    for at, table in enumerate(tables):
        _check_names(content, table, known, name, at)
        yield at, table


def _check_names(content: TomlFile, table: Mapping[str, Any], known: set[str], *path: str | int) -> None:
    for name in table:
        if name not in known:
            raise content.problem(TextFault.UNKNOWN_NAME.of(name, ", ".join(sorted(known))), *path, name)


def _text(content: TomlFile, table: Mapping[str, Any], name: str, *path: str | int, required: bool = False) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise content.problem(TextFault.NO_TEXT.of(name), *path, name)
    if required and not value.strip():
        raise content.problem(TextFault.MISSING.of(name), *path, name)
    if len(value) > _LONGEST.get(name, len(value)):
        raise content.problem(TextFault.TOO_LONG.of(name, _LONGEST[name]), *path, name)
    return value


def _flag(content: TomlFile, table: Mapping[str, Any], name: str, *path: str | int, default: bool) -> bool:
    value = table.get(name, default)
    if not isinstance(value, bool):
        raise content.problem(TextFault.TRUE_OR_FALSE.of(name), *path, name)
    return value


def recipe_to_toml(recipe: Recipe) -> str:
    """Return the recipe as the text of a file, from which it can be read again."""
    draft = recipe.draft
    head: dict[str, Any] = {"name": recipe.name, "about": recipe.about, "framework": draft.framework}
    head |= {"chain_of_thought": draft.chain_of_thought, "examples_as_turns": draft.examples_as_turns}
    tables = ["# A recipe for Candor's prompt builder.\n" + _lines(head), "[texts]\n" + _lines(draft.texts)]
    for each in recipe.blanks:
        said: dict[str, Any] = {"name": each.name, "label": each.label, "kind": str(each.kind), "default": each.default}
        said |= {"required": each.required, "choices": list(each.choices), "field": each.field}
        tables.append("[[blanks]]\n" + _lines(said))
    tables += ["[[materials]]\n" + _lines({"field": each.field, "text": each.text}) for each in draft.materials]
    for one in draft.examples:
        tables.append("[[examples]]\n" + _lines({name: getattr(one, name) for name in _EXAMPLE_NAMES}))
    return "\n".join(tables)


def _lines(values: Mapping[str, Any]) -> str:
    """Return names and values, a line each; what is empty is left out, since it is the same when absent."""
    return "".join(f"{_name(name)} = {_written(value)}\n" for name, value in values.items() if value not in ("", []))


def _name(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _quoted(name)


def _written(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(_quoted, value))}]"
        case _ if "\n" in value and "'''" not in value and not value.endswith("'") and _READABLE.fullmatch(value):
            return f"'''\n{value}'''"
        case _:
            return _quoted(value)


def _quoted(text: str) -> str:
    """Return a basic string of TOML, which is written as one of JSON but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
