"""A rendered prompt for the preview: of very long texts only the two ends, and where each part is.

Pure text; painting it is `preview`.
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
    """A range of the shown text, `start` to `end` in characters; `field` is empty for what is not sent.

    That is, for example, the line over a message that names its role.
    """

    field: str
    start: int
    end: int
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words that the preview adds: `says` names a role, `left_out` how many characters are not shown."""

    says: Callable[[Role], str]
    left_out: Callable[[int], str]


def shown_prompt(prompt: RenderedPrompt, words: Words) -> tuple[str, list[Stretch]]:
    """Return the preview's text with its stretches, in order; those of one part follow without a gap."""
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
        """Add a line that names the role above a message."""
        if self._length:
            self._put("\n\n")
        self._mark("", self._words.says(role), is_quiet=True)
        self._put("\n")

    def between(self, gap: str, field: str) -> None:
        """Add line breaks; within a part they belong to it."""
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
