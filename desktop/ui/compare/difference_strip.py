"""The differences between answers side by side, in words, above them. Told what to say; it compares nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack


class DifferenceStrip(QFrame):
    """A few lines that can be selected; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        self.setAccessibleName(self.tr("What the answers differ in"))
        self._labels: list[PlainLabel] = []
        self._column = stack(gap=GAP_TIGHT, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), on=self)
        self.hide()

    @property
    def said(self) -> list[str]:
        """The lines that are shown."""
        return [label.text() for label in self._labels if not label.isHidden()]

    def say(self, lines: Sequence[str]) -> None:
        """Show these lines; the first one stands out."""
        while len(self._labels) < len(lines):
            label = PlainLabel("", "small", wraps=True)
            label.make_selectable()
            self._column.addWidget(label)
            self._labels.append(label)
        for at, label in enumerate(self._labels):
            label.setText(lines[at] if at < len(lines) else "")
            label.setVisible(at < len(lines))
            set_look(label, "strong" if at == 0 else "small")
        self.setVisible(bool(lines))
        self.setAccessibleDescription("\n".join(lines))
