"""The size of the pieces in which a text is read that is too long for the model."""

from __future__ import annotations

LONGEST_NOTE = 600  # tokens, about a page; what a piece says about one question is less
LEAST_ROOM = 256  # tokens of a piece
_TO_SPARE = 200  # tokens for the words around a piece, and an estimate that is a little off
_CERTAIN_SHARE = 0.85  # of the window: how many tokens a text has is an estimate, before the server has counted once


def room_of_piece(window: int, question: float) -> float:
    """Return the tokens of a piece beside which a question of so many fits, and the note on it.

    It is asked about by itself, without what was said before. Below 0 where the question alone is too long.
    """
    return _CERTAIN_SHARE * window - LONGEST_NOTE - _TO_SPARE - question
