"""How heavy Chinese letters are, by their ink on the ground; in a process of its own, since known fonts stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_PROGRAM = """
import sys
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication
from desktop.ui.look.theme import Theme

app = QApplication(sys.argv)
Theme("dark").apply_to(app)
font, text, at = QFont("Noto Sans CJK SC"), "与私有语言模型对话", QPoint(4, 28)
font.setPixelSize(15)

def ink(draw):
    image = QImage(200, 40, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return sum(bytes(image.constBits()))

def letters(painter):
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.drawText(at, text)

def outlines(painter):
    path = QPainterPath()
    path.addText(at, font, text)
    painter.fillPath(path, QColor("white"))

print(ink(letters) / ink(outlines))
"""


@pytest.mark.skipif(not _FONT.exists(), reason="needs Noto's Chinese letters")
def test_regular_letters_are_as_thin_as_their_outlines():
    arguments = [sys.executable, "-c", _PROGRAM, "-platform", "offscreen"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert 0.9 < float(done.stdout) < 1.15  # half as much again where Qt has its way
