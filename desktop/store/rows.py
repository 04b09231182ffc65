"""Messages and conversations as rows of the database, and back.

Columns are plain enough to be read with any SQLite tool: `text` and `reasoning` stand as they are, small records are
JSON. Reading is lenient: a value that cannot be understood becomes its default, so that the words beside it are shown.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.converting import UnusableError, as_dict, converted
from desktop.core.events import (
    AnsweredEarly,
    BeganAgain,
    ReasoningDelta,
    Reclassified,
    Resumed,
    StreamEvent,
    TextDelta,
    ThinkingEnded,
)
from desktop.core.message import (
    AnswerWay,
    AttachmentPart,
    EarlyAnswer,
    Failure,
    ImagePart,
    Message,
    MessageStatus,
    Part,
    ReasoningPart,
    Role,
    Sign,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.place import Place, PlaceKind
from desktop.core.reply import ReplyBuilder
from desktop.core.text.clean_text import encodable

CONVERSATION_COLUMNS = ("id", "title", "head_id", "origin", "settings", "created_at", "updated_at", "pinned")
MESSAGE_COLUMNS = (
    "id",
    "parent_id",
    "role",
    "status",
    "text",
    "reasoning",
    "parts",
    "attachment_names",
    "model",
    "place_kind",
    "place_host",
    "usage",
    "timings",
    "failure",
    "early",
    "signs",
    "created_at",
)

_KINDS_OF_SETTINGS = 256  # that are kept
_KINDS_OF_PARTS: dict[str, type[Part]] = {
    "text": TextPart,
    "reasoning": ReasoningPart,
    "attachment": AttachmentPart,
    "image": ImagePart,
}
_NAME_OF_PART = {kind: name for name, kind in _KINDS_OF_PARTS.items()}

Row = tuple[Any, ...]
_Member = TypeVar("_Member", bound=StrEnum)
_Record = TypeVar("_Record")


def conversation_row(conversation: Conversation) -> Row:
    """Return the values for `CONVERSATION_COLUMNS`."""
    return (
        conversation.id,
        encodable(conversation.title),
        conversation.head_id,
        conversation.origin,
        to_json(as_dict(conversation.settings)),
        conversation.created_at,
        conversation.updated_at,
        conversation.pinned,
    )


def conversation_of_row(row: Row) -> Conversation:
    """Return the conversation of a row; the reverse of `conversation_row`."""
    identity, title, head_id, origin, settings, created_at, updated_at, pinned = row
    return Conversation(
        id=_text(identity),
        title=_text(title),
        head_id=_text_or_none(head_id),
        origin=_text_or_none(origin),
        settings=_settings_of_json(_text(settings)),
        created_at=_number(created_at),
        updated_at=_number(updated_at),
        pinned=bool(pinned),
    )


def message_row(message: Message) -> Row:
    """Return the values for `MESSAGE_COLUMNS`. `parts` is empty if `reasoning` and then `text` say everything."""
    place = message.place
    return (
        message.id,
        message.parent_id,
        message.role,
        message.status,
        encodable(message.text),
        encodable(message.reasoning),
        None if _is_plain(message.parts) else to_json(list(map(part_record, message.parts))),
        encodable("\n".join(part.name for part in message.files)),
        encodable(message.model),
        place.kind if place else None,
        encodable(place.host) if place else None,
        *map(_record_json, (message.usage, message.timings, message.failure, message.early)),
        signs_json(message.signs),
        message.created_at,
    )


def message_of_row(row: Row) -> Message:
    """Return the message of a row; the reverse of `message_row`."""
    identity, parent_id, role, status, text, reasoning, parts, _, model, kind, host, usage, timings, *rest = row
    failure, early, signs, at = rest
    return Message(
        id=_text(identity),
        parent_id=_text_or_none(parent_id),
        role=member_of(Role, role, Role.ASSISTANT),
        status=member_of(MessageStatus, status, MessageStatus.INTERRUPTED),
        parts=parts_of_records(loaded(parts, list)) or _plain_parts(_text(text), _text(reasoning)),
        model=_text(model),
        place=Place(member_of(PlaceKind, kind, PlaceKind.INTERNET), _text(host)) if kind else None,
        usage=_record(Usage, usage),
        timings=_record(Timings, timings),
        failure=_record(Failure, failure),
        early=_record(EarlyAnswer, early),
        signs=converted(tuple[Sign, ...], loaded(signs, list)) if signs else (),
        created_at=_number(at),
    )


def signs_json(signs: Sequence[Sign]) -> str | None:
    """Return signs of trouble as they stand in their column; None if there are none."""
    return to_json([as_dict(sign, without_defaults=True) for sign in signs]) if signs else None


def grown(message: Message, pieces: Iterable[tuple[str, str]]) -> Message:
    """Return the reply with its logged (kind, text) pieces added to its beginning, as the window adds them."""
    builder = ReplyBuilder(message, clock=lambda: 0.0)
    for kind, text in pieces:
        builder.apply(_EVENTS.get(kind, TextDelta)(text))
    found = builder.message
    return dataclasses.replace(message, parts=found.parts, early=found.early)


def part_record(part: Part) -> dict[str, Any]:
    """Return a part of a message as a record for JSON."""
    record = {"type": _NAME_OF_PART[type(part)]} | as_dict(part, without_defaults=True)
    if isinstance(part, AttachmentPart) and part.anchors:
        record["anchors"] = [[each.offset, each.section, each.place] for each in part.anchors]  # there may be thousands
    return record


def parts_of_records(records: Iterable[Any]) -> tuple[Part, ...]:
    """Return the parts of records that `part_record` made; those that can't be understood are left out."""
    parts: list[Part] = []
    part: Part | None
    for record in records:
        match record:
            case {"type": "image", "size": [width, height]}:  # as homes of version 8 have it
                part = _record_of(ImagePart, record | {"width": width, "height": height})
            case {"type": str(name)} if name in _KINDS_OF_PARTS:
                part = _record_of(_KINDS_OF_PARTS[name], record)
            case _:
                part = None
        if part is not None:
            parts.append(part)
    return tuple(parts)


