"""A reply that broke off is continued: what is saved, sent and shown, and what is kept."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.events import (
    BeganAgain,
    Finished,
    FinishReason,
    ReasoningDelta,
    Started,
    TextDelta,
    UsageReported,
)
from desktop.core.message import MessageStatus, ReasoningPart, Sign, SignKind, TextPart, Usage, has_kind
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models import window
from desktop.core.models.window import ANSWER_TOKENS
from desktop.core.request import PartialReply, Thinking, ThinkingMode
from desktop.engine.model_file import describe_model_file
from desktop.engine.process import EngineProcess
from tests.runtime.conftest import CONNECTION, answer
from tests.support.scripted_backend import Hold, Released, ScriptedBackend
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script
from tests.support.waiting import PATIENCE

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


def test_the_rest_is_written_behind_what_was_cut_off_and_that_alone_and_both_are_kept(make_bench):
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
    for each in (whole.id, bench.chat.path.entries[0].id, "nobody"):
        assert not bench.chat.continue_reply(each)
    bench.backend.script = [*CUT[:3], Hold()]
    assert bench.chat.send("Again?")
    assert not bench.chat.continue_reply(bench.chat.path.entries[-1].id)
    bench.chat.stop()
    assert bench.ended().status is MessageStatus.STOPPED


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


_PATIENCE_MS = 100_000  # a computer that does much else besides is slow, not broken
PLAIN = ModelInfo("scripted", capabilities=frozenset({"completion"}), parameters=135_000_000)
REASONING = ModelInfo(
    "scripted",
    capabilities=frozenset({"completion", "thinking"}),
    thinking_modes=(ThinkingMode.AUTO, ThinkingMode.OFF),
    parameters=751_632_384,
)
OURS, OF_THE_SERVER = Sign(SignKind.CUT_OFF, answer_limit=ANSWER_TOKENS), Sign(SignKind.CUT_OFF)
# Some 630 tokens, of which no two dozen words are the same.
_WHO, _WHAT = (
    ("keeper", "sailor", "gull", "child", "clerk", "king"),
    ("wave", "stone", "lamp", "letter", "ship", "hour"),
)
WORDS = [f"The {who} lost a {what} at the {place}. " for who in _WHO for what in _WHAT for place in ("pier", "inn")]
LONG = [TextDelta(words) for words in WORDS]


def cut_off(used):
    counted = [UsageReported(Usage(completion_tokens=used))] if used is not None else []
    return [TextDelta("Once upon a"), *counted, Finished(FinishReason.LENGTH)]


def asked(bench):
    """The reply to a question, with the signs that were found in it."""
    bench.ask("Tell me a story.")
    bench.drain()
    return bench.reply


AUTO, OFF = Thinking(), Thinking(ThinkingMode.OFF)
THINKS = [ReasoningDelta(words) for words in WORDS * 2]
COMPLETE, CUT_OFF = MessageStatus.COMPLETE, MessageStatus.CUT_OFF
# The model and its reply; the limit that the server is asked for, how the reply ended, and its signs.
ENDS = {
    "told to the server": (PLAIN, AUTO, cut_off(ANSWER_TOKENS), ANSWER_TOKENS, CUT_OFF, (OURS,)),
    "a context that is full": (PLAIN, AUTO, cut_off(120), ANSWER_TOKENS, CUT_OFF, (OF_THE_SERVER,)),
    "8B": (replace(PLAIN, parameters=8_000_000_000), AUTO, cut_off(ANSWER_TOKENS), None, CUT_OFF, (OF_THE_SERVER,)),
    "unknown": (replace(PLAIN, parameters=None), AUTO, cut_off(ANSWER_TOKENS), None, CUT_OFF, (OF_THE_SERVER,)),
    "long thinking": (REASONING, AUTO, [*THINKS, *answer("It is four.")], None, COMPLETE, ()),
    "an answer after thinking": (REASONING, AUTO, [ReasoningDelta("A story. "), *LONG, Hold()], None, CUT_OFF, (OURS,)),
    "what may yet be thinking": (REASONING, AUTO, [*LONG, Finished(FinishReason.STOP)], None, COMPLETE, ()),
    "thinking that is off": (REASONING, OFF, [*LONG, Hold()], None, CUT_OFF, (OURS,)),
}


@pytest.mark.parametrize("case", ENDS)
def test_where_an_answer_ends_and_what_is_said_of_it(case, make_bench):
    info, thinking, script, sent, status, signs = ENDS[case]
    bench = make_bench(ScriptedBackend(script, [info]))
    bench.chat.set_thinking(thinking)
    reply = asked(bench)
    assert (bench.backend.requests[0].params.max_tokens, reply.status, reply.signs) == (sent, status, signs)
    assert bench.stored_path()[-1] == reply
    if isinstance(script[-1], Hold):
        assert bench.backend.was_cancelled
        assert len(reply.text) >= 4 * ANSWER_TOKENS


def test_another_computer_is_asked_for_no_limit(make_bench):
    backend = ScriptedBackend(answer("Once upon a time."), [PLAIN])
    bench = make_bench(backend)
    bench.models.set_connections([replace(CONNECTION, address="http://gpu.lan:11434")])
    bench.wait(lambda: not bench.models.is_loading)
    asked(bench)
    assert backend.requests[0].params.max_tokens is None


# --- A real llama.cpp with the starter model ---------------------------------------------------------------------


class _LikeliestWords(BuiltInBackend):
    """Asked for the same words at each run."""

    async def stream(self, request):
        params = replace(request.params, temperature=0.0, seed=1)
        async for event in super().stream(replace(request, params=params)):
            yield event


@pytest.fixture
def engine(starter_model, make_bench):
    process = EngineProcess(context_length=1024, threads=1)
    preset = load_presets()["llama-server"]
    bench = make_bench(
        _LikeliestWords(
            process,
            lambda: [starter_model],
            describe_model_file,
            lambda address: OpenAICompatBackend(address.base_url, address.key, preset),
        )
    )
    bench.chat.choose_model(ModelChoice("here", str(starter_model)))
    yield bench
    bench.work.loop.submit(bench.backend.aclose()).result(PATIENCE)
    bench.work.loop.submit(process.aclose()).result(PATIENCE)


@pytest.mark.engine
def test_the_starter_model_ends_at_the_limit_and_goes_on_from_there(engine, qtbot, monkeypatch):
    monkeypatch.setattr(window, "ANSWER_TOKENS", 40)  # the real one takes half a minute
    ours = (Sign(SignKind.CUT_OFF, answer_limit=40),)

    def ended(texts):
        qtbot.waitUntil(lambda: engine.chat.generation is None and len(engine.path) == 2, timeout=_PATIENCE_MS)
        engine.drain()
        engine.drain()
        reply = engine.path[-1]
        assert (reply.status, reply.usage.completion_tokens, reply.signs) == (MessageStatus.CUT_OFF, texts * 40, ours)
        return reply

    assert engine.chat.send("Tell me a very long story of a keeper who counts every wave.")
    first = ended(1)
    assert engine.chat.continue_reply(first.id)
    second = ended(2)
    assert second.text.startswith(first.text)
    assert len(second.text) > len(first.text) + 40
