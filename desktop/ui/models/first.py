"""The page of models where there is none yet: other ways to a model than getting one, and looking again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.models.ways import WaysToAModel
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import PlainLabel


class FirstWays(QWidget):
    """Quiet buttons under the proposals, for whoever wants none of them."""

    def __init__(self, ways: WaysToAModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        self._button(flow, self.tr("Look again"), ways.look_again)
        self._button(flow, self.tr("Connect to our server"), ways.connect)
        self._file = self._button(flow, self.tr("Open a model file"), ways.open_file)
        self._starter = self._button(flow, self.tr("Use the small starter model for now"), ways.use_starter)
        self._often_wrong = PlainLabel(
            self.tr("The starter model is already here and shows how Candor works, but it is often wrong."),
            "small",
            wraps=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addWidget(buttons)
        column.addWidget(self._often_wrong)

    def offer(self, *, can_open_files: bool, can_use_starter: bool) -> None:
        """Show the ways that there are here."""
        self._file.setVisible(can_open_files)
        self._starter.setVisible(can_use_starter)
        self._often_wrong.setVisible(can_use_starter)

    def _button(self, flow: FlowLayout, said: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(said)
        button.setAutoDefault(False)
        set_look(button, "link")
        button.clicked.connect(lambda: act())
        flow.addWidget(button)
        return button
