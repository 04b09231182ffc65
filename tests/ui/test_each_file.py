"""One question for each of many files: the page and the whole in the window."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from desktop.core.place import Place, PlaceKind
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.widgets.buttons import ProgressRow
from desktop.ui.widgets.labels import PlaceBadge
from tests.readers.conftest import document_from
from tests.support.in_process import open_program
from tests.support.scripted_server import Cut, Hold, running_server
from tests.support.scripts import FORWARDED, ndjson, ollama_line, ollama_lines, ollama_script
from tests.support.tasks import result_of
from tests.ui.chat.test_folder_asking import ask, offered, opened, opened_over_contracts, sheet
from tests.ui.connections.test_forwarded_models import choose
from tests.ui.steps import answering

__all__ = ["opened"]

FILES = {
    "Leases/Lease Harbour Street 4.txt": ["The tenant is Lindqvist.", "Clause 12: six months' notice is given."],
    "Leases/Amendment 2.txt": ["Clause 2: nine months' notice is given for Harbour Street.", "The sum is 4,275."],
    "Rents.txt": ["Harbour Street 4: 4,150 a month.", "Lindqvist pays by transfer."],
    "Deposits.txt": ["For all offices 9,300 lies with the bank."],
    "Scan.png": [""],
}
QUESTION = "List all leases with their notice"
ANSWERS = {"six months": "Six months", "nine months": "=nine months", "4,150": "Nothing.", "9,300": "12 weeks"}


def chat(request):
    asked = request.json["messages"][-1]["content"]
    return ndjson(ollama_lines(next(answer for words, answer in ANSWERS.items() if words in asked)))


@pytest.fixture(autouse=True)
def files(monkeypatch):
    monkeypatch.setattr("tests.ui.chat.test_folder_asking.FILES", FILES)


@pytest.fixture
def server():
    with running_server(ollama_script(chat, forwarded=[FORWARDED])) as made:
        yield made


def begin(opened):
    ask(opened, QUESTION)
    choose_each_file(opened)


def choose_each_file(opened):
    offered(opened)
    QTest.keyClick(sheet(opened), Qt.Key.Key_1)
    QTest.keyClick(sheet(opened), Qt.Key.Key_Return)


def page_of(opened):
    """The page, when all files have been asked."""
    presenter = opened.window.parts.each_file
    opened.wait_until(lambda: presenter.runs.running == "" and presenter._shown and not opened.window.is_chat_in_front)
    return presenter.page


def done(opened):
    begin(opened)
    return page_of(opened)


def names(page):
    return [each.title for each in page.table.rows]


def press(page, words):
    buttons = [each for each in page.findChildren(QPushButton) if each.isVisible()]
    named = [each for each in buttons if each.text().strip().startswith(words)]
    found = min(named, key=lambda each: len(each.text()))
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_the_table_grows_is_sorted_narrowed_and_leads_to_the_page(opened, server):
    page = done(opened)
    assert opened.box.toPlainText() == ""
    assert len(server.chats) == 4
    assert names(page) == ["Deposits.txt", "Amendment 2.txt", "Lease Harbour Street 4.txt", "Rents.txt", "Scan.png"]
    spoken = {each.title: each.spoken for each in page.table.rows}
    assert (
        spoken["Lease Harbour Street 4.txt"]
        == "Lease Harbour Street 4.txt, Leases, Six months, 2, 1 of 1 found, not looked at"
    )
    assert "1 not found" in spoken["Deposits.txt"]
    assert "Says nothing of it, –, 2 pages read" in spoken["Rents.txt"]
    assert "Not asked · " in spoken["Scan.png"]
    press(page, "Answer")
    assert names(page)[:2] == ["Lease Harbour Street 4.txt", "Amendment 2.txt"]
    press(page, "Something not found 1")
    assert names(page) == ["Deposits.txt"]
    press(page, "With an answer 3")
    assert sorted(names(page)) == ["Amendment 2.txt", "Deposits.txt", "Lease Harbour Street 4.txt"]
    press(page, "All 5")
    page.table.go_to(next(each.key for each in page.table.rows if each.title.startswith("Lease")))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(EvidencePane)))
    opened.wait_until(
        lambda: "not looked at" not in next(r.spoken for r in page.table.rows if r.title.startswith("Lease"))
    )
    assert not opened.window.sidebar.isVisible()  # it gives way to the page
    [pane] = [each for each in opened.window.findChildren(EvidencePane) if each.isVisible()]
    assert pane.width() == opened.window.theme.px(420)  # all that it wants: the table has less
    opened.press("Escape")
    assert opened.window.sidebar.isVisible()
    opened.press("Escape")
    assert opened.window.is_chat_in_front
    assert opened.says(f"Each file was asked: “{QUESTION}” · 4 of 5 done")
    opened.click("Open")
    assert not opened.window.is_chat_in_front
    # It is kept, and a temporary conversation asks no file.
    chat = opened.program.chat
    assert [each.question for each in opened.stored().file_runs(chat.current.id)] == [QUESTION]
    chat.new_temporary()
    assert opened.window.parts.folder_asking.ask_each_file is None


def test_it_is_saved_as_a_table_without_formulas(opened, monkeypatch, tmp_path):
    page = done(opened)
    for ending in (".xlsx", ".csv", ".docx"):
        file = tmp_path / f"saved{ending}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, file=file: (str(file), ""))
        press(page, "Save as Excel…")
        opened.wait_until(file.exists)
        opened.wait_until(lambda file=file: file.name in page.notice.accessibleName())
        sections = document_from(file.read_bytes(), file.name).sections
        words = "\n".join(each.text for section in sections for each in section.blocks)
        assert QUESTION in words
        assert "=nine months" in words
        assert "Not asked · " in words
        assert "Show" not in words  # which is pressed, not read
        if ending == ".csv":
            assert "'=nine months" in file.read_text("utf-8")
        else:
            assert "scripted:" in words


def test_where_three_files_in_a_row_break_off_it_pauses_and_what_failed_is_asked_again(opened, server):
    route, broken = "POST /api/chat", ndjson([ollama_line("Six")], then=[Cut()])

    def breaks_off_once(request):
        return broken if "9,300" in request.json["messages"][-1]["content"] else chat(request)

    server.script[route] = [broken]
    page = done(opened)
    assert "nothing of them is kept" in page.notice.accessibleName()
    press(page.notice, "Open connections")
    assert opened.page == "connections"
    opened.press("Escape")
    assert opened.says("done · paused")
    opened.click("Open")
    server.script[route] = [breaks_off_once]
    press(page.notice, "Try again")
    opened.wait_until(lambda: opened.says("3 of 5 done"))
    page_of(opened)
    assert not page.notice.isVisible()
    server.script[route] = [chat]
    press(page, "Try the failed again")
    opened.wait_until(lambda: opened.says("4 of 5 done"))
    shown = [each.accessibleName() for each in page.findChildren(QPushButton) if each.isVisible()]
    assert "Try the failed again" not in shown


def test_while_it_goes_on_it_stands_in_the_sidebar_which_leads_to_it(opened, server):
    server.script["POST /api/chat"] = [ndjson([ollama_line("Six")], then=[Hold(), *ndjson(ollama_lines("Six")).steps])]
    begin(opened)
    opened.wait_until(lambda: not opened.window.is_chat_in_front)
    [row] = [each for each in opened.window.findChildren(ProgressRow) if each.isVisible()]
    assert row.accessibleName() == f"{opened.program.chat.current.title}, 1 of 5"
    opened.window.new_conversation()
    assert opened.window.is_chat_in_front
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    opened.wait_until(lambda: not opened.window.is_chat_in_front)
    assert opened.says("1 of 5 done")
    server.script["POST /api/chat"] = [chat]
    server.release()
    page_of(opened)
    assert not row.isVisible()


def test_it_goes_on_in_the_window_of_another_language_and_its_page_comes_back(
    open_it, qapp, candor_home, monkeypatch, tmp_path, server
):
    server.script["POST /api/chat"] = [ndjson([ollama_line("Six")], then=[Hold(), *ndjson(ollama_lines("Six")).steps])]
    with opened_over_contracts(open_it, monkeypatch, tmp_path) as opened:
        begin(opened)
        opened.wait_until(lambda: server.chats and not opened.window.is_chat_in_front)
        opened.program.shall_reopen = True
    server.script["POST /api/chat"] = [chat]
    server.release()
    with open_program(qapp, candor_home, before=opened.left) as opened:
        opened.wait_until(lambda: opened.says("4 of 5 done"))
        page = page_of(opened)
        assert page.isVisible()
        opened.wait_until(lambda: page.findChild(PlaceBadge).isVisible())  # once the models are known


def test_files_go_over_the_internet_after_one_question(opened, server):
    choose(opened, FORWARDED)
    with answering("Send"):  # the question itself
        ask(opened, QUESTION)
        opened.wait_until(lambda: sheet(opened) is not None)
    with answering("Cancel") as question:
        choose_each_file(opened)
        opened.wait_until(lambda: question.was_asked)
    assert question.text == "Send 4 files over the internet?"
    assert "Contracts" in question.more
    assert "ollama.com" in question.more
    assert server.chats == []
    assert opened.box.toPlainText() == QUESTION


def test_a_question_that_the_disk_refuses_stays_in_the_box(opened):
    failed = []
    opened.program.services.work.failed.connect(failed.append)
    with closing(sqlite3.connect(opened.folder / "candor.db")) as database:
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON each_file BEGIN SELECT RAISE(ABORT, 'no'); END")
    begin(opened)
    opened.wait_until(lambda: failed)
    assert opened.box.toPlainText() == QUESTION


def test_a_conversation_that_is_opened_before_the_question_about_the_internet_gets_neither(opened, server):
    choose(opened, FORWARDED)
    with answering("Send"):
        ask(opened, QUESTION)
        opened.wait_until(lambda: sheet(opened) is not None)
    with answering("Send") as question:
        choose_each_file(opened)
        opened.program.chat.new_temporary()
        opened.box.setPlainText("My own words")
        folders = opened.program.services.folders
        result_of(folders.files(folders.known()[0].id), opened.wait_until)
        opened.drain_store()
    assert not question.was_asked
    assert opened.box.toPlainText() == "My own words"
    assert server.chats == []


def test_a_conversation_that_is_opened_while_it_is_asked_about_the_internet_gets_no_table(opened, server):
    choose(opened, FORWARDED)
    with answering("Send"):
        ask(opened, QUESTION)
        opened.wait_until(lambda: sheet(opened) is not None)
    chat = opened.program.chat
    asked_in = chat.current.id
    choose_each_file(opened)
    opened.wait_until(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    chat.new()
    opened.box.setPlainText("My own words")
    next(each for each in box.findChildren(QPushButton) if each.text() == "Send").click()
    opened.drain_store()
    assert opened.box.toPlainText() == "My own words"
    assert (server.chats, chat.is_stored, opened.stored().file_runs(asked_in)) == ([], False, [])


def test_a_file_that_is_asked_again_goes_over_the_internet_after_another_question(opened, server, monkeypatch):
    done(opened)
    runs, cloud = opened.window.parts.each_file.runs, Place(PlaceKind.INTERNET, "example.org")
    [run] = runs.of_conversation(opened.program.chat.current.id)
    monkeypatch.setattr(opened.program.services.models, "place_of", lambda choice: cloud)
    with answering("Send") as question:
        runs.try_again(run.id, 0)
        opened.wait_until(lambda: question.was_asked)
    assert question.text == "Send 1 file over the internet?"
    assert "example.org" in question.more
    opened.wait_until(lambda: runs.run(run.id).done == len(run.rows))
    assert len(server.chats) == 5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_unicode_has_a_row_that_opens(opened):
    folder = opened.program.services.folders.known()[0]
    (folder.path / os.fsdecode(b"Br\xfccke.txt")).write_text("The gangway: six months of notice.", "utf-8")
    page = done(opened)
    assert names(page)[0] == "Br\ufffdcke.txt"
    page.table.go_to(page.table.rows[0].key)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(EvidencePane)))
