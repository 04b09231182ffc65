"""Signs of trouble in the user's language: one sentence for the line, two for the reason, and a name."""

from __future__ import annotations

from desktop.core.message import Sign, SignKind
from desktop.rendering.text.letters import show_invisible
from desktop.ui.message_actions import Ask
from desktop.ui.words import number, say, say_each, translate

_LONGEST_QUOTED = 60  # characters of the evidence in the line; the reason has all of it


def way_out_of(sign: Sign) -> tuple[str, Ask, object] | None:
    """Return what helps with a sign: in words, what is asked for, and its value. None: only looking it up does."""
    match sign.kind:
        case SignKind.CONTEXT_CUT:  # nothing is wrong with what was said, there is too little room
            return translate("signs", "Make room"), Ask.MAKE_ROOM, None
        case SignKind.UNGIVEN | SignKind.BEGAN_AGAIN:
            return None
        case SignKind.OTHER_LANGUAGE if sign.other:
            return _in_language(sign.other), Ask.IN_LANGUAGE, sign.other
        case _:
            return translate("signs", "Start fresh"), Ask.START_FRESH, sign.kind


def _in_language(language: str) -> str:
    match language:
        case "zh":
            return translate("signs", "In Chinese")
        case "en":
            return translate("signs", "In English")
        case _:
            return translate("signs", "My language")


def sign_sentence(sign: Sign) -> str:
    """Return what is wrong, in one sentence."""
    said, other = _shortened(sign.excerpt), _shortened(sign.other)
    match sign.kind:
        case SignKind.GAVE_IN if other:
            return say("signs.it_changed_its_answer", other=other)
        case SignKind.LOOP if sign.in_thinking:
            return say("signs.the_thinking_goes_round_in_circles", said=said)
        case SignKind.CUT_OFF if said:
            return say("signs.the_answer_ends_in_the_middle")
        case SignKind.CUT_OFF if sign.answer_limit:
            return say("signs.this_model_is_very_small")
        case SignKind.OTHER_LANGUAGE if other:
            return say("signs.the_answer_is_not_in_your_language", said=said)
        case kind:
            return say_each("signs.sentence", kind, said=said, other=other)


def sign_reason(sign: Sign) -> str:
    """Return what was compared, with the evidence, and what it means."""
    said, other = _quoted(sign.excerpt), _quoted(sign.other)
    counted, sent = sign.counts or (0, 0)
    match sign.kind:
        case SignKind.GAVE_IN if other:
            return say("signs.the_answer_became_another_one", other=other)
        case SignKind.OTHER_LANGUAGE if other:
            return say("signs.small_models_often_answer_so", said=said)
        case SignKind.CUT_OFF if said:
            return say("signs.the_server_says_that_it_is_complete", said=said)
        case SignKind.CUT_OFF if sign.answer_limit:
            return say("signs.so_small_a_model_finds_no_end", limit=number(sign.answer_limit))
        case kind:
            told = {"sent": number(sent), "counted": number(counted)}
            return say_each("signs.reason", kind, said=said, other=other, **told)


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
