"""A short conversation, as exporters are given it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace

import pypdfium2

from desktop.core.conversation import Conversation
from desktop.core.exporting import WITHOUT_THINKING, Export, ExportPart, ExportWords
from desktop.core.message import AttachmentPart, ImagePart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.place import Place, PlaceKind

WORDS = ExportWords(
    untitled="Untitled",
    you="You",
    answer="Answer",
    thinking="Thinking",
    thinking_head="Thinking:",
    files=lambda names: f"Files: {', '.join(names)}",
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


def said(form, export):
    """Return all that a file shows, as text; of a package of parts those of all its parts."""
    content = form.write(export)
    if content.startswith(b"%PDF"):
        return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name).decode() for name in package.namelist()]
    return html.unescape(re.sub("<[^>]*>", "", " ".join(parts)))


def talk(*messages, title="", with_thinking=False):
    """Return these messages as an export of a conversation with this title."""
    parts = frozenset(ExportPart) if with_thinking else WITHOUT_THINKING
    return Export(Conversation(title=title), messages, WORDS, parts)
