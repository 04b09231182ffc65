"""Takes the pictures of `docs/screenshots` anew, of scenes of the gallery: `python -m tests.ui.screenshots [NAME …]`.

On a display of its own, from the screen itself, so that menus and dialogs are in them. The pictures of installers and
of installed programs are taken by trials of the packages, not here. Not a test: somebody looks at each picture.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu

from tests.virtual_display import virtual_display

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WIDE, NARROW, LARGE = QSize(1000, 700), QSize(760, 560), QSize(1600, 1000)
_SETTLED_MS = 1200  # formulas, and what a scene does when it is shown
_SIZES = (("", WIDE), ("-narrow", NARROW))
_COLUMNS, _SHRUNK_PX, _LARGEST = 3, 576, 10_000


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene, or several beside each other, in a theme, a language and a size."""

    scenes: tuple[str, ...]
    mode: str = "light"
    language: str = "en"
    size: QSize = WIDE
    kind: str = "png"  # webp, which is small, where words need not be read


def _both(name: str, narrow: str, *scenes: str) -> dict[str, Shot]:
    """Return a picture in the light, and one in the dark, in Chinese, `narrow` or not."""
    size = NARROW if narrow else WIDE
    return {f"{name}-light": Shot(scenes), f"{name}{narrow}-zh-dark": Shot(scenes, "dark", "zh_CN", size)}


def _four(name: str, scene: str) -> dict[str, Shot]:
    """Return pictures of a scene in both themes, languages and sizes, each twice."""
    return _both(name, "-narrow", scene) | {
        f"{name}-zh-light": Shot((scene,), "light", "zh_CN"),
        f"{name}-narrow-dark": Shot((scene,), "dark", size=NARROW),
    }


def _lessons() -> dict[str, Shot]:
    """Return pictures of each lesson in both languages, and of two in both themes and sizes."""
    keys = ("parts", "quotes", "examples", "thinking-models", "frameworks", "attaching")
    keys += ("checking", "taking-along", "inventing", "places", "sizes", "distilled")
    tall = QSize(760, 900)  # all of a lesson
    scenes = tuple(f"lesson_{key}" for key in keys)
    shots: dict[str, Shot] = {
        "lessons-light": Shot(scenes, size=tall, kind="webp"),
        "lessons-zh-light": Shot(scenes, "light", "zh_CN", tall, kind="webp"),
    }
    for key in keys:
        shots |= {f"lesson-{key}-light": Shot((f"lesson_{key}",), size=tall)}
        shots |= {f"lesson-{key}-zh-light": Shot((f"lesson_{key}",), "light", "zh_CN", tall)}
    for key in ("quotes", "distilled"):
        shots |= {f"lesson-{key}-dark": Shot((f"lesson_{key}",), "dark")}
        shots |= {f"lesson-{key}-narrow-zh-dark": Shot((f"lesson_{key}",), "dark", "zh_CN", NARROW)}
    return shots


