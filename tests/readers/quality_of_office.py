"""Text of real documents as the readers give it, compared with the text that LibreOffice exports of them.

    python -m tests.readers.quality_of_office FOLDER    every document in a folder, one line each
    … FOLDER --kept EXPORTS    with exports made before, by `soffice --convert-to`

Of slides and sheets that is what stands in LibreOffice's own formats: there dates have their day beside what is shown,
and pictures no text. A tool for `docs/files.md`, not a test: it needs LibreOffice (`soffice`), and `pdftotext` for the
order of what stands on slides.
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
    seen = _picture(path, kept) if path.suffix.lower() in _SLIDES else None
    order = _order("\n".join(ours), (seen or theirs).split("\n"))
    return Compared(path.name, total, share, order, seconds, [word for word, _ in missing.most_common()])


def _blocks(events: list[object]) -> Iterator[str]:
    for event in events:
        for block in event.blocks if isinstance(event, Section) else ():
            yield block.text


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
        for endings, ending, read in ((_SLIDES, "odp", _out_of_slides), (_SHEETS, "ods", _out_of_sheets)):
            if path.suffix.lower() in endings:
                own = _converted(path, made, ending, ending, make=kept is None)
                return read(own) if own is not None else None
        text = _converted(path, made, "txt", "txt:Text (encoded):UTF8", make=kept is None)
        return text.read_text("utf-8-sig", "replace") if text is not None else None


def _picture(path: Path, kept: Path | None) -> str | None:
    """Return the words of the picture of slides, from top to bottom; what is drawn last may stand first in the file."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = _converted(path, kept or Path(folder), "pdf", "pdf", make=kept is None)
        if pdf is None:
            return None
        try:
            done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=False, timeout=20)
        except subprocess.TimeoutExpired:
            return None
        return done.stdout.decode("utf-8", "replace")


def _out_of_slides(slides: Path) -> str:
    """Return the paragraphs of the slides and of the speaker's notes, without what is printed around these."""
    with zipfile.ZipFile(slides) as package:
        root = ElementTree.fromstring(package.read("content.xml"))  # noqa: S314 - LibreOffice wrote it
    return "\n".join("".join(_said(each)) for each in _paragraphs(root))


def _paragraphs(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    kind = next((value for name, value in element.items() if name.endswith("}class")), "")
    if element.tag.endswith("}p"):
        yield element
    elif kind not in {"header", "footer", "date-time", "page-number"}:
        for each in element:
            yield from _paragraphs(each)


def _said(paragraph: ElementTree.Element) -> Iterator[str]:
    """Yield the words of a paragraph, without the numbers of pages and days that LibreOffice fills in."""
    if not paragraph.tag.endswith(("}page-number", "}date", "}time", "}footer", "}header", "}page-name")):
        yield paragraph.text or ""
        for each in paragraph:
            yield " " if each.tag.endswith(("}line-break", "}tab", "}s")) else ""
            yield from _said(each)
            yield each.tail or ""


def _out_of_sheets(sheet: Path) -> str:
    """Return what the cells of LibreOffice's own format show: it keeps that beside the values; of dates, the day."""
    rows: list[str] = []
    with zipfile.ZipFile(sheet) as package, package.open("content.xml") as part:
        for _, element in ElementTree.iterparse(part):  # noqa: S314 - LibreOffice wrote it
            if element.tag.endswith("}table-row"):
                rows.append("\t".join(_shown(each) for each in element))
                element.clear()
    return "\n".join(rows)


def _shown(cell: ElementTree.Element) -> str:
    day = next((value for name, value in cell.items() if name.endswith("}date-value")), "")
    paragraphs = ("".join(each.itertext()) for each in cell.iter() if each.tag.endswith("}p"))
    return day[:10] or " ".join(paragraphs)


def _converted(path: Path, folder: Path, ending: str, wanted: str, *, make: bool) -> Path | None:
    made = folder / f"{path.stem}.{ending}"
    if make:
        command = ["soffice", "--headless", "--convert-to", wanted, "--outdir", str(folder), str(path)]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
    return made if made.exists() else None


if __name__ == "__main__":
    sys.exit(main())
