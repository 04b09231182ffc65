"""The built-in engine from question to answer: the real engine, the real client, the starter model."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.engine import EngineAddress
from desktop.core.errors import EngineFailed
from desktop.core.events import Failed, Finished, FinishReason, Measured, Phase, Progress, Started, TextDelta
from desktop.core.message import Message, MessageStatus, Role, TextPart
from desktop.core.model import ModelInfo
from desktop.core.models.file import FileFault
from desktop.core.outgoing import asking_to_think_first, cannot_reason
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode
from desktop.engine.model_file import describe_model_file
from desktop.engine.process import EngineProcess
from tests.support.gguf_file import with_template
from tests.support.missing import on_linux, on_unix
from tests.support.waiting import until

LONG = "Write a long story about a lighthouse keeper and count every wave."
CONTRACT = " ".join(f"Flat {number} costs {number * 37} pounds a month." for number in range(1, 15))  # 200 tokens
INSTRUCTIONS = "Answer from the text in short sentences, and say so where it does not tell. " * 4  # 70 tokens


def client(address, **extra):
    preset = load_presets()["llama-server"]
    return OpenAICompatBackend(
        address.base_url, address.key, replace(preset, extra_body={**preset.extra_body, **extra})
    )


def asked(model, *texts, max_tokens=12, system="", **more):
    """A conversation in which every second text was said by the model, which is not asked to think."""
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(role=roles[at % 2], parts=(TextPart(text),)) for at, text in enumerate(texts))
    params = GenerationParams(max_tokens=max_tokens, temperature=0.0, seed=1)
    return ChatRequest(str(model), messages, system, params, Thinking(ThinkingMode.OFF), **more)


async def whole(events):
    """All events of a reply, and the message that they make."""
    builder = ReplyBuilder()
    seen = []
    async for event in events:
        seen.append(event)
        builder.apply(event)
    return seen, builder.message


async def freeze(process):
    """Stop a process, and wait until it stands: on a busy computer it would answer for some time yet."""
    process.suspend()
    await until(lambda: process.status() == psutil.STATUS_STOPPED)


USUAL_SILENCE = 20.0  # seconds that an engine may need to answer


class Bench:
    """An engine, and a backend on it, which are ended with the block."""

    def __init__(self, *models, context_length=2048, silence=USUAL_SILENCE, stuck=600.0, **extra):
        # One thread: several wait for each other, which takes for ever on a machine that has other work to do.
        self.free = 4 << 30  # bytes of memory
        self.model = models[0]
        self.engine = EngineProcess(context_length=context_length, threads=1, free_memory=lambda: self.free)
        self.backend = BuiltInBackend(
            self.engine, lambda: models, describe_model_file, lambda address: client(address, **extra), silence, stuck
        )

    def __enter__(self):
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, *_):
        self.run(self.backend.aclose())
        self.run(self.engine.aclose())
        self._runner.close()

    def run(self, work):
        return self._runner.run(asyncio.wait_for(work, 90))

    async def reply(self, *texts, model=None, **more):
        return await whole(self.backend.stream(asked(model or self.model, *texts, **more)))

    def ask(self, *texts, **more):
        return self.run(self.reply(*texts, **more))

    def cached(self, *texts, **more):
        """How many tokens of a question the engine did not have to read again, by its own count."""
        _, message = self.ask(*texts, **more)
        return message.usage.cached_tokens or 0


@pytest.fixture(name="bench", scope="module")
def _bench(starter_model):
    """One for all that need no fresh engine: it is loaded once."""
    with Bench(starter_model) as made:
        yield made


@pytest.fixture
def fresh_bench(starter_model):
    with Bench(starter_model) as made:
        yield made


@pytest.mark.long
@pytest.mark.engine
def test_a_long_text_is_read_once_and_a_fresh_conversation_reuses_nothing(fresh_bench):
    bench = fresh_bench

    def other(text="Is it open today?", system=""):
        return bench.cached(text, system=system, max_tokens=16)

    assert bench.cached(CONTRACT) == 0
    opening = other()  # what a chat template writes before any question
    assert bench.cached(CONTRACT) > 150, "back after another conversation"
    assert bench.cached(CONTRACT, fresh=True) == 0, "a fresh one shares nothing"
    assert other("Is it open today? And tomorrow?") <= opening + 8
    assert bench.cached(CONTRACT) > 150

    bench.cached(CONTRACT, system=INSTRUCTIONS)
    assert 60 < other(system=INSTRUCTIONS) < 100
    assert bench.cached(CONTRACT, system=INSTRUCTIONS) > 220, "also behind instructions that both begin with"
    pid, bench.free = bench.engine.pid, 100 << 20
    bench.cached(CONTRACT)
    assert bench.engine.pid != pid, "what was kept of others is given back where memory is short"


@pytest.mark.engine
def test_reading_is_told_and_what_was_read_before_a_stop_is_kept_and_answered_alike(bench):
    text = "The garden is behind the house. " * 40

    async def stop_while_it_reads():
        async with aclosing(bench.backend.stream(asked(bench.model, text))) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, Progress) and event.fraction:
                    break

    bench.run(stop_while_it_reads())
    events, message = bench.ask(text)
    assert 0 < (message.usage.cached_tokens or 0) < 400
    told = [event.fraction for event in events if isinstance(event, Progress) and event.phase is Phase.READING]
    fractions = [each for each in told if each is not None]
    assert len(fractions) >= 3
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] <= 1
    _, again = bench.ask(text, fresh=True)
    assert (again.text, again.usage.cached_tokens or 0) == (message.text, 0)


@pytest.mark.engine
def test_a_reply_that_was_cut_off_goes_on_as_if_it_had_not_been(bench):
    question = "Tell me about the sea in three sentences."
    _, cut = bench.ask(question, max_tokens=9)
    assert cut.status is MessageStatus.CUT_OFF
    builder = ReplyBuilder(replace(cut, status=MessageStatus.STREAMING))
    events, _ = bench.ask(question, max_tokens=16, partial_reply=PartialReply(cut.text))
    for event in events:
        builder.apply(event)
    _, uncut = bench.ask(question, max_tokens=25)
    continued = builder.message
    assert (continued.status, continued.text) == (MessageStatus.CUT_OFF, uncut.text)
    assert continued.text.startswith(cut.text)
    assert continued.usage.completion_tokens == 25
    assert continued.usage.prompt_tokens == (cut.usage.prompt_tokens or 0) + 9


@pytest.mark.engine
def test_nothing_of_another_conversation_is_in_the_next(fresh_bench, monkeypatch):
    """Nor is a proxy of the user's asked."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "socks://127.0.0.1:9")
    question = "My name is"
    _, alone = fresh_bench.ask(question)
    fresh_bench.ask("My name is Zebediah.", "Hello Zebediah!", question)
    _, again = fresh_bench.ask(question)
    assert again.text
    assert "Zebediah" not in again.text
    assert alone.usage.prompt_tokens == again.usage.prompt_tokens


