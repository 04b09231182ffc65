"""A splitter of a model's thinking from its answer in plain text, for servers that do not split them.

A state machine over a table of tags (`FORMS`), fed with text in any chunks; the result does not depend on how
it was cut. Only tags are known here: a reasoning field of a protocol is the adapter's business, which then calls
`bypass`.

    START      leading whitespace is kept back; a known opening tag here, and only here, starts the thinking
    OPENED     whitespace behind the opening tag is dropped, so that an empty block gives no thinking at all
    REASONING  up to the first closing tag of the form that was opened
    CLOSED     whitespace is dropped, and one wrapper around the answer
    SEARCHING  content, in which a closing tag may show that all before it was thinking, and an opening one that
               thinking follows (rules in `OrphanWatch`)
    BETWEEN    content behind a block of thinking, in a form in which another block may follow
    WRAPPED    content, whose closing tags are dropped if they are the last thing
    CONTENT    passes through

Besides whitespace behind the tags, only whitespace before a tag at the very start, and behind the answer's own closing
tags, is dropped. Tags match case by case and without attributes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from desktop.core.converting import converted
from desktop.core.events import ReasoningDelta, Reclassified, TextDelta
from desktop.core.resources import table
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
    r"""Reader of a growing Markdown text, line by line: tells tags that mark thinking from those that are talked about.

    Some templates write the opening tag into the prompt, so that the reply holds only the closing one; some models say
    a few words before they open the thinking. Each tag is judged by the place where it stands.

    A closing tag counts when it stands outside code, when no opening tag before it claims it, and when it

    - is alone on its line, or begins it with text behind it ("\n</think>\n\nYes", "\n</think>Yes", "\n</think> Yes"),
      but not with the rest of a sentence ("\n</think> closes the block");
    - or hangs on the text before it without a space, as a model writes that stops thinking ("so 4.</think>Yes",
      "so 4</think>\n"), but nobody who mentions a tag in a sentence;
    - or follows a space and has text directly behind it ("so 4  </think>Yes"), or ends its line behind a finished
      sentence.

    It does not count behind an opening bracket or quote, nor when punctuation that carries a sentence on stands behind
    it, nor within a Chinese, Japanese or Korean sentence, where no spaces set a mentioned tag apart. Within a block of
    code that was never closed it counts where a paragraph begins behind it and the reply began as thinking does.

    An opening tag behind other words counts by the same signs; of those that people write by hand too (`is_common`),
    only behind a single short sentence, or where it hangs on one.
    """

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


@dataclass(frozen=True, slots=True)
class TagForm:
    """Form in which one family of models marks its thinking; see the table."""

    openings: tuple[str, ...]
    closings: tuple[str, ...]
    inner: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    is_prefilled: bool = False
    is_prose: bool = False
    is_common: bool = False
    is_repeated: bool = False


_TABLE = table("thinking_tags.toml")
_FORMS = converted(tuple[TagForm, ...], _TABLE["forms"], whole=True)
WRAPPERS = converted(Mapping[str, tuple[str, ...]], _TABLE["wrappers"], whole=True)  # type: ignore[type-abstract]

FORM_OF_OPENING = {tag: form for form in _FORMS for tag in form.openings}
FORM_OF_CLOSING = {tag: form for form in _FORMS for tag in form.closings}
# An opening tag in plain text, also one with attributes, has a right to the next closing one.
CLAIMS = {tag: form.closings[0] for tag, form in FORM_OF_OPENING.items()}
CLAIMS |= {tag.replace(">", " "): closing for tag, closing in CLAIMS.items() if re.fullmatch(r"<[\w:]+>", tag)}
_ORPHANS = tuple(tag for tag, form in FORM_OF_CLOSING.items() if form.is_prefilled)
# The opening was in the prompt: any of these closings may follow.
PREFILLED = TagForm((), _ORPHANS, inner=tuple(mark for form in _FORMS if form.is_prefilled for mark in form.inner))


class TagSet:
    """Set of tags, that finds whole ones, and the start of one at the end of a text."""

    def __init__(self, *tags: str) -> None:
        longest_first = sorted(tags, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)))
        self._beginnings = frozenset(tag[:length] for tag in tags for length in range(1, len(tag)))
        self._longest = len(longest_first[0])

    def could_become_tag(self, text: str, start: int) -> bool:
        """Return True if a tag may begin at `start` that goes on behind the end of `text`."""
        return len(text) - start < self._longest and text[start:] in self._beginnings

    def partial_start(self, text: str, start: int) -> int:
        """Return the index of a tag that may go on behind the end of `text`; the text's length where none does."""
        for index in range(max(start, len(text) - self._longest + 1), len(text)):
            if text[index:] in self._beginnings:
                return index
        return len(text)


