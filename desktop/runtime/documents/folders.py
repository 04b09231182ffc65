"""The files in folders that were given: a folder is no document, but the user may mean what is in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 200  # of a folder; more were given by mistake


@dataclass(frozen=True, slots=True)
class FilesOfFolder:
    """Folder that was given, and its files in the order of their names; `is_cut`: there are more."""

    folder: Path
    files: tuple[Path, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class GivenPaths:
    """Paths that were given: those that are no folders, and the folders among them."""

    files: tuple[Path, ...]
    folders: tuple[FilesOfFolder, ...] = ()


def look_into(paths: Sequence[Path]) -> GivenPaths:
    """Return what these paths are. Waits for the disk."""
    folders = {path for path in paths if path.is_dir()}
    found = tuple(_content(path) for path in paths if path in folders)
    return GivenPaths(tuple(path for path in paths if path not in folders), found)


def _content(folder: Path) -> FilesOfFolder:
    files: list[Path] = []
    for file in _files_in(folder):
        if len(files) == MOST_FILES:
            return FilesOfFolder(folder, tuple(files), is_cut=True)
        files.append(file)
    return FilesOfFolder(folder, tuple(files))


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and those in it, without hidden ones; links to folders are not followed."""
    for within, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(within, name)
            if not name.startswith(".") and file.is_file():
                yield file
