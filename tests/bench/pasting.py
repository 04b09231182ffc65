"""`python -m tests.bench.pasting [--only WORD ...]`: what five megabytes cost the window when they are pasted and sent.

The program in this process, over a scripted server: into the message box, then a key, undo, and Send; and into a part
of the prompt builder, as words and as material. Of each step the longest that the GUI thread worked between two beats.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.prompts.builder.panel import PromptPanel
from tests.bench.heartbeat import Heartbeat
from tests.bench.in_process import answering_program
from tests.bench.table import Row, printed
from tests.support.in_process import OpenProgram
from tests.virtual_display import missing_programs, virtual_display

_LIMIT_MS = 50.0
_SETTLED_MS = 6_000  # after the start, when all that is made ahead has been made
_AFTER_MS = 1_500  # a step, in which pauses end and what was read comes back
_SENTENCE = "The supplier delivers the goods within two weeks of the order, at his own cost. "
TEXTS: dict[str, Callable[[], str]] = {
    "5 MB of lines": lambda: (_SENTENCE * 5 + "\n") * 12_500,
    "5 MB on one line": lambda: _SENTENCE * 62_500,
    "1.7 million Chinese letters": lambda: "供应商应在订单确认后两周内交货，运费由其承担。\n" * 71_000,
    "60 KB of lines": lambda: (_SENTENCE + "\n") * 750,
}


class Pasting:
    """The steps, each measured until the window is at rest again."""

    def __init__(self, opened: OpenProgram, stacks: Path | None) -> None:
        self._opened = opened
        self._beat = Heartbeat(opened.window, stacks.open("a") if stacks is not None else None)
        self.rows: list[Row] = []

    def step(self, name: str, act: Callable[[], object], until: Callable[[], object] = lambda: True) -> None:
        """Do something and note its longest step."""
        self._beat.restart()
        act()
        self._opened.wait_until(until)
        QTest.qWait(_AFTER_MS)
        stall = self._beat.stop()
        self.rows.append(Row(name, stall["cpu_ms"], "ms", _LIMIT_MS))
        print(f"{name}: {stall['cpu_ms']:.1f} ms", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.pasting", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="texts whose name has one of these words")
    parser.add_argument("--stacks", type=Path, help="append to this file where each thread stood in a stall")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure is over its limit")
    options = parser.parse_args()
    if missing := missing_programs():
        print(f"Not installed: {', '.join(missing)}.")
        return 1
    rows: list[Row] = []
    with virtual_display() as display:
        os.environ |= {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        }
        app = QApplication(sys.argv[:1])
        for name, make in TEXTS.items():
            if not options.only or any(word in name for word in options.only):
                rows += _measure(app, name, make(), options.stacks)
    print(printed(rows))
    return 1 if options.check and any(row.is_over for row in rows) else 0


def _measure(app: QApplication, name: str, text: str, stacks: Path | None) -> list[Row]:
    with answering_program(app) as opened:
        opened.wait_for_model()
        opened.ask("Hello.")
        QTest.qWait(_SETTLED_MS)
        pasting = Pasting(opened, stacks)
        _walk(opened, pasting, name, text)
        return pasting.rows


def _walk(opened: OpenProgram, pasting: Pasting, name: str, text: str) -> None:
    chat, composer = opened.program.chat, opened.window.composer
    QApplication.clipboard().setText(text)
    pasting.step(
        f"{name}: pasted into the message box", lambda: _paste(opened.box), lambda: not chat.attachments.is_reading
    )
    pasting.step(f"{name}: a key after it", lambda: QTest.keyClick(opened.box, Qt.Key.Key_A))
    pasting.step(f"{name}: undone, the key", lambda: opened.press("Ctrl+Z"))
    pasting.step(f"{name}: undone, the text", lambda: opened.press("Ctrl+Z"))
    pasting.step(f"{name}: pasted again", lambda: _paste(opened.box), lambda: not chat.attachments.is_reading)
    first = chat.current.id
    pasting.step(f"{name}: a new conversation", lambda: opened.press("Ctrl+N"))
    pasting.step(f"{name}: back in this one", lambda: chat.open(first))
    pasting.step(f"{name}: Enter", opened.press_enter)
    print(opened.notice, "|", len(composer.text()), len(chat.attachments.items), file=sys.stderr)
    opened.press("Ctrl+B")
    QTest.qWait(_AFTER_MS)
    panel = opened.window.findChild(PromptPanel)
    part = panel.fields.part("context") if panel is not None else None
    assert part is not None
    for kind, act in (("words", part.focus_words), ("material", part.begin_material)):
        act()
        QTest.qWait(_AFTER_MS)
        pasting.step(f"{name}: pasted into the prompt builder's {kind}", lambda: _paste(opened.window.focusWidget()))


def _paste(box: QWidget) -> None:
    box.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Paste))


if __name__ == "__main__":
    sys.exit(main())
