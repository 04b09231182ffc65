"""The table of formats: what is read, told by the content, and by the ending only where the content does not tell.

A new format is a module with `read` (see `source`) and a line here. Modules are imported when a file wants them.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import olefile

from desktop.core.bounds import FILE_BYTES, TEXT_FILE_BYTES, WHOLE_FILE_BYTES
from desktop.core.documents.document import ReadingError, ReadingEvent, ReadingProblem
from desktop.readers.source import Source, failure_of, ole_damage
from desktop.readers.zip_package import Package

_ROOM = "desktop.readers"
_HEAD = 4096  # bytes that tell a kind


@dataclass(frozen=True, slots=True)
class Format:
    """Format that is read. `endings` with the dot; `module` in this room has its `read`.

    `most_bytes`: of those that are held in memory as a whole.
    """

    media_type: str
    endings: tuple[str, ...]
    module: str
    most_bytes: int = FILE_BYTES


PLAIN = Format("text/plain", (".txt", ".text", ".log", ".asc"), "text.plain", TEXT_FILE_BYTES)
FORMATS = (
    Format("application/pdf", (".pdf",), "pdf.pages"),
    Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx", ".docm", ".dotx", ".dotm"),
        "office.docx",
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        (".pptx", ".pptm", ".ppsx", ".potx"),
        "office.pptx",
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx", ".xlsm", ".xltx"),
        "office.xlsx",
    ),
    Format("application/vnd.ms-excel.sheet.binary.macroenabled.12", (".xlsb",), "office.xls", WHOLE_FILE_BYTES),
    Format("application/msword", (".doc", ".dot"), "office.doc", WHOLE_FILE_BYTES),
    Format("application/vnd.ms-excel", (".xls", ".xlt"), "office.xls", WHOLE_FILE_BYTES),
    Format("application/vnd.oasis.opendocument.text", (".odt", ".ott"), "office.odf"),
    Format("application/vnd.oasis.opendocument.presentation", (".odp", ".otp"), "office.odf"),
    Format("application/vnd.oasis.opendocument.spreadsheet", (".ods", ".ots"), "office.odf"),
    Format("application/epub+zip", (".epub",), "office.epub"),
    Format("application/rtf", (".rtf",), "office.rtf", WHOLE_FILE_BYTES),
    Format("message/rfc822", (".eml", ".mht", ".mhtml"), "mail.eml", WHOLE_FILE_BYTES),
    Format("application/vnd.ms-outlook", (".msg", ".oft"), "mail.msg", WHOLE_FILE_BYTES),
    Format("text/html", (".html", ".htm", ".xhtml"), "text.html", TEXT_FILE_BYTES),
    Format("text/markdown", (".md", ".markdown", ".mdown", ".mkd"), "text.markdown", TEXT_FILE_BYTES),
    Format("text/csv", (".csv",), "text.table", TEXT_FILE_BYTES),
    Format("text/tab-separated-values", (".tsv", ".tab"), "text.table", TEXT_FILE_BYTES),
    PLAIN,  # code, too: whatever is text and nothing else
)
_BY_MEDIA_TYPE = {each.media_type: each for each in FORMATS}
# Told by the ending alone, among texts; the rest of the table is told by content.
_TEXTS = {ending: each for each in FORMATS if each.module.startswith("text.") for ending in each.endings}

# Types of the main part of an Office file, whose variants (macros, templates) are read alike.
_MAIN_PARTS = (
    (b"wordprocessingml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"ms-word.", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"presentationml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"ms-powerpoint.", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"ms-excel.sheet.binary", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    (b"spreadsheetml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ms-excel.", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_MAIN_PART = re.compile(
    rb"""ContentType\s*=\s*["']application/(?:vnd\.)?([^"']*?)\.?main\+xml["']|"""
    rb"""ContentType\s*=\s*["']application/vnd\.(ms-excel\.sheet\.binary)[^"']*["']""",
    re.IGNORECASE,
)
# Streams of the older container of Office, and what they tell.
_STREAMS = (
    ("EncryptedPackage", "application/encrypted-office"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_OLD = {"application/vnd.ms-powerpoint": "PowerPoint"}
# Beginnings of files that are not read, so that the sentence can say what they are.
_SIGNATURES = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-executable"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_MAIL_FIELD = re.compile(
    rb"(?:From |Received:|Return-Path:|Delivered-To:|Message-ID:|MIME-Version:|X-[\w-]+:|From:|Date:|Subject:)", re.I
)
_MAIL_FIELDS_NEEDED = 2  # a note may begin with "Subject:", too


def format_of(source: Source) -> Format:
    """Return the format of a file. Raises `ReadingError` if it is none of those that are read."""
    with source.open() as file:
        head = file.read(_HEAD)
    if not head:
        raise ReadingError(ReadingProblem.EMPTY)
    if b"%PDF-" in head[:1024]:
        return _BY_MEDIA_TYPE["application/pdf"]
    media_type = ""
    if head.startswith(b"PK\x03\x04"):
        media_type = _packed(source)
    elif head.startswith(olefile.MAGIC):
        media_type = _in_streams(source)
    elif head.startswith(b"{\\rtf"):
        media_type = "application/rtf"
    elif signed := _signed(head):
        raise ReadingError(ReadingProblem.UNKNOWN_KIND, signed)
    if media_type in _BY_MEDIA_TYPE:
        return _BY_MEDIA_TYPE[media_type]
    if media_type in _OLD:
        raise ReadingError(ReadingProblem.OLD_KIND, _OLD[media_type])
    if media_type:
        raise ReadingError(ReadingProblem.UNKNOWN_KIND, media_type)
    return _among_texts(source, head)


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield what a file holds, by the module of its format. Raises `ReadingError`, whatever goes wrong."""
    try:
        chosen = format_of(source)
        if source.size > chosen.most_bytes:
            raise ReadingError(ReadingProblem.TOO_LARGE, f"{source.size} bytes")
        module = importlib.import_module(f"{_ROOM}.{chosen.module}")
        yield from cast(Iterator[ReadingEvent], module.read(source))
    except GeneratorExit:
        raise
    except BaseException as error:
        raise failure_of(error) from error


