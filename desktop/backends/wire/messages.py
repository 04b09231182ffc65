"""The messages of a request as every protocol writes them: a role, its words, and its pictures.

Which messages those are has been decided when the request was made. What a protocol adds to a message, and the
beginning of a reply that is continued, is its own business.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from desktop.core.errors import RequestRejected
from desktop.core.request import ChatRequest, outgoing_text
from desktop.core.text.clean_text import encodable

# What every server takes. Others are never sent, nor is an address, which a server would fetch.
_TYPES = {"image/jpeg", "image/png"}

# Adds pictures (media type, base64) to the message whose text is in its field "content".
AddPictures = Callable[[dict[str, Any], list[tuple[str, str]]], None]


def sent_messages(request: ChatRequest, add_pictures: AddPictures | None = None) -> list[dict[str, Any]]:
    """Return role and content of each message. Thinking of earlier replies is never in them.

    Without `add_pictures`, for a protocol that has no pictures, raises `RequestRejected` where there are some.
    """
    messages = []
    for each in request.messages:
        message: dict[str, Any] = {"role": each.role.value, "content": encodable(outgoing_text(each))}
        pictures = [
            (part.media_type, base64.b64encode(content).decode("ascii"))
            for part in each.pictures
            if part.media_type in _TYPES and (content := request.pictures.get(part.digest))
        ]
        if pictures:
            if add_pictures is None:
                raise RequestRejected(reason="pictures")
            add_pictures(message, pictures)
        messages.append(message)
    return messages


def data_url(media_type: str, content: str) -> str:
    """Return a picture as the address that holds all of it."""
    return f"data:{media_type};base64,{content}"
