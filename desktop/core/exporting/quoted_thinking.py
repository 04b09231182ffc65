"""A reply with its thinking as one Markdown text, in which the two can still be told apart."""

from __future__ import annotations

from desktop.core.message import Message


def markdown_with_thinking(message: Message) -> str:
    """Return the thinking as a quotation, then the answer. Nothing in the thinking can end the quotation."""
    quoted = "\n".join(f"> {line}".rstrip() for line in message.reasoning.strip().splitlines())
    return "\n\n".join(piece for piece in (quoted, message.text.strip("\r\n")) if piece)
