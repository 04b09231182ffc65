"""Asking for the page of each statement: which places a file has, and the sentence, once, in the right language."""

from __future__ import annotations

import pytest

from desktop.core.documents.naming_places import PlaceWord, asking_for_places, places_in, sentence_for, without_asking
from desktop.core.message import Anchor, AttachmentPart

PAGES = "[Page 1]\n\none\n\n[Page 2]\n\ntwo"


def file(text, *anchors):
    return AttachmentPart("file", "text/plain", text, anchors=anchors)


@pytest.mark.parametrize(
    ("part", "places"),
    [
        (file(PAGES), (PlaceWord.PAGE,)),
        (file("[第 1 页]\n\n一\n\n[第 2 页]\n\n二"), (PlaceWord.PAGE,)),
        (file("[Sheet 1: Prices]\n\n| A |\n\n[Sheet 2: Terms]\n\n| B |"), (PlaceWord.SHEET,)),
        (file("[Slide 1: Start]\n\na\n\n[Slide 2: End]\n\nb"), (PlaceWord.SLIDE,)),
        (file("第一条 期限\n三年。\n第二条 地点\n成都。\n第三条 报酬\n每月。"), (PlaceWord.CLAUSE,)),
        (file("1.1 The Lessor leases.\n1.2 The price is known.\n2.1 The term begins."), (PlaceWord.CLAUSE,)),
        (file("[Page 1]\n\nall of it"), ()),
        (file("[Page 1]\n\na long page", Anchor(0, 1), Anchor(99_000, 2)), (PlaceWord.PAGE,)),
        (file("A letter without any of these."), ()),
    ],
)
def test_a_file_has_the_places_that_a_reader_can_turn_to(part, places):
    assert places_in([part]) == places


def test_the_sentence_is_in_the_language_of_the_message():
    places = (PlaceWord.PAGE, PlaceWord.SHEET)
    assert asking_for_places("What is the rent?", places) == (
        "What is the rent?\n\nName the page or sheet for each statement."
    )
    assert asking_for_places("租金是多少？", places[:1]) == "租金是多少？\n\n请为每句话注明页码。"
    assert asking_for_places("", places[:1], language_of="租金") == "请为每句话注明页码。"


def test_the_sentence_stands_there_once_and_can_be_taken_away():
    every = tuple(PlaceWord)
    for text in ("What is the rent?", "租金是多少？"):
        once = asking_for_places(text, every[:1])
        assert asking_for_places(once, every) == asking_for_places(text, every)
        assert without_asking(asking_for_places(text, every)) == text
        assert without_asking(text) == text
    assert without_asking(sentence_for(every[:1], "")) == ""
