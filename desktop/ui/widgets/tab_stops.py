"""Where Tab stops, in the order in which one reads.

Qt walks in the order in which widgets were made, and a page that makes its messages as they come into sight makes them
in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(parts: Iterable[QWidget | None]) -> list[QWidget]:
    """What of these parts the keyboard can reach now, one part after the other."""
    stops: list[QWidget] = []
    for part in parts:
        if part is not None and part.isVisible():
            stops += [each for each in (part, *part.findChildren(QWidget)) if _is_stop(each)]
    return stops


def step(part: QWidget, stops: Sequence[QWidget], *, forward: bool) -> bool:
    """Move the keyboard from one of the `stops` of `part` to the next, at their end to what stands beyond the part.

    False where it is on none of them.
    """
    focused = part.focusWidget()
    at = next((index for index, each in enumerate(stops) if each is focused), None)
    if at is None or focused is None:
        return False
    at += 1 if forward else -1
    wanted = stops[at] if 0 <= at < len(stops) else _beyond(part, focused, forward)
    if wanted is not None:
        wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return wanted is not None


def _beyond(part: QWidget, focused: QWidget, forward: bool) -> QWidget | None:
    """The stop of the window that Qt would come to if `part` were not there."""
    each = focused.nextInFocusChain() if forward else focused.previousInFocusChain()
    while each is not None and each is not focused:
        if _is_stop(each) and not part.isAncestorOf(each):
            return each
        each = each.nextInFocusChain() if forward else each.previousInFocusChain()
    return None


def _is_stop(widget: QWidget) -> bool:
    reachable = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
    return reachable and widget.focusProxy() is None and widget.isVisible() and widget.isEnabled()
