"""PDF files written by hand, for what no program writes."""

from __future__ import annotations

import zlib


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
