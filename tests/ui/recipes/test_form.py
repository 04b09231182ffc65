"""The form for a recipe's blanks: a control of each kind, what is wrong in words, and texts of any length."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.prompts.prompt import Language, PromptDraft
from desktop.core.recipes.recipe import Blank, BlankKind, recipe_of
from desktop.prompts.texts import load_frameworks
from desktop.ui.recipes.editor import RecipeEditor
from desktop.ui.recipes.form import LongTextControl, RecipeForm
from desktop.ui.widgets.form import ChoiceControl, LineControl
from desktop.ui.widgets.form_parts import Calendar, DateField, iso_date


def form_of(theme, qtbot, *blanks):
    used: list[dict[str, str]] = []
    form = RecipeForm(theme, recipe_of("A", PromptDraft(framework="main"), blanks))
    form.used.connect(used.append)
    qtbot.addWidget(form)
    return form, used


def test_five_megabytes_are_taken_whole(theme, qtbot):
    form, used = form_of(theme, qtbot, Blank(name="mail", kind=BlankKind.LONG_TEXT))
    field = form.form.fields["mail"].control
    assert isinstance(field, LongTextControl)
    text = '"""{{mail}}\n' * 420_000
    for pasted in ("short", text):
        source = QMimeData()
        source.setText(pasted)
        field.box.insertFromMimeData(source)
    form.use()
    assert used == [{"mail": f"short\n\n{text}"}]


def test_what_a_file_says_at_length_is_not_cut_off(theme, qtbot):
    draft = PromptDraft(framework="main", texts={"task": "Write"})
    recipe = recipe_of("😀" * 100, draft, about="Mail 😀 " * 60 + ".")
    main = next(each for each in load_frameworks() if each.key == "main")
    editor = RecipeEditor(theme, recipe, main, Language.ENGLISH)
    qtbot.addWidget(editor)
    assert editor.recipe == recipe
    assert editor.may_be_left()


def test_a_line_says_when_not_all_of_it_fits(theme, qtbot):
    form, _ = form_of(theme, qtbot, Blank(name="who"))
    field = form.form.fields["who"].control
    assert isinstance(field, LineControl)
    QApplication.clipboard().setText("x" * 5_000)
    field.paste()
    qtbot.waitUntil(lambda: "fit into one line" in form.form.fields["who"].problem)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert form.form.fields["who"].problem == ""


@pytest.mark.parametrize("kind", [BlankKind.TEXT, BlankKind.DATE, BlankKind.FILE])
def test_an_ampersand_in_a_label_is_read_as_it_is_written(theme, qtbot, kind):
    form, _ = form_of(theme, qtbot, Blank(name="dept", label="R&D of A & B", kind=kind, required=False))
    field = form.form.fields["dept"]
    assert (field.spoken.accessibleName(), field.field.title) == ("R&D of A & B", "R&&D of A && B")


def test_a_choice_that_must_be_made_is_not_made_for_one(theme, qtbot):
    open_choice = Blank(name="x", kind=BlankKind.CHOICE, choices=("a", "b"))
    form, used = form_of(theme, qtbot, open_choice, replace(open_choice, name="b", default="b"))
    form.use()
    assert [bool(each.problem) for each in form.form.fields.values()] == [True, False]
    field = form.form.fields["x"].control
    assert isinstance(field, ChoiceControl)
    field.setCurrentIndex(1)
    form.use()
    assert used == [{"x": "a", "b": "b"}]


def test_a_day_is_picked_or_typed_as_the_country_writes_it(theme, qtbot):
    form, used = form_of(theme, qtbot, Blank(name="day", kind=BlankKind.DATE))
    field = form.form.fields["day"].control
    assert isinstance(field, DateField)
    field.line.setText("soon")
    form.use()
    assert "2026-05-03" in form.form.fields["day"].problem
    field.open_calendar()
    calendar = field.findChild(Calendar)
    assert isinstance(calendar, Calendar)
    picked = calendar.selectedDate()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    form.use()
    assert used[0]["day"] == picked.toString(Qt.DateFormat.ISODate)


@pytest.mark.parametrize(
    ("country", "text", "day"),
    [
        ("de_DE", "03.05.26", "2026-05-03"),
        ("en_US", "5/3/26", "2026-05-03"),
        ("zh_CN", "2026/5/3", "2026-05-03"),
        ("de_DE", "2026-05-03", "2026-05-03"),
        ("en_US", "31.12.", "31.12."),
    ],
)
def test_days_are_read_as_they_are_written(country, text, day):
    before = QLocale()
    QLocale.setDefault(QLocale(country))
    try:
        assert iso_date(text) == day
    finally:
        QLocale.setDefault(before)
