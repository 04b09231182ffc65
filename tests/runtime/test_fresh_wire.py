"""What a server gets when a conversation was started fresh: nothing of the old one, whoever answers.

An old conversation is held in which every word, name, id, header and cookie is a canary. Then one is started fresh from
it as the window does it, and all that reaches the server from then on is looked through.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.message import AttachmentPart, Message, MessageStatus, ReasoningPart, Role, TextPart, user_message
from desktop.core.model import ModelChoice
from tests.support.every_backend import EVERY_BACKEND, Answers
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_end, ollama_lines, openai_chunks, response_object, responses_event, sse

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


def started_fresh(bench, server, model):
    """All that the server gets of a fresh conversation's first turn, and the ids that nobody may see there."""
    old, messages = held_before(model)
    opened(bench, old, messages)
    answered(bench, "canary question, the second")
    sent_before = len(server.requests)
    assert _CANARY.search(server.chats[-1].body), "the old conversation is sent while it is talked with"
    ids = [old.id, *(message.id for message in bench.path)]
    bench.chat.fresh.start_conversation()
    answered(bench, FRESH)
    return server.requests[sent_before:], [*ids, bench.chat.current.id, *(message.id for message in bench.path)]


def words_of(body):
    messages = body["input"] if "input" in body else body["messages"]
    return [each["content"] for each in messages]


@pytest.mark.parametrize("case", EVERY_BACKEND)
def test_nothing_of_the_old_conversation_goes_out(case, make_bench):
    served = EVERY_BACKEND[case]
    with running_server(served.script(ANSWERS)) as server:
        bench = make_bench(served.backend(server.url))
        requests, ids = started_fresh(bench, server, served.model)
    assert_stands_alone(requests, ids, times=1)


@pytest.mark.parametrize("case", EVERY_BACKEND)
def test_nor_with_fresh_answers_beside_the_old_one(case, make_bench):
    """The first of them, and two more in the same conversation, in which others have answered by then."""
    served = EVERY_BACKEND[case]
    with running_server(served.script(ANSWERS)) as server:
        bench = make_bench(served.backend(server.url))
        old, messages = held_before(served.model)
        opened(bench, old, messages)
        answered(bench, "canary question, the second")
        sent_before, ids = len(server.requests), [old.id, *(message.id for message in bench.path)]
        comparing = bench.chat.fresh
        made = comparing.ask_again(bench.chat.current, user_message(FRESH), bench.reply)
        bench.wait(lambda: not made.comparison.is_running)
        bench.drain()
        more = comparing.ask_more(made, [None, None])
        bench.wait(lambda: not more.comparison.is_running)
        bench.drain()
        requests = server.requests[sent_before:]
    assert_stands_alone(requests, [*ids, made.conversation_id, made.question.id], times=3)
    if case in ("llama-server", "built-in engine"):
        assert all(each.json["cache_prompt"] is False for each in requests if FRESH.encode() in each.body)


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
def test_a_server_that_can_be_told_so_reuses_nothing(case, make_bench):
    """Said with the first request, the one that is asked again among them; what follows may use what that one left."""
    served = EVERY_BACKEND[case]
    with running_server(served.script(ANSWERS)) as server:
        bench = make_bench(served.backend(server.url))
        started_fresh(bench, server, served.model)
        assert bench.chat.try_again()
        bench.wait(lambda: bench.chat.generation is None)
        bench.drain()
        answered(bench, "And when did it close?")
        before, first, again, second = (each.json for each in server.chats)
    match case:
        case "llama-server" | "built-in engine":
            assert [each.get("cache_prompt") for each in (before, first, again, second)] == [None, False, False, None]
        case "vllm":
            salts = [each.get("cache_salt") for each in (before, first, again, second)]
            assert (salts[0], salts[3]) == (None, None)
            assert len({*salts[1:3]} - {None, ""}) == 2, "never the same one twice"
        case _:
            assert first.keys() - before.keys() == set()


def test_a_new_conversation_without_an_origin_may_use_what_is_there(make_bench):
    served = EVERY_BACKEND["llama-server"]
    with running_server(served.script(ANSWERS)) as server:
        bench = make_bench(served.backend(server.url))
        bench.chat.choose_model(ModelChoice("here", served.model))
        answered(bench, FRESH)
        assert "cache_prompt" not in server.chats[-1].json
