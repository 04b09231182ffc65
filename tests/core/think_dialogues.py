"""Made replies of ten families of models that think, each with what is thinking in it and what is the answer.

As their servers hand them on without a parser: the tags of the family, with the white space, code and words around them
that models write. The same number makes the same reply.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.core.tables import table

_WORDS: dict[str, list[str]] = table("think_dialogues.toml")
_THOUGHTS, _THOUGHTS_ZH, _ANSWERS, _ANSWERS_ZH, _CODE, _TALK, _BEHIND = _WORDS.values()


@dataclass(frozen=True)
class Dialogue:
    """A reply. `is_known`: the program has learnt, or been told, that the prompt opens the thinking."""

    family: str
    text: str
    thinking: str
    answer: str
    is_known: bool = False


def dialogue(number):
    """The reply of this number."""
    chance = random.Random(number)
    family = list(_FAMILIES)[number % len(_FAMILIES)]
    return _FAMILIES[family](chance, family)


def _thought(chance):
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


def _reply(chance):
    said = chance.sample(_ANSWERS_ZH if chance.random() < 0.4 else _ANSWERS, chance.randint(1, 3))
    if chance.random() < 0.3:
        said.append(chance.choice(_CODE))
    if chance.random() < 0.2:
        said.append(chance.choice(_TALK))
    return "\n\n".join(said)


def _pair(opening, closing, *, before="", behind=""):
    def make(chance, family):
        thinking, answer = _thought(chance), _reply(chance)
        after = chance.choice(_BEHIND)
        space = chance.choice(["\n", "", " "])
        lead = chance.choice(["", "", "\n", "\n\n"])
        text = f"{lead}{opening}{space}{thinking}{chance.choice(['', chr(10)])}{closing}{after}{before}{answer}{behind}"
        return Dialogue(family, text, thinking, answer)

    return make


def _prefilled(closing, *, before="", behind=""):
    """The opening tag is in the prompt; in half of the replies that is known."""

    def make(chance, family):
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


def _open_code(chance, thinking):
    """Thinking that ends with its code: closed right before the tag, or never."""
    opening = _THOUGHTS_ZH[0] if chance.random() < 0.4 else _THOUGHTS[0]
    if chance.random() < 0.5:
        return f"{opening}\n```python\nx = 1\n```", ""
    return f"{opening}\n```python\nx = 1", "\n"


def _glimmer(chance, family):
    thoughts = [_thought(chance) for _ in range(chance.randint(1, 2))]
    answer = _reply(chance)
    start = "<|start|>assistant"
    between = f"<|eom|>{start} to=self<|message|>"
    text = f" to=self<|message|>{between.join(thoughts)}<|eom|>{start} to=user<|message|>{answer}<|eot|>"
    return Dialogue(family, text, "".join(thoughts), answer)


def _harmony(chance, family):
    thinking, answer = _thought(chance), _reply(chance)
    text = f"<|channel|>analysis<|message|>{thinking}<|end|><|start|>assistant<|channel|>final<|message|>{answer}"
    return Dialogue(family, text + chance.choice(["", "<|return|>", "<|end|>"]), thinking, answer)


def _gemma(chance, family):
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
