r"""A watch on closing tags: it tells one that ends the thinking from one that an answer merely talks about.

Some templates write the opening tag into the prompt, so that the reply holds only the closing one. `OrphanWatch` is
told the text of such a reply as it grows and judges each closing tag by the place where it stands. It neither finds
tags nor splits text: that is `think_tags`.

A tag counts when it stands outside fenced and indented code and outside backticks, when no opening tag before it
claims it, and when it

- is alone on its line, or begins its line with text directly behind it ("\n</think>\n\nYes", "\n</think>Yes");
- or hangs on the text before it without a space, as a model writes that stops thinking ("so 4.</think>Yes",
  "so 4</think>\n"), but nobody who mentions a tag in a sentence;
- or follows a finished sentence and ends the line, or has text directly behind it ("so 4. </think>\n").

It does not count behind an opening bracket or quote, nor when punctuation that carries a sentence on stands behind it,
nor within a Chinese, Japanese or Korean sentence, where no spaces set a mentioned tag apart.
"""

from __future__ import annotations

import re

from desktop.core.text.markdown import FENCE

# How many characters behind a tag decide; spaces at the end of a line are hardly ever more.
LOOKAHEAD = 8

_SENTENCE_END = frozenset(".!?。！？…")
_OPENS = frozenset("([{<|\\“‘「『«（【《〈")
_CARRIES_ON = frozenset(".,;:!?)]}>/'’”»」』、，。；：！？）】》〉…")
_PAIRED = frozenset("\"'*_~")  # on both sides of a tag these are marks around a mention
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_HEAD_OPEN = re.compile(r"[ \t>]*(?:`*|~*)")
_HEAD = re.compile(rf"[ \t>]*({FENCE})?")
_HEAD_LIMIT = 200  # no fence is indented deeper; a bound, so that a line of spaces costs nothing
_TICKS = re.compile("`+|[^`]+")


class OrphanWatch:
    """Reader of a growing Markdown text, line by line; constant work for each character."""

    def __init__(self) -> None:
        self._fence = ""  # the run of ` or ~ that opened the fenced block we are in
        self._claimed_by_line = ""  # closing tag that an opening one earlier on this line waits for
        self._claimed_by_block = ""  # the same for an opening tag that stood at the start of a line
        self._begin_line()

    def _begin_line(self) -> None:
        self._head: str | None = ""  # start of the line while it may yet become a fence
        self._fence_change = ""  # run on this line that opens or closes a fence when the line ends
        self._code_span = 0  # backticks that opened the code span we are in
        self._ticks = 0  # backticks at the very end so far
        self._last = ""
        self._solid = ""  # last character that is not a space

    def advance(self, text: str) -> None:
        """Go on over `text`, which holds no closing tag that counts."""
        start = 0
        while (end := text.find("\n", start)) >= 0:
            self._extend(text[start:end])
            self._end_line()
            start = end + 1
        self._extend(text[start:])

    def saw_opening(self, closing: str) -> None:
        """Note an opening tag that stands here in plain text; `closing` is the tag that belongs to it."""
        if not self._in_code():
            if self._solid:
                self._claimed_by_line = closing
            else:
                self._claimed_by_block = closing

    def ends_thinking(self, tag: str, after: str) -> bool:
        """Return True if the closing `tag` here counts.

        `after` is what follows: up to `LOOKAHEAD` characters, no more are looked at.
        """
        if self._in_code():
            return False
        if tag in (self._claimed_by_line, self._claimed_by_block):
            self._claimed_by_line = self._claimed_by_block = ""
            return False
        rest = after.lstrip(" \t\r")
        ends_line = not rest or rest[0] == "\n"
        text_follows = not ends_line and len(rest) == len(after) and rest[0] not in _CARRIES_ON
        if not self._solid:
            return not self._is_indented() and (ends_line or text_follows)
        if self._last.isspace():
            return self._solid in _SENTENCE_END and (ends_line or text_follows)
        if self._last in _OPENS:
            return False
        if ends_line:
            return True
        if rest[0] in _CARRIES_ON or (self._last in _PAIRED and rest[0] == self._last):
            return False
        return self._last in _SENTENCE_END or not _UNSPACED.match(self._last)

    def _in_code(self) -> bool:
        if self._fence or self._fence_change:
            return True
        return bool(self._span_after(self._ticks))

    def _is_indented(self) -> bool:
        return self._head is None or len(self._head.expandtabs(4)) >= 4

    def _span_after(self, ticks: int) -> int:
        """Return the code span in force once a run of `ticks` backticks has ended."""
        if not ticks:
            return self._code_span
        if not self._code_span:
            return ticks
        return 0 if ticks == self._code_span else self._code_span

    def _extend(self, piece: str) -> None:
        if not piece:
            return
        self._last = piece[-1]
        solid = piece.rstrip()
        if solid:
            self._solid = solid[-1]
        if self._head is not None:
            self._head += piece
            if len(self._head) < _HEAD_LIMIT and _HEAD_OPEN.fullmatch(self._head):
                return
            piece = self._close_head()
        self._follow_line(piece)

    def _close_head(self) -> str:
        """Settle whether the line begins with a fence; return what follows its head."""
        head, self._head = self._head or "", None
        match = _HEAD.match(head)
        if match is None:  # cannot be: the pattern matches the empty string
            return head
        self._fence_change = match[1] or ""
        if self._fence and not self._fence_change.startswith(self._fence):
            self._fence_change = ""  # another mark, or too short to close
        return head[match.end() :]

    def _follow_line(self, piece: str) -> None:
        if self._fence:
            if piece.strip():
                self._fence_change = ""  # only a bare run closes a fence
            return
        if "`" not in piece:
            if piece and self._ticks:
                self._code_span, self._ticks = self._span_after(self._ticks), 0
            return
        if self._fence_change.startswith("`"):  # a run with another behind it on its line is a code span
            self._code_span, self._fence_change = len(self._fence_change), ""
        for match in _TICKS.finditer(piece):
            if match[0][0] == "`":
                self._ticks += len(match[0])
            elif self._ticks:
                self._code_span, self._ticks = self._span_after(self._ticks), 0

    def _end_line(self) -> None:
        if self._head is not None:
            self._follow_line(self._close_head())
        if self._fence_change:
            self._fence = "" if self._fence else self._fence_change
        self._claimed_by_line = ""
        self._begin_line()
