"""Tests of the conversion of records into dataclasses and back."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest

from desktop.core.converting import UNKEPT, UnusableError, Within, as_dict, converted, named


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class _Point:
    x: int
    y: int = 0


@dataclass(frozen=True, slots=True)
class _Everything:
    text: str = "nothing"
    count: int = 0
    share: float = 0.5
    flag: bool = False
    colour: _Colour = _Colour.RED
    word: Literal["auto", "open"] = "auto"
    maybe: int | None = 7
    either: str | int = ""
    point: _Point | None = None
    points: tuple[_Point, ...] = ()
    pair: tuple[str, int] = ("", 0)
    words: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    small: Annotated[int, Within(1, 10)] = 1
    anything: Any = None
    other: str = field(default="", metadata=named("first", "second"))
    inside: bool = field(default=False, metadata=UNKEPT)


_DEFAULTS = _Everything()


@pytest.mark.parametrize(
    ("name", "value", "becomes"),
    [
        ("text", "said", "said"),
        ("text", 1, "nothing"),
        ("text", None, "nothing"),
        ("count", 3, 3),
        ("count", 3.0, 3),
        ("count", 3.5, 0),
        ("count", True, 0),
        ("count", "3", 0),
        ("count", float("inf"), 0),
        ("share", 1, 1.0),
        ("share", 10**400, 0.5),
        ("share", float("nan"), 0.5),
        ("flag", True, True),
        ("flag", 1, False),
        ("flag", "true", False),
        ("colour", "blue", _Colour.BLUE),
        ("colour", "green", _Colour.RED),
        ("colour", [], _Colour.RED),
        ("word", "open", "open"),
        ("word", "shut", "auto"),
        ("maybe", None, None),
        ("maybe", "8", 7),
        ("either", 8, 8),
        ("either", 8.5, ""),
        ("point", {"x": 1, "z": 9}, _Point(1)),
        ("point", {"x": 1, "y": "far"}, _Point(1)),
        ("point", {"y": 1}, None),
        ("point", [1, 2], _Point(1, 2)),
        ("point", "1, 2", None),
        ("points", [{"x": 1}, {"y": 2}, [3, 4], None], (_Point(1), _Point(3, 4))),
        ("points", {"x": 1}, ()),
        ("pair", ["a", 1], ("a", 1)),
        ("pair", ["a", 1, 2], ("", 0)),
        ("pair", ["a", "b"], ("", 0)),
        ("words", ["a", "b", 3], frozenset({"a", "b"})),
        ("counts", {"a": 1, "b": "2"}, {"a": 1}),
        ("counts", [1], {}),
        ("small", 10, 10),
        ("small", 11, 1),
        ("anything", {"a": [1]}, {"a": [1]}),
        ("second", "x", "x"),
        ("other", "x", ""),
        ("inside", True, False),
        ("unknown", 1, None),
    ],
)
def test_a_value_becomes_what_its_field_takes_or_costs_itself_alone(name, value, becomes):
    found = converted(_Everything, {name: value, "count": 3} if name != "count" else {name: value})
    assert getattr(found, {"second": "other", "unknown": "anything"}.get(name, name)) == becomes
    assert name == "count" or found.count == 3


def test_the_first_name_that_holds_something_counts():
    assert converted(_Everything, {"first": None, "second": "b"}).other == "b"
    assert converted(_Everything, {"first": "a", "second": "b"}).other == "a"


def test_what_cannot_be_used_is_named_once_and_never_shown(caplog):
    @dataclass(frozen=True)
    class Once(_Everything):
        pass

    faults: list[str] = []
    record = {"point": {"x": 1, "y": "my words"}, "points": ["my words", "again"], "flag": "my words"}
    with caplog.at_level(logging.WARNING):
        converted(Once, record, faults=faults)
        converted(Once, record)
    assert sorted(faults) == ["flag", "point.y", "points", "points"]
    assert caplog.text.count("Once: point.y ") == 1
    assert "my words" not in caplog.text


@pytest.mark.parametrize("record", [None, "text", 3, {"y": 1}, {"x": None}, {"x": "1"}, []])
def test_what_is_needed_is_not_made_up(record):
    with pytest.raises(UnusableError):
        converted(_Point, record)


@pytest.mark.parametrize("record", [{"x": 1, "y": "far"}, {"x": 1, "y": None}])
def test_as_a_whole_nothing_is_left_out(record):
    with pytest.raises(UnusableError):
        converted(_Point, record, whole=True)
    assert converted(_Point, {"x": 1, "z": 2}, whole=True) == _Point(1)


def test_a_record_comes_back_as_it_was():
    full = _Everything(
        *("said", 3, 1.5, True, _Colour.BLUE, "open", None, 8, _Point(1, 2), (_Point(3),), ("a", 1)),
        *(frozenset({"b", "a"}), {"a": 1}, 5, [1], "x"),
    )
    for value, sparing in ((full, False), (full, True), (_DEFAULTS, False), (_DEFAULTS, True)):
        record = json.loads(json.dumps(as_dict(value, without_defaults=sparing)))
        assert converted(_Everything, record) == value
    assert as_dict(_DEFAULTS, without_defaults=True) == {}
    assert as_dict(full)["first"] == "x"
    assert "inside" not in as_dict(full)


def test_a_hint_that_nothing_reads_is_a_fault_of_ours():
    @dataclass(frozen=True)
    class Odd:
        content: complex = 1j

    with pytest.raises(TypeError):
        converted(Odd, {})
