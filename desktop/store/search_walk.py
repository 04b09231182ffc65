"""One search through everything that was said: first the titles, then the messages, the latest first, in small steps.

The index gives candidates; here their texts are read and looked at. Last come the conversations whose words stand in
different messages. Between two steps nothing is held but where the walk stands, so what is written and erased meanwhile
waits for nobody.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from functools import lru_cache

from desktop.core.message import AttachmentPart, Role
from desktop.core.place import Place, PlaceKind
from desktop.core.search import (
    ConversationCard,
    HitKind,
    Narrowing,
    SearchBatch,
    SearchHit,
    SearchQuery,
    first_place,
    marks_in,
    sentence_at,
)
from desktop.core.text.find import comparable, stands_in
from desktop.store.rows import Row
from desktop.store.search_index import (
    SHARD,
    SearchIndex,
    conversations_with,
    files_in,
    last_key,
    match_of,
    name_of,
    words_of,
)

_STEP_SECONDS = 0.03
_MOST_TITLES = 200

_SAID = "key, conversation_id, messages.id, messages.role, text, reasoning, parts, attachment_names"
_folded = lru_cache(maxsize=50_000)(comparable)  # of titles: each key that is typed looks at all of them
_WITH_CONVERSATION = "kept.conversations AS conversations ON conversations.id = conversation_id"


class SearchWalk:
    """One search, which goes on where its last step ended."""

    def __init__(self, query: SearchQuery, index: SearchIndex) -> None:
        self._query = query
        self._index = index
        self._conditions, self._values = _conditions(query.narrowing)
        self._has_titles = False
        self._before: int | None = None  # messages from this key on have been looked at; None before the first
        self._found: set[str] = set()  # the conversations with hits
        self._known: set[str] = set()  # those whose cards were given
        # For each conversation the latest message that may have a word; from the shard `_apart_from` on.
        self._with_words: dict[str, dict[str, int]] = {}
        self._apart_from: int | None = None
        self._to_read: list[str] | None = None  # the conversations that may have all words apart, the latest last

    def step(self, most: int) -> SearchBatch:
        """Return further hits, about `most`, after some hundredths of a second at the latest. Raises `StoreError`."""
        return self._index.look(lambda connection: self._step(connection, most))

    def _step(self, connection: sqlite3.Connection, most: int) -> SearchBatch:
        """Return some further results. Where that fails, it can be done again."""
        if self._query.is_empty:
            return SearchBatch(is_over=True)
        if not self._has_titles:
            titles = self._titles(connection)
            self._has_titles = True
            self._found.update(hit.owner for hit in titles)
            if titles:
                return self._batch(connection, titles)
        until, before = time.monotonic() + _STEP_SECONDS, self._before
        hits: list[SearchHit] = []
        try:
            for found in self._walk(connection):
                hits += found
                if len(hits) >= most or time.monotonic() >= until or self._index.is_interrupted.is_set():
                    return self._batch(connection, hits)
            return self._batch(connection, hits, is_over=True)
        except BaseException:
            self._before = before
            raise

    def _titles(self, connection: sqlite3.Connection) -> list[SearchHit]:
        """Return the titles that have all words, the latest first."""
        query = (
            "SELECT id, title FROM kept.conversations AS conversations WHERE deleted_at IS NULL AND updated_at >= ? "
            f"{self._conditions} ORDER BY updated_at DESC"
        )
        hits: list[SearchHit] = []
        for identity, title in connection.execute(query, (self._query.narrowing.since, *self._values)):
            if self._query.is_in(_folded(title)):
                shown = " ".join(title.split())
                hits.append(SearchHit(HitKind.TITLE, identity, shown, marks_in(shown, self._query.words)))
            if len(hits) == _MOST_TITLES:
                break
        return hits

    def _walk(self, connection: sqlite3.Connection) -> Iterator[list[SearchHit]]:
        """Yield the hits of each message from here on; after each a pause may be made."""
        if self._before is None:
            self._before = last_key(connection) + 1
        while self._before > 0:
            number = (self._before - 1) // SHARD
            for row in self._candidates(connection, number):
                self._before = row[0]
                hits = _hits(self._query, row)
                self._found.update(hit.owner for hit in hits)
                yield hits
            self._before = number * SHARD
            yield []
        if len(self._query.words) > 1:
            yield from self._walk_apart(connection)

    def _candidates(self, connection: sqlite3.Connection, number: int) -> Iterator[Row]:
        """Yield the messages of a shard that may have all words: those that it lacks, and those that it has."""
        conditions = f"AND deleted_at IS NULL AND messages.created_at >= ? {self._conditions}"
        values = (self._query.narrowing.since, *self._values)
        first, match = match_of(connection, number, self._query.words)
        yield from connection.execute(
            f"SELECT {_SAID} FROM kept.messages AS messages JOIN {_WITH_CONVERSATION} "
            f"WHERE key >= ? AND key < ? {conditions} ORDER BY key DESC",
            (first, self._before, *values),
        )
        if match:
            name = name_of(number)
            yield from connection.execute(
                f"SELECT {_SAID} FROM {name} CROSS JOIN kept.messages AS messages ON key = {name}.rowid "
                f"CROSS JOIN {_WITH_CONVERSATION} "
                f"WHERE {name} MATCH ? AND {name}.rowid < ? {conditions} ORDER BY {name}.rowid DESC",
                (match, self._before, *values),
            )

    def _walk_apart(self, connection: sqlite3.Connection) -> Iterator[list[SearchHit]]:
        """Yield a hit for each conversation whose messages have all words together; its place has most of them."""
        if self._apart_from is None:
            self._apart_from = last_key(connection) // SHARD
        while self._apart_from >= 0:
            for word in self._query.words:
                for identity, key in conversations_with(connection, self._apart_from, word):
                    latest = self._with_words.setdefault(identity, {})
                    latest[word] = max(key, latest.get(word, key))
            self._apart_from -= 1
            yield []
        if self._to_read is None:
            has_all = [each for each in self._with_words if len(self._with_words[each]) == len(self._query.words)]
            self._to_read = sorted(has_all, key=lambda each: max(self._with_words[each].values()))
        while self._to_read:
            found = self._read(connection, self._to_read[-1])
            self._to_read.pop()
            yield found

    def _read(self, connection: sqlite3.Connection, identity: str) -> list[SearchHit]:
        """Return the place of a conversation that has most of the words, if several of its messages have them all."""
        if identity in self._found:
            return []
        narrowing, missing, in_messages = self._query.narrowing, set(self._query.words), 0
        best: tuple[list[str], Row] = [], ()
        rows = connection.execute(
            f"SELECT {_SAID} FROM kept.messages AS messages JOIN {_WITH_CONVERSATION} WHERE conversation_id = ? "
            f"AND deleted_at IS NULL AND messages.created_at >= ? {self._conditions} ORDER BY key DESC",
            (identity, narrowing.since, *self._values),
        )
        for row in rows:
            there: set[str] = set()
            for _, text, _ in _texts(narrowing, row):
                folded = comparable(text)
                words = [word for word in self._query.words if stands_in(word, folded)]
                there.update(words)
                if len(words) > len(best[0]):
                    best = words, row
            in_messages += bool(there)
            missing -= there
            if not missing and in_messages > 1:
                return _hits(SearchQuery(" ".join(best[0]), narrowing), best[1])[:1]
        return []

    def _batch(self, connection: sqlite3.Connection, hits: list[SearchHit], is_over: bool = False) -> SearchBatch:
        """Return hits with the cards of conversations that were not given before."""
        cards = []
        for identity in dict.fromkeys(hit.owner for hit in hits if hit.owner not in self._known):
            row = connection.execute(_CARD, (identity,)).fetchone()
            if row is not None:
                model, kind, host = connection.execute(_LAST_REPLY, (identity,)).fetchone() or ("", "", "")
                place = Place(PlaceKind(kind), host) if kind in set(PlaceKind) else None
                title, at = row
                cards.append(ConversationCard(identity, title, at, model, place))
        self._known.update(hit.owner for hit in hits)
        return SearchBatch(tuple(hits), tuple(cards), is_over=is_over)


def _hits(query: SearchQuery, row: Row) -> list[SearchHit]:
    """Return the places in the texts of a message in which all words stand, one of all its files."""
    hits: list[SearchHit] = []
    for kind, text, file in _texts(query.narrowing, row):
        if not text or not query.is_in(comparable(text)) or any(hit.kind is HitKind.FILE is kind for hit in hits):
            continue
        _, owner, message_id, *_ = row
        name, section = "", 0
        if file is not None:
            name, text = file.name, file.text
        place = first_place(text, query.text, query.words)
        if place is not None:
            sentence, marks = sentence_at(text, place, query.words)
            if file is not None:
                section = max((each.section for each in file.anchors if each.offset <= place[0]), default=0)
            hits.append(SearchHit(kind, owner, sentence, marks, message_id, text[slice(*place)], name, section))
        elif file is not None:  # in its name alone
            hits.append(SearchHit(kind, owner, name, marks_in(name, query.words), message_id, "", name))
    return hits


def _texts(narrowing: Narrowing, row: Row) -> Iterator[tuple[HitKind, str, AttachmentPart | None]]:
    """Yield the texts of a message that are looked at, those of files with the file."""
    _, _, _, role, text, reasoning, parts, names = row
    for file in files_in(parts) if names else ():
        known = file if isinstance(file, AttachmentPart) else AttachmentPart(file.name, file.media_type, "")
        yield HitKind.FILE, words_of(file), known
    if narrowing.in_thinking:
        yield HitKind.THINKING, reasoning or "", None
    yield HitKind.QUESTION if role == Role.USER else HitKind.ANSWER, text or "", None


def _conditions(narrowing: Narrowing) -> tuple[str, tuple[str, ...]]:
    """Return what narrows the conversations down, as further conditions of SQL with their values."""
    conditions, values = "", []
    if narrowing.pinned:
        conditions += " AND conversations.pinned"
    if narrowing.has_file:
        conditions += (
            " AND conversations.id IN (SELECT conversation_id FROM kept.messages WHERE attachment_names <> '')"
        )
    for column, value in (("model", narrowing.model), ("place_kind", narrowing.place)):
        if value:
            conditions += (
                " AND conversations.id IN (SELECT conversation_id FROM kept.messages "
                f"WHERE place_kind IS NOT NULL AND {column} = ?)"
            )
            values.append(str(value))
    return conditions, tuple(values)


_CARD = "SELECT title, updated_at FROM kept.conversations WHERE id = ?"
_LAST_REPLY = """
    SELECT model, place_kind, coalesce(place_host, '') FROM kept.messages
    WHERE conversation_id = ? AND place_kind IS NOT NULL ORDER BY key DESC LIMIT 1
"""
