"""Each module of `exporters/` keeps the contract of a format, and is offered because it lies there; tables as files."""

from __future__ import annotations

import inspect
import io
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import desktop.exporters
from desktop.core.exporting.format import ALL_PARTS, ExportPart
from desktop.core.message import MessageStatus, ReasoningPart, TextPart, user_message
from desktop.core.resources import resource_path
from desktop.exporters import formats
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.spreadsheet import csv_file, tables_in, workbook
from tests.exporters.talk import ANSWER, FILES, QUESTION, said, talk

FOLDER = Path(desktop.exporters.__path__[0])
FORMATS = formats()
pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp")]  # letters are measured for a PDF
each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.__name__.rpartition(".")[2])


def test_every_module_is_offered():
    files = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    offered = {getattr(form, "__name__", "").rpartition(".")[2] for form in FORMATS}
    assert files
    assert offered == files


def test_what_offices_want_is_offered_first():
    assert FORMATS[0].ENDING == ".docx"


def test_no_two_formats_have_the_same_name_or_ending():
    assert len({form.NAME for form in FORMATS}) == len(FORMATS)
    assert len({form.ENDING for form in FORMATS}) == len(FORMATS)


@each_format
def test_a_format_keeps_the_contract(form):
    assert isinstance(form.NAME, str), 'NAME = QT_TRANSLATE_NOOP("export", …)'
    assert form.NAME.strip() == form.NAME != ""
    assert re.fullmatch(r"\.[a-z0-9]+", form.ENDING), 'ENDING = ".md"'
    assert form.PARTS <= ALL_PARTS
    assert list(inspect.signature(form.write).parameters) == ["export"]
    assert inspect.getdoc(form), "says what kind of file it is"


@each_format
def test_a_name_can_be_translated(form):
    source = Path(inspect.getsourcefile(form) or "").read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert f'QT_TRANSLATE_NOOP("export", "{form.NAME}")' in source


@each_format
def test_thinking_is_in_the_file_only_where_it_is_wanted(form):
    for export in (talk(), talk(QUESTION), talk(QUESTION, ANSWER), talk(replace(ANSWER, parts=()))):
        assert isinstance(form.write(export), bytes)
        assert isinstance(form.write(replace(export, parts=frozenset(ExportPart))), bytes)
    assert "Let me" not in said(form, talk(QUESTION, ANSWER))
    assert "Let me" in said(form, talk(QUESTION, ANSWER, with_thinking=True))


@each_format
def test_an_answer_that_did_not_come_to_its_end_is_said_to_be_incomplete(form):
    for status in (MessageStatus.STOPPED, MessageStatus.CUT_OFF, MessageStatus.INTERRUPTED, MessageStatus.FAILED):
        told = said(form, talk(QUESTION, replace(ANSWER, status=status)))
        assert "incomplete" in told or status in told
    assert "incomplete" not in said(form, talk(QUESTION, ANSWER))


@each_format
def test_model_place_and_time_are_in_the_file_only_where_they_are_wanted(form):
    whole = talk(QUESTION, ANSWER)
    for part, sign in ((ExportPart.MODEL, "qwen3:4b"), (ExportPart.PLACE, "api.example"), (ExportPart.TIME, "2026-")):
        if part not in form.PARTS:
            continue
        assert sign in said(form, whole)
        assert sign not in said(form, replace(whole, parts=whole.parts - {part}))


@each_format
def test_a_model_is_never_named_by_the_folder_of_its_file(form):
    if form.HAS_VERSIONS:  # it comes back as it was
        return
    for path in ("~/.cache/candor/models/Smol-135M.gguf", "C:\\Users\\me\\Smol-135M.gguf", "/home/me/Smol-135M.GGUF"):
        text = said(form, talk(QUESTION, replace(ANSWER, model=path)))
        assert "Smol-135M" in text
        assert "cache" not in text
        assert "me\\" not in text
        assert "/me/" not in text


