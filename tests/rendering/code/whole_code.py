"""The colours of a whole block of code, read in one go: what reading it line by line is held against."""

from __future__ import annotations

from desktop.rendering.code import highlight
from desktop.rendering.code.highlight import ColouredLine

_PATIENCE = 60.0  # seconds of CPU; no test has so much code


def highlight_lines(code: str, language: str) -> list[ColouredLine]:
    """Return the colours of each line, however long reading takes."""
    lines = code.split("\n")
    lexer = highlight._lexer_for(language)
    if lexer is None:
        return [[] for _ in lines]
    tokens = highlight._guarded(lexer.get_tokens_unprocessed(highlight._lexed(lines)), _PATIENCE)
    return highlight._by_lines(tokens, lines)
