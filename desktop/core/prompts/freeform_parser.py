"""A parser of freely written messages: it puts their parts where they belong in a framework.

Headings and delimiters are believed first, then what sentences, and clauses in Chinese, say of themselves ("You are …",
"Use a friendly tone."); what remains is the task. No word is lost but the names of parts. A draft whose framework was
chosen late is sorted in the same way; where it says no more than the framework's own opening, that takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from desktop.core.prompts import freeform_lexicon as lexicon
from desktop.core.prompts import pasted
from desktop.core.prompts.freeform_lexicon import wish_of
from desktop.core.prompts.prompt import (
    INSTEAD,
    Example,
    FieldKind,
    Language,
    Material,
    PromptDraft,
    PromptFile,
    PromptFramework,
    moved_to,
)
from desktop.core.prompts.render import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY, SpanKind, render, reopened
from desktop.core.text.scripts import LANGUAGES, LANGUAGES_ZH, is_chinese, language_of

# A longer message is a pasted document: its first paragraph is the task, the rest is material.
_LONGEST = 200_000
_LONGEST_SORTED = 20_000  # of which each sentence is looked at for the part that it belongs to


@dataclass(frozen=True, slots=True)
class Piece:
    """Stretch of a message, `start` to `end` in characters, and the key of the part that it goes to."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TakenApart:
    """Message, the draft that it comes to, and what of it goes where; names of parts and fences are in no piece."""

    message: str
    draft: PromptDraft
    pieces: tuple[Piece, ...] = ()


def take_apart(message: str, framework: PromptFramework, *, sorts: bool = True) -> PromptDraft:
    """Return the draft that a message comes to. A prompt that was made in this framework comes back as it was.

    Not sorted, and in a long message, the user's own words stay together, in their order; only what was pasted is told
    from them.
    """
    return taken_apart(message, framework, sorts=sorts).draft


def taken_apart(message: str, framework: PromptFramework, *, sorts: bool = True) -> TakenApart:
    """Return what a message comes to, with its pieces in the order in which they stand in it."""
    message = message.replace("\r\n", "\n")
    if draft := reopened(message, [framework]):
        spans = render(draft, framework).spans
        said = (each for each in spans if each.kind not in (SpanKind.HEADING, SpanKind.LABEL))
        return TakenApart(message, draft, tuple(Piece(each.field, each.start, each.end) for each in said))
    if len(message) > _LONGEST:
        return _long_one(message, framework)
    sorter = _Sorter(framework, sorts=sorts and len(message) <= _LONGEST_SORTED)
    sorter.read(message)
    return TakenApart(message, sorter.draft(), tuple(sorter.pieces_in(message)))


def _long_one(message: str, framework: PromptFramework) -> TakenApart:
    """Return a pasted document, of which the first line is the task."""
    task = framework.task.key
    place = next(iter(framework.of_kind(FieldKind.MATERIAL)), framework.task).key
    lead, _, rest = message.strip().partition("\n")
    draft = PromptDraft(framework=framework.key)
    if len(lead) > _LONGEST or not rest.strip():
        return TakenApart(message, draft.with_material(place, message), (Piece(place, 0, len(message)),))
    start = message.index(lead)
    pieces = (Piece(task, start, start + len(lead)), Piece(place, start + len(lead), len(message)))
    return TakenApart(message, draft.with_text(task, lead.strip()).with_material(place, rest), pieces)


