"""Names that stand in nothing that was given: told apart from words that are capitalised for other reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.core.claims.claim import Finding
from desktop.core.evidence.index import SourceIndex
from desktop.core.evidence.passages import Passage
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import has_han

_COMMON_WORDS = (
    "english german french spanish italian chinese japanese european american british excel word powerpoint"
    " pdf microsoft outlook teams internet email mail summary overview notes background key figures points"
    " findings conclusion recommendation recommendations next steps action items payment payments terms term"
    " contract agreement policy party parties company landlord tenant buyer seller client supplier customer"
    " provider advance total subtotal amount price cost date item items description details information contact"
    " contacts deadline deadlines sir madam colleagues all team management dear regards important please vat q1"
    " q2 q3 q4 ceo cfo hr it monday tuesday wednesday thursday friday saturday sunday january february march"
    " april may june july august september october november december europe retention money warranty delivery"
    " liability insurance scope services service level levels fees costs rent deposit notice increase results"
    " revenue outlook customers answer quote quotation quotations clause section article page slide sheet file"
    " document table row column source"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_LED_TO = re.compile(r"(?:\b(?:of|in|at|by|from|with|to|near|for|Mr|Ms|Mrs|Dr|Prof|is|called|named)\.? (?:the )?)$")


def is_unknown(thing: Finding, text: str, passage: Passage, indexes: Sequence[SourceIndex], question: str) -> bool:
    """Return True for a name of which no source, nor the question, has all words; `question` squeezed."""
    is_han = has_han(thing.text)
    if all(index.is_chinese != is_han for index in indexes):
        return False  # it may be written in other letters there
    if is_han:
        return True
    words = [squeezed(word) for word in re.split(r"[\s-]+", thing.text)]
    unknown = [
        word
        for word in words
        if len(word) > 2 and word not in _COMMON and word not in question and not _stands(word, indexes)
    ]
    if not unknown or _is_line(thing, passage):
        return False
    return len(words) > 1 or (
        len(thing.text) > 3 and _LED_TO.search(text[max(0, thing.start - 14) : thing.start]) is not None
    )


def _stands(word: str, indexes: Sequence[SourceIndex]) -> bool:
    stems = (word, word[:-1]) if len(word) > 4 and word.endswith("s") else (word, word + "s")
    return any(index.squeezed.places(stem, whole_words=True) for index in indexes for stem in stems)


def _is_line(thing: Finding, passage: Passage) -> bool:
    """Return True if the name is all that stands in its line or cell at the beginning: a heading, not a name."""
    if passage.cells:
        return bool(passage.header == ()) or passage.cells[0] == (thing.start, thing.end)
    return thing.start == passage.start and (
        thing.end >= passage.end - 1 or (passage.label is not None and thing.end >= passage.label[1] - 1)
    )
