"""Signs of trouble in a reply: cheap, local, and each with its reason. One rule a function, one ordered table of them.

The rules are pure functions of an `Exchange`. In doubt they are silent: a false alarm costs more than a missed sign.
Whether what an answer says stands in the files that were given is not theirs: see `core.evidence`. That a reply slips
into another language is not said as soon as anybody has named a language, asked to translate, or gives such a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from desktop.core.message import MessageStatus, Role, Sign, SignKind, excerpt
from desktop.core.signs.ending import began_again, context_cut, cut_off, loop, no_answer, repeats_earlier, unfilled
from desktop.core.signs.exchange import Exchange
from desktop.core.signs.from_memory import ungiven
from desktop.core.signs.gave_in import gave_in, opposite
from desktop.core.text.markdown import without_code
from desktop.core.text.scripts import LANGUAGES, LANGUAGES_ZH, count_han, language_of, sentences, words_of

_NAMED = re.compile(
    rf"\b(?:{LANGUAGES}|translat\w*|bilingual|languages?|multilingual|pinyin|romanis\w*)\b"
    rf"|翻译(?![、，和与])|译[成为文]|双语|中英|(?:{LANGUAGES_ZH})[文语]|粤语|语言|外语|拼音|原文",
    re.IGNORECASE | re.ASCII,
)
# By whoever writes in it, it is named so that the answer comes in it as well.
_OWN_NAMES = {"en": {"english", "英文", "英语"}, "zh": {"chinese", "mandarin", "中文", "汉语"}}
# Whoever asks wants to understand the answer, whatever language is spoken of; unless they ask for words to use.
_ASKS = re.compile(
    r"[?？吗呢]|什么|怎么|为何|为啥|哪|多[少久]|([能是要会])不\1|解释|区别|\b(?:explain|wh(?:y|at|ich|en|ere)|how)\b",
    re.IGNORECASE,
)
_WANTS_WORDS = re.compile(
    rf"\btranslat(?!or)\w*|\b(?:say|spell|pronounce)\b|\b(?:in|into|to|for)(?: \w+)? (?:{LANGUAGES})\b"
    rf"|翻|译|怎么[说讲念读叫称]|用(?:{LANGUAGES_ZH})|[文语](?:原|版|名)",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\bfrom now on\b|\balways\b|\bpracti[cs]\w+|从现在|以后|接下来|一直|只说|练",
    re.IGNORECASE,
)
# An answer to a mail is written in the mail's language, a corrected text stays in its own.
_WRITES = re.compile(
    r"\b(?:reply|respond|answer (?:it|this|the)|draft|write|polish|proofread|rewrite|correct|edit|schreib|antwort"
    r"|écri[st]"
    r"|répond)\w*\b|回复|回信|回这|回[一那]?封|怎么[回写]|回他|回她|起草|润色|校对|改"
    r"|[帮请给替]我写|写(?:[一个封段份成出篇几句首条]|[^，。？?]{0,12}[信邮件稿文案])",
    re.IGNORECASE,
)
# Code and names are in any language, and what is continued goes on in its own.
_OF_ANY = re.compile(
    r"\b(?:subject|title|code|function|script|formula|sql|regex|slogan|brand|names?)\b"
    r"|续写|标题|代码|函数|脚本|公式|正则|起[个一]?名|命名|名字|品牌|SQL|缩写",
    re.IGNORECASE | re.ASCII,
)
# What is written for readers from elsewhere may be in any language, too.
_FOREIGN = re.compile(
    r"老外|外宾|国外|海外|外国|外籍|外贸|[美英德法日韩俄泰]国|[欧美澳非]洲|东南亚|中东|新加坡|印度|加拿大|LinkedIn"
    r"|\b(?:overseas|abroad|m(?:r|s|rs)\.)",
    re.IGNORECASE | re.ASCII,
)
_BESIDES = re.compile(
    r'https?://\S+|“[^“”\n]*”|"[^"\n]*"|「[^「」\n]*」|《[^《》\n]*》|\([^()\n]*\)|（[^（）\n]*）|^[ \t]*[|>][^\n]*',
    re.MULTILINE,
)
_LEAST = 10  # words, or ideographs, that are in the other language: no name, no term, no heading
_MOST_OF_ANY = 25  # what is more is no title and no name
_LEAST_OF_ALL = 5  # where nothing is in the user's
_UNKNOWN = "?"  # a language that is written in Latin letters
_NOT_LATIN = frozenset(("zh", "ja", "ko", "ru", "ar", "th"))


def other_language(exchange: Exchange) -> Sign | None:
    """Return a sign for what of an answer is in a language that nobody used or asked for."""
    own = exchange.request.own
    others: tuple[str, ...] = (exchange.system, *(each.own for each in exchange.requests[:-1]))
    own_names = _OWN_NAMES.get(language_of(own), set())
    named = {name[0].casefold() for name in _NAMED.finditer(own)} - own_names
    wanted = {found[0].casefold().split()[-1] for found in _WANTS_WORDS.finditer(own)} - own_names
    if _ASKS.search(own) and not wanted and not _WRITES.search(own):
        named, others = set(), (exchange.system, *filter(_LASTS.search, others))
    if named or any(map(_NAMED.search, others)):
        return None
    if _FOREIGN.search(own) and _WRITES.search(own):
        return None
    allowed = _allowed(exchange)
    size, other = 0, list[str]()
    pieces = [(_language(piece), piece) for piece in sentences(_BESIDES.sub(" ", exchange.prose))]
    # A text that they ask about is quoted in an answer, which is not written in its language.
    asked = frozenset(_languages_in(_BESIDES.sub(" ", own)))
    if asked and not _WRITES.search(own) and asked.isdisjoint(language for language, _ in pieces):
        allowed &= asked
    for language, piece in pieces:
        if language and _is_other(language, allowed):
            other.append(piece)
        elif language:
            size += _size(piece)
    least = _MOST_OF_ANY if _OF_ANY.search(own) else _LEAST if size else _LEAST_OF_ALL
    if not allowed or sum(map(_size, other)) < least:
        return None
    is_first = exchange.is_whole and all(said.role is Role.USER for said in exchange.earlier)
    return Sign(SignKind.OTHER_LANGUAGE, excerpt(other[0]), language_of(exchange.request.own) if is_first else "")


def _allowed(exchange: Exchange) -> frozenset[str]:
    """Return the languages of the user's last words that have one, and of the texts that they want to be worked on."""
    allowed: set[str] = set()
    for request in reversed(exchange.requests):
        allowed |= _languages_in(_BESIDES.sub(" ", without_code(request.own.partition("\n\n")[0])))
        if allowed:
            break
    if not allowed and exchange.requests:
        allowed = _languages_in(" ".join(exchange.requests[-1].material))
    if allowed and _WRITES.search(exchange.request.own):
        for text in (text for each in exchange.requests for text in (each.own, *each.material)):
            allowed |= _languages_in(text)
    return frozenset(allowed)


def _is_other(language: str, allowed: frozenset[str]) -> bool:
    if language in allowed:
        return False
    latin = allowed - _NOT_LATIN
    return language in _NOT_LATIN or not latin or (language != _UNKNOWN and _UNKNOWN not in latin)


def _languages_in(text: str) -> set[str]:
    """Return the languages of a message; two where it mixes them."""
    language = language_of(text, least_found=2)
    han, words = count_han(text), len(_words(text))
    if han and han >= 3 * words and words < _LEAST_OF_ALL:
        return {language or "zh"}
    if han:
        return {"zh", "en", language} - {""}
    return {language or _UNKNOWN} if words >= 3 else set()


def _language(piece: str) -> str:
    language = language_of(piece)
    is_latin = len(_words(piece)) >= _LEAST_OF_ALL and not count_han(piece)
    return language or (_UNKNOWN if is_latin else "")


def _size(piece: str) -> int:
    """Return how many words it has; of scripts without spaces, where words are names, letters."""
    words = len(_words(piece))
    return words if words > 2 else sum(map(str.isalpha, piece))


def _words(text: str) -> list[str]:
    return [word for word in words_of(text) if not word.isdecimal()]


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
