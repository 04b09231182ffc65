r"""A watch on tags of thinking in plain text: it tells those that mark thinking from those that are talked about.

Some templates write the opening tag into the prompt, so that the reply holds only the closing one; some models say a
few words before they open the thinking. `OrphanWatch` is told the text of such a reply as it grows and judges each tag
by the place where it stands. It neither finds tags nor splits text: that is `think_tags`.

A closing tag counts when it stands outside code, when no opening tag before it claims it, and when it

- is alone on its line, or begins it with text behind it ("\n</think>\n\nYes", "\n</think>Yes", "\n</think> Yes"), but
  not with the rest of a sentence ("\n</think> closes the block");
- or hangs on the text before it without a space, as a model writes that stops thinking ("so 4.</think>Yes",
  "so 4</think>\n"), but nobody who mentions a tag in a sentence;
- or follows a space and has text directly behind it ("so 4  </think>Yes"), or ends its line behind a finished sentence.

It does not count behind an opening bracket or quote, nor when punctuation that carries a sentence on stands behind
it, nor within a Chinese, Japanese or Korean sentence, where no spaces set a mentioned tag apart. Within a block of code
that was never closed it counts where a paragraph begins behind it and the reply began as thinking does.

An opening tag behind other words counts by the same signs; of those that people write by hand too (`is_common`), only
behind a single short sentence, or where it hangs on one.
"""

from __future__ import annotations

import re

from desktop.core.text.late_regex import late_regex
from desktop.core.text.markdown import FENCE

# How many characters behind a tag decide; spaces at the end of a line are hardly ever more.
LOOKAHEAD = 8

