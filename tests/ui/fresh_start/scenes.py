"""Scenes of starting fresh for the gallery: the sheet with each choice, and the lines that link conversations."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.core.conversation import Conversation
from desktop.core.fresh_start.brief import brief_of
from desktop.core.fresh_start.ways import FreshStart, OutgoingDraft
from desktop.core.message import AttachmentPart
from desktop.core.place import Place
from desktop.ui.chat.page import ChatPage
from desktop.ui.fresh_start.presenter import ContinuedLine, OriginLine
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.look.theme import Theme
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine
from tests.ui.transcript.page_bench import KnownPath, mine, reply

Scene = Callable[[Theme, int], QWidget]
MakeWindow = Callable[[Theme, int, Place], tuple[QWidget, ChatPage]]

QUESTION = "Which payment terms does the contract with Nordlicht GmbH name? Please give the number of the clause."
QUESTION_ZH = "合同里的付款期限是多少天？请指出是第几条。"
TALK = (
    mine(QUESTION),
    reply("Payment is due **45 days** after the invoice (clause 7.2), with 3 % discount within 10 days."),
    mine(QUESTION_ZH),
    reply("付款期限为收到发票后 45 天（第 7.2 条）。"),
)
CONTRACT = AttachmentPart("Nordlicht, framework contract.pdf", "application/pdf", "Clause 4.1: within 30 days. " * 400)


def fresh_scenes(make_window, here, far):
    """`make_window` makes the window's other parts for a width and a place."""

    def talking(theme, width, place):
        whole, page = make_window(theme, width, place)
        page.transcript.show_path(KnownPath(TALK))
        page.show_transcript(True)
        return whole, page

    def sheet(start, place=here, *, is_taught=True, is_running=False):
        def make(theme, width):
            whole, page = talking(theme, width, place)
            made = FreshSheet(theme, page, page.header)
            made.show_place(place, 1024)

            def open_it():
                made.open(start, FreshStart, is_taught=is_taught)
                made.show_running(is_running)
                made.show_brief(brief_of(TALK))
                if start is FreshStart.CARRY_OVER and is_running:
                    made.findChild(FoldButton).click()
                made.show_question(OutgoingDraft(QUESTION, (CONTRACT,) if is_running else ()))

            QTimer.singleShot(0, made, open_it)
            return whole

        return make

    def rewritten(theme, width):
        whole = sheet(FreshStart.CARRY_OVER)(theme, width)
        made = whole.findChild(FreshSheet)
        assert isinstance(made, FreshSheet)

        def write():
            box = made.preview.findChild(QPlainTextEdit)
            assert isinstance(box, QPlainTextEdit)
            box.setPlainText("Only this, in my own words.")

        QTimer.singleShot(0, made, write)
        return whole

    def suggested(theme, width):
        whole, page = talking(theme, width, here)
        line = QuietLine(theme, PlainLabel("This conversation has become long.", "small", wraps=True), closable=True)
        line.offer("Start fresh")
        page.put_below(line)
        line.show()
        return whole

    def linked(theme, width):
        whole, page = talking(theme, width, here)
        origin, continued = OriginLine(theme), ContinuedLine(theme)
        page.put_above(origin)
        page.put_below(continued)
        origin.show_origin(Conversation(title="Payment terms of Nordlicht GmbH"), is_fresh=True, can_undo=True)
        continued.show_continued([Conversation(title="供应商合同的要点 " * 12), Conversation(title="Another one")])
        QTimer.singleShot(0, page, lambda: [each.set_pointed_at(True) for each in whole.findChildren(MessageFooter)])
        return whole

    return {
        "fresh_blank": sheet(FreshStart.BLANK),
        "fresh_ask_again": sheet(FreshStart.ASK_AGAIN, far),
        "fresh_first_time": sheet(FreshStart.ASK_AGAIN, is_taught=False, is_running=True),
        "fresh_carry_over": sheet(FreshStart.CARRY_OVER),
        "fresh_claims": sheet(FreshStart.CARRY_OVER, is_running=True),
        "fresh_rewritten": rewritten,
        "fresh_suggested": suggested,
        "fresh_links": linked,
    }
