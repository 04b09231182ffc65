"""Answers that were looked up in files, for `gallery.py`: every mark, and the lines below. Not a test."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLocale, QRectF, Qt, QTimer
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.documents.document import Document, Section
from desktop.core.documents.reading import Opened
from desktop.core.evidence.checked import GivenText
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import sources_of
from desktop.core.message import user_message
from desktop.readers import formats
from desktop.readers.source import Source
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.chat.page import ChatPage
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.evidence.place import EvidencePlace
from desktop.ui.look.theme import Theme
from tests.ui.evidence.scenes import DrawnAtOnce
from tests.ui.evidence.showing import given, make_way
from tests.ui.transcript.page_bench import KnownPath, reply

Make = Callable[[Theme, int], QWidget]
MakePage = Callable[[Theme, int], tuple[QWidget, ChatPage]]

NAME = "Rental contract.pdf"
CONTRACT = """[Page 1]

Rental contract of 12 May 2026

Clause 4 Rent

(1) The rent is 4,150 a month. It is due on the third working day of the month.

Clause 5 Running costs

The tenant pays 640 a month in advance for running costs. They are settled by 30 June of the next year.

[Page 2]

Clause 7 Deposit

(1) Before the keys are handed over, the tenant pays a deposit of 12,500, “in three equal parts”.

Clause 9 Increase

The rent may be raised from 1 January 2028, by 3 % a year at most.

Clause 12 Notice

Either side may end the contract with six months' notice to the end of a quarter.
"""
QUESTION = "What does the contract say about rent, deposit, running costs and notice? Please name the clauses."
ANSWER = """The contract of 12 May 2026 names these terms:

- **Rent:** 12,500 a month, due on the third working day
- **Deposit:** paid “in three equal parts”, before the keys are handed over (clause 7)
- **Running costs:** 640 a month in advance, settled by 30 June of the next year
- **Increase:** not before 1 January 2028, at most 3 % a year (clause 9)
- **Notice:** six months to the end of a quarter (clause 12)

Rent for half a year: 6 × 4,150 = 24,900; for a year: 12 × 4,150 = 48,900. For late payment the interest is 8 % a year.
"""
CHINESE_NAME = "租赁合同.pdf"
CHINESE_CONTRACT = """第三条 租金
月租金为人民币3万5千元，乙方应于2026年5月12日前支付首月租金。

第四条 押金
押金为105,000元，乙方应于交房前一次付清。联系人：林晓彤。

第九条 违约
逾期付款的，违约金为每日千分之三。
"""
CHINESE_QUESTION = "合同里的租金、押金和违约金各是多少？请写明条款。"
CHINESE_ANSWER = """合同约定如下：

- **租金：** 每月10.5万元，首月租金于2026年5月12日前支付（第三条）
- **押金：** 10.5万元，“交房前一次付清”（第四条）
- **违约金：** 每日0.3%（第九条）

半年租金：6 × 35,000 = 210,000元，全年租金：12 × 35,000 = 402,000元，联系人是林晓彤，另收服务费800元。
"""


def contract():
    """Return name and text of the file, question and answer in the language in force."""
    if QLocale().language() is QLocale.Language.Chinese:
        return CHINESE_NAME, CHINESE_CONTRACT, CHINESE_QUESTION, CHINESE_ANSWER
    return NAME, CONTRACT, QUESTION, ANSWER


def evidence_of(answer, *texts, question=""):
    """Return the evidence for an answer in files, by name and text."""
    return check(shown_in(answer), Given(GivenText(name, text) for name, text in texts), question)


def answer_scenes(make_page):
    """Return the scenes by name: the answer with its marks; one of them open, with the pane beside."""
    return {"evidence_marks": _answered(make_page), "evidence": _answered(make_page, is_open=True)}


def _answered(make_page, *, is_open=False):
    def make(theme, width):
        whole, page = make_page(theme, width)
        name, text, asked, answered = contract()
        file = written(name, text)
        answer = reply(answered)
        sources = sources_of([user_message(asked, attached=[file])])
        evidence = check(shown_in(answered), Given(sources.given), sources.question)
        page.reading.find_evidence = lambda message: page.transcript.evidence.show(message.id, evidence)
        page.show_transcript(True)
        page.transcript.show_path(KnownPath([user_message(asked, attached=[file]), answer]))
        if is_open:
            thing = evidence.checked.index(evidence.amiss[0])
            make_way(whole, page, width)
            place, pane = _beside(theme, whole, page)

            def show():
                place.open()
                pane.show_thing(evidence, thing)
                page.transcript.evidence.open_mark(answer.id, thing)

            QTimer.singleShot(0, page, show)
        return whole

    return make


@lru_cache
def _folder():
    folder = Path(tempfile.mkdtemp(prefix="candor-scenes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache
def written(name, text):
    """Return what is sent of a contract that has been written as a PDF file; its digest is where that lies."""
    path = _folder() / name
    pages = [part.strip() for part in text.replace("[Page 1]", "").split("[Page 2]")]
    paper = QPdfWriter(str(path))
    paper.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    paper.setResolution(96)
    font = QFont(["DejaVu Serif", "Noto Serif CJK SC", "Noto Sans CJK SC"])
    font.setPointSize(10)
    painter = QPainter(paper)
    for number, page in enumerate(pages):
        if number:
            paper.newPage()
        y = 30.0
        for line in filter(None, page.split("\n")):
            font.setBold(line.startswith(("Clause", "第")) and len(line) < 30)
            painter.setFont(font)
            room = QRectF(20, y, paper.width() - 40, paper.height())
            flags = Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, line)
            y += painter.boundingRect(room, flags, line).height() + (6 if font.bold() else 16)
    painter.end()
    events = list(formats.read(Source(path, name, "", "")))
    sections = tuple(each for each in events if isinstance(each, Section))
    opened = next(each for each in events if isinstance(each, Opened))
    return given(Document(name, opened.media_type, sections), digest=str(path))


def _beside(theme, whole, page):
    """Put the page of a scene into a place with a pane."""
    row = whole.layout()
    assert isinstance(row, QHBoxLayout)
    place = EvidencePlace(theme, page)
    pane = EvidencePane(theme, DrawnAtOnce())
    place.put_in(pane)
    row.addWidget(place, 1)
    return place, pane
