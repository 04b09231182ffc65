"""What of an answer stands in its files: checked and computed."""

from __future__ import annotations

import time

import pytest

from desktop.core.claims.claim import Kind, Shown
from desktop.core.evidence.checked import GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.rendering.page.shown_claims import shown_in

# --- The check of an answer, by small examples ---------------------------------------------------------------------

CONTRACT = """[Page 1]

Clause 4 Rent

(1) The rent is 4,150 a month. It is due on the third working day.

Clause 5 Running costs

The tenant pays 640 a month in advance for running costs.

[Page 2]

Clause 7 Deposit

(1) Before the keys are handed over, the tenant pays a deposit of 12,500 on 12 May 2026.
The office of the land-
lord, Margaret Hale, keeps the “three original keys” until then.

| Item | Width | Price (EUR) |
| Desk Alto | 140 cm | 389.00 |
| Desk Vela | 160 cm | 749.00 |
"""
CHINESE = """第三条 租金
月租金为人民币3万5千元，乙方应于2026年5月12日前支付。

第四条 押金
押金为人民币十万五千元。联系人：林晓彤，违约金为每日千分之三。
"""


def checked(answer, *texts, question=""):
    return check(Shown(answer), Given(GivenText(f"{at}.pdf", text) for at, text in enumerate(texts)), question)


def one(evidence, text):
    return next(each for each in evidence.checked if each.text == text)


@pytest.mark.parametrize(
    ("answer", "thing"),
    [
        ("The rent is 4.150,00 a month.", "4.150,00"),
        ("The deposit of € 12,500 is paid first.", "€ 12,500"),
        ("The deposit is paid on 2026-05-12.", "2026-05-12"),
        ("The deposit is paid on May 12th, 2026.", "May 12th, 2026"),
        ("It says “the office of the landlord” keeps them.", "“the office of the landlord”"),
        (
            "It says “running costs. [...] Before the keys are handed over”.",
            "“running costs. [...] Before the keys are handed over”",
        ),
        ("Ask Margaret Hale for the keys.", "Margaret Hale"),
        ("The rent is due (clause 4).", "clause 4"),
        ("The deposit is on page 2.", "page 2"),
        ("A deposit is paid (contract.docx, page 2 of 2).", "page 2 of 2"),
        ("押金已付（第2页，共2页）。", "第2页，共2页"),
        ("租金为4150，押金为一万二千五百。", "一万二千五百"),
    ],
)
def test_what_stands_in_the_file_is_found_in_whatever_form(answer, thing):
    assert one(checked(answer, CONTRACT), thing).verdict is Verdict.FOUND


@pytest.mark.parametrize(
    ("answer", "thing"),
    [
        ("月租金为35,000元。", "35,000元"),
        ("押金是10.5万元。", "10.5万元"),
        ("应于5月12日前支付。", "5月12日"),
        ("违约金为每日0.3%。", "0.3%"),
        ("联系人是林晓彤。", "林晓彤"),
        ("押金见第四条。", "第四条"),
        ("The monthly rent is CNY 35,000.", "CNY 35,000"),
    ],
)
def test_chinese_figures_are_found_in_whatever_form(answer, thing):
    assert one(checked(answer, CHINESE), thing).verdict is Verdict.FOUND


