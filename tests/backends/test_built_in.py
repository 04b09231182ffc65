"""The built-in engine from question to answer: the real engine, the real client, the starter model."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import cast

import psutil
import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.engine import EngineAddress
from desktop.core.errors import EngineFailed
from desktop.core.events import (
    Failed,
    Finished,
    FinishReason,
    Measured,
    Phase,
    Progress,
    Started,
    StreamEvent,
    TextDelta,
)
from desktop.core.message import Message, MessageStatus, Role, TextPart
from desktop.core.model import ModelInfo
from desktop.core.models.file import FileFault
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode
from desktop.engine.model_file import describe_model_file
from desktop.engine.process import EngineProcess
from tests.support.gguf_file import with_template
from tests.support.missing import on_linux, on_unix
from tests.support.waiting import until

SYSTEM = "You are a helpful assistant."
LONG = "Write a long story about a lighthouse keeper and count every wave."
CONTRACT = " ".join(f"Flat {number} costs {number * 37} pounds a month." for number in range(1, 15))  # 200 tokens
INSTRUCTIONS = "Answer from the text in short sentences, and say so where it does not tell. " * 4  # 70 tokens


def client(address: EngineAddress) -> OpenAICompatBackend:
    return OpenAICompatBackend(address.base_url, address.key, load_presets()["llama-server"])


def asked(model: Path, *texts: str, max_tokens: int = 12, system: str = "") -> ChatRequest:
    """A conversation in which every second text was said by the model, which is not asked to think."""
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(role=roles[at % 2], parts=(TextPart(text),)) for at, text in enumerate(texts))
    params = GenerationParams(max_tokens=max_tokens, temperature=0.0, seed=1)
    return ChatRequest(str(model), messages, system, params, Thinking(ThinkingMode.OFF))


async def whole(events: AsyncIterator[StreamEvent]) -> tuple[list[StreamEvent], Message]:
    """All events of a reply, and the message that they make."""
    builder = ReplyBuilder()
    seen = []
    async for event in events:
        seen.append(event)
        builder.apply(event)
    return seen, builder.message


async def freeze(process: psutil.Process) -> None:
    """Stop a process, and wait until it stands: on a busy computer it would answer for some time yet."""
    process.suspend()
    await until(lambda: process.status() == psutil.STATUS_STOPPED)


class Bench:
    """An engine, and a backend on it."""

    def __init__(self, *models: Path, context_length: int = 2048, silence: float = 20.0, stuck: float = 600.0) -> None:
        # One thread: several wait for each other, which takes for ever on a machine that has other work to do.
        self.free = 4 << 30  # bytes of memory
        self.engine = EngineProcess(context_length=context_length, threads=1, free_memory=lambda: self.free)
        self.backend = BuiltInBackend(self.engine, lambda: models, describe_model_file, client, silence, stuck)

    def run(self, work: Callable[[], Awaitable[None]]) -> None:
        async def bounded() -> None:
            try:
                await asyncio.wait_for(work(), 90)
            finally:
                await self.backend.aclose()
                await self.engine.aclose()

        asyncio.run(bounded())


@pytest.mark.engine
def test_answers_stream_and_a_conversation_goes_on(starter_model: Path) -> None:
    """Three turns on one engine: loaded once, each turn with all that was said, and counted by the server."""
    bench = Bench(starter_model)

    async def work() -> None:
        said = ["What is the capital of France?"]
        pids, deltas = set(), 0
        for turn in range(3):
            events, message = await whole(bench.backend.stream(asked(starter_model, *said, system=SYSTEM)))
            assert events[0] == Started(str(starter_model))
            assert events[1] == Progress(Phase.READING if turn else Phase.LOADING)
            assert Progress(Phase.CONNECTING) not in events
            assert sum(isinstance(event, Started) for event in events) == 1
            assert sum(isinstance(event, Finished | Failed) for event in events) == 1
            assert message.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)
            deltas += sum(isinstance(event, TextDelta) for event in events)
            assert message.usage is not None
            assert (message.usage.prompt_tokens or 0) > 10 * (turn + 1)
            if turn == 0:
                assert "Paris" in message.text
            pids.add(bench.engine.pid)
            said += [message.text, "And why is that so?"]
        assert len(pids) == 1
        assert deltas > 3, "they came in pieces, though a quick engine's come several at a time"

    bench.run(work)


@pytest.mark.long
@pytest.mark.engine
def test_a_long_text_is_read_once_and_a_fresh_conversation_reuses_nothing(starter_model: Path) -> None:
    """By the engine's own count of the tokens that it did not have to read again."""
    bench = Bench(starter_model)

    async def cached(*texts: str, fresh: bool = False, system: str = "", max_tokens: int = 2) -> int:
        request = replace(asked(starter_model, *texts, max_tokens=max_tokens, system=system), fresh=fresh)
        _, message = await whole(bench.backend.stream(request))
        assert message.usage is not None
        assert message.usage.cached_tokens is not None
        return message.usage.cached_tokens

    async def other(text: str = "Is it open today?", system: str = "") -> int:
        return await cached(text, system=system, max_tokens=16)

    async def work() -> None:
        assert await cached(CONTRACT) == 0
        opening = await other()  # what a chat template writes before any question
        assert await cached(CONTRACT) > 150, "back after another conversation"
        assert await cached(CONTRACT, fresh=True) == 0, "a fresh one shares nothing"
        assert await other("Is it open today? And tomorrow?") <= opening + 8
        assert await cached(CONTRACT) > 150

        await cached(CONTRACT, system=INSTRUCTIONS)
        assert 60 < await other(system=INSTRUCTIONS) < 100
        assert await cached(CONTRACT, system=INSTRUCTIONS) > 220, "also behind instructions that both begin with"
        pid, bench.free = bench.engine.pid, 100 << 20
        await cached(CONTRACT)
        assert bench.engine.pid != pid, "what was kept of others is given back where memory is short"

    bench.run(work)


