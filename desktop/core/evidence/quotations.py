"""Quotations of an answer, looked up in the sources: word for word, else where most of their words stand in a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher

from desktop.core.claims.claim import Finding
from desktop.core.evidence.checked import Checked, Difference, SourcePlace, Verdict
from desktop.core.evidence.given import SourceIndex
from desktop.core.evidence.words import word_set
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import HAN, count_han

# What is left out of a quotation, or put in: each piece between is looked for by itself.
_LEFT_OUT = re.compile(r"\[[^\]\n]{0,80}\]|…+|\.{3,}|（(?:略|下略|省略)）|\((?:…|\.\.\.)\)")
_LEAST = 4  # words or characters of a quotation that can be told from a phrase
_ALIKE = 0.55  # from this share of its words on, it is the same passage
_MOST_SEEDS, _MOST_WORDS = 50, 120
_MOST_PASSAGES, _MOST_IN_PASSAGES = 4, 1_500
# A word by which quotations are compared; a Chinese character is one.
WORD = re.compile(rf"[{HAN}]|[^\W_]+(?:['’.,-][^\W_]+)*%?")

_Near = tuple[float, SourcePlace, tuple[Difference, ...]]


def looked_up(quotation: Finding, indexes: Sequence[SourceIndex]) -> Checked:
    """Return what became of looking a quotation up."""
    words = quotation.text.strip('“”„"«»「」『』‘’ ')
    pieces = [piece for piece in (squeezed(each) for each in _LEFT_OUT.split(words)) if piece]
    found: list[SourcePlace] = []
    for index in indexes:
        places = [index.squeezed.places(piece) for piece in pieces]
        if pieces and all(places):
            found += [index.place(*span) for span in places[0]]
    if found:
        return Checked.of(quotation, Verdict.FOUND, tuple(found))
    return _nearest(quotation, words, indexes)


def _nearest(quotation: Finding, words: str, indexes: Sequence[SourceIndex]) -> Checked:
    said = [match[0].casefold() for match in WORD.finditer(words)][:_MOST_WORDS]
    best: _Near | None = None
    languages = {index.is_chinese for index in indexes}
    if (count_han(words) * 4 > len(words) and languages == {False}) or (not count_han(words) and languages == {True}):
        return Checked.of(quotation, Verdict.UNCHECKED)  # translated
    for index in indexes if len(said) >= _LEAST else ():
        near = _near_in(index, said, words)
        if near is not None and (best is None or near[0] > best[0]):
            best = near
    if best is not None and best[0] >= _ALIKE:
        return Checked.of(quotation, Verdict.NEAR, (best[1],), differences=best[2])
    return Checked.of(quotation, Verdict.NOT_FOUND)


def _near_in(index: SourceIndex, said: list[str], words: str) -> _Near | None:
    """Return how alike the most alike passage is, with its place, and the words that differ."""
    best: _Near | None = None
    for at in index.nearest_passages(word_set(words), _MOST_PASSAGES):
        # A quotation may begin before a passage, and go on behind it.
        first, last = max(0, at - 1), min(len(index.passages) - 1, at + 2)
        spans = [
            match.span()
            for match in WORD.finditer(index.visible, index.passages[first].start, index.passages[last].end)
        ][:_MOST_IN_PASSAGES]
        near = _alike(index, said, spans, words)
        if near is not None and (best is None or near[0] > best[0]):
            best = near
    return best


def _alike(index: SourceIndex, said: list[str], spans: list[tuple[int, int]], words: str) -> _Near | None:
    stands = [index.text[begin:end].casefold() for begin, end in spans]
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(stands):
        places[word].append(at)
    votes: dict[int, int] = defaultdict(int)
    for at, word in enumerate(said):
        for place in places.get(word, ())[:_MOST_SEEDS]:
            votes[place - at] += 1
    if not votes:
        return None
    # Words put in or left out shift what follows by a few.
    begins = max(votes, key=lambda at: sum(votes.get(at + shift, 0) for shift in range(-4, 5)))
    window = spans[max(0, begins - 4) : max(0, begins) + len(said) + 6]
    matcher = SequenceMatcher(None, said, stands[max(0, begins - 4) : max(0, begins) + len(said) + 6], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    share = sum(block.size for block in blocks) / len(said)
    last = blocks[-1]
    passage = index.place(window[blocks[0].b][0], window[last.b + last.size - 1][1])
    return share, passage, tuple(_differences(index, blocks, window, words))


def _differences(
    index: SourceIndex, blocks: list[Match], window: Sequence[tuple[int, int]], words: str
) -> Iterator[Difference]:
    """Yield the words of the quotation that are others in the passage, in order."""
    spans = [match.span() for match in WORD.finditer(words)][:_MOST_WORDS]
    # Before the first words that agree, and behind the last, as many of the file's are set against those of the answer.
    said_at, stands_at = 0, max(0, blocks[0].b - blocks[0].a)
    for block in [*blocks, None]:
        said_end = block.a if block else len(spans)
        stands_end = block.b if block else min(len(window), stands_at + len(spans) - said_at)
        if said_end > said_at or stands_end > stands_at:
            said = words[spans[said_at][0] : spans[said_end - 1][1]] if said_end > said_at else ""
            stands = index.text[window[stands_at][0] : window[stands_end - 1][1]] if stands_end > stands_at else ""
            yield Difference(said, " ".join(stands.split()))
        if block:
            said_at, stands_at = block.a + block.size, block.b + block.size
