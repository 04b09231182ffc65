"""Plain dataclasses out of what JSON, TOML or a row held, by their type hints, and back.

Reading is lenient. A value that its field cannot take costs that field alone: it takes its default, and the log names
it, never what stood there, which may be somebody's words. An item of a tuple is left out likewise. Names that a class
does not know are ignored, and a null stands for nothing where its field takes none.

    @dataclass(frozen=True, slots=True)
    class Limits:
        context: Annotated[int, Within(1, 10_000_000)]                  # a record without it is unusable
        output: int | None = field(default=None, metadata=named("max_output", "max_tokens"))

    converted(Limits, {"context": 8192, "max_tokens": "many"})          # Limits(context=8192, output=None)

Hints may be str, int, float, bool, bytes (in Base64), Any, enumerations, Literal, unions, tuples, frozensets, mappings
and other dataclasses, whose records may also be lists of their values in order. Nothing here is for policies: those are
strict.
"""

from __future__ import annotations

import logging
import math
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache, partial
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_MOST_SAID = 500  # faults that are remembered, so that each stands in the log once

UNKEPT: Mapping[str, Any] = MappingProxyType({"kept": False})
"""Metadata of a field that is neither read nor written."""


class UnusableError(ValueError):
    """Value that cannot be what was asked for; the text names the field, not the value."""


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds of a number, both included, as in `Annotated[int, Within(0, 100)]`."""

    smallest: float
    largest: float


def named(*names: str) -> Mapping[str, Any]:
    """Return the metadata of a field that is spelled otherwise there: the first of these that holds something."""
    return MappingProxyType({"names": names})


def converted(kind: type[_T], record: object, *, whole: bool = False, faults: list[str] | None = None) -> _T:
    """Return a dataclass, or another kind that a hint may be, out of a record.

    Raises `UnusableError` for what is no record, and where a field has no default.

    With `whole` it is raised for anything that cannot be used: where a default in its place would do harm. The fields
    that could not be used are added to `faults`, each as its path ("route.proxy").
    """
    hint: Any = kind
    found: _T = _reader(hint)(record, _Reading(kind.__name__, whole, [] if faults is None else faults), "")
    return found


def as_dict(value: object, *, without_defaults: bool = False) -> dict[str, Any]:
    """Return a dataclass as a record for JSON; `converted` makes the same of it again."""
    kind: Any = type(value)
    record = {}
    for each in _fields_of(kind):
        found = getattr(value, each.name)
        if not (without_defaults and found == each.default):
            record[each.names[0]] = _plainly(found, without_defaults)
    return record


def _plainly(value: Any, without_defaults: bool) -> Any:
    if is_dataclass(value):
        return as_dict(value, without_defaults=without_defaults)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {_plainly(key, without_defaults): _plainly(each, without_defaults) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plainly(each, without_defaults) for each in value)
    if isinstance(value, list | tuple):
        return [_plainly(each, without_defaults) for each in value]
    return value


@dataclass(frozen=True, slots=True)
class _Reading:
    """Conversion under way: of what, how, and what went wrong so far."""

    name: str
    whole: bool
    faults: list[str]

    def note(self, path: str, value: object) -> None:
        self.faults.append(path)
        _say(self.name, path, type(value).__name__)


@lru_cache(maxsize=_MOST_SAID)
def _say(name: str, path: str, found: str) -> None:
    _log.warning("%s: %s is not used, what stands there (%s) cannot be one", name, path, found)


_Reader = Callable[[Any, _Reading, str], Any]
"""Takes a value, the reading and the path of the value; raises `UnusableError`."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    names: tuple[str, ...]
    default: Any  # MISSING where there is none
    takes_none: bool
    read: _Reader


