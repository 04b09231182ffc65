"""Exporting a conversation, with its sources, from the window."""

from __future__ import annotations

import json
import os
import sys
import time
import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop import exporters
from desktop.core.documents.document import SectionKind
from desktop.core.exporting import ExportPart
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.exporters import candor_file
from desktop.rendering.markdown.leaves import parse
from desktop.ui.evidence.words import sources_of_answers
from desktop.ui.exporting.importing import ImportDialog
from desktop.ui.exporting.presenter import ExportDialog
from desktop.ui.message_actions import Ask
from desktop.ui.widgets import boxes
from tests.exporters.talk import ANSWER, QUESTION, said, talk
from tests.readers.conftest import document_from
from tests.readers.making import xlsx
from tests.support.scripted_reader import ScriptedReader
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.evidence_scenes import contract, given
from tests.ui.languages import speaking
from tests.ui.steps import chip_words, drop, files_as_data

SCRIPT = ollama_script(ndjson(ollama_lines("It is **four**.", "Two and two.")))


def dialog_of(opened):
    """Open the dialog for the conversation, as from the sidebar."""
    opened.window.sidebar.export_requested.emit(opened.program.chat.current.id)
    return shown_dialog(opened)


def shown_dialog(opened):
    dialogs = [each for each in opened.window.findChildren(ExportDialog) if each.isVisible()]
    assert len(dialogs) == 1
    return dialogs[0]


def choose_file(monkeypatch, file):
    """Have the system's dialog choose this file. Returns the files that are suggested there."""
    suggested: list[str] = []

    def choose(_parent, _caption, name, kind):
        suggested.append(name)
        return str(file), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    return suggested


def export(opened, monkeypatch, file, *, with_thinking=False):
    """Export the conversation to a file of the kind that its ending says. Returns the file that was suggested."""
    suggested = choose_file(monkeypatch, file)
    dialog = dialog_of(opened)
    dialog.form.setCurrentIndex(dialog.form.findData(file.suffix))
    dialog.parts[ExportPart.THINKING].setChecked(with_thinking)
    dialog.export.click()
    return Path(suggested[0])


def wait_for(opened, says):
    opened.wait_until(lambda: says(opened.notice))


def test_a_conversation_becomes_a_file_that_can_be_opened(open_over, monkeypatch, tmp_path):
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    monkeypatch.setattr(boxes, "command_for", lambda file, _: [sys.executable, "-c", f"exit({file.exists():d})"])
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        first = dialog_of(opened)
        assert first.form.currentData() == ".docx"
        assert not first.parts[ExportPart.THINKING].isChecked()
        assert first.parts[ExportPart.SOURCES].isChecked()
        first.reject()
        for ending, with_thinking in product(("md", "txt", "pdf", "html"), (False, True)):
            file = tmp_path / f"talk 对话 {with_thinking}.{ending}"
            assert export(opened, monkeypatch, file, with_thinking=with_thinking).suffix == file.suffix
            wait_for(opened, lambda said, file=file: str(file) in said)
            if ending == "pdf":
                text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
            else:
                text = file.read_text(encoding="utf-8")
            assert "What is 2+2?" in text
            assert "four" in text
            assert ("Two and two." in text) is with_thinking
        for button in opened.window.notice.findChildren(QPushButton):
            button.click()
        opened.wait_until(lambda: len(shown) == 2)  # no file manager: the folder opens
        assert [Path(each.toLocalFile()) for each in shown] == [file, tmp_path]
        again = dialog_of(opened)  # what was chosen is remembered
        assert again.form.currentData() == ".html"
        assert again.parts[ExportPart.THINKING].isChecked()
        again.reject()
        assert opened.program.services.settings.now.export_ending == ".html"


def test_an_answer_or_a_table_becomes_a_file_and_none_is_written_over(open_over, monkeypatch, tmp_path):
    (leaf,) = parse("| a | b |\n|---|---|\n| 1 | 2 |")
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is 2+2?")
        choose_file(monkeypatch, tmp_path / "answer.md")
        opened.window.reading.ask(opened.program.chat.path.entries[-1].id, Ask.TAKE_ALONG)
        dialog = shown_dialog(opened)
        assert dialog.scope.count() == 2
        dialog.form.setCurrentIndex(dialog.form.findData(".md"))
        dialog.export.click()
        wait_for(opened, lambda said: "answer.md" in said)
        text = (tmp_path / "answer.md").read_text(encoding="utf-8")
        assert "It is **four**." in text
        assert "What is 2+2?" not in text.partition("---")[2]

        for name, begins in (("t.csv", b"\xef\xbb\xbfa,b"), ("t.xlsx", b"PK")):
            suggested = choose_file(monkeypatch, tmp_path / name)
            opened.window.reading.ask("any", Ask.SAVE_TABLE, leaf.table)
            wait_for(opened, lambda said, name=name: name in said)
            assert Path(suggested[0]).name == "a.xlsx"
            assert (tmp_path / name).read_bytes().startswith(begins)

        # The system's dialog asked nothing about the name that is made where one has no ending.
        (tmp_path / "talk.txt").write_text("of another day")
        choose_file(monkeypatch, tmp_path / "talk")
        dialog = dialog_of(opened)
        dialog.form.setCurrentIndex(dialog.form.findData(".txt"))
        dialog.export.click()
        wait_for(opened, lambda said: "talk 2.txt" in said)
        assert (tmp_path / "talk.txt").read_text() == "of another day"
        assert "It is **four**." in (tmp_path / "talk 2.txt").read_text(encoding="utf-8")

        no_folder = tmp_path / "talk.txt" / "talk.md"
        export(opened, monkeypatch, no_folder)
        wait_for(opened, lambda said: os.fspath(no_folder.parent) in said)
        assert opened.notice.startswith("The conversation was not exported")


