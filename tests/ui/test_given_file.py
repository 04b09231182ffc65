"""Files that the system hands over: documents, recipes and models."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from desktop import backend_factory
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.file import FileFault
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.link import link_to
from desktop.core.recipes.recipe import Blank, exported_name, recipe_of
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.ui.errors import describe
from desktop.ui.recipes.page import RecipePage
from tests.prompts.test_recipes import folder_at
from tests.support.gguf_file import gguf_bytes
from tests.support.waiting import PATIENCE
from tests.ui.steps import hand_over
from tests.ui.test_recipe_files import box_of, boxes, press
from tests.ui.test_recipes import page_of

REPLY = recipe_of(
    "Reply", PromptDraft(framework="main", texts={"task": "Answer {{recipient}}."}), (Blank(name="recipient"),)
)


@pytest.fixture
def mailed(tmp_path):
    """A recipe as somebody else has exported it."""
    folder = folder_at(tmp_path / "mail")
    entry = folder.add_recipe(REPLY)
    file = entry.file.with_name(exported_name(entry))
    folder.write_file(file, REPLY)
    return file


def has_editor(opened):
    def is_shown():
        page = opened.window.findChild(RecipePage)
        return isinstance(page, RecipePage) and page.editor is not None and page.editor.isVisible()

    return is_shown


def test_a_recipe_is_kept_after_a_look_and_used_when_it_is_there(open_it, candor_home, mailed):
    kept = folder_at(candor_home / "recipes")
    with open_it() as opened:
        hand_over(opened, mailed)
        opened.wait_until(has_editor(opened))
        assert kept.read().recipes == ()
        opened.click("Save", page_of(opened).editor)
        opened.wait_until(lambda: [each.recipe for each in kept.read().recipes] == [REPLY])
        opened.wait_until(lambda: opened.says("Saved: Reply"))
        hand_over(opened, mailed)
        opened.wait_until(lambda: page_of(opened).form is not None)


def broken(folder, content):
    file = folder / "mine.candor.toml"
    file.write_bytes(content)
    return file


NO_RECIPES = [
    (b'name = "Mine"\nframework = main\n', "“mine.candor.toml” cannot be used as a recipe. Line 2: "),
    (b'name = "Mine"\nabout = "caf\xe9"\n', "Line 2: it is not written in UTF-8"),
    (b'name = "Mine"\nframework = "ma', "“mine.candor.toml” cannot be used as a recipe. Line 2: "),
    (b"[tool.ruff]\nline-length = 120\n", "“mine.candor.toml” cannot be used as a recipe"),
    (b"", "“mine.candor.toml” cannot be used as a recipe"),
]


def test_a_broken_recipe_is_said_with_line_and_reason_over_a_form_that_stays(open_it, candor_home, tmp_path):
    folder_at(candor_home / "recipes").add_recipe(REPLY)
    with open_it() as opened:
        hand_over(opened, link_to(REPLY.name))
        opened.wait_until(lambda: opened.window.parts.recipes.form is not None)
        form = opened.window.parts.recipes.form
        QTest.keyClicks(QApplication.focusWidget(), "Ms Li")
        opened.window.show_chat()
        for content, said in NO_RECIPES:
            page_of(opened).say("")
            hand_over(opened, broken(tmp_path, content))
            opened.wait_until(lambda said=said: opened.says(said))
        assert page_of(opened).form is form
        assert form is not None
        assert [*form.form.values().values()] == ["Ms Li"]
        form.use()
        opened.window.parts.recipes.show_list()
        assert not opened.says("cannot be used")


OTHER = recipe_of("Other", PromptDraft(framework="main", texts={"task": "Greet {{whom}}."}), (Blank(name="whom"),))


@pytest.fixture
def another(tmp_path):
    """A second recipe's file."""
    file = tmp_path / "other.candor.toml"
    folder_at(tmp_path).write_file(file, OTHER)
    return file


def test_a_second_recipe_leaves_the_first_in_its_editor(open_it, candor_home, mailed, another):
    with open_it() as opened:
        hand_over(opened, mailed)
        opened.wait_until(has_editor(opened))
        editor = page_of(opened).editor
        assert editor is not None
        for is_changed in (False, True, True):
            if is_changed:
                editor.form.begin_with("about", "For the service desk")
            page_of(opened).say("")
            hand_over(opened, another)
            opened.wait_until(lambda: opened.says("open “Other” once more"))
            assert page_of(opened).editor is editor
        opened.click("Save", editor)
        opened.wait_until(lambda: opened.says("Saved: Reply"))
        hand_over(opened, another)
        opened.wait_until(has_editor(opened))
        assert not opened.says("once more")
        assert page_of(opened).editor.recipe.name == "Other"  # type: ignore[union-attr]
        hand_over(opened, another)  # which stands there already
        hand_over(opened, mailed.with_name("gone.toml"))
        opened.wait_until(lambda: opened.says("“gone.toml” cannot be used as a recipe"))
        assert not opened.says("once more")


@pytest.fixture
def opened(open_it, monkeypatch):
    """The program with an engine, and with a server whose model has been picked."""
    monkeypatch.setattr(backend_factory, "engine_is_installed", lambda: True)
    with open_it() as program:
        program.wait_for_models()
        yield program


