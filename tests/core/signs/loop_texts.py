"""Texts that run in circles, and texts that only look like it, as models write them. For `core.signs.loops`."""

from __future__ import annotations

import random
from collections.abc import Iterable

_GENERATOR = random.Random(4)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


_MUSING = """Okay, so the user wants to know how many days there are between the two dates. Let me think about this.
First, the invoice is dated the 3rd of March and the payment came on the 17th of May. March has 31 days, so from
the 3rd to the end of March there are 28 days. April has 30 days, and then 17 days of May. 28 + 30 + 17 = 75.

Wait, do I count the first day? The contract says "within 60 days after the invoice", so the day of the invoice itself
doesn't count. Hmm, let me check: if the invoice is on the 3rd, day one is the 4th. From the 4th to the 31st there are
28 days. Okay, so that is right. Then 28 + 30 = 58, and the 60th day is the 2nd of May.

So the payment was 15 days late. Let me double-check: 75 - 60 = 15. Yes.

"""

LOOPS: dict[str, str] = {
    "a sentence": _MUSING + "But wait, I should check whether the weekend counts. " * 16,
    "a sentence after a long thought": _MUSING * 1 + "x " + "So the total is 42 dollars and we are done. " * 20,
    "two sentences": "Hmm, that isn't right. Let me think about the problem once more from the beginning. " * 9,
    "a paragraph": _MUSING * 4,
    "a long paragraph three times": ("Alternatively, I could look at the calendar. " + _MUSING) * 3,
    "wait": "Wait, no. " * 80,
    "one word": "the " * 300,
    "one word without an end": "Question: what is the sum?\n" + "G" * 3000,
    "letters": "ab" * 2000,
    "exclamation marks": "I think that " + "!" * 5000,
    "line breaks between": "Let me re-read the question.\n\nThe question asks for the sum.\n\n" * 12,
    "digits of a third": "1/3 = 0." + "3" * 4000,
    "digits of a seventh": "1/7 = 0." + "142857" * 700,
    "chinese sentence": "等一下，我再检查一下这个计算是否正确。" * 14,
    "chinese paragraph": "首先，合同规定付款期限为三十天。发票日期是三月三日，让我再想想，周末算不算在内？" * 9,
    "chinese word": "哈" * 600,
    "chinese after a good thought": "用户想知道合同什么时候到期。"
    + "我需要更仔细地看一下第三条的内容，然后再回答。" * 14,
    "japanese": "もう一度確認しましょう。答えは四十二です。" * 14,
    "thai": "ลองคิดดูอีกครั้งหนึ่งว่าคำตอบถูกต้องหรือไม่" * 20,
    "korean": "다시 한번 생각해 보겠습니다. 답은 사십이입니다. " * 20,
    "russian": "Подождите, давайте проверим ещё раз, правильно ли это. " * 14,
    "german": "Moment, ich prüfe das noch einmal, denn die Summe stimmt nicht. " * 12,
    "arabic": "دعني أتحقق من ذلك مرة أخرى قبل أن أجيب على السؤال. " * 14,
    "code": "```python\n" + "    result = result + compute_value(result, factor)\n" * 40,
    "a function over and over": "def check(value):\n    if value is None:\n        return False\n    return True\n\n"
    * 14,
    "a list": "- Check the invoice\n- Check the contract\n- Check the payment\n" * 15,
    "yes and no": "Yes, it is prime. No, it is not prime. " * 20,
    "answers to itself": "User: What is the capital of France?\nAssistant: The capital of France is Paris.\n" * 10,
    "html": "<div class='row'><span>Item</span></div>\n" * 60,
    "json": '{"type": "user", "active": true, "role": "viewer"},\n' * 40,
    "emoji": "I am so happy to help you with that! 😊 " * 20,
    "counted attempts": _lines(
        f"Attempt {n}: let me try to solve the equation again, but this time more carefully." for n in range(1, 60)
    ),
    "counted list": _lines(
        f"{n}. The company shall not be liable for any damages caused by the supplier." for n in range(1, 40)
    ),
    "the same step": _MUSING + "Step: subtract two from both sides and simplify the equation to get x alone.\n" * 12,
    "the closing words": "The answer is **4**.\n\nLet me know if you need anything else!\n\n" * 14,
    "two thoughts in turn": "On the one hand, the price is too high. On the other hand, the quality is good. " * 9,
}

