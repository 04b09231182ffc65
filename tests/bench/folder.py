"""`python -m tests.bench.folder [DOCS QUESTIONS]`: what is found in a folder, and what it takes to find it.

DOCS is a JSON list, maybe packed by xz, of {"path", "date", "pages": [text]}, whose
files are made and read as any others; QUESTIONS one of
{"kind", "question", "before": [...], "answers": [{"path", "page", "sentence"}]}, and perhaps "words" that a model gave
for it. A question is a hit where the pages of all its answers are among the passages sent in a window of 8,192 tokens;
of what was changed, the later file first. Without them only a folder of 20,000 pages is measured, of made-up words.
"""

from __future__ import annotations

import argparse
import datetime
import html
import json
import lzma
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from PySide6.QtGui import QFont, QGuiApplication, QPageSize, QPdfWriter, QTextDocument

from desktop.core.documents.document import Block, Run, Section, SectionKind
from desktop.core.folders import FolderFile, chosen
from desktop.core.text.tokens import estimate_tokens
from desktop.store.folders import FolderStore
from tests.bench.tables import Row, printed
from tests.readers.conftest import document_from
from tests.readers.making import docx, xlsx

WINDOW, KEPT_FREE = 8_192, 2_600  # tokens; for the answer and what stands around the passages
_OF_PASSAGE = 12  # tokens around each
_SHARES = {"own": 97, "two": 90, "changed": 85, "follow": 85, "other": 50, "none": 80}  # per cent that are asked for
# Whether a model is asked for words where it would be, and what its words find is taken where it would be offered.
_WAYS = {"words alone": (False, False), "and a model's": (True, False), "and what is offered": (True, True)}
PAGES, PAGES_OF_FILE, WORDS_OF_PAGE = 20_000, 20, 420


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.folder", description=__doc__)
    parser.add_argument("sets", type=Path, nargs="*", metavar="DOCS QUESTIONS")
    parser.add_argument("--misses", action="store_true", help="also list the questions that are no hits")
    parser.add_argument("--pages", type=int, default=PAGES, help="of the folder whose time is measured; 0: none")
    choice = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as home:
        if choice.sets:
            docs, questions = map(_json, choice.sets)
            rows += _found_rows(Path(home), docs, questions, choice.misses)
        if choice.pages:
            rows += _time_rows(Path(home), choice.pages)
    print(printed(rows))
    return 0


def _json(path):
    return json.loads(lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes())


def _found_rows(home, docs, questions, shows_misses):
    folder = home / "folder"
    dates = {each["path"]: each["date"] for each in docs}
    store, letters = FolderStore(home, folder), 0
    for each in docs:
        file = folder / each["path"]
        _write(file, each["pages"])
        moment = datetime.datetime.fromisoformat(each["date"]).timestamp()
        os.utime(file, (moment, moment))
        document = document_from(file, file.name)
        letters += sum(len(block.text.encode()) for section in document.sections for block in section.blocks)
        known = FolderFile(each["path"], 1, int(moment * 1e9), True, None, len(document.sections), document.media_type)
        store.put(known, document.sections)
    rows = []
    for way, (asks, takes) in _WAYS.items():
        hits = defaultdict(list)
        for each in questions:
            sent = _sent(store, each, asks, takes)
            hits[each["kind"]].append(is_hit := _is_hit(each, sent, dates))
            if shows_misses and not is_hit and each["kind"] != "near":
                print(f"{way}, {each['kind']}: {each['question']} {each['before']}")
                print("   ", [(file, page) for file, page in sent][:6])
        for kind, found in hits.items():
            share = 100 * sum(found) / len(found)
            rows.append(Row(f"{way}, {kind}: {len(found)} questions, {_SHARES.get(kind, '–')} asked for", share, "%"))
    store.close()
    rows.append(Row("kept beside the text", store.file.stat().st_size / letters, "×", 2.5))
    return rows


def _sent(store, question, asks, takes):
    """Return file and page of what is sent, in its order."""
    asked = question["question"], question["before"]
    found = store.find(*asked)
    if asks and found.is_little:
        found = store.find(*asked, question.get("words", ()))
    if found.is_about_everything:
        return [("everything", 0)]
    if not (found.is_sure or takes):
        return []
    sent = chosen(found, WINDOW - KEPT_FREE, lambda each: _OF_PASSAGE + estimate_tokens(_text(each)))
    return [(each.file.path, each.section.number) for each in sent]


