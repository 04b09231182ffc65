"""Recipes as files and links: their words, their form, and how they come in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.link import link_to
from desktop.core.recipes.recipe import Blank, BlankKind, FileProblem, TextFault, recipe_of
from desktop.prompts.recipes import parse_recipe
from desktop.ui.recipes.form import LongTextControl, RecipeForm
from desktop.ui.recipes.presenter import file_problem, reason_words
from desktop.ui.widgets.form import Calendar, ChoiceControl, DateField, iso_date
from tests.prompts import test_recipes
from tests.prompts.test_recipes import folder_at
from tests.ui.languages import speaking
from tests.ui.steps import hand_over, panel_of
from tests.ui.test_recipes import choose, page_of, rows_of

REPLY = recipe_of(
    "Reply to a complaint",
    PromptDraft(framework="main", texts={"task": "Answer {{recipient}}."}),
    (Blank(name="recipient"),),
)
NEWS = recipe_of("新闻 <b>", PromptDraft(framework="main", texts={"task": "Sum up the news."}))
OTHER = recipe_of(
    REPLY.name, PromptDraft(framework="main", texts={"task": "Ours for {{whom}}."}), (Blank(name="whom"),)
)


@pytest.fixture
def opened(open_it, candor_home):
    for recipe in (REPLY, NEWS):
        folder_at(candor_home / "recipes").add_recipe(recipe)
    with open_it() as program:
        yield program


def follow(opened, name):
    hand_over(opened, link_to(name))


def form_is_shown(opened, words=""):
    recipes = opened.window.parts.recipes
    return recipes.is_in_front and recipes.form is not None and opened.says(words)


def boxes(opened):
    return [each for each in opened.window.findChildren(QMessageBox) if each.isVisible()]


def box_of(opened):
    opened.wait_until(lambda: boxes(opened))
    [box] = boxes(opened)
    return box


def press(box, words):
    [button] = [each for each in box.findChildren(QPushButton) if each.text() == words]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_link_opens_the_form_and_does_nothing_else(opened, server):
    opened.write("half a message")
    opened.press("Ctrl+B")
    panel = panel_of(opened)
    panel.fields.focus_part()
    QTest.keyClicks(QApplication.focusWidget(), "half a prompt")
    follow(opened, REPLY.name.upper())
    opened.wait_until(lambda: form_is_shown(opened))
    assert (opened.box.toPlainText(), panel.draft.text("task")) == ("half a message", "half a prompt")
    QTest.keyClicks(QApplication.focusWidget(), "Ms Li")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    opened.wait_until(lambda: panel.draft.text("task") == 'Answer "Ms Li".')
    # One that asks for nothing is not filled in by the link, either.
    for _ in range(2):
        follow(opened, NEWS.name)
        opened.wait_until(lambda: form_is_shown(opened, "This recipe asks for nothing."))
    assert panel.draft.text("task") == 'Answer "Ms Li".'
    button = QApplication.focusWidget()
    assert isinstance(button, QPushButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    opened.wait_until(lambda: panel.draft.text("task") == "Sum up the news.")
    QTest.mouseClick(panel.notice.fix, Qt.MouseButton.LeftButton)
    assert panel.draft.text("task") == 'Answer "Ms Li".'
    assert server.chats == []


def test_no_number_of_links_takes_away_what_is_typed_into_a_form(opened):
    follow(opened, REPLY.name)
    opened.wait_until(lambda: form_is_shown(opened))
    form = page_of(opened).form
    QTest.keyClicks(QApplication.focusWidget(), "Ms Li")
    opened.window.show_chat()
    for _ in range(3):
        follow(opened, NEWS.name)
        opened.wait_until(lambda: boxes(opened))
        assert [each.text() for each in boxes(opened)] == ["You are writing something here"]
    box_of(opened).accept()
    assert form_is_shown(opened)
    assert page_of(opened).form is form
    follow(opened, REPLY.name)  # which stands there already
    opened.wait_until(lambda: form_is_shown(opened))
    assert boxes(opened) == []
    assert page_of(opened).form is form
    assert not opened.says("Leave once more")


def test_a_recipe_that_is_being_changed_is_kept_and_the_newest_link_takes_the_place_of_the_one_before(
    opened,
):
    for name in ("One", "Two", "<i>Offer</i>"):
        follow(opened, name)
        opened.wait_until(lambda name=name: [name in each.text() for each in boxes(opened)] == [True])
    box = box_of(opened)
    assert box.text() == "There is no recipe named “<i>Offer</i>” here"
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert "set the folder of your company's recipes" in box.informativeText()
    press(box, "Show the recipes")
    rows = rows_of(opened, REPLY.name, NEWS.name)
    opened.wait_until(lambda: not boxes(opened))
    choose(rows[REPLY.name], "Edit…")
    editor = page_of(opened).editor
    assert editor is not None
    editor.form.begin_with("about", "For the service desk")
    for _ in range(2):
        follow(opened, REPLY.name)
        assert "once more" in box_of(opened).informativeText()
    assert page_of(opened).editor is editor
    box_of(opened).accept()


def test_what_is_no_link_of_ours_is_said_to_be_none(opened):
    for given, title, is_for_recipes in (
        ("candor:recipe/%zz", "This link cannot be read", True),
        ("candor:send/Hello", "This link asks for something that Candor does not know", True),
        ("candor:", "This link names no recipe", True),
        ("candor:recipe/" + "a" * 7_000, "This is too long to be opened", False),
        ("file://files/a.gguf", "This leads to another computer", False),
        ("https://example.com/recipe/Reply", "This leads to another computer", False),
        ("file:///a%zz.toml", "This address cannot be read", False),
    ):
        hand_over(opened, given)
        box = box_of(opened)
        assert box.text() == title
        offers_list = "Show the recipes" in [each.text() for each in box.findChildren(QPushButton)]
        assert offers_list is is_for_recipes, given
        box.reject()
        opened.wait_until(lambda: not boxes(opened))


# What may stand in a Chinese reason: names in the file and in the format.
_NAMES = {
    "own",
    "toml",
    "utf",
    "key",
    "kind",
    "name",
    "choice",
    "choices",
    "task",
    "examples",
    "texts",
    "true",
    "false",
}


def test_every_fault_has_its_words_in_both_languages(qapp):
    for fault in TextFault:
        assert reason_words(fault.of("1", "2")) == str(fault.of("1", "2"))
    with speaking(qapp, "zh_CN"):
        for fault in TextFault:
            said = reason_words(fault.of("1", "2", "3"))
            assert re.search("[一-鿿]", said), said
            assert {each.casefold() for each in re.findall("[A-Za-z]{3,}", said)} <= _NAMES, said


def test_a_recipe_that_python_cannot_read_is_told_of_in_chinese(qapp):
    told = {}
    for content in (
        'name = "a\n',
        "name = ",
        'name = "a"\nname = "b"',
        "name",
        '= "a"',
        'name = "a" b',
        'a = "\\q"',
        "a = [1",
    ):
        try:
            parse_recipe(Path("坏.toml"), content.encode())
        except FileProblem as problem:
            with speaking(qapp, "zh_CN"):
                told[content] = file_problem(problem)
    assert told['name = "a\n'].startswith("坏.toml，第 1 行：")
    assert len(told) == 8
    assert not [each for each in told.values() if "TOML 格式" in each]
    assert test_recipes.BROKEN


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


def test_a_choice_is_not_made_for_one_and_a_day_is_picked_or_typed(theme, qtbot):
    open_choice = Blank(name="x", kind=BlankKind.CHOICE, choices=("a", "b"))
    made, day = replace(open_choice, name="b", default="b"), Blank(name="day", kind=BlankKind.DATE)
    form, used = form_of(theme, qtbot, open_choice, made, day)
    form.form.fields["day"].control.line.setText("soon")
    form.use()
    assert [bool(each.problem) for each in form.form.fields.values()] == [True, False, True]
    choice, field = form.form.fields["x"].control, form.form.fields["day"].control
    assert isinstance(choice, ChoiceControl)
    assert isinstance(field, DateField)
    assert "2026-05-03" in form.form.fields["day"].problem
    choice.setCurrentIndex(1)
    field.open_calendar()
    calendar = field.findChild(Calendar)
    assert isinstance(calendar, Calendar)
    picked = calendar.selectedDate()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    form.use()
    assert used == [{"x": "a", "b": "b", "day": picked.toString(Qt.DateFormat.ISODate)}]


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
