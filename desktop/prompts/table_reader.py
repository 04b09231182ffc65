"""A reader of the tables in files of texts, which says where they are wrong: for frameworks, and for the help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from desktop.core.prompts.file_problem import FileProblem, FileReason, TextFault
from desktop.core.prompts.prompt import Language, Wording
from desktop.core.text.late_regex import late_regex
from desktop.prompts.toml_file import TomlFile

KEY = late_regex("[a-z][a-z0-9_]{0,31}")
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class TableReader:
    """A reader of the values of one table, which says where they are wrong."""

    content: TomlFile
    table: Mapping[str, Any]
    path: tuple[str | int, ...]

    def problem(self, reason: FileReason, name: str = "") -> FileProblem:
        return self.content.problem(reason, *self.path, *([name] if name else []))

    def check_names(self, known: set[str]) -> None:
        for name in self.table:
            if name not in known:
                raise self.problem(TextFault.UNKNOWN_NAME.of(name, ", ".join(sorted(known))), name)

    def text(self, name: str, default: Wording | None = None) -> Wording:
        """Return a text in every language, without the blanks around it."""
        value = self.value(name, default)
        if isinstance(value, Wording):
            return value
        languages = [str(each) for each in Language]
        match value:
            case dict() if sorted(value) == sorted(languages):
                texts = list(value.values())
            case _:
                raise self.problem(TextFault.TWO_LANGUAGES.of(name, *(f"{name}.{each}" for each in languages)), name)
        if not all(isinstance(each, str) and each.strip() for each in texts):
            raise self.problem(TextFault.EMPTY_TEXT.of(name), name)
        return Wording(**{language: text.strip() for language, text in value.items()})

    def line(self, name: str, default: Wording | None = None) -> Wording:
        """Return a text in every language that has no line breaks."""
        wording = self.text(name, default)
        if any(len(each.splitlines()) > 1 for each in (wording.en, wording.zh)):
            raise self.problem(TextFault.ONE_LINE.of(name), name)
        return wording

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        value = self.value(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.problem(TextFault.WHOLE_NUMBER.of(name, least, most), name)
        return value

    def flag(self, name: str) -> bool:
        value = self.value(name, False)
        if not isinstance(value, bool):
            raise self.problem(TextFault.TRUE_OR_FALSE.of(name), name)
        return value

    def key(self, name: str = "key") -> str:
        """Return a name of a-z, 0-9 and _."""
        value = self.value(name, None)
        if not isinstance(value, str) or not KEY.fullmatch(value):
            raise self.problem(TextFault.PLAIN_NAME.of(name), name)
        return value

    def choice(self, name: str, known: type[_Choice], default: _Choice | None = None) -> _Choice:
        """Return one of the values that are known for this name."""
        value = self.value(name, default)
        try:
            return known(value)
        except ValueError:
            raise self.problem(TextFault.NOT_ONE_OF.of(name, repr(value), ", ".join(known)), name) from None

    def tables(self, name: str, *, required: bool = False) -> list[TableReader]:
        """Return a reader for each of the tables below this name."""
        tables = self.table.get(name, [])
        are_tables = isinstance(tables, list) and all(isinstance(each, dict) for each in tables)
        if not are_tables or (required and not tables):
            raise self.problem(TextFault.NO_TABLES.of(name), name)
        return [TableReader(self.content, each, self.path or (name, at)) for at, each in enumerate(tables)]

    def value(self, name: str, default: Any) -> Any:
        """Return what stands there, whatever it is; without a default it may not be absent."""
        if name not in self.table:
            if default is None:
                raise self.problem(TextFault.MISSING.of(name))
            return default
        return self.table[name]
