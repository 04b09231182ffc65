"""The rest of a reply that was cut off: what each server is asked, and what a user then reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, user_message
from desktop.core.outgoing.continuation import asking_to_go_on
from desktop.core.outgoing.messages import outgoing
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode
from tests.backends.outcome import AT_ONCE, built, run
from tests.backends.outcome import played as play
from tests.support.scripted_server import Cut, Recorded, Reply, Script, ScriptedServer, json_reply, text_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script, openai_chunks, openai_script, sse

PRESETS = load_presets()
QUESTION = "Tell me of the fox."
TEXT = "The quick brown fox jumps over the lazy dog, and then the fox"
THOUGHT = "A fox, then."
ASKING = asking_to_go_on(QUESTION, TEXT)
REST = sse(openai_chunks(" sleeps."))
AGAIN = sse(openai_chunks("and then the fox sleeps."))


def cut(text: str = TEXT, reasoning: str = "") -> Message:
    """A reply that was cut off, as it stands when its rest begins to come."""
    parts = (ReasoningPart(reasoning), TextPart(text))
    return Message(
        role=Role.ASSISTANT, parts=tuple(part for part in parts if part.text), status=MessageStatus.STREAMING
    )


def rest_of(
    reply: Message, *, thinking: ThinkingMode = ThinkingMode.AUTO, partial_reply: PartialReply | None = None
) -> ChatRequest:
    earlier = Message(role=Role.ASSISTANT, parts=(ReasoningPart("an old secret"), TextPart("Hello.")))
    path = (user_message("Hello!"), earlier, user_message(QUESTION))
    partial_reply = partial_reply or PartialReply(reply.text, reply.reasoning)
    return ChatRequest(MODEL, outgoing(path), "Be brief.", thinking=Thinking(thinking), partial_reply=partial_reply)


def played(backend_of: Any, script: Script, *replies: Message, **more: Any) -> tuple[list[Message], list[Recorded]]:
    """The replies continued one after the other, and the chats that came to the server."""

    async def ask(backend: Backend) -> list[Message]:
        return [(await built(backend, rest_of(reply, **more), reply)).message for reply in replies]

    wholes, server = play(backend_of, script, ask)
    return wholes, server.chats


def openai(preset: str) -> Any:
    return lambda url: OpenAICompatBackend(url, "", PRESETS[preset], retries=AT_ONCE)


def ollama(url: str) -> Backend:
    return OllamaBackend(url, retries=AT_ONCE, poll_interval=0.02)


def refusal(message: str, status: int = 400) -> Reply:
    return json_reply({"error": {"message": message, "type": "invalid_request_error", "code": status}}, status)


HISTORY = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hello."},
    {"role": "user", "content": QUESTION},
]
LAST = {"role": "assistant", "content": TEXT}
ASKED = [*HISTORY, LAST, {"role": "user", "content": ASKING}]
COMMON = {"model": MODEL, "stream": True, "stream_options": {"include_usage": True}}
OF_OLLAMA = {"stream": True, "truncate": False, "shift": False}
FLAGS = {"continue_final_message": True, "add_generation_prompt": False}
THINKING_OFF = {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}
PROGRESS = {"return_progress": True}
CONTROL = PROGRESS | {"reasoning_control": True}  # where there may be thinking to end

# preset, the thinking of the reply, what is sent, where
BODIES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "llama-server": ("llama-server", "", {"messages": [*HISTORY, LAST], **FLAGS, **THINKING_OFF, **PROGRESS}, "/v1"),
    "llama-server, thought": (
        "llama-server",
        THOUGHT,
        {"messages": [*HISTORY, LAST | {"reasoning_content": THOUGHT}], **FLAGS, **CONTROL},
        "/v1",
    ),
    "vllm": ("vllm", "", {"messages": [*HISTORY, LAST], **FLAGS, **THINKING_OFF}, "/v1"),
    "vllm, thought": ("vllm", THOUGHT, {"messages": [*HISTORY, LAST], **FLAGS, **THINKING_OFF}, "/v1"),
    "deepseek": (
        "deepseek",
        "",
        {"messages": [*HISTORY, LAST | {"prefix": True}], "thinking": {"type": "disabled"}},
        "/beta",
    ),
    "deepseek, thought": (
        "deepseek",
        THOUGHT,
        {"messages": [*HISTORY, LAST | {"prefix": True, "reasoning_content": THOUGHT}]},
        "/beta",
    ),
    "dashscope": (
        "dashscope",
        THOUGHT,
        {"messages": [*HISTORY, LAST | {"partial": True}], "enable_thinking": False},
        "/v1",
    ),
    **{
        preset: (preset, THOUGHT, {"messages": ASKED}, "/v1")
        for preset in ("custom", "litellm", "lm-studio", "openai", "openrouter", "siliconflow", "volcengine-ark")
    },
}


def test_the_table_knows_every_provider() -> None:
    assert {preset for preset, *_ in BODIES.values()} == set(PRESETS)


@pytest.mark.parametrize("case", BODIES)
def test_what_is_sent_and_what_is_read(case: str) -> None:
    preset, thought, body, base = BODIES[case]
    answer = AGAIN if body["messages"] == ASKED else REST
    script = {**openai_script(answer), "POST /beta/chat/completions": [answer]}
    (whole,), (chat,) = played(openai(preset), script, cut(reasoning=thought))
    assert chat.json == COMMON | body
    assert chat.path == f"{base}/chat/completions"
    assert whole.text == f"{TEXT} sleeps."
    assert whole.reasoning == thought
    assert whole.status is MessageStatus.COMPLETE
    assert "secret" not in chat.body.decode()


def test_ollama_goes_on_with_the_last_message_without_thinking() -> None:
    (whole,), (chat,) = played(ollama, ollama_script(ndjson(ollama_lines(" sleeps."))), cut(reasoning=THOUGHT))
    assert chat.json == {"model": MODEL, "messages": [*HISTORY, LAST], **OF_OLLAMA, "think": False}
    assert (whole.text, whole.reasoning) == (f"{TEXT} sleeps.", THOUGHT)


def test_ollama_asks_where_the_template_refuses() -> None:
    refused = json_reply({"error": '{"error":{"code":400,"message":"the last message must be of role user"}}'}, 400)
    script = ollama_script(refused, ndjson(ollama_lines("and then the fox sleeps.")))
    (whole,), chats = played(ollama, script, cut())
    assert [chat.json["messages"] for chat in chats] == [[*HISTORY, LAST], ASKED]
    assert [chat.json["think"] for chat in chats] == [False, True]
    assert whole.text == f"{TEXT} sleeps."


def test_an_old_ollama_model_that_cannot_be_told_to_think_or_not_still_goes_on() -> None:
    refused = json_reply({"error": f'"{MODEL}" does not support thinking'}, 400)
    (whole,), chats = played(ollama, ollama_script(refused, ndjson(ollama_lines(" sleeps."))), cut())
    assert [chat.json["messages"] for chat in chats] == [[*HISTORY, LAST]] * 2
    assert "think" not in chats[1].json
    assert whole.text == f"{TEXT} sleeps."


def test_a_llama_server_that_cannot_go_on_where_it_would_think_is_asked_without_thinking() -> None:
    refused = refusal("Assistant response prefill is incompatible with enable_thinking.")
    (whole,), chats = played(openai("llama-server"), openai_script(refused, REST), cut(reasoning=THOUGHT))
    assert [chat.json["messages"][-1] for chat in chats] == [LAST | {"reasoning_content": THOUGHT}, LAST]
    assert chats[1].json == COMMON | {"messages": [*HISTORY, LAST]} | FLAGS | THINKING_OFF | PROGRESS
    assert (whole.text, whole.reasoning) == (f"{TEXT} sleeps.", THOUGHT)


REFUSALS = {
    "not these fields": ("vllm", refusal("Extra inputs are not permitted: 'continue_final_message'")),
    "the template": ("vllm", refusal("continue_final_message is set but the final message does not appear", 500)),
    "no such address": ("deepseek", text_reply("404 page not found", 404)),
    "a page": ("deepseek", text_reply("<html><title>Not Found</title></html>", 404, "text/html")),
    "not in thinking mode": ("dashscope", refusal("partial is not supported in thinking mode")),
    "no question at the end": ("llama-server", refusal("Jinja Exception: No user query found in messages.", 500)),
    "without a reason": ("vllm", refusal("Bad Request")),
    "earlier thinking": ("deepseek", refusal("The reasoning_content is not allowed in messages")),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_server_that_refuses_is_asked_and_that_is_remembered(case: str) -> None:
    preset, refused = REFUSALS[case]
    script = {**openai_script(refused, AGAIN), "POST /beta/chat/completions": [refused]}
    if preset == "deepseek":
        script["POST /v1/chat/completions"] = [AGAIN]
    wholes, chats = played(openai(preset), script, cut(), cut())
    assert [chat.json["messages"] for chat in chats[1:]] == [ASKED, ASKED]
    assert not chats[1].json.keys() & FLAGS.keys()
    assert chats[1].path == "/v1/chat/completions"
    assert [whole.text for whole in wholes] == [f"{TEXT} sleeps."] * 2


def test_another_field_that_is_refused_is_left_out_and_the_way_kept() -> None:
    refused = refusal("unknown field stream_options")
    (whole,), chats = played(openai("vllm"), openai_script(refused, REST), cut())
    assert "stream_options" not in chats[1].json
    assert chats[1].json["messages"] == [*HISTORY, LAST]
    assert whole.text == f"{TEXT} sleeps."


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        (refusal("Invalid API key", 401), "auth_rejected"),
        (refusal("This model's maximum context length is 10 tokens. However, you requested 20"), "context_too_long"),
        (refusal("Insufficient Balance", 402), "out_of_credit"),
    ],
)
def test_other_failures_are_heard_and_nothing_is_lost(refused: Reply, kind: str) -> None:
    (whole,), chats = played(openai("vllm"), openai_script(refused), cut(reasoning=THOUGHT))
    assert len(chats) == 1
    assert whole.failure is not None
    assert (whole.failure.kind, whole.status) == (kind, MessageStatus.FAILED)
    assert (whole.text, whole.reasoning) == (TEXT, THOUGHT)


def test_a_refusal_of_the_last_way_is_heard() -> None:
    (whole,), chats = played(openai("vllm"), openai_script(refusal("Bad Request")), cut())
    assert len(chats) == 2
    assert whole.failure is not None
    assert whole.failure.kind == "request_rejected"


@pytest.mark.parametrize("preset", ["vllm", "custom"])
def test_a_stream_that_breaks_while_words_are_held_back_keeps_them(preset: str) -> None:
    broken = sse(openai_chunks("and then")[:-2], done=False, then=[Cut()])
    (whole,), chats = played(openai(preset), openai_script(broken), cut())
    assert len(chats) == 1
    assert whole.status is MessageStatus.INTERRUPTED
    assert whole.text.startswith(TEXT)
    assert whole.text.endswith("and then") or preset == "custom"


def test_a_reply_that_was_whole_already_is_complete() -> None:
    (whole,), _ = played(openai("vllm"), openai_script(sse(openai_chunks(""))), cut())
    assert (whole.text, whole.status, whole.failure) == (TEXT, MessageStatus.COMPLETE, None)
    (whole,), _ = played(ollama, ollama_script(ndjson(ollama_lines(""))), cut())
    assert (whole.text, whole.status, whole.failure) == (TEXT, MessageStatus.COMPLETE, None)


def test_cut_off_again() -> None:
    (whole,), _ = played(openai("vllm"), openai_script(sse(openai_chunks(" sleeps", finish="length"))), cut())
    assert (whole.text, whole.status) == (f"{TEXT} sleeps", MessageStatus.CUT_OFF)


def test_a_model_that_thinks_again_keeps_its_thoughts_apart() -> None:
    answer = sse(openai_chunks("and then the fox sleeps.", reasoning="Go on, then."))
    (whole,), _ = played(openai("custom"), openai_script(answer), cut(reasoning=THOUGHT))
    assert whole.reasoning == f"{THOUGHT}\n\nGo on, then."
    assert whole.text == f"{TEXT} sleeps."


def test_another_model_that_thinks_keeps_its_thoughts_apart_and_sees_none() -> None:
    answer = sse(openai_chunks(" sleeps.", reasoning="Go on, then."))
    partial_reply = PartialReply(TEXT, withholds_thinking=True)
    (whole,), (chat,) = played(
        openai("llama-server"), openai_script(answer), cut(reasoning=THOUGHT), partial_reply=partial_reply
    )
    assert THOUGHT not in chat.body.decode()
    assert whole.reasoning == f"{THOUGHT}\n\nGo on, then."


def test_want_of_memory_is_heard_at_once() -> None:
    refused = json_reply({"error": "model requires more system memory (9 GiB) than is available (4 GiB)"}, 500)
    (whole,), chats = played(ollama, ollama_script(refused), cut())
    assert len(chats) == 1
    assert whole.failure is not None
    assert whole.failure.reason == "out_of_memory"


def test_thinking_in_tags_is_not_part_of_the_rest() -> None:
    answer = sse(openai_chunks("Go on, then.\n</think>\n\nand then the fox sleeps."))
    (whole,), _ = played(openai("custom"), openai_script(answer), cut())
    assert whole.text == f"{TEXT} sleeps."
    assert whole.reasoning.strip() == "Go on, then."


# --- Cut off while it thought ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("preset", "flags"), [("llama-server", FLAGS | CONTROL), ("deepseek", {})])
def test_thinking_goes_on_where_it_can_be_sent(preset: str, flags: dict[str, Any]) -> None:
    answer = sse(openai_chunks("It sleeps.", reasoning=" then it sleeps."))
    script = {**openai_script(answer), "POST /beta/chat/completions": [answer]}
    (whole,), (chat,) = played(openai(preset), script, cut("", "A fox,"))
    last = {"role": "assistant", "content": "", "reasoning_content": "A fox,"}
    last |= {"prefix": True} if preset == "deepseek" else {}
    assert chat.json == COMMON | {"messages": [*HISTORY, last]} | flags
    assert (whole.reasoning, whole.text) == ("A fox, then it sleeps.", "It sleeps.")


@pytest.mark.parametrize("preset", ["vllm", "custom", "openrouter"])
def test_all_is_asked_again_where_it_cannot(preset: str) -> None:
    answer = sse(openai_chunks("It sleeps.", reasoning="It sleeps, then."))
    (whole,), (chat,) = played(openai(preset), openai_script(answer), cut("", "A fox,"))
    assert chat.json == COMMON | {"messages": HISTORY}
    assert (whole.reasoning, whole.text) == ("A fox,\n\nIt sleeps, then.", "It sleeps.")


def test_ollama_asks_all_again() -> None:
    (whole,), (chat,) = played(ollama, ollama_script(ndjson(ollama_lines("It sleeps.", "Then."))), cut("", "A fox,"))
    assert chat.json == {"model": MODEL, "messages": HISTORY, **OF_OLLAMA, "think": True}
    assert (whole.reasoning, whole.text) == ("A fox,\n\nThen.", "It sleeps.")


def test_all_is_asked_again_where_thinking_is_refused() -> None:
    answer = sse(openai_chunks("It sleeps."))
    script = openai_script(refusal("prefill is incompatible with enable_thinking"), answer)
    (whole,), chats = played(openai("llama-server"), script, cut("", "A fox,"))
    assert [chat.json["messages"] for chat in chats][1] == HISTORY
    assert whole.text == "It sleeps."


def test_thinking_that_is_switched_off_is_not_gone_on_with() -> None:
    (_,), (chat,) = played(openai("llama-server"), openai_script(REST), cut("", "A fox,"), thinking=ThinkingMode.OFF)
    assert chat.json["messages"] == HISTORY


# --- Requests that continue nothing ------------------------------------------------------------------------------


def test_an_ordinary_request_is_untouched() -> None:
    request = replace(rest_of(cut()), partial_reply=None)

    async def work() -> list[Any]:
        async with ScriptedServer(openai_script(REST)) as server:
            backend = openai("llama-server")(server.url)
            async for _ in backend.stream(request):
                pass
            await backend.aclose()
            return [chat.json for chat in server.chats]

    assert run(work()) == [COMMON | {"messages": HISTORY} | CONTROL]
