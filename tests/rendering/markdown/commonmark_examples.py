"""The examples of the CommonMark specification, and their HTML read as what a page shows of it.

The specification may not be copied into this project, so its examples are read from a Debian package that carries them
(`packaging/system.py` installs it for the tests).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from desktop.rendering.markdown.links import safe_href
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.leaves import ContainerKind, Leaf, Style

EXAMPLES = Path("/usr/share/gocode/src/github.com/yuin/goldmark/_test/spec.json")
VERSION = "0.31.2"
_DIGEST = "d431b29d97b6f73e69d547109cf5081578fac931e72afe95639ebe766c1b2a20"


@dataclass(frozen=True, slots=True)
class Example:
    number: int
    markdown: str
    html: str


def read_examples() -> list[Example]:
    """All examples, or none if the package is of another version of the specification."""
    raw = EXAMPLES.read_bytes()
    if hashlib.sha256(raw).hexdigest() != _DIGEST:
        return []
    return [Example(each["example"], each["markdown"], each["html"]) for each in json.loads(raw)]


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look."""

    text: str
    style: Style
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as a reader sees it; `around` has ">" for a quote, and for an item its marker or nothing."""

    around: tuple[str, ...]
    kind: str
    runs: tuple[Run, ...]


def shown_of(leaves: list[Leaf]) -> list[Shown]:
    """What our parser makes of a text. Whether a number ends in a full stop or a bracket, HTML does not say."""
    shown = []
    for leaf in leaves:
        around = tuple(
            ">" if each.kind is ContainerKind.QUOTE else each.marker.replace(")", ".") for each in leaf.containers
        )
        kind = leaf.kind.value + (str(leaf.level) if leaf.level else "") + leaf.language
        runs = _Runs()
        position = 0
        for span in leaf.spans:
            runs.add(leaf.text[position : span.start], Style.PLAIN, "")
            runs.add(leaf.text[span.start : span.end], span.style, span.href)
            position = span.end
        runs.add(leaf.text[position:], Style.PLAIN, "")
        shown.append(Shown(around, kind, runs.joined()))
    return shown


def shown_of_html(html: str, breaks_lines: bool = False) -> list[Shown]:
    """Return what a page shows of the specification's HTML, by our rules for links, images and addresses.

    With `breaks_lines` a line break in its text is one on the page, too, and no space.
    """
    reader = _Reader(breaks_lines)
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.shown


class _Runs:
    """Gathers runs; neighbours of one look are one."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def add(self, text: str, style: Style, href: str) -> None:
        text = unquote(text)
        if not text:
            return
        last = self._runs[-1] if self._runs else None
        if last is not None and (last.style, last.href) == (style, unquote(href)):
            self._runs[-1] = Run(last.text + text, style, last.href)
        else:
            self._runs.append(Run(text, style, unquote(href)))

    @property
    def text(self) -> str:
        return "".join(run.text for run in self._runs)

    def joined(self) -> tuple[Run, ...]:
        return tuple(self._runs)


_STYLES = {"em": Style.ITALIC, "strong": Style.BOLD, "code": Style.CODE}
_TEXT_BLOCKS = {"p": "paragraph", **{f"h{level}": f"heading{level}" for level in range(1, 7)}}


class _Reader(HTMLParser):
    def __init__(self, breaks_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._line_break = "\n" if breaks_lines else " "
        self.shown: list[Shown] = []
        self._around: list[str] = []
        self._numbers: list[int | None] = []  # of the next item of each open list
        self._kind = ""  # of the open block; text without one is that of a tight item
        self._runs = _Runs()
        self._styles: list[Style] = []
        self._links: list[tuple[str, int]] = []
        self._is_after_break = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        match tag:
            case "blockquote":
                self.end_block()
                self._around.append(">")
            case "ul" | "ol":
                self.end_block()
                self._numbers.append(int(attributes.get("start", "1")) if tag == "ol" else None)
            case "li":
                number = self._numbers[-1]
                self._around.append("•" if number is None else f"{number}.")
                if number is not None:
                    self._numbers[-1] = number + 1
            case "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.end_block()
                self._kind = _TEXT_BLOCKS[tag]
            case "pre":
                self.end_block()
                self._kind = "code"
            case "code" if self._kind.startswith("code"):
                self._kind += attributes.get("class", "").removeprefix("language-")
            case "hr":
                self.end_block()
                self._append("rule", ())
            case "br":
                self._add("\n")
                self._is_after_break = True
            case "img":
                self._add(_placeholder(attributes), Style.IMAGE)
            case "a":
                self._links.append((attributes.get("href", ""), len(self._runs.text)))
            case "em" | "strong" | "code":
                self._styles.append(_STYLES[tag])
            case _:
                raise ValueError(f"raw HTML: {tag}")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "blockquote":
                self.end_block()
                self._around.pop()
            case "ul" | "ol":
                self._numbers.pop()
            case "li":
                self.end_block()
                if self._around[-1]:
                    self._append("paragraph", ())
                self._around.pop()
            case "code" if self._kind.startswith("code"):
                pass
            case "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre":
                self.end_block(is_whole=True)
            case "a":
                self._end_link()
            case "em" | "strong" | "code":
                self._styles.pop()
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if not self._kind and not data.strip() and not self._runs.text:
            return  # between blocks
        if self._is_after_break:
            data = data.removeprefix("\n")
            self._is_after_break = False
        if not self._kind.startswith("code"):
            data = (data if self._runs.text else data.lstrip("\n")).replace("\n", self._line_break)
        self._add(data)

    def handle_comment(self, data: str) -> None:
        raise ValueError("raw HTML: a comment")

    handle_pi = handle_decl = unknown_decl = handle_comment

    def end_block(self, is_whole: bool = False) -> None:
        """The block ends here; the text of a tight item is one that has no tag of its own."""
        runs = self._runs.joined()
        if runs and self._kind.startswith("code"):
            runs = (Run(runs[0].text.removesuffix("\n"), Style.PLAIN, ""),) if runs[0].text != "\n" else ()
        elif runs and not self._kind:
            last = runs[-1]
            runs = (*runs[:-1], Run(last.text.rstrip(" \n"), last.style, last.href))
        if runs or is_whole:
            self._append(self._kind or "paragraph", runs)
        self._kind, self._runs = "", _Runs()

    def _append(self, kind: str, runs: tuple[Run, ...]) -> None:
        self.shown.append(Shown(tuple(self._around), kind, runs))
        self._around = [each if each == ">" else "" for each in self._around]

    def _add(self, text: str, more: Style = Style.PLAIN) -> None:
        if self._kind.startswith("code"):
            self._runs.add(text, Style.PLAIN, "")
            return
        style = more
        for each in self._styles:
            style |= each
        href = safe_href(self._links[-1][0]) if self._links else ""
        self._runs.add(show_invisible(text) if href else text, style | Style.LINK if href else style, href)

    def _end_link(self) -> None:
        """An address that may not be clicked stands beside its text; one without text stands for it."""
        if not self._links:
            raise ValueError("raw HTML: a tag is closed that was never opened")
        address, start = self._links[-1]
        shown = self._runs.text[start:]
        if not shown:
            self._add(address)
        href = safe_href(address)
        self._links.pop()
        if shown and not href and address and not address.startswith("#") and unquote(address) != shown:
            self._add(f" ({address})")


def _placeholder(attributes: dict[str, str]) -> str:
    host = urlsplit(attributes.get("src", "")).hostname or ""
    inner = " – ".join(part for part in (attributes.get("alt", ""), host) if part)
    return f"[image: {inner}]" if inner else "[image]"
