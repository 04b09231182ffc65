"""Conversations come back as they were put in, also after the program was killed in the middle of a reply."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.conversation import Conversation, ConversationSettings, temporary_id
from desktop.core.errors import StoreError
from desktop.core.message import (
    AnswerWay,
    AttachmentPart,
    EarlyAnswer,
    Failure,
    Message,
    MessageStatus,
    PathEntry,
    QueuedText,
    ReasoningPart,
    Role,
    Sign,
    SignKind,
    TextPart,
    Timings,
    Usage,
    entry_of,
    user_message,
)
from desktop.core.place import Place, PlaceKind
from desktop.store.database import SqliteStore, open_store
from desktop.store.rows import message_of_row, message_row
from tests.store.conftest import ROOT, say, titles, turn
from tests.store.killed_program import TEXTS, content, piece
from tests.store.test_search import fill, search
from tests.support.examples import examples

DAY = 86_400

_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)
_PART = st.one_of(
    st.builds(TextPart, _TEXT), st.builds(ReasoningPart, _TEXT), st.builds(AttachmentPart, _TEXT, _TEXT, _TEXT)
)
_COUNT = st.none() | st.integers(min_value=0)
_SIGN = st.builds(
    Sign, st.sampled_from(SignKind), _TEXT, _TEXT, st.none() | st.tuples(st.integers(1), st.integers(1)), st.booleans()
)
_MESSAGE = st.builds(
    Message,
    role=st.sampled_from(Role),
    parts=st.lists(_PART, max_size=4).map(tuple),
    parent_id=st.none() | st.just("a" * 32),
    status=st.sampled_from(MessageStatus),
    model=_TEXT,
    place=st.none() | st.builds(Place, st.sampled_from(PlaceKind), _TEXT),
    usage=st.none() | st.builds(Usage, _COUNT, _COUNT, _COUNT, _COUNT),
    timings=st.none() | st.builds(Timings, st.floats(0, 1e6), st.floats(0, 1e6)),
    failure=st.none() | st.builds(Failure, _TEXT, _TEXT, _TEXT, _COUNT, _TEXT),
    early=st.none() | st.builds(EarlyAnswer, st.sampled_from(AnswerWay), st.booleans()),
    signs=st.lists(_SIGN, max_size=3).map(tuple),
    created_at=st.floats(0, 1e11),
)


@given(_MESSAGE)
def test_a_message_comes_back_from_its_row(message):
    assert message_of_row(message_row(message)) == message


@given(st.text(st.characters() | st.just("\x00") | st.characters(categories=("Cs",)), max_size=30))
def test_any_text_can_be_saved(text):
    row = message_row(Message(role=Role.USER, parts=(TextPart(text), AttachmentPart(text, text, text)), model=text))
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(f"SELECT {','.join('?' * len(row))}", row).fetchone() == row


def test_surrogates_and_nul_do_not_stop_a_turn(file, store):
    asked = user_message("joined \ud83d\ude00, alone \udc00, nul \x00 end")
    conversation = Conversation(title="half \ud83d", settings=ConversationSettings(system="\udfff\x00"))
    store.begin_reply(replace(conversation, head_id=asked.id), [asked])
    store.save_draft("", "\ud800\x00")
    store.close()
    assert store.path(conversation.id)[0].text == "joined 😀, alone \ufffd, nul \ufffd end"
    assert titles(store) == ["half \ufffd"]
    assert store.draft("") == "\ufffd\ufffd"


def test_a_running_reply_can_be_read_by_others_and_is_shown_with_its_log(file, store):
    conversation, asked, reply = say(store, "Who watches?")
    with closing(sqlite3.connect(file)) as other:
        query = "SELECT role, status, text FROM messages ORDER BY created_at, role DESC"
        store.log_reply(reply.id, [("text", "\nLet me "), ("text", "think.")])
        store.log_reply(reply.id, [("reclassified", ""), ("text", "An\nobserver.\n")])
        assert other.execute(query).fetchall() == [("user", "complete", "Who watches?"), ("assistant", "streaming", "")]
        shown = store.path(conversation.id)[1]
        assert shown.parts == (ReasoningPart("Let me think."), TextPart("An\nobserver.\n"))
        assert shown.status is MessageStatus.STREAMING
        assert store.path_end(conversation.id, 1) == store.messages([reply.id]) == [shown]
        for outline in (store.outline(conversation.id), store.outline(conversation.id, 5)):
            assert outline[1] == PathEntry(reply.id, Role.ASSISTANT, 13, 2)
        done = replace(reply, status=MessageStatus.STOPPED, parts=(TextPart("An observer."),))
        store.finish_reply(done)
        assert other.execute(query).fetchall()[1] == ("assistant", "stopped", "An observer.")
        assert other.execute("SELECT count(*) FROM reply_log").fetchone() == (0,)
    store.log_reply(reply.id, [("text", " went on")])
    store.log_reply("unknown", [("text", "nobody")])
    assert store.path(conversation.id) == [asked, done]
    assert store.recover() == 0


def test_a_running_reply_that_continues_another_begins_with_its_words(file, store):
    conversation, asked, reply = turn("Hello?")
    begun = replace(reply, parts=(ReasoningPart("so it is"), TextPart("The quick ")))
    store.begin_reply(conversation, [asked, begun])
    assert store.path(conversation.id)[-1].parts == begun.parts
    store.log_reply(begun.id, [("text", "what "), ("reclassified", ""), ("text", "brown fox")])
    grown = (ReasoningPart("so it is\n\nwhat "), TextPart("The quick brown fox"))
    assert store.path(conversation.id)[-1].parts == grown
    assert store.outline(conversation.id)[-1].letters == len("The quick brown fox")
    fill(store)
    store.close()
    with closing(open_store(file)) as again:
        found = again.path(conversation.id)[-1]
        assert [hit.message_id for hit in search(again, "brown fox")] == [begun.id]
    assert (found.parts, found.status) == (grown, MessageStatus.INTERRUPTED)


def test_a_path_leads_to_the_head_or_to_any_leaf_and_versions_are_counted_from_the_oldest(store):
    conversation, asked, first = say(store, "Which way?", "Left.")
    for number, words in enumerate(("Right.", "Back."), start=2):
        sibling = replace(first, id=f"reply {number}", parts=(TextPart(words),))
        store.begin_reply(replace(conversation, head_id=sibling.id), [sibling])
        assert store.path(conversation.id) == [asked, sibling]
    assert store.path(conversation.id, first.id) == store.path_end(conversation.id, 9, first.id) == [asked, first]
    assert store.path_end(conversation.id, 1, first.id) == [first]
    assert store.path(conversation.id, asked.id) == [asked]
    store.save_conversation(conversation)
    assert store.path(conversation.id) == [asked, first]
    store.save_conversation(replace(conversation, head_id="gone"))
    assert store.path(conversation.id) == [asked, sibling]  # the newest message
    other = user_message("Whither?")
    store.begin_reply(replace(conversation, head_id="reply 2"), [other])  # a second root
    for outline in (store.outline(conversation.id), store.outline(conversation.id, 2)):
        assert [(each.id, each.version, each.versions) for each in outline] == [(asked.id, 1, 2), ("reply 2", 2, 3)]
    assert store.leaf_of_version(first.id, 3) == store.leaf_under(asked.id) == "reply 3"
    assert store.leaf_of_version("reply 3", 1) == store.leaf_under(first.id) == first.id
    assert store.leaf_of_version(asked.id, 1) == "reply 3"  # the newest leaf below
    assert store.leaf_of_version(asked.id, 2) == other.id
    for version in (-1, 0, 4):
        assert store.leaf_of_version(first.id, version) is None
    assert store.leaf_of_version("unknown", 1) is store.leaf_under("unknown") is None
    empty = Conversation()
    store.save_conversation(empty)
    assert store.path(empty.id) == store.path("unknown") == store.path(conversation.id, "unknown") == []


def test_the_bin_gives_back_until_it_is_purged(store):
    kept, thrown, old = (say(store, word, "answer") for word in ("kept", "thrown", "old"))
    store.save_draft(old[0].id, "unfinished")
    store.save_prompt_draft(old[0].id, "{}", "message")
    store.save_queue(old[0].id, [QueuedText("waits")])
    store.delete_conversation(thrown[0].id)
    store.delete_conversation(old[0].id)
    before = store.binned_conversations()
    store.delete_conversation(old[0].id)  # which does not renew the thirty days
    assert store.binned_conversations() == before
    assert titles(store) == ["kept"]
    assert {item.title for item, _ in before} == {"thrown", "old"}
    store.restore_conversation(thrown[0].id)
    store.save_conversation(old[0])
    assert set(titles(store)) == {"kept", "thrown"}
    [(_, deleted_at)] = store.binned_conversations()
    assert store.purge_bin(30, now=deleted_at + 29 * DAY) == 0
    assert store.path(old[0].id)
    assert store.purge_bin(30, now=deleted_at + 31 * DAY) == 1
    assert (store.path(old[0].id), store.draft(old[0].id), store.binned_conversations()) == ([], "", [])
    assert (store.prompt_draft(old[0].id, "message"), store.queue(old[0].id)) == ("", [])
    assert store.path(kept[0].id) == [kept[1], kept[2]]


def test_what_is_not_sent_yet_is_kept_by_conversation_and_message_until_it_is_empty(store):
    def kept():
        drafts = [store.draft(each) for each in ("", "some")]
        return (*drafts, *(store.prompt_draft(*each) for each in (("",), ("some",), ("some", "message"))))

    assert kept() == ("", "", "", "", "")
    for words in ("first", "second"):
        store.save_draft("", words)
        store.save_prompt_draft("", words)
    store.save_draft("some", "others")
    store.save_prompt_draft("some", "at hand")
    store.save_prompt_draft("some", "sent", "message")
    assert kept() == ("second", "others", "second", "at hand", "sent")
    store.save_draft("", "")
    store.save_prompt_draft("some", "")
    assert kept() == ("", "others", "second", "", "sent")


def test_the_queue_is_saved_with_the_turn_that_takes_from_it(store):
    conversation, asked, reply = turn("first", "answer")
    store.save_queue(conversation.id, [QueuedText("second"), QueuedText("third \x00")])
    assert store.queue(conversation.id) == [QueuedText("second"), QueuedText("third \ufffd")]
    assert store.queue("") == []
    store.begin_reply(conversation, [asked, reply])
    assert len(store.queue(conversation.id)) == 2
    store.begin_reply(conversation, [], [QueuedText("third")])
    assert store.queue(conversation.id) == [QueuedText("third")]
    store._connection.execute("CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(StoreError, match="no"):
        store.begin_reply(conversation, [asked, reply], [])
    assert store.queue(conversation.id) == [QueuedText("third")]


def test_values_that_nobody_understands_do_not_hide_the_words(file, store):
    conversation, *_ = say(store, "Question", "Answer")
    with closing(sqlite3.connect(file)) as other, other:
        other.executescript(
            """UPDATE messages SET status = 'dreaming', usage = '{', timings = '[]', failure = '{"kind": []}',
                early = '{"way": "magic", "by_limit": true}', parts = '[{"type": "smell"}]', place_kind = 'moon',
                signs = '[{"kind": "omen"}, 3, {"kind": "loop", "excerpt": 4, "counts": [1]}]';
            UPDATE conversations SET settings = '{"choice": 1, "thinking": {"mode": "wild"},
                "thinking_limit": "soon", "temperature": "hot"}';"""
        )
    assert [message.text for message in store.path(conversation.id)] == ["Question", "Answer"]
    assert store.path(conversation.id)[-1].signs == (Sign(SignKind.LOOP),)
    assert store.conversations()[0].settings == ConversationSettings()


