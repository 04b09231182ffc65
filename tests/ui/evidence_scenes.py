"""Answers and their evidence in the gallery: in the text, in the pane, with signs of trouble, side by side."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QFont, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.claims.claim import Shown
from desktop.core.documents.document import Block, Document, Opened, ReadingProblem, Run, Section, SectionKind
from desktop.core.documents.selection import WHOLE, attachment
from desktop.core.evidence.checked import GivenText, sources_of
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.message import Sign, SignKind, Timings, Usage, user_message
from desktop.core.place import THIS_COMPUTER
from desktop.core.prompts.render import render
from desktop.core.prompts.variants import variants
from desktop.readers import formats
from desktop.readers.pdf.picture import pictures_of
from desktop.readers.source import Source
from desktop.readers.wire import Drawing
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.evidence import DrawnPage, PagePictures
from desktop.ui.compare.page import ComparePage
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.look.stylesheet import set_look
from desktop.ui.message_actions import PanelPreference
from desktop.ui.prompts.dock import compared_sides
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.transcript.remarks import Remarks
from desktop.ui.widgets.page import PanePlace
from tests.readers.conftest import FILES
from tests.support.frameworks import bundled_frameworks
from tests.ui.prompt_scenes import FILLED, FILLED_ZH
from tests.ui.transcript.page_bench import KnownPath, mine, reply

CHAPTERS = (
    (
        ("Clause 4  Rent",),
        ("(1) The rent is 4,150 a month. It is due on the third working day of each month.",),
        ("(2) The rent is paid to the account that the landlord names in writing.",),
    ),
    (
        ("Clause 7  Deposit",),
        (
            "(1) Before the keys are handed over, the tenant pays a deposit of 12,500. It may be paid in three equal "
            "parts, the first of them with the beginning of the tenancy.",
        ),
        (
            "(2) The landlord keeps the deposit apart from his own money, on an account that bears interest at the "
            "usual rate for savings with a notice of three months.",
        ),
        ("Clause 8  Insurance",),
        ("(1) The landlord insures the building against fire, water from pipes, storm and hail.",),
    ),
)
SHORT_ANSWER = (
    "Rent: 12,500 a month, due on the third working day (clause 4). The deposit is paid in three equal parts. For late "
    "payment it asks for interest of 7 % a year. The yearly rent is 12 × 4,150 = 49,800."
)


def contract(name="Rental contract.docx", kind=SectionKind.CHAPTER):
    """A contract of two chapters, or pages."""
    sections = []
    for number, blocks in enumerate(CHAPTERS, start=1):
        made = tuple(Block((Run(words),), str(at), 2 if at == 0 else 0) for at, (words,) in enumerate(blocks))
        sections.append(Section(kind, number, blocks=made))
    return Document(name, "application/pdf" if kind is SectionKind.PAGE else "text/plain", tuple(sections))


def given(document, selection=WHOLE, digest="d1"):
    """What is sent of a document."""
    return attachment(document, selection, digest)


def evidence(answer, *files, said=""):
    """What the rules find for an answer over these files; `said` may hold material, too."""
    sources = sources_of([user_message(said, attached=files)])
    return check(Shown(answer), Given(sources.given), sources.question)


def index_of(found, text):
    """Where a thing stands among those of an answer."""
    return next(at for at, each in enumerate(found.checked) if each.text == text)


def make_way(whole, page, width):
    """Fold the sidebar of a scene, as the window does for the pane where there is no room for both."""
    row = whole.layout()
    first = row.itemAt(0).widget() if row is not None else None
    if width < 1_100 and first is not None and first is not page:
        first.hide()
        page.header.set_sidebar_shown(False)


class DrawnAtOnce(PagePictures):
    """A drawer of pages that nobody has to wait for: they are drawn in this very process."""

    def __init__(self):
        QObject.__init__(self)

    def request_page(self, wanted):
        path = FILES / wanted.digest
        if not path.is_file():
            self.failed.emit(wanted, ReadingProblem.GONE)
            return
        drawing = Drawing((wanted.number,), 0, wanted.width, wanted.sought)
        [picture] = pictures_of(Source(path, path.name, "", ""), drawing)
        image = QImage.fromData(picture.png)
        self.drawn.emit(wanted, DrawnPage(image, picture.count, picture.text, picture.paragraph, picture.place))

    def stop(self):
        pass


def of_file(name):
    """What is sent of one of the readers' files; its digest is its name."""
    events = list(formats.read(Source(FILES / name, name, "", "")))
    sections = tuple(each for each in events if isinstance(each, Section))
    opened = next(each for each in events if isinstance(each, Opened))
    return given(Document(name, opened.media_type, sections), digest=name)


def evidence_scenes(make_window):
    """The scenes by their names."""

    def pane(answer, text, *files):
        def made(theme, width):
            whole, page = make_window(theme, width)
            make_way(whole, page, width)
            shown = EvidencePane(theme, DrawnAtOnce())
            set_look(shown, "dock")
            shown.setFixedWidth(theme.px(420 if width > 800 else 400))
            layout = whole.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.addWidget(shown)
            found = evidence(answer, *files)
            QTimer.singleShot(0, shown, lambda: shown.show_thing(found, index_of(found, text)))
            return whole

        return made

    report = of_file("report-latex.pdf")
    wells = "At the chapel it was 13.8 °C on the second visit; thirty-six of the wells hold water throughout the year."
    return {
        "evidence_pdf": pane(wells, "thirty-six", report),
    }


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


def asked_of_contract():
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
        name, text, asked, answered = asked_of_contract()
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
    place = PanePlace(theme, page, 420, covers=True)
    pane = EvidencePane(theme, DrawnAtOnce())
    place.put_in(pane)
    row.addWidget(place, 1)
    return place, pane


