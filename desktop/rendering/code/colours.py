"""The colours of one block of code, found where it is looked at, in small steps.

Lines are coloured in stretches. Near the end of one, a stretch goes on in the state that its highlighter is in. Far
from all of them a new one begins at a line where code usually starts afresh; should the lines above, once they are
read, lead to another state than that, its colours are thrown away. So the middle of a long block costs what its
beginning does, and reading it from the top gives the colours of the whole.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence

from desktop.rendering.code.highlight import LONGEST_LINE, CodeHighlighter, ColouredLine, is_loaded

_PIECE_LINES = 16
_PIECE_LETTERS = 1_500  # some milliseconds for the slowest lexers
_NEAR = 40  # lines that are rather read on than skipped
_LOOK_BACK = 60  # lines in which a place to begin is sought
_BLIND_START = 12  # lines above, where there is none


class _Stretch:
    """Colours of lines `start` to `end`."""

    def __init__(self, start: int, language: str) -> None:
        self.start = start
        self.colours: list[ColouredLine] = []
        self.highlighter = CodeHighlighter(language)
        self.is_cut = False  # its highlighter has read more than it holds

    @property
    def end(self) -> int:
        return self.start + len(self.colours)


class CodeColours:
    """Colours by the number of the line; which lines there are is said at each call."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stretches: list[_Stretch] = []
        self._is_loaded = False

    def can_be_found(self, patience: float) -> bool:
        """Return True once what knows the language is loaded; so many seconds are waited for it."""
        self._is_loaded = self._is_loaded or is_loaded(self.language, patience)
        return self._is_loaded

    def of(self, number: int) -> ColouredLine | None:
        """Return the colours of a line; None while they have not been looked for.

        The same object as long as they stay.
        """
        stretch = self._before(number)
        if stretch is None or number >= stretch.end:
            return None
        return stretch.colours[number - stretch.start]

    def find(self, lines: Sequence[str], first: int, end: int, until: float) -> bool:
        """Find the colours of the lines `first` to `end`, or of some until the thread's clock reaches `until`.

        At least one step is taken each time. False when lines are left.
        """
        number = first
        while number < end:
            stretch = self._before(number)
            if stretch is not None and number < stretch.end:
                number = stretch.end
                continue
            if stretch is None or stretch.is_cut or number - stretch.end > _NEAR:
                stretch = self._begin(lines, number)
            self._read_on(stretch, lines, end)
            if time.thread_time() > until and self.of(end - 1) is None:
                return False
        return True

    def cut(self, length: int) -> None:
        """Forget the lines from `length` on."""
        while self._stretches and self._stretches[-1].start >= length:
            self._stretches.pop()
        if self._stretches and self._stretches[-1].end > length:
            last = self._stretches[-1]
            del last.colours[length - last.start :]
            last.is_cut = True

    def _before(self, number: int) -> _Stretch | None:
        """Return the last stretch that begins at or above a line."""
        index = bisect_right(self._stretches, number, key=lambda each: each.start) - 1
        return self._stretches[index] if index >= 0 else None

    def _begin(self, lines: Sequence[str], number: int) -> _Stretch:
        above = self._before(number)
        start = max(_safe_start(lines, number), above.end if above is not None else 0)
        made = _Stretch(start, self.language)
        self._stretches.insert(bisect_right(self._stretches, start, key=lambda each: each.start), made)
        return made

    def _read_on(self, stretch: _Stretch, lines: Sequence[str], end: int) -> None:
        """Take one step: some lines more, up to the next stretch, which stays if it began in the right state."""
        index = self._stretches.index(stretch)
        following = self._stretches[index + 1] if index + 1 < len(self._stretches) else None
        stop = min(end, stretch.end + _PIECE_LINES, following.start if following is not None else end)
        letters = 0
        for number in range(stretch.end, stop):
            letters += len(lines[number]) if len(lines[number]) <= LONGEST_LINE else 0
            if letters > _PIECE_LETTERS:
                stop = max(number, stretch.end + 1)
                break
        stretch.colours += stretch.highlighter.append_lines(list(lines[stretch.end : stop]))
        if following is not None and stretch.end == following.start and not stretch.highlighter.is_at_start:
            self._stretches.remove(following)


def _safe_start(lines: Sequence[str], number: int) -> int:
    """Return a line at or above `number` where nothing is likely to be open: unindented, below an empty one."""
    if number <= _BLIND_START:
        return 0
    for at in range(number, max(1, number - _LOOK_BACK), -1):
        if not lines[at - 1].strip() and lines[at][:1].strip() and lines[at][0] not in ")]}":
            return at
    return number - _BLIND_START
