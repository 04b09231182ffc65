"""Files of ChatGPT: the archive that its settings export, or what is in it, a tree of messages each.

A mapping from ids to nodes, each with its parent and a message or none. Files are named; what tools were told is left
out, and so are the marks of sources, which lead nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.exporting import Imported
from desktop.core.message import Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import Record, said

_MARK = re.compile("\ue200[^\ue201]*\ue201")  # where the program puts a link to a source


def read(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found.get("mapping"), dict):
        return None
    foreign = Foreign(
        program="ChatGPT",
        id=found.text("conversation_id", "id"),
        title=found.text("title"),
        created_at=found.moment("create_time"),
        updated_at=found.moment("update_time"),
    )
    return iter([foreign.with_branches(_branches(found.inside("mapping")), head=found.text("current_node"))])


def _branches(nodes: Record) -> Iterator[Branch]:
    for name in nodes:
        node = nodes.inside(name)
        message = node.inside("message")
        about = message.inside("metadata")
        yield Branch(
            id=said(name),
            parent=node.text("parent"),
            role=message.inside("author").text("role"),
            parts=_parts(message.inside("content"), about),
            model=about.text("model_slug"),
            created_at=message.moment("create_time"),
        )


def _parts(content: Record, about: Record) -> tuple[Part, ...]:
    files = [named_file(each.text("name"), each.text("mime_type")) for each in about.records("attachments")]
    listed = content.get("parts")
    match content.get("content_type"):
        case "text" | "multimodal_text" if isinstance(listed, list):
            texts = [said(each if isinstance(each, str) else Record.of(each).get("text")) for each in listed]
            return spoken((_MARK.sub("", text) for text in texts), files=files)
        case "thoughts":
            return spoken((), (each.text("content") for each in content.records("thoughts")))
        case "code" if text := content.text("text"):
            return spoken([f"```\n{text}\n```"])
        case _:
            return ()
