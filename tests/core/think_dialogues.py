"""Made replies of ten families of models that think, each with what is thinking in it and what is the answer.

As their servers hand them on without a parser: the tags of the family, with the white space, code and words around them
that models write. The same number makes the same reply.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

_THOUGHTS = [
    "Okay, so the user wants to know when the contract ends.", "Let me look at clause 3 again.",
    "Hmm, that would be thirty days after the invoice, not sixty.", "Wait, is the weekend counted? I think not.",
    "First, 28 + 30 = 58, and then two more days.", "So the answer should be short, with the date in it.",
    "The user seems to be in a hurry", "We need to compare a < b and b > c here.", "I should not use a table.",
]  # fmt: skip
_THOUGHTS_ZH = [
    "好的，用户想知道合同什么时候到期。", "让我再看一下第三条。", "等等，周末算不算在内？应该不算。",
    "首先，二十八加三十等于五十八，再加两天。", "所以回答要简短，写上日期。", "用户可能比较着急",
]  # fmt: skip
_ANSWERS = [
    "The contract ends on 3 May 2026.", "**It is 42 days.** Count from the day after the invoice.",
    "Yes, clause 3 says so.", "Here is the list:\n\n- invoice\n- order\n- date",
    "| day | sum |\n|---|---|\n| 3 May | 42 |",
    "I would write: Dear Ms Lund, thank you.", "1. Open the file.\n2. Save it.", "> It is due in May.\n\nThat is all.",
    "No.", "Sure! a < b, and b > c.",
]  # fmt: skip
_ANSWERS_ZH = [
    "合同于2026年5月3日到期。", "**一共42天。** 从发票次日起算。", "是的，第三条是这样规定的。",
    "步骤如下：\n\n1. 打开文件\n2. 保存",
    "不可以。", "王经理您好，感谢来信。",
]  # fmt: skip
_CODE = ["```python\nx = [1, 2]\nprint(x)\n```", "```\nSELECT 1;\n```", "~~~\na b\n~~~", "`x = 1`"]
# Tags that are talked about, in an answer.
_TALK = [
    "The tag `</think>` ends the thinking.", "Write `<think>` first.", "```xml\n<think>\na\n</think>\nb\n```",
    "A model writes </think> when it is done.", "使用`</think>`标签结束。", 'It ends with "</think>" always.',
    "Use `[THINK]` or `<|channel>thought` there.", "~~~\n<think>\nhm\n</think>\n\nYes\n~~~",
]  # fmt: skip
_BEHIND = ["\n\n", "\n", "", " ", "  \n", "\r\n\r\n", " \n\n"]


@dataclass(frozen=True)
class Dialogue:
    """A reply. `is_known`: the program has learnt, or been told, that the prompt opens the thinking."""

    family: str
    text: str
    thinking: str
    answer: str
    is_known: bool = False


def dialogue(number: int) -> Dialogue:
    """The reply of this number."""
    chance = random.Random(number)
    family = list(_FAMILIES)[number % len(_FAMILIES)]
    return _FAMILIES[family](chance, family)


def _thought(chance: random.Random) -> str:
    chinese = chance.random() < 0.4
    said = chance.sample(_THOUGHTS_ZH if chinese else _THOUGHTS, chance.randint(1, 5))
    # As thinking begins, which it is known by where nothing else tells.
    said.sort(key=lambda each: each not in (_THOUGHTS_ZH[0], _THOUGHTS[0]))
    pieces = [said[0]]
    for each in said[1:]:
        pieces += [chance.choice(["\n", "\n\n", "" if chinese else " "]), each]
    text = "".join(pieces)
    if chance.random() < 0.3:
        text += f"\n\n{chance.choice(_CODE)}" + chance.choice(["\n", "\n\nThat works.", "\n\n这样就可以。"])
    return text


def _reply(chance: random.Random) -> str:
    said = chance.sample(_ANSWERS_ZH if chance.random() < 0.4 else _ANSWERS, chance.randint(1, 3))
    if chance.random() < 0.3:
        said.append(chance.choice(_CODE))
    if chance.random() < 0.2:
        said.append(chance.choice(_TALK))
    return "\n\n".join(said)


def _pair(
    opening: str, closing: str, *, before: str = "", behind: str = ""
) -> Callable[[random.Random, str], Dialogue]:
    def make(chance: random.Random, family: str) -> Dialogue:
        thinking, answer = _thought(chance), _reply(chance)
        after = chance.choice(_BEHIND)
        space = chance.choice(["\n", "", " "])
        lead = chance.choice(["", "", "\n", "\n\n"])
        text = f"{lead}{opening}{space}{thinking}{chance.choice(['', chr(10)])}{closing}{after}{before}{answer}{behind}"
        return Dialogue(family, text, thinking, answer)

    return make


def _prefilled(closing: str, *, before: str = "", behind: str = "") -> Callable[[random.Random, str], Dialogue]:
    """The opening tag is in the prompt; in half of the replies that is known."""

    def make(chance: random.Random, family: str) -> Dialogue:
        thinking, answer = _thought(chance), _reply(chance)
        is_known = chance.random() < 0.5
        # Behind a sentence that was not finished, only a line break says that the tag is not mentioned.
        is_finished = thinking[-1] in ".!?。！？`~"
        end = chance.choice(["\n", "\n\n", "\n  ", *([""] if is_finished else [])])
        if not is_known and chance.random() < 0.1:
            thinking, end = _open_code(chance, thinking)
        after = chance.choice(_BEHIND)
        if end.startswith("\n") and "```" in thinking and thinking.count("```") % 2:
            after = "\n\n"  # of a block that was left open, only a new paragraph tells
            answer = chance.choice([*_ANSWERS_ZH, *_ANSWERS])
        return Dialogue(family, f"{thinking}{end}{closing}{after}{before}{answer}{behind}", thinking, answer, is_known)

    return make


def _open_code(chance: random.Random, thinking: str) -> tuple[str, str]:
    """Thinking that ends with its code: closed right before the tag, or never."""
    opening = _THOUGHTS_ZH[0] if chance.random() < 0.4 else _THOUGHTS[0]
    if chance.random() < 0.5:
        return f"{opening}\n```python\nx = 1\n```", ""
    return f"{opening}\n```python\nx = 1", "\n"


def _glimmer(chance: random.Random, family: str) -> Dialogue:
    thoughts = [_thought(chance) for _ in range(chance.randint(1, 2))]
    answer = _reply(chance)
    start = "<|start|>assistant"
    between = f"<|eom|>{start} to=self<|message|>"
    text = f" to=self<|message|>{between.join(thoughts)}<|eom|>{start} to=user<|message|>{answer}<|eot|>"
    return Dialogue(family, text, "".join(thoughts), answer)


def _harmony(chance: random.Random, family: str) -> Dialogue:
    thinking, answer = _thought(chance), _reply(chance)
    text = f"<|channel|>analysis<|message|>{thinking}<|end|><|start|>assistant<|channel|>final<|message|>{answer}"
    return Dialogue(family, text + chance.choice(["", "<|return|>", "<|end|>"]), thinking, answer)


def _gemma(chance: random.Random, family: str) -> Dialogue:
    """One block, or two with a part of the answer between them."""
    thinking, answer = _thought(chance), _reply(chance)
    text = f"<|channel>thought\n{thinking}\n<channel|>{answer}"
    if chance.random() < 0.3 and "```" not in answer and "~~~" not in answer:
        more, rest = _thought(chance), _reply(chance)
        return Dialogue(
            family, f"{text}\n<|channel>thought\n{more}\n<channel|>{rest}", f"{thinking}\n{more}", f"{answer}\n{rest}"
        )
    return Dialogue(family, text, thinking, answer)


_FAMILIES: dict[str, Callable[[random.Random, str], Dialogue]] = {
    "DeepSeek-R1": _prefilled("</think>"),
    "Qwen3": _pair("<think>", "</think>"),
    "gpt-oss": _harmony,
    "Magistral": _pair("[THINK]", "[/THINK]"),
    "Gemma 4": _gemma,
    "Command A": _pair(
        "<|START_THINKING|>", "<|END_THINKING|>", before="<|START_TEXT|>", behind="<|END_TEXT|><|END_OF_TURN_TOKEN|>"
    ),
    "Kimi-VL": _prefilled("◁/think▷"),
    "Seed-OSS": _pair("<seed:think>", "</seed:think>"),
    "MiniMax-M3": _prefilled("</mm:think>"),
    "Muse Glimmer": _glimmer,
}
