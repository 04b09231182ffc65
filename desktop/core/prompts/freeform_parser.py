"""A parser of freely written messages: it puts their parts where they belong in a framework. By rules.

Headings and delimiters are believed first, then what sentences say of themselves ("You are …", "in a friendly tone");
what remains is the task, or context where it only tells how things are. No word is lost but the names of parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from desktop.core.prompts import freeform_lexicon as lexicon
from desktop.core.prompts import pasted
from desktop.core.prompts.clauses import english_wishes, sorted_clauses
from desktop.core.prompts.marks import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY
from desktop.core.prompts.parse import reopened
from desktop.core.prompts.prompt import INSTEAD, Example, FieldKind, Material, PromptDraft, PromptFramework
from desktop.core.prompts.render import SpanKind, render
from desktop.core.text.scripts import is_chinese

# A longer message is a pasted document: its first paragraph is the task, the rest is material.
_LONGEST = 200_000
_LOOKED_AT = 400  # characters of the words above a passage
_MOST_LOOKED_AT = 60  # lines of one's own words; a text without marks that begins below them is not looked for


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


def take_apart(message: str, framework: PromptFramework) -> PromptDraft:
    """Return the draft that a message comes to. A prompt that was made in this framework comes back as it was."""
    return taken_apart(message, framework).draft


def taken_apart(message: str, framework: PromptFramework) -> TakenApart:
    """Return what a message comes to, with its pieces in the order in which they stand in it."""
    message = message.replace("\r\n", "\n")
    if draft := reopened(message, [framework]):
        spans = render(draft, framework).spans
        said = (each for each in spans if each.kind not in (SpanKind.HEADING, SpanKind.LABEL))
        return TakenApart(message, draft, tuple(Piece(each.field, each.start, each.end) for each in said))
    if len(message) > _LONGEST:
        return _long_one(message, framework)
    sorter = _Sorter(framework)
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

    def __init__(self, framework: PromptFramework) -> None:
        self._framework = framework
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
        self._looked_at = 0  # lines where a passage may begin
        self._filed: list[tuple[FieldKind | str, str]] = []  # in the order of reading; a key where it is no field's
        self._made_task: FieldKind | None = None  # what passes for the task, since nothing else does

    def read(self, message: str) -> None:
        at = 0
        for start, end, text in lexicon.fenced_texts(message):
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
        at = 0
        while at < len(lines):
            line = lines[at]
            if (end := self._pasted_until(lines, at)) > at:
                self._add_material("\n".join(lines[at:end]).strip("\n"))
                at = end
                continue
            at += 1
            if self._part is None and not self._side and lexicon.INLINE_PAIR.search(line):
                self._read_pairs(line)
            elif pair := lexicon.PAIR.match(line):
                side = pair["side"].lower()
                self._side = (
                    "input" if side in lexicon.INPUTS else "reasoning" if side in lexicon.REASONINGS else "output"
                )
                self._chain_of_thought |= self._side == "reasoning"
                self._add_example(line[pair.end() :])
            elif heading := lexicon.heading_in(line, self._own):
                self._part, rest = heading
                self._side = ""
                self._add(rest)
            elif announced := self._announced(line, lines, at):
                words, rest = announced
                self._read_free(words)
                rest, own = pasted.without_own_words(rest, words)
                end = next((each for each in range(at, len(lines)) if self._begins_part(lines[each])), len(lines))
                end = pasted.without_orders(lines, at, end, has_order=pasted.begins_with_order(words))
                text = "\n".join([rest, *lines[at:end]]).strip("\n")
                if lexicon.SHOWS.search(words):
                    self._show(text)
                else:
                    self._add_material(text)
                if own:
                    self._read_free(own)
                at = end
            else:
                self._add(line)

    def _pasted_until(self, lines: list[str], at: int) -> int:
        """Return where a passage ends that was pasted at this line without a mark; the line itself if there is none."""
        if self._part is not None or self._side or not lines[at].strip() or self._looked_at >= _MOST_LOOKED_AT:
            return at
        self._looked_at += 1
        said = [words for kind in (FieldKind.TASK, FieldKind.CONTEXT) for words in self._words.get(kind, [])]
        return pasted.pasted_until(lines, at, "\n".join(said)[:_LOOKED_AT], self._begins_part)

    def _read_pairs(self, line: str) -> None:
        """Add the examples that stand in a line, and sort what stands around them."""
        at = 0
        for pair in lexicon.INLINE_PAIR.finditer(line):
            self._read_free(line[at : pair.start()].rstrip(" ，,；;：:"))
            asked, wished = pair["input"] or pair["said"], pair["output"] or pair["wished"]
            self._examples.append(Example(asked.strip(" ：:，,"), wished.strip(" ：:，,")))
            self._filed.append((FieldKind.EXAMPLES, pair[0]))
            at = pair.end()
        self._read_free(line[at:])

    def _announced(self, line: str, lines: list[str], below: int) -> tuple[str, str] | None:
        """Return the words that announce a text, and its beginning in the same line.

        None where wishes follow in a list.
        """
        shows_example = lexicon.EXAMPLE.search(line) is not None
        said = pasted.announced(line) if self._part is None and not shows_example else None
        if not said or (self._materials and said[1].strip()):  # what is to be said of the text that is there
            return None
        following = chain([said[1]], (lines[at] for at in range(below, len(lines))))
        first = next(filter(str.strip, following), "")
        if not first or (first != said[1] and self._begins_part(first)):
            return None
        return None if lexicon.LIST_ITEM.match(first) and not pasted.speaks_of_a_text(line) else said

    def _begins_part(self, line: str) -> bool:
        return lexicon.heading_in(line, self._own) is not None

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
        if not line.strip() or lexicon.LIST_ITEM.match(line):
            self._words.setdefault(FieldKind.TASK, []).append(line)
            self._filed.append((FieldKind.TASK, line))
            return
        here: dict[FieldKind, list[str]] = {}
        for sentence in lexicon.SENTENCE.findall(line):
            for kind, words in self._sorted(sentence.strip()):
                if kind is FieldKind.EXAMPLES and (example := lexicon.EXAMPLE.fullmatch(words)):
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
            return sorted_clauses(sentence, has_task=FieldKind.TASK in self._words)
        if clause := lexicon.PERSONA_CLAUSE.fullmatch(sentence):
            return [(FieldKind.PERSONA, clause["persona"]), *self._sorted(clause["rest"])]
        signs = (
            (FieldKind.EXAMPLES, lexicon.EXAMPLE),
            (FieldKind.PERSONA, lexicon.PERSONA),
            (FieldKind.FORMAT, lexicon.FORMAT),
            (FieldKind.TONE, lexicon.TONE),
            (FieldKind.AUDIENCE, lexicon.AUDIENCE),
            (FieldKind.CONTEXT, lexicon.CONTEXT),
        )
        kind = next((kind for kind, sign in signs if sign.match(sentence)), FieldKind.TASK)
        return (english_wishes(sentence) if kind is FieldKind.TASK else []) or [(kind, sentence)]

    def draft(self) -> PromptDraft:
        if not any(line.strip() for line in self._words.get(FieldKind.TASK, [])):
            self._make_a_task()
        texts: dict[str, str] = {}
        materials = []
        for kind, lines in self._words.items():
            text = "\n".join(lines).strip()
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
        """Take what passed for the circumstances as the task, where nothing else was found to do."""
        for kind in (FieldKind.CONTEXT, FieldKind.FORMAT):
            if kind in self._words and self._part is not kind:
                self._words[FieldKind.TASK] = self._words.pop(kind)
                self._made_task = kind
                return

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


def _joined(sentences: list[str]) -> str:
    """Return the sentences in one line; of Chinese, with commas between those that have no end."""
    text = sentences[0]
    for each in sentences[1:]:
        if text[-1] in "。！？；，":
            text += each
        else:
            text += f"，{each}" if is_chinese(text[-1]) else f", {each}" if text[-1].isalnum() else f" {each}"
    return text
