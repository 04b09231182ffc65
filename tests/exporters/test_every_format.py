"""Each module of `exporters/` keeps the contract of a format; tables as files; Markdown, plain text and web pages."""

from __future__ import annotations

import inspect
import io
import re
import shutil
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import desktop.exporters
from desktop.core.exporting import ALL_PARTS, ExportPart
from desktop.core.message import MessageStatus, ReasoningPart, TextPart, user_message
from desktop.core.place import THIS_COMPUTER
from desktop.core.resources import resource_path
from desktop.exporters import formats, web_page
from desktop.exporters.markdown import write
from desktop.exporters.plain_text import write as write_plainly
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.spreadsheet import csv_file, tables_in, workbook
from tests.exporters.talk import ANSWER, FILES, QUESTION, said, talk

FOLDER = Path(desktop.exporters.__path__[0])
FORMATS = formats()
each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.__name__.rpartition(".")[2])


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@each_format
def test_a_format_keeps_the_contract(form):
    assert isinstance(form.NAME, str), 'NAME = QT_TRANSLATE_NOOP("export", …)'
    assert form.NAME.strip() == form.NAME != ""
    assert re.fullmatch(r"\.[a-z0-9]+", form.ENDING), 'ENDING = ".md"'
    assert form.PARTS <= ALL_PARTS
    assert list(inspect.signature(form.write).parameters) == ["export"]
    assert inspect.getdoc(form), "says what kind of file it is"


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@each_format
def test_thinking_is_in_the_file_only_where_it_is_wanted(form):
    for export in (talk(), talk(QUESTION), talk(QUESTION, ANSWER), talk(replace(ANSWER, parts=()))):
        assert isinstance(form.write(export), bytes)
        assert isinstance(form.write(replace(export, parts=frozenset(ExportPart))), bytes)
    assert "Let me" not in said(form, talk(QUESTION, ANSWER))
    assert "Let me" in said(form, talk(QUESTION, ANSWER, with_thinking=True))


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@each_format
def test_an_answer_that_did_not_come_to_its_end_is_said_to_be_incomplete(form):
    for status in (MessageStatus.STOPPED, MessageStatus.CUT_OFF, MessageStatus.INTERRUPTED, MessageStatus.FAILED):
        told = said(form, talk(QUESTION, replace(ANSWER, status=status)))
        assert "incomplete" in told or status in told
    assert "incomplete" not in said(form, talk(QUESTION, ANSWER))


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@each_format
def test_model_place_and_time_are_in_the_file_only_where_they_are_wanted(form):
    whole = talk(QUESTION, ANSWER)
    for part, sign in ((ExportPart.MODEL, "qwen3:4b"), (ExportPart.PLACE, "api.example"), (ExportPart.TIME, "2026-")):
        if part not in form.PARTS:
            continue
        assert sign in said(form, whole)
        assert sign not in said(form, replace(whole, parts=whole.parts - {part}))


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
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


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
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


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@each_format
def test_what_no_text_may_hold_is_written_all_the_same(form):
    odd = "\ud800 \x00 \x0b \ufffe <script> ]]> &amp; {{{"
    talked = talk(user_message(odd), replace(ANSWER, parts=(TextPart(odd), ReasoningPart(odd))), title=odd)
    assert form.write(replace(talked, parts=frozenset(ExportPart)))


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("ending", [".md", ".txt"])  # formats in which words stand as they are
@given(texts=st.lists(st.text(min_size=1), max_size=5))
def test_no_word_is_lost(ending, texts):
    form = next(each for each in FORMATS if ending == each.ENDING)
    exported = form.write(talk(*map(user_message, texts))).decode()
    at = 0
    for each in texts:
        said = each.strip("\r\n").encode("utf-8", "backslashreplace").decode()
        at = exported.index(said, at) + len(said)


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
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


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_only_what_is_surely_a_number_is_one():
    sheet = parts(workbook([("Prices", ROWS)]))["xl/worksheets/sheet1.xml"]
    assert re.findall("<v>(.*?)</v>", sheet) == ["1020.50", "-3"]
    assert "<f>" not in sheet
    assert "=1+1</t>" in sheet
    assert "007</t>" in sheet
    assert "a &lt;b&gt;\n\ufffd</t>" in sheet


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
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


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_what_a_file_manager_left_among_the_parts_is_none(tmp_path, monkeypatch):
    expected = parts(workbook([("Prices", ROWS)]))
    shutil.copytree(resource_path("excel"), tmp_path / "excel")
    (tmp_path / "excel" / ".DS_Store").write_bytes(b"\0\xff")
    (tmp_path / "excel" / "xl" / "styles.xml~").write_text("$5")
    monkeypatch.setattr("desktop.rendering.written.html.resource_path", tmp_path.joinpath)
    assert parts(workbook([("Prices", ROWS)])) == expected


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_sheets_have_names_that_excel_takes():
    wanted = ("a/b:c", "x" * 50, "x" * 50, "", "A B C", "History", "HISTORY", "\U0001f600" * 27, "\U0001f600" * 27)
    book = parts(workbook([(name, ROWS) for name in wanted]))["xl/workbook.xml"]
    names = re.findall('<sheet name="([^"]*)"', book)
    assert len({name.casefold() for name in names} - {"history"}) == len(wanted)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_a_cell_is_no_longer_than_excel_takes():
    sheet = parts(workbook([("Prices", [["\U0001f600" * 20_000]])]))["xl/worksheets/sheet1.xml"]
    assert sheet.count("\U0001f600") == 32_767 // 2


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_text_with_commas_runs_nothing():
    made = csv_file([["a", 'b "c"'], ["=HYPERLINK(\0)", "-5"]]).decode()
    assert made == '\ufeffa,"b ""c"""\r\n\'=HYPERLINK(\ufffd),-5\r\n'


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("markdown", "count"), [("no table", 0), ("| a |\n|---|\n| b |\n\n- x\n\n| c |\n|---|", 2)])
def test_tables_are_found(markdown, count):
    assert len(list(tables_in(parse(markdown)))) == count


