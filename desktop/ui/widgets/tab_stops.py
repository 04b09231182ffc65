"""The tab stops of a window in reading order: as its layouts have them, else by their places.

Qt walks in the order in which widgets were made, and much is made when it is first wanted.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QWidget


def tab_stops(part: QWidget, held: QWidget | None = None) -> list[QWidget]:
    """Return the widgets in a part that the keyboard can reach now, and the part itself if it is one.

    `held` is counted in any case, since Qt also walks on from a widget that has just been hidden or disabled.
    """
    stops = [part] if part is held or _is_stop(part) else []
    for each in _from_first_to_last(part, held):
        stops += tab_stops(each, held)
    return stops


def step(part: QWidget, *, forward: bool) -> bool:
    """Move the focus to the stop of `part` that follows, round its end. Return False if there is none."""
    focused = part.focusWidget()
    stops = tab_stops(part, focused)
    if not stops:
        return False
    before = stops.index(focused) if focused is not None else -1 if forward else 0
    wanted = stops[(before + (1 if forward else -1)) % len(stops)]
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    around = wanted.parentWidget()
    while around is not None and around is not part:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(wanted)
        around = around.parentWidget()
    return True


def _from_first_to_last(part: QWidget, held: QWidget | None) -> list[QWidget]:
    """Return the widgets of a part that are not hidden or under another one: those of its layout, then all others."""
    within = [each for each in part.children() if isinstance(each, QWidget) and not each.isWindow()]
    shown = [each for each in within if each.isVisible()]
    for at, below in reversed(list(enumerate(shown))):
        if any(above.geometry().contains(below.geometry()) for above in shown[at + 1 :]):
            del shown[at]
    shown += [each for each in within if held is not None and each not in shown and _holds(each, held)]
    layout = part.layout()
    placed = [each for each in _laid_out(layout) if each in shown] if layout is not None else []
    beside = sorted((each for each in shown if each not in placed), key=lambda each: (each.y(), each.x()))
    return [*placed, *beside]


def _holds(part: QWidget, held: QWidget) -> bool:
    return part is held or part.isAncestorOf(held)


def _laid_out(layout: QLayout) -> list[QWidget]:
    widgets: list[QWidget] = []
    for at in range(layout.count()):
        item = layout.itemAt(at)
        within = item.layout() if item is not None else None
        if within is not None:
            widgets += _laid_out(within)
        elif item is not None and (widget := item.widget()) is not None:
            widgets.append(widget)
    return widgets


def _is_stop(widget: QWidget) -> bool:
    offer_focus = getattr(widget, "offer_focus", None)  # of a text, which looks for links in it when it is asked
    if offer_focus is not None:
        offer_focus()
    reachable = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
    return reachable and widget.focusProxy() is None and widget.isEnabled()


def leave_focus(going: QWidget, to: QWidget | None = None) -> None:
    """Have the keyboard out of a widget that is about to be hidden, and in another one if that is given."""
    focused = QApplication.focusWidget()
    if focused is None or not _holds(going, focused):
        return
    if to is not None:
        to.setFocus()
    else:
        focused.clearFocus()
