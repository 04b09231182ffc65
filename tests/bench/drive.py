"""`python -m tests.bench.drive ADDRESS`: the program with its real window, told what to do on standard input.

Each order is a line of JSON, answered by one: `{"do": "ask"}` types a question into the composer, presses Enter and
answers when the reply has ended; every other word is a script of `Reader`. The program is composed as `desktop.app`
composes it. Measured from outside is whatever can be: only the GUI thread itself notices that it was late
(`--watch-stalls`), and only it sees what is painted. `--against` starts the file of this name in other versions: what
it is told and says stays the same.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import sys
from collections.abc import Generator
from typing import Any

from desktop.surroundings import import_qt

import_qt()  # as the program does, before it imports the rest
# The HTTP library would load it for its own command line, and much more with it: a program that is installed has none.
sys.modules["click"] = None  # type: ignore[assignment]

# ruff: noqa: E402
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from desktop import app as composition
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Policy
from desktop.first_window import FirstWindow
from desktop.store.paths import data_dir
from desktop.store.settings import Settings
from tests.bench.heartbeat import Heartbeat, Moment
from tests.bench.stream_server import MODEL

QUESTION = "Explain how a contract is reviewed."
_LOOK_MS = 20
_A_FRAME = 16  # milliseconds: a screen shows 60 pictures a second
_QUIET = 150  # milliseconds without a paint of the transcript, after which it counts as settled
_PATIENCE = 20_000  # milliseconds
_SCROLLED_FOR = 180  # frames
_NOTCH = QPoint(0, 120)  # of a mouse's wheel
_DARK_RUN = re.compile(rb"[\x00-\x90]{40,}")  # pixels in a row: no letter is that wide

PAINTED = None
Script = Generator[int | None, Moment | None, dict[str, Any]]


class Driver(QObject):
    """Waits for the model, then does what standard input says; its end ends the program."""

    def __init__(self, program, choice, watch_stalls):
        super().__init__()
        self._program = program
        self._choice = choice
        self._heartbeat = Heartbeat(self) if watch_stalls else None
        self._is_asked = False
        self._reader: Reader | None = None
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.setEnabled(False)
        self._input.activated.connect(self._obey)
        self._ready = QTimer(self, interval=_LOOK_MS)
        self._ready.timeout.connect(self._look)
        self._ready.start()
        program.chat.generation_ended.connect(self._on_ended)

    def _look(self):
        if self._program.services.models.find(self._choice) is not None and self._program.window.is_chat_in_front:
            self._ready.stop()
            self._input.setEnabled(True)
            _say({"event": "shown"})

    def _obey(self):
        lines = os.read(sys.stdin.fileno(), 4096)  # orders are short, and come whole
        if not lines:
            self._input.setEnabled(False)
            QApplication.quit()
        for line in lines.splitlines():
            order = json.loads(line)
            name = order.pop("do")
            if name == "ask":
                self._ask()
                continue
            if self._reader is None:  # it watches all events, which must not count where an answer is measured
                self._reader = Reader(self._program.window)
                self._reader.reported.connect(lambda report: _say({"event": "done", **report}))
            self._reader.run(getattr(self._reader, name)(**order))

    def _ask(self):
        self._is_asked = True
        if self._heartbeat is not None:
            self._heartbeat.restart()
        if self._program.chat.current.settings.choice is None:  # a stored conversation
            self._program.chat.choose_model(self._choice)
        self._program.window.composer.set_text(QUESTION)
        press(self._program.window, Qt.Key.Key_Return)

    def _on_ended(self, generation):
        if not self._is_asked:
            return
        # One more turn of the event loop, so that the last flush has been painted and a stall in it is seen.
        QTimer.singleShot(100, lambda: self._report(generation.builder.message))

    def _report(self, message):
        report = {"event": "finished", "status": message.status, "letters": len(message.text)}
        if self._heartbeat is not None:
            report["longest_stall_ms"] = self._heartbeat.stop()["ms"]
        _say(report)


class PaintWatch(QObject):
    """Says when the transcript has been painted, with the moment at which that pass of painting was over."""

    painted = Signal(object)  # Moment
    _begun = Signal()

    def __init__(self, window):
        super().__init__(window)
        self._window = window
        self._is_within_pass = False
        # Delivered after what is painted now: a pass paints all that waits to be painted.
        self._begun.connect(self._on_over, Qt.ConnectionType.QueuedConnection)

    def start(self):
        QApplication.instance().installEventFilter(self)

    def stop(self):
        """A filter costs a little at each event: it must not run while stalls are looked for."""
        QApplication.instance().removeEventFilter(self)

    def _on_over(self):
        self._is_within_pass = False
        self.painted.emit(Moment.now())

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and not self._is_within_pass and isinstance(watched, QWidget):
            transcript = self._window.transcript
            if watched is transcript or transcript.isAncestorOf(watched):
                self._is_within_pass = True
                self._begun.emit()
        return False


class Reader(QObject):
    """Uses the window as a user does, and says how long each step took to be on the screen; one script at a time.

    Each public method but `run` is a script: a generator that waits for a paint or for a while at each `yield`, and
    whose return value is the report.
    """

    reported = Signal(object)  # what a script has returned

    def __init__(self, window):
        super().__init__(window)
        self._window = window
        self._script: Script | None = None
        self._awaits_paint = False
        self._bars: dict[str, int] = {}  # width of the last line of each conversation, once it was seen
        self._heartbeat = Heartbeat(self)
        self._watch = PaintWatch(window)
        self._watch.painted.connect(self._on_painted)
        self._watch.start()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._resume(None))

    def run(self, script):
        """Begin a script; `reported` follows."""
        self._script = script
        self._resume(None)

    def press_first_keys(self):
        """Press a letter in the empty message box, and later Enter: what the GUI thread worked for each at most."""
        self._watch.stop()
        longest = {}
        for name, key in (("letter", Qt.Key.Key_A), ("enter", Qt.Key.Key_Return)):
            self._heartbeat.restart()
            press(self._window, key)
            yield _QUIET
            longest[name] = self._heartbeat.stop()["cpu_ms"]
            yield _PATIENCE // 10  # in which what a user will want soon is made ready
        self._watch.start()
        return longest

    def open(self, conversation):
        """Choose a conversation in the sidebar: the time until its last line is on the screen, and to the first paint.

        What has not come after twenty seconds counts as twenty seconds. The first opening of a conversation starts
        from an empty one and learns how the last line looks; it is slower by what is imported for it.
        """
        if conversation not in self._bars:
            self._window.new_conversation()
            yield from self._settled()
        began = painted = Moment.now()
        first: Moment | None = None
        self._window.sidebar.conversation_chosen.emit(conversation)
        while (painted.wall - began.wall) * 1000 < _PATIENCE:
            seen = yield PAINTED
            painted = seen or Moment.now()
            first = first or painted
            bar = self._bar_on_screen()
            if bar and bar == self._bars.setdefault(conversation, bar):
                break
        yield from self._settled()
        return painted.since(began) | {"first_ms": (first or painted).since(began)["ms"]}

    def show(self, conversation):
        """Choose a conversation of whatever end, and wait until nothing moves: the longest stall."""
        self._heartbeat.restart()
        self._window.sidebar.conversation_chosen.emit(conversation)
        yield _QUIET
        yield from self._settled()
        return {"stall": self._heartbeat.stop()}

    def new_conversation(self):
        """Put an empty conversation in front."""
        self._window.new_conversation()
        yield from self._settled()
        return {}

    def collect(self):
        """Give back what nobody needs any more, so that memory can be compared."""
        yield from self._settled()
        gc.collect()
        return {}

    def drag_edge(self, steps, by, at):
        """Make the window narrower and then as wide as before, `by` pixels a step, with the page scrolled to `at`."""
        yield from self._go_to(at)
        viewport = self._window.transcript.viewport()
        taken: list[dict[str, float]] = []
        self._heartbeat.restart()
        for number in range(steps):
            change = -by if number < steps // 2 else by
            before = viewport.width()
            began = Moment.now()
            self._window.resize(self._window.width() + change, self._window.height())
            painted = yield PAINTED
            while painted is not None and viewport.width() == before:
                painted = yield PAINTED
            taken.append((painted or Moment.now()).since(began))
            yield max(1, _A_FRAME - int(taken[-1]["ms"]))
        return {"steps": taken, "stall": self._heartbeat.stop()}

    def scroll(self, how, at):
        """Scroll from `at` for three seconds, 60 times a second; `how` is wheel | page | jump."""
        yield from self._go_to(at)
        dice = random.Random(7)
        self._watch.stop()
        self._heartbeat.restart()
        due = Moment.now().wall
        upwards = True
        for _ in range(_SCROLLED_FOR):
            bar = self._window.transcript.verticalScrollBar()
            upwards = (upwards or bar.value() == bar.maximum()) and bar.value() != bar.minimum()
            match how:
                case "wheel":
                    self._turn_wheel(_NOTCH if upwards else -_NOTCH)
                case "page":
                    action = QScrollBar.SliderAction
                    bar.triggerAction(action.SliderPageStepSub if upwards else action.SliderPageStepAdd)
                case _:
                    bar.setValue(dice.randint(bar.minimum(), bar.maximum()))
            due += 1 / 60
            yield max(1, int((due - Moment.now().wall) * 1000))
        stall = self._heartbeat.stop()
        self._watch.start()
        yield from self._settled()
        return {"stall": stall}

    def _go_to(self, at):
        bar = self._window.transcript.verticalScrollBar()
        bar.setValue(round(bar.minimum() + (bar.maximum() - bar.minimum()) * at))
        yield from self._settled()

    def _turn_wheel(self, angle):
        viewport = self._window.transcript.viewport()
        middle = QPointF(viewport.rect().center())
        none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        turned = QWheelEvent(middle, viewport.mapToGlobal(middle), QPoint(), angle, *none, False)
        QApplication.sendEvent(viewport, turned)

    def _settled(self):
        """Wait until the transcript is no longer painted, but not for ever: a cursor may blink in it."""
        end = Moment.now().wall + _PATIENCE / 1000
        seen = [False]
        connection = self._watch.painted.connect(lambda _: seen.__setitem__(0, True))
        while Moment.now().wall < end:
            seen[0] = False
            yield _QUIET
            if not seen[0]:
                break
        self._watch.painted.disconnect(connection)

    def _bar_on_screen(self):
        """Width of the bar that ends a conversation in pixels, from the screen itself; 0 when it is not there."""
        transcript = self._window.transcript
        if not transcript.isVisible():
            return 0
        corner = transcript.mapTo(self._window, QPoint(0, 0))
        area = QRect(corner, transcript.size())
        taken = self._window.screen().grabWindow(self._window.winId(), area.x(), area.y(), area.width(), area.height())
        image = taken.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        bits, stride = bytes(image.constBits()), image.bytesPerLine()
        runs = (
            _DARK_RUN.search(bits, row * stride, row * stride + image.width())
            for row in range(image.height() - 1, 0, -4)  # a bar is higher than four pixels
        )
        return next((found.end() - found.start() for found in runs if found), 0)

    def _on_painted(self, moment):
        if self._awaits_paint:
            self._resume(moment)

    def _resume(self, moment):
        """Go on with the script: after a paint with its moment, after waiting in vain or for a while with None."""
        assert self._script is not None
        self._timer.stop()
        try:
            wanted = self._script.send(moment)
        except StopIteration as end:
            self._script = None
            self._awaits_paint = False
            self.reported.emit(end.value)
            return
        self._awaits_paint = wanted is PAINTED
        self._timer.start(_PATIENCE if wanted is PAINTED else wanted)


def press(window, key):
    """Press a key in the message box."""
    box = window.composer.focusProxy()
    assert box is not None
    box.setFocus()
    text = "" if key == Qt.Key.Key_Return else "a"
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(box, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def _say(fields):
    print(json.dumps(fields), flush=True)


def main():
    address, *more = sys.argv[1:]  # by hand: what reads arguments would count as the program's
    connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Bench", address=address)
    choice = ModelChoice(connection.id, MODEL)
    Settings(connections=(connection,), default_choice=choice).save(data_dir() / "settings.json")
    app = QApplication(sys.argv[:1])
    settings, _ = Settings.load(data_dir() / "settings.json")
    program = composition.Program(FirstWindow(app, settings, Policy()), data_dir())
    driver = Driver(program, choice, "--watch-stalls" in more)
    try:
        program.open()
        return app.exec()
    finally:
        program.close()
        driver.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
