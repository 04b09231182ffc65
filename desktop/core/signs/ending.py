"""Signs in how a reply came and ended: cut off, nothing but thinking, begun again, or with too little of it read."""

from __future__ import annotations

import re

from desktop.core.message import MessageStatus
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.sign import Sign, SignKind, excerpt, tail_excerpt
from desktop.core.signs.exchange import LOOKED_AT, Exchange
from desktop.core.text.markdown import open_fence
from desktop.core.text.plain_compare import weight
from desktop.core.text.tokens import estimate_tokens

# What is shorter may be a telegram: "Yes, and" is no sentence that was cut.
_LEAST_SENTENCE = 60
# Words after which something must follow. Those that can end a sentence ("in", "on", "up") are not among them.
_GOES_ON = re.compile(
    r"(?:[\w)\]”\"’'%]\s*[,，、]|(?<![\w-])(?:and|or|but|the|an|because|which|whose|than|if|their|our|your|its|"
    r"such as|as well as|以及|并且|或者|但是|因为|如果|由于|和|与|及|或|根据|对于|关于))$",
    re.IGNORECASE,
)
# With what a mail ends that its sender signs by hand.
_CLOSING = re.compile(
    r"[^\n.!?]{0,30}\b(?:regards|wishes|thanks|greetings|best|cheers|sincerely|faithfully|truly|cordially|grüßen?"
    r"|gruß)"
    r"(?: \w+)?[,，]|(?:此致|敬礼|祝好|顺颂商祺|谢谢|[^\n。，]{0,6}敬上)[,，]",
    re.IGNORECASE,
)
# Something was wanted that may end in the middle.
_ASKS_FOR_BEGINNING = re.compile(
    r"\b(?:first (?:half|part|line|words?)|beginning|opening (?:line|words?)|complete (?:this|the) sentence|fill in|"
    r"salutation|greeting|sentence starters?|phrases?|salutations|list of words)\b|开头|前半|上半|称呼|起句|补全"
    r"|填空",
    re.IGNORECASE,
)

# No vocabulary makes half as few tokens of plain words as are estimated; what is left out is below the price of doubt.
_SHARE = 0.5
_LEAST_MISSING = 600  # tokens: about a page
_ENOUGH = 4.0  # times what was counted: the case is clear
_PIECE = 50_000  # characters that are looked at together
# Characters in a row that are cheap for any vocabulary: spaces, rules of dashes, filling.
_RUNS = re.compile(r"\s{2,}|([^\w\s])\1{2,}|(\w)\2{5,}")


def context_cut(exchange: Exchange) -> Sign | None:
    """Return a sign where the server counted fewer tokens than half of what the messages must be.

    Some servers drop the oldest messages without a word when a conversation outgrows their context. One that has held
    as much before cuts nothing: it counts only what is new.
    """
    usage = exchange.reply.usage
    if usage is None or not usage.prompt_tokens:
        return None
    counted = usage.counted_prompt
    sent = _least_sent(exchange, enough=max(_ENOUGH * (counted + _LEAST_MISSING), exchange.held + _LEAST_MISSING))
    if counted >= sent * _SHARE or sent - counted < _LEAST_MISSING or sent < exchange.held + _LEAST_MISSING:
        return None
    return Sign(SignKind.CONTEXT_CUT, counts=(counted, round(sent)))


def _least_sent(exchange: Exchange, enough: float) -> float:
    """Return the tokens of the messages before the reply; counted backwards, and no further than is enough."""
    sent = 0.0
    texts = exchange.sent if exchange.sent is not None else [said.text for said in exchange.earlier]
    for text in (*reversed(texts), exchange.system):
        for at in range(0, len(text), _PIECE):
            sent += estimate_tokens(_RUNS.sub(" ", text[at : at + _PIECE]))
            if sent >= enough:
                return sent
    return sent


def cut_off(exchange: Exchange) -> Sign | None:
    """Return a sign where it ran into the length limit, or is complete by its server and ends where nothing can end."""
    reply, text = exchange.reply, exchange.reply.text
    if not text.strip():
        return None
    if reply.status is MessageStatus.CUT_OFF:
        return Sign(SignKind.CUT_OFF, answer_limit=exchange.answer_limit)
    if reply.status is not MessageStatus.COMPLETE or weight(text[-1000:]) < _LEAST_SENTENCE:
        return None
    if _ASKS_FOR_BEGINNING.search(exchange.request.own):
        return None
    last_line = text.rstrip().rpartition("\n")[2]
    is_in_code = len(text) <= LOOKED_AT and open_fence(text) is not None
    goes_on = _GOES_ON.search(last_line[-60:]) and not _CLOSING.fullmatch(last_line.strip())
    return Sign(SignKind.CUT_OFF, tail_excerpt(text.rstrip())) if is_in_code or goes_on else None


def began_again(exchange: Exchange) -> Sign | None:
    """Return a sign where the model was to go on with its reply, and wrote it anew."""
    return Sign(SignKind.BEGAN_AGAIN, excerpt(exchange.reply.text)) if exchange.began_again else None


def no_answer(exchange: Exchange) -> Sign | None:
    """Return a sign where it thought, and then said nothing, or nothing that has a letter or a digit."""
    reply, text = exchange.reply, exchange.reply.text
    has_ended = reply.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)
    says_nothing = len(text) < 40 and not re.search(r"[^\W_]|[^\x00-\x7f]", text)
    if phase_of(reply) is ReplyPhase.NO_ANSWER or (has_ended and reply.reasoning.strip() and says_nothing):
        return Sign(SignKind.NO_ANSWER)
    return None
