"""Walks through guided mode in the whole program, and keeps a strip of pictures: `python -m tests.ui.guided.strip`.

Five tasks of the office, each by three phrasings, from the first key to the sent request, in both languages and two
sizes, over a scripted server. The strips go to `docs/screenshots`, and the table of presses and times is said, for
`docs/guided.md`. Not a test: somebody looks at the strips.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.guided.sheet import GuidedSheet
from tests.support.in_process import OpenProgram, open_program
from tests.support.scripted_server import ScriptedServer, running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.languages import speaking
from tests.ui.screenshots import FOLDER, NARROW, WIDE
from tests.virtual_display import virtual_display

_SETTLED_MS = 350  # of whatever follows a press: folding, what was put off
_FRAME = QSize(380, 266)
_KEY_S, _THINK_S = 0.28, 1.35  # the keystroke-level model: an average typist's key, a decision


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through one task. `keys`: numbers of answers, or words of one's own."""

    task: str
    line: str
    keys: tuple[str, ...]
    material: str = ""
    language: str = "en"
    size: QSize = WIDE
    mode: str = "light"


MAIL = "Dear Ms Novak,\n\nsix of the forty chairs of 20 November wobble. Guests have complained.\n\nHotel Seeblick"
BRIEF = "您好：我们 11 月 20 日订的 40 把椅子里有 6 把椅腿松动，客人已经投诉。\n请尽快处理。\n海川展览 刘敏"
NOTES = "Anna: price list until Friday\nPaul: lorry late again\nnext meeting the 12th, room open"
RECORD = "安娜：价目表周五前\n保罗：货车又晚了\n下次会议 12 日，地点待定"
CLAUSE = "The tenant may end the lease with three months' notice to the end of a quarter.\nNotice is given in writing."
RULES = "1 出差须提前三天申请。\n2 住宿每晚不超过 400 元，超出部分自付。\n3 报销须在返回后 15 天内提交。"
LIST = "12 chairs 45 each, 3 tables 120 each\n2 lamps, price unknown\ndelivery 30"


def _zh(task: str, line: str, keys: tuple[str, ...], material: str, mode: str = "dark", size: QSize = NARROW) -> Walk:
    return Walk(task, line, keys, material, "zh_CN", size, mode)


WALKS = (
    Walk("complaint", "answer the customer's complaint", ("1", "2", "1"), MAIL),
    Walk("complaint", "how we could calm down an angry guest: write a reply to his complaint", ("2", "1", "3"), MAIL),
    _zh("complaint", "帮我回复客户投诉", ("1", "2", "1"), BRIEF),
    Walk("minutes", "minutes of the meeting", ("1", "1", "1"), NOTES, size=NARROW),
    Walk("minutes", "write up the meeting from my notes", ("3", "2", "3"), NOTES, mode="dark"),
    _zh("minutes", "整理会议纪要", ("1", "1", "1"), RECORD),
    Walk("translate", "translate the clause", ("2", "2", "2"), CLAUSE),
    Walk("translate", "put this into German", ("3", "1", "1"), CLAUSE, size=NARROW),
    _zh("translate", "翻译合同条款", ("2", "2", "1"), CLAUSE, "light", WIDE),
    Walk("table", "make a table of this list", ("1", "2", "3"), LIST, size=NARROW, mode="dark"),
    Walk("table", "tidy up the data in a spreadsheet", ("3", "1", "1"), LIST),
    _zh("table", "把下面的报价整理成表格", ("1", "2", "3"), LIST),
    Walk("policy", "explain our travel policy", ("1", "1", "1"), RULES),
    Walk("policy", "what does the travel regulation say, in plain words?", ("2", "2", "3"), RULES, size=NARROW),
    _zh("policy", "解读一下差旅报销制度", ("1", "1", "2"), RULES, "light", WIDE),
)


@dataclass(slots=True)
class Taken:
    """What a walk came to: its pictures, presses beside the typed line, and the program's own seconds."""

    walk: Walk
    frames: list[QPixmap] = field(default_factory=list)
    presses: int = 0
    questions: int = 0
    seconds: float = 0.0
    sent: str = ""

    @property
    def reckoned(self) -> float:
        """The seconds that a user takes, by the keystroke-level model."""
        keys = len(self.walk.line) + self.presses
        return keys * _KEY_S + (self.questions + 1) * _THINK_S

    @property
    def bare(self) -> float:
        """The same for the line alone in the message box."""
        return (len(self.walk.line) + 1) * _KEY_S + _THINK_S


