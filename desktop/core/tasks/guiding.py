"""A draft as it is made by a guide's questions: which are asked, and what each answer comes to in the parts.

The draft is that of the prompt builder, which is its other view: an answer is words in a field, found again as long as
they stand there, so that it can be changed without touching what else was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from desktop.core.prompts.freeform_parser import take_apart
from desktop.core.prompts.pasted import orders
from desktop.core.prompts.prompt import Language, PromptDraft, PromptFramework
from desktop.core.prompts.render import language_of
from desktop.core.tasks.guide import FORM, Guide, GuideAnswer, GuideQuestion
from desktop.core.tasks.lacking import (
    brings_text,
    lacks_material,
    without_ends,
    without_offers,
    without_references,
)
from desktop.core.tasks.office import asks
from desktop.core.tasks.stated import stated_answers, stated_length, without_stated
from desktop.core.text.plain_compare import weight
from desktop.core.text.scripts import is_chinese

MATERIAL: Final = "material"  # the key of the question for what the task is done with
_DECIDED: Final = ("decision", "outcome")  # the other side may have asked for it in the same words
_FEW_SENTENCES: Final = 2
_SAYS_IT: Final = 24  # letters; a shorter line that names a task gets the guide's own order
_TOLD = re.compile(
    r"(?P<lead>[^\n]{0,30}(?:[说写讲]的?|发来的?|原话(?:是|如下)?|\b(?:says?|said|wrote|sent|message|notes))[:：])\n+"
    r"(?P<text>[^\n“「]{30,})(?P<rest>\n+[^\n]+)?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？；]+(?:\s|\Z)|[。！？；]+|\n+(?=\S)")


@dataclass(frozen=True, slots=True)
class Guiding:
    """Draft with the guide that it is made by. `is_first`: nothing was said before, so nothing can be meant by "it".

    `in_message`: the questions that the user's message answers, with its words. `lacks_material`: what the task is done
    with does not stand in it.
    """

    guide: Guide
    framework: PromptFramework
    draft: PromptDraft
    is_first: bool = True
    in_message: Mapping[str, str] = field(default_factory=dict)
    lacks_material: bool = False

    @property
    def language(self) -> Language:
        """The language that answers are put in: that of what is written."""
        return language_of(self.draft, self.framework)

    @property
    def stated(self) -> dict[str, str]:
        """The questions that the user's own words answer, with those words: the message, or the answer to another."""
        own = "\n".join(self.own_words(each) for each in self.guide.questions if each.key != FORM)
        found = {FORM: length} if (length := stated_length(own)) else {}
        return found | dict(self.in_message)

    @property
    def has_material(self) -> bool:
        return bool(self.draft.files) or any(each.text.strip() for each in self.draft.materials)

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys of the questions, in their order; what is missing comes first, and what is stated not at all."""
        asks_material = MATERIAL in self.draft.answers or (self.lacks_material and not self.has_material)
        first = (MATERIAL,) if self.guide.material is not None and asks_material else ()
        return (*first, *(each.key for each in self.guide.questions if not self.is_stated(each.key)))

    @property
    def open_steps(self) -> tuple[str, ...]:
        """The keys of the questions that are neither answered nor passed over."""
        return tuple(key for key in self.steps if key not in self.draft.answers)

    def is_stated(self, key: str) -> bool:
        """Return True for a question that the user's words answer, unless another answer was given to it."""
        return key in self.stated and key not in self.draft.answers

    def question(self, key: str) -> GuideQuestion | None:
        """Return a question; None for the one that asks for material."""
        return next((each for each in self.guide.questions if each.key == key), None)

    def words_of(self, question: GuideQuestion, answer: GuideAnswer | str) -> str:
        """Return what an answer, or words of the user's own, puts into the prompt."""
        if isinstance(answer, GuideAnswer):
            return answer.text.of(self.language)
        said = _with_quote(without_references(without_ends(answer)))
        if question.key not in _DECIDED:
            given = self.draft.answers.get(question.key, "")
            said = without_stated(said, _exchanged(self.draft.text(self.framework.task.key), given, ""))
        return question.own.of(self.language).replace("%1", said) if said else ""

    def chosen(self, question: GuideQuestion) -> GuideAnswer | None:
        """Return the answer that was pressed; None for words of the user's own, and where there is none."""
        given = self.draft.answers.get(question.key, "")
        return next((each for each in question.answers if given and given in (each.text.en, each.text.zh)), None)

    def own_words(self, question: GuideQuestion) -> str:
        """Return the answer that the user gave in words of their own."""
        given = self.draft.answers.get(question.key, "")
        if not given or self.chosen(question) is not None:
            return ""
        for pattern in (question.own.en, question.own.zh):
            before, _, after = pattern.partition("%1")
            if len(pattern) > len("%1") and given.startswith(before) and given.endswith(after):
                return given[len(before) : len(given) - len(after)]
        return given

    def with_answer(self, question: GuideQuestion, words: str) -> Guiding:
        """Return it with these words as the answer, in place of those that were; empty: the question is passed over."""
        key = self.framework.task.key
        before, text = self.draft.answers.get(question.key, ""), self.draft.text(key)
        is_first = not any(self.draft.answers.get(each.key) for each in self.guide.questions)
        if is_first and text.strip() and words:
            text += "\n"  # a blank line between what was written and what was asked
        text = _exchanged(text, before, words)
        draft = self.draft.with_text(key, text if words else text.rstrip("\n"))
        return replace(self, draft=replace(draft, answers={**self.draft.answers, question.key: words}))

    def with_material(self, text: str) -> Guiding:
        """Return it with this text as the first thing that the task is done with; empty: it is passed over."""
        key = self.framework.task.key
        others = tuple(each.text for each in self.draft.materials_of(key))[1:]
        texts = (text, *others) if text.strip() else others
        draft = self.draft.with_materials(key, texts)
        return replace(self, draft=replace(draft, answers={**self.draft.answers, MATERIAL: ""}))

    def with_written(self, before: PromptDraft, now: PromptDraft) -> Guiding:
        """Return it with what is written in the message box now, in place of what came from there before."""
        texts, said, says = dict(self.draft.texts), as_said(before), as_said(now)
        for key in {**said.texts, **says.texts}:
            texts[key] = _exchanged(texts.get(key, ""), said.text(key), says.text(key))
        if not texts.get(self.framework.task.key, "").strip() and self.guide.opening is not None:
            texts[self.framework.task.key] = self.guide.opening.of(self.language)
        kept = [each for each in self.draft.materials if each not in before.materials or each in now.materials]
        materials = (*kept, *(each for each in now.materials if each not in kept))
        return replace(self, draft=replace(self.draft, texts=texts, materials=materials)).read(now)

    def read(self, written: PromptDraft) -> Guiding:
        """Return it with what the user's own words say and lack, and without answers that were struck out by hand."""
        own = written.text(self.framework.task.key)
        for opening in (self.guide.opening.en, self.guide.opening.zh) if self.guide.opening is not None else ():
            own = own.removeprefix(f"{opening}\n")
        is_of_text = self.guide.opening is not None and lacks_material(self.guide.opening.en)
        needs_it = lacks_material(own) or (is_of_text and not brings_text(own))
        all_words = "\n".join(self.draft.texts.values())
        answers = {key: words for key, words in self.draft.answers.items() if words in all_words}
        return replace(
            self,
            draft=replace(self.draft, answers=answers),
            in_message=stated_answers(self.guide, own),
            lacks_material=self.is_first and needs_it,
        )


