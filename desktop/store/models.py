"""What this computer has of models: files that were copied here, such as from a stick, and the catalogue of models.

The copies are the built-in engine's `core.models.keeping.ModelKeeper`, so that one is waited for, told of and cancelled
like a download. The catalogue ships inside, and an administrator may add a second file, whose form is the business of
`core.models.choosing`. Where one cannot be used that is told, and the other one is used.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.core.errors import ModelMissing, PullFailed
from desktop.core.models.choosing import (
    Catalogue,
    CatalogueError,
    CatalogueProblem,
    FoundCatalogue,
    parse_catalogue,
)
from desktop.core.models.file import pieces_of
from desktop.core.models.keeping import KeepingPhase, KeepingProgress, PullFault, off_the_loop
from desktop.core.resources import resource_path
from desktop.store.paths import administrators_catalogue

_READ_AT_ONCE = 1 << 22
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
_UNDER_WAY = ".part"
_MOST_BYTES = 4 << 20  # of a catalogue; fifty rows take forty kilobytes


class ModelCopies:
    """The copies in `folder`, which is made with the first. A model's name is the path of its copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def free(self) -> int | None:
        """The bytes that are free where copies go; None where that cannot be known."""
        for place in (self._folder, *self._folder.parents):
            with suppress(OSError):
                return shutil.disk_usage(place).free
        return None

    def place_for(self, file: Path) -> Path:
        """Return where a copy of a model file is to be: under its own name, or with a number where that is taken.

        Pieces are found by their names, so that all of a model get the same number.
        """
        taken = self._folder / file.name
        number = 2
        while taken.exists():
            taken = self._folder / f"{number}-{file.name}"
            number += 1
        return taken

    def has(self, name: str) -> bool:
        """Return True for a model that is a copy, and may be deleted as such."""
        return Path(name).parent == self._folder

    def pull(self, name: str) -> AsyncGenerator[KeepingProgress, None]:
        """Raise `PullFailed`: nothing is fetched."""
        raise PullFailed(reason=PullFault.UNKNOWN_NAME)

    def import_file(
        self, name: str, file: Path, projector: Path | None = None
    ) -> AsyncGenerator[KeepingProgress, None]:
        """Copy a model file with all its pieces; `name` is the path of the copy. Raises `PullFailed`.

        What has come goes when the copying ends before it is done. The engine sees no pictures: no `projector` is
        wanted.
        """
        return off_the_loop(self._copying(name, file))

    def _copying(self, name: str, file: Path) -> Generator[KeepingProgress, None, None]:
        sources, targets = pieces_of(file), pieces_of(Path(name))
        made: list[Path] = []
        try:
            with _failing_as(PullFault.UNREADABLE):
                size, done = sum(each.stat().st_size for each in sources), 0
            with _failing_as(PullFault.NOT_WRITTEN):
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                for source, target in zip(sources, targets, strict=True):
                    part = target.with_name(target.name + _UNDER_WAY)
                    made.append(part)
                    with part.open("wb") as writes:
                        for piece in _pieces(source):
                            writes.write(piece)
                            done += len(piece)
                            yield KeepingProgress(KeepingPhase.SENDING, done, size)
                        writes.flush()
                        os.fsync(writes.fileno())
                if done != size:  # it was changed, or its drive taken out
                    raise PullFailed(reason=PullFault.UNREADABLE)
                for target in targets:
                    target.with_name(target.name + _UNDER_WAY).replace(target)
                made.clear()
        finally:
            for part in made:
                part.unlink(missing_ok=True)
        yield KeepingProgress(KeepingPhase.DONE, size, size)

    async def version(self) -> str:
        """Return no version: there is no server."""
        return ""

    async def unload(self, name: str) -> None:
        """Do nothing: the engine lets go of a model by itself."""

    async def delete(self, name: str) -> None:
        """Delete a copy with all its pieces. Raises `ModelMissing` for what is none."""
        if not self.has(name):
            raise ModelMissing(name)
        for piece in pieces_of(Path(name)):
            await asyncio.to_thread(piece.unlink, missing_ok=True)

    async def aclose(self) -> None:
        """Do nothing: no connection is open."""


def _pieces(source: Path) -> Iterator[bytes]:
    with _failing_as(PullFault.UNREADABLE), source.open("rb") as reads:
        while piece := reads.read(_READ_AT_ONCE):
            yield piece


@contextmanager
def _failing_as(fault: PullFault) -> Iterator[None]:
    """Have it known on which side a copy fails: raises `PullFailed` for an OSError."""
    try:
        yield
    except OSError as error:
        if fault is PullFault.NOT_WRITTEN and error.errno in _FULL:
            fault = PullFault.NO_ROOM
        raise PullFailed(error.strerror or "", reason=fault) from error


def load_catalogue(shipped: Path | None = None, second: Path | None = None) -> FoundCatalogue:
    """Return the catalogue of both files; of those that belong to the program where none are given."""
    found, problems = Catalogue(), []
    for file in (shipped or resource_path("models", "catalogue.toml"), second or administrators_catalogue()):
        try:
            read = _catalogue_in(file)
        except CatalogueError as error:
            problems.append(CatalogueProblem(error.fault, str(file), str(error)))
            continue
        if read is not None:
            found = found.merged_with(read) if found.rows else read
    return FoundCatalogue(found, tuple(problems))


def _catalogue_in(file: Path) -> Catalogue | None:
    """Return the catalogue in a file; None where there is no such file. Raises `CatalogueError`."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise CatalogueError(f"it has more than {_MOST_BYTES} bytes")
        return parse_catalogue(content.decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(str(error)) from None
