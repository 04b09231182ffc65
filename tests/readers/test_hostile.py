"""Files that mean harm to their reader: a reason in a few seconds, and the user keeps the computer."""

from __future__ import annotations

import importlib.util
import io
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.readers import formats
from desktop.readers.formats import FORMATS
from desktop.readers.process import Limits
from desktop.readers.source import BROKEN, Source, failure_of
from desktop.readers.zip_package import Package, iterparse_xml
from tests.readers.conftest import document_of, texts
from tests.readers.making import WORD, docx, drawn, odf, office, package, pages, pptx, xlsx, xml
from tests.readers.reading_in_turn import problems_in_turn

# Enough for what is harmless, and soon reached.
LIMITS = Limits(memory=250 << 20, silence=20.0)
ENDS = {ReadingProblem.TOO_LARGE, ReadingProblem.TOO_LONG, ReadingProblem.CRASHED, ReadingProblem.DAMAGED}


def is_there(form):
    return importlib.util.find_spec(f"desktop.readers.{form.module}") is not None


def problem_or_none(read, path):
    """Why a file is not read, None if it is."""
    try:
        document_of(read(path, LIMITS))
    except ReadingError as error:
        return error.problem
    return None


def inflated(megabytes, of=b" "):
    """A compressed stream of that many megabytes, made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15)
    head = packer.compress(of * ((1 << 20) // len(of))) + packer.flush(zlib.Z_FULL_FLUSH)
    packer.compress(of * ((1 << 20) // len(of)))
    again = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = again.compress(of * ((1 << 20) // len(of))) + again.flush(zlib.Z_FULL_FLUSH)
    return head + piece * (megabytes - 1) + b"\x03\x00"


def page_with(content, filters="/FlateDecode"):
    """A PDF file of one page, with this as its compressed content."""
    whole = pages([drawn((60, 700, "words"))])
    start = whole.index(b"5 0 obj")
    end = whole.index(b"endobj", start)
    made = f"5 0 obj\n<</Length {len(content)}/Filter[{filters}]>>stream\n".encode() + content + b"\nendstream\n"
    return whole[:start] + made + whole[end:]  # its table of places is wrong, and is made anew by readers


@pytest.mark.parametrize(
    "content",
    [
        page_with(inflated(600)),
        page_with(zlib.compress(inflated(600)), "/FlateDecode/FlateDecode"),
        page_with(inflated(30, b"BT /F 9 Tf (a) Tj ET ")),
    ],
    ids=["spaces", "packed twice", "operators"],
)
def test_a_small_file_that_grows_is_ended(read, tmp_path, content):
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    assert len(content) < 4 << 20
    assert problem_or_none(read, path) in {*ENDS, None}


def test_many_pages_are_read(read, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 700, f"page {number}")) for number in range(1, 10_001)]))
    assert texts(document_of(read(path)))[-1] == "page 10000"


def test_a_long_line_is_read(read, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("word " * 400_000)
    assert "".join(texts(document_of(read(path)))) == "word " * 400_000


def test_a_large_cell_is_read(read, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "x" * (1 << 20) + ",c\n")
    assert len("".join(texts(document_of(read(path))))) > 1 << 20
    path = tmp_path / "a.xlsx"
    cell = f'<x:c r="A1" t="inlineStr"><x:is><x:t>{"x" * (1 << 20)}</x:t></x:is></x:c>'
    path.write_bytes(xlsx({"S": f'<x:sheetData><x:row r="1">{cell}</x:row></x:sheetData>'}))
    assert "x" * (1 << 20) in "".join(texts(document_of(read(path))))


NONSENSE = (b"\0" * 5000, b"\xff" * 5000, b"PK\x03\x04" + b"\0" * 999, b"%PDF-" + b"<" * 9999)
NAMES = ("a", "a.zip", *(f"a{each.endings[0]}" for each in FORMATS if is_there(each)))


def test_nonsense_ends_with_a_reason_or_a_text(tmp_path):
    paths = []
    for number, content in enumerate(NONSENSE):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in NAMES:
            paths.append(folder / name)
            paths[-1].write_bytes(content)
    problems = problems_in_turn(paths)
    assert [str(each) for each in paths if each not in problems] == [], "the first of these ended the process"
    assert [str(each) for each, problem in problems.items() if problem is ReadingProblem.CRASHED] == []


def test_nonsense_comes_back_from_a_process_of_its_own(read, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(NONSENSE[-1])
    assert problem_or_none(read, path) is not ReadingProblem.CRASHED


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def outcome(content, name="file"):
    """Return the problem of reading a content; None if it gives text. Anything else fails the test."""
    try:
        for _ in formats.read(Source(Path("nowhere"), name, inside=content)):
            pass
    except ReadingError as error:
        return error.problem
    return None


def with_doctype(part, doctype):
    return part.replace('<?xml version="1.0" encoding="UTF-8"?>', f'<?xml version="1.0"?>{doctype}')


def word(part):
    return office(WORD, "word/document.xml", {"word/document.xml": part})


PARAGRAPH = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
BODY = xml("w:document", f"<w:body>{PARAGRAPH}</w:body>")


@pytest.mark.parametrize("doctype", [ENTITIES, OUTSIDE, "<!DOCTYPE x>"])
def test_no_office_file_has_a_doctype(doctype):
    part = with_doctype(BODY, doctype).replace("<w:t>x", "<w:t>&a;")
    assert outcome(word(part)) is ReadingProblem.DAMAGED


@pytest.mark.parametrize("tag", ["w:p", "w:tbl", "w:sdt", "w:hyperlink", "a"])
def test_elements_that_stand_too_deep_in_each_other(tag):
    nested = f"<{tag}>" * 500_000 + f"</{tag}>" * 500_000
    assert outcome(word(xml("w:document", f"<w:body>{nested}</w:body>"))) is ReadingProblem.DAMAGED


@pytest.mark.parametrize(
    "opening",
    ["<w:sdt><w:sdtContent>", "<w:tbl><w:tr><w:tc>", "<w:p><w:r><w:pict><w:txbxContent>", "<w:p><w:ins><w:ins><w:r>"],
)
def test_elements_as_deep_as_programs_write_them(opening):
    tags = [each.strip("<") for each in opening.split(">") if each]
    times = 250 // len(tags)
    closing = "".join(f"</{tag}>" for tag in reversed(tags))
    body = opening * times + PARAGRAPH * ("<w:r>" not in opening[-5:]) + closing * times
    assert outcome(word(xml("w:document", f"<w:body>{body}</w:body>"))) is None


def test_parts_that_are_missing_or_broken():
    assert outcome(office(WORD, "word/document.xml", {})) is ReadingProblem.DAMAGED
    assert outcome(word("")) is ReadingProblem.DAMAGED
    assert outcome(word(BODY[:-40])) is ReadingProblem.DAMAGED
    assert outcome(docx(PARAGRAPH, {"styles": "<?xml broken", "numbering": "", "footnotes": "<?xml?>"})) is None


def test_numbers_that_are_none():
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="x"><w:start w:val="-"/><w:numFmt w:val="lowerRoman"/>'
        '<w:lvlText w:val="%1%9"/></w:lvl><w:lvl w:ilvl="99"/></w:abstractNum><w:num w:numId="1"><w:abstractNumId '
        'w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="99999999999999999999"/></w:lvlOverride></w:num>'
    )
    body = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="77"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t>'
        '<w:sym w:char="zz"/><w:sym w:char="FFFFFFFF" w:font="?"/></w:r></w:p><w:tbl><w:tr><w:trPr><w:gridBefore '
        'w:val="999999999"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="-5"/></w:tcPr></w:tc><w:tc><w:tcPr><w:gridSpan '
        'w:val="999999999"/></w:tcPr></w:tc></w:tr></w:tbl>'
    )
    assert outcome(docx(body, {"numbering": numbering})) is None


@pytest.mark.parametrize("seed", range(20))
def test_bytes_that_were_changed(seed):
    """A zip file tells by its checksums that it is broken; nothing but a `ReadingError` comes out."""
    chance = random.Random(seed)
    content = bytearray(docx(PARAGRAPH * 50, {"styles": "<w:style/>", "footnotes": "<w:footnote/>"}))
    for _ in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    outcome(bytes(content))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off(share):
    content = docx(PARAGRAPH * 500)
    assert outcome(content[: int(len(content) * share)]) is ReadingProblem.DAMAGED


BOMB = "<w:p><w:r><w:t>" + "x" * (120 << 20) + "</w:t></w:r></w:p>"


def test_a_zip_bomb_is_turned_away_unread():
    assert outcome(word(xml("w:document", f"<w:body>{BOMB}</w:body>"))) is ReadingProblem.TOO_LARGE


SHEET = "<x:sheetData>{}</x:sheetData>"
FAR = '<x:row r="{0}"><x:c r="A{0}"><x:v>1</x:v></x:c><x:c r="XFD{0}"><x:v>2</x:v></x:c></x:row>'


def test_a_sheet_of_far_cells_stays_small():
    rows = "".join(FAR.format(row) for row in range(1, 2_000))
    made = xlsx({"S": SHEET.format(rows)})
    events = list(formats.read(Source(Path("nowhere"), "a", inside=made)))
    assert sum(len(block.text) for block in events[1].blocks) < 100_000


@pytest.mark.parametrize(
    "cell",
    [
        '<x:c r="ZZZZZ1"><x:v>1</x:v></x:c>',
        '<x:c r="1"><x:v>1</x:v></x:c>',
        '<x:c r="A1" s="-7"><x:v>NaN</x:v></x:c>',
        '<x:c r="A1" s="9999999999999999999999"><x:v>1e999</x:v></x:c>',
        '<x:c r="A1" t="s"><x:v>' + "9" * 6000 + "</x:v></x:c>",
        '<x:c r="B1"><x:v>2</x:v></x:c><x:c r="A1"><x:v>1</x:v></x:c>',
        "<x:c><x:c><x:c/></x:c></x:c>",
    ],
)
def test_cells_that_no_program_writes(cell):
    assert outcome(xlsx({"S": SHEET.format(f'<x:row r="1">{cell}</x:row>')})) is None


def test_nested_cells():
    nested = "<x:c>" * 300_000 + "</x:c>" * 300_000
    assert outcome(xlsx({"S": SHEET.format(f"<x:row>{nested}</x:row>")})) in {None, ReadingProblem.DAMAGED}


def test_repeated_cells_and_rows_come_to_an_end():
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert outcome(odf("spreadsheet", f"<table:table>{row * 3}</table:table>")) is None
    assert outcome(odf("text", f"<table:table>{row * 3}</table:table>")) is None


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
@pytest.mark.parametrize("tag", ["text:list", "table:table", "text:span", "draw:g"])
def test_open_documents_that_stand_too_deep(kind, tag):
    for depth in (80, 100_000):
        nested = f"<text:p><{tag}>" * depth + "x" + f"</{tag}></text:p>" * depth
        assert outcome(odf(kind, f"<draw:page>{nested}</draw:page>{nested}")) in {None, ReadingProblem.DAMAGED}


def test_lists_in_lists():
    nested = "<text:list><text:list-item>" * 110 + "<text:p>x</text:p>" + "</text:list-item></text:list>" * 110
    assert outcome(odf("text", nested)) is None


def test_groups_in_groups():
    for depth in (200, 100_000):
        assert outcome(pptx(["<p:grpSp>" * depth + "</p:grpSp>" * depth])) in {None, ReadingProblem.DAMAGED}


@pytest.mark.parametrize("name", ["META-INF/container.xml", "book.opf", "one.xhtml"])
def test_books_that_are_broken(name):
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<rootfile full-path="book.opf">',
        "book.opf": '<item id="a" href="one.xhtml"><itemref idref="a">',
        "one.xhtml": "<p>x",
    }
    assert outcome(package(parts)) is None
    assert outcome(package({**parts, name: "<" * 100_000})) in {None, ReadingProblem.DAMAGED}


def packed(tmp_path, **parts):
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return Source(path, "file.zip")


def problem_of(source, part="a"):
    with pytest.raises((ReadingError, *BROKEN)) as caught, Package(source) as opened:
        opened.read(part)
    return failure_of(caught.value).problem


def test_parts_are_found_whatever_their_case_and_slashes(tmp_path):
    source = packed(tmp_path, **{"Word\\Document.xml": b"<a/>"})
    with Package(source) as opened:
        assert "word/document.xml" in opened
        assert opened.read("word/document.xml") == b"<a/>"


def test_a_part_is_read_in_pieces(tmp_path):
    source = packed(tmp_path, a=b"<rows>" + b"<row>x</row>" * 50_000 + b"</rows>")
    with Package(source) as opened:
        rows = 0
        for _, element in opened.iterparse("a"):
            rows += element.tag == "row"
            element.clear()
    assert rows == 50_000


def test_what_grows_out_of_next_to_nothing_is_too_large(tmp_path):
    assert problem_of(packed(tmp_path, a=bytes(100 << 20))) is ReadingProblem.TOO_LARGE


def test_a_directory_that_lies_about_a_size_is_found_out(tmp_path):
    source = packed(tmp_path, a=b"x" * (1 << 20))
    data = source.path.read_bytes()
    told = (1 << 20).to_bytes(4, "little")
    source.path.write_bytes(data.replace(told, (10).to_bytes(4, "little")))
    assert problem_of(source) is ReadingProblem.DAMAGED


def test_a_part_longer_than_its_limit_is_refused_while_it_is_read(tmp_path):
    source = packed(tmp_path, a=b"x" * 1000)
    with Package(source) as opened, pytest.raises(ReadingError) as caught:
        opened.open("a", most=999)
    assert caught.value.problem is ReadingProblem.TOO_LARGE


@pytest.mark.parametrize("cut", [10, 60, 90])
def test_a_file_that_is_cut_off_is_damaged(tmp_path, cut):
    source = packed(tmp_path, a=b"some words")
    source.path.write_bytes(source.path.read_bytes()[:cut])
    assert problem_of(source) is ReadingProblem.DAMAGED


def test_a_missing_part_is_damage(tmp_path):
    assert problem_of(packed(tmp_path, b=b"")) is ReadingProblem.DAMAGED


DOCTYPE_BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", f"<!-- {'x' * 100_000} -->"])
def test_a_doctype_is_turned_away_wherever_it_hides(encoding, before):
    data = (before + DOCTYPE_BOMB).encode(encoding)
    with pytest.raises(BROKEN, match="DOCTYPE"):
        list(iterparse_xml(io.BytesIO(data), "a"))


def test_what_is_no_xml_is_damaged():
    for data in (b"", b"words", b"<a>", b"<a></b>", b"\xff\xff"):
        with pytest.raises(BROKEN):
            list(iterparse_xml(io.BytesIO(data), "a"))
