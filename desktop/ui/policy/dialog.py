"""The dialog of what an administrator has fixed on this computer: by whom, from where, each thing in a sentence."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from desktop.core.policy.fixed import Policy
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.policy.fixed_note import fixed_words
from desktop.ui.policy.words import closed_words, problem_words, sentences_of
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill

_WIDTH, _HEIGHT = 560, 460


class PolicyDialog(Dialog):
    """A dialog to read and to copy; nothing in it can be changed."""

    def __init__(self, theme: Theme, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self.setWindowTitle(self.tr("What is fixed on this computer"))
        self._problems = [problem_words(each) for each in policy.problems]
        self._sentences = sentences_of(policy)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self._close = QPushButton(self.tr("Close"))
        self._close.clicked.connect(self.reject)
        self._lay_out()
        self.fit(QSize(theme.px(_WIDTH), theme.px(_HEIGHT)))

    @property
    def text(self) -> str:
        """All of it as plain text."""
        head = [fixed_words(self._policy), self._policy.source]
        return "\n".join([*head, "", *self._problems, *self._sentences])

    def _lay_out(self) -> None:
        inside = QWidget()
        lines = stack(margins=(0, 0, GAP, 0), on=inside)
        if self._policy.is_closed:
            lines.addWidget(Paragraph(closed_words(self._policy), "internet"))
        for words in self._problems:
            lines.addWidget(_selectable(words, "danger"))
        for words in self._sentences:
            lines.addWidget(_selectable(words))
        if not self._sentences and not self._problems:
            lines.addWidget(PlainLabel(self.tr("Nothing is fixed.")))
        lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(self.windowTitle())
        set_look(inside, "page")
        set_look(scroll, "page")
        self.column.addWidget(PlainLabel(self.windowTitle(), "title", wraps=True))
        self.column.addWidget(PlainLabel(fixed_words(self._policy), wraps=True))
        self.column.addWidget(_selectable(fill(self.tr("Read from %1"), self._policy.source), "small"))
        self.column.addWidget(scroll, 1)
        self.add_foot((self.copy,), (self._close,), default=self._close)


def _selectable(words: str, look: str = "") -> PlainLabel:
    label = PlainLabel(words, look, wraps=True)
    label.make_selectable()
    return label
