"""The part of a sheet that scrolls where a low window, or large text, leaves less room than it needs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look

_LEAST_PX = 60


class ScrolledBody(QScrollArea):
    """A column as high as its content, or as the room there is. What gets the keyboard is scrolled into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        inner.setMinimumWidth(1)  # as narrow as the sheet: what is in it breaks its lines
        set_look(inner, "card ground")
        set_look(self, "card ground")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setWidget(inner)
        inner.installEventFilter(self)

    @property
    def is_cut(self) -> bool:
        """There is less room than its content needs."""
        return self.height() < self.heightForWidth(self.width())

    # Qt's own methods

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self.column.totalHeightForWidth(width), self.column.totalMinimumSize().height())

    def sizeHint(self) -> QSize:
        return QSize(self.column.totalSizeHint().width(), self.heightForWidth(max(1, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.column.totalMinimumSize().width(), _LEAST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the arrows walk through the answers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
