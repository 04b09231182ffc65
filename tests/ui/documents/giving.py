"""Giving files to the window in a test: by a drag, by the clipboard; and the chips that come of it."""

from __future__ import annotations

from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from desktop.ui.documents.file_chip import FileChip
from desktop.ui.documents.sent_files import SentFiles

_ANYWHERE = QPoint(20, 20)
_COPY, _LEFT, _NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files_as_data(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


@contextmanager
def dragged_over(widget, data):
    """Within this block the drag is over a widget."""
    enter = QDragEnterEvent(QPoint(20, 20), _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    yield
    QCoreApplication.sendEvent(widget, QDragLeaveEvent())


def drop(widget, data, at=_ANYWHERE):
    """Drag onto a point of a widget, and let go."""
    enter = QDragEnterEvent(at, _COPY, data, _LEFT, _NONE)
    QCoreApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QCoreApplication.sendEvent(widget, QDropEvent(QPointF(at), _COPY, data, _LEFT, _NONE))


def chips(opened):
    """The chips in the composer, as they stand there."""
    shown = [chip for chip in opened.window.composer.findChildren(FileChip) if not chip.isHidden()]
    return sorted(shown, key=lambda chip: (chip.y(), chip.x()))


def chip_words(opened):
    """What a screen reader hears of the chips in the composer, but for the word that a file fits.

    That comes when the model's server has been asked, which may be a moment later.
    """
    return [chip.accessibleName().removesuffix(" · fits") for chip in chips(opened)]


def wait_for_chips(opened, *words):
    opened.wait_until(lambda: chip_words(opened) == list(words))


def sent_words(opened):
    """What a screen reader hears of the files in the transcript."""
    rows = opened.window.transcript.findChildren(SentFiles)
    return [chip.accessibleName() for row in rows if row.isVisible() for chip in row.chips]


def asked(server):
    """The user's last message as the server got it."""
    return str(server.chats[-1].json["messages"][-1]["content"])
