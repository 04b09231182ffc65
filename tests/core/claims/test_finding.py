"""What is found in an answer that can be checked, and what it comes to."""

from __future__ import annotations

import pytest

from desktop.core.claims.claim import Kind, Shown
from desktop.core.claims.finding import claims_of
from desktop.core.claims.numbers import decimal_sign


def claims(text, **marked):
    return claims_of([Shown(text, **marked)])[0]  # type: ignore[arg-type]


def values(text, kind):
    return [f"{claim.value} {claim.unit}".strip() for claim in claims(text) if claim.kind is kind]


NUMBERS = {
    "It has 1,000 seats.": ["1000"],
    "It has 1 000 seats.": ["1000"],
    "It has 1\u202f000 seats.": ["1000"],
    "It has 1'000'000 seats.": ["1000000"],
    "Es sind 1.000 Plätze zu 3,5 m.": ["1000", "3.5 m"],
    "It is 3.142 and not 2.5.": ["3.142", "2.5"],
    "It is 0.125 of it.": ["0.125"],
    "1,234,567.89 euros": ["1234567.89 EUR"],
    "1.234.567,89 €": ["1234567.89 EUR"],
    "$3.5 million": ["3500000 USD"],
    "€ 2 bn": ["2000000000 EUR"],
    "10k readers": ["10000"],
    "12 %, 12% and 12 percent": ["12 %", "12 %", "12 %"],
    "Up by 3 percentage points.": ["3 points"],
    "a 3-day trip of 400 kilometres": ["3 day", "400 km"],
    "from 10 to 15 km, one month, 1 month": ["10 km", "15 km", "1 month", "1 month"],
    "10–15 %": ["10 %", "15 %"],
    "It fell to -5 °C.": ["-5 °C"],
    "the 19th century": ["19 th"],
    "two hundred and five people": ["205 person"],
    "a thousand and twenty-one days": ["1021 day"],
    "Hundreds of people, and one more.": [],
    "the 3D model B2B, GPT4 and mp3": [],
    "Version 3.2.1 is out.": ["3.2.1"],
    "1. First\n2. Second": [],
    "As shown in [1] and [12].": [],
    "员工一千人": ["1000 person"],
    "员工1千人": ["1000 person"],
    "预算3.5万元": ["35000 CNY"],
    "预算三万五千元": ["35000 CNY"],
    "三万五、一千二": ["35000", "1200"],
    "一亿三千万人": ["130000000 person"],
    "三千五百万": ["35000000"],
    "一千零五个": ["1005"],
    "占五成,即百分之五十,50%": ["50 %", "50 %", "50 %"],
    "三个人,两天": ["3 person", "2 day"],
    "第三季度": ["3 th"],
    "一九九八年": ["1998 year"],
    "统一管理,四川的一些人,万一呢,十分好": [],
    "成立于1998年,至今20年": ["1998 year", "20 year"],
    "2019至2021年": ["2019 year", "2021 year"],
}

DATES = {
    "on 2026-05-03": ["2026-05-03"],
    "on 2026/5/3": ["2026-05-03"],
    "on 3 May 2026": ["2026-05-03"],
    "on the 3rd of May, 2026": ["2026-05-03"],
    "on May 3, 2026": ["2026-05-03"],
    "on May 3rd": ["?-05-03"],
    "in Sept. 2026": ["2026-09-?"],
    "am 3.5.2026": ["2026-05-03"],
    "am 3. 5. 2026": ["2026-05-03"],
    "on 5/3/2026 and 25/3/2026": ["2026-05-03", "2026-03-25"],
    "2026年5月3日": ["2026-05-03"],
    "2026 年 5 月": ["2026-05-?"],
    "5月3日": ["?-05-03"],
    "at 2:30 pm, 14:30 and 9 a.m.": ["14:30", "14:30", "09:00"],
    "You may 3 times, in May, at 4:1": ["?-05-?"],
    "with the April payroll, by mid-October and 7月起": ["?-04-?", "?-10-?", "?-07-?"],
    "10.24前, 自10/27起, reduced by 8/24, 24/7": ["?-10-24", "?-10-27"],
    "half past twelve, 晚8点到9点": ["12:30", "20:00", "09:00"],
    "on 2026-13-40 or 45/45/2026": [],
}

NAMES = {
    "The painter met Marie Curie in Paris.": ["marie curie", "paris"],
    "Marie Curie's laboratory was there.": ["marie curie"],
    "However it was there. Then nothing came. Yes.": [],
    "Laboratories are there.": [],
    "The cap is GBP 500,000 a year; the rest is paid in GBP.": [],
    "We weigh in KG and pay in EUR, by MB.": [],
    "We asked Brandt. Brandt said no.": ["brandt", "brandt"],
    "The Bank of England and NASA agree.": ["bank of england", "nasa"],
    "J. R. Smith wrote it in January on a Monday.": ["j r smith"],
    "Key Facts About Paris\nnothing": [],
    "在北京大学学习": ["北京大学"],
    "由王小明教授负责": ["王小明教授"],
    "见《管理办法》": ["管理办法"],
    "作者是玛丽·居里": ["玛丽·居里"],
    "这家公司很大,该公司也是": [],
    "他在中国人民银行工作": ["中国人民银行"],
}

