"""Nothing is cut in silence: what Ollama is asked for, refuses and tells of its window."""

from __future__ import annotations

from functools import partial

from desktop.backends.ollama import OllamaBackend
from desktop.core.events import Measured, UsageReported
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest, GenerationParams
from tests.backends.outcome import AT_ONCE, Outcome, asked_of, asking, outcome, outcomes, played
from tests.support.ollama_window import WindowedModel, tokens_in
from tests.support.scripts import MODEL

PAGES = "The rent is due on the first of each month. " * 600  # about 6,000 of its tokens


def ask(model: WindowedModel, *requests: ChatRequest) -> tuple[list[Outcome], list[dict[str, object]]]:
    made = partial(OllamaBackend, retries=AT_ONCE, poll_interval=0.01)
    got, server = played(made, model.script, lambda backend: outcomes(backend, *requests))
    return got, [request.json for request in server.chats]


def wishing(text: str, window: int | None = None, most: int | None = None) -> ChatRequest:
    request = asking(text)
    return ChatRequest(
        request.model, request.messages, params=GenerationParams(context_length=window, largest_context=most)
    )


def measured(got: Outcome) -> Measured:
    (found,) = [event for event in got.events if isinstance(event, Measured)]
    return found


def test_what_is_too_long_is_refused_with_the_exact_count_and_the_window() -> None:
    (got,), (body,) = ask(WindowedModel(), wishing(PAGES))
    assert got.error.kind == "context_too_long"
    assert (got.error.needed, got.error.available) == (tokens_in(body), 4_096)
    failure = got.error.as_failure()
    assert (failure.needed, failure.available) == (tokens_in(body), 4_096)


def test_a_window_that_is_asked_for_is_had_and_told() -> None:
    model = WindowedModel()
    (got,), _ = ask(model, wishing(PAGES, 8_192))
    assert got.text == "Hello"
    assert model.loads == [8_192]
    found = measured(got)
    assert (found.window, found.asked) == (8_192, 8_192)
    assert found.load_seconds == 0.5
    assert found.read_per_second == 250
    assert found.memory == 9


def test_what_was_read_already_tells_no_speed_of_reading() -> None:
    """A server counts the whole prompt, and the time of what it has read of it."""
    (first, again), _ = ask(WindowedModel(), wishing(PAGES[:4_000]), wishing(PAGES[:4_000]))
    assert (measured(first).has_loaded, measured(first).read_per_second) == (True, 250)
    assert (measured(again).has_loaded, measured(again).read_per_second) == (False, None)


def test_the_speed_of_writing_is_told_once_enough_was_written() -> None:
    (short,), _ = ask(WindowedModel("a" + " word" * 98), wishing("Hi"))
    (long,), _ = ask(WindowedModel("a" + " word" * 99), wishing("Hi"))
    assert (measured(short).written_per_second, measured(long).written_per_second) == (None, 25)


def test_a_request_that_turns_out_too_long_is_asked_with_the_step_that_holds_it() -> None:
    model = WindowedModel()
    (got,), bodies = ask(model, wishing(PAGES, most=32_768))
    assert got.text == "Hello"
    assert model.loads == [4_096, 8_192]
    assert measured(got).asked == 8_192
    assert len(bodies) == 2


def test_no_more_is_asked_for_than_may_be() -> None:
    model = WindowedModel()
    (got,), _ = ask(model, wishing(PAGES * 4, most=8_192))
    assert (got.error.kind, got.error.available) == ("context_too_long", 4_096)
    assert model.loads == [4_096]


def test_a_server_that_cuts_what_it_is_asked_for_is_not_asked_for_ever() -> None:
    model = WindowedModel(trained=8_192)
    (got,), bodies = ask(model, wishing(PAGES * 4, 4_096, most=131_072))
    assert (got.error.kind, got.error.available) == ("context_too_long", 8_192)
    assert len(bodies) == 2
    fixed = WindowedModel(is_fixed=True)
    (got,), bodies = ask(fixed, wishing(PAGES, 8_192, most=32_768))
    assert (got.error.kind, got.error.available) == ("context_too_long", 4_096)
    assert len(bodies) == 1


def test_a_window_without_memory_for_it_is_halved_and_not_tried_again() -> None:
    model = WindowedModel(memory=16_384)
    (got, again), bodies = ask(model, wishing(PAGES, 32_768, 32_768), wishing(PAGES * 4, most=32_768))
    assert got.text == "Hello"
    assert measured(got).asked == 16_384
    assert again.error.kind == "context_too_long"
    assert max(body["options"]["num_ctx"] for body in bodies[1:] if "options" in body) == 16_384


def test_an_old_server_cuts_and_its_count_tells() -> None:
    (got,), (body,) = ask(WindowedModel(version="0.5.7"), wishing(PAGES))
    assert got.text == "Hello"
    (usage,) = [event.usage for event in got.events if isinstance(event, UsageReported)]
    assert usage.prompt_tokens == 2_050 < tokens_in(body) / 2


def test_a_description_tells_the_window_of_a_loaded_model() -> None:
    async def ask(backend: OllamaBackend) -> tuple[ModelInfo, ModelInfo]:
        cold = await backend.describe(MODEL)
        await outcome(backend, wishing("Hi", 8_192))
        return cold, await backend.describe(MODEL)

    cold, warm = asked_of(OllamaBackend, WindowedModel().script, ask)
    assert (cold.loaded_context, warm.loaded_context) == (None, 8_192)