@pytest.mark.parametrize(
    ("text", "answer", "thing"),
    [
        ("| Test | 2026 | Unit |\n| Weight | 82.6 | kg |", "The weight is 82.6 kg.", "82.6 kg"),
        (
            "3.1 She gave the figures as at 31 May (£ thousand, excl. VAT):\n\n| Work | Now |\n| Fit-out | 1,195 |",
            "Fit-out: £1,195k.",
            "£1,195k",
        ),
        ("Price (EUR, 8 to 10 kW)\n\n| Country | Air |\n| Italy | 13,200 |", "Italy pays €13,200.", "€13,200"),
        ("| £ million unless stated | FY2024 |\n|---|---|\n| Revenue | 208.4 |", "Revenue was £208.4m.", "£208.4m"),
        ("| Segment | Sales, SEK m |\n| Propulsion | 642 |", "Propulsion sold SEK 642m.", "SEK 642m"),
        ("Cash flow was SEK 121 m.", "Cash flow was SEK 121 million.", "SEK 121 million"),
        ("每票加收运费612,309.16元。", "运费约61.23万元。", "61.23万元"),
        ("日处理能力由6万票提升到9.5万票。", "日处理能力提升至9.5万票。", "9.5万"),
        ("The tender was opened by Tomás Arrieta.", "由Tomás Arrieta主持开标。", "Tomás Arrieta"),
        ("Table 1 (50 Hz, at 20 °C)\n\n| | A |\n| Rated flow, m³/h | 25 |", "It moves 25 m³/h.", "25 m³"),
        ("Orders SEK 1,642 m (1,405).", "Orders were SEK 1,642 m against 1,405 m before.", "1,405 m"),
        ("Sales of SEK 6.1–6.3 bn.", "Sales of SEK 6.1 bn are expected.", "SEK 6.1 bn"),
        ("Each check takes 2½ hours.", "A check takes 2.5 hours.", "2.5 hours"),
        ("| Room 2 | 40 seats |\n| Room 3 | 60 seats |", "Room 3 has 60 seats.", "Room 3"),
        (
            "四、验收\n\n4.1 运行72小时。4.2 质保24个月。4.3 接到通知后4小时内响应。",
            "On site within 4 hours (Art. 4.3).",
            "Art. 4.3",
        ),
        ("备注:\n\n1. 不含税。\n\n2. 满500公斤免收。\n\n3. 泡货另计。", "Waived above 500 kg (note 2).", "note 2"),
        ("| 网点 | 负责人 |\n| 西南 | 蒲晓燕 |", "西南由蒲晓燕负责。", "蒲晓燕"),
        ("| 措施费 | 四×2.5% | 12,684 |", "措施费为2.5%。", "2.5%"),
        ("达标后年节电251万kWh。", "年节电251万度。", "251万度"),
        ("Leverage was 1.7x in June.", "Leverage is 1.7 times.", "1.7"),
        ("Empty for 30 consecutive days.", "Empty for 30 days.", "30 days"),
        ("The plant in Łódź makes them.", "They come from Łódź.", "Łódź"),
        ("Ask for release V1.3 of it.", "It is v1.3 now.", "v1.3"),
        ("姓名：顾明远　性别：男", "顾明远先生的报告如下。", "顾明远先生"),
        ("Offer of 09-05-2025, valid until 13-06-2025.", "It is valid until 13 June 2025.", "13 June 2025"),
        ("乙方应于首月的前一个月25日前支付。", "It is due by the 25th of the month before.", "25th"),
        ("彩钢板420吨到场。", "Steel sheets of 420 t arrive.", "420 t"),
        ("滤网水温不超过40℃。", "水温不超过40度。", "40度"),
        ("超过30公里120元/次。", "超过30公里的另收费。", "30公里"),
        ("热线400-820-6173,8:00—20:00。", "热线8:00开通。", "8:00"),
        ("Starters receive one twelfth for each month.", "每月十二分之一。", "十二分之一"),
        ("| Place | Per diem, full day |\n|---|---|\n| Poland | 36 |", "波兰为36欧元。", "36欧元"),
        (
            "| 项目（万元） | Q2 |\n|---|---|\n| 期间费用 | 6,187.4 |",
            "项目（亿元）\tQ2\n期间费用\t0.62",
            "0.62",
        ),
        (
            "| Item | Bin | On hand |\n|---|---|---|\n| 10-2040 | A-04-2 | 31,400 |\n| 10-2060 | A-04-3 | 10,250 |",
            "Item\tBin\tOn hand\n10-2060\tA-04-2\t10,250",
            "10,250",
        ),
        ("Ms Nambiar, p.nambiar@firm.example", "Dear Ms Nambiar,", "Nambiar"),
        (CONTRACT, "The deposit is 12,500 (p. 2).", "p. 2"),
        (CONTRACT, "押金为12,500（P2）。", "P2"),
    ],
)
def test_forms_that_are_written_otherwise_in_the_file_are_found(text, answer, thing):
    assert one(checked(answer, text), thing).verdict is Verdict.FOUND


