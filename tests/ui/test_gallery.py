"""The gallery opens its scenes, and no scene leaves a window behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QLocale, QObject
from PySide6.QtWidgets import QDialog, QWidget

from tests.ui.gallery import SCENES, SIZES, unknown
from tests.ui.gallery_window import GalleryWindow


@pytest.mark.window
def test_a_scene_is_opened_as_it_is_chosen(qapp, qtbot):
    before = QLocale().name()
    gallery = GalleryWindow(qapp, SCENES, ["settings", "about"], SIZES)
    qtbot.addWidget(gallery)
    gallery.show()
    gallery.open_scene()
    settings = gallery.scene
    assert isinstance(settings, QDialog)
    gallery.mode.setCurrentText("dark")
    gallery.language.setCurrentText("zh_CN")
    gallery.size_.setCurrentIndex(1)
    gallery.following.click()
    assert gallery.scene is not None
    assert gallery.scene is not settings
    assert gallery.scene.windowTitle() == "about"
    assert (gallery.scene.width(), gallery.scene.height()) == SIZES[1]
    assert QLocale().name() == "zh_CN"
    gallery.mode.setCurrentText("light")  # as other tests find it
    gallery.close()
    assert gallery.scene is None
    assert QLocale().name() == before


@pytest.mark.window
def test_a_scene_that_there_is_not_is_told_of_in_words():
    assert "Did you mean settings" in unknown("setings")
    assert "gallery --list" in unknown("nothing like it")


class _Shown(QObject):
    """Notes the widgets that are shown as windows."""

    def __init__(self):
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


PAGES = ("queued", "finding", "chatting", "searching", "connections", "compare_running", "policy_settings", "consent")


@pytest.mark.window
@pytest.mark.parametrize("scene", PAGES)
def test_making_a_page_opens_no_window(scene, theme, qapp):
    shown = _Shown()
    qapp.installEventFilter(shown)
    made = SCENES[scene](theme, 1000)
    qapp.removeEventFilter(shown)
    made.deleteLater()
    assert shown.windows == []
