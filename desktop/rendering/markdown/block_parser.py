"""A parser of Markdown, line by line into leaves, with the blocks open in between: CommonMark's own way of parsing.

Each line is looked at once and costs what its containers cost, so a block may grow without end. The last line, while it
is not complete, is `growing_parser`'s business, inline text that of `inline`; which beginnings of lines mean what is in
`block_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.rendering.markdown import block_rules
from desktop.rendering.markdown.footnotes import footnote_definition
from desktop.rendering.markdown.growing_text import UnreadInline
from desktop.rendering.markdown.inline import References
from desktop.rendering.markdown.line_cursor import CODE_INDENT, LineCursor
from desktop.rendering.markdown.open_blocks import OpenBlock, OpenCode, OpenParagraph, OpenTable, ParagraphPart
from desktop.rendering.markdown.open_containers import BlockPosition, OpenContainers
from desktop.rendering.markdown.open_maths import LONGEST as LONGEST_MATHS
from desktop.rendering.markdown.open_maths import OpenMaths, opening_of_maths
from desktop.rendering.text.leaves import Leaf, LeafKind

# Quotes, lists and items together; what would be deeper is shown as the text it is written with. Nobody reads at such
# a depth, and each line costs what its depth costs.
DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Leaf with brackets that a later definition may make links: its index and the Markdown it was read from."""

    index: int
    raw: tuple[str, ...]


