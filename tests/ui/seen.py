"""What is seen on a part of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


def labels_on(part):
    """The texts of the labels that can be seen where the part can."""
    return [label.text() for label in part.findChildren(QLabel) if label.isVisibleTo(part)]


def words_on(part):
    """The same, as one text."""
    return "\n".join(labels_on(part))
