"""Words are found in every script, wherever they stand, and no longer once they are gone; all without an index too."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.message import Anchor, AttachmentPart, MessageStatus, ReasoningPart, TextPart
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.search import HitKind, Narrowing, SearchQuery
from desktop.store.database import open_store
from desktop.store.search_walk import SearchWalk
from tests.store.conftest import turn

_ALL = Narrowing()


def fill(store):
    """Have the index take up all that it lacks."""
    while store.search_index.fill() < 1.0:
        pass


def batches(
    store,
    text,
    narrowing=_ALL,
    most=50,
    between=lambda: None,
):
    """All steps of one search; `between` is called after each."""
    walk = SearchWalk(SearchQuery(text, narrowing), store.search_index)
    found = [walk.step(most)]
    while not found[-1].is_over:
        between()
        found.append(walk.step(most))
    return found


def search(store, text, narrowing=_ALL):
    """All that is found, in its order."""
    return [hit for batch in batches(store, text, narrowing) for hit in batch.hits]


def cards(store, text):
    """The conversations in which something is found, in their order."""
    return [card for batch in batches(store, text) for card in batch.cards]


INDEX = "conversations-search.db"
SPENT = AttachmentPart(
    "budget-2031.csv", "text/csv", "first page\nsecond page: wombat", "", "", (Anchor(0, 1), Anchor(11, 2))
)


def say(store, identity, question, answer, **of_reply):
    """Store a conversation of one turn; returns the reply."""
    conversation, asked, reply = turn(question, answer)
    reply = replace(reply, **of_reply)  # type: ignore[arg-type]
    store.begin_reply(replace(conversation, id=identity, title=""), [asked, reply])
    return reply


@pytest.fixture(params=[True, False], ids=["indexed", "not yet indexed"])
def index(request, store):
    """Have the index take up what there is, or not: what is found is the same."""
    return lambda: fill(store) if request.param else None


@pytest.fixture(params=["indexed", "not yet indexed", "no index"])
def library(request, file, store):
    """Two conversations, with an index, before it is made, and where it cannot be written."""
    conversation, asked, reply = turn("时间旅行的悖论是什么", "外祖父悖论。100% sure, a_b\\c")
    reply = replace(reply, parts=(ReasoningPart("The GRANDFATHER paradox"), *reply.parts))
    store.begin_reply(replace(conversation, id="time", title="Zeitreise"), [replace(asked, id="asked"), reply])
    conversation, asked, reply = turn("Summarise, please", "Größe ２０３１ matters")
    asked = replace(asked, id="file", parts=(*asked.parts, SPENT))
    store.begin_reply(replace(conversation, id="money", title="Budget"), [asked, reply])
    if request.param == "no index":
        (file.parent / INDEX).mkdir()
    if request.param == "indexed":
        fill(store)
    return store


def test_a_number_is_found_however_its_thousands_are_written(store, index):
    say(store, "comma", "The profit?", "It is 4,812,300 in all.")
    say(store, "plain", "The profit?", "It is 4812300 in all.")
    say(store, "other", "The profit?", "It is 4,812,301 or 812,300.")
    index()
    for typed in ("4812300", "4,812,300", "profit 4812300"):
        assert {hit.owner for hit in search(store, typed)} == {"comma", "plain"}


FOUND = [
    ("grandfather", [("time", "thinking", "GRANDFATHER")]),
    ("grandfather PARADOX", [("time", "thinking", "GRANDFATHER")]),
    ("grandfather 外祖", []),
    ("时间旅行", [("time", "question", "时间旅行")]),
    ("旅行", [("time", "question", "旅行")]),
    ("旅", [("time", "question", "旅")]),
    ("什么", [("time", "question", "什么")]),
    ("么", [("time", "question", "么")]),
    ("外祖 100", [("time", "answer", "外祖")]),
    ("悖论", [("time", "answer", "悖论"), ("time", "question", "悖论")]),
    ("budget", [("money", "title", "Budget"), ("money", "file", "budget")]),
    ("WOMBAT", [("money", "file", "wombat")]),
    ("zeitreise", [("time", "title", "Zeitreise")]),
    ("100%", [("time", "answer", "100%")]),
    ("0%", [("time", "answer", "0%")]),
    ("%", [("time", "answer", "%")]),
    ("a_", [("time", "answer", "a_")]),
    ("b\\c", [("time", "answer", "b\\c")]),
    ("größe", [("money", "answer", "Größe")]),
    ("2031 matters", [("money", "answer", "２０３１")]),
    ("axb", []),
    ('"quoted" OR', []),
    ("sure OR", []),
    ("sure*", []),
    ("NEAR(sure a)", []),
    ("text:sure", []),
    ("-sure", []),
    ("grandfather missing", []),
    ("", []),
    ("  \n", []),
    ("\x00\ud800", []),
    ('"' * 10_000, []),
    ("悖" * 10_000, []),
    ("sure " * 10_000, [("time", "answer", "sure")]),
    (" ".join(f"w{number}" for number in range(5000)), []),
]


def test_words_are_found(library):
    for query, found in FOUND:
        hits = search(library, query)
        assert [(hit.owner, hit.kind, hit.sentence[slice(*hit.marks[0])]) for hit in hits] == found, query[:80]


def test_thinking_is_left_out_where_it_is_not_wanted_and_words_of_one_message_are_not_put_together(library):
    assert [(hit.owner, hit.kind) for hit in search(library, "grandfather 时间")] == [("time", HitKind.THINKING)]
    for query in ("grandfather", "grandfather 时间"):
        assert search(library, query, Narrowing(in_thinking=False)) == []


def test_the_bin_is_not_searched(library):
    library.delete_conversation("time")
    assert search(library, "grandfather") == search(library, "旅行") == search(library, "zeit") == []
    library.restore_conversation("time")
    assert len(search(library, "旅行")) == 1


def test_a_long_text_gives_a_short_sentence_and_the_trigrams_of_a_word_are_not_the_word(store):
    say(store, "c", "abcxbcd", "x" * 50_000 + " needle " + "y" * 50_000)
    [hit] = search(store, "needle")
    assert len(hit.sentence) < 300
    assert [hit.sentence[slice(*mark)] for mark in hit.marks] == ["needle"]
    fill(store)
    assert search(store, "abcd") == []  # whose three letters stand there, and it does not


def test_a_running_reply_is_found_when_it_is_finished(store, index):
    conversation, asked, reply = turn("?")
    store.begin_reply(conversation, [asked, reply])
    store.log_reply(reply.id, [("text", "chameleon")])
    index()
    assert search(store, "chameleon") == []
    store.finish_reply(replace(reply, status=MessageStatus.COMPLETE, parts=(TextPart("chameleon"),)))
    assert [hit.message_id for hit in search(store, "chameleon")] == [reply.id]
    index()
    store.finish_reply(replace(reply, status=MessageStatus.COMPLETE, parts=(TextPart("iguana"),)))
    assert search(store, "chameleon") == []
    assert len(search(store, "iguana")) == 1


NARROWED = [
    (Narrowing(), ["old", "far", "near"]),
    (Narrowing(since=1000.0), ["far", "near"]),
    (Narrowing(model="qwen3:8b"), ["near"]),
    (Narrowing(place=PlaceKind.INTERNET), ["far"]),
    (Narrowing(model="qwen3:8b", place=PlaceKind.INTERNET), []),
    (Narrowing(pinned=True), ["far"]),
    (Narrowing(has_file=True), ["near"]),
]


def test_a_search_is_narrowed_down_by_what_is_told_of_conversations(store, index):
    near, asked, reply = turn("wombat", "one")
    reply = replace(reply, model="qwen3:8b", place=THIS_COMPUTER)
    store.begin_reply(replace(near, id="near"), [replace(asked, parts=(*asked.parts, SPENT)), reply])
    provider = Place(PlaceKind.INTERNET, "api.example.com")
    say(store, "far", "wombat", "two", model="deepseek", place=provider)
    store.save_conversation(replace(store.conversations()[0], pinned=True))
    conversation, asked, reply = turn("wombat", "three")
    asked, reply = (replace(each, created_at=900.0) for each in (asked, reply))
    store.begin_reply(replace(conversation, id="old", title="", updated_at=900.0), [asked, reply])
    index()
    for narrowing, found in NARROWED:
        hits = [hit.owner for hit in search(store, "wombat", narrowing) if hit.kind is HitKind.QUESTION]
        assert hits == found, narrowing
    told = {card.id: (card.model, card.place) for card in cards(store, "wombat")}
    assert (told["far"], told["near"]) == (("deepseek", provider), ("qwen3:8b", THIS_COMPUTER))
    fill(store)
    choices = store.search_index.choices()
    assert choices.models == ("deepseek", "qwen3:8b")
    assert choices.places == (PlaceKind.THIS_COMPUTER, PlaceKind.INTERNET)


# Where something is wrong


def overwrite(index):
    content = bytearray(index.read_bytes())
    for at in range(4096, len(content), 512):
        content[at : at + 64] = b"\xa5" * 64
    index.write_bytes(content)


def empty_a_table(index):
    with closing(sqlite3.connect(index)) as other:
        other.execute("DELETE FROM shard_0_data WHERE id > 1")
        other.commit()


def drop_a_table(index):
    with closing(sqlite3.connect(index)) as other:
        other.execute("PRAGMA writable_schema = ON")
        other.execute("DELETE FROM sqlite_master WHERE name = 'shard_0_data'")
        other.commit()


def write_words(index):
    index.write_text("no database at all " * 1000)


@pytest.mark.parametrize("damage", [overwrite, empty_a_table, drop_a_table, write_words, Path.unlink])
def test_a_damaged_index_is_made_anew_and_stops_nothing(file, store, damage):
    for number in range(60):
        say(store, f"c{number}", f"armadillo {number}", "was said " * 20)
    fill(store)
    store.close()
    damage(file.parent / INDEX)
    again = open_store(file)
    say(again, "new", "pangolin", "was said")
    assert len(search(again, "pangolin")) == 1
    assert len(search(again, "armadillo")) == 60
    fill(again)
    assert len(search(again, "armadillo")) == 60
    again.delete_for_good("c0")
    assert len(search(again, "armadillo")) == 59
    again.close()


def test_an_index_that_is_damaged_while_it_is_open_stops_nothing(file, store):
    for number in range(60):
        say(store, f"c{number}", f"armadillo {number}", "was said " * 20)
    fill(store)
    assert len(search(store, "armadillo")) == 60
    empty_a_table(file.parent / INDEX)
    say(store, "new", "armadillo", "was said")
    store.delete_for_good("c0")
    assert len(search(store, "armadillo")) == 60
    fill(store)
    assert len(search(store, "armadillo")) == 60


def test_an_index_of_other_messages_is_made_anew(file, store):
    say(store, "one", "armadillo", "x")
    store.close()
    copy = shutil.copy(file, file.with_suffix(".copy"))
    again = open_store(file)
    say(again, "two", "pangolin", "x")
    fill(again)
    again.close()
    shutil.copy(copy, file)
    restored = open_store(file)
    assert (len(search(restored, "armadillo")), len(search(restored, "pangolin"))) == (1, 0)
    say(restored, "three", "wombat", "x")
    fill(restored)
    assert (len(search(restored, "armadillo")), len(search(restored, "wombat"))) == (1, 1)
    restored.close()
