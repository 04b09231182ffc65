"""Much text that comes at once at the end of a growing answer is read in slices, and ends as if it had come slowly."""

from __future__ import annotations

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.ui.look.page_look import PageLook
from desktop.ui.text.surface import TextSurface

ANSWER = "Before.\n\n" + "".join(
    f"- item {number} with a [link](https://example.com/{number})\n" for number in range(900)
)


@pytest.fixture
def surface(qtbot, theme):
    made = TextSurface(MarkdownDocument(), PageLook(theme).answer, theme.color("paper"))
    qtbot.addWidget(made)
    made.height_for(500)
    made.resize(500, 600)
    made.show()
    return made


def leaves_of(text):
    document = MarkdownDocument(text)
    document.finish()
    return document.leaves


def shown(leaves):
    return [(leaf.kind, leaf.text, leaf.spans, leaf.containers) for leaf in leaves]


def test_it_is_read_in_slices_and_nothing_is_lost(surface, qtbot):
    surface.append("Before.\n\n")
    surface.append(ANSWER.removeprefix("Before.\n\n"))
    assert surface.is_reading
    assert surface.source == ANSWER
    surface.append("- and one more")
    surface.finish()
    assert surface.source == ANSWER + "- and one more"
    qtbot.waitUntil(lambda: not surface.is_reading)
    assert shown(list(surface._page.leaves)) == shown(leaves_of(ANSWER + "- and one more"))
    assert surface.source == ANSWER + "- and one more"


def test_the_end_is_shown_while_more_may_come(surface, qtbot):
    surface.append(ANSWER + "last words")
    qtbot.waitUntil(lambda: not surface.is_reading)
    assert surface._page.leaves[-1].text.endswith("last words")
    surface.append(" and more")
    assert surface._page.leaves[-1].text.endswith("last words and more")


def test_another_text_takes_its_place(surface, qtbot):
    surface.append(ANSWER)
    surface.set_document(MarkdownDocument())
    surface.append("new")
    assert surface.source == "new"
    assert not surface.is_reading