@pytest.mark.engine
def test_what_was_read_before_a_stop_is_kept_and_answered_alike(starter_model: Path) -> None:
    bench = Bench(starter_model)
    text = "The garden is behind the house. " * 120

    async def answer(*, fresh: bool) -> tuple[str, int]:
        request = replace(asked(starter_model, text), fresh=fresh)
        _, message = await whole(bench.backend.stream(request))
        assert message.usage is not None
        return message.text, message.usage.cached_tokens or 0

    async def work() -> None:
        stopped = bench.backend.stream(asked(starter_model, text))
        async with aclosing(cast(AsyncGenerator[StreamEvent, None], stopped)) as events:
            async for event in events:
                if isinstance(event, Progress) and event.fraction:
                    break
        words, cached = await answer(fresh=False)
        assert 0 < cached < 800
        assert (words, 0) == await answer(fresh=True)

    bench.run(work)


@pytest.mark.engine
def test_a_reply_that_was_cut_off_goes_on_as_if_it_had_not_been(starter_model: Path) -> None:
    bench = Bench(starter_model)

    async def work() -> None:
        question = "Tell me about the sea in three sentences."
        _, cut = await whole(bench.backend.stream(asked(starter_model, question, max_tokens=9)))
        assert cut.status is MessageStatus.CUT_OFF
        request = replace(asked(starter_model, question, max_tokens=16), partial_reply=PartialReply(cut.text))
        builder = ReplyBuilder(replace(cut, status=MessageStatus.STREAMING))
        async for event in bench.backend.stream(request):
            builder.apply(event)
        _, uncut = await whole(bench.backend.stream(asked(starter_model, question, max_tokens=25)))
        continued = builder.message
        assert continued.status is MessageStatus.CUT_OFF
        assert continued.text == uncut.text
        assert continued.text.startswith(cut.text)
        assert continued.usage is not None
        assert continued.usage.completion_tokens == 25
        assert cut.usage is not None
        assert cut.usage.prompt_tokens is not None
        assert continued.usage.prompt_tokens == cut.usage.prompt_tokens + 9

    bench.run(work)


