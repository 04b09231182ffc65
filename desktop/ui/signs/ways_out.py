"""The way out of what a sign of trouble tells: a fresh start, more room, one's own language, or a careful look."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.sign import Sign, SignKind
from desktop.ui.errors import ErrorAction
from desktop.ui.message_actions import AskInLanguage, Recover, StartFresh

translate = QCoreApplication.translate


def way_out(sign: Sign) -> StartFresh | AskInLanguage | Recover | None:
    """Return what helps with a sign; None where only looking it up does."""
    match sign.kind:
        case SignKind.CONTEXT_CUT:
            return Recover(ErrorAction.MAKE_ROOM)  # nothing is wrong with what was said, there is too little room
        case SignKind.UNGIVEN | SignKind.BEGAN_AGAIN:
            return None
        case SignKind.OTHER_LANGUAGE if sign.other:
            return AskInLanguage(sign.other)
        case _:
            return StartFresh(sign.kind)


def way_out_words(action: StartFresh | AskInLanguage | Recover) -> str:
    """Return the words on its button."""
    match action:
        case StartFresh():
            return translate("signs", "Start fresh")
        case AskInLanguage("zh"):
            return translate("signs", "In Chinese")
        case AskInLanguage("en"):
            return translate("signs", "In English")
        case AskInLanguage():
            return translate("signs", "My language")
        case Recover():
            return translate("signs", "Make room")
