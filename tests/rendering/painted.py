"""Pages as pictures: what the tests of layout compare."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from desktop.rendering.page.box import PageColours, PageStyle
from desktop.rendering.page.stack import Page

WIDTH = 420.0


def style(formulas=None):
    """A look of our own, so that a new colour of the theme changes no test."""
    body, mono = QFont("DejaVu Sans"), QFont("DejaVu Sans Mono")
    body.setPixelSize(15)
    mono.setPixelSize(14)
    names = {"ink": "#222222", "muted": "#777777", "accent": "#2f6f6a", "line": "#dddddd", "code_ground": "#f4f4f4"}
    chosen = {"selection": "#2f6f6a", "selected_ink": "#ffffff", "found": "#f7e7ae"}
    chosen |= {"current": "#f2be5c", "differs": "#f6e6e0", "warning": "#8a5a0b"}
    colours = PageColours(
        **{name: QColor(value) for name, value in (names | chosen).items()},
        code_tokens={"keyword": QColor("#aa0000"), "string": QColor("#007700"), "comment": QColor("#0000aa")},
    )
    return PageStyle(body, mono, colours, formulas=formulas)


def page_of(leaves, width=WIDTH):
    """A page that was given all at once."""
    page = Page(style(), width)
    page.show(leaves, 0)
    return page


def picture(page, selection=None, height=None):
    """The page on white, as high as it is (or as `height`), once all colours of code are there."""
    while True:
        image = QImage(int(WIDTH), height or max(1, round(page.height)), QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        page.paint(painter, QPointF(0, 0), QRectF(image.rect()), selection)
        painter.end()
        if not page.is_unfinished:
            return image


def rows_above(image, y):
    """The part of a picture above `y`."""
    return image.copy(0, 0, image.width(), max(0, int(y)))
