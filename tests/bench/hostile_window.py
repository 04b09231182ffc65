"""`python -m tests.bench.hostile_window ADDRESS`: the real window with one hostile message in it, for `hostile.py`.

Asks the server (`--ask`) or opens a stored conversation, waits until the window has nothing left to do, scrolls and
resizes, and prints for each of these the longest stall of the GUI thread and the memory, as JSON. A harmless one comes
first, so that what is loaded at the first use is there. With `--where` it also prints where the GUI thread was during
each long stall.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop import app as composition
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.store.paths import data_dir
from desktop.store.settings import Settings
from tests.bench.heartbeat import Heartbeat
from tests.bench.stream_server import MODEL

HARMLESS_TITLE, HOSTILE_TITLE = "Harmless", "Hostile"
_LOOK_MS = 20
_QUIET_LOOKS = 15  # so many looks in a row with an idle thread: nothing is left to do
_LONGEST_WAIT = 45.0  # seconds
_LATE = 0.05
_SCROLL_STEPS = 40
_RESIZE_STEPS = 8


class HostileRun(QObject):
    """Goes through the steps one after the other; each is measured until the window is at rest again."""

    def __init__(self, program: composition.Program, choice: ModelChoice, asks: bool, is_watched: bool) -> None:
        super().__init__()
        self._program = program
        self._choice = choice
        self._asks = asks
        self._heartbeat = Heartbeat(self)
        self._steps = self._all_steps()
        self._name = ""
        self._began = 0.0
        self._quiet = 0
        self._cpu = 0.0
        self._is_streaming = False
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self.last_beat = time.perf_counter()
        self._sign_of_life = QTimer(self, interval=5)
        self._sign_of_life.timeout.connect(self._live)
        if is_watched:
            self._sign_of_life.start()
        program.chat.generation_ended.connect(self._on_ended)

    def _all_steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "start", lambda: None
        yield "warm up", self._ask if self._asks else lambda: self._open(HARMLESS_TITLE)
        yield ("stream", self._ask) if self._asks else ("open", lambda: self._open(HOSTILE_TITLE))
        yield "scroll", self._scroll
        yield "resize", self._resize

    def _look(self) -> None:
        if not self._name:
            is_ready = self._program.services.models.find(self._choice) is not None
            if is_ready and (self._asks or self._program.chat.conversations):
                self._next()
            return
        cpu = time.thread_time()
        self._quiet = self._quiet + 1 if cpu - self._cpu < 0.003 and not self._is_streaming else 0
        self._cpu = cpu
        if self._quiet >= _QUIET_LOOKS or time.monotonic() - self._began > _LONGEST_WAIT:
            self._report()
            self._next()

    def _next(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
            QApplication.quit()
            return
        self._name, act = step
        self._began, self._quiet = time.monotonic(), 0
        self._heartbeat.restart()
        act()

    def _live(self) -> None:
        self.last_beat = time.perf_counter()

    def _report(self) -> None:
        stall = self._heartbeat.stop()
        fields = {
            "step": self._name,
            "stall_ms": stall["ms"],
            "stall_cpu_ms": stall["cpu_ms"],
            "seconds": time.monotonic() - self._began - _QUIET_LOOKS * _LOOK_MS / 1000,
            "peak_mib": _peak_mib(),
        }
        print(json.dumps(fields), flush=True)

    def _open(self, title: str) -> None:
        chat = self._program.chat
        chat.open(next(each.id for each in chat.conversations if each.title == title))

    def _ask(self) -> None:
        self._is_streaming = True
        composer = self._program.window.composer
        composer.set_text("Go on.")
        box = composer.focusProxy()
        assert box is not None
        box.setFocus()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(box, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))

    def _on_ended(self) -> None:
        self._is_streaming = False

    def _scroll(self) -> None:
        """To the beginning, to the middle and back to the end, in big and small steps."""
        bar = self._program.window.transcript.verticalScrollBar()

        def places() -> Iterator[float]:
            for step in range(_SCROLL_STEPS):
                yield step / _SCROLL_STEPS
            for step in range(_SCROLL_STEPS):
                yield 0.5 + step / max(1, bar.maximum()) * 40

        self._walk(places(), lambda part: bar.setValue(int(bar.maximum() * min(1.0, part))))

    def _resize(self) -> None:
        window = self._program.window
        wide, tall = window.width(), window.height()
        sizes = iter([float(wide - 15 * step) for step in range(_RESIZE_STEPS)] + [float(wide)])
        self._walk(sizes, lambda width: window.resize(int(width), tall))

    def _walk(self, places: Iterator[float], go: Callable[[float], None]) -> None:
        """One place at a turn of the event loop with its paints, as a hand would."""
        self._is_streaming = True

        def step() -> None:
            place = next(places, None)
            if place is None:
                self._is_streaming = False
                return
            go(place)
            QTimer.singleShot(16, step)

        step()


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _watch(run: HostileRun) -> None:
    """From a thread of its own: where the GUI thread is when it has given no sign of life for long."""
    seen = 0.0
    while True:
        time.sleep(0.01)
        beat = run.last_beat
        if beat != seen and time.perf_counter() - beat > _LATE:
            seen = beat
            faulthandler.dump_traceback(sys.stderr)  # all threads; safe while they run


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.hostile_window", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--ask", action="store_true")
    parser.add_argument("--where", action="store_true")
    options = parser.parse_args()
    sys.modules["click"] = None  # type: ignore[assignment]  # see drive.py
    connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Bench", address=options.address)
    choice = ModelChoice(connection.id, MODEL)
    settings = Settings(connections=(connection,), default_choice=choice)
    app = QApplication(sys.argv[:1])
    program = composition.Program(app, data_dir(), settings)
    run = HostileRun(program, choice, options.ask, options.where)
    if options.where:
        threading.Thread(target=_watch, args=(run,), daemon=True).start()
    try:
        program.open()
        return app.exec()
    finally:
        program.close()
        run.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
