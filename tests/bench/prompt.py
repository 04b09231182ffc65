"""`python -m tests.bench.prompt`: typing in the prompt builder, from the key to the preview painted with it.

Each text is in the panel with its preview unfolded; keys are real ones, and advice, which waits for a pause, is timed
apart. Runs in this process on a virtual display.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.model import ModelInfo
from desktop.core.prompts.prompt import Example, PromptDraft
from desktop.prompts.frameworks import load_frameworks
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.builder.panel import PromptPanel
from tests.bench.table import Row, printed
from tests.virtual_display import missing_programs, virtual_display

FRAME_MS = 1000 / 60
KEYS = 60
_SENTENCE = "The supplier delivers the goods within two weeks of the order, at his own cost. "
_CHINESE = "供应商应在订单确认后两周内交货，运费由其承担。"


def _words(sentence: str, size: int) -> str:
    """Paragraphs of five sentences, about `size` bytes of UTF-8."""
    paragraph = sentence * 5 + "\n"
    return paragraph * (size // len(paragraph.encode()))


DRAFTS: dict[str, Callable[[], PromptDraft]] = {
    "an empty draft": lambda: PromptDraft(framework="main"),
    "20 KB of words": lambda: PromptDraft(framework="main", texts={"task": _words(_SENTENCE, 20_000), "tone": "plain"}),
    "20 KB of Chinese": lambda: PromptDraft(framework="main", texts={"task": _words(_CHINESE, 20_000)}),
    "20 KB of quotes": lambda: PromptDraft(framework="main", texts={"task": '"""\n{{}}\n' * 2_000}),
    "50 KB of material": lambda: PromptDraft(framework="main").with_material("context", _words(_SENTENCE, 50_000)),
    "5 MB of material": lambda: PromptDraft(framework="main").with_material("context", _words(_SENTENCE, 5_000_000)),
    "500 examples": lambda: PromptDraft(framework="main").with_examples(
        *(Example(f"an input {at}", f"an output {at}") for at in range(500))
    ),
}


def main() -> int:
    argparse.ArgumentParser(prog="tests.bench.prompt", description=__doc__).parse_args()
    if missing := missing_programs():
        print(f"Not installed: {', '.join(missing)}.")
        return 1
    with virtual_display() as display:
        os.environ.update(DISPLAY=display, QT_QPA_PLATFORM="xcb", LC_ALL="C.UTF-8")
        rows = _measure()
    print(printed(rows))
    return 0


def _measure() -> list[Row]:
    app = QApplication(sys.argv[:1])
    theme = Theme("light")
    theme.apply_to(app)
    began = time.perf_counter()
    panel = PromptPanel(theme, load_frameworks().frameworks)
    panel.resize(360, 900)
    panel.show()
    _settle(panel)
    rows = [Row("making the panel", (time.perf_counter() - began) * 1000, "ms")]
    panel.show_setting(ModelInfo("qwen3:4b"), None, is_first=True, window=32_768)
    panel.preview.set_open(True)
    for name, make in DRAFTS.items():
        panel.show_draft(make())
        panel.fields.focus_part("tone")
        _settle(panel)
        times = [_timed(panel, Qt.Key.Key_A) for _ in range(KEYS)]
        rows.append(Row(f"{name}: a key, median", statistics.median(times), "ms", FRAME_MS))
        rows.append(Row(f"{name}: the slowest of {KEYS}", max(times), "ms"))
        began = time.perf_counter()
        panel.show_advice()
        rows.append(Row(f"{name}: advice", (time.perf_counter() - began) * 1000, "ms", 50.0))
        if panel.draft.text("task"):
            panel.fields.focus_part("task")
            _settle(panel)
            times = [_timed(panel, Qt.Key.Key_A) for _ in range(KEYS)]
            rows.append(Row(f"{name}: a key within it, median", statistics.median(times), "ms", FRAME_MS))
    return rows


def _timed(panel: PromptPanel, key: Qt.Key) -> float:
    """Milliseconds from a key until all that it causes at once has been painted."""
    box = QApplication.focusWidget()
    assert box is not None
    began = time.perf_counter()
    QTest.keyClick(box, key)
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    panel.repaint()
    took = (time.perf_counter() - began) * 1000
    panel._advise_soon.stop()  # typing goes on before the pause that it waits for
    return took


def _settle(panel: PromptPanel) -> None:
    deadline = time.perf_counter() + 5
    while (panel._refresh_soon.isActive() or panel._advise_soon.isActive()) and time.perf_counter() < deadline:
        QCoreApplication.processEvents()
    for _ in range(5):
        QCoreApplication.processEvents()


if __name__ == "__main__":
    raise SystemExit(main())
