r"""The places of formulas in a line of text: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`.

Dollars are also money and variables of a shell, and `\[` may escape a bracket, so what stands between must look like a
formula where the delimiters alone do not tell. Says nothing of what LaTeX means; no Qt.
"""

from __future__ import annotations

import re

LONGEST = 1_000
"""Characters of a formula inside a line, with its delimiters. What is longer is text, so that a search for an end is
short, and a paragraph that is being written need not wait for long."""

_CLOSING = {"$$": "$$", "$": "$", r"\(": r"\)", r"\[": r"\]"}

# What text without formulas hardly contains.
_STRONG_MARKS = re.compile(r"[\\^_={}]")
_MARKS = re.compile(r"[\\^_={}+<>/|*-]")

_HALF_WRITTEN = 300  # characters after a dollar

_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}")
_NAME = re.compile(r"[A-Za-z_]\w+")
_ENDS_LIKE_A_FORMULA = re.compile(r"[\w)}\]'!]\Z")


def formula_end(text: str, start: int) -> int | None:
    """Return the end of the formula that begins at `start`, or None if there is none."""
    opening = _opening(text, start)
    if opening is None:
        return None
    inner = start + len(opening)
    limit = min(len(text), start + LONGEST)
    close = text.find("$", inner, limit) if opening == "$" else text.find(_CLOSING[opening], inner, limit)
    while close > inner and _is_escaped(text, close, inner):
        close = text.find(_CLOSING[opening], close + 1, limit)
    if close < 0:
        return None
    content = text[inner:close]
    end = close + len(_CLOSING[opening])
    return end if _is_formula(opening, content, text[start - 1 : start], text[end : end + 1]) else None


def is_half_written(text: str, start: int) -> bool:
    """Return True if a formula may have begun at `start` whose end is still to come.

    Of single dollars only where it looks like one so far: most stand before a price.
    """
    opening = _opening(text, start)
    if opening is None:
        return False
    content = text[start + len(opening) :]
    if len(content) > LONGEST or "`" in content or _CLOSING[opening] in content:
        return False
    if opening != "$":
        return True
    return len(content) <= _HALF_WRITTEN and not content[:1].isspace() and bool(_STRONG_MARKS.search(content))


def without_delimiters(source: str) -> tuple[str, bool]:
    """Return the LaTeX of a formula as it stands in a line, and True if it is set as a display."""
    opening = _opening(source, 0)
    if opening is None:
        return source, False
    return source[len(opening) : -len(_CLOSING[opening])].strip(), opening in ("$$", r"\[")


def _opening(text: str, start: int) -> str | None:
    pair = text[start : start + 2]
    if pair in _CLOSING:
        return pair
    return "$" if pair[:1] == "$" else None


def _is_escaped(text: str, position: int, start: int) -> bool:
    backslashes = 0
    while position > start and text[position - 1] == "\\":
        backslashes += 1
        position -= 1
    return backslashes % 2 == 1


def _is_formula(opening: str, content: str, before: str, after: str) -> bool:
    if not content.strip() or "`" in content:  # a code span inside wins
        return False
    match opening:
        case "$":
            return _is_between_dollars(content, before, after)
        case "$$":
            return "$" not in content.replace(r"\$", "")
        case r"\[":
            return bool(re.search(r"[\\^_=+<>]", content))  # "\[1\]" and "\[see below\]" are escaped brackets
        case _:
            return True


def _is_between_dollars(content: str, before: str, after: str) -> bool:
    """Return True for a formula by Pandoc's rules for single dollars.

    False for what has signs of money, of a shell's variables or of prose.
    """
    if content[0].isspace() or content[-1].isspace() or after.isdecimal():
        return False
    if before == "$" or after == "$":
        return False
    if _STRONG_MARKS.search(content):
        # "$HOME/my_bin:$PATH"
        return not (after.isascii() and after.isalpha() and not _ENDS_LIKE_A_FORMULA.search(content))
    if before.isascii() and before.isalnum():  # "US$5 or AU$", "5$-10$"
        return False
    if after.isascii() and after.isalpha() and (_NAME.fullmatch(content) or not _ENDS_LIKE_A_FORMULA.search(content)):
        return False  # "$PATH$HOME" and "$HOME/bin:$PATH", but "$n$th"
    words = len(_WORD.findall(content))
    if content[0].isdecimal():
        return words == 0  # "$5, or 10$"
    return words < 2 or bool(_MARKS.search(content))
