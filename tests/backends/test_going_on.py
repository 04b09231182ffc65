"""The rest of a reply that was cut off, or the answer to its thinking: what is asked, and what a user then reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.connection import ApiFamily
from desktop.core.events import ReasoningDelta, StreamEvent, TextDelta, ThinkingCanEnd
from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    TextPart,
    user_message,
)
from desktop.core.outgoing import asking_to_answer, asking_to_go_on, outgoing
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode
from tests.backends import outcome
from tests.backends.outcome import AT_ONCE, built
from tests.support.scripted_server import SHOWS_PROMPT, Cut, Hold, Recorded, ScriptedServer, json_reply, text_reply
from tests.support.scripts import (
    MODEL,
    delta,
    ndjson,
    ollama_end,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    sse,
)

PRESETS = load_presets()
CONTINUED, ASKED_FOR, AFRESH = AnswerWay.CONTINUED, AnswerWay.ASKED, AnswerWay.ASKED_AFRESH
QUESTION = "Tell me of the fox."
TEXT = "The quick brown fox jumps over the lazy dog, and then the fox"
THOUGHT = "It has a red coat.\n\nA fox, then"
CLOSED = f"<think>\n{THOUGHT}\n</think>\n\n"

HISTORY = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hello."},
    {"role": "user", "content": QUESTION},
]
LAST = {"role": "assistant", "content": TEXT}
ASKED = [*HISTORY, LAST, {"role": "user", "content": asking_to_go_on(QUESTION, TEXT)}]
NOTED = [*HISTORY[:3], {"role": "user", "content": f"{QUESTION}\n\n{asking_to_answer(QUESTION, THOUGHT)}"}]

IN_TEXT = PartialReply(TEXT)
BEHIND_THOUGHT = PartialReply(TEXT, THOUGHT)
IN_THOUGHT = PartialReply("", THOUGHT)
TO_ANSWER = PartialReply("", THOUGHT, answer_by=(CONTINUED, ASKED_FOR))
WITHHELD = PartialReply(TEXT, withholds_thinking=True)


def going_on(partial, thinking=ThinkingMode.AUTO):
    earlier = Message(role=Role.ASSISTANT, parts=(ReasoningPart("an old secret"), TextPart("Hello.")))
    path = (user_message("Hello!"), earlier, user_message(QUESTION))
    return ChatRequest(MODEL, outgoing(path), "Be brief.", thinking=Thinking(thinking), partial_reply=partial)


def begun(partial):
    """The reply as it stands when its rest begins to come."""
    if partial is None:
        return None
    has_thought = partial.reasoning or partial.withholds_thinking
    parts = (ReasoningPart(THOUGHT if has_thought else ""), TextPart(partial.text))
    return Message(
        role=Role.ASSISTANT, parts=tuple(each for each in parts if each.text), status=MessageStatus.STREAMING
    )


@dataclass(frozen=True)
class Played:
    """Replies that were gone on with by one client, one after the other; the events are the last one's."""

    messages: list[Message]
    events: list[StreamEvent]
    began_again: bool
    requests: list[Recorded]
    chats: list[Recorded]

    @property
    def sent(self):
        return " ".join(map(form_of, self.chats))

    @property
    def shown(self):
        return sum(SHOWS_PROMPT in each.body for each in self.requests)


def client(server, url):
    if server == "ollama":
        return OllamaBackend(url, retries=AT_ONCE, poll_interval=0.02)
    return OpenAICompatBackend(url, "", replace(PRESETS[server], api=ApiFamily.CHAT), retries=AT_ONCE)


def play(server, answers, *requests, **ollama):
    """Go on with replies at a server. Of DeepSeek, the first answer is that of its address for beginnings."""
    events = []
    began_again = False

    async def ask(backend):
        nonlocal began_again
        messages = []
        for request in requests:
            events.clear()
            builder = await built(backend, request, begun(request.partial_reply), events)
            began_again = builder.began_again
            messages.append(builder.message)
        return messages

    script = openai_script(*(answers[1:] if server == "deepseek" else ()) or answers)
    script = {**script, "POST /beta/chat/completions": [answers[0]]}
    if server == "ollama":
        template = ollama.pop("template", "")
        script = ollama_script(*answers, **ollama)
        if template:
            shown = {"details": {"family": "qwen3"}, "capabilities": ["completion", "thinking"], "template": template}
            script = {**script, "POST /api/show": [json_reply(shown)]}
    messages, played = outcome.played(lambda url: client(server, url), script, ask)
    return Played(messages, events, began_again, played.requests, played.chats)


