"""Mails: fields, bodies in whatever encoding, and what is attached, down to a depth."""

from __future__ import annotations

import struct
from email.message import EmailMessage

import olefile
import pytest

from desktop.core.documents.document import ReadingProblem, RemarkKind, SectionKind
from desktop.readers.mail.msg import decompressed
from tests.readers.making import docx, ole, read, remarks
from tests.readers.test_docx import p
from tests.readers.test_hostile import outcome

TOP = "From: Ann <ann@a.example>\r\nTo: Bo\r\nDate: Mon, 3 Mar 2025 10:00:00 +0100\r\n"


def mail(subject="Hello", body="Text"):
    made = EmailMessage()
    made["From"], made["Subject"] = "Ann <ann@a.example>", subject
    made.set_content(body)
    return made


def raw(head, body):
    return (TOP + head + "\r\n\r\n").encode("latin-1") + body


def bodies(content):
    """Return the words of the blocks of a mail, without its fields."""
    return [block.text for block in read(content, "a.eml").sections[0].blocks if block.place != "head"]


def test_a_mail_begins_with_its_fields():
    content = raw("Subject: =?gb18030?B?zsS8/g==?=\r\n =?utf-8?Q?_=C3=A9?=", b"One\r\nline\r\n\r\nNext")
    section = read(content, "a.eml").sections[0]
    assert (section.kind, section.title) == (SectionKind.MAIL, "文件 é")
    assert [(each.text, each.place) for each in section.blocks] == [
        ("From: Ann <ann@a.example>\nTo: Bo\nDate: Mon, 3 Mar 2025 10:00:00 +0100\nSubject: 文件 é", "head"),
        ("One\nline", "1"),
        ("Next", "4"),
    ]


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("gb2312", "文件㐀".encode("gb18030")),
        ("klingon", "naïve".encode()),
        ("us-ascii", "naïve".encode()),
        ("iso-8859-1", "naïve".encode("cp1252")),
        ("utf-8", b"na\xefve"),
    ],
)
def test_bodies_in_any_encoding(charset, body):
    said = bodies(raw(f"Content-Type: text/plain; charset={charset}", body))
    assert said[0] in {"文件㐀", "naïve", "na\ufffdve"}


def test_the_richest_body_that_has_words_is_read():
    made = mail(body="plain")
    made.add_alternative("<table><tr><td>a<td>b<tr><td>c<td>d</table>", subtype="html")
    assert bodies(made.as_bytes()) == ["| a | b |\n| c | d |"]
    made = mail(body="plain")
    made.add_alternative("<img src=x>", subtype="html")
    assert bodies(made.as_bytes()) == ["plain"]


def test_what_is_attached_is_read_like_any_file():
    made = mail()
    made.add_attachment(docx(p("In the document")), maintype="application", subtype="x", filename="../report.docx")
    made.add_attachment("a;b\n1;2\n3;4\n", filename="table.csv")
    made.add_attachment(b"\x89PNG\r\n\x1a\n\0", maintype="application", subtype="x", filename="picture.png")
    made.add_attachment(b"PK\x03\x04 broken", maintype="application", subtype="zip", filename="b.zip")
    made.add_attachment(mail("Inner", "Deeper"))
    made.add_attachment(mail("A file").as_bytes(), maintype="application", subtype="x", filename="inner.eml")
    found = read(made.as_bytes(), "a.eml")
    assert [(each.kind, each.title) for each in found.sections] == [
        (SectionKind.MAIL, "Hello"),
        (SectionKind.FILE, "report.docx"),
        (SectionKind.FILE, "table.csv"),
        (SectionKind.MAIL, "Inner"),
        (SectionKind.MAIL, "A file"),
    ]
    assert [(each.text, each.place) for each in found.sections[1].blocks] == [("In the document", "1:1")]
    assert [(each.kind, each.count, each.detail) for each in found.remarks] == [
        (RemarkKind.PICTURES, 1, ""),
        (RemarkKind.FILES_INSIDE, 1, "b.zip"),
    ]


def test_mails_in_mails_end_at_a_depth():
    made = mail("0")
    for number in range(1, 8):
        outer = mail(str(number))
        outer.add_attachment(made)
        made = outer
    found = read(made.as_bytes(), "a.eml")
    assert [each.title for each in found.sections] == ["7", "6", "5"]
    assert remarks(made.as_bytes(), "a.eml") == {RemarkKind.FILES_INSIDE: 1}


def test_more_files_than_any_mail_has():
    made = mail()
    for number in range(250):
        made.add_attachment("x", filename=f"{number}.txt")
    assert len(read(made.as_bytes(), "a.eml").sections) == 201
    assert remarks(made.as_bytes(), "a.eml") == {RemarkKind.FILES_INSIDE: 50}


def test_a_saved_page_is_a_page():
    content = raw(
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b",
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<h1>A</h1><p>x\r\n--b--",
    )
    found = read(content, "page.mhtml").sections
    assert [(each.kind, [block.text for block in each.blocks]) for each in found] == [(SectionKind.WHOLE, ["A", "x"])]


