"""The process in which long answers are looked up: it is handed texts and answers, and writes what it found as lines.

It is a process of its own because the rules are all Python, and would keep the window's thread from the interpreter. It
lives for many answers, since the index of a long file is worth keeping, and ends when standard input does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import BinaryIO, NoReturn

from desktop.core.claims.claim import Shown
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence, GivenText
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Indexes
from desktop.core.processes import end_with_parent, take_over_pipes
from desktop.readers.confinement import confine
from desktop.readers.source import failure_of
from desktop.readers.wire import Failed, Handed, Left, LookUp, Received, lines_of


def serve(shown_in: Callable[[str], Shown]) -> NoReturn:
    """Look up answers until nobody asks any more; `shown_in` turns their Markdown into visible text. Never returns."""
    end_with_parent()
    source, sink = take_over_pipes()
    confine()
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(source, waiting), daemon=True).start()
    orders, texts, indexes = Received(Handed, Left, LookUp), dict[int, GivenText](), Indexes()
    while True:
        match orders.value(waiting.get()):
            case Handed(number, name, text, anchors):
                texts[number] = GivenText(name, text, anchors)
            case Left(numbers):
                for number in numbers:
                    texts.pop(number, None)
            case LookUp() as order:
                _answer(order, tuple(texts[number] for number in order.numbers), shown_in, indexes, sink)


def _read(source: BinaryIO, waiting: SimpleQueue[bytes]) -> NoReturn:
    """Hand on lines as they come, and end the process at their end, also while an answer is looked up."""
    for line in source:
        waiting.put(line)
    os._exit(0)


def _answer(
    order: LookUp, texts: tuple[GivenText, ...], shown_in: Callable[[str], Shown], indexes: Indexes, sink: BinaryIO
) -> None:
    """Write the evidence for an answer, but for the texts, which the parent has; or what went wrong.

    An empty answer is still being written: the texts are made ready for it.
    """
    answer: Evidence | Failed = NO_EVIDENCE
    try:
        given = indexes.of(texts)
        if order.answer:
            found = check(shown_in(order.answer), given, order.question, order.earlier)
            answer = replace(found, sources=(), question="")
        else:
            given.prepare()
    except Exception as error:
        failure = failure_of(error)
        answer = Failed(failure.problem, failure.detail)
    try:
        for line in lines_of(answer):
            sink.write(line)
        sink.flush()
    except OSError:  # nobody is there to read it
        os._exit(0)
