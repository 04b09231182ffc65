"""Stored conversations to measure the transcript with: short, long, and with a single answer of a megabyte.

The last line of each is a bar of full blocks: it can be found among the pixels of the screen, whatever draws the text.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.store.database import open_store
from tests.bench.texts import mixed_markdown, one_code_block, one_paragraph

MEGABYTE = 1_000_000
MESSAGE_BYTES = 2048
SHORT, LONG = "10", "10,000"
MIXED, CODE, PARAGRAPH = "1 MB mixed", "1 MB code", "1 MB paragraph"
NAMES = (SHORT, LONG, MIXED, CODE, PARAGRAPH)

_LENGTHS = {SHORT: 10, LONG: 10_000}
_BOOKS = {
    MIXED: lambda bar: f"{mixed_markdown(MEGABYTE)}\n\n{bar}",
    CODE: lambda bar: f"{one_code_block(MEGABYTE)}\n```\n\n{bar}",
    PARAGRAPH: lambda bar: f"{one_paragraph(MEGABYTE)} {bar}",
}
_BAR = "\u2588"
_SHORTEST_BAR = 8  # characters; each conversation has a bar of another length


def store_histories(home: Path, names: Iterable[str] = NAMES) -> dict[str, str]:
    """Make a database with the named conversations; their identifiers by name."""
    store = open_store(home / "candor.db")
    wanted = set(names)
    identifiers: dict[str, str] = {}
    for number, name in enumerate(NAMES):
        if name in wanted:
            messages = _with_parents(_messages(name, _BAR * _SHORTEST_BAR * (number + 1)))
            conversation = Conversation(title=f"History: {name}", head_id=messages[-1].id)
            store.begin_reply(conversation, messages)
            identifiers[name] = conversation.id
    store.close()
    return identifiers


def _messages(name: str, bar: str) -> Iterator[Message]:
    if name in _LENGTHS:
        return _turns(_LENGTHS[name], bar)
    return iter((user_message("Write a book."), _answer(_BOOKS[name](bar))))


def _turns(count: int, bar: str) -> Iterator[Message]:
    """Questions and answers of mixed Markdown, `MESSAGE_BYTES` each."""
    texts = itertools.cycle(list(_pieces(mixed_markdown(500 * MESSAGE_BYTES))))
    for number in range(count - 1):
        yield user_message(next(texts)) if number % 2 == 0 else _answer(next(texts))
    yield _answer(f"{next(texts)}\n\n{bar}")


def _pieces(text: str) -> Iterator[str]:
    """The text cut between blocks, into pieces of about `MESSAGE_BYTES`."""
    piece: list[str] = []
    size = 0
    for block in text.split("\n\n"):
        piece.append(block)
        size += len(block.encode()) + 2
        if size >= MESSAGE_BYTES:
            yield "\n\n".join(piece)
            piece, size = [], 0


def _answer(text: str) -> Message:
    return Message(role=Role.ASSISTANT, parts=(TextPart(text),), model="bench")


def _with_parents(messages: Iterable[Message]) -> list[Message]:
    chained: list[Message] = []
    for message in messages:
        parent_id = chained[-1].id if chained else None
        chained.append(Message(role=message.role, parts=message.parts, model=message.model, parent_id=parent_id))
    return chained
