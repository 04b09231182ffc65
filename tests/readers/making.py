"""Files made for tests: packages of XML parts with the namespaces that they need, and PDF files written by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from tests.readers.conftest import document_from

OOXML = "http://schemas.openxmlformats.org"
NAMESPACES = {
    "w": f"{OOXML}/wordprocessingml/2006/main",
    "x": f"{OOXML}/spreadsheetml/2006/main",
    "p": f"{OOXML}/presentationml/2006/main",
    "a": f"{OOXML}/drawingml/2006/main",
    "c": f"{OOXML}/drawingml/2006/chart",
    "dgm": f"{OOXML}/drawingml/2006/diagram",
    "wp": f"{OOXML}/drawingml/2006/wordprocessingDrawing",
    "xdr": f"{OOXML}/drawingml/2006/spreadsheetDrawing",
    "r": f"{OOXML}/officeDocument/2006/relationships",
    "m": f"{OOXML}/officeDocument/2006/math",
    "mc": f"{OOXML}/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
WORD = "wordprocessingml.document"
EXCEL = "spreadsheetml.sheet"
POWERPOINT = "presentationml.presentation"


def xml(root, content):
    """Return an XML part with all namespaces at its root."""
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {declared}>{content}</{root}>'


def relationships(kinds):
    """Return a part of relationships: (kind, target) by their ids."""
    each = "".join(
        f'<Relationship Id="{name}" Type="{OOXML}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for name, (kind, target) in kinds.items()
    )
    return f'<Relationships xmlns="{OOXML}/package/2006/relationships">{each}</Relationships>'


def package(parts):
    """Return a zip file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # the same bytes at any time of day
    return made.getvalue()


def office(kind, main, parts):
    """Return an Office file of a kind, whose main part has this name."""
    types = (
        f'<Types xmlns="{OOXML}/package/2006/content-types"><Override PartName="/{main}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    )
    first = relationships({"rId1": ("officeDocument", main)})
    return package({"[Content_Types].xml": types, "_rels/.rels": first, **parts})


def docx(body, parts=None):
    """Return a Word document with this body; `parts` by kind, such as "footnotes", without their roots."""
    kinds = {f"r_{kind}": (kind.rstrip("0123456789"), f"{kind}.xml") for kind in parts or {}}
    roots = {"header": "hdr", "footer": "ftr"}
    return office(
        WORD,
        "word/document.xml",
        {
            "word/document.xml": xml("w:document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": relationships(kinds),
            **{
                f"word/{kind}.xml": content
                if content.startswith("<?xml")
                else xml(f"w:{roots.get(kind.rstrip('0123456789'), kind)}", content)
                for kind, content in (parts or {}).items()
            },
        },
    )


def read(content, name="file"):
    """Return what the readers make of a content, as the conversation gets it."""
    return document_from(content, name)


def blocks(content, name="file"):
    """Return the blocks of all sections of a content."""
    return [block for section in read(content, name).sections for block in section.blocks]


def texts(content, name="file"):
    """Return the words of each block of a content."""
    return [block.text for block in blocks(content, name)]


def asides(content, kind, name="file"):
    """Return (words, author) of what stands beside the text, of a kind."""
    return [(run.text, run.by) for block in blocks(content, name) for run in block.runs if run.aside is kind]


def remarks(content, name="file"):
    """Return the remarks on a content, with their counts."""
    return {each.kind: each.count for each in read(content, name).remarks}


def xlsx(sheets, parts=None, of_sheets=None):
    """Return a workbook with these sheets by their titles; a title that begins with "-" is a hidden sheet's.

    `parts` by kind, such as "styles"; `of_sheets` belong to the first sheet.
    """
    hidden = ' state="hidden"'
    parts = dict(parts or {})
    workbook = parts.pop("workbook", "")
    listed = "".join(
        f'<x:sheet name="{title.lstrip("-")}" r:id="r{index}"{hidden * title.startswith("-")}/>'
        for index, title in enumerate(sheets)
    )
    kinds = {f"r{index}": ("worksheet", f"worksheets/sheet{index}.xml") for index in range(len(sheets))}
    kinds |= {f"r_{kind}": (kind, f"{kind}.xml") for kind in parts}
    roots = {"styles": "x:styleSheet", "sharedStrings": "x:sst"}
    return office(
        EXCEL,
        "xl/workbook.xml",
        {
            "xl/workbook.xml": xml("x:workbook", f"{workbook}<x:sheets>{listed}</x:sheets>"),
            "xl/_rels/workbook.xml.rels": relationships(kinds),
            **{f"xl/{kind}.xml": xml(roots.get(kind, kind), content) for kind, content in parts.items()},
            **{
                f"xl/worksheets/sheet{index}.xml": xml("x:worksheet", content)
                for index, content in enumerate(sheets.values())
            },
            "xl/worksheets/_rels/sheet0.xml.rels": relationships(
                {kind: (kind, f"../{kind}.xml") for kind in of_sheets or {}}
            ),
            **{f"xl/{kind}.xml": content for kind, content in (of_sheets or {}).items()},
        },
    )


def pptx(slides, of_slides=None, attributes=""):
    """Return a presentation of slides, each the inside of its tree of shapes.

    `of_slides`: parts of the first slide by their name, each of a kind; `attributes` are the first slide's.
    """
    kinds = {f"r{index}": ("slide", f"slides/slide{index}.xml") for index in range(len(slides))}
    listed = "".join(f'<p:sldId r:id="{name}"/>' for name in kinds)
    root = f"p:sld {attributes}".strip()
    made = {
        f"ppt/slides/slide{index}.xml": xml("p:sld", f"<p:cSld><p:spTree>{content}</p:spTree></p:cSld>").replace(
            "<p:sld ", f"<{root} " if index == 0 else "<p:sld ", 1
        )
        for index, content in enumerate(slides)
    }
    authors = xml("p:cmAuthorLst", '<p:cmAuthor id="1" name="Ann"/>')
    return office(
        POWERPOINT,
        "ppt/presentation.xml",
        {
            "ppt/presentation.xml": xml("p:presentation", f"<p:sldIdLst>{listed}</p:sldIdLst>"),
            "ppt/_rels/presentation.xml.rels": relationships({**kinds, "a": ("commentAuthors", "authors.xml")}),
            "ppt/authors.xml": authors,
            "ppt/slides/_rels/slide0.xml.rels": relationships(
                {name: (kind, f"../{name}.xml") for name, (kind, _) in (of_slides or {}).items()}
            ),
            **made,
            **{f"ppt/{name}.xml": content for name, (_, content) in (of_slides or {}).items()},
        },
    )


def odf(kind, body, styles="", document_styles="", parts=None):
    """Return an OpenDocument file of a kind ("text", "spreadsheet", "presentation") with this body.

    `styles` are those of the content, `document_styles` is all of the other part.
    """
    content = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}"
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": xml("office:document-content", f"{content}</office:{kind}></office:body>"),
            "styles.xml": xml("office:document-styles", document_styles),
            **(parts or {}),
        }
    )


