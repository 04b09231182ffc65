"""The reader's own process: reads one file, writes its text as lines, and ends.

It gets one `ReadingOrder` by standard input and ends at once when standard input does. It is a process of its own
because libraries that take files apart end the process they are in, take all its memory, or never return.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.core.processes.child import end_with_parent, exit_at_end_of, take_over_pipes
from desktop.readers import formats
from desktop.readers.confinement import confine
from desktop.readers.source import Source
from desktop.readers.wire import Done, ReadingOrder, WireEvent, line_of_failure, lines_of, parse_order

_MOST_BYTES = 1 << 29  # of a file


def main() -> NoReturn:
    """Read the file that standard input names. Never returns."""
    end_with_parent()
    source, sink = take_over_pipes()
    try:
        order = parse_order(source.readline())
    except (ValueError, TypeError, KeyError):
        os._exit(2)
    confine()
    threading.Thread(target=exit_at_end_of, args=(source,), daemon=True).start()
    try:
        carry_out(order, sink)
    except OSError:  # nobody is there to read it
        os._exit(0)
    os._exit(0)


def carry_out(order: ReadingOrder, sink: BinaryIO) -> None:
    """Write the events of an order as lines, the last of which tells how it ended."""
    try:
        before = _identity(order.path)
        try:
            for event in _events(order):
                _write(sink, event)
        except ReadingError as error:
            if error.problem is ReadingProblem.DAMAGED and _identity(order.path) != before:
                raise ReadingError(ReadingProblem.CHANGED) from error
            raise
        if _identity(order.path) != before:
            raise ReadingError(ReadingProblem.CHANGED)
    except ReadingError as error:
        _send(sink, line_of_failure(error))
    else:
        _write(sink, Done())


def _events(order: ReadingOrder) -> Iterator[WireEvent]:
    """Yield what the file holds, with whatever goes wrong as a `ReadingError`."""
    source = Source(Path(order.path), order.name, order.password, order.encoding)
    try:
        if order.drawing is not None:
            from desktop.readers.pdf.picture import pictures_of

            yield from pictures_of(source, order.drawing)
        else:
            yield from formats.read(source)
    except MemoryError as error:
        raise ReadingError(ReadingProblem.TOO_LARGE, "memory") from error
    except RecursionError as error:
        raise ReadingError(ReadingProblem.DAMAGED, "nested too deeply") from error
    except OSError as error:
        raise _problem_of(error) from error
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError) as error:
        # A file that no reader has foreseen; its words are not told, since they may be the file's.
        raise ReadingError(ReadingProblem.CRASHED, type(error).__name__) from error


def _identity(path: str) -> tuple[int, int, int]:
    """Return what changes when a file does. Raises `ReadingError` for what is no file that can be read."""
    try:
        told = os.stat(path)
    except OSError as error:
        raise _problem_of(error) from error
    except ValueError as error:
        raise ReadingError(ReadingProblem.GONE) from error
    if not stat.S_ISREG(told.st_mode):
        raise ReadingError(ReadingProblem.NOT_A_FILE)
    if told.st_size == 0:
        raise ReadingError(ReadingProblem.EMPTY)
    if told.st_size > _MOST_BYTES:
        raise ReadingError(ReadingProblem.TOO_LARGE, f"{told.st_size} bytes")
    return told.st_ino, told.st_size, told.st_mtime_ns


def _problem_of(error: OSError) -> ReadingError:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return ReadingError(ReadingProblem.GONE)
        case PermissionError():
            return ReadingError(ReadingProblem.FORBIDDEN)
        case IsADirectoryError():
            return ReadingError(ReadingProblem.NOT_A_FILE)
    return ReadingError(ReadingProblem.DAMAGED, error.strerror or "")


def _write(sink: BinaryIO, event: WireEvent) -> None:
    for line in lines_of(event):
        _send(sink, line)


def _send(sink: BinaryIO, line: bytes) -> None:
    sink.write(line)
    sink.flush()
