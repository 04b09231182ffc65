"""One search through everything that was said: first the titles, then the messages, the latest first, in small steps.

The index gives candidates; here their texts are read and looked at. Between two steps nothing is held but where the
walk stands, so what is written and erased meanwhile waits for nobody.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

from desktop.core.message import Role
from desktop.core.place import Place, PlaceKind
from desktop.core.search.hits import ConversationCard, HitKind, SearchBatch, SearchHit
from desktop.core.search.query import Narrowing, SearchQuery
from desktop.core.search.sentence import first_place, marks_in, sentence_at
from desktop.core.text.find import comparable
from desktop.store.search import shards
from desktop.store.search.apart import WordsApart

_STEP_SECONDS = 0.03
_MOST_TITLES = 200

_SAID = "conversation_id, messages.id, messages.role, text, reasoning, parts, attachment_names"


Title = tuple[str, str, str, float]
"""A conversation's id, its title, the same in its comparable form, and when it was last changed."""


def all_titles(connection: sqlite3.Connection) -> list[Title]:
    """Return the titles of all conversations that are not in the bin, the latest first."""
    rows = connection.execute(
        "SELECT id, title, updated_at FROM kept.conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC"
    )
    return [(identity, title, comparable(title), at) for identity, title, at in rows]


class Walk:
    """The state of a search."""

    def __init__(self, query: SearchQuery) -> None:
        self._query = query
        self._has_titles = False
        self._shard: int | None = None  # the one that is looked at, None before the first
        self._before = 0  # rows of that one from here on have been looked at; as numbers of rows of a shard
        self._known: set[str] = set()  # the conversations whose cards were given
        self._apart = WordsApart(query)
        self._conditions = ""
        self._values: tuple[str, ...] = ()

    def step(
        self,
        connection: sqlite3.Connection,
        titles: Sequence[Title],
        most: int,
        is_interrupted: Callable[[], bool],
    ) -> SearchBatch:
        """Return some further results; `is_interrupted` is asked now and then. A step that fails can be made again."""
        if self._query.is_empty:
            return SearchBatch(is_over=True)
        before = (self._has_titles, self._shard, self._before, set(self._known), copy(self._apart))
        try:
            self._conditions, self._values = _conditions(self._query.narrowing, connection)
            if not self._has_titles:
                self._has_titles = True
                if found := self._titles(connection, titles):
                    return found
            return self._step(connection, most, is_interrupted)
        except BaseException:
            self._has_titles, self._shard, self._before, self._known, self._apart = before
            raise

    def _step(self, connection: sqlite3.Connection, most: int, is_interrupted: Callable[[], bool]) -> SearchBatch:
        until = time.monotonic() + _STEP_SECONDS
        hits: list[SearchHit] = []
        cards: list[ConversationCard] = []
        for found in self._walk(connection):
            if found is not None:
                hits.append(found)
                if card := self._card(connection, found.owner):
                    cards.append(card)
            if len(hits) >= most or time.monotonic() >= until or is_interrupted():
                return SearchBatch(tuple(hits), tuple(cards))
        return SearchBatch(tuple(hits), tuple(cards), is_over=True)

    def _titles(self, connection: sqlite3.Connection, titles: Sequence[Title]) -> SearchBatch | None:
        """Return the titles that have all words, None where none has."""
        hits: list[SearchHit] = []
        allowed: set[str] | None = None
        for identity, title, folded, at in titles:
            if at < self._query.narrowing.since or not self._query.is_in(folded):
                continue
            if self._conditions:
                if allowed is None:
                    query = f"SELECT id FROM kept.conversations AS conversations WHERE true {self._conditions}"
                    allowed = {row[0] for row in connection.execute(query, self._values)}
                if identity not in allowed:
                    continue
            shown = " ".join(title.split())
            hits.append(SearchHit(HitKind.TITLE, identity, shown, marks_in(shown, self._query.words)))
            if len(hits) == _MOST_TITLES:
                break
        cards = [card for hit in hits if (card := self._card(connection, hit.owner))]
        return SearchBatch(tuple(hits), tuple(cards)) if hits else None

    def _walk(self, connection: sqlite3.Connection) -> Iterator[SearchHit | None]:
        """Yield the hits from here on, and None where a pause may be made."""
        if self._shard is None:
            self._shard = shards.last_key(connection) // shards.SHARD
            self._before = shards.shard_range(self._shard)[1] * shards.FIELDS
        while self._shard >= 0:
            yield from self._in_shard(connection, self._shard)
            self._before = shards.shard_range(self._shard)[0] * shards.FIELDS
            self._shard -= 1
            yield None
        yield from self._found_apart(connection)

    def _found_apart(self, connection: sqlite3.Connection) -> Iterator[SearchHit | None]:
        """Yield a hit for each conversation whose messages have all words together; its place has some of them."""
        narrowing = self._query.narrowing
        rows = (
            f"SELECT {_SAID} FROM kept.messages AS messages JOIN kept.conversations AS conversations "
            "ON conversations.id = conversation_id WHERE conversation_id = ? AND deleted_at IS NULL "
            f"AND messages.created_at >= ? {self._conditions} ORDER BY key DESC"
        )
        for found in self._apart.walk(connection, self._known, rows, [narrowing.since, *self._values]):
            if found is None:
                yield None
            else:
                row, field, words = found
                yield Walk(SearchQuery(" ".join(words), narrowing))._hit(field, row)

    def _in_shard(self, connection: sqlite3.Connection, number: int) -> Iterator[SearchHit | None]:
        first, _ = shards.shard_range(number)
        until = shards.filled_to(connection, number)
        if until is None:
            yield from self._scanned(connection, first)
            return
        yield from self._scanned(connection, until + 1)
        match = shards.match_of(connection, number, self._query.words)
        if match is None:
            yield from self._scanned(connection, first)
        elif match:
            yield from self._indexed(connection, number, match)

    def _scanned(self, connection: sqlite3.Connection, from_key: int) -> Iterator[SearchHit | None]:
        """Look at all texts from a key on that have not been looked at."""
        query = (
            f"SELECT key, {_SAID} FROM kept.messages AS messages JOIN kept.conversations AS conversations "
            "ON conversations.id = conversation_id WHERE key >= ? AND key < ? AND deleted_at IS NULL "
            f"AND messages.created_at >= ? {self._conditions} ORDER BY key DESC"
        )
        end = -(-self._before // shards.FIELDS)
        values = (from_key, end, self._query.narrowing.since, *self._values)
        for key, *said in connection.execute(query, values):
            for field in range(shards.FIELDS - 1, -1, -1):
                row = key * shards.FIELDS + field
                if row < self._before:
                    self._before = row
                    yield self._hit(field, said)
        self._before = min(self._before, from_key * shards.FIELDS)

    def _indexed(self, connection: sqlite3.Connection, number: int, match: str) -> Iterator[SearchHit | None]:
        name = shards.name_of(number)
        query = (
            f"SELECT {name}.rowid, {_SAID} FROM {name} CROSS JOIN kept.messages AS messages "
            f"ON messages.key = {name}.rowid / {shards.FIELDS} "
            "CROSS JOIN kept.conversations AS conversations ON conversations.id = conversation_id "
            f"WHERE {name} MATCH ? AND {name}.rowid < ? AND deleted_at IS NULL AND messages.created_at >= ? "
            f"{self._conditions} ORDER BY {name}.rowid DESC"
        )
        values = (match, self._before, self._query.narrowing.since, *self._values)
        for row, *said in connection.execute(query, values):
            self._before = row
            yield self._hit(row % shards.FIELDS, said)

    def _hit(self, field: int, said: list[Any]) -> SearchHit | None:
        conversation_id, message_id, role, text, reasoning, parts, names = said
        match field:
            case shards.TEXT:
                kind = HitKind.QUESTION if role == Role.USER else HitKind.ANSWER
                return self._hit_in(kind, conversation_id, message_id, text)
            case shards.THINKING if self._query.narrowing.in_thinking:
                return self._hit_in(HitKind.THINKING, conversation_id, message_id, reasoning)
            case shards.FILES if names:
                return self._hit_in_files(conversation_id, message_id, parts)
            case _:
                return None

    def _hit_in(self, kind: HitKind, owner: str, message_id: str, text: str) -> SearchHit | None:
        if not text or not self._query.is_in(comparable(text)):
            return None
        place = first_place(text, self._query.text, self._query.words)
        if place is None:
            return None
        sentence, marks = sentence_at(text, place, self._query.words)
        return SearchHit(kind, owner, sentence, marks, message_id, text[slice(*place)])

    def _hit_in_files(self, owner: str, message_id: str, parts: str | None) -> SearchHit | None:
        for name, text, anchors in shards.files_in(parts):
            hit = self._hit_in(HitKind.FILE, owner, message_id, f"{name}\n{text}")
            if hit is None:
                continue
            place = first_place(text, self._query.text, self._query.words)
            if place is None:
                marks = marks_in(name, self._query.words)
                return SearchHit(HitKind.FILE, owner, name, marks, message_id, "", name)
            sentence, marks = sentence_at(text, place, self._query.words)
            section = _section_at(anchors, place[0])
            return SearchHit(HitKind.FILE, owner, sentence, marks, message_id, text[slice(*place)], name, section)
        return None

    def _card(self, connection: sqlite3.Connection, conversation_id: str) -> ConversationCard | None:
        """Return the card of a conversation, None where it was given before."""
        if conversation_id in self._known:
            return None
        self._known.add(conversation_id)
        row = connection.execute(_CARD, (conversation_id,)).fetchone()
        if row is None:
            return None
        answered = (connection.execute(query, (conversation_id,)).fetchone() for query in (_ANSWERED, _REPLIED))
        model, kind, host = next((each for each in answered if each is not None), ("", "", ""))
        place = Place(PlaceKind(kind), host) if kind in set(PlaceKind) else None
        title, at = row
        return ConversationCard(conversation_id, title, at, model, place)


def _section_at(anchors: list[Any], offset: int) -> int:
    """Return the number of the page, sheet or slide that a letter of a file's text stands on; 0 where none is told."""
    section = 0
    for anchor in anchors:
        match anchor:
            case [int(begin), int(number), *_] if begin <= offset:
                section = number
    return section


def _conditions(narrowing: Narrowing, connection: sqlite3.Connection) -> tuple[str, tuple[str, ...]]:
    """Return what narrows the conversations down, as further conditions of SQL."""
    if narrowing == Narrowing(narrowing.since, in_thinking=narrowing.in_thinking):
        return "", ()
    if shards.is_filled(connection):
        with_files, answered = "SELECT conversation_id FROM with_files", "SELECT conversation_id FROM answered"
    else:
        with_files = "SELECT conversation_id FROM kept.messages WHERE attachment_names <> ''"
        answered = "SELECT conversation_id FROM kept.messages"
    conditions: list[str] = []
    values: list[str] = []
    if narrowing.pinned:
        conditions.append("conversations.pinned")
    if narrowing.has_file:
        conditions.append(f"conversations.id IN ({with_files})")
    if narrowing.model or narrowing.place is not None:
        told: list[str] = []
        for column, value in (("model", narrowing.model), ("place_kind", narrowing.place)):
            if value:
                told.append(f"{column} = ?")
                values.append(str(value))
        conditions.append(f"conversations.id IN ({answered} WHERE {' AND '.join(told)})")
    return "".join(f" AND {each}" for each in conditions), tuple(values)


_CARD = "SELECT title, updated_at FROM kept.conversations WHERE id = ?"
_ANSWERED = "SELECT model, place_kind, place_host FROM answered WHERE conversation_id = ? ORDER BY last DESC LIMIT 1"
_REPLIED = """
    SELECT model, place_kind, coalesce(place_host, '') FROM kept.messages
    WHERE conversation_id = ? AND place_kind IS NOT NULL ORDER BY key DESC LIMIT 1
"""
