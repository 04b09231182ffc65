"""Words that are drawn once and then copied look as those that are drawn each time."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import ElidedLabel, StillLabel

_WORDS = ("Answering…", "正在回答… 3 秒", "Stopped by you after a while", "")


def test_a_copied_label_shows_the_same_pixels(qtbot: QtBot, theme: Theme) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(240, 60)
    drawn, copied = (kind("", "small", page) for kind in (ElidedLabel, StillLabel))
    for mode in ("light", "dark", "light"):
        theme.set_mode(mode)
        drawn.hide()
        copied.hide()
        bare = page.grab().toImage()
        for words in _WORDS:
            for width, height in ((200, 28), (75, 28), (200, 33)):
                pictures = []
                for label, other in ((drawn, copied), (copied, drawn), (copied, drawn)):
                    label.show_text(words)
                    label.setGeometry(7, 9, width, height)
                    label.show()
                    other.hide()
                    pictures.append(page.grab().toImage())
                assert pictures[0] == pictures[1] == pictures[2], (mode, words, width, height)
                assert (pictures[0] == bare) is (not words)