@pytest.mark.parametrize(
    ("answer", "thing", "kind"),
    [
        ("The rent is 4,610 a month.", "4,610", Kind.NUMBER),
        ("The keys are returned on 21 June 2026.", "21 June 2026", Kind.DATE),
        (
            "The file says “subletting is forbidden at any time”.",
            "“subletting is forbidden at any time”",
            Kind.QUOTATION,
        ),
        ("Ask Thomas Berkhout for the keys.", "Thomas Berkhout", Kind.NAME),
        ("See https://rent.example/terms for more.", "https://rent.example/terms", Kind.ADDRESS),
        ("The contract no. HT-2026-0317 says so.", "HT-2026-0317", Kind.IDENTIFIER),
        ("Subletting is forbidden (clause 11).", "clause 11", Kind.REFERENCE),
    ],
)
def test_what_stands_nowhere_is_told(answer, thing, kind):
    found = one(checked(answer, CONTRACT), thing)
    assert (found.kind, found.verdict) == (kind, Verdict.NOT_FOUND)


@pytest.mark.parametrize(
    ("answer", "thing", "stands"),
    [
        ("The rent is 4,510 a month.", "4,510", "4,150"),
        ("The deposit is paid on 21 May 2026.", "21 May 2026", "12 May 2026"),
        ("The contract is kept in folder B, no. KF-2025-0691.", "KF-2025-0691", "KF-2025-0619"),
    ],
)
def test_a_slip_is_told_with_what_stands_there(answer, thing, stands):
    found = one(checked(answer, f"{CONTRACT}\nThe contract has the number KF-2025-0619."), thing)
    assert found.verdict is Verdict.ELSEWHERE
    assert found.instead is not None
    assert found.instead.text == stands


def test_a_place_is_where_it_stands_with_its_clause():
    place = one(checked("The deposit is 12,500.", CONTRACT), "12,500").places[0]
    assert CONTRACT[place.start : place.end] == "12,500"
    assert (place.source, place.clause) == (0, "7")


def test_a_figure_of_another_thing_is_told_with_what_it_is_and_what_stands_instead():
    found = one(checked("Rent: 12,500 a month", CONTRACT), "12,500")
    assert found.verdict is Verdict.ELSEWHERE
    assert (found.stands_as, found.said_as) == ("Deposit", "Rent")
    assert found.instead is not None
    assert (found.instead.text, found.instead.place.clause) == ("4,150", "4")


def test_a_figure_in_prose_of_the_row_of_another_is_neither_found_nor_a_fault():
    found = one(checked("The Desk Alto costs 749.00.", CONTRACT), "749.00")
    assert found.verdict is Verdict.NOT_FOUND
    assert found.places
    assert found.instead is not None
    assert found.instead.text == "389.00"


@pytest.mark.parametrize(
    ("answer", "thing", "stands"),
    [
        ("Case\t2026\t2030\nHigh\t3.70 m\t3.70 m", "3.70 m", "2.15 m"),
        ("No.\tTask\tOwner\nA-49\tInsurance\tTully", "Tully", "Rahimi"),
    ],
)
def test_what_stands_in_another_row_or_column_of_names_and_years_is_told(answer, thing, stands):
    years = "| Case | 2026 | 2030 |\n| Low | 1.82 m | 2.40 m |\n| High | 2.15 m | 3.70 m |"
    present = "Present: Mr Tully, Ms Rahimi."
    names = "| No. | Task | Owner |\n| A-48 | Racking | Tully |\n| A-49 | Insurance | Rahimi |"
    found = one(checked(answer, f"{years}\n\n{present}\n\n{names}"), thing)
    assert found.verdict is Verdict.ELSEWHERE
    assert found.instead is not None
    assert found.instead.text == stands


