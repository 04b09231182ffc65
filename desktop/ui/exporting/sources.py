"""Answers with a footnote at each thing that was looked up: where it stands in the files, or that it does not.

The notes are Markdown, so that each format that knows footnotes has them. Runs on the writing thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from desktop.core.claims.claim import Shown
from desktop.core.evidence.checked import Evidence, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Indexes
from desktop.core.evidence.sources import sources_of
from desktop.core.message import Message, Part, Role, TextPart
from desktop.core.text.late_regex import late_regex
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.evidence.pane_words import title
from desktop.ui.evidence.words import thing_words
from desktop.ui.words import fill, translate

_MOST_NOTES = 500  # of one answer
_LAST_NUMBER = 9_999  # that a footnote may have
_NUMBERED = late_regex(r"\[\^(\d{1,4})\]")
_SPECIAL = late_regex(r"[\\`*_\[\]<>#|~$]")
_IN_LINK = late_regex(r"[^\[\]\n]*\]\(")  # behind a thing: the note would stand within the words of a link


def with_sources(
    messages: Sequence[Message], path: Sequence[Message], system: str = "", left_out: Iterable[str] = ()
) -> list[Message]:
    """Return messages of a conversation's path with their sources as footnotes; `left_out` as in its settings."""
    absent = frozenset(left_out)
    numbers = count(max((int(each) for message in messages for each in _NUMBERED.findall(message.text)), default=0) + 1)
    indexes = Indexes()
    made: list[Message] = []
    for message in messages:
        at = next((index for index, each in enumerate(path) if each.id == message.id), 0)
        above = [each for each in path[:at] if message.id in absent or each.id not in absent]
        sources = sources_of(above, system) if message.role is Role.ASSISTANT else None
        if sources is None or not sources.given or not message.text.strip():
            made.append(message)
            continue
        shown = shown_in(message.text)
        evidence = check(shown, indexes.of(sources.given), sources.question)
        text = footnoted(message.text, shown, evidence, numbers)
        made.append(replace(message, parts=tuple(_with_text(message, text))))
    return made


def footnoted(markdown: str, shown: Shown, evidence: Evidence, numbers: Iterator[int]) -> str:
    """Return an answer with a footnote at each thing that was looked up.

    Where its place in the Markdown can't be told, the thing is named in a list at the end.
    """
    notes: list[tuple[int, str]] = []
    apart: list[str] = []
    for index, each in enumerate(evidence.checked):
        if each.verdict is Verdict.UNCHECKED or len(notes) + len(apart) >= _MOST_NOTES:
            continue
        place = _place(markdown, shown, each.start, each.text)
        words = note_words(evidence, index)
        if place is None:
            apart.append(words)
        else:
            notes.append((place, words))
    pieces: list[str] = []
    definitions: list[str] = []
    at = 0
    for place, words in sorted(notes):
        number = next(numbers)
        if number > _LAST_NUMBER:
            apart.append(words)
            continue
        pieces += [markdown[at:place], f"[^{number}]"]
        definitions.append(f"[^{number}]: {_plain(words)}")
        at = place
    listed = [f"- {_plain(words)}" for words in apart]
    blocks = ["".join([*pieces, markdown[at:]]).rstrip("\r\n"), "\n".join(listed), "\n\n".join(definitions)]
    return "\n\n".join(block for block in blocks if block)


def note_words(evidence: Evidence, index: int) -> str:
    """Return what is said of a thing, in one line, with the name of the file."""
    words = " ".join(thing_words(evidence, index).split())
    names = {title(source) for source in evidence.sources}
    if len(names) != 1 or not evidence.checked[index].places:
        return words
    return fill(translate("evidence", "%1: %2", "file, sentence"), names.pop(), words)


def _with_text(message: Message, text: str) -> Iterator[Part]:
    """Yield the parts of a message, with another text in the place of its own."""
    is_said = False
    for part in message.parts:
        if not isinstance(part, TextPart):
            yield part
        elif not is_said:
            is_said = True
            yield TextPart(text)


def _place(markdown: str, shown: Shown, start: int, words: str) -> int | None:
    """Return where in the Markdown a thing ends that begins at a letter of the shown text; None if it can't be told."""
    block = bisect_right(shown.blocks, start, key=lambda each: each[0]) - 1
    if block < 0:
        return None
    first, source = shown.blocks[block]
    last, behind = shown.blocks[block + 1] if block + 1 < len(shown.blocks) else (len(shown.text), len(markdown))
    seen, written = shown.text[first:last], markdown[source:behind]
    if seen.count(words) != written.count(words):
        return None
    at = -1
    for _ in range(seen.count(words, 0, start - first) + 1):
        at = written.find(words, at + 1 if at < 0 else at + len(words))
    end = at + len(words)
    return None if at < 0 or _IN_LINK.match(written, end) else source + end


def _plain(words: str) -> str:
    """Return words so that Markdown shows them as they are."""
    return _SPECIAL.sub(r"\\\g<0>", words)
