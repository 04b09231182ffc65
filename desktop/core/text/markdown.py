"""Code in a text of Markdown: the block that is open at its end, and the text without code.

By the rules of CommonMark as far as they concern lists and quotes. Reading Markdown as a whole is done in `rendering`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What opens and closes a block of code.
FENCE = "`{3,}|~{3,}"
_FENCE_LINE = re.compile(
    rf"^[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{{1,3}}[.)])[ \t]+)?(?P<run>{FENCE})(?P<info>[^`\n]*)$", re.MULTILINE
)
_BLOCK = re.compile(rf"^[ \t]*({FENCE})[^`\n]*\n.*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`[^`\n]+`")


@dataclass(frozen=True, slots=True)
class Fence:
    """Line that opens or closes a block of code: its run of characters, and what stands behind, usually a language."""

    run: str
    info: str


def fence_of(line: str) -> Fence | None:
    """Return the fence that a line is; None if it is none."""
    found = _FENCE_LINE.match(line)
    return _fence(found) if found else None


def open_fence(text: str) -> Fence | None:
    """Return the fence of the block of code in which `text` ends; None if it ends in none."""
    opened: Fence | None = None
    if not _may_have_blocks(text):
        return None
    for fence in map(_fence, _FENCE_LINE.finditer(text)):
        if opened is None:
            opened = fence
        elif fence.run.startswith(opened.run) and not fence.info:
            opened = None
    return opened


def without_code_blocks(text: str) -> str:
    """Return a text without its blocks of code."""
    return _BLOCK.sub("", text) if _may_have_blocks(text) else text


def without_code(text: str) -> str:
    """Return a text without its blocks of code and what is marked as code in its lines."""
    return _INLINE.sub("", without_code_blocks(text)) if "`" in text else without_code_blocks(text)


def _may_have_blocks(text: str) -> bool:
    return "```" in text or "~~~" in text


def _fence(found: re.Match[str]) -> Fence:
    return Fence(found["run"], found["info"].strip())
