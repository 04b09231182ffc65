"""About: which version this is, what it is made of, and where it is opened from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.about import AboutDialog, parts
from desktop.ui.theme import Theme
from tests.support.in_process import OpenIt

pytestmark = pytest.mark.window


@pytest.fixture
def dialog(theme: Theme, qtbot: QtBot) -> AboutDialog:
    QCoreApplication.setApplicationVersion("1.2.3")
    made = AboutDialog(theme)
    qtbot.addWidget(made)
    return made


def test_all_parts_are_named_with_the_words_of_their_licence(dialog: AboutDialog) -> None:
    lines = [dialog.list.item(at).text() for at in range(dialog.list.count())]
    assert lines[0].startswith("Candor")
    for name in ("Qt", "llama.cpp", "SmolLM2", "STIX Two Math", "keyring", "httpx", "Python"):
        assert any(line.startswith(name) for line in lines), name
    for row, part in enumerate(parts()):
        dialog.list.setCurrentRow(row)
        assert dialog.text.toPlainText() == f"{part.line}\n\n{part.words}"
        assert len(part.words) > 200


def test_the_version_can_be_copied(dialog: AboutDialog) -> None:
    dialog.copy.click()
    assert QApplication.clipboard().text().startswith("Candor 1.2.3\nPython 3.")


def test_f1_and_the_sidebar_open_it(open_it: OpenIt) -> None:
    with open_it() as opened:
        opened.press("F1")
        for again in (False, True):
            found = opened.window.findChild(AboutDialog)
            assert isinstance(found, AboutDialog)
            opened.wait_until(found.isVisible)
            QTest.keyClick(found, Qt.Key.Key_Escape)
            opened.wait_until(lambda: opened.window.findChild(AboutDialog) is None)
            if not again:
                opened.window.sidebar.about_requested.emit()
