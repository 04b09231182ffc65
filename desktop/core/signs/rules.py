"""Signs of trouble in a reply: cheap, local, and each with its reason. One rule a function, one ordered table of them.

The rules are pure functions of an `Exchange`. In doubt they are silent: a false alarm costs more than a missed sign.
Whether what an answer says stands in the files that were given is not theirs: see `core.evidence`.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.message import MessageStatus, Sign, SignKind
from desktop.core.signs.ending import began_again, context_cut, cut_off, loop, no_answer, repeats_earlier, unfilled
from desktop.core.signs.exchange import Exchange
from desktop.core.signs.from_memory import ungiven
from desktop.core.signs.gave_in import gave_in, opposite
from desktop.core.signs.language import other_language

Rule = Callable[[Exchange], Sign | None]

RULES: dict[SignKind, Rule] = {
    SignKind.GAVE_IN: gave_in,
    SignKind.CONTEXT_CUT: context_cut,
    SignKind.NO_ANSWER: no_answer,
    SignKind.BEGAN_AGAIN: began_again,
    SignKind.LOOP: loop,
    SignKind.CUT_OFF: cut_off,
    SignKind.OPPOSITE: opposite,
    SignKind.UNFILLED: unfilled,
    SignKind.REPEATS_EARLIER: repeats_earlier,
    SignKind.OTHER_LANGUAGE: other_language,
    SignKind.UNGIVEN: ungiven,
}


def signs_in(exchange: Exchange) -> tuple[Sign, ...]:
    """Return the signs of trouble in a reply that has ended, the gravest first, at most one of a kind."""
    if exchange.reply.status in (MessageStatus.FAILED, MessageStatus.STREAMING):
        return ()  # what went wrong is said already, or nothing is known yet
    return tuple(filter(None, (rule(exchange) for rule in RULES.values())))
