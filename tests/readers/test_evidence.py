"""Long answers are looked up by a process of its own: it finds what the rules find, in time, whatever it is given."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TypeVar

import psutil
import pytest

from desktop.core.documents.document import LOOK_UP_SWITCH, ReadingError, ReadingProblem
from desktop.core.evidence.checked import GivenText, Sources, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.message import Anchor
from desktop.core.processes import environment
from desktop.readers.look_up_process import LookUpProcess
from desktop.readers.process import Limits
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.evidence.words import MOST_MARKED, lines
from tests.evidence.cases import ANSWERS, cases_in
from tests.support.waiting import PATIENCE, running_children

T = TypeVar("T")
CONTRACT = GivenText("Contract.pdf", "Clause 4 Rent\n\nThe rent is 4,150 a month.", (Anchor(0, 1, "x"),), "m1", "d1")
PLACE_IN_NO_SOURCE = '{"Evidence": [[["number", "1", 0, 1, "found", [[7, 0, 1, ""]], "", "", null, [], null]]]}'
LETTER = GivenText("Letter.docx", "The deposit is 12,500.\ud800", message_id="m2")


def within_reach(work):
    return asyncio.run(asyncio.wait_for(work, 120))


def expected(answer, given, question=""):
    return check(shown_in(answer), Given(given), question)


def problem(limits, code):
    async def run():
        finder = LookUpProcess(limits, program=[sys.executable, "-c", code])
        with pytest.raises(ReadingError) as caught:
            await finder.look_up("4,150", Sources((CONTRACT,)))
        return caught.value.problem

    return within_reach(run())


def test_it_finds_what_the_rules_find_and_one_process_is_enough():
    """Answers with things of every kind and verdict, one after another and at once."""
    cases = [
        (case.answer, tuple(GivenText(f.name, f.text) for f in case.files))
        for case in cases_in(ANSWERS)[:40]
        if case.files
    ]

    async def run():
        finder = LookUpProcess()
        first = await finder.look_up(cases[0][0], Sources(cases[0][1]))
        before = running_children()
        rest = await asyncio.gather(*(finder.look_up(answer, Sources(given)) for answer, given in cases[1:]))
        assert running_children() <= before, "another process was started"
        return [first, *rest]

    found = within_reach(run())
    assert found == [expected(*case) for case in cases]
    verdicts = {each.verdict for evidence in found for each in evidence.checked}
    assert len(verdicts) >= 6
    assert any(each.instead for evidence in found for each in evidence.checked)
    assert any(each.differences for evidence in found for each in evidence.checked)
    assert any(each.calculation for evidence in found for each in evidence.checked)


def test_texts_are_handed_over_once_and_left_behind():
    """Conversations in turn; letters that no text may have, the user's own figures; started as in an installed one."""
    answers = ("The rent is 4,150.", "The deposit is 12,500 for 17 people.", "Rent: **4,510**.")
    givens = ((CONTRACT,), (CONTRACT, LETTER), (LETTER,), (GivenText("", "4,510"),), (CONTRACT,))

    async def run():
        finder = LookUpProcess(program=[sys.executable, "-P", "-m", "desktop", LOOK_UP_SWITCH])
        return [await finder.look_up(answer, Sources(given, "We are 17.")) for given in givens for answer in answers]

    wanted = [expected(answer, given, "We are 17.") for given in givens for answer in answers]
    assert within_reach(run()) == wanted


def test_the_process_ends_when_nobody_asks_and_another_one_comes():
    async def run():
        before = running_children()
        finder = LookUpProcess(idle=0.2)
        for _ in range(2):
            assert len((await finder.look_up("4,150", Sources((CONTRACT,)))).checked) == 1
            while running_children() - before:
                await asyncio.sleep(0.05)

    within_reach(run())


def test_the_process_ends_with_the_loop_also_while_it_works():
    program = [sys.executable, "-c", "import time; time.sleep(600)"]
    before = running_children()
    started: set[psutil.Process] = set()

    async def run():
        asking = asyncio.create_task(LookUpProcess(program=program).look_up("4,150", Sources((CONTRACT,))))
        while not started:
            await asyncio.sleep(0.01)
            started.update(running_children() - before)
        asking.cancel()

    asyncio.run(run())
    assert not psutil.wait_procs(started, timeout=PATIENCE)[1]


@pytest.mark.parametrize(
    ("limits", "code", "expected_problem"),
    [
        (Limits(silence=0.3), "import time; time.sleep(600)", ReadingProblem.TOO_LONG),
        (
            Limits(memory=100 << 20),
            "import time; kept = bytearray(b'x') * (200 << 20); time.sleep(600)",
            ReadingProblem.TOO_LARGE,
        ),
        (Limits(), "import os; os.kill(os.getpid(), 9)", ReadingProblem.CRASHED),
        (Limits(), "import os, signal; os.kill(os.getpid(), signal.SIGSYS)", ReadingProblem.ENDED),
        (Limits(), "print('what?')", ReadingProblem.CRASHED),
        (Limits(), f"print({PLACE_IN_NO_SOURCE!r})", ReadingProblem.CRASHED),
        (Limits(), """print('{"Failed": ["too_large", "memory"]}')""", ReadingProblem.TOO_LARGE),
        (Limits(), "print('{\"Evidence\": ' + '[' * 100_000)", ReadingProblem.CRASHED),
    ],
)  # fmt: skip
def test_whatever_becomes_of_the_process_is_told(limits, code, expected_problem):
    assert problem(limits, code) is expected_problem