def said(server, text, thought=""):
    return ndjson(ollama_lines(text, thought)) if server == "ollama" else sse(openai_chunks(text, thought))


def form_of(chat):
    """How a request goes on: `last` with the reply as the last message, with its thinking or that alone, …"""
    if chat.path == "/api/generate":
        return "prompt"
    for messages, form in ((HISTORY, "all"), (ASKED, "asked"), (NOTED, "noted")):
        if chat.json["messages"] == messages:
            return form
    *before, last = chat.json["messages"]
    assert before == HISTORY
    assert last["role"] == "assistant"
    forms = {TEXT: "last", CLOSED: "closed", "": "", "\n\n": ""}
    return forms[last["content"]] + ("+thought" if last.get("reasoning_content") == THOUGHT else "")


# --- What is sent ------------------------------------------------------------------------------------------------

COMMON = {"model": MODEL, "stream": True, "stream_options": {"include_usage": True}}
OF_OLLAMA = {"model": MODEL, "stream": True, "truncate": False, "shift": False}
FLAGS = {"continue_final_message": True, "add_generation_prompt": False}
OFF = {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}
PROGRESS = {"return_progress": True}
CONTROL = PROGRESS | {"reasoning_control": True}  # where there may be thinking to end
ALONE = {"role": "assistant", "content": "", "reasoning_content": THOUGHT}
WITH_THOUGHT = LAST | {"reasoning_content": THOUGHT}
TEMPLATE = "{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}"

SENT = {
    "llama-server": ("llama-server", IN_TEXT, {"messages": [*HISTORY, LAST], **FLAGS, **OFF, **PROGRESS}),
    "llama-server, thought": (
        "llama-server",
        BEHIND_THOUGHT,
        {"messages": [*HISTORY, WITH_THOUGHT], **FLAGS, **CONTROL},
    ),
    "vllm": ("vllm", IN_TEXT, {"messages": [*HISTORY, LAST], **FLAGS, **OFF}),
    "vllm, thought": ("vllm", BEHIND_THOUGHT, {"messages": [*HISTORY, LAST], **FLAGS, **OFF}),
    "deepseek": (
        "deepseek",
        IN_TEXT,
        {"messages": [*HISTORY, LAST | {"prefix": True}], "thinking": {"type": "disabled"}},
    ),
    "deepseek, thought": ("deepseek", BEHIND_THOUGHT, {"messages": [*HISTORY, WITH_THOUGHT | {"prefix": True}]}),
    "dashscope": (
        "dashscope",
        BEHIND_THOUGHT,
        {"messages": [*HISTORY, LAST | {"partial": True}], "enable_thinking": False},
    ),
    **{
        preset: (preset, BEHIND_THOUGHT, {"messages": ASKED})
        for preset in ("custom", "litellm", "lm-studio", "openai", "openrouter", "siliconflow", "volcengine-ark")
    },
    "ollama": ("ollama", BEHIND_THOUGHT, {"messages": [*HISTORY, LAST], "think": False}),
    "llama-server, thinking": ("llama-server", IN_THOUGHT, {"messages": [*HISTORY, ALONE], **FLAGS, **CONTROL}),
    "deepseek, thinking": ("deepseek", IN_THOUGHT, {"messages": [*HISTORY, ALONE | {"prefix": True}]}),
    **{f"{each}, thinking": (each, IN_THOUGHT, {"messages": HISTORY}) for each in ("vllm", "custom", "openrouter")},
    "ollama, thinking": ("ollama", IN_THOUGHT, {"messages": HISTORY, "think": True}),
    "llama-server, to answer": (
        "llama-server",
        TO_ANSWER,
        {"messages": [*HISTORY, ALONE], **FLAGS, **PROGRESS, "continue_final_message": "content"},
    ),
    "vllm, to answer": (
        "vllm",
        TO_ANSWER,
        {"messages": [*HISTORY, {"role": "assistant", "content": CLOSED}], **FLAGS, **OFF},
    ),
    "deepseek, to answer": (
        "deepseek",
        TO_ANSWER,
        {"messages": [*HISTORY, ALONE | {"content": "\n\n", "prefix": True}]},
    ),
    "dashscope, to answer": ("dashscope", TO_ANSWER, {"messages": NOTED, "enable_thinking": False}),
    "siliconflow, to answer": ("siliconflow", TO_ANSWER, {"messages": NOTED, "enable_thinking": False}),
    "openrouter, to answer": ("openrouter", TO_ANSWER, {"messages": NOTED, "reasoning": {"enabled": False}}),
    "volcengine-ark, to answer": ("volcengine-ark", TO_ANSWER, {"messages": NOTED, "thinking": {"type": "disabled"}}),
    **{
        f"{each}, to answer": (each, TO_ANSWER, {"messages": NOTED, "reasoning_effort": "none"})
        for each in ("lm-studio", "openai")
    },
    **{f"{each}, to answer": (each, TO_ANSWER, {"messages": NOTED}) for each in ("litellm", "custom")},
    "ollama, to answer": (
        "ollama",
        TO_ANSWER,
        {"messages": [*HISTORY, {"role": "assistant", "content": CLOSED}], "think": False},
    ),
    "nothing begun": ("llama-server", None, {"messages": HISTORY} | CONTROL),
}


