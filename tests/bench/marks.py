"""`python -m tests.bench.marks`: what a thousand marks in an answer cost the GUI thread, by its longest step.

A step is what runs between two looks at what else there is to do: showing what was found, a paint, a key, a press. Its
processor time is given, the least of several runs. On a display of its own.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from desktop.core.evidence.checked import Checked, Evidence, GivenText, SourcePlace, ThingKind, Verdict
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.transcript.view import Transcript
from tests.ui.transcript.page_bench import KnownPath, mine, reply
from tests.virtual_display import virtual_display

MARKS = 1_000
RUNS = 5
LIMIT = 16.0  # ms
_VERDICTS = (Verdict.FOUND, Verdict.FOUND, Verdict.FOUND, Verdict.ELSEWHERE, Verdict.NOT_FOUND)
_SCROLLS = 40


def answers() -> dict[str, str]:
    """Answers that hold so many figures, by their shape."""
    figures = [f"{number:,}" for number in range(1_000, 1_000 + MARKS)]
    rows = [" | ".join(["", *figures[at : at + 5], ""]).strip() for at in range(0, MARKS, 5)]
    return {
        "list": "\n".join(f"- the price of part {at} is {each} a piece" for at, each in enumerate(figures)),
        "paragraph": "; ".join(f"{each} pieces" for each in figures) + ".",
        "table": "\n".join(["| a | b | c | d | e |", "| --- | --- | --- | --- | --- |", *rows]),
        "arabic": "؛ ".join(f"السعر هو {each} درهم" for each in figures) + ".",
    }


def evidence_of(text: str) -> Evidence:
    """Return evidence in which each figure with a separator has been looked up."""
    shown = shown_in(text)
    checked: list[Checked] = []
    at = 0
    for number in range(1_000, 1_000 + MARKS):
        word = f"{number:,}"
        at = shown.text.index(word, at)
        verdict = _VERDICTS[number % len(_VERDICTS)]
        places = (SourcePlace(0, 0, 5),) if verdict is not Verdict.NOT_FOUND else ()
        checked.append(Checked(ThingKind.NUMBER, word, at, at + len(word), verdict, places))
        at += len(word)
    return Evidence(tuple(checked), (GivenText("Prices.xlsx", "1,000"),), blocks=shown.blocks)


def _took(step: Callable[[], object]) -> float:
    began = time.thread_time()
    step()
    return (time.thread_time() - began) * 1000


def _settle() -> float:
    """Let all be done that waits; return the most that one round took."""
    return max(_took(QApplication.processEvents) for _ in range(10))


def _measure(theme: Theme, text: str, evidence: Evidence) -> dict[str, float]:
    transcript = Transcript(theme, PanelPreference.AUTO)
    transcript.resize(740, 560)
    transcript.show()
    answer = reply(text)
    transcript.show_path(KnownPath([mine("?"), answer]))
    for _ in range(20):
        _settle()
    view = transcript.live_views()[-1][1]
    found = {"show": _took(lambda: transcript.evidence.show(answer.id, evidence)), "paint": _settle()}
    bar = transcript.verticalScrollBar()
    steps = [bar.maximum() * at // _SCROLLS for at in range(_SCROLLS)]
    plain = _took(lambda: transcript.viewport().grab())
    found["a screen, with marks"] = plain
    found["scroll"] = max(max(_took(lambda y=y: bar.setValue(y)), _settle()) for y in steps)
    found["key"] = max(max(_took(lambda: transcript.evidence.step(1)), _settle()) for _ in range(20))
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(200, 200),
        QPointF(200, 200),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    found["pointer"] = max(_took(lambda: QApplication.sendEvent(view.answer, move)) for _ in range(20))
    transcript.deleteLater()
    _settle()
    return found


def main() -> int:
    with virtual_display() as display:
        os.environ["DISPLAY"] = display
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        app = QApplication(sys.argv[:1])
        theme = Theme("light")
        theme.apply_to(app)
        for name, text in answers().items():
            for kind, evidence in (("marked", evidence_of(text)), ("plain", Evidence())):
                runs = [_measure(theme, text, evidence) for _ in range(RUNS)]
                least = {what: min(run[what] for run in runs) for what in runs[0]}
                said = "  ".join(f"{what} {took:.1f}" for what, took in least.items())
                over = [what for what in ("show", "key", "pointer") if least[what] > LIMIT]
                print(f"{name:10} {kind:7} ms: {said}{'  OVER: ' + ', '.join(over) if over else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
