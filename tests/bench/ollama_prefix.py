"""`OLLAMA_HOST=… python -m tests.bench.ollama_prefix MODEL`: what a real Ollama reads anew of three turns about a file.

By its own counts and times. Without the variable it says so and ends.
"""

from __future__ import annotations

import asyncio
import os
import sys

from desktop.backends.ollama import OllamaBackend
from desktop.core.events import Failed, Measured, StreamEvent, TextDelta, UsageReported
from desktop.core.message import AttachmentPart, Message, Role, TextPart, user_message
from desktop.core.outgoing.messages import outgoing
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from tests.bench.engine_cells import SYSTEM, file_of

_TURNS = ("Who signed it?", "When does it end?", "What does flat 7 cost?")
_WINDOW = 8192


async def measure(host: str, model: str) -> None:
    """Print a line for each turn."""
    backend = OllamaBackend(host)
    said: list[Message] = []
    try:
        for at, question in enumerate(_TURNS):
            files = [] if at else [AttachmentPart("lease.txt", "text/plain", file_of(0))]
            said.append(user_message(question, attached=files))
            params = GenerationParams(max_tokens=20, temperature=0.0, context_length=_WINDOW)
            request = ChatRequest(model, outgoing(said), SYSTEM, params, Thinking(ThinkingMode.OFF))
            events = [event async for event in backend.stream(request)]
            sys.stdout.write(f"{question:25} {_told(events)}\n")
            text = "".join(event.text for event in events if isinstance(event, TextDelta))
            said.append(Message(role=Role.ASSISTANT, parts=(TextPart(text or "?"),)))
    finally:
        await backend.aclose()


def _told(events: list[StreamEvent]) -> str:
    tokens = speed = None
    for event in events:
        match event:
            case UsageReported(usage):
                tokens = usage.prompt_tokens
            case Measured(read_per_second=read) if read:
                speed = read
            case Failed(error):
                return f"failed: {error.kind}"
    seconds = f"{tokens / speed:.2f} s to read" if tokens and speed else "not told"
    return f"{tokens} tokens counted, {seconds}"


if __name__ == "__main__":
    if not os.environ.get("OLLAMA_HOST") or len(sys.argv) != 2:
        sys.exit("needs OLLAMA_HOST, and the name of a model that is there")
    asyncio.run(measure(os.environ["OLLAMA_HOST"], sys.argv[1]))
