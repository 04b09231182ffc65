"""Conversations in which all words of a search stand, but in different messages: looked for after all other results.

The index tells for each word the conversations that may have it; only those that may have all are read. Goes in small
steps, like the walk that it belongs to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from desktop.core.search.query import SearchQuery
from desktop.core.text.find import comparable
from desktop.store.search import shards

_FEW = 20  # conversations, which are read sooner than another word is looked up
Found = tuple[list[Any], int, list[str]]
"""A row of a conversation's messages, the field in which some of the words stand, and these."""


class WordsApart:
    """How far the search is: which word is looked up where, and which conversations are still to be read."""

    def __init__(self, query: SearchQuery) -> None:
        self._query = query
        self._words = sorted(query.words, key=len, reverse=True)  # a long one is rarer
        self._looked_up = 0 if len(self._words) > 1 else len(self._words)
        self._shard: int | None = None
        self._with_word: dict[str, int] = {}  # for each conversation the key of a late message that may have it
        self._with_all: dict[str, int] | None = None  # all words so far; None before the first
        self._latest: list[str] | None = None  # the conversations to be read
        self._read_so_far = 0  # of these

    def walk(
        self, connection: sqlite3.Connection, known: set[str], rows: str, values: list[Any]
    ) -> Iterator[Found | None]:
        """Yield what is found from here on, and None where a pause may be made; the latest conversation first.

        `rows` is the query for the messages of a conversation, the latest first, by its id and `values`. Those that are
        `known` are passed over.
        """
        while self._looked_up < len(self._words) and (self._with_all is None or len(self._with_all) > _FEW):
            yield from self._look_up(connection, self._words[self._looked_up])
            self._with_all, self._with_word = self._with_word, {}
            self._shard = None
            self._looked_up += 1
        if self._latest is None:
            keys = self._with_all or {}
            self._latest = sorted(keys, key=keys.__getitem__, reverse=True)
        while self._read_so_far < len(self._latest):
            identity = self._latest[self._read_so_far]
            found = self._read(connection, identity, rows, values) if identity not in known else None
            self._read_so_far += 1
            yield found

    def _look_up(self, connection: sqlite3.Connection, word: str) -> Iterator[None]:
        if self._shard is None:
            self._shard = shards.last_key(connection) // shards.SHARD
        while self._shard >= 0:
            for identity, key in shards.conversations_with(connection, self._shard, word):
                if self._with_all is None or identity in self._with_all:
                    self._with_word[identity] = max(key, self._with_word.get(identity, key))
            self._shard -= 1
            yield None

    def _read(self, connection: sqlite3.Connection, identity: str, rows: str, values: list[Any]) -> Found | None:
        """Return the text of a conversation that has most of the words, if several of its messages have them all."""
        missing, in_messages = set(self._words), 0
        best: Found | None = None
        for row in connection.execute(rows, [identity, *values]):
            there: set[str] = set()
            for field, text in self._texts(row):
                folded = comparable(text)
                words = [word for word in self._query.words if word in folded]
                there.update(words)
                if words and (best is None or len(words) > len(best[2])):
                    best = row, field, words
            in_messages += bool(there)
            missing -= there
            if not missing and in_messages > 1:
                return best
        return None

    def _texts(self, row: list[Any]) -> Iterator[tuple[int, str]]:
        _, _, _, text, reasoning, parts, names = row
        yield shards.TEXT, text or ""
        if self._query.narrowing.in_thinking:
            yield shards.THINKING, reasoning or ""
        if names:
            for name, content, _ in shards.files_in(parts):
                yield shards.FILES, f"{name}\n{content}"
