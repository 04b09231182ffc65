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

from desktop.core.text.markdown import FENCE, fence_of

# How many characters behind a tag decide; spaces at the end of a line are hardly ever more.
LOOKAHEAD = 8

_SENTENCE_END = frozenset(".!?。！？…")
_OPENS = frozenset("([{<|\\“‘「『«（【《〈")
_CARRIES_ON = frozenset(".,;:!?)]}>/'’”»」』、，。；：！？）】》〉…")
_PAIRED = frozenset("\"'*_~")  # on both sides of a tag these are marks around a mention
# How a sentence about the tag goes on, in English and Chinese; an answer begins otherwise.
_GOES_ON = re.compile("[a-z]|标签|标记|标识|用来|用于|表示|结束|之[前后间]|以[前后]|是(?!的|，|。|！)|[为的和与、及或]")
_UNDECIDED = re.compile("[标用表结之以是].?$")
# How thinking begins, which is hardly ever how an answer about tags does.
_THINKS = (
    *("okay", "ok,", "ok.", "alright", "hmm", "let me", "let's", "let’s", "first,", "so,", "we need", "we have"),
    *("we are", "we should", "we must", "i need", "i should", "i have", "i must", "i'll", "i’ll", "the user", "wait"),
    *("thinking", "嗯", "好的", "好，", "用户", "首先", "我需要", "我们", "我先", "我得", "让我", "这个问题"),
)
_BEGINNING = 40  # characters that show how the reply began
_SHORT = 120  # characters of a sentence that a model says before it thinks
_LONGEST_LINE = 2_000  # characters; of a longer line, its end tells enough
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_BARE_FENCE = re.compile(rf"[ \t>]*({FENCE})[ \t]*")


class OrphanWatch:
    """Reader of a growing Markdown text, line by line."""

    def __init__(self) -> None:
        self._line = ""  # so far
        self._fence = ""  # the run of ` or ~ that opened the fenced block we are in
        self._claimed_in_fence = False  # an opening tag stood in it
        self._lines = 0  # before this one, those that are not empty
        self._claimed_by_line = ""  # closing tag that an opening one earlier on this line waits for
        self._claimed_by_block = ""  # the same for an opening tag that stood at the start of a line
        self._beginning = ""
        self._length = 0
        self._last_solid = ""  # last character of the reply that is not white space
        self._is_after_blank = False  # the line before this one is empty

    def advance(self, text: str) -> None:
        """Go on over `text`, which holds no tag that counts."""
        if len(self._beginning) < _BEGINNING:
            self._beginning += text[:_BEGINNING]
        self._length += len(text)
        self._last_solid = text.rstrip()[-1:] or self._last_solid
        *ended, rest = text.split("\n")
        for piece in ended:
            self._line += piece
            self._end_line()
        self._line = (self._line + rest)[-_LONGEST_LINE:]

    def saw_opening(self, closing: str) -> None:
        """Note an opening tag that stands here in plain text; `closing` is the tag that belongs to it."""
        if self._fence:
            self._claimed_in_fence = True
        elif not self._in_code():
            if self._line.strip():
                self._claimed_by_line = closing
            else:
                self._claimed_by_block = closing

    def opens_thinking(self, after: str, *, is_common: bool) -> bool:
        """Return True if an opening tag here, behind other words, counts.

        `after` as in `ends_thinking`. `is_common`: people write such a tag by hand too.
        """
        if self._in_code() or not after or after[0] in " \t" or after[0] in _CARRIES_ON:
            return False
        if not self._line.strip():
            is_alone = self._length <= _SHORT and self._last_solid in _SENTENCE_END and self._lines == 1
            return not self._is_indented() and (is_alone or not is_common)
        last = self._line[-1]
        if last.isspace():
            return not is_common
        return not (last in _OPENS or last in _PAIRED or _UNSPACED.match(last))

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
        # Directly behind a fence, where a model hangs its tag on the end of its code ("```</think>").
        fence = _BARE_FENCE.fullmatch(self._line)
        closes_code = fence is not None and fence[1].startswith(self._fence)
        if self._fence and not closes_code:
            return self._ends_in_fence(after)
        if self._in_code() and not closes_code:
            return False
        if tag in (self._claimed_by_line, self._claimed_by_block):
            self._claimed_by_line = self._claimed_by_block = ""
            return False
        rest = after.lstrip(" \t\r")
        ends_line = not rest or rest[0] == "\n"
        begins = not ends_line and (rest[0] not in _CARRIES_ON or rest.startswith("> "))
        text_follows = begins and len(rest) == len(after)
        answer_follows = text_follows or (begins and not _GOES_ON.match(rest))
        solid, last = self._line.rstrip()[-1:], self._line[-1:]
        if closes_code:
            return ends_line or answer_follows
        if not solid:
            is_code = self._is_indented() and self._is_after_blank and not self._began_thinking()
            return not is_code and (ends_line or answer_follows)
        if last.isspace():
            is_finished = solid in _SENTENCE_END
            return (is_finished and (ends_line or text_follows)) or (text_follows and not _UNSPACED.match(rest))
        if last in _OPENS:
            return False
        if ends_line:
            return True
        if not begins or (last in _PAIRED and rest[0] == last):
            return False
        return last in _SENTENCE_END or not _UNSPACED.match(last)

    def _ends_in_fence(self, after: str) -> bool:
        """Return True if the block of code was left open by thinking that ends here, with a paragraph behind it."""
        if self._claimed_in_fence or self._line.strip() or not self._began_thinking():
            return False
        rest = after.replace("\r", "").lstrip(" \t")
        return rest.startswith("\n\n") and rest[2:3] not in ("`", "~", "\n", "")

    def _began_thinking(self) -> bool:
        return self._beginning.lstrip().lower().startswith(_THINKS)

    def _in_code(self) -> bool:
        """Return True in a block of code, on the line that begins one, and in a span of code."""
        if self._fence or fence_of(self._line) is not None:
            return True
        span = 0  # backticks that opened the one we are in
        for run in re.findall("`+", self._line):
            span = 0 if span == len(run) else span or len(run)
        return span > 0

    def _is_indented(self) -> bool:
        return len(self._line.expandtabs(4)) >= 4

    def _end_line(self) -> None:
        fence = fence_of(self._line)
        if fence is not None and not self._fence:
            self._fence, self._claimed_in_fence = fence.run, False
        elif fence is not None and fence.run.startswith(self._fence) and not fence.info:
            self._fence, self._claimed_in_fence = "", False
        self._is_after_blank = not self._line.strip()
        self._lines += not self._is_after_blank
        self._claimed_by_line = self._line = ""
