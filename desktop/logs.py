"""The log of the running program, for whoever looks for a fault: how much is told, and where. Off but for warnings.

Part of the composition root, since it decides for every room. No line of it holds what looks like a key; only those of
requests hold words of messages, and these only where bodies are asked for.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

LEVELS = ("debug", "info", "warning", "error")
HTTP_DETAILS = ("heads", "bodies")

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_HTTP = "desktop.backends.wire.exchange_log"


def begin_log(level: str = "warning", http: str | None = None, file: str | None = None) -> None:
    """Tell of the program from `level` on, and of requests as far as `http` says.

    Written to `file`, which only its owner can read, else to the standard error. Raises OSError if it cannot be
    written.
    """
    handler = _file_handler(Path(file)) if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeFormatter(_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)  # libraries tell of addresses at INFO
    logging.getLogger("desktop").setLevel(level.upper())
    logging.getLogger(_HTTP).setLevel({"heads": logging.INFO, "bodies": logging.DEBUG}.get(http or "", logging.WARNING))


def _file_handler(file: Path) -> logging.Handler:
    from desktop.store.disk import make_private_file

    make_private_file(file)
    return logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")


class _SafeFormatter(logging.Formatter):
    """A formatter that leaves out what looks like a key, in messages and in the words of exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        from desktop.backends.wire.redaction import without_likely_secrets

        return without_likely_secrets(super().format(record))
