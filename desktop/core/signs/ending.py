"""Signs in how a reply went and ended: cut off, nothing but thinking, going round in circles."""

from __future__ import annotations

import re

from desktop.core.message import MessageStatus
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.sign import Sign, SignKind, excerpt, tail_excerpt
from desktop.core.signs.exchange import LOOKED_AT, Exchange
from desktop.core.signs.loops import LoopDetector
from desktop.core.text.late_regex import late_regex
from desktop.core.text.markdown import open_fence
from desktop.core.text.plain_compare import weight

# A model that does not find its way out ends in its loop. Looked at are so many characters of each side's end.
_LOOPED_AT = 40_000
# What is shorter may be a telegram: "Yes, and" is no sentence that was cut.
_LEAST_SENTENCE = 60
# Words after which something must follow. Those that can end a sentence ("in", "on", "up") are not among them.
_GOES_ON = late_regex(
    r"(?:[\w)\]”\"’'%]\s*[,，、]|(?<![\w-])(?:and|or|but|the|an|because|which|whose|than|if|their|our|your|its|"
    r"such as|as well as|以及|并且|或者|但是|因为|如果|由于|和|与|及|或|根据|对于|关于))$",
    re.IGNORECASE,
)
# With what a mail ends that its sender signs by hand.
_CLOSING = late_regex(
    r"[^\n.!?]{0,30}\b(?:regards|wishes|thanks|greetings|best|cheers|sincerely|faithfully|truly|cordially|grüßen?|gruß)"
    r"(?: \w+)?[,，]|(?:此致|敬礼|祝好|顺颂商祺|谢谢|[^\n。，]{0,6}敬上)[,，]",
    re.IGNORECASE,
)


def cut_off(exchange: Exchange) -> Sign | None:
    """Return a sign where it ran into the length limit, or is complete by its server and ends where nothing can end."""
    reply, text = exchange.reply, exchange.reply.text
    if not text.strip():
        return None
    if reply.status is MessageStatus.CUT_OFF:
        return Sign(SignKind.CUT_OFF, answer_limit=exchange.answer_limit)
    if reply.status is not MessageStatus.COMPLETE or weight(text[-1000:]) < _LEAST_SENTENCE:
        return None
    last_line = text.rstrip().rpartition("\n")[2]
    if _asked_for_beginning(exchange):
        return None
    is_in_code = len(text) <= LOOKED_AT and open_fence(text) is not None
    goes_on = _GOES_ON.search(last_line[-60:]) and not _CLOSING.fullmatch(last_line.strip())
    if is_in_code or goes_on:
        return Sign(SignKind.CUT_OFF, tail_excerpt(text.rstrip()))
    return None


def began_again(exchange: Exchange) -> Sign | None:
    """Return a sign where the model was to go on with its reply, and wrote it anew."""
    if not exchange.began_again:
        return None
    return Sign(SignKind.BEGAN_AGAIN, excerpt(exchange.reply.text))


def no_answer(exchange: Exchange) -> Sign | None:
    """Return a sign where it thought, and then said nothing, or nothing that has a letter or a digit."""
    reply = exchange.reply
    if phase_of(reply) is ReplyPhase.NO_ANSWER:
        return Sign(SignKind.NO_ANSWER)
    has_ended = reply.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)
    if has_ended and reply.reasoning.strip() and _says_nothing(reply.text):
        return Sign(SignKind.NO_ANSWER)
    return None


def loop(exchange: Exchange) -> Sign | None:
    """Return a sign where it says the same over and over, in its answer or in its thinking."""
    reply = exchange.reply
    was_wanted = _REPETITION_WANTED.search(exchange.request.own) is not None
    for in_thinking, text in ((False, "" if was_wanted else reply.text), (True, reply.reasoning)):
        end = text[-_LOOPED_AT:]
        if found := LoopDetector().feed_last(end):
            again = end[found.start : found.start + found.length]
            return Sign(SignKind.LOOP, excerpt(again), in_thinking=in_thinking)
    return None


_REPETITION_WANTED = late_regex(
    r"\b(?:repeat\w*|(?:\d+|two|three|five|ten|twelve|twenty|fifty|a hundred|many|several) times|over and over"
    r"|lorem ipsum"
    r"|filler|dummy text|test data|mantra|chant)\b|重复|[\d一二三五十百两多]+[遍次]|反复|占位文字|测试数据|口号",
    re.IGNORECASE,
)


def _says_nothing(text: str) -> bool:
    return len(text) < 40 and not re.search(r"[^\W_]", text) and not re.search(r"[^\x00-\x7f]", text)


_BEGINNING = late_regex(
    r"\b(?:first (?:half|part|line|words?)|beginning|opening (?:line|words?)|complete (?:this|the) sentence|fill in|"
    r"salutation|greeting|sentence starters?|phrases?|salutations|list of words)\b|开头|前半|上半|称呼|起句|补全|填空",
    re.IGNORECASE,
)


def _asked_for_beginning(exchange: Exchange) -> bool:
    """Return True if something was wanted that may end in the middle, such as a salutation."""
    return _BEGINNING.search(exchange.request.own) is not None
