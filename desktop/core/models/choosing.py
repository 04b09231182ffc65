"""The catalogue of models that can be got, and the choice of one: to begin with, for one task, and for this computer.

The catalogue comes with the program as a file, and an administrator may add a second one; reading files is
`store/models.py`. Nothing is tried out, and none is ever chosen that is further away than the present one: where words
go is for the user to decide.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from desktop.core.converting import UnusableError, converted
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.facts import ModelFacts, Reasoning, Scale, Use
from desktop.core.models.fit import USUAL_WINDOW, Computer, Judgement, ModelVerdict, judge, page_tokens_in
from desktop.core.models.place import is_cloud_name
from desktop.core.place import Place

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


# Weights are not all: the context and its buffers take about a fifth more, and the rest of the computer wants its part.
_WITH_CONTEXT = 1.2
_LEFT_FOR_OTHERS = 2 << 30  # bytes


def best_to_begin_with(models: Iterable[ModelInfo], memory: int | None) -> ModelInfo | None:
    """Return the largest model that is known to run in so much memory; None where there is none to talk to.

    `memory` in bytes, of the computer that the models run on; None where that is not known: then all of them run. Where
    no size is known the order of the list decides, and where all are too large, the smallest is the best there is.
    """

    def order(model: ModelInfo) -> tuple[int, int]:
        size = model.size_on_disk
        if size is None:
            return 1, 0
        runs = memory is None or size * _WITH_CONTEXT + _LEFT_FOR_OTHERS <= memory
        return (0, -size) if runs else (2, size)

    return min((model for model in models if model.can_chat), key=order, default=None)


# Another model for one task

# So much less time has a quicker model to take, and so long must the present one take for it to matter, in seconds.
_MUCH_QUICKER, _LONG = 0.5, 60.0
_WELL = (ModelVerdict.RUNS_WELL, ModelVerdict.FITS)
_LEAST_RANK_FOR_SHORT = 20  # below which answers are of no use even for short texts; that of a model nobody knows


@dataclass(frozen=True, slots=True)
class Candidate:
    """Model that could answer: what is known of it, where it is, and how it runs there."""

    choice: ModelChoice
    facts: ModelFacts
    place: Place
    judgement: Judgement | None

    @property
    def rank(self) -> int:
        return self.facts.rank or _LEAST_RANK_FOR_SHORT

    @property
    def seconds(self) -> float | None:
        """Time for a page as the model usually answers; None where that is not known."""
        return _seconds(self.facts, self.judgement)

    @property
    def runs(self) -> bool:
        """True if it is known to come to an end here, or is elsewhere."""
        verdict = self.judgement.verdict if self.judgement is not None else None
        return not self.place.is_local or verdict in (*_WELL, ModelVerdict.SLOW)


def thinking_one(current: Candidate, others: Iterable[Candidate], usual: ModelChoice | None = None) -> Candidate | None:
    """Return a model that thinks, for a task that wants it; None where the present one can, or there is none.

    `usual` is the one that the user has taken for such a task.
    """
    if current.facts.reasoning is not Reasoning.NEVER:
        return None
    found = [each for each in _near(current, others) if each.facts.reasoning is not Reasoning.NEVER and each.runs]
    return _best(found, usual)


def quicker_one(current: Candidate, others: Iterable[Candidate], usual: ModelChoice | None = None) -> Candidate | None:
    """Return a model that is much quicker, for a task that needs no thinking; None where the present one is quick."""
    now = current.seconds
    if current.facts.reasoning is not Reasoning.ALWAYS and (now is None or now < _LONG):
        return None

    def is_quicker(other: Candidate) -> bool:
        if other.facts.reasoning is Reasoning.ALWAYS or other.rank < _LEAST_RANK_FOR_SHORT:
            return False
        if now is None or other.seconds is None:
            return now is None and other.runs  # the present one thinks, which takes its time
        return other.seconds <= now * _MUCH_QUICKER

    return _best(list(filter(is_quicker, _near(current, others))), usual)


def _near(current: Candidate, others: Iterable[Candidate]) -> list[Candidate]:
    """Return the others to which words go no further than they do now: on this computer, or to the same host."""
    return [
        each
        for each in others
        if each.choice != current.choice and (each.place.is_local or each.place == current.place)
    ]


def _best(found: list[Candidate], usual: ModelChoice | None) -> Candidate | None:
    """Return the one that the user takes, or what runs well before what answers best before what is small."""

    def goodness(each: Candidate) -> tuple[bool, bool, int, int]:
        runs_well = each.judgement is not None and each.judgement.verdict in _WELL
        return (each.choice == usual, runs_well, each.rank, -(each.facts.size or 0))

    return max(found, key=goodness, default=None)


def _seconds(facts: ModelFacts, judgement: Judgement | None) -> float | None:
    if judgement is None or judgement.page_seconds is None:
        return None
    thinking = judgement.thinking_seconds if facts.reasoning is Reasoning.ALWAYS else None
    return judgement.page_seconds + (thinking or 0.0)


# Three models that are proposed for a computer

_LEAST_RANK = 25  # below which answers are of no use at work
_LEAST_SPEED = 3.0  # tokens a second; for less nobody waits
_QUICKLY_GOT = 8e9  # bytes; more is not got in passing, however quickly it answers then
_NEARLY = 5  # ranks


class Tier(StrEnum):
    """Kind of proposal."""

    QUICK = "quick"
    GOOD = "good"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposal of a model, with the verdict on it."""

    tier: Tier
    row: ModelFacts
    judgement: Judgement

    @property
    def runs_well(self) -> bool:
        return self.judgement.verdict in _WELL

    @property
    def is_usable(self) -> bool:
        speed = self.judgement.speed
        is_slow = self.judgement.verdict is ModelVerdict.SLOW and (speed is None or speed.per_second >= _LEAST_SPEED)
        return self.runs_well or is_slow

    @property
    def time(self) -> tuple[float, int]:
        return _seconds(self.row, self.judgement) or 0.0, self.row.size or 0

    @property
    def rank(self) -> tuple[int, bool]:
        return self.row.rank, self.row.reasoning is not Reasoning.NEVER


