"""Signs of trouble in the user's language: one sentence for the line, two for the reason, and a name."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication

from desktop.core.sign import Sign, SignKind
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.words import fill, number

translate = QCoreApplication.translate

_LONGEST_QUOTED = 60  # characters of the evidence in the line; the reason has all of it


def sign_sentence(sign: Sign) -> str:
    """Return what is wrong, in one sentence."""
    said = _shortened(sign.excerpt)
    match sign.kind:
        case SignKind.GAVE_IN if sign.other:
            return fill(translate("signs", "It changed its answer because you objected: %1."), _shortened(sign.other))
        case SignKind.GAVE_IN:
            return fill(translate("signs", "It gave in because you objected: “%1”."), said)
        case SignKind.CONTEXT_CUT:
            return translate("signs", "The server read only a part of this conversation.")
        case SignKind.NO_ANSWER:
            return translate("signs", "The model thought, and then said nothing.")
        case SignKind.BEGAN_AGAIN:
            return translate("signs", "The model began again instead of going on.")
        case SignKind.LOOP if sign.in_thinking:
            return fill(translate("signs", "The thinking goes round in circles: “%1”."), said)
        case SignKind.LOOP:
            return fill(translate("signs", "The answer repeats itself: “%1”."), said)
        case SignKind.CUT_OFF if sign.excerpt:
            return translate("signs", "The answer ends in the middle of a sentence.")
        case SignKind.CUT_OFF if sign.answer_limit:
            return translate(
                "signs", "This model is very small and tends to ramble, so its answers end after about a page."
            )
        case SignKind.CUT_OFF:
            return translate("signs", "The answer was cut off at the length limit.")
        case SignKind.OPPOSITE:
            return _opposite(sign)
        case SignKind.UNGIVEN:
            return fill(translate("signs", "From the model's memory: “%1”. Look it up before you rely on it."), said)
        case SignKind.UNFILLED:
            return fill(translate("signs", "The answer still has blanks: “%1”."), said)
        case SignKind.REPEATS_EARLIER:
            return translate("signs", "This is an earlier answer once more.")
        case SignKind.OTHER_LANGUAGE if sign.other:
            return fill(translate("signs", "The answer is not in your language: “%1”."), said)
        case SignKind.OTHER_LANGUAGE:
            return fill(translate("signs", "The answer changes the language: “%1”."), said)
        case _:
            assert_never(sign.kind)


def sign_reason(sign: Sign) -> str:
    """Return what was compared, with the evidence, and what it means."""
    said, other = _quoted(sign.excerpt), _quoted(sign.other)
    match sign.kind:
        case SignKind.GAVE_IN if sign.other:
            words = translate(
                "signs",
                "You said that it was wrong, without a reason, and the answer became another one: %1. "
                "The model does not know which is right; it says what you seem to want to hear.",
            )
            return fill(words, other)
        case SignKind.OTHER_LANGUAGE if sign.other:
            words = translate(
                "signs", "“%1” is in another language than your question. Small models often answer so; ask for yours."
            )
            return fill(words, said)
        case SignKind.CONTEXT_CUT:
            words = translate(
                "signs",
                "What was said above is at least %1 tokens, and the server counted %2. "
                "A server whose context is full drops the beginning without a word; this answer knows nothing of it. "
                "What helps is a larger context in the server's settings, another model, or to send fewer pages.",
            )
            counted, sent = sign.counts or (0, 0)
            return fill(words, number(sent), number(counted))
        case SignKind.NO_ANSWER:
            return translate(
                "signs",
                "After the thinking, no word of an answer came. "
                "The thinking may have used up the room, or lost its way; the question itself may be fine.",
            )
        case SignKind.BEGAN_AGAIN:
            words = translate(
                "signs",
                "It was to go on where the answer broke off, and wrote a new one that begins with “%1”. "
                "The two are not put together: the first part is the version before, and you can keep either.",
            )
            return fill(words, said)
        case SignKind.LOOP:
            words = translate(
                "signs",
                "The same words stand several times in a row: “%1”. "
                "A model that has begun to repeat itself rarely finds its way out in the same conversation.",
            )
            return fill(words, said)
        case SignKind.CUT_OFF if sign.excerpt:
            words = translate(
                "signs",
                "The server says that the answer is complete, but it ends with “%1”. "
                "What is missing may be what matters most.",
            )
            return fill(words, said)
        case SignKind.CUT_OFF if sign.answer_limit:
            words = translate(
                "signs",
                "So small a model often finds no end by itself and would write for minutes. Candor ends its answers "
                "after %1 tokens; Continue asks for as much again. Larger models have no such limit.",
            )
            return fill(words, number(sign.answer_limit))
        case SignKind.CUT_OFF:
            return translate(
                "signs",
                "The server ended the answer at its limit, not the model. "
                "What is missing may be what matters most; in a fresh conversation there is more room.",
            )
        case _:
            return _reason_by_comparison(sign.kind, said, other)


def _reason_by_comparison(kind: SignKind, said: str, other: str) -> str:
    match kind:
        case SignKind.GAVE_IN:
            words = translate(
                "signs",
                "You said that it was wrong, without a reason, and the model takes it back: “%1”. "
                "It does not know whether it was wrong; it says what you seem to want to hear.",
            )
        case SignKind.UNGIVEN:
            words = translate(
                "signs",
                "“%1” comes from the model's memory. Models make up cases, standards, addresses, studies and "
                "quotations that look right, and nothing in them shows which are real. "
                "Look for it in a place that you trust.",
            )
        case SignKind.UNFILLED:
            words = translate(
                "signs",
                "“%1” stand where names and facts should. "
                "Models fall back on templates, sometimes even where they were given what belongs there.",
            )
        case SignKind.OPPOSITE:
            words = translate(
                "signs",
                "This answer begins with “%1”; an earlier one, to the same question, with “%2”. "
                "One of them is wrong, and the model does not say which.",
            )
        case SignKind.REPEATS_EARLIER:
            words = translate(
                "signs",
                "The same words were the answer to “%2”. "
                "You have asked something else now, so the model seems to have lost the thread.",
            )
        case _:
            words = translate(
                "signs",
                "“%1” is in another language than your words and texts, and nobody asked for it. "
                "Models slip into the language that they learnt most of, above all in long conversations.",
            )
    return fill(words, said, other)


def kind_name(kind: SignKind) -> str:
    """Return what a kind of sign is about, for the place where kinds are switched on and off."""
    match kind:
        case SignKind.GAVE_IN:
            return translate("signs", "Another answer because you objected")
        case SignKind.UNGIVEN:
            return translate("signs", "Sources from the model's memory")
        case SignKind.UNFILLED:
            return translate("signs", "Blanks that are left in an answer")
        case SignKind.CONTEXT_CUT:
            return translate("signs", "The server read only a part of the conversation")
        case SignKind.NO_ANSWER:
            return translate("signs", "Thinking without an answer")
        case SignKind.BEGAN_AGAIN:
            return translate("signs", "An answer that was begun again")
        case SignKind.LOOP:
            return translate("signs", "The same words again and again")
        case SignKind.CUT_OFF:
            return translate("signs", "An answer that was cut off")
        case SignKind.OPPOSITE:
            return translate("signs", "The opposite of an earlier answer")
        case SignKind.REPEATS_EARLIER:
            return translate("signs", "An earlier answer once more")
        case SignKind.OTHER_LANGUAGE:
            return translate("signs", "A change of language")
        case _:
            assert_never(kind)


def _opposite(sign: Sign) -> str:
    words = translate("signs", "Earlier, the answer to this question was the opposite: “%1”.")
    return fill(words, _shortened(sign.other))


def _quoted(text: str) -> str:
    """Return the text for the middle of a sentence of ours, which has its own full stop."""
    return show_invisible(text).rstrip(" .。")


def _shortened(text: str) -> str:
    """Return the text cut between words, if it has any."""
    text = _quoted(text)
    if len(text) <= _LONGEST_QUOTED:
        return text
    cut = text[: _LONGEST_QUOTED - 1]
    whole_words = cut.rpartition(" ")[0]
    return f"{(whole_words if len(whole_words) > _LONGEST_QUOTED // 2 else cut).rstrip(' ,;:')}…"
