"""The page before there is a model, and no Ollama that could get one: looking for one, three ways to one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QWidget

from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import fill

_WIDEST_PX = 680
_SIDE_BY_SIDE_PX = 480  # narrower cards have their button below
_NARROWEST_PX = 240


class Card(QFrame):
    """A card with a drawing, a title, a few sentences, and what can be done."""

    def __init__(self, theme: Theme, drawing: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawing = drawing
        set_look(self, "card")
        self.setAccessibleName(title)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words = stack(PlainLabel(title, "strong", wraps=True), gap=GAP_TIGHT)
        explanation = Paragraph(text, "muted")
        self.words.addWidget(explanation)
        row = stack(self._picture, (self.words, 1), gap=GAP_SECTION, across=True)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(GAP_SECTION, GAP_SECTION, GAP_SECTION, GAP_SECTION)
        self._whole.setSpacing(GAP_SECTION)
        self._whole.addLayout(row, 1)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        edge = self._theme.px(24)
        self._picture.setPixmap(pixmap(self._drawing, self._theme.tokens.accent, edge, self.devicePixelRatioF()))

    def add_button(self, button: QPushButton) -> None:
        """Add a button at the right, or below if the card is narrow."""
        button.setAutoDefault(False)
        self._whole.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)

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

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _WIDEST_PX, centred=True, parent=parent)
        self._theme = theme
        self._title = PlainLabel("", "title", wraps=True)
        self._lead = Paragraph("", "muted")
        self.column.addWidget(self._title)
        self.column.addWidget(self._lead)
        self._ollama = self._ollama_card()
        self._server = self._server_card()
        self._file = self._file_card()
        for card in (self._ollama, self._server, self._file):
            self.column.addWidget(card)
        self.show_looking()

    def show_state(self, state: str, can_open_files: bool = True) -> None:
        """Show one of the states by its name: looking | nothing."""
        match state:
            case "nothing":
                self.show_choices(can_open_files)
            case _:
                self.show_looking()

    def offer_address(self, address: str) -> None:
        """Show on the server's card the address that this computer's settings name for Ollama."""
        self._named_address.setText(fill(self.tr("OLLAMA_HOST names %1."), address))
        self._named_address.show()

    def show_looking(self) -> None:
        """Show that this computer is being searched."""
        self._show(self.tr("Welcome to Candor"), self.tr("Looking for models on this computer…"))

    def show_choices(self, can_open_files: bool = True) -> None:
        """Show that nothing was found; `can_open_files` if the built-in engine is installed."""
        self._show(
            self.tr("Welcome to Candor"),
            self.tr("No model was found on this computer. Choose where your model should run."),
            self._ollama,
            self._server,
            *([self._file] if can_open_files else []),
        )

    def _show(self, title: str, lead: str, *cards: Card) -> None:
        self._title.setText(title)
        self._lead.setText(lead)
        for card in (self._ollama, self._server, self._file):
            card.setVisible(card in cards)

    def _look_again_button(self) -> QPushButton:
        button = LabelledButton(self._theme, "retry", self.tr("Look again"))
        button.clicked.connect(self.look_again_requested)
        return button

    def _ollama_card(self) -> Card:
        card = Card(
            self._theme,
            "computer",
            self.tr("Use Ollama on this computer"),
            self.tr(
                "Ollama is a free program that runs models here, so your words stay on this computer. Get it from"
                " ollama.com/download, install and start it, then look again."
            ),
        )
        card.add_button(self._look_again_button())
        return card

    def _server_card(self) -> Card:
        card = Card(
            self._theme,
            "network",
            self.tr("Connect to our server"),
            self.tr("Your company or a provider runs the model. You need an address and often a key."),
        )
        button = QPushButton(self.tr("Connect…"))
        button.setAccessibleName(self.tr("Connect to our server"))
        self._named_address = PlainLabel("", "small", wraps=True)
        self._named_address.hide()
        card.words.addWidget(self._named_address)
        button.clicked.connect(self.connect_requested)
        card.add_button(button)
        return card

    def _file_card(self) -> Card:
        card = Card(
            self._theme,
            "file",
            self.tr("Open a model file"),
            self.tr(
                "If you were given a model as a file that ends in .gguf, Candor runs it by itself, without a network."
            ),
        )
        button = QPushButton(self.tr("Open a file…"))
        button.setAccessibleName(self.tr("Open a model file"))
        button.clicked.connect(self.open_file_requested)
        card.add_button(button)
        return card
