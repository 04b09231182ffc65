"""A conversation as plain values for JSON, and back: every field by its name, so that nothing is left out.

What comes from a file is checked against the types of the fields; a value of another type is refused, an unknown name
is passed over, and a missing one has its default. `docs/take-along.md` describes the file.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from desktop.core.converting import UnusableError, as_dict, converted
from desktop.core.message import AttachmentPart, ImagePart, Message, Part, ReasoningPart, TextPart

FORMAT = "candor-conversations"
VERSION = 2  # since 2, the bytes of pictures
PICTURES = "pictures"

_KINDS: dict[str, type[Part]] = {
    "text": TextPart,
    "thinking": ReasoningPart,
    "file": AttachmentPart,
    "picture": ImagePart,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_plain(message: Message) -> dict[str, Any]:
    """Return a message as dictionaries, lists, texts, numbers and None. Defaults are left out."""
    parts = [{"kind": _NAMES[type(part)], **as_dict(part, without_defaults=True)} for part in message.parts]
    return as_dict(message, without_defaults=True) | {"parts": parts}


def message_from(record: Any) -> Message:
    """Return the message that plain values stand for. Raises `UnusableError`."""
    listed = record.get("parts", []) if isinstance(record, dict) else None
    if not isinstance(listed, list):
        raise UnusableError("no message")
    message = converted(Message, record | {"parts": []}, whole=True)
    return replace(message, parts=tuple(map(_part, listed)))


def _part(record: Any) -> Part:
    kind = _KINDS.get(str(record.get("kind"))) if isinstance(record, dict) else None
    if kind is None:
        raise UnusableError("no part of a message")
    return converted(kind, record, whole=True)


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
