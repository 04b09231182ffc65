"""Recipes of two folders, one of which may vanish or never answer: nothing waits for it, and nothing read is lost."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import RecipeChanged, recipe_of
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.runtime.recipes import FolderState, RecipeShelf
from tests.prompts.test_recipes import folder_at
from tests.support.tasks import result_of
from tests.support.waiting import PATIENCE


def recipe(name):
    return recipe_of(name, PromptDraft(framework="main", texts={"task": "Write to {{recipient}}."}))


class Shelf:
    """A shelf over folders on disk."""

    def __init__(self, work, own, qtbot):
        self.shelf = RecipeShelf(work, own, lambda path, is_shared: folder_at(path, is_shared=is_shared))
        self._qtbot = qtbot

    @property
    def names(self):
        return [each.recipe.name for each in self.shelf.recipes]

    def wait_for(self, *names):
        self.wait_until(lambda: self.names == list(names))

    def wait_until(self, condition):
        """Look at the folders until it is so, as when the window comes to the front again and again."""

        def is_so():
            self.shelf.look_again()
            return condition()

        self._qtbot.waitUntil(is_so)

    def do(self, work):
        return result_of(work, self._qtbot.waitUntil)

    def seek(self, name):
        entry = self.do(self.shelf.seek(name))
        return entry.key if entry is not None else None


@pytest.fixture
def made(work, tmp_path, qtbot):
    shelf = Shelf(work, tmp_path / "own", qtbot)
    yield shelf
    shelf.shelf.end()


def test_a_change_from_outside_comes_into_sight_and_is_not_overwritten(made, tmp_path):
    made.do(made.shelf.add_recipe(recipe("A")))
    made.wait_for("A")
    entry = made.shelf.recipes[0]
    elsewhere = folder_at(tmp_path / "own")
    elsewhere.save(entry, recipe("B"))
    made.wait_for("B")
    with pytest.raises(RecipeChanged):
        made.do(made.shelf.change(lambda own: own.save(entry, recipe("C"))))
    assert made.names == ["B"]


def test_a_shared_folder_that_vanishes_stays_of_use(made, tmp_path):
    shared = tmp_path / "shared"
    folder_at(shared).add_recipe(recipe("Ours"))
    made.shelf.share(str(shared))
    made.shelf.start_watching()
    made.wait_for("Ours")
    shared.rename(tmp_path / "gone")
    folder = made.shelf.folders[1]
    made.wait_until(lambda: folder.state is FolderState.GONE)
    assert made.names == ["Ours"]
    (tmp_path / "gone").rename(shared)
    made.wait_until(lambda: folder.is_current)
    made.shelf.share("")
    assert made.names == []


class _Hanging:
    """A folder whose second look, or one after as many as are free, waits until it is let go."""

    def __init__(self, path, free_looks=1):
        self._disk = folder_at(path, is_shared=True)
        self._free_looks = free_looks
        self.looks = 0
        self.answers = threading.Event()

    def __getattr__(self, name):
        return getattr(self._disk, name)

    def read(self):
        self.looks += 1
        if self.looks > self._free_looks:
            assert self.answers.wait(PATIENCE)
        return self._disk.read()


def test_a_name_is_found_among_ones_own_before_those_of_others(made, tmp_path, qtbot):
    own, shared = folder_at(tmp_path / "own"), folder_at(tmp_path / "shared")
    for name in ("Reply", "reply to all"):
        own.add_recipe(recipe(name))
    for name in ("REPLY", "Reply to all", "Ours", "回复\u200f  投诉"):
        shared.add_recipe(recipe(name))
    made.shelf.share(str(tmp_path / "shared"))
    assert made.seek("Reply") == "own/Reply.toml"  # by the first look of all, which nobody has waited for
    assert made.seek("REPLY") == "own/Reply.toml"
    assert made.seek("Reply to all") == "own/reply to all.toml"
    assert made.seek("ours") == "shared/Ours.toml"
    assert made.seek("回复 投诉") is not None
    assert made.seek("../shared/Ours.toml") is None
    assert made.seek("Ours.toml") is None


def test_a_folder_that_does_not_answer_is_waited_for_only_where_it_matters(work, tmp_path, qtbot):
    folder_at(tmp_path / "own").add_recipe(recipe("Mine"))
    folder_at(tmp_path / "shared").add_recipe(recipe("Ours"))
    hanging = _Hanging(tmp_path / "shared", free_looks=0)
    shared: RecipeFolder = hanging  # type: ignore[assignment]
    shelf = RecipeShelf(
        work, tmp_path / "own", lambda path, is_shared: shared if is_shared else folder_at(path), patience_ms=30
    )
    shelf.share("/somewhere")

    def seek(name):
        entry = result_of(shelf.seek(name), qtbot.waitUntil)
        return entry.key if entry is not None else None

    assert seek("Mine") == "own/Mine.toml"
    assert seek("Ours") is None
    assert not shelf.is_all_read
    assert seek("Ours") is None  # and is not waited for once more
    hanging.answers.set()
    qtbot.waitUntil(lambda: shelf.is_all_read)
    assert seek("Ours") == "shared/Ours.toml"
    shelf.end()


_CLOSED_WHILE_A_SHARE_HANGS = """
import threading
from pathlib import Path
from desktop.runtime.background import LoopThread
from desktop.runtime.recipes import RecipeShelf
from desktop.runtime.background import BackgroundTasks, Task
from tests.prompts.test_recipes import folder_at, recipe

asked = threading.Event()

class Hanging:
    def read(self):
        asked.set()
        threading.Event().wait(60)

work = BackgroundTasks(LoopThread())
own = Path({own!r})
shelf = RecipeShelf(work, own, lambda path, is_shared: Hanging() if is_shared else folder_at(path))
shelf.share("/share")
Task(shelf.add_recipe(recipe("Mine")), None).step()
assert asked.wait(60)
shelf.end()
work.close_store(lambda: print(*(each.name for each in own.iterdir()), flush=True))
"""


def test_a_share_that_hangs_holds_up_neither_the_end_nor_what_was_saved(tmp_path):
    command = [sys.executable, "-c", _CLOSED_WHILE_A_SHARE_HANGS.format(own=str(tmp_path / "own"))]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "Mine.toml\n"
