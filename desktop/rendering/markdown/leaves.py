"""A whole Markdown text as leaves.

For a text that is complete; one that still grows is a `MarkdownDocument`, and what it comes to in the end is the same.
"""

from __future__ import annotations

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.text.leaves import Leaf


def parse(text: str) -> list[Leaf]:
    """Return the leaves of a Markdown text. `source` ranges are offsets in `normalize(text)`. Never raises."""
    document = MarkdownDocument()
    document.append(text)
    document.finish()
    return document.leaves
