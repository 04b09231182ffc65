"""A reply that broke off is continued: what is saved, sent and shown, and what is kept."""

from __future__ import annotations

from contextlib import closing

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.core.errors import StreamBroken
from desktop.core.events import (
    BeganAgain,
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    Started,
    TextDelta,
    UsageReported,
)
from desktop.core.message import MessageStatus, ReasoningPart, TextPart, Usage
from desktop.core.model import ModelChoice
from desktop.core.request import PartialReply
from desktop.core.sign import SignKind, has_kind
from tests.support.scripted_backend import Hold, Released
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script

CUT = [
    Started("scripted"),
    ReasoningDelta("a fox"),
    TextDelta("The quick "),
    UsageReported(Usage(prompt_tokens=5, completion_tokens=4)),
    Finished(FinishReason.LENGTH),
]
REST = [
    Started("scripted"),
    TextDelta("brown fox."),
    UsageReported(Usage(prompt_tokens=9, completion_tokens=3)),
    Finished(FinishReason.STOP),
]
WHOLE = "The quick brown fox."


def broken_off(make_bench, script=CUT):
    bench = make_bench(script)
    return bench, bench.ask("What?")


def test_the_rest_is_written_behind_it_and_both_are_kept(make_bench):
    bench, cut = broken_off(make_bench)
    bench.backend.script = REST
    added = []
    assert bench.chat.continue_reply(cut.id)
    bench.running.advanced.connect(lambda advance: added.append(advance.text))
    whole = bench.ended()
    assert (whole.text, whole.reasoning, whole.status) == (WHOLE, "a fox", MessageStatus.COMPLETE)
    assert "".join(added) == "brown fox."
    assert whole.usage == Usage(prompt_tokens=9, completion_tokens=7)
    assert bench.chat.path.entries[-1].version == bench.chat.path.entries[-1].versions == 2
    request = bench.backend.requests[-1]
    assert request.partial_reply == PartialReply("The quick ", "a fox")
    assert [each.text for each in request.messages] == ["What?"]
    with closing(bench.stored()) as stored:
        assert [each.text for each in stored.path(bench.chat.current.id)] == ["What?", WHOLE]
        (earlier,) = stored.messages([cut.id])
    assert (earlier.text, earlier.reasoning, earlier.status) == ("The quick ", "a fox", MessageStatus.CUT_OFF)
    assert earlier.usage == Usage(prompt_tokens=5, completion_tokens=4)


def test_nothing_of_it_is_lost_if_the_program_is_killed(make_bench):
    """What another program finds on the disk as soon as the reply has begun, and when more has been logged."""
    bench, cut = broken_off(make_bench)
    bench.backend.script = [Started("scripted"), TextDelta("brown "), Hold()]
    assert bench.chat.continue_reply(cut.id)
    bench.drain()

    assert bench.on_disk("SELECT reasoning, text FROM messages WHERE status = 'streaming'") == [("a fox", "The quick ")]
    bench.wait(lambda: bench.on_disk("SELECT text FROM reply_log") == [("brown ",)])
    found = bench.stored_path()[-1]
    assert found.id != cut.id
    assert found.parts == (ReasoningPart("a fox"), TextPart("The quick brown "))
    assert found.status is MessageStatus.INTERRUPTED
    bench.chat.stop()
    assert bench.ended().parts == (ReasoningPart("a fox"), TextPart("The quick brown "))


def test_a_model_that_begins_again_gives_a_version_of_its_own(make_bench):
    bench, cut = broken_off(make_bench)
    hold = Released()
    bench.backend.script = [*REST[:1], BeganAgain(), TextDelta("A quick fox"), hold, TextDelta(" it was."), *REST[2:]]
    assert bench.chat.continue_reply(cut.id)

    bench.wait(lambda: bench.on_disk("SELECT text FROM reply_log ORDER BY seq") == [("",), ("A quick fox",)])
    with closing(bench.stored()) as next_start:  # a crash glues nothing together either
        assert next_start.path(bench.chat.current.id)[-1].text == "A quick fox"
    hold.release()
    whole = bench.ended()
    assert whole.text == "A quick fox it was."
    assert bench.chat.path.entries[-1].versions == 2
    with closing(bench.stored()) as stored:
        assert [each.text for each in stored.messages([cut.id])] == ["The quick "]

    bench.wait(lambda: has_kind(bench.reply.signs, SignKind.BEGAN_AGAIN))


@pytest.mark.parametrize(
    "script",
    [
        [*CUT[:3], Failed(StreamBroken("eof"))],
        [*CUT[:2], Finished(FinishReason.LENGTH)],
        [*CUT[:2], Finished(FinishReason.STOP)],
    ],
)
def test_what_broke_off_can_be_continued(script, make_bench):
    bench, cut = broken_off(make_bench, script)
    bench.backend.script = REST
    assert bench.reply_to(lambda: bench.chat.continue_reply(cut.id)).text.endswith("brown fox.")
    assert bench.backend.requests[-1].partial_reply == PartialReply(cut.text, "a fox")


def test_what_is_whole_or_runs_or_was_said_by_the_person_cannot(make_bench):
    bench, reply = broken_off(make_bench, REST)
    assert not bench.chat.continue_reply(reply.id)
    assert not bench.chat.continue_reply(bench.chat.path.entries[0].id)
    assert not bench.chat.continue_reply("nobody")
    bench.backend.script = [*CUT[:3], Hold()]
    assert bench.chat.send("Again?")
    assert not bench.chat.continue_reply(bench.chat.path.entries[-1].id)
    bench.chat.stop()
    assert bench.ended().status is MessageStatus.STOPPED


def test_on_the_wire_no_thinking_is_sent_whatever_the_path_was_made_of(make_bench):
    """Cut off, continued, queued, edited, asked again: the requests as a real server gets them."""
    cut = ndjson(ollama_lines("The quick", "secret one", reason="length"))
    rest = ndjson(ollama_lines(" brown fox."))
    answer = ndjson(ollama_lines("Four.", "secret two"))
    with running_server(ollama_script(cut, rest, answer, answer, answer)) as server:
        bench = make_bench(OllamaBackend(server.url))
        chat = bench.chat
        chat.choose_model(ModelChoice("here", MODEL))
        first = bench.ask("What?")
        assert chat.continue_reply(first.id)
        assert chat.queue("And two and two?")
        bench.wait(lambda: len(chat.path.entries) == 4)
        last = bench.ended()
        bench.reply_to(lambda: chat.edit(chat.path.entries[-2].id, "And three and one?"))
        bench.reply_to(lambda: chat.try_again())
        sent = [[(each["role"], each["content"]) for each in chat.json["messages"]] for chat in server.chats]
        bodies = b"".join(request.body for request in server.chats)
    assert last.reasoning == "secret two"
    whole = ("assistant", "The quick brown fox.")
    assert sent == [
        [("user", "What?")],
        [("user", "What?"), ("assistant", "The quick")],
        [("user", "What?"), whole, ("user", "And two and two?")],
        [("user", "What?"), whole, ("user", "And three and one?")],
        [("user", "What?"), whole, ("user", "And three and one?")],
    ]
    assert b"secret" not in bodies
