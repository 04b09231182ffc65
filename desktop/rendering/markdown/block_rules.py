r"""Block rules beside those of markdown-it-py: formulas that stand by themselves, footnotes, and a bound of depth.

A formula is the lines from `$$` to `$$` or from `\[` to `\]`. Models put any lines between them, also such that would
be headings or items elsewhere, and now and then a blank one. A `$$` may also be a slip of the pen, so how far a formula
reaches is bounded; what turns out to be none is read as text. A footnote is an item whose marker is its number.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from desktop.rendering.markdown.inline import footnote_definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

    Rule = Callable[[StateBlock, int, int, bool], bool]

DEEPEST = 64
"""Quotes, lists and items inside each other; what would be deeper is shown as the text it is written with."""

NOTE_INDENT = 4
"""Columns by which the lines of a footnote after its first are indented."""

# In the environment of a reading: whether the text may go on, and by the number of the token that comes next, the
# columns by which the blocks of an item are indented.
IS_GROWING = "is_growing"
INDENTS = "indents"

_MOST_LINES = 100
_MOST_BLANK_LINES = 3
_LONGEST = 8_000

_CLOSINGS = {"$$": "$$", r"\[": r"\]"}
_OPENINGS = tuple(_CLOSINGS)

# Without one of these soon after it, `\[` is an escaped bracket, as in `\[see below\]`.
_SIGN_OF_MATHS = re.compile(r"[\\^_=+<>]")
_SOON = 30  # characters


@functools.cache
def block_parser() -> MarkdownIt:
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
    if INDENTS in state.env:
        state.env[INDENTS][len(state.tokens)] = state.blkIndent
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
    first = _line(state, start)
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
        text = _line(state, line)
        if line > start and text.startswith(_OPENINGS) and not text.startswith(closing):
            return False
        inner.append(text if line > start else text[2:])
        before, is_closed, after = inner[-1].partition(closing)
        letters += len(text)
        if is_closed:
            content = "\n".join([*inner[:-1], before])
            if after.strip() or not content.strip() or (opening != "$$" and not _SIGN_OF_MATHS.search(content)):
                return False
            if state.env[IS_GROWING] and state.eMarks[line] == len(state.src):
                break  # the line may go on
            if not silent:
                _push_maths(state, "maths", "\n".join(filter(None, content.split("\n"))).strip(), start, line + 1)
            return True
        if len(inner) > _MOST_LINES or inner.count("") > _MOST_BLANK_LINES or letters > _LONGEST:
            return False
    if not state.env[IS_GROWING] or state.eMarks[end - 1] < len(state.src) - 1:
        return False
    if not silent:
        _push_maths(state, "maths_begun", opening + "\n".join(inner), start, end)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _push_maths(state: StateBlock, kind: str, content: str, start: int, end: int) -> None:
    token = state.push(kind, "", 0)
    token.content, token.map = content, [start, end]
    state.line = end


def _read_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a note: its lines are blocks as those of an item are."""
    if state.is_code_block(start):
        return False
    found = footnote_definition(_line(state, start))
    if found is None or silent:
        return found is not None
    length, marker = found
    at = state.bMarks[start] + state.tShift[start]
    text = state.src[at + length : state.eMarks[start]]
    space = len(text) - len(text.lstrip(" \t"))
    token = state.push("footnote_open", "", 1)
    token.info, token.map = marker, [start, start + 1]
    changed = (state.bMarks, at + length), (state.tShift, space), (state.sCount, state.blkIndent + NOTE_INDENT)
    kept = [(values, values[start]) for values, _ in changed]
    indent, state.blkIndent = state.blkIndent, state.blkIndent + NOTE_INDENT
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
