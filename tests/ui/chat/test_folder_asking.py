"""A question in a conversation with folders: what is found goes with it, and nothing before the user has said how."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.core.errors import StoreError
from desktop.core.request import Errand
from desktop.core.trust import EntryFilter
from desktop.runtime.background import Awaited
from desktop.store import folders as store
from desktop.store.ledger import Ledger
from desktop.store.paths import LEDGER
from desktop.ui.chat.filling import AskingSheet
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.folders import FolderChip
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.remarks import AnswerPassages
from desktop.ui.widgets.buttons import ChoiceRow
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.rows import RowList
from tests.support.scripted_reader import ScriptedReader
from tests.support.scripted_server import Hold, running_server
from tests.support.scripts import FORWARDED, ndjson, ollama_line, ollama_lines, ollama_script
from tests.ui.connections.test_forwarded_models import choose
from tests.ui.steps import answering

pytestmark = pytest.mark.window

FILES = {
    "Leases/Lease Harbour Street 4.txt": ["The tenant is Lindqvist.", "Clause 12: six months' notice is given."],
    "Leases/Amendment 2.txt": [
        "Clause 2: nine months' notice is given for Harbour Street.",
        "From January the basic sum is 4,275, paid in advance.",
    ],
    "Rents.txt": ["Harbour Street 4: 4,150 a month.", "Lindqvist: account GB29 NWBK 6016 1331 9268 19."],
    "Deposits.txt": ["For all offices 9,300 lies with the bank."],
    "Policy 7731.txt": ["The premium is 310 a year, and cash cover goes to 20,000."],
    "Scan.png": [""],
}
ASKS_FOR_WORDS = "Which words would stand in the headings and clauses"
NOWHERE = "Which parking spaces has Lindqvist?"
ANSWER = "It is nine months. The rent is 4,150 a month, 4,275 from January, and the deposit 9,300."


def chat(request):
    """Answer a question, or name words that a file would use which answers it."""
    asked = request.json["messages"][-1]["content"]
    words = "premium, cash cover" if "insurance" in asked else "car park, bays"
    words = "premium, cash, timetable, driver, departure" if "shuttle" in asked else words
    words = "I do not know any of your files." if "helicopter" in asked else words
    return ndjson(ollama_lines(words if ASKS_FOR_WORDS in asked else ANSWER))


@pytest.fixture
def server():
    with running_server(ollama_script(chat, forwarded=[FORWARDED])) as made:
        yield made


@pytest.fixture
def opened(open_it, monkeypatch, tmp_path):
    with opened_over_contracts(open_it, monkeypatch, tmp_path) as program:
        yield program


@contextmanager
def opened_over_contracts(open_it, monkeypatch, tmp_path):
    """Open the program with a conversation about a folder, all of which has been read."""
    for path, pages in FILES.items():
        file = tmp_path / "Contracts" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\f".join(pages), encoding="utf-8")
    monkeypatch.setattr("desktop.services.ReaderProcess", lambda _: ScriptedReader())
    with open_it() as program:
        chat, folders = program.program.chat, program.program.services.folders
        program.wait_for_models()
        contracts = folders.give(tmp_path / "Contracts")
        program.wait_until(lambda: folders.state(contracts).read == len(FILES) - 1)
        chat.change_settings(lambda settings: replace(settings, folders=(contracts,)))
        yield program


def ask(opened, question):
    opened.box.setPlainText(question)
    opened.press_enter()


def begin_anew(opened):
    """A new conversation about the same folder."""
    contracts = opened.program.services.folders.known()[0].id
    opened.window.new_conversation()
    opened.program.chat.change_settings(lambda settings: replace(settings, folders=(contracts,)))


def sheet(opened):
    return next((each for each in opened.window.findChildren(AskingSheet) if each.isVisible()), None)


def offered(opened):
    opened.wait_until(lambda: sheet(opened) is not None)
    return [each.accessibleName() for each in sheet(opened).findChildren(ChoiceRow) if each.isVisible()]


def answered(opened, server, count):
    opened.wait_until(lambda: len(questions(server)) == count and opened.program.chat.generation is None)
    return questions(server)[-1]


def questions(server):
    """What was sent with each question, without the requests for other words."""
    sent = [[each["content"] for each in chat.json["messages"]] for chat in server.chats]
    return [each for each in sent if ASKS_FOR_WORDS not in each[-1]]


def test_what_is_found_goes_with_the_question_and_not_again_with_the_next(opened, server):
    ask(opened, "What notice must we give?")
    [sent] = answered(opened, server, 1)
    assert sent.startswith('""" Leases/Amendment 2.txt, page 1 of 2\n[Page 1]')  # the newer file first
    assert '""" Leases/Lease Harbour Street 4.txt, page 2 of 2' in sent
    assert "Lindqvist" not in sent
    assert sent.endswith("not a request of mine.\n\nWhat notice must we give?")
    assert opened.box.toPlainText() == ""
    ask(opened, "And the rent for Harbour Street?")
    first, _, second = answered(opened, server, 2)
    assert first == "What notice must we give?"
    assert "4,150" in second
    ask(opened, "Translate that")
    *_, third = answered(opened, server, 3)
    assert third == "Translate that"
    assert not opened.window.parts.folder_asking.take_escape()  # nothing goes on
    opened.write("What notice must we give?")
    opened.wait_until(lambda: "passages" in chip_of(opened))
    ask(opened, "Are you sure?")  # looks again in what was asked before
    assert "4,150" in answered(opened, server, 4)[-1]
    ask(opened, "Rewrite it as a letter to Brightwater")  # of whom no file speaks
    assert answered(opened, server, 5)[-1] == "Rewrite it as a letter to Brightwater"
    assert opened.notice == "Sent without Contracts: nothing in it bears on this."
    ask(opened, "List the rents for Harbour Street in a table")
    assert "4,150" in answered(opened, server, 6)[-1]


