"""A stored text comes onto the page piece by piece: what is seen first at once, however busy the computer is."""

from __future__ import annotations

import time

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.stack import Page
from desktop.rendering.page.stored_text import stored_text
from desktop.rendering.text.plain_text import plain_text
from tests.rendering.painted import WIDTH, style

pytestmark = pytest.mark.usefixtures("qapp")

TOO_LATE = 0.0  # a time of the clock that has passed before reading begins
CAN_BE_CUT = "".join(f"Paragraph {number} of a long answer.\n\n" for number in range(3000))
CANNOT_BE_CUT = "[a]: b\n\n" + CAN_BE_CUT
ENDS_IN_MUCH_CODE = CAN_BE_CUT + "```\n" + "x = 1\n" * 50_000 + "```\n"


def test_the_end_is_read_first_even_when_there_is_no_time_left() -> None:
    shown = Page(style(), WIDTH)
    stored = stored_text(CAN_BE_CUT, MarkdownDocument(), shown)
    leaves_above = stored.read(TOO_LATE)
    text = plain_text(shown.leaves)
    assert text.endswith("Paragraph 2999 of a long answer.")
    assert not text.startswith("Paragraph 0 of")
    assert leaves_above == len(shown.leaves)
    before = shown.leaves
    assert stored.read(TOO_LATE) == 0
    assert shown.leaves == before


def test_the_beginning_is_read_first_where_a_text_cannot_be_cut() -> None:
    shown = Page(style(), WIDTH)
    stored_text(CANNOT_BE_CUT, MarkdownDocument(), shown).read(TOO_LATE)
    assert plain_text(shown.leaves).startswith("Paragraph 0 of")


def test_an_end_that_is_very_long_is_read_by_the_clock() -> None:
    shown = Page(style(), WIDTH)
    stored = stored_text(ENDS_IN_MUCH_CODE, MarkdownDocument(), shown)
    assert stored.read(TOO_LATE) == 0
    assert stored.read(float("inf"))
    assert plain_text(shown.leaves).endswith("x = 1")


def test_many_short_lines_are_shown_a_few_thousand_at_a_time() -> None:
    """Half a million headings without a letter, from one look at the clock to the next."""
    shown = Page(style(), WIDTH)
    stored = stored_text("#\n" * 30_000, MarkdownDocument(), shown)
    before, most = 0, 0
    while not stored.is_whole:
        stored.read(TOO_LATE if before == 0 else time.monotonic() + 0.001)
        most, before = max(most, len(shown.leaves) - before), len(shown.leaves)
    assert len(shown.leaves) == 30_000
    assert most <= 6_000
