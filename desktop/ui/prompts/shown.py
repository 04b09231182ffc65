"""A rendered prompt as the preview shows it: of very long texts only the two ends, and where each part is.

Pure text; painting it is `prompt_preview`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.message import Role
from desktop.core.prompts.render import RenderedPrompt, SpanKind

# A text box lays out what it holds; a part beyond this many characters is shown by its two ends.
LONGEST_PART = 30_000
_HEAD, _TAIL = 2_000, 500
_QUIET = frozenset({SpanKind.HEADING, SpanKind.LABEL})


@dataclass(frozen=True, slots=True)
class Stretch:
    """`start` to `end` of the shown text, in characters; `field` is empty for what is not sent, as who says a turn."""

    field: str
    start: int
    end: int
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What the preview says of its own: `says` who says a turn, `left_out` how many characters are not shown."""

    says: Callable[[Role], str]
    left_out: Callable[[int], str]


def shown_prompt(prompt: RenderedPrompt, words: Words) -> tuple[str, list[Stretch]]:
    """The text for the preview with its stretches, in order; those of one part follow each other without a gap."""
    page = _Page(words)
    for role, text in prompt.turns:
        page.caption(role)
        page.add(prompt.examples_field, text, is_quiet=False)
    if prompt.turns:
        page.caption(Role.USER)
    at = 0
    for span in prompt.spans:
        page.between(prompt.text[at : span.start], span.field)
        page.add(span.field, prompt.text[span.start : span.end], is_quiet=span.kind in _QUIET)
        at = span.end
    return "".join(page.pieces), page.stretches


class _Page:
    """The shown text as it grows."""

    def __init__(self, words: Words) -> None:
        self.pieces: list[str] = []
        self.stretches: list[Stretch] = []
        self._words = words
        self._length = 0

    def caption(self, role: Role) -> None:
        """A line above a turn that says who says it."""
        if self._length:
            self._put("\n\n")
        self._mark("", self._words.says(role), is_quiet=True)
        self._put("\n")

    def between(self, gap: str, field: str) -> None:
        """Line breaks; within a part they belong to it."""
        if gap and self.stretches and self.stretches[-1].field == field:
            self._mark(field, gap, is_quiet=False)
        else:
            self._put(gap)

    def add(self, field: str, text: str, *, is_quiet: bool) -> None:
        if len(text) <= LONGEST_PART:
            self._mark(field, text, is_quiet)
            return
        self._mark(field, text[:_HEAD], is_quiet)
        self._mark(field, f"\n{self._words.left_out(len(text) - _HEAD - _TAIL)}\n", is_quiet=True)
        self._mark(field, text[-_TAIL:], is_quiet)

    def _mark(self, field: str, text: str, is_quiet: bool) -> None:
        last = self.stretches[-1] if self.stretches else None
        end = self._length + len(text)
        if last is not None and (last.field, last.is_quiet, last.end) == (field, is_quiet, self._length):
            self.stretches[-1] = Stretch(field, last.start, end, is_quiet)
        else:
            self.stretches.append(Stretch(field, self._length, end, is_quiet))
        self._put(text)

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self._length += len(text)
