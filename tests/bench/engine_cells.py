"""The questions by which the built-in engine is measured, each one figure of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]
SYSTEM = (
    "You are a careful assistant who answers from the text in front of you, in short sentences and without guessing. "
    * 4
)
_QUESTIONS = ("Who signed it?", "When does it end?", "What does it cost?", "Is there a garden?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: `busy` cores do something else while it is measured."""

    name: str
    measure: Callable[[Ask, int], float]
    busy: int = 0


LINES = 270  # of a file of twenty pages


def file_of(number: int) -> str:
    """Return a text of `LINES`; another one for each number."""
    return "\n".join(
        f"{line}. Flat {number}-{line} of the house in Mill Lane costs {(line * 37 + number) % 900} pounds a month."
        for line in range(LINES)
    )


def chat(ask: Ask, *texts: str, tokens: int = 1, **more: Any) -> dict[str, Any]:
    """Return the timings of an answer, with the `seconds` from the question to its end."""
    roles = ("user", "assistant")
    messages = [{"role": "system", "content": SYSTEM}]
    messages += [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    told = ask("/v1/chat/completions", {"messages": messages, "max_tokens": tokens, "temperature": 0, **more})
    return {**told["timings"], "seconds": told["seconds"]}


def written(ask: Ask, each: int) -> float:
    """Return the tokens a second of an answer without a file."""
    asked = f"Write a long story about lighthouse number {each}."
    return float(chat(ask, asked, tokens=150, ignore_eos=True)["predicted_per_second"])


def read(ask: Ask, each: int) -> float:
    """Return the tokens a second with which a file is read."""
    return float(chat(ask, f"{file_of(each)}\n\n{_QUESTIONS[0]}", cache_prompt=False)["prompt_per_second"])


def written_behind(ask: Ask, each: int) -> float:
    """Return the tokens a second of an answer about the file that was read last."""
    told = chat(ask, f"{file_of(each)}\n\n{_QUESTIONS[1]}", tokens=40, ignore_eos=True)
    return float(told["predicted_per_second"])


def second(ask: Ask, each: int) -> float:
    """Return the seconds to the first token of the second question about it."""
    return float(chat(ask, f"{file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[2])["seconds"])


def back(ask: Ask, each: int) -> float:
    """Return the same after another conversation."""
    chat(ask, f"Is it open on day {each}?", tokens=8)
    return float(chat(ask, f"{file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[3])["seconds"])


def cells() -> list[Cell]:
    """Return all figures, in the order in which they need each other."""
    return [
        Cell("written, tokens/s", written),
        Cell("written, one core busy, tokens/s", written, busy=1),
        Cell("read, tokens/s", read),
        Cell("written behind a file, tokens/s", written_behind),
        Cell("second question, s", second),
        Cell("back after another conversation, s", back),
    ]
