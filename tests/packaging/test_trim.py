"""What is left out of the frozen program, and what must not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from freeze.trim import is_kept, languages


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/lib/libQt6XcbQpa.so.6",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "libxcb-cursor.so.0",
        "resources/i18n/candor_zh_CN.qm",
    ],
)
def test_what_the_program_needs_is_kept(name: str) -> None:
    assert is_kept(name, ("en", "zh_CN"))


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "libQt6EglFsKmsSupport.so.6",
        "PySide6/Qt/translations/qtbase_de.qm",
        "libstdc++.so.6",
        "libfontconfig.so.1",
        "libgio-2.0.so.0",
    ],
)
def test_what_nothing_asks_for_is_left_out(name: str) -> None:
    assert not is_kept(name, ("en", "zh_CN"))


def test_the_words_of_qt_come_in_all_languages_of_the_program(tmp_path: Path) -> None:
    for name in ("candor_en.qm", "candor_zh_CN.ts", "candor_zh_CN.qm", "candor_de.ts"):
        (tmp_path / name).touch()
    spoken = languages(tmp_path)
    assert spoken == {"en", "zh_CN", "de"}
    assert is_kept("PySide6/Qt/translations/qtbase_de.qm", spoken)
    assert not is_kept("PySide6/Qt/translations/qtbase_fr.qm", spoken)
