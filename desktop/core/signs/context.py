"""A sign that the server read far less than was sent: it counted too few tokens for the words of the conversation.

Some servers drop the oldest messages without a word when a conversation outgrows their context.
"""

from __future__ import annotations

from desktop.core.message import Role, Usage
from desktop.core.sign import Sign, SignKind
from desktop.core.signs.exchange import EarlierMessage, Exchange
from desktop.core.text.late_regex import late_regex
from desktop.core.text.tokens import estimate_tokens

# No vocabulary makes half as few tokens of plain words as are estimated; what is left out is below the price of doubt.
_SHARE = 0.5
_LEAST_MISSING = 600  # tokens: about a page
_ENOUGH = 4.0  # times what was counted: the case is clear
_PIECE = 50_000  # characters that are looked at together
# Characters in a row that are cheap for any vocabulary: spaces, rules of dashes, filling.
_RUNS = late_regex(r"\s{2,}|([^\w\s])\1{2,}|(\w)\2{5,}")


def context_cut(exchange: Exchange) -> Sign | None:
    """Return a sign where fewer tokens were counted than half of what the messages must be, by a cautious estimate."""
    counted = _counted(exchange.reply.usage)
    if not counted:
        return None
    sent = _least_sent(exchange, enough=_ENOUGH * (counted + _LEAST_MISSING))
    if counted >= sent * _SHARE or sent - counted < _LEAST_MISSING:
        return None
    return Sign(SignKind.CONTEXT_CUT, counts=(counted, round(sent)))


def _least_sent(exchange: Exchange, enough: float) -> float:
    """Return the tokens of the messages before the reply; counted backwards, and no further than is enough."""
    sent = 0.0
    for said in (*reversed(exchange.earlier), EarlierMessage(Role.SYSTEM, exchange.system)):
        for at in range(0, len(said.text), _PIECE):
            sent += estimate_tokens(_RUNS.sub(" ", said.text[at : at + _PIECE]))
            if sent >= enough:
                return sent
    return sent


def _counted(usage: Usage | None) -> int:
    """Return the tokens that the server read, also where it counts apart what it had read before.

    0 where it said nothing.
    """
    if usage is None or not usage.prompt_tokens:
        return 0
    return usage.prompt_tokens + (usage.cached_tokens or 0)