@pytest.mark.parametrize("case", SENT)
def test_what_is_sent_and_what_is_read(case):
    server, partial, body = SENT[case]
    is_asked = body["messages"] in (ASKED, NOTED)
    rest = "A fox." if partial is None or not partial.text else "and then the fox sleeps." if is_asked else " sleeps."
    played = play(server, [said(server, rest)], going_on(partial), template=TEMPLATE if partial is TO_ANSWER else "")
    (message,), (chat,) = played.messages, played.chats
    assert chat.json == (OF_OLLAMA if server == "ollama" else COMMON) | body
    assert chat.path == {"ollama": "/api/chat", "deepseek": "/beta/chat/completions"}.get(
        server, "/v1/chat/completions"
    )
    assert "secret" not in chat.body.decode()
    assert message.text == (f"{TEXT} sleeps." if partial is not None and partial.text else "A fox.")
    assert message.reasoning == (partial.reasoning if partial is not None else "")
    assert message.status is MessageStatus.COMPLETE
    way = ASKED_FOR if is_asked else CONTINUED
    assert message.early == (EarlyAnswer(way) if partial is TO_ANSWER else None)


# --- Where a server does not go on -------------------------------------------------------------------------------


def refusal(message, status=400):
    return json_reply({"error": {"message": message, "type": "invalid_request_error", "code": status}}, status)


def of_ollama(message, status=400):
    return json_reply({"error": message}, status)


NOT_FOUND = text_reply("404 page not found", 404)
NOT_USER = of_ollama('{"error":{"code":400,"message":"the last message must be of role user"}}')
NO_WORD = sse([delta(role="assistant", content=""), delta(finish="stop")])