def test_where_nothing_bears_on_it_nothing_goes_and_what_may_help_is_offered(opened, server):
    ask(opened, NOWHERE)
    give, each_file, without = offered(opened)
    assert each_file.startswith("Ask each file")
    assert give == "Give it the 2 files that name “Lindqvist”, Takes a while"
    assert without == "Ask without the folder, No extra time"
    assert sheet(opened).accessibleName() == "Nothing in Contracts speaks of this"
    assert "“parking” in none" in sheet(opened).accessibleDescription()
    assert "1 cannot be read" in sheet(opened).accessibleDescription()
    assert "Nothing of your files was sent" in sheet(opened).accessibleDescription()
    assert len(server.chats) == 1  # which asked for other words, and the ledger says so
    with closing(Ledger(opened.program.services.folder / LEDGER)) as ledger:
        opened.wait_until(lambda: Errand.OTHER_WORDS in {each.purpose.errand for each in ledger.find(EntryFilter(), 9)})
    opened.press("Escape")
    assert (questions(server), sheet(opened), opened.box.toPlainText()) == ([], None, NOWHERE)


def test_what_would_go_over_the_internet_is_shown_each_time_and_personal_data_is_not_ticked(opened, server):
    choose(opened, FORWARDED)
    for count in (1, 2):
        with answering("Send"):
            if count == 1:
                ask(opened, "Harbour Street: account of Lindqvist")
            else:
                opened.window.parts.presenter.try_again()
        opened.wait_until(lambda: sheet(opened) is not None)
        assert sheet(opened).accessibleName() == "4 of 5 passages would go over the internet"
        [boxes] = sheet(opened).findChildren(RowList)
        QTest.keyClick(boxes, Qt.Key.Key_Right)
        opened.wait_until(lambda: not opened.window.is_chat_in_front)
        opened.press("Escape")
        opened.click("Send these 4", sheet(opened))
        sent = answered(opened, server, count)[-1]
        assert "The tenant is Lindqvist" in sent
        assert "NWBK" not in sent


def hold(opened, name):
    """Have a step of the folders wait; what was asked of it so far, and what lets it go on."""
    folders, let, asked = opened.program.services.folders, Future(), []
    do = getattr(folders, name)

    async def held(*args, **kwargs):
        asked.append(args)
        await Awaited(let, opened.program.services.work)
        return await do(*args, **kwargs)

    setattr(folders, name, held)
    return asked, let


