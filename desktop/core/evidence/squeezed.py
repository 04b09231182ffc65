"""A text as its letters and digits alone, with the way back: quotations are found in it over lines and pages.

Case, width, ligatures, quotes, hyphens at the ends of lines and every sign between words do not count.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Sequence

from desktop.core.text.plain_compare import squeezed

_RUN = re.compile(r"[^\W_]+")
_MOST = 40  # places of the same words


class SqueezedText:
    """Squeezed form of a text, made once, passage by passage; the way back is made where it is gone."""

    def __init__(self, text: str, passages: Sequence[tuple[int, int]]) -> None:
        self._whole = text
        self._passages = passages
        pieces = [squeezed(text[start:end]) for start, end in passages]
        self._at = array("l")  # where each passage begins here
        length = 0
        for piece in pieces:
            self._at.append(length)
            length += len(piece)
        self.text = "".join(pieces)
        self._runs: dict[int, list[tuple[int, int, int]]] = {}

    def places(self, words: str, *, whole_words: bool = False) -> list[tuple[int, int]]:
        """Return where squeezed words stand in the text itself; `whole_words`: not as a part of others."""
        found: list[tuple[int, int]] = []
        at = self.text.find(words) if words else -1
        while at >= 0 and len(found) < _MOST:
            end = at + len(words)
            if not whole_words or (self._is_edge(at) and self._is_edge(end)):
                found.append((self._original(at), self._original(end - 1) + 1))
            at = self.text.find(words, at + 1)
        return found

    def _is_edge(self, at: int) -> bool:
        """Return True if a word or number begins or ends here; Chinese has no spaces, and may do so anywhere."""
        if not 0 < at < len(self.text) or not _joined(self.text[at - 1], self.text[at]):
            return True
        return any(begins == at for begins, _, _ in self._runs_of(self._passage_of(at)))

    def _passage_of(self, at: int) -> int:
        return bisect_right(self._at, at) - 1

    def _original(self, at: int) -> int:
        """Return the place in the text of a letter of the squeezed one."""
        runs = self._runs_of(self._passage_of(at))
        begins, start, end = runs[bisect_right(runs, (at, 1 << 60, 0)) - 1]
        return min(start + at - begins, end - 1)

    def _runs_of(self, passage: int) -> list[tuple[int, int, int]]:
        """Return the runs of letters of a passage: where each begins here, and its place in the text."""
        known = self._runs.get(passage)
        if known is None:
            known = self._runs[passage] = []
            at = self._at[passage]
            for match in _RUN.finditer(self._whole, *self._passages[passage]):
                known.append((at, match.start(), match.end()))
                at += len(match[0]) if match[0].isascii() else len(_folded(match[0]))
        return known


def _folded(run: str) -> str:
    return squeezed(unicodedata.normalize("NFKC", run))


def _joined(before: str, behind: str) -> bool:
    """Return True if two letters beside each other belong to one word or number."""
    return before.isascii() and behind.isascii() and before.isdigit() == behind.isdigit()
