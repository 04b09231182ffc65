"""The text of one paragraph, heading or table cell in Markdown, as plain text with styled spans.

Wraps markdown-it-py's inline rules: no HTML, no images loaded, only safe links, bare web addresses made links, formulas
with their delimiters. What markdown-it cannot read in a bounded time is shown as it stands. Knows nothing of blocks.

Dollars are also money and variables of a shell, and `\\[` may escape a bracket, so what stands between must look like
a formula where the delimiters alone do not tell. The number of a footnote looks the same whether its note has come or
not; a label that is a word stays as it is written: it may as well be a regular expression. A note stays where it is
written, as an item whose marker is its number.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.rendering.markdown.links import safe_href
from desktop.rendering.text.leaves import Span, Style
from desktop.rendering.text.letters import show_invisible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


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


def _is_half_written(text: str, start: int) -> bool:
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


_DEFINITION = re.compile(r"\[\^([^\]\s]{1,40})\]:(?=[ \t]|$)")
_REFERENCE = re.compile(r"\[\^([0-9]{1,4})\](?!\()")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def footnote_definition(text: str) -> tuple[int, str] | None:
    """Return the length of what marks a note at the beginning of this text, and how the mark is shown."""
    found = _DEFINITION.match(text)
    if found is None:
        return None
    label = found.group(1)
    is_number = label.isascii() and label.isdecimal()
    return found.end(), label.translate(_RAISED) if is_number else f"[^{show_invisible(label)}]"


def _footnote_reference(text: str, start: int) -> tuple[int, str] | None:
    """Return the end of the reference to a note that begins at `start`, and how it is shown."""
    found = _REFERENCE.match(text, start)
    return None if found is None else (found.end(), found.group(1).translate(_RAISED))


# What is longer or has more of these is shown as it is written. A bracket that is never closed costs a twentieth of a
# millisecond, a marker a hundredth; with these bounds the worst found stays in tens of milliseconds.
_LONGEST = 50_000
_PART = 1_500  # characters of a list of sources whose brackets would take too long together
_MOST_BRACKETS = 200
_MOST_OPEN_BRACKETS = 30
_MOST_MARKERS = 1_200

# How much of an address that may not be clicked is shown beside its text.
_SHOWN_ADDRESS = 200

# Letters of the address only: what follows an address in Chinese or in a quotation is not part of it, and a host that
# only looks Latin is never made a link by itself.
_BARE_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9@/._%+-])(?:"
    r"(?:https?://[A-Za-z0-9\[]|mailto:[A-Za-z0-9]|www\.[A-Za-z0-9])[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*"
    r"|[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z][A-Za-z0-9-]{0,62}(?![A-Za-z0-9@_-]|:\S))",
    re.IGNORECASE,
)
_HAS_ADDRESS = re.compile(r"://|mailto:|www\.|@", re.IGNORECASE)
_TRAILING = frozenset("?!.,:;*_~'\"")
_CLOSERS = {")": "(", "]": "["}

References = MutableMapping[str, Any]
"""Link definitions by their normalised label, as markdown-it keeps them in `env["references"]`."""


@dataclass(frozen=True, slots=True)
class InlineText:
    """Text with styled spans. `spans` are in order, do not overlap, and leave out what is plain."""

    text: str
    spans: tuple[Span, ...] = ()


def parse_inline(source: str, references: References | None = None, *, is_growing: bool = False) -> InlineText:
    """Return the inline Markdown in `source`, whose lines are separated by a line feed. Never raises.

    With `is_growing`, a formula without its end is left as it stands: it is being written.
    """
    tokens = _tokens(source, references, is_growing=is_growing)
    if tokens is None:
        parts = _by_lines(source) if len(source) <= _LONGEST and _MARKUP.search(source) else []
        if len(parts) > 1:
            return _joined([parse_inline(part, references, is_growing=is_growing) for part in parts])
        return InlineText(as_written(source))
    builder = _Builder()
    builder.add_all(tokens)
    return builder.finish()


def _by_lines(source: str) -> list[str]:
    """Return a text in parts of whole lines, as many in each as are read at once while it grows."""
    parts: list[str] = []
    for line in source.split("\n"):
        if parts and len(parts[-1]) + len(line) < _PART:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts


def _joined(parts: list[InlineText]) -> InlineText:
    """Return texts below each other as one."""
    text, spans = "", list[Span]()
    for part in parts:
        start = len(text) + 1 if text else 0
        spans += [replace(each, start=each.start + start, end=each.end + start) for each in part.spans]
        text = f"{text}\n{part.text}" if text else part.text
    return InlineText(text, tuple(spans))


def as_written(source: str) -> str:
    """Return what is shown of Markdown that nothing is read from: all of it, without white space around line breaks."""
    return _LINE_BREAK.sub("\n", source)


def _tokens(source: str, references: References | None = None, *, is_growing: bool = False) -> list[Token] | None:
    """Return what markdown-it reads in a text; None where nothing is to be read, or that would take too long."""
    if not _MARKUP.search(source) or len(source) > _LONGEST or _has_too_many_brackets(source):
        return None
    if sum(map(source.count, "*_~$<")) > _MOST_MARKERS:
        return None
    env: dict[str, Any] = {"references": references} if references else {}
    env[_IS_GROWING] = is_growing
    parser = _parser()
    try:
        return parser.inline.parse(source, parser, env, [])
    except RecursionError:  # hundreds of images inside each other
        return None


_IS_GROWING = "is_growing"  # in the environment of markdown-it's rules


def _has_too_many_brackets(source: str) -> bool:
    count = source.count("[")
    return count > _MOST_OPEN_BRACKETS and (count > _MOST_BRACKETS or count - source.count("]") > _MOST_OPEN_BRACKETS)


_MARKUP = re.compile(r"[*_~`\[\]<&\\!$@]|://|mailto:|www\.", re.IGNORECASE)

# A line break with what Markdown drops around it. The run of spaces is entered at its beginning only, so that a text of
# spaces costs no more than another.
_LINE_BREAK = re.compile(r"(?:(?<! ) +)?\n[ \t]*")


@functools.cache
def _parser() -> MarkdownIt:
    """Return the inline rules.

    What an address may be is decided in `links`, so markdown-it passes each on as written.
    """
    from markdown_it import MarkdownIt

    class _Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:
            return url

        def normalizeLinkText(self, link: str) -> str:
            return link

        def validateLink(self, url: str) -> bool:
            return True

    parser = _Parser("js-default", {"html": False, "linkify": False, "typographer": False, "maxNesting": 60})
    parser.inline.ruler.before("escape", "formula", _read_formula)
    parser.inline.ruler.before("link", "footnote", _read_footnote)
    return parser


def _read_formula(state: StateInline, silent: bool) -> bool:
    """Read a formula, as a rule of markdown-it: it is one token, so that nothing inside it is emphasis or a link."""
    if state.src[state.pos] not in "$\\":
        return False
    end = formula_end(state.src, state.pos)
    if end is None and state.env.get(_IS_GROWING) and _is_half_written(state.src, state.pos):
        if not silent:
            state.push("text", "", 0).content = as_written(state.src[state.pos : state.posMax])
        state.pos = state.posMax
        return True
    if end is None or end > state.posMax:
        return False
    if not silent:
        state.push("formula", "math", 0).content = state.src[state.pos : end].replace("\n", " ")
    state.pos = end
    return True


def _read_footnote(state: StateInline, silent: bool) -> bool:
    """Read the number of a note, as a rule of markdown-it."""
    found = _footnote_reference(state.src, state.pos) if state.src[state.pos] == "[" else None
    if found is None or found[0] > state.posMax:
        return False
    if not silent:
        state.push("footnote", "", 0).content = found[1]
    state.pos = found[0]
    return True


def _bare_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield web and mail addresses written without any markup: start, end, and the address that may be clicked."""
    if not _HAS_ADDRESS.search(text):
        return
    for found in _BARE_ADDRESS.finditer(text):
        address = _without_trailing(found.group())
        if href := safe_href(_with_scheme(address)):
            yield found.start(), found.start() + len(address), href


