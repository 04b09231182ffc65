"""Rich text (.rtf): paragraphs, tables, notes and comments, in the letters of the font that they are set in.

Files of Chinese, Japanese or Cyrillic Windows write letters in the bytes of the font's character set, whatever the file
says of itself; that is followed here. `place` is the number of the paragraph or table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.core.documents.document import Aside, Block, Opened, ReadingEvent, Run
from desktop.readers.office.symbols import in_letters, is_symbol_font
from desktop.readers.source import Source
from desktop.readers.text.blocks import Cell, Runs, chapters, left_out, table_blocks
from desktop.readers.text.plain import is_known

# By the numbers that Windows gives to character sets.
_CODECS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251"},
    **{222: "cp874", 238: "cp1250", 255: "cp437"},
}
_SYMBOLS = 2
_MACHINES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


class Fonts:
    """Fonts by their numbers, while their table is read and after."""

    def __init__(self, encoding: str = "") -> None:
        """Begin without fonts. `encoding` overrides what fonts and file say."""
        self._forced = encoding if encoding and is_known(encoding) else ""
        self._default = "cp1252"
        self._codecs: dict[int, str] = {}
        self._symbols: set[int] = set()
        self._names: dict[int, str] = {}
        self._current = -1

    def set_default(self, word: str, number: int | None) -> None:
        """Follow what the file says of all its letters."""
        named = _MACHINES.get(word) or _codec(number)
        if is_known(named):
            self._default = named

    def follow(self, word: str, number: int | None) -> None:
        """Follow a word of the table of fonts."""
        if number is None:
            return
        match word:
            case "f":
                self._current = number
            case "fcharset" if number == _SYMBOLS:
                self._symbols.add(self._current)
            case "fcharset" if number in _CODECS:
                self._codecs[self._current] = _CODECS[number]
            case "cpg" if is_known(_codec(number)):
                self._codecs[self._current] = _codec(number)

    def name(self, letters: bytes) -> None:
        """Take in the name of the font whose words came before."""
        self._names.setdefault(self._current, letters.decode("latin-1").strip(" ;"))

    def decoded(self, letters: bytes, font: int) -> str:
        """Return letters that are set in a font."""
        name = self._names.get(font, "")
        if font in self._symbols and is_symbol_font(name):
            return in_letters(letters.decode("latin-1"), name)
        return letters.decode(self._forced or self._codecs.get(font, self._default), "replace")


def _codec(number: int | None) -> str:
    return {936: "gb18030", 65001: "utf-8", 10000: "mac_roman"}.get(number or 0, f"cp{number}")


MEDIA_TYPE = "application/rtf"
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)", re.DOTALL
)
_SIGNS = {
    **{"tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“"},
    **{"rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "lbr": "\n"},
}
_ESCAPED = {"~": "\xa0", "_": "\u2011", "-": "", "\n": "\n", "\r": "\n", "\\": "\\", "{": "{", "}": "}"}
_TABLES = {"fonttbl": "fonts", "stylesheet": "styles", "revtbl": "authors", "atnauthor": "author", "ud": "text"}
_MARGINS = ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf")
_ASIDES = {"footnote": Aside.FOOTNOTE, "annotation": Aside.COMMENT, "shptxt": None} | dict.fromkeys(
    _MARGINS, Aside.HEADER
)
_SKIPPED_TAGS = """
    colortbl info listtable listoverridetable rsidtbl generator xmlnstbl filetbl themedata
    colorschememapping datastore latentstyles mmathPr nonshppict shprslt fldinst objdata objclass objname atrfstart
    atrfend atnid atndate atntime atnref atnicn nonesttables nesttableprops pgdsctbl wgrffmtfilter template bkmkstart
    bkmkend tc xe rxe txe mmathPict revtim upr ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn userprops sp
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
# Destinations that may be skipped by programs that don't know them ("\\*"), and that hold text all the same.
_KNOWN = frozenset(("annotation", "atnauthor", "shpinst", "ud", "moMath", "moMathPara", "shppict", "revtbl"))
_TITLE_NAMES = frozenset(("title", "titel"))
_HEADING_NAME = re.compile(r"(?:heading|überschrift|标题) ?([1-9])\b", re.IGNORECASE)


@dataclass(slots=True)
class _Story:
    """Text that is collected: of the body, or of what hangs on it."""

    aside: Aside | None = None
    by: str = ""
    runs: Runs = field(default_factory=Runs)


