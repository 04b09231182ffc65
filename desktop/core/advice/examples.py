"""Advice on examples: those that stand in the words, are not whole, go against the format, or are only spoken of."""

from __future__ import annotations

from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import FieldKind, PromptFramework


def example_incomplete(subject: Subject) -> Advice | None:
    """Return advice for the first incomplete example.

    An output alone shows the form, and is complete enough where it is the only one.
    """
    examples = subject.draft.examples
    for number, each in enumerate(examples, start=1):
        if not each.output or (not each.input and len(examples) > 1):
            return Advice(AdviceKey.EXAMPLE_INCOMPLETE, _examples_key(subject.framework), {"number": number})
    return None


def _examples_key(framework: PromptFramework) -> str:
    return next((each.key for each in framework.of_kind(FieldKind.EXAMPLES)), "")
