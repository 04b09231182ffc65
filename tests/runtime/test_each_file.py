"""A question to each file of a folder: its rows, what becomes of each, and that none that is done is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.claims.claim import Shown
from desktop.core.documents.document import Block, Document, ReadingProblem, Run, Section, SectionKind
from desktop.core.errors import ProtocolError, StoreError, StreamBroken, Unreachable
from desktop.core.events import Failed, Finished, FinishReason, ReasoningDelta, StreamEvent, TextDelta
from desktop.core.evidence.checked import Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.folders import (
    LONGEST_ANSWER,
    FileRow,
    FileRun,
    FolderFile,
    FolderState,
    RowState,
    question_to_file,
    seconds_left,
)
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ThinkingMode, outgoing_text, room_for_reply
from desktop.runtime.each_file import EachFile
from desktop.store.database import SqliteStore
from tests.runtime.conftest import answer
from tests.support.scripted_backend import Hold, ScriptedBackend

CHOICE = ModelChoice("here", "scripted")
MINUTES = "Minutes \udcff.pdf"  # a name that is no Unicode, as some disks have
TEXTS = {
    "Offices/Canal Row.pdf": ["The lease of Canal Row.", "It ends on 31 December 2028. The rent is 4,150 a month."],
    "Offices/Dock Road.pdf": ["The lease of Dock Road ends on 30 June 2027."],
    MINUTES: ["The kitchen is painted in May."],
}
FILES = [
    *(FolderFile(path, 1, 1, True, None, len(pages), "application/pdf") for path, pages in TEXTS.items()),
    FolderFile("Scan.pdf", 1, 1, False, ReadingProblem.DAMAGED),
]
ANSWERS = {"Canal": "31 December 2028", "Dock": "30 June 2026", "kitchen": "Nothing."}


class Folders:
    """A folder that was read, but for what `waits`."""

    def __init__(self):
        self.known, self.waits, self.is_paused, self.looks = "contracts", set(), False, []

    async def files(self, folder):
        assert folder == "contracts"
        return FILES

    async def unread(self, folder):
        return [each for each in FILES if each.problem]

    def state(self, folder):
        return FolderState(folder, Path(folder), is_paused=self.is_paused) if folder == self.known else None

    def is_unread(self, folder, path):
        return path in self.waits

    def set_paused(self, folder, is_paused):
        self.is_paused = is_paused

    async def document(self, folder, path):
        for look in self.looks:
            look()
        if not self.known:
            return None
        sections = [
            Section(SectionKind.PAGE, number, "", (Block((Run(text),)),))
            for number, text in enumerate(TEXTS[path], start=1)
        ]
        return Document(path.rpartition("/")[2], "application/pdf", tuple(sections))


class Answering(ScriptedBackend):
    """Answers by what the file says; `fails` and `holds`: words of files at which it breaks off, or waits.

    `faulty`: what it says in place of the answer, by such words.
    """

    def __init__(self):
        super().__init__([])
        self.fails, self.holds, self.faulty = set(), set(), {}

    async def stream(self, request):
        asked = outgoing_text(request.messages[-1])
        about = next(each for each in ANSWERS if each in asked)
        self.script = answer(ANSWERS[about])
        if about in self.fails:
            self.script = [Failed(StreamBroken("eof"))]
        elif about in self.holds:
            self.script = [TextDelta("31"), Hold()]
        elif about in self.faulty:
            self.script = self.faulty[about]
        async for event in super().stream(request):
            yield event


async def looked_up(text, sources):
    return check(Shown(text), Given(sources.given), sources.question)


@pytest.fixture
def bench(make_bench):
    made = make_bench(Answering())
    made.chat.services.folders = Folders()
    made.say("Hello", "Hi")
    made.each = EachFile(made.chat, looked_up)
    yield made
    made.each.pause()


def begun(bench):
    run = bench.awaited(bench.each.made(bench.chat.current.id, "contracts", "Until when does it run?", CHOICE))
    bench.awaited(bench.each.start(run))
    return run.id


def done(bench, id):
    bench.wait(lambda: bench.each.running == "")
    return {each.name: each for each in bench.each.run(id).rows}


def stored(bench):
    store = bench.stored()
    try:
        return store.file_runs(bench.chat.current.id)
    finally:
        store.close()


def test_each_file_is_asked_and_its_answer_looked_up(bench):
    id = begun(bench)
    rows = done(bench, id)
    names = ("Canal Row.pdf", "Dock Road.pdf", "Minutes \ufffd.pdf", "Scan.pdf")
    canal, dock, minutes, scan = (rows[name] for name in names)
    assert (canal.state, canal.answer, canal.places) == (RowState.ANSWERED, "31 December 2028", (2,))
    assert (canal.missing, canal.within, canal.sections) == (0, "Offices", 2)
    assert [(each.text, each.verdict) for each in canal.things] == [("31 December 2028", Verdict.FOUND)]
    assert (dock.answer, dock.missing, len(dock.things)) == ("30 June 2026", 1, 1)
    assert (minutes.state, minutes.answer) == (RowState.SAYS_NOTHING, "")
    assert (scan.state, scan.problem) == (RowState.NOT_ASKED, ReadingProblem.DAMAGED)
    assert [bench.each.run(id)] == stored(bench)
    assert question_to_file("Until when does it run?") in outgoing_text(bench.backend.requests[-1].messages[-1])


def test_what_is_done_is_on_the_disk_and_goes_on_after_a_restart(bench):
    bench.backend.holds = {"Dock"}
    id = begun(bench)
    bench.wait(lambda: bench.each.run(id).done == 3)
    bench.drain()
    (kept,) = stored(bench)
    assert [each.state for each in kept.rows].count(RowState.WAITS) == 1
    bench.each.pause()
    again = EachFile(bench.chat, looked_up)
    again.read(bench.chat.current.id)
    bench.wait(lambda: again.run(id) is not None)
    assert (again.running, again.run(id)) == ("", kept)
    bench.backend.holds, asked = set(), len(bench.backend.requests)
    again.go_on(id)
    bench.wait(lambda: again.running == "")
    assert (again.run(id).done, len(bench.backend.requests) - asked) == (4, 1)


ENDLESS = [TextDelta("31 December 2028. "), *[TextDelta("word " * 100)] * 1000, Finished(FinishReason.STOP)]
FAULTS: dict[str, tuple[Sequence[StreamEvent], str]] = {
    "nothing": ([Finished(FinishReason.STOP)], "empty"),
    "white space": ([TextDelta(" \n"), Finished(FinishReason.STOP)], "empty"),
    "thinking alone": ([ReasoningDelta("Hm, it runs until"), Finished(FinishReason.LENGTH)], "thought"),
    "thinking without end": ([*[ReasoningDelta("word " * 100)] * 1000, *answer("31 December 2028")], "thought"),
    "a fault in the middle": ([TextDelta("31"), Failed(ProtocolError(reason="garbled"))], "garbled"),
    "no end": (ENDLESS, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_model_says_in_place_of_an_answer_is_not_taken_for_one(bench, fault):
    script, reason = FAULTS[fault]
    bench.backend.faulty = {"Canal": script}
    rows = done(bench, begun(bench))
    canal = rows["Canal Row.pdf"]
    assert rows["Dock Road.pdf"].state is RowState.ANSWERED
    if reason:
        assert (canal.state, canal.failure.reason, canal.answer) == (RowState.FAILED, reason, "")
    else:  # as far as the limit that was sent allows
        assert canal.answer.startswith("31 December 2028. word")
        assert len(canal.answer) < 20 * LONGEST_ANSWER


@pytest.mark.parametrize(
    ("modes", "asked"),
    [
        ((), ThinkingMode.OFF),
        ((ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON), ThinkingMode.OFF),
        ((ThinkingMode.AUTO, ThinkingMode.LOW, ThinkingMode.HIGH), ThinkingMode.LOW),
        ((ThinkingMode.AUTO,), ThinkingMode.AUTO),
    ],
)
def test_a_model_that_cannot_be_kept_from_thinking_has_room_for_it(bench, modes, asked):
    [listing] = bench.models.listings
    listing.models = [replace(each, thinking_modes=modes) for each in listing.models]
    done(bench, begun(bench))
    request = bench.backend.requests[-1]
    assert request.thinking.mode is asked
    assert (room_for_reply(request, counts_thinking=True) > LONGEST_ANSWER) is (asked is not ThinkingMode.OFF)


@pytest.mark.parametrize("meanwhile", ["the model is elsewhere", "the folder is forgotten"])
def test_a_file_is_not_sent_again_with_room_for_thinking_where_it_may_not_go_any_more(bench, monkeypatch, meanwhile):
    asked = []

    async def stream(request):
        asked.append(request)
        if meanwhile == "the folder is forgotten":
            bench.chat.services.folders.known = ""
        else:
            monkeypatch.setattr(bench.models, "place_of", lambda _: Place(PlaceKind.INTERNET, "example.org"))
        for event in FAULTS["thinking alone"][0]:
            yield event

    bench.backend.stream = stream
    rows = done(bench, begun(bench))
    assert len(asked) == 1
    assert [each.state for each in rows.values()].count(RowState.WAITS) == len(TEXTS)


@pytest.mark.parametrize(
    ("fault", "waits", "answered"),
    [
        (Unreachable("refused"), True, 2),  # the server was away, so what failed is asked again first
        (StreamBroken("eof"), True, 1),  # a file that it breaks off at does not keep the others waiting
        (StreamBroken("eof"), False, 1),  # nothing waits any more
    ],
)
def test_to_go_on_asks_again_what_failed_as_the_server_was_away_and_at_the_end_all(bench, fault, waits, answered):
    folders = bench.chat.services.folders
    bench.backend.faulty = {"Canal": [Failed(fault)]}
    folders.waits = {"Offices/Dock Road.pdf"} if waits else set()
    id = begun(bench)
    bench.wait(lambda: bench.each.run(id).done >= 3)
    bench.each.pause()
    bench.backend.faulty, folders.waits = {}, set()
    before = len(bench.backend.requests)
    bench.each.resume(id)
    assert done(bench, id)["Dock Road.pdf"].state is RowState.ANSWERED
    assert len(bench.backend.requests) - before == answered


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (Unreachable(reason="offline"), 1),
        (Unreachable(reason="policy"), 1),
        (StreamBroken("eof"), len(TEXTS)),  # which one file alone may be the cause of
    ],
)
def test_where_no_file_can_go_it_pauses_and_that_waits(bench, fault, asked):
    bench.backend.faulty = {each: [Failed(fault)] for each in ANSWERS}
    with bench.signal(bench.each.stopped) as stopped:
        id = begun(bench)
    assert (stopped.args[0], stopped.args[1].kind, stopped.args[1].reason) == (id, fault.kind, fault.reason)
    assert len(bench.backend.requests) == asked


def test_a_disk_that_is_full_stops_it_and_the_row_is_asked_again(bench):
    bench.backend.holds = {"Canal", "Dock", "kitchen"}
    id = begun(bench)
    bench.each.pause()
    bench.refuse("UPDATE ON each_file")
    bench.backend.holds = set()
    with bench.signal(bench.each.stopped):
        bench.each.go_on(id)
    assert bench.each.run(id).done == 1
    bench.on_disk("DROP TRIGGER refuse")
    bench.each.go_on(id)
    assert done(bench, id)["Canal Row.pdf"].answer == "31 December 2028"


def test_no_answer_is_added_once_a_policy_keeps_nothing(bench):
    bench.backend.holds = {"Canal", "Dock", "kitchen"}
    id = begun(bench)
    bench.each.pause()
    bench.drain()
    bench.backend.holds = set()
    bench.chat.services.store = SqliteStore(bench.database, None, lambda: True)
    with bench.signal(bench.each.stopped) as stopped:
        bench.each.go_on(id)
    assert stopped.args[1].reason == "policy"
    assert [each.state for each in stored(bench)[0].rows].count(RowState.WAITS) == len(TEXTS)
    with pytest.raises(StoreError, match="policy"):
        begun(bench)
    bench.awaited(bench.work.run(bench.chat.services.store.close))


def test_a_question_of_the_user_goes_first(bench):
    bench.backend.holds = {"Canal"}
    with bench.signal(bench.chat.generation_started):
        assert bench.chat.send("Tell me about the Canal")
    id = begun(bench)
    assert bench.each.run(id).done == 1
    bench.backend.holds = set()
    bench.chat.stop()
    assert done(bench, id)["Canal Row.pdf"].state is RowState.ANSWERED


def test_what_the_folder_has_not_read_is_waited_for_until_it_pauses_or_is_forgotten(bench):
    folders = bench.chat.services.folders
    folders.waits = set(TEXTS)
    id = begun(bench)
    folders.is_paused = True
    bench.wait(lambda: bench.each.running == "")
    assert bench.each.run(id).done == 1
    folders.waits = {"Offices/Dock Road.pdf"}
    bench.each.go_on(id)
    bench.wait(lambda: bench.each.run(id).done == 3)
    folders.known, folders.waits = "", set()
    bench.wait(lambda: bench.each.running == "")
    states = {row.name: row.state for row in bench.each.run(id).rows}
    assert (states["Canal Row.pdf"], states["Dock Road.pdf"]) == (RowState.ANSWERED, RowState.WAITS)
    assert not bench.each.can_go_on(id)


def test_of_a_long_file_no_further_piece_goes_once_its_folder_is_forgotten(bench, monkeypatch):
    folders, ask_aside = bench.chat.services.folders, bench.models.ask_aside
    monkeypatch.setitem(TEXTS, MINUTES, ["The kitchen is painted. " * 1_000] * 20)
    bench.backend.faulty = {"kitchen": answer("The kitchen is painted in May.")}

    def ask(*given):
        folders.known = ""
        return ask_aside(*given)

    monkeypatch.setattr(bench.models, "ask_aside", ask)
    monkeypatch.setattr(f"{__name__}.FILES", [each for each in FILES if each.path == MINUTES])
    [row] = done(bench, begun(bench)).values()
    assert len(bench.backend.requests) == 1
    assert row.state is RowState.WAITS


def test_files_of_a_drive_that_was_taken_away_wait_until_it_is_back(make_bench, tmp_path):
    bench, here, away = make_bench(Answering()), tmp_path / "Leases", tmp_path / "away"
    here.mkdir()
    for name, words in {"a": "The Canal", "b": "The Dock", "c": "The kitchen"}.items():
        (here / f"{name}.txt").write_text(f"{words} runs until 31 December 2028.")
    bench.say("Hello, Dock", "Hi")
    folders, each = bench.chat.services.folders, EachFile(bench.chat, looked_up)
    folders.hold(True)
    folder = folders.give(here)
    bench.wait(lambda: folders.state(folder).files == 3)
    run = bench.awaited(each.made(bench.chat.current.id, folder, "Until when does it run?", CHOICE))
    here.rename(away)
    bench.awaited(each.start(run))
    id = run.id
    folders.hold(False)
    bench.wait(lambda: each.running == "")
    assert (each.run(id).done, folders.state(folder).is_there) == (0, False)
    each.go_on(id)
    bench.wait(lambda: each.running == "")
    assert each.run(id).done == 0
    away.rename(here)
    each.go_on(id)
    bench.wait(lambda: each.running == "")
    states = {row.name: row.state for row in each.run(id).rows}
    assert states == {"a.txt": RowState.ANSWERED, "b.txt": RowState.ANSWERED, "c.txt": RowState.SAYS_NOTHING}
    folders.end()


def test_it_goes_on_over_the_internet_only_where_the_user_let_it(bench, monkeypatch):
    folders, cloud = bench.chat.services.folders, Place(PlaceKind.INTERNET, "example.org")
    folders.waits = {"Offices/Dock Road.pdf"}
    id = begun(bench)
    bench.wait(lambda: bench.each.run(id).done == 3)
    asked = len(bench.backend.requests)
    monkeypatch.setattr(bench.models, "place_of", lambda choice: cloud)
    folders.waits = set()
    bench.wait(lambda: bench.each.running == "")
    with bench.signal(bench.each.consent_wanted) as wanted:
        bench.each.go_on(id)
    assert (wanted.args, bench.each.running, len(bench.backend.requests)) == ([id], "", asked)
    bench.awaited(bench.each.agree(id, cloud))
    bench.wait(lambda: bench.each.run(id).done == 4)
    assert stored(bench)[0].agreed == cloud


def test_it_is_erased_with_its_conversation_also_before_the_user_agrees(bench):
    id = begun(bench)
    done(bench, id)
    bench.each.forget([bench.chat.current.id])
    bench.awaited(bench.work.run(bench.store.delete_for_good, bench.chat.current.id))
    bench.awaited(bench.each.agree(id, Place(PlaceKind.INTERNET, "example.org")))
    assert (stored(bench), bench.each.run(id), bench.each.running) == ([], None, "")


def test_a_fault_of_the_program_pauses_it(bench):
    folders = bench.chat.services.folders
    folders.looks = [lambda: 1 / 0]
    with pytest.raises(ZeroDivisionError):
        begun(bench)
    assert bench.each.running == ""


def test_the_time_left_is_told_by_the_last_rows():
    run = FileRun(conversation="c", folder="f", question="?", choice=CHOICE, rows=(FileRow("a"),) * 8)
    assert seconds_left(run, []) is None
    assert seconds_left(run, [2.0, 4.0]) == 24.0