def _with_scheme(address: str) -> str:
    """Return the address as GitHub reads what is written without a scheme."""
    match address[:8].lower():
        case start if start.startswith("www."):
            # A host of one name only is no place.
            return f"http://{address}" if "." in address[4:] else ""
        case start if start.startswith(("http:", "https:", "mailto:")):
            return address
        case _:
            return f"mailto:{address}"


def _without_trailing(address: str) -> str:
    """Return the address without the punctuation of the sentence around it, and without a bracket opened before it."""
    while address:
        last = address[-1]
        if last in _TRAILING or (last in _CLOSERS and address.count(last) > address.count(_CLOSERS[last])):
            address = address[:-1]
        else:
            break
    return address


_ALT = ("text", "text_special", "formula")
_BREAKS = ("softbreak", "hardbreak")


def _placeholder(token: Token) -> str:
    """Return what stands for an image: it is never loaded, since asking for it would tell its host what was said."""
    alt = _alternative(token)
    address = str(token.attrs.get("src", ""))
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    inner = " – ".join(show_invisible(part.strip()[:_SHOWN_ADDRESS]) for part in (alt, host) if part.strip())
    return f"[image: {inner}]" if inner else "[image]"


def _alternative(token: Token) -> str:
    """Return the plain text of an image with that of images inside it, no deeper than markdown-it could read."""
    pieces = (
        _alternative(child) if child.type == "image" else " " if child.type in _BREAKS else child.content
        for child in token.children or ()
        if child.type in (*_ALT, *_BREAKS, "image")
    )
    return "".join(pieces)


