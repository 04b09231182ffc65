"""The search through all conversations: its results, its page, and the way to a message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop.core.conversation import Conversation
from desktop.core.message import (
    Anchor,
    AttachmentPart,
    Message,
    MessageStatus,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    new_id,
    user_message,
)
from desktop.core.place import THIS_COMPUTER, PlaceKind
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import Blank, recipe_of
from desktop.core.search import Choices, ConversationCard, HitKind, SearchBatch, SearchHit, marks_in
from desktop.rendering.text.shown_text import leaf_text
from desktop.store.database import open_store
from desktop.ui.documents.preview_page import PreviewPage
from desktop.ui.search.page import More, NarrowingButton, SearchPage, fitted, moment, speaker
from desktop.ui.search.presenter import count_words
from desktop.ui.sidebar.column import FindBox
from desktop.ui.text.surface import TextSurface
from desktop.ui.widgets.find_bar import FindBar
from desktop.ui.widgets.keys import tab_stops
from tests.prompts.test_recipes import folder_at


def reply_to(asked, text, *, thinking="", model="qwen3:8b", place=THIS_COMPUTER):
    """A complete reply."""
    said: tuple[Part, ...] = (TextPart(text),)
    parts = (ReasoningPart(thinking), *said) if thinking else said
    return Message(
        role=Role.ASSISTANT,
        parent_id=asked.id,
        status=MessageStatus.COMPLETE,
        parts=parts,
        model=model,
        place=place,
        created_at=asked.created_at + 1,
    )


def put(folder, title, turns, *, at=0.0, **of_reply):
    """Store a conversation in the database of `folder`, before the program is opened over it; returns it."""
    messages: list[Message] = []
    conversation = Conversation(title=title)
    if at:
        conversation = replace(conversation, created_at=at, updated_at=at)
    for question, answer in turns:
        above = messages[-1].id if messages else None
        asked = replace(user_message(question, above), created_at=conversation.created_at)
        messages += [asked, reply_to(asked, answer, **of_reply)]  # type: ignore[arg-type]
    store = open_store(folder / "candor.db")
    store.begin_reply(replace(conversation, head_id=messages[-1].id), messages)
    store.close()
    return conversation


def contract(pages):
    """A file with the text of these pages."""
    text, anchors = "", []
    for number, page in enumerate(pages, start=1):
        anchors.append(Anchor(len(text), number))
        text += page + "\n"
    return AttachmentPart("contract.pdf", "application/pdf", text, new_id(), "", tuple(anchors))


def rows_on(rows):
    """What stands in the rows: "# title" for a head, else who said it and the sentence."""
    shown = []
    for row in rows:
        match row.key:
            case SearchHit(kind, _, sentence):
                shown.append(f"{kind}: {sentence}")
            case More(count):
                shown.append(f"+{count}")
            case None:
                shown.append(f"# {row.title}")
    return shown


NOW = 1_790_000_000.0


def hit(owner, words="x", kind=HitKind.ANSWER, **more):
    return SearchHit(kind, owner, words, (), **more)  # type: ignore[arg-type]


def card(identity):
    return ConversationCard(identity, f"title of {identity}", NOW)


def found(*hits):
    return SearchBatch(hits, tuple(card(each) for each in {hit.owner for hit in hits}))


@pytest.fixture
def page(theme, qtbot):
    made = SearchPage(theme, lambda: NOW)
    qtbot.addWidget(made)
    made.resize(900, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_titles_stand_first_and_more_of_them_are_shown_on_demand(page):
    page.results.add(found(*(hit(str(number), f"{number}", HitKind.TITLE) for number in range(8)), hit("a", "said")))
    page.show_rows()
    first, said = ["# Titles", *(f"title: {number}" for number in range(5))], ["# title of a", "answer: said"]
    assert rows_on(page.list.rows) == [*first, "+3", *said]
    for _ in range(5):
        QTest.keyClick(page.line, Qt.Key.Key_Down)
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    assert rows_on(page.list.rows) == [*first, *(f"title: {number}" for number in range(5, 8)), *said]
    assert rows_on([page.list.current]) == ["title: 5"]


@pytest.mark.parametrize("before", [0, 5, 400])
@pytest.mark.parametrize("room", [200, 400, 5000])
def test_a_sentence_is_cut_so_that_the_word_is_in_sight(theme, before, room):
    sentence = "word " * before + "needle" + " after a needle" * 50
    metrics = QFontMetrics(theme.ui_font())
    shown, marks = fitted(sentence, marks_in(sentence, ["needle"]), metrics, room)
    assert metrics.horizontalAdvance(shown) <= max(room, 0)
    assert {shown[slice(*mark)] for mark in marks} == {"needle"}  # and none is cut in the middle


def test_words(qapp):
    assert moment(NOW - 60, NOW).startswith("Today, ")
    assert moment(NOW - 86_400, NOW).startswith("Yesterday, ")
    assert moment(NOW - 400 * 86_400, NOW).endswith(" 2025")
    assert speaker(hit("a", kind=HitKind.FILE, file="a.pdf", section=12)) == "File, page 12"
    assert speaker(hit("a", kind=HitKind.FILE, file="notes.txt", section=1)) == "File"
    assert count_words(0, 0, 0, is_more=False) == ""
    assert count_words(1045, 3, 0, is_more=True).replace(",", "") == "More than 1045 places"


def test_each_filter_is_reached_and_chosen_by_keys(page, qtbot):
    page.narrowing.show_choices(Choices(("qwen3:8b",), (PlaceKind.INTERNET,)))
    *buttons, _ = tab_stops(page.narrowing)
    assert [each.text() for each in buttons if isinstance(each, NarrowingButton)] == [
        "When",
        "Model",
        "Place",
        "Pinned",
        "Has a file",
    ]
    for button in buttons:
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        before = page.narrowing.narrowing
        QTest.keyClick(button, Qt.Key.Key_Space)
        if menus := button.findChildren(QMenu):
            QTest.keyClick(menus[-1], Qt.Key.Key_Down)
            QTest.keyClick(menus[-1], Qt.Key.Key_Return)
        assert page.narrowing.narrowing != before
    chosen = page.narrowing.narrowing
    assert (chosen.model, chosen.place, chosen.pinned, chosen.has_file) == ("qwen3:8b", PlaceKind.INTERNET, True, True)
    assert chosen.since


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


def test_titles_questions_answers_and_recipes_are_found_as_one_types(opened):
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
    page.line.clear()
    search(opened, "通知")
    assert rows_on(page.list.rows) == ["# Rent", "answer: 合同通知", "question: And 通知 in Chinese?"]
    for words in ("warranty", "guarantee"):  # in its name, and in its text
        page.line.clear()
        search(opened, words)
        head, row = rows_on(page.list.rows)
        assert head == "# Recipes"
        assert row.startswith("recipe: Warranty letter")
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    opened.wait_until(lambda: opened.window.is_recipe_in_front)


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


def test_typing_in_the_sidebar_begins_and_what_was_deleted_is_not_found(opened):
    QTest.keyClicks(opened.window.findChild(FindBox), "g")
    page = page_of(opened)
    QTest.keyClicks(page.line, "oodbye")
    opened.wait_until(lambda: rows_on(page.list.rows) == ["# Notice to a supplier", "answer: Goodbye"])
    rent = next(each for each in opened.program.chat.conversations if each.title == "Rent")
    opened.program.chat.delete(rent.id)
    page.line.clear()
    search(opened, "six months")
    assert rows_on(page.list.rows) == []
    assert opened.says("Nothing was found for “six months”.")