def chosen(opened):
    return opened.program.chat.current.settings.choice


def built_in(file):
    return ModelChoice(BUILT_IN_ID, str(file))


def shown_text(box):
    return box.text().replace("\u200b", "")


def assert_refused(box, name, reason):
    error = describe(Failure("engine_failed", reason=reason))
    assert shown_text(box) == f"“{name}” was not opened"
    assert box.informativeText() == f"{error.title}\n{error.sentence}"


def test_what_cannot_be_run_leaves_the_model_as_it_is(opened, tmp_path, monkeypatch, caplog):
    file, before = tmp_path / "<b>notes\u202e.gguf", chosen(opened)
    for content, fault, where in (
        (None, FileFault.GONE, "No such file"),
        (b"", FileFault.EMPTY, "empty"),
        (b"Dear colleagues,", FileFault.NOT_GGUF, "begins with 'Dear'"),
        (gguf_bytes(version=1), FileFault.VERSION, "version 1"),
        (gguf_bytes()[:60], FileFault.CUT_OFF, "at byte 56 of 60"),
        (gguf_bytes({"general.alignment": 0}), FileFault.DAMAGED, "alignment"),
    ):
        caplog.clear()
        if content is not None:
            file.write_bytes(content)
        hand_over(opened, file)
        assert_refused(box_of(opened), "<b>notes‹U+202E›.gguf", fault)
        assert chosen(opened) == before
        assert opened.program.services.connections.model_files == ()
        [line] = [each for each in caplog.records if each.name.endswith("models.dialogs")]
        assert line.levelno >= logging.WARNING  # what is less is not written
        assert where in line.getMessage()
        box_of(opened).accept()
        opened.wait_until(lambda: boxes(opened) == [])
    # The small edition runs none.
    monkeypatch.setattr(backend_factory, "engine_is_installed", lambda: False)
    file.write_bytes(gguf_bytes())
    hand_over(opened, file)
    assert_refused(box_of(opened), "<b>notes‹U+202E›.gguf", "not_installed")
    assert "full edition" in box_of(opened).informativeText()
    assert chosen(opened) == before
    box_of(opened).accept()


def test_a_slow_drive_is_waited_for_and_one_can_stop(opened, tmp_path, monkeypatch):
    answers = threading.Event()
    stopped, slow, quick = files = [tmp_path / name for name in ("slow 1.gguf", "slow 2.gguf", "quick.gguf")]
    for file in files:
        file.write_bytes(gguf_bytes())
    check, checked = opened.program.model_parts.opening.check, set[Path]()

    def check_slowly(path):
        assert "slow" not in path.name or answers.wait(PATIENCE)
        check(path)
        checked.add(path)

    monkeypatch.setattr(opened.program.model_parts.opening, "check", check_slowly)
    before = chosen(opened)
    hand_over(opened, stopped)
    assert box_of(opened).text() == "Looking at “slow 1.gguf”…"
    press(box_of(opened), "Stop looking")
    assert boxes(opened) == []
    assert chosen(opened) == before
    hand_over(opened, slow)
    box_of(opened)
    hand_over(opened, quick)
    opened.wait_until(lambda: chosen(opened) == built_in(quick))
    assert boxes(opened) == []
    answers.set()
    connections = opened.program.services.connections
    opened.wait_until(lambda: stopped in checked and str(slow) in connections.model_files)
    opened.drain_store()
    assert chosen(opened) == built_in(quick)
    assert set(connections.model_files) == {str(slow), str(quick)}
    assert boxes(opened) == []


def test_the_pieces_of_a_model_that_are_given_together_are_one_model(opened, tmp_path):
    firsts = []
    for name, order in (("big", (1, 2, 3)), ("large", (3, 2, 1))):
        pieces = [tmp_path / f"{name}-{number:05}-of-00003.gguf" for number in (1, 2, 3)]
        for piece in pieces:
            piece.write_bytes(gguf_bytes())
        for number in order:
            hand_over(opened, pieces[number - 1])
        opened.wait_until(lambda pieces=pieces: chosen(opened) == built_in(pieces[0]))
        assert boxes(opened) == []
        firsts.append(str(pieces[0]))
        assert sorted(opened.program.services.connections.model_files) == firsts


def test_a_model_that_is_gone_is_said_to_be_and_can_be_removed(open_it, candor_home, tmp_path):
    file = tmp_path / "moved.gguf"
    choice = {"connection_id": BUILT_IN_ID, "model": str(file)}
    (candor_home / "settings.json").write_text(json.dumps({"model_files": [str(file)], "default_choice": choice}))
    with open_it() as opened:
        opened.wait_until(lambda: opened.says("The model's file is not there"))
        opened.window.connections.show()
        assert opened.says("It is not there now")
        remove = next(
            each
            for each in opened.window.connections.page.findChildren(QToolButton)
            if "moved.gguf" in each.accessibleName()
        )
        QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
        assert opened.program.services.settings.now.model_files == ()
        assert not opened.says("moved.gguf")
        assert all(each.connection.id != BUILT_IN_ID for each in opened.program.services.models.listings)
