"""References to sources in a text: paragraphs of laws and contracts, numbers of cases and documents, DOI, ISBN.

By their form alone, in English and Chinese. Whether there is such a source is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.text.late_regex import late_regex
from desktop.core.text.number_words import CHINESE_NUMERALS, chinese_value
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import HAN

_MOST = 500  # of a text
_NUMERALS = rf"[{CHINESE_NUMERALS}\d]{{1,8}}"
# Numbers that stand for themselves: what they begin with names the kind.
_NUMBERED = late_regex(
    r"\b10\.\d{4,9}/[^\s\"'<>，。；）)\]]+"
    r"|\barXiv:\s?\d{4}\.\d{4,5}\b"
    r"|\bISBN[ :-]*[\d-]{10,17}"
    r"|\b\d{1,2}:\d{2}-(?:cv|cr|mc)-\d{3,6}\b"
    r"|\b\d{1,3} (?:U\.S\.|F\.\dd|F\. ?Supp\.(?: ?\dd)?|S\. ?Ct\.) \d{1,4}\b"
    r"|\[(?:19|20)\d{2}\] (?:UKSC|UKHL|EWCA|EWHC|HCA|SGCA|HKCFA)(?: (?:Civ|Crim))? \d{1,4}\b"
    r"|\bC[-‑–]\d{1,4}/\d{2}\b|\b[IVX]{1,4} Z[RB] \d{1,4}/\d{2}\b|\b\d AZR \d{1,4}/\d{2}\b"
    r"|\b(?:Case|Docket|File) (?:No\.?|number) ?[A-Z0-9][A-Z0-9/.:-]{2,24}\d"
    rf"|[（(][12]\d{{3}}[）)][{HAN}]{{1,4}}\d{{0,4}}[{HAN}]{{1,4}}第?\d{{1,6}}号"
    rf"|[{HAN}]{{1,8}}[〔\[【（(][12]\d{{3}}[〕\]】）)]第?\d{{1,4}}号"
)
_OF_EN = (
    r"(?:act|law|code|directive|regulations?|constitution|statutes?|ordinance|convention|treaty|gdpr|policy|policies"
    r"|handbook|manual|guidelines?|agreement|contract|rules?|standard|charter|bylaws|terms)"
)
_CLAUSE_EN = r"(?:articles?|art\.|sections?|sec\.|clauses?|paragraphs?|para\.|rule|schedule)"
_NUMBER_EN = r"\d{1,4}[a-z]?(?:\.\d{1,3})*(?:\([a-z0-9]{1,4}\))*"
_CLAUSE = late_regex(
    rf"(?P<en>\b{_CLAUSE_EN} (?P<number>{_NUMBER_EN})(?![\w%]))"
    rf"|(?P<sign>§{{1,2}} ?(?P<of_sign>\d{{1,4}}[a-z]?)(?: (?:BGB|HGB|StGB|KSchG|BetrVG|ArbZG|AktG|GmbHG|EStG"
    rf"|UStG)\b)?)"
    rf"|(?P<zh>第(?P<of_zh>{_NUMERALS})[条款]|[{HAN}]{{2}}第(?P<of_part>{_NUMERALS})[章节])",
    re.IGNORECASE,
)
_NAMED_BEHIND = late_regex(
    rf",? (?:of|in|under) (?P<name>(?:the |our |your |its |this )?(?:[\w’'&-]+ ){{0,6}}?{_OF_EN}\b)", re.IGNORECASE
)
_NAMED_BEFORE = late_regex(
    rf"(?:\b(?:[\w’'&-]+ ){{0,4}}{_OF_EN}(?: \(?\d{{4}}\)?)?|\bU\.S\.C\.),? ?\(?$", re.IGNORECASE
)
_NAMED_ZH = late_regex(
    rf"(?:《[^《》\n]{{2,40}}》|[{HAN}]{{1,12}}(?:法|条例|规定|办法|制度|手册|章程|准则|规范|细则|政策|合同|协议"
    rf"|公约))[^，。；\n]{{0,6}}$"
)
_THIS_ONE = late_regex(
    r"\bthis (?:agreement|contract|policy|charter|act)\b|本(?:合同|协议|办法|制度|章程|规定|条例|法)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference as it is written, what it is compared by, and what it is a part of.

    `is_clause`: it is the number of a part of something; its `key` is that number. `source`: the law or contract that
    is named with it; empty where none is.
    """

    text: str
    key: str
    is_clause: bool = False
    source: str = ""


def references_in(text: str) -> Iterator[Reference]:
    """Yield the references of a text; not those to the text's own clauses ("Section 4 of this agreement")."""
    for match in list(_NUMBERED.finditer(text))[:_MOST]:
        shown = match[0].rstrip(".,;:")
        yield Reference(shown, squeezed(shown))
    for match in list(_CLAUSE.finditer(text))[:_MOST]:
        before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
        behind = text[match.end() : match.end() + 80].partition("\n")[0]
        named = _NAMED_ZH.search(before) if match["zh"] else _NAMED_BEFORE.search(before)
        after = None if match["zh"] else _NAMED_BEHIND.match(behind)
        if _THIS_ONE.search(named[0] if named else "") or _THIS_ONE.search(after[0] if after else ""):
            continue
        shown = f"{named[0] if named else ''}{match[0]}{after[0] if after else ''}"
        source = (after["name"] if after else "") or (named[0] if named else "") or (match["sign"] or "")
        yield Reference(" ".join(shown.split()), _number_of(match), is_clause=True, source=source.strip(" ,("))


def _number_of(match: re.Match[str]) -> str:
    number = match["number"] or match["of_sign"] or match["of_zh"] or match["of_part"]
    if match["zh"] and not number.isdecimal():
        return str(chinese_value(number)) if not any(map(str.isdecimal, number)) else number
    return number.casefold()
