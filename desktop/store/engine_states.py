"""What the engine had read of conversations when it ended, as files: the next question needs no reading anew.

A state is what the engine itself writes: the words of a conversation as numbers, and what its model made of them. It is
as private as the conversation. Beside each stands a note that tells which model and which engine it belongs to, and its
checksum: an engine that is given a file cut short does not refuse it, it ends at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from desktop import __version__
from desktop.core.text.late_regex import late_regex
from desktop.store.disk import make_private_file, make_private_folder, write_atomically

_log = logging.getLogger(__name__)

FOLDER: Final = "engine"  # in the folder of conversations
LIMIT: Final = 2 << 30  # bytes of all states together; the oldest goes first
_LEFT_FREE: Final = 1 << 30  # bytes that stay free on the disk
_CHUNK: Final = 1 << 20
_IDENTITY: Final = late_regex("[0-9A-Za-z_-]{1,64}")
_STATE, _NOTE, _PART = ".state", ".json", ".part"


class KeptStates:
    """The states in a folder, one a conversation (`core.engine.StateFiles`)."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        """Keep the paths; nothing is made or read yet. `limit` in bytes."""
        self.folder = folder
        self._limit = limit
        self._gone: set[str] = set()  # conversations that were erased for good, of which nothing is kept any more

    def part_for(self, conversation: str, expected: int) -> str | None:
        """Return the name under which a state of about `expected` bytes may be written, or None if it may not."""
        if not _IDENTITY.fullmatch(conversation) or conversation in self._gone or expected > self._limit:
            return None
        try:
            make_private_folder(self.folder)
            if shutil.disk_usage(self.folder).free < expected + _LEFT_FREE:
                return None
        except OSError as error:
            _log.warning("nothing can be kept of what the engine read: %s", error.strerror)
            return None
        return conversation + _PART

    def keep(self, conversation: str, model: Path, size: int) -> bool:
        """Put the part of `size` bytes that was written in the place of the conversation's state.

        Return False if that failed; a shorter one is what a full disk leaves.
        """
        part = self.folder / (conversation + _PART)
        if conversation in self._gone:  # while it was written
            self.erase([conversation])
            return False
        try:
            if part.stat().st_size != size or not size:
                raise OSError("it is not whole")
            digest = _digest_of(part)
            make_private_file(part)
            with open(part, "rb+") as file:
                os.fsync(file.fileno())
            note = {"model": _model_mark(model), "engine": _engine_mark(), "digest": digest}
            self.erase([conversation], but_part=True)  # no note may speak of another state
            write_atomically(self.folder / (conversation + _NOTE), json.dumps(note).encode())
            os.replace(part, self._state(conversation))
            if conversation in self._gone:
                raise OSError("it was erased meanwhile")
        except OSError as error:
            _log.warning("what the engine read could not be kept: %s", error.strerror or error)
            self.erase([conversation])
            return False
        self._keep_to_limit(conversation)
        return True

    def is_kept(self, conversation: str) -> bool:
        """Return True if there is a state of a conversation, whether or not it can be used."""
        return bool(_IDENTITY.fullmatch(conversation)) and self._state(conversation).exists()

    def usable(self, conversation: str, model: Path) -> str | None:
        """Return the name of a conversation's state if this engine can go on from it; throw away one that it can't."""
        if not _IDENTITY.fullmatch(conversation) or not self._state(conversation).exists():
            return None
        reason = self._why_unusable(conversation, model)
        if reason is None:
            return conversation + _STATE
        _log.info("what the engine had read of a conversation is thrown away: %s", reason)
        self.erase([conversation])
        return None

    def erase(self, conversations: Iterable[str], *, but_part: bool = False) -> None:
        """Erase what is kept of conversations; those of which nothing is kept are passed over."""
        for conversation in conversations:
            if not _IDENTITY.fullmatch(conversation):
                continue
            for ending in (_NOTE, _STATE) if but_part else (_NOTE, _STATE, _PART):
                with contextlib.suppress(OSError):
                    (self.folder / (conversation + ending)).unlink(missing_ok=True)

    def erase_part(self, conversation: str) -> None:
        """Erase what was written of a state that did not become whole; what was kept before stays."""
        if _IDENTITY.fullmatch(conversation):
            with contextlib.suppress(OSError):
                (self.folder / (conversation + _PART)).unlink(missing_ok=True)

    def erase_for_good(self, conversations: Iterable[str]) -> None:
        """Erase what is kept of conversations, and keep nothing of them any more, whatever the engine still holds."""
        gone = list(conversations)
        self._gone.update(gone)
        self.erase(gone)

    def conversations(self) -> set[str]:
        """Return the ids of the conversations of which something is kept."""
        with contextlib.suppress(OSError):
            return {file.name.partition(".")[0] for file in self.folder.glob("[!.]*")}
        return set()

    def erase_parts(self) -> None:
        """Erase what a crash in the middle of writing left: parts, and notes of which there is no state."""
        with contextlib.suppress(OSError):
            for file in self.folder.glob(f"*{_PART}"):
                file.unlink(missing_ok=True)
            for file in self.folder.glob(f"*{_NOTE}"):
                if not file.with_suffix(_STATE).exists():
                    file.unlink(missing_ok=True)

    def size(self) -> int:
        """Return the bytes of all states together."""
        with contextlib.suppress(OSError):
            return sum(file.stat().st_size for file in self.folder.iterdir())
        return 0

    def _why_unusable(self, conversation: str, model: Path) -> str | None:
        try:
            note: Any = json.loads((self.folder / (conversation + _NOTE)).read_bytes())
            if not isinstance(note, dict) or note.get("engine") != _engine_mark():
                return "it is of another engine"
            if note.get("model") != _model_mark(model):
                return "it is of another model"
            if note.get("digest") != _digest_of(self._state(conversation)):
                return "it is damaged"
        except OSError as error:
            return f"it could not be read ({error.strerror})"
        except ValueError:
            return "its note is damaged"
        return None

    def _keep_to_limit(self, newest: str) -> None:
        """Erase the oldest until the others fit, with any parts; the `newest` is told, since clocks go wrong."""
        with contextlib.suppress(OSError):
            parts = sum(part.stat().st_size for part in self.folder.glob(f"*{_PART}"))
            found = [(file, file.stat()) for file in self.folder.glob(f"*{_STATE}")]
            total = parts + sum(stat.st_size for _, stat in found)
            for file, stat in sorted(found, key=lambda each: (each[0].stem == newest, each[1].st_mtime)):
                if total <= self._limit:
                    return
                self.erase([file.stem])
                total -= stat.st_size

    def _state(self, conversation: str) -> Path:
        return self.folder / (conversation + _STATE)


def _digest_of(file: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with open(file, "rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _model_mark(model: Path) -> str:
    """Return what tells a model file from another, also from one that has taken its name."""
    stat = model.stat()
    return f"{model.absolute()}|{stat.st_size}|{stat.st_mtime_ns}"


def _engine_mark() -> str:
    from importlib import metadata

    with contextlib.suppress(metadata.PackageNotFoundError):
        return f"{__version__}|{metadata.version('xllamacpp')}"
    return __version__
