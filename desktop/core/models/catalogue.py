"""The catalogue of models that can be got, and how a model of a server is found in it.

It comes with the program as a file, and an administrator may add a second one; reading files is `store/models.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from desktop.core.converting import UnusableError, converted
from desktop.core.models.facts import ModelFacts
from desktop.core.models.place import is_cloud_name

_FORM = 1  # of the file; one with a higher number was made for a later version of the program
_NEEDED = (
    *("name", "title", "about", "good_for", "rank", "scale", "reasoning", "sees", "languages", "licence", "any_use"),
    *("since", "family", "parameters", "context", "stored", "bits", "bytes", "read"),
)
_KNOWN = frozenset(each.metadata.get("names", (each.name,))[0] for each in fields(ModelFacts))
_CACHE = frozenset({"per_token", "nearby", "window", "fixed"})

_LIBRARY = re.compile(r"^(?:registry\.ollama\.ai/)?library/")
# What follows in a name on how the weights are stored, and what makers add to the names of models that chat.
_STORED = re.compile(r"[-_.:](?:(?:i?q|fp|bf|f|int|w)\d+\w*|mxfp4\w*|nvfp4\w*|awq|gptq|gguf|qat|mlx)$", re.IGNORECASE)
_FOR_CHAT = re.compile(r"[-_](?:instruct|chat|it|thinking|\d{4})$", re.IGNORECASE)


class CatalogueFault(StrEnum):
    """Reason why a catalogue's file is not used."""

    BROKEN = "broken"
    NEWER = "newer"  # made for a later version of the program


class CatalogueError(ValueError):
    """Error for a catalogue that cannot be used; the text says where, in English, for its writer."""

    def __init__(self, where: str, fault: CatalogueFault = CatalogueFault.BROKEN) -> None:
        super().__init__(where)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows of a catalogue, and the day on which its facts were looked up. `hidden` are names that it does not show."""

    as_of: date | None = None
    rows: tuple[ModelFacts, ...] = ()
    hidden: frozenset[str] = frozenset()
    _by_name: dict[str, ModelFacts] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_key: dict[str, ModelFacts] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            names = (row.name, *row.also)
            # A name without a tag is that of the tag `latest`, and of no other.
            for name in (*names, *([f"{row.name}:latest"] if ":" not in row.name else [])):
                self._by_name.setdefault(name.lower(), row)
            for name in (*names, row.title):
                self._by_key.setdefault(_key(name), row)

    def merged_with(self, second: Catalogue) -> Catalogue:
        """Return this catalogue with the rows of a second one, which count more, and without those that it hides."""
        own = {row.name for row in second.rows}
        rows = [*second.rows, *(row for row in self.rows if row.name not in own)]
        hidden = self.hidden | second.hidden
        return Catalogue(self.as_of, tuple(row for row in rows if row.name not in hidden), hidden)

    def find_row(self, name: str) -> ModelFacts | None:
        """Return the row of a model by the name that its server gives it; None where there is none.

        Also of another storage of the same weights. Never of a name that is forwarded: that runs elsewhere.
        """
        if is_cloud_name(name):
            return None
        plain = _LIBRARY.sub("", name.strip()).lower()
        return self._by_name.get(plain) or self._by_key.get(_key(plain))


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """Problem of a catalogue's file, which is therefore not used; `where` is English, for its writer."""

    fault: CatalogueFault
    file: str
    where: str


@dataclass(frozen=True, slots=True)
class FoundCatalogue:
    """The catalogue as far as it could be read, and what was wrong with its files."""

    catalogue: Catalogue
    problems: tuple[CatalogueProblem, ...] = ()


def parse_catalogue(text: str) -> Catalogue:
    """Return the catalogue in a file's text. Raises `CatalogueError`: a row that is wrong is none that can be shown."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueError(str(error)) from None
    form = values.get("form")
    if isinstance(form, int) and form > _FORM:
        raise CatalogueError(f"form {form}; this version knows {_FORM}", CatalogueFault.NEWER)
    if form != _FORM:
        raise CatalogueError(f"form = {_FORM} is missing")
    hidden, tables = values.get("hide", []), values.get("models", [])
    if not isinstance(tables, list) or not isinstance(hidden, list):
        raise CatalogueError("models and hide must be lists")
    rows = tuple(_row(at, table) for at, table in enumerate(tables, start=1))
    if twice := len(rows) - len({row.name for row in rows}):
        raise CatalogueError(f"{twice} names stand there twice")
    as_of = values.get("as_of")
    return Catalogue(as_of if type(as_of) is date else None, rows, frozenset(map(str, hidden)))


def _row(at: int, table: Any) -> ModelFacts:
    if not isinstance(table, Mapping):
        raise CatalogueError(f"model {at} is no table")
    cache = table.get("cache", {})
    missing = [name for name in _NEEDED if table.get(name) in (None, "", [], {})]
    unknown = [*(table.keys() - _KNOWN), *(cache.keys() - _CACHE if isinstance(cache, Mapping) else ())]
    for name in (*missing, *unknown):
        raise CatalogueError(f"model {at}: {name} is missing or not known")
    try:
        return converted(ModelFacts, {**table, **({"cache": {"per_token": 0, **cache}} if cache else {})}, whole=True)
    except (UnusableError, TypeError) as error:
        raise CatalogueError(f"model {at}: {error}") from None


@lru_cache(4096)
def _key(name: str) -> str:
    """Return a name without its maker, its storage and its punctuation: `Qwen/Qwen3-8B-AWQ` is "qwen38b"."""
    short = name.rpartition("/")[2].lower()
    before = ""
    while short != before:
        before = short
        short = _FOR_CHAT.sub("", _STORED.sub("", short))
    short = re.sub(r"(distill)[-_ ]?(?:qwen|llama)", r"\1", short)
    return re.sub(r"[^a-z0-9.]", "", short)
