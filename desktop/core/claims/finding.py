"""All that can be checked in a text, in order: in an answer, a file, a comparison alike; and the names in it.

Names are capitalised words of English, titles and a few kinds of names of Chinese. That is kept conservative: a word
that is capitalised because a sentence begins with it is a name only if it is known to be one from elsewhere, and of
Chinese only what is marked as a name: 《…》, a dot between parts, a title behind it, 作者是 before it, a name alone
in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from urllib.parse import urlsplit

from desktop.core.claims.claim import LOOKED_AT, MOST_OF_A_KIND, Finding, Kind, Shown, blanked
from desktop.core.claims.dates import dates_in
from desktop.core.claims.numbers import PLAIN, apart, decimal_sign, numbers_in, written
from desktop.core.text.number_words import CURRENCY_UNITS, UNITS
from desktop.core.text.scripts import HAN, NO_PEOPLE, SURNAMES, count_han, squeezed

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
        if is_first and len(words) > 1 and _is_headline(text, start, match.end()):
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


def _is_headline(text: str, start: int, end: int) -> bool:
    """Return True if the line that began with capitals ends here: it is a title, not a name, nor the last cell."""
    return text[end : end + 1] in ("", "\n", ":") and text[max(0, start - 1) : start] != "\t"


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


# Numbers of invoices, telephones, accounts: digits that count nothing.
_IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9_/.-])(?<!\d,)(?:"
    r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?"  # IBAN
    r"|\+\d{1,3}[ -]?\(?\d{1,5}\)?(?:[ -]\d{2,8}){1,5}"  # telephones
    r"|0\d{2,4}[ /-]\d{3,8}(?:[ -]\d{2,8}){0,3}|0\d{2,5}[ /-]\d{2}(?:[ -]\d{2,4}){1,4}"
    r"|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}|[48]00[ -]\d{3}[ -]\d{4}"
    r"|[A-Z]{1,6}\d{0,4}(?:[-–/][A-Z\d]{1,8}){1,5}(?!%)"
    r"|[A-Z]{1,5} \d[\dA-Z]*(?:-[\dA-Z]+)*(?![%元万亿个人天年月件套次])"  # but no CT 320元
    r"|[A-Z]{1,4}\d{1,}[\dA-Z]*|\d{8,}(?!-\d)|\d{4}(?: \d{4}){2,4}(?: \d{1,4})?|[vV]\d+(?:\.\d+)+|\d{3}/[A-Z]{2}\d{3,}"
    r"|(?:Grade|Level|Room|Lot|Phase|Class|Zone|Tier|Stage|Category|Building|Block|Floor|Gate|Shift|Batch|Option|Line|Unit"
    r"|Lift|Bay|Hall|Workshop|Group|Type|Lane|Platform) (?:[A-Z]?\d{1,3}[A-Z]?|[A-Z])(?![-–]\w)"
    r"|\d{4}-\d{4,}(?:-\d+)*|(?!(?:0\d|1[0-2])-20[0-3])\d\d-\d{4}(?! ?[A-Za-z%°元米公千百万])"
    r"|\d{5,}-\d+|\d{2,}-0\d+(?!-\d)|\d{3}-\d{4,}"
    r")(?![A-Za-z0-9_%]|\.\d|,\d{3}(?!\d))"
)
_NO_IDENTIFIER = re.compile(
    rf"(?:{'|'.join(CURRENCY_UNITS)}|RMB|US|GB|UTC|No)[ -]?\d|Q[ -]?\d(?!\d)|[A-Z]{{1,5}} \d{{1,2}}$|\D+$"
)
# Long enough to be somebody's words; a single word between quotes is rather one that is pointed at.
_QUOTATION = re.compile(
    "“([^“”\n]{4,900})”|‘([^‘’\n]{10,600})’|„([^„“”\n]{8,600})[“”]|«([^«»\n]{8,600})»|「([^「」\n]{4,400})」|『([^『』\n]{4,400})』"
    '|(?<![\\w"])"([^"\n]{6,900})"(?![\\w"])'
)
_BESIDES = re.compile(r"[\W_]+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'“”‘’，。；、！？（）《》\u0000]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_IS_ADDRESS = re.compile(r"\S*[./@]\S*")
_UNITS = "|".join(sorted((re.escape(unit) for unit in UNITS if len(unit) > 2), key=len, reverse=True))
_BRACKETED_UNIT = re.compile(rf"[)）]\s?(?P<unit>{_UNITS})(?![a-z])", re.IGNORECASE)
_JOINED = re.compile(r"\s?(?:[-–—~～至到]|to|or|and)\s?")
# What stands in brackets behind a figure is compared with it: (1,392), (before: 6.0–6.2)
_COMPARED = re.compile(r"\s?[(（](?:(?:before|previously|last year|was):? |上年同?期?[:：为]?|(?:19|20)\d\d[:：] ?)?")
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = frozenset(Decimal(10) ** zeros for zeros in (3, 4, 6, 8, 9))
_JOINED_DAYS = re.compile(r"\s?(?:[-–—~～至到、,，和]|to|and|until)\s?")
_DAY_ALONE = re.compile(r"(\d\d?)(?:st|nd|rd|th)?([日号])?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FAR = 120  # characters, over which a unit is not carried on
_SPANS_OF_ONE = frozenset(("h", "week", "month", "year", "working day"))
_MOST_DAYS = 31


def claims_of(answers: list[Shown]) -> list[list[Finding]]:
    """Return the findings of each answer, with code.

    The answers are read together: what one leaves open, another may make plain.
    """
    visible = [blanked(answer.text, answer.code)[:LOOKED_AT] for answer in answers]
    decimal = decimal_sign(*visible)
    known = frozenset[str]().union(*map(known_names, visible))
    cut = [replace(answer, text=answer.text[:LOOKED_AT]) for answer in answers]
    return [
        sorted([*_code_in(answer), *findings_in(answer, decimal, known)], key=lambda each: (each.start, -each.end))
        for answer in cut
    ]


def findings_in(shown: Shown, decimal: str, known: frozenset[str], references: Iterable[Finding] = ()) -> list[Finding]:
    """Return what can be checked in an answer, in order; code is left alone."""
    visible = blanked(shown.text, shown.code)
    quoted = _quotations_in(visible)
    links = list(_links_in(shown, visible))
    # The numbers in an address are none of their own; the words that a link is written with may be.
    taken = apart(iter([*(each for each in links if _IS_ADDRESS.fullmatch(each.text)), *references]))
    rest = without(visible, taken)
    identifiers = list(identifiers_in(rest))
    rest = without(rest, identifiers)
    figures = figures_in(rest, decimal)
    names = names_in(without(rest, figures), known)
    spans = [(each.start, each.end) for each in quoted]
    names = [each for each in names if not any(start <= each.start < end for start, end in spans)]
    every = {*quoted, *links, *taken, *identifiers, *figures, *names}
    return sorted(every, key=lambda each: (each.start, -each.end))


def without(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with these findings, given in order, blanked out."""
    return blanked(text, [(each.start, each.end) for each in findings])


