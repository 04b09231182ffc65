"""The gallery itself: each choice makes the scene anew, in its theme, language and size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialog

from tests.ui.gallery import SCENES, SIZES, unknown
from tests.ui.gallery_window import GalleryWindow

pytestmark = pytest.mark.window


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


def test_a_scene_that_there_is_not_is_told_of_in_words():
    assert "Did you mean settings" in unknown("setings")
    assert "gallery --list" in unknown("nothing like it")
