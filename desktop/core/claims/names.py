"""Names in a text: capitalised words of English, titles and a few kinds of names of Chinese.

Kept conservative: a word that is capitalised because a sentence begins with it is a name only if it is known to be one
from elsewhere, and of Chinese only what is marked as a name: 《…》, a dot between parts, a title behind it, 作者是
before it, a name alone in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind
from desktop.core.claims.numbers import apart
from desktop.core.text.number_words import CURRENCY_UNITS, UNITS
from desktop.core.text.scripts import HAN, NO_PEOPLE, SURNAMES

_WORD = r"[A-ZÀ-ÖØ-ÞĆČĐŁŃŚŠŹŻŽ][A-Za-zÀ-ÖØ-öø-ž]*(?:['’-][A-Za-zÀ-ÖØ-öø-ž]+)*"
_RUN = re.compile(
    rf"{_WORD}(?:(?: (?:of|de|del|la|von|van|der|den|da|di|al|bin|the|&))*(?:(?<=\b[A-Z])\. | |-){_WORD})*"
)
_JOINING = "of de del la von van der den da di al bin the &"
_JOINERS = frozenset(_JOINING.split())
# Capitalised, and no names; most begin a sentence.
_BEGINNINGS = (
    "i a an the this that these those it its he she they we you his her their our your my there here in on at by"
    " for from to of with without within about above after again against also although always among and another any"
    " are as because before below between both but can could did do does during each either even every finally first"
    " second third lastly next then however if instead is just let like many may maybe might more most much neither"
    " never no nor not nothing now once one only or other overall perhaps please rather several should since so some"
    " sometimes still such sure than thanks therefore though through thus today together until unless unlike was"
    " were what when where whether which while who whose why will would yes yet ok okay note summary answer question"
    " example examples january february march april june july august september october november december monday"
    " tuesday wednesday thursday friday saturday sunday mr mrs ms dr prof dear hello hi best kind regards sincerely"
    " total step according based all am be been being has have had how into over under up down out off too very same"
    " ask call see send sign pay use check choose contact present report quote reply write take make"
    " per via new old good table figure chapter section part page der die das ein eine einer im es wir sie er zum"
)
# Which a contract writes with capitals: the parties by what they do, and what it defines.
_OF_CONTRACTS = (
    "tenant landlord lessee lessor supplier customer buyer seller purchaser vendor client contractor subcontractor"
    " employer employee licensor licensee borrower lender guarantor insurer insured party parties premises deposit"
    " term agreement contract lease services fee fees"
)
_DEFINED = frozenset(_OF_CONTRACTS.split())
_NO_NAMES = frozenset(_BEGINNINGS.split()) | {unit.lower() for unit in CURRENCY_UNITS}
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Dr|Prof)\.? ({_WORD})")
_ENDS_SENTENCE = re.compile(r"(?:[.!?:;•\n\t“\"(\[>]|^)[\s“\"'‘(*_]*$")

_GERMAN = re.compile(r"\b(?:und|der|das|ist|sind|nicht|auf|mit|von)\b", re.IGNORECASE)
_WORDS_TO_A_GERMAN = 12

_TITLE = re.compile(rf"《([^《》\n]{{1,40}})》|([{HAN}]{{1,6}}(?:[·•・][{HAN}]{{1,6}})+)")
_BODY = re.compile(
    rf"[{HAN}]{{2,12}}?(?:有限公司|公司|大学|学院|研究[院所]|银行|医院|集团|委员会|出版社)"
    rf"|[{HAN}]{{2,5}}(?:先生|女士|教授|博士|主席|部长|市长|(?<!科)医生|老师)"
    rf"|[{SURNAMES}][{HAN}]{{0,2}}经理"  # but no 客户经理
)
_NAME = rf"[{SURNAMES}][{HAN}]{{1,2}}?"
_OFFICES = (
    "联系人?|负责人|经办人?|责任人|主持人?|记录人?|出席人员|参会人员|出席|列席|缺席|代表|记者|作者|导演|主任|教授|[局院站校组班店部处科]长|经理"
    "|董事长|总[裁监]|主[管席编]|秘书|委员|专员|顾问|讲师|主讲人?|工程师|业主|申请人|审批人|审核人?|[编制计监]票?制?人|批准|签发|收件人|签字|姓名"
    "|人力资源部|财务部|由(?!于)|报|名叫|名为"
)
_DEEDS = (
    "汇报|报告|表示|认为|指出|说|负责|介绍|主持|发言|撰写|提出|补充|强调|审批|签批|审核|批准|确认|同意|牵头|主讲|组织|签署|签收|签|对接|跟进|提交|编制"
    "|接任|答复|回复|发明|创立|创办|创作|担任|的调查"
)
_PEOPLE = re.compile(
    # behind an office, several of them too
    rf"(?:(?:{_OFFICES})(?:是|为|由)?|[{HAN}][人员长](?:是|为|[：:\s]))[：:\s]*"
    rf"(?P<led>{_NAME}(?:[、，,和与及]\s?{_NAME})*)(?=$|[^{HAN}]|[和与及、在的]|{_DEEDS}|先生|女士|老师)"
    # before what they do, an address or a telephone
    rf"|(?:^|(?<=[\s。；;，,、“”]))(?P<acting>{_NAME})"
    rf"(?=(?:{_DEEDS}|[：:])|[\s，,（(]+(?:[\w.]+@|0?\d{{3,4}}[- ]|分机))"
    rf"|(?<=[{HAN}][：:])\s?(?P<named>[{SURNAMES}][{HAN}]{{2}})(?=[，,。；;、（(\s]|$)"
    rf"|(?:^|(?<=[|\t]))\s*(?P<alone>{_NAME})\s*(?=$|[|\t])",
    re.MULTILINE,
)
_ONE = re.compile(rf"{_NAME}(?=$|[、，,和与及\s])")
# What ends before a name begins; also what makes of a name a phrase (这家公司).
_NOT_IN_NAME = re.compile(
    r".*(?:[于在的是由和与向从被把了到为对给让跟同及或以将请问据称即叫说这那该本某各每此其位名]|(?<!责)任|一家|一所|家|所|创立|创办|加入|通知|联系|告知|咨询|客户)"
)


def names_in(text: str, known: frozenset[str]) -> list[Finding]:
    """Return the names of a text, in order; `known`: words, in small letters, that are names also at a beginning."""
    return apart(iter([*_english(text, known), *_chinese(text)]))


def known_names(text: str) -> frozenset[str]:
    """Return the words, in small letters, that are capitalised within a sentence of this text, or beside another."""
    known = {match[1].lower() for match in _TITLED.finditer(text)}
    if _capitalises_nouns(text):
        return frozenset(known)
    for match in islice(_RUN.finditer(text), MOST_OF_A_KIND):
        start, run = _without_beginning(match.start(), match[0])
        if " " in run or not _begins_sentence(text, start):
            known.update(re.split("[ -]", run.lower()))
    return frozenset(known) - _NO_NAMES


def may_be_same(one: str, other: str) -> bool:
    """Return True if two values can name the same: Curie and Marie Curie."""
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first


def _english(text: str, known: frozenset[str]) -> Iterator[Finding]:
    count, has_capital_nouns = 0, _capitalises_nouns(text)
    for match in _RUN.finditer(text):
        if (before := text[max(0, match.start() - 1) : match.start()]).isalnum() and before < "\u3400":
            continue
        start, run = _without_beginning(match.start(), match[0])
        words = run.split(" ")
        is_first = start == match.start() and _begins_sentence(text, start)
        is_noun = has_capital_nouns and run.lower() not in known
        if not run or (len(words) == 1 and (is_noun or _is_no_name(run, is_first, known))):
            continue
        if all(_without_rest(word) in _DEFINED for word in words):
            continue
        if is_first and len(words) > 1 and _is_headline(text, match.end()):
            continue
        value = re.sub(r"['’]s\b", "", run).replace(".", "").lower()
        yield Finding(Kind.NAME, run, start, start + len(run), (value,))
        count += 1
        if count == MOST_OF_A_KIND:
            return


def _without_beginning(start: int, run: str) -> tuple[int, str]:
    """Return the start and text of a name without the words before it that are capitalised for other reasons.

    Joiners that came with them go, too.
    """
    words = run.split(" ")
    begins = (at for at, word in enumerate(words) if _without_rest(word) not in _NO_NAMES and word not in _JOINERS)
    first = next(begins, len(words))
    start += sum(len(word) + 1 for word in words[:first])
    words = words[first:]
    while words and (words[-1].lower() in _NO_NAMES or words[-1] in _JOINERS):
        words.pop()
    return start, " ".join(words)


def _without_rest(word: str) -> str:
    """Return a word in small letters without what is drawn together with it: "i" for "I'm"."""
    return re.split("['’]", word.rstrip("."))[0].lower()


def _is_no_name(word: str, is_first: bool, known: frozenset[str]) -> bool:
    if len(word) < 2 or (word.isupper() and word.lower() in UNITS):
        return True
    return is_first and not (word.isupper() and len(word) > 2) and word.lower() not in known


def _begins_sentence(text: str, at: int) -> bool:
    return _ENDS_SENTENCE.search(text[max(0, at - 8) : at]) is not None


def _is_headline(text: str, end: int) -> bool:
    """Return True if the line that began with capitals ends here: it is a title, not a name."""
    return text[end : end + 1] in ("", "\n", ":")


def _capitalises_nouns(text: str) -> bool:
    """Return True for a text in which nouns are capitalised as names are, such as a German one."""
    beginning = text[:20_000]  # one text is in one language
    return _WORDS_TO_A_GERMAN * len(_GERMAN.findall(beginning)) > beginning.count(" ")


def _chinese(text: str) -> Iterator[Finding]:
    if text.isascii():
        return
    count = 0
    for match in _TITLE.finditer(text):
        yield from _named(match, match[1] or match[2], is_title=bool(match[1]))
        count += 1
        if count == MOST_OF_A_KIND:
            break
    yield from people_in(text)
    for match in _BODY.finditer(text):
        yield from _named(match, match[0], is_title=False)
        count += 1
        if count >= 2 * MOST_OF_A_KIND:
            return


def people_in(text: str) -> Iterator[Finding]:
    """Yield the people that a Chinese text names."""
    for match in islice(_PEOPLE.finditer(text), MOST_OF_A_KIND):
        group = match.lastgroup or ""
        for one in _ONE.finditer(match[group]):
            if one[0] not in NO_PEOPLE:
                start = match.start(group) + one.start()
                yield Finding(Kind.NAME, one[0], start, start + len(one[0]), (one[0],))


def _named(match: re.Match[str], name: str, *, is_title: bool) -> Iterator[Finding]:
    start = match.start() + match[0].index(name)
    if not is_title and (before := _NOT_IN_NAME.match(name)):
        start += before.end()
        name = name[before.end() :]
    if len(name) > (0 if is_title else 3) or "·" in name:
        yield Finding(Kind.NAME, name, start, start + len(name), (name.replace("•", "·").replace("・", "·"),))