def test_who_waits_behind_a_broken_one_has_another_process(tmp_path):
    code = f"""
import os, sys
if os.path.exists({str(tmp_path)!r} + "/once"):
    os.execv(sys.executable, [sys.executable, "-P", "-m", "desktop.look_ups"])
open({str(tmp_path)!r} + "/once", "w").close()
os.abort()
"""

    async def run():
        finder = LookUpProcess(program=[sys.executable, "-c", code])
        asked = (finder.look_up("4,150", Sources((CONTRACT,))) for _ in range(2))
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second = within_reach(run())
    assert isinstance(first, ReadingError)
    assert second == expected("4,150", (CONTRACT,))


def test_a_process_that_can_not_be_started_is_told():
    async def run():
        with pytest.raises(ReadingError):
            await LookUpProcess(program=["/nowhere/at/all"]).look_up("4,150", Sources((CONTRACT,)))

    within_reach(run())


def test_it_loads_nothing_of_the_window_and_the_network():
    code = (
        "import sys, desktop.look_ups\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'PySide6', 'shiboken6', 'httpcore', 'sqlite3', 'keyring', 'asyncio', 'ssl', 'pypdfium2'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.strip() == "[]"


LEASE = "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nClause 7 Deposit\n\nThe tenant pays a deposit of 12,500."
_LONG = 1_200


def looked_up(answer, *files):
    sources = [GivenText(f"{at}.txt", text) for at, text in enumerate(files)]
    return check(shown_in(answer), Given(sources))


def verdicts(evidence):
    return [(each.text, each.verdict) for each in evidence.checked if each.verdict is not Verdict.UNCHECKED]


def test_ten_thousand_numbers_in_an_answer():
    """Those up to a number that is a help to anybody."""
    numbers = ["10,001", *(f"{500 + at % 9}-{at % 7}" for at in range(10_000))]
    found = looked_up(". ".join(numbers), "The number is 10,001.")
    told = verdicts(found)
    assert ("10,001", Verdict.FOUND) in told
    assert len(told) > MOST_MARKED / 2
    assert 2 <= len(lines(found)) <= 5


@pytest.mark.parametrize("text", ["4150", "4,150", "€ 4,150", "四千一百五十", " 4150 \n\n"])
def test_a_file_of_one_number(text):
    assert verdicts(looked_up("It is 4,150, not 4,510.", text)) == [
        ("4,150", Verdict.FOUND),
        ("4,510", Verdict.NOT_FOUND),
    ]


@pytest.mark.parametrize(
    ("answer", "text", "expected"),
    [
        ("السعر هو 4,150 درهم وليس 4,510 درهم.", "السعر 4,150 درهم شهريا.", ["4,150", "4,510"]),
        ("המחיר הוא 4,150 ולא 4,510.", "המחיר הוא 4,150 לחודש.", ["4,150", "4,510"]),
    ],
)
def test_words_from_right_to_left(answer, text, expected):
    found = looked_up(answer, text)
    assert [each.text.split()[0] for each in found.checked] == expected
    assert [each.verdict for each in found.checked] == [Verdict.FOUND, Verdict.NOT_FOUND]
    shown = shown_in(answer).text
    assert all(shown[each.start : each.end] == each.text for each in found.checked)


def test_a_quotation_over_the_end_of_a_page():
    text = "[Page 1]\n\nThe tenant keeps the garden in good\n\n[Page 2]\n\norder and cuts the hedge in March."
    found = looked_up("It says “keeps the garden in good order and cuts the hedge”.", text)
    assert [verdict for _, verdict in verdicts(found)] == [Verdict.FOUND]


def test_things_within_each_other_keep_their_places():
    """A quotation that holds a figure, a reference and a name."""
    answer = "“The rent is 4,150 a month” (clause 4), see “Clause 7 Deposit”, 12,500."
    found = looked_up(answer, LEASE)
    shown = shown_in(answer).text
    assert all(shown[each.start : each.end] == each.text for each in found.checked)
    assert ("12,500", Verdict.FOUND) in verdicts(found)


BOMBS = (
    "1", "1,", "1.", "1 ", "“", '"', '"a', "(", "[", "一", "三千五百", "三", "clause 7, ", "clause 1 and ", "a", "Aa-",
    "Aa ", "1-", "1/", "1 + ", "1 = ", "1 % ", "http://", "a@", "| ", "| 1 | 2 |\n", "第", "第一条", "€", "1 × ", "\n",
    "a: ", "12 May ", "\t", "\u200d", "\0", "\ud800", "1万", "½", "²", "点", "零点一",
)  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS, ids=ascii)
def test_the_same_again_and_again(bomb):
    """In the answer and in the file: what else stands there is looked up, whatever patterns would make of it."""
    filler = (bomb * _LONG)[:_LONG]
    told = dict(verdicts(looked_up(f"The rent is 4,510 a month.\n\n{filler}", LEASE)))
    assert told["4,510"] in (Verdict.ELSEWHERE, Verdict.NOT_FOUND)
    assert ("4,150", Verdict.FOUND) in verdicts(looked_up("The rent is 4,150 a month.", f"{LEASE}\n\n{filler}"))