def test_a_figure_of_something_else_is_not_shown_as_found_in_another_language_either():
    assert one(checked("The deposit is CNY 35,000.", CHINESE), "CNY 35,000").verdict is Verdict.NOT_FOUND


def test_a_reference_to_another_clause_is_told_with_the_right_one():
    found = one(checked("The deposit is 12,500 (clause 5).", CONTRACT), "clause 5")
    assert (found.verdict, found.stands_as) == (Verdict.ELSEWHERE, "7")


def test_a_quotation_that_differs_is_told_with_the_words():
    found = one(
        checked("It says “the tenant pays a deposit of 15,500”.", CONTRACT), "“the tenant pays a deposit of 15,500”"
    )
    assert found.verdict is Verdict.NEAR
    assert [(each.said, each.stands) for each in found.differences] == [("15,500", "12,500")]


@pytest.mark.parametrize(
    ("answer", "thing", "verdict"),
    [
        ("That is 12 × 4,150 = 49,800 a year.", "49,800", Verdict.COMPUTED),
        ("That is 12 × 4,150 = 48,900 a year.", "48,900", Verdict.MISCOMPUTED),
        ("The rent is 4,150, running costs are 640, in all 4,790.", "4,790", Verdict.COMPUTED),
        ("The desks cost 389.00 and 749.00 EUR, together 1,138.00 EUR.", "1,138.00 EUR", Verdict.COMPUTED),
    ],
)
def test_what_is_computed_is_reckoned_anew(answer, thing, verdict):
    found = one(checked(answer, CONTRACT), thing)
    assert found.verdict is verdict
    assert found.calculation is not None


def test_what_a_wrong_calculation_comes_to_is_told():
    found = one(checked("That is 12 × 4,150 = 48,900 a year.", CONTRACT), "48,900")
    assert found.calculation is not None
    assert (found.calculation.shown, found.calculation.result) == ("12 × 4,150", "49,800")


def test_the_users_own_is_told_as_theirs():
    evidence = checked("With 17 people you pay 4,150.", CONTRACT, question="We are 17 people. What is the rent?")
    assert one(evidence, "17 people").verdict is Verdict.FROM_QUESTION


def test_two_files_that_say_different_things_are_both_shown():
    other = "The rent is 4,300 a month."
    found = one(checked("The rent is 4,150 or 4,300 a month.", CONTRACT, other), "4,300")
    assert (found.verdict, found.places[0].source) == (Verdict.FOUND, 1)


def test_a_page_is_looked_up_in_the_file_that_is_written_before_it():
    amendment = "[Page 1]\n\nAMENDMENT to the lift agreement. If persons are trapped, a mechanic comes in 30 minutes."
    invoice = "[Page 1]\n\nA mechanic came where persons were trapped.\n\n[Page 2]\n\nPayable to the bank."
    agreement = "[Page 1]\n\nLift agreement.\n\n[Page 2]\n\nIf persons are trapped, somebody comes in 45 minutes."
    said = "If persons are trapped, a mechanic comes in 45 minutes. (Contracts/2.pdf, Page 2)"
    found = one(checked(said, amendment, invoice, agreement), "Page 2")
    assert (found.verdict, found.places[0].source) == (Verdict.FOUND, 2)