def figures_in(text: str, decimal: str) -> list[Finding]:
    """Return the dates and numbers of a text, in order; two ends of a range are two."""
    dates = dates_in(text)
    rest = without(text, dates)
    numbers = [each for each in numbers_in(rest, decimal) if not _is_article(each)]
    found = sorted([*dates, *numbers], key=lambda each: each.start)
    if dates:
        found = list(_with_months(text, found))
    return _with_units(text, found)


def _is_article(found: Finding) -> bool:
    return found.value == "1" and found.text[0] in "oO一" and found.unit not in _SPANS_OF_ONE


def _with_months(text: str, findings: list[Finding]) -> Iterator[Finding]:
    """Yield the findings, with days for the numbers that share the month of a date: 28 and 29 August, 9月7日至10日."""
    for at, each in enumerate(findings):
        day = _DAY_ALONE.fullmatch(each.text) if each.kind is Kind.NUMBER else None
        beside = at - 1 if day and day[2] else at + 1  # 10日 behind 9月7日, 28 before 29 August
        other = findings[beside] if day and 0 <= beside < len(findings) else None
        if day and other and other.kind is Kind.DATE and other.value[-1].isdigit() and ":" not in other.value:
            first, last = sorted((each, other), key=lambda each: each.start)
            if _JOINED_DAYS.fullmatch(text, first.end, last.start) and 1 <= int(day[1]) <= _MOST_DAYS:
                yield replace(each, kind=Kind.DATE, values=(f"{other.value[:-2]}{int(day[1]):02}",), unit="")
                continue
        yield each


