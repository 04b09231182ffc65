"""Styles of an OpenDocument file: which text is hidden, which paragraphs are titles, the labels of lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from desktop.readers.office.elements import number, parse_if_there, stream
from desktop.readers.office.numerals import BULLET, numeral
from desktop.readers.zip_package import Package

_MOST_ANCESTORS = 20
_LEVELS = 10


@dataclass(frozen=True, slots=True)
class _Level:
    """Level of a list: the form of its number (empty for a bullet) and what stands around it."""

    form: str
    before: str = ""
    behind: str = ""
    levels_shown: int = 1
    start: int = 1


@dataclass(slots=True)
class ListState:
    """List that is being read, with the counts of its levels."""

    style: str
    counts: list[int] = field(default_factory=lambda: [0] * _LEVELS)


class OdfStyles:
    """Styles of a file by their names."""

    def __init__(self, package: Package) -> None:
        self._parents: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._display_names: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, ListState] = {}
        self._last_of_style: dict[str, ListState] = {}
        self.headings = ListState("")
        styles = parse_if_there(package, "styles.xml")
        self.root = styles
        for each in styles if styles is not None else ():
            if each.tag in {"office:styles", "office:automatic-styles"}:
                self._collect(each)
        self._collect(stream(package, "content.xml", "office:automatic-styles", to_end=False))

    def is_hidden(self, style: str | None) -> bool:
        """Return True if what has the style is not shown: text, a sheet, a slide."""
        return any(name in self._hidden for name in self._ancestry(style))

    def is_title(self, style: str | None) -> bool:
        """Return True for the style of a document's title."""
        return any(self._display_names.get(name, name) == "Title" for name in self._ancestry(style))

    def open_list(self, element: Element, around: ListState | None) -> ListState:
        """Return the list that an element begins, or goes on with."""
        style = element.get("text:style-name") or (around.style if around else "")
        if around is not None:
            state = ListState(style, around.counts)
        elif (name := element.get("text:continue-list")) is not None and name in self._lists:
            state = self._lists[name]
        elif element.get("text:continue-numbering") == "true" and style in self._last_of_style:
            state = self._last_of_style[style]
        else:
            state = ListState(style)
        if around is None:
            self._lists[element.get("?:id", "")] = state
            self._last_of_style[style] = state
        return state

    def label(self, state: ListState, level: int, start: str | None) -> str:
        """Return what stands in front of the next item of a list, on a level from 1, with the gap behind it."""
        level = min(max(level, 1), _LEVELS)
        levels = self._levels.get(state.style, {})
        own = levels.get(level, _Level("" if state.style not in self._levels else "none"))
        before = state.counts[level - 1]
        state.counts[level - 1] = number(start, 1) if start else (before + 1 if before else own.start)
        state.counts[level:] = [0] * (_LEVELS - level)
        if not own.form:
            return f"{'  ' * (level - 1)}{BULLET} "
        if own.form == "none":
            return ""
        shown = []
        for each in range(max(level - own.levels_shown + 1, 1), level + 1):
            form = levels.get(each, own).form
            if form and form != "none":
                shown.append(numeral(state.counts[each - 1] or levels.get(each, own).start, form))
        return f"{own.before}{'.'.join(shown)}{own.behind} "

    def heading_label(self, level: int) -> str:
        """Return the number of the next heading of a level; empty if headings have none."""
        return self.label(self.headings, level, None) if "" in self._levels else ""

    def _ancestry(self, style: str | None) -> list[str]:
        found: list[str] = []
        while style and len(found) < _MOST_ANCESTORS:
            found.append(style)
            style = self._parents.get(style)
        return found

    def _collect(self, styles: Iterable[Element]) -> None:
        for each in styles:
            name = each.get("style:name", "")
            match each.tag:
                case "style:style":
                    self._parents[name] = each.get("style:parent-style-name", "")
                    self._display_names[name] = each.get("style:display-name", name)
                    if any(
                        properties.get("text:display") in {"none", "condition"}
                        or properties.get("table:display") == "false"
                        or properties.get("presentation:visibility") == "hidden"
                        for properties in each
                    ):
                        self._hidden.add(name)
                case "text:list-style" | "text:outline-style":
                    key = name if each.tag == "text:list-style" else ""
                    self._levels[key] = {number(level.get("text:level")): _level(level) for level in each}


def _level(described: Element) -> _Level:
    if not described.tag.endswith(("-number", "outline-level-style")):
        return _Level("")
    return _Level(
        form=described.get("style:num-format") or "none",
        before=described.get("style:num-prefix", ""),
        behind=described.get("style:num-suffix", ""),
        levels_shown=number(described.get("text:display-levels"), 1),
        start=number(described.get("text:start-value"), 1),
    )
