"""What is selected over messages, passages of files, and what is painted anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.evidence.checked import given_of
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.message import AttachmentPart, entry_of
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.text.shown_text import Position
from desktop.ui.evidence.words import first_found
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.text.content import CopyForm
from desktop.ui.transcript.remarks import AnswerPassages
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.rows import RowList
from tests.ui.transcript.page_bench import KnownPath, conversation, mine, reply

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
TABLE = "It is a **table**:\n\n| a | b |\n|---|---|\n| 1 | 2 |"
TALK = [mine("What is *this*?"), reply(TABLE), mine("And that?"), reply("No.")]


@pytest.fixture
def transcript(qtbot, theme):
    made = Transcript(theme)
    qtbot.addWidget(made)
    made.resize(700, 500)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def surface_of(transcript, index):
    view = transcript.view_at(index)
    assert view is not None
    return view.surfaces()[-1][1]


def point(surface, position):
    """Just right of the left edge of a character."""
    for y in range(4, surface.height(), 4):
        for x in range(surface.width()):
            if surface.hit(QPoint(x, y).toPointF()).position == position:
                return QPoint(x + 1, y + 4)
    raise AssertionError(f"{position} is not shown")


def drag(transcript, start, end):
    first, last = surface_of(transcript, start[0]), surface_of(transcript, end[0])
    QTest.mousePress(first, LEFT, pos=point(first, start[1]))
    where = last.mapTo(transcript.viewport(), point(last, end[1]))
    QTest.mouseMove(first, first.mapFrom(transcript.viewport(), where))
    QTest.mouseRelease(first, LEFT, pos=first.mapFrom(transcript.viewport(), where))


def copied(transcript, qapp, keys=CONTROL):
    QTest.keyClick(transcript, Qt.Key.Key_C, keys)
    return qapp.clipboard().text()


@pytest.mark.window
def test_from_one_message_into_another_and_backwards(transcript, qapp):
    transcript.show_path(KnownPath(TALK))
    for ends in (((0, Position(0, 8)), (2, Position(0, 3))), ((2, Position(0, 3)), (0, Position(0, 8)))):
        drag(transcript, *ends)
        assert copied(transcript, qapp) == "*this*?\n\nIt is a table:\n\na\tb\n1\t2\n\nAnd"
        html = qapp.clipboard().mimeData().html()
        assert "*this*?</p>" in html
        assert "It is a <b>table</b>:" in html
        assert html.index("<table") < html.index("And</p>")
        markdown = copied(transcript, qapp, CONTROL | SHIFT)
        assert markdown == f"*this*?\n\n{TABLE}\n\nAnd"
        assert not qapp.clipboard().mimeData().hasHtml()
    QTest.mouseClick(surface_of(transcript, 0), LEFT, pos=point(surface_of(transcript, 0), Position(0, 8)))
    QTest.mouseClick(surface_of(transcript, 2), LEFT, SHIFT, point(surface_of(transcript, 2), Position(0, 3)))
    QTest.mouseClick(surface_of(transcript, 0), Qt.MouseButton.RightButton, pos=QPoint(40, 18))
    assert copied(transcript, qapp).startswith("*this*?")
    assert copied(transcript, qapp).endswith("And")


@pytest.mark.window
def test_all_of_a_conversation_of_which_little_is_in_sight(transcript, qapp, qtbot):
    messages = conversation(60)
    path = KnownPath(messages, known=24)
    transcript.show_path(path)
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_A, CONTROL)
    path.outline()
    text = copied(transcript, qapp, CONTROL | SHIFT)
    assert text == "\n\n".join(message.text.strip("\n") for message in messages)


@pytest.mark.window
def test_a_press_beside_and_escape_select_nothing(transcript, qapp):
    transcript.show_path(KnownPath(TALK))
    for end_it in (
        lambda: QTest.mouseClick(transcript.viewport(), LEFT, pos=QPoint(5, 490)),
        lambda: QTest.keyClick(transcript, Qt.Key.Key_Escape),
    ):
        transcript.setFocus()
        QTest.keyClick(transcript, Qt.Key.Key_A, CONTROL)
        assert not transcript.selection.is_empty
        end_it()
        assert transcript.selection.is_empty


@pytest.mark.window
def test_beyond_the_edge_it_scrolls_and_goes_on(transcript, qtbot):
    messages = conversation(40)
    transcript.show_path(KnownPath(messages))
    bar = transcript.verticalScrollBar()
    bottom = bar.value()
    last = surface_of(transcript, 39)
    QTest.mousePress(last, LEFT, pos=QPoint(30, 10))
    QTest.mouseMove(last, last.mapFrom(transcript.viewport(), QPoint(40, -60)))
    qtbot.waitUntil(lambda: bar.value() < bottom - 600)
    QTest.mouseRelease(last, LEFT, pos=last.mapFrom(transcript.viewport(), QPoint(40, -60)))
    place = surface_of(transcript, 38).mapTo(transcript, QPoint(0, 0))
    text = transcript.selection.shown_text()
    assert "38:" in text
    qtbot.wait(80)
    assert surface_of(transcript, 38).mapTo(transcript, QPoint(0, 0)) == place


@pytest.mark.window
@pytest.mark.parametrize(
    ("at", "entry", "expected"),
    [
        ("[link](https://a.example/x)", "Copy the link's address", "https://a.example/x"),
        ("```\nx = 1\n```", "Copy this code", "x = 1"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "Copy this table", "a\tb\n1\t2"),
        ("$x^2$ is it", "Copy this formula", "x^2"),
        ("$x^2$ is it", "Copy this formula as LaTeX", "x^2"),
    ],
)
def test_the_menu_copies_what_is_under_the_pointer(transcript, qapp, at, entry, expected):
    transcript.show_path(KnownPath([reply(at)]))
    surface = surface_of(transcript, 0)
    hit = surface.hit(QPoint(20, 60 if "```" in at else 12).toPointF())
    surface.menu_requested.emit(QPoint(50, 50), hit)
    menu = surface.findChild(QMenu)
    assert menu is not None
    next(action for action in menu.actions() if action.text() == entry).trigger()
    assert qapp.clipboard().text() == expected
    menu.close()


ANSWER = "It is **four**:\n\n| a | b |\n|---|---|\n| 1 | `2` |\n"


@pytest.mark.window
@pytest.mark.parametrize(
    ("answer", "form", "with_thinking", "plain", "html"),
    [
        (ANSWER, CopyForm.FORMATTED, False, "It is four:\n\na\tb\n1\t2", ["<b>four</b>", "<table"]),
        (ANSWER, CopyForm.PLAIN, False, "It is four:\n\na\tb\n1\t2", []),
        (ANSWER, CopyForm.MARKDOWN, False, ANSWER, []),
        (ANSWER, CopyForm.FORMATTED, True, f"> Two.\n>\n> </think> and two.\n\n{ANSWER.strip()}", ["<b>four</b>"]),
        ("A **bold** word.\n\n" * 1_000, CopyForm.PLAIN, False, "\n\n".join(["A bold word."] * 1_000), []),
    ],
)
def test_an_answer_is_copied_in_each_form(
    transcript,
    qapp,
    answer,
    form,
    with_thinking,
    plain,
    html,
):
    transcript.show_path(KnownPath([reply(answer, "Two.\n\n</think> and two.")]))
    view = transcript.view_at(0)
    assert view is not None
    view.copy_requested.emit(form, with_thinking)
    data = qapp.clipboard().mimeData()
    assert data.text().strip() == plain.strip()
    assert data.hasHtml() is bool(html)
    assert all(each in data.html() for each in html)


MINUTES = AttachmentPart(
    "Minutes.docx",
    "text/plain",
    "Present: Ada Okafor, Jon Lind, Mia Sand.\n"
    "Ada Okafor reports that 91.6% of the fees for Birch Court were paid.\n"
    "Jon Lind says that the garage leaks in nine places by now.",
    folder="f1",
    path="Minutes.docx",
    passages=1,
)


@pytest.mark.parametrize(
    ("answer", "opens_at"),
    [
        ("Ada Okafor told the meeting that 91.6% were paid (Minutes.docx).", "91.6%"),
        ("Jon Lind said: “the garage leaks in nine places by now”.", "the garage leaks in nine places by now"),
        ("Ada Okafor had 91.6%; “the garage leaks in nine places by now”.", "the garage leaks in nine places by now"),
        ("Mia Sand was there.", "Mia Sand"),
    ],
)
def test_a_file_opens_at_a_quotation_or_figure_before_a_name(qtbot, theme, answer, opens_at):
    evidence = check(shown_in(answer), Given([given_of(MINUTES)]), "What was said?")
    reading, asked = Reading(), []
    reading.register({Ask.SHOW_EVIDENCE: lambda _, thing: asked.append(thing)})
    page = QWidget()
    qtbot.addWidget(page)
    below = AnswerPassages(theme, [MINUTES], "m1", reading, page)
    below.show_evidence(evidence)
    [head], [files] = below.findChildren(FoldButton), below.findChildren(RowList)
    head.click()
    files.setCurrentIndex(files.model().index(0, 0))
    QTest.keyClick(files, Qt.Key.Key_Return)
    assert [evidence.checked[each].text.strip("“”") for each in asked] == [opens_at]
    assert first_found(evidence) == asked[0]
    assert opens_at in files.rows[0].about


@pytest.mark.window
def test_a_selection_ends_where_the_path_becomes_another(transcript, qapp):
    path = KnownPath(TALK)
    transcript.show_path(path)
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_A, CONTROL)
    other = reply("Another answer.")
    path._all[other.id] = other
    path.entries[1:] = [entry_of(other)]
    transcript.show_branch()
    assert transcript.selection.is_empty
    qapp.clipboard().setText("before")
    assert copied(transcript, qapp) == "before"