def _text(passage):
    return "\n".join(block.text for block in passage.section.blocks)


def _is_hit(question, sent, dates):
    if question["kind"] == "all":
        return sent == [("everything", 0)]
    pages = [(each["path"], each["page"]) for each in question["answers"]]
    if not pages:
        return not sent or sent == [("everything", 0)]
    if question["kind"] != "changed":
        return all(each in sent for each in pages)
    later = max(pages, key=lambda each: dates[each[0]])
    return later in sent and all(sent.index(later) <= sent.index(each) for each in pages if each in sent)


def _write(file, pages):
    """Write a file of its kind; of a mail, a text and a workbook a page is what stands in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    match file.suffix:
        case ".pdf":
            _write_pdf(file, pages)
        case ".docx":
            file.write_bytes(docx("".join(map(_chapter, pages))))
        case ".xlsx":
            file.write_bytes(xlsx({f"Sheet {number}": _sheet(page) for number, page in enumerate(pages, start=1)}))
        case ".eml":
            head, _, text = "\n\n".join(pages).partition("\n\n")
            kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit"
            file.write_text(f"{head}\n{kind}\n\n{text}\n", "utf-8")
        case _:
            file.write_text("\n\n".join(pages), "utf-8")


def _write_pdf(file, pages):
    _ = QGuiApplication.instance() or QGuiApplication([])
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    document = QTextDocument()
    document.setDefaultFont(QFont(["DejaVu Sans", "Noto Sans CJK SC"], 9))
    style = "page-break-before: always"
    document.setHtml(
        "".join(
            f'<p style="{style if number and not at else ""}">{html.escape(line)}</p>'
            for number, page in enumerate(pages)
            for at, line in enumerate(filter(str.strip, page.split("\n")))
        )
    )
    document.print_(writer)


def _chapter(page):
    heading, *lines = page.split("\n")
    level = '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    return _paragraph(heading, level) + "".join(_paragraph(line) for line in lines if line.strip())


def _paragraph(text, properties=""):
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r></w:p>'


def _sheet(page):
    def cell(text):
        return f'<x:c t="inlineStr"><x:is><x:t>{html.escape(text)}</x:t></x:is></x:c>'

    rows = "".join(f"<x:row>{''.join(map(cell, line.split(chr(9))))}</x:row>" for line in page.split("\n"))
    return f"<x:sheetData>{rows}</x:sheetData>"


def _time_rows(home, pages):
    dice = random.Random(3)
    words = ["".join(dice.choices("abcdefghilmnoprstuvy", k=dice.randrange(2, 12))) for _ in range(40_000)]
    rarity = [1 / (at + 8) for at in range(len(words))]  # as words of a language are
    store, letters, began = FolderStore(home, home / "large"), 0, time.monotonic()
    for number in range(pages // PAGES_OF_FILE):
        sections = []
        for page in range(1, PAGES_OF_FILE + 1):
            text = dice.choices(words, rarity, k=WORDS_OF_PAGE)
            blocks = tuple(Block((Run(" ".join(text[at : at + 60])),), str(at)) for at in range(0, len(text), 60))
            sections.append(Section(SectionKind.PAGE, page, "", blocks))
            letters += sum(len(block.text) for block in blocks)
        store.put(FolderFile(f"{words[number]}/{words[-number]}.pdf", 1, number, True, None, len(sections)), sections)
    put = time.monotonic() - began
    asked = [" ".join(dice.choices(words, rarity, k=dice.randrange(4, 12))) for _ in range(40)]
    asked += [" ".join((*words[:6], words[30_000])), f"{words[200]} inexistent"]
    store.close()
    took = []
    for each in ["to open it", *asked]:
        began, busy = time.monotonic(), time.thread_time()
        store.find(each)
        took.append((time.monotonic() - began, time.thread_time() - busy))
    store.close()
    median = [1000 * sorted(each)[len(asked) // 2] for each in zip(*took[1:], strict=True)]
    longest = [1000 * max(each) for each in zip(*took[1:], strict=True)]
    return [
        Row(f"{pages} pages: kept", put, "s"),
        Row(f"{pages} pages: kept beside the text", store.file.stat().st_size / letters, "×", 2.5),
        Row(f"{pages} pages: a question, the median of {len(asked)}", median[0], "ms", None, median[1]),
        Row(f"{pages} pages: the longest", longest[0], "ms", 200.0, longest[1]),
    ]


if __name__ == "__main__":
    sys.exit(main())
