"""A reader of the values of a `/chat/completions` reply, streamed or whole: words, end, counts, progress.

Takes every shape seen at the known servers, and none for granted: any field may be missing, null, or of another type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.backends.wire.error_bodies import ServerSaid, said_in
from desktop.core.message import Usage
from desktop.core.model import ENOUGH_WRITTEN

_ENOUGH_READ = 64  # tokens; fewer tell nothing of the speed

_USUAL_FIELDS = frozenset({"role", "content", "reasoning_content"})
_BESIDE_WORDS = frozenset({"error", "usage", "timings", "prompt_progress"})


@dataclass(slots=True)
class Chunk:
    """One value of the stream. `is_whole`: its words are the reply from the start, not a further piece."""

    reasoning: str = ""
    text: str = ""
    is_whole: bool = False
    finish: str = ""
    usage: Usage | None = None
    progress: float | None = None
    read_per_second: float | None = None
    written_per_second: float | None = None
    details: list[Mapping[str, Any]] = field(default_factory=list)
    has_tool_calls: bool = False
    said: ServerSaid | None = None


def chunk_of(value: Any) -> Chunk:
    """Return the content of one decoded JSON value; an empty `Chunk` if it has none.

    Runs once a token: JSON's objects are told by `dict`, which costs a tenth of asking for a `Mapping`.
    """
    if not isinstance(value, dict):
        return Chunk(said=said_in(value))
    if (value.get("error") or not value.get("choices")) and (said := said_in(value)) is not None:
        return Chunk(said=said)
    chunk = Chunk(usage=usage_of(value.get("usage")) or _usage_of_timings(value.get("timings")))
    chunk.progress = _progress(value.get("prompt_progress"))
    chunk.read_per_second = _reading_speed(value.get("timings"))
    chunk.written_per_second = _writing_speed(value.get("timings"))
    choice = _first(value.get("choices"))
    if choice is None:
        return chunk
    chunk.usage = chunk.usage or usage_of(choice.get("usage"))
    finish = choice.get("finish_reason")
    chunk.finish = finish if isinstance(finish, str) else ""
    delta = choice.get("delta")
    if not isinstance(delta, dict):
        delta = choice.get("message")
        chunk.is_whole = isinstance(delta, dict)
    if isinstance(delta, dict):
        _read_words(delta, chunk)
    elif isinstance(choice.get("text"), str):
        chunk.text = choice["text"]
    return chunk


def words_alone(value: Any) -> tuple[str, str] | None:
    """Return (thinking, text) of a value that is the next words in the usual form and nothing else; None for others.

    It says the same as `chunk_of`, at a fraction of the cost: nearly all values of a stream are of this kind.
    """
    if not isinstance(value, dict):
        return None
    if not _BESIDE_WORDS.isdisjoint(value) and any(map(value.get, _BESIDE_WORDS)):
        return None
    choice = _first(value.get("choices"))
    if choice is None or choice.get("finish_reason") or choice.get("usage"):
        return None
    delta = choice.get("delta")
    if not isinstance(delta, dict) or not delta.keys() <= _USUAL_FIELDS:
        return None
    text, reasoning = delta.get("content"), delta.get("reasoning_content")
    if not (text is None or isinstance(text, str)) or not (reasoning is None or isinstance(reasoning, str)):
        return None
    return reasoning or "", text or ""


def _read_words(delta: Mapping[str, Any], chunk: Chunk) -> None:
    """Read text and thinking of one delta into `chunk`.

    Several servers name the same thinking twice: the first field with words wins.
    """
    part_text, part_reasoning = _parts(delta.get("content"))
    details = delta.get("reasoning_details")
    chunk.details = [one for one in details if isinstance(one, dict)] if isinstance(details, list) else []
    chunk.text = part_text or _string(delta.get("refusal"))
    chunk.reasoning = (
        _string(delta.get("reasoning_content"))
        or _string(delta.get("reasoning"))
        or "".join(_string(one.get("text")) or _string(one.get("summary")) for one in chunk.details)
        or _string(delta.get("thinking"))
        or part_reasoning
    )
    chunk.has_tool_calls = bool(delta.get("tool_calls"))


def _parts(content: Any) -> tuple[str, str]:
    """Return (text, thinking) of a content that is a string or a list of typed parts."""
    if isinstance(content, str):
        return content, ""
    text: list[str] = []
    reasoning: list[str] = []
    for part in content if isinstance(content, list) else ():
        if isinstance(part, str):
            text.append(part)
        elif isinstance(part, dict):
            inner = part.get("thinking", part.get("reasoning"))
            if inner is not None:
                reasoning.append("".join(_parts(inner)))
            else:
                text.append(_string(part.get("text")))
    return "".join(text), "".join(reasoning)


def usage_of(value: Any) -> Usage | None:
    """Return the token counts of a `usage` object, in the names of all providers; None if it has none."""
    if not isinstance(value, dict):
        return None
    completion_details, prompt_details = value.get("completion_tokens_details"), value.get("prompt_tokens_details")
    usage = Usage(
        prompt_tokens=_count(value.get("prompt_tokens")),
        completion_tokens=_count(value.get("completion_tokens")),
        reasoning_tokens=_count(_within(completion_details, "reasoning_tokens")),
        cached_tokens=_count(_within(prompt_details, "cached_tokens", value.get("prompt_cache_hit_tokens"))),
    )
    return None if usage == Usage() else usage


def _usage_of_timings(value: Any) -> Usage | None:
    """Return llama-server's token counts in `timings`, which come also if `usage` was not requested."""
    if not isinstance(value, dict):
        return None
    read, cached = _count(value.get("prompt_n")), _count(value.get("cache_n"))
    prompt = None if read is None else read + (cached or 0)
    usage = Usage(prompt_tokens=prompt, completion_tokens=_count(value.get("predicted_n")), cached_tokens=cached)
    return None if usage.completion_tokens is None else usage


