"""The log of the running program, for whoever looks for a fault: how much is told, and where. Only warnings by itself.

Part of the composition root, since it decides for every room. No line of it holds what looks like a key; only those of
requests hold words of messages, and these only where bodies are asked for.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop.backends.wire.redaction import without_likely_secrets
from desktop.store.disk import make_private_file

LEVELS = ("debug", "info", "warning", "error")
HTTP_DETAILS = ("heads", "bodies")

LOG_FILE = "candor.log"  # in the folder of conversations; only its owner can read it
_MOST_BYTES = 512 << 10  # then it is put aside, in the place of the one before

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_HTTP = "desktop.backends.wire.exchange"


def begin_log(level: str = "warning", http: str | None = None, file: str | None = None) -> None:
    """Tell of the program from `level` on, and of requests as far as `http` says.

    Written to `file`, which only its owner can read, else to the standard error. Raises OSError if it cannot be
    written.
    """
    if file:
        make_private_file(Path(file))
    handler = logging.FileHandler(file, "a", "utf-8", errors="backslashreplace") if file else logging.StreamHandler()
    handler.setFormatter(_SafeFormatter(_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)  # libraries tell of addresses at INFO
    logging.getLogger("desktop").setLevel(level.upper())
    logging.getLogger(_HTTP).setLevel({"heads": logging.INFO, "bodies": logging.DEBUG}.get(http or "", logging.WARNING))


def leave_out_words() -> None:
    """Tell no more of requests than their heads from now on."""
    http = logging.getLogger(_HTTP)
    http.setLevel(max(http.level, logging.INFO))


def keep_log(folder: Path) -> None:
    """Write the same to a file of bounded size in `folder`, too; to none where that cannot be."""
    file = folder / LOG_FILE
    with suppress(OSError):
        make_private_file(file)
        handler = _BoundedLog(file, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace")
        handler.rotator = _put_aside
        handler.setFormatter(_SafeFormatter(_FORMAT))
        logging.getLogger().addHandler(handler)


class _BoundedLog(RotatingFileHandler):
    def doRollover(self) -> None:
        with suppress(OSError):  # another program reads it, or the one put aside: it is written on
            super().doRollover()


def _put_aside(file: str, aside: str) -> None:
    Path(file).replace(aside)
    make_private_file(Path(file))


class _SafeFormatter(logging.Formatter):
    """A formatter that leaves out what looks like a key, in messages and in the words of exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        return without_likely_secrets(super().format(record))
