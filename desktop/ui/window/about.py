"""The dialog about this program: its name and version, what it is made of, and the licences of all parts.

The licences are collected when the program is built (`resources/licences.json`). Nothing here reaches the network.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import PySide6
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, SignalInstance, qVersion
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QStyle,
    QWidget,
)

from desktop.core.resources import resource_path
from desktop.ui.look.stylesheet import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, TINY, set_look
from desktop.ui.look.theme import Theme, program_pixmap
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import FilterField
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, listed

_OF_DEBIAN = "deb/debian/"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the program. `texts` are shared between parts, and many are long."""

    name: str
    version: str
    licence: str
    copyright: str
    texts: Sequence[str]
    inside: str
    holds: Sequence[str]
    debian_package: str

    @property
    def line(self) -> str:
        return f"{self.name} {self.version}".strip() + f" · {self.licence}"

    @property
    def is_replaceable(self) -> bool:
        """True if its licence demands that the user can put another build in its place."""
        return self.licence.startswith("LGPL-3")

    def has(self, words: Sequence[str]) -> bool:
        """Return True if these words, in small letters, are all in what names it."""
        named = " ".join((self.line, self.inside, *self.holds)).casefold()
        return all(word in named for word in words)


def parts() -> list[Part]:
    """Return Candor itself, then all parts, the large ones first. Raises OSError if the file is missing."""
    told = json.loads(resource_path("licences.json").read_text(encoding="utf-8"))
    return [_part(each, told["texts"]) for each in told["parts"]]


def _part(told: Mapping[str, Any], texts: Mapping[str, str]) -> Part:
    address = told.get("purl", "")
    return Part(
        name=told["name"],
        version=told["version"],
        licence=told.get("licence") or told["licence_name"],
        copyright=told["copyright"],
        texts=[texts.get(key) or _licence(key) for key in told["texts"]],
        inside=told.get("inside", ""),
        holds=told.get("holds", ()),
        debian_package=address.removeprefix(_OF_DEBIAN) if address.startswith(_OF_DEBIAN) else "",
    )


def _licence(name: str) -> str:
    return resource_path("licences", f"{name}.txt").read_text(encoding="utf-8").strip("\n")


_ICON_PX = 64
_WIDTH, _HEIGHT = 980, 560
_COLUMNS = 80  # licences have broken their lines for these
# Where the makers of Qt and of Qt for Python offer the sources of what is brought.
_SOURCES_OF_QT = "https://download.qt.io/official_releases/"


def version_lines() -> str:
    """Return the version of this Candor and what it runs on, for a report."""
    return "\n".join(
        (
            f"Candor {QCoreApplication.applicationVersion()}",
            f"Python {platform.python_version()}, Qt {qVersion()} ({QGuiApplication.platformName()})",
            platform.platform(),
        )
    )