def _writing_speed(value: Any) -> float | None:
    """Return the tokens that llama-server wrote in a second; None where it wrote too few to tell, or is at it still."""
    if not isinstance(value, dict):
        return None
    written, milliseconds = _count(value.get("predicted_n")), value.get("predicted_ms")
    if written is None or written < ENOUGH_WRITTEN or isinstance(milliseconds, bool):
        return None
    return written * 1000 / milliseconds if isinstance(milliseconds, int | float) and milliseconds > 0 else None


def _reading_speed(value: Any) -> float | None:
    """Return the tokens of the prompt that llama-server read in a second; None where it read too few to tell."""
    if not isinstance(value, dict):
        return None
    read, milliseconds = _count(value.get("prompt_n")), value.get("prompt_ms")
    if read is None or read < _ENOUGH_READ or isinstance(milliseconds, bool):
        return None
    return read * 1000 / milliseconds if isinstance(milliseconds, int | float) and milliseconds > 0 else None


def _progress(value: Any) -> float | None:
    """Return the share of the prompt that is read (0 to 1), without what the server still had in memory."""
    if not isinstance(value, dict):
        return None
    total, cached, done = (_count(value.get(name)) for name in ("total", "cache", "processed"))
    if total is None or done is None:
        return None
    todo = total - (cached or 0)
    return min(1.0, max(0.0, (done - (cached or 0)) / todo)) if todo > 0 else 1.0


class WordsSoFar:
    """The words seen so far, so that none is shown twice.

    Some servers end with the whole reply, in `message` or as a last delta.
    """

    # A shorter repetition may be meant ("ha" after "ha").
    _REPEATED = 24

    def __init__(self) -> None:
        self._text: list[str] = []
        self._reasoning: list[str] = []

    def new_in(self, chunk: Chunk) -> tuple[str, str]:
        """Return (thinking, text) of the chunk that has not come before."""
        return self._new(self._reasoning, chunk.reasoning, chunk), self._new(self._text, chunk.text, chunk)

    def append(self, reasoning: str, text: str) -> None:
        """Append the next words of a stream, which are new as they are."""
        if reasoning:
            self._reasoning.append(reasoning)
        if text:
            self._text.append(text)

    def _new(self, pieces: list[str], words: str, chunk: Chunk) -> str:
        if not words:
            return ""
        if pieces and (chunk.is_whole or (chunk.finish and len(pieces) > 1 and len(words) >= self._REPEATED)):
            so_far = "".join(pieces)
            if chunk.is_whole:
                words = words.removeprefix(so_far) if words.startswith(so_far) else ""
            elif words == so_far:
                words = ""
        if words:
            pieces.append(words)
        return words


class DetailsSoFar:
    """Streamed `reasoning_details` merged by index, to be sent back unchanged (signatures, ciphers)."""

    def __init__(self) -> None:
        self._merged: dict[Any, dict[str, Any]] = {}

    def merge_chunk(self, details: list[Mapping[str, Any]]) -> None:
        for detail in details:
            index = detail.get("index", len(self._merged))
            merged = self._merged.setdefault(index if isinstance(index, int | str) else str(index), {})
            for name, value in detail.items():
                grows = name in ("text", "summary", "data") and isinstance(value, str)
                merged[name] = _string(merged.get(name)) + value if grows else value

    @property
    def to_keep(self) -> list[dict[str, Any]]:
        """The merged details if any of them has a signature or a cipher; otherwise nothing is worth keeping."""
        merged = list(self._merged.values())
        return merged if any(one.get("signature") or one.get("data") for one in merged) else []


def _first(choices: Any) -> Mapping[str, Any] | None:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _within(value: Any, name: str, default: Any = None) -> Any:
    return value.get(name, default) if isinstance(value, dict) else default


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return None
    return int(value)
