"""Signs that a reply refers to what is not there: quotations and addresses that are nowhere in the material given.

Only where there is material, and all that was said is at hand. A quotation counts when the reply passes it off as one,
or one was asked for; what it proposes to write, translates or gives as an example does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange
from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import squeezed, words_of
from desktop.core.text.scripts import count_han

_QUOTED = late_regex(
    r'“([^“”\n]{6,600})”|„([^„“”\n]{6,600})[“”]|«([^«»\n]{6,600})»|「([^「」\n]{4,600})」|"([^"\n]{6,600})"'
)
_BLOCK = late_regex(r"^> ?(.+)$", re.MULTILINE)
# What is left out of a quotation, or put in: each piece between is looked for by itself.
_LEFT_OUT = late_regex(r"\[[^\]\n]{0,80}\]|…+|\.{3,}|（(?:略|下略|省略)）|\((?:…|\.\.\.)\)")
_LEAST_WORDS, _LEAST_IDEOGRAPHS = 4, 7
_AROUND = 60  # characters before and behind a quotation that say what it is

_SAYS_BEFORE = late_regex(
    r"(?:\b(?:says?|said|states?|stated|reads?|writes?|wrote|notes?|noted|mentions?|mentioned|specif(?:y|ies|ied)|"
    r"according to|quot(?:e|es|ed|ing)|wording|verbatim|original text|in the words of|(?:clause|section|article|"
    r"paragraph) \d+(?:\.\d+)?)\b[^.!?\n]{0,40}|(?:写道|写着|写明|指出|提到|表示|规定|载明|约定|原文|文中|原话|原句|"
    r"引用|注明|强调|明确|第[一二三四五六七八九十\d]+[条款段节])[^。！？\n]{0,8}|[说称])$",
    re.IGNORECASE,
)
_SAYS_BEHIND = late_regex(
    r"^[\s.,，。]*(?:[(（\[]\s*(?:clause|section|article|paragraph|para\.?|page|p\.|line|§|第|见第?|原文)\s*[^)）\]]{0,20}"
    r"[)）\]]|(?:says|said|states|writes|wrote|according to|as the (?:text|contract|mail|report) (?:says|puts))\b)",
    re.IGNORECASE,
)
_PROPOSES = late_regex(
    r"\b(?:could|would|should|might|instead|rewrit\w+|rephras\w+|suggest\w*|propos\w+|better|chang\w+|replac\w+|"
    r"such as|e\.g\.|for example|for instance|means?|translat\w+|called|titled|repl(?:y|ies)|subject|write|like|"
    r"something|if|version)\b"
    r"|可以|建议|应该|应当|不妨|改为|改成|写成|例如|比如|譬如|翻译|译为|意思|回复|类似|如果|假如|所谓|主题|标题|补充|增加|添加|就是",
    re.IGNORECASE,
)
_ASKED_FOR = late_regex(
    r"\b(?:quot(?:e|es|ation|ations)|verbatim|cite|exact (?:words?|wording)|word for word|original wording)\b"
    r"|引用|原文|原句|原话|摘录|逐字|摘抄",
    re.IGNORECASE,
)
OTHER_WORDS_ASKED_FOR = late_regex(
    r"\b(?:translat|rewrite|rephrase|paraphras|draft|story|dialog|slogan|invent|imagine|famous|proverb|saying|poem)\w*"
    r"|\bwrite (?:an?|the|me|to|back)\b|写(?:一|封|个|篇|段|份|邮件|信)|翻译|译成|改写|润色|起草|编写"
    r"|故事|对话|口号|想象|仿写|拟|名言|谚语|格言|俗语|诗",
    re.IGNORECASE,
)

ADDRESS = late_regex(r"(?:https?://|www\.)[^\s<>\"'“”`|，。、；：）】」》\]]+", re.IGNORECASE)
STANDS_FOR_ANY = late_regex(
    r"example\.(?:com|org|net)|localhost|127\.0|0\.0\.0\.0|192\.168|yourcompany|your-|company\.com|domain\.com|[{}\[*]|"
    r"w3\.org|schemas?\.",
    re.IGNORECASE,
)
ASKS_FOR_ADDRESS = late_regex(r"\b(?:links?|urls?|addresses|address)\b|网址|链接|地址", re.IGNORECASE)
LOOKS_FURTHER = late_regex(
    r"\b(?:web ?sites?|home ?pages?|official|further reading|look up|search|find (?:me )?(?:links?|sources|pages)|"
    r"sources|where (?:can|do) i|recommend|online|internet|tutorials?|documentation|download)\b"
    r"|官网|网站|网址|主页|更多资料|参考资料|查一下|搜索|搜一下|推荐|下载|教程|来源|哪里可以",
    re.IGNORECASE,
)


def quotation(exchange: Exchange) -> Sign | None:
    """Return a sign for quoted words that the reply passes off as the material's, and that stand nowhere above."""
    if not exchange.has_material or not exchange.knows_everything:
        return None
    if OTHER_WORDS_ASKED_FOR.search(exchange.request.own):
        return None
    for quoted in passed_off(exchange.prose, was_asked_for=_ASKED_FOR.search(exchange.request.own) is not None):
        if is_long_enough(quoted) and _is_in_tongue_of(exchange.background, quoted) and not stands_in(exchange, quoted):
            return Sign(SignKind.QUOTATION, excerpt(quoted))
    return None


