"""The line below the text of a file: how much of it is sent, whether that fits, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_WIDE, RADIUS
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.widgets.layout import stack

_BAR = QSize(72, 6)
_HINTS_FROM_PX = 860


class _Bar(QWidget):
    """A thin bar that is full to a share from 0 to 1; more than 1 is too much."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_share(self, share: float) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_BAR.width()), _BAR.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
        if self._share > 0:
            painter.setBrush(self._theme.color("internet" if self._share > 1 else "accent"))
            wide = max(3.0, self.width() * min(1.0, self._share))
            painter.drawRoundedRect(QRectF(0, 0, wide, self.height()), 2, 2)


class PreviewFoot(QWidget):
    """The line, with Cancel and the button that takes what is chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, "footer")
        self._bar = _Bar(theme)
        self._chosen = PlainLabel("", "strong")
        self._extent = ElidedLabel("")
        self._hints = QWidget()
        cancel = self._cancel = QPushButton(self.tr("Cancel"))
        self.pictures = QPushButton()
        self.pictures.hide()
        self._use = QPushButton()
        for button in (cancel, self.pictures, self._use):
            button.setAutoDefault(False)
        set_look(self._use, "filled", "accent")
        hints = stack(across=True, on=self._hints)
        for key, words in ((self.tr("Space"), self.tr("choose")), (self.tr("Esc"), self.tr("back"))):
            hints.addWidget(_key(key))
            hints.addWidget(PlainLabel(words, "tiny"))
            hints.addSpacing(GAP)
        self._row = stack(
            self._bar,
            GAP // 2,
            self._chosen,
            (self._extent, 1),
            self._hints,
            cancel,
            self.pictures,
            self._use,
            margins=(GAP_SECTION + 4, GAP_WIDE, GAP_SECTION, GAP_WIDE),
            across=True,
            on=self,
        )
        self.cancelled: SignalInstance = cancel.clicked
        self.used: SignalInstance = self._use.clicked
        self._has_pages = True
        self._long = self._short = ""
        self.show_share(None)

    def say(self, chosen: str, extent: str, use: str, *, short: str = "", can_use: bool, has_pages: bool) -> None:
        """Show what is chosen, how long that is, and what the button says. `short`: the extent where room is short."""
        self._chosen.setText(chosen)
        self._long, self._short = extent, short or extent
        self._use.setText(use)
        self._use.setEnabled(can_use)
        self._has_pages = has_pages
        self.setAccessibleName(f"{chosen} {extent}")
        self.make_room(self.width())

    def say_pictures(self, words: str, *, can_send: bool, is_all: bool) -> None:
        """Set what the button for pictures of the pages does; `is_all`: there is no text beside them to be used."""
        self.pictures.setText(words if is_all else self.tr("As pictures"))
        self.pictures.setToolTip(words)
        self.pictures.setAccessibleName(words)
        self.pictures.setEnabled(can_send)
        self._use.setVisible(not is_all)

    def show_share(self, share: float | None) -> None:
        """Show which share of what the model can hold this would take; None where that is not known."""
        self._bar.setVisible(share is not None)
        self._bar.show_share(share or 0.0)

    def make_room(self, width: int) -> None:
        """Leave out the hints where there is no room for them, or the words beside them would be cut."""
        margins = self._row.contentsMargins()
        parts = (self._bar, self._chosen, self._cancel, self.pictures, self._use)
        taken = sum(part.sizeHint().width() + GAP for part in parts if not part.isHidden())
        room = width - taken - margins.left() - margins.right() - GAP
        long = self._extent.fontMetrics().horizontalAdvance(self._long) + GAP
        self._extent.show_text(self._long if long <= room else self._short)
        has_hints = long + self._hints.sizeHint().width() + GAP <= room and width >= self._theme.px(_HINTS_FROM_PX)
        self._hints.setVisible(self._has_pages and has_hints)


def _key(words: str) -> PlainLabel:
    label = PlainLabel(words, "key")
    label.setFixedHeight(18 + RADIUS // 4)
    return label
