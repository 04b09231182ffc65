"""A file that the system hands over, at the start or by a second one: a recipe is shown, anything else is said."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.folder import exported_name
from desktop.core.recipes.link import link_to
from desktop.core.recipes.recipe import Blank, recipe_of
from desktop.ui.recipes.page import RecipePage
from tests.prompts.test_recipe_folder import folder_at
from tests.support.in_process import open_program

pytestmark = pytest.mark.window

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


def hand_over(opened, given):
    """As a second start does."""
    opening = opened.program.opening
    assert opening is not None
    opening.first_instance.called.emit(str(given))


def page_of(opened):
    page = opened.window.findChild(RecipePage)
    assert isinstance(page, RecipePage)
    return page


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


def test_a_start_with_a_recipe_shows_it_though_there_is_no_model(qapp, candor_home, tmp_path, monkeypatch, mailed):
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    with open_program(qapp, candor_home, str(mailed)) as opened:
        opened.wait_until(has_editor(opened))
        opened.program.services.connections.settled.emit()  # as when the connections have answered later than the disk
        assert has_editor(opened)()


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


@pytest.mark.parametrize(("content", "said"), NO_RECIPES)
def test_a_broken_recipe_is_said_with_line_and_reason(open_it, tmp_path, content, said):
    with open_it() as opened:
        hand_over(opened, broken(tmp_path, content))
        opened.wait_until(lambda: opened.says(said))


def test_a_broken_recipe_is_said_over_a_form_that_stays(open_it, candor_home, tmp_path):
    folder_at(candor_home / "recipes").add_recipe(REPLY)
    with open_it() as opened:
        hand_over(opened, link_to(REPLY.name))
        opened.wait_until(lambda: opened.window.parts.recipes.form is not None)
        form = opened.window.parts.recipes.form
        QTest.keyClicks(QApplication.focusWidget(), "Ms Li")
        opened.window.show_chat()
        for _ in range(2):
            page_of(opened).say("")
            hand_over(opened, broken(tmp_path, NO_RECIPES[0][0]))
            opened.wait_until(lambda: opened.says(NO_RECIPES[0][1]))
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


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_second_recipe_leaves_the_first_in_its_editor(open_it, candor_home, mailed, another, is_changed):
    with open_it() as opened:
        hand_over(opened, mailed)
        opened.wait_until(has_editor(opened))
        editor = page_of(opened).editor
        assert editor is not None
        if is_changed:
            editor.form.begin_with("about", "For the service desk")
        for _ in range(3):
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


def test_a_second_recipe_leaves_what_is_typed_into_the_form_of_the_first(open_it, candor_home, another):
    for recipe in (REPLY, OTHER):
        folder_at(candor_home / "recipes").add_recipe(recipe)
    with open_it() as opened:
        hand_over(opened, link_to(REPLY.name))
        opened.wait_until(lambda: opened.window.parts.recipes.form is not None)
        form = page_of(opened).form
        QTest.keyClicks(QApplication.focusWidget(), "Ms Li")
        for _ in range(3):
            page_of(opened).say("")
            hand_over(opened, another)
            opened.wait_until(lambda: opened.says("open “Other” once more"))
            assert page_of(opened).form is form
        assert form is not None
        form.use()
        hand_over(opened, another)
        opened.wait_until(lambda: (shown := page_of(opened).form) is not None and shown.recipe == OTHER)


def test_any_other_file_goes_with_the_next_message(open_it, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ms Li", encoding="utf-8")
    with open_it() as opened:
        opened.window.connections.show()
        hand_over(opened, letter)
        opened.wait_until(lambda: [each.name for each in opened.program.chat.attachments.items] == ["letter.txt"])
        assert opened.page == "chat"
        opened.wait_until(lambda: opened.program.chat.attachments.parts())
        hand_over(opened, tmp_path / "gone.pdf")
        opened.wait_until(lambda: opened.notice.startswith("“gone.pdf” was not attached."))


@pytest.mark.parametrize(
    ("stored", "exported"), [("Reply.toml", "Reply.candor.toml"), ("Reply.candor.toml", "Reply.candor.toml")]
)
def test_an_exported_recipe_has_the_ending_that_opens_it(tmp_path, stored, exported):
    folder = folder_at(tmp_path)
    folder.write_file(tmp_path / stored, REPLY)
    [entry] = folder.read().recipes
    assert exported_name(entry) == exported