class _Sorter:
    """Reader of a message from its beginning, that knows the part it is in; None where nothing was said of that."""

    def __init__(self, framework: PromptFramework, *, sorts: bool) -> None:
        self._framework = framework
        self._sorts = sorts  # sentences by what they say of themselves
        self._own = {
            name.lower(): each.kind
            for each in framework.fields
            for wording in (each.label, each.heading)
            for name in (wording.en, wording.zh)
        }
        self._part: FieldKind | None = None
        self._side = ""  # input or output, of the example that is being read
        self._words: dict[FieldKind, list[str]] = {}
        self._materials: list[str] = []
        self._examples: list[Example] = []
        self._chain_of_thought = False
        self._has_parts = True  # the names of parts count
        self._has_marks = False  # texts stand between delimiters
        self._filed: list[tuple[FieldKind | str, str]] = []  # in the order of reading; a key where it is no field's
        self._made_task: FieldKind | None = None  # what passes for the task, since nothing else does

    def read(self, message: str) -> None:
        if not self._sorts:
            named = [line for line in message.split("\n") if self._begins_part(line)]
            self._has_parts = len(named) > 1 or any(line.lstrip().startswith(("#", "【", "**")) for line in named)
            self._sorts = self._has_parts
        at = 0
        fenced = list(lexicon.fenced_texts(message))
        self._has_marks = bool(fenced)
        for start, end, text in fenced:
            self._read_words(message[at:start])
            self._read_fenced(text.strip("\n"))
            at = end
        self._read_words(message[at:])

    def _read_fenced(self, text: str) -> None:
        if not text.strip():
            return
        if self._side:
            self._add_example(text)
        elif self._part is FieldKind.EXAMPLES:
            self._show(text)
        else:
            self._add_material(text)

    def _show(self, text: str) -> None:
        self._examples.append(Example(output=text))
        self._filed.append((FieldKind.EXAMPLES, text))

    def _add_material(self, text: str) -> None:
        self._materials.append(text)
        self._filed.append((FieldKind.MATERIAL, text))

    def _read_words(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").split("\n")
        block = self._block_in(lines)
        last = max((at for at, line in enumerate(lines) if line.strip()), default=0)
        at = 0
        while at < len(lines):
            line = lines[at]
            if at in block:
                self._add_block("\n".join(lines[at : block.stop]))
                at = block.stop
                continue
            at += 1
            if block and pasted.is_rule(line):
                continue
            if pair := self._pair_in(line):
                side = pair["side"].lower()
                self._side = (
                    "input" if side in lexicon.INPUTS else "reasoning" if side in lexicon.REASONINGS else "output"
                )
                self._chain_of_thought |= self._side == "reasoning"
                self._add_example(line[pair.end() :])
            elif heading := self._heading_in(line):
                self._part, rest = heading
                self._side = ""
                self._add(rest)
            elif at > last and (announced := self._announced(line)):
                words, rest = announced
                self._read_free(words)
                self._add_block(rest)
            else:
                self._add(line)

    def _block_in(self, lines: list[str]) -> range:
        """Return the lines of a text that was pasted without a mark; none where parts or texts are marked."""
        if self._has_marks or self._part is not None or self._side:
            return range(0)
        ends = (at for at, line in enumerate(lines) if self._begins_part(line) or self._pair_in(line))
        return pasted.block_in(lines[: next(ends, len(lines))])

    def _add_block(self, text: str) -> None:
        """Add a passage as an example or as material."""
        if lexicon.SHOWS.search("\n".join(self._words.get(FieldKind.TASK, [])[-2:])):
            self._show(text)
        else:
            self._add_material(text)

    def _announced(self, line: str) -> tuple[str, str] | None:
        """Return the words that announce a text in the same line, and this text, where it is all that was given."""
        if self._part is not None or self._materials or lexicon.EXAMPLE.search(line):
            return None
        found = pasted.announced(line)
        return found if found and found[1].strip() and not pasted.holds_own_words(found[1]) else None

    def _pair_in(self, line: str) -> re.Match[str] | None:
        """Return how a line begins a side of an example; "A:" is one only below a "Q:", else it may be offer A."""
        pair = lexicon.PAIR.match(line)
        return pair if pair and (self._examples or pair["side"].lower() != "a") else None

    def _heading_in(self, line: str) -> tuple[FieldKind, str] | None:
        return lexicon.heading_in(line, self._own) if self._has_parts else None

    def _begins_part(self, line: str) -> bool:
        return self._heading_in(line) is not None

    def _add(self, line: str) -> None:
        """Add a line to the part that is being read."""
        if self._side:
            self._add_example(line)
        elif self._part is None:
            self._read_free(line)
        else:
            self._words.setdefault(self._part, []).append(line)
            self._filed.append((self._part, line))

    def _add_example(self, text: str) -> None:
        last = self._examples[-1] if self._examples else None
        begins = self._side == "input" and (last is None or bool(last.output))
        if last is None or begins:
            self._examples.append(Example())
        last = self._examples[-1]
        said = getattr(last, self._side)
        both = f"{said}\n{text}" if said else text.lstrip()
        self._examples[-1] = replace(last, **{self._side: both})
        self._filed.append((FieldKind.EXAMPLES, text))

    def _read_free(self, line: str) -> None:
        """Sort each sentence of a line that stands in no part."""
        is_example = lexicon.EXAMPLE.fullmatch(line) is not None
        if not line.strip() or lexicon.LIST_ITEM.match(line) or not (self._sorts or is_example):
            self._words.setdefault(FieldKind.TASK, []).append(line)
            self._filed.append((FieldKind.TASK, line))
            return
        here: dict[FieldKind, list[str]] = {}
        for sentence in lexicon.SENTENCE.findall(line):
            for kind, words in self._sorted(sentence.strip()):
                if kind is FieldKind.EXAMPLES and (example := lexicon.EXAMPLE.fullmatch(words)):
                    if like := example["like"]:  # says which one it is
                        here.setdefault(FieldKind.TASK, []).append(like)
                        self._filed.append((FieldKind.TASK, like))
                    words = example["shown"]
                here.setdefault(kind, []).append(words)
                self._filed.append((kind, words))
        for kind, sentences in here.items():
            if kind is FieldKind.EXAMPLES:
                self._examples += [Example(output=each) for each in sentences]
            else:
                self._words.setdefault(kind, []).append(_joined(sentences))

    def _sorted(self, sentence: str) -> list[tuple[FieldKind, str]]:
        if not sentence:
            return []
        if lexicon.CHAIN_OF_THOUGHT.fullmatch(sentence):
            self._chain_of_thought = True
            self._filed.append((CHAIN_OF_THOUGHT_KEY, sentence))
            return []
        if is_chinese(sentence):
            return self._sorted_clauses(sentence)
        persona, comma, rest = sentence.partition(", ")
        if comma and pasted.begins_with_order(rest) and wish_of(persona) is FieldKind.PERSONA:
            return [(FieldKind.PERSONA, persona), *self._sorted(rest)]
        return [(_kind_of(sentence), sentence)]

    def _sorted_clauses(self, sentence: str) -> list[tuple[FieldKind, str]]:
        """Return the stretches of a Chinese sentence that belong together, in their order, each with its part."""
        found: list[tuple[FieldKind, str]] = []
        has_task = FieldKind.TASK in self._words
        for clause in lexicon.clauses_of(sentence):
            said = clause.strip(lexicon.CLAUSE_ENDS)
            kind = _kind_of(said)
            if kind is FieldKind.FORMAT and not has_task and pasted.orders(said):
                kind = FieldKind.TASK
            elif kind is FieldKind.TASK and found and found[-1][0] is FieldKind.PERSONA and not pasted.orders(said):
                kind = FieldKind.PERSONA
            has_task |= kind is FieldKind.TASK
            if found and kind is found[-1][0]:
                found[-1] = (kind, found[-1][1] + clause)
            else:
                found.append((kind, clause))
        *before, (last, text) = found
        end = (
            text if last is FieldKind.TASK else text.rstrip(lexicon.CLAUSE_ENDS)
        )  # what follows may go on with the task
        return [*((kind, said.rstrip(lexicon.CLAUSE_ENDS)) for kind, said in before), (last, end)]

    def draft(self) -> PromptDraft:
        if not any(line.strip() for line in self._words.get(FieldKind.TASK, [])):
            self._make_a_task()
        texts: dict[str, str] = {}
        materials = []
        for kind, lines in self._words.items():
            text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
            if kind is FieldKind.MATERIAL and text:
                materials.append(text)
            elif kind is FieldKind.EXAMPLES and text:
                self._examples.append(Example(output=text))
            elif text:
                key = self._place(kind)
                texts[key] = f"{texts[key]}\n\n{text}" if key in texts else text
        place = self._place(FieldKind.MATERIAL)
        examples = (
            Example(each.input.strip("\n"), each.output.strip("\n"), each.reasoning.strip("\n"))
            for each in self._examples
        )
        return PromptDraft(
            framework=self._framework.key,
            texts=texts,
            materials=tuple(Material(place, each) for each in (*self._materials, *materials) if each.strip()),
            examples=tuple(each for each in examples if not each.is_empty),
            chain_of_thought=self._chain_of_thought,
        )

    def _make_a_task(self) -> None:
        """Take what passed for the form or the tone as the task, where nothing else was found to do."""
        for kind in (FieldKind.FORMAT, FieldKind.TONE):
            if kind in self._words and self._part is not kind and self._made_task is None:
                self._words[FieldKind.TASK] = self._words.pop(kind)
                self._made_task = kind

    def pieces_in(self, message: str) -> Iterator[Piece]:
        """Yield what of the message went where, after the draft was made."""
        at = 0
        for kind, text in self._filed:
            text = text.strip()
            start = message.find(text, at) if text else -1
            if start < 0:
                continue
            at = start + len(text)
            if kind is self._made_task:
                kind = FieldKind.TASK
            yield Piece(self._place(kind) if isinstance(kind, FieldKind) else kind, start, at)

    def _place(self, kind: FieldKind) -> str:
        if kind is FieldKind.EXAMPLES and not self._framework.of_kind(kind):
            return EXAMPLES_KEY
        for each in (kind, *INSTEAD.get(kind, ())):
            if fields := self._framework.of_kind(each):
                return fields[0].key
        return self._framework.task.key


def _kind_of(said: str) -> FieldKind:
    if lexicon.EXAMPLE.fullmatch(said):
        return FieldKind.EXAMPLES
    return wish_of(said) or FieldKind.TASK


def _joined(sentences: list[str]) -> str:
    """Return the sentences in one line; of Chinese, with commas between those that have no end."""
    text = sentences[0]
    for each in sentences[1:]:
        if text[-1] in "。！？；，":
            text += each
        else:
            text += f"，{each}" if is_chinese(text[-1]) else f", {each}" if text[-1].isalnum() else f" {each}"
    return text


_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")
_ASKING = re.compile(
    r"\b(?:please|pls|can you|could you|the|an?|this|it|for me)\b|帮忙|帮我|给我|麻烦|请|一下", re.IGNORECASE
)
_LANGUAGE = re.compile(rf"\b(?:{LANGUAGES})\b|(?:{LANGUAGES_ZH})[文语]", re.IGNORECASE)
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
