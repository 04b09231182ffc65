"""The leaves of a Markdown text by markdown-it-py's block rules: what our own block parser is compared with."""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from desktop.rendering.markdown.document import normalize
from desktop.rendering.markdown.growing_text import read_text
from desktop.rendering.markdown.inline import parse_inline
from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Table


class _Parser(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


def parse_by_markdown_it(text: str) -> list[Leaf]:
    source = normalize(text)
    parser = _Parser("js-default", {"html": False, "maxNesting": 200, "tasklists": True})
    parser.core.ruler.enableOnly(["normalize", "block"])
    env: dict[str, Any] = {}
    tokens = parser.parse(source, env)
    return _Walk(source, tokens, env.get("references", {})).leaves


class _Walk:
    def __init__(self, source: str, tokens: list[Token], references: dict[str, Any]) -> None:
        self.leaves: list[Leaf] = []
        self._references = references
        self._starts = [0] + [found.end() for found in re.finditer("\n", source)]
        self._ends = [start - 1 for start in self._starts[1:]] + [len(source)]
        self._containers: list[Container] = []
        self._lists: list[tuple[str, int]] = []
        self._item_lines: list[int] = []
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
                self._item_lines.append(token.map[0] if token.map else 0)
            case "list_item_close":
                line = self._item_lines.pop()
                if self._containers[-1].marker:
                    self._append(LeafKind.PARAGRAPH, source=(self._starts[line], self._ends[line]))
                self._containers.pop()
            case "blockquote_close":
                self._containers.pop()
            case "paragraph_open":
                inline = read_text(tokens[index + 1].content, self._references)
                self._append(LeafKind.PARAGRAPH, token, text=inline.text, spans=inline.spans)
            case "heading_open":
                inline = read_text(tokens[index + 1].content, self._references)
                self._append(LeafKind.HEADING, token, text=inline.text, spans=inline.spans, level=int(token.tag[1]))
            case "fence" | "code_block":
                words = token.info.split()
                code = token.content.removesuffix("\n")
                self._append(LeafKind.CODE, token, text=code, language=words[0] if words else "")
            case "hr":
                self._append(LeafKind.RULE, token)
            case "table_open":
                return self._add_table(tokens, index)
            case _:
                pass
        return index + 1

    def _marker(self, token: Token) -> str:
        mark, number = self._lists[-1]
        self._lists[-1] = (mark, number + 1)
        marker = f"{number}{mark}" if mark else "•"
        if "checked" in token.meta:
            box = "☑" if token.meta["checked"] else "☐"
            return f"{marker} {box}" if mark else box
        return marker

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
        self._append(LeafKind.TABLE, opening, table=Table(tuple(aligns), tuple(rows)))
        return index + 1

    def _append(
        self, kind: LeafKind, token: Token | None = None, source: tuple[int, int] = (0, 0), **fields: Any
    ) -> None:
        if token is not None:
            first, last = token.map or [0, 1]
            last = min(last, len(self._ends))
            source = (self._starts[first], self._ends[max(last - 1, first)])
        self.leaves.append(Leaf(kind, containers=tuple(self._containers), source=source, **fields))
        self._containers = [Container(each.kind) for each in self._containers]
