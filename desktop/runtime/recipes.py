"""All recipes that can be used: the user's own, and those of a shared folder. What is there, and what is broken.

Nothing here waits for a disk: a folder on another computer may take minutes to answer, or never do. Then its state says
so, and what was read of it last stays in use. Which recipes are visible, and in what words, is the window's.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.recipes.recipe import FolderContent, ShelvedRecipe, free_name, named
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.runtime.background import BackgroundTasks, DaemonExecutor, gui_task

if TYPE_CHECKING:
    from desktop.core.recipes.recipe import Recipe

LOOK_EVERY_MS = 3_000  # a look is one listing and the states of the files; only what has changed is read
# Times as long, while nothing changes: each look wakes two threads, and one comes with the window's front.
_MOST_RARELY = 40
PATIENCE_MS = 5_000
_STEP_MS = 20
_LAST_WRITES_S = 2.0  # what a closing program gives to what was just saved

T = TypeVar("T")

OpenFolder = Callable[[Path, bool], RecipeFolder]  # a path, and whether others keep what lies there


class FolderState(StrEnum):
    """The state of a watched folder."""

    READING = "reading"  # for the first time
    READ = "read"
    GONE = "gone"  # it is not there, or may not be read
    NOT_ANSWERING = "not_answering"


class WatchedFolder(QObject):
    """A folder that is read again and again, on a thread that nobody waits for.

    `content` is what was read last, whatever the state is.
    """

    changed = Signal()

    def __init__(
        self,
        work: BackgroundTasks,
        folder: RecipeFolder,
        patience_ms: int,
    ) -> None:
        super().__init__(work)
        self.folder = folder
        self.state = FolderState.READING
        self.content = FolderContent()
        self._work = work
        self._thread = DaemonExecutor("recipes")
        self._reads_under_way = 0
        self._writes: set[Future[Any]] = set()
        self._has_ended = False
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._on_silence)
        self._again = QTimer(self, interval=LOOK_EVERY_MS)
        self._again.timeout.connect(self._look_if_idle)

    @property
    def is_current(self) -> bool:
        """True if `content` is what lies in the folder now."""
        return self.state is FolderState.READ

    def start_watching(self) -> None:
        """Read the folder now, and again and again."""
        self._look()
        self._again.start()

    def look_again(self) -> None:
        """Read the folder soon: the user may have changed it elsewhere."""
        if self._again.isActive():
            self._again.setInterval(LOOK_EVERY_MS)
            self._look_if_idle()

    async def settled(self) -> None:
        """Read once more, until that has been answered, or will not be in time."""
        self._look_if_idle()
        while self._reads_under_way and self.state is not FolderState.NOT_ANSWERING and not self._has_ended:
            await self._work.pause(_STEP_MS)

    async def change(self, function: Callable[[], T]) -> T:
        """Do something with the folder, after all requests before it, and read the folder again."""
        changing = self._work.on(self._thread, function)
        self._writes.add(changing.future)
        changing.future.add_done_callback(self._writes.discard)
        self._look()
        return await changing

    def end(self, *, finishing: bool = False) -> None:
        """Stop watching. With `finishing`, pending work gets a moment; the rest is abandoned."""
        self._has_ended = True
        self._again.stop()
        self._patience.stop()
        self._thread.end()
        if finishing:
            wait(set(self._writes), timeout=_LAST_WRITES_S)

    def _look_if_idle(self) -> None:
        if not self._reads_under_way:
            self._look()

    @gui_task
    async def _look(self) -> None:
        self._reads_under_way += 1
        if not self._patience.isActive():
            self._patience.start()
        try:
            state, content = FolderState.READ, await self._work.on(self._thread, self.folder.read)
        except OSError:
            state, content = FolderState.GONE, self.content
        if self._has_ended:
            return
        self._reads_under_way -= 1
        self._patience.stop()
        if self._reads_under_way:
            self._patience.start()
        self._take(state, content)

    def _on_silence(self) -> None:
        self._take(FolderState.NOT_ANSWERING, self.content)

    def _take(self, state: FolderState, content: FolderContent) -> None:
        if (state, content) != (self.state, self.content):
            self.state, self.content = state, content
            self._again.setInterval(LOOK_EVERY_MS)
            self.changed.emit()
        else:
            self._again.setInterval(min(2 * self._again.interval(), _MOST_RARELY * LOOK_EVERY_MS))


class RecipeShelf(QObject):
    """The recipes of both folders. Empty until `start_watching`, which a start of the program need not wait for.

    What changes or reads a file raises what `RecipeFolder` raises.
    """

    changed = Signal()  # recipes, what is broken, or how a folder stands

    def __init__(
        self,
        work: BackgroundTasks,
        own_path: Path,
        open_folder: OpenFolder,
        *,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(work)
        self.own_path = own_path
        self.shared_path = ""  # empty if there is none
        self.fixed_by = ""  # who has fixed the shared folder, in words
        self._work = work
        self._open_folder = open_folder
        self._patience_ms = patience_ms
        self._own: WatchedFolder | None = None
        self._shared: WatchedFolder | None = None

    @property
    def folders(self) -> list[WatchedFolder]:
        """The folders, the user's own first."""
        return [each for each in (self._own, self._shared) if each is not None]

    @property
    def recipes(self) -> list[ShelvedRecipe]:
        """All recipes, sorted by name."""
        found = [each for folder in self.folders for each in folder.content.recipes]
        return sorted(found, key=lambda each: (each.recipe.name.casefold(), each.is_shared, each.file.name))

    def find(self, key: str) -> ShelvedRecipe | None:
        return next((each for each in self.recipes if each.key == key), None)

    @property
    def is_all_read(self) -> bool:
        """True if all that lies in the folders is known."""
        return all(each.is_current and not each.content.problems for each in self.folders)

    async def seek(self, name: str) -> ShelvedRecipe | None:
        """Look for a recipe by its name, first among the user's own, then in the shared folder.

        Return None if there is none, or the folder has not answered in time.
        """
        if (found := named(name, self._own_folder().content.recipes)) is not None:
            return found
        for folder in [self._own_folder(), self._shared]:  # the user's own never wait for another computer
            if folder is not None:
                await folder.settled()
            for each in self.folders:
                if (found := named(name, each.content.recipes)) is not None:
                    return found
        return None

    def start_watching(self) -> None:
        """Read the folders and watch them, from the first call on."""
        self._own_folder()

    def look_again(self) -> None:
        """Read what is watched soon: the user may have been elsewhere, and changed it there."""
        for folder in self.folders:
            folder.look_again()

    def fix_shared(self, path: str, by_whom: str) -> None:
        """Use the recipes of this folder, and of no other that is asked for. `by_whom`: who wants that."""
        self.share(path)
        self.fixed_by = by_whom

    def release_shared(self) -> None:
        """Let another folder be asked for again."""
        self.fixed_by = ""

    def share(self, path: str) -> None:
        """Use the recipes of this folder too, in place of the shared one before; empty for none."""
        if path == self.shared_path or self.fixed_by:
            return
        self.shared_path = path
        if self._shared is not None:
            self._shared.end()
            self._shared.deleteLater()
            self._shared = None
        if self._own is not None:
            self._watch_shared()
            self.changed.emit()

    def free_name(self, name: str) -> str:
        """Return `name`, with a number behind it if one of the user's own has it."""
        return free_name(name, (each.recipe.name for each in self._own_folder().content.recipes))

    async def add_recipe(self, recipe: Recipe) -> ShelvedRecipe:
        """Add a recipe to the user's own, under a free name."""
        recipe = replace(recipe, name=self.free_name(recipe.name))
        return await self.change(lambda own: own.add_recipe(recipe))

    async def change(self, function: Callable[[RecipeFolder], T]) -> T:
        """Do something with the folder of the user's own, after all that was asked of it before."""
        own = self._own_folder()
        return await own.change(lambda: function(own.folder))

    async def look_at(self, file: Path) -> Recipe:
        """Read a recipe from any place, and return it when the user's own are known."""
        own = self._own_folder()
        recipe = await self._work.aside(lambda: own.folder.read_file(file))
        return await self.change(lambda _: recipe)

    async def import_file(self, file: Path) -> ShelvedRecipe:
        """Add a copy of a recipe from any place."""
        return await self.add_recipe(await self.look_at(file))

    async def export(self, entry: ShelvedRecipe, file: Path) -> None:
        """Write a recipe to a file that the user has chosen."""
        folder = self._own_folder().folder
        await self._work.aside(lambda: folder.write_file(file, entry.recipe))

    def end(self) -> None:
        """Stop watching; what was just saved gets a moment to reach the disk."""
        if self._shared is not None:
            self._shared.end()
        if self._own is not None:
            self._own.end(finishing=True)

    def _own_folder(self) -> WatchedFolder:
        if self._own is None:
            self._own = self._watch(self.own_path, is_shared=False)
            self._watch_shared()
        return self._own

    def _watch_shared(self) -> None:
        if self.shared_path:
            self._shared = self._watch(Path(self.shared_path), is_shared=True)

    def _watch(self, path: Path, *, is_shared: bool) -> WatchedFolder:
        watched = WatchedFolder(self._work, self._open_folder(path, is_shared), self._patience_ms)
        watched.changed.connect(self.changed)
        watched.start_watching()
        return watched
