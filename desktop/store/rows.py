"""Messages and conversations as rows of the database, and back.

Columns are plain enough to be read with any SQLite tool: `text` and `reasoning` stand as they are, small records are
JSON. Reading is lenient: a value that cannot be understood becomes its default, so that the words beside it are shown.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, assert_never

from desktop.core.conversation import Conversation, ConversationSettings
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
    Anchor,
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
    TextPart,
    Timings,
    Usage,
)
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.core.reply import ReplyBuilder
from desktop.core.request import Thinking, ThinkingLimit, ThinkingMode
from desktop.core.sign import Sign, SignKind
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

Row = tuple[Any, ...]
_Word = TypeVar("_Word", bound=StrEnum)
_Record = TypeVar("_Record", Usage, Timings, Failure)
# Looked up once, since a long conversation has thousands of these.
_FIELDS = {kind: tuple(field.name for field in dataclasses.fields(kind)) for kind in (Usage, Timings, Failure)}


def conversation_row(conversation: Conversation) -> Row:
    """Return the values for `CONVERSATION_COLUMNS`."""
    settings = conversation.settings
    thinking = {"mode": settings.thinking.mode, "budget": settings.thinking.budget}
    choice, limit = settings.choice, settings.thinking_limit
    return (
        conversation.id,
        encodable(conversation.title),
        conversation.head_id,
        conversation.origin,
        to_json(
            {
                "choice": {"connection_id": choice.connection_id, "model": choice.model} if choice else None,
                "system": settings.system,
                "thinking": thinking,
                "fresh_suggested": settings.fresh_suggested,
                "unread": settings.unread,
                "left_out": settings.left_out,
                "folder": encodable(settings.folder),
                "thinking_limit": {"seconds": limit.seconds, "tokens": limit.tokens} if limit else None,
                "temperature": settings.temperature,
                "asks_places": settings.asks_places,
            }
        ),
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
    attachments = [part.name for part in message.files]
    place, early = message.place, message.early
    return (
        message.id,
        message.parent_id,
        message.role,
        message.status,
        encodable(message.text),
        encodable(message.reasoning),
        None if _is_plain(message.parts) else to_json([part_record(part) for part in message.parts]),
        encodable("\n".join(attachments)),
        encodable(message.model),
        place.kind if place else None,
        encodable(place.host) if place else None,
        _record_json(message.usage),
        _record_json(message.timings),
        _record_json(message.failure),
        to_json({"way": early.way, "by_limit": early.by_limit}) if early else None,
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
        role=_word(Role, role, Role.ASSISTANT),
        status=_word(MessageStatus, status, MessageStatus.INTERRUPTED),
        parts=parts_of_records(loaded(parts, list)) or _plain_parts(_text(text), _text(reasoning)),
        model=_text(model),
        place=Place(_word(PlaceKind, kind, PlaceKind.INTERNET), _text(host)) if kind else None,
        usage=_record(Usage, usage),
        timings=_record(Timings, timings),
        failure=_record(Failure, failure),
        early=_early_of_json(early),
        signs=_signs_of_json(signs),
        created_at=_number(at),
    )


def signs_json(signs: Sequence[Sign]) -> str | None:
    """Return signs of trouble as they stand in their column; None if there are none."""
    records = [
        {
            "kind": sign.kind,
            "excerpt": encodable(sign.excerpt),
            "other": encodable(sign.other),
            "counts": sign.counts,
            "in_thinking": sign.in_thinking,
            "answer_limit": sign.answer_limit,
        }
        for sign in signs
    ]
    return to_json([{name: value for name, value in each.items() if value} for each in records]) if records else None


def grown(message: Message, pieces: Iterable[tuple[str, str]]) -> Message:
    """Return the reply with its logged (kind, text) pieces added to its beginning, as the window adds them."""
    builder = ReplyBuilder(message, clock=_no_time)
    for kind, text in pieces:
        builder.apply(_event(kind, text))
    found = builder.message
    return dataclasses.replace(message, parts=found.parts, early=found.early)


def to_json(value: object) -> str:
    """Return compact JSON that SQLite can hold; lone surrogates become escapes and come back as they were."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _event(kind: str, text: str) -> StreamEvent:
    match kind:
        case "reasoning":
            return ReasoningDelta(text)
        case "reclassified":
            return Reclassified()
        case "began_again":
            return BeganAgain()
        case "ended":
            return ThinkingEnded(by_limit=text == "limit")
        case "resumed":
            return Resumed()
        case "early":
            return AnsweredEarly(_word(AnswerWay, text, AnswerWay.ASKED))
        case _:
            return TextDelta(text)


