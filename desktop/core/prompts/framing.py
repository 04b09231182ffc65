"""A draft brought into a framework that was chosen late: what is written freely is sorted, and its opening stays.

Nothing that the user has written is lost; where it says no more than the framework's own opening, that takes its place.
"""

from __future__ import annotations

import re
from dataclasses import replace

from desktop.core.prompts.freeform_parser import take_apart
from desktop.core.prompts.prompt import (
    FieldKind,
    Language,
    PromptDraft,
    PromptFile,
    PromptFramework,
    moved_to,
)
from desktop.core.text.languages import language_of

_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")
_ASKING = re.compile(
    r"\b(?:please|pls|can you|could you|the|an?|this|it|for me)\b|帮忙|帮我|给我|麻烦|请|一下", re.IGNORECASE
)
_ENGLISH = "English|Chinese|German|French|Spanish|Italian|Japanese|Korean|Russian|Portuguese|Arabic|Dutch|Polish"
_CHINESE = "英|中|德|法|西班牙|意大利|日|韩|俄|葡萄牙|阿拉伯|荷兰|波兰"
_LANGUAGE = re.compile(rf"\b(?:{_ENGLISH})\b|(?:{_CHINESE})[文语]", re.IGNORECASE)
_POINTS_BELOW = re.compile(r"\b(?:below|following)\b|下面|以下|下列", re.IGNORECASE)
_OF_TEXT = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}


def reframed(draft: PromptDraft, old: PromptFramework, new: PromptFramework, language: Language) -> PromptDraft:
    """Return a draft in another framework, with what was written in its task sorted into the parts of that one."""
    moved = moved_to(_without_opening(draft, old), old, new, language)
    task = new.task
    said = moved.text(task.key)
    if said.strip() and said not in (task.start.en, task.start.zh):
        sorted_out = take_apart(said, new)
        moved = moved.with_text(task.key, sorted_out.text(task.key))
        for each in new.fields:
            if each is not task and (text := sorted_out.text(each.key)):
                there = moved.text(each.key)
                is_own = there.strip() and there not in (each.start.en, each.start.zh)
                moved = moved.with_text(each.key, f"{there}\n\n{text}" if is_own else text)
        moved = replace(
            moved,
            materials=(*moved.materials, *sorted_out.materials),
            examples=(*moved.examples, *sorted_out.examples),
            chain_of_thought=moved.chain_of_thought or sorted_out.chain_of_thought,
        )
    return with_opening(_with_material_in_its_place(moved, new), new, language)


def with_opening(draft: PromptDraft, framework: PromptFramework, language: Language) -> PromptDraft:
    """Return a draft whose task begins with the framework's own opening sentence, where it has one.

    An order whose words it has already, in their order ("write minutes"), is replaced; what says more follows it. The
    language that the order names, or that the material is not in, takes the place of the opening's.
    """
    key = framework.task.key
    opening, said = framework.task.start.of(language), draft.text(key).strip()
    if not opening or said.startswith(opening):
        said = said[len(opening) :].strip() if opening else said
        if not opening or said:
            return draft
    opening = _in_its_language(opening, said, draft)
    order, rest = _first_sentence(opening)
    if rest and rest in said:
        return draft
    words = iter(_words_of(opening))
    says_no_more = all(word in words for word in _words_of(_ASKING.sub(" ", said)))  # each behind the one before
    if not says_no_more and _POINTS_BELOW.search(order) and _POINTS_BELOW.search(said):
        return draft.with_text(key, f"{said}\n{rest}" if rest else said)  # the order is given already, in better words
    return draft.with_text(key, opening if says_no_more else f"{opening}\n{said}")


def _words_of(text: str) -> list[str]:
    """Return the words of a text, of Chinese each character, without their capitals."""
    return _WORD.findall(text.casefold())


def _first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of a text, and what follows it."""
    found = re.match(r".+?(?:[.!?](?=\s)|[。！？])", text, re.DOTALL)
    return (text[: found.end()], text[found.end() :].strip()) if found else (text, "")


def _in_its_language(opening: str, said: str, draft: PromptDraft) -> str:
    """Return an opening that names a language with the one that is meant."""
    named = _LANGUAGE.search(opening)
    if named is None:
        return opening
    wished = _LANGUAGE.findall(said)
    if wished:
        return f"{opening[: named.start()]}{wished[-1]}{opening[named.end() :]}"
    return turned_round(opening, draft) or opening


def turned_round(order: str, draft: PromptDraft) -> str:
    """Return an order to translate with the other language, where the material is in the one that it names.

    Empty where it is not: English and Chinese alone are told apart for that.
    """
    named = _LANGUAGE.search(order)
    pasted = "\n".join(each.text[:2_000] for each in draft.materials)
    if named is None or not pasted:
        return ""
    word = named[0].replace("语", "文")
    of_material = _OF_TEXT.get(language_of(pasted), ())
    if word not in of_material:
        return ""
    other = next(names for names in _OF_TEXT.values() if word not in names)
    return f"{order[: named.start()]}{other[of_material.index(word)]}{order[named.end() :]}"


def _without_opening(draft: PromptDraft, framework: PromptFramework) -> PromptDraft:
    """Return a draft without the opening sentences of its framework, below which the user has written on."""
    texts = dict(draft.texts)
    for each in framework.fields:
        for start in filter(None, (each.start.en, each.start.zh)):
            text = texts.get(each.key, "")
            if text.startswith(f"{start}\n"):
                texts[each.key] = text[len(start) + 1 :]
    return replace(draft, texts=texts)


def _with_material_in_its_place(draft: PromptDraft, framework: PromptFramework) -> PromptDraft:
    """Return a draft whose material and files stand in the part for material, and not in the task."""
    place = next(iter(framework.of_kind(FieldKind.MATERIAL)), None)
    if place is None:
        return draft
    task = framework.task.key
    return replace(
        draft,
        materials=tuple(replace(each, field=place.key) if each.field == task else each for each in draft.materials),
        files=tuple(PromptFile(place.key, each.name) if each.field == task else each for each in draft.files),
    )
