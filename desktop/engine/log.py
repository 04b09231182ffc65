"""The engine's log: a bounded tail of what llama.cpp prints, and the lines in it that say why something failed.

It stays in memory. llama.cpp does not print what is said in a conversation at this verbosity.
"""

from __future__ import annotations

import re
from collections import deque

_KEPT_LINES = 400
_LONGEST_LINE = 500
_SHOWN_CAUSES = 4

# "0.00.005.161 E srv    load_model: failed to load model, 'x.gguf'": clock, level, then the place in llama.cpp.
_LINE = re.compile(r"^\d+(?:\.\d+)+ (?P<level>[IWEFD]) (?P<text>.*)$")
_PLACE = re.compile(r"^(?:\w{2,4}\s+)?(?:\w[\w:~]*(?:\(\))?:\s+)+(?:error loading model:\s+)?(?:\w+:\s+)?")
_ASSERTION = re.compile(r"GGML_ASSERT|GGML_ABORT|terminate called|what\(\):|Fatal Python error|Error: |error: ")
# True of every failed load; they say nothing about its cause.
_GENERIC = re.compile(
    r"^failed to load model(?:, '.*'| '.*')?$|^failed to load model from \S+$|exiting due to model loading error"
    r"|trying to fit params|please check the input params"
)
_OUT_OF_MEMORY = re.compile(
    r"bad_alloc|out ?of ?memory|cannot allocate memory|(?:failed|unable) to allocate|OutOfDeviceMemory"
    r"|insufficient memory|alloc\w* of size \d+ failed",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"chat template parsing error")
_BAD_FILE = re.compile(r"error loading model|invalid magic|failed to open GGUF|unknown model architecture|gguf_init")


class EngineLog:
    """A tail of the log; `feed` it with bytes as they come."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._partial = b""

    def feed(self, data: bytes) -> None:
        *whole, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[:_LONGEST_LINE]
        self._lines.extend(_clean(line) for line in whole)

    @property
    def lines(self) -> list[str]:
        return [*self._lines, _clean(self._partial)] if self._partial else list(self._lines)

    @property
    def causes(self) -> str:
        """The lines that name a failure, without clocks and repetitions; empty if none does."""
        found: dict[str, None] = {}
        for line in self.lines:
            cause = _cause(line)
            if cause:
                found.setdefault(cause)
        return "\n".join(list(found)[:_SHOWN_CAUSES])

    @property
    def reason(self) -> str:
        """The kind of failure: `template`, `bad_file` or `out_of_memory` if the log says so, else `crashed`."""
        text = "\n".join(self.lines)
        if _TEMPLATE.search(text):
            return "template"
        if _OUT_OF_MEMORY.search(text):
            return "out_of_memory"
        return "bad_file" if _BAD_FILE.search(text) else "crashed"


def _clean(line: bytes) -> str:
    return line[:_LONGEST_LINE].decode("utf-8", errors="replace").rstrip()


def _cause(line: str) -> str:
    match = _LINE.match(line)
    if match is None:
        return line.strip() if _ASSERTION.search(line) or _OUT_OF_MEMORY.search(line) else ""
    if match["level"] not in "EF":
        return ""
    text = _PLACE.sub("", match["text"]).strip()
    return "" if _GENERIC.search(text) else text