class AboutDialog(Dialog):
    """A dialog opened from the sidebar and by F1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = parts()
        self._found = self._parts  # what is listed
        self._shown: Part | None = None
        self.setWindowTitle(self.tr("About Candor"))
        self._picture = QLabel()
        self.filter = FilterField(theme, self.tr("Find a part or a licence"))
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Parts of the program and their licences"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedWidth(theme.px(280))
        set_look(self.list, "framed")
        self.text = QPlainTextEdit()
        set_look(self.text, "framed")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.mono_font(TINY))  # licences are laid out by spaces
        self.text.setTabStopDistance(8 * self.text.fontMetrics().horizontalAdvance(" "))
        self.text.document().setDocumentMargin(GAP)
        self.text.setAccessibleName(self.tr("Licence"))
        self.copy = button(
            self.tr("Copy version information"), do=lambda: QGuiApplication.clipboard().setText(version_lines())
        )
        self.diagnostics = button(self.tr("Diagnostics…"), do=self.reject)
        self.diagnostics_requested: SignalInstance = self.diagnostics.clicked
        self._close = button(self.tr("Close"), do=self.reject)
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self._find("")
        self.filter.textChanged.connect(self._find)
        self.filter.left_downwards.connect(self.list.setFocus)
        self.filter.setFocus()
        self._draw()
        self.fit(self._wanted_size())

    def _wanted_size(self) -> QSize:
        """Return the size that shows a licence's lines as they were broken, whichever the system's font is."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        columns = ceil(_COLUMNS * QFontMetricsF(self.text.font()).horizontalAdvance("0"))
        text = columns + 2 * (GAP + self.text.frameWidth()) + bar
        width = self.list.minimumWidth() + GAP + text + 2 * GAP_PAGE
        return QSize(max(self._theme.px(_WIDTH), width), self._theme.px(_HEIGHT))

    def _lay_out(self) -> None:
        version = fill(self.tr("Version %1"), QCoreApplication.applicationVersion())
        what = PlainLabel(
            self.tr("Talks with private language models, on this computer or on a server of your own."), wraps=True
        )
        facts = (PlainLabel("Candor", "title"), PlainLabel(version, "small"), what)
        top = (self._picture, Qt.AlignmentFlag.AlignTop), (stack(*facts, gap=GAP_TIGHT), 1)
        self.column.addLayout(stack(*top, gap=GAP_SECTION, across=True))
        self.column.addWidget(PlainLabel(self.tr("Made of these parts, each under its licence:"), "small"))
        self.column.addLayout(stack(stack(self.filter, (self.list, 1)), (self.text, 1), across=True), 1)
        self.add_foot((self.diagnostics,), (self.copy, self._close), default=self._close)

    def _find(self, text: str) -> None:
        """List the parts that have all these words, and show the first if the shown one is not among them."""
        words, shown = text.casefold().split(), self._shown
        self._found = [part for part in self._parts if part.has(words)]
        self.list.clear()
        self.list.addItems([each.line for each in self._found])
        for row in range(self.list.count()):  # no wider than the list, so that a long name ends in dots
            self.list.item(row).setSizeHint(QSize(1, self.list.sizeHintForRow(row)))
        self.list.setCurrentRow(self._found.index(shown) if shown in self._found else 0)
        if not self._found:
            self._shown = None
            self.text.setPlainText(self.tr("No part has these words in its name or licence."))

    def _show(self, row: int) -> None:
        """Show the part in a row; -1: none, while another list is made."""
        if row < 0 or self._found[row] is self._shown:
            return
        part = self._shown = self._found[row]
        said = (part.line, *self._facts(part), part.copyright, *part.texts)
        self.text.setPlainText("\n\n".join(filter(None, said)))

    def _facts(self, part: Part) -> list[str]:
        """Return what is to be known of a part besides its licence."""
        facts = []
        if part.inside:
            facts.append(fill(self.tr("Inside %1."), part.inside))
        if part.holds:
            facts.append(fill(self.tr("Consists of: %1."), listed(part.holds)))
        if part.is_replaceable:
            facts += self._how_to_replace(part)
        if part.debian_package:
            facts.append(
                fill(
                    self.tr("A package of Debian, which offers its source under the same name: apt source %1"),
                    part.debian_package,
                )
            )
        return facts

    def _how_to_replace(self, part: Part) -> list[str]:
        """Return the statements that the licence of Qt demands."""
        said = fill(
            self.tr(
                "These libraries are files of their own, which are loaded when Candor starts. You may put other builds "
                "of the same version in their place, also ones that you have changed: replace the files in %1 and "
                "start Candor again. Their sources are offered at %2."
            ),
            str(_folder_of(part)),
            _SOURCES_OF_QT,
        )
        if sys.platform != "darwin":
            return [said]
        return [said, self.tr("A Mac asks for a new signature then: codesign --force --deep --sign - Candor.app")]

    def _draw(self) -> None:
        edge = self._theme.px(_ICON_PX)
        self._picture.setPixmap(program_pixmap(edge, self.devicePixelRatioF()))

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._draw()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.filter.hasFocus():
            self.list.setFocus()  # not the default button: nobody who looks for something wants to close
        else:
            super().keyPressEvent(event)


def _folder_of(part: Part) -> Path:
    """Return the folder of the libraries of Qt, of Qt for Python or of its binding in this installation."""
    folder = Path(PySide6.__file__).parent
    if part.name == "shiboken6":
        return folder.with_name("shiboken6")
    own = folder / "Qt" / "lib"
    return own if part.name == "Qt" and own.is_dir() else folder
