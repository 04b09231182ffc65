"""Conversations to be searched in, and what stands on the page of the search: for its tests and its scenes."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.conversation import Conversation
from desktop.core.message import (
    Anchor,
    AttachmentPart,
    Message,
    MessageStatus,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    new_id,
    user_message,
)
from desktop.core.place import THIS_COMPUTER
from desktop.core.search import SearchHit
from desktop.store.database import open_store
from desktop.ui.search.results import More


def reply_to(asked, text, *, thinking="", model="qwen3:8b", place=THIS_COMPUTER):
    """A complete reply."""
    said: tuple[Part, ...] = (TextPart(text),)
    parts = (ReasoningPart(thinking), *said) if thinking else said
    return Message(
        role=Role.ASSISTANT,
        parent_id=asked.id,
        status=MessageStatus.COMPLETE,
        parts=parts,
        model=model,
        place=place,
        created_at=asked.created_at + 1,
    )


def put(folder, title, turns, *, at=0.0, **of_reply):
    """Store a conversation in the database of `folder`, before the program is opened over it; returns it."""
    messages: list[Message] = []
    conversation = Conversation(title=title)
    if at:
        conversation = replace(conversation, created_at=at, updated_at=at)
    for question, answer in turns:
        above = messages[-1].id if messages else None
        asked = replace(user_message(question, above), created_at=conversation.created_at)
        messages += [asked, reply_to(asked, answer, **of_reply)]  # type: ignore[arg-type]
    store = open_store(folder / "candor.db")
    store.begin_reply(replace(conversation, head_id=messages[-1].id), messages)
    store.close()
    return conversation


def contract(pages):
    """A file with the text of these pages."""
    text, anchors = "", []
    for number, page in enumerate(pages, start=1):
        anchors.append(Anchor(len(text), number))
        text += page + "\n"
    return AttachmentPart("contract.pdf", "application/pdf", text, new_id(), "", tuple(anchors))


def rows_on(rows):
    """What stands in the rows: "# title" for a head, else who said it and the sentence."""
    shown = []
    for row in rows:
        match row.key:
            case SearchHit(kind, _, sentence):
                shown.append(f"{kind}: {sentence}")
            case More(count):
                shown.append(f"+{count}")
            case None:
                shown.append(f"# {row.title}")
    return shown
