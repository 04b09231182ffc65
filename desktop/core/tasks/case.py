"""What of a prompt belongs to the case at hand, its material and its facts: a recipe made of it asks for these anew.

Facts are the user's own words in a guide's answers, and what stands in the context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, PromptFramework
from desktop.core.recipes.recipe import (
    Blank,
    BlankKind,
    blank_text,
    free_blank_name,
    guessed_kind,
    is_blank_name,
    names_in,
    with_words_for,
)
from desktop.core.tasks.guiding import Guiding
from desktop.core.tasks.lacking import named_text
from desktop.core.tasks.office import FORM, Guide

# A text that was pasted elsewhere, such as an example, is as much the recipe's own as the words around it.
_OF_THE_CASE = (FieldKind.TASK, FieldKind.CONTEXT, FieldKind.MATERIAL)
_NO_NAME = re.compile(r"[（(].*|[^\w .'-]+")  # what the name of a blank may not have, and a translation behind it
_LONGEST = 36  # characters of a name, with room for a number


@dataclass(frozen=True, slots=True)
class AskedAnew:
    """Blank for what belongs to the case, and the words that stood in its place; `is_material`: they were pasted."""

    blank: Blank
    words: str = ""
    is_material: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankNames:
    """Names, in the user's language, of things that nothing else names."""

    text: str
    file: str
    language: Language


class Case:
    """A draft from which what belongs to the case is taken out, and a blank put there for each such thing."""

    def __init__(
        self,
        draft: PromptDraft,
        framework: PromptFramework,
        names: BlankNames,
        guide: Guide | None = None,
        taken: Sequence[str] = (),
    ) -> None:
        """`guide`: the one that the draft is made by; `taken`: names that other blanks have."""
        self.draft = draft
        self.asked: list[AskedAnew] = []
        self._framework = framework
        self._names = names
        self._guide = guide
        self._taken = taken

    def take_out(self) -> None:
        """Take out material, files and facts."""
        while (at := self._next_material()) is not None:
            self.take_material(at)
        for file in self.draft.files:
            self._take_file(file.field, file.name)
        if self._guide is not None:
            self._take_own_answers(Guiding(self._guide, self._framework, self.draft))
        for field in self._framework.of_kind(FieldKind.CONTEXT):
            self._take_context(field.key, field.label.of(self._names.language), field.required)
        self.draft = replace(self.draft, files=(), guide="", answers={})

    def take_material(self, at: int) -> None:
        """Take out the draft's material of this number."""
        material = self.draft.materials[at]
        self.draft = replace(self.draft, materials=self.draft.materials[:at] + self.draft.materials[at + 1 :])
        name = self._thing(material.field) or self._names.text
        blank = self._blank(name, BlankKind.LONG_TEXT, material.field)
        self.asked.append(AskedAnew(blank, material.text, is_material=True))

    def _next_material(self) -> int | None:
        of_case = {each.key for each in self._framework.of_kind(*_OF_THE_CASE)}
        return next((at for at, each in enumerate(self.draft.materials) if each.field in of_case), None)

    def _thing(self, key: str) -> str:
        """Return the name of what is given to a field: "Complaint"; empty where nothing tells."""
        field = self._framework.field(key)
        if field is not None and field.kind is FieldKind.MATERIAL:
            return field.label.of(self._names.language)
        if self._guide is not None and self._guide.material is not None:
            return self._guide.material.short.of(self._names.language)
        task = self.draft.text(self._framework.task.key).strip().partition("\n")[0]
        return named_text(task)

    def _blank(self, stem: str, kind: BlankKind, field: str = "", *, required: bool = True) -> Blank:
        taken = [*self._taken, *names_in(self.draft.texts), *(each.blank.name for each in self.asked)]
        name = _NO_NAME.sub("", stem)[:_LONGEST].strip()
        name = free_blank_name(name if is_blank_name(name) else self._names.text, taken)
        return Blank(name=name, kind=kind, field=field, required=required)

    def _take_file(self, key: str, file: str) -> None:
        words = self.draft.text(key)
        is_named = bool(file) and file in words
        blank = self._blank(self._thing(key) or self._names.file, BlankKind.FILE, "" if is_named else key)
        if is_named:
            for said in (f'the file "{file}"', f'"{file}"', f"文件“{file}”", f"“{file}”"):  # as it is said again
                words = words.replace(said, file)
            words = words.replace(file, blank_text(blank.name), 1)
            self.draft = self.draft.with_text(key, words)
        self.asked.append(AskedAnew(blank))

    def _take_own_answers(self, guiding: Guiding) -> None:
        for question in guiding.guide.questions:
            key, given = self._framework.task.key, self.draft.answers.get(question.key, "")
            own = guiding.own_words(question).strip()
            if question.key != FORM and own and given in self.draft.text(key):
                blank = self._blank(question.short.of(self._names.language), guessed_kind(own))
                with_blank = given.replace(own, blank_text(blank.name), 1)
                self.draft = self.draft.with_text(key, self.draft.text(key).replace(given, with_blank, 1))
                self.asked.append(AskedAnew(blank, own))

    def _take_context(self, key: str, label: str, required: bool) -> None:
        lines = self.draft.text(key).split("\n")
        fixed = [line for line in lines if names_in({key: line})]
        facts = "\n".join(line for line in lines if line not in fixed).strip()
        if facts:
            blank = self._blank(label, BlankKind.LONG_TEXT, key, required=required)
            self.draft = self.draft.with_text(key, "\n".join(fixed))
            self.asked.append(AskedAnew(blank, facts))


def put_back(draft: PromptDraft, asked: AskedAnew, name: str) -> PromptDraft:
    """Return the draft with the words of the case in place of the blank, which has this name by now."""
    key = asked.blank.field
    if asked.is_material:
        return draft.with_material(key, asked.words)
    if key:
        return draft.with_text(key, "\n".join(filter(None, (draft.text(key), asked.words))))
    return replace(draft, texts=with_words_for(draft.texts, name, asked.words))
