"""`python -m tests.bench.evidence`: what it takes to look up a long answer in files of 20 and of 500 pages.

Processor time of the one thread that does it, the least of several runs; the texts are those of `tests/evidence`, with
other figures, again and again.
"""

from __future__ import annotations

import random
import re
import sys
import time

from desktop.core.claims.claim import Shown
from desktop.core.evidence.checked import GivenText
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.rendering.page.shown_claims import shown_in
from tests.bench.table import Row, printed
from tests.evidence.cases import TUNING, cases_in

_PAGE = 2_500  # characters
_WORDS = 2_000  # of the answer
_THINGS_TO_PROSE = 3  # lines of plain prose to each line of a case's answer, of which nearly each word can be checked
_RUNS = 5
_ADDITIONS = 3_000_000
_PROSE = (
    "This is how the parties have arranged it, and there is nothing unusual about it for an agreement of this kind.",
    "You may want to keep a copy of the message, so that you can show it later if there should be any doubt.",
    "Nothing else is said about it in the text, and it is best to ask before anything is signed or paid.",
)


def main() -> int:
    rows: list[Row] = []
    for pages, limit in ((20, 150.0), (500, 1000.0)):
        source = GivenText("file.pdf", file_of(pages))
        answer = an_answer()
        first = min(_milliseconds(source, answer) for _ in range(_RUNS))
        rows.append(Row(f"{pages} pages, an answer of {_WORDS} words: made ready and looked up", first, "ms"))
        given = Given([source])
        given.prepare()
        ended = _milliseconds_again(given, answer)
        rows.append(Row(f"{pages} pages: as the answer ends, made ready while it was written", ended, "ms", limit))
        again = min(_milliseconds_again(given, answer) for _ in range(_RUNS))
        rows.append(Row(f"{pages} pages: once more", again, "ms"))
    things = len(check(shown_in(an_answer()), Given([GivenText("file.pdf", file_of(20))])).checked)
    rows.append(Row("things looked up in that answer", float(things), ""))
    rows.append(Row(f"a loop of {_ADDITIONS:,} additions, to tell how busy the machine is", _loop(), "ms"))
    print(printed(rows))
    return 0


def _loop() -> float:
    def once() -> float:
        total, began = 0, time.thread_time()
        for number in range(_ADDITIONS):
            total += number
        return 1000 * (time.thread_time() - began)

    return min(once() for _ in range(_RUNS))


def _milliseconds(source: GivenText, answer: str) -> float:
    began = time.thread_time()
    check(shown_in(answer), Given([source]))
    return 1000 * (time.thread_time() - began)


def _milliseconds_again(given: Given, answer: str) -> float:
    shown: Shown = shown_in(answer)
    began = time.thread_time()
    check(shown, given)
    return 1000 * (time.thread_time() - began)


def file_of(pages: int) -> str:
    """A text of so many pages, full of things that can be looked up."""
    files = {file.name: file.text for case in cases_in(TUNING) for file in case.files}
    whole = "\n\n".join(files.values())
    text = (f"{whole}\n\n" * (pages * _PAGE // len(whole) + 1))[: pages * _PAGE]
    chance = random.Random(1)
    return re.sub(r"\d", lambda found: str(chance.randint(0, 9)) if chance.random() < 0.3 else found[0], text)


def an_answer() -> str:
    """An answer of 2,000 words, of which some hundred can be looked up."""
    lines: list[str] = []
    words = 0
    for case in cases_in(TUNING):
        for line in case.answer.split("\n"):
            lines += [line, *(_PROSE[:_THINGS_TO_PROSE] if line and not line.startswith("|") else ())]
            words += sum(len(each.split()) for each in lines[-1 - _THINGS_TO_PROSE :])
            if words >= _WORDS:
                return "\n\n".join(lines)
    return "\n\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
