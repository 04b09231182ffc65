"""Records as plain values: there and back without loss, and nothing wrong is let in."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest

from desktop.core.conversation import Conversation
from desktop.core.converting import UNKEPT, UnusableError, Within, as_dict, converted, named
from desktop.core.exporting import as_own, message_from, to_plain
from desktop.core.message import (
    Anchor,
    AnswerWay,
    AttachmentPart,
    EarlyAnswer,
    Failure,
    ImagePart,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    Sign,
    SignKind,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.place import Place, PlaceKind


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


MESSAGE = Message(
    role=Role.ASSISTANT,
    parts=(
        ReasoningPart("hm", elsewhere=True),
        TextPart("**yes**"),
        AttachmentPart("a.pdf", "application/pdf", "words", "ab", "page 1", (Anchor(0, 1, "p"),)),
        ImagePart("b.png", "image/png", "cd", 3, 4),
    ),
    parent_id="p",
    status=MessageStatus.CUT_OFF,
    model="qwen3:4b",
    place=Place(PlaceKind.INTERNET, "x.example"),
    usage=Usage(1, 2, None, 4),
    timings=Timings(0.5, 1.0),
    failure=Failure("timeout", host="h"),
    early=EarlyAnswer(AnswerWay.ASKED, by_limit=True),
    signs=(Sign(SignKind.LOOP, "x", counts=(1, 2)),),
    created_at=1_790_000_000.25,
)


@pytest.mark.parametrize("message", [MESSAGE, Message(role=Role.USER)])
def test_there_and_back_with_a_name_of_another_version(message):
    assert message_from(json.loads(json.dumps(to_plain(message) | {"colour": "red"}))) == message


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "text",
        {"role": "emperor"},
        {"role": "user", "parts": "text"},
        {"role": "user", "parts": [{"kind": "bomb"}]},
        {"role": "user", "parts": [{"kind": "text"}]},
        {"role": "user", "parts": [{"kind": "text", "text": 5}]},
        {"role": "user", "created_at": "today"},
        {"role": "user", "id": 5},
        {"role": "user", "place": {"kind": "moon"}},
        {},
    ],
)
def test_what_is_no_message_is_refused(wrong):
    with pytest.raises(UnusableError):
        message_from(wrong)


class TestOwnIds:
    def test_the_same_file_gives_the_same_ids_and_another_program_gives_others(self):
        messages = [Message(role=Role.USER, id="a"), Message(role=Role.ASSISTANT, id="b", parent_id="a")]
        conversation = Conversation(id="c", head_id="b")
        one, again, other = (as_own(each, conversation, messages) for each in ("", "", "X"))
        assert one == again
        assert one.conversation.id == "c"
        assert other.conversation.id != "c"
        assert not {"a", "b"} & {message.id for message in one.messages}
        assert one.messages[1].parent_id == one.messages[0].id
        assert one.conversation.head_id == one.messages[1].id

    def test_messages_that_hang_on_each_other_become_first_ones(self):
        ring = [Message(role=Role.USER, id="a", parent_id="b"), Message(role=Role.USER, id="b", parent_id="a")]
        lost = Message(role=Role.USER, id="d", parent_id="nowhere")
        made = as_own("", Conversation(head_id="nowhere"), [*ring, lost])
        ids = [message.id for message in made.messages]
        assert len(ids) == 3
        for at, message in enumerate(made.messages):
            assert message.parent_id is None or message.parent_id in ids[:at]
        assert made.conversation.head_id in ids

    def test_a_reply_that_was_running_has_been_interrupted(self):
        running = Message(role=Role.ASSISTANT, status=MessageStatus.STREAMING)
        assert as_own("", Conversation(), [running]).messages[0].status is MessageStatus.INTERRUPTED
