"""The joint between a reply's beginning and its rest, and the words that ask for that rest where it must be asked for.

Two kinds of continuing are told apart. Where a server goes on from the last character, its words are added as they are.
Where the model was *asked* to go on, it writes a new message: it repeats some words, opens a code block again, or
begins without the space that belongs in between. One that writes the reply anew is told from both: never are the two
glued together. Nothing here knows how either is put on the wire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.core.text.markdown import Fence, fence_of, open_fence
from desktop.core.text.plain_compare import weight
from desktop.core.text.scripts import WIDE, is_chinese

# Longest repetition that is looked for, in characters: a long paragraph. Longer ones are only found from the very
# beginning of the reply.
MOST_REPEATED = 400
# A repetition of twelve letters, or four ideographs, is hardly ever meant.
_LEAST_WEIGHT = 12
_LEAST_WEIGHT_FROM_START = 24
# A line that begins again where the last one began: less is needed to be sure, "2. ban" before "2. bananas".
_LEAST_WEIGHT_OF_LINE = 4
_LEAST_OF_WORD = 4
# Enough of the first line to see whether it is a heading, a list or a word; about a quarter of a second of writing.
_OPENING = 40
# A fence with its language; what is longer without a line break is no fence.
_LONGEST_FENCE = 80
_QUOTED = 48
# How much of a text shows its language and its words.
_SAMPLE = 10_000

_WIDE = re.compile(f"[{WIDE}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ELLIPSIS = re.compile(r"\s*(?:…|\.{3,})\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)]) ")
_BLOCK = re.compile(r"(?:#{1,6} |[-*+] |\d{1,3}[.)] |> |\||```|~~~)")


@dataclass(frozen=True, slots=True)
class Beginning:
    """Text that is to be continued, and what is known of it."""

    text: str
    tail: str
    fence: Fence | None

    @property
    def last_line(self) -> str:
        return self.text.rpartition("\n")[2]


def beginning_of(text: str) -> Beginning:
    return Beginning(text, text[-MOST_REPEATED:], open_fence(text))


class Joint:
    """Filter of the words of one continuation as they come; gives back what belongs behind the beginning.

    Holds back the first words until it is certain what they are; never more than a line or two, unless the model writes
    again what is there already. `began_again`: what is given back is no rest, but a reply from its beginning.
    """

    def __init__(self, before: str, *, asked: bool) -> None:
        self.began_again = False
        self._beginning: Beginning | None = beginning_of(before) if before else None
        self._asked = asked
        self._held = ""

    def feed(self, text: str) -> str:
        if self._beginning is None:
            return text
        self._held += text
        return self._decide(is_whole=False)

    def close(self) -> str:
        """Return what was held back: no more words come."""
        return self._decide(is_whole=True) if self._beginning is not None else ""

    def _decide(self, *, is_whole: bool) -> str:
        if self._beginning is None or not self._held:
            return ""
        again = _is_begun_again(self._beginning, self._held, asked=self._asked, is_whole=is_whole)
        if again:
            self.began_again = True
            joined: str | None = self._held.lstrip("\r\n")
        else:
            joined = joint(self._beginning, self._held, asked=self._asked, is_whole=is_whole)
        if joined is None or again is None:
            return ""
        self._beginning, self._held = None, ""
        return joined


def _is_begun_again(beginning: Beginning, start: str, *, asked: bool, is_whole: bool) -> bool | None:
    """Return what `begins_again` says of words that do not repeat what the reply began with, or ended with."""
    if beginning.fence is not None or start.startswith(beginning.text):
        return False
    if beginning.text.startswith(start):
        return False if is_whole else None
    if asked and _without_repetition(beginning, start.lstrip("\r\n"), is_whole=True) != start.lstrip("\r\n"):
        return False
    return begins_again(beginning.text, start, asked=asked, is_whole=is_whole)


def joint(beginning: Beginning, start: str, *, asked: bool, is_whole: bool) -> str | None:
    """Return what of `start`, the first words of a continuation, is added to the beginning; None: more must come first.

    The result does not depend on how much more of the words than necessary is known. `is_whole`: no more will come.
    """
    if not is_whole and beginning.text.startswith(start):
        return None
    if start.startswith(beginning.text) and weight(beginning.text) >= _LEAST_WEIGHT_FROM_START:
        return start[len(beginning.text) :]
    if beginning.fence is not None:
        inside = _without_fence(beginning, beginning.fence, start, is_whole)
        if inside is None:
            return None
        if inside != start:
            return _without_repetition(beginning, inside, is_whole) if inside or is_whole else None
    if asked:
        return _asked_joint(beginning, start, is_whole)
    return start[1:] if start.startswith(" ") and _ends_with_space(beginning) else start


def _asked_joint(beginning: Beginning, start: str, is_whole: bool) -> str | None:
    shown = start.lstrip("\r\n")
    for words in (shown, shown.lstrip(), _ELLIPSIS.sub("", shown, count=1) if _ELLIPSIS.match(shown) else shown):
        joined = _without_repetition(beginning, words, is_whole)
        if joined is None or joined != words:
            return joined
    if not is_whole and len(shown) < _OPENING and "\n" not in shown:
        return None
    if dots := _ELLIPSIS.match(shown):
        shown = shown[dots.end() :]
    return _gap(beginning, shown) + shown if shown else ""


def _without_repetition(beginning: Beginning, words: str, is_whole: bool) -> str | None:
    """Return `words` without what the end of the beginning says already; None while that can still become more."""
    tail = beginning.tail
    if not is_whole and words in tail:
        return None
    for length in range(min(len(tail), len(words)), 0, -1):
        if tail.endswith(words[:length]) and _is_telling(beginning, words, length):
            return words[length:]
    return words


def _is_telling(beginning: Beginning, words: str, length: int) -> bool:
    """Return True if so long a repetition is one, and not a word that comes twice."""
    repeated = words[:length]
    before = beginning.text[-length - 1 : -length]
    says = weight(repeated)
    letters = sum(letter.isalnum() for letter in repeated)
    if before in ("", "\n"):
        return says >= _LEAST_WEIGHT_OF_LINE and letters > 0
    if before.isalnum() and repeated[0].isalnum() and not _WIDE.match(repeated):
        return False  # in the middle of a word
    is_cut_word = repeated.isalpha() and length >= _LEAST_OF_WORD and words[length : length + 1].isalpha()
    return (says >= _LEAST_WEIGHT and letters >= 3) or (is_cut_word and not _WIDE.match(repeated))


def _without_fence(beginning: Beginning, fence: Fence, start: str, is_whole: bool) -> str | None:
    """Return `start` without the line that opens the open code block once more; None while that cannot be told."""
    words = start.lstrip()
    run = fence.run[0] * 3
    if not is_whole and run.startswith(words):
        return None
    if not words.startswith(run):
        return start
    line, newline, rest = words.partition("\n")
    if not newline and not is_whole and len(line) < _LONGEST_FENCE:
        return None
    found = fence_of(line)
    # A bare fence at the start of a line closes the block. With a language, or in the middle of a line, it cannot.
    on_own_line = not beginning.last_line or "\n" in start[: -len(words)]
    closes = found is not None and not found.info and on_own_line
    return start if found is None or closes else rest


def _gap(beginning: Beginning, words: str) -> str:
    """Return the white space that a model leaves out which begins a message although it goes on with one."""
    if beginning.fence is not None:
        return ""
    last, first = beginning.text[-1], words[0]
    if last.isspace() or first.isspace():
        return ""
    line = beginning.last_line
    if _BLOCK.match(words):
        is_same_block = (_ITEM.match(line) and _ITEM.match(words)) or (line[:1] == "|" and first == "|")
        return "\n" if is_same_block else "\n\n"
    if _WIDE.match(last) or _WIDE.match(first):
        return ""
    if last in ",;:!?)" and first.isalpha():
        return " "
    if first.isupper() and (last == "." or last.islower()):
        return " "
    return " " if _are_two_words(beginning.text, words) else ""


def _are_two_words(text: str, words: str) -> bool:
    """Return True if letters that meet belong to two words, by those of the text: "the" and "fox", not "bro", "wn"."""
    near = text[-_SAMPLE:]
    # Backwards, since a search for the last letters would begin again at each letter of a long word.
    half, other = _LETTERS.match(near[::-1]), _LETTERS.match(words)
    if half is None or other is None:
        return False
    known = {word.lower() for word in _LETTERS.findall(near[: -half.end()])}
    last = near[-half.end() :]
    return last.lower() in known and (last + other[0]).lower() not in known


def _ends_with_space(beginning: Beginning) -> bool:
    """Return True if the beginning ends with one space outside a code block.

    Behind such a space a server may write another one, since the space is part of a word's token.
    """
    return beginning.fence is None and beginning.text.endswith(" ") and not beginning.text[:-1].endswith((" ", "\n"))


# --- Asking ------------------------------------------------------------------------------------------------------


def asking_to_go_on(question: str, partial_reply: str) -> str:
    """Return the message that asks for the rest of a reply, in the language of the conversation.

    It has the model begin with the last words, so that `Joint` can tell a word that was cut from one that was whole.
    """
    in_chinese = is_chinese(f"{question[-_SAMPLE:]}\n{partial_reply[-_SAMPLE:]}")
    in_code = open_fence(partial_reply) is not None
    tail = last_words(partial_reply)
    if in_chinese:
        code = "中断处在代码块里，不要重新开始代码块。" if in_code else ""
        return (
            "你上面的回答被截断了。请从中断的地方接着写：不要开场白，不要说明，不要从头重复。"
            f"{code}请以最后的几个字开头，然后直接往下写。最后的几个字是：\n{tail}"
        )
    code = " It ended inside a code block; do not open the block again." if in_code else ""
    return (
        "Your answer above was cut off. Go on exactly where it ended: no introduction, no comment, nothing from its "
        f"beginning.{code} Start with its last words, then go straight on. Its last words are:\n{tail}"
    )


def last_words(text: str) -> str:
    """Return the end of the last line that is not blank, cut where a word begins."""
    line = text.rstrip().rpartition("\n")[2]
    if len(line) <= _QUOTED:
        return line
    cut = line[-_QUOTED:]
    return cut.partition(" ")[2] if " " in cut[: _QUOTED // 2] else cut


# --- A new beginning ---------------------------------------------------------------------------------------------
# Many templates close a message that was left open, so that the model begins another one. In doubt it has gone on: a
# new beginning that is taken for the rest can be read, a rest that is taken for a new beginning is torn from its words.

# The same opening words, by weight: a few where the reply broke off within a sentence, since what goes on there begins
# with a space or in the middle of a word; more where it was asked for, since it may repeat the end; a paragraph where a
# line had ended, since lists and tables begin every line alike.
_LEAST_IN_SENTENCE = 12
_LEAST_ASKED = 24
_LEAST_BEHIND_LINE = 60
_IN_SENTENCE = re.compile(rf"[^\W_]\Z|[{WIDE}]\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BEHIND_FIRST_WORD = frozenset(" ,!\n")


def begins_again(text: str, start: str, *, asked: bool, is_whole: bool) -> bool | None:
    """Return True if `start` is a new beginning and no rest of `text`; None while that cannot be told.

    `asked`: a message has asked for the rest, so that a new message is what comes. `is_whole`: no more will come.
    """
    opening = start.lstrip("\r\n") if asked else start
    least = _LEAST_ASKED if asked else _LEAST_IN_SENTENCE if _IN_SENTENCE.search(text) else _LEAST_BEHIND_LINE
    if weight(opening[: _shared(text.lstrip(), opening)]) >= least:
        return True
    return False if asked else _is_new_sentence(text, start, is_whole=is_whole)


def _shared(text: str, other: str) -> int:
    """Return how many letters two texts begin with that are the same."""
    return next((at for at, (one, two) in enumerate(zip(text, other, strict=False)) if one != two), len(other))


def _is_new_sentence(text: str, start: str, *, is_whole: bool) -> bool | None:
    """Return True if the words begin with a capital right behind a small letter: "…this dragon to bringOnce upon"."""
    line = text.rpartition("\n")[2]
    last = _LAST_WORD.search(line)
    if last is None or not start[:1].isupper() or line.count("`") % 2:
        return False
    # Shorter ones, and those with a capital, are joined to a capital in names: iPhone, macOS, JavaScript, kWh.
    if len(last[0]) < 2 or not last[0].islower() or _WIDE.search(last[0]):
        return False
    first = _FIRST_WORD.match(start)
    if first is None or (first.end() == len(start) and not is_whole):
        return None
    if not _is_word(first[0]) or start[first.end() : first.end() + 1] not in ("", *_BEHIND_FIRST_WORD):
        return False
    return (last[0] + first[0]).lower() not in text.lower()


def _is_word(word: str) -> bool:
    return word in ("I", "A") or (len(word) > 1 and word[1:].replace("’", "").replace("'", "").islower())
