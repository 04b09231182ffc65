"""A prompt without one of its parts: what it can be compared with, to see what that part does to the answer.

Values only. Both are sent by `runtime.compare`; what they are called on the screen is the window's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.prompts.marks import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY
from desktop.core.prompts.prompt import FieldKind, PromptDraft, PromptField, PromptFramework, tidied
from desktop.core.prompts.render import render


class Omission(StrEnum):
    """Part of a prompt that is left out."""

    PART = "part"
    EXAMPLES = "examples"
    CHAIN_OF_THOUGHT = "chain_of_thought"
    ALL_BUT_TASK = "all_but_task"  # and but for what the framework requires beside it


@dataclass(frozen=True, slots=True)
class Variant:
    """Draft with something left out; `left_out` are the keys that its spans have in the whole prompt."""

    omission: Omission
    draft: PromptDraft
    left_out: frozenset[str]
    field: PromptField | None = None  # of a `PART`


def variants(draft: PromptDraft, framework: PromptFramework) -> list[Variant]:
    """Return all that can be left out of a draft, in the order of its parts; each is sent otherwise than the whole."""
    whole = render(draft, framework)
    made = list(_single(draft, framework))
    if len(made) > 1:
        made.append(_bare(draft, framework, frozenset().union(*(each.left_out for each in made))))
    rendered = [(each, render(each.draft, framework)) for each in made]
    return [
        each for each, prompt in rendered if prompt.text and (prompt.text, prompt.turns) != (whole.text, whole.turns)
    ]


def _single(draft: PromptDraft, framework: PromptFramework) -> Iterator[Variant]:
    sent = tidied(draft, framework)
    holder = next(iter(framework.of_kind(FieldKind.EXAMPLES)), None)
    for each in framework.fields:
        if each.kind is FieldKind.TASK:
            continue
        if each is holder and sent.examples:
            yield Variant(Omission.EXAMPLES, _emptied(draft, each).with_examples(), frozenset({each.key}))
        elif each.key in sent.texts or sent.materials_of(each.key) or sent.files_of(each.key):
            yield Variant(Omission.PART, _emptied(draft, each), frozenset({each.key}), each)
    if sent.examples and holder is None:
        yield Variant(Omission.EXAMPLES, draft.with_examples(), frozenset({EXAMPLES_KEY}))
    if sent.chain_of_thought:
        without = replace(draft, chain_of_thought=False)
        yield Variant(Omission.CHAIN_OF_THOUGHT, without, frozenset({CHAIN_OF_THOUGHT_KEY}))


def _bare(draft: PromptDraft, framework: PromptFramework, left_out: frozenset[str]) -> Variant:
    for each in framework.fields:
        if not (each.required or each.kind is FieldKind.TASK):
            draft = _emptied(draft, each)
    bare = replace(draft, examples=(), chain_of_thought=False)
    return Variant(Omission.ALL_BUT_TASK, bare, left_out)


def _emptied(draft: PromptDraft, field: PromptField) -> PromptDraft:
    files = tuple(each for each in draft.files if each.field != field.key)
    return replace(draft.with_text(field.key, "").with_materials(field.key, ()), files=files)