def _packed(source: Source) -> str:
    """Return the media type of a zip file."""
    with Package(source) as package:
        if "mimetype" in package:
            return package.read("mimetype").decode("ascii", "replace").strip().removesuffix("-template")
        if "[Content_Types].xml" in package:
            for found in _MAIN_PART.finditer(package.read("[Content_Types].xml")):
                kind = (found[1] or found[2]).lower()
                for part, media_type in _MAIN_PARTS:
                    if part in kind:
                        return media_type
        if "Index/Document.iwa" in package or "index.apxl" in package:
            return "application/vnd.apple.iwork"
    return "application/zip"


def _in_streams(source: Source) -> str:
    """Return the media type of a file in the container of the older Office. Raises `ReadingError`."""
    with source.open() as file, ole_damage(), olefile.OleFileIO(file) as container:
        found = {parts[0].lower() for parts in container.listdir()}
    media_type = next((told for stream, told in _STREAMS if stream.lower() in found), "application/x-ole-storage")
    if media_type == "application/encrypted-office":
        raise ReadingError(ReadingProblem.PROTECTED)
    return media_type


def _signed(head: bytes) -> str:
    """Return the media type that the first bytes tell, of files that are not read; empty if they tell none."""
    for signature, media_type in _SIGNATURES:
        # Two letters may begin a text as well.
        if head.startswith(signature) and (len(signature) > 2 or b"\0" in head):
            return media_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:11] in {b"hei", b"mif"} else "video/mp4"
    return ""


def _among_texts(source: Source, head: bytes) -> Format:
    """Return the format of what must be a text. Raises `ReadingError` if it is none."""
    if _is_binary(head):
        raise ReadingError(ReadingProblem.UNKNOWN_KIND)
    if source.ending in {".eml", ".mht", ".mhtml"} or _is_mail(head):
        return _BY_MEDIA_TYPE["message/rfc822"]
    if source.ending in _TEXTS:
        return _TEXTS[source.ending]
    return _BY_MEDIA_TYPE["text/html"] if _HTML.match(head) else PLAIN


def _is_binary(head: bytes) -> bool:
    """Return True for what is not a text in any encoding: control characters that no text has.

    Texts in UTF-16 and UTF-32 have zero bytes, but at every second or fourth place at most.
    """
    if head.startswith(_BYTE_ORDER_MARKS):
        return False
    strange = sum(byte < 32 and byte not in b"\0\t\n\r\f\x1b" for byte in head)
    pairs_of_zeros = head.count(b"\0\0\0\0")
    return strange > len(head) / 50 or pairs_of_zeros > 0


def _is_mail(head: bytes) -> bool:
    fields = 0
    for line in head.splitlines():
        if not line.strip():
            break
        if _MAIL_FIELD.match(line):
            fields += 1
        elif not line.startswith((b" ", b"\t")) and not re.match(rb"[\w-]+:", line):
            return False
    return fields >= _MAIL_FIELDS_NEEDED
