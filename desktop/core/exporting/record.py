"""A conversation as plain values for JSON, and back: every field by its name, so that nothing is left out.

What comes from a file is checked against the types of the fields; a value of another type is refused, an unknown name
is passed over, and a missing one has its default. `docs/take-along.md` describes the file.
"""

from __future__ import annotations

import types
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from desktop.core.message import AttachmentPart, ImagePart, Message, ReasoningPart, TextPart

FORMAT = "candor-conversations"
VERSION = 2  # since 2, the bytes of pictures
PICTURES = "pictures"

_T = TypeVar("_T")
_KINDS: dict[str, type] = {"text": TextPart, "thinking": ReasoningPart, "file": AttachmentPart, "picture": ImagePart}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class RecordError(ValueError):
    """Error for plain values that are not those of a record; the message names the field."""


def to_plain(value: object) -> Any:
    """Return a value of the domain as dictionaries, lists, texts, numbers and None. Defaults are left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    if not is_dataclass(value):
        return value
    record: dict[str, Any] = {"kind": _NAMES[type(value)]} if type(value) in _NAMES else {}
    for field in fields(value):
        content = getattr(value, field.name)
        if content != field.default or field.default is MISSING:
            record[field.name] = to_plain(content)
    return record


def from_plain(kind: type[_T], record: object) -> _T:
    """Return the value of a type that plain values stand for. Raises `RecordError`."""
    made: _T = _value(kind, record, kind.__name__)
    return made


def pictures_to_plain(messages: Iterable[Message], read: Callable[[str], bytes | None]) -> dict[str, str]:
    """Return the bytes of all pictures by their digests, in base64; `read` returns None for those that are gone."""
    digests = dict.fromkeys(picture.digest for message in messages for picture in message.pictures)
    found = {digest: content for digest in digests if (content := read(digest)) is not None}
    return {digest: b64encode(content).decode("ascii") for digest, content in found.items()}


def pictures_of(record: Any) -> dict[str, bytes]:
    """Return the bytes of the pictures of a conversation's record, without those that are not what their name says."""
    listed = record.get(PICTURES)
    found: dict[str, bytes] = {}
    for digest, text in listed.items() if isinstance(listed, dict) else ():
        try:
            content = b64decode(text, validate=True)
        except (ValueError, TypeError):
            continue
        if sha256(content).hexdigest() == digest:
            found[digest] = content
    return found


def _value(kind: Any, plain: object, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), plain, where)
    if origin is tuple:
        return _tuple(get_args(kind), plain, where)
    if is_dataclass(kind):
        return _record(kind, plain, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(plain)
        except ValueError:
            raise RecordError(where) from None
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if type(plain) is not kind:
        raise RecordError(where)
    return plain


def _one_of(kinds: tuple[Any, ...], plain: object, where: str) -> Any:
    if plain is None and type(None) in kinds:
        return None
    if isinstance(plain, dict) and "kind" in plain and plain["kind"] in _KINDS:
        return _value(_KINDS[plain["kind"]], plain, where)
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) != 1:
        raise RecordError(where)
    return _value(others[0], plain, where)


def _tuple(kinds: tuple[Any, ...], plain: object, where: str) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise RecordError(where)
    if kinds[-1:] == (Ellipsis,):
        return tuple(_value(kinds[0], each, where) for each in plain)
    if len(plain) != len(kinds):
        raise RecordError(where)
    return tuple(_value(kind, each, where) for kind, each in zip(kinds, plain, strict=True))


def _record(kind: Any, plain: object, where: str) -> Any:
    if not isinstance(plain, dict):
        raise RecordError(where)
    hints = _hints(kind)
    values = {name: _value(hint, plain[name], f"{where}.{name}") for name, hint in hints.items() if name in plain}
    try:
        return kind(**values)
    except (TypeError, ValueError):
        raise RecordError(where) from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
