"""The engine's own process: loads one model file with llama.cpp and serves it on loopback until its parent is gone.

It reads one `EngineOrder` from standard input, writes one `EngineReport` to standard output, and ends at once when
standard input does. Everything else that it or llama.cpp has to say goes to standard error. It is a process of its own
because loading holds Python's lock the whole time, and because a failed assertion in llama.cpp ends the process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

import psutil

from desktop.core.converting import as_dict, converted
from desktop.core.engine import EnginePace
from desktop.core.errors import EngineFailed
from desktop.core.models.file import GgufHeader
from desktop.core.processes import end_with_parent, exit_at_end_of, take_over_pipes
from desktop.engine.computer import (
    batch_for,
    check_memory,
    computing_cores,
    context_for,
    is_on_battery,
    memory_ceiling,
    memory_for_others,
    threads_for,
)
from desktop.engine.model_file import read_header

_T = TypeVar("_T")

EXIT_REFUSED = 2  # the report says why
# llama.cpp writes its log on a thread of its own, which cannot be asked to finish: on a busy computer the cause of a
# failed load was still on its way when the process ended.
_LOG_SECONDS = 0.5
# The engine writes over what it has read of a conversation, without keeping it, where this share of the next prompt is
# the same. The usual tenth is reached by the instructions that all conversations begin with: then the long one that was
# read is not looked for either.
_SAME_CONVERSATION = 0.97
_FIRST_TO_GO = 500  # for the kernel, where memory runs out: the engine is loaded again in a moment, others are not


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


def main() -> NoReturn:
    """Serve until standard input ends. Never returns."""
    end_with_parent()
    if sys.platform == "linux":  # has the kernel end this process before others, where memory runs out
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(_FIRST_TO_GO))
    source, sink = take_over_pipes()
    try:
        order = parsed(EngineOrder, source.readline())
    except ValueError as error:
        print(f"no order on standard input: {error}", file=sys.stderr)  # noqa: T201 - the log of this process
        os._exit(EXIT_REFUSED)
    threading.Thread(target=exit_at_end_of, args=(source,), daemon=True).start()
    try:
        header, size = read_header(Path(order.model))
        _server, report = _serve(order, header, size)  # it would end with the last name for it
    except EngineFailed as error:
        _report(sink, EngineReport(reason=error.reason, detail=error.detail))
        if error.reason == "crashed":
            time.sleep(_LOG_SECONDS)
        os._exit(EXIT_REFUSED)
    _report(sink, report)
    while True:
        signal.pause() if hasattr(signal, "pause") else threading.Event().wait()


def _report(sink: BinaryIO, report: EngineReport) -> None:
    try:
        sink.write(as_line(report))
        sink.close()
    except OSError:  # nobody is there to read it
        os._exit(0)


def _serve(order: EngineOrder, header: GgufHeader, size: int) -> tuple[Any, EngineReport]:
    """Return a running `xllamacpp.Server`, and what is to be told of it; its model is loaded.

    Raises `EngineFailed`.
    """
    try:
        import xllamacpp
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError) and error.name == "xllamacpp":
            raise EngineFailed(reason="not_installed") from error
        raise EngineFailed(str(error)) from error  # it is there, and lacks something of its own or of the system's
    params = xllamacpp.CommonParams()
    params.model.path = order.model
    memory = psutil.virtual_memory()
    params.n_ctx = order.context_length or context_for(header, size, memory.available, order.wished)
    pace = EnginePace.USABLE if order.leaves_room or is_on_battery() else EnginePace.QUICK
    threads = order.threads or threads_for(computing_cores(), pace)
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    processor = xllamacpp.ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_CPU
    has_graphics_card = any(device["type"] != processor for device in xllamacpp.get_device_info())
    if not has_graphics_card:
        check_memory(header, size, params.n_ctx, memory.total)
        params.fit_params = False  # it loads the model's outline twice, and there is nothing to fit it to
        params.n_batch = params.n_ubatch = batch_for(size, threads)
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order.key]
    params.ui = False
    params.endpoint_slots = False  # it would show the conversation to whoever has the key
    params.cache_idle_slots = False
    params.slot_save_path = os.path.join(
        os.devnull, ""
    )  # without one it is not told to forget; there it writes nothing
    params.slot_prompt_similarity = _SAME_CONVERSATION
    for_others = memory_for_others(header, size, params.n_ctx, memory.available)
    params.cache_ram_mib = for_others >> 20
    if sys.platform == "linux" and not has_graphics_card:  # a card's driver counts its own memory as this process's
        import resource

        most = memory_ceiling(header, size, params.n_ctx, for_others)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        server = xllamacpp.Server(params)
        return server, EngineReport(server.listening_address, params.n_ctx, for_others)
    except (RuntimeError, MemoryError) as error:
        raise EngineFailed(str(error), reason="crashed") from error  # the parent finds the cause in the log


if __name__ == "__main__":
    main()
