"""A sign that a reply names a source that nobody gave it: a case, a standard, a page, a study, a book, a quotation.

The model has it from memory, where true and invented ones look alike; so it is never called false. Laws, and what
well-read people know, are passed over: these stand in `resources/signs/known_sources.txt`, one a line below its kind.
A name has to stand whole in a text, of "Emma + Austen" both, and a title in brackets such as 《论语》 as a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from desktop.core.message import Role, Sign, SignKind, excerpt
from desktop.core.resources import resource_path
from desktop.core.signs.exchange import Exchange
from desktop.core.text.scripts import HAN, count_han, has_han, squeezed, words_of

_TITLE = re.compile(r"(?:《|[.．] ?)([^《》.．\n]+)(?:》|\[[JM]\])")  # 《乡土中国》, 费孝通. 乡土中国[M]
_SUBTITLE = re.compile("[·：:（(—]")
_WORD = re.compile(r"\w+")
_NAMES = ("laws", "cases", "studies", "books")
_LEAST_QUOTED = 10  # letters of a quotation that is a part of a known one
_MANUALS = ("docs", "doc", "support", "help", "learn", "developer", "developers", "api", "dev", "wiki", "packages")
_NO_SITE = ("example.", "localhost", "your", "company.", "domain.")


def names_known(text: str) -> bool:
    """Return True if a known law, case, study or book is named in a text."""
    if not _titles()["books"].isdisjoint(_titles_in(text)):
        return True
    letters, said = squeezed(text), f" {_words(text)} "
    by_first_word, chinese = _names()
    if any(each in letters for each in chinese):
        return True
    return any(
        all(f" {part} " in said for part in parts)
        for word in dict.fromkeys(said.split())
        for parts in by_first_word.get(word, ())
    )


def is_known_journal(title: str) -> bool:
    """Return True if a title is that of a known newspaper or journal."""
    return _words(title) in _known("journals") or not _titles()["journals"].isdisjoint(_titles_in(title))


def is_known_standard(name: str, number: str) -> bool:
    """Return True if one of the publishers in a standard's name has a known one of this number."""
    return any(f"{publisher} {number}" in _known("standards") for publisher in _WORD.findall(name))


def is_known_site(host: str) -> bool:
    """Return True for a host that is known, or below one that is; for a manual; and for one that stands for any."""
    parts = host.split(".")
    return (
        parts[0] in _MANUALS
        or host.startswith(_NO_SITE)
        or any(".".join(parts[at:]) in _known("sites") for at in range(len(parts)))
    )


def is_known_quotation(words: str) -> bool:
    """Return True if words are, hold, or are a part of what is often quoted."""
    letters = squeezed(words)
    return any(each in letters or (len(letters) >= _LEAST_QUOTED and letters in each) for each in _known("quotations"))


@cache
def _lines() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    kind: list[str] = []
    for line in resource_path("signs", "known_sources.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = found.setdefault(line.strip("[]"), [])
        elif line:
            kind.append(line)
    return found


@cache
def _names() -> tuple[dict[str, list[list[str]]], list[str]]:
    """Return the names of several words by their first, each with all that has to stand there, and the Chinese ones."""
    by_first_word: dict[str, list[list[str]]] = {}
    chinese = []
    for name in (line for kind in _NAMES for line in _lines()[kind]):
        if not has_han(name):
            parts = [_words(part) for part in name.split(" + ")]
            by_first_word.setdefault(parts[0].split()[0], []).append(parts)
        elif not name.startswith("《"):
            chinese.append(squeezed(name))
    return by_first_word, chinese


@cache
def _titles() -> dict[str, set[str]]:
    """Return the Chinese titles of journals, and of all else."""
    return {
        "books": {title for kind in _NAMES for line in _lines()[kind] for title in _TITLE.findall(line)},
        "journals": {title for line in _lines()["journals"] for title in _TITLE.findall(line)},
    }


@cache
def _known(kind: str) -> frozenset[str]:
    """Return the lines of a kind as they are compared."""
    plain = {"journals": _words, "quotations": squeezed}.get(kind, str)
    return frozenset(map(plain, _lines()[kind]))


def _titles_in(text: str) -> set[str]:
    """Return the titles in brackets, also without what stands behind a point or colon."""
    titles = _TITLE.findall(text)
    return {*titles, *(_SUBTITLE.split(title)[0] for title in titles)}


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.replace("’", "'").replace("'", "").casefold()))


