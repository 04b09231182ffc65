"""A sign that a reply has slipped into another language: all of it, or a passage in the middle.

Silent as soon as anybody has named a language, asked to translate, or given or used words of that language.
"""

from __future__ import annotations

import re

from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange
from desktop.core.text.languages import SCRIPTS, language_of, runs_of
from desktop.core.text.late_regex import late_regex
from desktop.core.text.markdown import without_code
from desktop.core.text.plain_compare import words_of
from desktop.core.text.scripts import count_han

_NAMED = late_regex(
    r"\b(?:english|chinese|mandarin|german|french|spanish|italian|japanese|korean|russian|arabic|portuguese|dutch|"
    r"translat\w*|bilingual|chin\w*|japan\w*|korea\w*|russia\w*|taiwan\w*|hong kong|beijing|shanghai|"
    r"languages?|multilingual|pinyin|romanis\w*)\b|翻译|译[成为文]|英文|英语|中文|汉语|德语|德文|法语|法文|"
    r"日语|日文|韩语|俄语|西班牙语|双语|中英|语言|外语|拼音|原文",
    re.IGNORECASE,
)
# An answer to a mail is written in the mail's language, a corrected text stays in its own.
_WRITES = late_regex(
    r"\b(?:reply|respond|answer (?:it|this|the)|draft|write|polish|proofread|rewrite|correct|edit|schreib|antwort"
    r"|korrigier|überarbeite|écri[st]|répond|corrige|escrib|respond)\w*\b"
    r"|回复|回信|写|起草|润色|改写|校对|修改|纠正|改",
    re.IGNORECASE,
)
# Code and names are in any language, and what is continued goes on in its own.
_OF_ANY = late_regex(
    r"\b(?:subject|title|continue|complete|code|function|script|formula|sql|regex|slogan|brand|name)\w*\b"
    r"|续写|标题|主题|代码|函数|脚本|公式|正则|命名|起名|名字|品牌",
    re.IGNORECASE,
)
_BESIDES = late_regex(
    r'https?://\S+|“[^“”\n]*”|"[^"\n]*"|「[^「」\n]*」|《[^《》\n]*》|\([^()\n]*\)|（[^（）\n]*）|^[ \t]*\|[^\n]*',
    re.MULTILINE,
)
_SENTENCE_ZH = late_regex("[，。；：！？]|的.*[是和了在]|.{24}")
_LEAST_OF_ANSWER = 12  # words
_LONG_RUN = 12  # words of Latin letters, or Chinese characters, in a row: no name and no term
_SHORT_RUN = 5  # letters of a script that nobody here has used


def other_language(exchange: Exchange) -> Sign | None:
    """Return a sign for an answer, or a passage of it, in a language in which nothing was said before."""
    if exchange.reply.text == "" or any(_NAMED.search(each.own) for each in exchange.requests):
        return None
    if _NAMED.search(exchange.system):
        return None
    plain = _BESIDES.sub(" ", exchange.prose)
    return _whole(exchange, plain) or _passage(exchange, plain)


def _whole(exchange: Exchange, plain: str) -> Sign | None:
    own = without_code(exchange.request.own)
    asked, answered = language_of(own), language_of(plain)
    if not asked or not answered or asked == answered or _OF_ANY.search(own):
        return None
    if _WRITES.search(own) and _is_given(exchange, answered):
        return None
    if len(words_of(plain)) + count_han(plain) < _LEAST_OF_ANSWER or answered in _languages_before(exchange):
        return None
    return _sign(exchange, plain)


def _sign(exchange: Exchange, passage: str) -> Sign:
    """Return the sign; with the user's language where it is the first answer, which need not be left for another."""
    is_first = exchange.is_whole and all(said.role is Role.USER for said in exchange.earlier)
    return Sign(SignKind.OTHER_LANGUAGE, excerpt(passage), language_of(exchange.request.own) if is_first else "")


def _is_given(exchange: Exchange, language: str) -> bool:
    """Return True if there is a text in that language, or one whose language cannot be told, to be worked on."""
    return any(language_of(text) in ("", language) for request in exchange.requests for text in request.material)


def _languages_before(exchange: Exchange) -> set[str]:
    """Return the languages of the user's other words: who has written in one before will read it."""
    return {language_of(each.own) for each in exchange.requests[:-1]}


def _passage(exchange: Exchange, plain: str) -> Sign | None:
    own = " ".join(without_code(each.own) for each in exchange.requests)
    for script in SCRIPTS:
        least = _LONG_RUN if script.is_wordy else _SHORT_RUN
        run = next((run for run in runs_of(script, plain) if script.size(run) >= least), None)
        if run is None or _is_at_home(script.name, own) or any(True for _ in runs_of(script, exchange.background)):
            continue
        if script.name != "han" or _SENTENCE_ZH.search(run):  # else it may be a name: that of a law is long
            return _sign(exchange, run)
    return None


def _is_at_home(script: str, own: str) -> bool:
    """Return True if the user writes in a script themselves, or asks for what is written in it."""
    han = count_han(own)
    if script == "latin":
        return han < 2 or len(words_of(own)) > han or _OF_ANY.search(own) is not None
    return script == "han" and han >= 2