# Opened at the first use, and gone on with


def test_temporary_conversations_last_until_nobody_goes_on_with_them(file):
    talk, asked, reply = turn("A merger", "Agreed.")
    talk = replace(talk, id=temporary_id())
    store = SqliteStore(file)
    for at, expected in enumerate((["A merger"], ["A merger"], [])):
        with ThreadPoolExecutor(1) as thread:  # each window has one of its own
            if at == 0:
                thread.submit(store.begin_reply, talk, [asked, reply]).result()
            assert thread.submit(titles, store).result() == expected
            thread.submit(store.end, keeps_temporary=at == 0).result()
        store = SqliteStore(file, store)


# The tree


def test_a_circle_of_parents_ends(store):
    first = Message(role=Role.USER, id="one", parent_id="two")
    second = Message(role=Role.USER, id="two", parent_id="one")
    conversation = Conversation(head_id="two")
    store.begin_reply(conversation, [first, second])
    for found in (store.outline(conversation.id), store.path_end(conversation.id, 9)):
        assert [each.id for each in found] == ["one", "two"]
    assert store.leaf_of_version("one", 1) == "two"


_LETTERS = st.text(st.sampled_from("a\n\r é中😀\x00\ud83d"), max_size=8)


@settings(max_examples=examples(60))
@given(texts=st.lists(st.tuples(_LETTERS, st.integers(0, 30)), min_size=1, max_size=12), count=st.integers(1, 13))
def test_the_outline_says_what_the_messages_say(tmp_path_factory, texts, count):
    """Any tree: every message's outline, end and path are the same messages, with the lengths of their texts."""
    messages: list[Message] = []
    for number, (text, above) in enumerate(texts):
        parent = messages[above % number].id if number else None
        role = Role.USER if number % 2 else Role.ASSISTANT
        messages.append(Message(role=role, parts=(ReasoningPart("hm"), TextPart(text)), parent_id=parent))
    conversation = Conversation(head_id=messages[-1].id)
    with closing(open_store(tmp_path_factory.mktemp("tree") / "c.db")) as store:
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


