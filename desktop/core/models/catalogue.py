"""The catalogue of models that can be got: what it says of each, and how a model of a server is found in it.

It comes with the program as a file, and an administrator may add a second one; reading files is `store/models.py`.
What a server tells of a model that it has comes before what stands here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from desktop.core.model import CacheShape, ModelInfo
from desktop.core.models.demand import Demand, Reasoning, demand_of, slowness_of
from desktop.core.models.place import is_cloud_name
from desktop.core.text.late_regex import late_regex

_Kind = TypeVar("_Kind", bound=StrEnum)

FORM = 1  # of the file; one with a higher number was made for a later version of the program

# Bytes for one weight in the ways in which models are usually stored, from coarse to fine.
_STEPS = ((2, 0.395), (3, 0.489), (4, 0.612), (6, 0.820), (8, 1.063), (16, 2.0))
_LIBRARY = late_regex(r"^(?:registry\.ollama\.ai/)?library/")
# What follows in a name on how the weights are stored, and what makers add to the names of models that chat.
_STORED = late_regex(r"[-_.:](?:(?:i?q|fp|bf|f|int|w)\d+\w*|mxfp4\w*|nvfp4\w*|awq|gptq|gguf|qat|mlx)$", re.IGNORECASE)
_FOR_CHAT = late_regex(r"[-_](?:instruct|chat|it|thinking|\d{4})$", re.IGNORECASE)


class Scale(StrEnum):
    """Reach of a model: whom a computer that runs it is usually for."""

    PERSON = "person"
    TEAM = "team"
    DATA_CENTRE = "data_centre"


class Use(StrEnum):
    """Task that a model is good for."""

    SHORT = "short"
    MAIL = "mail"
    WRITING = "writing"
    SUMS = "sums"
    LONG = "long"
    PICTURES = "pictures"
    TRANSLATION = "translation"
    ONLY_TRANSLATION = "only_translation"
    CODE = "code"


class CatalogueFault(StrEnum):
    """Reason why a catalogue's file is not used."""

    BROKEN = "broken"
    NEWER = "newer"  # made for a later version of the program


class CatalogueError(ValueError):
    """Error for a catalogue that cannot be used; the text says where, in English, for its writer."""

    def __init__(self, fault: CatalogueFault, where: str) -> None:
        super().__init__(where)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Distilled:
    """Origin of a model that another one has taught: `pupil` is the family that it is of, `teacher` the model."""

    pupil: str
    teacher: str


@dataclass(frozen=True, slots=True)
class StoredStep:
    """Way to store the weights: bits for each, and the bytes of all; computed ones are to be called "about"."""

    bits: int
    size: int
    is_default: bool


