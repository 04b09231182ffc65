"""The parent's side of looking up long answers: one process for all, which ends when none was asked for in a while.

It runs on the loop thread, and is ended by the limits of memory and time that the readers of files have.
"""

from __future__ import annotations

import asyncio
from asyncio import Future, Queue, Task
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from desktop.core import processes
from desktop.core.bounds import LOOK_UP_BYTES, LOOK_UP_SECONDS, LOOK_UP_SILENCE
from desktop.core.documents.document import LOOK_UP_SWITCH, ReadingError, ReadingProblem
from desktop.core.evidence.checked import Evidence, GivenText, Sources
from desktop.readers.process import Limits, Running, running
from desktop.readers.wire import Handed, Left, LookUp

_LIMITS = Limits(LOOK_UP_BYTES, LOOK_UP_SILENCE, LOOK_UP_SECONDS)
_IDLE = 180.0  # seconds after which the process, with the indexes that it keeps, is ended
_MOST_KEPT = 2  # answers in turn, whose texts the process keeps


@dataclass(frozen=True, slots=True)
class _Asked:
    """Answer that waits to be looked up."""

    answer: str
    sources: Sources
    found: Future[Evidence]


class LookUpProcess:
    """Finder of evidence in a process of its own, which is started with the first answer and kept for the next."""

    def __init__(self, limits: Limits = _LIMITS, idle: float = _IDLE, program: Sequence[str] | None = None) -> None:
        """Prepare for looking up; `program` is the command line of the process, the program's own by default."""
        self._limits = limits
        self._idle = idle
        self._program = program
        self._waiting: Queue[_Asked] = Queue()
        self._life: Task[None] | None = None

    async def look_up(self, answer: str, sources: Sources) -> Evidence:
        """Return the evidence for an answer, as its Markdown was written. Raises `ReadingError`.

        For an empty answer, which is still being written, the texts are made ready and nothing is found.
        """
        asked = _Asked(answer, sources, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(asked)
        if self._life is None:
            self._life = asyncio.create_task(self._live())
        return await asked.found

    async def _live(self) -> None:
        """Answer by one process, until nobody asks any more or it fails; whoever waits then has the next one."""
        asked: _Asked | None = None
        try:
            program = self._program or processes.command(LOOK_UP_SWITCH, "desktop.look_ups")
            async with running(program, self._limits) as process:
                known = _KnownTexts()
                while True:
                    asked = await asyncio.wait_for(self._waiting.get(), self._idle)
                    if not asked.found.done():
                        evidence = await _found(process, known, asked)
                        if not asked.found.done():  # it was given up meanwhile
                            asked.found.set_result(evidence)
                    asked = None
        except TimeoutError:
            pass  # nothing was asked for in a while
        except Exception as error:
            asked = asked or self._waiting.get_nowait()  # the process did not start
            if not asked.found.done():
                from desktop.readers.source import failure_of  # with what reads XML

                asked.found.set_exception(failure_of(error))
        self._life = None if self._waiting.empty() else asyncio.create_task(self._live())


class _KnownTexts:
    """The texts that a process has, by the numbers that they were handed over with."""

    def __init__(self) -> None:
        self._numbers: dict[GivenText, int] = {}
        self._next = 0
        self._recent: deque[tuple[GivenText, ...]] = deque(maxlen=_MOST_KEPT)

    def numbers(self, given: tuple[GivenText, ...]) -> tuple[int, ...]:
        """Return the numbers of texts that were handed over."""
        return tuple(self._numbers[each] for each in given)

    def news(self, given: tuple[GivenText, ...]) -> Iterator[Handed | Left]:
        """Yield what the process must be told before it is asked about these texts."""
        self._recent.append(given)
        kept = {each for those in self._recent for each in those}
        left = [each for each in self._numbers if each not in kept]
        if left:
            yield Left(tuple(self._numbers.pop(each) for each in left))
        for each in given:
            if each not in self._numbers:
                self._next += 1
                self._numbers[each] = self._next
                yield Handed(self._next, each.name, each.text, each.anchors)


async def _found(process: Running, known: _KnownTexts, asked: _Asked) -> Evidence:
    """Return what a process finds. Raises `ReadingError`."""
    sources = asked.sources
    for piece in known.news(sources.given):
        await process.write(piece)
    await process.write(LookUp(asked.answer, sources.question, sources.earlier, known.numbers(sources.given)))
    async with aclosing(process.answers(Evidence)) as answers:
        found: Evidence = await anext(answers)
    for each in found.checked:
        for place in (*each.places, *([each.instead.place] if each.instead else ())):
            text = sources.given[place.source].text if 0 <= place.source < len(sources.given) else ""
            if not 0 <= place.start <= place.end <= len(text):
                raise ReadingError(ReadingProblem.CRASHED, "a place in no source")
    return replace(found, sources=sources.given, question=sources.question)
