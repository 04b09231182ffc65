"""What is selected over messages, passages of files, and what is painted anew."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import given_of
from desktop.core.message import AttachmentPart, entry_of
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.text.shown_text import END, START, Position
from desktop.runtime.generation import Advance
from desktop.ui.evidence.words import first_found
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.text.selection import Channel, CopyForm, TextPosition, TextSelection
from desktop.ui.transcript.remarks import AnswerPassages
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.rows import RowList
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, conversation, mine, reply, shown_page

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
def test_it_stays_on_its_words_when_more_comes_above_and_below(transcript, qapp):
    messages = conversation(60)
    path = KnownPath(messages, known=10)
    transcript.show_path(path)
    surface = surface_of(transcript, 9)
    QTest.mouseDClick(surface, LEFT, pos=QPoint(60, 12))
    word = copied(transcript, qapp)
    assert word
    path.outline()
    assert copied(transcript, qapp) == word


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


@pytest.mark.window
def test_what_lies_between_two_positions():
    start = TextPosition(1, Channel.ANSWER, Position(2, 5))
    chosen = TextSelection(TextPosition(3, Channel.THINKING, Position(0, 1)), start)
    assert chosen.within(0, Channel.ANSWER) is None
    assert chosen.within(1, Channel.THINKING) is None
    assert chosen.within(1, Channel.ANSWER) == (Position(2, 5), END)
    assert chosen.within(2, Channel.THINKING) == (START, END)
    assert chosen.within(3, Channel.THINKING) == (START, Position(0, 1))
    assert chosen.within(3, Channel.ANSWER) is None
    assert list(chosen.messages) == [1, 2, 3]
    assert TextSelection(start, start).within(1, Channel.ANSWER) is None


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


@pytest.mark.window
def test_what_is_still_being_read_is_copied_whole(transcript, qapp):
    text = "Some **bold** words.\n\n" * 4_000
    transcript.show_path(KnownPath([reply(text)]))
    assert surface_of(transcript, 0).is_reading
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_A, CONTROL)
    assert copied(transcript, qapp) == "Some bold words.\n\n" * 3_999 + "Some bold words."
    assert copied(transcript, qapp, CONTROL | SHIFT) == text.strip()


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


@pytest.mark.window
def test_what_is_being_selected_stands_still_while_the_answer_grows(transcript):
    messages = [*conversation(20), mine("go on")]
    generation = ScriptedTurn(messages[-1].id)
    path = KnownPath([*messages, generation.builder.message])
    transcript.follow(generation, path)  # type: ignore[arg-type]
    bar = transcript.verticalScrollBar()
    surface = surface_of(transcript, 20)
    QTest.mousePress(surface, LEFT, pos=QPoint(30, 18))
    value = bar.value()
    generation.play(TextDelta("More.\n\n" * 60), advance=Advance(text="More.\n\n" * 60))
    assert bar.value() == value
    QTest.mouseRelease(surface, LEFT, pos=QPoint(30, 18))
    assert bar.value() == value  # the reader is not at the end any more, and is told of news below
    assert transcript._to_end.isVisible()
    generation.play(Finished(FinishReason.STOP))
    QApplication.processEvents()
    assert transcript._to_end.isVisible()
    QTest.mouseClick(transcript._to_end, LEFT)
    assert bar.value() == bar.maximum()
    assert not transcript._to_end.isVisible()


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


LONG_ANSWER = """# A long answer

Some **text** with `code`, 中文, $x^2 + \\frac{1}{2}$ and [a link](https://a.example/).

$$
\\sum_{i=1}^n i = \\frac{n(n+1)}{2}
$$

| a | b |
|---|--:|
| one | 1 |
| two | 2,000 |

- item
  - inner item that is long enough to need more than one line in a narrow window, and then some words more

```python
x = 'text'  # why
```

> quoted

"""


def on_screen(transcript):
    picture = transcript.screen().grabWindow(transcript.winId()).toImage()
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def as_a_whole(transcript):
    return transcript.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def assert_same(transcript, qtbot):
    qtbot.waitUntil(lambda: on_screen(transcript) == as_a_whole(transcript), timeout=5000)


@pytest.mark.window
@pytest.mark.parametrize("seed", range(4))
def test_the_screen_shows_what_would_be_painted(qtbot, theme, seed):
    transcript = shown_page(qtbot, theme, width=640, height=460)
    generator = random.Random(seed)
    messages = [*conversation(30, seed), mine("again?"), reply(LONG_ANSWER * 6, "I think of it. " * 50), mine("and?")]
    generation = ScriptedTurn(messages[-1].id)
    path = KnownPath([*messages, generation.builder.message], known=20)
    generation.ended.connect(path.update)
    transcript.follow(generation, path)  # type: ignore[arg-type]
    bar = transcript.verticalScrollBar()
    for step in range(24):
        match generator.randrange(6):
            case 0:
                bar.setValue(generator.randint(0, bar.maximum()))
            case 1:
                bar.setValue(bar.value() + generator.randint(-300, 300))
            case 2:
                transcript.resize(generator.randint(400, 800), generator.randint(300, 600))
            case 3:
                piece = LONG_ANSWER[: generator.randint(1, len(LONG_ANSWER))]
                generation.play(TextDelta(piece), advance=Advance(text=piece))
            case 4 if step > 12 and not path.is_whole:
                path.outline()
            case _:
                for _, view in transcript.live_views():
                    view.thinking.open()
        QApplication.processEvents()
        if step % 3 == 0:
            assert_same(transcript, qtbot)
    generation.play(Finished(FinishReason.STOP))
    assert_same(transcript, qtbot)


@pytest.mark.window
@pytest.mark.parametrize("share", [0.75, 0.5, 0.3])
def test_what_turns_out_higher_than_estimated_leaves_no_traces(qtbot, theme, share):
    transcript = shown_page(qtbot, theme, width=500, height=400)
    transcript.show_path(KnownPath([mine("again?"), reply(LONG_ANSWER * 3)]))
    assert_same(transcript, qtbot)
    bar = transcript.verticalScrollBar()
    bar.setValue(int(bar.maximum() * share))
    assert_same(transcript, qtbot)
