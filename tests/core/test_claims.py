"""What an answer claims: which values are found in it, how numbers are read, and where answers differ."""

from __future__ import annotations

import random
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.claims.claim import LOOKED_AT, Kind, Shown
from desktop.core.claims.differences import agreement, compare
from desktop.core.claims.finding import claims_of
from desktop.core.claims.numbers import decimal_sign, numbers_in

# --- In what two answers differ, in what they agree, and where several do ------------------------------------------


def between(old, new):
    return compare(Shown(old), Shown(new))


def pairs(found):
    return [(pair.label, pair.old.text, pair.new.text) for pair in found.pairs]


THE_SAME = [
    ("It has 1,000 seats.", "It has 1000 seats."),
    ("It has 1,000 seats.", "Es sind 1.000 Plätze."),
    ("有一千个座位。", "有1,000个座位。"),
    ("有1千个座位。", "It has 1 000 seats."),
    ("Two hundred people live there.", "200 people live there."),
    ("It costs 1.000,50 €.", "It costs €1,000.50."),
    ("3.5 million euros", "€3,500,000"),
    ("Der Umsatz stieg auf 1.234,5 Mio. €", "stieg auf €1,234.5 million"),
    ("增长百分之十五", "增长15%"),
    ("占五成", "占50 %"),
    ("五成的人", "50 percent of them"),
    ("预算为3.5万元", "预算为三万五千元"),
    ("It is 10 to 15 km away.", "It is 10–15 kilometres away."),
    ("It is 1 km away.", "It is 1,000 m away."),
    ("全程1公里。", "全程1000米。"),
    ("It weighs 1.5 kg.", "It weighs 1,500 g."),
    ("It takes 2 hours.", "It takes 120 minutes."),
    ("on 3 May 2026", "on 2026-05-03"),
    ("on May 3, 2026", "2026年5月3日"),
    ("am 3.5.2026", "on 3 May 2026"),
    ("in May 2026", "on 3 May 2026"),
    ("on May 3", "on 3 May 2026"),
    ("founded in 1998", "founded on 3 May 1998"),
    ("at 2:30 pm", "at 14:30"),
    ("by Marie Curie and others", "by Curie and others"),
    ("We met Brandt.", "Brandt was met."),
    ("in Paris and Rome", "in Rome and Paris"),
    ("See https://example.com/a/", "See http://www.example.com/a"),
    ("He said “We will win this.”", "He said: “we will win this”"),
    ("由王小明教授负责", "王小明教授负责"),
    ("见《管理办法》第三条", "《管理办法》第3条"),
    ("5 km", "5"),
    ("有1亿2000万人", "有1.2亿人"),
    ("卖了3万5", "卖了35,000"),
    ("价格为1万5000元", "价格为15,000元"),
    ("half a million people", "500,000 people"),
    ("It costs $5m.", "It costs $5 million."),
    ("下午三点半开会", "at 15:30"),
    ("晚上8点", "下午8:00"),
    ("中午12点", "12:00"),
    ("作者是曹雪芹。", "由曹雪芹创作"),
]

DIFFERENT = [
    ("It was founded in 1998.", "It was founded in 2001.", ("founded", "1998", "2001")),
    ("公司成立于1998年。", "该公司成立于2001年。", ("公司成立于", "1998年", "2001年")),
    ("员工有一千人。", "员工有两千人。", ("员工有", "一千人", "两千人")),
    ("It costs 3.5 million euros.", "It costs 3.7 million euros.", ("costs", "3.5 million euros", "3.7 million euros")),
    ("It grew by 12 %.", "It grew by 15 %.", ("grew", "12 %", "15 %")),
    ("The trip is 5 km long.", "The trip is 5 miles long.", ("trip", "5 km", "5 miles")),
    ("It was opened on 3 May 2026.", "It was opened on 4 May 2026.", ("opened", "3 May 2026", "4 May 2026")),
    ("会议在5月3日举行", "会议在5月4日举行", ("会议在", "5月3日", "5月4日")),
    ("The meeting starts at 14:30.", "The meeting starts at 3 pm.", ("starts", "14:30", "3 pm")),
    ("The capital is Sydney.", "The capital is Canberra.", ("capital", "Sydney", "Canberra")),
    ("毕业于北京大学。", "毕业于清华大学。", ("毕业于", "北京大学", "清华大学")),
    ("The source is https://a.org/x", "The source is https://b.org/x", ("source", "https://a.org/x", "https://b.org/x")),
    ("It says “all are welcome here”.", "It says “all are invited here”.",
     ("says", "“all are welcome here”", "“all are invited here”")),
    ("书的作者是曹雪芹。", "书的作者是高鹗。", ("书的作者是", "曹雪芹", "高鹗")),
    ("会议在下午3点开始", "会议在下午4点开始", ("会议在", "下午3点", "下午4点")),
    ("See section 3.2.1 of it.", "See section 3.2.2 of it.", ("section", "3.2.1", "3.2.2")),
    ("in the 19th century", "in the 18th century", ("century", "19th", "18th")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), THE_SAME)
