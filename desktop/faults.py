"""Faults of the program's own that nothing has caught: kept, told once for each kind, and no reason to end.

On every thread, in asyncio's loop, and where Python can only complain. Part of the composition root, since it changes
what the interpreter does; what the user is shown is `ui/diagnosis.py`.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.backends.wire.redaction import without_likely_secrets

_log = logging.getLogger(__name__)

_MOST_KINDS = 20  # that are told of; whatever comes after these is in the log, as far as that goes
_LONGEST_MESSAGE = 200  # characters
# Exceptions whose words name types, files and objects; those of others may quote what they met, such as a message.
_OWN_WORDS = (OSError, TypeError, AttributeError, NameError, ImportError, RuntimeError)


class FaultWatch(QObject):
    """A watch over faults. `happened` comes on any thread: connect it queued."""

    happened = Signal(str)  # the details: what, and where in the program

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()
        self._told: list[str] = []

    @property
    def told(self) -> tuple[str, ...]:
        """The details of all kinds of faults so far."""
        return tuple(self._told)

    def install(self) -> None:
        """Hear of faults from now on."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = lambda each: self._on_uncaught(each.exc_type, each.exc_value, each.exc_traceback)
        sys.unraisablehook = lambda each: self._on_uncaught(each.exc_type, each.exc_value, each.exc_traceback)

    def note_in_loop(self, context: dict[str, Any]) -> None:
        """Note what asyncio's loop has nobody to give to: its handler of exceptions."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._on_uncaught(type(error), error, error.__traceback__)
        else:
            _log.warning("asyncio: %s", context.get("message"))

    def _on_uncaught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        frames = traceback.extract_tb(trace)
        name = f"{kind.__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else kind.__name__
        with self._lock:
            self._seen[name] = count = self._seen.get(name, 0) + 1
            is_new = count == 1 and len(self._seen) <= _MOST_KINDS
        if not is_new:
            return
        details = details_of(kind, error, frames)
        _log.error("a fault that nothing has caught: %s", details)
        self._told.append(details)
        self.happened.emit(details)


def details_of(kind: type[BaseException], error: BaseException | None, frames: traceback.StackSummary) -> str:
    """Return where a fault is, and what it says where that can't hold a user's words; never the value of a variable."""
    said = " ".join(str(error).split()) if isinstance(error, _OWN_WORDS) else ""
    if len(said) > _LONGEST_MESSAGE:
        said = f"{said[:_LONGEST_MESSAGE]}…"
    lines = [f"{each.filename}:{each.lineno} in {each.name}" for each in frames]
    return without_likely_secrets("\n".join([f"{kind.__name__}: {said}".rstrip(": "), *lines]))
