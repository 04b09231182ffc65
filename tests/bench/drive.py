"""`python -m tests.bench.drive ADDRESS`: the program with its real window, told what to do on standard input.

Each order is a line of JSON, answered by one: `{"do": "ask"}` types a question into the composer, presses Enter and
answers when the reply has ended; every other word is a method of `reader.Reader`. The program is composed as
`desktop.app` composes it. Measured from outside is whatever can be: only the GUI thread itself notices that it was
late (`--watch-stalls`), and only it sees what is painted.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

from desktop.surroundings import import_qt

import_qt()  # as the program does, before it imports the rest

# ruff: noqa: E402
from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop import app as composition
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.store.paths import data_dir
from desktop.store.settings import Settings
from tests.bench.heartbeat import Heartbeat
from tests.bench.stream_server import MODEL

QUESTION = "Explain how a contract is reviewed."
_LOOK_MS = 20


class Driver(QObject):
    """Waits for the model, then does what standard input says; its end ends the program."""

    def __init__(
        self, program: composition.Program, choice: ModelChoice, watch_stalls: bool, stacks: TextIO | None
    ) -> None:
        super().__init__()
        self._program = program
        self._stacks = stacks
        self._choice = choice
        self._heartbeat = Heartbeat(self) if watch_stalls else None
        self._reader: Any = None
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.setEnabled(False)
        self._input.activated.connect(self._obey)
        self._ready = QTimer(self, interval=_LOOK_MS)
        self._ready.timeout.connect(self._look)
        self._ready.start()
        program.chat.generation_ended.connect(self._on_ended)

    def _look(self) -> None:
        if self._program.models.find(self._choice) is not None and self._program.window.is_chat_in_front:
            self._ready.stop()
            self._input.setEnabled(True)
            _say({"event": "shown"})

    def _obey(self) -> None:
        lines = os.read(sys.stdin.fileno(), 4096)  # orders are short, and come whole
        if not lines:
            self._input.setEnabled(False)
            QApplication.quit()
            return
        for line in lines.splitlines():
            order = json.loads(line)
            name = order.pop("do")
            if name == "ask":
                self._ask()
            else:
                reader = self._need_reader()
                reader.run(getattr(reader, name)(**order))

    def _ask(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.restart()
        if self._program.chat.current.settings.choice is None:  # a stored conversation
            self._program.chat.choose_model(self._choice)
        composer = self._program.window.composer
        composer.set_text(QUESTION)
        box = composer.focusProxy()
        assert box is not None
        box.setFocus()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(box, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))

    def _need_reader(self) -> Any:
        if self._reader is None:
            from tests.bench.reader import Reader  # its imports must not count where memory is measured

            self._reader = Reader(self._program.window, self._stacks)
            self._reader.reported.connect(lambda report: _say({"event": "done", **report}))
        return self._reader

    def _on_ended(self, generation: Any) -> None:
        # One more turn of the event loop, so that the last flush has been painted and a stall in it is seen.
        QTimer.singleShot(100, lambda: self._report(generation.builder.message))

    def _report(self, message: Any) -> None:
        report: dict[str, Any] = {"event": "finished", "status": message.status, "letters": len(message.text)}
        report["threads"] = {thread.name: thread.native_id for thread in threading.enumerate()}
        if self._heartbeat is not None:
            report["longest_stall_ms"] = self._heartbeat.stop()["ms"]
        _say(report)


def _say(fields: dict[str, Any]) -> None:
    print(json.dumps(fields), flush=True)


def main() -> int:
    # By hand: what reads arguments would count as the program's.
    address, *more = sys.argv[1:]
    # What runs in a stall is written there until the program ends.
    stacks = Path(more[more.index("--stacks") + 1]).open("a") if "--stacks" in more else None  # noqa: SIM115
    connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Bench", address=address)
    choice = ModelChoice(connection.id, MODEL)
    Settings(connections=(connection,), default_choice=choice).save(data_dir() / "settings.json")
    app = QApplication(sys.argv[:1])
    program = composition.Program(app, data_dir(), Settings.load(data_dir() / "settings.json")[0])
    driver = Driver(program, choice, "--watch-stalls" in more, stacks)
    try:
        program.open()
        return app.exec()
    finally:
        program.close()
        driver.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