_THINKING = tuple(
    f"thinking_{state}"
    for state in (
        *("connecting", "loading", "reading", "peek", "open", "closed", "loop_peek", "loop_open", "answering"),
        *("done", "done_open", "stopped", "cut_off", "failed", "no_answer"),
    )
)
SHOTS: dict[str, Shot] = {
    **_both("about", "", "about"),
    **_both("answer", "-narrow", "heat_pump"),
    "answer-dark": Shot(("heat_pump",), "dark"),
    "answer-narrow-light": Shot(("heat_pump",), size=NARROW),
    **_both("chatting", "-narrow", "chatting"),
    **_both("connections", "-narrow", "connections"),
    **_four("connection-way", "connection_way"),
    **{
        name: shot
        for case in ("expired", "name", "unknown", "certificate", "proxy", "key", "no-name", "locked")
        for name, shot in _both(f"failed-test-{case}", "-narrow", f"failed_test_{case.replace('-', '_')}").items()
    },
    **_both("evidence", "-narrow", "evidence"),
    "evidence-dark": Shot(("evidence",), "dark"),
    "evidence-narrow-light": Shot(("evidence",), size=NARROW),
    **{f"evidence{narrow}-zh-light": Shot(("evidence",), "light", "zh_CN", size) for narrow, size in _SIZES},
    "evidence-zh-dark": Shot(("evidence",), "dark", "zh_CN"),
    "evidence-narrow-dark": Shot(("evidence",), "dark", size=NARROW),
    **_four("evidence-marks", "evidence_marks"),
    **_four("evidence-page", "evidence_pdf"),
    **_four("evidence-sheet", "evidence_sheet"),
    **_four("evidence-wrong-sum", "evidence_miscomputed"),
    **_both("files-chips", "-narrow", "files_chips"),
    **_both("files-choosing", "", "files_choosing"),
    "files-choosing-narrow-dark": Shot(("files_choosing",), "dark", size=NARROW),
    "files-left-out-light": Shot(("files_left_out",)),
    "files-meter-light": Shot(("files_metered",)),
    "files-meter-zh-dark": Shot(("files_metered",), "dark", "zh_CN"),
    **_both("files-preview", "-narrow", "preview"),
    "finding-light": Shot(("finding",)),
    **_both("first-run-nothing", "-narrow", "first_run_nothing"),
    "first-run-starter-light": Shot(("empty",)),
    **_both("forwarded-model", "-narrow", "forwarded_model"),
    **_both("fresh-brief", "", "fresh_claims"),
    "fresh-compared-light": Shot(("fresh_compared",)),
    "fresh-compared-zh-dark": Shot(("fresh_compared_zh",), "dark", "zh_CN"),
    "fresh-compared-three-narrow-dark": Shot(("fresh_compared_three",), "dark", size=NARROW),
    **_four("fresh-carry-over", "fresh_carry_over"),
    **_both("fresh-sheet", "-narrow", "fresh_ask_again"),
    **_four("help", "help"),
    **_both("which-model", "", "models"),
    **_both("which-model-first", "-narrow", "models_first"),
    "settings-writing-light": Shot(("settings_writing",)),
    "settings-privacy-zh-dark": Shot(("settings_privacy",), "dark", "zh_CN"),
    **_both("help-found", "-narrow", "help_found"),
    **_both("help-keys", "-narrow", "help_keys"),
    **_both("help-words", "-narrow", "help_words"),
    **_lessons(),
    **_both("letter", "-narrow", "letter"),
    "model-file-refused-light": Shot(("unusable_model",)),
    **_both("model-menu", "-narrow", "model_menu"),
    "model-menu-search-narrow-light": Shot(("model_menu_many",), size=NARROW),
    **{
        f"model-card{narrow}{told}-{mode}": Shot(("model_menu_card",), mode, language, size)
        for narrow, size in _SIZES
        for told, language in (("", "en"), ("-zh", "zh_CN"))
        for mode in ("light", "dark")
    },
    **{f"model-verdicts-{name}-gb-light": Shot((f"model_menu_on_{name}",), size=NARROW) for name in ("8", "16", "24")},
    "offline-lock-light": Shot(("offline_lock",)),
    "prompt-advice-dark": Shot(("prompt_advice",), "dark"),
    "prompt-advice-narrow-light": Shot(("prompt_advice",), size=NARROW),
    **_both("prompt-compared", "-narrow", "compare_done"),
    "prompt-files-light": Shot(("prompt_files",)),
    **_both("prompt-empty", "-narrow", "prompt_empty"),
    "prompt-examples-light": Shot(("prompt_examples",)),
    "prompt-filled-light": Shot(("prompt_filled",)),
    "prompt-filled-narrow-zh-light": Shot(("prompt_filled",), "light", "zh_CN", NARROW),
    "prompt-preview-narrow-light": Shot(("prompt_preview",), size=NARROW),
    "prompt-preview-zh-dark": Shot(("prompt_preview",), "dark", "zh_CN"),
    **_both("recipe-form", "-narrow", "recipe_form"),
    "recipe-link-missing-light": Shot(("link_missing",)),
    **_both("search", "", "searching"),
    **_both("search", "-narrow", "searching"),
    "search-narrow-light": Shot(("searching",), size=NARROW),
    "search-zh-dark": Shot(("searching",), "dark", "zh_CN"),
    "search-nothing-narrow-light": Shot(("searching_nothing",), size=NARROW),
    **_both("settings", "-narrow", "settings"),
    **_four("ledger", "ledger"),
    **_four("consent", "consent"),
    **_both("instructions", "-narrow", "instructions"),
    **_both("outgoing", "-narrow", "outgoing"),
    **_both("policy", "-narrow", "policy"),
    **_both("policy-connections", "-narrow", "policy_connections"),
    **_both("policy-settings", "-narrow", "policy_settings"),
    **_both("diagnostics", "-narrow", "diagnostics"),
    **_both("fault", "-narrow", "fault"),
    **_both("bin", "-narrow", "bin"),
    **_both("folders", "", "folders"),
    **_both("temporary", "-narrow", "temporary"),
    **_both("restore", "-narrow", "restore"),
    **_both("import", "-narrow", "import"),
    **_four("guided-step", "guided_step"),
    **_both("guided-missing", "-narrow", "guided_missing"),
    **_both("guided-named", "-narrow", "guided_named"),
    **_both("start", "-narrow", "empty"),
    "signs-contradiction-light": Shot(("signs_of_contradiction",), size=LARGE),
    "signs-drift-zh-dark": Shot(("signs_of_drift",), "dark", "zh_CN"),
    **_four("signs-gave-in", "gave_in"),
    "signs-invention-zh-dark": Shot(("signs_of_invention",), "dark", "zh_CN"),
    "signs-server-light": Shot(("signs_of_the_server",), size=LARGE),
    "thinking-done-open-light": Shot(("thinking_done_open",), size=NARROW),
    "thinking-loop-open-dark": Shot(("thinking_loop_open",), "dark", size=NARROW),
    "thinking-menu-light": Shot(("thinking_menu",), size=NARROW),
    "thinking-states-light": Shot(_THINKING, size=NARROW),
    "thinking-states-dark-zh": Shot(_THINKING, "dark", "zh_CN", NARROW),
}


