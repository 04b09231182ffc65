"""The questions by which the built-in engine is measured, each one figure of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench.engine_served import Served

SYSTEM = (
    "You are a careful assistant who answers from the text in front of you, in short sentences and without guessing. "
    * 4
)
_PATH = "/v1/chat/completions"
_READS_FOR = 2.0  # seconds, and then some, so that not always the same part of a go is met
_QUESTIONS = ("Who signed it?", "When does it end?", "What does it cost?", "Is there a garden?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: `busy` cores do something else while it is measured."""

    name: str
    measure: Callable[[Served, int], float]
    busy: int = 0


LINES = 270  # of a file of twenty pages


def file_of(number: int) -> str:
    """Return a text of `LINES`; another one for each number."""
    return "\n".join(
        f"{line}. Flat {number}-{line} of the house in Mill Lane costs {(line * 37 + number) % 900} pounds a month."
        for line in range(LINES)
    )


def chat(served: Served, *texts: str, tokens: int = 1, **more: Any) -> dict[str, Any]:
    """Return the timings of an answer, with the `seconds` from the question to its end."""
    told = served.ask(_PATH, _body(*texts, tokens=tokens, **more))
    return {**told["timings"], "seconds": told["seconds"]}


def _body(*texts: str, tokens: int, **more: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    messages = [{"role": "system", "content": SYSTEM}]
    messages += [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    return {"messages": messages, "max_tokens": tokens, "temperature": 0, **more}


def written(served: Served, each: int) -> float:
    """Return the tokens a second of an answer without a file."""
    asked = f"Write a long story about lighthouse number {each}."
    return float(chat(served, asked, tokens=150, ignore_eos=True)["predicted_per_second"])


def read(served: Served, each: int) -> float:
    """Return the tokens a second with which a file is read."""
    return float(chat(served, f"{file_of(each)}\n\n{_QUESTIONS[0]}", cache_prompt=False)["prompt_per_second"])


def read_short(served: Served, each: int) -> float:
    """Return the same of the first 60 lines of a file, in which a busy core shows soon enough."""
    text = "\n".join(file_of(each).splitlines()[:60])
    return float(chat(served, f"{text}\n\n{_QUESTIONS[0]}", cache_prompt=False)["prompt_per_second"])


def written_behind(served: Served, each: int) -> float:
    """Return the tokens a second of an answer about the file that was read last."""
    told = chat(served, f"{file_of(each)}\n\n{_QUESTIONS[1]}", tokens=40, ignore_eos=True)
    return float(told["predicted_per_second"])


def second(served: Served, each: int) -> float:
    """Return the seconds to the first token of the second question about it."""
    return float(chat(served, f"{file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[2])["seconds"])


def back(served: Served, each: int) -> float:
    """Return the same after another conversation."""
    chat(served, f"Is it open on day {each}?", tokens=8)
    return float(chat(served, f"{file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[3])["seconds"])


def restarted(served: Served, each: int) -> float:
    """Return the same from the start of the server, which was ended; both are given what they had read as a file."""
    seconds = served.restart()
    return seconds + float(chat(served, f"{file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[2])["seconds"])


def stopped_reading(served: Served, each: int) -> float:
    """Return the seconds until a server that is stopped in the middle of a file has answered something short."""
    served.stop(_PATH, _body(file_of(1000 + each), tokens=1, cache_prompt=False), after=_READS_FOR + 0.37 * each)
    return float(chat(served, "Is it open?")["seconds"])


def stopped_writing(served: Served, each: int) -> float:
    """Return the same of one that is stopped in the middle of an answer."""
    served.stop(_PATH, _body(f"Write about lighthouse {each}.", tokens=2000, ignore_eos=True), after=1.0)
    return float(chat(served, "Is it open?")["seconds"])


def cells() -> list[Cell]:
    """Return all figures, in the order in which they need each other."""
    return [
        Cell("written, tokens/s", written),
        Cell("written, one core busy, tokens/s", written, busy=1),
        Cell("read, tokens/s", read),
        Cell("behind a file, tokens/s", written_behind),
        Cell("behind a file, one core busy, tokens/s", written_behind, busy=1),
        Cell("second question, s", second),
        Cell("second question, one core busy, s", second, busy=1),
        Cell("back after another conversation, s", back),
        Cell("back, one core busy, s", back, busy=1),
        Cell("after a restart, s", restarted),
        Cell("short text read, tokens/s", read_short),
        Cell("short text read, one core busy, tokens/s", read_short, busy=1),
        Cell("stopped while it reads, s", stopped_reading),
        Cell("stopped while it writes, s", stopped_writing),
    ]
