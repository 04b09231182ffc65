"""What was found for an answer: its marks in the text, and its words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.core.claims.claim import Kind
from desktop.core.evidence.checked import (
    Checked,
    Evidence,
    GivenText,
    Instead,
    SourcePlace,
    Verdict,
)
from desktop.rendering.page.box import MarkKind
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.evidence.words import MOST_MARKED, lines, thing_words, things_to_check
from desktop.ui.transcript.view import Transcript
from tests.ui.evidence_scenes import ANSWER, CONTRACT, NAME, evidence_of
from tests.ui.languages import speaking
from tests.ui.transcript.page_bench import KnownPath, mine, reply, views


@pytest.fixture
def asked():
    """The ids of the replies whose evidence the page has asked for."""
    return []


@pytest.fixture
def transcript(qtbot, theme, asked):
    made = Transcript(theme)
    made.reading.find_evidence = lambda message: asked.append(message.id)
    qtbot.addWidget(made)
    made.resize(700, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def settle():
    for _ in range(5):
        QApplication.processEvents()


def send_tooltip(surface, point):
    QApplication.sendEvent(surface, QHelpEvent(QEvent.Type.ToolTip, point, surface.mapToGlobal(point)))


def moved_to(surface, point):
    none = Qt.MouseButton.NoButton
    at, on_screen = QPointF(point), QPointF(surface.mapToGlobal(point))
    return QMouseEvent(QEvent.Type.MouseMove, at, on_screen, none, none, Qt.KeyboardModifier.NoModifier)


def checked_answer(text=ANSWER):
    return reply(text), evidence_of(text, (NAME, CONTRACT))


@pytest.mark.window
def test_at_a_mark_is_said_where_it_stands(transcript):
    answer, evidence = checked_answer()
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    transcript.evidence.show(answer.id, evidence)
    settle()
    surface = views(transcript)[-1].answer
    points = [QPoint(x, y) for y in range(4, surface.height(), 6) for x in range(0, surface.width(), 5)]
    on = next(point for point in points if surface.marked.at(surface.hit(QPointF(point)).letter) is not None)
    QApplication.sendEvent(surface, moved_to(surface, on))
    assert surface.cursor().shape() is Qt.CursorShape.PointingHandCursor
    send_tooltip(surface, on)
    assert "12 May 2026 stands" in QToolTip.text()
    assert "Press to open its place" in QToolTip.text()
    assert transcript.evidence.step(1)
    assert "Enter opens its place" in QToolTip.text()
    QToolTip.hideText()


@pytest.mark.window
def test_thousands_of_numbers_are_marked_up_to_a_number(transcript):
    words = [f"{number:,} pieces" for number in range(1_000, 4_000)]
    text = "; ".join(words)
    checked, at = [], 0
    for word in words:
        place = SourcePlace(0, 0, 5)
        checked.append(Checked(Kind.NUMBER, word, at, at + len(word), Verdict.FOUND, (place,)))
        at += len(word) + 2
    answer = reply(text)
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    blocks = shown_in(text).blocks
    transcript.evidence.show(answer.id, Evidence(tuple(checked), (GivenText(NAME, text),), True, blocks))
    settle()
    view = views(transcript)[-1]
    assert len(view.answer.marked.names) == MOST_MARKED
    assert view.evidence.checked
    assert view.remarks.isHidden()
    assert view.remarks.accessibleDescription().startswith("3,000 of 3,000")
    assert transcript.evidence.step(-1)
    assert view.answer.marked.open_name == MOST_MARKED - 1


CHECKED = GivenText("Contract.pdf", "Clause 4 Rent\n\nThe rent is 4,150.\n\nClause 7 Deposit\n\nA deposit of 12,500.")
LETTER = GivenText("Letter.docx", "The rent is 4,300.")
MATERIAL = GivenText("", "The rent is 4,150.")


def thing(verdict, *sources, kind=Kind.NUMBER, at=0, **more):
    places = tuple(SourcePlace(source, 0, 4) for source in sources)
    return Checked(kind, "4,150", at, at + 5, verdict, places, **more)


def said(*checked, sources=(CHECKED,), is_whole=True):
    return list(lines(Evidence(checked, sources, is_whole)))


@pytest.fixture(autouse=True)
def english(qapp):
    with speaking(qapp, "en"):
        yield


FOUND, MISSING, OTHER = (
    thing(Verdict.FOUND, 0),
    thing(Verdict.NOT_FOUND),
    thing(Verdict.ELSEWHERE, 0),
)
LITTLE = "nothing else was looked up"
ONE_MISSING = "1 figure is not in the file: computed, or from elsewhere"
TWO_MISSING = "2 figures are not in the file: computed, or from elsewhere"
NAME_MISSING = thing(Verdict.NOT_FOUND, kind=Kind.NAME)
UNSURE = "1 thing may stand there for something else"
ASKED = thing(Verdict.FROM_QUESTION)
QUOTED = thing(Verdict.FOUND, 0, kind=Kind.QUOTATION)
DIFFERING = thing(Verdict.FOUND, 0, instead=Instead("4,300", "rent", SourcePlace(1, 0, 4)))


@pytest.mark.parametrize(
    ("checked", "words"),
    [
        ([], []),
        ([thing(Verdict.UNCHECKED)], []),
        ([FOUND], [f"1 of 1 figure found in Contract.pdf · {LITTLE}"]),
        ([FOUND, QUOTED], [f"2 of 2 figures and quotations found in Contract.pdf · {LITTLE}"]),
        ([QUOTED, QUOTED], [f"2 of 2 quotations found in Contract.pdf · {LITTLE}"]),
        ([QUOTED, QUOTED, QUOTED], ["3 of 3 quotations found in Contract.pdf"]),
        ([MISSING], [f"1 figure, looked up in Contract.pdf · {LITTLE}", ONE_MISSING]),
        ([ASKED, ASKED, ASKED], ["3 figures, looked up in Contract.pdf · 3 from your question"]),
        ([ASKED, MISSING, MISSING], ["3 figures, looked up in Contract.pdf · 1 from your question", TWO_MISSING]),
        ([FOUND, FOUND, thing(Verdict.NOT_FOUND, 0)], ["2 of 3 figures found in Contract.pdf", UNSURE]),
        (
            [FOUND, MISSING, OTHER],
            ["1 of 3 figures found in Contract.pdf", ONE_MISSING, "1 stands there as something else"],
        ),
        ([OTHER, OTHER], [f"2 figures: none found in Contract.pdf · {LITTLE}", "2 stand there as something else"]),
        (
            [FOUND, thing(Verdict.COMPUTED), ASKED],
            ["1 of 3 figures found in Contract.pdf · 1 computed · 1 from your question"],
        ),
        (
            [thing(Verdict.MISCOMPUTED), thing(Verdict.NEAR, 0, kind=Kind.QUOTATION)],
            [
                f"2 figures and quotations: none found in Contract.pdf · {LITTLE}",
                "1 quotation differs · 1 wrongly computed",
            ],
        ),
    ],
)
def test_the_lines_count_what_was_found_and_what_is_amiss(checked, words):
    assert said(*checked) == words


@pytest.mark.parametrize(
    ("language", "checked", "sources", "words"),
    [
        ("en", (MISSING,), (MATERIAL,), "1 figure is not in the text you gave: computed, or from elsewhere"),
        ("en", (MISSING,) * 2, (MATERIAL,), "2 figures are not in the text you gave: computed, or from elsewhere"),
        ("en", (NAME_MISSING,), (CHECKED,), "1 thing is not in the file: from elsewhere"),
        ("en", (NAME_MISSING,) * 2, (CHECKED, LETTER), "2 things are not in the files: from elsewhere"),
        (
            "en",
            (NAME_MISSING, MISSING),
            (CHECKED, MATERIAL),
            "2 things are not in the files and the text you gave: computed, or from elsewhere",
        ),
        ("zh_CN", (MISSING,), (MATERIAL,), "1 个数字不在您给的文字中：算出来的，或来自别处"),
        ("zh_CN", (NAME_MISSING,) * 2, (CHECKED,), "2 处不在文件中：来自别处"),
    ],
)
def test_what_is_missing_is_told_of_what_was_given_and_no_word_is_computed(qapp, language, checked, sources, words):
    with speaking(qapp, language):
        assert said(*checked, sources=sources)[1] == words
        origin = words.replace("：", ": ").split(": ")[1]
        assert origin in thing_words(Evidence((NAME_MISSING, *checked), sources), len(checked))


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("en", "1 figure is not in the file", "EUR 1,700 stands in clause 2, as monthly rent."),
        ("zh_CN", "1 个数字不在文件中", "EUR 1,700"),
    ],
)
def test_a_figure_that_stands_nowhere_is_told_alike_with_what_stands_for_it(qapp, language, line, told):
    lease = "1. Premises. The office has 94 square metres.\n\n2. Rent. The monthly rent is EUR 1,700."
    found = evidence_of("The monthly rent is EUR 1,850.", ("Lease.txt", lease))
    with speaking(qapp, language):
        assert things_to_check(found) == [(line, MarkKind.MISSING, [0])]
        assert told in thing_words(found, 0).split("\n")[1]


def test_a_figure_that_another_file_contradicts_is_counted_apart():
    evidence = Evidence((FOUND, DIFFERING), (CHECKED, LETTER))
    assert list(lines(evidence)) == [
        f"2 of 2 figures found in Contract.pdf · {LITTLE}",
        "1 differs in another file",
    ]
    assert thing_words(evidence, 1).split("\n")[1] == "“Letter.docx” says 4,300 for rent."


def test_chinese_counts_stand_where_chinese_puts_them(qapp):
    with speaking(qapp, "zh_CN"):
        found = lines(Evidence((FOUND, MISSING, OTHER), (CHECKED,)))
    assert found[0] == "3 个数据中有 1 个见于 Contract.pdf"
    assert found[1] == "1 个数字不在文件中：算出来的，或来自别处"
