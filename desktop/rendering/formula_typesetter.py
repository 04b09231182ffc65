"""Formulas on demand: asked for while a page is laid out, typeset in a thread of their own, kept for the next time.

Who asks for one that is not there yet shows its source and lays out again when `ready` says so. A formula is typeset
once for all sizes and colours. How it is typeset is the matter of `formula_engraver`.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.rendering.formula import Formula
from desktop.rendering.formula_engraver import FormulaEngraver

Key = tuple[str, bool]
"""A formula: its LaTeX, and whether it is set as a display."""

# Seconds. ziamath is all Python: the GUI thread would wait for the usual five milliseconds each time that it comes back
# from Qt, which is many times a frame.
_SWITCH_EVERY = 0.001

_REPORT_EVERY_MS = 100  # while there is more to do: each report lays pages out again
_MOST_ELEMENTS = 400_000  # of the outlines kept: some ten megabytes, about two thousand formulas
_TURNED_DOWN_COSTS = 20  # in elements; the source itself is kept, too


class FormulaSource(Protocol):
    """What a page needs of the typesetter."""

    def lookup(self, latex: str, display: bool) -> Formula | None:
        """The formula, if it has been typeset; otherwise it will be, unless that has been tried in vain."""
        ...


class FormulaTypesetter(QObject):
    """Lives in the GUI thread, as who asks and who listens does."""

    ready = Signal(object)
    """A set of the `Key`s that have been typeset since the last time."""

    _engraved = Signal(object, object)

    def __init__(
        self, engrave: Callable[[str, bool], Formula | None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engrave = engrave or FormulaEngraver().engrave
        self._known: OrderedDict[Key, Formula | None] = OrderedDict()
        self._elements = 0
        self._asked: set[Key] = set()
        self._unreported: set[Key] = set()
        self._queue: SimpleQueue[Key | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._engraved.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, singleShot=True, interval=_REPORT_EVERY_MS)
        self._timer.timeout.connect(self._report)

    def lookup(self, latex: str, display: bool) -> Formula | None:
        """The formula, if it has been typeset; otherwise it will be, unless that has been tried in vain."""
        key = (latex, display)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if key not in self._asked and not self._is_closed:
            self._asked.add(key)
            self._queue.put(key)
            self._need_thread()
        return None

    def close(self) -> None:
        """Typeset nothing more. What the thread is at ends by itself, and its result is dropped."""
        self._is_closed = True
        self._timer.stop()
        self._queue.put(None)

    def _need_thread(self) -> None:
        if self._thread is None:
            # A daemon: a formula that takes a second must not hold up the end of the program.
            self._thread = threading.Thread(target=self._work, name="formulas", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """In the thread."""
        while (key := self._queue.get()) is not None and not self._is_closed:
            usual = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH_EVERY)
            try:
                formula = self._engrave(*key)
            finally:
                sys.setswitchinterval(usual)
            with suppress(RuntimeError):  # the program has ended meanwhile
                self._engraved.emit(key, formula)

    def _take(self, key: Key, formula: Formula | None) -> None:
        self._asked.discard(key)
        if self._is_closed:
            return
        self._known[key] = formula
        self._elements += _weight(formula)
        while self._elements > _MOST_ELEMENTS and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            self._elements -= _weight(oldest)
        if formula is not None:
            self._unreported.add(key)
        if not self._asked:
            self._report()
        elif not self._timer.isActive():
            self._timer.start()

    def _report(self) -> None:
        self._timer.stop()
        keys, self._unreported = frozenset(self._unreported), set()
        if keys:
            self.ready.emit(keys)


def _weight(formula: Formula | None) -> int:
    return _TURNED_DOWN_COSTS + (formula.outlines.elementCount() if formula is not None else 0)
