"""Starting fresh, with the real store: what is in front, what is asked of the model, links, and the way back.

Also a question asked again in an empty context: what is sent, where it is stored, and what becomes of it.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.fresh_start import OutgoingDraft
from desktop.core.message import AttachmentPart, Message, MessageStatus, ReasoningPart, Role, TextPart, user_message
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.request import Thinking, ThinkingMode
from tests.runtime.conftest import long_bench, open_whole
from tests.support.every_backend import EVERY_BACKEND, Answers
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_end, ollama_lines, openai_chunks, response_object, responses_event, sse

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40")
QUESTION, HELD = "What is two and two?", ["What is two and two?", "It is five."]


@pytest.fixture
def bench(make_bench):
    """A conversation with a question and an answer that is made up."""
    made = make_bench([])
    made.say(*HELD)
    return made


def question_of(bench, message_id=""):
    return bench.awaited(bench.chat.fresh.read_question(message_id))


def runs(bench, question):
    """A reply of which some words have come, and which goes on."""
    bench.backend.script = [TextDelta("It is"), Hold()]
    bench.chat.send(question)
    generation = bench.running
    bench.wait(lambda: generation.builder.has_text)
    return generation


def on_disk(bench):
    """The texts of each conversation, by its id, and the ids of those in the bin."""
    bench.drain()
    store = bench.stored()
    binned = [each.id for each, _ in store.binned_conversations()]
    ids = [*(each.id for each in store.conversations()), *binned]
    texts = {each: [message.text for message in store.path(each)] for each in ids}
    store.close()
    return texts, binned


def test_it_is_in_front_at_once_and_asks_without_the_old_answer(bench):
    chat, old = bench.chat, bench.chat.current
    chat.set_thinking(Thinking(ThinkingMode.OFF))
    chat.fresh.start_conversation()
    assert chat.path.is_empty
    assert chat.current.origin == old.id
    assert chat.current.settings.choice == ModelChoice("here", "scripted")
    assert chat.current.settings.thinking.mode is ThinkingMode.OFF
    assert bench.say(QUESTION, "It is four.").text == "It is four."
    asked = bench.backend.requests[-1]
    assert [each.text for each in asked.messages] == [QUESTION]
    assert asked.partial_reply is None
    assert on_disk(bench)[0] == {old.id: HELD, chat.current.id: [QUESTION, "It is four."]}
    assert dict(bench.on_disk("SELECT id, origin FROM conversations")) == {old.id: None, chat.current.id: old.id}


def test_both_know_of_each_other(bench):
    chat, old, new = bench.chat, bench.chat.current, []
    assert not chat.fresh.is_fresh
    for question in ("One?", "Two?"):
        if chat.current.id != old.id:
            bench.open(old.id)
        chat.fresh.start_conversation()
        assert chat.fresh.origin.id == old.id
        bench.say(question, "Yes.")
        new.append(chat.current.id)
    bench.open(old.id)
    assert [each.id for each in chat.fresh.continued_in] == new[::-1]
    chat.delete(new[0])
    assert [each.id for each in chat.fresh.continued_in] == new[1:]
    bench.open(new[1])
    chat.delete(old.id)
    assert chat.fresh.is_fresh
    assert chat.fresh.origin is None


def test_it_can_be_undone_until_more_has_been_said(bench):
    """A blank one leaves no trace, one with words goes into the bin, and a reply that runs is stopped."""
    chat, old = bench.chat, bench.chat.current
    chat.fresh.start_conversation()
    with bench.signal(chat.opened):
        assert not chat.fresh.undo()
    assert [each.id for each in chat.conversations] == [old.id]
    chat.fresh.start_conversation()
    bench.say(QUESTION, "It is four.")
    new = chat.current.id
    with bench.signal(chat.opened):
        assert chat.fresh.undo()
    assert chat.current.id == old.id
    assert on_disk(bench) == ({old.id: HELD, new: [QUESTION, "It is four."]}, [new])
    chat.fresh.start_conversation()
    runs(bench, QUESTION)
    with bench.signal(chat.opened, chat.generation_ended):
        chat.fresh.undo()
    chat.fresh.start_conversation()
    bench.say("One?", "Yes.")
    bench.say("Two?", "Yes.")
    assert not chat.fresh.can_undo
    assert not chat.fresh.undo()


def test_the_last_real_question_or_the_one_above_an_answer_is_asked_again(bench):
    for objection in ("Are you sure?", "不对吧"):
        bench.say(objection, "Six.")
        assert question_of(bench) == OutgoingDraft(QUESTION)
    bench.say("And three?", "Six.")
    assert question_of(bench) == OutgoingDraft("And three?")
    assert question_of(bench, bench.path[1].id) == OutgoingDraft(QUESTION)


def test_it_goes_on_under_the_old_title_unless_another_one_does(bench):
    chat = bench.chat
    old = chat.current.title
    first = chat.current.id
    for title, asked in ((f"Fresh: {old}", QUESTION), ("What is the deposit?", "What is the deposit?")):
        chat.fresh.start_conversation(goes_on=True)
        bench.say(asked, "Six.")
        assert chat.current.title == title
        bench.open(first)
    chat.fresh.is_chinese = True  # the window, whatever the language of the title
    chat.rename(chat.current.id, "Rent")
    chat.fresh.start_conversation(goes_on=True)
    assert chat.current.title == "重新开始：Rent"
    chat.fresh.start_conversation()
    assert chat.current.title == ""  # of a blank one nobody knows what it is about


def test_a_question_that_is_far_above_is_read_from_the_disk(make_bench):
    bench = long_bench(make_bench, 200)
    path = open_whole(bench)
    assert path.message(path.entries[4].id) is None
    assert question_of(bench, path.entries[5].id).text.startswith("4 ")


# --- Beside the answer that was there ----------------------------------------------------------------------------


class Counting(ScriptedBackend):
    """Answers each question with its number."""

    def __init__(self):
        super().__init__([], models=[ModelInfo("scripted"), ModelInfo("other")])

    async def stream(self, request):
        self.requests.append(request)
        yield TextDelta(f"Answer {len(self.requests)}.")
        yield Finished(FinishReason.STOP)


@pytest.fixture
def held(make_bench):
    """An old conversation of two turns in front."""
    made = make_bench(Counting())
    made.ask("My first question")
    made.ask("When was it founded?")
    return made


def ask_again(bench):
    return bench.chat.fresh.ask_again(bench.chat.current, *bench.path[-2:])


def ended(bench, made):
    bench.wait(lambda: not made.comparison.is_running)
    bench.drain()
    bench.wait(lambda: made.conversation_id not in bench.chat.compared)
    return made


def words(made):
    return [side.message.text for side in made.comparison.sides]


def test_the_question_alone_is_asked_and_the_old_answer_stands_beside_it_and_beside_more(held):
    old = held.chat.current
    made = ended(held, ask_again(held))
    request = held.backend.requests[-1]
    assert [message.text for message in request.messages] == ["When was it founded?"]
    assert request.fresh
    assert words(made) == ["Answer 2.", "Answer 3."]
    assert held.chat.current.id == old.id
    assert held.texts[-1] == "Answer 2."
    fresh = held.chat.shelf.get(made.conversation_id)
    assert fresh.origin == old.id
    assert not fresh.settings.unread  # it was read beside the old one
    assert on_disk(held)[0][fresh.id] == ["When was it founded?", "Answer 3."]
    more = ended(held, held.chat.fresh.ask_more(made, [None, ModelChoice("here", "other")]))
    assert more.conversation_id == fresh.id
    assert words(more)[:2] == ["Answer 2.", "Answer 3."]
    assert sorted(words(more)[2:]) == ["Answer 4.", "Answer 5."]
    asked = held.backend.requests[-2:]
    assert sorted(request.model for request in asked) == ["other", "scripted"]
    assert all(request.fresh and len(request.messages) == 1 for request in asked)


def test_files_go_along_and_nothing_else_does(held):
    asked = Message(role=Role.USER, parts=(TextPart("Sum it up"), FILE))
    reply = Message(role=Role.ASSISTANT, parts=(TextPart("old"),), parent_id=asked.id, status=MessageStatus.COMPLETE)
    old = held.chat.current
    old = replace(old, settings=replace(old.settings, system="Agree with everything."))
    made = ended(held, held.chat.fresh.ask_again(old, asked, reply))
    assert made.question.parts == asked.parts
    assert not held.backend.requests[-1].system
    assert made.question.id != asked.id
    (sent,) = held.backend.requests[-1].messages
    assert "chair;40" in sent.text


# What a server gets when a conversation was started fresh: nothing of the old one, whoever answers.


FRESH = "When did the archive open?"
_CANARY = re.compile(rb"canary", re.IGNORECASE)
# What a server may put into its replies for a client to bring along next time.
_HANDLES = {"Set-Cookie": "session=canary; Path=/", "X-Session-Id": "canary-session", "X-Request-Id": "canary-request"}
_HEADERS = frozenset(
    {
        "host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length",
    }
)  # fmt: skip
# Of a body: all that may be in it. Nothing here names a conversation, a person or something that a server keeps.
_FIELDS = frozenset(
    {
        "model", "messages", "input", "stream", "stream_options", "store", "reasoning", "reasoning_control",
        "truncate", "shift",
        "return_progress", "cache_prompt", "cache_salt", "think", "thinking", "enable_thinking", "chat_template_kwargs",
    }
)  # fmt: skip


def with_handles(reply):
    return replace(reply, headers={**reply.headers, **_HANDLES})


def chat_reply(request):
    named = [chunk | {"id": "chatcmpl-canary"} for chunk in openai_chunks("canary answer", reasoning="canary thought")]
    return with_handles(sse(named))


def ollama_reply(request):
    lines = [*ollama_lines("canary answer", "canary thought")[:-1], ollama_end() | {"context": [7, 7, 7]}]
    return with_handles(ndjson(lines))


def responses_reply(request):
    whole = response_object("canary answer", ["canary thought"], id="resp_canary", conversation={"id": "conv_canary"})
    delta = responses_event("response.output_text.delta", delta="canary answer", item_id="msg_canary")
    return with_handles(sse([delta, responses_event("response.completed", response=whole)], done=False))


ANSWERS = Answers(chat_reply, responses_reply, ollama_reply)


def held_before(model):
    """A conversation that is on the disk already, with what a person and a model put into one."""
    settings = ConversationSettings(ModelChoice("here", model), system="The canary system text.")
    said = Message(
        role=Role.USER,
        parts=(TextPart("canary question"), AttachmentPart("canary.txt", "text/plain", "canary attachment")),
    )
    reply = Message(
        role=Role.ASSISTANT,
        parts=(ReasoningPart("canary trace"), TextPart("canary claim")),
        parent_id=said.id,
        status=MessageStatus.COMPLETE,
        model=model,
    )
    return Conversation(title="canary title", head_id=reply.id, settings=settings), [said, reply]


def opened(bench, conversation, messages=()):
    """Put a conversation on the disk, as another part of the program would, and in front."""
    store = bench.stored()
    store.begin_reply(conversation, list(messages))
    store.close()
    bench.chat.load(lambda: bench.chat.open(conversation.id))
    bench.wait(lambda: bench.chat.current.id == conversation.id)
    bench.wait(lambda: bench.chat.path.is_whole)


def answered(bench, text):
    assert bench.chat.send(text)
    bench.wait(lambda: bench.chat.generation is None)
    bench.drain()


def words_of(body):
    messages = body["input"] if "input" in body else body["messages"]
    return [each["content"] for each in messages]


def assert_stands_alone(requests, ids, times):
    """The fresh question is asked so many times, and nothing that is sent has anything of the old conversation."""
    asked = [each for each in requests if FRESH.encode() in each.body]
    assert len(asked) == times
    for each in asked:
        assert words_of(each.json) == [FRESH]
        assert each.json.keys() <= _FIELDS
        assert not each.json.get("store")
    for request in requests:
        everything = b"\n".join([request.path.encode(), repr(request.headers).encode(), request.body])
        assert not _CANARY.search(everything)
        assert not any(identity.encode() in everything for identity in ids), "no id of a conversation or a message"
        assert request.headers.keys() <= _HEADERS
        assert request.headers["user-agent"] == "Candor"


@pytest.mark.parametrize("case", EVERY_BACKEND)
def test_nothing_of_the_old_conversation_goes_out_and_no_server_that_can_be_told_so_reuses_it(case, make_bench):
    """Neither with answers beside the old one, nor with the first request of a fresh conversation, which is also asked
    again; what follows may use what that one left.
    """
    served = EVERY_BACKEND[case]
    with running_server(served.script(ANSWERS)) as server:
        bench = make_bench(served.backend(server.url))
        old, messages = held_before(served.model)
        opened(bench, old, messages)
        answered(bench, "canary question, the second")
        assert _CANARY.search(server.chats[-1].body), "the old conversation is sent while it is talked with"
        fresh, sent_before = bench.chat.fresh, len(server.requests)
        ids = [old.id, *(message.id for message in bench.path)]
        made = fresh.ask_again(bench.chat.current, user_message(FRESH), bench.reply)
        bench.wait(lambda: not made.comparison.is_running)
        bench.drain()
        more = fresh.ask_more(made, [None, None])
        bench.wait(lambda: not more.comparison.is_running)
        bench.drain()
        beside = server.requests[sent_before:]
        ids += [made.conversation_id, made.question.id]
        assert_stands_alone(beside, ids, times=3)
        sent_before = len(server.requests)
        fresh.start_conversation()
        answered(bench, FRESH)
        ids += [bench.chat.current.id, *(message.id for message in bench.path)]
        assert_stands_alone(server.requests[sent_before:], ids, times=1)
        assert bench.chat.try_again()
        bench.wait(lambda: bench.chat.generation is None)
        bench.drain()
        answered(bench, "And when did it close?")
        before, *_, first, again, second = (each.json for each in server.chats)
    match case:
        case "llama-server" | "built-in engine":
            assert [each.get("cache_prompt") for each in (before, first, again, second)] == [None, False, False, None]
            assert all(each.json["cache_prompt"] is False for each in beside if FRESH.encode() in each.body)
        case "vllm":
            salts = [each.get("cache_salt") for each in (before, first, again, second)]
            assert (salts[0], salts[3]) == (None, None)
            assert len({*salts[1:3]} - {None, ""}) == 2, "never the same one twice"
        case _:
            assert first.keys() - before.keys() == set()