def _with_units(text: str, findings: list[Finding]) -> list[Finding]:
    """Return the findings with units that are said once: six (6) months, 10 to 15 days, EUR 6–7 m (before: 5–6)."""
    found = list(findings)
    for at in reversed(range(len(found))):
        each = found[at]
        behind = found[at + 1] if at + 1 < len(found) else None
        if each.kind is not Kind.NUMBER:
            continue
        if not each.unit and (own := _BRACKETED_UNIT.match(text, each.end)):
            found[at] = replace(each, unit=UNITS[own["unit"].lower()])
        elif behind is not None and behind.kind is Kind.NUMBER and _JOINED.fullmatch(text, each.end, behind.start):
            found[at] = _counted_as(behind, each) if behind.unit != "%" or each.text[-1].isdigit() else each
            if each.unit in CURRENCY_UNITS and not text[each.end : behind.start].strip().isalpha():
                found[at + 1] = _counted_as(each, behind)
    before: Finding | None = None
    for at, each in enumerate(found):
        if each.kind is not Kind.NUMBER or (not each.unit and _YEAR.fullmatch(each.text)):
            continue
        if before is not None and each.start - before.end <= _FAR:
            if _COMPARED.fullmatch(text, before.end, each.start):
                found[at] = _counted_as(before, each)
                if at + 1 < len(found) and _JOINED.fullmatch(text, each.end, found[at + 1].start):
                    found[at + 1] = _counted_as(before, found[at + 1])
            elif each.unit == "m" and before.text[-2:] == " m" and before.unit in CURRENCY_UNITS:
                values = tuple(_scaled(each, Decimal(10**6)))  # millions, as those before it
                found[at] = replace(each, unit=before.unit, values=values)
        before = found[at]
    return found


def _counted_as(other: Finding, each: Finding) -> Finding:
    """Return a number with the unit of another, and with what that is multiplied by, where it has none of its own."""
    is_money = not {each.unit, other.unit} - {"", *CURRENCY_UNITS}
    scale = _scale_of(other) if is_money and _scale_of(each) == 1 else Decimal(1)
    values = each.values if scale == 1 else (*_scaled(each, scale), *each.values)
    return replace(each, unit=each.unit or other.unit, values=values)


def _scale_of(each: Finding) -> Decimal:
    digits = _DIGITS.search(each.text)
    plain = Decimal(digits[0].replace(",", "")) if digits else Decimal(0)
    scale = Decimal(each.value) / plain if plain and PLAIN.fullmatch(each.value) else Decimal(1)
    return scale if scale in _SCALES else Decimal(1)


def _scaled(each: Finding, scale: Decimal) -> Iterator[str]:
    return (written(Decimal(value) * scale) for value in each.values if PLAIN.fullmatch(value))


def counted(each: Finding, scale: Decimal, unit: str) -> Finding:
    """Return a number as a head says that it counts; its plain value stays another one, since some write it so."""
    return replace(each, values=each.values if scale == 1 else (*_scaled(each, scale), *each.values), unit=unit)


def identifiers_in(text: str) -> Iterator[Finding]:
    """Yield the numbers that count nothing: of an invoice, an account, a telephone."""
    for match in islice(_IDENTIFIER.finditer(text), MOST_OF_A_KIND):
        if not _NO_IDENTIFIER.match(match[0]):
            yield Finding(Kind.IDENTIFIER, match[0], *match.span(), (squeezed(match[0]),))


def _quotations_in(text: str) -> list[Finding]:
    """Return the words between quotes; spaces, signs and case do not count in their values."""
    found = []
    for match in islice(_QUOTATION.finditer(text), MOST_OF_A_KIND):
        words = next(group for group in match.groups() if group is not None)
        value = _BESIDES.sub(" ", words.casefold()).strip()
        if value and (len(words.split()) > 1 or count_han(words) >= 4):
            found.append(Finding(Kind.QUOTATION, match[0], *match.span(), (value,)))
    return found


def _links_in(shown: Shown, visible: str) -> Iterator[Finding]:
    """Yield the targets of links, and the addresses that are written out."""
    linked = {start for start, _, _ in shown.links}
    for start, end, target in islice(shown.links, MOST_OF_A_KIND):
        yield Finding(Kind.ADDRESS, shown.text[start:end], start, end, (_comparable(target),))
    yield from (each for each in addresses_in(visible) if each.start not in linked)


def addresses_in(text: str) -> list[Finding]:
    """Return the addresses that a text writes out."""
    found = []
    for match in islice(_ADDRESS.finditer(text), MOST_OF_A_KIND):
        address = match[0].rstrip(".,;:!?)")
        end = match.start() + len(address)
        found.append(Finding(Kind.ADDRESS, address, match.start(), end, (_comparable(address),)))
    return found


def _comparable(address: str) -> str:
    """Return one form for all addresses that lead to the same page."""
    try:
        parts = urlsplit(address if "://" in address or "@" in address else f"https://{address}")
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def _code_in(shown: Shown) -> Iterator[Finding]:
    """Yield blocks of code, and code within a line; white space at the ends of lines does not count."""
    for start, end in islice(shown.code, MOST_OF_A_KIND):
        code = shown.text[start:end]
        value = "\n".join(line.rstrip() for line in code.strip().splitlines())
        if value:
            yield Finding(Kind.CODE, code, start, end, (value,))