def test_without_a_file_nothing_is_checked():
    assert checked("The rent is 4,150.").checked == ()


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 20_000,
        "(" * 40_000,
        "“" * 20_000 + "a b c d e f g h",
        "a." * 20_000,
        "1,1" * 15_000,
        "第" * 20_000 + "条",
        "十万" * 10_000,
        "| " * 20_000 + "\n" + "| " * 20_000,
        "Aa " * 15_000,
        " " * 60_000,
        "=-+×" * 10_000,
        "\u202e\u0635\u0641\u062d\u0629 12,500 \u202c" * 2_000,
        "clauses " + "1-2, " * 200_000,
        "\t".join(["1"] * 200_000),
        "\t".join(["clause 1"] * 50_000),
        "九千亿" * 3_000,
        "million " * 20_000,
        "clause \u0663, § \u0661 and clause 1.\u0662",
    ],
    ids=range(18),
)
def test_hostile_texts_take_no_longer_than_others(text):
    began = time.process_time()
    checked(text, CONTRACT, question=text[:10_000])
    checked("The rent is 4,150 and 12,500 (clause 7), “the tenant pays”.", text)
    assert time.process_time() - began < 20.0


def test_ten_thousand_numbers_in_an_answer():
    answer = "\n".join(f"Row {at}: {at * 7} EUR" for at in range(10_000))
    began = time.process_time()
    evidence = checked(answer, CONTRACT)
    assert time.process_time() - began < 30.0
    assert len(evidence.checked) <= 10_000


# --- Numbers and days of an answer that come of others -------------------------------------------------------------

_OFFER = GivenText(
    "Offer.docx",
    "1. Begin\nThe contract begins on 1 June 2026 and runs for 3 years, with 14 days' notice.\n\n"
    "2. Prices\nCleaning costs £11,480 a month, windows £1,984 per cleaning, 4 times a year.\n\n"
    "3. Areas\nOffices have 4,920 m², corridors 1,130 m², kitchens 480 m² and meeting rooms 320 m².\n\n"
    "| Item (GBP thousand) | 2024 | 2025 |\n| Medicines | 4,196 | 3,980 |\n| Treatment | 6,842 | 7,315 |\n",
)
_COMPUTED, _MISCOMPUTED, _MISSING = Verdict.COMPUTED, Verdict.MISCOMPUTED, Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("answer", "words", "verdict"),
    [
        ("Cleaning costs 12 × £11,480, that is £137,760 a year.", "£137,760", _COMPUTED),
        ("It can be left by 15 June 2026, i.e. 14 days after 1 June 2026.", "15 June 2026", _COMPUTED),
        ("The contract runs for 3 years from 1 June 2026, so it ends on 31 May 2029.", "31 May 2029", _COMPUTED),
        ("Offices have 4,920 m² and corridors 1,130 m², together 6,050 m².", "6,050 m²", _COMPUTED),
        ("Offices have 4,920 m² and corridors 1,130 m², together 6,950 m².", "6,950 m²", _MISSING),
        ("Together the offices and corridors have 6,050 m².", "6,050 m²", _MISSING),
        ("Together the offices and corridors have 6,950 m².", "6,950 m²", _MISSING),
        ("The notice has to be given within 41 days.", "41 days", _MISSING),
        ("From 1 June 2026 to 31 May 2029 are 36 months.", "36 months", Verdict.FOUND),
        ("From 1 June 2026 to 15 June 2026 are 14 days, to 30 August 2026 there are 90 days.", "90 days", _MISSING),
        ("The first 1.5 years end on 30 November 2027, as they begin on 1 June 2026.", "30 November 2027", _MISSING),
        ("12 × £11,480 = 137,760 days", "137,760 days", _MISSING),
        ("20 × £11,840 = £236,800", "£236,800", _MISSING),
        ("| Item | Calculation | Sum |\n|---|---|---|\n| Windows | 4 × £1,984 | £7,936 |", "£7,936", _COMPUTED),
        ("| Item | Calculation | Sum |\n|---|---|---|\n| Windows | 4 × £1,984 | £7,396 |", "£7,396", _MISCOMPUTED),
        ("Medicines came to £3.98 million, after £4,196 thousand.", "£3.98 million", Verdict.FOUND),
    ],
)
def test_a_number_comes_of_those_that_stand_near(answer, words, verdict):
    evidence = check(shown_in(answer), Given([_OFFER]))
    assert {each.text: each.verdict for each in evidence.checked}[words] is verdict


