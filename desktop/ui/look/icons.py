"""The program's icons: one set of drawings in `resources/icons`, coloured and sharpened for the screen.

A drawing is 18 × 18 with strokes of 1.5 in `currentColor`; the program's own icon, which stands beside them, keeps its
colours. Nothing here knows what an icon means.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget

from desktop.core.resources import resource_path
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import ICON_PX

# Qt takes the pixmap nearest to what the screen needs, and scales the larger one down for those between.
_SHARPNESS = (1.0, 2.0)


_PROGRAM = "candor"
# Where systems show a window's icon: title bar, task bar, switcher; the larger ones serve dense screens.
_PROGRAM_SIZES = (16, 22, 32, 48, 64, 128)


def program_icon() -> QIcon:
    """Return the icon of the program, for its windows."""
    made = QIcon()
    for size in _PROGRAM_SIZES:
        made.addPixmap(program_pixmap(size))
    return made


def program_pixmap(size: int, ratio: float = 1.0) -> QPixmap:
    """Return the program's icon as a pixmap, `size` logical pixels wide."""
    return pixmap(_PROGRAM, "", size, ratio)


@lru_cache(maxsize=512)
def icon(name: str, color: str, size: int = ICON_PX) -> QIcon:
    """Return the drawing `name` in `color` (`#rrggbb`), `size` logical pixels wide. Raises `FileNotFoundError`."""
    made = QIcon()
    for sharpness in _SHARPNESS:
        made.addPixmap(pixmap(name, color, size, sharpness))
    return made


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int = ICON_PX, ratio: float = 1.0) -> QPixmap:
    """Return the drawing as a pixmap for a screen with `ratio` device pixels to a logical one.

    An empty colour leaves it its own.
    """
    edge = round(size * ratio)
    canvas = QPixmap(edge, edge)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing = _drawing(name)
    if color:
        drawing = drawing.replace(b"currentColor", QColor(color).name().encode())
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    canvas.setDevicePixelRatio(ratio)
    return canvas


@lru_cache(maxsize=64)
def _drawing(name: str) -> bytes:
    return resource_path("icons", f"{name}.svg").read_bytes()


class ThemedIcon(QObject):
    """The icon of a button, kept in a token's colour and at the text's size while the theme changes.

    A child of the button, so that Qt ends its connection to the theme together with the button.
    """

    def __init__(self, button: QAbstractButton, theme: Theme, name: str, token: str = "ink") -> None:
        super().__init__(button)
        self._button = button
        self._theme = theme
        self._name = name
        self._token = token
        theme.changed.connect(self._draw)
        self._draw()

    def show(self, name: str, token: str = "") -> None:
        """Show another drawing, and take another colour where one is named."""
        self._name = name
        self._token = token or self._token
        self._draw()

    def _draw(self) -> None:
        edge = self._theme.icon_px
        self._button.setIcon(icon(self._name, getattr(self._theme.tokens, self._token), edge))
        self._button.setIconSize(QSize(edge, edge))


class IconButton(QToolButton):
    """A button that is an icon only: its words are its accessible name and its tooltip."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        words: str,
        parent: QWidget | None = None,
        token: str = "ink",
        do: Callable[[], object] | None = None,
    ) -> None:
        """`do` is called when it is pressed."""
        super().__init__(parent)
        if do is not None:
            self.clicked.connect(lambda: do())
        self.drawing = ThemedIcon(self, theme, name, token)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoRaise(True)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Set the accessible name and tooltip, in words of our own (never foreign text: tooltips read HTML)."""
        self.setAccessibleName(words)
        self.setToolTip(words)
