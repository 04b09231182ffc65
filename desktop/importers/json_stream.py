"""JSON values one after another out of a file of any size, of which no more than one is in memory.

A list gives its elements; an object gives itself, or, if it has a list of conversations, itself once for each of them,
with that one alone in the list. Behind what is damaged, reading goes on at the next value that is whole.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from desktop.core.exporting import MOST_BYTES, ImportFault, ImportFaultError

_STEP = 1 << 20  # bytes that are read at once
_LONGEST_NUMBER = 400  # digits: no float has more, and Python refuses to make a number of some thousands
_CUT = 32  # letters before the end of the window within which a word, a number or an escape may be cut in two
_SPLIT = "conversations"  # the name of the list that is given element by element
_SPACE = re.compile(r"[ \t\r\n]*")
_NEXT_OBJECT = re.compile(r"[,\[]\s*(?=\{)")


def values(file: BinaryIO) -> Iterator[Any]:
    """Yield the values of a file of JSON; `ImportFault.BROKEN` for a stretch that is damaged or missing.

    Raises `ImportFaultError` for a value that is too large.
    """
    return _Reader(file).values()


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float("inf")


class _Reader:
    """A reader of one file: a window of text that moves over it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._is_whole = False  # all that the file has is in the window
        self._letters = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._decoder = json.JSONDecoder(parse_int=_whole_number)

    def values(self) -> Iterator[Any]:
        """Yield the values of the file."""
        match self._next_letter():
            case "[":
                self._at += 1
                yield from self._elements()
            case "{":
                yield from self._object()
            case _:
                yield ImportFault.BROKEN

    def _object(self) -> Iterator[Any]:
        head: dict[str, Any] = {}
        self._at += 1
        while (letter := self._next_letter()) == '"':
            name = self._value()
            if not isinstance(name, str) or self._next_letter() != ":":
                yield ImportFault.BROKEN
                return
            self._at += 1
            if self._next_letter() == "[" and name == _SPLIT:
                self._at += 1
                yield from self._split(head)
                return
            head[name] = self._value()
            if head[name] is ImportFault.BROKEN:
                yield ImportFault.BROKEN
                return
            if self._next_letter() == ",":
                self._at += 1
        yield head if letter == "}" else ImportFault.BROKEN

    def _split(self, head: dict[str, Any]) -> Iterator[Any]:
        element = None
        for element in self._elements():
            yield element if element is ImportFault.BROKEN else {**head, _SPLIT: [element]}
        if element is None:
            yield {**head, _SPLIT: []}

    def _elements(self) -> Iterator[Any]:
        is_lost = False  # behind damage, nobody knows to which list a bracket belongs
        while (letter := self._next_letter()) != "]" or is_lost:
            if letter == ",":
                self._at += 1
                continue
            if is_lost and letter != "{":
                if not self._find_next_object():
                    return
                continue
            found = self._value() if letter else ImportFault.BROKEN
            yield found
            if found is ImportFault.BROKEN:
                is_lost = True
                if not self._find_next_object():
                    return

    def _value(self) -> Any:
        """Return the value that begins here, and stand behind it; `ImportFault.BROKEN` if none is whole."""
        while True:
            try:
                found, self._at = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                self._at = len(self._text)
                return ImportFault.BROKEN
            except ValueError as error:
                if not self._may_be_cut(error) or not self._read_on():
                    return ImportFault.BROKEN
            else:
                return found

    def _may_be_cut(self, error: ValueError) -> bool:
        """Return True if what cannot be read may be the end of the window, and not a fault of the file."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated") or error.pos > len(self._text) - _CUT

    def _find_next_object(self) -> bool:
        """Stand at an object of the list behind what is damaged; return False if there is none."""
        while True:
            found = _NEXT_OBJECT.search(self._text, self._at)
            if found is not None:
                self._at = found.end()
                return True
            self._at = max(self._at, len(self._text) - 1)
            if not self._read_on():
                return False

    def _next_letter(self) -> str:
        """Return the letter that follows the white space here; empty at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def _read_on(self) -> bool:
        """Lengthen the window, the more the longer it is; return False at the end of the file."""
        if self._is_whole:
            return False
        self._text, self._at = self._text[self._at :], 0
        if len(self._text) > MOST_BYTES:
            raise ImportFaultError(ImportFault.TOO_LARGE)
        content = self._file.read(max(_STEP, len(self._text)))
        self._is_whole = not content
        self._text += self._letters.decode(content, final=self._is_whole)
        return True
