"""Two files that contradict each other: the answer's value is found, and the other file's is told with it."""

from __future__ import annotations

import pytest

from desktop.core.claims.claim import Shown
from desktop.core.evidence.checked import Checked, GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given

CONTRACT = GivenText(
    "Contract.pdf", "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nThe tenant pays a deposit of 12,500."
)
LETTER = GivenText("Letter.docx", "Dear tenant,\n\nas agreed, the rent is 4,300 a month from May on.")
CHINESE = GivenText("合同.pdf", "第三条 租金\n月租金为35,000元。\n\n第四条 押金\n押金为105,000元。")
CHINESE_LETTER = GivenText("来函.docx", "尊敬的租户：\n自五月起，月租金为38,000元。")


def one(answer: str, text: str, *files: GivenText) -> Checked:
    evidence = check(Shown(answer), Given(files))
    return next(each for each in evidence.checked if each.text == text)


@pytest.mark.parametrize(
    ("answer", "text", "files", "other"),
    [
        ("The rent is 4,150 a month.", "4,150", (CONTRACT, LETTER), "4,300"),
        ("The rent is 4,300 a month.", "4,300", (CONTRACT, LETTER), "4,150"),
        ("月租金为35,000元。", "35,000元", (CHINESE, CHINESE_LETTER), "38,000元"),
    ],
)
def test_what_another_file_gives_is_told(answer: str, text: str, files: tuple[GivenText, ...], other: str) -> None:
    found = one(answer, text, *files)
    assert found.verdict is Verdict.FOUND
    assert found.instead is not None
    assert found.instead.text == other
    assert found.instead.place.source != found.places[0].source


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("The contract says the rent is 4,150 a month, the letter 4,300.", "4,150"),  # both are named
        ("The tenant pays a deposit of 12,500.", "12,500"),  # of which the other file says nothing
        ("According to Contract.pdf, the rent is 4,150 a month.", "4,150"),  # it says of which file it speaks
    ],
)
def test_nothing_is_told_where_nothing_contradicts(answer: str, text: str) -> None:
    found = one(answer, text, CONTRACT, LETTER)
    assert found.verdict is Verdict.FOUND
    assert found.instead is None


def test_in_one_file_nothing_contradicts() -> None:
    assert one("The rent is 4,150 a month.", "4,150", CONTRACT).instead is None