class _Builder:
    """Text and spans, gathered from inline tokens. A run of one style is collected before addresses are sought."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._run: list[str] = []
        self._style = Style.PLAIN
        self._depths = {Style.BOLD: 0, Style.ITALIC: 0, Style.STRIKE: 0}
        self._links: list[tuple[str, str, int]] = []  # clickable address, address as written, where its text began
        # A line break is shown when something follows it. Its style is the one around it: a link over two lines is one.
        self._break: tuple[Style, str] | None = None

    def add_all(self, tokens: list[Token]) -> None:
        for token in tokens:
            self._add(token)

    def finish(self) -> InlineText:
        self._end_run()
        return InlineText("".join(self._text), tuple(self._spans))

    def _add(self, token: Token) -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self._end_run()
                self._break = (self._style, self._href())
            case "code_inline":
                self._end_run()
                self._emit(show_invisible(token.content), self._style | Style.CODE, self._href())
            case "formula":
                self._end_run()
                self._emit(show_invisible(token.content), self._style | Style.FORMULA, self._href())
            case "footnote":
                self._end_run()
                self._emit(token.content, self._style | Style.NOTE, self._href())
            case "image":
                self._end_run()
                self._emit(_placeholder(token), self._style | Style.IMAGE, self._href())
            case "link_open":
                self._end_run()
                address = str(token.attrs.get("href", ""))
                self._links.append((safe_href(address), address, self._length))
                self._restyle()
            case "link_close":
                self._end_run()
                self._close_link()
            case "strong_open" | "em_open" | "s_open" | "strong_close" | "em_close" | "s_close":
                self._end_run()
                self._depths[_EMPHASIS[token.tag]] += token.nesting
                self._restyle()
            case _:
                self._run.append(token.content)

    def _href(self) -> str:
        return self._links[-1][0] if self._links else ""

    def _restyle(self) -> None:
        style = Style.LINK if self._href() else Style.PLAIN
        for each, depth in self._depths.items():
            if depth > 0:
                style |= each
        self._style = style

    def _close_link(self) -> None:
        href, address, start = self._links[-1]
        shown = "".join(self._text)[start:]
        if not shown:
            self._emit(show_invisible(href or address)[:_SHOWN_ADDRESS], self._style, href)
        elif not href and address and not address.startswith("#") and address != shown:
            self._emit(f" ({show_invisible(address[:_SHOWN_ADDRESS])})", self._style, "")
        self._links.pop()
        self._restyle()

    def _end_run(self) -> None:
        if not self._run:
            return
        run = "".join(self._run)
        self._run.clear()
        if self._links:
            self._emit(show_invisible(run), self._style, self._href())
            return
        position = 0
        for start, end, href in _bare_addresses(run):
            self._emit(run[position:start], self._style, "")
            self._emit(run[start:end], self._style | Style.LINK, href)
            position = end
        self._emit(run[position:], self._style, "")

    def _emit(self, text: str, style: Style, href: str) -> None:
        if not text:
            return
        if self._break is not None:
            around, self._break = self._break, None
            if self._text:
                self._emit("\n", *around)
        end = self._length + len(text)
        if style:
            last = self._spans[-1] if self._spans and not style & Style.FORMULA else None  # each formula is a span
            if last is not None and last.end == self._length and last.style == style and last.href == href:
                self._spans[-1] = Span(last.start, end, style, href)
            else:
                self._spans.append(Span(self._length, end, style, href))
        self._text.append(text)
        self._length = end


_EMPHASIS = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}