ON_DELIVERY = "What does the contract say about late delivery?"
DELIVERY = (
    "According to clause 7, “the penalty is 3 % of the price for each week of delay”. The notice period is 60 days."
)
SIGNS: dict[SignKind, Sign] = {
    SignKind.GAVE_IN: Sign(SignKind.GAVE_IN, "I apologise for the confusion.", "5 days → 15 days → 20 days"),
    SignKind.CONTEXT_CUT: Sign(SignKind.CONTEXT_CUT, counts=(4_096, 17_300)),
    SignKind.NO_ANSWER: Sign(SignKind.NO_ANSWER),
    SignKind.BEGAN_AGAIN: Sign(SignKind.BEGAN_AGAIN, "According to clause 7, “the penalty is 3 % of the price"),
    SignKind.LOOP: Sign(SignKind.LOOP, "Let me check the clause once more to be sure.", in_thinking=True),
    SignKind.CUT_OFF: Sign(SignKind.CUT_OFF),
    SignKind.OPPOSITE: Sign(
        SignKind.OPPOSITE,
        "No, the supplier may not terminate before the year is over.",
        "Yes, the supplier may terminate with 30 days' notice at any time, for whatever reason.",
    ),
    SignKind.UNFILLED: Sign(SignKind.UNFILLED, "[Name] [Date] [Company]"),
    SignKind.REPEATS_EARLIER: Sign(SignKind.REPEATS_EARLIER, "According to clause 7", "How long is the notice period?"),
    SignKind.OTHER_LANGUAGE: Sign(SignKind.OTHER_LANGUAGE, "根据合同第七条，延迟交货的违约金为每周百分之三。"),
    SignKind.UNGIVEN: Sign(SignKind.UNGIVEN, "Harlow v Pemberton [2017] EWCA Civ 1392"),
}
# It gave in without another value; and the first answer, in another language than the question.
TOOK_BACK = Sign(SignKind.GAVE_IN, "You're right, I was wrong.")
FIRST_IN_OTHER_LANGUAGE = Sign(SignKind.OTHER_LANGUAGE, "Dear customer, we are very sorry for the delay.", "zh")
# An answer that the program has ended, because the model is very small.
AT_ANSWER_LIMIT = Sign(SignKind.CUT_OFF, answer_limit=500)


def sign_scenes(make_page):
    """By name: signs with their reasons, then a reply with many."""
    return {
        "gave_in": _signs(make_page, [SIGNS[SignKind.GAVE_IN], TOOK_BACK, FIRST_IN_OTHER_LANGUAGE]),
        "signs_many": _many(make_page),
    }


def _signs(make_page, signs):
    def make(theme, width):
        whole, page = make_page(theme, width)
        page.show_transcript(True)
        page.transcript.show_path(
            KnownPath([each for sign in signs for each in (mine(ON_DELIVERY), reply(DELIVERY, signs=(sign,)))])
        )
        QTimer.singleShot(0, page, lambda: [each.unfold() for each in whole.findChildren(Remarks)])
        return whole

    return make


def _many(make_page):
    def make(theme, width):
        whole, page = make_page(theme, width)
        page.show_transcript(True)
        page.transcript.show_path(KnownPath([mine(ON_DELIVERY), reply(DELIVERY, signs=tuple(SIGNS.values())[5:10])]))
        return whole

    return make


LETTER = (
    "Dear Ms Aebi,\n\nplease accept my apologies: the 40 chairs should have been with you **before 3 May**.\n\n"
    "1. They leave our warehouse on Thursday.\n2. They reach you on *Friday, 7 May*.\n\nKind regards\nA. Lindqvist"
)
PLAIN = "Hello,\n\nsorry about the delay. We will deliver the chairs on Friday, 7 May.\n\n> Best wishes"
THOUGHT = "The guest is angry. One apology is enough, and the date must be certain."
_TIMES = Timings(connecting=0.2, reading=1.1, thinking=4.0, answering=7.4)


def compare_scenes(make_sidebar):
    done = [_done(LETTER, 431, "qwen3:8b"), _done(PLAIN, 212, "gemma3:4b")]
    return {
        "compare_done": _scene(make_sidebar, done, is_asked_open=True),
        "compare_narrow": _scene(make_sidebar, done, width=480),
    }


def _done(text, tokens, model="gemma3:4b"):
    return reply(text, THOUGHT, timings=_TIMES, usage=Usage(400, tokens, 40), model=model, place=THIS_COMPUTER)


def _scene(make_sidebar, answers, *, is_asked_open=False, width=0):
    """`width` of the page in pixels, in any window."""

    def make(theme, window_width):
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if window_width >= 800:
            row.addWidget(make_sidebar(theme))
        page = ComparePage(theme)
        if width:
            page.setFixedWidth(width)
        row.addWidget(page, 1)
        draft = FILLED_ZH if QLocale().language() is QLocale.Language.Chinese else FILLED
        [framework] = [each for each in bundled_frameworks() if each.key == draft.framework]
        variant = next(each for each in variants(draft, framework) if each.left_out == {"tone"})
        prompts = [render(each, framework) for each in (draft, variant.draft)]
        page.make_columns(draft.text("task"), compared_sides(variant, prompts), PanelPreference.AUTO)
        for column, answer in zip(page.columns, answers, strict=True):
            column.offer_keep(True)
            column.findChild(PromptPreview).set_open(is_asked_open)
            column.show_ended(answer, KnownPath([answer]))
        page.show_running(False)
        page.differences.say([])
        page.models.setVisible(True)
        whole._kept = page  # type: ignore[attr-defined]
        return whole

    return make
