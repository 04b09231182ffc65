"""Of a long text only what is in sight is laid out, and what is being read can be found again."""

from __future__ import annotations

import time
from itertools import count

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.budget import LayoutBudget
from desktop.rendering.page.stack import Page
from desktop.rendering.page.stored_text import stored_text
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import END, START, leaf_text
from tests.bench.texts import SHAPES
from tests.rendering.painted import WIDTH, page_of, style

pytestmark = pytest.mark.usefixtures("qapp")

SCREEN = 800.0


@pytest.fixture(scope="module")
def document() -> MarkdownDocument:
    made = MarkdownDocument(SHAPES["mixed"](200_000))
    made.finish()
    return made


def seen(document: MarkdownDocument, top: float) -> Page:
    page = Page(style())
    page.set_sight(top, top + SCREEN)
    page.show(document.leaves, 0)
    page.set_width(WIDTH)
    page.set_sight(top, top + SCREEN)
    return page


def test_only_what_is_in_sight_has_boxes(document: MarkdownDocument) -> None:
    page = seen(document, 0)
    assert len(page._boxes) < 60 < len(document.leaves)
    for top in (5_000.0, 20_000.0, 0.0):
        page.set_sight(top, top + SCREEN)
        assert len(page._boxes) < 200


def test_estimates_come_near_the_truth(document: MarkdownDocument) -> None:
    assert seen(document, 0).height == pytest.approx(page_of(document.leaves).height, rel=0.15)