@dataclass(frozen=True, slots=True)
class _State:
    """State of a group; a group inside begins with it, and it holds again when that one ends."""

    story: _Story
    reads: str = "text"  # "text", or the table that the group's words belong to; "" for nothing
    font: int = -1
    wide_font: int = -1
    is_wide: bool = False
    skips: int = 1  # letters behind a letter by its number, for programs that don't know those
    is_hidden: bool = False
    is_deleted: bool = False
    is_inserted: bool = False
    author: int = 0
    is_label: bool = False


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a file. Raises `ReadingError`."""
    yield Opened(MEDIA_TYPE)
    reader = RichText(source.content(), source.encoding)
    yield from chapters(reader.blocks())
    yield from left_out(reader.pictures)


class RichText:
    """Text that is read token by token."""

    def __init__(self, data: bytes, encoding: str = "") -> None:
        self._data = data
        self._fonts = Fonts(encoding)
        self._body = _Story()
        self._state = _State(self._body)
        self._groups: list[_State] = []
        self._bytes = bytearray()  # letters that are not decoded yet
        self._half = 0  # of a letter that takes two numbers
        self._to_skip = 0
        self._is_optional = False  # the group may be skipped
        self._is_first = False  # nothing came yet in the group
        self._levels: dict[int, int] = {}  # of styles
        self._style = 0
        self._outline = -1
        self._in_table = False
        self._cells: list[Cell] = []
        self._rows: list[list[Cell]] = []
        self._beside: list[Block] = []
        self._margins: set[str] = set()
        self._authors: list[str] = []
        self._author = ""
        self._name = ""  # of a style or an author that is read
        self._named = 0
        self._ready: list[Block] = []
        self._count = 0
        self.pictures = 0

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the text."""
        position = 0
        while match := _TOKEN.match(self._data, position):
            position = match.end()
            word, parameter, code, escaped, brace, text = match.groups()
            if word:
                position = self._word(word.decode("ascii"), parameter, position)
            elif code:
                self._letters(bytes((int(code, 16),)))
            elif brace == b"{":
                self._open()
            elif brace == b"}":
                self._close()
            elif escaped:
                self._escaped(escaped)
            elif text:
                self._letters(text)
            if self._ready:
                yield from self._ready
                self._ready.clear()
        self._flush()
        self._end_paragraph()
        self._end_table()
        yield from self._ready

    def _set(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)

    def _open(self) -> None:
        self._flush()
        self._groups.append(self._state)
        self._is_first, self._is_optional, self._to_skip = True, False, 0

    def _close(self) -> None:
        self._flush()
        if not self._groups:
            return
        ended = self._state
        self._state = self._groups.pop()
        self._is_first = False
        if ended.story is not self._state.story:
            self._end_story(ended.story)
        elif ended.reads != self._state.reads or ended.reads in {"styles", "authors"}:
            self._end_name(ended.reads)

    def _word(self, word: str, parameter: bytes | None, position: int) -> int:
        """Follow a control word; return the position to go on from."""
        self._flush()
        number = int(parameter) if parameter else None
        was_first, was_optional = self._is_first, self._is_optional
        self._is_first = self._is_optional = False
        if word == "bin":
            return position + max(number or 0, 0)
        if word == "u" and number is not None:
            self._unicode(number)
            return position
        if self._to_skip and word in _SIGNS:
            self._to_skip -= 1
            return position
        if (was_first or was_optional) and self._destination(word, is_optional=was_optional):
            return position
        if self._state.reads == "fonts":
            self._fonts.follow(word, number)
        elif self._state.reads == "styles":
            self._style_word(word, number)
        elif self._state.reads == "text":
            self._text_word(word, number)
        if word in {"ansicpg", "mac", "pc", "pca"}:
            self._fonts.set_default(word, number)
        return position

    def _destination(self, word: str, *, is_optional: bool) -> bool:
        """Begin what the first word of a group says that it is; return True if it says anything."""
        is_skipped = word in _SKIPPED or (word.startswith("m") and word.endswith("Pr"))
        if word in _TABLES:
            self._set(reads=_TABLES[word])
        elif not self._state.reads:
            pass
        elif word in _ASIDES:
            self._set(story=_Story(_ASIDES[word], self._author if word == "annotation" else ""))
        elif word in {"listtext", "pntext"}:
            self._set(is_label=True)
        elif word == "pict" or is_skipped or (is_optional and word not in _KNOWN):
            self.pictures += word == "pict"
            self._set(reads="")
        else:
            return False
        return True

    def _text_word(self, word: str, number: int | None) -> None:
        is_on = number != 0
        match word:
            case "par" | "sect" | "page":
                self._end_line()
            case "cell":
                self._end_cell()
            case "row":
                self._end_row()
            case "nestcell" | "nestrow":
                self._append(" " if word == "nestcell" else "; ")
            case "pard" | "intbl" | "s" | "outlinelevel":
                self._paragraph_word(word, number)
            case "plain":
                self._set(is_hidden=False, is_deleted=False, is_inserted=False, font=-1)
            case "f" if number is not None:
                self._set(font=number)
            case "af" if number is not None and self._state.is_wide:
                self._set(wide_font=number)
            case "dbch" | "loch" | "hich" | "rtlch" | "ltrch":
                self._set(is_wide=word == "dbch")
            case "v":
                self._set(is_hidden=is_on)
            case "deleted":
                self._set(is_deleted=is_on)
            case "revised":
                self._set(is_inserted=is_on)
            case "revauth" | "revauthdel" if number is not None:
                self._set(author=number)
            case "uc" if number is not None:
                self._set(skips=max(number, 0))
            case _ if word in _SIGNS:
                is_gap = word == "tab" and self._state.is_label
                begins = self._state.story.runs.last_letter in {"", "\n"}
                self._append(("" if begins else " ") if is_gap else _SIGNS[word])

    def _paragraph_word(self, word: str, number: int | None) -> None:
        if self._state.story is not self._body:
            return
        match word:
            case "pard":
                self._in_table, self._style, self._outline = False, 0, -1
            case "intbl":
                self._in_table = True
            case "s":
                self._style = number or 0
            case _:
                self._outline = -1 if number is None else number

    def _style_word(self, word: str, number: int | None) -> None:
        if word == "s" and number is not None:
            self._named = number
        elif word == "outlinelevel" and number is not None and number < 9:
            self._levels[self._named] = min(number + 1, 6)

    def _escaped(self, escaped: bytes) -> None:
        if escaped == b"*":
            self._is_optional = True
            return
        self._flush()
        self._is_first = False
        if self._to_skip:
            self._to_skip -= 1
            return
        letter = escaped.decode("latin-1")
        if letter in "\r\n":
            if self._state.reads == "text":
                self._end_line()
        else:
            self._append(_ESCAPED.get(letter, ""))

    def _unicode(self, number: int) -> None:
        self._to_skip = self._state.skips
        code = number + 0x10000 if number < 0 else number
        if 0xD800 <= code < 0xDC00:
            self._half = code
        elif 0xDC00 <= code < 0xE000:
            if self._half:
                self._append(chr(0x10000 + ((self._half - 0xD800) << 10) + code - 0xDC00))
            self._half = 0
        elif 0 <= code < 0x110000:
            self._append(chr(code))

    def _letters(self, letters: bytes) -> None:
        self._is_first = self._is_optional = False
        if self._to_skip:
            skipped = min(self._to_skip, len(letters))
            self._to_skip -= skipped
            letters = letters[skipped:]
        self._bytes += letters

    def _flush(self) -> None:
        """Decode the letters that came, by the font that they are set in."""
        if not self._bytes:
            return
        letters, self._bytes = bytes(self._bytes), bytearray()
        state = self._state
        match state.reads:
            case "text":
                font = state.wide_font if state.is_wide and state.wide_font >= 0 else state.font
                self._append(self._fonts.decoded(letters, font))
            case "fonts":
                self._fonts.name(letters)
            case "styles" | "authors" | "author":
                self._name += self._fonts.decoded(letters, state.font)

    def _append(self, text: str) -> None:
        state = self._state
        if state.reads in {"styles", "authors", "author"}:
            self._name += text
        if state.reads != "text":
            return
        if state.story.aside is not None:
            if not state.is_deleted:
                state.story.runs.append(text)
        elif state.is_deleted or state.is_inserted:
            by = self._authors[state.author] if state.author < len(self._authors) else ""
            state.story.runs.append(text, Aside.DELETED if state.is_deleted else Aside.INSERTED, by)
        else:
            state.story.runs.append(text, Aside.HIDDEN if state.is_hidden else None)

    def _end_line(self) -> None:
        if self._state.story is not self._body:
            self._state.story.runs.append("\n")
        elif self._in_table:
            self._body.runs.append(" ")
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        self._end_table()
        self._count += 1
        level = self._levels.get(self._style, 0)
        if 0 <= self._outline < 9:
            level = min(self._outline + 1, 6)
        self._ready.append(Block(self._body.runs.runs(), str(self._count), level))
        self._ready.extend(replace(each, place=str(self._count)) for each in self._beside)
        self._beside = []
        self._body.runs = Runs()

    def _end_cell(self) -> None:
        if self._state.story is not self._body:
            self._state.story.runs.append(" ")
            return
        self._cells.append(self._body.runs.runs())
        self._body.runs = Runs()

    def _end_row(self) -> None:
        if self._cells:
            self._rows.append(self._cells)
        self._cells = []

    def _end_table(self) -> None:
        self._end_row()
        if self._rows:
            self._count += 1
            self._ready.extend(table_blocks(self._rows, str(self._count)))
            self._rows = []

    def _end_story(self, story: _Story) -> None:
        text = story.runs.text.strip()
        if story.aside is None:
            self._beside.append(Block(story.runs.runs()))
        elif story.aside is Aside.HEADER:
            if any(letter.isalpha() for letter in text) and text not in self._margins:
                self._ready.append(Block((Run(text, Aside.HEADER),), "header"))
            self._margins.add(text)
        elif text:
            self._beside.append(Block((Run(text, story.aside, story.by),)))

    def _end_name(self, kind: str) -> None:
        """Take in a name of a table, which its group ends."""
        name, self._name = self._name.strip().rstrip(";").strip(), ""
        match kind:
            case "author":
                self._author = name
            case "authors" if name:
                self._authors.append(name)
            case "styles" if name:
                if found := _HEADING_NAME.match(name):
                    self._levels.setdefault(self._named, min(int(found[1]), 6))
                elif name.lower() in _TITLE_NAMES:
                    self._levels.setdefault(self._named, 1)
                self._named = 0
