"""A file's kind is told by its content; its ending helps only among texts."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.readers.formats import FORMATS, format_of, read
from desktop.readers.source import Source
from desktop.readers.zip_package import Package
from tests.readers.making import docx, odf, package, pptx, xlsx

NOWHERE = Path("nowhere")


def office(main):
    return package(
        {
            "[Content_Types].xml": "<Types><Override PartName='/docProps/core.xml' "
            "ContentType='application/vnd.openxmlformats-package.core-properties+xml'/>"
            f"<Override PartName='/main.xml' ContentType='application/{main}'/></Types>"
        }
    )


OOXML = "vnd.openxmlformats-officedocument"


@pytest.mark.parametrize(
    ("content", "name", "module"),
    [
        (b"%PDF-1.7\n", "a.txt", "pdf.pages"),
        (b"\n" * 500 + b"%PDF-1.4", "a", "pdf.pages"),
        (office(f"{OOXML}.wordprocessingml.document.main+xml"), "a.pdf", "office.docx"),
        (office("vnd.ms-word.template.macroEnabledTemplate.main+xml"), "a.dotm", "office.docx"),
        (office(f"{OOXML}.presentationml.slideshow.main+xml"), "a", "office.pptx"),
        (office(f"{OOXML}.spreadsheetml.sheet.main+xml"), "a.docx", "office.xlsx"),
        (office("vnd.ms-excel.sheet.macroEnabled.main+xml"), "a.xlsm", "office.xlsx"),
        (office("vnd.ms-excel.sheet.binary.macroEnabled.main"), "a.xlsb", "office.xls"),
        (package({"mimetype": "application/vnd.oasis.opendocument.text"}), "a", "office.odf"),
        (package({"mimetype": "application/vnd.oasis.opendocument.presentation-template"}), "a", "office.odf"),
        (package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "a", "office.odf"),
        (package({"mimetype": "application/epub+zip"}), "a.zip", "office.epub"),
        (b"{\\rtf1\\ansi hello}", "a.doc", "office.rtf"),
        (b"From: a@b.c\r\nSubject: x\r\n\r\nbody", "a", "mail.eml"),
        (b"anything", "a.eml", "mail.eml"),
        (b"Subject: the plan\nwe talked of\n", "a.txt", "text.plain"),
        (b"<!-- x --><!DOCTYPE html><p>x", "a", "text.html"),
        (b"<p>x", "a.htm", "text.html"),
        (b"# Title\n", "a.MD", "text.markdown"),
        (b"a;b\n1;2\n", "a.csv", "text.table"),
        (b"a\tb\n", "a.tsv", "text.table"),
        (b"BM is what they said", "a.txt", "text.plain"),
        (b"print()\n", "a.py", "text.plain"),
        ("文".encode("utf-16"), "a.txt", "text.plain"),
        ("words".encode("utf-16-le"), "a.txt", "text.plain"),
    ],
)
def test_the_format_of_a_content(content, name, module):
    assert format_of(Source(NOWHERE, name, inside=content)).module == module


@pytest.mark.parametrize(
    ("content", "problem", "detail"),
    [
        (b"", ReadingProblem.EMPTY, ""),
        (b"\x89PNG\r\n\x1a\n\0\0", ReadingProblem.UNKNOWN_KIND, "image/png"),
        (b"\0\0\0\x18ftypmp42\0", ReadingProblem.UNKNOWN_KIND, "video/mp4"),
        (b"MZ\x90\0\3\0", ReadingProblem.UNKNOWN_KIND, "application/x-executable"),
        (bytes(range(256)), ReadingProblem.UNKNOWN_KIND, ""),
        (package({"a": "b"}), ReadingProblem.UNKNOWN_KIND, "application/zip"),
        (package({"Index/Document.iwa": "b"}), ReadingProblem.UNKNOWN_KIND, "application/vnd.apple.iwork"),
        (package({"a": "b"})[:40], ReadingProblem.DAMAGED, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), ReadingProblem.DAMAGED, None),
    ],
)
def test_a_content_that_is_not_read(content, problem, detail):
    with pytest.raises(ReadingError) as caught:
        list(read(Source(NOWHERE, "a.txt", inside=content)))
    assert caught.value.problem is problem
    assert detail is None or caught.value.detail == detail


def test_no_two_formats_share_an_ending():
    endings = [ending for each in FORMATS for ending in each.endings]
    assert len(endings) == len(set(endings))
    assert all(ending.startswith(".") and ending == ending.lower() for ending in endings)


@pytest.mark.parametrize(
    "content",
    [
        docx("<w:p/>"),
        xlsx({"A": "<x:sheetData/>"}),
        pptx(["<p:sp/>"]),
        odf("text", "<text:p>a</text:p>"),
        odf("spreadsheet", "<table:table/>"),
    ],
)
def test_nothing_of_a_file_that_was_read_stays(content):
    """The reader's process collects no garbage: a mail with many workbooks would keep them all."""
    gc.collect()
    list(read(Source(NOWHERE, "a", inside=content)))  # nothing is collected here meanwhile either
    assert not [each for each in gc.get_objects() if isinstance(each, Package)]
