"""The tab stops in reading order.

Qt walks in the order in which widgets were made, and a page that makes its messages as they become visible makes them
in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def tab_stops(parts: Iterable[QWidget | None]) -> list[QWidget]:
    """Return the widgets in these parts that the keyboard can reach now, one part after the other."""
    stops: list[QWidget] = []
    for part in parts:
        if part is not None and part.isVisible():
            stops += [each for each in (part, *part.findChildren(QWidget)) if _is_stop(each)]
    return stops


def step(part: QWidget, stops: Sequence[QWidget], *, forward: bool) -> bool:
    """Move the focus from one of the `stops` of `part` to the next, at their end to what stands beyond the part.

    Return False if it is on none of them.
    """
    focused = part.focusWidget()
    at = next((index for index, each in enumerate(stops) if each is focused), None)
    if at is None:
        return False
    at += 1 if forward else -1
    if not 0 <= at < len(stops):
        return _step_beyond(part, forward=forward)
    stops[at].setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def _step_beyond(part: QWidget, *, forward: bool) -> bool:
    """Move the focus as Qt would if nothing in `part` could be reached; return True if it moved.

    Not by walking along `nextInFocusChain`: PySide takes the widget that is asked for the owner of the one it returns,
    a scroll bar or the window itself, and makes that unusable as soon as the widget that was asked is deleted.
    """
    passed = [(each, each.focusPolicy()) for each in (part, *part.findChildren(QWidget)) if _is_stop(each)]
    for each, _ in passed:
        each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    try:
        return QWidget.focusNextPrevChild(part, forward)
    finally:
        for each, policy in passed:
            each.setFocusPolicy(policy)


def _is_stop(widget: QWidget) -> bool:
    reachable = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
    return reachable and widget.focusProxy() is None and widget.isVisible() and widget.isEnabled()


def leave_focus(going: QWidget, to: QWidget | None = None) -> None:
    """Have the keyboard out of a widget that is about to be hidden, and in another one if that is given."""
    focused = QApplication.focusWidget()
    if focused is None or not (focused is going or going.isAncestorOf(focused)):
        return
    if to is not None:
        to.setFocus()
    else:
        focused.clearFocus()
