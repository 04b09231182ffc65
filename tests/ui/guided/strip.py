"""Walks through guided mode in the whole program, and keeps a strip of pictures: `python -m tests.ui.guided.strip`.

Five tasks of the office, each by three phrasings a language, from the first key to the sent request, in two sizes, over
a scripted server, beside the line alone in the bare box. The strips go to `docs/screenshots`, and the table of presses
and times is said, for `docs/guided.md`. Not a test: somebody looks at the strips.
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

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.ui.guided.sheet import GuidedSheet
from tests.support.in_process import OpenProgram, open_program
from tests.support.scripted_server import ScriptedServer, running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.languages import speaking
from tests.ui.screenshots import FOLDER, NARROW, WIDE
from tests.virtual_display import virtual_display

_SETTLED_MS = 350  # of whatever follows a press: folding, what was put off
_QUALITY = 70
_FRAME, _GAP, _WORDS = QSize(380, 266), 8, 24
# The keystroke-level model of Card, Moran and Newell (Communications of the ACM 23, 7, 1980): a key of a typist of 40
# words a minute, and the decision before it.
_KEY_S, _THINK_S = 0.28, 1.35


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through one task. `keys`: the numbers of answers; `keyed`: the line as it is typed, if not as it stands."""

    task: str
    line: str
    keys: tuple[str, ...]
    material: str = ""
    keyed: str = ""
    language: str = "en"
    size: QSize = WIDE
    mode: str = "light"

    @property
    def line_keys(self) -> int:
        """How many keys the line takes: in pinyin its letters, and one for each word that is chosen."""
        return len(self.keyed) + 1 if self.keyed else len(self.line)


MAIL = "Dear Ms Novak,\n\nsix of the forty chairs of 20 November wobble. Guests have complained.\n\nHotel Seeblick"
BRIEF = "您好：我们 11 月 20 日订的 40 把椅子里有 6 把椅腿松动，客人已经投诉。\n请尽快处理。\n海川展览 刘敏"
NOTES = "Anna: price list until Friday\nPaul: lorry late again\nnext meeting the 12th, room open"
RECORD = "安娜：价目表周五前\n保罗：货车又晚了\n下次会议 12 日，地点待定"
CLAUSE = "The tenant may end the lease with three months' notice to the end of a quarter.\nNotice is given in writing."
RULES = "1 Travel is applied for three days ahead.\n2 A night may cost 400 at most.\n3 Receipts within 15 days."
RULES_ZH = "1 出差须提前三天申请。\n2 住宿每晚不超过 400 元，超出部分自付。\n3 报销须在返回后 15 天内提交。"
CLAUSE_ZH = "承租人可提前三个月书面通知解除合同。\n解除自季度末起生效。"
OFFERS = "椅子 12 把，每把 45 元；桌子 3 张，每张 120 元\n灯 2 盏，价格未知；运费 30 元"
LIST = "12 chairs 45 each, 3 tables 120 each\n2 lamps, price unknown\ndelivery 30"


