"""The reader's own process: reads one file, writes its text as lines, and ends.

It gets one `ReadingOrder` by standard input and ends at once when standard input does. It is a process of its own
because libraries that take files apart end the process they are in, take all its memory, or never return.
"""

from __future__ import annotations

import gc
import os
import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from desktop.core.bounds import FILE_BYTES
from desktop.core.documents.document import PagePicture, ReadingError, ReadingEvent, ReadingProblem
from desktop.core.processes import end_with_parent, exit_at_end_of, take_over_pipes
from desktop.readers import formats
from desktop.readers.confinement import confine
from desktop.readers.source import Source, failure_of
from desktop.readers.wire import Done, Failed, ReadingOrder, Received, lines_of

_NO_LETTERS = re.compile("[\0\ud800-\udfff]")


def main() -> NoReturn:
    """Read the file that standard input names. Never returns."""
    end_with_parent()
    gc.disable()  # one file leaves nothing to collect, and looking for that takes half the time of a large sheet
    source, sink = take_over_pipes()
    order = Received(ReadingOrder).value(source.readline())
    confine()
    threading.Thread(target=exit_at_end_of, args=(source,), daemon=True).start()
    carry_out(order, sink)
    os._exit(0)


def carry_out(order: ReadingOrder, sink: BinaryIO) -> None:
    """Write the events of an order as lines, the last of which tells how it ended."""
    failure = before = None
    try:
        before = _identity(order.path)
        for event in _events(order):
            _send(sink, event)
    except BaseException as error:
        failure = failure_of(error)
    try:
        if before and (failure is None or failure.problem is ReadingProblem.DAMAGED):
            failure = ReadingError(ReadingProblem.CHANGED) if _identity(order.path) != before else failure
    except ReadingError as error:
        failure = error
    _send(sink, Failed(failure.problem, failure.detail) if failure else Done())


def _events(order: ReadingOrder) -> Iterator[ReadingEvent | PagePicture]:
    source = Source(Path(order.path), order.name, order.password, order.encoding)
    if order.drawing is None:
        yield from formats.read(source)
        return
    from desktop.readers.pdf.picture import pictures_of

    yield from pictures_of(source, order.drawing)


def _identity(path: str) -> tuple[int, int, int]:
    """Return what changes when a file does. Raises `ReadingError` for what is no file that can be read."""
    try:
        told = os.stat(path)
    except ValueError as error:
        raise ReadingError(ReadingProblem.GONE) from error
    except OSError as error:
        raise failure_of(error) from error
    if not stat.S_ISREG(told.st_mode):
        raise ReadingError(ReadingProblem.NOT_A_FILE)
    if told.st_size == 0:
        raise ReadingError(ReadingProblem.EMPTY)
    if told.st_size > FILE_BYTES:
        raise ReadingError(ReadingProblem.TOO_LARGE, f"{told.st_size} bytes")
    return told.st_ino, told.st_size, told.st_mtime_ns


def _send(sink: BinaryIO, event: object) -> None:
    try:
        for line in lines_of(event, _clean):
            sink.write(line)
            sink.flush()
    except OSError:  # nobody is there to read it
        os._exit(0)


def _clean(text: str) -> str:
    return _NO_LETTERS.sub(lambda found: "" if found[0] == "\0" else "�", text)


if __name__ == "__main__":
    main()
