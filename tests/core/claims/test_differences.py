"""In what two answers differ, in what they agree, and where several do."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.claims.claim import LOOKED_AT, Kind, Shown
from desktop.core.claims.differences import agreement, compare


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


def test_a_paragraph_with_all_kinds():
    old = "Einstein was born on 14 March 1879 in Ulm. In 1905 he published four papers, with “a new view of light”."
    new = "Albert Einstein was born on March 15, 1879 in Munich. In 1905 he had 4 papers, with “a new view of light”."
    found = between(old, new)
    assert pairs(found) == [("born", "14 March 1879", "March 15, 1879"), ("born", "Ulm", "Munich")]
    assert {claim.value for claim in found.both} == {"albert einstein", "4", "1905", "a new view of light"}
    assert (found.only_old, found.only_new) == ((), ())


def test_code_and_links_come_with_the_answer():
    old, new = Shown("Use a(1).", code=((4, 8),)), Shown("Use a(2).", code=((4, 8),))
    assert pairs(compare(old, new)) == [("Use", "a(1)", "a(2)")]
    here, there = (
        Shown("the page", links=((0, 8, "https://a.org"),)),
        Shown("the page", links=((0, 8, "https://b.org"),)),
    )
    assert not compare(here, there).is_empty
    assert compare(here, here).is_empty


def test_unlike_things_are_no_pair():
    found = between("The tower is 300 m high.", "Nobody lives there since 1998.")
    assert not found.pairs
    assert found.only_old
    assert found.only_new


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
    text = " ".join(chosen.choice(words) for _ in range(150_000))

    def spent(length):
        one, other = Shown(text[:length]), Shown(text[length // 7 : length])
        began = time.process_time()
        compare(one, other)
        return time.process_time() - began

    assert spent(len(text)) < 3 * max(spent(LOOKED_AT), 0.05)
    assert not compare(Shown(text), Shown("")).is_whole


def test_the_same_change_in_another_unit_is_told_too():
    old = Shown("The notice period is 5 days. The reminder fee is 5 EUR.")
    new = Shown("The notice period is 7 days. The reminder fee is 7 EUR.")
    assert {(pair.old.unit, pair.new.unit) for pair in compare(old, new).pairs} == {("day", "day"), ("EUR", "EUR")}


def test_the_same_time_in_another_unit_is_no_difference():
    found = compare(
        Shown("The way is 5 km. The walk takes 5 hours."), Shown("The way is 5 km. The walk takes 300 minutes.")
    )
    assert found.is_empty
