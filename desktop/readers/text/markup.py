"""HTML taken apart into a tree, in a time that grows with its length alone, whatever it holds.

The standard library's parser looks for the end of each broken tag through all of the text, which takes minutes for some
files of 150 kB. Here no search is made twice for what is known not to come.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop.core.bounds import HTML_DEPTH

_NAME = re.compile(r"[^\s/>]+")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=>/]+)\s*(=\s*)?")
_UNQUOTED = re.compile(r"[^\s>]*")
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
_VOID_TAGS = "area base br col embed frame hr img input keygen link meta param source track wbr"
_VOID = frozenset(_VOID_TAGS.split())
# An element that ends what is open before it: the tags that it ends, up to the nearest of those behind.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "tr": (frozenset({"tr", "td", "th", "caption", "colgroup"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    **dict.fromkeys(
        ("thead", "tbody", "tfoot"), (frozenset({"tr", "td", "th", "thead", "tbody", "tfoot"}), frozenset({"table"}))
    ),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_BLOCK_TAGS = """
    address article aside blockquote center details dialog dir div dl fieldset figure footer form h1 h2 h3 h4 h5 h6
    header hr main menu nav ol p pre section summary table ul
"""
_ENDS_PARAGRAPH = frozenset(_BLOCK_TAGS.split())
# A text goes on in these after a paragraph that nobody ended.
_HOLDERS = frozenset({"td", "th", "table", "div", "body", "li", "blockquote", "section", "article"})


@dataclass(slots=True)
class Node:
    """Element of a page. Its children are elements and texts, in which the entities are resolved."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def every(self, tag: str) -> Iterator[Node]:
        """Yield the elements of a tag below this one, in order."""
        waiting = [each for each in reversed(self.children) if isinstance(each, Node)]
        while waiting:
            node = waiting.pop()
            if node.tag == tag:
                yield node
            waiting.extend(each for each in reversed(node.children) if isinstance(each, Node))

    @property
    def text(self) -> str:
        """All of the text below it."""
        said: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                said.append(each)
            else:
                waiting.extend(reversed(each.children))
        return "".join(said)


def tree(text: str) -> Node:
    """Return a page as a tree, with tags in small letters. Whatever is broken in it costs none of its text."""
    builder = _Builder()
    for kind, name, attributes in _tokens(text):
        match kind:
            case "text":
                builder.text(name)
            case "start":
                builder.start(name, attributes)
            case _:
                builder.end(name)
    return builder.root


def unescaped(text: str) -> str:
    """Return a text with its entities resolved."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number with thousands of digits
        return text


class _Builder:
    """Tree that grows with the tokens."""

    def __init__(self) -> None:
        self.root = Node("")
        self._open = [self.root]

    def text(self, text: str) -> None:
        self._open[-1].children.append(text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _ENDS:
            self._close(*_ENDS[name])
        elif name in _ENDS_PARAGRAPH:
            self._close(frozenset({"p"}), _HOLDERS)
        node = Node(name, attributes)
        self._open[-1].children.append(node)
        if name not in _VOID and len(self._open) < HTML_DEPTH:
            self._open.append(node)

    def end(self, name: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag == name:
                del self._open[index:]
                return
            # A cell is not ended by what was begun outside of its table.
            if self._open[index].tag == "table" and name not in {"body", "html"}:
                return

    def _close(self, tags: frozenset[str], until: frozenset[str]) -> None:
        """End the outermost open element of these tags that stands within the nearest of the others."""
        outermost = 0
        for index in range(len(self._open) - 1, 0, -1):
            tag = self._open[index].tag
            if tag in tags:
                outermost = index
            if tag in until:
                break
        if outermost:
            del self._open[outermost:]


def _tokens(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield ("text" | "start" | "end", text or name, attributes)."""
    position, length = 0, len(text)
    lasts = {mark: text.rfind(mark) for mark in ("<", ">", '"', "'")}
    nothing: dict[str, str] = {}
    while position < length:
        opening = text.find("<", position) if position <= lasts["<"] else -1
        if opening < 0:
            break
        if opening > position:
            yield "text", unescaped(text[position:opening]), nothing
        following = text[opening + 1 : opening + 2]
        if text.startswith("<!--", opening):
            end = text.find("-->", opening + 2)
            position = end + 3 if end >= 0 else length
        elif text.startswith("<![CDATA[", opening):
            end = text.find("]]>", opening)
            yield "text", text[opening + 9 : end if end >= 0 else length], nothing
            position = end + 3 if end >= 0 else length
        elif opening > lasts[">"] or not (following.isalpha() or following in {"!", "?", "/"}):
            yield "text", "<", nothing
            position = opening + 1
        elif following in {"!", "?"}:
            position = text.index(">", opening) + 1
        elif following == "/":
            position = text.index(">", opening) + 1
            yield "end", text[opening + 2 : position - 1].strip().lower(), nothing
        else:
            name = _NAME.match(text, opening + 1)
            assert name is not None
            attributes, position, is_closed = _attributes(text, name.end(), lasts)
            tag = name[0].lower()
            yield "start", tag, attributes
            if is_closed and tag not in _VOID:
                yield "end", tag, nothing
            elif tag in _RAW_END:
                end = found.start() if (found := _RAW_END[tag].search(text, position)) else length
                yield (
                    "text",
                    text[position:end] if tag in {"script", "style"} else unescaped(text[position:end]),
                    nothing,
                )
                position = end
    if position < length:
        yield "text", unescaped(text[position:]), nothing


def _attributes(text: str, position: int, lasts: dict[str, int]) -> tuple[dict[str, str], int, bool]:
    """Return the attributes of a tag, the position behind it, and True if it ends itself ("/>")."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position):
        position = match.end()
        value = ""
        if match[2]:
            quote = text[position : position + 1]
            if quote in {'"', "'"} and lasts[quote] > position:
                end = text.index(quote, position + 1)
                value, position = text[position + 1 : end], end + 1
            else:
                unquoted = _UNQUOTED.match(text, position)
                assert unquoted is not None
                value, position = unquoted[0], unquoted.end()
        found.setdefault(match[1].lower(), unescaped(value))
    end = text.find(">", position) if position <= lasts[">"] else -1
    if end < 0:
        return found, len(text), False
    return found, end + 1, text[end - 1] == "/"
