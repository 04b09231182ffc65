"""Evidence is found off the GUI thread, from what is stored, and kept."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.claims.claim import Shown
from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence, Verdict
from desktop.core.evidence.sources import Sources
from desktop.core.message import Message, TextPart
from desktop.runtime.evidence.watch import EvidenceWatch
from tests.runtime.conftest import Bench, MakeBench
from tests.runtime.talking import SECONDS, say
from tests.support.scripted_backend import ScriptedBackend

CONTRACT = "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nClause 7 Deposit\n\nThe tenant pays a deposit of 12,500."
ASKED = f'What is the rent? We are 17 people.\n\n"""\n{CONTRACT}\n"""'


def evidence_for(watch: EvidenceWatch, bench: Bench, qtbot: QtBot, reply: Message) -> Evidence:
    with qtbot.waitSignal(watch.found, timeout=SECONDS) as told:
        watch.look(bench.chat.current, reply)
    assert told.args is not None
    assert told.args[0] == reply.id
    found = told.args[1]
    assert isinstance(found, Evidence)
    return found


def verdicts(evidence: Evidence) -> list[tuple[str, Verdict]]:
    return [(each.text, each.verdict) for each in evidence.checked if each.verdict is not Verdict.UNCHECKED]


def test_an_answer_is_looked_up_in_the_material_above_it(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, ASKED, "Rent: 12,500 for 17 people; the deposit is 12,500.")
    found = evidence_for(EvidenceWatch(bench.chat.services, Shown), bench, qtbot, bench.path[-1])
    assert verdicts(found) == [
        ("12,500", Verdict.ELSEWHERE),
        ("17 people", Verdict.FROM_QUESTION),
        ("12,500", Verdict.FOUND),
    ]
    place = found.checked[-1].places[0]
    source = found.sources[place.source]
    assert source.text[place.start : place.end] == "12,500"
    assert source.message_id == bench.path[0].id


def test_what_is_said_below_an_answer_does_not_count(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, "What is the rent?", "The rent is 4,150 a month.")
    first = bench.path[-1]
    say(bench, qtbot, ASKED, "The rent is 4,150 a month.")
    watch = EvidenceWatch(bench.chat.services, Shown)
    assert evidence_for(watch, bench, qtbot, first) == NO_EVIDENCE
    assert verdicts(evidence_for(watch, bench, qtbot, bench.path[-1])) == [("4,150", Verdict.FOUND)]


def test_it_is_found_again_after_a_restart(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, ASKED, "The rent is 4,510 a month.")
    reply = bench.path[-1]
    before = evidence_for(EvidenceWatch(bench.chat.services, Shown), bench, qtbot, reply)
    assert evidence_for(EvidenceWatch(bench.chat.services, Shown), bench, qtbot, reply) == before


def test_it_is_looked_for_once_and_off_the_gui_thread(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, ASKED, "The rent is 4,150 a month.")
    threads: list[threading.Thread] = []

    def shown_in(text: str) -> Shown:
        threads.append(threading.current_thread())
        return Shown(text)

    watch = EvidenceWatch(bench.chat.services, shown_in)
    first = evidence_for(watch, bench, qtbot, bench.path[-1])
    assert evidence_for(watch, bench, qtbot, bench.path[-1]) is first
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_words_that_have_changed_are_looked_up_again(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, ASKED, "The rent is 4,150 a month.")
    watch = EvidenceWatch(bench.chat.services, Shown)
    evidence_for(watch, bench, qtbot, bench.path[-1])
    longer = replace(bench.path[-1], parts=(TextPart("The rent is 4,150, the deposit 12,500."),))
    assert len(evidence_for(watch, bench, qtbot, longer).checked) == 2


def test_what_was_left_out_of_the_request_does_not_count(make_bench: MakeBench, qtbot: QtBot) -> None:
    """But for the answers that were left out with it: they had been made before."""
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, ASKED, "The rent is 4,150 a month.")
    say(bench, qtbot, ASKED.replace("12,500", "13,000"), "The deposit is 12,500, the rent 4,150.")
    asked, first, _, second = bench.path
    bench.chat.change_settings(lambda settings: replace(settings, left_out=(asked.id, first.id)))
    watch = EvidenceWatch(bench.chat.services, Shown)
    assert verdicts(evidence_for(watch, bench, qtbot, first)) == [("4,150", Verdict.FOUND)]
    later = evidence_for(watch, bench, qtbot, second)
    assert len(later.sources) == 1
    assert verdicts(later)[0] == ("12,500", Verdict.NOT_FOUND)


class Finder:
    """A process that finds what it is told to, or fails with that."""

    def __init__(self, outcome: Evidence | ReadingProblem) -> None:
        self.outcome = outcome
        self.asked: list[str] = []

    async def look_up(self, answer: str, sources: Sources) -> Evidence:
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
    make_bench: MakeBench,
    qtbot: QtBot,
    outcome: Evidence | ReadingProblem,
    is_found: bool,
    is_told: list[bool],
) -> None:
    """By the process if it finds something, by the thread if it ends, and by nobody if it takes too much."""
    bench = make_bench(ScriptedBackend([]))
    finder = Finder(outcome)
    watch = EvidenceWatch(bench.chat.services, Shown, make_look_ups=lambda: finder)
    say(bench, qtbot, ASKED, "The rent is 4,150 a month.")
    assert verdicts(evidence_for(watch, bench, qtbot, bench.path[-1])) == [("4,150", Verdict.FOUND)]
    assert not finder.asked
    say(bench, qtbot, "Once more, at length?", "The rent is 4,150 a month. " * 500)
    reply = bench.path[-1]
    watch.prepare(bench.chat.current, reply.id)  # nothing long was given
    told: list[Evidence] = []
    failed: list[str] = []
    watch.found.connect(lambda _, evidence: told.append(evidence))
    watch.failed.connect(failed.append)
    for _ in range(2):  # whatever was found out is known from then on
        with qtbot.waitSignal(watch.found if is_found else watch.failed, timeout=SECONDS):
            watch.look(bench.chat.current, reply)
    assert finder.asked == [reply.text]
    assert [each.is_whole for each in told] == 2 * is_told
    assert failed == ([] if is_found else [reply.id, reply.id])


def test_what_was_given_is_made_ready_while_an_answer_is_written(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    finder = Finder(Evidence())
    watch = EvidenceWatch(bench.chat.services, Shown, make_look_ups=lambda: finder)
    say(bench, qtbot, f'{ASKED}\n"""\n{"The rent is 4,150 a month. " * 600}\n"""', "The rent is 4,150.")
    watch.prepare(bench.chat.current, bench.path[-1].id)
    qtbot.waitUntil(lambda: finder.asked == [""], timeout=SECONDS)
