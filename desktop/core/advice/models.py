"""Advice that comes from what a prompt goes to: the model, its context, and the place."""

from __future__ import annotations

import re
from dataclasses import replace

from desktop.core.advice.personal_data import Masks, find_personal
from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.models.reasoning import (
    can_be_kept_from_reasoning,
    reasons_by_itself,
)
from desktop.core.place import PlaceKind
from desktop.core.prompts.prompt import Example, PromptDraft, PromptFramework
from desktop.core.prompts.render import language_of
from desktop.core.text.tokens import estimate_tokens

# Room that an answer needs in the context, in tokens: half a page.
_ROOM_FOR_ANSWER = 500
_LOOKED_AT_FOR_PERSONS = 100_000  # a leak is worse than a late key stroke, but a pasted book must not stop the window

_STEP_BY_STEP = re.compile(
    r"\bstep[- ]by[- ]step\b|\bthink (?:it )?(?:through|carefully)\b|一步一步|逐步(?:思考|推理)|仔细思考", re.IGNORECASE
)


def personal_data(subject: Subject) -> Advice | None:
    place = subject.setting.place
    if place is None or place.kind is not PlaceKind.INTERNET:
        return None
    draft = subject.draft
    pasted = [*(each.text for each in draft.materials), *("\n".join(each.texts) for each in draft.examples)]
    left, count, first = _LOOKED_AT_FOR_PERSONS, 0, ""
    for text in (*draft.texts.values(), *pasted):
        found = find_personal(text[:left])
        left = max(0, left - len(text))
        count += len(found)
        first = first or (found[0].text if found else "")
    if not count:
        return None
    framework = subject.framework
    values: dict[str, str | int | float] = {"found": first, "count": count, "host": place.host}
    return Advice(AdviceKey.PERSONAL_DATA, values=values, fix=lambda draft: _masked(draft, framework))


def _masked(draft: PromptDraft, framework: PromptFramework) -> PromptDraft:
    masks = Masks(language_of(draft, framework))
    return replace(
        draft,
        texts={key: masks.mask(text) for key, text in draft.texts.items()},
        materials=tuple(replace(each, text=masks.mask(each.text)) for each in draft.materials),
        examples=tuple(Example(*map(masks.mask, (each.input, each.output, each.reasoning))) for each in draft.examples),
    )


def too_long(subject: Subject) -> Advice | None:
    context = subject.setting.window
    if not context:
        return None
    draft = subject.draft
    examples = (text for each in draft.examples for text in each.texts)
    texts = (subject.setting.system, *draft.texts.values(), *(each.text for each in draft.materials), *examples)
    tokens = round(sum(map(estimate_tokens, texts))) + subject.setting.file_tokens
    if tokens + min(_ROOM_FOR_ANSWER, context // 4) <= context:
        return None
    return Advice(AdviceKey.TOO_LONG, values={"tokens": tokens, "context": context})


def thinks_by_itself(subject: Subject) -> Advice | None:
    """Return advice for a model that reasons by itself while the draft asks for it, too.

    The fix switches the chain of thought off; there is none where the request stands in the user's own words.
    """
    model = subject.setting.model
    if model is None or not _reasons(subject):
        return None
    values = {"model": model.title}
    if subject.draft.chain_of_thought:
        return Advice(
            AdviceKey.THINKS_BY_ITSELF, values=values, fix=lambda draft: replace(draft, chain_of_thought=False)
        )
    said = next((each.key for each, text in subject.words() if _STEP_BY_STEP.search(text)), None)
    return Advice(AdviceKey.THINKS_BY_ITSELF, said, values) if said else None


def _reasons(subject: Subject) -> bool:
    """Return True if the model will reason, as the conversation is set."""
    model = subject.setting.model
    kept_from_it = subject.setting.thinking_off and can_be_kept_from_reasoning(model)
    return reasons_by_itself(model) and not kept_from_it