# What is asked for is made up, or is another's text.
_MADE_UP = (
    "story stories novel poem poems fiction fictional fictitious imagine imagined imaginary invent invented placeholder"
    " placeholders mock mockup dummy made-up fake translate translated proofread roleplay role-play joke jokes parody"
)
_MADE_UP_ZH = "故事 小说 诗 虚构 想象 编一 占位 翻译 校对 扮演 剧本 段子 玩笑 鸡汤"

_PUBLISHERS = (
    "ISO IEC EN DIN BS ANSI IEEE ASTM NIST AS/NZS ETSI ITU NFPA VDI GB GBZ JGJ CJJ QB SB YY HJ HG JB LD GA WS RB CECS"
    " SL DL YD SJ JR LB"
)
_STANDARD = re.compile(
    rf"(?<![A-Za-z])(?P<name>(?:{_PUBLISHERS.replace(' ', '|')}|DB\d\d|T/[A-Z]{{2,9}})"
    r"(?:/[A-Z]+)*[ -]?(?:[A-Z]{1,4} ?)?)(?P<number>\d{2,6})(?:[-.:—–]\d{1,4})*"
)
_OF_BUILDING = ("50", "55")  # how the numbers of Chinese codes for building begin
_INVENTED_LENGTH = 5  # figures: what is made up has so many; shorter numbers are mostly taken, and well known
_COUNTED = re.compile(
    "|".join(
        (
            r"\[(?:19|20)\d\d\] (?:\d+ )?[A-Z]\w+(?: (?:Civ|Crim))?[ \d]{0,6}",  # [2019] EWCA Civ 1442
            r"\b\d{1,3} (?:[A-Z]\. ?)+(?:Supp\. |Ct\. )?(?:\d[dt]h? )?\d{1,4}\b",  # 411 U.S. 792
            r"\b(?:\d{1,2}|[IVX]+) [A-Z][A-Za-z]{1,4} \d{1,3}/\d\d\b",  # 9 TaBV 77/20, of German courts
            r"\b\d:\d\d-[cm][vrc]-\d{3,6}\b",  # 2:19-cv-00123
            rf"[{HAN}]{{0,8}}[（(〔\[【][12]\d{{3}}[）)〕\]】][{HAN}\d]{{1,14}}号",  # 财税〔2019〕13号
            r"指导性?案例第?\d+号",
            r"\b\d{1,3} ?\(\d{1,3}[^)\s]{0,3}\)[,:，：] ?(?:pp?\. ?)?\d{1,5} ?[-–—] ?\d{1,5}",  # 11(3), 204–219
            r"第 ?\d{1,3} ?卷,? ?第? ?\d{1,2} ?期",
            r"\b10\.\d{4,9}/[^\s\"'<>，。；）)\]]+",
            r"\b(?:arXiv|ISBN|PMID)[ :-]*\d[\d.-]{5,16}",
        )
    )
)
_CASE = re.compile(
    r"(?<![\w.])[A-Z][\w.&’'-]*(?: (?:[A-Z&(][\w.&’')-]*|of|and|the|for)){0,6} v\.?"
    r" [A-Z][\w.&’'-]*(?: [A-Z&(][\w.&’')-]*){0,5}"
    rf"|[{HAN}]{{1,8}}诉[{HAN}]{{2,14}}案"
)
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"'“”`|，。、；：）】」》\]]+", re.IGNORECASE)
_WORDS_OF_TITLE = 5
_LENGTH_OF_ID = 12  # of the last part of a page's id, as those of Microsoft's support have it
_TOPIC = 8  # letters: the place of a topic and no page
# A study, with who made it; a book, with its author or its year.
_STUDIES = (
    "study studies survey paper research researchers report meta-analysis whitepaper trial professor journal review"
    " quarterly"
)
_STUDIES_ZH = "研究 调查 论文 白皮书 调研 蓝皮书 学报 期刊 报告 指南"
_MAKERS = (
    "University Institute College School Journal Review Quarterly Foundation Council Association Centre Center Lab"
    " Laboratory Stanford Harvard Oxford Cambridge Yale Gallup Statista Forrester McKinsey Gartner Deloitte PwC"
)
_MAKERS_ZH = "麦肯锡 盖洛普 德勤 普华永道 哈佛 斯坦福 清华 北大 大学 学院 研究院 研究所 学会 协会 研究中心 等人"
_BOOK = re.compile(
    r"[*_“\"‘]{1,2}(?P<title>[A-Z][^*_”\"’\n]{5,90})[*_”\"’]{1,2}"
    r"(?=[^.\n]{0,40}\([^()\n]{0,42}(?:19|20)\d\d|[^\n]{0,40}\bpp?\. ?\d|,? by [A-Z][a-z]+ [A-Z])"
    r"|《[^《》\n]{2,40}》(?=[^。\n]{0,20}(?:出版|[（(]?(?:19|20)\d\d|第 ?\d+ ?[页章]))"
)
_NAME = re.compile(r"\b[A-Z][A-Za-z]+|\d[\d,.]*\d|《[^《》\n]+》")
_NO_NAMES = "According A An As At By For From In It On See That The This To Under"
# By its title, or the number behind a title.
_LAW = re.compile(r"《[^》]*(?:法|条例|规定|办法|标准|规范|公约|规则)|^.?》.*号$")
# What has been in the reports for so long is in every textbook.
_OLD_CASE = re.compile(r"[\[(]1(?:[0-8]\d|9[0-7])\d[\])]")