@pytest.mark.engine
def test_stopping_frees_the_engine_for_the_next_question(bench):
    wanted = 1500  # tokens that nobody waits for
    measured = 100  # tokens by which the engine's pace is known; a few may arrive in one piece
    began = time.monotonic()
    _, first = bench.ask(LONG, max_tokens=measured)
    to_the_end = wanted * (time.monotonic() - began) / (first.usage.completion_tokens or 1)

    async def stop():
        has_begun = asyncio.Event()

        async def read_on():
            async for event in bench.backend.stream(asked(bench.model, LONG, max_tokens=wanted)):
                if isinstance(event, TextDelta):
                    has_begun.set()

        reading = asyncio.create_task(read_on())
        await has_begun.wait()
        reading.cancel()
        await asyncio.wait([reading])

    bench.run(stop())
    pid, stopped = bench.engine.pid, time.monotonic()
    _, message = bench.ask("Say yes.", max_tokens=4)
    assert message.text
    assert time.monotonic() - stopped < to_the_end / 4
    assert bench.engine.pid == pid


@on_unix
@pytest.mark.engine
def test_an_engine_killed_in_mid_answer(bench):
    async def kill_it():
        builder = ReplyBuilder()
        is_suspended = False
        async for event in bench.backend.stream(asked(bench.model, LONG, max_tokens=2000)):
            builder.apply(event)
            if isinstance(event, TextDelta) and bench.engine.pid and not is_suspended:
                is_suspended = True  # as with the computer; after a while it goes on
                os.kill(bench.engine.pid, signal.SIGSTOP)
                asyncio.get_running_loop().call_later(0.3, os.kill, bench.engine.pid, signal.SIGCONT)
            if isinstance(event, TextDelta) and len(builder.message.text) > 200 and bench.engine.pid:
                os.kill(bench.engine.pid, signal.SIGKILL)
        return event, builder.message

    last, message = bench.run(kill_it())
    assert isinstance(last, Failed)
    assert isinstance(last.error, EngineFailed)
    assert (last.error.reason, last.error.detail) == ("crashed", "the engine was ended by signal 9")
    assert len(message.text) > 20
    assert message.status is MessageStatus.FAILED
    assert bench.ask("Say yes.", max_tokens=4)[1].text


