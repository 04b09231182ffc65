"""Recipes in the window: made of a filled prompt, asked for their blanks, found, pinned, changed and taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from desktop.core.prompts.prompt import Material, PromptDraft
from desktop.core.recipes.recipe import Blank, BlankKind, recipe_of
from desktop.ui.recipes.list import Ask, PinnedRecipes
from desktop.ui.recipes.page import RecipePage
from desktop.ui.widgets.form import ChoiceBox
from tests.prompts.test_recipes import folder_at
from tests.support.scripted_reader import ScriptedReader
from tests.ui.steps import drop, files_as_data, panel_of

pytestmark = pytest.mark.window

REPLY = recipe_of(
    "Reply to a complaint",
    PromptDraft(framework="main", texts={"task": "Answer {{mail}} for {{recipient}}."}),
    (Blank(name="mail", kind=BlankKind.LONG_TEXT), Blank(name="recipient", label="Who it goes to")),
)


@pytest.fixture
def opened(open_it, candor_home):
    folder_at(candor_home / "recipes").add_recipe(REPLY)
    with open_it() as program:
        program.window.resize(1200, 700)
        program.wait_until(lambda: program.window.width() == 1200)
        yield program


def page_of(opened):
    page = opened.window.findChild(RecipePage)
    assert isinstance(page, RecipePage)
    return page


def test_a_file_is_asked_for_and_goes_along(open_it, candor_home, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop.app.ReaderProcess", ScriptedReader)
    report = tmp_path / "report.txt"
    report.write_text("Sales rose.\fCosts fell.", encoding="utf-8")
    draft = PromptDraft(framework="main", texts={"task": "Summarise {{report}}."})
    folder_at(candor_home / "recipes").add_recipe(
        recipe_of("Summary", draft, (Blank(name="report", kind=BlankKind.FILE),))
    )
    with open_it() as opened:
        list_of(opened, "Summary")["Summary"].use.click()
        opened.wait_until(lambda: page_of(opened).form is not None)
        form = page_of(opened).form
        assert form is not None
        form.use()
        asked = form.form.fields["report"]
        assert asked.problem  # nothing was chosen yet
        opened.wait_until(lambda: asked.control.height() > 10)
        place = asked.control.mapTo(opened.window, QPoint(5, 5))
        drop(opened.window, files_as_data(report), place)
        assert asked.value() == str(report)
        form.use()
        panel = panel_of(opened)
        opened.wait_until(lambda: [each.name for each in panel.draft.files] == ["report.txt"])
        assert panel.prompt.text == 'Summarise the file "report.txt".'


def list_of(opened, *names):
    """Open the list and wait for these recipes."""
    opened.press("Ctrl+Shift+R")
    return rows_of(opened, *names)


def rows_of(opened, *names):
    opened.wait_until(lambda: opened.window.findChild(RecipePage) is not None)
    page = page_of(opened)

    def rows():
        return {row.entry.recipe.name: row for row in page.list.rows}

    opened.wait_until(lambda: page.list.isVisible() and list(rows()) == list(names))
    return rows()


def choose(row, words):
    """Choose this in the menu of a row."""
    menu = row.menu()
    [action] = [each for each in menu.actions() if each.text() == words]
    action.trigger()


def task_of(opened):
    return panel_of(opened).draft.text("task")


def stored(home):
    return {each.recipe.name: each.recipe for each in folder_at(home / "recipes").read().recipes}


def test_a_recipe_is_filled_in_by_keyboard_and_can_be_taken_back(opened):
    opened.press("Ctrl+B")
    panel_of(opened).fields.focus_part()
    QTest.keyClicks(QApplication.focusWidget(), "What was there")
    list_of(opened, REPLY.name)[REPLY.name].use.click()
    form = page_of(opened).form
    assert form is not None
    assert form.isAncestorOf(QApplication.focusWidget())
    QTest.keyClicks(QApplication.focusWidget(), "We wait. {{recipient}}")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [bool(each.problem) for each in form.form.fields.values()] == [False, True]
    assert QApplication.focusWidget() is form.form.fields["recipient"].control
    QTest.keyClicks(QApplication.focusWidget(), "Ms Li")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    opened.wait_until(lambda: task_of(opened) == 'Answer the text below for "Ms Li".')
    panel = panel_of(opened)
    assert [each.text for each in panel.draft.materials] == ["We wait. {{recipient}}"]
    assert panel.isAncestorOf(QApplication.focusWidget())
    QTest.mouseClick(panel.notice.fix, Qt.MouseButton.LeftButton)
    assert task_of(opened) == "What was there"


def test_a_filled_prompt_becomes_a_recipe(opened, candor_home):
    opened.press("Ctrl+B")
    panel = panel_of(opened)
    panel.show_draft(PromptDraft(framework="main", texts={"task": "Sum up for {{whom}}"}).with_material("task", "News"))
    panel.save_recipe_requested.emit()
    editor = page_of(opened).editor
    assert editor is not None
    assert [card.name for card in editor.cards] == ["text", "whom"]
    QTest.keyClicks(QApplication.focusWidget(), "Summary")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rows_of(opened, REPLY.name, "Summary")
    assert name_in_focus() == "Use “Summary”"
    saved = stored(candor_home)["Summary"]
    assert saved.draft == PromptDraft(framework="main", texts={"task": "Sum up for {{whom}}"})
    assert saved.blanks == (Blank(name="text", kind=BlankKind.LONG_TEXT, field="task"), Blank(name="whom"))


def test_material_and_facts_are_asked_for_each_time_and_can_be_put_back(opened, candor_home):
    opened.press("Ctrl+B")
    panel = panel_of(opened)
    draft = PromptDraft(
        framework="complaint",
        texts={"task": "Write a reply.", "remedy": "New chairs on 7 May.", "tone": "Calm."},
        materials=(Material("complaint", "Dear Sir or Madam, on 24 November I bought a chair."),),
    )
    panel.show_draft(draft)
    panel.save_recipe_requested.emit()
    editor = page_of(opened).editor
    assert editor is not None
    assert [card.name for card in editor.cards] == ["Complaint", "What we do about it"]
    editor.form.begin_with("name", "Complaints")
    editor.cards[1].rename_requested.emit("Our offer")
    opened.click("Save", editor)
    row = rows_of(opened, "Complaints", REPLY.name)["Complaints"]
    file = (candor_home / "recipes" / "Complaints.toml").read_text(encoding="utf-8")
    assert "24 November" not in file
    assert "7 May" not in file
    row.use.click()
    form = page_of(opened).form
    assert form is not None
    assert [each.field.title for each in form.form.fields.values()] == ["Complaint", "Our offer"]
    assert not any(form.form.values().values())
    QTest.keyClicks(QApplication.focusWidget(), "Too late.")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "A discount.")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    opened.wait_until(lambda: panel.draft.materials_of("complaint") == (Material("complaint", "Too late."),))
    assert panel.draft.materials_of("remedy") == (Material("remedy", "A discount."),)
    assert "below" not in panel.prompt.text

    panel.show_draft(draft)
    panel.save_recipe_requested.emit()
    editor = page_of(opened).editor
    assert editor is not None
    for card in list(editor.cards):
        opened.click("Put it back", card)
    assert editor.cards == []
    assert editor.recipe.draft == draft
    opened.wait_until(lambda: opened.says("Always the same text"))
    opened.click("Ask for it each time", editor)
    assert [card.name for card in editor.cards] == ["Complaint"]


def test_a_blank_is_made_of_what_is_selected_and_pasted_braces_stay_text(opened):
    choose(list_of(opened, REPLY.name)[REPLY.name], "Edit…")
    editor = page_of(opened).editor
    assert editor is not None
    box = editor.texts.fields["task"].control.box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "By 2026-05-03")
    for _ in range(10):
        QTest.keyClick(box, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    opened.click("Make a blank", editor)
    [card] = editor.cards
    assert card.blank.kind is BlankKind.DATE
    assert QApplication.focusWidget() is card.form.fields["name"].control
    QTest.keyClicks(QApplication.focusWidget(), "day")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert box.toPlainText() == "By {{day}}"
    source = QMimeData()
    source.setText(" {{mail}}")
    box.moveCursor(box.textCursor().MoveOperation.End)
    box.insertFromMimeData(source)
    assert box.toPlainText() == "By {{day}} \\{{mail}}"
    assert [each.name for each in editor.cards] == ["day"]


def test_what_was_typed_is_not_lost_at_one_press(opened):
    list_of(opened, REPLY.name)[REPLY.name].use.click()
    page = page_of(opened)
    QTest.keyClicks(QApplication.focusWidget(), "Dear")
    opened.window.sidebar.recipes.all_requested.emit()
    assert page.form is not None
    assert opened.says("Leave once more to discard what you typed.")
    page.take_step_back()
    assert page.form is None
    rows_of(opened, REPLY.name)[REPLY.name].use.click()
    QTest.keyClicks(QApplication.focusWidget(), "Dear")
    opened.window.show_chat()
    opened.press("Ctrl+Q")
    assert opened.window.isVisible()
    assert page.isVisible()
    assert opened.says("Leave once more to discard what you typed.")
    QTest.keySequence(opened.window, QKeySequence("Ctrl+Q"))
    assert not opened.window.isVisible()


def test_tab_stops_in_the_order_in_which_one_reads(opened):
    row = list_of(opened, REPLY.name)[REPLY.name]
    opened.wait_until(row.use.isVisible)
    page_of(opened).list.focus_start()
    row_names = [f"Use “{REPLY.name}”", f"Pin “{REPLY.name}” to the sidebar", f"More for “{REPLY.name}”"]
    assert names_after_tab(4) == ["Import…", *row_names]
    choose(row, "Edit…")
    editor = page_of(opened).editor
    assert editor is not None
    card = editor.cards[-1]
    card.form.focus("kind")
    card.form.begin_with("kind", BlankKind.CHOICE.value)
    opened.wait_until(lambda: all(each.isVisible() for each in card.findChildren(ChoiceBox)))
    card.form.focus("label")
    kind = ["Must be filled in", "Kind and default, unfolded", "Kind of the blank", "Choices, one a line"]
    rest = ["What stands there from the start", "Not a blank: keep it as text", "Cancel"]
    assert names_after_tab(7) == [*kind, *rest]


def name_in_focus():
    focused = QApplication.focusWidget()
    text = focused.text() if isinstance(focused, QAbstractButton) else ""
    return (focused.accessibleName() or text) if focused is not None else ""


def names_after_tab(times):
    names = []
    for _ in range(times):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(name_in_focus())
    return names


def test_what_is_typed_while_the_disk_or_another_program_is_at_it_is_still_there(opened, candor_home):
    choose(list_of(opened, REPLY.name)[REPLY.name], "Edit…")
    editor = page_of(opened).editor
    assert editor is not None
    editor.form.begin_with("about", "first")
    editor.save()
    editor.form.begin_with("about", "second")  # what came of saving is heard only after this
    file = candor_home / "recipes" / "Reply to a complaint.toml"
    opened.wait_until(lambda: 'about = "first"' in file.read_text(encoding="utf-8"))
    presenter = opened.window.parts.recipes
    opened.wait_until(lambda: not presenter._is_saving)
    assert page_of(opened).editor is editor
    editor.save()
    opened.wait_until(lambda: page_of(opened).editor is None)
    assert 'about = "second"' in file.read_text(encoding="utf-8")

    # What another program changes meanwhile is kept beside one's own.
    choose(rows_of(opened, REPLY.name)[REPLY.name], "Edit…")
    editor = page_of(opened).editor
    assert editor is not None
    elsewhere = folder_at(candor_home / "recipes")
    [entry] = elsewhere.read().recipes
    theirs = recipe_of(REPLY.name, PromptDraft(framework="main", texts={"task": "Theirs"}))
    elsewhere.save(entry, theirs)
    editor.form.begin_with("about", "Mine")
    opened.click("Save", editor)
    opened.wait_until(lambda: opened.says("Another program has changed that recipe meanwhile."))
    rows_of(opened, REPLY.name, f"{REPLY.name} 2")
    found = stored(candor_home)
    assert found[REPLY.name] == theirs
    assert found[f"{REPLY.name} 2"].about == "Mine"


def test_what_is_deleted_comes_back_also_after_another_form_was_looked_at(opened, candor_home):
    folder_at(candor_home / "recipes").add_recipe(replace(REPLY, name="Other"))
    rows = list_of(opened, "Other", REPLY.name)
    choose(rows[REPLY.name], "Delete")
    others = rows_of(opened, "Other")
    assert list(stored(candor_home)) == ["Other"]
    opened.wait_until(lambda: name_in_focus() == "Undo")
    others["Other"].use.click()
    assert page_of(opened).form is not None
    page_of(opened).take_step_back()
    opened.click("Undo", page_of(opened))
    rows_of(opened, "Other", REPLY.name)


def test_a_pinned_recipe_stands_in_the_sidebar_after_the_next_start(opened, open_it):
    list_of(opened, REPLY.name)[REPLY.name].asked.emit(Ask.PIN)
    opened.program.services.settings._save()
    opened.drain_store()
    with open_it() as again:
        pinned = again.window.findChild(PinnedRecipes)
        assert isinstance(pinned, PinnedRecipes)
        again.wait_until(pinned.isVisible)
        [button] = [each for each in pinned.findChildren(QPushButton) if each.isVisible()]
        button.click()
        assert page_of(again).form is not None
        page_of(again).take_step_back()
        assert again.page == "chat"


def test_a_file_that_is_dropped_is_taken_in_and_leaves_an_editor_in_front(opened, tmp_path):
    entry = folder_at(tmp_path / "mail").add_recipe(REPLY)
    opened.press("Ctrl+B")
    drop(panel_of(opened).fields.parts[0].words.box.viewport(), files_as_data(entry.file))
    rows = rows_of(opened, REPLY.name, f"{REPLY.name} 2")
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    drop(page_of(opened), files_as_data(tmp_path / "bad.toml"))
    opened.wait_until(lambda: opened.says("“bad.toml” cannot be used as a recipe. Line 1: "))
    choose(rows[REPLY.name], "Edit…")
    editor = page_of(opened).editor
    assert editor is not None
    editor.form.begin_with("about", "For the service desk")
    for _ in range(2):
        page_of(opened).say("")
        drop(page_of(opened), files_as_data(entry.file))
        opened.wait_until(lambda: opened.says(f"Imported: {REPLY.name}"))
        assert page_of(opened).editor is editor
