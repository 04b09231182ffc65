"""The list of conversations as it is fetched: in pieces whose size follows what the last one took."""

from __future__ import annotations

from desktop.runtime.conversation.shelf import next_piece


def test_pieces_grow_while_they_are_cheap_and_shrink_when_they_are_not() -> None:
    sizes = [250]
    while len(sizes) < 12:
        sizes.append(next_piece(sizes[-1], sizes[-1] * 2e-6))
    assert sizes[:4] == [250, 500, 1000, 2000]
    assert sizes[-1] == max(sizes) == 4000
    assert next_piece(4000, 0.08) == 1000
    assert next_piece(300, 5.0) == 250  # never so few that the list would not come to its end
    assert next_piece(250, 0.0) == 500
