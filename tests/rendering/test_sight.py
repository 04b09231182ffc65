"""Of a long text only what is in sight is laid out, and what is being read can be found again."""

from __future__ import annotations

from itertools import count

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.stack import Page
from desktop.rendering.text.shown_text import END, START, leaf_text, plain_text
from tests.bench.texts import SHAPES
from tests.rendering.painted import WIDTH, page_of, style

pytestmark = pytest.mark.usefixtures("qapp")


# --- Of a long text only what is in sight is laid out, and what is being read can be found again -------------------

SCREEN = 800.0


@pytest.fixture(scope="module")
def document():
    made = MarkdownDocument(SHAPES["mixed"](200_000))
    made.finish()
    return made


def seen(document, top):
    page = Page(style())
    page.set_sight(top, top + SCREEN)
    page.show(document.leaves, 0)
    page.set_width(WIDTH)
    page.set_sight(top, top + SCREEN)
    return page


def test_only_what_is_in_sight_has_boxes(document):
    page = seen(document, 0)
    assert len(page._boxes) < 60 < len(document.leaves)
    for top in (5_000.0, 20_000.0, 0.0):
        page.set_sight(top, top + SCREEN)
        assert len(page._boxes) < 200


LINES = {
    "a poem": "The wind goes over the field\nand nobody asks where it was,\n",
    "broken before the room ends": "some words and more of them, and so forth\n",
    "lines longer than the page": "some words and more of them " * 6 + "\n",
    "Chinese": "床前明月光，\n疑是地上霜。\n",
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
def test_lines_that_break_are_estimated_too(lines):
    document = MarkdownDocument()
    document.append("\n".join([lines * 6] * 60))
    document.finish()
    page = Page(style(), WIDTH)
    page.set_sight(0, 10)
    page.show(document.leaves, 0)
    assert page.height == pytest.approx(page_of(document.leaves).height, rel=0.25)


def test_all_that_was_seen_is_as_high_as_if_laid_out_at_once(document):
    page, top = seen(document, 0), 0.0
    assert page.height == pytest.approx(page_of(document.leaves).height, rel=0.15)  # as it is estimated
    while top < page.height:
        page.set_sight(top, top + SCREEN)
        top += SCREEN
    assert page.height == page_of(document.leaves).height


@pytest.mark.parametrize("top", [3_000.0, 30_000.0])
def test_an_anchor_stays_when_what_is_above_turns_out_otherwise(document, top):
    page = seen(document, top)
    anchor = page.anchor_at(top + 100)
    leaf = page.hit(5, top + 100).position.index
    page.set_sight(0, top + SCREEN)  # everything above is laid out
    assert page.hit(5, page.y_of(anchor)).position.index == leaf


def test_an_anchor_is_found_in_a_page_of_another_width(document):
    page = seen(document, 9_000)
    anchor = page.anchor_at(9_000)
    leaf = page.hit(5, 9_000).position.index
    for width in (300.0, 520.0, WIDTH):
        page.set_width(width)
        page.set_sight(page.y_of(anchor), page.y_of(anchor) + SCREEN)
    assert page.hit(5, page.y_of(anchor)).position.index == leaf


def test_growing_out_of_sight_lays_out_nothing(document):
    page = seen(document, 0)
    before = set(page._boxes)
    grown = MarkdownDocument(document.source)
    for _ in range(20):
        page.show(grown.leaves, grown.append("\n\nMore of it, far below, where nobody looks yet.\n"))
    assert set(page._boxes) == before


def test_a_search_marks_what_is_painted_and_counts_all(document):
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
