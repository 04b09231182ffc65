"""What this program is: its name and version, what it is made of, and the licences of all parts.

The licences are collected when the program is built (`resources/licences.json`). Nothing here reaches the network.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.resources import resource_path
from desktop.ui.icons import program_pixmap
from desktop.ui.labels import PlainLabel
from desktop.ui.stylesheet import set_look
from desktop.ui.theme import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, SMALL, Theme
from desktop.ui.words import fill

_ICON_PX = 64
_MOST_OF_SCREEN = 0.9  # the rest is for the frame and the bars of the desktop


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the program is made of, and all that its licence wants to be said."""

    name: str
    licence: str
    words: str

    @property
    def line(self) -> str:
        return f"{self.name} · {self.licence}"


def parts() -> list[Part]:
    """Candor itself, then all of them, the large ones first. Raises OSError where the file is missing."""
    told = json.loads(resource_path("licences.json").read_text(encoding="utf-8"))
    return [_part(each, told["texts"]) for each in told["parts"]]


def _part(told: Mapping[str, Any], texts: Mapping[str, str]) -> Part:
    words = filter(None, [told["copyright"], *(texts[key] for key in told["texts"])])
    return Part(f"{told['name']} {told['version']}".strip(), told["licence"], "\n\n".join(words))


def version_lines() -> str:
    """What to tell somebody who asks which Candor this is."""
    return "\n".join(
        (
            f"Candor {QCoreApplication.applicationVersion()}",
            f"Python {platform.python_version()}, Qt {qVersion()} ({QGuiApplication.platformName()})",
            platform.platform(),
        )
    )


class AboutDialog(QDialog):
    """Opened from the sidebar and by F1; ends itself when it is closed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = parts()
        self.setWindowTitle(self.tr("About Candor"))
        self.setModal(True)
        self._picture = QLabel()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Parts of the program and their licences"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.addItems([each.line for each in self._parts])
        set_look(self.list, "examples")
        self.text = QPlainTextEdit()
        set_look(self.text, "part")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.ui_font(SMALL))
        self.text.document().setDocumentMargin(GAP)
        self.text.setAccessibleName(self.tr("Licence"))
        self.copy = QPushButton(self.tr("Copy version information"))
        self.copy.setAutoDefault(False)
        self._close = QPushButton(self.tr("Close"))
        self._close.setDefault(True)
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(version_lines()))
        self._close.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)
        self._close.setFocus()
        self._draw()
        # With large text on a small screen, its buttons would be below the edge.
        self.resize(QSize(theme.px(680), theme.px(520)).boundedTo(self.screen().availableSize() * _MOST_OF_SCREEN))

    def _lay_out(self) -> None:
        version = fill(self.tr("Version %1"), QCoreApplication.applicationVersion())
        what = PlainLabel(
            self.tr("Talks with private language models, on this computer or on a server of your own."), wraps=True
        )
        facts = QVBoxLayout()
        facts.setSpacing(GAP_TIGHT)
        facts.addWidget(PlainLabel("Candor", "title"))
        facts.addWidget(PlainLabel(version, "small"))
        facts.addWidget(what)
        top = QHBoxLayout()
        top.setSpacing(GAP_SECTION)
        top.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(facts, 1)
        licences = QHBoxLayout()
        licences.setSpacing(GAP)
        licences.addWidget(self.list, 2)
        licences.addWidget(self.text, 3)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_PAGE)
        column.setSpacing(GAP_SECTION)
        column.addLayout(top)
        column.addWidget(PlainLabel(self.tr("Made of these parts, each under its licence:"), "small"))
        column.addLayout(licences, 1)
        column.addLayout(buttons)

    def _show(self, row: int) -> None:
        if row >= 0:
            part = self._parts[row]
            self.text.setPlainText(f"{part.line}\n\n{part.words}")

    def _draw(self) -> None:
        edge = self._theme.px(_ICON_PX)
        self._picture.setPixmap(program_pixmap(edge, self.devicePixelRatioF()))

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._draw()
        return super().event(event)
