"""Regenerating, editing, going back to another version: nothing is lost, and what is shown is one path to a leaf."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.errors import ContextTooLong
from desktop.core.events import Failed, TextDelta
from desktop.core.message import AttachmentPart, MessageStatus, Role, TextPart
from tests.runtime.conftest import answer
from tests.runtime.talking import long_bench, open_first, open_whole
from tests.support.examples import examples
from tests.support.scripted_backend import Hold


@pytest.fixture
def bench(make_bench):
    """A conversation of two questions and answers."""
    bench = make_bench([])
    bench.say("one?", "One.")
    bench.say("two?", "Two.")
    return bench


def _id(bench, index):
    return bench.chat.path.entries[index].id


def _show_version(bench, index, version):
    """Go to a version; how many messages at the beginning of the path were said to be the same."""
    with bench.signal(bench.chat.path_changed) as changed:
        assert bench.chat.show_version(_id(bench, index), version)
    return int(changed.args[0])


def _stored_outline(bench):
    bench.drain()
    with contextlib.closing(bench.stored()) as store:
        return store.outline(bench.chat.current.id)


def test_a_reply_in_the_middle_is_asked_for_again(bench):
    reply = bench.reply_to(lambda: bench.chat.try_again(_id(bench, 1)), "Uno.")
    assert bench.texts == ["one?", "Uno."]
    assert bench.versions == [(1, 1), (2, 2)]
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?"]
    assert bench.chat.current.head_id == reply.id
    assert _stored_outline(bench) == bench.chat.path.entries


def test_the_last_reply_is_asked_for_again(bench):
    bench.reply_to(bench.chat.try_again, "Due.")
    bench.reply_to(bench.chat.try_again, "Deux.")
    assert bench.texts == ["one?", "One.", "two?", "Deux."]
    assert bench.versions[-1] == (3, 3)
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?", "One.", "two?"]


def test_the_number_of_versions_is_there_before_the_reply(bench):
    bench.backend.script = [Hold()]
    seen: list[list[tuple[int, int]]] = []
    bench.chat.generation_started.connect(lambda generation: seen.append(bench.versions))
    bench.chat.try_again()
    assert seen == [[(1, 1), (1, 1), (1, 1), (2, 2)]]
    bench.chat.stop()


def test_a_message_is_said_otherwise(bench):
    bench.reply_to(lambda: bench.chat.edit(_id(bench, 2), "three?"), "Three.")
    assert bench.texts == ["one?", "One.", "three?", "Three."]
    assert bench.versions == [(1, 1), (1, 1), (2, 2), (1, 1)]
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?", "One.", "three?"]
    assert _stored_outline(bench) == bench.chat.path.entries


def test_the_first_message_is_said_otherwise(bench):
    bench.reply_to(lambda: bench.chat.edit(_id(bench, 0), "zero?"), "Zero.")
    assert bench.texts == ["zero?", "Zero."]
    assert bench.versions == [(2, 2), (1, 1)]
    assert [each.text for each in bench.backend.requests[-1].messages] == ["zero?"]
    assert _show_version(bench, 0, 1) == 0
    assert bench.texts == ["one?", "One.", "two?", "Two."]
    assert _stored_outline(bench) == bench.chat.path.entries


def test_what_was_attached_stays_with_an_edited_message(bench):
    attachment = AttachmentPart("notes.txt", "text/plain", "all of it")
    message = bench.chat.path.message(_id(bench, 2))
    bench.chat.path.update(replace(message, parts=(TextPart("two?"), attachment)))
    bench.reply_to(lambda: bench.chat.edit(message.id, "more?"), "More.")
    said = bench.chat.path.message(_id(bench, 2))
    assert said.parts == (TextPart("more?"), attachment)


def test_another_version_is_shown_with_what_was_said_below_it(bench):
    bench.reply_to(lambda: bench.chat.try_again(_id(bench, 1)), "Uno.")
    bench.say("due?", "Due.")
    assert _show_version(bench, 1, 1) == 1
    assert bench.texts == ["one?", "One.", "two?", "Two."]
    assert bench.versions == [(1, 1), (1, 2), (1, 1), (1, 1)]
    assert _show_version(bench, 1, 2) == 1
    assert bench.texts == ["one?", "Uno.", "due?", "Due."]
    assert _stored_outline(bench) == bench.chat.path.entries
    bench.say("tre?", "Tre.")
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?", "Uno.", "due?", "Due.", "tre?"]


def test_the_shown_version_is_there_after_a_restart(bench, make_bench):
    bench.reply_to(bench.chat.try_again, "Due.")
    _show_version(bench, 3, 1)
    bench.drain()
    again = make_bench([])
    with bench.signal(again.chat.conversations_changed):
        again.chat.load()
    open_first(again)
    assert again.texts == ["one?", "One.", "two?", "Two."]
    assert again.versions[-1] == (1, 2)


def test_what_makes_no_sense_is_refused(bench):
    chat = bench.chat
    asked, reply = _id(bench, 2), _id(bench, 3)
    assert not chat.try_again(asked)
    assert not chat.try_again("unknown")
    assert not chat.edit(reply, "words in the mouth")
    assert not chat.edit(asked, " \n")
    assert not chat.edit("unknown", "words")
    for version in (-1, 0, 1, 2):
        assert not chat.show_version(reply, version)
    chat.new()
    assert not chat.try_again()
    assert not chat.edit(asked, "words")
    assert not chat.show_version(reply, 1)


def test_while_a_reply_runs_nothing_else_is_begun(bench):
    bench.reply_to(bench.chat.try_again, "Due.")
    bench.backend.script = [TextDelta("Tr"), Hold()]
    bench.chat.send("three?")
    entries = list(bench.chat.path.entries)
    assert not bench.chat.try_again(_id(bench, 1))
    assert not bench.chat.edit(_id(bench, 0), "zero?")
    assert not bench.chat.show_version(_id(bench, 3), 1)
    assert bench.chat.path.entries == entries
    bench.chat.stop()


def test_a_message_sent_while_a_version_is_fetched_goes_below_what_is_shown(bench):
    bench.reply_to(bench.chat.try_again, "Due.")
    assert bench.chat.show_version(_id(bench, 3), 1)
    bench.reply_to(lambda: bench.chat.send("three?"), "Three.")
    assert bench.texts == ["one?", "One.", "two?", "Due.", "three?", "Three."]
    assert _stored_outline(bench) == bench.chat.path.entries


def test_a_version_of_a_conversation_that_was_left_does_not_come_to_the_front(bench):
    changed: list[int] = []
    bench.chat.path_changed.connect(changed.append)
    assert bench.chat.path.entries
    bench.chat.show_version(_id(bench, 3), 1)
    bench.chat.new()
    bench.drain()
    assert changed == []
    assert bench.chat.path.is_empty


@pytest.mark.parametrize("what", ["again", "edit"])
def test_a_version_that_cannot_be_saved_leaves_what_was_there(bench, what):
    entries, head = list(bench.chat.path.entries), bench.chat.current.head_id
    bench.drain()
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")
    with bench.signal(bench.chat.not_sent) as refused:
        assert bench.chat.try_again(_id(bench, 1)) if what == "again" else bench.chat.edit(_id(bench, 0), "zero?")
    assert refused.args[0] == ("" if what == "again" else "zero?")
    assert bench.chat.path.entries == entries
    assert bench.chat.current.head_id == head
    assert bench.texts == ["one?", "One.", "two?", "Two."]


def test_a_history_that_is_too_long_fails_and_keeps_the_words(bench):
    bench.backend.script = [Failed(ContextTooLong())]
    reply = bench.reply_to(lambda: bench.chat.send("more?"))
    assert reply.status is MessageStatus.FAILED
    assert reply.failure.kind == ContextTooLong.kind
    assert bench.texts[-2] == "more?"


def test_versions_in_the_middle_of_a_long_conversation(make_bench):
    bench = long_bench(make_bench, 10_000)
    path = open_whole(bench)
    bench.reply_to(lambda: bench.chat.try_again(path.entries[4001].id))
    assert bench.chat.path is path
    assert len(path.entries) == 4002
    assert len(bench.backend.requests[-1].messages) == 4001
    assert _show_version(bench, 4001, 1) == 4001
    assert len(path.entries) == 10_000
    assert _stored_outline(bench) == path.entries


def test_an_edit_before_the_beginning_has_been_read(make_bench):
    bench = long_bench(make_bench, 1000)
    path = open_first(bench)
    assert not path.is_whole
    bench.reply_to(lambda: bench.chat.edit(path.entries[0].id, "otherwise"))
    bench.wait(lambda: path.is_whole)
    assert len(path.entries) == 978
    assert _stored_outline(bench) == path.entries


_Step = tuple[object, ...]  # what is done, and to which message
_STEP = st.one_of(
    st.just(("send",)),
    st.just(("reopen",)),
    st.tuples(st.sampled_from(["again", "edit"]), st.integers(0, 20)),
    st.tuples(st.just("version"), st.integers(0, 20), st.integers(1, 4)),
)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(_STEP, max_size=8))
def test_whatever_is_done_no_message_is_lost(make_bench, steps):
    bench = make_bench(answer("So it is."))
    bench.reply_to(lambda: bench.chat.send("the first"))
    known: dict[str, tuple[object, ...]] = {}
    for number, step in enumerate(steps):
        _take(bench, step, f"step {number}")
        known = _checked(bench, known)


def _take(bench, step, text):
    chat, entries = bench.chat, bench.chat.path.entries
    match step:
        case ("send",):
            bench.reply_to(lambda: chat.send(text))
        case ("reopen",):
            identity = chat.current.id
            chat.new()
            with bench.signal(chat.opened):
                chat.open(identity)
        case ("again" | "edit" as what, int(index)):
            role = Role.ASSISTANT if what == "again" else Role.USER
            some = [entry.id for entry in entries if entry.role is role]
            chosen = some[index % len(some)]
            begin = (lambda: chat.try_again(chosen)) if what == "again" else (lambda: chat.edit(chosen, text))
            bench.reply_to(begin)
        case ("version", int(index), int(version)):
            entry = entries[index % len(entries)]
            if version <= entry.versions and version != entry.version:
                _show_version(bench, index % len(entries), version)
            else:
                assert not chat.show_version(entry.id, version)


def _checked(bench, known):
    """All stored messages, after a look at whether they and the shown path are as they must be."""
    bench.drain()
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        query = "SELECT id, parent_id, role, text FROM messages WHERE conversation_id = ? ORDER BY key"
        rows = other.execute(query, (bench.chat.current.id,)).fetchall()
    stored = {row[0]: row[1:] for row in rows}
    assert known.items() <= stored.items()
    entries = bench.chat.path.entries
    above: str | None = None
    for entry in entries:
        assert stored[entry.id][:2] == (above, entry.role)
        siblings = [each for each, row in stored.items() if row[0] == above]
        assert (entry.version, entry.versions) == (siblings.index(entry.id) + 1, len(siblings))
        above = entry.id
    assert not any(row[0] == above for row in stored.values())  # a leaf
    assert bench.chat.current.head_id == above
    assert [stored[entry.id][2] for entry in entries] == bench.texts
    assert bench.chat.path.is_whole
    return stored