def test_the_same_in_another_form(old, new):
    found = between(old, new)
    assert found.is_empty, found
    assert found.both


@pytest.mark.parametrize(("old", "new", "pair"), DIFFERENT)
def test_two_values_for_the_same_thing(old, new, pair):
    found = between(old, new)
    assert pairs(found) == [pair]
    assert (found.only_old, found.only_new) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "由于高温，",
        "由金属和塑料制成",
        "以下3点建议",
        "5 m long",
        "晚上有雨",
        "Sure, and I'm glad that I’ve seen it, but I'd say that It's late.",
    ],
)
def test_what_is_no_name_and_no_time(text):
    found = between(text, "")
    assert all(claim.kind is Kind.NUMBER for claim in found.only_old), found.only_old


def test_what_only_one_of_them_says():
    found = between("It is in Paris, and 12 % are gone.", "It is in Paris. Anna Schmidt said so.")
    assert [claim.text for claim in found.only_old] == ["12 %"]
    assert [claim.text for claim in found.only_new] == ["Anna Schmidt"]
    assert [claim.text for claim in found.both] == ["Paris"]


def test_agreement_of_three_answers():
    found = agreement(
        [
            Shown("The capital is Canberra, founded in 1913."),
            Shown("Canberra is the capital; it was founded in 1913."),
            Shown("The capital, Canberra, was founded in 1927."),
        ]
    )
    assert [support.claim.value for support in found.shared] == ["canberra"]
    assert [(support.claim.value, support.answers) for support in found.disputed] == [("1913", (0, 1)), ("1927", (2,))]


PIECES = [
    "It was founded in 1998.", "in 2001", "1,000 seats", "一千人", "12 %", "Marie Curie", "Curie", "in Paris", "3,5",
    "3 May 2026", "2026年5月", "“a new view of light”", "https://example.com", "北京大学", "\n", "nothing", "5 km",
    "5 miles", "1.000",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=12).map(" ".join)


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    found = between(text, text)
    assert found.is_empty
    assert agreement([Shown(text)] * 3).disputed == ()


@given(texts, texts)
def test_it_does_not_matter_which_of_two_is_the_old_one(one, other):
    there, back = between(one, other), between(other, one)
    assert there.is_empty == back.is_empty
    unmatched = {claim.key for claim in (*there.only_old, *(pair.old for pair in there.pairs))}
    assert unmatched == {claim.key for claim in (*back.only_new, *(pair.new for pair in back.pairs))}
    assert {frozenset((pair.old.value, pair.new.value)) for pair in there.pairs} == {
        frozenset((pair.old.value, pair.new.value)) for pair in back.pairs
    }


@given(texts, texts)
def test_every_claim_stands_where_it_says(one, other):
    found = between(one, other)
    for claim in (*found.only_new, *found.both, *(pair.new for pair in found.pairs)):
        assert other[claim.start : claim.end] == claim.text
    for claim in (*found.only_old, *(pair.old for pair in found.pairs)):
        assert one[claim.start : claim.end] == claim.text


