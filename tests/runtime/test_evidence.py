"""Evidence is found off the GUI thread, from what is stored, and kept."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop.core.claims.claim import Shown
from desktop.core.documents.document import PagePicture, ReadingError, ReadingProblem, WordsOnPage
from desktop.core.evidence.checked import Evidence, Verdict
from desktop.prompts.texts import guide_lines
from desktop.readers.pdf.picture import png_of
from desktop.readers.process import ReaderProcess
from desktop.runtime.evidence import EvidenceWatch, PagePictures, WantedPage
from tests.readers.conftest import FILES
from tests.support.scripted_reader import ScriptedDrawer
from tests.support.waiting import PATIENCE

CONTRACT = "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nClause 7 Deposit\n\nThe tenant pays a deposit of 12,500."
ASKED = f'What is the rent? We are 17 people.\n\n"""\n{CONTRACT}\n"""'


def watch_of(bench, shown_in=Shown, look_ups=None):
    return EvidenceWatch(bench.chat.services, shown_in, look_ups)


def evidence_for(bench, reply=None, watch=None):
    """The evidence for a reply, or for the last one, by a watch that may know of some already."""
    reply, watch = reply or bench.reply, watch or watch_of(bench)
    with bench.signal(watch.found) as told:
        watch.look(bench.chat.current, reply)
    assert told.args[0] == reply.id
    return told.args[1]


def verdicts(evidence):
    return [(each.text, each.verdict) for each in evidence.checked if each.verdict is not Verdict.UNCHECKED]


GUIDED = (
    "Write to our landlord that the heating has been out of order since Monday.\n\n"
    "Offer to make it good, by a replacement, a repair or what is missing, and leave the day blank for me to fill in.\n"
    "Form: At most 120 words, with a subject, friendly and firm, so that he comes by Friday."
)


@pytest.mark.parametrize(("below", "count"), [("", 0), (f'\n\n"""\n{CONTRACT}\n"""', 1), (f"\n\n{CONTRACT}", 1)])
def test_what_a_guide_wrote_is_no_text_that_was_given(make_bench, below, count):
    bench = make_bench([])
    bench.chat.services.guide_lines = guide_lines
    bench.say(GUIDED + below, "The heating must work within 120 words.")
    assert len(evidence_for(bench).sources) == count


def test_an_answer_is_looked_up_in_the_material_above_it_and_again_after_a_restart(make_bench):
    bench = make_bench([])
    bench.say(ASKED, "Rent: 12,500 for 17 people; the deposit is 12,500.")
    found = evidence_for(bench)
    assert verdicts(found) == [
        ("12,500", Verdict.ELSEWHERE),
        ("17 people", Verdict.FROM_QUESTION),
        ("12,500", Verdict.FOUND),
    ]
    place = found.checked[-1].places[0]
    source = found.sources[place.source]
    assert source.text[place.start : place.end] == "12,500"
    assert source.message_id == bench.path[0].id
    assert evidence_for(bench) == found


def test_what_was_left_out_of_the_request_does_not_count(make_bench):
    """But for the answers that were left out with it: they had been made before."""
    bench = make_bench([])
    bench.say(ASKED, "The rent is 4,150 a month.")
    bench.say(ASKED.replace("12,500", "13,000"), "The deposit is 12,500, the rent 4,150.")
    asked, first, _, second = bench.path
    bench.chat.change_settings(lambda settings: replace(settings, left_out=(asked.id, first.id)))
    watch = watch_of(bench)
    assert verdicts(evidence_for(bench, first, watch)) == [("4,150", Verdict.FOUND)]
    later = evidence_for(bench, second, watch)
    assert len(later.sources) == 1
    assert verdicts(later)[0] == ("12,500", Verdict.NOT_FOUND)


class Finder:
    """A process that finds what it is told to, or fails with that."""

    def __init__(self, outcome):
        self.outcome = outcome
        self.asked: list[str] = []

    async def look_up(self, answer, sources):
        self.asked.append(answer)
        if isinstance(self.outcome, ReadingProblem):
            raise ReadingError(self.outcome)
        return replace(self.outcome, sources=sources.given)


@pytest.mark.parametrize(
    ("outcome", "is_found", "is_told"),
    [
        (Evidence(is_whole=False), True, [False]),
        (ReadingProblem.CRASHED, True, [True]),
        (ReadingProblem.TOO_LONG, False, []),
        (ReadingProblem.TOO_LARGE, False, []),
        (ReadingProblem.ENDED, False, []),
    ],
)
def test_long_answers_are_looked_up_elsewhere(
    make_bench,
    qtbot,
    outcome,
    is_found,
    is_told,
):
    """By the process if it finds something, by the thread if it ends, and by nobody if it takes too much."""
    bench = make_bench([])
    finder = Finder(outcome)
    watch = watch_of(bench, look_ups=finder)
    bench.say(ASKED, "The rent is 4,150 a month.")
    assert verdicts(evidence_for(bench, bench.reply, watch)) == [("4,150", Verdict.FOUND)]
    assert not finder.asked
    bench.say("Once more, at length?", "The rent is 4,150 a month. " * 500)
    reply = bench.reply
    watch.prepare(bench.chat.current, reply.id)  # nothing long was given
    told = []
    failed = []
    watch.found.connect(lambda _, evidence: told.append(evidence))
    watch.failed.connect(failed.append)
    for _ in range(2):  # whatever was found out is known from then on
        with bench.signal(watch.found if is_found else watch.failed):
            watch.look(bench.chat.current, reply)
    assert finder.asked == [reply.text]
    assert [each.is_whole for each in told] == 2 * is_told
    assert failed == ([] if is_found else [reply.id, reply.id])


def test_what_was_given_is_made_ready_while_an_answer_is_written(make_bench):
    bench = make_bench([])
    finder = Finder(Evidence())
    watch = watch_of(bench, look_ups=finder)
    bench.say(f'{ASKED}\n"""\n{"The rent is 4,150 a month. " * 600}\n"""', "The rent is 4,150.")
    watch.prepare(bench.chat.current, bench.reply.id)
    bench.wait(lambda: finder.asked == [""])


MS = round(PATIENCE * 1000)
BOX = (0.1, 0.2, 0.3, 0.4)
PNG = png_of(2, 2, 6, memoryview(bytes(12)))
SOUGHT = WordsOnPage("thirty-six", 0, 10)


@dataclass
class Folder:
    """Files that are kept in a folder under their digests."""

    path: Path

    def path_of(self, digest):
        return self.path / digest


def decoded(png):
    assert threading.current_thread() is not threading.main_thread()
    image = QImage.fromData(png)
    return None if image.isNull() else image


def scripted(**options):
    return ScriptedDrawer(pictures=[PagePicture(1, PNG, 3, (BOX,), (BOX,), BOX)], **options)


def drawer(work, reader, folder=FILES):
    return PagePictures(work, Folder(folder), lambda: reader, decoded)


def drawn(pictures, wanted, qtbot):
    with qtbot.waitSignal(pictures.drawn, timeout=MS) as told:
        pictures.request_page(wanted)
    assert told.args[0] == wanted
    return told.args[1]


def failed(pictures, wanted, qtbot):
    with qtbot.waitSignal(pictures.failed, timeout=MS) as told:
        pictures.request_page(wanted)
    return told.args[1]


def test_a_page_of_a_file_is_drawn_by_the_readers_process(work, qtbot):
    page = drawn(drawer(work, ReaderProcess()), WantedPage("report-latex.pdf", 1, 400, SOUGHT), qtbot)
    assert isinstance(page.image, QImage)
    assert page.image.width() >= 400
    assert (page.count, len(page.place), len(page.paragraph), page.is_marked) == (1, 1, 1, True)


def test_a_page_is_drawn_once_and_another_place_on_it_only_looked_for(work, qtbot):
    reader = scripted()
    pictures = drawer(work, reader)
    first = WantedPage("a", 1, 400, SOUGHT)
    page = drawn(pictures, first, qtbot)
    assert drawn(pictures, first, qtbot) == page
    assert len(reader.asked) == 1
    other = WantedPage("a", 1, 400, WordsOnPage("else", 0, 4))
    told = []
    pictures.drawn.connect(lambda _, page: told.append(page.is_marked))
    assert not drawn(pictures, other, qtbot).is_marked  # at once, what there is
    qtbot.waitUntil(lambda: told == [False, True], timeout=MS)
    assert [width for _, width, _ in reader.asked] == [400, 0]


def test_what_is_asked_for_last_is_drawn(work, qtbot):
    gate = asyncio.Event()
    reader = scripted(gate=gate)
    pictures = drawer(work, reader)
    told = []
    pictures.drawn.connect(lambda wanted, _: told.append(wanted.number))
    for number in range(1, 6):
        pictures.request_page(WantedPage("a", number, 400))
    qtbot.waitUntil(lambda: ((5,), 400, None) in reader.asked, timeout=MS)
    work.loop.submit(_open(gate))
    qtbot.waitUntil(lambda: told == [5], timeout=MS)


async def _open(gate):
    gate.set()


def test_what_cannot_be_drawn_is_told(work, qtbot, tmp_path):
    killed = ReaderProcess(program=[sys.executable, "-c", "import os; input(); os.kill(os.getpid(), 9)"])
    no_picture = ScriptedDrawer(pictures=[PagePicture(1, b"not a picture", 1)])
    for reader, folder, name, problem in (
        (ReaderProcess(), tmp_path, "", ReadingProblem.GONE),
        (ReaderProcess(), tmp_path, "gone", ReadingProblem.GONE),
        (killed, FILES, "report-latex.pdf", ReadingProblem.CRASHED),
        (no_picture, FILES, "a", ReadingProblem.CRASHED),
        (ScriptedDrawer(), FILES, "a", ReadingProblem.CRASHED),
    ):
        assert failed(drawer(work, reader, folder), WantedPage(name, 1, 400), qtbot) is problem
