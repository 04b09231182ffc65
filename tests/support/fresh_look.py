"""An application as it is at a start: no style sheet yet, and no widget that something before has left."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QCoreApplication, QEvent


@contextlib.contextmanager
def fresh_look(app):
    """Begin without a style sheet, if no widget is there, and in the end delete what belongs to no window.

    Widgets that are made under a sheet are told of their style again and again, and those that are left would be told
    of every later one. A sheet is never taken off a widget: Qt goes to it when another is put on, also once it is gone.
    """
    others = set(app.topLevelWidgets())
    if not others:
        app.setStyleSheet("")
    try:
        yield
    finally:
        for left in set(app.topLevelWidgets()) - others:
            if left.parent() is None:
                left.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
