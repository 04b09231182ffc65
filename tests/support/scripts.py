"""Builds scripts for `ScriptedServer`: what Ollama and OpenAI-compatible servers say, whole or with a fault.

ollama_script(ollama_chat("Hello", thinking="Hm."))         a server with one model
openai_script(sse(openai_chunks("Hello", reasoning="Hm."))) the same for the other protocol
python -m tests.support.scripts FILE                        a server that answers with what stands in a file
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from tests.support.scripted_server import SHOWS_PROMPT, Drip, Reply, json_reply, running_server, text_reply

MODEL = "scripted:latest"
FORWARDED = "kimi-k2:1t-cloud"  # a model that Ollama lists, but has ollama.com answer
_STAMP = "2026-11-01T10:00:00Z"


def tokens_of(text):
    """Pieces of about the size of a token, which join to the text again."""
    return re.findall(r"\s?\w{1,6}|\s+|[^\w\s]", text)


# --- Ollama ------------------------------------------------------------------------------------------------------


def ollama_line(content="", thinking="", **more):
    """One line of `/api/chat`."""
    message = {"role": "assistant", "content": content} | ({"thinking": thinking} if thinking else {})
    return {"model": MODEL, "created_at": _STAMP, "message": message, "done": False} | more


def ollama_end(reason="stop", content="", prompt=26, completion=298):
    """The last line."""
    counts = {
        "prompt_eval_count": prompt,
        "eval_count": completion,
        "total_duration": 9,
        "eval_duration": completion * 40_000_000,
    }
    return ollama_line(content, done=True, done_reason=reason, **counts)


def ollama_lines(text, thinking="", reason="stop"):
    """A whole reply, a token a line."""
    lines = [ollama_line(thinking=token) for token in tokens_of(thinking)]
    return [*lines, *(ollama_line(token) for token in tokens_of(text)), ollama_end(reason)]


def ndjson(lines, *, one_byte=False, newline="\n", bom=False, last_newline=True, then=(), before_head=()):
    """A streamed reply of JSON lines (strings are sent as they are), with the faults of framing."""
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines]
    return _framed(
        [text + newline for text in texts], one_byte, bom, last_newline, then, before_head, newline, "x-ndjson"
    )


def ollama_script(
    *chats,
    models=(MODEL,),
    capabilities=("completion", "thinking"),
    family="qwen3",
    running=(),
    forwarded=(),
    trained=40960,
    prompt_of=None,
    **routes,
):
    """An Ollama server of version 0.33 that answers chats with `chats`, in order, the last one again and again.

    `prompt_of` makes its prompts of the bodies of requests; without it, the server shows none and begins to answer.

    The models `forwarded` stand first, as the newest. It cannot reach the internet, where it asks about them.
    """
    details = {"family": family, "families": [family], "parameter_size": "8.2B", "quantization_level": "Q4_K_M"}
    common = {
        "size": 5_225_374_720,
        "details": details | {"context_length": trained},
        "capabilities": list(capabilities),
    }
    entries = [{"name": name, "model": name, "digest": "ab"} | common for name in models]
    notes = [forwarded_entry(name, capabilities) for name in forwarded]
    architecture = {
        "general.architecture": family,
        f"{family}.context_length": trained,
        "general.parameter_count": 8_190_735_360,
    }
    shown = {"details": details, "model_info": architecture, "capabilities": list(capabilities), "template": ""}

    def show(request):
        name = request.json.get("model", "")
        if name in forwarded:
            return no_way_on("show")
        return json_reply(shown) if name in models else json_reply({"error": f"model '{name}' not found"}, 404)

    replies = list(chats)

    def chat(request):
        if SHOWS_PROMPT in request.body:
            shown = {"rendered_template": prompt_of(request.json)} if prompt_of is not None else None
            return ndjson([ollama_line("Hm") | ({"_debug_info": shown} if shown else {})])
        answer = replies.pop(0) if len(replies) > 1 else replies[0]
        return answer if isinstance(answer, Reply) else answer(request)

    return {
        "GET /": [text_reply("Ollama is running")],
        "GET /api/version": [json_reply({"version": "0.33.0"})],
        "GET /api/tags": [json_reply({"models": [*notes, *entries]})],
        "POST /api/show": [show],
        "GET /api/status": [json_reply({"cloud": {"disabled": False, "source": "none"}})],
        "GET /api/ps": list(running) or [json_reply({"models": [{"name": MODEL, "expires_at": _STAMP}]})],
        "POST /api/chat": [chat],
        "POST /api/generate": [chat],
        **routes,
    }


def forwarded_entry(name, capabilities=("completion", "thinking"), **more):
    """What `/api/tags` says of a model that is forwarded; its size is that of the note that says so."""
    details = {"parent_model": "", "format": "", "family": "", "families": None, "parameter_size": "1T"}
    return {
        "name": name,
        "model": name,
        "remote_model": name.removesuffix("-cloud").removesuffix(":cloud"),
        "remote_host": "https://ollama.com:443",
        "modified_at": _STAMP,
        "size": 277,
        "digest": "cd",
        "details": details | {"quantization_level": "", "context_length": 262_144},
        "capabilities": list(capabilities),
    } | more


def no_way_on(route="chat"):
    """What Ollama says when it cannot reach the host that it forwards to."""
    words = f'Post "https://ollama.com:443/api/{route}?ts=1798711200": dial tcp: lookup ollama.com on 127.0.0.53:53: '
    return json_reply({"error": f"{words}no such host"}, 502)


# --- OpenAI-compatible -------------------------------------------------------------------------------------------


def delta(finish=None, **fields):
    """One chunk with a delta of these fields."""
    choice = {"index": 0, "delta": fields, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}


def usage_chunk(prompt=26, completion=298, reasoning=None):
    """The chunk without a choice that carries the counts."""
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    if reasoning is not None:
        usage["completion_tokens_details"] = {"reasoning_tokens": reasoning}
    return delta() | {"choices": [], "usage": usage}


def openai_chunks(text, reasoning="", field="reasoning_content", finish="stop"):
    """A whole reply, a token a chunk, without the final `[DONE]`."""
    return [
        delta(role="assistant", content=None),
        *(delta(**{field: token}) for token in tokens_of(reasoning)),
        *(delta(content=token) for token in tokens_of(text)),
        delta(finish=finish),
        usage_chunk(),
    ]


DONE = "data: [DONE]\n\n"


def sse(
    chunks,
    *,
    done=True,
    one_byte=False,
    newline="\n",
    bom=False,
    last_newline=True,
    comments=False,
    then=(),
    before_head=(),
):
    """A streamed reply of events (strings are sent as they are), with the faults of framing."""
    events = [one if isinstance(one, str) else f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in chunks]
    if done:
        events.append(DONE)
    if comments:
        events = [part for event in events for part in (": keep-alive\n\n", event)]
    events = [event.replace("\n", newline) for event in events]
    return _framed(events, one_byte, bom, last_newline, then, before_head, newline, "event-stream")


def openai_script(*chats, models=(MODEL,), entry=None, **routes):
    """A server that answers chats with `chats`, in order, the last one again and again; `entry` adds to each model."""
    entries = [{"id": name, "object": "model", "owned_by": "scripted"} | (entry or {}) for name in models]
    return {
        "GET /v1/models": [json_reply({"object": "list", "data": entries})],
        "GET /health": [json_reply({"status": "ok"})],
        "POST /v1/chat/completions": list(chats),
        **routes,
    }


# --- OpenAI's Responses API ---------------------------------------------------------------------------------------


def responses_event(kind, **fields):
    """One event, named twice as the API does: in its line and in its data."""
    data = {"type": kind, "sequence_number": 1, **fields}
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def response_object(text="", summaries=(), status="completed", reason="", **more):
    """A response as the last event, or a request that is not streamed, gives it."""
    thought = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": s} for s in summaries]}
    said = {"id": "msg_1", "type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
    usage = {
        "input_tokens": 26,
        "input_tokens_details": {"cached_tokens": 10},
        "output_tokens": 298,
        "output_tokens_details": {"reasoning_tokens": 256},
        "total_tokens": 324,
    }
    details = {"reason": reason} if reason else None
    common = {"id": "resp_1", "object": "response", "model": MODEL, "error": None, "incomplete_details": details}
    return common | {"status": status, "output": [thought, said], "usage": usage} | more


def responses_events(text, summaries=(), status="completed", reason=""):
    """A whole reply, a token an event, with the events around them that say nothing new."""
    thought, said = ({"output_index": at, "item": {"type": kind}} for at, kind in enumerate(("reasoning", "message")))
    events = [("created", {"response": {"id": "resp_1", "status": "in_progress"}}), ("output_item.added", thought)]
    for index, summary in enumerate(summaries):
        place = {"item_id": "rs_1", "output_index": 0, "summary_index": index}
        events += [("reasoning_summary_text.delta", place | {"delta": token}) for token in tokens_of(summary)]
        events.append(("reasoning_summary_text.done", place | {"text": summary}))
    events += [("output_item.done", thought), ("output_item.added", said)]
    place = {"item_id": "msg_1", "output_index": 1, "content_index": 0}
    events += [("output_text.delta", place | {"delta": token}) for token in tokens_of(text)]
    events += [("output_text.done", place | {"text": text})]
    events += [(status, {"response": response_object(text, summaries, status, reason)})]
    return [responses_event(f"response.{kind}", **fields) for kind, fields in events]


def responses_script(*answers, models=(MODEL,), **routes):
    """A server that answers `/responses` with `answers`, in order, and chat completions never."""
    return {**openai_script(models=models), "POST /v1/responses": list(answers), **routes}


def llama_server_script(*chats, template="", params=None, prompt="", models=(MODEL,)):
    """llama-server with its own routes; `prompt` is what `/apply-template` gives."""
    meta = {"n_ctx_train": 131072, "n_params": 8_190_735_360, "size": 5_000_000_000}
    props = {"default_generation_settings": {"n_ctx": 8192, "params": params or {}}, "chat_template": template}
    return {
        **openai_script(*chats, models=models, entry={"owned_by": "llamacpp", "meta": meta}),
        "GET /props": [json_reply(props | {"modalities": {"vision": False}})],
        "POST /apply-template": [json_reply({"prompt": prompt})],
    }


def _framed(pieces, one_byte, bom, last_newline, then, before_head, newline, subtype):
    if pieces and not last_newline:
        while pieces[-1].endswith(newline):
            pieces[-1] = pieces[-1].removesuffix(newline)
    encoded = [piece.encode("utf-8", "surrogatepass") for piece in pieces]
    if bom:
        encoded.insert(0, b"\xef\xbb\xbf")
    steps = [Drip(b"".join(encoded))] if one_byte else list(encoded)
    main_type = "text" if subtype == "event-stream" else "application"
    return Reply([*steps, *then], content_type=f"{main_type}/{subtype}", before_head=before_head)


def main():
    """Answer with what stands in a file until the standard input ends; prints one JSON line with the address."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    with running_server(openai_script(sse(openai_chunks(text)))) as server:
        sys.stdout.write(json.dumps({"url": server.url, "model": MODEL}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
