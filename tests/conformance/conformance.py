"""The conformance that every OpenAI-compatible server is tried for, step by step, with Candor's own client."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, replace

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.errors import AuthRejected, BackendError, ContextTooLong, ModelMissing, StreamBroken
from desktop.core.events import AnsweredEarly, Failed, Finished, Measured, ReasoningDelta, TextDelta, UsageReported
from desktop.core.message import AnswerWay, AttachmentPart, user_message
from desktop.core.model import Backend
from desktop.core.outgoing import cannot_reason
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode

_SECONDS = 120.0  # for one step; a model is loaded in some
_LONG = "The rent is due on the first day of each month. " * 20_000
_ENDLESS = "Count from one to ten thousand, in words."
_FILE = AttachmentPart("rent.txt", "text/plain", "The rent is due on the first day of each month, in full. " * 100)
_LOADED_ALREADY = 0.05  # seconds
_FEW = 8  # tokens; the smallest models end by themselves after few more
# Seconds: that a server may go on with what nobody reads any more, and that its end may go unnoticed.
_GIVEN_UP = 10.0
_NOTICED = 12.0


class Unexpected(Exception):
    """The server did something else than it should."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a step. `said` is what came, or what went wrong."""

    name: str
    is_good: bool
    said: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a reply, how many tokens its server counted, how it ended, and the way of an early answer."""

    text: str = ""
    reasoning: str = ""
    tokens: int | None = None
    finish: str = ""
    way: AnswerWay | None = None


async def tried(name, step):
    """Do a step and return what came of it; nothing that goes wrong ends the trial."""
    began = time.monotonic()
    try:
        said, is_good = await asyncio.wait_for(step(), _SECONDS), True
    except (BackendError, Unexpected, TimeoutError) as error:
        said, is_good = f"{type(error).__name__} {getattr(error, 'reason', '')} {error}".strip(), False
    return Outcome(name, is_good, said, time.monotonic() - began)


def table(outcomes):
    """Return the outcomes as a table of Markdown."""
    rows = ["| step | | what came | s |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {each.name} | {'ok' if each.is_good else 'NOT'} | {each.said.replace('|', '∣')} | {each.seconds:.1f} |"
        for each in outcomes
    ]
    return "\n".join(rows)


async def asking(backend, model, text="Name three colours.", most=24, **more):
    """Return a short question, to a model that is described first as the program does it: may it think, or not?"""
    request = ChatRequest(
        model, (user_message(text),), params=GenerationParams(max_tokens=most, temperature=0.0),
        thinking=Thinking(ThinkingMode.OFF),
    )  # fmt: skip
    return replace(request, cannot_reason=cannot_reason(await backend.describe(model)), **more)


async def said_to(backend, request):
    """Return the reply to a request. Raises `BackendError`."""
    said = Said()
    async for event in backend.stream(request):
        match event:
            case Failed(error):
                raise error
            case TextDelta(text):
                said = replace(said, text=said.text + text)
            case ReasoningDelta(text):
                said = replace(said, reasoning=said.reasoning + text)
            case UsageReported(usage):
                said = replace(said, tokens=usage.completion_tokens)
            case AnsweredEarly(way):
                said = replace(said, way=way)
            case Finished(reason):
                said = replace(said, finish=reason)
            case _:
                pass
    return said


async def reads_once(backend, model):
    """Ask about a file, and once more: nothing is loaded anew then, and next to nothing read."""
    first_question = user_message("What is due, and when?", attached=(_FILE,))
    first, answer = await _measured(backend, await asking(backend, model, messages=(first_question,)))
    messages = (first_question, answer, user_message("And what is not?"))
    second, _ = await _measured(backend, await asking(backend, model, messages=messages))
    if first.read_seconds is None or second.read_seconds is None or second.load_seconds is None:
        raise Unexpected("not told how long it loaded and read")
    said = (
        f"read for {first.read_seconds:.2f} s, then {second.read_seconds:.2f} s; loaded for {second.load_seconds:.3f} s"
    )
    if second.load_seconds > _LOADED_ALREADY or second.read_seconds > first.read_seconds / 10:
        raise Unexpected(said)
    return said


async def _measured(backend, request):
    builder, told = ReplyBuilder(), Measured()
    async for event in backend.stream(request):
        builder.apply(event)
        match event:
            case Failed(error):
                raise error
            case Measured():
                told = event
            case _:
                pass
    return told, builder.message


async def answered(backend, request):
    """Return the answer to a question. Raises `BackendError`, or `Unexpected` where none came."""
    text = (await said_to(backend, request)).text
    if not text.strip():
        raise Unexpected("no answer")
    return text


async def described(backend, model):
    """Have a model described."""
    info = await backend.describe(model)
    window = info.loaded_context or info.served_context or info.context_length
    modes = ", ".join(info.thinking_modes)
    return f"{window} tokens{f', family {info.family}' if info.family else ''}, thinking: {modes or 'not told'}"


async def streams(backend, model):
    """Ask once, and count the words."""
    return f"{len((await answered(backend, await asking(backend, model))).split())} words"


async def keeps_limits(backend, model):
    """Ask for an endless answer of few tokens, and then for more than the window holds."""
    said = await said_to(backend, await asking(backend, model, _ENDLESS, most=_FEW))
    if (said.tokens or 0) > _FEW or said.finish != "length":
        raise Unexpected(f"{said.tokens} tokens, {said.finish}")
    wide = await asking(backend, model, most=100_000)
    wide_said = await said_to(backend, replace(wide, thinking=Thinking(), cannot_reason=False))
    if not (wide_said.text or wide_said.reasoning):
        raise Unexpected("no word came where much room was asked for")
    return f"{said.tokens} of {_FEW} tokens; 100,000 were no error"


async def thinking_is_asked_for(backend, model):
    """Ask a model to think; one that cannot answers all the same."""
    request = replace(await asking(backend, model, most=64), thinking=Thinking(ThinkingMode.ON, 24))
    said = await said_to(backend, request)
    if not (said.text.strip() or said.reasoning.strip()):
        raise Unexpected("no word came")
    thought = f"thought {len(said.reasoning.split())} words, " if said.reasoning else "cannot think, "
    return f"{thought}answered {len(said.text.split())} words"


async def is_stopped(backend, model, running=None):
    """Leave an endless answer after its first words: the server must give it up, or at least not be held up by it."""
    stream = backend.stream(await asking(backend, model, _ENDLESS, most=1_500))
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
        busy = await running() if running is not None else 0
    began = time.monotonic()
    if running is None:
        await answered(backend, await asking(backend, model, "Say yes.", most=4))
        return f"the next answer came after {time.monotonic() - began:.1f} s"
    while await running():
        if time.monotonic() - began > _GIVEN_UP:
            raise Unexpected("the server went on with it")
        await asyncio.sleep(0.1)
    return f"{busy} under way, none {time.monotonic() - began:.1f} s later"


async def goes_on(backend, model):
    """Continue an answer that is cut behind a word: with the same words as if it had not been, or with others."""
    request = await asking(backend, model, "Tell me about the river Rhine.", most=40)
    whole = await answered(backend, request)
    begun = whole[: len(whole) // 2].rpartition(" ")[0]
    rest = await answered(backend, replace(request, partial_reply=PartialReply(begun)))
    joint = f"“{' '.join((begun[-12:] + '¦' + rest[:16]).split())}”"
    return f"from the last letter: {joint}" if whole.startswith(begun + rest[:8]) else f"with other words: {joint}"


async def answers_now(backend, model):
    """Ask for the answer to thinking that is cut off."""
    thought = "The user wants three colours. Red is one, green is another"
    partial = PartialReply("", thought, answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED))
    said = await said_to(backend, replace(await asking(backend, model), partial_reply=partial))
    if not said.text.strip():
        raise Unexpected("no answer")
    return f"{said.way}, {len(said.text.split())} words"


async def too_long_is_refused(backend, model):
    """Send far more than fits: it must be refused and never cut in silence."""
    try:
        await answered(backend, await asking(backend, model, _LONG, most=4))
    except ContextTooLong as error:
        return f"refused: {error.needed or 'uncounted'} tokens, {error.available} fit"
    raise Unexpected("a text that is too long was answered")


async def two_at_once(backend, model):
    """Ask two questions at the same time."""
    asked = await asking(backend, model)
    other = replace(asked, messages=(user_message("Name three animals."),))
    both = await asyncio.gather(answered(backend, asked), answered(backend, other))
    return f"{len(both)} answers"


async def is_noticed(backend, model, end):
    """End the server in the middle of an answer: that must be noticed, and what came kept."""
    text, began = "", 0.0
    async for event in backend.stream(await asking(backend, model, _ENDLESS, most=1_500)):
        match event:
            case TextDelta(text=piece):
                text += piece
                if not began:
                    began = time.monotonic()
                    await end()
            case Failed(error):
                seconds = time.monotonic() - began
                is_told = isinstance(error, StreamBroken) or error.reason == "engine_dead"
                if not is_told or seconds > _NOTICED:
                    raise Unexpected(f"{type(error).__name__} {error.reason} after {seconds:.1f} s") from error
                return f"noticed after {seconds:.1f} s: {error.reason}; {len(text.split())} words kept"
            case _:
                pass
    raise Unexpected("it went on to its end")


async def is_refused(step, reason):
    """Do what must be refused for a reason: that of the error, or its kind."""
    try:
        await step()
    except BackendError as error:
        if reason in (error.reason, error.kind):
            return f"refused: {reason}"
        raise
    raise Unexpected("it was not refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server that runs at a `url` without `/v1`, and a model on it. `stranger` is a client with a wrong key.

    `running` tells how many requests the server works at, where that can be known; `end` sends it a signal. One that
    serves a single model may not look at names.
    """

    version: str
    url: str
    key: str
    model: str
    backend: Backend
    stranger: Backend
    end: Callable[[signal.Signals], Awaitable[None]]
    running: Callable[[], Awaitable[int]] | None = None
    looks_at_names: bool = True


