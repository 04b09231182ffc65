"""Styles and list numbers of a Word document: which paragraphs are headings, which text is hidden, what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from desktop.readers.office.elements import child, children, is_on, number, value
from desktop.readers.office.numerals import BULLET, numeral

_LEVELS = 9
_LAST_HEADING = 6
_MOST_ANCESTORS = 20  # of a style; a file may name a style as its own ancestor
_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|标题)\s*([1-9])$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"%([1-9])")


class Styles:
    """Styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        """Read the root of the part; None for a document without styles."""
        self._styles = {each.get("w:styleId", ""): each for each in children(root)}

    def level(self, properties: Element | None) -> int:
        """Return the level of a paragraph as a heading, 1 to 6; 0 for none."""
        outline = value(properties, "w:outlineLvl")
        if outline is not None:
            return _level(outline)
        for style in self._ancestry(value(properties, "w:pStyle")):
            outline = value(style, "w:pPr", "w:outlineLvl")
            if outline is not None:
                return _level(outline)
            name = value(style, "w:name") or ""
            if found := _HEADING_NAME.match(name):
                return min(int(found[1]), _LAST_HEADING)
            if name.lower() == "title":
                return 1
        return 0

    def is_hidden(self, style: str | None) -> bool:
        """Return True if the text of a style is hidden."""
        return any(is_on(each, "w:rPr", "w:vanish") for each in self._ancestry(style))

    def list_of(self, style: str | None) -> tuple[str | None, str | None, str]:
        """Return the list that a style puts its paragraphs in: its number, the level, the style that says so."""
        for each in self._ancestry(style):
            properties = child(each, "w:pPr", "w:numPr")
            if properties is not None:
                return value(properties, "w:numId"), value(properties, "w:ilvl"), each.get("w:styleId", "")
        return None, None, ""

    def _ancestry(self, style: str | None) -> list[Element]:
        found: list[Element] = []
        while style and style in self._styles and len(found) < _MOST_ANCESTORS:
            found.append(self._styles[style])
            style = value(found[-1], "w:basedOn")
        return found


@dataclass(slots=True)
class _Level:
    """Level of a list: the form of its numbers and the text around them, with %1 for the number of level 1."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    gap: str = " "
    style: str = ""
    is_legal: bool = False  # all numbers in digits
    restarts: bool = True


@dataclass(slots=True)
class _List:
    """List: its levels, and the counts so far of those that share them."""

    levels: list[_Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbers:
    """Numbers in front of the paragraphs of a document, counted as they come."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Read the root of the part; None for a document without lists."""
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._starts: dict[tuple[str, int], int] = {}  # (list, level) that begin anew, until they have
        if root is None:
            return
        kinds = {each.get("w:abstractNumId", ""): each for each in root if each.tag == "w:abstractNum"}
        counted: dict[str, list[int | None]] = {}
        instances = {each.get("w:numId", ""): each for each in root if each.tag == "w:num"}
        for name, instance in instances.items():
            kind = value(instance, "w:abstractNumId") or ""
            described = self._described(kinds.get(kind), kinds, instances)
            self._lists[name] = _List(_levels(described, instance), counted.setdefault(kind, [None] * _LEVELS))
            for override in instance:
                start = value(override, "w:startOverride")
                if start is not None:
                    self._starts[name, number(override.get("w:ilvl"))] = number(start, 1)

    def label(self, properties: Element | None) -> str:
        """Return what stands in front of the next paragraph, with the gap behind it; empty outside of lists."""
        name, level_number = value(properties, "w:numPr", "w:numId"), value(properties, "w:numPr", "w:ilvl")
        style = ""
        if name is None:
            name, of_style, style = self._styles.list_of(value(properties, "w:pStyle"))
            level_number = level_number or of_style
        found = self._lists.get(name or "")
        if found is None or name is None:
            return ""
        at = number(level_number, -1)
        if at < 0:
            at = next((index for index, each in enumerate(found.levels) if style and each.style == style), 0)
        at = min(at, _LEVELS - 1)
        self._count(name, found, at)
        level = found.levels[at]
        if level.form == "bullet":
            return f"{'  ' * at}{BULLET} "
        text = _PLACEHOLDER.sub(lambda match: self._written(found, level, int(match[1]) - 1), level.text)
        return text + level.gap if text.strip() else ""

    def _count(self, name: str, found: _List, at: int) -> None:
        start = self._starts.pop((name, at), None)
        before = found.counts[at]
        if start is not None:
            found.counts[at] = start
        else:
            found.counts[at] = found.levels[at].start if before is None else before + 1
        for deeper in range(at + 1, _LEVELS):
            if found.levels[deeper].restarts:
                found.counts[deeper] = None

    def _written(self, found: _List, level: _Level, at: int) -> str:
        count = found.counts[at]
        if count is None:  # of a level above that has no paragraph yet
            count = found.counts[at] = found.levels[at].start
        return numeral(count, "decimal" if level.is_legal else found.levels[at].form)

    def _described(
        self, kind: Element | None, kinds: dict[str, Element], instances: dict[str, Element]
    ) -> Element | None:
        """Return the description of a kind of list, which may be told by a style alone."""
        style = value(kind, "w:numStyleLink")
        if style is None:
            return kind
        name, _, _ = self._styles.list_of(style)
        return kinds.get(value(instances.get(name or ""), "w:abstractNumId") or "", kind)


def _level(outline: str) -> int:
    level = number(outline, 9) + 1
    return min(level, _LAST_HEADING) if 1 <= level <= _LEVELS else 0


def _levels(described: Element | None, instance: Element) -> list[_Level]:
    levels = [_Level() for _ in range(_LEVELS)]
    for each in children(described):
        if each.tag == "w:lvl":
            _describe(levels, number(each.get("w:ilvl")), each)
    for override in instance:
        own = child(override, "w:lvl")
        if own is not None:
            _describe(levels, number(override.get("w:ilvl")), own)
    return levels


def _describe(levels: list[_Level], at: int, described: Element) -> None:
    if not 0 <= at < _LEVELS:
        return
    gap = value(described, "w:suff") or "tab"
    levels[at] = _Level(
        form=value(described, "w:numFmt")
        or value(described, "mc:AlternateContent", "mc:Fallback", "w:numFmt")
        or "decimal",
        text=value(described, "w:lvlText") or "",
        start=number(value(described, "w:start"), 1),
        gap="" if gap == "nothing" else " ",
        style=value(described, "w:pStyle") or "",
        is_legal=is_on(described, "w:isLgl"),
        restarts=value(described, "w:lvlRestart") != "0",
    )
