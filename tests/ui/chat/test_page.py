"""The page of a conversation: lines that come and go between its parts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from desktop.core.documents.attachment import Attachment
from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.chat.page import ChatPage
from desktop.ui.documents.file_chip import FileChip
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import Ask
from desktop.ui.start.tiles import TaskTiles
from tests.support.scripts import ollama_script

pytestmark = pytest.mark.window

WHEEL = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)


@pytest.fixture
def page(theme, qtbot):
    page = ChatPage(theme, PanelPreference.AUTO)
    qtbot.addWidget(page)
    page.resize(900, 500)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_lines_take_room_while_they_are_shown_and_two_stand_above_what_is_written(page, qtbot):
    before = page.empty.height()
    line = QLabel("A line")
    line.hide()
    page.put_below(line)
    page.layout().activate()
    assert page.empty.height() == before
    line.show()
    qtbot.waitUntil(lambda: page.empty.height() < before)
    line.hide()
    qtbot.waitUntil(lambda: page.empty.height() == before)
    hint = QLabel("A hint")
    page.put_hint(hint)
    assert hint.isVisible()
    page.composer.task.show_task(OfficeTask.ASK_DOCUMENT)
    assert hint.isVisible()
    page.notice.show_text("The disk is full.")
    assert not hint.isVisible()
    page.notice.hide()
    page.composer.task.show_task("")
    assert hint.isVisible()


def test_file_chips_stay_where_they_are_as_a_task_is_named(page, qtbot):
    page.composer.set_text("Summarise this.")
    page.composer.show_files([Attachment("plan.txt"), Attachment("list.txt")])
    [chip, _] = page.findChildren(FileChip)

    def top():
        QApplication.processEvents()
        return chip.mapTo(page, QPoint(0, 0)).y()

    qtbot.waitUntil(lambda: chip.height() > 0 and top() > page.height() / 2)
    before, without = top(), page.composer.height()
    page.composer.task.show_task(OfficeTask.SUMMARISE, "")
    qtbot.waitUntil(lambda: page.composer.height() > without + 20)
    assert top() == before
    page.composer.task.show_task("")
    qtbot.waitUntil(lambda: page.composer.height() == without)
    assert top() == before


@pytest.mark.parametrize("size", [(740, 650), (760, 510)])
def test_nothing_moves_on_the_start_page_as_lines_come_and_go_below_it(page, qtbot, size):
    page.resize(*size)
    tiles, task = page.findChild(TaskTiles), page.composer.task
    qtbot.waitUntil(lambda: page.height() == size[1] and task.isHidden())

    def room():
        QApplication.processEvents()
        return page.empty.height()

    whole, before = room(), tiles.mapTo(page, QPoint(0, 0)).y()
    for come, go in (
        (lambda: task.show_task(OfficeTask.SUMMARISE, "the text"), lambda: task.show_task("")),
        (lambda: page.notice.show_text("The disk is full."), page.notice.hide),
        (lambda: page.composer.set_text("One\nTwo\nThree\nFour"), lambda: page.composer.set_text("")),
    ):
        for act, is_whole in ((come, False), (go, True)):
            act()
            qtbot.waitUntil(lambda is_whole=is_whole: (room() == whole) is is_whole)
            assert tiles.mapTo(page, QPoint(0, 0)).y() == before


def test_somebody_does_each_thing_that_is_asked_for_at_a_message(open_over):
    with open_over(ollama_script()) as (opened, _):
        assert [each for each in Ask if not opened.window.reading.offers(each)] == []


def test_the_wheel_moves_nothing_where_the_start_page_has_stepped_back(page, qtbot):
    page.resize(700, 400)
    empty, bar = page.empty, page.empty.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    empty.step_back(True)
    where = QPointF(20, 20)
    turned = QWheelEvent(where, empty.viewport().mapToGlobal(where), QPoint(), QPoint(0, -240), *WHEEL)
    QApplication.sendEvent(empty.viewport(), turned)
    assert bar.value() == 0
    empty.step_back(False)
    QApplication.sendEvent(empty.viewport(), turned)
    assert bar.value() > 0