def test_what_is_encrypted_or_too_old_is_said():
    for kind in ("multipart/encrypted; boundary=b", "application/pkcs7-mime; smime-type=enveloped-data"):
        assert outcome(raw(f"Content-Type: {kind}", b"--b\r\n\r\n--b--"), "a.eml") is ReadingProblem.PROTECTED
    assert outcome(ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})) is ReadingProblem.PROTECTED
    assert outcome(ole({"PowerPoint Document": b"x"})) is ReadingProblem.OLD_KIND


@pytest.mark.parametrize("depth", [45, 3000])
def test_parts_that_stand_too_deep_in_each_other(depth):
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{index}"\r\n\r\n--b{index}\r\n' for index in range(depth)
    )
    content = (TOP + nested + "Content-Type: text/plain\r\n\r\nx").encode()
    assert outcome(content, "a.eml") in {None, ReadingProblem.DAMAGED}


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b'Content-Type: text/plain; charset="\xff"\r\nSubject: =?x?B?!!!?= =?utf-8?Q?=ZZ?=\r\n\r\n\0\xff\xfe',
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Disposition: attachment; filename*=x''%ff%fe\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\nnothing",
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b--",
        b"From: " + b"(" * 100_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?Q?" * 20_000 + b"\r\n\r\nx",
    ],
)
def test_mails_that_are_broken(content):
    assert outcome(b"X-A: b\r\n" + content, "a.eml") in {None, ReadingProblem.DAMAGED}


def outlook(prefix="", **more):
    """Return the streams of a mail of Outlook; `more` by the number and kind of a property, such as `_0037001F`."""
    sent = struct.pack("<HHIQ", 0x0040, 0x0039, 6, 133_850_448_000_000_000)
    head = bytes(24 if prefix else 32)
    page = struct.pack("<HHIQ", 0x0003, 0x3FDE, 6, 936)
    return {
        f"{prefix}__properties_version1.0": head + sent + page,
        **{f"{prefix}__substg1.0{name}": content for name, content in more.items()},
    }


def utf16(text):
    return text.encode("utf-16-le")


def test_a_mail_of_outlook():
    attached = "__attach_version1.0_#0000000{}/__substg1.0_{}"
    made = ole(
        {
            **outlook(
                _0037001F=utf16("Plan"),
                _0C1A001F=utf16("Ann"),
                _5D01001F=utf16("ann@a.example"),
                _0E04001E="文".encode("gb18030"),
                _10130102="<p>文件</p>".encode("gb18030"),
            ),
            attached.format(0, "37010102"): b"In the file".ljust(4096),
            attached.format(0, "3707001F"): utf16("notes.txt"),
            **outlook(attached.format(1, "3701000D/"), _0037001F=utf16("Inner"), _1000001F=utf16("Deeper")),
        }
    )
    found = read(made, "a.msg").sections
    assert [(each.kind, each.title) for each in found] == [
        (SectionKind.MAIL, "Plan"),
        (SectionKind.FILE, "notes.txt"),
        (SectionKind.MAIL, "Inner"),
    ]
    assert [block.text for block in found[0].blocks] == [
        "From: Ann <ann@a.example>\nTo: 文\nDate: 2025-02-26 12:00 UTC\nSubject: Plan",
        "文件",
    ]
    assert found[1].blocks[0].text.strip() == "In the file"
    assert found[2].blocks[1].text == "Deeper"


def test_a_mail_of_outlook_that_is_attached_to_itself():
    inner = "__attach_version1.0_#00000000/__substg1.0_3701000D/"
    made = bytearray(ole({**outlook(_0037001F=utf16("Outer")), **outlook(inner, _0037001F=utf16("Inner"))}))
    name = "__substg1.0_3701000D".encode("utf-16-le")
    root, folder = made.index("Root Entry".encode("utf-16-le")), made.index(name)
    made[folder + 76 : folder + 80] = made[root + 76 : root + 80]  # what is in it is what it is in
    assert outcome(bytes(made), "a.msg") in {None, ReadingProblem.DAMAGED}


def test_an_attachment_that_is_damaged_costs_itself_alone(monkeypatch):
    attached = "__attach_version1.0_#00000000/__substg1.0_{}"
    name = attached.format("3707001F")
    made = ole(
        {
            **outlook(_0037001F=utf16("Plan"), _1000001F=utf16("Hello")),
            attached.format("37010102"): b"In the file",
            name: utf16("notes.txt"),
        }
    )
    opened = olefile.OleFileIO.openstream

    def fail_at_name(container, path):
        if path == name:
            raise TypeError("a directory that leads nowhere")
        return opened(container, path)

    monkeypatch.setattr(olefile.OleFileIO, "openstream", fail_at_name)
    assert [each.title for each in read(made, "a.msg").sections] == ["Plan"]


def test_compressed_rich_text():
    """The example that Microsoft's description of the format gives ([MS-OXRTFCP], 3.1.1)."""
    compressed = "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c0900 20627705b06c647d0a800fa0"
    assert decompressed(bytes.fromhex(compressed)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    found = read(ole(outlook(_0037001F=utf16("x"), _10090102=bytes.fromhex(compressed))), "a.msg").sections
    assert [block.text for block in found[0].blocks if block.place != "head"] == ["hello world"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_mail_of_outlook_that_was_cut_off(share):
    content = ole(outlook(_0037001F=utf16("x"), _1000001F=utf16("Text")))
    assert outcome(content[: int(len(content) * share)]) in {None, ReadingProblem.DAMAGED, ReadingProblem.UNKNOWN_KIND}