ROWS = "| Payee | May | June |\n|---|---|---|\n| Medicines | 4,196 | 3,980 |\n| Treatment | 6,842 | 7,315 |\n"


@pytest.mark.parametrize(
    ("answer", "words", "verdict"),
    [
        (f"{ROWS}| Total | 11,038 | 11,295 |", "11,038", _COMPUTED),
        (f"{ROWS}| Total | 11,038 | 11,259 |", "11,259", _MISSING),
        (f"{ROWS}| Total | 11,038 | 11,295 |".replace("4,196", "4,169"), "11,038", _MISSING),
        ("- Offices: 4,920 m²\n- Corridors: 1,130 m²\n- Kitchens: 480 m²\n- Total: 6,530 m²", "6,530 m²", _COMPUTED),
        ("(11,480 + 1,984) × 6% = 807.84", "807.84", _MISSING),
        ("(11,480 + 1,984) × 4 = 53,856", "53,856", _COMPUTED),
        ("(11,480 + 1,984) × 4 = 58,356", "58,356", _MISCOMPUTED),
    ],
)
def test_a_total_counts_only_where_all_its_terms_are_found(answer, words, verdict):
    evidence = check(shown_in(answer), Given([_OFFER]))
    assert {each.text: each.verdict for each in evidence.checked}[words] is verdict


_ORDER = GivenText(
    "Order.txt",
    "The monthly fee is 4,200 EUR. The setup fee is 1,500 EUR. The term is 24 months.\n\n"
    "| Item | Qty | Price | Total |\n| Chair | 40 | 120 | 4,800 |\n| Desk | 12 | 340 | 4,080 |\n",
)
_LEASE = GivenText("租约.txt", "第一条 租金为每月3,500元，押金为三个月租金，即10,500元。共12个月。")


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (_ORDER, "4,200 + 5% = 4,410"),
        (_ORDER, "4,200 EUR × (12 + 12) = 100,800 EUR"),
        (_ORDER, "12 months at 4,200 + 1,500 = 51,900 EUR"),
        (_ORDER, "5% of 4,200 + 1,500 = 1,710"),
        (_ORDER, "twice 4,200 + 1,500 = 9,900"),
        (_ORDER, "24 months + 12 = 3 years"),
        (_ORDER, "24 months + 12 days = 25 months"),
        (_ORDER, "4,800 + 4,080 ≈ 9,000"),
        (_ORDER, "4,800 + 4,080 = about 9,000"),
        (_ORDER, "1,500 / 4,200 = 5/14"),
        (_ORDER, "40 + 12 = 4 dozen and 4"),
        (_LEASE, "12个月的3500 + 10500 = 52500元"),
        (_ORDER, "The price for the 40 chairs comes to 4,800."),
        (_ORDER, "The price of 12 desks is 4,080."),
        (_ORDER, "The chair price of 40 chairs is 4,800 in total."),
        (_ORDER, "At 130 each, chairs would cost 40 × 130 = 5,200."),
        (_ORDER, "The price per chair is 340."),
    ],
)
def test_what_may_be_right_is_no_fault(given, answer):
    evidence = check(shown_in(answer), Given([given]))
    assert [each.text for each in evidence.amiss] == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("4,800 + 4,080 = 8,800", "8,800"),
        ("The year: 4,200 EUR × 12 = 54,000 EUR, without setup.", "54,000 EUR"),
    ],
)
def test_what_is_plainly_wrong_is_still_told(answer, words):
    evidence = check(shown_in(answer), Given([_ORDER]))
    assert [each.text for each in evidence.amiss] == [words]


def test_the_same_figure_twice_is_not_two_terms():
    evidence = check(shown_in("The fee is 4,200 EUR; 4,200 EUR is due monthly, that is 8,400 EUR."), Given([_ORDER]))
    assert {each.text: each.verdict for each in evidence.checked}["8,400 EUR"] is _MISSING
