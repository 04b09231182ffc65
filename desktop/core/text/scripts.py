"""The scripts of a text: Chinese characters, those that are written without spaces between words.

What counts as a character is said here alone, as the inside of a class of characters for patterns elsewhere.
"""

from __future__ import annotations

from desktop.core.text.late_regex import late_regex

# Chinese characters in use; the rare ones beyond the first plane are left out.
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# Characters of about the width of two letters: Chinese, Japanese, Korean, with their punctuation.
WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_HAN = late_regex(f"[{HAN}]")
_HAN_RUN = late_regex(f"[{HAN}]+")
_AMID_WORD = late_regex(rf"[^\s{HAN}]{{2}}")
_KANA = late_regex("[\u3040-\u30ff]")
_LATIN_WORD = late_regex("[A-Za-z]+")
_PIECE = 16_384  # characters in one go: while a pattern is at work, no other thread is


def count_han(text: str) -> int:
    """Return the number of Chinese characters in a text."""
    return 0 if text.isascii() else len(_HAN.findall(text))


def count_words(text: str) -> int:
    """Return the number of words in a text, where each Chinese character counts as one, as offices count them."""
    edges = range(_PIECE, len(text), _PIECE)
    twice = sum(_AMID_WORD.match(text, edge - 1) is not None for edge in edges)
    return sum(_words_in(text[start : start + _PIECE]) for start in (0, *edges)) - twice


def _words_in(piece: str) -> int:
    if piece.isascii():
        return len(piece.split())
    rest, runs = _HAN_RUN.subn(" ", piece)
    return len(piece) - len(rest) + runs + len(rest.split())


def has_han(text: str) -> bool:
    """Return True if a text has a Chinese character; which language it is in is not said by that."""
    return _HAN.search(text) is not None


def is_chinese(text: str) -> bool:
    """Return True for more Chinese characters than Latin words, and few of the syllables that only Japanese has."""
    han = count_han(text)
    return han > 0 and han > len(_LATIN_WORD.findall(text)) and han > 5 * len(_KANA.findall(text))