def photograph(app: QApplication, shot: Shot) -> QPixmap:
    """Return the picture of a shot; of several scenes, a sheet with all of them."""
    from desktop.ui.look.theme import Theme
    from tests.ui.languages import speaking

    theme = Theme("dark" if shot.mode == "dark" else "light")
    theme.apply_to(app)
    with speaking(app, shot.language):
        pictures = [_photograph_scene(name, theme, shot.size) for name in shot.scenes]
    theme.deleteLater()
    return pictures[0] if len(pictures) == 1 else _sheet(pictures)


def _photograph_scene(name: str, theme: object, size: QSize) -> QPixmap:
    from tests.ui.gallery import SCENES

    scene = SCENES[name](theme, size.width())
    if isinstance(scene, QMenu):
        scene.popup(QPoint(20, 20))
    else:
        scene.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        scene.resize(size)
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


def _sheet(pictures: Sequence[QPixmap]) -> QPixmap:
    rows = -(-len(pictures) // _COLUMNS)
    shape = pictures[0].size().scaled(_SHRUNK_PX, _LARGEST, Qt.AspectRatioMode.KeepAspectRatio)
    sheet = QPixmap(_COLUMNS * shape.width(), rows * shape.height())
    sheet.fill(Qt.GlobalColor.gray)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, picture in enumerate(pictures):
        at = QPoint(number % _COLUMNS * shape.width(), number // _COLUMNS * shape.height())
        painter.drawPixmap(QRect(at, shape), picture)
    painter.end()
    return sheet


def main(names: Sequence[str]) -> int:
    """Take the pictures of these names, or all; return the exit status."""
    if unknown := [name for name in names if name not in SHOTS]:
        sys.stderr.write(f"There is no picture {unknown[0]}; there are: {', '.join(SHOTS)}\n")
        return 2
    with virtual_display() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
        app = QApplication(sys.argv[:1])
        importlib.import_module("ziamath")  # takes longer than a scene is waited for
        for name in names or SHOTS:
            photograph(app, SHOTS[name]).save(str(FOLDER / f"{name}.{SHOTS[name].kind}"))
        del app
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
