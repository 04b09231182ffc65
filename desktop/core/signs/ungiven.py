"""Signs that a reply names a source that nobody gave it: a paragraph, a case, a DOI, an address, a quotation.

With a text at hand it is said that the reference is not in it. Without one the model can only have it from memory,
where true and invented ones look alike: that is said more calmly, and only of what is easily looked up.
"""

from __future__ import annotations

import re

from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange
from desktop.core.signs.sources import (
    ADDRESS,
    ASKS_FOR_ADDRESS,
    LOOKS_FURTHER,
    OTHER_WORDS_ASKED_FOR,
    STANDS_FOR_ANY,
    is_long_enough,
    passed_off,
    stands_in,
)
from desktop.core.text.late_regex import late_regex
from desktop.core.text.number_words import CHINESE_NUMERALS, chinese_value
from desktop.core.text.references import Reference, references_in

_MOST_NUMBERS = 20_000
_NUMBER = late_regex(rf"\d{{1,4}}[a-z]?(?:\.\d{{1,3}})*|[{CHINESE_NUMERALS}]{{1,6}}", re.IGNORECASE)
_MADE_UP = late_regex(
    r"\b(?:story|novel|poem|fictional|fiction|imagine|invent|example|sample|template|placeholder|mock|dummy|made[- ]up"
    r"|translate|proofread|role ?play)\w*|故事|小说|诗|虚构|想象|编一|示例|样例|模板|范本|占位|翻译|校对|扮演|剧本",
    re.IGNORECASE,
)
# Pages that are where everybody knows them to be.
_WELL_KNOWN = late_regex(
    r"^(?:docs?|support|help|learn|developer|developers|api|dev|wiki|pypi|packages?)\.|(?:^|\.)(?:wikipedia|wikimedia|"
    r"wiktionary|python|mozilla|microsoft|apple|google|github|gitlab|stackoverflow|stackexchange|readthedocs|debian"
    r"|ubuntu|"
    r"gnu|kernel|apache|oracle|postgresql|sqlite|mysql|nodejs|npmjs|rust-lang|golang|openai|huggingface|ollama|docker|"
    r"kubernetes|adobe|mit|iso|ietf|rfc-editor|unicode|youtube|baidu|zhihu)\.",
    re.IGNORECASE,
)
_WANTS_SOURCES = late_regex(
    r"\b(?:sources?|references?|citations?|cite|stud(?:y|ies)|papers?|evidence|literature|bibliography|proof)\b"
    r"|来源|出处|文献|论文|依据|证据|引文|参考资料",
    re.IGNORECASE,
)
# In what a quotation can be looked up; what a button, a film or a friend says is not among it.
_DOCUMENT = late_regex(
    r"\b(?:laws?|act|code|regulations?|polic(?:y|ies)|handbook|manual|contract|agreement|guidelines?|directive"
    r"|reports?|"
    r"stud(?:y|ies)|paper|article|clause|section|paragraph|statute|standard|court|ruling|judg(?:e)?ment|press release|"
    r"notice|memo|minutes|survey|website|terms)\b"
    r"|法|条例|规定|制度|手册|合同|协议|办法|通知|文件|报告|论文|研究|判决|裁定|标准|章程|官网|准则|细则|纪要|公告|条",
    re.IGNORECASE,
)
_BEFORE = 80  # characters before a quotation that say where it is from


def source(exchange: Exchange) -> Sign | None:
    """Return a sign for a reference whose number stands nowhere in the texts that were given."""
    if not exchange.has_material or not exchange.knows_everything or _MADE_UP.search(exchange.request.own):
        return None
    found = next((each for each in references_in(exchange.prose) if not _is_given(each, exchange)), None)
    return Sign(SignKind.SOURCE, excerpt(found.text)) if found else None


def ungiven(exchange: Exchange) -> Sign | None:
    """Return a sign for a source that the model can have from its memory only."""
    if not exchange.knows_everything or _MADE_UP.search(exchange.request.own):
        return None
    said = None if exchange.has_material else _reference(exchange) or _quotation(exchange)
    said = said or _address(exchange)
    return Sign(SignKind.UNGIVEN, excerpt(said)) if said else None


def _reference(exchange: Exchange) -> str | None:
    for each in references_in(exchange.prose):
        if (each.source or not each.is_clause) and not _is_given(each, exchange):
            return each.text
    return None


def _is_given(reference: Reference, exchange: Exchange) -> bool:
    """Return True if it may be meant by what was said; of a part, its number anywhere is enough."""
    if not reference.is_clause:
        return reference.key in exchange.squeezed_background
    whole = reference.key.partition("(")[0]
    numbers = _numbers_in(exchange.background)
    return whole in numbers or whole.partition(".")[0] in numbers


def _numbers_in(text: str) -> set[str]:
    found: set[str] = set()
    for match in _NUMBER.finditer(text):
        written = match[0].casefold()
        found.add(written if written[0].isdecimal() else str(chinese_value(written)))
        found.add(re.split(r"[.a-z]", written)[0])
        if len(found) > _MOST_NUMBERS:
            break
    return found


def _quotation(exchange: Exchange) -> str | None:
    """Return words that are passed off as those of a document."""
    if OTHER_WORDS_ASKED_FOR.search(exchange.request.own):
        return None
    prose = exchange.prose
    for quoted in passed_off(prose, was_asked_for=False):
        at = prose.find(quoted)
        before = prose[max(0, at - _BEFORE) : at].rpartition("\n")[2]
        if _DOCUMENT.search(before) and is_long_enough(quoted) and not stands_in(exchange, quoted):
            return quoted
    return None


def _address(exchange: Exchange) -> str | None:
    """Return an address that nobody asked for, or that is given as a source; not the start page of a site."""
    own = exchange.request.own
    texts = (text for request in exchange.requests for text in request.material)
    if any(ADDRESS.search(text) for text in texts):
        return None  # then it is compared with those
    if (LOOKS_FURTHER.search(own) or ASKS_FOR_ADDRESS.search(own)) and not _WANTS_SOURCES.search(own):
        return None
    known = exchange.background.casefold()
    for match in ADDRESS.finditer(exchange.prose):
        shown = match[0].rstrip(".,;:!?*_)")
        bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", shown.casefold()).rstrip("/")
        is_deep = "/" in bare
        if (
            is_deep
            and not STANDS_FOR_ANY.search(bare)
            and not _WELL_KNOWN.search(bare.partition("/")[0])
            and bare not in known
        ):
            return shown
    return None
