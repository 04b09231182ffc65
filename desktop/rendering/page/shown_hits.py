"""Occurrences of a query in a message as it is shown, for messages that have not been laid out.

What counts is what `marks` marks: the occurrences in each leaf's shown text, where the signs of Markdown are gone and a
link's address is not said. Most messages do not hold the query at all, which can be seen from the source; only the rest
is read. Done in steps, since a message may be a megabyte long.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Protocol

from desktop.core.message import Message, Role
from desktop.core.text.find import FoundIn, Places, comparable, occurrences
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import leaf_text

_STEP = 8_000  # characters that are read in one step: some milliseconds
# Characters that are looked through in one step, and how far such a step reaches into the next: a query, with all that
# is not shown of it, is shorter.
_LOOK, _REACH = 64_000, 4_000

_NOT_A_LETTER = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"\]\([^)]*\)")  # of a link, which is not shown
# Signs in whose place something else is shown: an entity, an image, and all that `invisible` may make visible, which
# tells more exactly but takes ten times as long.
_REPLACED = re.compile(
    r"&|!\["
    "|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

Steps = Generator[None, None, Places]


class _Document(Protocol):
    leaves: list[Leaf]

    def append(self, text: str) -> int: ...
    def finish(self) -> int: ...


def found_in(message: Message, query: str, with_reasoning: bool) -> Generator[None, None, FoundIn]:
    """Count in one message; may be left for a while at each step. Thinking counts only where it is asked for."""
    plain = message.role is not Role.ASSISTANT
    thought = yield from _hits(PlainDocument(), message.reasoning, query) if with_reasoning else _none()
    said = yield from _hits(PlainDocument() if plain else MarkdownDocument(), message.text, query)
    return FoundIn(message.id, thought, said)


def may_show(source: str, query: str) -> bool:
    """Return False where the shown form of a Markdown source certainly does not hold the query.

    Its letters may stand apart in the source, with signs between them or the address of a link.
    """
    compared = comparable(source)
    letters = [_NOT_A_LETTER.sub("", each) for each in (compared, _ADDRESS.sub("", compared))]
    words = (_NOT_A_LETTER.sub("", word) for word in comparable(query).split())
    if all(any(word in each for each in letters) for word in words):
        return True
    return _REPLACED.search(source) is not None


def _hits(document: _Document, text: str, query: str) -> Steps:
    if not (yield from _may_show(text, query)):
        return ()
    for start in range(0, len(text), _STEP):
        document.append(text[start : start + _STEP])
        yield
    document.finish()
    counts: dict[int, int] = {}  # by the start in the source
    looked_at = 0
    for leaf in document.leaves:
        start = leaf.source[0]
        counts[start] = counts.get(start, 0) + len(occurrences(leaf_text(leaf), query))
        looked_at += leaf.letters
        if looked_at > _STEP:
            looked_at = 0
            yield
    return tuple((start, count) for start, count in counts.items() if count)


def _may_show(source: str, query: str) -> Generator[None, None, bool]:
    """Return what `may_show` does; in steps where the source is long."""
    for start in range(0, len(source), _LOOK):
        if may_show(source[start : start + _LOOK + _REACH], query):
            return True
        if start + _LOOK < len(source):
            yield
    return False


def _none() -> Steps:
    yield from ()
    return ()