_QUOTE = re.compile(r"[“\"「『](?P<words>[^“”\"「」『』\n]{1,400})[”\"」』]")
_BEFORE = 160  # characters before a quotation that may say whose it is
_WITHIN = re.compile(r"(?<![A-Za-z])['‘](?P<words>(?:[^'‘’\n]|(?<=[A-Za-z])['’](?=[A-Za-z])){1,400})['’](?![A-Za-z])")
_PERSON = rf"(?:[A-Z][a-z]+ (?:[A-Z]\.? ?)?[A-Z][a-z]+|[{HAN}·]{{2,12}})"
_SAYS = re.compile(
    rf"{_PERSON}(?:,[^.,]{{0,60}},)?(?: \w+)? (?:said|wrote|observed|remarked|put it|noted|argued)\b[^.]{{0,40}}$"
    rf"|[{HAN}·]{{2}}(?:曾|说过|写道|指出|有句|名言)[^。]{{0,20}}$"
)
_WORK = re.compile(r"(?P<work>《[^《》]{2,30}》)[^，。]{0,8}[中里][^。]{0,20}$")
_BY = re.compile(
    rf"[*_]{{0,2}}\s*(?:>\s*)?(?:[-–—―]+ ?|[(（])[*_]{{0,2}}{_PERSON}(?P<work>《[^《》\n]{{2,30}}》)?"
    rf"|[*_]{{0,2}}\s*\n[*_]{{0,2}}{_PERSON}, [^\n]{{0,60}}\b1\d{{3}}"
)
_DOCUMENT = re.compile(
    r"(?:handbook|policy|manual|contract|guidelines?|agreement) (?:says|states|reads|provides)(?: that)?[:, ]*$"
    r"|(?:员工手册|制度|规定|办法|合同)(?:第[^，。]{1,8})?(?:规定|写明|明确|载明|约定)[：:，, ]*$"
)
# Of an article word for word: who knows it by heart?
_ARTICLE = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]{1,8}[条款项]"
    r"|(?:[Aa]rticle|[Ss]ection|[Pp]aragraph|[Cc]lause|§|[Rr]egulation|[Rr]ule) ?[\d(])"
    r"[^.。]{0,40}[：:，,][ *]*$"
)
_MODERN = re.compile(r"[的了是我们个这那把被你]")  # what is written as the ancients wrote is known


def ungiven(exchange: Exchange) -> Sign | None:
    """Return a sign for a source that the model can have from its memory only."""
    if not exchange.knows_everything or _is_made_up(exchange.request.own):
        return None
    users = "\n".join((exchange.system, *(said.text for said in exchange.earlier if said.role is Role.USER)))
    given = squeezed(users)
    for found in _sources(exchange.prose, _names_in(users.title())):
        shown = _shown(found)
        if squeezed(shown.removeprefix("https://").removeprefix("http://").removeprefix("www.")) not in given:
            return Sign(SignKind.UNGIVEN, excerpt(shown))
    told = squeezed(exchange.background)
    is_rewritten = any(len(each["words"]) >= _LEAST_QUOTED for each in _QUOTE.finditer(exchange.request.own))
    quoted = () if is_rewritten else _quotations(exchange.prose)
    new = next((words for words in quoted if squeezed(words) not in told), None)
    return Sign(SignKind.UNGIVEN, excerpt(_shown(new))) if new is not None else None


def _is_made_up(asked: str) -> bool:
    return not set(_MADE_UP.split()).isdisjoint(words_of(asked)) or _has_one(asked, _MADE_UP_ZH)