@on_unix
@pytest.mark.engine
@pytest.mark.parametrize("is_stopped_by_user", [True, False])
def test_an_engine_that_is_frozen_gives_way_to_a_new_one(starter_model, is_stopped_by_user):
    """At the next question after it was stopped; by itself, where nobody stops it."""

    async def freeze_it():
        frozen = None
        answer = bench.backend.stream(asked(starter_model, LONG, max_tokens=2000))
        async with aclosing(answer) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, TextDelta) and frozen is None and bench.engine.pid is not None:
                    frozen = bench.engine.pid
                    await freeze(psutil.Process(frozen))
                    if is_stopped_by_user:
                        break
        return event, frozen

    with Bench(starter_model, silence=2.0) as bench:
        last, frozen = bench.run(freeze_it())
        bench.backend.silence = USUAL_SILENCE  # of the next engine's line: it may be slow on a busy computer
        if not is_stopped_by_user:
            assert isinstance(last, Failed)
            assert (last.error.detail, last.error.reason) == ("the engine did not answer any more", "crashed")
        seen, message = bench.ask("Say yes.", max_tokens=4)
        assert message.failure is None
        assert Progress(Phase.LOADING) in seen
        assert bench.engine.pid != frozen


TEMPLATES = {
    "takes all memory": ("{{ 'x' * 100000000 * 1000 }}", "template"),
    "runs for ever": ("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "crashed"),
}


@on_linux
@pytest.mark.engine
@pytest.mark.long
@pytest.mark.parametrize("case", TEMPLATES)
def test_a_chat_template_that_is_a_bomb_is_ended_and_said(tmp_path, starter_model, case):
    """It goes off at one word of a question; other questions are answered."""
    bomb, reason = TEMPLATES[case]
    template = f"{{% if 'boom' in messages[-1]['content'] %}}{bomb}{{% endif %}}{{{{ messages[-1]['content'] }}}}"
    model = with_template(starter_model, tmp_path / "bomb.gguf", template)
    with Bench(model, silence=2.0, stuck=4.0 if reason == "crashed" else 600.0) as bench:
        _, message = bench.ask("boom", max_tokens=4)
        assert (message.failure.kind, message.failure.reason) == ("engine_failed", reason)
        bench.backend.silence = USUAL_SILENCE
        assert bench.ask("Say yes.", max_tokens=4)[1].failure is None


@pytest.mark.engine
def test_what_is_no_model_that_was_opened_is_the_end_of_the_reply(tmp_path, starter_model):
    """A file that is not offered is not opened, whoever names it: a policy may let no model files be opened."""
    bad, copy = tmp_path / "minutes of the meeting.gguf", tmp_path / "copy.gguf"
    bad.write_text("Present: all.")
    copy.symlink_to(starter_model)
    with Bench(starter_model, bad) as bench:
        for model, reason in ((bad, FileFault.NOT_GGUF), (copy, FileFault.NOT_LISTED)):
            events, message = bench.ask("Hi", model=model)
            assert events[:2] == [Started(str(model)), Progress(Phase.LOADING)]
            assert (message.failure.kind, message.failure.reason, message.text) == ("engine_failed", reason, "")
            with pytest.raises(EngineFailed) as refused:
                bench.run(bench.backend.describe(str(model)))
            assert refused.value.reason == reason
            bench.run(bench.backend.load_ahead(asked(model, "")))
            assert bench.engine.pid is None
        assert bench.ask("Hi", max_tokens=2)[1].text


@on_unix
@pytest.mark.engine
def test_what_needs_another_load_waits_for_the_end_of_an_answer(tmp_path, starter_model):
    other = tmp_path / "other.gguf"
    other.symlink_to(starter_model)

    async def both():
        first = asyncio.create_task(bench.reply(LONG, max_tokens=60))
        await until(lambda: bench.engine.pid is not None)
        _, second = await bench.reply("Hi", model=other, max_tokens=2)
        assert first.done()
        events, message = await first
        assert events[-1] == Finished(FinishReason.LENGTH, "length")
        assert (message.failure, second.failure) == (None, None)

    with Bench(starter_model, other, context_length=512) as bench:
        bench.run(both())


@pytest.mark.long
@pytest.mark.engine
def test_a_larger_window_has_the_model_loaded_again_and_a_smaller_one_does_not(starter_model):
    pids = []

    def measured(window, most=None, text="Hi"):
        request = asked(starter_model, text, max_tokens=4)
        params = replace(request.params, context_length=window, largest_context=most)
        events, message = bench.run(whole(bench.backend.stream(replace(request, params=params))))
        assert message.failure is None or message.failure.kind != "context_too_long"
        pids.append(bench.engine.pid)
        found = [event for event in events if isinstance(event, Measured) and event.window is not None][-1]
        return found.window, found.asked, found.load_seconds is not None

    with Bench(starter_model, context_length=256) as bench:
        assert measured(None) == (256, None, True)
        assert measured(512) == (512, 512, True)
        assert measured(256) == (512, 256, False)
        assert pids[0] != pids[1] == pids[2]
        counted = measured(None, 8_192, "one two three four five " * 115)  # refused by the exact count
        assert counted[:2] == (4_096, 4_096)


# --- A model that does not reason is asked to think first --------------------------------------------------------

# The model is small, so that it has to be made to comply: it writes what it likes, in this form.
COMPLIANT = r'root ::= "<think>\n" [a-zA-Z ]{20,40} "\n</think>\n\n" [a-zA-Z ]{5,20}'


@pytest.mark.engine
def test_what_it_thinks_comes_apart_from_what_it_answers(starter_model, bench):
    """Where it does not comply it has just answered."""
    assert cannot_reason(describe_model_file(starter_model))
    with Bench(starter_model, grammar=COMPLIANT) as compliant:
        for asked_of, question in ((compliant, "What is 2 + 2?"), (bench, "二加二是多少？")):
            request = asking_to_think_first(asked(starter_model, question, max_tokens=60, thinks_first=True))
            _, message = asked_of.run(whole(asked_of.backend.stream(request)))
            assert message.failure is None
            assert message.text.strip()
            assert "think>" not in message.text + message.reasoning
            assert (len(message.reasoning.strip()) >= 5) == (asked_of is compliant)


# --- Without an engine -------------------------------------------------------------------------------------------


class DeadEngine:
    """Stands at the seam `core.engine.Engine`: reports an address where nobody listens, or fails."""

    def __init__(self, cause):
        self.cause = cause

    async def ensure(self, model, window=None):
        return EngineAddress("http://127.0.0.1:9", "key")

    def would_load(self, model, window=None):
        return False

    async def end_frozen(self, cause):
        raise AssertionError(cause)

    async def failure(self):
        return self.cause

    async def aclose(self):
        return


@pytest.mark.parametrize(("cause", "kind"), [("GGML_ASSERT failed", "engine_failed"), ("", "unreachable")])
def test_only_a_dead_engine_is_blamed(cause, kind):
    backend = BuiltInBackend(DeadEngine(cause), lambda: (Path("m.gguf"),), describe_model_file, client)

    async def work():
        _, message = await whole(backend.stream(asked(Path("m.gguf"), "Hi")))
        assert message.failure.kind == kind
        assert not cause or message.failure.detail == cause
        await backend.aclose()
        await backend.aclose()

    asyncio.run(work())


def test_a_file_that_cannot_be_read_is_listed_by_its_name_and_hides_no_other(tmp_path):
    closed, bad, gone, good = (tmp_path / f"{name}.gguf" for name in ("closed", "bad", "gone", "good"))
    bad.write_text("no model")

    def describe(path):
        if path == closed:
            raise EngineFailed(reason=FileFault.UNREADABLE) from PermissionError(13, "Permission denied")
        return ModelInfo(str(path), label="Good") if path == good else describe_model_file(path)

    backend = BuiltInBackend(DeadEngine(""), lambda: (closed, bad, gone, good), describe, client)
    assert asyncio.run(backend.list_models()) == [
        ModelInfo(str(closed), label="closed"),
        ModelInfo(str(bad), label="bad"),
        ModelInfo(str(good), label="Good"),
    ]
