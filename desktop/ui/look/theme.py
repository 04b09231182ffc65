"""The theme in force, which follows the system or the user's choice, and the icons in its colours.

It puts tokens and fonts on an application. The icons are one set of drawings in `resources/icons`, 18 × 18 with strokes
of 1.5 in `currentColor`, sharpened for the screen; the program's own, which stands beside them, keeps its colours.
Nothing here knows what an icon means.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import Literal

from PySide6.QtCore import QByteArray, QDir, QLocale, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetrics,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QProxyStyle, QToolButton, QWidget

from desktop.core.resources import resource_path
from desktop.core.text import size as text_size
from desktop.ui.look.stylesheet import CODE, DARK, ICON_PX, LIGHT, TEXT_PX, Tokens, style_sheet

_QT = "libQt6Gui.so.6"  # loaded already, as is the next one
_FREETYPE = "libfreetype.so.6"


def draw_thin_stems() -> None:
    """Turn the thickening off, in the window's thread and before the first letter is drawn.

    Later it has no effect on known fonts.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(_QT)._Z14qt_getFreetypev  # qt_getFreetype()
        library.restype = ctypes.c_void_p
        set_property = ctypes.CDLL(_FREETYPE).FT_Property_Set
        set_property.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
        set_property(library(), b"cff", b"no-stem-darkening", ctypes.byref(ctypes.c_ubyte(True)))


_INK = 60  # of 255: a row of pixels that is seen
Mode = Literal["system", "light", "dark"]

# Faces that carry Chinese in the weight of the interface's own face, so that the system does not pick at random.
_CJK_FACES = {
    "win32": ("Microsoft YaHei UI", "Microsoft YaHei"),
    "darwin": ("PingFang SC",),
}
_CJK_FACES_ELSEWHERE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")