tag_set = cache(TagSet)
# The tags with which a reply may begin. Wrappers that nobody writes by hand are dropped where no thinking came, too.
FIRST = TagSet(*FORM_OF_OPENING, *(tag for tag in WRAPPERS if "|" in tag), *_ORPHANS)
CONTENT = TagSet(*CLAIMS, *_ORPHANS)  # may show that what stands before or behind them is thinking
WRAPPER = TagSet(*WRAPPERS)


Delta = ReasoningDelta | TextDelta | Reclassified


class _State(Enum):
    START = auto()
    OPENED = auto()
    REASONING = auto()
    CLOSED = auto()
    SEARCHING = auto()
    BETWEEN = auto()
    WRAPPED = auto()
    CONTENT = auto()


def _skip_space(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


class ThinkTagSplitter:
    """Splitter of one reply. `feed` text as it comes, then `close`; holds back no more than a tag and a few characters.

    `starts_inside`: the prompt already ended with an opening tag. One that the model repeats is dropped. If no closing
    tag comes in such a reply and it ended by itself, `close` takes it for an answer. `goes_on`: the thinking has words
    already, so that what comes first belongs to them, spaces and all.

    `saw_orphan_close` tells that a closing tag came without an opening one: the next reply of this model should be read
    with `starts_inside`.
    """

    def __init__(self, starts_inside: bool = False, *, goes_on: bool = False) -> None:
        self.saw_orphan_close = False
        self._starts_inside = starts_inside
        self._state = _State.REASONING if goes_on else _State.START
        self._form = PREFILLED
        self._held = ""  # the end of what was fed, while it may be part of a tag
        self._leading: list[str] = []  # whitespace before anything else; dropped when a tag follows
        self._tail: list[str] = []  # closing tags and whitespace that are dropped when nothing follows
        self._trailers: tuple[str, ...] = ()
        self._is_wrapped = False
        self._has_reasoning = False
        self._has_text = False
        self._watch = OrphanWatch()
        self._out: list[Delta] = []
        self._steps = {
            _State.START: self._start,
            _State.OPENED: self._opened,
            _State.REASONING: self._reason,
            _State.CLOSED: self._closed,
            _State.SEARCHING: self._search,
            _State.BETWEEN: self._between,
            _State.WRAPPED: self._wrapped,
            _State.CONTENT: self._pass,
        }

    @property
    def is_reasoning(self) -> bool:
        """True if text that comes now is thinking, as far as can be told."""
        if self._state is _State.START:
            return self._starts_inside
        return self._state in (_State.OPENED, _State.REASONING)

    def feed(self, text: str) -> list[Delta]:
        """Take more of the reply, and return what is certain of it."""
        return self._run(text, is_last=False)

    def close(self, finish_is_stop: bool = True) -> list[Delta]:
        """End the reply, and return what was held back.

        `finish_is_stop`: it ended by itself, not by a limit or a fault.
        """
        out = self._run("", is_last=True)
        may_be_answer = self._starts_inside or self._form.is_prose
        if self._state is _State.REASONING and finish_is_stop and may_be_answer and self._has_reasoning:
            out.append(Reclassified())
        self._state = _State.CONTENT
        return out

    def bypass(self) -> list[Delta]:
        """Take all text, also what is held back, for content: the server has given thinking in a field of its own."""
        held = "".join(self._leading) + "".join(self._tail) + self._held
        self._leading, self._tail, self._held = [], [], ""
        self._state = _State.CONTENT
        return [TextDelta(held)] if held else []

    def _run(self, text: str, is_last: bool) -> list[Delta]:
        text = self._held + text
        position = 0
        while True:
            state = self._state
            position = self._steps[state](text, position, is_last)
            if self._state is state:
                break
        self._held = text[position:]
        out, self._out = self._out, []
        return out

    # Each step takes what it can of `text` from `position` on and returns how far it came.
    # With `is_last` it takes all. The next step follows when it has changed the state.

    def _start(self, text: str, position: int, is_last: bool) -> int:
        begin = _skip_space(text, position)
        if not self._starts_inside and begin > position:
            self._leading.append(text[position:begin])
        if not is_last and (begin == len(text) or FIRST.could_become_tag(text, begin)):
            return begin
        match = FIRST.pattern.match(text, begin)
        tag = match[0] if match else ""
        if tag in FORM_OF_OPENING:
            self._form = FORM_OF_OPENING[tag]
            self._leading.clear()
            self._state = _State.OPENED
            return begin + len(tag)
        if tag in WRAPPERS:
            self._leading.clear()
            self._state = _State.CLOSED
            return begin
        self._watch.advance("".join(self._leading))
        self._state = _State.OPENED if self._starts_inside else _State.SEARCHING
        return begin

    def _opened(self, text: str, position: int, is_last: bool) -> int:
        begin = _skip_space(text, position)
        if begin < len(text) or is_last:
            self._state = _State.REASONING
        return begin

    def _reason(self, text: str, position: int, is_last: bool) -> int:
        marks = tag_set(*self._form.closings, *self._form.inner)
        while match := marks.pattern.search(text, position):
            self._deliver_reasoning(text[position : match.start()])
            position = match.end()
            if match[0] in self._form.closings:
                self._form = FORM_OF_CLOSING[match[0]]
                self._state = _State.CLOSED
                return position
        end = len(text) if is_last else marks.partial_start(text, position)
        self._deliver_reasoning(text[position:end])
        return end

    def _closed(self, text: str, position: int, is_last: bool) -> int:
        begin = _skip_space(text, position)
        if not self._is_wrapped:
            if not is_last and (begin == len(text) or WRAPPER.could_become_tag(text, begin)):
                return begin
            if match := WRAPPER.pattern.match(text, begin):
                self._trailers = WRAPPERS[match[0]]
                self._is_wrapped = True
                begin = _skip_space(text, match.end())
        if begin == len(text) and not is_last:
            return begin
        self._trailers += self._form.trailers
        after = _State.BETWEEN if self._form.is_repeated else _State.CONTENT
        self._state = _State.WRAPPED if self._trailers else after
        return begin

    def _search(self, text: str, position: int, is_last: bool) -> int:
        while match := CONTENT.pattern.search(text, position):
            tag, end = match[0], match.end()
            after = text[end : end + LOOKAHEAD]
            self._deliver_text(text[position : match.start()])
            position = match.start()
            if tag in CLAIMS:
                if not is_last and (not after or CONTENT.could_become_tag(text, position)):
                    return position
                if self._opens(tag, after):
                    return end
                self._watch.saw_opening(CLAIMS[tag])
            elif not is_last and len(after) < LOOKAHEAD and self._watch.is_undecided(after):
                return position
            elif self._watch.ends_thinking(tag, after):
                self._take_orphan(tag)
                return end
            self._deliver_text(text[position:end])
            position = end
        end = len(text) if is_last else CONTENT.partial_start(text, position)
        self._deliver_text(text[position:end])
        if is_last and self._leading:
            self._out.append(TextDelta("".join(self._leading)))
            self._leading.clear()
        return end

    def _between(self, text: str, position: int, is_last: bool) -> int:
        openings = tag_set(*self._form.openings)
        while match := openings.pattern.search(text, position):
            end = match.end()
            self._deliver_text(text[position : match.start()])
            position = match.start()
            if not is_last and (end == len(text) or openings.could_become_tag(text, position)):
                return position
            if self._opens(match[0], text[end : end + LOOKAHEAD]):
                return end
            self._deliver_text(text[position:end])
            position = end
        end = len(text) if is_last else openings.partial_start(text, position)
        self._deliver_text(text[position:end])
        return end

    def _opens(self, tag: str, after: str) -> bool:
        """Begin thinking at an opening tag behind other words, if it is one; what came before stays the answer's."""
        form = FORM_OF_OPENING.get(tag)
        if form is None or form.is_prose or not self._watch.opens_thinking(after, is_common=form.is_common):
            return False
        self._form = form
        self._state = _State.OPENED
        return True

    def _wrapped(self, text: str, position: int, is_last: bool) -> int:
        closings = tag_set(*self._trailers)
        while match := closings.pattern.search(text, position):
            self._deliver_wrapped(text[position : match.start()])
            self._tail.append(match[0])
            position = match.end()
        end = len(text) if is_last else closings.partial_start(text, position)
        self._deliver_wrapped(text[position:end])
        return end

    def _pass(self, text: str, position: int, is_last: bool) -> int:
        if position < len(text):
            self._out.append(TextDelta(text[position:]))
        return len(text)

    def _deliver_reasoning(self, text: str) -> None:
        if text:
            self._out.append(ReasoningDelta(text))
            self._has_reasoning = True

    def _deliver_text(self, text: str) -> None:
        """Deliver content in which a closing tag may still come."""
        if text:
            self._watch.advance(text)
            self._out.append(TextDelta("".join(self._leading) + text))
            self._leading.clear()
            self._has_text = True

    def _deliver_wrapped(self, text: str) -> None:
        """Deliver content that may be the last: whitespace behind a closing tag waits with it."""
        if self._tail and not text.strip():
            self._tail.append(text)
        elif text:
            self._out.append(TextDelta("".join(self._tail) + text))
            self._tail.clear()

    def _take_orphan(self, tag: str) -> None:
        """Take a closing tag without an opening one: what has come so far was thinking."""
        if self._has_text:
            self._out.append(Reclassified())
        self._leading.clear()
        self.saw_orphan_close = True
        self._form = FORM_OF_CLOSING[tag]
        self._state = _State.CLOSED