LINES = {
    "a poem": "The wind goes over the field\nand nobody asks where it was,\n",
    "broken before the room ends": "some words and more of them, and so forth\n",
    "lines longer than the page": "some words and more of them " * 6 + "\n",
    "Chinese": "床前明月光，\n疑是地上霜。\n",
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
def test_lines_that_break_are_estimated_too(lines: str) -> None:
    document = MarkdownDocument()
    document.append("\n".join([lines * 6] * 60), more_follows=True)
    document.finish()
    page = Page(style(), WIDTH)
    page.set_sight(0, 10)
    page.show(document.leaves, 0)
    assert sum(leaf.is_read for leaf in document.leaves) < 20
    assert page.height == pytest.approx(page_of(document.leaves).height, rel=0.25)


def test_all_that_was_seen_is_as_high_as_if_laid_out_at_once(document: MarkdownDocument) -> None:
    page, top = seen(document, 0), 0.0
    while top < page.height:
        page.set_sight(top, top + SCREEN)
        top += SCREEN
    assert page.height == page_of(document.leaves).height


@pytest.mark.parametrize("top", [3_000.0, 30_000.0])
def test_an_anchor_stays_when_what_is_above_turns_out_otherwise(document: MarkdownDocument, top: float) -> None:
    page = seen(document, top)
    anchor = page.anchor_at(top + 100)
    leaf = page.hit(5, top + 100).position.index
    page.set_sight(0, top + SCREEN)  # everything above is laid out
    assert page.hit(5, page.y_of(anchor)).position.index == leaf


def test_an_anchor_is_found_in_a_page_of_another_width(document: MarkdownDocument) -> None:
    page = seen(document, 9_000)
    anchor = page.anchor_at(9_000)
    leaf = page.hit(5, 9_000).position.index
    for width in (300.0, 520.0, WIDTH):
        page.set_width(width)
        page.set_sight(page.y_of(anchor), page.y_of(anchor) + SCREEN)
    assert page.hit(5, page.y_of(anchor)).position.index == leaf


def test_growing_out_of_sight_lays_out_nothing(document: MarkdownDocument) -> None:
    page = seen(document, 0)
    before = set(page._boxes)
    grown = MarkdownDocument(document.source)
    for _ in range(20):
        page.show(grown.leaves, grown.append("\n\nMore of it, far below, where nobody looks yet.\n"))
    assert set(page._boxes) == before


def test_a_long_text_costs_what_a_short_one_does() -> None:
    def seconds(size: int) -> float:
        document = MarkdownDocument(SHAPES["mixed"](size))
        document.finish()
        page = seen(document, 0)
        began = time.process_time()
        for width in (600.0, 590.0, 580.0, 570.0):
            page.set_width(width)
            page.set_sight(0, SCREEN)
        return time.process_time() - began

    seconds(8_000)
    assert seconds(400_000) < 4 * seconds(8_000) + 0.05


def test_a_search_marks_what_is_painted_and_counts_all(document: MarkdownDocument) -> None:
    page = seen(document, 0)
    shown = plain_text(page.leaves, START, END)
    page.marks.set_finder(lambda text: [(at, at + 3) for at in range(len(text)) if text.startswith("the", at)])
    found = []
    for at in sorted({leaf.source[0] for leaf in document.leaves}):
        for which in count():
            place = page.marks.occurrence(at, which)
            if place is None:
                break
            found.append(place)
    assert len(found) == pytest.approx(shown.count("the"), rel=0.01)
    leaf, start, end = found[0]
    assert leaf_text(document.leaves[leaf])[start:end] == "the"
    page.marks.set_current(found[0])
    assert page.marks.of(leaf, None)[-1].start == start


HARD = {
    "an endless paragraph": "A sentence of some words. " * 20_000,
    "one line of words": "word " * 100_000,
    "Chinese without a break": "合同的付款期限是三十天" * 20_000,
    "links": "[a](https://x.example/1) " * 20_000,
    "images": "![a](https://x.example/1.png)\n" * 20_000,
    "marks upon marks": "a" + "\u0301\u0323\u035c\u0489" * 40_000,
}


@pytest.mark.parametrize("name", HARD)
def test_only_what_is_in_sight_of_an_endless_paragraph_is_read(name: str) -> None:
    page = Page(style(), WIDTH)
    page.set_sight(0.0, 0.0, LayoutBudget())
    stored_text(HARD[name], MarkdownDocument(), page).read(float("inf"))
    counted, has_changed = LayoutBudget(), True
    while has_changed or counted.is_short:
        counted, before = LayoutBudget(), len(page._boxes)
        has_changed = page.set_sight(page.height - SCREEN, page.height, counted)
        assert len(page._boxes) - before <= 8  # in one go
    read = sum(leaf.is_read for leaf in page.leaves)
    assert page.leaves[-1].is_read
    assert read <= len(page.leaves) / 3
    rows = page._rows
    in_sight = [index for index in range(len(rows)) if rows.bottom_of(index) > page.height - SCREEN]
    assert all(index in page._boxes for index in in_sight)


def test_what_is_dear_comes_in_portions_from_the_middle() -> None:
    page = Page(style(), WIDTH)
    page.set_sight(0.0, 0.0, LayoutBudget())
    stored_text(HARD["links"], MarkdownDocument(), page).read(float("inf"))
    page._boxes.clear()
    page.set_sight(500, 1_300, portion := LayoutBudget())
    assert portion.is_short
    assert all(page._rows.tops[index] < 1_000 and page._rows.bottom_of(index) > 800 for index in page._boxes)
    page.set_sight(0, SCREEN)  # who does not come back gets all in one go
    assert page._rows.bottom_of(max(page._boxes)) >= SCREEN
    page.set_sight(0, SCREEN, LayoutBudget())
    page.set_width(WIDTH - 20)  # nor is all laid out in one go to another width
    assert len(page._boxes) <= 12


def test_what_was_laid_out_when_it_came_counts_for_the_rest_of_the_turn() -> None:
    page = Page(style(), WIDTH)
    page.set_sight(0.0, 8 * SCREEN, LayoutBudget())
    stored_text(HARD["an endless paragraph"], MarkdownDocument(), page).read(float("inf"))
    laid_out = [len(page._boxes)]
    for _ in range(2):
        page.set_sight(0.0, 8 * SCREEN, LayoutBudget())
        laid_out.append(len(page._boxes))
    assert laid_out == [1, 1, 2]


def test_one_dear_part_is_laid_out_in_a_turn_and_not_another_one_with_what_is_left() -> None:
    document = MarkdownDocument(HARD["images"][:100_000])
    budget = LayoutBudget()
    allowed = [budget.allows(leaf) for leaf in document.leaves[:4]]
    assert allowed == [True, False, False, False]
    assert budget.is_short