def _no_time() -> float:
    return 0.0


def _is_plain(parts: tuple[Part, ...]) -> bool:
    """Return True if the parts are one reasoning part and one text part, either may be missing, neither empty.

    The thinking is then of the message's own model.
    """
    match parts:
        case ():
            return True
        case (TextPart(text),):
            return bool(text)
        case (ReasoningPart(thought, False),):
            return bool(thought)
        case (ReasoningPart(thought, False), TextPart(text)):
            return bool(thought and text)
        case _:
            return False


def _plain_parts(text: str, reasoning: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    if reasoning:
        parts.append(ReasoningPart(reasoning))
    if text:
        parts.append(TextPart(text))
    return tuple(parts)


def part_record(part: Part) -> dict[str, Any]:
    """Return a part of a message as a record for JSON."""
    match part:
        case TextPart(text):
            return {"type": "text", "text": encodable(text)}
        case ReasoningPart(text, elsewhere):
            record: dict[str, Any] = {"type": "reasoning", "text": encodable(text)}
            return record | {"elsewhere": True} if elsewhere else record
        case AttachmentPart():
            return _attachment_record(part)
        case ImagePart(name, media_type, digest, width, height):
            return {
                "type": "image",
                "name": encodable(name),
                "media_type": media_type,
                "digest": digest,
                "size": [width, height],
            }
        case _:
            assert_never(part)


def _attachment_record(part: AttachmentPart) -> dict[str, Any]:
    record: dict[str, Any] = {"type": "attachment", "name": encodable(part.name), "media_type": part.media_type}
    if part.digest:
        record["digest"] = part.digest
    if part.extent:
        record["extent"] = encodable(part.extent)
    if part.anchors:
        record["anchors"] = [[anchor.offset, anchor.section, encodable(anchor.place)] for anchor in part.anchors]
    return record | {"text": encodable(part.text)}


def _attachment_of_record(record: dict[str, Any], name: str, media_type: str, text: str) -> AttachmentPart:
    digest, extent = (value if isinstance(value := record.get(key), str) else "" for key in ("digest", "extent"))
    anchors: list[Anchor] = []
    for entry in record.get("anchors") or ():
        match entry:
            case [int(offset), int(section), str(place)]:
                anchors.append(Anchor(offset, section, place))
    return AttachmentPart(name, media_type, text, digest, extent, tuple(anchors))


def parts_of_records(records: Iterable[Any]) -> tuple[Part, ...]:
    """Return the parts of records that `part_record` made; those that can't be understood are left out."""
    parts: list[Part] = []
    for record in records:
        match record:
            case {"type": "text", "text": str(said)}:
                parts.append(TextPart(said))
            case {"type": "reasoning", "text": str(thought)}:
                parts.append(ReasoningPart(thought, elsewhere=bool(record.get("elsewhere"))))
            case {"type": "attachment", "name": str(name), "media_type": str(media_type), "text": str(content)}:
                parts.append(_attachment_of_record(record, name, media_type, content))
            case {"type": "image", "name": str(name), "media_type": str(media_type), "digest": str(digest)}:
                match record.get("size"):
                    case [int(width), int(height)]:
                        parts.append(ImagePart(name, media_type, digest, width, height))
                    case _:
                        parts.append(ImagePart(name, media_type, digest))
            case _:
                continue
    return tuple(parts)


@lru_cache(maxsize=_KINDS_OF_SETTINGS)
def _settings_of_json(text: str) -> ConversationSettings:
    """Return the settings of a conversation, the same ones for all that have the same: most do."""
    record = loaded(text, dict)
    choice: ModelChoice | None = None
    match record.get("choice"):
        case {"connection_id": str(connection_id), "model": str(model)}:
            choice = ModelChoice(connection_id, model)
    system = record.get("system")
    thinking = Thinking()
    match record.get("thinking"):
        case {"mode": str(mode), "budget": int() | None as budget}:
            thinking = Thinking(_word(ThinkingMode, mode, ThinkingMode.AUTO), budget)
    limit: ThinkingLimit | None = None
    match record.get("thinking_limit"):
        case {"seconds": int() | None as seconds, "tokens": int() | None as tokens} if seconds or tokens:
            limit = ThinkingLimit(seconds, tokens)
    temperature = record.get("temperature")
    if isinstance(temperature, bool) or not isinstance(temperature, int | float):
        temperature = None
    system = system if isinstance(system, str) else ""
    suggested, unread, asks = (record.get(name) is True for name in ("fresh_suggested", "unread", "asks_places"))
    ids = record.get("left_out")
    left_out = tuple(each for each in ids if isinstance(each, str)) if isinstance(ids, list) else ()
    folder = found if isinstance(found := record.get("folder"), str) else ""
    return ConversationSettings(choice, system, thinking, limit, temperature, suggested, unread, left_out, asks, folder)


def _early_of_json(text: str | None) -> EarlyAnswer | None:
    match loaded(text, dict):
        case {"way": str(way), "by_limit": bool(by_limit)} if way in set(AnswerWay):
            return EarlyAnswer(AnswerWay(way), by_limit)
        case _:
            return None


def _signs_of_json(text: str | None) -> tuple[Sign, ...]:
    """Return the signs that can be understood; a newer version may know more kinds."""
    return tuple(sign for record in loaded(text, list) if (sign := _sign_of_record(record)))


def _sign_of_record(record: Any) -> Sign | None:
    match record:
        case {"kind": str(kind)} if kind in set(SignKind):
            counts: tuple[int, int] | None = None
            match record.get("counts"):
                case [int(counted), int(sent)]:
                    counts = counted, sent
            said, other = (value if isinstance(value := record.get(name), str) else "" for name in ("excerpt", "other"))
            limit = value if isinstance(value := record.get("answer_limit"), int) else None
            return Sign(SignKind(kind), said, other, counts, bool(record.get("in_thinking")), limit)
        case _:
            return None


def _record_json(record: Usage | Timings | Failure | None) -> str | None:
    if record is None:
        return None
    fields = ((name, getattr(record, name)) for name in _FIELDS[type(record)])
    return to_json({name: value for name, value in fields if value is not None})


def _record(kind: type[_Record], text: str | None) -> _Record | None:
    if not text:
        return None
    known = _FIELDS[kind]
    found: dict[str, Any] = loaded(text, dict)
    try:
        return kind(**{name: value for name, value in found.items() if name in known and _is_scalar(value)})
    except TypeError:
        return None


def _text(value: object) -> str:
    """Return a value that should be text; empty where a damaged row holds something else."""
    return value if isinstance(value, str) else ""


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def loaded(text: str | None, kind: type[Any]) -> Any:
    """Return JSON of the wanted kind (`dict` or `list`), or an empty one."""
    if not text:
        return kind()
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return kind()
    return value if isinstance(value, kind) else kind()


def _word(kind: type[_Word], value: object, default: _Word) -> _Word:
    try:
        return kind(str(value))
    except ValueError:
        return default