@pytest.mark.window
def test_a_file_is_chosen_in_the_file_manager_of_each_system():
    file = Path("/home/a b/x,y – 税.pdf")
    assert boxes.command_for(file, "win32") == ["explorer.exe", "/select,", str(file)]
    assert boxes.command_for(file, "darwin") == ["open", "-R", str(file)]
    *call, address, startup = boxes.command_for(file, "linux")
    assert call[-1] == "org.freedesktop.FileManager1.ShowItems"
    assert (address, startup) == ("array:string:file:///home/a%20b/x%2Cy%20%E2%80%93%20%E7%A8%8E.pdf", "string:")


def test_an_answer_over_a_file_ends_with_where_it_was_found(open_over, monkeypatch, tmp_path):
    monkeypatch.setattr("desktop.app.ReaderProcess", ScriptedReader)
    contract, file = tmp_path / "contract.txt", tmp_path / "talk.docx"
    contract.write_text("The rent is 4,150 a month.\fThe deposit is 12,500.", encoding="utf-8")
    with open_over(ollama_script(ndjson(ollama_lines("The deposit is 12,500.")))) as (opened, _):
        opened.wait_for_model()
        drop(opened.window, files_as_data(contract))
        opened.wait_until(lambda: "2 pages" in " ".join(chip_words(opened)))
        opened.ask("How much is the deposit?")
        export(opened, monkeypatch, file)
        wait_for(opened, lambda said: str(file) in said)
    assert b"From: contract.txt, page 2" in zipfile.ZipFile(file).read("word/document.xml")


def test_in_chinese_the_words_of_the_export_have_colons_of_full_width(open_over, monkeypatch, tmp_path, qapp):
    monkeypatch.setattr("desktop.app.ReaderProcess", ScriptedReader)
    file, given = tmp_path / "talk.txt", [tmp_path / "one.txt", tmp_path / "two.txt"]
    for each in given:
        each.write_text("The rent is 4,150 a month.", encoding="utf-8")
    with speaking(qapp, "zh_CN"), open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        drop(opened.window, files_as_data(*given))
        opened.wait_until(lambda: len(chip_words(opened)) == len(given))
        opened.ask("What is 2+2?")
        export(opened, monkeypatch, file, with_thinking=True)
        opened.wait_until(file.exists)
    text = file.read_text(encoding="utf-8")
    assert "\n文件：one.txt" in text
    assert "、two.txt" in text
    assert "\n思考：\n" in text


def look_into(opened, monkeypatch, file):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    opened.program.screens.importing.choose_file()


def preview(opened, monkeypatch, file):
    look_into(opened, monkeypatch, file)
    opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(ImportDialog)))
    return next(each for each in opened.window.findChildren(ImportDialog) if each.isVisible())


def titles(opened):
    return {each.title for each in opened.program.chat.conversations}


def test_a_conversation_comes_back_is_then_known_and_what_is_none_is_said(open_over, monkeypatch, tmp_path):
    file, other = tmp_path / "talk.json", tmp_path / "other.json"
    other.write_text(json.dumps({"recipes": []}))
    export = talk(QUESTION, ANSWER, title="Terms of payment")
    ahead = replace(export.conversation, updated_at=time.time() + 1e9)  # which no span of keeping would end
    file.write_bytes(candor_file.write(replace(export, conversation=ahead)))
    with open_over(SCRIPT) as (opened, _):
        opened.wait_for_model()
        dialog = preview(opened, monkeypatch, file)
        assert "Terms of payment" in dialog.list.rows[0].title
        assert not titles(opened)
        dialog.take.click()
        opened.wait_until(lambda: "Terms of payment" in titles(opened))
        assert all(each.updated_at <= time.time() for each in opened.program.chat.conversations)
        again = preview(opened, monkeypatch, file)
        assert "here already" in again.list.rows[0].aside
        assert not again.take.isEnabled()
        again.reject()
        look_into(opened, monkeypatch, other)
        opened.wait_until(lambda: "No conversations of a program" in opened.notice)
        look_into(opened, monkeypatch, tmp_path / "nothing.json")
        opened.wait_until(lambda: "could not be read" in opened.notice)


