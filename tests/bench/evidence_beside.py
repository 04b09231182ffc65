"""`python -m tests.bench.evidence_beside`: how late the GUI thread is while a long answer is looked up beside it.

Once on a thread, which shares the interpreter with the window, and once in the process that the program has for it; and
with nothing looked up, to tell how busy the machine is. Milliseconds of the wall, a timer of 5 ms.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer

from desktop.core.evidence.checked import GivenText
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import Sources
from desktop.readers.evidence.process import LookUpProcess
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor
from desktop.runtime.threads.loop_thread import LoopThread
from tests.bench.evidence import an_answer, file_of
from tests.bench.heartbeat import Heartbeat
from tests.bench.table import Row, printed

_RUNS = 5
_PAGES = 500
_LIMIT = 16.0


class _Bench:
    """A GUI thread without a window, and the threads beside it."""

    def __init__(self) -> None:
        self._app = QCoreApplication.instance() or QCoreApplication([])
        self._loop = LoopThread()
        self._loop.start()
        self._work = BackgroundTasks(self._loop)
        self._thread = DaemonExecutor("evidence")
        self._sources = Sources((GivenText("file.pdf", file_of(_PAGES)),))
        self._answer = an_answer()
        self.rows: list[Row] = []

    def end(self) -> None:
        """Stop the threads and the process."""
        self._loop.stop()

    def on_thread(self, done: Callable[[object], None]) -> None:
        """Look up on a thread, as the program does with short answers."""

        def giving_way() -> object:
            usual = sys.getswitchinterval()
            sys.setswitchinterval(0.001)
            try:
                return check(shown_in(self._answer), Given(self._sources.given))
            finally:
                sys.setswitchinterval(usual)

        self._work.run_on(self._thread, giving_way, done)

    def in_process(self) -> Callable[[Callable[[object], None]], None]:
        """Return what looks up in a new process."""
        process = LookUpProcess()
        return lambda done: self._ask(process, done)

    def _ask(self, process: LookUpProcess, done: Callable[[object], None]) -> None:
        self._work.run_on_loop(process.look_up(self._answer, self._sources), done, lambda _: done(None))

    def measure(
        self, what: str, make: Callable[[], Callable[[Callable[[object], None]], None]], again: int = 1
    ) -> None:
        """Measure what is late meanwhile, and how long it takes; with `again`, of the second one to the same file."""
        late: list[float] = []
        took: list[float] = []
        for _ in range(_RUNS):
            look = make()
            for _ in range(again):
                one = self._one(look)
            late.append(one[0])
            took.append(one[1])
        self.rows.append(Row(f"{what}: the GUI thread late, at most", max(late), "ms", _LIMIT))
        self.rows.append(Row(f"{what}: the same, the middle of {_RUNS}", statistics.median(late), "ms"))
        self.rows.append(Row(f"{what}: until it is there", statistics.median(took), "ms"))

    def _one(self, look: Callable[[Callable[[object], None]], None]) -> tuple[float, float]:
        beat = Heartbeat(self._app)
        told: list[object] = []
        beat.restart()
        began = time.perf_counter()
        look(told.append)
        while not told:
            self._app.processEvents()
            time.sleep(0.0005)
        took = 1000 * (time.perf_counter() - began)
        return beat.stop()["ms"], took


def _nothing(done: Callable[[object], None]) -> None:
    QTimer.singleShot(2_000, lambda: done(None))


def main() -> int:
    bench = _Bench()
    bench.measure("nothing looked up", lambda: _nothing)
    bench.measure(f"{_PAGES} pages on a thread", lambda: bench.on_thread)
    bench.measure(f"{_PAGES} pages in a process", bench.in_process)
    bench.measure(f"{_PAGES} pages in a process, the next answer", bench.in_process, again=2)
    bench.end()
    print(printed(bench.rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
