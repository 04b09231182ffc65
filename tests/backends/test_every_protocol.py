"""What holds whatever the protocol: words that come together go on together, pictures arrive, keys are masked."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_models import loaded_in, model_of_show, model_of_tag
from desktop.backends.openai.chat import ChatReply
from desktop.backends.openai.models import (
    model_of_entry,
    models_listed,
    opens_thinking,
    own_entries,
    with_own_entry,
    with_props,
)
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.backends.replies import ReasoningSplitter
from desktop.backends.wire.bodies import ValueDecoder, sent_messages
from desktop.backends.wire.error_bodies import RefusedError, error_for, said_in, said_in_body
from desktop.backends.wire.http import HttpClient
from desktop.core.errors import BackendError, RequestRejected
from desktop.core.events import Progress, ReasoningDelta, Reclassified, TextDelta
from desktop.core.message import ImagePart, Message, Role, TextPart
from desktop.core.model import Backend, ModelInfo
from desktop.core.request import ChatRequest
from tests.backends.outcome import asking, outcome, played, replies
from tests.support.every_backend import BLIND, EVERY_BACKEND, SEEING, pictures_in, png
from tests.support.scripted_server import Fed, Reply, Script, ScriptedServer
from tests.support.scripts import (
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    responses_events,
    responses_script,
)

LONG = " ".join(f"word{number}" for number in range(400))


@dataclass(frozen=True)
class Spoken:
    """A protocol: its backend, which has a key, its server, and the lines of a reply."""

    backend: Callable[[str], Backend]
    script: Callable[[Reply], Script]
    reply: Callable[[str, str], list[str]]


KEY = "sk-canary+9173/552043"
FORMS = [
    KEY,
    KEY.encode().hex(),
    KEY.encode().hex().upper(),
    quote(KEY, safe=""),
    "".join(f"%{octet:02x}" for octet in KEY.encode()),
    "".join(f"\\x{octet:02x}" for octet in KEY.encode()),
    b64encode(KEY.encode()).decode(),
]
SAID = f"Your key is {', or '.join(FORMS)}! It begins with sk-can"
MASKED = f"Your key is {', or '.join(['•••'] * len(FORMS))}! It begins with sk-can"
SPOKEN = {
    "chat completions": Spoken(
        lambda url: OpenAICompatBackend(url, KEY),
        openai_script,
        lambda text, thinking: [f"data: {json.dumps(each)}\n\n" for each in openai_chunks(text, thinking)],
    ),
    "responses": Spoken(
        lambda url: OpenAICompatBackend(url, KEY, load_presets()["openai"]),
        responses_script,
        lambda text, thinking: responses_events(text, [thinking]),
    ),
    "Ollama": Spoken(
        lambda url: OllamaBackend(url, KEY),
        ollama_script,
        lambda text, thinking: [json.dumps(each) + "\n" for each in ollama_lines(text, thinking)],
    ),
}
each_protocol = pytest.mark.parametrize("spoken", SPOKEN.values(), ids=list(SPOKEN))


@each_protocol
def test_a_whole_reply_that_comes_at_once_is_few_pieces_and_a_repeated_key_is_masked(spoken):
    for text, masked in ((LONG, LONG), (SAID, MASKED)):
        (found,), _ = replies(spoken.backend, spoken.script(Reply(["".join(spoken.reply(text, text))])), asking())
        assert (found.text, found.reasoning) == (masked, masked)
        assert sum(isinstance(each, TextDelta | ReasoningDelta) for each in found.events) < 20
        (found,), _ = replies(spoken.backend, spoken.script(Reply(spoken.reply(text, text))), asking())
        assert (found.text, found.reasoning) == (masked, masked)


@each_protocol
async def test_a_word_is_handed_on_as_soon_as_it_is_there_and_what_follows_it_together(spoken):
    """The server sends more only when it is told that the first word was seen."""
    pieces = spoken.reply(LONG, "")
    shown = next(at for at, each in enumerate(pieces) if "word" in each) + 1

    async with ScriptedServer(spoken.script(Reply([Fed()]))) as server:
        server.feed("".join(pieces[:shown]).encode())
        words = []
        backend = spoken.backend(server.url)
        async for event in backend.stream(asking(model="gpt-5")):
            if isinstance(event, TextDelta):
                if not words:
                    server.feed("".join(pieces[shown:]).encode())
                    server.feed(None)
                words.append(event.text)
        await backend.aclose()
        words = words

    assert "".join(words) == LONG
    assert words[0] == "word0"
    assert len(words) < 20


PICTURE = png()
DIGEST = "ab" * 32


def question(model, *pictures, text="What is it?"):
    message = Message(role=Role.USER, parts=(TextPart(text), *pictures))
    return ChatRequest(model, (message,), pictures={DIGEST: PICTURE})


def script_of(case, answers):
    if case == "ollama":
        return ollama_script(answers.ollama, capabilities=("completion", "vision"))
    return EVERY_BACKEND[case].script(answers)


def ask(case, answers, *pictures, text="What is it?"):
    served = EVERY_BACKEND[case]
    asked = question(served.model, *pictures, text=text)
    got, server = played(served.backend, script_of(case, answers), lambda backend: outcome(backend, asked))
    return got, [request for request in server.requests if b"What is it?" in request.body or not text]


each_way = pytest.mark.parametrize("case", ["custom", "openai, responses", "ollama", "built-in engine"])


@each_way
def test_a_picture_arrives_with_its_question_and_needs_no_words(case):
    picture = ImagePart("a.png", "image/png", DIGEST)
    got, requests = ask(case, SEEING, picture)
    assert got.text == "I see 1."
    assert pictures_in(requests[-1]) == [("What is it?", PICTURE)]
    assert ask(case, SEEING, picture, text="")[0].text == "I see 1."


@each_way
def test_a_model_that_cannot_see_is_called_that(case):
    got, _ = ask(case, BLIND, ImagePart("a.png", "image/png", DIGEST))
    assert (got.error.kind, got.error.reason) == ("request_rejected", "pictures")


def test_ollama_is_not_asked_where_it_says_that_a_model_cannot_see():
    """Some of its versions leave the pictures out, and the model answers as if there were none."""

    script = ollama_script(SEEING.ollama, capabilities=("completion",))
    asked = question("scripted:latest", ImagePart("a.png", "image/png", DIGEST))
    got, server = played(OllamaBackend, script, lambda backend: outcome(backend, asked))
    assert got.error.reason == "pictures"
    assert "/api/chat" not in [request.path for request in server.requests]


def test_a_protocol_without_pictures_says_so():
    with pytest.raises(RequestRejected) as refused:
        sent_messages(question("m", ImagePart("a.png", "image/png", DIGEST)))
    assert refused.value.reason == "pictures"


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
def test_errors(value):
    said = said_in(value)
    if said is not None:
        assert isinstance(error_for(said, status=None), BackendError)
    assert isinstance(error_for(said_in_body(json.dumps(value).encode()), status=500), BackendError)


@given(st.binary(max_size=200), st.integers(100, 599))
def test_errors_of_any_bytes(body, status):
    error = error_for(said_in_body(body), status=status)
    assert len(error.detail) <= 500
    assert "\n" not in error.detail


@given(st.lists(VALUES, max_size=4))
def test_chunks(values):
    reply = ChatReply(HttpClient("http://127.0.0.1"), ReasoningSplitter(), "", 5.0)
    with suppress(BackendError, RefusedError):
        for event in reply.read_together(values):
            assert not isinstance(event, Progress) or event.fraction is None or 0 <= event.fraction <= 1
        list(reply.end())


@given(OBJECTS)
def test_models(value):
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
    assert listed is None or listed.leaves_soon in (True, False)


@given(st.binary(max_size=300), st.integers(1, 20))
def test_streams_of_any_bytes_are_cut_without_loss_of_order(content, size):
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    whole, cut = ValueDecoder(), ValueDecoder()
    at_once = [*whole.feed(content), *whole.close()]
    assert str(at_once) == str([*(one for piece in pieces for one in cut.feed(piece)), *cut.close()])


@given(
    st.lists(st.tuples(st.booleans(), st.text(max_size=12)), max_size=12), st.booleans(), st.booleans(), st.booleans()
)
def test_words_keep_their_order_and_none_is_invented(pieces, inside, off, by_itself):
    splitter = ReasoningSplitter(starts_inside=inside, thinking_off=off)
    events = [
        event for is_text, text in pieces for event in (splitter.text(text) if is_text else splitter.reasoning(text))
    ]
    events += splitter.end(by_itself=by_itself)
    assert all(isinstance(event, ReasoningDelta | TextDelta | Reclassified) for event in events)
    shown = "".join(event.text for event in events if isinstance(event, ReasoningDelta | TextDelta))
    assert len(shown) <= sum(len(text) for _, text in pieces)
    shown.encode()  # no lone surrogate may reach the store