def ole(streams):
    """Return a file in the container of the older Office, with streams by their path ("storage/stream").

    Each is filled up with zeros to 4,096 bytes, below which they would stand in a stream of their own.
    """
    sector, end, fat_sector, free = 512, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    entries: list[list[Any]] = [["Root Entry", 5, end, 0, free, free]]  # name, kind, start, size, right, child
    numbers = {"": 0}
    data = b""
    fat: list[int] = []

    def entry_of(path, kind):
        if path not in numbers:
            parent = entry_of(path.rpartition("/")[0], 1)
            numbers[path] = len(entries)
            entries.append([path.rpartition("/")[2], kind, end, 0, entries[parent][5], free])
            entries[parent][5] = numbers[path]
        return numbers[path]

    for path, content in streams.items():
        filled = content.ljust(4096, b"\0")
        filled = filled.ljust(-(-len(filled) // sector) * sector, b"\0")
        entry = entries[entry_of(path, 2)]
        entry[2], entry[3] = len(fat), max(len(content), 4096)
        count = len(filled) // sector
        fat.extend([*range(len(fat) + 1, len(fat) + count), end])
        data += filled
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII36xII4x", 2 * len(name) + 2, kind, 1, free, right, child, start, size)
        for name, kind, start, size, right, child in entries
    )
    directory = directory.ljust(-(-len(directory) // sector) * sector, b"\0")
    first = len(fat)
    count = len(directory) // sector
    fat.extend([*range(first + 1, first + count), end])
    tables = -(-(len(fat) + 1) // (sector // 4 - 1))
    fat_start = len(fat)
    fat.extend([fat_sector] * tables)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * sector, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, first, 0, 4096, end, 0, end, 0)
    places = [fat_start + index for index in range(tables)]
    header += struct.pack("<109I", *places, *[free] * (109 - tables))
    return header + data + directory + table


def pdf(*objects, trailer=""):
    """A PDF file of objects, numbered from 1, of which the first is the catalog."""
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        content = each.encode("latin-1") if isinstance(each, str) else each
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(made)


def stream(content, extra=""):
    """A stream object."""
    data = zlib.compress(content.encode("latin-1") if isinstance(content, str) else content)
    return f"<</Length {len(data)}/Filter/FlateDecode{extra}>>stream\n".encode() + data + b"\nendstream"


def drawn(*texts, size=12):
    """What draws texts, each at a place."""
    return "\n".join(f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, text in texts)


def pages(contents, extra="", rest=(), catalog=""):
    """A PDF file with a page for each content; `extra` goes into each page, `rest` are objects from number 4 + 2 n."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(contents)))
    objects: list[bytes | str] = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, content in enumerate(contents):
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {first + 2 * number + 1} 0 R{extra}>>",
            stream(content),
        ]
    return pdf(*objects, *rest)
