"""Cases of answers over files, in a notation that is read as it stands; their things that can be checked are marked.

A case file begins with its sources (`@source NAME`, then `@page 1`, `@sheet 2 Prices`, `@slide`, `@chapter`, `@whole`;
`# ` before a heading, `^header: ` before a page's header), then come questions (`@ask`) and answers (`@answer`). A mark
is `{{verdict|words}}` or `{{verdict|words|more}}`: `ok` stands in the file (`more`: p3 for its section), `wrong` stands
nowhere, `else` stands there as something else (`more`: a word of what it is there), `near` is a quotation that differs,
`computed` and `miscomputed` are reckoned, `question` is the user's own, `free` right or harmless and from nowhere. A
second reader's marks stand in `second-*.json` beside the files, as "file:number": what they see in another way is left
out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from desktop.core.claims.claim import Shown
from desktop.core.documents.document import Aside, Block, Document, Run, Section, SectionKind
from desktop.core.documents.selection import attachment
from desktop.core.message import AttachmentPart
from desktop.rendering.page.shown_claims import shown_in

HERE = Path(__file__).parent
ANSWERS = HERE / "answers"
WRONG = frozenset(("wrong", "else", "near", "miscomputed"))

_MARK = re.compile(r"\{\{(?P<verdict>[a-z]+)\|(?P<words>[^{}|]*)(?:\|(?P<more>[^{}|]*))?\}\}")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private letters, which no rule of Markdown knows
_MEDIA = {".pdf": "application/pdf", ".csv": "text/csv", ".html": "text/html"}


@dataclass(frozen=True)
class Marked:
    """Finding in an answer as it is shown, with the verdict that is right."""

    verdict: str
    text: str
    start: int
    end: int
    more: str = ""
    is_agreed: bool = True  # the second reader, if there was one, sees it in the same way

    @property
    def section(self):
        """The number of the section that it stands in, where the mark names one."""
        return int(self.more[1:]) if re.fullmatch(r"p\d+", self.more) else None

    @property
    def is_wrong(self):
        return self.verdict in WRONG


@dataclass(frozen=True)
class Case:
    """Question, answer and files, and what is right about each marked thing of the answer."""

    name: str
    files: tuple[AttachmentPart, ...]
    question: str
    answer: str
    shown: Shown
    marked: tuple[Marked, ...]


def cases_in(folder, only=()):
    """Return the cases of a folder, or those of some files in it, by their names without an ending."""
    second: dict[str, str] = {}
    for path in sorted(folder.glob("second*.json")):
        second |= json.loads(path.read_text("utf-8"))
    chosen = set(only)
    paths = [path for path in sorted(folder.glob("*.txt")) if not chosen or path.stem in chosen]
    return [case for path in paths for case in _cases_of(path, second)]


def _cases_of(path, second):
    head, *asked = re.split(r"^@ask\n", path.read_text("utf-8"), flags=re.MULTILINE)
    files = tuple(attachment(document) for document in documents_in(head))
    found: list[Case] = []
    count = 0
    for number, each in enumerate(asked, 1):
        question, answer = each.split("@answer\n")
        marks = list(_MARK.finditer(answer))
        numbers = range(count + 1, count + len(marks) + 1)
        seen = [second.get(f"{path.name}:{at}") or second.get(f"{path.stem}:{at}") for at in numbers]
        count += len(marks)
        found.append(_case(f"{path.stem}-{number}", files, question.strip(), answer.strip(), seen))
    return found


def _case(name, files, question, marked, seen):
    answer = _MARK.sub(lambda found: found["words"], marked)
    shown = shown_in(answer)
    with_signs = shown_in(_MARK.sub(lambda found: f"{_OPEN}{found['words']}{_CLOSE}", marked)).text
    marks = list(_MARK.finditer(marked))
    moved = _moved(with_signs.replace(_OPEN, "").replace(_CLOSE, ""), shown.text)
    places, position, start = [], 0, 0
    for sign in with_signs:
        if sign == _OPEN:
            start = position
        elif sign == _CLOSE:
            places.append((moved[start], moved[position]))
        else:
            position += 1
    assert len(places) == len(marks), name
    return Case(
        name,
        files,
        question,
        answer,
        shown,
        tuple(
            Marked(
                mark["verdict"],
                shown.text[start:end],
                start,
                end,
                mark["more"] or "",
                is_agreed=other is None or _class_of(other) == _class_of(mark["verdict"]),
            )
            for mark, (start, end), other in zip(marks, places, seen, strict=True)
        ),
    )


def _moved(signed, shown):
    """Return where each letter of one text stands in the other: beside a sign, Markdown may leave a star as it is."""
    places = list(range(len(signed) + 1))
    if signed != shown:
        for block in SequenceMatcher(None, signed, shown, autojunk=False).get_matching_blocks():
            end = block.a + block.size + 1
            places[block.a : end] = range(block.b, block.b + len(places[block.a : end]))
    return places


def _class_of(verdict):
    return "wrong" if verdict in WRONG else verdict


def documents_in(text):
    found = []
    for part in re.split(r"^@source ", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        sections = []
        for each in re.split(r"^@(?=(?:page|sheet|slide|chapter|mail|whole)\b)", body, flags=re.MULTILINE)[1:]:
            head, _, words = each.partition("\n")
            kind, number, title, *_ = [*head.split(" ", 2), "", ""]
            sections.append(Section(SectionKind(kind), int(number or 1), title, tuple(_blocks_in(words))))
        ending = "." + name.rpartition(".")[2]
        found.append(Document(name, _MEDIA.get(ending, "application/octet-stream"), tuple(sections)))
    return found


def _blocks_in(words):
    """Paragraphs, headings and tables, each of which stands by itself."""
    blocks: list[Block] = []
    lines: list[str] = []

    def end():
        if lines:
            is_table = lines[0].startswith("|")
            blocks.append(Block((Run("\n".join(lines)),), str(len(blocks)), is_table=is_table))
            lines.clear()

    for line in words.split("\n"):
        if not line.strip():
            end()
        elif line.startswith("# "):
            end()
            blocks.append(Block((Run(line[2:]),), str(len(blocks)), level=1))
        elif line.startswith("^header: "):
            end()
            blocks.append(Block((Run(line.removeprefix("^header: "), Aside.HEADER),), str(len(blocks))))
        else:
            if lines and line.startswith("|") != lines[0].startswith("|"):
                end()
            lines.append(line)
    end()
    return blocks
