"""The messages between the parent and the engine's process: one line of JSON each way.

The order goes down standard input and carries the key, so that it stands in no list of processes and no environment.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeVar

from desktop.core.converting import as_dict, converted

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class EngineOrder:
    """The order to serve a model.

    None leaves the choice to the engine: `context_length` in tokens, `threads` of the processor. `wished`: the context
    that it chooses is to be as long as this, in tokens, if there is memory for that. `leaves_room`: it chooses fewer
    threads than there are cores.
    """

    model: str
    key: str
    context_length: int | None = None
    threads: int | None = None
    wished: int | None = None
    leaves_room: bool = False


@dataclass(frozen=True, slots=True)
class EngineReport:
    """The one line that the engine prints: `base_url` and `window` when it serves, else `reason` and `detail`.

    These are as in `EngineFailed`; `window` is in tokens. `for_others`: the bytes in which it keeps what it has read of
    conversations other than the one in front.
    """

    base_url: str = ""
    window: int | None = None
    for_others: int = 0
    reason: str = ""
    detail: str = ""


def as_line(message: EngineOrder | EngineReport) -> bytes:
    """Return the line of a message."""
    return json.dumps(as_dict(message)).encode() + b"\n"


def parsed(kind: type[_T], line: bytes) -> _T:
    """Return the message in a line. Raises `ValueError` for anything else."""
    return converted(kind, json.loads(line), whole=True)
