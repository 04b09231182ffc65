"""Whatever JSON a server sends, in fields that mean something, reading it raises nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.ollama_models import loaded_in, model_of_show, model_of_tag
from desktop.backends.openai.models import (
    model_of_entry,
    models_listed,
    opens_thinking,
    own_entries,
    with_own_entry,
    with_props,
)
from desktop.backends.openai.replies import ChatReply
from desktop.backends.presets import load_presets
from desktop.backends.reasoning_splitter import ReasoningSplitter
from desktop.backends.wire.error_bodies import error_for, said_in, said_in_body
from desktop.backends.wire.framing import NdjsonDecoder, SseDecoder
from desktop.backends.wire.http import HttpClient
from desktop.core.errors import BackendError
from desktop.core.events import Progress, ReasoningDelta, Reclassified, TextDelta
from desktop.core.model import ModelInfo

_WORDS = """
    error message code type param metadata raw detail object choices delta content reasoning reasoning_content
    reasoning_details thinking text summary index signature data finish_reason usage timings prompt_progress total cache
    processed prompt_tokens completion_tokens completion_tokens_details reasoning_tokens prompt_n id name meta n_ctx
    n_params max_model_len max_input_tokens supported_parameters details capabilities model_info families family
    parameter_size general.architecture chat_template default_generation_settings params modalities prompt models model
    expires_at tool_calls refusal msg loc n_prompt_tokens signin_url context_length
"""
_NAMES = st.sampled_from(_WORDS.split())
_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["{", '{"error": 1}', "8B"]),
)
VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=5)),
    max_leaves=20,
)
OBJECTS = st.dictionaries(_NAMES, VALUES, max_size=8)
PRESET = load_presets()["custom"]


@given(VALUES)
def test_errors(value: Any) -> None:
    said = said_in(value)
    if said is not None:
        assert isinstance(error_for(said, status=None), BackendError)
    assert isinstance(error_for(said_in_body(json.dumps(value).encode()), status=500), BackendError)


@given(st.binary(max_size=200), st.integers(100, 599))
def test_errors_of_any_bytes(body: bytes, status: int) -> None:
    error = error_for(said_in_body(body), status=status)
    assert len(error.detail) <= 500
    assert "\n" not in error.detail


@given(st.lists(VALUES, max_size=4))
def test_chunks(values: list[Any]) -> None:
    reply = ChatReply(HttpClient("http://127.0.0.1"), "custom", ReasoningSplitter(), "", 5.0)
    for event in reply.read(values):
        assert not isinstance(event, Progress) or event.fraction is None or 0 <= event.fraction <= 1
    with suppress(BackendError):
        list(reply.end())


@given(OBJECTS)
def test_models(value: dict[str, Any]) -> None:
    for model in (
        model_of_tag(value),
        model_of_show("m", value),
        *(model_of_entry(PRESET, each) for each in models_listed([value]) or ()),
        *(with_own_entry(ModelInfo("m"), each) for each in own_entries({"models": [value]}).values()),
        with_props(ModelInfo("m"), value),
    ):
        for context in (model.context_length, model.served_context, model.loaded_context):
            assert context is None or context > 0
        assert hash(model) is not None
    assert all(each.name for each in models_listed(value) or ())
    assert opens_thinking(value) in (True, False)
    listed = loaded_in(value, "m")
    assert listed is None or listed.stays is None or isinstance(listed.stays, float)


@given(st.binary(max_size=300), st.integers(1, 20))
def test_streams_of_any_bytes_are_cut_without_loss_of_order(content: bytes, size: int) -> None:
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    for whole, cut in ((SseDecoder(), SseDecoder()), (NdjsonDecoder(), NdjsonDecoder())):
        at_once = [*whole.feed(content), *whole.close()]
        assert at_once == [*(one for piece in pieces for one in cut.feed(piece)), *cut.close()]


@given(
    st.lists(st.tuples(st.booleans(), st.text(max_size=12)), max_size=12), st.booleans(), st.booleans(), st.booleans()
)
def test_words_keep_their_order_and_none_is_invented(
    pieces: list[tuple[bool, str]], inside: bool, off: bool, by_itself: bool
) -> None:
    splitter = ReasoningSplitter(starts_inside=inside, thinking_off=off)
    events = [
        event for is_text, text in pieces for event in (splitter.text(text) if is_text else splitter.reasoning(text))
    ]
    events += splitter.end(by_itself=by_itself)
    assert all(isinstance(event, ReasoningDelta | TextDelta | Reclassified) for event in events)
    shown = "".join(event.text for event in events if isinstance(event, ReasoningDelta | TextDelta))
    assert len(shown) <= sum(len(text) for _, text in pieces)
    shown.encode()  # no lone surrogate may reach the store