def _shown(found: str) -> str:
    return " ".join(found.split()).strip(" *_,.;:，。")


def _sources(prose: str, given: set[str]) -> Iterator[str]:
    """Yield the sources that an answer names, without those that everybody knows, or that have but names given."""
    for match in _STANDARD.finditer(prose):
        if not _is_known_number(match) and not _is_in_law(prose, match):
            yield match[0]
    for pattern in (_COUNTED, _CASE, _BOOK):
        for match in pattern.finditer(prose):
            around = _line_around(prose, match)
            is_known = names_known(around) or _names_in(match[0]) <= given
            if pattern is _BOOK:
                is_known |= is_known_journal(match["title"] or match[0])
            else:
                is_known |= _OLD_CASE.search(around) is not None
            if not is_known and not _is_in_law(prose, match):
                yield match[0]
    for match in _ADDRESS.finditer(prose):
        address = match[0].rstrip(".,;:!?*_)")
        if _is_unknown_page(address.casefold()):
            yield address
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z*“\"])|[。！？\n]", prose):
        if _names_study(sentence) and not _names_in(sentence) <= given and not names_known(sentence):
            yield sentence


def _line_around(prose: str, match: re.Match[str]) -> str:
    before, behind = prose[max(0, match.start() - 60) : match.start()], prose[match.end() : match.end() + 60]
    return before.rpartition("\n")[2] + match[0] + behind.partition("\n")[0]


def _is_known_number(standard: re.Match[str]) -> bool:
    name, number = standard["name"], standard["number"]
    is_of_building = name.startswith("GB") and number.startswith(_OF_BUILDING)
    return len(number) < _INVENTED_LENGTH or is_of_building or is_known_standard(name, number)


def _is_in_law(prose: str, match: re.Match[str]) -> bool:
    return _LAW.search(prose[max(0, match.start() - 2) : match.end()]) is not None


def _is_unknown_page(address: str) -> bool:
    """Return True for the page of a site that is not known, or one with a title of its own in its address."""
    host, _, path = address.removeprefix("https://").removeprefix("http://").removeprefix("www.").partition("/")
    *folders, page = path.split("/")
    words = page.partition(".")[0].split("-")
    has_id = len(words[-1]) == _LENGTH_OF_ID
    is_titled = len(words) >= _WORDS_OF_TITLE and all(map(str.isalpha, words[:_WORDS_OF_TITLE])) and not has_id
    is_topic = len(path) <= _TOPIC or not any(folders)  # the place of a topic, not a page
    is_page = not is_topic or any(map(str.isdigit, path)) or "." in page
    return bool(path) and (is_titled or is_page) and (is_titled or not is_known_site(host))


def _names_study(sentence: str) -> bool:
    """Return True if a sentence speaks of a study, and says who made it."""
    if set(_STUDIES.split()).isdisjoint(words_of(sentence)) and not _has_one(sentence, _STUDIES_ZH):
        return False
    is_made = not set(_MAKERS.split()).isdisjoint(_NAME.findall(sentence))
    return is_made or _has_one(sentence, _MAKERS_ZH)


def _quotations(prose: str) -> Iterator[str]:
    """Yield what is quoted of somebody, of a document or an article, and not known."""
    for match in (*_QUOTE.finditer(prose), *_WITHIN.finditer(prose)):
        words = match["words"]
        if len(words) < _LEAST_QUOTED or is_known_quotation(words):
            continue
        before = re.split('[。”“‘"\n]', prose[max(0, match.start() - _BEFORE) : match.start()].rstrip("\n >"))[-1]
        of_text = _DOCUMENT.search(before) or _ARTICLE.search(before)
        of_person = _WORK.search(before) or _BY.match(prose, match.end()) or _SAYS.search(before)
        if not (of_person or of_text):
            continue
        work = of_person.groupdict().get("work") if of_person else None
        is_new = of_text or _MODERN.search(words) or (work and not names_known(work))
        if len(words_of(words)) >= 5 or (count_han(words) >= 7 and is_new):
            yield words


def _names_in(text: str) -> set[str]:
    """Return the names, the numbers and, if there are none, the text."""
    return {each.casefold() for each in _NAME.findall(text) if each not in _NO_NAMES.split()} or {text}


def _has_one(text: str, words: str) -> bool:
    """Return True if one of the words, which are Chinese, stands in a text."""
    return any(each in text for each in words.split())
