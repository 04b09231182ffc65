"""`python -m tests.bench.model_menu`: what the menu of models costs, with 400 and with 4,000 models."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.model import ModelInfo
from desktop.core.models.naming import with_own_names
from desktop.runtime.models.listing import Listing
from desktop.ui.look.theme import Theme
from desktop.ui.models.menu import ModelMenu
from desktop.ui.models.menu_presenter import ModelMenuPresenter
from tests.bench.table import Row, printed
from tests.ui.models.scenes import CHOSEN, CLOUD, COMPUTERS, OLLAMA, advice_on
from tests.ui.preferring import Noted
from tests.virtual_display import virtual_display

_RUNS = 7
_OPENS, _KEY = 100.0, 16.0  # milliseconds
_NAMES = ("qwen3:8b", "llama3.1:8b", "gemma3:12b", "deepseek-r1:7b", "own-model")


def main() -> int:
    with virtual_display() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        app = QApplication(sys.argv[:1])
        theme = Theme("light")
        theme.apply_to(app)
        rows = [row for count in (400, 4000) for row in _rows(app, theme, count)]
        print(printed(rows))
    return 0


def _rows(app: QApplication, theme: Theme, count: int) -> list[Row]:
    """Return the figures with so many models, half of them on this computer."""
    here = [ModelInfo(f"maker-{at}/{_NAMES[at % 5]}-{at}", size_on_disk=4_700_000_000) for at in range(count // 2)]
    away = [ModelInfo(f"vendor/model-{at}") for at in range(count // 2)]
    listings = [Listing(OLLAMA, with_own_names(here)), Listing(CLOUD, with_own_names(away))]
    window = QWidget()
    window.resize(1000, 700)
    window.show()
    QTest.qWaitForWindowExposed(window)
    menu = ModelMenu(theme, window)
    ModelMenuPresenter(theme, menu, advice_on(COMPUTERS["16"], listings), Noted(), (), lambda: None, lambda _: None)
    below = QWidget(window)
    filled, opened, keys, arrows = [], [], [], []
    for at in range(_RUNS):
        filled.append(_timed(app, lambda at=at: menu.show_models(listings, CHOSEN, is_offline=bool(at % 2))))
        menu.hide()
        opened.append(_timed(app, lambda: menu.open_below(below)))
        for letter in "qwen3 8":
            keys.append(_timed(app, lambda letter=letter: QTest.keyClicks(menu._search, letter)))
        menu._search.clear()
        for _ in range(10):
            arrows.append(_timed(app, lambda: QTest.keyClick(menu._search, Qt.Key.Key_Down)))
    menu.hide()
    window.close()
    where = f"{count:,} models"
    return [
        Row(f"filling the menu, {where}", max(filled), "ms", _OPENS),
        Row(f"opening it, the first time included, {where}", max(opened), "ms", _OPENS),
        Row(f"a letter typed in it, the slowest, {where}", max(keys), "ms", _KEY),
        Row(f"an arrow key in it, the slowest, {where}", max(arrows), "ms", _KEY),
    ]


def _timed(app: QApplication, act: Callable[[], object]) -> float:
    """Return the milliseconds that this thread works until what an act causes is painted."""
    begin = time.thread_time()
    act()
    app.processEvents()
    return (time.thread_time() - begin) * 1000


if __name__ == "__main__":
    sys.exit(main())
