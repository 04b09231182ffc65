"""Takes the pictures of `docs/screenshots` anew, of scenes of the gallery: `python -m tests.ui.screenshots [NAME …]`.

On a display of its own, from the screen itself, so that menus and dialogs are in them. The picture of the installer
and that of a Word document are taken by hand. Not a test: somebody looks at each picture, and makes it smaller:
`pngquant --nofs --strip --force --ext .png 128 FILE`, then `zopflipng -y FILE FILE`.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu

from tests.virtual_display import virtual_display

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WIDE, NARROW = QSize(1000, 700), QSize(760, 560)
_SETTLED_MS = 1200  # formulas, and what a scene does when it is shown


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene in a theme, a language and a size."""

    scene: str
    mode: str = "light"
    language: str = "en"
    size: QSize = WIDE


def _light(*scenes):
    """Return pictures of scenes that have the names of their pictures, wide and in the light."""
    return {f"{scene.replace('_', '-')}-light": Shot(scene) for scene in scenes}


SHOTS: dict[str, Shot] = {
    **_light("consent", "evidence", "files_choosing", "fresh_compared", "guided_step", "ledger", "model_menu"),
    **_light("prompt_filled"),
    "answer-light": Shot("heat_pump"),
    "each-file-light": Shot("each file done"),
    "evidence-page-light": Shot("evidence_pdf"),
    "files-preview-light": Shot("preview"),
    "folder-answer-light": Shot("folder answer"),
    "lesson-quotes-light": Shot("lesson_quotes", size=QSize(760, 900)),
    "signs-gave-in-light": Shot("gave_in"),
    "thinking-done-open-light": Shot("thinking_done_open", size=NARROW),
    "which-model-light": Shot("models"),
}


def photograph(app, shot):
    """Return the picture of a shot."""
    from desktop.ui.look.theme import Theme
    from tests.ui.languages import speaking

    theme = Theme("dark" if shot.mode == "dark" else "light")
    theme.apply_to(app)
    with speaking(app, shot.language):
        picture = _photograph_scene(shot, theme)
    theme.deleteLater()
    return picture


def _photograph_scene(shot, theme):
    from tests.ui.gallery import SCENES

    scene = SCENES[shot.scene](theme, shot.size.width())
    if isinstance(scene, QMenu):
        scene.popup(QPoint(20, 20))
    else:
        scene.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        scene.resize(shot.size)
        scene.move(0, 0)
        scene.show()
    QTest.qWait(_SETTLED_MS)
    first = QApplication.focusWidget()
    if isinstance(first, QAbstractButton) and not isinstance(scene, QDialog):
        first.clearFocus()  # the window manager's doing: in the program the keyboard stands where one writes
        QTest.qWait(0)
    area = QRect(scene.mapToGlobal(QPoint(0, 0)), scene.size())
    picture = scene.screen().grabWindow(0, area.x(), area.y(), area.width(), area.height())
    scene.close()
    scene.deleteLater()
    QTest.qWait(0)
    return picture


def main(names):
    """Take the pictures of these names, or all; return the exit status."""
    if unknown := [name for name in names if name not in SHOTS]:
        sys.stderr.write(f"There is no picture {unknown[0]}; there are: {', '.join(SHOTS)}\n")
        return 2
    with virtual_display() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
        app = QApplication(sys.argv[:1])
        importlib.import_module("ziamath")  # takes longer than a scene is waited for
        for name in names or SHOTS:
            photograph(app, SHOTS[name]).save(str(FOLDER / f"{name}.png"))
        del app
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