def steps_of(parameters: int, bits: int, size: int | None) -> tuple[StoredStep, ...]:
    """Return the ways in which so many weights can be stored, from coarse to fine; `size` is that of the one in use."""
    nearest = min(_STEPS, key=lambda each: abs(each[0] - bits))[0]
    computed = [StoredStep(step, int(parameters * each), step == nearest) for step, each in _STEPS]
    return tuple(replace(each, size=size) if each.is_default and size else each for each in computed)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """Entry of the catalogue. Sizes are in bytes, `context` in tokens, `since` is a date or only its month.

    `name` is what Ollama calls it, `also` are other names; `about` is a sentence in each language. `rank` orders models
    by the quality of their answers, up to 100. `active`: the parameters that work at a time, None where all do.
    `read`: what is read for a token. `for_servers`: it cannot be pulled. What is not `is_sure` is never proposed.
    """

    name: str
    title: str
    about: Mapping[str, str]
    good_for: tuple[Use, ...]
    rank: int
    scale: Scale
    reasoning: Reasoning
    sees: bool
    languages: tuple[str, ...]
    licence: str
    any_use: bool
    since: str
    family: str
    parameters: int
    context: int
    stored: str
    bits: int
    size: int
    read: int
    also: tuple[str, ...] = ()
    language_count: int = 0
    active: int | None = None
    distilled: Distilled | None = None
    cache: CacheShape | None = None
    min_ollama: str = ""
    for_servers: bool = False
    is_sure: bool = True

    @property
    def demand(self) -> Demand:
        """What the model asks of a computer."""
        slowness = slowness_of(self.family, has_experts=self.has_experts)
        return Demand(self.size, self.cache, self.read, slowness, self.reasoning)

    @property
    def has_experts(self) -> bool:
        """True if the model is a mixture of experts, of which a few work at a time."""
        # Of Gemma's E2B and E4B all weights work; the others are a table that is looked up.
        return self.active is not None and self.active * 2.5 < self.parameters

    @property
    def steps(self) -> tuple[StoredStep, ...]:
        """The ways in which the model can be stored, from coarse to fine; the one that is pulled among them."""
        return steps_of(self.parameters, self.bits, self.size)

    def words(self, language: str) -> str:
        """Return the sentence on the model, in English where there is none in this language ("zh_CN", "de")."""
        return self.about.get(language.partition("_")[0], self.about.get("en", ""))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rows of a catalogue, and the day on which its facts were looked up. `hidden` are names that it does not show."""

    as_of: date | None = None
    rows: tuple[CatalogueRow, ...] = ()
    hidden: frozenset[str] = frozenset()
    _by_name: Mapping[str, CatalogueRow] = field(init=False, repr=False, compare=False)
    _by_key: Mapping[str, CatalogueRow] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, CatalogueRow] = {}
        by_key: dict[str, CatalogueRow] = {}
        for row in self.rows:
            names = (row.name, *row.also)
            # A name without a tag is that of the tag `latest`, and of no other.
            for name in (*names, *([f"{row.name}:latest"] if ":" not in row.name else [])):
                by_name.setdefault(name.lower(), row)
            for name in (*names, row.title):
                by_key.setdefault(_key(name), row)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_by_key", by_key)

    def merged_with(self, second: Catalogue) -> Catalogue:
        """Return this catalogue with the rows of a second one, which count more, and without those that it hides."""
        own = {row.name for row in second.rows}
        rows = [*second.rows, *(row for row in self.rows if row.name not in own)]
        hidden = self.hidden | second.hidden
        return Catalogue(self.as_of, tuple(row for row in rows if row.name not in hidden), hidden)

    def find_row(self, name: str) -> CatalogueRow | None:
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


def demand_with_row(model: ModelInfo, row: CatalogueRow | None) -> Demand:
    """Return the demand of a server's model, completed by the row that was found for it."""
    told = demand_of(model)
    if row is None:
        return told
    listed = row.demand
    read = told.read
    if told.file is not None and row.size:
        read = int(row.read * (told.file / row.size))
    return replace(
        told,
        file=told.file if told.file is not None else listed.file,
        cache=told.cache or listed.cache,
        read=read if read is not None else listed.read,
        slowness=listed.slowness,
        reasoning=_reasoning(model, told.reasoning, listed.reasoning),
    )


def _reasoning(model: ModelInfo, told: Reasoning, listed: Reasoning) -> Reasoning:
    """Return if a model thinks, as its server tells, which from its list alone takes every thinking one for switched.

    Its temperature is told only where it has been asked for this model.
    """
    if not model.capabilities:
        return listed
    is_described = model.temperature is not None
    return listed if told is Reasoning.SWITCHED and listed is Reasoning.ALWAYS and not is_described else told