QUOTATIONS = {
    "He said “We will win this.”": ["we will win this"],
    'He said "We will win this."': ["we will win this"],
    "Er sagte: „Wir werden siegen“.": ["wir werden siegen"],
    "他说：“我们一定会赢。”": ["我们一定会赢"],
    "他说「我们一定会赢」": ["我们一定会赢"],
    "the so-called “winner”": [],
    "一个“好”字": [],
}

LINKS = {
    "See https://Example.com/a/.": ["example.com/a"],
    "See www.example.com/a?b=1, please": ["example.com/a?b=1"],
    "Write to me@example.com!": ["me@example.com"],
    "见https://example.com/a。": ["example.com/a"],
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(text):
    assert values(text, Kind.NUMBER) == NUMBERS[text]


@pytest.mark.parametrize("text", DATES)
def test_dates(text):
    assert values(text, Kind.DATE) == DATES[text]


def test_a_name_between_quotes_is_told_once():
    found = claims('It is the "Clients Liability Agreement" of Marie Curie.')
    assert [claim.text for claim in found] == ['"Clients Liability Agreement"', "Marie Curie"]


def test_the_end_of_a_sentence_is_no_part_of_a_date():
    assert [claim.text for claim in claims("From 3 Aug. to 14 August.")] == ["3 Aug.", "14 August"]


@pytest.mark.parametrize("text", NAMES)
def test_names(text):
    assert values(text, Kind.NAME) == NAMES[text]


@pytest.mark.parametrize("text", QUOTATIONS)
def test_quotations(text):
    assert values(text, Kind.QUOTATION) == QUOTATIONS[text]


@pytest.mark.parametrize("text", LINKS)
def test_links(text):
    assert values(text, Kind.ADDRESS) == LINKS[text]
    assert values(text, Kind.NUMBER) == []


def test_code_is_one_claim_and_nothing_in_it_is_another():
    text = "Run it: print(1000)  \nfor Paris."
    (code, name) = claims(text, code=((8, 21),))
    assert (code.kind, code.value) == (Kind.CODE, "print(1000)")
    assert name.text == "Paris"


def test_a_link_leads_where_it_leads_whatever_it_says():
    link, name = claims("See the page on Paris.", links=((4, 21, "https://example.com/x/"),))
    assert (link.kind, link.value, link.text) == (Kind.ADDRESS, "example.com/x", "the page on Paris")
    assert name.text == "Paris"


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["3,5 kg"], ","),
        (["3.5 kg"], "."),
        (["1.000.000"], ","),
        (["1,000,000"], "."),
        (["1.000"], ""),
        (["约1.234"], "."),
        (["1.234", "2,5 und 7,25"], ","),
        (["3.5.2026"], ""),
    ],
)
def test_the_sign_before_decimals(texts, sign):
    assert decimal_sign(*texts) == sign


def test_each_claim_stands_where_it_says():
    text = "Am 3.5.2026 zahlte Anna Schmidt 1.000,50 € für «ein gutes Buch» (www.x.de), 三成。"
    found = claims(text)
    assert len(found) >= 6
    assert all(text[claim.start : claim.end] == claim.text for claim in found)


@pytest.mark.parametrize(
    "text",
    [
        *("1" * 9000, "9," * 9000, "一" * 9000 + "个", "亿" * 9000, "百分之" + "九" * 9000, "9" * 9000 + "成"),
        *("hundred " * 9000, "two hundred " * 9000, "A " * 9000, "A-b" * 9000, "May " * 9000, "-1" * 9000),
        *("“" * 9000, '"' * 9000, "a@" * 9000, "www." * 9000, "《" * 9000),
        *("١٢٣ ² ½", "\0" * 99, "İ 3 May 2026"),
    ],
    ids=lambda text: text[:8].replace("\0", "0"),
)
def test_nothing_that_is_written_stops_it(text):
    assert all(text[claim.start : claim.end] == claim.text for claim in claims(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("会议在晚上12点开始", "00:00"),
        ("会议在凌晨12点开始", "00:00"),
        ("会议在中午12点开始", "12:00"),
        ("It ends at noon.", "12:00"),
    ],
)
def test_twelve_is_noon_or_midnight(text, value):
    (claims,) = claims_of([Shown(text)])
    assert [each.value for each in claims if each.kind is Kind.DATE] == [value]
