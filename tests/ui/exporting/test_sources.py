"""Answers in an export with their sources: each thing has a footnote that says where it stands, or that it does not."""

from __future__ import annotations

import re
from itertools import count

import pytest
from PySide6.QtWidgets import QApplication

from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import sources_of
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.exporters import markdown, pdf, web_page, word
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.exporting.sources import footnoted, with_sources
from tests.exporters.talk import talk
from tests.readers.conftest import document_from
from tests.ui.evidence.showing import contract, given

ASKED = user_message("What is the rent?", attached=(given(contract()),))


def reply(text: str) -> Message:
    return Message(role=Role.ASSISTANT, parts=(TextPart(text),))


def sourced(text: str) -> str:
    """An answer over the contract as it is exported."""
    answer = reply(text)
    [made] = with_sources([answer], [ASKED, answer])
    return made.text


def test_each_thing_has_a_note_where_it_stands() -> None:
    text = sourced("**Rent:** 4,150 a month (clause 4), and 7 % of interest.\n\n- The deposit is `x` 12,500.")
    body, *notes = re.split(r"\n\n(?=\[\^\d+\]: )", text)
    assert body.startswith("**Rent:** 4,150[^1] a month (clause 4[^2]), and 7 %[^3] of interest.")
    assert "12,500[^4]" in body
    assert notes[0].startswith("[^1]: Rental contract.docx: 4,150 stands in clause 4")
    assert "7 %" in notes[2]
    assert "not in" in notes[2]


@pytest.mark.parametrize(
    "text",
    [
        "[The rent of 4,150](https://example.com/4,150) is due.",
        "It is 4,1**50** a month.",
        "| What | How much |\n| --- | --- |\n| Rent | 4,150 |\n\n4,150 it is.",
        "As said[^7]: 4,150.\n\n[^7]: By whom?",
        "4,150 " * 600,
        "“the first of them with the beginning of the tenancy”, 4,150",
    ],
)
def test_whatever_the_answer_looks_like_its_own_words_stay(text: str) -> None:
    made = sourced(text)
    own = "7" if "[^7]" in text else "0"
    body = re.split(rf"\n\n(?:- |\[\^(?!{own}\])\d+\]: )", made)[0]
    assert re.sub(rf"\[\^(?!{own}\])\d+\]", "", body).rstrip() == text.rstrip()
    numbers = re.findall(r"^\[\^(\d+)\]: ", made, re.MULTILINE)
    assert len(numbers) == len(set(numbers))
    assert made != text


def test_what_was_given_to_none_stays_as_it_is() -> None:
    question, answer = user_message("How much?"), reply("It is 4,150.")
    assert with_sources([question, answer], [question, answer]) == [question, answer]
    later = reply("It is 4,150.")
    assert with_sources([later], [ASKED, later], left_out=(ASKED.id,)) == [later]


def test_numbers_go_on_from_answer_to_answer() -> None:
    first, second = reply("It is 4,150."), reply("12,500 is the deposit.")
    made = with_sources([ASKED, first, second], [ASKED, first, second])
    assert "4,150[^1]" in made[1].text
    assert "12,500[^2]" in made[2].text


def test_a_format_that_knows_footnotes_has_them(qapp: QApplication) -> None:
    answer = reply("It is 4,150 a month.")
    export = talk(ASKED, with_sources([answer], [ASKED, answer])[0])
    assert b"[^1]: Rental contract.docx: 4,150 stands in clause 4" in markdown.write(export)
    assert b"4,150 stands in clause 4" in web_page.write(export)
    assert pdf.write(export).startswith(b"%PDF")
    made = document_from(word.write(export), "talk.docx")
    assert any("4,150 stands in clause 4" in block.text for section in made.sections for block in section.blocks)


def test_numbers_that_no_footnote_may_have_make_a_list() -> None:
    source = "It is 4,150 a month."
    shown = shown_in(source)
    part = given(contract())
    found = check(shown, Given(sources_of([user_message("", attached=(part,))]).given))
    assert footnoted(source, shown, found, count(10_000)).startswith(
        "It is 4,150 a month.\n\n- Rental contract.docx: 4,150"
    )
