"""The inline text of a paragraph that may grow without end: read piece by piece, each piece once.

A piece ends at a space, a line break or between two Chinese characters, where nothing that it opened is still open. If
there is no such place for some three thousand characters it ends anyway, so emphasis, links and code spans reach no
further than that. Where the pieces end depends on the text alone, not on how it arrived.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.rendering.markdown.inline import InlineText, References, as_written, parse_growing, parse_segment
from desktop.rendering.text.leaves import Span

# Shorter pieces make each flush cheaper, longer ones are cut less often. A piece that leaves something open is read
# again at twice its length: 200, 400, 800, 1600, and then it ends.
_SHORTEST = 100
_LONGEST_OPEN = 2_400

# Where there is no space at all, as in base64, a piece is cut blindly.
_LONGEST_WORD = 4_000

_CUT = re.compile(r"(?<=[^\s\\])(?: ?\n| )(?=\S)|(?<=[\u2e80-\U0003ffff])(?=[\u2e80-\U0003ffff])")

# Characters that a cut needs to see after it; the longest match of `_CUT` and one more.
_LOOK_AHEAD = 3

# An unread rest beyond this is read again only when it has grown by a quarter; meanwhile its end is shown as it stands.
_CHEAP_REST = 1_000

# The address of a link, which is not shown.
_ADDRESS = re.compile(r"\]\([^()\s]*\)")

# Letters and punctuation that mean nothing to Markdown; a full stop may belong to an address.
_WORDS = re.compile(r"(?:[^\W_]|[ ,，。、；：！？（）“”])+")


class GrowingText:
    """Inline text that grows.

    `add` takes raw text, `settle` reads what can be read for good, `preview` and `finish` give the whole.
    """

    def __init__(self, references: References) -> None:
        self._read = _Pieces(InlineText(""))
        self._references = references
        self._rest = ""
        self._threshold = _SHORTEST
        self._joint = ""  # the white space between the settled pieces and the rest
        self._shown = _Shown("", InlineText(""))

    @property
    def settled(self) -> InlineText:
        """The text that has been read for good."""
        return self._read.joined()

    @property
    def settled_letters(self) -> int:
        """The number of characters in `settled`, whose text is joined only when it is asked for."""
        return self._read.length

    def clone(self) -> GrowingText:
        other = GrowingText(self._references)
        other._read = _Pieces(self.settled)
        other._rest, other._threshold, other._joint, other._shown = (
            self._rest,
            self._threshold,
            self._joint,
            self._shown,
        )
        return other

    def append_text(self, raw: str) -> None:
        self._rest += raw

    def settle(self) -> None:
        """Read all pieces whose ends are known."""
        rest, position = self._rest, 0
        while cut := self._next_cut(rest, position):
            start, end, is_forced = cut
            piece, is_closed = parse_segment(rest[position:start], self._references)
            if not is_closed and not is_forced:
                self._threshold *= 2
                continue
            self._read.add(self._joint, piece)
            self._joint = rest[start:end]
            self._threshold = _SHORTEST
            position = end
        if position:
            self._rest = rest[position:]
            self._shown = _Shown("", InlineText(""))

    def preview(self, more: str = "") -> InlineText:
        """Return the text as it would be if `more` followed and then nothing.

        Of a long unread rest, an approximation.
        """
        rest, shown = (self._rest + more).rstrip(" \t\n"), self._shown
        if not rest.startswith(shown.raw) or not shown.goes_on_with(rest[len(shown.raw) :]):
            is_cheap = len(rest) <= _CHEAP_REST or len(rest) >= len(shown.raw) + len(shown.raw) // 4
            if is_cheap or not rest.startswith(shown.raw):
                shown.raw, shown.text = rest, parse_growing(rest, self._references)
        text = InlineText(shown.text.text + as_written(rest[len(shown.raw) :]), shown.text.spans)
        return self._whole(text)

    def finish(self) -> InlineText:
        """Return the text when nothing more comes."""
        self.settle()
        return self._whole(parse_segment(self._rest.rstrip(" \t\n"), self._references)[0])

    def _whole(self, last: InlineText) -> InlineText:
        pieces = _Pieces(self.settled)
        pieces.add(self._joint, last)
        return pieces.joined()

    def _next_cut(self, rest: str, position: int) -> tuple[int, int, bool] | None:
        """Return start and end of the white space where the next piece may end, and True if it must end there."""
        if len(rest) < position + self._threshold:
            return None
        limit = position + _LONGEST_WORD
        found = _CUT.search(rest, position + self._threshold, limit + _LOOK_AHEAD)
        if found is not None and found.end() <= limit:
            return found.start(), found.end(), self._threshold >= _LONGEST_OPEN
        return (limit, limit, True) if len(rest) > limit + _LOOK_AHEAD else None


@dataclass(slots=True)
class _Shown:
    """Look of a rest when it was read last. Shared by clones, which all read the same text."""

    raw: str
    text: InlineText

    def goes_on_with(self, added: str) -> bool:
        """Take what follows if it is words after a word, which are shown as they are written; False if it is not."""
        if not added:
            return True
        spans = self.text.spans
        is_after_word = _WORDS.fullmatch(self.raw, max(0, len(self.raw) - 1)) is not None
        if not is_after_word or (spans and spans[-1].end == len(self.text.text)) or not _WORDS.fullmatch(added):
            return False
        self.raw += added
        self.text = InlineText(self.text.text + added, spans)
        return True


class _Pieces:
    """Pieces of read text, and what had been read before; they are joined when the whole is asked for."""

    def __init__(self, before: InlineText) -> None:
        self._before = before
        self.length = len(before.text)
        self._texts: list[str] = []
        self._spans: list[Span] = []

    def add(self, joint: str, piece: InlineText) -> None:
        if not piece.text:
            return
        last = self._texts[-1] if self._texts else self._before.text
        between = _between(joint, last)
        offset = self.length + len(between)
        self._texts.append(between + piece.text)
        self._spans.extend(Span(span.start + offset, span.end + offset, span.style, span.href) for span in piece.spans)
        self.length = offset + len(piece.text)

    def joined(self) -> InlineText:
        if self._texts:
            text = self._before.text + "".join(self._texts)
            self._before = InlineText(text, (*self._before.spans, *self._spans))
            self._texts.clear()
            self._spans.clear()
        return self._before


def _between(joint: str, before: str) -> str:
    """Return what is shown of the white space after a piece; nothing before the first that shows something."""
    if not before:
        return ""
    return "\n" if "\n" in joint else joint


class UnreadInline:
    """Text that is complete and is read when it is looked at; links that are defined by then are links."""

    __slots__ = ("_outline", "_raw", "_references")

    def __init__(self, raw: str, references: References) -> None:
        self._raw = raw
        self._outline = ""
        self._references = references

    @property
    def outline(self) -> str:
        if not self._outline:
            self._outline = _ADDRESS.sub("", self._raw) if "](" in self._raw else self._raw
        return self._outline

    def read(self) -> tuple[str, tuple[Span, ...]]:
        inline = read_text(self._raw, self._references)
        return inline.text, inline.spans


def read_text(raw: str, references: References) -> InlineText:
    """Return the whole of a text that is complete."""
    text = GrowingText(references)
    text.append_text(raw)
    return text.finish()
