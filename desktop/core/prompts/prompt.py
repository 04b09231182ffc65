"""Prompts: a framework with its fields, and the draft that the user fills in.

How a draft becomes the text that is sent is `render`, the way back `parse`, what could be better about it
`core.advice`. Frameworks are files, read by `desktop.prompts.texts`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.core.conversation import example_key
from desktop.core.converting import as_dict, converted
from desktop.core.message import Message

MOST_WEIGHT = 5


class Language(StrEnum):
    """Language that prompts are worded in."""

    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class Wording:
    """Text in each language."""

    en: str
    zh: str

    def of(self, language: Language) -> str:
        return self.zh if language is Language.CHINESE else self.en


NOTHING = Wording("", "")


class FieldKind(StrEnum):
    """Purpose of a field, whatever a framework calls it: advice goes by this."""

    TASK = "task"
    CONTEXT = "context"
    EXAMPLES = "examples"  # shows the draft's pairs; a text of its own stands before them
    PERSONA = "persona"
    FORMAT = "format"
    TONE = "tone"
    AUDIENCE = "audience"
    MATERIAL = "material"  # what is pasted or typed here is material, and delimited
    OTHER = "other"


# Where a part goes that a framework has no field for; the task is the last resort.
INSTEAD = {
    FieldKind.AUDIENCE: (FieldKind.CONTEXT,),
    FieldKind.TONE: (FieldKind.FORMAT,),
    FieldKind.OTHER: (FieldKind.FORMAT,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptField:
    """Part of a framework.

    `weight`: how much it matters, 1 to `MOST_WEIGHT`. `why`: one sentence. `hint`: a real example, shown in grey.
    `heading`: what stands above the part in the prompt. `start`: what a new draft begins with, often empty.
    """

    key: str
    kind: FieldKind
    label: Wording
    weight: int
    why: Wording
    hint: Wording
    heading: Wording = NOTHING  # else its label
    start: Wording = NOTHING
    required: bool = False

    def __post_init__(self) -> None:
        if self.heading == NOTHING:
            object.__setattr__(self, "heading", self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFramework:
    """Fields in the order in which they are shown and sent. `about` says in a sentence when it is of use.

    `position`: its place among the others, the lowest first.
    """

    key: str
    name: Wording
    about: Wording
    fields: tuple[PromptField, ...]
    position: int = 1_000
    is_ready_made: bool = False  # for one kind of office work, rather than for any

    def field(self, key: str) -> PromptField | None:
        return next((each for each in self.fields if each.key == key), None)

    def of_kind(self, *kinds: FieldKind) -> tuple[PromptField, ...]:
        return tuple(each for each in self.fields if each.kind in kinds)

    @property
    def task(self) -> PromptField:
        """The field of the task; every framework has one."""
        return self.of_kind(FieldKind.TASK)[0]


@dataclass(frozen=True, slots=True)
class Material:
    """Text that was pasted into a field: something to work on, never an instruction.

    `is_first`: the words of the field refer back to it ("turn that into …"), so it stands before them, if it is alone.
    """

    field: str
    text: str
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class PromptFile:
    """File that was given to a field, by its name: its text goes before the prompt, and the field refers to it."""

    field: str
    name: str


@dataclass(frozen=True, slots=True)
class Example:
    """Input and the output that is wished for it. One without the other is allowed, and said to be incomplete.

    `reasoning`: the way from one to the other, which is sent only where the model is asked to think step by step.
    """

    input: str = ""
    output: str = ""
    reasoning: str = ""

    @property
    def texts(self) -> tuple[str, str, str]:
        """Its texts in the order in which they are sent."""
        return (self.input, self.reasoning, self.output)

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.texts))

    @property
    def is_complete(self) -> bool:
        return bool(self.input.strip() and self.output.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptDraft:
    """Prompt in the making. It belongs to its conversation and is stored with it.

    `texts`: what is written in the fields, by their keys; never changed in place. `dismissed`: keys of advice that the
    user does not want to see again for this draft. `files` are known by name alone here. `guide`: the key of the guide
    whose questions it is made by, and `answers`: the words in the fields that come from each question.
    """

    framework: str
    texts: Mapping[str, str] = field(default_factory=dict)
    materials: tuple[Material, ...] = ()
    examples: tuple[Example, ...] = ()
    chain_of_thought: bool = False
    examples_as_turns: bool = False
    dismissed: frozenset[str] = frozenset()
    files: tuple[PromptFile, ...] = ()
    guide: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def materials_of(self, key: str) -> tuple[Material, ...]:
        return tuple(each for each in self.materials if each.field == key)

    def files_of(self, key: str) -> tuple[PromptFile, ...]:
        return tuple(each for each in self.files if each.field == key)

    def with_text(self, key: str, text: str) -> PromptDraft:
        return replace(self, texts={**self.texts, key: text})

    def with_material(self, key: str, text: str) -> PromptDraft:
        """Return the draft with one more material in a field."""
        return replace(self, materials=(*self.materials, Material(key, text)))

    def with_materials(self, key: str, texts: tuple[str, ...]) -> PromptDraft:
        """Return the draft with these materials of a field, in place of those that it has."""
        others = tuple(each for each in self.materials if each.field != key)
        return replace(self, materials=(*others, *(Material(key, text) for text in texts)))

    def with_examples(self, *examples: Example) -> PromptDraft:
        return replace(self, examples=examples)

    def dismissing(self, advice: str) -> PromptDraft:
        return replace(self, dismissed=self.dismissed | {advice})


def new_draft(framework: PromptFramework, language: Language) -> PromptDraft:
    """Return an empty draft, with the texts that the framework begins with."""
    starts = {each.key: each.start.of(language) for each in framework.fields}
    return PromptDraft(framework=framework.key, texts={key: text for key, text in starts.items() if text})


def is_untouched(draft: PromptDraft, framework: PromptFramework) -> bool:
    """Return True if nothing is in the draft that the user would miss."""
    said = {key: text for key, text in draft.texts.items() if text.strip()}
    started = [new_draft(framework, language).texts for language in Language]
    has_more = any(not each.is_empty for each in draft.examples) or any(each.text.strip() for each in draft.materials)
    return not has_more and not draft.files and (not said or said in started)


def tidied(draft: PromptDraft, framework: PromptFramework) -> PromptDraft:
    """Return the draft with nothing but what is sent of it: two drafts that are sent alike are the same when tidied.

    Texts lose the blanks around them; materials and examples keep theirs. Examples that cannot be turns stand last
    where the others are.
    """
    texts = {each.key: draft.text(each.key).strip() for each in framework.fields}
    materials = tuple(each for one in framework.fields for each in draft.materials_of(one.key) if each.text.strip())
    examples = draft.examples
    if not draft.chain_of_thought:
        examples = tuple(replace(each, reasoning="") for each in examples)
    examples = tuple(each for each in examples if not each.is_empty)
    as_turns = draft.examples_as_turns and any(each.is_complete for each in examples)
    if as_turns:
        examples = tuple(sorted(map(_as_turn, examples), key=lambda each: not each.is_complete))
    return PromptDraft(
        framework=framework.key,
        texts={key: text for key, text in texts.items() if text},
        materials=placed(materials, texts),
        examples=tuple(Example(*map(_or_nothing, (each.input, each.output, each.reasoning))) for each in examples),
        chain_of_thought=draft.chain_of_thought,
        examples_as_turns=as_turns,
        files=tuple(each for one in framework.fields for each in draft.files_of(one.key)),
    )


def placed(materials: Sequence[Material], texts: Mapping[str, str]) -> tuple[Material, ...]:
    """Return materials of which those alone are first that have words below them, and no other beside them."""
    counts = Counter(each.field for each in materials)
    return tuple(
        replace(each, is_first=each.is_first and counts[each.field] == 1 and bool(texts.get(each.field)))
        for each in materials
    )


def _as_turn(example: Example) -> Example:
    """Return an example as a model would have said it: the way to the output, and the output, in one answer."""
    if not example.is_complete or not example.reasoning.strip():
        return example
    return Example(example.input, f"{example.reasoning}\n\n{example.output}")


def _or_nothing(text: str) -> str:
    return text if text.strip() else ""


def missing_fields(draft: PromptDraft, framework: PromptFramework) -> tuple[PromptField, ...]:
    """Return the required fields in which nothing stands yet."""
    sent = tidied(draft, framework)
    given = {each.field for each in sent.materials} | {each.field for each in sent.files}
    filled = sent.texts.keys() | given
    return tuple(each for each in framework.fields if each.required and each.key not in filled)


def moved_to(draft: PromptDraft, old: PromptFramework, new: PromptFramework, language: Language) -> PromptDraft:
    """Return the draft in another framework: each text in the field of the same key, or kind, else the task.

    What the old framework began with and the user has not changed makes room for the new one's beginning.
    """
    fresh = new_draft(new, language)
    places = {each.key: _place_in(new, each) for each in old.fields}
    kept: dict[str, str] = {}
    for each in old.fields:
        text = draft.text(each.key)
        if text.strip() and text not in (each.start.en, each.start.zh):
            key = places[each.key]
            # What has no place of its own there joins what the framework begins with.
            there = kept.get(key) or (fresh.text(key) if _kind_of(new, key) is not each.kind else "")
            kept[key] = f"{there}\n\n{text}" if there else text
    task = new.task.key
    materials = tuple(replace(each, field=places.get(each.field, task)) for each in draft.materials)
    files = tuple(PromptFile(places.get(each.field, task), each.name) for each in draft.files)
    return replace(draft, framework=new.key, texts={**fresh.texts, **kept}, materials=materials, files=files)


def at_home(draft: PromptDraft, framework: PromptFramework) -> PromptDraft:
    """Return a draft whose framework or fields are not known here: what has no field of its own stands in the task."""
    task = framework.task.key
    texts = {each.key: draft.texts[each.key] for each in framework.fields if each.key in draft.texts}
    strays = [text for key, text in draft.texts.items() if key not in texts and text.strip()]
    if strays:
        texts[task] = "\n\n".join(filter(str.strip, (texts.get(task, ""), *strays)))
    known = {each.key for each in framework.fields}
    materials = tuple(each if each.field in known else replace(each, field=task) for each in draft.materials)
    files = tuple(each if each.field in known else replace(each, field=task) for each in draft.files)
    return replace(draft, framework=framework.key, texts=texts, materials=materials, files=files)


def _place_in(framework: PromptFramework, each: PromptField) -> str:
    same = framework.field(each.key)
    if same is not None:
        return same.key
    kinds = (each.kind, *INSTEAD.get(each.kind, ())) if each.kind is not FieldKind.OTHER else ()
    return next((found[0] for kind in kinds if (found := framework.of_kind(kind))), framework.task).key


def _kind_of(framework: PromptFramework, key: str) -> FieldKind | None:
    found = framework.field(key)
    return found.kind if found is not None else None


def draft_to_json(draft: PromptDraft) -> str:
    """Return the draft as a JSON object, for storing."""
    return json.dumps(as_dict(draft), ensure_ascii=False)


def draft_from_json(stored: str) -> PromptDraft:
    """Return a stored draft. What a later version has added is passed over. Raises `ValueError`."""
    try:
        return converted(PromptDraft, json.loads(stored), whole=True)
    except RecursionError as error:
        raise ValueError("not a prompt draft") from error


def draft_of(stored: str) -> PromptDraft | None:
    """Return a stored draft; None if there is none, or one that cannot be read."""
    try:
        return draft_from_json(stored) if stored else None
    except ValueError:
        return None


_LONGEST_STEPS = 1_500  # characters; longer thinking shows no way


def example_from(draft: PromptDraft, answer: Message) -> Example:
    """Return the example that an answer makes; its reasoning only where the prompt asks for the steps."""
    pasted = "\n\n".join(each.text.strip() for each in draft.materials if each.text.strip())
    steps = answer.reasoning.strip() if draft.chain_of_thought else ""
    return Example(pasted, answer.text.strip(), steps if len(steps) <= _LONGEST_STEPS else "")


def with_answer_kept(draft: PromptDraft, answer: Message, asked: PromptDraft) -> PromptDraft:
    """Return a draft with an answer to `asked` as its last example; what is in the example need not stand twice."""
    example = example_from(asked, answer)
    if example in draft.examples:
        return draft
    return draft.with_examples(*(each for each in draft.examples if not each.is_empty), example)


@dataclass(frozen=True, slots=True)
class KeptExample:
    """A question with its answer as the user corrected it; `task`: its kind, the key of a guide, or empty."""

    example: Example
    task: str = ""
    key: str = field(default_factory=example_key)

    @property
    def as_draft(self) -> str:
        """What is stored of it, as drafts of the prompt builder are."""
        return draft_to_json(PromptDraft(framework="", examples=(self.example,), guide=self.task))


def kept_of(key: str, stored: str) -> KeptExample | None:
    """Return a stored example; None for one that cannot be read."""
    draft = draft_of(stored)
    return KeptExample(draft.examples[0], draft.guide, key) if draft is not None and draft.examples else None
