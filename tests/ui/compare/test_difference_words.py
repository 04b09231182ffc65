"""Differences between answers in words."""

from __future__ import annotations

from desktop.core.claims.claim import Shown
from desktop.core.claims.conclusion import conclude, ungiven
from desktop.core.claims.differences import agreement, compare
from desktop.runtime.compare import Compared
from desktop.ui.compare.differences import lines, notes
from desktop.ui.compare.page import DifferenceStrip

HEADINGS = ["Before", "Fresh"]


def of_two(old, new):
    return lines(Compared((0, 1), differences=compare(Shown(old), Shown(new))), HEADINGS)


def of_several(*answers):
    found = agreement([Shown(answer) for answer in answers])
    return lines(Compared(tuple(range(len(answers))), agreement=found), [""] * len(answers))


def test_two_answers():
    assert of_two(
        "It was founded in 1998 in Paris, 12 %.", "It was founded in 2001 in Paris. Brandt, says Brandt."
    ) == [
        "Differs: founded 1998 ↔ 2001",
        "Only in “Before”: 12 %",
        "Only in “Fresh”: Brandt",
        "The same: Paris",
    ]
    assert of_two("in Paris", "It is in Paris.") == ["Nothing that can be checked differs.", "The same: Paris"]
    assert of_two("yes", "no") == ["There is nothing in these answers that could be compared by itself."]
    assert of_two("x 7 " * 60_000, "7")[-1].startswith("Only the beginning")


def test_several_answers():
    assert of_several("founded in 1998 in Paris", "since 1998, in Paris", "since 2001, in Paris") == [
        "Not all answers say: 1998 (1, 2) · 2001 (3)",
        "All answers say: Paris",
        "What a model makes up, it seldom makes up twice in the same way.",
    ]
    assert of_several("1998", "1998", "1998")[-1] == "Nothing that can be checked differs."
    assert lines(Compared((0,)), HEADINGS) == []


def test_long_lists_and_long_claims_stay_short():
    numbers = " and ".join(str(at) for at in range(100, 120))
    assert of_two(numbers, "none")[0].endswith("107 and 12 more")
    quotation = "“" + "many words " * 20 + "”"
    assert len(of_two(quotation, "none")[0]) < 100


def test_the_strip_shows_foreign_words_as_they_are(qtbot):
    strip = DifferenceStrip()
    qtbot.addWidget(strip)
    strip.say(["Differs: <b>1</b> ↔ 2", "The same: x"])
    assert strip.said == ["Differs: <b>1</b> ↔ 2", "The same: x"]
    assert not strip.isHidden()
    strip.say([])
    assert strip.isHidden()


def concluded(*answers, given=None, left_out=""):
    """The first line about these answers."""
    shown = [Shown(answer) for answer in answers]
    places = tuple(range(len(answers)))
    if len(answers) > 2:
        agreed = agreement(shown)
        compared = Compared(places, agreement=agreed, conclusion=conclude(agreed, given))
    else:
        found = compare(*shown)
        compared = Compared(places, differences=found, conclusion=conclude(found, given))
    said = lines(compared, HEADINGS * len(answers), left_out)
    assert len(said) == len(set(said))
    return said[0]


INVENTED = "These numbers are not in your text, and differ each time: probably made up."


def test_it_ends_in_one_sentence():
    old, new = "It was founded in 1998 in Paris.", "It was founded in 2001 in Paris."
    assert concluded(old, new, given="When was it founded?") == INVENTED
    assert concluded(old, new, "It was founded in 2004 in Paris.", given="When was it founded?") == INVENTED
    assert concluded(old, new, given="Was it 1998 or later?") == "Differs: founded 1998 ↔ 2001"
    assert concluded(old, new) == "Differs: founded 1998 ↔ 2001"
    assert concluded(old, old.replace("It", "Well, it")) == "Both agree."
    assert concluded(old, old, old) == "All of them agree."
    due = "It is due on 3 May 2026.", "It is due on 17 June 2026."
    assert concluded(*due, left_out="Context") == "Leaving out “Context” changed the date."
    assert concluded(old, old, left_out="Context") == "Leaving out “Context” changed nothing that can be checked."
    assert concluded("The fee is 5 euros.", "The fee is 7 euros.", left_out="Role").startswith("Leaving out “Role”")


def test_what_stands_in_no_part_of_the_prompt_is_said():
    found = compare(Shown("It costs 40 euros, due on 3 May."), Shown("It costs 75 euros, due on 3 May, with 2 points."))
    conclusion = conclude(found, "It costs 40 euros.")
    strangers = tuple(ungiven(found, "It costs 40 euros."))
    said = lines(Compared((0, 1), found, conclusion=conclusion, ungiven=strangers), HEADINGS, "Context")
    assert said[0] == "Leaving out “Context” changed a number."
    assert said[1].startswith("In nothing that you gave, so worked out or made up: 75")
    assert "40" not in said[1]
    [first, *_] = lines(Compared((0, 1), found, conclusion=conclusion, ungiven=strangers), HEADINGS)
    assert first.startswith("In nothing that you gave, so worked out or made up: 75")


def test_each_mark_says_what_the_others_say():
    old, new = Shown("It was founded in 1998, 12 %."), Shown("It was founded in 2001.")
    compared = Compared((0, 1), differences=compare(old, new))
    assert notes(compared, 0, HEADINGS) == {"1998": "“Fresh” says: 2001", "12 %": "Not in “Fresh”"}
    assert notes(compared, 1, HEADINGS) == {"2001": "“Before” says: 1998"}
    several = Compared((0, 1, 2), agreement=agreement([old, new, new]))
    assert notes(several, 2, HEADINGS)["2001"] == "Only 2 of 3 answers say this"


def test_that_both_say_the_same_does_not_bear_out_what_the_file_lacks():
    answer, given = Shown("The rent is 1,850 euros, the deposit 5,100 euros."), "The rent is 1,850 euros."
    found = compare(answer, answer)
    strangers = tuple(ungiven(found, given, has_files=True))
    said = lines(Compared((0, 1), found, conclusion=conclude(found, given), ungiven=strangers), HEADINGS)
    assert said[:2] == ["Both agree.", "In nothing that you gave, so worked out or made up: 5,100 euros"]
    compared = Compared((0, 1), found, ungiven=strangers)
    assert [notes(compared, at, HEADINGS) for at in (0, 1)] == [{"5,100 euros": "In nothing that you gave"}] * 2
    assert ungiven(found, given) == []  # without a file both may rest on what is known
