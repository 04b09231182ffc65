"""Tables as files of spreadsheets: what is a number, what stays text, and names that Excel takes."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from desktop.core.resources import resource_path
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.spreadsheet import csv_file, tables_in, workbook

ROWS = [["Item", "5"], ["=1+1", "1020.50"], ["007", "-3"], ["15%", "1,020"], ["a <b>\n\ud800", ""]]


def parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_only_what_is_surely_a_number_is_one() -> None:
    sheet = parts(workbook([("Prices", ROWS)]))["xl/worksheets/sheet1.xml"]
    assert re.findall("<v>(.*?)</v>", sheet) == ["1020.50", "-3"]
    assert "<f>" not in sheet
    assert "=1+1</t>" in sheet
    assert "007</t>" in sheet
    assert "a &lt;b&gt;\n\ufffd</t>" in sheet


def test_what_a_file_manager_left_among_the_parts_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parts(workbook([("Prices", ROWS)]))
    shutil.copytree(resource_path("excel"), tmp_path / "excel")
    (tmp_path / "excel" / ".DS_Store").write_bytes(b"\0\xff")
    (tmp_path / "excel" / "xl" / "styles.xml~").write_text("$5")
    monkeypatch.setattr("desktop.rendering.written.xml_text.resource_path", tmp_path.joinpath)
    assert parts(workbook([("Prices", ROWS)])) == expected


def test_sheets_have_names_that_excel_takes() -> None:
    wanted = ("a/b:c", "x" * 50, "x" * 50, "", "A B C", "History", "HISTORY", "\U0001f600" * 27, "\U0001f600" * 27)
    book = parts(workbook([(name, ROWS) for name in wanted]))["xl/workbook.xml"]
    names = re.findall('<sheet name="([^"]*)"', book)
    assert len({name.casefold() for name in names} - {"history"}) == len(wanted)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_cell_is_no_longer_than_excel_takes() -> None:
    sheet = parts(workbook([("Prices", [["\U0001f600" * 20_000]])]))["xl/worksheets/sheet1.xml"]
    assert sheet.count("\U0001f600") == 32_767 // 2


def test_text_with_commas_runs_nothing() -> None:
    made = csv_file([["a", 'b "c"'], ["=HYPERLINK(\0)", "-5"]]).decode()
    assert made == '\ufeffa,"b ""c"""\r\n\'=HYPERLINK(\ufffd),-5\r\n'


@pytest.mark.parametrize(("markdown", "count"), [("no table", 0), ("| a |\n|---|\n| b |\n\n- x\n\n| c |\n|---|", 2)])
def test_tables_are_found(markdown: str, count: int) -> None:
    assert len(list(tables_in(parse(markdown)))) == count
