"""The steps for a reply that thinks, or that ended with thinking alone, and their words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.message import Message, MessageStatus
from desktop.core.reply import ReplyPhase, phase_of, thought_only
from desktop.ui.message_actions import ReplyStep

translate = QCoreApplication.translate


def steps_while(phase: ReplyPhase) -> tuple[ReplyStep, ...]:
    """Return the steps for a running reply."""
    return (ReplyStep.ANSWER_NOW,) if phase is ReplyPhase.THINKING else ()


def steps_after(message: Message, *, can_ask_without: bool) -> tuple[ReplyStep, ...]:
    """Return the steps for a reply that has ended.

    `can_ask_without`: the model is known to answer without thinking when told to.
    """
    if not thought_only(message):
        return ()
    if phase_of(message) is not ReplyPhase.NO_ANSWER:
        return (ReplyStep.ANSWER_NOW,)  # it came to no end: it can be continued besides
    was_cut_off = message.status is MessageStatus.CUT_OFF  # room is not what a thought lacked that just ended
    without = (ReplyStep.WITHOUT_THINKING,) if can_ask_without else ()
    return (ReplyStep.ANSWER_NOW, *without, *((ReplyStep.MORE_ROOM,) if was_cut_off else ()))


def step_words(step: ReplyStep) -> str:
    """Return the words on a step's button."""
    match step:
        case ReplyStep.ANSWER_NOW:
            return translate("reply_steps", "Answer now")
        case ReplyStep.MORE_ROOM:
            return translate("reply_steps", "More room")
        case ReplyStep.WITHOUT_THINKING:
            return translate("reply_steps", "Without thinking")


def step_explained(step: ReplyStep) -> str:
    """Return the effect of a step, in one sentence."""
    match step:
        case ReplyStep.ANSWER_NOW:
            return translate("reply_steps", "End the thinking and get the answer from what was thought so far")
        case ReplyStep.MORE_ROOM:
            return translate("reply_steps", "Let the model go on thinking, with more room for thinking and answer")
        case ReplyStep.WITHOUT_THINKING:
            return translate("reply_steps", "Ask again without thinking; this reply stays beside the new one")
