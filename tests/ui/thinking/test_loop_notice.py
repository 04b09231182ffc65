"""The line that says that a model repeats itself: it is read whole at any size of text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.look.page_look import PageLook
from desktop.ui.look.theme import Theme
from desktop.ui.thinking.panel import LoopNotice


@pytest.fixture(params=["thinking", "paper"])
def notice(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme) -> Iterator[LoopNotice]:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(1200, 400)
    notice = LoopNotice(PageLook(theme), "Cut here and answer", page, ground=request.param)
    page.show()
    yield notice
    theme.set_text_scale(1.0)


def place(notice: LoopNotice, width: int) -> list[QWidget]:
    notice.resize(width, notice.height_for(width))
    return [notice._words, notice._cut, notice._go_on]


def test_it_is_one_row_where_there_is_room(notice: LoopNotice) -> None:
    assert len({part.y() for part in place(notice, 760)}) == 1


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [430, 480, 760])
def test_nothing_is_cut_off(notice: LoopNotice, theme: Theme, width: int, scale: float) -> None:
    theme.set_text_scale(scale)
    parts = place(notice, width)
    for part in parts:
        assert part.width() >= part.sizeHint().width()
        assert notice.rect().contains(part.geometry())
    for one, other in combinations(parts, 2):
        assert not one.geometry().intersects(other.geometry())


def test_large_words_take_several_rows(notice: LoopNotice, theme: Theme) -> None:
    theme.set_text_scale(2.0)
    assert notice.height_for(480) > notice.height_for(1200)
    assert len({part.y() for part in place(notice, 480)}) > 1
