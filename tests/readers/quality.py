"""Measures the readers against other programs, by `python -m tests.readers.quality [FILE …]`.

For each file: how many of its words are there, compared with the words that poppler's `pdftotext -layout` finds (and of
a file made of a source, with the source's own); how many paragraphs of the source stand whole and in their order; and
what the source does not have: words that stand nowhere in it, and rows of tables.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.readers.conftest import FILES, document_from

SOURCES = FILES / "sources"
_APART = re.compile(r"[\s|\\☐☑]+")
_TAG = re.compile(r"<[^>]+>")
_PARAGRAPH = re.compile(r"<(?:p|h\d|li|td|th)[^>]*>(.*?)</(?:p|h\d|li|td|th)>", re.DOTALL)
_UNSPACED = re.compile("([\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef])")


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of what a file holds, from 0 to 1; None where nothing is there to compare with."""

    name: str
    words_of_poppler: float | None
    words_of_source: float | None
    in_order: float | None
    cells: str
    false_words: int = 0
    false_rows: int = 0


def main(names):
    """Print a table."""
    files = [Path(name) for name in names] or sorted(FILES.glob("*.pdf"))
    print("| file | words (pdftotext) | words (source) | paragraphs in order | rows | false words | false rows |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for file in files:
        told = quality(file)
        shares = [_share(each) for each in (told.words_of_poppler, told.words_of_source, told.in_order)]
        print(f"| {told.name} | {' | '.join(shares)} | {told.cells} | {told.false_words} | {told.false_rows} |")


def quality(file):
    """Return how well a file is read."""
    document = document_from(file, file.name)
    text = text_of(document)
    found = words_of(text)
    source = SOURCES / f"{file.stem.rpartition('-')[0]}.html"
    paragraphs = paragraphs_of(source) if source.exists() else []
    cells, false_rows = rows_found(document, source) if source.exists() else ("", 0)
    false_words = joined_wrongly(text, paragraphs) if paragraphs else 0
    return Quality(
        file.name,
        _kept(words_of(_poppler(file)), found) if file.suffix == ".pdf" and shutil.which("pdftotext") else None,
        _kept(words_of("\n".join(paragraphs)), found) if paragraphs else None,
        in_order(paragraphs, text) if paragraphs else None,
        cells,
        false_words,
        false_rows,
    )


def text_of(document):
    """Return all words of a document, in its order."""
    return "\n".join(block.text for section in document.sections for block in section.blocks)


def words_of(text):
    """Return the words of a text, without marks at their edges; each letter of Chinese and Japanese is one.

    A hyphen at the end of a line is no part of a word, and neither are the bars of a table.
    """
    text = unicodedata.normalize("NFKC", text).replace("\xad", "").replace("\ufffe", "-").replace("’", "'")
    text = re.sub("[\u200e\u200f\u202a-\u202e]", "", text)
    text = re.sub(r"(?<=\w)-\n\s*(?=[^\W\d])", "", text)
    words = (word.strip(".,;:!?()[]{}\"'“”‘’„«»…-–—·•") for word in _APART.split(_UNSPACED.sub(r" \1 ", text)))
    return Counter(word.replace("-", "") for word in words if word)


def paragraphs_of(source):
    """Return the paragraphs and cells of a page of HTML, in their order."""
    page = source.read_text(encoding="utf-8")
    found = (" ".join(html.unescape(_TAG.sub("", each)).split()) for each in _PARAGRAPH.findall(page))
    return [each for each in found if each]


def in_order(paragraphs, text):
    """Return the share of paragraphs that stand in a text whole, behind the ones before."""
    flat, position, found, count = _flat(text), 0, 0, 0
    for paragraph in paragraphs:
        count += 1
        at = flat.find(_flat(paragraph), position)
        if at >= 0:
            found += 1
            position = at + 1
    return found / count if count else 1.0


def joined_wrongly(text, paragraphs):
    """Return how many words stand nowhere in a source that has them with a hyphen, or the other way round."""
    wanted = {each for paragraph in paragraphs for each in re.findall(r"\w+(?:-\w+)*", paragraph)}
    by_letters = {each.replace("-", ""): each for each in wanted}
    found = re.findall(r"\w+(?:-\w+)*", text)
    return sum(each not in wanted and each.replace("-", "") in by_letters for each in found)


def rows_found(document, source):
    """Return how many rows of the tables of a source were found whole, of how many, and how many it does not have.

    Empty cells count. Where there are tables, a row that was not found whole may be in pieces, which are no false ones.
    """
    page = source.read_text(encoding="utf-8")
    rows = [
        [_flat(html.unescape(_TAG.sub("", cell))) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    ]
    from desktop.core.documents.document import row_cells

    read = [
        [_flat(cell) for cell in row_cells(line)]
        for section in document.sections
        for block in section.blocks
        if block.is_table
        for line in block.text.split("\n")
    ]
    found = sum(row in read for row in rows)
    return (f"{found}/{len(rows)}", max(0, len(read) - len(rows))) if rows else ("", len(read))


def _flat(text):
    """Return the letters and digits of a text alone."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


def _kept(wanted, found):
    return sum((wanted & found).values()) / max(1, wanted.total())


def _poppler(file):
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, timeout=120, check=True)
    return done.stdout.decode("utf-8", "replace")


def _share(value):
    return "" if value is None else f"{100 * value:.1f} %"


if __name__ == "__main__":
    main(sys.argv[1:])