@cache
def _fields_of(kind: Any) -> tuple[_Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for each in fields(kind):
        if each.init and each.metadata.get("kept", True):
            default = each.default if each.default_factory is MISSING else each.default_factory()
            hint = hints[each.name]
            names = each.metadata.get("names", (each.name,))
            found.append(_Field(each.name, names, default, NoneType in get_args(hint), _reader(hint)))
    return tuple(found)


@cache
def _reader(hint: Any) -> _Reader:
    """Return what reads values of a type hint."""
    kind: Any = get_origin(hint) or hint
    arguments = get_args(hint)
    if kind in (Any, object):
        return lambda value, reading, path: value
    if kind in (str, int, float, bool, NoneType):
        return partial(_simple, kind)
    if kind is bytes:
        return _from_base64
    if kind is Literal:
        return partial(_one_of, arguments)
    if kind is Annotated:
        return partial(_bounded, _reader(arguments[0]), arguments[1])
    if kind in (Union, UnionType):
        return partial(_first_of, tuple(map(_reader, arguments)))
    if kind is tuple and arguments[-1] is not Ellipsis:
        return partial(_fixed, tuple(map(_reader, arguments)))
    if kind in (tuple, frozenset):
        read_one = _reader(arguments[0])
        return lambda value, reading, path: kind(_items(read_one, value, reading, path))
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return partial(_mapping, _reader(arguments[0]), _reader(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_member, kind)
    if is_dataclass(kind):
        return partial(_record, kind)
    raise TypeError(f"nothing reads {hint}")


def _record(kind: Any, value: Any, reading: _Reading, path: str) -> Any:
    known = _fields_of(kind)
    values: dict[str, Any] = {}
    if reading.whole and isinstance(value, list) and len(value) == len(known):  # in half the time, for very many
        for each, found in zip(known, value, strict=True):
            is_allowed_none = found is None and each.takes_none
            values[each.name] = None if is_allowed_none else each.read(found, reading, each.name)
        return kind(**values)
    if isinstance(value, list | tuple):
        value = dict(zip((each.names[0] for each in known), value, strict=False))
    if not isinstance(value, Mapping):
        raise UnusableError(f"{path or kind.__name__} is no record")
    for each in known:
        found = MISSING
        for name in each.names:
            found = value.get(name, found)
            if found is not MISSING and found is not None:
                break
        if found is MISSING or (found is None and not each.takes_none and not reading.whole):
            if each.default is MISSING:
                raise UnusableError(f"{each.name} is missing")
            continue
        inside = f"{path}.{each.name}" if path else each.name
        try:
            values[each.name] = each.read(found, reading, inside)
        except UnusableError:
            if reading.whole or each.default is MISSING:
                raise
            reading.note(inside, found)
    return kind(**values)


def _simple(kind: type[Any], value: Any, reading: _Reading, path: str) -> Any:
    if type(value) is kind and kind is not float:
        return value
    if kind is float and type(value) is int and abs(value) < 1e300:
        return float(value)
    if kind is int and type(value) is float and value.is_integer():
        return int(value)
    if type(value) is not kind or (kind is float and not math.isfinite(value)):
        raise UnusableError(f"{path} is no {kind.__name__}")
    return value


def _from_base64(value: Any, reading: _Reading, path: str) -> bytes:
    return b64decode(_simple(str, value, reading, path))


def _one_of(values: tuple[Any, ...], value: Any, reading: _Reading, path: str) -> Any:
    if not any(type(each) is type(value) and each == value for each in values):
        raise UnusableError(f"{path} is none of {values}")
    return value


def _member(kind: type[Enum], value: Any, reading: _Reading, path: str) -> Enum:
    try:
        return kind(value)
    except ValueError:
        raise UnusableError(f"{path} is no {kind.__name__}") from None


def _bounded(read: _Reader, bounds: Within, value: Any, reading: _Reading, path: str) -> Any:
    found = read(value, reading, path)
    if found is not None and not bounds.smallest <= found <= bounds.largest:
        raise UnusableError(f"{path} is not from {bounds.smallest} to {bounds.largest}")
    return found


def _first_of(readers: tuple[_Reader, ...], value: Any, reading: _Reading, path: str) -> Any:
    for read in readers:
        try:
            return read(value, reading, path)
        except UnusableError:
            continue
    raise UnusableError(f"{path} is of no kind that it may be")


def _items(read: _Reader, value: Any, reading: _Reading, path: str) -> Iterator[Any]:
    if not isinstance(value, list | tuple):
        raise UnusableError(f"{path} is no list")
    for item in value:
        try:
            found = read(item, reading, path)
        except UnusableError:
            if reading.whole:
                raise
            reading.note(path, item)
        else:
            yield found


def _fixed(readers: tuple[_Reader, ...], value: Any, reading: _Reading, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or len(value) != len(readers):
        raise UnusableError(f"{path} is no list of {len(readers)}")
    return tuple(read(item, reading, path) for read, item in zip(readers, value, strict=True))


def _mapping(read_key: _Reader, read: _Reader, value: Any, reading: _Reading, path: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise UnusableError(f"{path} is no record")
    found = {}
    for key, item in value.items():
        try:
            found[read_key(key, reading, path)] = read(item, reading, path)
        except UnusableError:
            if reading.whole:
                raise
            reading.note(path, item)
    return found
