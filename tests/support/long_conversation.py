"""A conversation as long as a user may ever have one, put into a database at once."""

from __future__ import annotations

import contextlib
import sqlite3

from desktop.core.conversation import Conversation
from desktop.store.database import open_store

WORDS = ("What a model writes, line after line, until there are two thousand of it.\n" * 30)[:2000]


def put_long_conversation(file, count, first=0):
    """`count` messages in one line, by turns of the user and the model; the conversation and the messages' ids.

    The ids are numbers from `first` on, and each text begins with its own number from 0 on.
    """
    ids = [f"{first + number:032x}" for number in range(count)]
    conversation = Conversation(title="long", head_id=ids[-1])
    store = open_store(file)
    store.save_conversation(conversation)
    store.close()
    rows = [
        (ids[number], conversation.id, ids[number - 1] if number else None, role, float(number), f"{number} {WORDS}")
        for number in range(count)
        for role in [("user", "assistant")[number % 2]]
    ]
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO messages (id, conversation_id, parent_id, role, status, created_at, text) "
            "VALUES (?, ?, ?, ?, 'complete', ?, ?)",
            rows,
        )
    return conversation, ids