_SENTENCE_END = frozenset(".!?。！？…")
_OPENS = frozenset("([{<|\\“‘「『«（【《〈")
_CARRIES_ON = frozenset(".,;:!?)]}>/'’”»」』、，。；：！？）】》〉…")
_PAIRED = frozenset("\"'*_~")  # on both sides of a tag these are marks around a mention
# How a sentence about the tag goes on, in English and Chinese; an answer begins otherwise.
_GOES_ON = late_regex("[a-z]|标签|标记|标识|用来|用于|表示|结束|之[前后间]|以[前后]|是(?!的|，|。|！)|[为的和与、及或]")
_UNDECIDED = late_regex("[标用表结之以是].?$")
# How thinking begins, which is hardly ever how an answer about tags does.
_THINKS = late_regex(
    r"\s*(?:okay|ok[,.]|alright|hmm|let me|let['’]s|first,|so,|we (?:need|have|are|should|must)"
    r"|i (?:need|should|have|must)|i['’]ll|the user|wait|thinking|嗯|好的|好，|用户|首先|我(?:需要|们|先|得)|让我"
    r"|这个问题)",
    re.IGNORECASE,
)
_BEGINNING = 40  # characters that show how the reply began
_SHORT = 120  # characters of a sentence that a model says before it thinks
_UNSPACED = late_regex("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_HEAD_OPEN = late_regex(r"[ \t>]*(?:(?:[-*+]|\d{1,3}[.)]?)[ \t]*)?(?:`*|~*)[ \t]*")
_HEAD = late_regex(rf"[ \t>]*({FENCE})?")
_FENCE_HEAD = late_regex(rf"[ \t>]*({FENCE})[ \t]*")
_ITEM_HEAD = late_regex(rf"[ \t>]*(?:(?:[-*+]|\d{{1,3}}[.)])[ \t]+)?({FENCE})?")
_HEAD_LIMIT = 200  # no fence is indented deeper; a bound, so that a line of spaces costs nothing
_TICKS = late_regex("`+|[^`]+")


class OrphanWatch:
    """Reader of a growing Markdown text, line by line; constant work for each character."""

    def __init__(self) -> None:
        self._fence = ""  # the run of ` or ~ that opened the fenced block we are in
        self._claimed_in_fence = False  # an opening tag stood in it
        self._lines = 0  # before this one, those that are not empty
        self._claimed_by_line = ""  # closing tag that an opening one earlier on this line waits for
        self._claimed_by_block = ""  # the same for an opening tag that stood at the start of a line
        self._beginning = ""
        self._length = 0
        self._last_solid = ""  # last character of the reply that is not white space
        self._is_after_blank = False  # the line before this one is empty
        self._begin_line()

    def _begin_line(self) -> None:
        self._head: str | None = ""  # start of the line while it may yet become a fence
        self._fence_change = ""  # run on this line that opens or closes a fence when the line ends
        self._code_span = 0  # backticks that opened the code span we are in
        self._ticks = 0  # backticks at the very end so far
        self._last = ""
        self._solid = ""  # last character that is not a space

    def advance(self, text: str) -> None:
        """Go on over `text`, which holds no tag that counts."""
        if len(self._beginning) < _BEGINNING:
            self._beginning += text[:_BEGINNING]
        self._length += len(text)
        if solid := text.rstrip():
            self._last_solid = solid[-1]
        start = 0
        while (end := text.find("\n", start)) >= 0:
            self._extend(text[start:end])
            self._end_line()
            start = end + 1
        self._extend(text[start:])

    def saw_opening(self, closing: str) -> None:
        """Note an opening tag that stands here in plain text; `closing` is the tag that belongs to it."""
        if self._fence:
            self._claimed_in_fence = True
        elif not self._in_code():
            if self._solid:
                self._claimed_by_line = closing
            else:
                self._claimed_by_block = closing

    def opens_thinking(self, after: str, *, is_common: bool) -> bool:
        """Return True if an opening tag here, behind other words, counts.

        `after` as in `ends_thinking`. `is_common`: people write such a tag by hand too.
        """
        if self._in_code() or not after or after[0] in " \t" or after[0] in _CARRIES_ON:
            return False
        if not self._solid:
            is_alone = self._length <= _SHORT and self._last_solid in _SENTENCE_END and self._lines == 1
            return not self._is_indented() and (is_alone or not is_common)
        if self._last.isspace():
            return not is_common
        return not (self._last in _OPENS or self._last in _PAIRED or _UNSPACED.match(self._last))

    def is_undecided(self, after: str) -> bool:
        """Return True if more of what follows a closing tag is needed to judge it."""
        rest = after.replace("\r", "").lstrip(" \t")
        if not rest or rest == ">" or _UNDECIDED.match(rest):
            return True
        return bool(self._fence) and rest[0] == "\n" and len(rest) < 3

    def ends_thinking(self, tag: str, after: str) -> bool:
        """Return True if the closing `tag` here counts.

        `after` is what follows: up to `LOOKAHEAD` characters, no more are looked at.
        """
        if self._fence and not self._closes_here():
            return self._ends_in_fence(after)
        if self._in_code() and not self._closes_here():
            return False
        if tag in (self._claimed_by_line, self._claimed_by_block):
            self._claimed_by_line = self._claimed_by_block = ""
            return False
        rest = after.lstrip(" \t\r")
        ends_line = not rest or rest[0] == "\n"
        is_direct = len(rest) == len(after)
        begins = not ends_line and (rest[0] not in _CARRIES_ON or rest.startswith("> "))
        text_follows = begins and is_direct
        answer_follows = text_follows or (begins and not _GOES_ON.match(rest))
        if self._closes_here():
            return ends_line or answer_follows
        if not self._solid:
            is_code = self._is_indented() and (self._is_after_blank and not _THINKS.match(self._beginning))
            return not is_code and (ends_line or answer_follows)
        if self._last.isspace():
            is_finished = self._solid in _SENTENCE_END
            return (is_finished and (ends_line or text_follows)) or (text_follows and not _UNSPACED.match(rest))
        if self._last in _OPENS:
            return False
        if ends_line:
            return True
        if not begins or (self._last in _PAIRED and rest[0] == self._last):
            return False
        return self._last in _SENTENCE_END or not _UNSPACED.match(self._last)

    def _closes_here(self) -> bool:
        """Return True directly behind a fence, where a model hangs its tag on the end of its code ("```</think>")."""
        found = _FENCE_HEAD.fullmatch(self._head or "")
        return found is not None and found[1].startswith(self._fence)

    def _ends_in_fence(self, after: str) -> bool:
        """Return True if the block of code was left open by thinking that ends here, with a paragraph behind it."""
        if self._claimed_in_fence or self._solid or not _THINKS.match(self._beginning):
            return False
        rest = after.replace("\r", "").lstrip(" \t")
        return rest.startswith("\n\n") and rest[2:3] not in ("`", "~", "\n", "")

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
        match = (_HEAD if self._fence else _ITEM_HEAD).match(head)
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
            self._claimed_in_fence = False
        self._is_after_blank = not self._solid
        self._lines += bool(self._solid)
        self._claimed_by_line = ""
        self._begin_line()
