"""Reads conversations in the program's window as a user does, and says how long each step took to be on the screen.

Runs inside the measured program, since only there the paints can be seen. Uses the window's public parts alone, so that
it measures any way of showing messages. Each public method is a script: a generator that waits for a paint or for a
while at each `yield`, and whose return value is the report.
"""

from __future__ import annotations

import gc
import random
import re
from collections.abc import Generator
from typing import Any, TextIO

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollBar, QWidget

from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.window.main_window import MainWindow
from tests.bench.heartbeat import Heartbeat, Moment

_A_FRAME = 16  # milliseconds: a screen shows 60 pictures a second
_QUIET = 150  # milliseconds without a paint of the transcript, after which it counts as settled
_PATIENCE = 20_000  # milliseconds
_SCROLLED_FOR = 180  # frames
_BETWEEN_STEPS = 50  # milliseconds: a key that is held down
_BEFORE_SEARCH = 250  # milliseconds: a little more than the pause after the last letter
_NOTCH = QPoint(0, 120)  # of a mouse's wheel
_DARK_RUN = re.compile(rb"[\x00-\x90]{40,}")  # pixels in a row: no letter is that wide

PAINTED = None
Script = Generator[int | None, Moment | None, dict[str, Any]]


class PaintWatch(QObject):
    """Says when the transcript has been painted, with the moment at which that pass of painting was over."""

    painted = Signal(object)  # Moment
    _begun = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_within_pass = False
        # Delivered after what is painted now: a pass paints all that waits to be painted.
        self._begun.connect(self._on_over, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        QApplication.instance().installEventFilter(self)

    def stop(self) -> None:
        """A filter costs a little at each event: it must not run while stalls are looked for."""
        QApplication.instance().removeEventFilter(self)

    def _on_over(self) -> None:
        self._is_within_pass = False
        self.painted.emit(Moment.now())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self._is_within_pass and isinstance(watched, QWidget):
            transcript = self._window.transcript
            if watched is transcript or transcript.isAncestorOf(watched):
                self._is_within_pass = True
                self._begun.emit()
        return False


class Reader(QObject):
    """Runs one script at a time."""

    reported = Signal(object)  # what a script has returned

    def __init__(self, window: MainWindow, stacks: TextIO | None = None) -> None:
        """`stacks` takes what every thread does in a stall."""
        super().__init__(window)
        self._window = window
        self._script: Script | None = None
        self._awaits_paint = False
        self._bars: dict[str, int] = {}  # width of the last line of each conversation, once it was seen
        self._heartbeat = Heartbeat(self, stacks)
        self._watch = PaintWatch(window)
        self._watch.painted.connect(self._on_painted)
        self._watch.start()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._resume(None))

    def run(self, script: Script) -> None:
        """Begin a script; `reported` follows."""
        self._script = script
        self._resume(None)

    def await_thinking(self, how: str) -> Script:
        """Put an empty conversation in front whose thinking panels stand so: a `PanelPreference`.

        Nothing is watched from then on, which would cost something itself.
        """
        self._watch.start()
        self._window.transcript.set_preference(PanelPreference(how))
        yield from self.new_conversation()
        self._watch.stop()
        return {}

    def open(self, conversation: str) -> Script:
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

    def new_conversation(self) -> Script:
        """Put an empty conversation in front."""
        self._window.new_conversation()
        yield from self._settled()
        return {}

    def collect(self) -> Script:
        """Give back what nobody needs any more, so that memory can be compared."""
        yield from self._settled()
        gc.collect()
        return {}

    def drag_edge(self, steps: int, by: int, at: float) -> Script:
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

    def change_text_size(self, keys: str) -> Script:
        """Press one of the window's shortcuts for the size of text."""
        action = next(each for each in self._window.actions() if QKeySequence(keys) in each.shortcuts())
        self._heartbeat.restart()
        began = Moment.now()
        action.trigger()
        painted = yield PAINTED
        yield from self._settled()
        return (painted or Moment.now()).since(began) | {"stall": self._heartbeat.stop()}

    def scroll(self, how: str, at: float) -> Script:
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

    def place(self, width: int, height: int) -> Script:
        """Give the window this size at the screen's corner; returns where the transcript is then, in real pixels."""
        self._window.setGeometry(20, 40, width, height)
        yield from self._settled()
        transcript, scale = self._window.transcript, self._window.devicePixelRatioF()
        corner = transcript.mapToGlobal(QPoint(0, 0))
        figures = corner.x(), corner.y(), transcript.width(), transcript.height()
        return {"area": [round(each * scale) for each in figures]}

    def stand(self, how: str) -> Script:
        """Have the window stand so: front | minimised | hidden."""
        match how:
            case "minimised":
                self._window.showMinimized()
            case "hidden":
                self._window.hide()
            case _:
                self._window.showNormal()
                self._window.activateWindow()
        yield _QUIET
        return {}

    def count_paints(self, seconds: float, wheel: bool) -> Script:
        """Count the paints of the transcript for a while, of a wheel that is turned 60 times a second where wanted."""
        times: list[float] = []

        def note(moment: Moment) -> None:
            times.append(moment.wall)

        self._watch.painted.connect(note)
        began = due = Moment.now().wall
        notches = 0
        while due < began + seconds:
            if wheel:
                self._turn_wheel(_NOTCH if notches % 120 < 60 else -_NOTCH)
                notches += 1
            due += 1 / 60
            yield max(1, round((due - Moment.now().wall) * 1000))
        self._watch.painted.disconnect(note)
        return {"seconds": Moment.now().wall - began, "times": times, "notches": notches}

    def find(self, query: str, steps: int) -> Script:
        """Search for a word with Ctrl+F, turn the wheel until all of the conversation has been counted, then walk."""
        next(each for each in self._window.actions() if QKeySequence("Ctrl+F") in each.shortcuts()).trigger()
        yield from self._settled()
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        state = next(each for each in self._window.findChildren(QLabel) if each.parent() is field.parent())
        self._watch.stop()
        self._heartbeat.restart()
        began = Moment.now()
        field.clear()
        field.insert(query)
        yield _BEFORE_SEARCH  # until then the state tells of the search before
        while not state.text() or state.text().endswith(("…", "so far")):
            self._turn_wheel(_NOTCH)
            yield _A_FRAME
        counted = Moment.now().since(began)["ms"]
        stall = self._heartbeat.stop()
        self._heartbeat.restart()
        for _ in range(steps):
            back = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            QApplication.sendEvent(field, back)
            yield _BETWEEN_STEPS
        walking = self._heartbeat.stop()
        self._watch.start()
        yield from self._settled()
        return {"counted_ms": counted, "stall": stall, "walking": walking}

    def _go_to(self, at: float) -> Generator[int | None, Moment | None, None]:
        bar = self._window.transcript.verticalScrollBar()
        bar.setValue(round(bar.minimum() + (bar.maximum() - bar.minimum()) * at))
        yield from self._settled()

    def _turn_wheel(self, angle: QPoint) -> None:
        viewport = self._window.transcript.viewport()
        middle = QPointF(viewport.rect().center())
        none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        turned = QWheelEvent(middle, viewport.mapToGlobal(middle), QPoint(), angle, *none, False)
        QApplication.sendEvent(viewport, turned)

    def _settled(self) -> Generator[int | None, Moment | None, None]:
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

    def _bar_on_screen(self) -> int:
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

    def _on_painted(self, moment: Moment) -> None:
        if self._awaits_paint:
            self._resume(moment)

    def _resume(self, moment: Moment | None) -> None:
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