_VERSES = (
    ("the morning comes with grey and silent rain", "a letter waits behind the kitchen door"),
    ("the summer leaves its dust along the lane", "we count the boats that never reach the shore"),
    ("a lamp is lit, the winter calls our name", "and nobody will ask us any more"),
)

GOOD: dict[str, str] = {
    "musing": _MUSING,
    "musing twice": _MUSING + "Let me recount, to be safe. " + _MUSING,
    "restarts": " ".join(
        f"Wait, maybe I should {what}."
        for what in (
            "look at the second clause",
            "convert the amount to euros first",
            "check whether the year is a leap year",
            "assume that n is even",
            "try small cases",
            "start from the end",
            "draw the graph",
            "factor the polynomial",
            "use the triangle inequality",
            "think about parity",
            "compute the determinant",
            "sum over the rows instead",
        )
        * 2
    ),
    "hmm": "Hmm. Hmm, okay. Wait. Wait, no. No, no, no. Hmm, wait, wait. That's 12, not 14. Okay. Okay, so " * 2,
    "emphasis": "It is very, very, very, very, very, very, very, very important to read the contract.",
    "laughing": "Ha ha ha ha ha ha ha ha ha! 哈哈哈哈哈哈哈哈哈哈哈哈！ Good one.",
    "multiplication table": _lines(" | ".join(f"{a} × {b} = {a * b}" for b in range(1, 11)) for a in range(1, 11)),
    "trial division": _lines(
        f"Check {n}: 9973 / {n} = {9973 // n} remainder {9973 % n}, so {n} does not divide 9973." for n in range(2, 99)
    ),
    "a loop by hand": _lines(
        f"i = {n}: the sum is {n * (n - 1) // 2}, we add {n} and get {n * (n + 1) // 2}." for n in range(1, 60)
    ),
    "newton": _lines(
        f"x_{n + 1} = (x_{n} + 2 / x_{n}) / 2 = {1.41421356 + 0.5**n:.8f}, the error is {0.5**n:.3g}" for n in range(20)
    ),
    "counted steps, few": _lines(
        f"Step {n}: move the disk from the first to the second rod and check that it is smaller." for n in range(1, 9)
    ),
    "hanoi": _lines(
        f"Move disk {(n & -n).bit_length()} from {'ABC'[(n & n - 1) % 3]} to {'ABC'[((n | n - 1) + 1) % 3]}."
        for n in range(1, 128)
    ),
    "table of prices": _lines(
        f"| Article {n} | {_GENERATOR.randint(1, 900)}.00 € | {_GENERATOR.randint(1, 60)} | yes |" for n in range(60)
    ),
    "table of yes and no": _lines(
        "| " + " | ".join(_GENERATOR.choice(("yes", "no")) for _ in range(6)) + " |" for _ in range(40)
    ),
    "truth table": _lines(
        "| " + " | ".join("T" if n >> bit & 1 else "F" for bit in range(4)) + f" | {'T' if n % 3 else 'F'} |"
        for n in range(16)
    ),
    "empty table": "| Name | Monday | Tuesday | Wednesday |\n|---|---|---|---|\n" + "|  |  |  |  |\n" * 30,
    "zeros": "[" + ", ".join("0" for _ in range(400)) + "]",
    "identity matrix": _lines(" ".join("1" if a == b else "0" for b in range(20)) for a in range(20)),
    "bytes": "const uint8_t empty[256] = {" + ", ".join("0x00" for _ in range(256)) + "};",
    "nulls": "INSERT INTO t VALUES (" + ", ".join("NULL" for _ in range(60)) + ");",
    "chess": "r n b q k b n r\np p p p p p p p\n" + ". . . . . . . .\n" * 4 + "P P P P P P P P\nR N B Q K B N R\n",
    "rule": "Title\n" + "=" * 120 + "\n" + "-" * 300 + "\n",
    "csv": _lines(f"2024-01-{n:02},{_GENERATOR.randint(10, 99)},{_GENERATOR.randint(10, 99)},ok" for n in range(1, 31)),
    "log": _lines(
        f"12:{n // 60:02}:{n % 60:02} INFO worker-{n % 4} request {_GENERATOR.getrandbits(32):08x} done in {n} ms"
        for n in range(100)
    ),
    "json": _lines(
        f'{{"id": {n}, "name": "User {n}", "email": "user{n}@example.com", "role": "viewer", "active": true}},'
        for n in range(20)
    ),
    "sql": _lines(
        f"INSERT INTO staff (id, name, pay) VALUES ({n}, '{name}', {n * 950});"
        for n, name in enumerate(("Anna", "Ben", "Chen", "Dora", "Emil", "Fang", "Gül", "Hana", "Ivo", "Jun"))
    ),
    "tests": _lines(
        f"def test_{name}():\n    value = make_value('{name}')\n    assert value is not None\n    assert value.ok\n"
        for name in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    ),
    "match": "match key:\n"
    + _lines(
        f"    case '{letter}':\n        return handle(key, position_{letter})"
        for letter in "abcdefghijklmnopqrstuvwxyz"
    ),
    "getters": _lines(
        f"    public String get{name}() {{\n        return this.{name.lower()};\n    }}\n"
        for name in ("Name", "Street", "City", "Country", "Phone", "Mail", "Bank", "Unit", "Role", "Note")
    ),
    "html list": _lines(f"<li><a href='#s{n}'>Section {n}</a></li>" for n in range(40)),
    "song": "".join(
        f"{first},\n{second}.\n\nSo sing it low, and sing it long,\nand sing the river's only song.\n"
        "So sing it low, and sing it long,\nand let the river go.\n\n"
        for first, second in _VERSES
    ),
    "rowing": "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, life is a dream.\n" * 3,
    "refrain": "We will, we will rock you! " * 3,
    "bottles": _lines(
        f"{n} bottles of beer on the wall, {n} bottles of beer. Take one down, pass it around, {n - 1} bottles of beer."
        for n in range(20, 0, -1)
    ),
    "chinese musing": "好的，用户想知道两个日期之间有多少天。先看三月："
    "从三月四日到三月三十一日一共二十八天。等等，发票当天算不算？"
    "合同写的是“发票之后六十天内”，所以不算。再加上四月的三十天，就是五十八天。等等，第六十天应该是五月二日。"
    "付款是五月十七日，所以晚了十五天。再检查一遍：七十五减六十等于十五。没错。",
    "chinese steps": _lines(f"第{n}步：计算{n}乘以{n}，得到{n * n}，加到总和里。" for n in range(1, 31)),
    "chinese table": _lines(
        f"| 部门{n} | {_GENERATOR.randint(1, 99)}人 | {_GENERATOR.randint(1, 99)}万元 |" for n in range(30)
    ),
    "chinese clauses": _lines(
        f"第{n}条　甲方应当在{n}日内向乙方{what}。"
        for n, what in enumerate(
            ("支付货款", "提供发票", "交付图纸", "通知变更", "退还保证金", "说明理由", "补足数量", "更换货物"), start=1
        )
    ),
    "drafts": "".join(
        f"Draft {n}: Dear Ms Wang, thank you for your letter of the {day}. {more} Kind regards\n\n"
        for n, (day, more) in enumerate(
            (
                ("3rd", "We will deliver in May."),
                ("3rd of March", "We shall deliver the goods in May."),
                ("3rd of March", "The goods will leave our house on the 2nd of May."),
            ),
            start=1,
        )
    ),
    "form": "Name: ____________________\n" * 3 + "Date: ____________________\nSignature: " + "_" * 60,
    "dna": "".join(_GENERATOR.choice("ACGT") for _ in range(4000)),
    "digits of pi": "3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628",
    "dialogue": _lines(
        f'"{a}" said {who}. "{b}" said the other.'
        for who, a, b in (
            ("Anna", "Yes.", "No."),
            ("Ben", "Yes?", "No!"),
            ("Anna", "Why?", "Because."),
            ("Ben", "Yes.", "No."),
        )
        * 2
    ),
    "spelling": "s-t-r-a-w-b-e-r-r-y: "
    "s (1), t (2), r (3), a (4), w (5), b (6), e (7), r (8), r (9), y (10). So r at 3, 8, 9. "
    "Let me count again: s, t, r, a, w, b, e, r, r, y. r, r, r. Three. Once more: r at 3, r at 8, r at 9. Three.",
}