@pytest.mark.engine
def test_reading_a_long_message_is_reported(starter_model: Path) -> None:
    bench = Bench(starter_model)

    async def work() -> None:
        text = "The meeting is on Monday. " * 80  # about 500 tokens: several batches
        events, _ = await whole(bench.backend.stream(asked(starter_model, text, max_tokens=2)))
        read = [event.fraction for event in events if isinstance(event, Progress) and event.phase is Phase.READING]
        told = [fraction for fraction in read if fraction is not None]
        assert len(told) >= 3
        assert told == sorted(told)
        assert 0 <= told[0] < told[-1] <= 1

    bench.run(work)


@pytest.mark.engine
def test_nothing_of_another_conversation_is_in_the_next(starter_model: Path) -> None:
    bench = Bench(starter_model)

    async def work() -> None:
        question = "My name is"
        _, alone = await whole(bench.backend.stream(asked(starter_model, question)))
        await whole(bench.backend.stream(asked(starter_model, "My name is Zebediah.", "Hello Zebediah!", question)))
        _, again = await whole(bench.backend.stream(asked(starter_model, question)))
        assert "Zebediah" not in again.text
        assert alone.usage is not None
        assert again.usage is not None
        assert alone.usage.prompt_tokens == again.usage.prompt_tokens

    bench.run(work)


@pytest.mark.engine
@pytest.mark.parametrize("way", ["cancel", "close"])
def test_stopping_frees_the_engine_for_the_next_question(starter_model: Path, way: str) -> None:
    bench = Bench(starter_model)
    wanted = 1500  # tokens that nobody waits for
    measured = 100  # tokens by which the engine's pace is known; a few may arrive in one piece

    async def work() -> None:
        began = time.monotonic()
        _, first = await whole(bench.backend.stream(asked(starter_model, LONG, max_tokens=measured)))
        assert first.usage is not None
        assert first.usage.completion_tokens
        to_the_end = wanted * (time.monotonic() - began) / first.usage.completion_tokens
        arrived = 0
        events = bench.backend.stream(asked(starter_model, LONG, max_tokens=wanted))

        async def read_on() -> None:
            nonlocal arrived
            async for event in events:
                if isinstance(event, TextDelta):
                    arrived += 1
                    if way == "close" and arrived > 5:
                        return

        reading = asyncio.create_task(read_on())
        if way == "cancel":
            await until(lambda: arrived > 5)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        else:
            await reading
            assert isinstance(events, AsyncGenerator)
            await events.aclose()
        pid = bench.engine.pid
        stopped = time.monotonic()
        _, message = await whole(bench.backend.stream(asked(starter_model, "Say yes.", max_tokens=4)))
        assert message.text
        assert time.monotonic() - stopped < to_the_end / 4
        assert bench.engine.pid == pid

    bench.run(work)


@on_unix
@pytest.mark.engine
def test_an_engine_killed_in_mid_answer(starter_model: Path) -> None:
    bench = Bench(starter_model)

    async def work() -> None:
        builder = ReplyBuilder()
        events = []
        is_suspended = False
        async for event in bench.backend.stream(asked(starter_model, LONG, max_tokens=2000)):
            events.append(event)
            builder.apply(event)
            if isinstance(event, TextDelta) and bench.engine.pid and not is_suspended:
                is_suspended = True  # as with the computer; after a while it goes on
                os.kill(bench.engine.pid, signal.SIGSTOP)
                asyncio.get_running_loop().call_later(0.3, os.kill, bench.engine.pid, signal.SIGCONT)
            if isinstance(event, TextDelta) and len(builder.message.text) > 200 and bench.engine.pid:
                os.kill(bench.engine.pid, signal.SIGKILL)
        last = events[-1]
        assert isinstance(last, Failed)
        assert isinstance(last.error, EngineFailed)
        assert last.error.reason == "crashed"
        assert last.error.detail == "the engine was ended by signal 9"
        assert len(builder.message.text) > 20
        assert builder.message.status is MessageStatus.FAILED
        _, message = await whole(bench.backend.stream(asked(starter_model, "Say yes.", max_tokens=4)))
        assert message.text

    bench.run(work)


