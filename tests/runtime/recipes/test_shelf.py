"""Recipes of two folders, one of which may vanish or never answer: nothing waits for it, and nothing read is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.folder import FolderContent, RecipeChanged, RecipeFolder
from desktop.core.recipes.recipe import Recipe, recipe_of
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.runtime.recipes.watched_folder import FolderState, WatchedFolder
from tests.prompts.test_recipe_folder import folder_at
from tests.support.waiting import PATIENCE


def recipe(name: str) -> Recipe:
    return recipe_of(name, PromptDraft(framework="main", texts={"task": "Write to {{recipient}}."}))


class Shelf:
    """A shelf over folders on disk, and what came of what was asked of it."""

    def __init__(self, work: BackgroundTasks, own: Path, qtbot: QtBot) -> None:
        self.shelf = RecipeShelf(work, own, lambda path, is_shared: folder_at(path, is_shared=is_shared))
        self.done: list[object] = []
        self.failed: list[Exception] = []
        self._qtbot = qtbot

    @property
    def names(self) -> list[str]:
        return [each.recipe.name for each in self.shelf.recipes]

    def wait_for(self, *names: str) -> None:
        self._qtbot.waitUntil(lambda: self.names == list(names), timeout=10_000)

    def wait_done(self, count: int) -> None:
        self._qtbot.waitUntil(lambda: len(self.done) + len(self.failed) == count, timeout=10_000)

    @property
    def callbacks(self) -> tuple[object, object]:
        return self.done.append, self.failed.append


@pytest.fixture
def made(work: BackgroundTasks, tmp_path: Path, qtbot: QtBot) -> Iterator[Shelf]:
    shelf = Shelf(work, tmp_path / "own", qtbot)
    yield shelf
    shelf.shelf.end()


def test_recipes_come_go_and_come_back(made: Shelf) -> None:
    for name in ("b", "A"):
        made.shelf.add_recipe(recipe(name), made.done.append, made.failed.append)
    made.wait_for("A", "b")
    entry = made.shelf.find("own/A.toml")
    assert entry is not None
    made.shelf.delete(entry, lambda deleted: made.shelf.restore(deleted, *made.callbacks), made.failed.append)
    made.wait_done(3)
    made.wait_for("A", "b")


def test_a_change_from_outside_comes_into_sight_and_is_not_overwritten(made: Shelf, tmp_path: Path) -> None:
    made.shelf.add_recipe(recipe("A"), *made.callbacks)
    made.wait_for("A")
    entry = made.shelf.recipes[0]
    elsewhere = folder_at(tmp_path / "own")
    elsewhere.save(entry, recipe("B"))
    made.wait_for("B")
    made.shelf.save(entry, recipe("C"), *made.callbacks)
    made.wait_done(2)
    assert isinstance(made.failed[0], RecipeChanged)
    assert made.names == ["B"]


def test_a_shared_folder_that_vanishes_stays_of_use(made: Shelf, tmp_path: Path, qtbot: QtBot) -> None:
    shared = tmp_path / "shared"
    folder_at(shared).add_recipe(recipe("Ours"))
    made.shelf.share(str(shared))
    made.shelf.start_watching()
    made.wait_for("Ours")
    shared.rename(tmp_path / "gone")
    folder = made.shelf.folders[1]
    qtbot.waitUntil(lambda: folder.state is FolderState.GONE, timeout=10_000)
    assert made.names == ["Ours"]
    (tmp_path / "gone").rename(shared)
    qtbot.waitUntil(lambda: folder.is_current, timeout=10_000)
    made.shelf.share("")
    assert made.names == []


def test_a_file_from_elsewhere_is_taken_in_and_a_broken_one_is_named(made: Shelf, tmp_path: Path) -> None:
    good = folder_at(tmp_path / "elsewhere").add_recipe(recipe("Theirs"))
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    made.shelf.import_file(good.file, *made.callbacks)
    made.shelf.import_file(tmp_path / "bad.toml", *made.callbacks)
    made.wait_done(2)
    made.wait_for("Theirs")
    assert [(type(each), getattr(each, "line", None)) for each in made.failed] == [(FileProblem, 1)]
    made.shelf.export(made.shelf.recipes[0], tmp_path / "out.toml", *made.callbacks)
    made.wait_done(3)
    assert (tmp_path / "out.toml").read_bytes() == good.file.read_bytes()


class _Hanging:
    """A folder whose second look, or one after as many as are free, waits until it is let go."""

    def __init__(self, path: Path, free_looks: int = 1) -> None:
        self._disk = folder_at(path, is_shared=True)
        self._free_looks = free_looks
        self.looks = 0
        self.answers = threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._disk, name)

    def read(self) -> FolderContent:
        self.looks += 1
        if self.looks > self._free_looks:
            assert self.answers.wait(PATIENCE)
        return self._disk.read()


def test_a_folder_that_does_not_answer_is_said_not_to(work: BackgroundTasks, tmp_path: Path, qtbot: QtBot) -> None:
    folder_at(tmp_path).add_recipe(recipe("Ours"))
    hanging = _Hanging(tmp_path)
    folder: RecipeFolder = hanging  # type: ignore[assignment]
    watched = WatchedFolder(work, folder, look_every_ms=1, patience_ms=30)
    states: list[FolderState] = []
    watched.changed.connect(lambda: states.append(watched.state))
    watched.start_watching()
    qtbot.waitUntil(lambda: watched.state is FolderState.NOT_ANSWERING, timeout=10_000)
    assert states == [FolderState.READ, FolderState.NOT_ANSWERING]
    assert [each.recipe.name for each in watched.content.recipes] == ["Ours"]
    hanging.answers.set()
    qtbot.waitUntil(lambda: watched.is_current, timeout=10_000)
    watched.end()


class Sought:
    """What came of looking for names: a recipe's folder and name, or None, in the order of the answers."""

    def __init__(self, shelf: RecipeShelf, qtbot: QtBot) -> None:
        self._shelf = shelf
        self._qtbot = qtbot
        self.found: list[str | None] = []

    def seek(self, name: str) -> str | None:
        known = len(self.found)
        self.ask(name)
        self._qtbot.waitUntil(lambda: len(self.found) > known, timeout=10_000)
        return self.found[-1]

    def ask(self, name: str) -> None:
        self._shelf.seek(name, lambda entry: self.found.append(entry and entry.key))


