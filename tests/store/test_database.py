"""Conversations and messages come back as they were put in, in the right order, and only those that were wanted."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.conversation import Conversation, ConversationSettings, temporary_id
from desktop.core.message import (
    AnswerWay,
    AttachmentPart,
    EarlyAnswer,
    Failure,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    TextPart,
    Timings,
    Usage,
    user_message,
)
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.core.repository import StoreError
from desktop.core.request import Thinking, ThinkingLimit, ThinkingMode
from desktop.core.sign import Sign, SignKind
from desktop.store.database import SqliteStore, open_store
from desktop.store.rows import conversation_of_row, conversation_row, message_of_row, message_row
from tests.store.messages import refused, say, titles, turn

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
_CONVERSATION = st.builds(
    Conversation,
    title=_TEXT,
    head_id=st.none() | st.just("b" * 32),
    origin=st.none() | st.just("c" * 32),
    settings=st.builds(
        ConversationSettings,
        st.none() | st.builds(ModelChoice, _TEXT, _TEXT),
        _TEXT,
        st.builds(Thinking, st.sampled_from(ThinkingMode), _COUNT),
        st.none()
        | st.builds(ThinkingLimit, st.integers(1), st.none())
        | st.builds(ThinkingLimit, _COUNT, st.integers(1)),
    ),
    created_at=st.floats(0, 1e11),
    updated_at=st.floats(0, 1e11),
    pinned=st.booleans(),
)


@given(_MESSAGE)
def test_a_message_comes_back_from_its_row(message):
    assert message_of_row(message_row(message)) == message


@given(_CONVERSATION)
def test_a_conversation_comes_back_from_its_row(conversation):
    assert conversation_of_row(conversation_row(conversation)) == conversation


@given(st.text(st.characters() | st.just("\x00") | st.characters(categories=("Cs",)), max_size=30))
def test_any_text_can_be_saved(text):
    connection = sqlite3.connect(":memory:")
    row = message_row(Message(role=Role.USER, parts=(TextPart(text), AttachmentPart(text, text, text)), model=text))
    assert connection.execute(f"SELECT {','.join('?' * len(row))}", row).fetchone() == row


def test_a_turn_is_there_after_reopening(file, store):
    conversation, asked, reply = say(store, "What is a trace?", "A record of thinking.")
    store.close()
    again = open_store(file)
    assert again.conversations() == [conversation]
    assert again.path(conversation.id) == [asked, reply]
    again.close()


def test_surrogates_and_nul_do_not_stop_a_turn(store):
    asked = user_message("joined \ud83d\ude00, alone \udc00, nul \x00 end")
    settings = ConversationSettings(system="\udfff\x00")
    conversation = Conversation(title="half \ud83d", settings=settings, head_id=asked.id)
    store.begin_reply(conversation, [asked])
    store.save_draft("", "\ud800\x00")
    assert store.path(conversation.id)[0].text == "joined 😀, alone \ufffd, nul \ufffd end"
    assert titles(store) == ["half \ufffd"]
    assert store.draft("") == "\ufffd\ufffd"


def test_the_table_can_be_read_by_others_while_a_reply_runs(file, store):
    _, _, reply = say(store, "Who watches?")
    store.log_reply(reply.id, [("text", "An observer.")])
    with closing(sqlite3.connect(file)) as other:
        query = "SELECT role, status, text FROM messages ORDER BY created_at, role DESC"
        assert other.execute(query).fetchall() == [("user", "complete", "Who watches?"), ("assistant", "streaming", "")]
        store.finish_reply(replace(reply, status=MessageStatus.STOPPED, parts=(TextPart("An observer."),)))
        assert other.execute(query).fetchall()[1] == ("assistant", "stopped", "An observer.")
        assert other.execute("SELECT count(*) FROM reply_log").fetchone() == (0,)


def test_a_running_reply_is_shown_with_its_log(store):
    conversation, _, reply = say(store, "Think, please.")
    store.log_reply(reply.id, [("text", "\nLet me "), ("text", "think.")])
    store.log_reply(reply.id, [("reclassified", ""), ("text", "Done.")])
    shown = store.path(conversation.id)[1]
    assert shown.parts == (ReasoningPart("Let me think."), TextPart("Done."))
    assert shown.status is MessageStatus.STREAMING


def test_a_running_reply_that_continues_another_begins_with_its_words(file, store):
    conversation, asked, reply = turn("Hello?")
    begun = replace(reply, parts=(ReasoningPart("so it is"), TextPart("The quick ")))
    store.begin_reply(conversation, [asked, begun])
    assert store.path(conversation.id)[-1].parts == begun.parts
    store.log_reply(begun.id, [("text", "what "), ("reclassified", ""), ("text", "brown fox")])
    grown = (ReasoningPart("so it is\n\nwhat "), TextPart("The quick brown fox"))
    assert store.path(conversation.id)[-1].parts == grown
    assert store.outline(conversation.id)[-1].letters == len("The quick brown fox")
    store.close()
    with closing(open_store(file)) as again:
        found = again.path(conversation.id)[-1]
    assert (found.parts, found.status) == (grown, MessageStatus.INTERRUPTED)


def test_pieces_after_the_end_change_nothing(store):
    conversation, asked, reply = say(store, "Stop!")
    store.log_reply(reply.id, [])
    done = replace(reply, status=MessageStatus.STOPPED, parts=(TextPart("I"),))
    store.finish_reply(done)
    store.log_reply(reply.id, [("text", " went on")])
    store.log_reply("unknown", [("text", "nobody")])
    assert store.path(conversation.id) == [asked, done]
    assert store.recover() == 0


def test_a_reply_whose_turn_was_never_saved_is_not_lost_silently(store):
    with refused("other"):
        store.finish_reply(turn("", "words")[2])


def test_the_path_follows_the_head_through_the_tree_or_leads_to_any_leaf(store):
    conversation, asked, first = say(store, "Which way?", "Left.")
    second = replace(first, id="second", parts=(TextPart("Right."),))
    store.begin_reply(replace(conversation, head_id="second"), [second])
    assert store.path(conversation.id) == [asked, second]
    assert store.path(conversation.id, first.id) == store.path_end(conversation.id, 9, first.id) == [asked, first]
    assert store.path_end(conversation.id, 1, first.id) == [first]
    assert store.path(conversation.id, asked.id) == [asked]
    assert store.path(conversation.id, "unknown") == []
    store.save_conversation(conversation)
    assert store.path(conversation.id) == [asked, first]


def test_a_head_that_does_not_exist_shows_the_newest_message(store):
    conversation, asked, reply = turn("Lost?", "Never.")
    store.begin_reply(replace(conversation, head_id="gone"), [asked, reply])
    assert store.path(conversation.id) == [asked, reply]
    empty = Conversation()
    store.save_conversation(empty)
    assert store.path(empty.id) == store.path("unknown") == []


def test_conversations_come_newest_first(store):
    conversations = [Conversation(title=str(number), updated_at=float(number)) for number in range(5)]
    for conversation in conversations:
        store.save_conversation(conversation)
    renamed = replace(conversations[2], title="renamed", updated_at=9.0, pinned=True)
    store.save_conversation(renamed)
    found = store.conversations()
    assert found == [renamed, *(conversations[number] for number in (4, 3, 1, 0))]
    assert all(each.settings is found[0].settings for each in found)  # once in memory for all that have the same


def test_the_bin_gives_back_until_it_is_purged(store):
    kept, thrown, old = (say(store, word, "answer") for word in ("kept", "thrown", "old"))
    store.save_draft(old[0].id, "unfinished")
    store.save_prompt_draft(old[0].id, "{}", "message")
    store.delete_conversation(thrown[0].id)
    store.delete_conversation(old[0].id)
    before = store.binned_conversations()
    store.delete_conversation(old[0].id)  # which does not renew the thirty days
    assert store.binned_conversations() == before
    assert store.conversations() == [kept[0]]
    assert {item.title for item, _ in store.binned_conversations()} == {"thrown", "old"}
    store.restore_conversation(thrown[0].id)
    store.save_conversation(old[0])
    assert {item.title for item in store.conversations()} == {"kept", "thrown"}
    [(_, deleted_at)] = store.binned_conversations()
    days = 86_400
    assert store.purge_bin(30, now=deleted_at + 29 * days) == 0
    assert store.path(old[0].id)
    assert store.purge_bin(30, now=deleted_at + 31 * days) == 1
    assert (store.path(old[0].id), store.draft(old[0].id), store.binned_conversations()) == ([], "", [])
    assert store.prompt_draft(old[0].id, "message") == ""
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


def test_signs_of_trouble_are_kept_with_their_reply(store):
    conversation, _, reply = say(store, "Question", "Answer")
    done = replace(reply, status=MessageStatus.COMPLETE)
    store.finish_reply(done)
    signs = (
        Sign(SignKind.CONTEXT_CUT, counts=(100, 900)),
        Sign(SignKind.QUOTATION, "no\x00thing \ud800"),
        Sign(SignKind.CUT_OFF, answer_limit=500),
    )
    store.save_signs(reply.id, signs)
    assert [each.kind for each in store.path(conversation.id)[-1].signs] == [each.kind for each in signs]
    store.save_signs(reply.id, ())
    assert store.path(conversation.id)[-1] == done


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


def test_it_opens_at_the_first_use_on_the_thread_that_uses_it(file):
    with closing(SqliteStore(file)) as store, ThreadPoolExecutor(1) as thread:
        assert not file.parent.exists()
        thread.submit(store.save_conversation, Conversation(title="late")).result(10)
        assert thread.submit(titles, store).result(10) == ["late"]
        thread.submit(store.close).result(10)


def test_opening_is_tried_again_at_each_use_until_it_works(file):
    file.mkdir(parents=True)  # no file can be made where a folder is
    with closing(SqliteStore(file)) as store:
        for _ in range(2):
            with pytest.raises(StoreError):
                store.conversations()
        file.rmdir()
        assert store.conversations() == []


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
