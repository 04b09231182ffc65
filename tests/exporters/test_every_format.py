"""Each module of `exporters/` keeps the contract of a format, and is offered because it lies there."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import desktop.exporters
from desktop.core.exporting.format import ExportFormat
from desktop.core.message import user_message
from desktop.exporters import formats
from tests.exporters.talk import ANSWER, FILES, QUESTION, talk

FOLDER = Path(desktop.exporters.__path__[0])
FORMATS = formats()
each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.__name__.rpartition(".")[2])


def test_every_module_is_offered() -> None:
    files = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    offered = {getattr(form, "__name__", "").rpartition(".")[2] for form in FORMATS}
    assert files
    assert offered == files


def test_markdown_is_offered_first() -> None:
    assert FORMATS[0].ENDING == ".md"


def test_no_two_formats_have_the_same_name_or_ending() -> None:
    assert len({form.NAME for form in FORMATS}) == len(FORMATS)
    assert len({form.ENDING for form in FORMATS}) == len(FORMATS)


@each_format
def test_a_format_keeps_the_contract(form: ExportFormat) -> None:
    assert isinstance(form.NAME, str), 'NAME = QT_TRANSLATE_NOOP("export", …)'
    assert form.NAME.strip() == form.NAME != ""
    assert re.fullmatch(r"\.[a-z0-9]+", form.ENDING), 'ENDING = ".md"'
    assert list(inspect.signature(form.write).parameters) == ["export"]
    assert inspect.getdoc(form), "says what kind of file it is"


@each_format
def test_a_name_can_be_translated(form: ExportFormat) -> None:
    source = Path(inspect.getsourcefile(form) or "").read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert f'QT_TRANSLATE_NOOP("export", "{form.NAME}")' in source


@each_format
def test_thinking_is_in_the_file_only_where_it_is_wanted(form: ExportFormat) -> None:
    for export in (talk(), talk(QUESTION), talk(QUESTION, ANSWER), talk(replace(ANSWER, parts=()))):
        assert isinstance(form.write(export), bytes)
        assert isinstance(form.write(replace(export, with_thinking=True)), bytes)
    assert b"Let me" not in form.write(talk(QUESTION, ANSWER))
    assert b"Let me" in form.write(talk(QUESTION, ANSWER, with_thinking=True))


@pytest.mark.parametrize("ending", [".md", ".txt"])  # formats in which words stand as they are
@given(texts=st.lists(st.text(min_size=1), max_size=5))
def test_no_word_is_lost(ending: str, texts: list[str]) -> None:
    form = next(each for each in FORMATS if ending == each.ENDING)
    exported = form.write(talk(*map(user_message, texts))).decode()
    at = 0
    for each in texts:
        said = each.strip("\r\n").encode("utf-8", "backslashreplace").decode()
        at = exported.index(said, at) + len(said)


@each_format
def test_the_files_of_a_message_are_named(form: ExportFormat) -> None:
    written = form.write(talk(user_message("", attached=FILES))).decode().replace("\\", "")
    assert "Files: plan *B*.pdf (page 1 of 2), photo.png" in written
    assert "secret" not in written