@each_format
def test_progress_is_told_and_can_end_the_writing(form):
    told: list[float] = []
    form.write(replace(talk(QUESTION, ANSWER), progress=told.append))
    assert told == sorted(told)
    assert told[-1] == 1.0

    def cancel(_share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        form.write(replace(talk(QUESTION, ANSWER), progress=cancel))


@each_format
def test_what_no_text_may_hold_is_written_all_the_same(form):
    odd = "\ud800 \x00 \x0b \ufffe <script> ]]> &amp; {{{"
    talked = talk(user_message(odd), replace(ANSWER, parts=(TextPart(odd), ReasoningPart(odd))), title=odd)
    assert form.write(replace(talked, parts=frozenset(ExportPart)))


@pytest.mark.parametrize("ending", [".md", ".txt"])  # formats in which words stand as they are
@given(texts=st.lists(st.text(min_size=1), max_size=5))
def test_no_word_is_lost(ending, texts):
    form = next(each for each in FORMATS if ending == each.ENDING)
    exported = form.write(talk(*map(user_message, texts))).decode()
    at = 0
    for each in texts:
        said = each.strip("\r\n").encode("utf-8", "backslashreplace").decode()
        at = exported.index(said, at) + len(said)


@each_format
def test_the_files_of_a_message_are_named(form):
    written = said(form, talk(user_message("", attached=FILES))).replace("\\", "")
    if form.HAS_VERSIONS:  # all of a message is there
        assert "plan *B*.pdf" in written
        return
    assert "Files: plan *B*.pdf (page 1 of 2), photo.png" in written
    assert "secret" not in written


ROWS = [["Item", "5"], ["=1+1", "1020.50"], ["007", "-3"], ["15%", "1,020"], ["a <b>\n\ud800", ""]]


def parts(file):
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_only_what_is_surely_a_number_is_one():
    sheet = parts(workbook([("Prices", ROWS)]))["xl/worksheets/sheet1.xml"]
    assert re.findall("<v>(.*?)</v>", sheet) == ["1020.50", "-3"]
    assert "<f>" not in sheet
    assert "=1+1</t>" in sheet
    assert "007</t>" in sheet
    assert "a &lt;b&gt;\n\ufffd</t>" in sheet


@pytest.mark.parametrize(
    ("rows", "filtered"),
    [
        ([["File", "Answer", "Page"], ["a", "b", "c"], ["d", "e", "f"]], "A1:C3"),
        ([[f"{at}" for at in range(30)], ["a"]], "A1:AD2"),
        ([["Question", "Until when?"], ["Folder", "Leases"]], ""),  # which is about a table
        ([["Conversation"], ["You", "09:00", "Hello"]], ""),
        ([["File", "Answer", "Page"]], ""),
        ([], ""),
    ],
)
def test_the_head_of_a_table_stands_still_and_filters(rows, filtered):
    sheet = parts(workbook([("Leases", rows)]))["xl/worksheets/sheet1.xml"]
    assert re.findall('<autoFilter ref="(.*?)"', sheet) == ([filtered] if filtered else [])
    assert ('state="frozen"' in sheet) is bool(filtered)


def test_what_a_file_manager_left_among_the_parts_is_none(tmp_path, monkeypatch):
    expected = parts(workbook([("Prices", ROWS)]))
    shutil.copytree(resource_path("excel"), tmp_path / "excel")
    (tmp_path / "excel" / ".DS_Store").write_bytes(b"\0\xff")
    (tmp_path / "excel" / "xl" / "styles.xml~").write_text("$5")
    monkeypatch.setattr("desktop.rendering.written.xml_text.resource_path", tmp_path.joinpath)
    assert parts(workbook([("Prices", ROWS)])) == expected


def test_sheets_have_names_that_excel_takes():
    wanted = ("a/b:c", "x" * 50, "x" * 50, "", "A B C", "History", "HISTORY", "\U0001f600" * 27, "\U0001f600" * 27)
    book = parts(workbook([(name, ROWS) for name in wanted]))["xl/workbook.xml"]
    names = re.findall('<sheet name="([^"]*)"', book)
    assert len({name.casefold() for name in names} - {"history"}) == len(wanted)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_cell_is_no_longer_than_excel_takes():
    sheet = parts(workbook([("Prices", [["\U0001f600" * 20_000]])]))["xl/worksheets/sheet1.xml"]
    assert sheet.count("\U0001f600") == 32_767 // 2


def test_text_with_commas_runs_nothing():
    made = csv_file([["a", 'b "c"'], ["=HYPERLINK(\0)", "-5"]]).decode()
    assert made == '\ufeffa,"b ""c"""\r\n\'=HYPERLINK(\ufffd),-5\r\n'


@pytest.mark.parametrize(("markdown", "count"), [("no table", 0), ("| a |\n|---|\n| b |\n\n- x\n\n| c |\n|---|", 2)])
def test_tables_are_found(markdown, count):
    assert len(list(tables_in(parse(markdown)))) == count