def test_a_name_is_found_among_ones_own_before_those_of_others(made: Shelf, tmp_path: Path, qtbot: QtBot) -> None:
    own, shared = folder_at(tmp_path / "own"), folder_at(tmp_path / "shared")
    for name in ("Reply", "reply to all"):
        own.add_recipe(recipe(name))
    for name in ("REPLY", "Reply to all", "Ours", "回复\u200f  投诉"):
        shared.add_recipe(recipe(name))
    made.shelf.share(str(tmp_path / "shared"))
    sought = Sought(made.shelf, qtbot)
    assert sought.seek("Reply") == "own/Reply.toml"  # by the first look of all, which nobody has waited for
    assert sought.seek("REPLY") == "own/Reply.toml"
    assert sought.seek("Reply to all") == "own/reply to all.toml"
    assert sought.seek("ours") == "shared/Ours.toml"
    assert sought.seek("回复 投诉") is not None
    assert sought.seek("../shared/Ours.toml") is None
    assert sought.seek("Ours.toml") is None


def test_what_has_just_come_is_found_before_the_next_look(made: Shelf, tmp_path: Path, qtbot: QtBot) -> None:
    made.shelf.share(str(tmp_path / "shared"))
    sought = Sought(made.shelf, qtbot)
    (tmp_path / "shared").mkdir()
    assert sought.seek("New") is None
    folder_at(tmp_path / "shared").add_recipe(recipe("New"))
    assert sought.seek("New") == "shared/New.toml"
    folder_at(tmp_path / "own").add_recipe(recipe("New"))
    made.shelf.add_recipe(recipe("Other"), *made.callbacks)
    made.wait_for("New", "New", "Other")
    assert sought.seek("New") == "own/New.toml"


def test_a_folder_that_does_not_answer_is_waited_for_only_where_it_matters(
    work: BackgroundTasks, tmp_path: Path, qtbot: QtBot
) -> None:
    folder_at(tmp_path / "own").add_recipe(recipe("Mine"))
    folder_at(tmp_path / "shared").add_recipe(recipe("Ours"))
    hanging = _Hanging(tmp_path / "shared", free_looks=0)
    shared: RecipeFolder = hanging  # type: ignore[assignment]
    shelf = RecipeShelf(work, tmp_path / "own", lambda path, is_shared: shared if is_shared else folder_at(path))
    shelf.share("/somewhere")
    sought = Sought(shelf, qtbot)
    assert sought.seek("Mine") == "own/Mine.toml"
    sought.ask("Ours")
    qtbot.wait(50)
    assert sought.found == ["own/Mine.toml"]
    shelf.folders[1]._patience.start(30)
    qtbot.waitUntil(lambda: sought.found[1:] == [None], timeout=10_000)
    assert not shelf.is_all_read
    assert sought.seek("Ours") is None  # and is not waited for once more
    hanging.answers.set()
    qtbot.waitUntil(lambda: shelf.is_all_read, timeout=10_000)
    assert sought.seek("Ours") == "shared/Ours.toml"
    shelf.end()


_CLOSED_WHILE_A_SHARE_HANGS = """
import threading
from pathlib import Path
from desktop.runtime.background import LoopThread
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.runtime.background import BackgroundTasks
from tests.prompts.test_recipe_folder import folder_at, recipe

asked = threading.Event()

class Hanging:
    def read(self):
        asked.set()
        threading.Event().wait(60)

work = BackgroundTasks(LoopThread())
own = Path({own!r})
shelf = RecipeShelf(work, own, lambda path, is_shared: Hanging() if is_shared else folder_at(path))
shelf.share("/share")
shelf.add_recipe(recipe("Mine"), print, print)
assert asked.wait(60)
shelf.end()
work.close_store(lambda: print(*(each.name for each in own.iterdir()), flush=True))
"""


def test_a_share_that_hangs_holds_up_neither_the_end_nor_what_was_saved(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _CLOSED_WHILE_A_SHARE_HANGS.format(own=str(tmp_path / "own"))]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "Mine.toml\n"