class Theme(QObject):
    """The tokens in force. Widgets paint with `tokens` and the fonts, and do so anew on `changed`."""

    changed = Signal()

    def __init__(self, mode: Mode = "system", text_scale: float = 1.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode: Mode = mode
        self._scale = text_size.nearest(text_scale)
        self._app: QApplication | None = None
        self._has_sheet = False
        self._is_dark = mode == "dark"

    @property
    def tokens(self) -> Tokens:
        return DARK if self._is_dark else LIGHT

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def text_scale(self) -> float:
        return self._scale

    @property
    def text_px(self) -> int:
        """The height of body text in logical pixels."""
        return self.px(TEXT_PX)

    @property
    def icon_px(self) -> int:
        """The edge of an icon in logical pixels; grows with the text."""
        return self.px(ICON_PX)

    def px(self, size: float) -> int:
        """Return a size given for text at 100 %, at the chosen text scale, in logical pixels."""
        return max(1, round(size * self._scale))

    def color(self, token: str) -> QColor:
        """Return a token as a colour to paint with."""
        return QColor(getattr(self.tokens, token))

    def ui_font(self, ratio: float = 1.0, bold: bool = False) -> QFont:
        """Return the interface's font at `ratio` of the body text."""
        is_chinese = QLocale().language() is QLocale.Language.Chinese
        system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font = _font_with_cjk(system, cjk_first=is_chinese)
        font.setPixelSize(self.px(TEXT_PX * ratio))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def mono_font(self, ratio: float = CODE) -> QFont:
        """Return the system's monospace font at `ratio` of the body text."""
        font = _font_with_cjk(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(self.px(TEXT_PX * ratio))
        return font

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or stay light or dark."""
        self._mode = mode
        if self._app is not None:
            self._tell_system()
        self._refresh()

    def set_text_scale(self, scale: float) -> None:
        """Set the multiple of the normal text size, or the nearest that is allowed."""
        scale = text_size.nearest(scale)
        if scale != self._scale:
            self._scale = scale
            self._put_on()
            self.changed.emit()

    def apply_to(self, app: QApplication, *, has_sheet: bool = True) -> None:
        """Set style, palette, font and style sheet of the application and keep them up to date.

        Without the sheet, until `put_on_sheet`, a window is made in a third of the time: with it, all that stands in a
        widget is told anew of its style whenever that is given a parent.
        """
        self._app = app
        self._has_sheet = has_sheet
        draw_thin_stems()
        if app.findChild(CentredTextStyle) is None:  # one for as long as the application lives, which owns it
            app.setStyle(CentredTextStyle())
        QDir.setSearchPaths("ticks", [str(resource_path("ticks"))])
        self._tell_system()
        app.styleHints().colorSchemeChanged.connect(self._refresh)
        self._is_dark = self._wants_dark()
        self._put_on()
        self.changed.emit()

    def put_on_sheet(self) -> None:
        """Set the style sheet as well, if it is not there."""
        if not self._has_sheet:
            self._has_sheet = True
            self._put_on()

    def _wants_dark(self) -> bool:
        if self._mode != "system":
            return self._mode == "dark"
        return self._app is not None and self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _tell_system(self) -> None:
        """Have title bars and native dialogs follow; a platform without colour schemes ignores it."""
        assert self._app is not None
        hints = self._app.styleHints()
        match self._mode:
            case "system":
                hints.unsetColorScheme()
            case "light":
                hints.setColorScheme(Qt.ColorScheme.Light)
            case "dark":
                hints.setColorScheme(Qt.ColorScheme.Dark)

    def _refresh(self) -> None:
        was_dark, self._is_dark = self._is_dark, self._wants_dark()
        self._put_on()  # also when nothing has changed: Qt replaces our palette by its own when the system's changes
        if was_dark is not self._is_dark:
            self.changed.emit()

    def _put_on(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(palette_of(self.tokens))
        self._app.setFont(self.ui_font())
        if not self._has_sheet:
            return
        sheet = style_sheet(self.tokens, self._scale, text_drop(self.ui_font()))
        if sheet != self._app.styleSheet():
            self._app.setStyleSheet(sheet)


class CentredTextStyle(QProxyStyle):
    """Fusion, with the letters of a label or button at the middle of its frame.

    Qt puts the line there, and a font keeps more room above its letters than below, or less: a Chinese one two pixels.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    # Qt's own method

    def drawItemText(
        self,
        painter: QPainter,
        rect: QRect,
        flags: int,
        palette: QPalette | Qt.GlobalColor | QColor,
        enabled: bool,
        text: str,
        role: QPalette.ColorRole = QPalette.ColorRole.NoRole,
    ) -> None:
        is_centred = flags & Qt.AlignmentFlag.AlignVCenter.value
        spare = (rect.height() - painter.fontMetrics().height()) % 2 if is_centred else 0
        lifted = rect.translated(0, -ceil(text_drop(QFont(painter.font()), spare) - 0.5))
        super().drawItemText(painter, lifted, flags, palette, enabled, text, role)


def text_drop(font: QFont, spare: int = 0) -> float:
    """Return the pixels by which letters are drawn below the middle of a line with so many `spare` pixels in height."""
    return _text_drop(font, spare, "国语" if QLocale().language() is QLocale.Language.Chinese else "H")


@lru_cache(maxsize=128)
def _text_drop(font: QFont, spare: int, letters: str) -> float:
    """Measure it: what a font says of its letters and its line is off by up to a pixel."""
    metrics = QFontMetrics(font)
    line = QRect(2, metrics.height(), metrics.horizontalAdvance(letters), metrics.height() + spare)
    picture = QImage(line.right() + 3, 3 * line.height(), QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, letters)
    painter.end()
    pixels, stride = bytes(picture.constBits()), picture.bytesPerLine()
    inked = [y for y in range(picture.height()) if max(pixels[y * stride : (y + 1) * stride]) > _INK]
    return (inked[0] + inked[-1] + 1) / 2 - line.top() - line.height() / 2 if inked else 0


def palette_of(tokens: Tokens) -> QPalette:
    """Return the tokens as a palette, with the roles that Qt would leave at blue and grey set too."""
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.paper,
        role.WindowText: tokens.ink,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.side,
        role.Text: tokens.ink,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.surface,
        role.ButtonText: tokens.ink,
        role.BrightText: tokens.danger,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.ink,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.ink,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.line,
        role.Dark: tokens.field_line,
        role.Shadow: tokens.line,
    }
    palette = QPalette()
    for name, color in colors.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.muted))
    return palette


def _font_with_cjk(font: QFont, *, cjk_first: bool = False) -> QFont:
    """Return the font with faces for Chinese behind it, or `cjk_first` before it.

    Behind it, Chinese words sit lower than Latin ones in the same row: the line is as high as both faces need.
    """
    # The system may answer with an alias ("monospace"), which loses against any real face that stands after it.
    family = QFontInfo(font).family()
    faces = _CJK_FACES.get(sys.platform, _CJK_FACES_ELSEWHERE)
    font.setFamilies([*faces, family] if cjk_first else [family, *faces])
    return font


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