def test_a_long_answer_is_compared_in_bounded_time():
    """By processor time, against the time for a text that is as long as what is looked at; most of it is not read."""
    words = ["seats", "the", "Paris", "founded", "is", "1,234", "Anna Schmidt", "12 %", "在1998年", "3 May 2026."]
    chosen = random.Random(1)
    text = " ".join(chosen.choice(words) for _ in range(60_000))

    def spent(length):
        one, other = Shown(text[:length]), Shown(text[length // 7 : length])
        began = time.process_time()
        compare(one, other)
        return time.process_time() - began

    assert spent(len(text)) < 3 * max(spent(LOOKED_AT), 0.05)
    assert not compare(Shown(text), Shown("")).is_whole


def test_the_same_time_in_another_unit_is_no_difference():
    found = compare(
        Shown("The way is 5 km. The walk takes 5 hours."), Shown("The way is 5 km. The walk takes 300 minutes.")
    )
    assert found.is_empty


# --- What is found in an answer that can be checked, and what it comes to ------------------------------------------


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
    "as of 06/2024, supersedes 11-2022": ["2024-06-?", "2022-11-?"],
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
    "When\tWho\nMay\tOllie Frewer\nJune\tTom Garnham": ["ollie frewer", "tom garnham"],
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

IDENTIFIERS = {
    "账号:6217 0012 8840 3359": ["6217001288403359"],
    "开户行,6217 0012 8840 3359": ["6217001288403359"],
    "in all 1,234567890 of them": [],
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


@pytest.mark.parametrize("text", IDENTIFIERS)
def test_numbers_that_count_nothing(text):
    assert values(text, Kind.IDENTIFIER) == IDENTIFIERS[text]


@pytest.mark.parametrize("text", DATES)
def test_dates(text):
    assert values(text, Kind.DATE) == DATES[text]


def test_a_name_between_quotes_is_told_once():
    found = claims('It is the "Clients Liability Agreement" of Marie Curie.')
    assert [claim.text for claim in found] == ['"Clients Liability Agreement"', "Marie Curie"]


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


# --- Numbers are read for what they are, however they are written --------------------------------------------------

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = [*_ONES, *_TEENS.split()]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH_SCALES = ("", " thousand", " million", " billion", " trillion")
_DIGITS = "零一二三四五六七八九"

numbers = st.one_of(st.integers(2, 120), st.integers(2, 10**6), st.integers(2, 10**12 - 1))


def english(number, *, ands=True, hyphens=True):
    groups = []
    for scale in _ENGLISH_SCALES:
        number, part = divmod(number, 1000)
        if part:
            groups.append(english_below_thousand(part, ands=ands, hyphens=hyphens) + scale)
    return " ".join(reversed(groups))


def english_below_thousand(number, *, ands, hyphens):
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        joined = "-" if hyphens else " "
        below = _SMALL[rest] if rest < 20 else joined.join([_TENS[tens], *([_SMALL[ones]] if ones else [])])
        words += ["and", below] if hundreds and ands else [below]
    return " ".join(words)


def chinese(number):
    """Return the number as 一万零二十: with a 零 wherever digits are left out."""
    written, is_gap = "", False
    for at in (2, 1, 0):
        group = number // 10 ** (4 * at) % 10**4
        if not group:
            is_gap = bool(written)
            continue
        zero = "零" if written and (is_gap or group < 1000) else ""
        written += zero + chinese_below_ten_thousand(group) + ("", "万", "亿")[at]
        is_gap = False
    return written.removeprefix("一") if written.startswith("一十") else written


def chinese_below_ten_thousand(number):
    written = ""
    for place, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            written += _DIGITS[digit] + scale
        elif written and not written.endswith("零") and number % place:
            written += "零"
    return written


def read_values(text):
    return [claim.value for claim in numbers_in(text)]


@given(numbers, st.booleans(), st.booleans())
def test_a_number_in_english_words(number, ands, hyphens):
    assert read_values(f"It has {english(number, ands=ands, hyphens=hyphens)} seats.") == [str(number)]


@given(numbers)
def test_a_number_in_chinese_signs(number):
    assert read_values(f"共有{chinese(number)}元。") == [str(number)]


@given(numbers)
def test_a_number_in_groups_of_digits(number):
    for text in (f"{number:,}", f"{number:,}".replace(",", "\u202f"), f"{number:,}".replace(",", "'")):
        (claim,) = numbers_in(f"It has {text} seats.")
        assert str(number) in claim.values


@given(st.integers(1, 99), st.integers(1, 9), st.sampled_from([("万", 10**4), ("亿", 10**8)]))
def test_a_digit_behind_a_scale_is_a_tenth_of_it(large, small, scale):
    assert read_values(f"参加人数：{large}{scale[0]}{small}") == [str(large * scale[1] + small * scale[1] // 10)]


@given(st.integers(1, 999), st.integers(0, 999))
def test_both_readings_of_a_form_that_leaves_it_open(head, tail):
    for sign in ".,":
        (claim,) = numbers_in(f"It is {head}{sign}{tail:03} wide.")
        assert {Decimal(value) for value in claim.values} == {head * 1000 + tail, Decimal(f"{head}.{tail:03}")}
        (settled,) = numbers_in(f"It is {head}{sign}{tail:03} wide.", decimal=sign)
        assert [Decimal(value) for value in settled.values] == [Decimal(f"{head}.{tail:03}")]


WRITTEN = {
    "forty-two": ["42"],
    "thirteen": ["13"],
    "nineteen ninety-eight and twenty twenty-six": ["1998", "2026"],
    "two three, between two and three": ["2", "3", "2", "3"],
    "one hundred and two hundred": ["100", "200"],
    "one thousand two million": ["1000", "2000000"],
    "five hundred thousand million": ["500000000000"],
    "2½ hours, 1.5.2½": ["2.5", "1.5.2"],
    "the twenty-first": [],
    "a stone, someone": [],
    "half a million, two and a half million, three and a half": ["500000", "2500000", "3.5"],
    "12 trillion": ["12000000000000"],
    "3 hundred": ["300"],
    ".5 kg, and then...5": ["0.5", "5"],
    "EUR 3.5m, 3.5m EUR, $3.5m, 3.5 m": ["3500000", "3500000", "3500000", "3.5"],
    "one month, and one more": ["1"],
    "3万5": ["35000"],
    "３万５": ["35000"],
    "2亿3500万5千元": ["235005000"],
    "3万2,500": ["32500"],
    "3个亿，3千亿": ["300000000", "300000000000"],
    "百分之十二点五，百分之12.5": ["12.5", "12.5"],
    "三成半，三成五，3成5": ["35", "35", "35"],
    "三年半，三个半月，3个半月，一个半小时": ["3.5", "3.5", "3.5", "1.5"],
    "三四十人，七八百人，十三四个": [],
    "十天，十个，百万元，一年": ["10", "10", "1000000", "1"],
    "十分好，万一个人，统一管理": [],
    "意见三点一致": ["3"],
}


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written(text):
    assert read_values(text) == WRITTEN[text]