@pytest.mark.parametrize(
    ("during", "question", "what"),
    [
        ("find", NOWHERE, "model"),  # for which other words would be asked of it
        ("find", "List all leases with their notice", "taken out"),
        ("find", "List all leases with their notice", "forgotten"),
        ("parts", "What notice must we give?", "forgotten"),
        ("parts", "What notice must we give?", "model"),
        ("sheet", "What notice must we give?", "forgotten"),
        ("sheet", "What notice must we give?", "model"),
    ],
)
def test_nothing_goes_to_another_model_or_from_another_folder_than_was_agreed_to(
    opened, server, during, question, what
):
    chat, folders = opened.program.chat, opened.program.services.folders
    local, [contracts] = chat.current.settings.choice, chat.current.settings.folders
    far = replace(local, model=FORWARDED)
    is_shown = during == "sheet"
    if is_shown:
        choose(opened, FORWARDED)
    asked, let = hold(opened, "find" if is_shown else during)
    with answering("Send"):
        ask(opened, question)
    opened.wait_until(lambda: asked)
    if is_shown:
        let.set_result(None)
        opened.wait_until(lambda: sheet(opened) is not None)
    if what == "model":
        chat.change_settings(lambda settings: replace(settings, choice=local if is_shown else far))
    elif what == "taken out":
        chat.change_settings(lambda settings: replace(settings, folders=()))
    else:
        folders.forget(contracts)
    if not let.done():  # else it waits no longer
        let.set_result(None)
    opened.wait_until(lambda: "have changed" in opened.notice)
    assert (server.chats, sheet(opened), opened.box.toPlainText()) == ([], None, question)
    assert not opened.window.composer.is_held


def test_a_folder_that_is_not_known_any_more_is_not_left_out_unsaid(opened, server):
    question, [contracts] = "What notice must we give?", opened.program.chat.current.settings.folders
    opened.program.services.folders.forget(contracts)
    ask(opened, question)
    opened.wait_until(lambda: "is not there any more" in opened.notice)
    assert (questions(server), opened.box.toPlainText()) == ([], question)
    opened.click("Ask without it")
    assert answered(opened, server, 1) == [question]


def test_a_question_that_goes_without_a_folder_goes_to_the_model_that_was_agreed_to_and_nothing_stays_held(
    opened, server
):
    chat, question = opened.program.chat, "What notice must we give?"
    chat.change_settings(lambda settings: replace(settings, folders=(*settings.folders, "forgotten")))
    ask(opened, question)
    opened.wait_until(lambda: "is not there any more" in opened.notice)
    choose(opened, FORWARDED)
    opened.click("Ask without it")
    opened.wait_until(lambda: "have changed" in opened.notice)
    assert (questions(server), opened.box.toPlainText()) == ([], question)
    assert not opened.window.composer.is_held


def test_what_goes_over_the_internet_once_more_is_shown_once_more(opened, server):
    choose(opened, FORWARDED)
    with answering("Send"):
        ask(opened, "What notice must we give?")
    opened.wait_until(lambda: sheet(opened) is not None)
    opened.click("Send these 2", sheet(opened))
    answered(opened, server, 1)
    answer = opened.program.chat.path.entries[-1].id
    for again in (Ask.WITHOUT_THINKING, Ask.CONTINUE, Ask.MORE_ROOM, Ask.ANSWER_NOW, None):
        with answering("") as question:
            if again is None:  # in an empty context, beside the answer
                opened.window.parts.fresh_comparing.ask_other(opened.program.chat.current.settings.choice)
            else:
                opened.window.chat_page.reading.ask(answer, again)
            opened.wait_until(lambda question=question: question.was_asked)
        assert "nine months" in question.detail, again
        assert len(questions(server)) == 1, again