# server, what was begun, what it answers at first, and how two replies, one after the other, are asked for
REFUSED = {
    "not these fields": (
        "vllm",
        IN_TEXT,
        refusal("Extra inputs are not permitted: 'continue_final_message'"),
        "last asked asked",
    ),
    "the template": (
        "vllm",
        IN_TEXT,
        refusal("continue_final_message is set but the final message does not appear", 500),
        "last asked asked",
    ),
    "no such address": ("deepseek", IN_TEXT, NOT_FOUND, "last asked asked"),
    "without a reason": ("vllm", IN_TEXT, refusal("Bad Request"), "last asked asked"),
    "earlier thinking": (
        "deepseek",
        IN_TEXT,
        refusal("The reasoning_content is not allowed in messages"),
        "last asked asked",
    ),
    "another field": ("vllm", IN_TEXT, refusal("unknown field stream_options"), "last last last"),
    "ollama's template": ("ollama", IN_TEXT, NOT_USER, "last asked asked"),
    "an old ollama's switch": ("ollama", IN_TEXT, of_ollama(f'"{MODEL}" does not support thinking'), "last last last"),
    "where it would think": (
        "llama-server",
        BEHIND_THOUGHT,
        refusal("Assistant response prefill is incompatible with enable_thinking."),
        "last+thought last last+thought",
    ),
    "thinking": (
        "llama-server",
        IN_THOUGHT,
        refusal("prefill is incompatible with enable_thinking"),
        "+thought all all",
    ),
    "closed: the template drops it": (
        "vllm",
        TO_ANSWER,
        refusal("continue_final_message is set but the final message does not appear"),
        "closed noted noted",
    ),
    "closed: a word it does not know": (
        "llama-server",
        TO_ANSWER,
        refusal('Invalid continue_final_message: expected a boolean, "content"'),
        "+thought noted noted",
    ),
    "closed: ollama's template": ("ollama", TO_ANSWER, NOT_USER, "closed noted noted"),
    "a bad moment": ("vllm", TO_ANSWER, refusal("Internal error", 500), "closed noted closed"),
    "a bad moment of ollama": (
        "ollama",
        TO_ANSWER,
        of_ollama("an error was encountered while running the model", 500),
        "closed noted closed",
    ),
    "no word": ("vllm", TO_ANSWER, NO_WORD, "closed noted closed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_server_that_does_not_go_on_is_asked_otherwise(case):
    """And asked so at once the next time, if it was no bad moment."""
    server, partial, refused, sent = REFUSED[case]
    rest = "and then the fox sleeps." if "asked" in sent else " sleeps." if partial.text else "A fox."
    template = TEMPLATE if partial is TO_ANSWER else ""
    played = play(server, [refused, said(server, rest)], going_on(partial), going_on(partial), template=template)
    assert played.sent == sent
    assert [message.text for message in played.messages] == [f"{TEXT} sleeps." if partial.text else "A fox."] * 2
    for chat in played.chats:
        assert bool(chat.json.keys() & FLAGS.keys()) <= (form_of(chat) not in ("asked", "noted", "all"))
        assert (chat.path == "/beta/chat/completions") == (server == "deepseek" and chat is played.chats[0])
    if partial is TO_ANSWER:
        way = ASKED_FOR if sent.endswith("noted") else CONTINUED
        assert [message.early for message in played.messages] == [EarlyAnswer(ASKED_FOR), EarlyAnswer(way)]
    if case == "another field":
        assert "stream_options" not in played.chats[1].json
    if case == "an old ollama's switch":
        assert ["think" in chat.json for chat in played.chats] == [True, False, False]
    if case == "where it would think":
        assert played.chats[1].json == COMMON | {"messages": [*HISTORY, LAST]} | FLAGS | OFF | PROGRESS


def test_a_refusal_of_closed_thinking_does_not_keep_a_text_from_being_continued():
    refused = refusal("continue_final_message is set but the final message does not appear")
    played = play("vllm", [refused, said("vllm", "A fox.")], going_on(TO_ANSWER), going_on(IN_TEXT))
    assert played.sent == "closed noted last"


@pytest.mark.parametrize(
    ("server", "answer", "failure", "chats"),
    [
        ("vllm", refusal("Invalid API key", 401), ("auth_rejected", ""), 1),
        ("vllm", refusal("Bad Request"), ("request_rejected", ""), 2),
        (
            "ollama",
            of_ollama("model requires more system memory (9 GiB) than is available (4 GiB)", 500),
            ("request_rejected", "out_of_memory"),
            1,
        ),
    ],
)
def test_other_failures_are_heard_and_nothing_is_lost(server, answer, failure, chats):
    played = play(server, [answer], going_on(BEHIND_THOUGHT))
    (message,) = played.messages
    assert len(played.chats) == chats
    assert (message.failure.kind, message.failure.reason, message.status) == (*failure, MessageStatus.FAILED)
    assert (message.text, message.reasoning) == (TEXT, THOUGHT)


# --- What is read ------------------------------------------------------------------------------------------------

AGAIN = f"{TEXT[:40]} and sleeps."
COMPLETE = MessageStatus.COMPLETE

# server, what was begun, the stream, then the text, the thinking and the end that a user sees
READ = {
    "it breaks off": (
        "vllm",
        IN_TEXT,
        sse(openai_chunks(" sleeps")[:-2], done=False, then=[Cut()]),
        f"{TEXT} sleeps",
        "",
        MessageStatus.INTERRUPTED,
    ),
    "it breaks off while words are held back": (
        "custom",
        IN_TEXT,
        sse(openai_chunks("and then")[:-2], done=False, then=[Cut()]),
        f"{TEXT} and then",
        "",
        MessageStatus.INTERRUPTED,
    ),
    "it was whole already": ("vllm", IN_TEXT, said("vllm", ""), TEXT, "", COMPLETE),
    "cut off again": (
        "vllm",
        IN_TEXT,
        sse(openai_chunks(" sleeps", finish="length")),
        f"{TEXT} sleeps",
        "",
        MessageStatus.CUT_OFF,
    ),
    "it thinks again": (
        "custom",
        BEHIND_THOUGHT,
        said("custom", "and then the fox sleeps.", "Go on, then."),
        f"{TEXT} sleeps.",
        f"{THOUGHT}\n\nGo on, then.",
        COMPLETE,
    ),
    "another model thinks": (
        "llama-server",
        WITHHELD,
        said("llama-server", " sleeps.", "Go on, then."),
        f"{TEXT} sleeps.",
        f"{THOUGHT}\n\nGo on, then.",
        COMPLETE,
    ),
    "thinking in tags": (
        "custom",
        IN_TEXT,
        said("custom", "Go on, then.\n</think>\n\nand then the fox sleeps."),
        f"{TEXT} sleeps.",
        "Go on, then.\n",
        COMPLETE,
    ),
    "thinking goes on": (
        "deepseek",
        IN_THOUGHT,
        said("deepseek", "It sleeps.", " it sleeps."),
        "It sleeps.",
        f"{THOUGHT} it sleeps.",
        COMPLETE,
    ),
    "all is asked again": (
        "openrouter",
        IN_THOUGHT,
        said("openrouter", "It sleeps.", "It sleeps, then."),
        "It sleeps.",
        f"{THOUGHT}\n\nIt sleeps, then.",
        COMPLETE,
    ),
    "it cannot but think": (
        "custom",
        TO_ANSWER,
        said("custom", "A fox.", "Once more."),
        "A fox.",
        f"{THOUGHT}\n\nOnce more.",
        COMPLETE,
    ),
    **{
        f"{server} begins again": (server, IN_TEXT, said(server, AGAIN), AGAIN, "", COMPLETE)
        for server in ("vllm", "custom", "ollama")
    },
    "what turns out to be thinking": (
        "ollama",
        IN_TEXT,
        ndjson(
            [
                *map(ollama_line, ["Okay, let me see what this needs.", "\n</think>\n\n", ", which sleeps."]),
                ollama_end(),
            ]
        ),
        f"{TEXT}, which sleeps.",
        "Okay, let me see what this needs.\n",
        COMPLETE,
    ),
}


@pytest.mark.parametrize("case", READ)
def test_what_comes_is_joined_to_what_was_there(case):
    server, partial, answer, text, reasoning, status = READ[case]
    played = play(server, [answer], going_on(partial))
    (message,) = played.messages
    assert (message.text, message.reasoning, message.status) == (text, reasoning, status)
    assert played.began_again == (text == AGAIN)
    if partial is WITHHELD:
        assert THOUGHT not in played.chats[0].body.decode()


@pytest.mark.parametrize(
    ("server", "partial", "thinking", "sent", "way"),
    [
        ("llama-server", IN_THOUGHT, ThinkingMode.OFF, "all", None),  # thinking that is switched off does not go on
        ("vllm", replace(TO_ANSWER, answer_by=(ASKED_FOR,)), ThinkingMode.AUTO, "noted", ASKED_FOR),
        ("vllm", replace(TO_ANSWER, text=TEXT), ThinkingMode.AUTO, "last", CONTINUED),
        (
            "llama-server",
            PartialReply("", withholds_thinking=True, answer_by=(CONTINUED, ASKED_FOR)),
            ThinkingMode.AUTO,
            "all",
            AFRESH,
        ),
    ],
)
def test_what_is_wanted_decides_how_it_is_asked_for(server, partial, thinking, sent, way):
    played = play(server, [said(server, " sleeps.")], going_on(partial, thinking))
    assert played.sent == sent
    assert played.chats[0].json["chat_template_kwargs"] == OFF["chat_template_kwargs"]
    assert played.messages[0].early == (EarlyAnswer(way) if way is not None else None)


# --- The prompt of an Ollama -------------------------------------------------------------------------------------


def chatml(body):
    """The prompt of a template that closes every message: what Ollama takes for a model that brings none."""
    said = "".join(f"<|im_start|>{each['role']}\n{each['content']}<|im_end|>\n" for each in body["messages"])
    return f"{said}<|im_start|>assistant\n" + ("<think>\n" if body.get("think") else "")


def left_open(body):
    """The prompt of a template that leaves a last message of the assistant open."""
    if body["messages"][-1]["role"] != "assistant":
        return chatml(body)
    return f"{chatml(body | {'messages': body['messages'][:-1]})}{body['messages'][-1]['content']}"


def generated(text):
    """A reply of `/api/generate`, token by token."""
    lines = [
        {"model": MODEL, "response": each["message"]["content"], "done": False} for each in ollama_lines(text)[:-1]
    ]
    return ndjson([*lines, {"model": MODEL, "response": "", "done": True, "done_reason": "stop", "eval_count": 3}])


ASSISTANT = f"{QUESTION}<|im_end|>\n<|im_start|>assistant\n"
CHAT = said("ollama", " sleeps.")

# the template; what was begun; the reply; the end of the prompt that two replies are asked for with, if it is one; how
# often the server is asked for one; the whole reply
PROMPTS = {
    "it closes the message": (
        chatml,
        IN_TEXT,
        generated(" sleeps."),
        ASSISTANT + TEXT,
        3,  # in both forms once, and then only in the one that is needed
        (f"{TEXT} sleeps.", ""),
    ),
    "it leaves it open": (left_open, IN_TEXT, CHAT, "", 1, (f"{TEXT} sleeps.", "")),
    "it is not shown": (None, IN_TEXT, CHAT, "", 1, (f"{TEXT} sleeps.", "")),
    "an answer from the same thinking": (
        chatml,
        TO_ANSWER,
        generated("A fox."),
        ASSISTANT + CLOSED,  # opened once
        2,
        ("A fox.", THOUGHT),
    ),
    "thinking that goes on": (
        chatml,
        IN_THOUGHT,
        generated(", and sleeps.\n</think>\n\nIt sleeps."),
        f"{ASSISTANT}<think>\n{THOUGHT}",
        2,
        ("It sleeps.", f"{THOUGHT}, and sleeps.\n"),  # a space more or less would be another word
    ),
    "an answer behind its own thinking": (
        left_open,
        BEHIND_THOUGHT,
        generated(" sleeps."),
        ASSISTANT + CLOSED + TEXT,
        2,
        (f"{TEXT} sleeps.", THOUGHT),
    ),
    "an answer whose thinking cannot be sent": (None, BEHIND_THOUGHT, CHAT, "", 1, (f"{TEXT} sleeps.", THOUGHT)),
}


@pytest.mark.parametrize("case", PROMPTS)
def test_the_template_decides_how_an_ollama_goes_on(case):
    prompt_of, partial, answer, prompt, shown, whole = PROMPTS[case]
    template = TEMPLATE if partial.reasoning else ""
    played = play("ollama", [answer], going_on(partial), going_on(partial), prompt_of=prompt_of, template=template)
    assert played.sent == ("prompt prompt" if prompt else "last last")
    assert played.shown == shown
    for message, chat in zip(played.messages, played.chats, strict=True):
        assert (message.text, message.reasoning) == whole
        if prompt:
            assert chat.json["prompt"].endswith(prompt)
            assert chat.json["raw"] is True
            assert not {"messages", "think"} & chat.json.keys()
        else:
            assert chat.json["think"] is False


def test_an_ollama_that_cannot_show_it_now_is_asked_the_next_time():
    script = dict(ollama_script(CHAT, prompt_of=chatml))
    (chat,) = script["POST /api/chat"]
    refused = [of_ollama("server busy, please try again.", 503)]

    def answer(request):
        if SHOWS_PROMPT in request.body and refused:
            return refused.pop()
        found = chat
        return found(request)

    routes = {"POST /api/chat": [answer]}
    played = play("ollama", [CHAT], going_on(IN_TEXT), going_on(IN_TEXT), prompt_of=chatml, **routes)
    assert played.sent == "last prompt"
    assert played.messages[-1].status is COMPLETE


# --- Live control ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agrees", [True, False])
async def test_llama_server_is_told_to_end_thinking(agrees):
    thinks = [delta(role="assistant", content=None), delta(reasoning_content="It has "), delta(reasoning_content="red")]
    answers = sse([delta(content="A "), delta(content="fox."), delta(finish="stop")])
    control = json_reply({"success": agrees, "message": "reasoning control not enabled for this completion"})
    script = {
        **openai_script(sse(thinks, done=False, then=[Hold(), *answers.steps])),
        "POST /v1/chat/completions/control": [control],
    }

    async with ScriptedServer(script) as server:
        backend = client("llama-server", server.url)
        events = []
        agreed = []
        async for event in backend.stream(going_on(None)):
            events.append(event)
            if isinstance(event, ReasoningDelta) and "red" in event.text:
                (can_end,) = [each for each in events if isinstance(each, ThinkingCanEnd)]
                agreed.append(await can_end.end())
                server.release()
        await backend.aclose()

    (sent,) = [each for each in server.requests if each.path.endswith("/control")]
    assert sent.json == {"id": "chatcmpl-1", "action": "reasoning_end"}
    assert agreed == [agrees]
    assert "".join(each.text for each in events if isinstance(each, TextDelta)) == "A fox."
