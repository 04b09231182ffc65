"""Files of ChatGPT: the archive that its settings export, or what is in it, a tree of messages each.

A mapping from ids to nodes, each with its parent and a message or none. Files are named; what tools were told is left
out, and so are the marks of sources, which lead nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from desktop.core.exporting.imported import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import mapping, moment, records, said

_MARK = re.compile("\ue200[^\ue201]*\ue201")  # where the program puts a link to a source


def read(found: Any) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found, dict) or not isinstance(found.get("mapping"), dict):
        return None
    foreign = Foreign(
        program="ChatGPT",
        id=said(found.get("conversation_id") or found.get("id")),
        title=said(found.get("title")),
        created_at=moment(found.get("create_time")),
        updated_at=moment(found.get("update_time")),
    )
    return iter([foreign.with_branches(_branches(found["mapping"]), head=said(found.get("current_node")))])


def _branches(nodes: dict[str, Any]) -> Iterator[Branch]:
    for name, node in nodes.items():
        message = mapping(mapping(node).get("message"))
        about = mapping(message.get("metadata"))
        yield Branch(
            id=said(name),
            parent=said(mapping(node).get("parent")),
            role=said(mapping(message.get("author")).get("role")),
            parts=_parts(mapping(message.get("content")), about),
            model=said(about.get("model_slug")),
            created_at=moment(message.get("create_time")),
        )


def _parts(content: dict[str, Any], about: dict[str, Any]) -> tuple[Part, ...]:
    files = [
        named_file(said(each.get("name")), said(each.get("mime_type"))) for each in records(about.get("attachments"))
    ]
    listed = content.get("parts")
    match content.get("content_type"):
        case "text" | "multimodal_text" if isinstance(listed, list):
            texts = [said(each if isinstance(each, str) else mapping(each).get("text")) for each in listed]
            return spoken(_MARK.sub("", "\n\n".join(filter(None, texts))), files=files)
        case "thoughts":
            thoughts = [said(each.get("content")) for each in records(content.get("thoughts"))]
            return spoken("", "\n\n".join(filter(None, thoughts)))
        case "code" if text := said(content.get("text")):
            return spoken(f"```\n{text}\n```")
        case _:
            return ()
