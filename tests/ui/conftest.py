"""What the tests of the window's parts share: one theme on the one application, and an English and a Chinese tongue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, put on the application."""
    theme = Theme("light")
    theme.apply_to(qapp)
    yield theme
    theme.set_mode("light")
    theme.deleteLater()
