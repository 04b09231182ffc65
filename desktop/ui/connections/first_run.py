"""The page before there is a model, and no Ollama that could get one: looking for one, three ways to one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton

from desktop.ui.look.stylesheet import GAP_SECTION, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme, pixmap
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import fill

_WIDEST_PX = 680
_SIDE_BY_SIDE_PX = 480  # narrower cards have their button below
_NARROWEST_PX = 240


class Card(QFrame):
    """A card with a drawing, a title, a few sentences, and what can be done."""

    def __init__(self, theme: Theme, drawing: str, title: str, text: str, way: QPushButton) -> None:
        super().__init__()
        self._theme = theme
        self._drawing = drawing
        set_look(self, "card")
        self.setAccessibleName(title)
        way.setAccessibleName(way.accessibleName() or title)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words = stack(PlainLabel(title, "strong", wraps=True), Paragraph(text, "muted"), gap=GAP_TIGHT)
        row = stack(self._picture, (self.words, 1), gap=GAP_SECTION, across=True)
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        self._whole = stack((row, 1), (way, side), gap=GAP_SECTION, margins=GAP_SECTION, across=True, on=self)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        edge = self._theme.px(24)
        self._picture.setPixmap(pixmap(self._drawing, self._theme.tokens.accent, edge, self.devicePixelRatioF()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(_NARROWEST_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < self._theme.px(_SIDE_BY_SIDE_PX)
        directions = QBoxLayout.Direction
        self._whole.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)


class FirstRun(CenteredPage):
    """A page told which of its states to show; emits what the user wants to do about it."""

    look_again_requested = Signal()
    connect_requested = Signal()
    open_file_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _WIDEST_PX, centred=True)
        look_again = LabelledButton(theme, "retry", self.tr("Look again"), do=self.look_again_requested.emit)
        self._ollama = Card(
            theme,
            "computer",
            self.tr("Use Ollama on this computer"),
            self.tr(
                "Ollama is a free program that runs models here, so your words stay on this computer. Get it from"
                " ollama.com/download, install and start it, then look again."
            ),
            look_again,
        )
        self._server = Card(
            theme,
            "network",
            self.tr("Connect to our server"),
            self.tr("Your company or a provider runs the model. You need an address and often a key."),
            button(self.tr("Connect…"), do=self.connect_requested.emit),
        )
        self._file = Card(
            theme,
            "file",
            self.tr("Open a model file"),
            self.tr(
                "If you were given a model as a file that ends in .gguf, Candor runs it by itself, without a network."
            ),
            button(self.tr("Open a file…"), do=self.open_file_requested.emit),
        )
        self._named_address = PlainLabel("", "small", wraps=True)
        self._named_address.hide()
        self._server.words.addWidget(self._named_address)
        self._lead = Paragraph("", "muted")
        title = PlainLabel(self.tr("Welcome to Candor"), "title", wraps=True)
        for part in (title, self._lead, self._ollama, self._server, self._file):
            self.column.addWidget(part)
        self.show_state("looking")

    def show_state(self, state: str, can_open_files: bool = True) -> None:
        """Show that this computer is being searched ("looking"), or that "nothing" was found there.

        `can_open_files`: the built-in engine is installed.
        """
        is_over = state == "nothing"
        nothing = self.tr("No model was found on this computer. Choose where your model should run.")
        self._lead.setText(nothing if is_over else self.tr("Looking for models on this computer…"))
        self._ollama.setVisible(is_over)
        self._server.setVisible(is_over)
        self._file.setVisible(is_over and can_open_files)

    def take_step_back(self) -> bool:
        self.left.emit()
        return True

    def offer_address(self, address: str) -> None:
        """Show on the server's card the address that this computer's settings name for Ollama."""
        self._named_address.setText(fill(self.tr("OLLAMA_HOST names %1."), address))
        self._named_address.show()
