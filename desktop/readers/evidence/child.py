"""The process in which long answers are looked up: it is handed texts and answers, and writes what it found as lines.

It is a process of its own because the rules are all Python, and would keep the window's thread from the interpreter. It
lives for many answers, since the index of a long file is worth keeping, and ends when standard input does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import BinaryIO, NoReturn

from desktop.core.claims.claim import Shown
from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Indexes
from desktop.core.processes.child import end_with_parent, take_over_pipes
from desktop.readers.confinement import confine
from desktop.readers.evidence.wire import LookUp, LookUpsOfLines, lines_of_evidence
from desktop.readers.wire import line_of_failure


def serve(shown_in: Callable[[str], Shown]) -> NoReturn:
    """Look up answers until nobody asks any more; `shown_in` turns their Markdown into visible text. Never returns."""
    end_with_parent()
    source, sink = take_over_pipes()
    confine()
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(source, waiting), daemon=True).start()
    orders, indexes = LookUpsOfLines(), Indexes()
    try:
        while True:
            order = orders.look_up(waiting.get())
            if order is not None:
                _answer(order, shown_in, indexes, sink)
    except OSError:  # nobody is there to read it
        os._exit(0)
    except (ValueError, TypeError, KeyError):
        os._exit(2)


def _read(source: BinaryIO, waiting: SimpleQueue[bytes]) -> NoReturn:
    """Hand on lines as they come, and end the process at their end, also while an answer is looked up."""
    for line in source:
        waiting.put(line)
    os._exit(0)


def _answer(order: LookUp, shown_in: Callable[[str], Shown], indexes: Indexes, sink: BinaryIO) -> None:
    try:
        evidence = _evidence(order, shown_in, indexes)
    except ReadingError as error:
        sink.write(line_of_failure(error))
    else:
        for line in lines_of_evidence(evidence):
            sink.write(line)
    sink.flush()


def _evidence(order: LookUp, shown_in: Callable[[str], Shown], indexes: Indexes) -> Evidence:
    """Return the evidence for an answer, with whatever goes wrong as a `ReadingError`.

    An empty answer is still being written: the texts are made ready for it.
    """
    try:
        given = indexes.of(order.given)
        if not order.answer:
            given.prepare()
            return NO_EVIDENCE
        return check(shown_in(order.answer), given, order.question, order.earlier)
    except MemoryError as error:
        raise ReadingError(ReadingProblem.TOO_LARGE, "memory") from error
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError) as error:
        # A text that no rule has foreseen; the words of the error are not told, since they may be the text's.
        raise ReadingError(ReadingProblem.CRASHED, type(error).__name__) from error
