"""Text of real documents as the readers give it, compared with the text that LibreOffice exports of them.

    python -m tests.readers.quality_of_office FOLDER    every document in a folder, one line each
    … FOLDER --kept EXPORTS    with exports made before, by `soffice --convert-to`

A tool for `docs/files.md`, not a test: it needs LibreOffice (`soffice`), and `pdftotext` for slides.
"""

from __future__ import annotations

import argparse
import bisect
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from desktop.core.documents.document import Section
from desktop.core.documents.reading import ReadingError
from desktop.readers import formats
from desktop.readers.source import Source

_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]|[^\W_]+")
_SLIDES = {".pptx", ".odp", ".ppt"}
_SHEETS = {".xlsx", ".xls", ".ods", ".xlsb"}
_LEAST_WORDS = 4  # of a paragraph whose order is compared; shorter ones are in many places


@dataclass(frozen=True, slots=True)
class Compared:
    """Comparison of one document: shares from 0 to 1, None where there is nothing to compare."""

    name: str
    words: int  # in the export
    kept: float | None
    in_order: float | None
    seconds: float
    missing: list[str]


def main() -> int:
    """Compare the documents of a folder, and print a line for each; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kept", type=Path, help="exports that were made before")
    parser.add_argument("--missing", action="store_true", help="say which words are missing")
    chosen = parser.parse_args()
    every = [each for each in sorted(chosen.folder.iterdir()) if each.is_file()]
    found = [each for path in every if (each := compared(path, chosen.kept)) is not None]
    for each in found:
        kept, in_order = (f"{share:7.2%}" if share is not None else "      -" for share in (each.kept, each.in_order))
        sys.stdout.write(
            f"{each.name:44.44} {each.words:7} words {kept} kept {in_order} in order {each.seconds:5.2f} s"
        )
        sys.stdout.write(f"  {' '.join(each.missing[:12])}\n" if chosen.missing else "\n")
    words = sum(each.words for each in found)
    kept_words = sum(each.words * each.kept for each in found if each.kept is not None)
    sys.stdout.write(f"{len(found)} documents, {words} words, {kept_words / max(words, 1):.2%} kept\n")
    return 0


def compared(path: Path, kept: Path | None) -> Compared | None:
    """Return the comparison of a document; None if either side has no text of it."""
    began = time.process_time()
    try:
        events = list(formats.read(Source(path, path.name)))
    except ReadingError:
        return None
    seconds = time.process_time() - began
    ours = list(_blocks(events))
    theirs = _export(path, kept)
    if theirs is None:
        return None
    their_words = Counter(_words(theirs))
    missing = their_words - Counter(_words("\n".join(ours)))
    total = their_words.total()
    share = 1 - missing.total() / total if total else None
    if path.suffix.lower() in _SLIDES:
        share, missing = _kept_of_slides("\n".join(ours), theirs)
    order = _order("\n".join(ours), theirs.split("\n"))
    return Compared(path.name, total, share, order, seconds, [word for word, _ in missing.most_common()])


def _blocks(events: list[object]) -> Iterator[str]:
    for event in events:
        for block in event.blocks if isinstance(event, Section) else ():
            yield block.text


def _kept_of_slides(ours: str, theirs: str) -> tuple[float | None, Counter[str]]:
    """Return the share of the letters of lines that are there, and the lines that are not.

    In a picture of slides letters of a word stand apart; and numbers of pages and axes are no text of a slide.
    """
    text = "".join(_words(ours))
    lines = [line for each in theirs.split("\n") if any(map(str.isalpha, line := "".join(_words(each))))]
    missing = Counter(line for line in lines if line not in text)
    letters = sum(map(len, lines))
    left = sum(len(line) * count for line, count in missing.items())
    return (1 - left / letters if letters else None), missing


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _order(ours: str, paragraphs: list[str]) -> float | None:
    """Return the share of paragraphs that come in the order of the export, of those that are found at all."""
    text = f" {' '.join(_words(ours))} "
    places: list[int] = []
    for paragraph in paragraphs:
        words = _words(paragraph)
        if len(words) < _LEAST_WORDS:
            continue
        wanted = f" {' '.join(words)} "
        # Of several places the first one behind the one before counts.
        after = text.find(wanted, places[-1] if places else 0)
        place = after if after >= 0 else text.find(wanted)
        if place >= 0:
            places.append(place)
    if not places:
        return None
    rising: list[int] = []
    for place in places:
        at = bisect.bisect_right(rising, place)
        rising[at : at + 1] = [place]
    return len(rising) / len(places)


def _export(path: Path, kept: Path | None) -> str | None:
    """Return LibreOffice's own text of a document; None if it has none."""
    with tempfile.TemporaryDirectory() as folder:
        made = kept or Path(folder)
        if path.suffix.lower() in _SLIDES:
            pdf = _converted(path, made, "pdf", "pdf", make=kept is None)
            if pdf is None:
                return None
            return _out_of_pdf(pdf)
        if path.suffix.lower() in _SHEETS:
            sheet = _converted(path, made, "ods", "ods", make=kept is None)
            return _out_of_sheets(sheet) if sheet is not None else None
        text = _converted(path, made, "txt", "txt:Text (encoded):UTF8", make=kept is None)
        return text.read_text("utf-8-sig", "replace") if text is not None else None


def _out_of_pdf(pdf: Path) -> str | None:
    try:
        done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=False, timeout=20)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", "replace")


def _out_of_sheets(sheet: Path) -> str:
    """Return what the cells of LibreOffice's own format show: it keeps that beside the values."""
    rows: list[str] = []
    with zipfile.ZipFile(sheet) as package, package.open("content.xml") as part:
        for _, element in ElementTree.iterparse(part):  # noqa: S314 - LibreOffice wrote it
            if element.tag.endswith("}table-row"):
                paragraphs = (each for each in element.iter() if each.tag.endswith("}p"))
                rows.append("\t".join("".join(each.itertext()) for each in paragraphs))
                element.clear()
    return "\n".join(rows)


def _converted(path: Path, folder: Path, ending: str, wanted: str, *, make: bool) -> Path | None:
    made = folder / f"{path.stem}.{ending}"
    if make:
        command = ["soffice", "--headless", "--convert-to", wanted, "--outdir", str(folder), str(path)]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
    return made if made.exists() else None


if __name__ == "__main__":
    sys.exit(main())
