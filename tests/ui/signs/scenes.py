"""Every sign of trouble beside an answer, for `gallery.py`. Not a test."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.core.message import MessageStatus
from desktop.core.sign import Sign, SignKind
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.transcript.remarks import Remarks
from tests.ui.transcript.page_bench import KnownPath, mine, reply

Make = Callable[[Theme, int], QWidget]
MakePage = Callable[[Theme, int], tuple[QWidget, ChatPage]]

QUESTION = "What does the contract say about late delivery?"
ANSWER = (
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

_TOGETHER = {
    "signs_of_the_server": (SignKind.CONTEXT_CUT, SignKind.NO_ANSWER, SignKind.BEGAN_AGAIN, SignKind.LOOP),
    "signs_of_contradiction": (SignKind.CUT_OFF, SignKind.OPPOSITE),
    "signs_of_invention": (SignKind.UNGIVEN, SignKind.UNFILLED),
    "signs_of_drift": (SignKind.REPEATS_EARLIER, SignKind.OTHER_LANGUAGE),
}


def scenes(make_page):
    """By name: each sign with its reason, then a reply with many."""
    made = {name: _signs(make_page, [SIGNS[kind] for kind in kinds]) for name, kinds in _TOGETHER.items()}
    made["gave_in"] = _signs(make_page, [SIGNS[SignKind.GAVE_IN], TOOK_BACK, FIRST_IN_OTHER_LANGUAGE])
    made["answer_limit"] = _signs(make_page, [AT_ANSWER_LIMIT])
    return {**made, "signs_many": _many(make_page)}


def _signs(make_page, signs):
    def make(theme, width):
        whole, page = make_page(theme, width)
        page.show_transcript(True)
        page.transcript.show_path(KnownPath([each for sign in signs for each in (mine(QUESTION), _reply(sign))]))
        QTimer.singleShot(0, page, lambda: [each.unfold() for each in whole.findChildren(Remarks)])
        return whole

    return make


def _many(make_page):
    def make(theme, width):
        whole, page = make_page(theme, width)
        page.show_transcript(True)
        page.transcript.show_path(KnownPath([mine(QUESTION), reply(ANSWER, signs=tuple(SIGNS.values())[5:10])]))
        return whole

    return make


def _reply(sign):
    match sign.kind:
        case SignKind.NO_ANSWER:
            return reply("", "Clause 7 speaks of a penalty. Let me look at clause 9.", signs=(sign,))
        case SignKind.CUT_OFF:
            return reply(ANSWER[:62], signs=(sign,), status=MessageStatus.CUT_OFF)
        case _:
            return reply(ANSWER, signs=(sign,))
