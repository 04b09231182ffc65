"""Ends, outlines and versions of a conversation's tree, also of a very long one."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.conversation import Conversation
from desktop.core.message import Message, QueuedText, ReasoningPart, Role, TextPart, user_message
from desktop.core.path import PathEntry, entry_of
from desktop.core.repository import StoreError
from desktop.store.database import open_store
from tests.store.messages import say, turn
from tests.support.examples import examples
from tests.support.long_conversation import WORDS, put_long_conversation

LONG = 10_000


@pytest.fixture(scope="module")
def long_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("long") / "data" / "conversations.db"
    put_long_conversation(file, LONG)
    return file


def test_the_outline_of_ten_thousand_messages(long_file):
    with contextlib.closing(open_store(long_file)) as store:
        [conversation] = store.conversations()
        outline = store.outline(conversation.id)
        assert len(outline) == LONG
        assert outline[0] == PathEntry(f"{0:032x}", Role.USER, 2002, WORDS.count("\n"))
        assert outline[-1] == PathEntry(f"{LONG - 1:032x}", Role.ASSISTANT, 2005, WORDS.count("\n"))
        assert store.outline(conversation.id, 24) == outline[-24:]
        assert [each.id for each in store.path_end(conversation.id, 24)] == [each.id for each in outline[-24:]]


def test_an_outline_does_not_read_the_words(long_file):
    """The index alone serves it; with the table it would read twenty megabytes from the disk."""
    with contextlib.closing(open_store(long_file)) as store:
        [conversation] = store.conversations()
        connection = store._connection
        connection.create_function("length", 1, lambda text: pytest.fail("a text was read"))
        assert len(store.outline(conversation.id)) == LONG
        connection.create_function("length", 1, None)


def test_wanted_messages_come_in_their_order(long_file):
    with contextlib.closing(open_store(long_file)) as store:
        wanted = [f"{number:032x}" for number in (*range(3000, 1500, -1), 7)]
        found = store.messages([*wanted, "unknown", wanted[0]])
        assert [each.id for each in found] == wanted
        assert found[-1].text.startswith("7 ")
        assert store.messages([]) == []


def test_the_end_and_the_outline_of_a_running_reply_hold_its_logged_text(store):
    conversation, _, reply = say(store, "Think, please.")
    store.log_reply(reply.id, [("reasoning", "I think"), ("text", "One\ntwo\n")])
    assert store.path_end(conversation.id, 1)[0].parts == (ReasoningPart("I think"), TextPart("One\ntwo\n"))
    assert store.messages([reply.id])[0].text == "One\ntwo\n"
    for outline in (store.outline(conversation.id), store.outline(conversation.id, 5)):
        assert outline[1] == PathEntry(reply.id, Role.ASSISTANT, 8, 2)


def test_versions_are_counted_from_the_oldest(store):
    conversation, asked, first = say(store, "Which way?", "Left.")
    for number, words in enumerate(("Right.", "Back."), start=2):
        sibling = replace(first, id=f"reply {number}", parts=(TextPart(words),))
        store.begin_reply(replace(conversation, head_id=sibling.id), [sibling])
    other = user_message("Whither?")
    store.begin_reply(replace(conversation, head_id="reply 2"), [other])  # a second root
    for outline in (store.outline(conversation.id), store.outline(conversation.id, 2)):
        assert [(each.id, each.version, each.versions) for each in outline] == [(asked.id, 1, 2), ("reply 2", 2, 3)]
    assert store.leaf_of_version(first.id, 3) == "reply 3"
    assert store.leaf_of_version("reply 3", 1) == first.id
    assert store.leaf_of_version(asked.id, 1) == "reply 3"  # the newest leaf below
    assert store.leaf_of_version(asked.id, 2) == other.id
    for version in (-1, 0, 4):
        assert store.leaf_of_version(first.id, version) is None
    assert store.leaf_of_version("unknown", 1) is None


def test_a_circle_of_parents_ends(store):
    first = Message(role=Role.USER, id="one", parent_id="two")
    second = Message(role=Role.USER, id="two", parent_id="one")
    conversation = Conversation(head_id="two")
    store.begin_reply(conversation, [first, second])
    for outline in (store.outline(conversation.id), store.outline(conversation.id, 9)):
        assert [each.id for each in outline] == ["one", "two"]
    assert [each.id for each in store.path_end(conversation.id, 9)] == ["one", "two"]
    assert store.leaf_of_version("one", 1) == "two"


_TEXT = st.text(st.sampled_from("a\n\r é中😀\x00\ud83d"), max_size=8)


@settings(max_examples=examples(60))
@given(texts=st.lists(st.tuples(_TEXT, st.integers(0, 30)), min_size=1, max_size=12), count=st.integers(1, 13))
def test_the_outline_says_what_the_messages_say(tmp_path_factory, texts, count):
    """Any tree: every message's outline, end and path are the same messages, with the lengths of their texts."""
    messages: list[Message] = []
    for number, (text, above) in enumerate(texts):
        parent = messages[above % number].id if number else None
        role = Role.USER if number % 2 else Role.ASSISTANT
        messages.append(Message(role=role, parts=(ReasoningPart("hm"), TextPart(text)), parent_id=parent))
    conversation = Conversation(head_id=messages[-1].id)
    with contextlib.closing(open_store(tmp_path_factory.mktemp("tree") / "c.db")) as store:
        store.begin_reply(conversation, messages)
        path = store.path(conversation.id)
        outline = store.outline(conversation.id)
        assert [replace(each, version=1, versions=1) for each in outline] == list(map(entry_of, path))
        assert store.outline(conversation.id, count) == outline[-count:]
        assert store.path_end(conversation.id, count) == path[-count:]
        for entry, message in zip(outline, path, strict=True):
            siblings = [each.id for each in messages if each.parent_id == message.parent_id]
            assert (entry.version, entry.versions) == (siblings.index(entry.id) + 1, len(siblings))
            assert store.leaf_of_version(entry.id, entry.version) in {each.id for each in messages}


def test_the_queue_is_saved_with_the_turn_that_takes_from_it(store):
    conversation, asked, reply = turn("first", "answer")
    store.save_queue(conversation.id, [QueuedText("second"), QueuedText("third \x00")])
    assert store.queue(conversation.id) == [QueuedText("second"), QueuedText("third \ufffd")]
    assert store.queue("") == []
    store.begin_reply(conversation, [asked, reply])
    assert len(store.queue(conversation.id)) == 2
    store.begin_reply(conversation, [], [QueuedText("third")])
    assert store.queue(conversation.id) == [QueuedText("third")]
    store.delete_for_good(conversation.id)
    assert store.queue(conversation.id) == []


def test_a_turn_that_cannot_be_saved_takes_nothing_from_the_queue(store):
    conversation, asked, reply = turn("first", "answer")
    store.save_queue(conversation.id, [QueuedText("first")])
    store._connection.execute("CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(StoreError, match="no"):
        store.begin_reply(conversation, [asked, reply], [])
    assert store.queue(conversation.id) == [QueuedText("first")]
