"""Documents and packages that are broken or mean harm: text or a `ReadingError`, and never anything else."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers import formats
from desktop.readers.source import BROKEN, Source, failure_of
from desktop.readers.zip_package import Package, iterparse_xml
from tests.readers.making import WORD, docx, odf, office, package, pptx, xlsx, xml

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