def begin_guiding(
    guide: Guide, framework: PromptFramework, written: PromptDraft, language: Language, *, is_first: bool = True
) -> Guiding:
    """Return the draft that a guide begins with: what is written already stands in its parts, and is not asked again.

    `language` is that of the user, for where nothing is written.
    """
    draft = replace(as_said(written), framework=framework.key, guide=guide.key)
    if not draft.text(framework.task.key).strip() and guide.opening is not None:
        language = language_of(draft, framework, language)
        draft = draft.with_text(framework.task.key, guide.opening.of(language))
    return Guiding(guide, framework, draft, is_first).read(written)


def written_draft(words: str, pasted: tuple[str, ...], framework: PromptFramework, guide: Guide) -> PromptDraft:
    """Return what stands in the message box: `words` as they are, without what is pasted among them, and the task.

    `pasted` texts are material too. The task says what is to be done.
    """
    draft = take_apart(words, framework, sorts=False) if words.strip() else PromptDraft(framework=framework.key)
    task = framework.task.key
    own = draft.text(task)
    names_it = weight(own) > _SAYS_IT and orders(own)
    lead = words.partition(draft.materials[0].text.strip())[0].strip() if draft.materials else ""
    own = _with_place(own, lead)
    draft = draft.with_text(task, own)
    if own and guide.opening is not None and not names_it and not asks(words) and not _says_much(own):
        opening = guide.opening.of(Language.CHINESE if is_chinese(own) else Language.ENGLISH)
        draft = draft.with_text(task, opening if own.lower() in opening.lower() else f"{opening}\n{own}")
    is_first = not lead and draft.text(task) == own
    draft = replace(draft, materials=tuple(replace(each, is_first=is_first) for each in draft.materials))
    for text in pasted:
        draft = draft.with_material(task, text)
    return draft


def _with_place(own: str, lead: str) -> str:
    """Return a request that says where its text stands, which was announced by a colon and is put below all of it."""
    if lead[-1:] not in (":", "：") or not own.startswith(lead):
        return own
    below = own[len(lead) :]
    end = "。" if is_chinese(lead) else " (see below)." if below else "."
    return f"{lead[:-1]}{end}{below}"


def _with_quote(words: str) -> str:
    """Return an answer with quotes about what somebody else said, where it announces that in a line of its own."""
    told = _TOLD.fullmatch(words)
    quotes = next((each for each in ("“”", "「」") if not set(each) & set(words)), "")
    if told is None or not quotes:
        return words
    return f"{told['lead']}\n{quotes[0]}{told['text'].strip()}{quotes[1]}{told['rest']}"


def as_said(written: PromptDraft) -> PromptDraft:
    """Return what was written without what is void once a guide asks: offers of the text."""
    return replace(
        written, texts={key: without_ends(without_offers(text)) or text for key, text in written.texts.items()}
    )


def _says_much(words: str) -> bool:
    return len(_SENTENCE_END.findall(words)) > _FEW_SENTENCES


def _exchanged(text: str, before: str, now: str) -> str:
    """Return a field's text with the lines `now` where the lines `before` stand, or else at its end.

    Words that the user has changed meanwhile are theirs, and stay.
    """
    lines, gone, come = (each.split("\n") if each else [] for each in (text, before.strip("\n"), now.strip("\n")))
    at = _found(lines, gone)
    if at is not None:
        return "\n".join([*lines[:at], *come, *lines[at + len(gone) :]])
    if not come or _found(lines, come) is not None:
        return text
    return "\n".join([*(lines if text.strip() else []), *come])


def _found(lines: list[str], wanted: list[str]) -> int | None:
    """Return where these lines stand among others; None where they do not, or there are none."""
    places = range(len(lines) - len(wanted) + 1) if wanted else ()
    return next((at for at in places if lines[at : at + len(wanted)] == wanted), None)