def address(exchange: Exchange) -> Sign | None:
    """Return a sign for a web address that stands nowhere above; the start page of a site that is named there does."""
    if not exchange.has_material or not exchange.knows_everything or LOOKS_FURTHER.search(exchange.request.own):
        return None
    if not any(ADDRESS.search(each) for each in _texts(exchange)) and not ASKS_FOR_ADDRESS.search(exchange.request.own):
        return None  # it refers to nothing of the text, but to something to read besides
    known = exchange.background.casefold()
    for found in ADDRESS.findall(exchange.prose):
        shown = found.rstrip(".,;:!?*_)")
        bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", shown.casefold()).rstrip("/")
        is_start_page = "/" not in bare
        if STANDS_FOR_ANY.search(bare) or bare in known or (is_start_page and _site(bare) in known):
            continue
        return Sign(SignKind.LINK, excerpt(shown))
    return None


def _texts(exchange: Exchange) -> Iterator[str]:
    for request in exchange.requests:
        yield from request.material


def passed_off(prose: str, *, was_asked_for: bool) -> Iterator[str]:
    """Yield the quotations of a text that it gives as somebody's words, in order."""
    for found in _QUOTED.finditer(prose):
        before = prose[max(0, found.start() - _AROUND) : found.start()].rpartition("\n")[2]
        behind = prose[found.end() : found.end() + _AROUND].partition("\n")[0]
        before = re.split(r"[.!?。！？]\s*(?=\S)", before)[-1]
        is_given = was_asked_for or _SAYS_BEFORE.search(before.rstrip(" :：,，*")) or _SAYS_BEHIND.search(behind)
        if is_given and not _PROPOSES.search(before):
            yield next(group for group in found.groups() if group)
    if was_asked_for:
        yield from (found.strip(' "“”„«»「」*') for found in _BLOCK.findall(prose))


def is_long_enough(quoted: str) -> bool:
    """Return True for more words than a term or a name has."""
    return len(words_of(quoted)) >= _LEAST_WORDS or count_han(quoted) >= _LEAST_IDEOGRAPHS


def _is_in_tongue_of(background: str, quoted: str) -> bool:
    """Return True if it can be the wording of what was given; a translation of it cannot."""
    han = count_han(quoted)
    if han * 2 > len(squeezed(quoted)):
        return count_han(background) >= 5 * han or count_han(background) * 2 > len(squeezed(background[:20_000]))
    return len(words_of(background[:20_000])) > count_han(background[:20_000]) // 4


def stands_in(exchange: Exchange, quoted: str) -> bool:
    """Return True if all pieces of a quotation were said above, whatever their case, spaces and punctuation."""
    pieces = [squeezed(piece) for piece in _LEFT_OUT.split(quoted)]
    return all(piece in exchange.squeezed_background for piece in pieces)


def _site(host: str) -> str:
    """Return the name of a site without the names before it."""
    return ".".join(host.split(".")[-2:])