def sheet(*prices, of="Chair"):
    rows = (
        f'<x:row r="{at}"><x:c r="A{at}" t="inlineStr"><x:is><x:t>{of} number {at}</x:t></x:is></x:c>'
        f'<x:c r="B{at}"><x:v>{price}</x:v></x:c></x:row>'
        for at, price in enumerate(prices, 1)
    )
    return f"<x:sheetData>{''.join(rows)}</x:sheetData>"


LETTER = given(contract())
SCAN = given(contract("Agreement.pdf", SectionKind.PAGE))
LIST = given(document_from(xlsx({"Prices": sheet(111, 222, 333, 444, 555, 666, 777)}), "Prices.xlsx"))
BOOK = given(document_from(xlsx({"Chairs": sheet(118, 229, 337), "Tables": sheet(941, 952, of="Table")}), "Book.xlsx"))


def reply(text):
    return Message(role=Role.ASSISTANT, parts=(TextPart(text),))


def line(answer, *files, question="What does it say?"):
    """The line below an answer over these files; empty where there is none."""
    asked, answered = user_message(question, attached=files), reply(answer)
    return sources_of_answers([asked, answered], [asked, answered]).get(answered.id, "")


RENT = "The rent is 4,150 a month."
BOTH = f"{RENT} The deposit is 12,500. Interest is 7 %."


@pytest.mark.parametrize(
    ("answer", "files", "english", "chinese"),
    [
        (RENT, [SCAN], "From: Agreement.pdf, page 1", "来源：Agreement.pdf，第 1 页"),
        (
            BOTH,
            [SCAN],
            "From: Agreement.pdf, pages 1–2 · 1 figure is not in the file: 7 %",
            "来源：Agreement.pdf，第 1–2 页 · 1 个数字不在文件中：7 %",
        ),
        (
            BOTH,
            [LETTER],
            "From: Rental contract.docx, clauses 4, 7 · 1 figure is not in the file: 7 %",
            "来源：Rental contract.docx，第 4、7 条 · 1 个数字不在文件中：7 %",
        ),
        ("Chair number 4: 444", [LIST], "From: Prices.xlsx, row 4", "来源：Prices.xlsx，第 4 行"),
        (
            f"{RENT}\n\n- Chair number 2: 222\n- Chair number 3: 333\n- Chair number 6: 666",
            [SCAN, LIST],
            "From: Agreement.pdf, page 1; Prices.xlsx, rows 2–3, 6",
            "来源：Agreement.pdf，第 1 页；Prices.xlsx，第 2–3、6 行",
        ),
        (
            "The chairs cost 118 and 337. The table costs 952.",
            [BOOK],
            "From: Book.xlsx, rows 1, 3 of “Chairs”, row 2 of “Tables”",
            "来源：Book.xlsx，工作表“Chairs”第 1、3 行，工作表“Tables”第 2 行",
        ),
        ("The interest is 7 %.", [SCAN], "1 figure is not in the file: 7 %", "1 个数字不在文件中：7 %"),
        (
            "The rent in clause 4 is 4,250 a month; the deposit is 12,500.",
            [SCAN],
            "From: Agreement.pdf, pages 1–2 · 1 to check: 4,250",
            "来源：Agreement.pdf，第 1–2 页 · 1 处要核对：4,250",
        ),
        ("Good morning.", [SCAN], "", ""),
    ],
)
def test_one_line_tells_where_it_was_found(qapp, answer, files, english, chinese):
    assert line(answer, *files) == english
    with speaking(qapp, "zh_CN"):
        assert line(answer, *files) == chinese


def test_what_was_not_given_as_a_file_is_not_named():
    assert line(RENT) == ""
    assert line(RENT, question='What is the rent?\n\n"""\nThe rent is 4,150 a month.\n"""') == ""


@pytest.mark.parametrize("form", exporters.formats(), ids=lambda form: form.ENDING)
def test_every_form_has_the_line_below_the_answer_and_no_notes(qapp, form):
    asked, answered = user_message("What?", attached=(SCAN,)), reply("The deposit is 12,500; the rent is 4,150.")
    sources = {answered.id: "From: plan_B *2026*.pdf, pages 1–2"}
    export = replace(talk(asked, answered, user_message("Thanks")), sources=sources)
    shown = said(form, export).replace("\\", "")
    assert shown.count("plan_B *2026*.pdf, pages 1–2") == int(ExportPart.SOURCES in form.PARTS)
    assert "[^" not in shown
    if ExportPart.SOURCES in form.PARTS:
        assert shown.index("the rent is 4,150.") < shown.index("plan_B") < shown.index("Thanks")
    assert "plan_B" not in said(form, replace(export, parts=export.parts - {ExportPart.SOURCES}))
