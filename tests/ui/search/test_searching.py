"""Searching in everything that was said, in the whole window: the keys, the results, and the way to the message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import Blank, recipe_of
from desktop.core.search import SearchHit
from desktop.rendering.text.shown_text import leaf_text
from desktop.store.database import open_store
from desktop.ui.documents.preview_page import PreviewPage
from desktop.ui.search.page import SearchPage
from desktop.ui.sidebar.column import FindBox
from desktop.ui.text.surface import TextSurface
from desktop.ui.widgets.find_bar import FindBar
from tests.prompts.test_recipe_folder import folder_at
from tests.ui.search.searched import contract, put, rows_on

pytestmark = pytest.mark.window


@pytest.fixture
def opened(open_it, candor_home):
    put(
        candor_home,
        "Rent",
        [("What is the notice period?", "**Notice**: six months."), ("And 通知 in Chinese?", "合同通知")],
    )
    recipe = PromptDraft(framework="main", texts={"task": "Say when the guarantee of {{thing}} ends."})
    folder_at(candor_home / "recipes").add_recipe(recipe_of("Warranty letter", recipe, (Blank(name="thing"),)))
    put(candor_home, "Notice to a supplier", [("Write it.", "Dear all, " * 400), ("More", "Goodbye")])
    with open_it() as program:
        program.wait_for_model()
        program.wait_until(lambda: len(program.program.chat.conversations) == 2)
        yield program


def page_of(opened):
    found = opened.window.findChild(SearchPage)
    assert isinstance(found, SearchPage)
    return found


def search(opened, words):
    """Type words on the page, and wait for what is found."""
    opened.press("Ctrl+K")
    page = page_of(opened)
    opened.wait_until(page.line.hasFocus)
    page.line.insert(words)  # which Qt's own test tool can't with Chinese
    opened.wait_until(lambda: page.query == words and not page.state.endswith("…"))
    return page


def current(page):
    assert page.list.current is not None
    hit = page.list.current.key
    assert isinstance(hit, SearchHit)
    return hit


def marked_words(opened):
    """The words of the occurrence that is marked more strongly, wherever there is one."""
    return [
        leaf_text(surface._page._leaves[mark[0]])[mark[1].start : mark[1].end]
        for _, view in opened.window.transcript.live_views()
        for _, surface in view.surfaces()
        if (mark := surface._page.marks._current) is not None
    ]


def test_titles_questions_and_answers_are_found_as_one_types(opened):
    page = search(opened, "notice")
    assert rows_on(page.list.rows) == [
        "# Titles",
        "title: Notice to a supplier",
        "# Rent",
        "answer: Notice: six months.",
        "question: What is the notice period?",
    ]
    assert page.state == "3 places in 2 conversations"
    assert current(page).sentence == "Notice to a supplier"


@pytest.mark.parametrize("words", ["warranty", "guarantee"])
def test_a_recipe_is_found_by_its_name_and_its_text_and_opens(opened, words):
    page = search(opened, words)
    head, row = rows_on(page.list.rows)
    assert head == "# Recipes"
    assert row.startswith("recipe: Warranty letter")
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    opened.wait_until(lambda: opened.window.is_recipe_in_front)


def test_two_chinese_letters_are_found(opened):
    assert rows_on(search(opened, "通知").list.rows) == ["# Rent", "answer: 合同通知", "question: And 通知 in Chinese?"]


def test_enter_goes_to_the_message_and_marks_it(opened):
    page = search(opened, "notice")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(page.line, key)
    assert current(page).sentence == "Notice: six months."
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    assert opened.window.is_chat_in_front
    opened.wait_until(lambda: opened.program.chat.current.title == "Rent")

    def bar():
        found = opened.window.findChild(FindBar)
        return found if isinstance(found, FindBar) and found.isVisible() else None

    opened.wait_until(lambda: (shown := bar()) is not None and shown.query == "Notice")
    opened.wait_until(lambda: opened.says("2 of 2"))
    assert any(surface.source.startswith("**Notice") for surface in opened.window.transcript.findChildren(TextSurface))


def test_a_search_that_was_left_has_no_row_with_the_focus_and_has_it_again_afterwards(opened):
    page = search(opened, "notice")
    QTest.keyClick(page.line, Qt.Key.Key_Down)
    spoken = QAccessible.queryAccessibleInterface(page.list)

    def with_focus():
        return [at for at in range(spoken.childCount()) if spoken.child(at).state().focused]

    before = with_focus()
    assert len(before) == 1
    opened.press("Esc")
    assert opened.window.is_chat_in_front
    assert with_focus() == []
    opened.press("Ctrl+K")
    assert with_focus() == before


def test_a_message_far_above_is_gone_to(open_it, candor_home):
    turns = [("Where is the armadillo?", "Nowhere.")] + [(f"Question {number}", "An answer") for number in range(40)]
    put(candor_home, "Long", turns)
    with open_it() as program:
        program.wait_for_model()
        program.wait_until(lambda: program.program.chat.conversations)
        page = search(program, "armadillo")
        QTest.keyClick(page.line, Qt.Key.Key_Return)
        program.wait_until(lambda: program.says("1 of 1"))
        program.wait_until(lambda: shows(program, "Where is the armadillo?"))


def shows(opened, words):
    surfaces = opened.window.transcript.findChildren(TextSurface)
    return any(surface.source == words for surface in surfaces if not surface.visibleRegion().isEmpty())


def test_a_word_of_a_file_is_shown_in_its_text(open_it, candor_home):
    conversation = put(candor_home, "Rent", [("See the file.", "I did.")])
    store = open_store(candor_home / "candor.db")
    asked = store.path(conversation.id)[0]
    attached = contract(["Parties", "The wombat clause is on this page."])
    store.begin_reply(conversation, [replace(asked, parts=(*asked.parts, attached))])
    store.close()
    with open_it() as program:
        program.wait_for_model()
        program.wait_until(lambda: program.program.chat.conversations)
        page = search(program, "wombat")
        assert [row for row in rows_on(page.list.rows) if row.startswith("file")] == [
            "file: The wombat clause is on this page."
        ]
        QTest.keyClick(page.line, Qt.Key.Key_Return)
        program.wait_until(lambda: isinstance(program.window.findChild(PreviewPage), PreviewPage))
        preview = program.window.findChild(PreviewPage)
        assert isinstance(preview, PreviewPage)
        program.wait_until(lambda: preview.find_bar.query == "wombat")
        program.wait_until(preview.text.hasFocus)  # the keys read on in it
        program.wait_until(lambda: program.program.chat.current.title == "Rent")


def test_escape_goes_back_and_loses_nothing(opened):
    opened.write("half a message")
    page = search(opened, "notice")
    before = rows_on(page.list.rows)
    QTest.keyClick(page.line, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    was_at = current(page)
    QTest.keyClick(page.line, Qt.Key.Key_Escape)
    assert opened.window.is_chat_in_front
    assert opened.box.toPlainText() == "half a message"
    opened.press("Ctrl+K")
    assert page.query == "notice"
    opened.wait_until(lambda: not page.state.endswith("…") and rows_on(page.list.rows) == before)
    assert current(page) == was_at


def test_a_message_of_another_version_is_turned_to(opened):
    opened.ask("Which animal?")
    opened.wait_until(lambda: not opened.program.chat.is_answering)
    opened.program.chat.edit(opened.path[0].id, "Which pangolin?")
    opened.wait_until(lambda: not opened.program.chat.is_answering)
    opened.wait_until(lambda: opened.path and opened.path[0].text == "Which pangolin?")
    opened.press("Ctrl+F")  # once the bar is made, it counts again for each other path
    opened.press("Esc")
    page = search(opened, "animal")
    hit = current(page)
    while hit.kind != "question":
        QTest.keyClick(page.line, Qt.Key.Key_Down)
        hit = current(page)
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    opened.wait_until(lambda: opened.path and opened.path[0].text == "Which animal?")
    opened.wait_until(lambda: marked_words(opened) == ["animal"])
    assert opened.notice == "This stands in another version of the conversation."
    opened.click("Back to the one before", opened.window.notice)
    opened.wait_until(lambda: opened.path and opened.path[0].text == "Which pangolin?")
    opened.wait_until(lambda: opened.notice == "")
    opened.wait_until(opened.box.hasFocus)
    assert marked_words(opened) == []


def test_what_was_deleted_is_not_found_and_nothing_is_said_in_words(opened):
    rent = next(each for each in opened.program.chat.conversations if each.title == "Rent")
    opened.program.chat.delete(rent.id)
    page = search(opened, "six months")
    assert rows_on(page.list.rows) == []
    assert opened.says("Nothing was found for “six months”.")


def test_typing_on_the_box_in_the_sidebar_begins(opened):
    box = opened.window.findChild(FindBox)
    QTest.keyClicks(box, "g")
    page = page_of(opened)
    QTest.keyClicks(page.line, "oodbye")
    opened.wait_until(lambda: rows_on(page.list.rows) == ["# Notice to a supplier", "answer: Goodbye"])


def test_a_reply_that_was_just_given_is_found(opened):
    opened.ask("A zebra?")
    assert "question: A zebra?" in rows_on(search(opened, "zebra").list.rows)


def test_the_index_is_closed_with_the_program(open_it, candor_home):
    put(candor_home, "Rent", [("What is the notice period?", "Six months.")])
    with open_it() as program:
        program.wait_for_model()
        program.wait_until(lambda: program.program.chat.conversations)
        search(program, "notice")
    assert not [path.name for path in candor_home.iterdir() if path.name.endswith(("-wal", "-shm"))]
    store = open_store(candor_home / "candor.db")
    assert [each.title for each in store.conversations()] == ["Rent"]
    store.close()
