"""Words are found in every script, wherever they stand, and no longer once they are gone."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.message import AttachmentPart, MessageStatus, ReasoningPart, TextPart
from desktop.store.database import SqliteStore, open_store
from desktop.store.search import SearchHit
from tests.store.messages import turn


@pytest.fixture(params=["indexed", "scanned"])
def library(request: pytest.FixtureRequest, store: SqliteStore) -> SqliteStore:
    """Two conversations; searched with the index, and as on a computer whose SQLite has none."""
    conversation, asked, reply = turn("时间旅行的悖论是什么", "外祖父悖论。100% sure, a_b\\c")
    reply = replace(reply, parts=(ReasoningPart("The GRANDFATHER paradox"), *reply.parts))
    store.begin_reply(replace(conversation, id="time", title="Zeitreise"), [replace(asked, id="asked"), reply])
    conversation, asked, reply = turn("Summarise, please", "Größe matters")
    asked = replace(asked, id="file", parts=(*asked.parts, AttachmentPart("budget-2031.csv", "text/csv", "inside")))
    store.begin_reply(replace(conversation, id="money", title="Budget"), [asked, reply])
    if request.param == "scanned":
        store._indexed = False
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grandfather", [("time", "reasoning", "GRANDFATHER")]),
        ("grandfather PARADOX", [("time", "reasoning", "GRANDFATHER")]),
        ("grandfather 外祖", [("time", "text", "外祖")]),
        ("时间旅行", [("time", "text", "时间旅行")]),
        ("旅行", [("time", "text", "旅行")]),
        ("budget", [("money", "title", "Budget"), ("money", "attachment_names", "budget")]),
        ("zeitreise", [("time", "title", "Zeitreise")]),
        ("100%", [("time", "text", "100%")]),
        ("0%", [("time", "text", "0%")]),
        ("a_", [("time", "text", "a_")]),
        ("axb", []),
        ('"quoted" OR', []),
        ("grandfather missing", []),
        ("", []),
        ("  \n", []),
        ("\x00\ud800", []),
    ],
)
def test_words_are_found(library: SqliteStore, query: str, found: list[tuple[str, str, str]]) -> None:
    def first_mark(hit: SearchHit) -> str:
        start, end = hit.marks[0]
        return hit.snippet[start:end]

    hits = library.search(query)
    assert [(hit.conversation_id, hit.field, first_mark(hit)) for hit in hits] == found


def test_a_hit_leads_to_its_message(library: SqliteStore) -> None:
    [title, message] = library.search("budget")
    assert (title.message_id, message.message_id) == (None, "file")


def test_the_bin_is_not_searched(library: SqliteStore) -> None:
    library.delete_conversation("time")
    assert library.search("grandfather") == library.search("旅行") == library.search("zeit") == []


def test_no_more_hits_than_asked_for(store: SqliteStore) -> None:
    for number in range(5):
        conversation, asked, reply = turn(f"common {number}", "word")
        store.begin_reply(conversation, [asked, reply])
    assert len(store.search("common", limit=3)) == 3


def test_a_long_text_gives_a_short_snippet(store: SqliteStore) -> None:
    conversation, asked, reply = turn("?", "x" * 50_000 + " needle " + "y" * 50_000)
    store.begin_reply(conversation, [asked, reply])
    [hit] = store.search("needle")
    assert len(hit.snippet) < 200
    assert [hit.snippet[slice(*mark)] for mark in hit.marks] == ["needle"]


def test_the_trigrams_of_a_word_are_not_the_word(store: SqliteStore) -> None:
    conversation, asked, reply = turn("abcxbcd", "GRÖßE")
    store.begin_reply(conversation, [asked, reply])
    assert store.search("abcd") == []
    assert len(store.search("größe")) == 1


def test_marks_do_not_overlap(store: SqliteStore) -> None:
    conversation, asked, reply = turn("The notebook of a bookkeeper", "x")
    store.begin_reply(replace(conversation, title=""), [asked, reply])
    [hit] = store.search("notebook book tebo")
    assert [hit.snippet[slice(*mark)] for mark in hit.marks] == ["notebook", "book"]


def test_a_running_reply_is_found_when_it_is_finished(store: SqliteStore) -> None:
    conversation, asked, reply = turn("?")
    store.begin_reply(conversation, [asked, reply])
    store.log_reply(reply.id, [("text", "chameleon")])
    assert store.search("chameleon") == []
    store.finish_reply(replace(reply, status=MessageStatus.COMPLETE, parts=(TextPart("chameleon"),)))
    assert [hit.message_id for hit in store.search("chameleon")] == [reply.id]
    store.begin_reply(conversation, [replace(reply, status=MessageStatus.COMPLETE, parts=(TextPart("iguana"),))])
    assert store.search("chameleon") == []
    assert len(store.search("iguana")) == 1


def test_a_recovered_reply_is_found(file: Path, store: SqliteStore) -> None:
    conversation, asked, reply = turn("?")
    store.begin_reply(conversation, [asked, reply])
    store.log_reply(reply.id, [("text", "salamander")])
    assert store.recover() == 1
    assert len(store.search("salamander")) == 1


def test_a_lost_index_is_made_again(file: Path, store: SqliteStore) -> None:
    conversation, asked, reply = turn("?", "armadillo")
    store.begin_reply(conversation, [asked, reply])
    store.close()
    other = sqlite3.connect(file)
    other.executescript("DROP TRIGGER message_index_insert; DROP TRIGGER message_index_delete;")
    other.execute("UPDATE messages SET text = 'pangolin' WHERE text = 'armadillo'")
    other.commit()
    other.close()
    again = open_store(file)
    assert (len(again.search("armadillo")), len(again.search("pangolin"))) == (0, 1)
    again.delete_for_good(conversation.id)
    assert again.search("pangolin") == []
    again.close()