# By task: what it is done with, and each phrasing with its answers, in Chinese with its pinyin, a blank after a word.
_ENGLISH = {
    "complaint": (
        MAIL,
        ("answer the customer's complaint", "1 2"),
        ("how we could calm down an angry guest: write a reply to his complaint", "2 1"),
        ("reply to this complaint about the wobbly chairs", "1 1"),
    ),
    "minutes": (
        NOTES,
        ("minutes of the meeting", "1 1"),
        ("write up the meeting from my notes", "3 2"),
        ("turn my notes into minutes", "2 1"),
    ),
    "translate": (
        CLAUSE,
        ("translate the clause", "2 2"),
        ("put this into German", "3 1"),
        ("translate this notice into French", "1 2"),
    ),
    "table": (
        LIST,
        ("make a table of this list", "item/number/price 2"),
        ("tidy up the data in a spreadsheet", "item/number/price 1"),
        ("put these offers into a table", "item/number/price 2"),
    ),
    "policy": (
        RULES,
        ("explain our travel policy", "1 1"),
        ("what does the travel regulation say, in plain words?", "2 2"),
        ("explain the expense rules to a new colleague", "1 2"),
    ),
}
_CHINESE = {
    "complaint": (
        BRIEF,
        ("帮我回复客户投诉", "1 2", "bangwo huifu kehu tousu"),
        ("客户投诉椅子松动，帮我写封回信", "1 1", "kehu tousu yizi songdong , bangwo xie feng huixin"),
        ("回复一下这封客户投诉", "2 1", "huifu yixia zhefeng kehu tousu"),
    ),
    "minutes": (
        RECORD,
        ("整理会议纪要", "1 1", "zhengli huiyi jiyao"),
        ("把会议记录整理成纪要", "3 2", "ba huiyi jilu zhengli cheng jiyao"),
        ("帮我写今天例会的会议纪要", "2 1", "bangwo xie jintian lihui de huiyi jiyao"),
    ),
    "translate": (
        CLAUSE_ZH,
        ("翻译合同条款", "2 2", "fanyi hetong tiaokuan"),
        ("把这段条款翻成英文", "1 1", "ba zheduan tiaokuan fancheng yingwen"),
        ("帮我把通知译成英语", "1 2", "bangwo ba tongzhi yicheng yingyu"),
    ),
    "table": (
        OFFERS,
        ("把下面的报价整理成表格", "名称、数量、单价 2", "ba xiamian de baojia zhengli cheng biaoge"),
        ("把这些数据做成表格", "名称、数量、单价 1", "ba zhexie shuju zuocheng biaoge"),
        ("把报价单列成一张表格", "名称、数量、单价 2", "ba baojiadan liecheng yizhang biaoge"),
    ),
    "policy": (
        RULES_ZH,
        ("解读一下差旅报销制度", "1 1", "jiedu yixia chailv baoxiao zhidu"),
        ("用大白话讲讲报销规定", "2 2", "yong dabaihua jiangjiang baoxiao guiding"),
        ("给新同事讲解差旅报销制度", "1 2", "gei xin tongshi jiangjie chailv baoxiao zhidu"),
    ),
}


def _walks() -> Iterator[Walk]:
    """Yield each phrasing in both sizes, light where it is wide and dark where it is narrow."""
    for task in _ENGLISH:
        for language, tasks in (("en", _ENGLISH), ("zh_CN", _CHINESE)):
            material, *phrasings = tasks[task]
            for size, mode in ((WIDE, "light"), (NARROW, "dark")):
                for line, keys, *keyed in phrasings:
                    yield Walk(task, line, tuple(keys.split()), str(material), "".join(keyed), language, size, mode)


WALKS = tuple(_walks())


@dataclass(slots=True)
class Taken:
    """What a walk came to: its pictures, presses beside the typed line, and the program's own seconds."""

    walk: Walk
    frames: list[QPixmap] = field(default_factory=list)
    presses: int = 0
    questions: int = 0
    seconds: float = 0.0
    sent: str = ""
    bare_frame: QPixmap | None = None

    @property
    def reckoned(self) -> float:
        """The seconds that a user takes, by the keystroke-level model."""
        keys = self.walk.line_keys + self.presses
        return keys * _KEY_S + (self.questions + 1) * _THINK_S

    @property
    def bare(self) -> float:
        """The same for the line alone in the message box."""
        return (self.walk.line_keys + 1) * _KEY_S + _THINK_S

    @property
    def by_hand_keys(self) -> int:
        """The keys for the same prompt typed into the message box, its material pasted."""
        typed = self.sent.replace(self.walk.material, "")
        return round(len(typed) * self.walk.line_keys / len(self.walk.line)) + 2

    @property
    def by_hand(self) -> float:
        """The seconds for the same prompt typed into the message box, with a decision for each question."""
        return self.by_hand_keys * _KEY_S + (self.questions + 1) * _THINK_S


