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
    ALL_BUT_TASK = "all_but_task"  # and but for what it works on


@dataclass(frozen=True, slots=True)
class Variant:
    """Draft with something left out; `left_out` are the keys that its spans have in the whole prompt."""

    omission: Omission
    draft: PromptDraft
    field: PromptField | None = None  # of a `PART`
    left_out: frozenset[str] = frozenset()


def variants(draft: PromptDraft, framework: PromptFramework) -> list[Variant]:
    """Return all that can be left out of a draft, in the order of its parts; each is sent otherwise than the whole.

    What the task works on always stays: a framework's required parts, and those that hold material or files.
    """
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
        if each is holder and sent.examples:
            yield Variant(Omission.EXAMPLES, draft.with_text(each.key, "").with_examples())
        elif each.key in sent.texts and not _is_what_it_is_about(each, draft):
            yield Variant(Omission.PART, draft.with_text(each.key, ""), each)
    if sent.examples and holder is None:
        yield Variant(Omission.EXAMPLES, draft.with_examples())
    if sent.chain_of_thought:
        yield Variant(Omission.CHAIN_OF_THOUGHT, replace(draft, chain_of_thought=False))


def _is_what_it_is_about(field: PromptField, draft: PromptDraft) -> bool:
    """Return True for the task and what it works on: without that an answer shows nothing, or is made up."""
    holds_material = field.kind is FieldKind.MATERIAL or draft.materials_of(field.key) or draft.files_of(field.key)
    return field.required or field.kind is FieldKind.TASK or bool(holds_material)


def _bare(draft: PromptDraft, framework: PromptFramework) -> Variant:
    for each in framework.fields:
        if not _is_what_it_is_about(each, draft):
            draft = draft.with_text(each.key, "")
    return Variant(Omission.ALL_BUT_TASK, replace(draft, examples=(), chain_of_thought=False))
