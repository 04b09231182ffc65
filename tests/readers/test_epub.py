"""Books: chapters in the order in which they are read, with their titles."""

from __future__ import annotations

from desktop.core.documents.document import RemarkKind, SectionKind
from desktop.core.documents.reading import ReadingProblem
from tests.readers.conftest import problem_from
from tests.readers.making import package, read

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
BOOK = """<?xml version="1.0"?><opf:package xmlns:opf="http://www.idpf.org/2007/opf"><opf:manifest>
<opf:item id="b" href="two%20.xhtml" media-type="application/xhtml+xml"/>
<opf:item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>
<opf:item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<opf:item id="c" href="gone.xhtml" media-type="application/xhtml+xml"/>
</opf:manifest><opf:spine>
<opf:itemref idref="a"/><opf:itemref idref="b"/><opf:itemref idref="c"/></opf:spine></opf:package>"""
CONTENTS = """<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
<ncx><navMap><navPoint><navLabel><text>The first</text></navLabel>
<content src="one.xhtml#x"/></navPoint></navMap></ncx>"""


def book(**more: str) -> bytes:
    return package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": BOOK,
            "OEBPS/toc.ncx": CONTENTS,
            "OEBPS/one.xhtml": "<html><head><title>no</title></head><body><p>Once&#160;upon</p><img/></body></html>",
            "OEBPS/two .xhtml": "<html><body><h2>The second</h2><p>文</p></body></html>",
            **more,
        }
    )


def test_chapters_in_the_order_of_reading() -> None:
    found = read(book())
    assert [(each.kind, each.number, each.title) for each in found.sections] == [
        (SectionKind.CHAPTER, 1, "The first"),
        (SectionKind.CHAPTER, 2, "The second"),
    ]
    assert [block.text for each in found.sections for block in each.blocks] == ["Once\xa0upon", "The second", "文"]
    assert [(each.kind, each.count) for each in found.remarks] == [(RemarkKind.DAMAGED, 1), (RemarkKind.PICTURES, 1)]


def test_a_book_that_is_locked_or_has_no_description_is_said() -> None:
    locked = "".join(
        f"<enc:CipherData><enc:CipherReference URI='OEBPS/{name}'/></enc:CipherData>"
        for name in ("one.xhtml", "two%20.xhtml", "gone.xhtml")
    )
    made = book(**{"META-INF/encryption.xml": f"<encryption>{locked}</encryption>"})
    assert problem_from(made) is ReadingProblem.PROTECTED
    assert problem_from(package({"mimetype": "application/epub+zip"})) is ReadingProblem.DAMAGED
