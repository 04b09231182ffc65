"""A folder of recipes on disk: read anew only where files have changed, written so that nobody's words are lost.

A file that cannot be used is reported with line and reason, and the others load. Everything here may block, so that it
is not for the GUI thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.core.recipes.recipe import (
    FileProblem,
    FolderContent,
    Recipe,
    RecipeChanged,
    RecipeTooLarge,
    ShelvedRecipe,
    TextFault,
)
from desktop.core.text.clean_text import file_stem, numbered
from desktop.prompts.recipes import DEFAULTS, MOST_BYTES, parse_recipe, read_content, recipe_to_toml

_log = logging.getLogger(__name__)

ENDING = ".toml"
MOST_RECIPES = 2_000  # of one folder; more are a folder that was chosen by mistake
_DELETED = "deleted"  # the folder below it that deleted files are moved to
_NAMELESS = "recipe"

# Replaces a file by a content, whole or not at all; raises `StoreError`.
WriteFile = Callable[[Path, bytes], None]
# Turns what the system refuses into `StoreError`; given the folder that it is about.
DiskFailures = Callable[[Path], contextlib.AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The state of a file when it was last read, and what stood in it."""

    signature: tuple[int, ...]
    found: ShelvedRecipe | FileProblem


class RecipeFolder:
    """The recipes of a folder, not of those below it. One thread at a time.

    Everything may block for long where it lies on another computer. Writing raises `StoreError` where the disk refuses,
    and `RecipeTooLarge`.
    """

    def __init__(self, path: Path, write: WriteFile, failures: DiskFailures, *, is_shared: bool = False) -> None:
        """Keep the dependencies.

        A shared folder is never written to; the user's own is made when the first recipe is saved.
        """
        self.path = path
        self._write = write
        self._failures = failures
        self.is_shared = is_shared
        self._seen: dict[str, _Seen] = {}

    def read(self) -> FolderContent:
        """Return the present content. Raises `OSError` if a shared folder does not exist, or went meanwhile."""
        try:
            found = dict(self._files())
        except FileNotFoundError:
            if self.is_shared:
                raise
            found = {}
        names = sorted(found)
        self._seen = {name: self._looked_at(name, found[name]) for name in names[:MOST_RECIPES]}
        if self.is_shared:
            self.path.stat()  # of one that goes while it is read, the files seem to be gone alone
        recipes = [each.found for each in self._seen.values() if isinstance(each.found, ShelvedRecipe)]
        recipes.sort(key=lambda each: (each.recipe.name.casefold(), each.file.name))
        problems = [each.found for each in self._seen.values() if isinstance(each.found, FileProblem)]
        if len(names) > MOST_RECIPES:
            reason = TextFault.TOO_MANY_FILES.of(MOST_RECIPES, len(names))
            problems.append(FileProblem(self.path, 0, reason))
        return FolderContent(tuple(recipes), tuple(problems))

    def add_recipe(self, recipe: Recipe) -> ShelvedRecipe:
        """Save a recipe in a file of its own, and return its entry."""
        content = _content_of(recipe)
        with self._failures(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = _claimed(self.path, file_stem(recipe.name, _NAMELESS))
        try:
            self._write(file, content)
        except BaseException:
            with contextlib.suppress(OSError):
                file.unlink()  # it holds nothing yet
            raise
        return ShelvedRecipe(file, recipe, _version(content))

    def save(self, entry: ShelvedRecipe, recipe: Recipe) -> ShelvedRecipe:
        """Replace `entry` by `recipe`, and return the new entry. Raises `RecipeChanged`."""
        with self._failures(self.path):
            theirs = _bytes_of(entry.file)
        content = _content_of(recipe, theirs)
        if theirs is not None and _version(theirs) != entry.version:
            raise RecipeChanged
        self._write(entry.file, content)
        return ShelvedRecipe(entry.file, recipe, _version(content))

    def delete(self, entry: ShelvedRecipe) -> Path:
        """Move its file into the folder of deleted ones, and return its new path."""
        with self._failures(self.path):
            return _moved(entry.file, self.path / _DELETED, entry.file.stem)

    def restore(self, deleted: Path) -> Path:
        """Move a deleted file back, and return its new path."""
        with self._failures(self.path):
            return _moved(deleted, self.path, deleted.stem)

    def read_file(self, file: Path) -> Recipe:
        """Return a recipe from any place. Raises `FileProblem`."""
        return parse_recipe(file, read_content(file))

    def write_file(self, file: Path, recipe: Recipe) -> None:
        """Write a recipe to a file that the user has chosen."""
        self._write(file, _content_of(recipe))

    def _files(self) -> Iterator[tuple[str, os.stat_result | OSError]]:
        """Yield names and states of the files that may be recipes, or the error of one that is there."""
        with os.scandir(self.path) as entries:
            for each in entries:
                # What begins with a point is another system's note about a file, or a file in the making.
                if each.name.lower().endswith(ENDING) and not each.name.startswith("."):
                    with contextlib.suppress(FileNotFoundError):  # gone meanwhile, or a link to nowhere
                        yield each.name, _state_of(each)

    def _looked_at(self, name: str, status: os.stat_result | OSError) -> _Seen:
        """Return a file as it is now; what was read before if it has not changed."""
        signature = (status.errno or 0,) if isinstance(status, OSError) else _signature(status)
        seen = self._seen.get(name)
        if seen is not None and seen.signature == signature:
            return seen
        file = self.path / name
        if isinstance(status, OSError):
            return _Seen(signature, FileProblem(file, 0, TextFault.UNREADABLE.of(status.strerror or status)))
        try:
            content = read_content(file)
            recipe = parse_recipe(file, content)
        except FileProblem as problem:
            return _Seen(signature, problem)
        writable = not self.is_shared and bool(status.st_mode & stat.S_IWUSR) and os.access(self.path, os.W_OK)
        entry = ShelvedRecipe(file, recipe, _version(content), self.is_shared, writable)
        return _Seen(signature, entry)


def _signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)