@pytest.mark.engine
def test_a_question_that_waits_for_another_answer_says_so(starter_model: Path) -> None:
    bench = Bench(starter_model)

    async def work() -> None:
        first = bench.backend.stream(asked(starter_model, LONG, max_tokens=120))
        async for event in first:
            if isinstance(event, TextDelta):
                break
        going_on = asyncio.create_task(whole(first))
        seen, message = await whole(bench.backend.stream(asked(starter_model, "Say yes.", max_tokens=4)))
        await going_on
        assert message.text
        phases = [event.phase for event in seen if isinstance(event, Progress)]
        waiting = phases.index(Phase.WAITING)
        assert Phase.READING in phases[waiting:]
        assert set(phases[waiting : phases.index(Phase.READING, waiting)]) == {Phase.WAITING}

    bench.run(work)


@on_unix
@pytest.mark.engine
@pytest.mark.parametrize("is_stopped_by_user", [True, False])
def test_an_engine_that_is_frozen_gives_way_to_a_new_one(starter_model: Path, is_stopped_by_user: bool) -> None:
    """At the next question after it was stopped; by itself, where nobody stops it."""
    bench = Bench(starter_model, silence=6.0)

    async def work() -> None:
        last: StreamEvent | None = None
        frozen = None
        answer = bench.backend.stream(asked(starter_model, LONG, max_tokens=2000))
        async with aclosing(cast(AsyncGenerator[StreamEvent, None], answer)) as events:
            async for last in events:
                if isinstance(last, TextDelta) and frozen is None and bench.engine.pid is not None:
                    frozen = bench.engine.pid
                    await freeze(psutil.Process(frozen))
                    if is_stopped_by_user:
                        break
        if not is_stopped_by_user:
            assert isinstance(last, Failed)
            assert (last.error.detail, last.error.reason) == ("the engine did not answer any more", "crashed")
        seen, message = await whole(bench.backend.stream(asked(starter_model, "Say yes.", max_tokens=4)))
        assert message.failure is None
        assert Progress(Phase.LOADING) in seen
        assert bench.engine.pid != frozen

    bench.run(work)


