"""Markdown as leaves: the blocks that markdown-it-py finds, flat, each with the quotes and items around it.

For a text that is complete; one that still grows is a `MarkdownDocument`, which reads its end with this and all of it
once more when it is complete. There are rules beside those of markdown-it-py: formulas that stand by themselves,
footnotes, and a bound of depth. Models put any lines between the marks of a formula, also such that would be headings
elsewhere, and a `$$` may be a slip of the pen: how far one reaches is bounded, and what turns out to be none is text.
"""

from __future__ import annotations

import functools
import re
from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.rendering.markdown.inline import References, footnote_definition, parse_inline
from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Table
from desktop.rendering.text.letters import show_invisible

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    Rule = Callable[[StateBlock, int, int, bool], bool]


DEEPEST = 64
"""Quotes, lists and items inside each other; what would be deeper is shown as the text it is written with."""

_NOTE_INDENT = 4
"""Columns by which the lines of a footnote after its first are indented."""

# In the environment of a reading: whether the text may go on, and by the number of the token that comes next, the
# columns by which the blocks of an item are indented.
_IS_GROWING = "is_growing"
_INDENTS = "indents"

_MOST_LINES = 100
_MOST_BLANK_LINES = 3
_LONGEST = 8_000

_CLOSINGS = {"$$": "$$", r"\[": r"\]"}
_OPENINGS = tuple(_CLOSINGS)

# Without one of these soon after it, `\[` is an escaped bracket, as in `\[see below\]`.
_SIGN_OF_MATHS = re.compile(r"[\\^_=+<>]")
_SOON = 30  # characters


@functools.cache
def _block_parser() -> MarkdownIt:
    """Return a parser of blocks alone, whose addresses are as they were written."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import blockquote, fence, list_block

    class _Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:
            return url

        def validateLink(self, url: str) -> bool:
            return True

    parser = _Parser("js-default", {"html": False, "tasklists": True, "maxNesting": 2 * DEEPEST})
    parser.core.ruler.enableOnly(["block"])
    rules = parser.block.ruler
    ends_text = ["paragraph", "reference", "blockquote"]
    rules.at("fence", _tell_open_fence(fence), {"alt": [*ends_text, "list"]})
    rules.at("blockquote", _bounded(blockquote), {"alt": [*ends_text, "list"]})
    rules.at("list", _bounded(list_block), {"alt": ends_text})
    rules.before("table", "indent", _note_indent)
    rules.before("fence", "maths", _read_maths, {"alt": [*ends_text, "list"]})
    rules.before("reference", "footnote", _bounded(_read_footnote), {"alt": [*ends_text, "list"]})
    return parser


def _bounded(rule: Rule) -> Rule:
    """Return the rule of a container, which opens none beyond the bound of depth."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return (silent or state.level < DEEPEST) and rule(state, start, end, silent)

    return bounded


