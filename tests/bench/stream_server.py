"""A server on loopback that streams a prepared answer, token by token, at a set pace (OpenAI's chat protocol).

It runs in the process that measures, not in the one that is measured, and calls back when chosen tokens leave.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

MODEL = "bench"


@dataclass(slots=True)
class Answer:
    """What to stream: thinking, then text, in tokens, `rate` tokens a second.

    `marks` are called when so many tokens of the text have left.
    """

    thinking: list[str]
    text: list[str]
    rate: float
    marks: dict[int, Callable[[], None]] = field(default_factory=dict)


class StreamServer:
    """Answers each chat request with the next of `answers`, a warm-up request with none left by one word."""

    def __init__(self):
        self.answers: list[Answer] = []
        self._server: asyncio.Server | None = None

    @property
    def address(self):
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}/v1"

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self):
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1]
                await reader.readexactly(_content_length(head))
                if path.endswith(b"/chat/completions"):
                    await self._stream(writer)
                elif path.endswith(b"/models"):
                    _write_json(writer, 200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
                else:
                    _write_json(writer, 404, {"error": {"code": 404, "message": "not found"}})
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _stream(self, writer):
        answer = self.answers.pop(0) if self.answers else Answer([], ["Yes."], 1000.0)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + _event({"role": "assistant", "content": None})
        )
        pace = _Pace(answer.rate)
        for token in answer.thinking:
            await pace.step()
            writer.write(_event({"reasoning_content": token}))
        for number, token in enumerate(answer.text):
            if number in answer.marks:
                answer.marks[number]()
            await pace.step()
            writer.write(_event({"content": token}))
        if len(answer.text) in answer.marks:
            answer.marks[len(answer.text)]()
        usage = {"prompt_tokens": 10, "completion_tokens": len(answer.thinking) + len(answer.text)}
        writer.write(_event({}, finish_reason="stop") + _chunk({"choices": [], "usage": usage}))
        writer.write(_framed(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()


class _Pace:
    """Keeps to a timetable: a late token does not make the following ones late."""

    def __init__(self, rate):
        self._clock = asyncio.get_running_loop().time
        self._interval = 1 / rate
        self._due = self._clock()

    async def step(self):
        self._due += self._interval
        wait = self._due - self._clock()
        if wait > 0:
            await asyncio.sleep(wait)


def _content_length(head):
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":", 1)[1])
    return 0


def _event(delta, finish_reason=None):
    return _chunk({"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]})


def _chunk(fields):
    body = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 0, "model": MODEL, **fields}
    return _framed(b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n")


def _framed(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


def _write_json(writer, status, body):
    raw = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    writer.write(head.encode() + raw)