def to_json(value: object) -> str:
    """Return compact JSON that SQLite can hold."""
    return json.dumps(_storable(value), ensure_ascii=False, separators=(",", ":"))


def loaded(text: str | None, kind: type[Any]) -> Any:
    """Return JSON of the wanted kind (`dict` or `list`), or an empty one."""
    if not text:
        return kind()
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return kind()
    return value if isinstance(value, kind) else kind()


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    if isinstance(value, list):
        return list(map(_storable, value))
    return encodable(value) if isinstance(value, str) else value


_EVENTS: dict[str, Callable[[str], StreamEvent]] = {  # by the kind of a logged piece; all others are text
    "reasoning": ReasoningDelta,
    "reclassified": lambda _: Reclassified(),
    "began_again": lambda _: BeganAgain(),
    "ended": lambda by: ThinkingEnded(by_limit=by == "limit"),
    "resumed": lambda _: Resumed(),
    "early": lambda way: AnsweredEarly(member_of(AnswerWay, way, AnswerWay.ASKED)),
}


def _is_plain(parts: tuple[Part, ...]) -> bool:
    """Return True if the columns `reasoning` and `text` alone give these parts again."""
    text = "".join(part.text for part in parts if isinstance(part, TextPart))
    reasoning = "".join(part.text for part in parts if isinstance(part, ReasoningPart))
    return parts == _plain_parts(text, reasoning)


def _plain_parts(text: str, reasoning: str) -> tuple[Part, ...]:
    parts: tuple[ReasoningPart | TextPart, ...] = (ReasoningPart(reasoning), TextPart(text))
    return tuple(part for part in parts if part.text)


@lru_cache(maxsize=_KINDS_OF_SETTINGS)
def _settings_of_json(text: str) -> ConversationSettings:
    """Return the settings of a conversation, the same ones for all that have the same: most do."""
    return converted(ConversationSettings, loaded(text, dict))


def _record_json(record: Usage | Timings | Failure | EarlyAnswer | None) -> str | None:
    return to_json(as_dict(record, without_defaults=True)) if record is not None else None


def _record(kind: type[_Record], text: str | None) -> _Record | None:
    return _record_of(kind, loaded(text, dict)) if text else None


def _record_of(kind: type[_Record], record: dict[str, Any]) -> _Record | None:
    try:
        return converted(kind, record)
    except UnusableError:
        return None


def _text(value: object) -> str:
    """Return a value that should be text; empty where a damaged row holds something else."""
    return value if isinstance(value, str) else ""


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def member_of(kind: type[_Member], value: object, default: _Member) -> _Member:
    try:
        return kind(str(value))
    except ValueError:
        return default
