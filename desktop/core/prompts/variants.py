"""A prompt without one of its parts: what it can be compared with, to see what that part does to the answer.

Values only. Both are sent by `runtime.compare`; what they are called on the screen is the window's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.prompts.prompt import FieldKind, PromptDraft, PromptField, PromptFramework, tidied
from desktop.core.prompts.render import RenderedPrompt, render


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
    field: PromptField | None = None  # of a `PART`
    left_out: frozenset[str] = frozenset()


def variants(draft: PromptDraft, framework: PromptFramework) -> list[Variant]:
    """Return all that can be left out of a draft, in the order of its parts; each is sent otherwise than the whole."""
    whole = render(draft, framework)
    made = list(_single(draft, framework))
    if len(made) > 1:
        made.append(_bare(draft, framework))
    rendered = [(each, render(each.draft, framework)) for each in made]
    return [
        replace(each, left_out=_parts_of(whole) - _parts_of(prompt))
        for each, prompt in rendered
        if prompt.text and (prompt.text, prompt.turns) != (whole.text, whole.turns)
    ]


def _parts_of(prompt: RenderedPrompt) -> frozenset[str]:
    """Return the keys of what stands in a prompt, or is said before it."""
    return frozenset({*(span.field for span in prompt.spans), *([prompt.examples_field] if prompt.turns else [])})


def _single(draft: PromptDraft, framework: PromptFramework) -> Iterator[Variant]:
    sent = tidied(draft, framework)
    holder = next(iter(framework.of_kind(FieldKind.EXAMPLES)), None)
    for each in framework.fields:
        if each.kind is FieldKind.TASK:
            continue
        if each is holder and sent.examples:
            yield Variant(Omission.EXAMPLES, _emptied(draft, each).with_examples())
        elif each.key in sent.texts or sent.materials_of(each.key) or sent.files_of(each.key):
            yield Variant(Omission.PART, _emptied(draft, each), each)
    if sent.examples and holder is None:
        yield Variant(Omission.EXAMPLES, draft.with_examples())
    if sent.chain_of_thought:
        yield Variant(Omission.CHAIN_OF_THOUGHT, replace(draft, chain_of_thought=False))


def _bare(draft: PromptDraft, framework: PromptFramework) -> Variant:
    for each in framework.fields:
        if not (each.required or each.kind is FieldKind.TASK):
            draft = _emptied(draft, each)
    return Variant(Omission.ALL_BUT_TASK, replace(draft, examples=(), chain_of_thought=False))


def _emptied(draft: PromptDraft, field: PromptField) -> PromptDraft:
    files = tuple(each for each in draft.files if each.field != field.key)
    return replace(draft.with_text(field.key, "").with_materials(field.key, ()), files=files)