TEMPLATES = {
    "takes all memory": ("{{ 'x' * 100000000 * 1000 }}", "template"),
    "runs for ever": ("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "crashed"),
}


@on_linux
@pytest.mark.engine
@pytest.mark.long
@pytest.mark.parametrize("case", TEMPLATES)
def test_a_chat_template_that_is_a_bomb_is_ended_and_said(tmp_path: Path, starter_model: Path, case: str) -> None:
    """It goes off at one word of a question; other questions are answered."""
    bomb, reason = TEMPLATES[case]
    template = f"{{% if 'boom' in messages[-1]['content'] %}}{bomb}{{% endif %}}{{{{ messages[-1]['content'] }}}}"
    model = with_template(starter_model, tmp_path / "bomb.gguf", template)
    bench = Bench(model, silence=4.0, stuck=8.0 if reason == "crashed" else 600.0)

    async def work() -> None:
        _, message = await whole(bench.backend.stream(asked(model, "boom", max_tokens=4)))
        assert message.failure is not None
        assert (message.failure.kind, message.failure.reason) == ("engine_failed", reason)
        _, message = await whole(bench.backend.stream(asked(model, "Say yes.", max_tokens=4)))
        assert message.failure is None

    bench.run(work)


@pytest.mark.engine
def test_a_question_longer_than_the_context_is_refused_and_the_engine_lives(starter_model: Path) -> None:
    bench = Bench(starter_model, context_length=256)

    async def work() -> None:
        _, message = await whole(bench.backend.stream(asked(starter_model, "word " * 1000)))
        assert message.failure is not None
        assert message.failure.kind == "context_too_long"
        pid = bench.engine.pid
        _, message = await whole(bench.backend.stream(asked(starter_model, "Hi", max_tokens=2)))
        assert message.text
        assert bench.engine.pid == pid

    bench.run(work)


@pytest.mark.engine
def test_the_persons_proxies_are_not_asked(starter_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "socks://127.0.0.1:9")
    bench = Bench(starter_model)

    async def work() -> None:
        _, message = await whole(bench.backend.stream(asked(starter_model, "Hi", max_tokens=2)))
        assert message.failure is None
        assert message.text

    bench.run(work)


@pytest.mark.engine
def test_a_file_that_is_not_offered_is_not_opened(tmp_path: Path, starter_model: Path) -> None:
    """Whoever names it, in settings or a conversation: a policy may let no model files be opened."""
    copy = tmp_path / "copy.gguf"
    copy.symlink_to(starter_model)
    bench = Bench(starter_model)

    async def work() -> None:
        _, message = await whole(bench.backend.stream(asked(copy, "Hi", max_tokens=2)))
        assert message.failure is not None
        assert (message.failure.reason, message.text) == (FileFault.NOT_LISTED, "")
        with pytest.raises(EngineFailed) as refused:
            await bench.backend.describe(str(copy))
        assert refused.value.reason == FileFault.NOT_LISTED
        await bench.backend.load_ahead(asked(copy, ""))
        assert bench.engine.would_load(starter_model), "the engine runs, and has a model"
        assert bench.engine.would_load(copy)

    bench.run(work)


@pytest.mark.engine
def test_a_bad_file_is_the_end_of_the_reply(tmp_path: Path, starter_model: Path) -> None:
    bad = tmp_path / "minutes of the meeting.gguf"
    bad.write_text("Present: all.")
    bench = Bench(bad, starter_model)

    async def work() -> None:
        events, message = await whole(bench.backend.stream(asked(bad, "Hi")))
        assert events[:2] == [Started(str(bad)), Progress(Phase.LOADING)]
        assert isinstance(events[-1], Failed)
        assert message.failure is not None
        assert (message.failure.kind, message.failure.reason) == ("engine_failed", FileFault.NOT_GGUF)
        _, message = await whole(bench.backend.stream(asked(starter_model, "Hi", max_tokens=2)))
        assert message.text

    bench.run(work)


@on_unix
@pytest.mark.engine
def test_a_second_model_waits_for_the_end_of_an_answer(tmp_path: Path, starter_model: Path) -> None:
    other = tmp_path / "other.gguf"
    other.symlink_to(starter_model)
    bench = Bench(starter_model, other)

    async def work() -> None:
        first = asyncio.create_task(whole(bench.backend.stream(asked(starter_model, LONG, max_tokens=30))))
        await asyncio.sleep(0)  # it comes first
        second = asyncio.create_task(whole(bench.backend.stream(asked(other, "Hi", max_tokens=2))))
        events, message = await first
        assert events[-1] == Finished(FinishReason.LENGTH, "length")
        assert message.failure is None
        _, message = await second
        assert message.failure is None

    bench.run(work)


@pytest.mark.long
@pytest.mark.engine
def test_a_larger_window_has_the_model_loaded_again_and_a_smaller_one_does_not(starter_model: Path) -> None:
    bench = Bench(starter_model, context_length=512)
    pids: list[int | None] = []

    async def measured(window: int | None, most: int | None = None, text: str = "Hi") -> Measured:
        request = asked(starter_model, text, max_tokens=4)
        params = replace(request.params, context_length=window, largest_context=most)
        events, message = await whole(bench.backend.stream(replace(request, params=params)))
        assert message.failure is None or message.failure.kind != "context_too_long"
        pids.append(bench.engine.pid)
        return [event for event in events if isinstance(event, Measured) and event.window is not None][-1]

    async def work() -> None:
        first = await measured(None)
        assert (first.window, first.asked) == (512, None)
        assert first.load_seconds is not None
        larger = await measured(1_024)
        assert (larger.window, larger.asked) == (1_024, 1_024)
        assert larger.load_seconds is not None
        again = await measured(512)
        assert (again.window, again.load_seconds) == (1_024, None)
        assert pids[0] != pids[1] == pids[2]
        counted = await measured(None, 8_192, "one two three four five " * 230)  # refused by the exact count
        assert (counted.window, counted.asked) == (4_096, 4_096)

    bench.run(work)


@pytest.mark.engine
def test_a_reply_is_not_ended_by_another_that_needs_a_larger_window(starter_model: Path) -> None:
    bench = Bench(starter_model, context_length=512)

    async def work() -> None:
        long = asked(starter_model, "Count to a hundred.", max_tokens=60)
        first = asyncio.create_task(whole(bench.backend.stream(long)))
        await until(lambda: bench.engine.pid is not None)
        request = asked(starter_model, "Hi", max_tokens=4)
        larger = replace(request, params=replace(request.params, context_length=1_024))
        _, second = await whole(bench.backend.stream(larger))
        _, message = await first
        assert message.failure is None
        assert second.failure is None
        assert message.text

    bench.run(work)


class DeadEngine:
    """Stands at the seam `core.engine.Engine`: reports an address where nobody listens, or fails."""

    def __init__(self, cause: str) -> None:
        self.cause = cause

    async def ensure(self, model: Path, window: int | None = None) -> EngineAddress:
        return EngineAddress("http://127.0.0.1:9", "key")

    def would_load(self, model: Path, window: int | None = None) -> bool:
        return False

    async def end_frozen(self, cause: str) -> None:
        raise AssertionError(cause)

    async def failure(self) -> str:
        return self.cause

    async def aclose(self) -> None:
        return


@pytest.mark.parametrize(("cause", "kind"), [("GGML_ASSERT failed", "engine_failed"), ("", "unreachable")])
def test_only_a_dead_engine_is_blamed(cause: str, kind: str) -> None:
    backend = BuiltInBackend(DeadEngine(cause), lambda: (Path("m.gguf"),), describe_model_file, client)

    async def work() -> None:
        _, message = await whole(backend.stream(asked(Path("m.gguf"), "Hi")))
        assert message.failure is not None
        assert message.failure.kind == kind
        assert not cause or message.failure.detail == cause
        await backend.aclose()
        await backend.aclose()

    asyncio.run(work())


def test_models_are_files(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_text("no model")
    missing = tmp_path / "missing.gguf"
    backend = BuiltInBackend(DeadEngine(""), lambda: (bad, missing), describe_model_file, client)
    assert asyncio.run(backend.list_models()) == [ModelInfo(name=str(bad), label="bad")]
    with pytest.raises(EngineFailed) as failed:
        asyncio.run(backend.describe(str(bad)))
    assert failed.value.reason == FileFault.NOT_GGUF


def test_a_file_in_a_folder_that_one_may_not_enter_hides_no_other(tmp_path: Path) -> None:
    closed, other = tmp_path / "closed.gguf", tmp_path / "other.gguf"

    def describe(path: Path) -> ModelInfo:
        if path == closed:
            raise EngineFailed(reason=FileFault.UNREADABLE) from PermissionError(13, "Permission denied")
        return ModelInfo(str(path))

    backend = BuiltInBackend(DeadEngine(""), lambda: (closed, other), describe, client)
    assert [each.name for each in asyncio.run(backend.list_models())] == [str(closed), str(other)]


@pytest.mark.engine
def test_the_starter_model_is_listed(starter_model: Path) -> None:
    backend = BuiltInBackend(DeadEngine(""), lambda: (starter_model,), describe_model_file, client)
    (info,) = asyncio.run(backend.list_models())
    assert info == asyncio.run(backend.describe(str(starter_model)))
    assert info.title == "SmolLM2 135M"