def _note_indent(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Note the indent of the block that begins here, as a rule that never holds."""
    if _INDENTS in state.env:
        state.env[_INDENTS][len(state.tokens)] = state.blkIndent
    return False


def _tell_open_fence(rule: Rule) -> Rule:
    """Return the rule of code between fences, which notes whether the second fence is missing."""

    def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        if not silent:
            token = state.tokens[-1]
            lines = token.content.count("\n") + (token.content[-1:] not in ("", "\n"))
            token.meta["is_open"] = state.line - start == lines + 1
        return True

    return fence


def _read_maths(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a formula that stands by itself. One whose end may be still to come is a text for the time being."""
    first = _line_of(state, start)
    if not first.startswith(_OPENINGS) or state.is_code_block(start):
        return False
    opening, closing = first[:2], _CLOSINGS[first[:2]]
    before = first[2:].partition(closing)[0]
    if opening != "$$" and before.strip() and not _SIGN_OF_MATHS.search(before, 0, _SOON):
        return False
    inner: list[str] = []  # lines without the markers and the white space before them, and without the opening
    letters = 0
    for line in range(start, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return False
        text = _line_of(state, line)
        if line > start and text.startswith(_OPENINGS) and not text.startswith(closing):
            return False
        inner.append(text if line > start else text[2:])
        before, is_closed, after = inner[-1].partition(closing)
        letters += len(text)
        if is_closed:
            content = "\n".join([*inner[:-1], before])
            if after.strip() or not content.strip() or (opening != "$$" and not _SIGN_OF_MATHS.search(content)):
                return False
            if state.env[_IS_GROWING] and state.eMarks[line] == len(state.src):
                break  # the line may go on
            if not silent:
                _push_maths(state, "maths", "\n".join(filter(None, content.split("\n"))).strip(), start, line + 1)
            return True
        if len(inner) > _MOST_LINES or inner.count("") > _MOST_BLANK_LINES or letters > _LONGEST:
            return False
    if not state.env[_IS_GROWING] or state.eMarks[end - 1] < len(state.src) - 1:
        return False
    if not silent:
        _push_maths(state, "maths_begun", opening + "\n".join(inner), start, end)
    return True


def _line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _push_maths(state: StateBlock, kind: str, content: str, start: int, end: int) -> None:
    token = state.push(kind, "", 0)
    token.content, token.map = content, [start, end]
    state.line = end


def _read_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a note: its lines are blocks as those of an item are."""
    if state.is_code_block(start):
        return False
    found = footnote_definition(_line_of(state, start))
    if found is None or silent:
        return found is not None
    length, marker = found
    at = state.bMarks[start] + state.tShift[start]
    text = state.src[at + length : state.eMarks[start]]
    space = len(text) - len(text.lstrip(" \t"))
    token = state.push("footnote_open", "", 1)
    token.info, token.map = marker, [start, start + 1]
    changed = (state.bMarks, at + length), (state.tShift, space), (state.sCount, state.blkIndent + _NOTE_INDENT)
    kept = [(values, values[start]) for values, _ in changed]
    indent, state.blkIndent = state.blkIndent, state.blkIndent + _NOTE_INDENT
    kind, state.parentType = state.parentType, "list"
    for values, value in changed:
        values[start] = value
    state.md.block.tokenize(state, start, end)
    for values, value in kept:
        values[start] = value
    state.blkIndent, state.parentType = indent, kind
    token.map[1] = state.line
    state.push("footnote_close", "", -1)
    return True


_LINE_END = re.compile("\r\n?")
_QUOTE = Container(ContainerKind.QUOTE)
_ITEM = Container(ContainerKind.ITEM)
_MOST_SPACES = 4  # after the marker of an item: more begin code in it


TEXTS = (LeafKind.PARAGRAPH, LeafKind.HEADING)


def normalize(text: str) -> str:
    """Return the text as leaves count it: lines end in a line feed, and there is no NUL."""
    return _LINE_END.sub("\n", text).replace("\0", "\ufffd")


def parse(text: str) -> list[Leaf]:
    """Return the leaves of a Markdown text. `source` ranges are offsets in `normalize(text)`. Never raises."""
    return Reading(normalize(text)).read_words()


@dataclass(slots=True)
class Around:
    """Quote, list or item around a block.

    Of a quote all but `line` is empty. `mark` is what the items of a list share: "-", "+", "*", "." or ")"; `written`
    the marker of an item in the text, `indent` the columns of what stands in it, counted from the quote around it.
    """

    line: int  # in which it begins
    mark: str = ""
    written: str = ""
    number: int = 0  # of the item, as it is counted
    indent: int = 0


class Reading:
    """The blocks of a piece of Markdown, and what a piece that follows has to know of its end.

    `leaves` have their places in the piece; `lines` are those in which they or their items begin, `raws` what they
    were read from.
    """

    def __init__(
        self, text: str, references: References | None = None, numbers: Sequence[int] = (), *, is_growing: bool = False
    ) -> None:
        """`numbers` are those of the first items, from the outermost list: such a list goes on in this piece."""
        self.leaves: list[Leaf] = []
        self.lines: list[int] = []
        self.block_line = 0  # in which the last leaf begins without the markers of its items
        self.end_line = 0  # behind it
        self.raws: list[str] = []
        self.around: tuple[Around, ...] = ()  # the last leaf
        self.is_open = False  # the last leaf is code whose end has not come
        self.found: dict[str, Any] = {}  # definitions of links in this piece
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._length = len(text)
        self._is_growing = is_growing
        self._numbers = list(numbers)
        self._open: list[Around] = []
        self._containers: list[Container] = []
        self.references: References = ChainMap(self.found, references) if references else self.found
        self._indents: dict[int, int] = {}
        env: dict[str, Any] = {"references": self.references, _INDENTS: self._indents, _IS_GROWING: is_growing}
        tokens = iter(enumerate(_block_parser().parse(text, env)))
        for index, token in tokens:
            self._take(index, token, tokens)

    def read_words(self) -> list[Leaf]:
        """Read the texts of the leaves out of `raws`, and return the leaves."""
        for leaf, raw in zip(self.leaves, self.raws, strict=True):
            if leaf.kind in TEXTS and raw:
                inline = parse_inline(raw, self.references, is_growing=self._is_growing and leaf is self.leaves[-1])
                leaf.text, leaf.spans = inline.text, inline.spans
        return self.leaves

    def end_of(self, line: int) -> int:
        """Return where a line ends, without its line feed."""
        return self.starts[line + 1] - 1 if line + 1 < len(self.starts) else self._length

    @property
    def numbers(self) -> list[int]:
        """The numbers of the items around the last leaf, from the outermost list."""
        return [each.number for each in self.around if each.mark and not each.written]

    @property
    def line_count(self) -> int:
        """The number of lines in the piece."""
        return len(self.starts) - (self.starts[-1] == self._length)

    def _take(self, index: int, token: Token, tokens: Iterator[tuple[int, Token]]) -> None:
        match token.type:
            case "blockquote_open":
                self._enter(token, _QUOTE)
            case "bullet_list_open" | "ordered_list_open":
                is_going_on = bool(self._numbers)
                first = self._numbers.pop(0) if is_going_on else int((token.attrs or {}).get("start", 1))
                self._open.append(Around(_line(token), token.markup, number=int(first) - 1))
            case "list_item_open":
                above = self._open[-1]
                above.number += 1
                marker, written = _markers(token, above)
                item = Around(_line(token), above.mark, written, above.number, self._indents.get(index + 1, 0))
                self._enter(token, _marked(marker), item)
            case "footnote_open":
                item = Around(_line(token), "-", "-", 1, self._indents.get(index + 1, _NOTE_INDENT))
                self._enter(token, _marked(token.info), item)
            case "list_item_close" | "footnote_close":
                if self._containers[-1].marker:  # of no block in it
                    line = self._open[-1].line
                    self._append(Leaf(LeafKind.PARAGRAPH), line, line + 1)
                self._open.pop()
                self._containers.pop()
            case "blockquote_close":
                self._open.pop()
                self._containers.pop()
            case "bullet_list_close" | "ordered_list_close":
                self._open.pop()
            case "paragraph_open" | "heading_open":
                inner = next(tokens)[1]
                level = int(token.tag[1]) if token.type == "heading_open" else 0
                kind = LeafKind.HEADING if level else LeafKind.PARAGRAPH
                self._append_token(token, Leaf(kind, level=level), inner.content)
            case "fence" | "code_block":
                code = show_invisible(token.content.removesuffix("\n"))
                self._append_token(token, Leaf(LeafKind.CODE, code, language=_language(token.info)), token.content)
                self.is_open = bool(token.meta.get("is_open"))
            case "table_open":
                self._append_token(token, Leaf(LeafKind.TABLE, table=self._table(tokens)))
            case "hr":
                self._append_token(token, Leaf(LeafKind.RULE))
            case "maths":
                self._append_token(token, Leaf(LeafKind.FORMULA, token.content))
            case "maths_begun":
                self._append_token(token, Leaf(LeafKind.PARAGRAPH, token.content))
            case _:
                pass

    def _enter(self, token: Token, container: Container, around: Around | None = None) -> None:
        self._open.append(around or Around(_line(token)))
        self._containers.append(container)

    def _table(self, tokens: Iterator[tuple[int, Token]]) -> Table:
        aligns: list[str] = []
        rows: list[tuple[Cell, ...]] = []
        row: list[Cell] = []
        for _, token in tokens:
            match token.type:
                case "th_open":
                    aligns.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
                case "inline":
                    inline = parse_inline(token.content, self.references)
                    row.append(Cell(inline.text, inline.spans))
                case "tr_close":
                    rows.append(tuple(row))
                    row = []
                case "table_close":
                    break
                case _:
                    pass
        return Table(tuple(aligns), tuple(rows))

    def _append_token(self, token: Token, leaf: Leaf, raw: str = "") -> None:
        first, end = token.map or (0, 1)
        self._append(leaf, first, end, raw)

    def _append(self, leaf: Leaf, first: int, end: int, raw: str = "") -> None:
        leaf.containers = tuple(self._containers)
        leaf.source = self.starts[first], self.end_of(max(end - 1, first))
        self.leaves.append(leaf)
        items = (each for each in self._open if each.written)
        inside = zip(items, (each for each in leaf.containers if each.kind is ContainerKind.ITEM), strict=True)
        self.lines.append(min([first, *(item.line for item, container in inside if container.marker)]))
        self.block_line, self.end_line = first, max(end, first + 1)
        self.raws.append(raw)
        self.around = tuple(self._open)
        self.is_open = False
        if any(container.marker for container in leaf.containers):  # which the first block of an item has
            self._containers = [_QUOTE if each.kind is ContainerKind.QUOTE else _ITEM for each in leaf.containers]


def opening_of(around: Sequence[Around], word: str) -> str:
    """Return a line that opens these quotes and items again, with a word in them.

    A word that ends the line is followed by a blank line. Empty where nothing is around, unless the word goes on.
    """
    first, blank = "", ""
    indent = spaces = 0
    for each in around:
        if each.written:
            width = each.indent - indent
            lead = max(0, width - len(each.written) - _MOST_SPACES)
            first += (" " * lead + each.written).ljust(width)
            spaces += width
            indent = each.indent
        elif not each.mark:
            first += "> "
            blank += " " * spaces + ">"
            indent, spaces = 0, 1
    if word.endswith("\n"):
        return f"{first}{word}{blank}\n" if first else ""
    return first + word


@functools.lru_cache(maxsize=1024)
def _marked(marker: str) -> Container:
    """Return the same object for each item with this marker: a long list has thousands."""
    return Container(ContainerKind.ITEM, marker)


def _markers(token: Token, above: Around) -> tuple[str, str]:
    """Return the marker of an item as it is shown, and as it is written."""
    shown, written = (f"{above.number}{above.mark}", token.info + above.mark) if token.info else ("•", above.mark)
    if "checked" in token.meta:
        box = "☑" if token.meta["checked"] else "☐"
        shown = f"{shown} {box}" if token.info else box
    return shown, written


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _language(info: str) -> str:
    """Return the first word after a fence, in which escapes and references (`&ouml;`) are read."""
    if "\\" in info or "&" in info:
        from markdown_it.common.utils import unescapeAll

        info = unescapeAll(info.strip())
    words = info.split(maxsplit=1)
    return show_invisible(words[0]) if words else ""
