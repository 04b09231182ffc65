"""`python -m tests.bench.drive ADDRESS`: the program with its real window, told what to do on standard input.

`ask` types a question into the composer and presses Enter; when the answer has ended, a line of JSON says so. The
program is composed as `desktop.app` composes it. Everything is measured from outside, but for stalls: only the GUI
thread itself notices that it was late (`--watch-stalls`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop import app as composition
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.store.paths import data_dir
from desktop.store.settings import Settings
from tests.bench.stream_server import MODEL

QUESTION = "Explain how a contract is reviewed."
_HEARTBEAT_MS = 5
_LOOK_MS = 20


class Heartbeat(QObject):
    """Notices when the GUI thread could not answer for a while: a timer of 5 ms that looks at the clock."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=_HEARTBEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def restart(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last - _HEARTBEAT_MS / 1000)
        self._last = now


class Driver(QObject):
    """Waits for the model, then does what standard input says; its end ends the program."""

    def __init__(self, program: composition.Program, choice: ModelChoice, watch_stalls: bool) -> None:
        super().__init__()
        self._program = program
        self._choice = choice
        self._heartbeat = Heartbeat(self) if watch_stalls else None
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.setEnabled(False)
        self._input.activated.connect(self._obey)
        self._ready = QTimer(self, interval=_LOOK_MS)
        self._ready.timeout.connect(self._look)
        self._ready.start()
        program.chat.turn_ended.connect(self._on_ended)

    def _look(self) -> None:
        if self._program.models.find(self._choice) is not None and self._program.window.is_chat_in_front:
            self._ready.stop()
            self._input.setEnabled(True)
            _say({"event": "shown"})

    def _obey(self) -> None:
        if os.read(sys.stdin.fileno(), 100).strip() != b"ask":
            self._input.setEnabled(False)
            QApplication.quit()
            return
        if self._heartbeat is not None:
            self._heartbeat.restart()
        composer = self._program.window.composer
        composer.set_text(QUESTION)
        box = composer.focusProxy()
        assert box is not None
        box.setFocus()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(box, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))

    def _on_ended(self, turn: Any) -> None:
        # One more turn of the event loop, so that the last flush has been painted and a stall in it is seen.
        QTimer.singleShot(100, lambda: self._report(turn.builder.message))

    def _report(self, message: Any) -> None:
        report: dict[str, Any] = {"event": "finished", "status": message.status, "letters": len(message.text)}
        if self._heartbeat is not None:
            report["longest_stall_ms"] = self._heartbeat.longest * 1000
        _say(report)


def _say(fields: dict[str, Any]) -> None:
    print(json.dumps(fields), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.drive", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--watch-stalls", action="store_true")
    options = parser.parse_args()
    # httpx loads its command line (with rich: 6 MiB) where a developer has click installed; a person does not have it.
    sys.modules["click"] = None  # type: ignore[assignment]
    connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Bench", address=options.address)
    choice = ModelChoice(connection.id, MODEL)
    Settings(connections=(connection,), default_choice=choice).save(data_dir() / "settings.json")
    app = QApplication(sys.argv[:1])
    program = composition.Program(app, data_dir(), Settings.load(data_dir() / "settings.json")[0])
    driver = Driver(program, choice, options.watch_stalls)
    try:
        program.open()
        return app.exec()
    finally:
        program.close()
        driver.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
