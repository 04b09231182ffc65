"""`python -m tests.bench.evidence`: what it takes to look up a long answer in files of 20 and of 500 pages.

Processor time of the one thread that does it, the least of several runs; the texts are those of `tests/evidence`, with
other figures, again and again.
"""

from __future__ import annotations

import random
import re
import sys
import time

from desktop.core.evidence.checked import GivenText
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.rendering.page.shown_claims import shown_in
from tests.bench.tables import Row, printed
from tests.evidence.cases import ANSWERS, cases_in

_PAGE = 2_500  # characters
_WORDS = 2_000  # of the answer
_RUNS = 5
# Lines of plain prose to each line of a case's answer, of which nearly each word can be checked.
_PROSE = (
    "This is how the parties have arranged it, and there is nothing unusual about it for an agreement of this kind.",
    "You may want to keep a copy of the message, so that you can show it later if there should be any doubt.",
    "Nothing else is said about it in the text, and it is best to ask before anything is signed or paid.",
)


def main():
    rows: list[Row] = []
    answer = _answer()
    for pages, limit in ((20, 150.0), (500, 1000.0)):
        source = GivenText("file.pdf", _file_of(pages))
        whole = min(_milliseconds(Given([source]), answer) for _ in range(_RUNS))
        given = Given([source])
        given.prepare()
        rows += [
            Row(f"{pages} pages, an answer of {_WORDS} words: made ready and looked up", whole, "ms"),
            Row(f"{pages} pages: made ready while it was written", _milliseconds(given, answer), "ms", limit),
            Row(f"{pages} pages: once more", min(_milliseconds(given, answer) for _ in range(_RUNS)), "ms"),
        ]
    print(printed(rows))
    return 0


def _milliseconds(given, answer):
    shown = shown_in(answer)
    began = time.thread_time()
    check(shown, given)
    return 1000 * (time.thread_time() - began)


def _file_of(pages):
    """Return a text of so many pages, full of things that can be looked up."""
    files = {file.name: file.text for case in cases_in(ANSWERS) for file in case.files}
    whole = "\n\n".join(files.values())
    text = (f"{whole}\n\n" * (pages * _PAGE // len(whole) + 1))[: pages * _PAGE]
    chance = random.Random(1)
    return re.sub(r"\d", lambda found: str(chance.randint(0, 9)) if chance.random() < 0.3 else found[0], text)


def _answer():
    """Return an answer of 2,000 words, of which some hundred can be looked up."""
    lines: list[str] = []
    for case in cases_in(ANSWERS):
        for line in case.answer.split("\n"):
            lines += [line, *(_PROSE if line and not line.startswith("|") else ())]
            if sum(len(each.split()) for each in lines) >= _WORDS:
                return "\n\n".join(lines)
    return "\n\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