def test_what_is_looked_for_in_vain_leaves_the_message_where_it_was(opened, server):
    folders = opened.program.services.folders
    find = folders.find
    for count, leave in enumerate(("Escape", "Stop", "writes", "disk", "Ctrl+N"), 1):
        looked, found = hold(opened, "find")
        ask(opened, "What notice must we give?")
        ask(opened, "What notice must we give?")
        opened.wait_until(lambda: opened.says("Looking in Contracts…"))
        if leave == "writes":
            opened.box.setPlainText("What notice must we give now?")
            found.set_result(None)
            opened.wait_until(lambda: "changed it meanwhile" in opened.notice)
            assert opened.box.toPlainText() == "What notice must we give now?"
        elif leave == "disk":
            found.set_exception(StoreError("other"))
            opened.wait_until(lambda: opened.notice)
        elif leave == "Stop":
            opened.click("Stop")
        else:
            opened.press(leave)
        folders.find = find
        assert len(looked) == 1, leave
        if leave == "Ctrl+N":
            assert opened.program.chat.path.is_empty
        else:
            ask(opened, "What notice must we give?")
            answered(opened, server, count)
            opened.wait_until(lambda: opened.window.chat_page.transcript.view_at(1).evidence.checked)
            begin_anew(opened)


def test_below_the_answer_stands_what_it_was_answered_from_and_what_it_says_is_found_in_the_rest(opened, server):
    ask(opened, "What notice for Harbour Street?")
    answered(opened, server, 1)
    transcript = opened.window.chat_page.transcript
    opened.wait_until(lambda: transcript.view_at(1).evidence.checked)
    evidence = transcript.view_at(1).evidence
    found = {each.text: evidence.source_of(each.places[0]).path for each in evidence.checked if each.places}
    assert found["4,150"] == "Rents.txt"
    assert found["4,275"] == "Leases/Amendment 2.txt"  # on a page that did not go
    assert found["9,300"] == "Deposits.txt"  # of which nothing went
    [below] = opened.window.findChildren(AnswerPassages)
    opened.click("From 4 passages of 3 files, folded", below)
    [files], [also] = below.findChildren(RowList), below.findChildren(PlainLabel)
    assert [(row.title, row.aside) for row in files.rows] == [
        ("Amendment 2.txt", "pages 1 · 2"),
        ("Rents.txt", "page 1"),
        ("Also sent: 2 passages of another file", ""),
        ("Lease Harbour Street 4.txt", "2 passages, pages 1 · 2"),
    ]
    assert also.text() == "1 of 6 files cannot be read"
    files.setFocus()
    QTest.keyClick(files, Qt.Key.Key_Return)
    [pane] = opened.window.findChildren(EvidencePane)
    opened.wait_until(pane.isVisible)
    assert (pane.title.text(), pane.path.text()) == ("Amendment 2.txt", "Leases")
    QTest.keyClick(files, Qt.Key.Key_End)
    QTest.keyClick(files, Qt.Key.Key_Return)
    assert pane.title.text() == "Lease Harbour Street 4.txt"


def test_a_question_that_waits_or_is_changed_takes_its_passages_along_but_shows_none_as_files(opened, server):
    server.script["POST /api/chat"] = [
        ndjson([ollama_line("It is")], then=[Hold(), *ndjson(ollama_lines(ANSWER)).steps])
    ]
    ask(opened, "What is the rent for Harbour Street?")
    opened.wait_for_text("It is")
    ask(opened, "What notice must we give?")
    opened.wait_until(lambda: opened.program.chat.waiting)
    assert opened.program.chat.waiting[0].words == "What notice must we give?"
    server.script["POST /api/chat"] = [chat]
    server.release()
    assert "nine months" in answered(opened, server, 2)[-1]
    opened.press("Up")
    opened.wait_until(lambda: opened.box.toPlainText() == "What notice must we give?")
    assert opened.program.chat.attachments.items == []
    ask(opened, "What rent for Harbour Street?")
    assert "4,150" in answered(opened, server, 3)[-1]
    assert [entry.versions for entry in opened.program.chat.path.entries] == [1, 1, 2, 1]


def test_where_its_words_find_nothing_the_model_names_others_of_which_what_is_hardly_found_is_asked_about(
    opened, server
):
    ask(opened, "What insurance do we have?")
    [sent] = answered(opened, server, 1)
    assert "cash cover goes to 20,000" in sent
    assert [ASKS_FOR_WORDS in chat.json["messages"][-1]["content"] for chat in server.chats] == [True, False]
    begin_anew(opened)
    ask(opened, "When goes our shuttle?")
    closest, *_ = offered(opened)
    assert closest.startswith("Give it what comes closest")
    assert sheet(opened).accessibleName() == "In other words only, Contracts may speak of this"
    assert len(questions(server)) == 1
    QTest.keyClick(sheet(opened), Qt.Key.Key_1)
    QTest.keyClick(sheet(opened), Qt.Key.Key_Return)
    assert "The premium is 310" in answered(opened, server, 2)[0]


