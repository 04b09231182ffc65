"""Reads a whole Markdown text and gives its leaves.

Blocks by markdown-it-py, inline text by `inline`. Not for a text that is still growing: that is `markdown_document`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from desktop.rendering.inline import parse_inline
from desktop.rendering.invisible import show_invisible
from desktop.rendering.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Span, Table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINE_END = re.compile("\r\n?")


def normalize(text: str) -> str:
    """The text as leaves count it: lines end in a line feed, and no NUL."""
    return _LINE_END.sub("\n", text).replace("\0", "\ufffd")


def parse(text: str) -> list[Leaf]:
    """The leaves of a Markdown text. `source` ranges are offsets in `normalize(text)`. Never raises."""
    source = normalize(text)
    env: dict[str, Any] = {}
    tokens = _parser().parse(source, env)
    return _Walk(source, tokens, env).leaves


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"html": False, "maxNesting": 100, "tasklists": True})
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Walk:
    """Goes through block tokens with the stack of quotes and items around."""

    def __init__(self, source: str, tokens: list[Token], env: dict[str, Any]) -> None:
        self.leaves: list[Leaf] = []
        self._references = env.get("references")
        self._starts = [0] + [found.end() for found in re.finditer("\n", source)]
        self._ends = [start - 1 for start in self._starts[1:]] + [len(source)]
        self._containers: list[Container] = []
        self._lists: list[tuple[str, int]] = []  # the mark of an ordered list and its next number
        index = 0
        while index < len(tokens):
            index = self._step(tokens, index)

    def _step(self, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        match token.type:
            case "blockquote_open":
                self._containers.append(Container(ContainerKind.QUOTE))
            case "bullet_list_open":
                self._lists.append(("", 0))
            case "ordered_list_open":
                self._lists.append((token.markup, int(token.attrs.get("start", 1))))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._containers.append(Container(ContainerKind.ITEM, self._marker(token)))
            case "blockquote_close" | "list_item_close":
                if self._containers.pop().marker:
                    pass
            case "paragraph_open":
                self._add_text(LeafKind.PARAGRAPH, tokens[index + 1].content, token)
            case "heading_open":
                self._add_text(LeafKind.HEADING, tokens[index + 1].content, token, level=int(token.tag[1]))
            case "fence" | "code_block":
                words = token.info.split()
                code = show_invisible(token.content.removesuffix("\n"))
                self._add(LeafKind.CODE, token, text=code, language=words[0] if words else "")
            case "hr":
                self._add(LeafKind.RULE, token)
            case "table_open":
                return self._add_table(tokens, index)
            case _:
                pass
        if token.type == "list_item_open" and tokens[index + 1].type == "list_item_close":
            first = token.map[0] if token.map else 0
            self._append(Leaf(LeafKind.PARAGRAPH, source=(self._starts[first], self._ends[first])))
        return index + 1

    def _marker(self, token: Token) -> str:
        mark, number = self._lists[-1]
        self._lists[-1] = (mark, number + 1)
        marker = f"{number}{mark}" if mark else "•"
        if "checked" in token.meta:
            box = "☑" if token.meta["checked"] else "☐"
            return f"{marker} {box}" if mark else box
        return marker

    def _add_text(self, kind: LeafKind, content: str, token: Token, level: int = 0) -> None:
        inline = parse_inline(content, self._references)
        self._add(kind, token, text=inline.text, spans=inline.spans, level=level)

    def _add_table(self, tokens: list[Token], index: int) -> int:
        opening = tokens[index]
        aligns: list[str] = []
        rows: list[tuple[Cell, ...]] = []
        row: list[Cell] = []
        while (token := tokens[index]).type != "table_close":
            if token.type == "th_open":
                aligns.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
            elif token.type == "inline":
                inline = parse_inline(token.content, self._references)
                row.append(Cell(inline.text, inline.spans))
            elif token.type == "tr_close":
                rows.append(tuple(row))
                row = []
            index += 1
        self._add(LeafKind.TABLE, opening, table=Table(tuple(aligns), tuple(rows)))
        return index + 1

    def _add(
        self,
        kind: LeafKind,
        token: Token,
        *,
        text: str = "",
        spans: tuple[Span, ...] = (),
        level: int = 0,
        language: str = "",
        table: Table | None = None,
    ) -> None:
        first, last = token.map or (0, 1)
        last = min(last, len(self._ends))
        source = (self._starts[first], self._ends[max(last - 1, first)])
        self._append(Leaf(kind, text, spans, (), level, language, table, source, len(text)))

    def _append(self, leaf: Leaf) -> None:
        containers = tuple(self._containers)
        self.leaves.append(
            Leaf(
                leaf.kind,
                leaf.text,
                leaf.spans,
                containers,
                leaf.level,
                leaf.language,
                leaf.table,
                leaf.source,
                leaf.settled,
            )
        )
        self._containers = [Container(each.kind) if each.marker else each for each in self._containers]
