"""The tags of thinking in plain text, of `resources/thinking_tags.toml`, and a finder of them.

What is made of them is `think_tags`; those that are only talked about are told by `orphans`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from desktop.core.converting import converted
from desktop.core.resources import table


@dataclass(frozen=True, slots=True)
class TagForm:
    """Form in which one family of models marks its thinking; see the table."""

    openings: tuple[str, ...]
    closings: tuple[str, ...]
    inner: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    is_prefilled: bool = False
    is_prose: bool = False
    is_common: bool = False
    is_repeated: bool = False


_TABLE = table("thinking_tags.toml")
_FORMS = converted(tuple[TagForm, ...], _TABLE["forms"], whole=True)
WRAPPERS = converted(Mapping[str, tuple[str, ...]], _TABLE["wrappers"], whole=True)  # type: ignore[type-abstract]

FORM_OF_OPENING = {tag: form for form in _FORMS for tag in form.openings}
FORM_OF_CLOSING = {tag: form for form in _FORMS for tag in form.closings}
# An opening tag in plain text, also one with attributes, has a right to the next closing one.
CLAIMS = {tag: form.closings[0] for tag, form in FORM_OF_OPENING.items()}
CLAIMS |= {tag.replace(">", " "): closing for tag, closing in CLAIMS.items() if re.fullmatch(r"<[\w:]+>", tag)}
_ORPHANS = tuple(tag for tag, form in FORM_OF_CLOSING.items() if form.is_prefilled)
# The opening was in the prompt: any of these closings may follow.
PREFILLED = TagForm((), _ORPHANS, inner=tuple(mark for form in _FORMS if form.is_prefilled for mark in form.inner))


class TagSet:
    """Set of tags, that finds whole ones, and the start of one at the end of a text."""

    def __init__(self, *tags: str) -> None:
        longest_first = sorted(tags, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)))
        self._beginnings = frozenset(tag[:length] for tag in tags for length in range(1, len(tag)))
        self._longest = len(longest_first[0])

    def could_become_tag(self, text: str, start: int) -> bool:
        """Return True if a tag may begin at `start` that goes on behind the end of `text`."""
        return len(text) - start < self._longest and text[start:] in self._beginnings

    def partial_start(self, text: str, start: int) -> int:
        """Return the index of a tag that may go on behind the end of `text`; the text's length where none does."""
        for index in range(max(start, len(text) - self._longest + 1), len(text)):
            if text[index:] in self._beginnings:
                return index
        return len(text)


tag_set = cache(TagSet)
# The tags with which a reply may begin. Wrappers that nobody writes by hand are dropped where no thinking came, too.
FIRST = TagSet(*FORM_OF_OPENING, *(tag for tag in WRAPPERS if "|" in tag), *_ORPHANS)
CONTENT = TagSet(*CLAIMS, *_ORPHANS)  # may show that what stands before or behind them is thinking
WRAPPER = TagSet(*WRAPPERS)