def chip_of(opened):
    [chip] = opened.window.findChildren(FolderChip)
    return chip.accessibleName()


def test_a_text_that_went_by_way_of_a_folder_comes_back_by_undo(opened, server):
    """Of a first message that needs a text, and is answered from the folder that was asked last."""
    opened.program.chat.change_settings(lambda settings: replace(settings, folders=()))
    question = "Check the notice in this lease."
    ask(opened, question)
    opened.wait_until(lambda: opened.notice)
    opened.click("Ask Contracts")
    assert answered(opened, server, 1)[-1].endswith(question)
    assert opened.box.toPlainText() == ""
    QTest.keySequence(opened.box, QKeySequence(QKeySequence.StandardKey.Undo))
    assert opened.box.toPlainText() == question


def test_what_was_answered_while_files_were_unread_can_be_asked_again_once_they_are_read(opened, server):
    folders, [contracts] = opened.program.services.folders, opened.program.chat.current.settings.folders
    folders.set_paused(contracts, True)
    (folders.state(contracts).path / "Side letter.txt").write_text("Ten months' notice is given.", "utf-8")
    ask(opened, "What notice must we give?")
    assert "Ten months" not in answered(opened, server, 1)[-1]
    opened.wait_until(lambda: below(opened).endswith("5 of 7 files had been read by then"))  # told a moment later
    folders.set_paused(contracts, False)
    opened.wait_until(lambda: "Ask again now" in below(opened))
    opened.click("Ask again now")
    assert "Ten months" in answered(opened, server, 2)[-1]
    opened.wait_until(lambda: below(opened))
    assert "Ask again now" not in below(opened)


def below(opened):
    """The words of the buttons below the answers in sight."""
    shown = [each for each in opened.window.findChildren(AnswerPassages) if each.isVisible()]
    return " ".join(each.text() for every in shown for each in every.findChildren(QPushButton) if each.isVisible())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_unicode_is_sent_named_with_a_mark_and_opens(opened, server):
    folder = opened.program.services.folders.known()[0]
    (folder.path / os.fsdecode(b"Br\xfccke.txt")).write_text("The gangway is painted in March.", "utf-8")
    ask(opened, "When is the gangway painted?")
    [sent] = answered(opened, server, 1)
    assert '""" Br\ufffdcke.txt' in sent
    [below] = [each for each in opened.window.findChildren(AnswerPassages) if each.isVisible()]
    opened.click("From 1 passage of 1 file, folded", below)
    [rows] = below.findChildren(RowList)
    assert [each.title for each in rows.rows] == ["Br\ufffdcke.txt"]
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Return)
    opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(EvidencePane)))


def test_a_question_of_the_last_time_waits_for_the_folder_that_it_was_written_for(
    open_it, monkeypatch, tmp_path, server
):
    (tmp_path / "Contracts").mkdir()
    (tmp_path / "Contracts" / "a.txt").write_text("Nine months' notice is given.", encoding="utf-8")
    monkeypatch.setattr("desktop.services.ReaderProcess", lambda _: ScriptedReader())
    with open_it() as first:
        folders = first.program.services.folders
        first.wait_for_models()
        given = folders.give(tmp_path / "Contracts")
        first.wait_until(lambda: folders.state(given).read == 1)
        first.program.chat.change_settings(lambda settings: replace(settings, folders=(given,)))
        first.write("What notice must we give?")
        first.drain_store()
    known, let = store.known_folders, threading.Event()
    monkeypatch.setattr(store, "known_folders", lambda home: (let.wait(20), known(home))[1])
    with open_it() as second:
        second.wait_for_models()
        second.wait_until(lambda: second.box.toPlainText() == "What notice must we give?")
        second.press_enter()
        let.set()
        assert "Nine months" in answered(second, server, 1)[-1]
