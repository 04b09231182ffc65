"""The tags with which families of models mark their thinking, as they come in plain text, and a finder of such tags.

What is made of them is `think_tags`; those that are only talked about are told by `orphan_tags`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class TagForm:
    """Form in which one family of models marks its thinking.

    `inner` are marks within the thinking that are not part of it; `trailers` may stand behind the answer.
    `is_prefilled`: the opening may be part of the prompt, so that the closing comes alone.
    `is_prose`: the opening is plain words, with which an answer may begin as well. `is_common`: people write its tags
    by hand too. `is_repeated`: further blocks may follow, between which the answer stands.
    """

    openings: tuple[str, ...]
    closings: tuple[str, ...]
    inner: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    is_prefilled: bool = False
    is_prose: bool = False
    is_common: bool = False
    is_repeated: bool = False


_FORMS = (
    TagForm(  # MiniCPM-V and -o, whose marks also stand around the common ones
        ("<reserved_12>", "<|reserved_12|>"),
        ("<reserved_13>", "<|reserved_13|>", "</think>"),
        inner=("<think>",),
    ),
    TagForm(  # DeepSeek, Qwen, GLM, MiniMax, Nemotron and most others
        ("<think>",), ("</think>",), inner=("<reserved_12>", "<|reserved_12|>"), is_prefilled=True, is_common=True
    ),
    TagForm(("<mm:think>",), ("</mm:think>",), is_prefilled=True),  # MiniMax-M3
    TagForm(("<thinking>",), ("</thinking>",), is_common=True),  # Reflection, Cogito
    TagForm(("<thought>", "<Thought>"), ("</thought>", "</Thought>"), is_common=True),
    TagForm(("<reason>",), ("</reason>",), is_common=True),
    TagForm(("<reasoning>",), ("</reasoning>",), is_common=True),
    TagForm(("<|begin_of_thought|>",), ("<|end_of_thought|>",), is_prefilled=True),  # Sky-T1, OpenThinker
    TagForm(("◁think▷",), ("◁/think▷",), is_prefilled=True),  # Kimi-VL
    TagForm(("[THINK]",), ("[/THINK]",), is_prefilled=True, is_repeated=True),  # Magistral, Ministral
    TagForm(  # Seed-OSS, which reminds itself of its budget
        ("<seed:think>",),
        ("</seed:think>",),
        inner=("<seed:cot_budget_reflect>", "</seed:cot_budget_reflect>"),
        is_prefilled=True,
    ),
    TagForm(("<|channel>thought", "<|channel>"), ("<channel|>",), is_prefilled=True, is_repeated=True),  # Gemma 4
    TagForm(  # Cohere Command
        ("<|START_THINKING|>",), ("<|END_THINKING|>",), trailers=("<|END_OF_TURN_TOKEN|>",), is_prefilled=True
    ),
    TagForm(  # Muse Glimmer, which speaks to itself and to the user
        ("<|start|>assistant to=self<|message|>", "to=self<|message|>"),
        tuple(f"{start}to=user<|message|>" for start in ("<|start|>assistant ", " ", "")),
        inner=("<|eom|>", *(f"{start}to=self<|message|>" for start in ("<|start|>assistant ", " ", ""))),
        trailers=("<|eot|>", "<|eom|>"),
    ),
    TagForm(  # Kimi K3
        ("<|open|>think<|sep|>",),
        ("<|close|>think<|sep|>",),
        trailers=("<|close|>message<|sep|>", "<|end_of_msg|>"),
        is_prefilled=True,
    ),
    TagForm(  # gpt-oss: the harmony format, when a server lets it through
        tuple(
            f"{start}<|channel|>{channel}<|message|>"
            for start in ("", "<|start|>assistant")
            for channel in ("analysis", "commentary")
        ),
        ("<|channel|>final<|message|>",),
        inner=(
            "<|end|>",
            "<|start|>assistant",
            "<|channel|>analysis<|message|>",
            "<|channel|>commentary<|message|>",
        ),
        trailers=("<|end|>", "<|return|>"),
    ),
    TagForm(  # Granite 3.2
        ("Here is my thought process:", "Here's my thought process:"),
        ("Here is my response:", "Here's my response:"),
        is_prose=True,
    ),
    TagForm(  # Apriel
        ("Here are my reasoning steps:",),
        ("[BEGIN FINAL RESPONSE]",),
        trailers=("[END FINAL RESPONSE]", "<|end|>"),
        is_prefilled=True,
        is_prose=True,
    ),
)

# What may be wrapped around the answer behind the thinking, with the tags that close it.
WRAPPERS: dict[str, tuple[str, ...]] = {
    "<answer>": ("</answer>",),  # Hunyuan
    "<response>": ("</response>",),  # Granite 3.3, ERNIE
    "<|begin_of_solution|>": ("<|end_of_solution|>",),
    "<|START_RESPONSE|>": ("<|END_RESPONSE|>", "<|END_OF_TURN_TOKEN|>"),
    "<|START_TEXT|>": ("<|END_TEXT|>", "<|END_OF_TURN_TOKEN|>"),
    "<reserved_13>": (),
    "<|reserved_13|>": (),
    "<|start|>assistant to=user<|message|>": ("<|eot|>", "<|eom|>"),
    "to=user<|message|>": ("<|eot|>", "<|eom|>"),
    "<|open|>response<|sep|>": ("<|close|>response<|sep|>", "<|close|>message<|sep|>", "<|end_of_msg|>"),
    "<|channel|>final<|message|>": ("<|end|>", "<|return|>"),
    "<|start|>assistant<|channel|>final<|message|>": ("<|end|>", "<|return|>"),
}
# Wrappers that nobody writes by hand are dropped also when no thinking came before them.
_BARE_WRAPPERS = tuple(tag for tag in WRAPPERS if "|" in tag)

FORM_OF_OPENING = {tag: form for form in _FORMS for tag in form.openings}
FORM_OF_CLOSING = {tag: form for form in _FORMS for tag in form.closings}  # of several, the last
# An opening tag in plain text, also one with attributes, has a right to the next closing one.
CLAIMS = {tag: form.closings[0] for tag, form in FORM_OF_OPENING.items()}
CLAIMS |= {tag.replace(">", " "): closing for tag, closing in CLAIMS.items() if re.fullmatch(r"<[\w:]+>", tag)}
_ORPHANS = tuple(tag for tag, form in FORM_OF_CLOSING.items() if form.is_prefilled)
# The opening was in the prompt: any of these closings may follow.
PREFILLED = TagForm((), _ORPHANS, inner=tuple(mark for form in _FORMS if form.is_prefilled for mark in form.inner))


class TagSet:
    """Set of tags, that finds whole ones, and the start of one at the end of a text."""

    def __init__(self, tags: tuple[str, ...]) -> None:
        longest_first = sorted(tags, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)))
        self._beginnings = frozenset(tag[:length] for tag in tags for length in range(1, len(tag)))
        self._longest = len(longest_first[0])

    def could_become_tag(self, text: str, start: int) -> bool:
        """Return True if a tag may begin at `start` that goes on behind the end of `text`."""
        return len(text) - start < self._longest and text[start:] in self._beginnings

    def partial_start(self, text: str, start: int) -> int:
        """Return the index of a tag that may go on behind the end of `text`; the text's length where none does."""
        for index in range(max(start, len(text) - self._longest + 1), len(text)):
            if text[index:] in self._beginnings:
                return index
        return len(text)


# Cached, since compiling them all would cost some milliseconds at the start of the program.
@cache
def tag_set(*groups: tuple[str, ...]) -> TagSet:
    """Return the set of these tags."""
    return TagSet(tuple(dict.fromkeys(tag for group in groups for tag in group)))


@cache
def first_tags() -> TagSet:
    """Return the tags with which a reply may begin."""
    return tag_set(tuple(FORM_OF_OPENING), _BARE_WRAPPERS, _ORPHANS)


@cache
def content_tags() -> TagSet:
    """Return the tags that may show that what stands before or behind them is thinking."""
    return tag_set(tuple(CLAIMS), _ORPHANS)


@cache
def wrapper_tags() -> TagSet:
    """Return the tags that may open what is wrapped around an answer."""
    return tag_set(tuple(WRAPPERS))
