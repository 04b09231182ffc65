"""A short conversation, as exporters are given it."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.conversation import Conversation
from desktop.core.exporting.format import Export, ExportWords
from desktop.core.message import AttachmentPart, ImagePart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.place import Place, PlaceKind

WORDS = ExportWords(
    untitled="Untitled",
    you="You",
    answer="Answer",
    thinking="Thinking",
    files="Files",
    place_name=lambda place: f"{place.kind} {place.host}",
)
QUESTION = replace(user_message("What is *due*?"), created_at=1_790_000_000.0)
FILES = (
    AttachmentPart("plan *B*.pdf", "application/pdf", "secret", extent="page 1 of 2"),
    ImagePart("photo.png", "image/png", "ab"),
)
ANSWER = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("Let me\n\n> see"), TextPart("**45 days**\n")),
    model="qwen3:4b",
    place=Place(PlaceKind.INTERNET, "api.example"),
    created_at=1_790_000_060.0,
)


def talk(*messages: Message, title: str = "", with_thinking: bool = False) -> Export:
    """Return these messages as an export of a conversation with this title."""
    return Export(Conversation(title=title), messages, WORDS, with_thinking)