class Walker:
    """A user with a keyboard in the open program."""

    def __init__(self, opened: OpenProgram, server: ScriptedServer) -> None:
        self._opened = opened
        self._server = server

    def go(self, walk: Walk) -> Taken:
        """Walk, and return what it came to."""
        opened, taken = self._opened, Taken(walk)
        opened.window._theme.set_mode("dark" if walk.mode == "dark" else "light")
        opened.window.resize(walk.size)
        opened.press("Ctrl+N")
        QTest.qWait(_SETTLED_MS)
        before, ended = len(self._server.chats), []  # type: ignore[var-annotated]
        opened.program.chat.generation_ended.connect(ended.append)
        began = time.perf_counter()
        self._type(walk.line)
        opened.wait_until(lambda: opened.window.composer.task.isVisible())
        self._keep(taken)
        self._press(taken, Qt.Key.Key_Tab)
        opened.wait_until(lambda: self._sheet is not None and self._sheet.isVisible())
        self._give(taken, walk.material)
        for at, keys in enumerate(walk.keys):
            taken.questions += 1
            if keys.isdigit():
                self._press(taken, Qt.Key(Qt.Key.Key_0 + int(keys)))
            else:
                taken.presses += len(keys)
                self._type(keys)
                self._press(taken, Qt.Key.Key_Return)
            if at == 0:
                self._keep(taken)
        self._keep(taken)
        self._press(taken, Qt.Key.Key_Return)
        opened.wait_until(lambda: len(self._server.chats) > before)
        taken.seconds = time.perf_counter() - began
        opened.wait_until(lambda: ended)
        opened.program.chat.generation_ended.disconnect(ended.append)
        self._keep(taken)
        taken.sent = self._server.chats[-1].json["messages"][-1]["content"]
        return taken

    @property
    def _sheet(self) -> GuidedSheet | None:
        found = self._opened.window.findChild(GuidedSheet)
        return found if isinstance(found, GuidedSheet) else None

    def _give(self, taken: Taken, material: str) -> None:
        """Paste what is missing, if it is asked for."""
        if self._sheet is None or self._sheet.material.isHidden():
            return
        taken.questions += 1
        QApplication.clipboard().setText(material)
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keySequence(focused, QKeySequence(QKeySequence.StandardKey.Paste))
        taken.presses += 1
        self._keep(taken)
        self._press(taken, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def _type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(focused, letter)
            else:
                focused.insertPlainText(letter)  # type: ignore[attr-defined]

    def _press(
        self, taken: Taken, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifiers)
        taken.presses += 1

    def _keep(self, taken: Taken) -> None:
        """Take a picture of the window; the time for it is not the program's."""
        began = time.perf_counter()
        QTest.qWait(_SETTLED_MS)
        taken.frames.append(self._opened.window.grab())
        taken.seconds -= time.perf_counter() - began


def strip(rows: list[Taken]) -> QPixmap:
    """Return the pictures of walks, a row for each."""
    columns = max(len(each.frames) for each in rows)
    whole = QPixmap(columns * (_FRAME.width() + 8) + 8, len(rows) * (_FRAME.height() + 8) + 8)
    whole.fill(Qt.GlobalColor.gray)
    painter = QPainter(whole)
    smooth = Qt.TransformationMode.SmoothTransformation
    for row, each in enumerate(rows):
        for column, frame in enumerate(each.frames):
            small = frame.scaled(_FRAME, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            painter.drawPixmap(8 + column * (_FRAME.width() + 8), 8 + row * (_FRAME.height() + 8), small)
    painter.end()
    return whole


@contextmanager
def _program(app: QApplication, language: str) -> Iterator[Walker]:
    script = ollama_script(ndjson(ollama_lines("Dear Ms Novak, …")))
    with tempfile.TemporaryDirectory() as folder, running_server(script) as server, speaking(app, language):
        home = Path(folder)
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        os.environ |= dict.fromkeys(names, str(home)) | {"OLLAMA_HOST": server.url}
        (home / "settings.json").write_text(f'{{"language": "{language}"}}', encoding="utf-8")
        with open_program(app, home) as opened:
            opened.wait_for_model()
            opened.activate()
            yield Walker(opened, server)


def table(taken: list[Taken]) -> str:
    """Return the table for the page."""
    lines = ["| line | presses | questions | program | user | bare box |", "| --- | --- | --- | --- | --- | --- |"]
    for each in taken:
        presses = f"{len(each.walk.line)} + {each.presses}"
        times = f"{each.seconds:.1f} s | {each.reckoned:.0f} s | {each.bare:.0f} s"
        lines.append(f"| {each.walk.line} | {presses} | {each.questions} | {times} |")
    return "\n".join(lines)


def main(say: Callable[[str], object]) -> None:
    with virtual_display() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
        app = QApplication(sys.argv[:1])
        found: dict[int, Taken] = {}
        for language in ("en", "zh_CN"):
            with _program(app, language) as walker:
                found |= {at: walker.go(walk) for at, walk in enumerate(WALKS) if walk.language == language}
        taken = [found[at] for at in range(len(WALKS))]
        for task in dict.fromkeys(each.walk.task for each in taken):
            strip([each for each in taken if each.walk.task == task]).save(str(FOLDER / f"guided-strip-{task}.png"))
        say(table(taken))
        say("\n\n".join(f"--- {each.walk.line}\n{each.sent}" for each in taken))


if __name__ == "__main__":
    main(lambda text: sys.stdout.write(f"{text}\n\n"))