def parse_catalogue(text: str) -> Catalogue:
    """Return the catalogue in a file's text. Raises `CatalogueError`."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueError(CatalogueFault.BROKEN, str(error)) from None
    form = values.get("form")
    if isinstance(form, int) and form > FORM:
        raise CatalogueError(CatalogueFault.NEWER, f"form {form}; this version knows {FORM}")
    if form != FORM:
        raise CatalogueError(CatalogueFault.BROKEN, f"form = {FORM} is missing")
    as_of = values.get("as_of")
    hidden = values.get("hide", [])
    tables = values.get("models", [])
    if not isinstance(tables, list) or not isinstance(hidden, list):
        raise CatalogueError(CatalogueFault.BROKEN, "models and hide must be lists")
    rows = tuple(_row(at, table) for at, table in enumerate(tables, start=1))
    twice = len(rows) - len({row.name for row in rows})
    if twice:
        raise CatalogueError(CatalogueFault.BROKEN, f"{twice} names stand there twice")
    return Catalogue(as_of if type(as_of) is date else None, rows, frozenset(map(str, hidden)))


def _row(at: int, table: Any) -> CatalogueRow:
    reader = _Reader(f"model {at}", table)
    cache = reader.table("cache")
    taught = reader.table("taught")
    row = CatalogueRow(
        name=reader.text("name"),
        title=reader.text("title"),
        about={language: words for language, words in reader.table("about").items() if isinstance(words, str)},
        good_for=tuple(reader.one_of(Use, each) for each in reader.texts("good_for")),
        rank=reader.number("rank", most=100),
        scale=reader.one_of(Scale, reader.text("scale")),
        reasoning=reader.one_of(Reasoning, reader.text("reasoning")),
        sees=reader.flag("sees"),
        languages=reader.texts("languages"),
        licence=reader.text("licence"),
        any_use=reader.flag("any_use"),
        since=reader.text("since"),
        family=reader.text("family"),
        parameters=reader.number("parameters"),
        context=reader.number("context"),
        stored=reader.text("stored"),
        bits=reader.number("bits", most=32),
        size=reader.number("bytes"),
        read=reader.number("read"),
        also=reader.texts("also", needed=False),
        language_count=reader.number("language_count", needed=False),
        active=reader.number("active", needed=False) or None,
        distilled=Distilled(str(taught.get("pupil", "")), str(taught.get("teacher", ""))) if taught else None,
        cache=_cache(reader, cache) if cache else None,
        min_ollama=reader.text("min_ollama", needed=False),
        for_servers=reader.flag("for_servers", needed=False),
        is_sure=reader.flag("is_sure", needed=False, default=True),
    )
    reader.check_all_read()
    return row


def _cache(reader: _Reader, values: Mapping[str, Any]) -> CacheShape:
    names = {"per_token", "nearby", "window", "fixed"}
    if not set(values) <= names or not all(type(each) is int and each >= 0 for each in values.values()):
        raise reader.fault("cache")
    return CacheShape(
        values.get("per_token", 0), values.get("nearby", 0), values.get("window", 0), values.get("fixed", 0)
    )


class _Reader:
    """Reader of the values of one row; whatever is missing, wrong or unknown is a `CatalogueError`."""

    def __init__(self, where: str, values: Any) -> None:
        self._where = where
        if not isinstance(values, dict):
            raise self.fault("it")
        self._values: dict[str, Any] = values
        self._read: set[str] = set()

    def fault(self, name: str) -> CatalogueError:
        return CatalogueError(CatalogueFault.BROKEN, f"{self._where}: {name} is missing, wrong or not known")

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self._value(name)
        if (value is None and not needed) or (isinstance(value, str) and value.strip()):
            return value or ""
        raise self.fault(name)

    def texts(self, name: str, *, needed: bool = True) -> tuple[str, ...]:
        value = self._value(name)
        if value is None and not needed:
            return ()
        if isinstance(value, list) and (value or not needed) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise self.fault(name)

    def number(self, name: str, *, most: int = 1 << 53, needed: bool = True) -> int:
        value = self._value(name)
        if value is None and not needed:
            return 0
        if type(value) is int and 0 < value <= most:
            return value
        raise self.fault(name)

    def flag(self, name: str, *, needed: bool = True, default: bool = False) -> bool:
        value = self._value(name)
        if value is None and not needed:
            return default
        if isinstance(value, bool):
            return value
        raise self.fault(name)

    def table(self, name: str) -> Mapping[str, Any]:
        value = self._value(name)
        if value is None or isinstance(value, dict):
            return value or {}
        raise self.fault(name)

    def one_of(self, kind: type[_Kind], value: str) -> _Kind:
        try:
            return kind(value)
        except ValueError:
            raise self.fault(value) from None

    def check_all_read(self) -> None:
        for name in self._values.keys() - self._read:
            raise self.fault(name)

    def _value(self, name: str) -> Any:
        self._read.add(name)
        return self._values.get(name)


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
