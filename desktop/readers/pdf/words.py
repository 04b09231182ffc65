"""The words of a page with their boxes, in the order in which they are drawn, and words joined to text.

Boxes are turned so that most of the text runs from left to right and the top is up, whatever the page's own turn. Words
are joined by what stands between two of them, the hyphen at the end of a line, and lines that run to the left.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from math import degrees
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

_HYPHENS = "\x02\ufffe"  # for a hyphen at the end of a line, behind which the word goes on
_WORD = re.compile(rf"[^\s\0{_HYPHENS}]+[{_HYPHENS}]?|[{_HYPHENS}]")
_FORMS = re.compile("[\ufb00-\ufb06\ufb1d-\ufdff\ufe70-\ufefc\u2f00-\u2fd5]")
_TO_THE_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Accents that TeX's older fonts draw as letters of their own, before or after the letter that they are above.
_ACCENTS = {"¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "˚": "\u030a", "ˇ": "\u030c"}
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([A-Za-zı])")
_SPECIAL = re.compile(f"{_TO_THE_LEFT.pattern}|{_FORMS.pattern}|\ufeff|[{''.join(_ACCENTS)}]")
_CLUSTER = re.compile("[^\u0591-\u05c7\u064b-\u065f][\u0591-\u05c7\u064b-\u065f]*|.", re.DOTALL)
# Letters of TeX's older fonts that stand for themselves, by their numbers; others have no letters there.
_OF_TEX = dict(zip(range(0x10, 0x17), "“”„«»–—", strict=True)) | dict(zip(range(0x1B, 0x20), "ﬀﬁﬂﬃﬄ", strict=True))
# Times the height of a line: how far what is drawn apart stands from the word before.
_NARROW, _SPACE, _WIDE = 0.2, 0.55, 1.2
_USUAL = 0.4  # of the words of a page, whose spaces are drawn so
_FIRST_WIDE = "\u2e80"  # from here on letters are as wide as each other, with no spaces between words
_ROOM = 0.4  # of their width, which they need not
_SECOND_HALF = "\ufeff"  # stands for it, and says nothing
_WORDS_OF_A_LINE = 40
_SAMPLES = 16  # letters that tell a page's turn
_NO_CONTENT = -1  # the number of a mark that is none


class Word(NamedTuple):
    """Word on a page: its text, the index of its first letter, and its box.

    `mark` is the number of the marked content that it is in, -1 for none. `goes_on` is True where a hyphen at the end
    of the line was taken off its text, `is_apart` where it was drawn apart from the word before, without a space.
    """

    text: str
    start: int
    left: float
    bottom: float
    right: float
    top: float
    mark: int
    goes_on: bool
    is_apart: bool

    @property
    def height(self) -> float:
        """Height of its box, about the size of its letters."""
        return self.top - self.bottom


Box = tuple[float, float, float, float]  # left, bottom, right, top

# The same function of the library, without an object of Python's for each address.
_address_of_drawn = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)


def words_of(page: pypdfium2.PdfPage, has_marks: bool) -> list[Word]:
    """Return the words of a page. Raises PdfiumError."""
    with letters_of(page, has_marks) as letters:
        return letters.words


@contextmanager
def letters_of(page: pypdfium2.PdfPage, has_marks: bool = False) -> Iterator[PageLetters]:
    """Read the words of a page, whose letters can be asked for within the block. Turns the page upright.

    Raises PdfiumError.
    """
    # A turned page would be read in the order of its turned lines.
    pdfium.FPDFPage_SetRotation(page, 0)
    text_page = page.get_textpage()
    try:
        yield PageLetters(text_page, has_marks)
    finally:
        text_page.close()


class PageLetters:
    """Words of a page in the order in which they are drawn, and the boxes of letters of them."""

    def __init__(self, text_page: pypdfium2.PdfTextPage, has_marks: bool) -> None:
        count = max(0, pdfium.FPDFText_CountChars(text_page))
        self._text_page = text_page.raw  # which is passed on faster
        self._letters = _letters(text_page, count).translate(_OF_TEX)
        self._quarters = _quarters(text_page, self._letters, count)
        self._box_of = _boxes(text_page, self._quarters)
        self._has_marks = has_marks
        self._marks: dict[int, int] = {}
        self._is_plain = _SPECIAL.search(self._letters) is None
        self.words = self._read_words()

    def box(self, number: int, start: int, end: int) -> Box:
        """Return the box around letters of a word in the page's own measures, which are those of no turn.

        It is the whole word's where they are not told apart.
        """
        word = self.words[number]
        box: Box = word.left, word.bottom, word.right, word.top
        if end - start < len(word.text) and (indices := self._indices(word)):
            box = around(self._box_of(indices[start]), self._box_of(indices[end - 1]))
        return _turned(box, -self._quarters % 4)

    def _read_words(self) -> list[Word]:
        words: list[Word] = []
        box_of, letters = self._box_of, self._letters
        before = (0.0, 0.0, 0.0, 0.0)
        end = 0
        narrow = 0
        for found in _WORD.finditer(letters):
            behind = end
            start, end = found.span()
            goes_on = letters[end - 1] in _HYPHENS
            text = found[0][:-1] if goes_on else found[0]
            last = end - 1 - goes_on
            if not text:  # a hyphen that stands alone
                text, last, goes_on = "-", start, False
            box = first = box_of(start)
            if last > start:
                box = around(first, box_of(last))
                if not self._is_plain:
                    text = self._readable(text, start)
                if text[0] > _FIRST_WIDE and box[2] - box[0] > (len(text) + _ROOM) * (first[2] - first[0]):
                    words += self._pieces(start, end, goes_on)
                    before = box
                    continue
            height = box[3] - box[1]
            gap = box[0] - before[2]
            is_apart = (
                _NARROW * height < gap < _WIDE * height
                and abs(box[1] - before[1]) < height
                and self._is_apart(behind, start)
            )
            narrow += is_apart and gap < _SPACE * height
            mark = self._mark_of(start) if self._has_marks else _NO_CONTENT
            words.append(Word(text, start, *box, mark, goes_on, is_apart))
            before = box
        if self._quarters > 1:  # lines that run to the left or down come in another order
            words.sort(key=lambda word: (-round(word.bottom / (word.height or 1.0)), word.left))
        if not self._is_plain:
            words = self._with_accents(words)
        # Where each word is drawn by itself, that says nothing.
        return words if narrow < _USUAL * len(words) else [word._replace(is_apart=False) for word in words]

    def _indices(self, word: Word) -> list[int]:
        """Return which letter of the page each letter of a word is; none where they stand in another order.

        One that stands for several, such as a ligature, or for another one, as in Chinese a radical does for its
        character, is told apart.
        """
        indices: list[int] = []
        at = word.start
        while len(indices) < len(word.text) and at < len(self._letters):
            letter = self._letters[at]
            readable = letter if letter == word.text[len(indices)] else unicodedata.normalize("NFKC", letter)
            if not word.text.startswith(readable, len(indices)):
                return []
            indices += [at] * len(readable)
            at += 1
        return indices if len(indices) == len(word.text) else []

    def _with_accents(self, words: list[Word]) -> list[Word]:
        """Return words with the accents that stand for themselves, often at the end of a line, on their letters."""
        made: list[Word] = []
        for word in words:
            if word.text in _ACCENTS:
                for place in range(len(made) - 1, max(-1, len(made) - _WORDS_OF_A_LINE), -1):
                    if accented := self._accented(made[place], word):
                        made[place] = accented
                        break
                else:
                    made.append(word)
            elif made and made[-1].text in _ACCENTS and (accented := self._accented(word, made[-1])):
                made[-1] = accented
            else:
                made.append(word)
        return made

    def _accented(self, word: Word, accent: Word) -> Word | None:
        """Return a word with an accent on the letter below it; None if it is not above one."""
        middle = (accent.left + accent.right) / 2
        if not word.left < middle < word.right or accent.bottom > word.top or accent.top < word.bottom:
            return None
        for position, letter in enumerate(word.text):
            left, _, right, _ = self._box_of(word.start + position)
            if left <= middle <= right and letter.isalpha():
                written = _with_accent(letter, accent.text)
                return word._replace(text=word.text[:position] + written + word.text[position + 1 :])
        return None

    def _pieces(self, start: int, end: int, goes_on: bool) -> Iterator[Word]:
        """Yield the pieces of letters without spaces between which there are gaps, such as the cells of a row."""
        begun: list[tuple[int, Box]] = []
        for index in [*range(start, end - goes_on), None]:
            box = self._box_of(index) if index is not None else None
            if begun and (box is None or box[0] - begun[-1][1][2] > _ROOM * (begun[0][1][2] - begun[0][1][0])):
                whole = reduce(around, (each for _, each in begun))
                at = begun[0][0]
                mark = self._mark_of(at) if self._has_marks else _NO_CONTENT
                text = self._letters[at : begun[-1][0] + 1]
                yield Word(text, at, *whole, mark, goes_on and box is None, at > start)
                begun = []
            if index is not None and box is not None:
                begun.append((index, box))

    def _readable(self, text: str, start: int) -> str:
        """Return a word as it is written: letters for ligatures and forms, those of scripts to the left in their order.

        Some files have these in the order in which they stand, from left to right.
        """
        found = [position for position, letter in enumerate(text) if _TO_THE_LEFT.match(letter)]
        if len(found) > 1:
            first, last = found[0], found[-1]
            if self._box_of(start + first)[0] < self._box_of(start + last)[0]:
                turned = "".join(reversed(_CLUSTER.findall(text[first : last + 1])))
                text = text[:first] + turned + text[last + 1 :]
        text = _ACCENTED.sub(lambda found: _with_accent(found[2], found[1]), text.replace(_SECOND_HALF, ""))
        return unicodedata.normalize("NFKC", text) if _FORMS.search(text) else text

    def _is_apart(self, behind: int, start: int) -> bool:
        """Return True if the space before a letter is no letter of the file, and another piece of text begins."""
        if _address_of_drawn(self._text_page, behind - 1) == _address_of_drawn(self._text_page, start):
            return False
        return bool(pdfium.FPDFText_IsGenerated(self._text_page, behind))

    def _mark_of(self, index: int) -> int:
        """Return the number of the marked content that a letter is in."""
        address = _address_of_drawn(self._text_page, index)
        if address not in self._marks:
            drawn = pdfium.FPDFText_GetTextObject(self._text_page, index)
            self._marks[address] = pdfium.FPDFPageObj_GetMarkedContentID(drawn) if drawn else _NO_CONTENT
        return self._marks[address]


def _with_accent(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", ("i" if letter == "ı" else letter) + _ACCENTS[accent])


def around(one: Box, other: Box) -> Box:
    """Return the box around two; without calls, since there is one for each word."""
    return (
        one[0] if one[0] < other[0] else other[0],
        one[1] if one[1] < other[1] else other[1],
        one[2] if one[2] > other[2] else other[2],
        one[3] if one[3] > other[3] else other[3],
    )


def _letters(text_page: pypdfium2.PdfTextPage, count: int) -> str:
    """Return one letter for each index of the page."""
    if not count:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # Letters beyond the first plane, which are two of the page's, or such without a meaning, which it leaves out.
    codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]
    letters: list[str] = []
    for code, after in zip(codes, [*codes[1:], 0], strict=True):
        if 0xD800 <= code < 0xDC00 <= after < 0xE000:
            letters.append(chr(0x10000 + ((code - 0xD800) << 10) + (after - 0xDC00)))
        elif 0xDC00 <= code < 0xE000:
            letters.append(_SECOND_HALF)
        else:
            letters.append(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd")
    return "".join(letters)


def _turned(box: Box, quarters: int) -> Box:
    """Return a box turned by quarters of a turn, to the right."""
    for _ in range(quarters):
        left, bottom, right, top = box
        box = bottom, -right, top, -left
    return box


def _boxes(text_page: pypdfium2.PdfTextPage, quarters: int) -> Callable[[int], Box]:
    """Return a function that tells the box of a letter, turned back by quarters of a turn."""
    rect = pdfium.FS_RECTF()
    told = ctypes.byref(rect)
    handle = text_page.raw
    ask = pdfium.FPDFText_GetLooseCharBox

    def box_of(index: int) -> Box:
        ask(handle, index, told)
        return _turned((rect.left, rect.bottom, rect.right, rect.top), quarters)

    return box_of


def _quarters(text_page: pypdfium2.PdfTextPage, letters: str, count: int) -> int:
    """Return by how many quarters of a turn, to the left, most of the text is turned."""
    step = max(1, count // _SAMPLES)
    angles = Counter(
        -round(degrees(pdfium.FPDFText_GetCharAngle(text_page, index)) / 90) % 4
        for index in range(0, count, step)
        if not letters[index].isspace()
    )
    return angles.most_common(1)[0][0] if angles else 0


_SOFT_HYPHEN = "\xad"
_HYPHENATED = re.compile(r"\w-$")
_JOINS_HALVES = {"and", "or", "und", "oder", "bzw.", "et", "ou"}  # as in "pre- and post-war"
# Letters that are written without spaces between words: Chinese, Japanese, their punctuation, full-width forms.
_UNSPACED = re.compile("[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_SEVERAL, _SHARE_OF_BREAKS = 2, 1 / 300  # words that are broken at a line's end, where a program hyphenates
_EDGES = ".,;:!?()[]{}\"'“”‘’„«»"


class Joiner:
    """Joiner of words to text; it remembers the words of a document, to know which are written with a hyphen."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._words = self._broken = 0

    def learn_words(self, words: Iterable[Word]) -> None:
        """Remember the words of a page; the halves of a word that is broken are none."""
        is_half = False
        for word in words:
            text = word.text.strip(_EDGES).lower()
            if not (is_half or word.goes_on):
                self._known.add(text)
            self._words += 1
            self._broken += is_half and word.text[:1].islower()
            is_half = word.goes_on

    def text(self, lines: Iterable[Sequence[Word]], breaks: Sequence[bool] = ()) -> str:
        """Return the text of lines that go on one in the next; `breaks` tells behind which of them the line ends."""
        said: list[str] = []
        before: Word | None = None
        for number, words in enumerate(lines):
            ordered = _in_reading_order(words)
            for position, word in enumerate(ordered):
                if before is not None:
                    if position:
                        said.append(" " if word is not before else "")
                    elif number <= len(breaks) and breaks[number - 1]:
                        said.append("-\n" if before.goes_on else "\n")
                    else:
                        self._append_break(said, before, word)
                said.append(word.text.replace(_SOFT_HYPHEN, ""))
                before = word
        return "".join(said)

    def _append_break(self, said: list[str], before: Word, after: Word) -> None:
        """Append what divides the last word of a line from the first of the next."""
        if before.text.endswith(_SOFT_HYPHEN):
            return
        if before.goes_on or (_HYPHENATED.search(before.text) and after.text[0].isalnum()):
            start = before.text if before.goes_on else before.text[:-1]
            said[-1] = start + self._hyphen(start, after.text)
        elif not (is_unspaced(before.text[-1]) and is_unspaced(after.text[0])):
            said.append(" ")

    def _hyphen(self, start: str, rest: str) -> str:
        """Return what stands between the halves of a word: nothing, where it has its hyphen from the line's end."""
        if rest in _JOINS_HALVES:
            return "- "
        if not rest[0].islower() or not start[-1].isalpha():
            return "-"
        start, rest = start.strip(_EDGES).lower(), rest.strip(_EDGES).lower()
        if start + rest in self._known:
            return ""
        # Where hardly a line ends so, no program has broken words, and the hyphen is the word's own.
        breaks_words = self._broken >= _SEVERAL and self._broken > _SHARE_OF_BREAKS * self._words
        return "-" if f"{start}-{rest}" in self._known or not breaks_words else ""


def is_unspaced(letter: str) -> bool:
    """Return True for a letter of a script that is written without spaces between words."""
    return _UNSPACED.match(letter) is not None


def _in_reading_order(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words of a line as they are read: from right to left where most are in such a script.

    Numbers and words of other scripts in between keep their own order.
    """
    if len(words) < 2 or not _is_to_the_left(words):
        return words
    ordered: list[Word] = []
    others: list[Word] = []
    for word in sorted(words, key=lambda each: -each.right):
        if _TO_THE_LEFT.search(word.text) or not _has_direction(word.text):
            ordered += reversed(others)
            others = []
            ordered.append(word)
        else:
            others.append(word)
    return [*ordered, *reversed(others)]


def _is_to_the_left(words: Sequence[Word]) -> bool:
    """Return True if most words are in a script that runs to the left; most often the first three tell."""
    if all(word.text.isascii() for word in words[:3]):
        return False
    return 2 * sum(_TO_THE_LEFT.search(word.text) is not None for word in words) >= len(words)


def _has_direction(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in {"L", "EN"} for letter in text)