class Walker:
    """A user with a keyboard in the open program."""

    def __init__(self, opened: OpenProgram, server: ScriptedServer) -> None:
        self._opened = opened
        self._server = server

    def go(self, walk: Walk) -> Taken:
        """Walk, and return what it came to."""
        opened, taken = self._opened, Taken(walk)
        opened.window.theme.set_mode("dark" if walk.mode == "dark" else "light")
        opened.window.resize(walk.size)
        opened.press("Ctrl+N")
        QTest.qWait(_SETTLED_MS)
        taken.bare_frame = self._send_bare(walk)
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
        while self._sheet is not None and not self._sheet.answers.isHidden():
            taken.questions += 1
            self._press(taken, Qt.Key.Key_1)
        self._keep(taken)
        self._press(taken, Qt.Key.Key_Return)
        opened.wait_until(lambda: len(self._server.chats) > before)
        taken.seconds = time.perf_counter() - began
        opened.wait_until(lambda: ended)
        opened.program.chat.generation_ended.disconnect(ended.append)
        self._keep(taken)
        taken.sent = self._server.chats[-1].json["messages"][-1]["content"]
        return taken

    def _send_bare(self, walk: Walk) -> QPixmap:
        """Send the line alone, as it stands, and return the picture of that."""
        ended: list[object] = []
        self._opened.program.chat.generation_ended.connect(ended.append)
        self._type(walk.line)
        QTest.keyClick(self._opened.box, Qt.Key.Key_Return)
        self._opened.wait_until(lambda: ended)
        self._opened.program.chat.generation_ended.disconnect(ended.append)
        QTest.qWait(_SETTLED_MS)
        return self._opened.window.grab()

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
            elif isinstance(focused, QLineEdit):
                focused.insert(letter)
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
    """Return the pictures of walks, a row for each below what it took; the last is the line alone in the bare box."""
    columns = max(len(each.frames) for each in rows) + 1
    wide, tall = _FRAME.width() + _GAP, _FRAME.height() + _WORDS + _GAP
    whole = QPixmap(columns * wide + 2 * _GAP, len(rows) * tall + _GAP)
    whole.fill(QColor("#8c8c8c"))
    painter = QPainter(whole)
    painter.setPen(Qt.GlobalColor.white)
    smooth = Qt.TransformationMode.SmoothTransformation
    for row, each in enumerate(rows):
        top = _GAP + row * tall
        at = (columns - 1) * wide + 2 * _GAP
        guided = f"{each.walk.line}   {each.walk.line_keys} + {each.presses} presses, {each.reckoned:.0f} s"
        painter.drawText(QRect(_GAP, top, at, _WORDS), Qt.AlignmentFlag.AlignVCenter, guided)
        bare = f"bare box: {each.walk.line_keys + 1} presses, {each.bare:.0f} s"
        painter.drawText(QRect(at, top, wide, _WORDS), Qt.AlignmentFlag.AlignVCenter, bare)
        shown = [(_GAP + column * wide, frame) for column, frame in enumerate(each.frames)]
        if each.bare_frame is not None:
            shown.append((at, each.bare_frame))
        for left, frame in shown:
            small = frame.scaled(_FRAME, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            painter.drawPixmap(left, top + _WORDS, small)
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
    """Return the table for the page: what does not depend on the size once, and the slower program of the two sizes."""
    heads = ("line", "keys", "presses after it", "program", "user", "same prompt by hand", "line alone")
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for line in dict.fromkeys(each.walk.line for each in taken):
        both = [each for each in taken if each.walk.line == line]
        one, slower = both[0], max(each.seconds for each in both)
        by_hand = f"{one.by_hand_keys} keys, {one.by_hand:.0f} s"
        cells = (str(one.walk.line_keys), str(one.presses), f"{slower:.1f} s", f"{one.reckoned:.0f} s", by_hand)
        lines.append(f"| {' | '.join((line, *cells, f'{one.bare:.0f} s'))} |")
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
            for name, size in (("", WIDE), ("-narrow", NARROW)):
                rows = [each for each in taken if each.walk.task == task and each.walk.size == size]
                strip(rows).save(str(FOLDER / f"guided-strip-{task}{name}.webp"), quality=_QUALITY)
        say(table(taken))
        say("\n\n".join(f"--- {each.walk.line}\n{each.sent}" for each in taken if each.walk.size == WIDE))


if __name__ == "__main__":
    main(lambda text: sys.stdout.write(f"{text}\n\n"))