Start = Callable[[], AbstractAsyncContextManager[Subject]]


@asynccontextmanager
async def clients(url, key, preset):
    """Connect two clients to a server: one with its key, and one with a wrong one."""
    backend, stranger = (OpenAICompatBackend(url, each, load_presets()[preset]) for each in (key, "sk-wrong-key"))
    try:
        yield backend, stranger
    finally:
        await backend.aclose()
        await stranger.aclose()


async def outcomes_of(start):
    """Start a server and try it to its end, and once more to end it by force."""
    async with start() as subject:
        found = [Outcome("version", True, subject.version, 0.0), *await _while_it_runs(subject)]
        found.append(await tried("shut down in mid-stream", lambda: _ended(subject, signal.SIGTERM)))
    async with start() as subject:
        found.append(await tried("killed in mid-stream", lambda: _ended(subject, signal.SIGKILL)))
    return found


async def _while_it_runs(subject):
    backend, model = subject.backend, subject.model

    async def listed():
        return ", ".join(each.title for each in await backend.list_models())

    async def with_a_wrong_key():
        await said_to(subject.stranger, await asking(backend, model))

    async def of_an_unknown_model():
        await said_to(backend, replace(await asking(backend, model), model="candor-try-nothing"))

    found = [
        await tried("list", listed),
        await tried("describe", lambda: described(backend, model)),
        await tried("stream", lambda: streams(backend, model)),
        await tried("limits", lambda: keeps_limits(backend, model)),
        await tried("asked to think", lambda: thinking_is_asked_for(backend, model)),
        await tried("stop", lambda: is_stopped(backend, model, subject.running)),
        await tried("continue", lambda: goes_on(backend, model)),
        await tried("answer now", lambda: answers_now(backend, model)),
        await tried("two at once", lambda: two_at_once(backend, model)),
        await tried("too long", lambda: too_long_is_refused(backend, model)),
        await tried("wrong key", lambda: is_refused(with_a_wrong_key, AuthRejected.kind)),
    ]
    if subject.looks_at_names:
        found.append(await tried("unknown model", lambda: is_refused(of_an_unknown_model, ModelMissing.kind)))
    return found


async def _ended(subject, by):
    return await is_noticed(subject.backend, subject.model, lambda: subject.end(by))
