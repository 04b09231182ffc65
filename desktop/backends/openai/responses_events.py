"""A reader of the events of OpenAI's Responses API: words of either channel, the end, counts.

Unknown events say nothing.

The names are those of the API's reference; `response.reasoning_text.delta` is what servers of open models send, which
show the thinking itself and not a summary of it. Of the same thinking in two forms the first one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop.backends.wire.error_bodies import ServerSaid, said_in
from desktop.core.events import FinishReason
from desktop.core.message import Usage

_REASONING = frozenset(
    {"response.reasoning_summary_text.delta", "response.reasoning_text.delta", "response.reasoning_summary.delta"}
)
_TEXT = frozenset({"response.output_text.delta", "response.refusal.delta"})
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_INCOMPLETE = {"max_output_tokens": FinishReason.LENGTH, "content_filter": FinishReason.CONTENT_FILTER}


@dataclass(slots=True)
class ResponseStep:
    """The content of one event. `thinks`: the model has begun to think, visibly or not."""

    reasoning: str = ""
    text: str = ""
    thinks: bool = False
    finish: FinishReason | None = None
    raw_finish: str = ""
    usage: Usage | None = None
    said: ServerSaid | None = None


class ResponseEvents:
    """The events of one response, in their order."""

    def __init__(self) -> None:
        self._reasoning_by = ""  # the kind of event that the thinking comes with
        self._reasoning_part: tuple[Any, ...] | None = None
        self._text_part: tuple[Any, ...] | None = None

    def read(self, event: Any) -> ResponseStep:
        """Return the content of a decoded JSON value."""
        if not isinstance(event, dict):
            return ResponseStep(said=said_in(event))
        kind = event.get("type")
        if kind in _REASONING:
            return self._reasoning(str(kind), event)
        if kind in _TEXT:
            return self._text(_string(event.get("delta")), _place(event, "content_index"))
        if kind in _ENDS:
            return self._end(str(kind), _mapping(event.get("response")))
        if kind == "response.output_item.added":
            return ResponseStep(thinks=_mapping(event.get("item")).get("type") == "reasoning")
        if event.get("object") == "response" and isinstance(event.get("output"), list):
            return self._end(f"response.{event.get('status')}", event)  # not streamed
        return (
            ResponseStep(said=said_in(event))
            if kind == "error" or event.get("error") or kind is None
            else ResponseStep()
        )

    def _reasoning(self, kind: str, event: Mapping[str, Any]) -> ResponseStep:
        words = event.get("delta")
        text = _string(words) or _string(_mapping(words).get("text"))
        if not text or self._reasoning_by not in ("", kind):
            return ResponseStep(thinks=True)
        part = _place(event, "summary_index", "content_index")
        broken = "\n\n" if self._reasoning_part not in (None, part) else ""
        self._reasoning_by, self._reasoning_part = kind, part
        return ResponseStep(reasoning=broken + text, thinks=True)

    def _text(self, text: str, part: tuple[Any, ...]) -> ResponseStep:
        if not text:
            return ResponseStep()
        broken = "\n\n" if self._text_part not in (None, part) else ""
        self._text_part = part
        return ResponseStep(text=broken + text)

    def _end(self, kind: str, response: Mapping[str, Any]) -> ResponseStep:
        step = ResponseStep(usage=usage_of_response(response.get("usage")))
        match kind:
            case "response.completed":
                step.finish = FinishReason.STOP
            case "response.incomplete":
                step.raw_finish = _string(_mapping(response.get("incomplete_details")).get("reason"))
                step.finish = _INCOMPLETE.get(step.raw_finish, FinishReason.LENGTH)
            case _:
                step.said = said_in({"error": response.get("error")}) or ServerSaid(message=kind)
        step.raw_finish = step.raw_finish or kind.removeprefix("response.")
        # A response that was not streamed, or whose deltas were lost on the way, is here as a whole.
        if not self._reasoning_by:
            step.reasoning = _thinking_in(response.get("output"))
        if self._text_part is None:
            step.text = _words_in(response.get("output"))
        return step


def usage_of_response(value: Any) -> Usage | None:
    """Return the token counts of a `usage` object; None if it has none."""
    usage = _mapping(value)
    found = Usage(
        prompt_tokens=_count(usage.get("input_tokens")),
        completion_tokens=_count(usage.get("output_tokens")),
        reasoning_tokens=_count(_mapping(usage.get("output_tokens_details")).get("reasoning_tokens")),
        cached_tokens=_count(_mapping(usage.get("input_tokens_details")).get("cached_tokens")),
    )
    return None if found == Usage() else found


def _thinking_in(output: Any) -> str:
    parts = [part for item in _items(output, "reasoning") for part in _items(item.get("summary"))]
    parts = parts or [part for item in _items(output, "reasoning") for part in _items(item.get("content"))]
    return "\n\n".join(text for part in parts if (text := _string(part.get("text"))))


def _words_in(output: Any) -> str:
    parts = [part for item in _items(output, "message") for part in _items(item.get("content"))]
    return "\n\n".join(text for part in parts if (text := _string(part.get("text")) or _string(part.get("refusal"))))


def _items(value: Any, kind: str = "") -> list[Mapping[str, Any]]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict) and kind in ("", item.get("type"))]


def _place(event: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    """Return which part of the output an event belongs to; plain values only, so that places can be compared."""
    values = (event.get("output_index"), *(event.get(name) for name in names))
    return tuple(value if isinstance(value, int | str) else None for value in values)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return None
    return int(value)
