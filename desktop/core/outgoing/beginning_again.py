"""Recognition of a model that was to go on with a reply and writes it anew instead: never are the two glued together.

Many templates close a message that was left open, so that the model begins another one. In doubt it has gone on: a new
beginning that is taken for the rest can be read, a rest that is taken for a new beginning is torn from its words.
"""

from __future__ import annotations

import re

from desktop.core.text.plain_compare import weight
from desktop.core.text.scripts import WIDE

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
_WIDE = re.compile(f"[{WIDE}]")


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