def test_all_that_was_said_is_there_with_its_speaker_and_place():
    text = write(talk(QUESTION, ANSWER, title="Terms\nof payment")).decode()
    assert text.startswith("# Terms of payment\n\n---\n\n**You** · 2026-")
    assert "\n\nWhat is *due*?\n\n---\n\n**qwen3:4b** · 2026-" in text
    assert text.endswith(" · internet api.example\n\n**45 days**\n")
    assert "Let me" not in text


def test_thinking_is_quoted_where_it_is_wanted():
    text = write(talk(QUESTION, ANSWER, with_thinking=True)).decode()
    assert text.startswith("# Untitled\n")
    assert text.endswith("\n\n> Let me\n>\n> > see\n\n**45 days**\n")


def test_an_answer_without_words_still_has_its_line():
    silent = replace(ANSWER, parts=(), model="", place=THIS_COMPUTER)
    text = write(talk(silent)).decode()
    assert "\n\n**Answer** · 2026-" in text
    assert text.endswith(" · this_computer \n")


def test_messages_stand_under_the_title_as_they_were_written():
    text = write_plainly(talk(QUESTION, ANSWER, title="Terms\nof payment")).decode()
    assert text.startswith("Terms of payment\n\n-----")
    assert "---\nYou · 2026-" in text
    assert "\n\nWhat is *due*?\n\n---" in text
    assert text.endswith(" · internet api.example\n\n**45 days**\n")
    assert "Let me" not in text


class Page(HTMLParser):
    """Reads a page and gathers its tags and their attributes."""

    def __init__(self, source):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_all_that_was_said_stands_under_the_title():
    page = web_page.write(talk(QUESTION, ANSWER, title="Terms & co", with_thinking=True)).decode()
    assert "<title>Terms &amp; co</title>" in page
    assert "<h1>Terms &amp; co</h1>" in page
    assert "<b>qwen3:4b</b> · 2026-" in page
    assert "<summary>Thinking</summary>Let me\n\n&gt; see</details>" in page
    assert "<p><b>45 days</b></p>" in page


def test_a_formula_is_mathml():
    page = web_page.write(talk(replace(ANSWER, parts=(TextPart("so $x^2$ and $\\nosuchthing$"),)))).decode()
    assert '<math display="inline"' in page
    assert "<msup>" in page
    assert r"<code>$\nosuchthing$</code>" in page


def test_one_answer_stands_by_itself():
    page = web_page.write(talk(replace(ANSWER, parts=(TextPart("# Terms"),)))).decode()
    assert page.count("<h1>") == 1
    assert "<h1>Terms</h1>" in page


def test_nothing_is_run_and_nothing_is_fetched():
    bad = '<script>x()</script> <img src="http://x.example/a"> ![b](http://x.example/b.png) [c](javascript:x) <!-- -->'
    source = web_page.write(talk(user_message(bad), replace(ANSWER, parts=(TextPart(bad),)), title=bad)).decode()
    page = Page(source)
    assert "default-src 'none'" in source
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "onclick", "onerror")]
    assert {value for name, value in page.attributes if name == "href"} <= {"http://x.example/a"}
