"""Marks on a page: claims and what was found, and each by its place in the whole text."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from desktop.core.claims.claim import Kind
from desktop.core.claims.differences import compare
from desktop.core.claims.finding import claims_of
from desktop.core.message import Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.text.find import FoundIn, occurrences
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.box import Mark, MarkKind, marks_within
from desktop.rendering.page.marks import PlacedMark, PlacedMarks, found_in, lines_of, may_show
from desktop.rendering.page.shown_claims import finder_of, shown_in
from desktop.rendering.page.stack import Page
from desktop.rendering.text.shown_text import Position, leaf_text
from tests.rendering.painted import WIDTH, page_of, picture, style

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp")]


# --- An answer's Markdown as a reader sees it, and claims found again in the leaves that are shown -----------------

SOURCE = """# About **Paris**

1. It was *founded* in 1998, see [the page](https://example.com/a).
2. Run `print(1000)`:

```python
x = 2001
```

| What | How many |
| --- | --- |
| seats | `12` of 1,000 |

With $x = 7$ it is done.
"""


def claimed(source):
    return {(claim.kind.value, claim.value) for claim in claims_of([shown_in(source)])[0]}


def test_what_is_shown_is_compared_and_not_how_it_is_written():
    found = claimed(SOURCE)
    assert {("number", "1998"), ("number", "1000"), ("address", "example.com/a")} <= found
    assert {("code", "print(1000)"), ("code", "x = 2001"), ("code", "12")} <= found
    assert not {("number", "2001"), ("number", "12"), ("number", "7"), ("number", "1"), ("number", "2")} & found


WRAPPED = """The bridge of the old town was opened to the traffic on 3 May
1998, after eleven years of work that had cost about 30 million
euros, says the office of Marie
Curie."""


def test_where_a_long_line_breaks_makes_no_difference():
    wrapped, whole = shown_in(WRAPPED.replace("of Marie\n", "of Marie ")), shown_in(WRAPPED.replace("\n", " "))
    assert compare(wrapped, whole).is_empty
    [date] = [claim for claim in claims_of([wrapped])[0] if claim.kind is Kind.DATE]
    find = finder_of([date.text])
    assert find is not None
    text = leaf_text(parse(WRAPPED)[0])
    assert [text[start:end] for start, end in find(text)] == ["3 May\n1998"]


def test_a_short_line_is_a_line_of_its_own():
    assert claimed("It is for Jane Smith\nAcme Corporation\n12 High Street") == {
        ("name", "jane smith"),
        ("name", "high street"),
        ("number", "12"),
    }


def test_claims_are_found_in_leaves_and_never_within_longer_ones():
    find = finder_of(["1998", "Paris", "五成", "3.5"])
    assert find is not None
    text = "In 1998 and 19982, Paris and Parisian, 占五成, 3.5 not 3.51 or 13.5."
    assert [text[start:end] for start, end in find(text)] == ["1998", "Paris", "五成", "3.5"]
    assert finder_of([]) is None


def test_every_claim_is_found_where_it_is_shown():
    leaves = MarkdownDocument(SOURCE)
    leaves.finish()
    for claim in claims_of([shown_in(SOURCE)])[0]:
        find = finder_of([claim.text])
        assert find is not None
        assert any(find(leaf_text(leaf)) for leaf in leaves.leaves), claim


@pytest.mark.usefixtures("qapp")
def test_what_differs_is_painted_on_another_ground_and_underlined():
    document = MarkdownDocument("It was founded in 1998.")
    document.finish()
    page = page_of(document.leaves)
    before = picture(page)
    page.marks.set_differing(finder_of(["1998"]))
    after = picture(page)
    ground, underline = QColor("#f6e6e0"), QColor("#2f6f6a")
    colours = {after.pixelColor(x, y).name() for x in range(after.width()) for y in range(after.height())}
    assert {ground.name(), underline.name()} <= colours
    page.marks.set_differing(None)
    assert picture(page) == before


# --- Counting a query in messages that are not laid out ------------------------------------------------------------

_T = TypeVar("_T")
_PIECES = [
    "word", "Word", "w", "or", "d", "**", "*", "_", "`", "~~", "\\", "# ", "- ", "1. ", "> ", "| ", "|---|---|\n", "\n",
    "\n\n", " ", "](http://a.b/word)", "[", "]", "![", "&amp;", "&#119;", "```\n", "$", "<http://word.org>", "合", "同",
    "\u200b", "    ", "[word]: http://x\n",
]  # fmt: skip
_SOURCES = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


def ended(steps: Generator[None, None, _T]) -> _T:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: _T = end.value
            return result


def answer(text: str, reasoning: str = "") -> Message:
    return Message(role=Role.ASSISTANT, parts=(ReasoningPart(reasoning), TextPart(text)))


@pytest.mark.parametrize(
    ("source", "query", "count"),
    [
        ("A **con**tract and a contract.", "contract", 2),
        ("See [the paper](https://example.org/contract).", "contract", 0),
        ("See [the contract](https://example.org/) now.", "contract now", 1),
        ("A con[tra](https://example.org/)ct.", "contract", 1),
        ("| a | contract |\n|---|---|\n| contract | c |", "contract", 2),
        ("```python\ncontract = 1\n```", "contract", 1),
        ("```contract\n1\n```", "contract", 0),
        ("R&amp;D and R&#38;D", "r&d", 2),
        ("the end of one\n\nparagraph", "one paragraph", 0),
        ("the end of one\nline", "one line", 1),
        ("2 * 3", "2 * 3", 1),
        ("fo](o)", "fo](o", 1),
        ("nothing of it", "contract", 0),
        ("anything", "", 0),
    ],
)
def test_an_answer_counts_as_it_is_shown(source: str, query: str, count: int) -> None:
    assert ended(found_in(answer(source), query, with_reasoning=False)).count == count


def test_a_persons_words_count_as_they_are_written() -> None:
    message = user_message("**con**tract [x](contract)")

    assert ended(found_in(message, "contract", with_reasoning=True)) == FoundIn(message.id, (), ((0, 1),))
    assert ended(found_in(message, "**con", with_reasoning=True)) == FoundIn(message.id, (), ((0, 1),))


@given(_SOURCES, st.sampled_from(["word", "w", "or d", "合同", "&", "&w", "d w", "*", "U+200B"]))
def test_it_is_just_what_a_page_marks(source: str, query: str) -> None:
    marked = sum(len(occurrences(leaf_text(leaf), query)) for leaf in parse(source))

    assert ended(found_in(answer(source), query, with_reasoning=False)).count == marked


def test_hostile_text_is_passed_over_quickly() -> None:
    query = "-" * 40 + "word"
    began = time.process_time()

    for text in ("-" * 100_000, "]( )" * 25_000, "w](o)" * 20_000, "w*" * 50_000, "word " * 20_000):
        may_show(text, query)

    assert time.process_time() - began < 1.0


def test_what_is_long_is_looked_through_in_steps_that_miss_nothing() -> None:
    steps = found_in(user_message("hay" * 100_000), "needle", with_reasoning=False)
    assert sum(1 for _ in steps) > 3
    for place in range(63_990, 64_010):
        message = user_message(("hay\n" * 20_000)[:place] + "need le" + "\nhay" * 30_000)
        assert ended(found_in(message, "need le", with_reasoning=False)).count == 1


# --- Marks by their places in the whole text -----------------------------------------------------------------------

STANDS, AMISS, MISSING = MarkKind.STANDS, MarkKind.AMISS, MarkKind.MISSING


def placed(source, *words, nth=0):
    """Marks on the first occurrence of each of these words in what is shown, or on a later one."""
    shown = shown_in(source)
    marks = []
    for name, (word, kind) in enumerate(words):
        start = -1
        for _ in range(nth + 1):
            start = shown.text.index(word, start + 1)
        marks.append(PlacedMark(start, start + len(word), word, kind, name))
    return PlacedMarks(sorted(marks, key=lambda mark: mark.start), shown.blocks)


def marked_page(source, marks, width=WIDTH):
    page = Page(style(), width)
    page.show(parse(source), 0)
    page.marks.set_placed(marks)
    page.marks.hovered_name = 0  # of what stands, only that is underlined
    return page


def columns(image, colour):
    """The columns of a picture in which a pixel has just this colour."""
    wanted = QColor(colour)
    return [x for x in range(image.width()) if any(image.pixelColor(x, y) == wanted for y in range(image.height()))]


def test_a_mark_stands_in_its_own_sentence_and_not_where_the_same_words_are():
    source = "The rent is 12,500.\n\n- first\n- the deposit is 12,500 too"
    page = marked_page(source, placed(source, ("12,500", STANDS), nth=1))
    leaves = [index for index in range(len(page.leaves)) if page.marks.placed_at(Position(index, 15))]
    at = page.marks.leaf_of_placed(0)
    assert at is not None
    assert leaves == [at[0]]
    assert page.leaves[at[0]].text[at[1] :].startswith("12,500 too")


@pytest.mark.parametrize(
    "source",
    [
        "| item | price |\n| --- | --- |\n| Desk **Alto** | 389.00 |\n| Desk Vela | 749.00 |",
        "Before.\n\n> quoted: 749.00 a piece",
        "1. one\n2. two\n   - inside **749.00**",
        "# A heading of 749.00",
        "first line  \nsecond line of 749.00",
    ],
)
def test_a_mark_is_found_in_every_kind_of_text(source):
    page = marked_page(source, placed(source, ("749.00", STANDS)))
    assert columns(picture(page), "#2f6f6a")
    hits = {
        page.marks.placed_at(hit.letter) is not None
        for y in range(2, int(page.height), 3)
        for x in range(0, int(WIDTH), 4)
        if (hit := page.hit(x, y)).letter is not None
    }
    assert hits == {True, False}


def test_nothing_is_marked_where_the_text_is_another_one():
    marks = placed("The rent is 12,500.", ("12,500", STANDS))
    page = marked_page("The rent is 99,500, as before.", marks)
    assert not columns(picture(page), "#2f6f6a")


def test_of_marks_over_each_other_the_gravest_is_drawn_and_the_inner_one_hit():
    marks = [Mark(0, 30, STANDS, 0), Mark(5, 10, MISSING, 1), Mark(8, 20, AMISS, 2)]
    assert lines_of(marks) == [
        Mark(0, 5, STANDS),
        Mark(5, 8, MISSING),
        Mark(8, 20, AMISS),
        Mark(20, 30, STANDS),
    ]
    source = "it says that twelve thousand is due"
    page = marked_page(source, placed(source, ("it says that twelve thousand is due", STANDS), ("twelve", MISSING)))
    inner, outer = page.marks.placed_at(Position(0, 15)), page.marks.placed_at(Position(0, 1))
    assert inner is not None
    assert outer is not None
    assert (inner.name, outer.name) == (1, 0)


def test_in_a_text_from_right_to_left_the_line_is_below_its_letters():
    source = "الإيجار هو 12500 درهم شهريا"
    word = "12500"
    page = marked_page(source, placed(source, (word, STANDS)))
    marked = columns(picture(page), "#2f6f6a")
    hit = [x for x in range(int(WIDTH)) if (letter := page.hit(x, 10).letter) and page.marks.placed_at(letter)]
    assert marked
    assert hit
    assert abs(min(marked) - min(hit)) <= 2
    assert abs(max(marked) - max(hit)) <= 2
    assert max(marked) < WIDTH - 40  # it does not begin at the left edge, nor reach the right one


@given(cuts=st.sets(st.integers(0, 200)), start=st.integers(0, 200), length=st.integers(0, 60), others=st.booleans())
def test_the_marks_within_are_those_that_touch(cuts, start, length, others):
    edges = sorted(cuts)
    marks = [Mark(a, b, MarkKind.STANDS) for a, b in zip(edges[1::2], edges[2::2], strict=False)]
    marks += [Mark(a, b, MarkKind.FOUND) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if others:
        marks += [Mark(10, 20, MarkKind.CURRENT), Mark(0, 1 << 30)]
    touching = [mark for mark in marks if mark.start < start + length and mark.end > start]
    assert list(marks_within(marks, start, start + length)) == touching