class BlockParser:
    """Parser that takes lines one after another; leaves that are final are collected by `drain`."""

    def __init__(self) -> None:
        self.references: References = {}
        self.unresolved: list[Unresolved] = []
        self._closed: list[Leaf] = []
        self._count = 0  # of all leaves closed so far
        self._containers = OpenContainers()
        self._block: OpenBlock | None = None
        self._start = 0  # of the current line in the source
        self._end = 0
        self._took_text = False  # the last line became text of a paragraph
        self._may_go_on = False  # the last line is not complete
        self._is_reading_again = False  # lines of what turned out to be no formula

    def feed(self, text: str, start: int) -> None:
        """Take a whole line without its line feed; it stands at `start` in the source."""
        self._start, self._end = start, start + len(text)
        self._took_text = False
        line = LineCursor(text)
        matched = self._containers.match(line)
        if isinstance(self._block, OpenMaths):
            if matched == len(self._containers) and self._block.add_line(line.content, self._end):
                self._block.lines.append((text, start))
                self._close_maths()
                return
            self._read_maths_as_text(self._block)
            self.feed(text, start)
            return
        if matched == len(self._containers) and self._goes_on(line):
            return
        self._open_blocks(line, matched)

    def drain(self) -> list[Leaf]:
        """Return the leaves closed since the last time."""
        closed, self._closed = self._closed, []
        return closed

    def finish(self) -> None:
        """Close what is open: the text is complete."""
        if isinstance(self._block, OpenMaths):
            self._read_maths_as_text(self._block)
        self._close_to(0)

    # Opening and closing

    def _goes_on(self, line: LineCursor) -> bool:
        """Give a line that is in all containers to the open block; True if it belongs to it without question."""
        block = self._block
        match block:
            case OpenCode(fence=None):
                if line.is_blank or line.indent >= CODE_INDENT:
                    block.add_line(line, self._end)
                    return True
                self._close_block()
                return False
            case OpenCode(fence=fence):
                if line.indent < CODE_INDENT and fence is not None and fence.is_closed_by(line.content):
                    block.place.end = self._end
                    self._close_block()
                else:
                    block.add_line(line, self._end)
                return True
            case _:
                if line.is_blank or (isinstance(block, OpenTable) and line.indent >= CODE_INDENT):
                    self._close_block()
                return line.is_blank

    def _open_blocks(self, line: LineCursor, matched: int) -> None:
        paragraph = self._block if isinstance(self._block, OpenParagraph) else None
        continued = paragraph if matched == len(self._containers) else None
        if continued is not None and line.indent < CODE_INDENT:
            if self._underlines(continued, line):
                return
            if self._block is None:  # it was definitions only
                paragraph = continued = None
        while not line.is_blank:
            if line.indent >= CODE_INDENT:
                if paragraph is not None:
                    break
                self._open_code(line, matched)
                return
            if self._starts_leaf(line, matched):
                return
            if not self._starts_container(line, matched, continued is not None):
                break
            matched = len(self._containers)
            paragraph = continued = None
        self._take_text(line, matched, paragraph)

    def _take_text(self, line: LineCursor, matched: int, paragraph: OpenParagraph | None) -> None:
        """Take a line that opens nothing, or nothing more: it is blank or it is text."""
        if line.is_blank:
            if matched < len(self._containers):
                self._close_to(matched)
            return
        # How a line goes on that looks like a formula's first decides whether it is one.
        self._took_text = not opening_of_maths(line.content) or len(line.content) > LONGEST_MATHS
        can_be_header = matched == len(self._containers) and line.indent < CODE_INDENT
        if paragraph is not None:
            paragraph.add_line(line.content, self._start, self._end, can_be_header)
            self._emit_parts(paragraph)
            return
        if matched < len(self._containers):
            self._close_to(matched)
        if isinstance(self._block, OpenTable):
            self._took_text = False
            if self._block.add_row(line.content, self._end):
                return
            self._close_block()
        self._containers.leave_list()
        fresh = OpenParagraph(self._place(), self.references)
        fresh.add_line(line.content, self._start, self._end, can_be_header=True)
        self._block = fresh
        self._emit_parts(fresh)

    def _underlines(self, paragraph: OpenParagraph, line: LineCursor) -> bool:
        """Make the paragraph a table or a heading, and return True, if the line says so."""
        text = line.content
        aligns = block_rules.table_aligns(paragraph.header, text)
        if aligns is not None:
            self._open_table(paragraph, aligns)
            return True
        level = block_rules.setext_level(text)
        if not level or paragraph.is_in_parts:
            return False
        if not paragraph.take_definitions():
            self._drop_block()
            return False
        paragraph.place.end = self._end
        self._close_paragraph(paragraph, LeafKind.HEADING, level)
        return True

    def _open_table(self, paragraph: OpenParagraph, aligns: tuple[str, ...]) -> None:
        header, start = paragraph.drop_last_line()
        place = paragraph.place
        if paragraph.raw:
            self._close_block()
            place = self._place()
        place.start, place.end = start, self._end
        table = OpenTable(place, aligns, self.references)
        table.add_row(header, self._end)
        self._block = table

    def _open_code(self, line: LineCursor, matched: int) -> None:
        self._close_to(matched)
        self._containers.leave_list()
        code = OpenCode(self._place(), None, CODE_INDENT)
        code.add_line(line, self._end)
        self._block = code

    def _starts_leaf(self, line: LineCursor, matched: int) -> bool:
        """Open or close at once a heading, fenced code or rule; True if the line is one."""
        text = line.content
        match text[:1]:
            case "#":
                heading = block_rules.atx_heading(text)
                if heading is None:
                    return False
                level, raw = heading
                self._close_to(matched)
                self._containers.leave_list()
                self._emit_heading(raw, level)
                return True
            case "`" | "~":
                fence = block_rules.opening_fence(text)
                if fence is None:
                    return False
                indent = line.indent
                self._close_to(matched)
                self._containers.leave_list()
                self._block = OpenCode(self._place(), fence, indent)
                return True
            case "*" | "-" | "_":
                if not block_rules.is_thematic_break(text):
                    return False
                self._close_to(matched)
                self._containers.leave_list()
                place = self._place()
                self._emit(Leaf(LeafKind.RULE, containers=place.containers, source=place.source))
                return True
            case "$" | "\\":
                return self._starts_maths(text, matched)
            case _:
                return False

    def _starts_maths(self, text: str, matched: int) -> bool:
        opening = opening_of_maths(text)
        if not opening or self._is_reading_again:
            return False
        if not OpenMaths(opening, BlockPosition((), 0, 0)).add_line(text, self._end):
            return False
        self._close_to(matched)
        self._containers.leave_list()
        maths = OpenMaths(opening, self._place())
        maths.add_line(text, self._end)
        self._block = maths
        self._close_maths()
        return True

    def _close_maths(self) -> None:
        """Make the open block a formula if its end has come. A line that is not complete may go on after it."""
        if isinstance(self._block, OpenMaths) and self._block.is_closed and not self._may_go_on:
            self._emit(self._block.formula())
            self._block = None

    def _read_maths_as_text(self, maths: OpenMaths) -> None:
        """Read what began like a formula and is none.

        Its first line is text, and the others are what they are elsewhere.
        """
        paragraph = OpenParagraph(maths.place, self.references)
        paragraph.add_line(maths.first_line, maths.place.start, maths.first_end, can_be_header=True)
        self._block = paragraph
        self._is_reading_again = True
        for text, start in maths.lines:
            self.feed(text, start)
        self._is_reading_again = False

    def _starts_container(self, line: LineCursor, matched: int, interrupts_paragraph: bool) -> bool:
        """Open a quote or an item; True if the line begins one."""
        if matched >= DEEPEST:
            return False
        if line.peek == ">":
            self._close_to(matched)
            self._containers.open_quote(line)
            return True
        if line.peek == "[" and (note := footnote_definition(line.content)):
            self._close_to(matched)
            self._containers.open_footnote(line, *note, self._start, self._end)
            return True
        marker = block_rules.list_marker(line.content, interrupts_paragraph)
        if marker is None:
            return False
        self._close_to(matched)
        self._containers.open_item(line, marker, self._start, self._end)
        return True

    def _close_to(self, depth: int) -> None:
        """Close the open block, and the containers beyond `depth`."""
        self._close_block()
        while len(self._containers) > depth:
            if place := self._containers.pop():
                self._emit(Leaf(LeafKind.PARAGRAPH, containers=place.containers, source=place.source))

    def _close_block(self) -> None:
        match self._block:
            case None:
                return
            case OpenParagraph() as paragraph:
                if paragraph.take_definitions():
                    self._close_paragraph(paragraph, LeafKind.PARAGRAPH, 0)
                else:
                    self._drop_block()
            case OpenCode() as code:
                self._emit(code.leaf(is_open=False))
            case OpenTable() as table:
                if any("[" in row for row in table.raw_rows):
                    self.unresolved.append(Unresolved(self._count, tuple(table.raw_rows)))
                self._emit(table.leaf())
        self._block = None

    def _close_paragraph(self, paragraph: OpenParagraph, kind: LeafKind, level: int) -> None:
        for part in paragraph.split_off(is_complete=True):
            self._emit_text(kind, part, level)
        self._emit_text(kind, paragraph.finish(), level)
        self._block = None

    def _drop_block(self) -> None:
        """Drop the open block, which was nothing to be seen."""
        self._containers.give_back_markers()
        self._block = None

    # Leaves

    def _place(self) -> BlockPosition:
        return self._containers.place(self._start, self._end)

    def _emit(self, leaf: Leaf) -> None:
        self._closed.append(leaf)
        self._count += 1

    def _emit_parts(self, paragraph: OpenParagraph) -> None:
        """Emit what has made the open paragraph longer than all measure."""
        for part in paragraph.split_off():
            self._emit_text(LeafKind.PARAGRAPH, part)

    def _emit_heading(self, raw: str, level: int) -> None:
        if not raw:
            place = self._place()
            self._emit(Leaf(LeafKind.HEADING, "", (), place.containers, level, source=place.source))
            return
        heading = OpenParagraph(self._place(), self.references)
        heading.add_line(raw, self._start, self._end, can_be_header=False)
        self._close_paragraph(heading, LeafKind.HEADING, level)

    def _emit_text(self, kind: LeafKind, part: ParagraphPart, level: int = 0) -> None:
        """Emit a text, which is read when it is looked at unless that has been done."""
        has_brackets = self._note_brackets(part.raw)
        place, inline = part.place, part.inline
        text = UnreadInline(part.raw, self.references) if inline is None else inline.text
        spans = inline.spans if inline is not None else ()
        settled = len(inline.text) if inline is not None and not has_brackets else 0
        source = (place.start, place.start) if part.joint is not None else place.source
        self._emit(Leaf(kind, text, spans, place.containers, level, source=source, settled=settled, joint=part.joint))

    def _note_brackets(self, raw: str) -> bool:
        """Return True if a definition may still make the leaf that is emitted next another text.

        Remembers that it may.
        """
        has_brackets = "[" in raw
        if has_brackets:
            self.unresolved.append(Unresolved(self._count, (raw,)))
        return has_brackets
