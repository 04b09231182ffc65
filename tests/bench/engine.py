"""`python -m tests.bench.engine`: the built-in engine beside a llama-server with its defaults, in the same slot.

The server is the one of the engine's own package, with what its command line would choose. Both run the starter model,
each question by turns, so that what else the machine does meets both. Not in the suite, since it takes minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from desktop.engine.process import environment
from desktop.store.paths import starter_model

_KEY = "key"
_WINDOW = 8192
_SERVER = """
import sys, json, xllamacpp
params = xllamacpp.CommonParams()
order = json.loads(sys.argv[1])
params.model.path = order["model"]
params.n_ctx, params.port, params.api_keys, params.ui = order["window"], 0, [order["key"]], False
params.fit_params = False
server = xllamacpp.Server(params)
print(json.dumps({"base_url": server.listening_address}), flush=True)
sys.stdin.read()
"""
_SYSTEM = "You are a careful assistant who answers from the text in front of you, in short sentences. " * 4
_READS_FOR = 2.0  # seconds, and then some, so that not always the same part of a go is met
_QUESTIONS = ("Who signed it?", "When does it end?", "What does it cost?", "Is there a garden?")
_LINES = 270  # of a file of twenty pages
_A_WHILE = 1.5  # seconds


class Served:
    """A server of the starter model that runs: the built-in engine, or a llama-server."""

    def __init__(self, model, *, is_ours):
        self._model = model
        self._is_ours = is_ours
        self.figures: dict[str, list[float]] = {}

    def __enter__(self):
        order = {"model": str(self._model), "key": _KEY}
        if self._is_ours:
            command, env = [sys.executable, "-m", "desktop.engine.child"], environment()
            line = json.dumps({**order, "context_length": _WINDOW}) + "\n"
        else:
            command, env = [sys.executable, "-c", _SERVER, json.dumps({**order, "window": _WINDOW})], dict(os.environ)
            line = ""
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, env=env, text=True, **pipes)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()
        self._address = json.loads(self._process.stdout.readline())["base_url"]
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.communicate()

    def ask(self, *texts, tokens=1, **more):
        """Return the timings of an answer, with the `seconds` from the question to its end."""
        address = f"{self._address}/v1/chat/completions"
        request = urllib.request.Request(address, _body(*texts, tokens=tokens, **more), _headers())
        began = time.monotonic()
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            told: dict[str, Any] = json.load(answer)
        return {**told["timings"], "seconds": time.monotonic() - began}

    def stop(self, text, *, tokens, after, **more):
        """Ask something, and close the connection some seconds later."""
        host = urllib.parse.urlsplit(self._address)
        connection = http.client.HTTPConnection(host.hostname or "", host.port)
        connection.request("POST", "/v1/chat/completions", _body(text, tokens=tokens, stream=True, **more), _headers())
        time.sleep(after)
        connection.close()


def _body(*texts, tokens, **more):
    messages = [{"role": "system", "content": _SYSTEM}]
    messages += [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]
    return json.dumps({"messages": messages, "max_tokens": tokens, "temperature": 0, **more}).encode()


def _headers():
    return {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"}


# --- The figures: each asks a server, in a round of this number -----------------------------------------------------


def _file_of(number):
    """Return a text of twenty pages; another one for each number."""
    return "\n".join(
        f"{line}. Flat {number}-{line} of the house in Mill Lane costs {(line * 37 + number) % 900} pounds a month."
        for line in range(_LINES)
    )


def _written(served, each):
    asked = f"Write a long story about lighthouse number {each}."
    return float(served.ask(asked, tokens=150, ignore_eos=True)["predicted_per_second"])


def _read(served, each):
    return float(served.ask(f"{_file_of(each)}\n\n{_QUESTIONS[0]}", cache_prompt=False)["prompt_per_second"])


def _written_behind(served, each):
    told = served.ask(f"{_file_of(each)}\n\n{_QUESTIONS[1]}", tokens=40, ignore_eos=True)
    return float(told["predicted_per_second"])


def _second(served, each):
    return float(served.ask(f"{_file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[2])["seconds"])


def _back(served, each):
    served.ask(f"Is it open on day {each}?", tokens=8)
    return float(served.ask(f"{_file_of(each)}\n\n{_QUESTIONS[0]}", "Ann Miller.", _QUESTIONS[3])["seconds"])


def _stopped_reading(served, each):
    served.stop(_file_of(1000 + each), tokens=1, cache_prompt=False, after=_READS_FOR + 0.37 * each)
    return float(served.ask("Is it open?")["seconds"])


def _stopped_writing(served, each):
    served.stop(f"Write about lighthouse {each}.", tokens=2000, ignore_eos=True, after=1.0)
    return float(served.ask("Is it open?")["seconds"])


# In the order in which they need each other; with how many cores busy with something else.
CELLS: dict[str, tuple[Callable[[Served, int], float], int]] = {
    "written, tokens/s": (_written, 0),
    "written, one core busy, tokens/s": (_written, 1),
    "read, tokens/s": (_read, 0),
    "behind a file, tokens/s": (_written_behind, 0),
    "behind a file, one core busy, tokens/s": (_written_behind, 1),
    "second question, s": (_second, 0),
    "back after another conversation, s": (_back, 0),
    "stopped while it reads, s": (_stopped_reading, 0),
    "stopped while it writes, s": (_stopped_writing, 0),
}


@contextlib.contextmanager
def _busy(cores):
    """Keep some cores busy with something else, or none, which has been so for a while when anything is asked."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores)]
    try:
        time.sleep(_A_WHILE)
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main():
    """Print a table of the cells: both servers, and the engine over the llama-server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cells whose names begin with one of these, with commas between")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    model = starter_model()
    assert model is not None, "the starter model is not there"
    wanted = {name: cell for name, cell in CELLS.items() if name.startswith(tuple(options.only.split(",")))}
    with Served(model, is_ours=True) as ours, Served(model, is_ours=False) as theirs:
        for each in range(options.rounds):
            for name, (measure, cores) in wanted.items():
                for served in (ours, theirs)[:: -1 if each % 2 else 1]:
                    with _busy(cores):
                        served.figures.setdefault(name, []).append(measure(served, each))
                print(f"{name}: {ours.figures[name][-1]:.2f} / {theirs.figures[name][-1]:.2f}", file=sys.stderr)
    print(f"load {os.getloadavg()[0]:.1f}, {options.rounds} rounds: the engine, a llama-server, and the ratio")
    for name in wanted:
        mine, others = ours.figures[name], theirs.figures[name]
        ratios = [one / other for one, other in zip(mine, others, strict=True)]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"{name:<40}{statistics.median(mine):9.2f}{statistics.median(others):9.2f}   {spread}")


if __name__ == "__main__":
    main()