def propose(
    rows: Iterable[ModelFacts], computer: Computer, language: str = "en", window: int = USUAL_WINDOW
) -> tuple[Proposal, ...]:
    """Return up to three proposals, no model twice; fewer, or none, where not so many are of use on this computer.

    `language` is the user's ("zh_CN"): only models that are good at it are proposed.
    """
    page = page_tokens_in(language)
    judged = (
        Proposal(Tier.QUICK, row, judge(row, computer, window, page_tokens=page))
        for row in rows
        if row.is_sure and not row.for_servers and not {Use.ONLY_TRANSLATION, Use.CODE} & set(row.good_for)
    )
    runs = [each for each in judged if each.is_usable and _is_at_home(each, computer)]
    runs = [each for each in runs if each.row.speaks(language)] or runs
    usable = [each for each in runs if each.row.rank >= _LEAST_RANK]
    if not usable:  # the best of the very small ones, if one runs well
        best = max((each for each in runs if each.runs_well), key=lambda each: each.rank, default=None)
        return (best,) if best is not None else ()
    good = max((each for each in usable if each.runs_well), key=lambda each: each.rank, default=None)
    if good is not None:
        quick = _quicker(runs, good)
    else:
        quick = min(usable, key=lambda each: each.time)
        better = (each for each in usable if each.row.rank > quick.row.rank)
        good = min(better, key=lambda each: each.time, default=None)
    best = good or quick
    assert best is not None
    deeper = (each for each in usable if each not in (good, quick) and _is_deeper(each.row, best.row))
    thorough = max(deeper, key=lambda each: each.rank, default=None)
    found = ((Tier.QUICK, quick), (Tier.GOOD, good), (Tier.THOROUGH, thorough))
    return tuple(replace(each, tier=tier) for tier, each in found if each is not None)


def _is_at_home(proposal: Proposal, computer: Computer) -> bool:
    """Return True for a model that fits as things are, and is no team's unless a graphics card holds it.

    The latter holds however quick another model has made the memory look.
    """
    need, cards, memory = proposal.judgement.need or 0, computer.room_on_cards, computer.room_now
    fits = memory is None or need <= memory + cards
    return fits and (proposal.row.scale is Scale.PERSON or computer.is_shared or need <= cards)


def _quicker(runs: Iterable[Proposal], good: Proposal) -> Proposal | None:
    """Return the fastest of the models that run well and are faster than a good one; None where that is none.

    Where none of use at work is, one of use for short texts will do.
    """
    faster = [each for each in runs if each.runs_well and each.row.rank < good.row.rank and each.time < good.time]
    for least in (_LEAST_RANK, _LEAST_RANK_FOR_SHORT):
        if found := [each for each in faster if each.row.rank >= least]:
            small = [each for each in found if (each.row.size or 0) <= _QUICKLY_GOT]
            return min(small or found, key=lambda each: each.time)
    return None


def _is_deeper(row: ModelFacts, than: ModelFacts) -> bool:
    """Return True for a better model, or one that always thinks and is nearly as good as one that can do without."""
    thinks_more = row.reasoning is Reasoning.ALWAYS and than.reasoning is not Reasoning.ALWAYS
    return row.rank > than.rank - (_NEARLY if thinks_more else 0)
