"""A PDF file: sheets written by Qt, whose letters can be copied and searched, with bookmarks of messages and headings.

Qt writes no bookmarks, and gives some letters the codes of others that look alike; both is mended in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from unicodedata import normalize

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

from desktop.rendering.printed.sheets import Bookmark, Sheets, drawn_on

_DOTS = 600  # an inch, in which Qt places letters
_MARGIN_MM = 20.0
_LETTERS_AT_ONCE = 100_000

# Radicals that look like a letter of their own, which Unicode does not take apart.
_RADICALS = dict(
    zip(
        "⺠⺟⺩⻁⻄⻅⻉⻋⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻳⺎⺁⺒⺓⺝⺧⺫⺬⺮⺰⺼⺽⻍⻎⻊⻐",
        "民母王虎西见贝车長镸长门雨青韦页风飞食食马骨鬼鱼鸟卤麦黄黾齐齿龙龜龟兀厂巳幺月牛目示竹纟肉臼辶辶足钅",
        strict=True,
    )
)
_MAPPING = b"beginbf", b"endbf"  # what a table of codes stands between
_CODE = re.compile(rb"<([0-9A-Fa-f]{4})>")


def write_pdf(
    draw: Callable[[Sheets], None], *, title: str, author: str, letter_paper: bool, text: Collection[str]
) -> bytes:
    """Return a file of what `draw` puts on the sheets; `text` is what is said there, for its letters' codes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    writer.setTitle(title)
    writer.setAuthor(author)
    writer.setCreator("Candor")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter if letter_paper else QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    height = writer.pageLayout().fullRectPoints().height()
    top = writer.pageLayout().paintRectPoints().top()
    bookmarks = drawn_on(writer, draw)
    letters: set[str] = set()
    for each in text:
        for at in range(0, len(each), _LETTERS_AT_ONCE):  # so that other threads have their turn in between
            letters.update(each[at : at + _LETTERS_AT_ONCE])
    written = with_true_letters(bytes(buffer.data().data()), letters)
    return with_bookmarks(written, bookmarks, height - top)


def with_true_letters(file: bytes, letters: Collection[str]) -> bytes:
    """Return the file with the codes of the letters that the text has, where Qt gave those of others."""
    begin, end = _MAPPING
    pieces, at = [], 0
    while (start := file.find(begin, at)) >= 0 and (stop := file.find(end, start)) >= 0:
        pieces += [file[at:start], _CODE.sub(lambda code: _true_code(code, letters), file[start:stop])]
        at = stop
    return b"".join([*pieces, file[at:]])


def _true_code(code: re.Match[bytes], letters: Collection[str]) -> bytes:
    """Return a code of the same length: no place in the file moves."""
    letter = chr(int(code[1], 16))
    if letter == "\t":
        return b"<0020>"
    if letter in letters or not ("\u2e80" <= letter <= "\u2fdf" or "\uf900" <= letter <= "\ufaff"):
        return code[0]
    other = _RADICALS.get(letter) or normalize("NFKC", letter)
    return b"<%04X>" % ord(other) if len(other) == 1 and ord(other) <= 0xFFFF else code[0]


def with_bookmarks(file: bytes, bookmarks: Sequence[Bookmark], top: float) -> bytes:
    """Return the file with bookmarks, added behind its end as PDF wants it; `top` is that of the text, from below."""
    root = re.search(rb"/Root (\d+) 0 R", file)
    size = re.search(rb"/Size (\d+)", file)
    ids = re.search(rb"/ID (\[.*?\])", file, re.DOTALL)
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", file)
    kids = re.search(rb"/Kids\s*\[(.*?)\]", file, re.DOTALL)
    if not bookmarks or not (root and size and ids and start and kids):
        return file
    catalog = re.search(rb"\n%s 0 obj\n<<(.*?)>>\nendobj" % root[1], file, re.DOTALL)
    if catalog is None:
        return file
    pages = re.findall(rb"(\d+) 0 R", kids[1])
    first = int(size[1])
    objects = {int(root[1]): b"<<%s/Outlines %d 0 R\n/PageMode /UseOutlines\n>>" % (catalog[1], first)}
    objects |= _outline(bookmarks, pages, first, top)
    trailer = b"/Size %d /Root %s 0 R /ID %s /Prev %s" % (first + len(objects) - 1, root[1], ids[1], start[1])
    info = re.search(rb"/Info (\d+) 0 R", file)
    return file + _update(objects, trailer + (b" /Info %s 0 R" % info[1] if info else b""), len(file))


def _outline(bookmarks: Sequence[Bookmark], pages: Sequence[bytes], first: int, top: float) -> dict[int, bytes]:
    """Return the objects of the tree of bookmarks, by their numbers; the first is its root."""
    parents: list[int] = []  # of each bookmark; -1 for the root
    stack: list[int] = []
    for number, each in enumerate(bookmarks):
        while stack and bookmarks[stack[-1]].depth >= each.depth:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(number)
    children: dict[int, list[int]] = {}
    for number, parent in enumerate(parents):
        children.setdefault(parent, []).append(number)

    def ends(parent: int) -> bytes:
        below = children.get(parent, [])
        if not below:
            return b""
        count = len(below) if parent < 0 else -len(below)  # those below a message are folded at first
        return b" /First %d 0 R /Last %d 0 R /Count %d" % (first + 1 + below[0], first + 1 + below[-1], count)

    objects = {first: b"<< /Type /Outlines%s >>" % ends(-1)}
    for number, each in enumerate(bookmarks):
        beside = children[parents[number]]
        at = bisect_left(beside, number)
        links = b" /Prev %d 0 R" % (first + 1 + beside[at - 1]) if at else b""
        links += b" /Next %d 0 R" % (first + 1 + beside[at + 1]) if at + 1 < len(beside) else b""
        page = pages[min(each.page, len(pages) - 1)]
        words = ("\ufeff" + each.words[:200]).encode("utf-16-be", "replace").hex().encode()
        goal = b"[%s 0 R /XYZ null %.1f null]" % (page, top - each.top)
        head = b"<< /Title <%s> /Parent %d 0 R /Dest %s" % (words, first + 1 + parents[number], goal)
        objects[first + 1 + number] = head + links + ends(number) + b" >>"
    return objects


def _update(objects: dict[int, bytes], trailer: bytes, end: int) -> bytes:
    """Return what is added behind a file that ends at `end`: the objects, and where each stands."""
    body, table = b"\n", b"xref\n"
    for number, content in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, end + len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return body + table + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, end + len(body))
