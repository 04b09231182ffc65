"""The words below an answer, and of each thing in it, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.claims.claim import Kind
from desktop.core.evidence.checked import (
    Checked,
    Difference,
    Evidence,
    GivenText,
    Instead,
    SourcePlace,
    Verdict,
)
from desktop.rendering.page.box import MarkKind
from desktop.ui.evidence.words import MOST_MARKED, lines, thing_words, things_to_check
from tests.ui.evidence.answer_scenes import evidence_of
from tests.ui.languages import speaking

CONTRACT = GivenText("Contract.pdf", "Clause 4 Rent\n\nThe rent is 4,150.\n\nClause 7 Deposit\n\nA deposit of 12,500.")
LETTER = GivenText("Letter.docx", "The rent is 4,300.")
MATERIAL = GivenText("", "The rent is 4,150.")


def thing(verdict, *sources, kind=Kind.NUMBER, at=0, **more):
    places = tuple(SourcePlace(source, 0, 4) for source in sources)
    return Checked(kind, "4,150", at, at + 5, verdict, places, **more)


def said(*checked, sources=(CONTRACT,), is_whole=True):
    return list(lines(Evidence(checked, sources, is_whole)))


def head(*checked, sources):
    return said(*checked, sources=sources)[0].removesuffix(f" · {LITTLE}")


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
GONE = ("1 figure is not in the files", MarkKind.MISSING, [0])


def test_the_file_says_nothing_where_there_is_none():
    place = SourcePlace(0, 0, 2)
    twelve = Instead("twelve", "chairs", place)
    other = Difference("three", "six")
    for source, words in ((CONTRACT, "he file says"), (MATERIAL, "our text says")):
        for each in (
            thing(Verdict.NOT_FOUND, 0, instead=twelve),
            thing(Verdict.NOT_FOUND, 0, instead=replace(twelve, label="")),
            thing(Verdict.NEAR, 0, differences=(other,)),
        ):
            told = thing_words(Evidence((each,), (source,)), 0)
            assert words in told
            assert ("file" in told) is (source is CONTRACT)


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


def test_the_file_is_named_in_which_it_stands():
    both = (CONTRACT, LETTER)
    assert head(FOUND, sources=both) == "1 of 1 figure found in Contract.pdf"
    assert head(FOUND, thing(Verdict.FOUND, 1), sources=both) == "2 of 2 figures found in 2 files"
    assert head(FOUND, thing(Verdict.FOUND, 0, 1), sources=both) == "2 of 2 figures found in Contract.pdf"
    assert head(FOUND, sources=(MATERIAL,)) == "1 of 1 figure found in the text you gave"
    assert head(MISSING, sources=(CONTRACT, MATERIAL)) == "1 figure, looked up in the files and the text you gave"


@pytest.mark.parametrize(
    ("language", "checked", "sources", "words"),
    [
        ("en", (MISSING,), (MATERIAL,), "1 figure is not in the text you gave: computed, or from elsewhere"),
        ("en", (MISSING,) * 2, (MATERIAL,), "2 figures are not in the text you gave: computed, or from elsewhere"),
        ("en", (NAME_MISSING,), (CONTRACT,), "1 thing is not in the file: from elsewhere"),
        ("en", (NAME_MISSING,) * 2, (CONTRACT, LETTER), "2 things are not in the files: from elsewhere"),
        (
            "en",
            (NAME_MISSING, MISSING),
            (CONTRACT, MATERIAL),
            "2 things are not in the files and the text you gave: computed, or from elsewhere",
        ),
        ("zh_CN", (MISSING,), (MATERIAL,), "1 个数字不在您给的文字中：算出来的，或来自别处"),
        ("zh_CN", (NAME_MISSING,) * 2, (CONTRACT,), "2 处不在文件中：来自别处"),
    ],
)
def test_what_is_missing_is_told_of_what_was_given_and_no_word_is_computed(qapp, language, checked, sources, words):
    with speaking(qapp, language):
        assert said(*checked, sources=sources)[1] == words
        origin = words.replace("：", ": ").split(": ")[1]
        assert origin in thing_words(Evidence((NAME_MISSING, *checked), sources), len(checked))


@pytest.mark.parametrize(
    ("checked", "told"),
    [
        ((FOUND, ASKED, thing(Verdict.COMPUTED)), []),
        ((MISSING, FOUND, OTHER, FOUND), [("1 to check", MarkKind.AMISS, [2]), GONE]),
        ((thing(Verdict.NOT_FOUND, 0), thing(Verdict.NEAR, 0)), [("2 to check", MarkKind.AMISS, [0, 1])]),
        ((FOUND, DIFFERING), [("1 to check", MarkKind.AMISS, [1])]),
    ],
)
def test_what_to_look_at_is_counted_by_its_mark(checked, told):
    assert things_to_check(Evidence(checked, (CONTRACT, LETTER))) == told


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


def test_a_name_with_brackets_is_a_name():
    odd = GivenText("[draft] [%1].pdf", "4,150")
    assert said(FOUND, sources=(odd,))[0].startswith("1 of 1 figure found in [draft] [%1].pdf")


def test_ten_thousand_numbers_are_told_calmly():
    many = [thing(Verdict.FOUND, 0, at=at * 7) for at in range(9_999)]
    assert said(*many, MISSING, is_whole=False) == [
        "9,999 of 10,000 figures found in Contract.pdf",
        ONE_MISSING,
        "The answer is very long: only its beginning was looked up.",
        f"The first {MOST_MARKED:,} are marked in the text.",
    ]


def test_both_of_two_files_are_told():
    place = SourcePlace(1, 0, 4)
    other = thing(Verdict.ELSEWHERE, 0, stands_as="deposit", said_as="Rent", instead=Instead("4,300", "rent", place))
    told = thing_words(Evidence((other,), (CONTRACT, LETTER)), 0).split("\n")
    assert told[0].startswith("Contract.pdf: 4,150 stands")
    assert "deposit" in told[0]
    assert told[1] == "“Letter.docx” says 4,300 for rent."
    found = thing_words(Evidence((thing(Verdict.FOUND, 0, 1),), (CONTRACT, LETTER)), 0).split("\n")
    assert [line.split(": ")[0] for line in found] == ["Contract.pdf", "Letter.docx"]


def test_a_figure_that_another_file_contradicts_is_counted_apart():
    evidence = Evidence((FOUND, DIFFERING), (CONTRACT, LETTER))
    assert list(lines(evidence)) == [
        f"2 of 2 figures found in Contract.pdf · {LITTLE}",
        "1 differs in another file",
    ]
    assert thing_words(evidence, 1).split("\n")[1] == "“Letter.docx” says 4,300 for rent."


@pytest.mark.parametrize(
    ("checked", "words"),
    [(thing(Verdict.NOT_FOUND, 0), "perhaps for something else"), (thing(Verdict.UNCHECKED), "not looked up")],
)
def test_what_is_not_sure_is_told_as_that(checked, words):
    assert words in thing_words(Evidence((checked,), (CONTRACT,)), 0)


def test_chinese_counts_stand_where_chinese_puts_them(qapp):
    with speaking(qapp, "zh_CN"):
        found = lines(Evidence((FOUND, MISSING, OTHER), (CONTRACT,)))
    assert found[0] == "3 个数据中有 1 个见于 Contract.pdf"
    assert found[1] == "1 个数字不在文件中：算出来的，或来自别处"