KILLED_AFTER = (1, 50, 333)  # saved pieces
KILLED = 1 if os.name == "nt" else -9  # the exit status


def _run_and_kill(case, file, promised):
    """Let the program save and kill it; returns how many pieces it had said to be saved."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.store.killed_program", case, str(file)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    saved = 0
    for line in program.stdout:
        saved = int(line)
        if saved >= promised:
            break
    program.kill()
    rest = program.stdout.read().split()
    program.stdout.close()
    assert program.wait() == KILLED
    return int(rest[-1]) if rest else saved


def test_killed_replies_are_interrupted_with_every_saved_word(file):
    for number, promised in enumerate(KILLED_AFTER, start=1):
        saved = _run_and_kill("streaming", file, promised)
        other = sqlite3.connect(file)
        assert other.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        assert other.execute("SELECT status FROM messages ORDER BY key DESC LIMIT 1").fetchone() == ("streaming",)
        other.close()

        store = open_store(file)
        assert len(store.conversations()) == number
        asked, reply = store.path(store.conversations()[0].id)
        assert asked.text == "How does a store survive?"
        assert reply.status is MessageStatus.INTERRUPTED
        # One more than promised may have been saved before the program could say so.
        written = reply.reasoning + reply.text
        assert written in ["".join(piece(index)[1] for index in range(count)) for count in (saved, saved + 1)]
        assert written.startswith(reply.reasoning)
        store.close()

    other = sqlite3.connect(file)
    assert other.execute("SELECT DISTINCT status FROM messages WHERE role = 'assistant'").fetchall() == [
        ("interrupted",)
    ]
    assert other.execute("SELECT count(*) FROM reply_log").fetchone() == (0,)
    other.close()


def test_a_killed_program_neither_loses_nor_doubles_a_queued_text(file):
    for promised in (1, 40):
        file.unlink(missing_ok=True)
        sent = _run_and_kill("queueing", file, promised)
        store = open_store(file)
        [conversation] = store.conversations()
        waiting = store.queue(conversation.id)
        store.close()
        other = sqlite3.connect(file)
        query = "SELECT text FROM messages WHERE role = 'user' ORDER BY key"
        said = [QueuedText(row[0]) for row in other.execute(query)][1:]
        other.close()
        assert said + waiting == TEXTS
        assert len(said) in (sent, sent + 1)


def test_a_killed_program_has_every_file_that_was_given_whole(file):
    for promised in (1, 41):
        file.unlink(missing_ok=True)
        shutil.rmtree(file.parent / "files", ignore_errors=True)
        given = _run_and_kill("attaching", file, promised)
        store = open_store(file)
        waiting = [each.digest for each in store.draft_files("")]
        other = sqlite3.connect(file)
        sent = [row[0] for row in other.execute("SELECT digest FROM message_files")]
        other.close()
        for number in range(given):
            digest = hashlib.sha256(content(number)).hexdigest()
            assert digest in {*waiting, *sent}
            assert store.files.read_bytes(digest) == content(number)
        store.sweep_files()
        left = {path.name for path in (file.parent / "files").rglob("*") if path.is_file()}
        assert left == {*waiting, *sent}
        store.close()