def _state_of(entry: os.DirEntry[str]) -> os.stat_result | OSError:
    """Return the state of one file, or the error that forbids to read it: that concerns no other file."""
    try:
        return entry.stat()
    except FileNotFoundError:
        raise
    except OSError as error:
        return error


def _content_of(recipe: Recipe, before: bytes | None = None) -> bytes:
    """Return the content of its file; of one that stood there `before`, the comments and the order stay."""
    content = recipe_to_toml(recipe).encode("utf-8", "replace")
    if len(content) > MOST_BYTES:
        raise RecipeTooLarge(MOST_BYTES)
    return _with_comments(before, content) if before else content


def _with_comments(before: bytes, content: bytes) -> bytes:
    """Return `content` laid out as the file `before`, or as it is if that cannot be done without changing a word."""
    from desktop.prompts.kept_comments import with_comments  # not before something is saved: it takes time to load

    nowhere = Path("recipe.toml")
    try:
        parse_recipe(nowhere, before)  # a file that is no recipe has nothing to keep
        kept = with_comments(before.decode("utf-8-sig"), content.decode(), DEFAULTS).encode()
        is_same = parse_recipe(nowhere, kept) == parse_recipe(nowhere, content)
    except FileProblem:
        return content
    except Exception:  # the words are saved whatever becomes of the comments
        _log.warning("the layout of a recipe's file could not be kept", exc_info=True)
        return content
    return kept if is_same and len(kept) <= MOST_BYTES else content


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _bytes_of(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _claimed(folder: Path, stem: str) -> Path:
    """Return an empty file of ours under the first free name: no other program can take it before it is written."""
    for name in numbered(stem, ENDING):
        with contextlib.suppress(FileExistsError):
            os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return folder / name
    raise AssertionError("names do not end")


def _moved(file: Path, folder: Path, stem: str) -> Path:
    """Move a file into a folder, under the first free name there, and return its new path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = _claimed(folder, stem)
    try:
        os.replace(file, target)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise
    return target
