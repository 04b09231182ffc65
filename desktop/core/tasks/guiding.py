"""A draft as it is made by a guide's questions: which are asked, and what each answer comes to in the parts.

The draft is that of the prompt builder, which is its other view: an answer is words in a field, found again as long as
they stand there, so that it can be changed without touching what else was written. What a request states by itself is
not asked again; a word that leaves open how much is meant ("short", 别太长) answers nothing.
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
from desktop.core.tasks.lacking import brings_text, lacks_material, without_ends, without_offers, without_references
from desktop.core.tasks.office import FORM, Guide, GuideAnswer, GuideQuestion, asks
from desktop.core.text.scripts import LANGUAGES, LANGUAGES_ZH, is_chinese, weight

_LOOKED_AT: Final = 2_000  # characters of the user's own words

_LENGTH = re.compile(
    r"(?<!read )\b(?:\d+(?:[-–]\d+)?|an?|one|two|three|four|five|six|seven|eight|ten|twelve|half an?|a few)[ -]"
    r"(?:words|sentences|lines|paragraphs?|pages?|bullet points?|bullets?|points|characters|slides)\b"
    r"|(?<![第点上下这那几])(?!几[百千])[\d一两二三四五六七八九十百几半]{1,9}\s*(?:[-~到至]\d{1,9}\s*)?(?:个?字|(?<!一)(?:句话?|条|段话?|行)|页)(?![前后])",
    re.IGNORECASE,
)
_SHAPE = re.compile(
    r"\b(?:tables?|bullets|check-?list|spreadsheet|headings|side by side|timetable"
    r"|show (?:me )?(?:the |your )?(?:working|sums))\b"
    r"|\b(?:an?|one|two|both) (?:\w+ )?versions?\b"
    r"|(?:[做列弄理][成个])?表格|(?:[做列弄理][成个](?:一[张个份])?|对比|要一?[张个份])表(?![示达现明演])|清单|分条|对照|小标题"
    r"|(?<![下上这那]面)(?<!这)[一二两三][个种][^，。]{0,6}版本(?!的)"
    r"|\b(?:list|tell me|say|show me|mark)\b[^.!?\n]{0,24}\b(?:chang|correct)ed\b"
    r"|改(?:了|动|正)的?(?:哪[里些儿]|什么|地方)|时间表",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    rf"(?<!from )\b(?:{LANGUAGES})\b(?! (?:letter|mail|e-?mail|text|contract|version|document|original|article))"
    rf"|[译翻]成(?:{LANGUAGES_ZH})[文语]?|(?:{LANGUAGES_ZH})译(?:{LANGUAGES_ZH})"
    rf"|(?:{LANGUAGES_ZH})[文语](?!翻|译|的|邮件|原文|合同|材料|资料|内容|信)",
    re.IGNORECASE,
)
# What the writer has decided, not what the other side wants; what is not to be promised leaves open what is.
_DECIDES = re.compile(
    r"\b(?:we|i)(?:['’]ll| will| can(?:no|['’])?t)\b|\b(?:no refund|say (?:yes|no|that)|(?:we|i) (?:agree|accept|offer)"
    r"|(?<!n't )(?<!nt )(?<!not )(?:agree to|confirm|decline|reject|refuse|promise|apologi[sz]e|offer)\b)"
    r"|同意|接受|谢绝|婉拒|拒绝|(?<![别要能先])答应|(?<![退换赔])不(?:能|可以)?[退换赔]|补[发偿]|(?<!要求)(?<!要)(?:退款|换货)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|No)\.|(?<=\d)[,.](?=\d)|[^，。；：！？\n,.;:!?])+")

_PIECES = re.compile(r"(?:[^,.;!?，。；！？\n]|[,.;!?](?!\s|\Z))+(?:[,.;!?，。；！？\n]+\s*|\Z)")
# By the guide and the question: the words alone are shown of some, the clause that they stand in of others.
_STATED: Final = {
    "answer_mail.decision": _DECIDES,
    "answer_complaint.outcome": _DECIDES,
    "translate.language": _LANGUAGE,
    "proofread.depth": re.compile(
        r"\b(?:mistakes|errors) only|\b(?:only|just) (?:the )?(?:mistakes|errors)|\b(?:spelling|grammar|typos?)\b"
        "|错别字|语病|病句|只改|通顺|语法|不[要用]?改",
        re.IGNORECASE,
    ),
    "minutes.kind": re.compile(
        r"\b(?:actions?|tasks|to-?dos?)\b|\bwho (?:does|do|said|has)\b|待办|任务|责任人|负责|谁[做说]", re.IGNORECASE
    ),
    "rewrite.aim": re.compile(
        r"\b(?:short\w*|cut|longer|simpl\w+|plain|(?:polit|clear|friendli|warm|strong|easi)er|tone|(?:less|more) \w+)\b"
        "|短|简|更|精炼|正式|客气|委婉|清楚|通俗|口语|亲切|得体|太[冲硬重]|夸张|平实|朴实|有[力趣]|生动|活泼",
        re.IGNORECASE,
    ),
    "make_table.columns": re.compile(
        r"\bcolumns?(?: are)?[:：][^.\n]{,60}|\b(?:one|a) (?:row|line) (?:per|for each|each)\b"
        r"|列(?:名|为|是|有)?[:：][^。\n]{,40}|表头|一[行列]一|[横竖]着",
        re.IGNORECASE,
    ),
    "explain.depth": re.compile(
        r"\b(?:plain|simple|easy|normal|ordinary|everyday) (?:english|words|language|terms)\b|\bin one sentence\b"
        "|大白话|白话|人话|通俗|好懂|不懂",
        re.IGNORECASE,
    ),
    "summarise.purpose": re.compile(
        r"\bfor (?:my|the|our|a) [a-z]+|\b(?:focus on|above all|most important)\b"
        r"|给[^，。]{1,6}?(?:看|的|总结|汇报)|重点[是：]",
        re.IGNORECASE,
    ),
}


def _stated_length(words: str) -> str:
    """Return the length that words ask for; empty where they ask for none."""
    match = _LENGTH.search(words)
    return match[0].strip() if match is not None else ""


def _stated_answers(guide: Guide, words: str) -> dict[str, str]:
    """Return the keys of the questions that the user's own words answer, each with the words that do."""
    said = words[:_LOOKED_AT]
    found: dict[str, str] = {}
    for question in guide.questions:
        if question.key == FORM:
            shape = _SHAPE.search(said)
            answer = _stated_length(said) or (shape[0] if shape is not None else "")
        else:
            pattern = _STATED.get(f"{guide.key}.{question.key}")
            match = pattern.search(said) if pattern is not None else None
            answer = _shown(said, match) if match is not None else ""
        if answer:
            found[question.key] = answer
    return found


def _without_stated(answer: str, said: str) -> str:
    """Return an answer without its clauses that stand in what was said already, word for word."""
    clauses = {_clause(each) for each in _PIECES.findall(said[:_LOOKED_AT])}
    return "".join(each for each in _PIECES.findall(answer) if _clause(each) not in clauses).strip(" ,;，；\n")


def _clause(piece: str) -> str:
    return piece.strip(" ,.;:!?，。；：！？\n").casefold()


def _shown(said: str, match: re.Match[str]) -> str:
    if match.re.pattern == _LANGUAGE.pattern:
        return match[0]
    clause = next(each[0].strip() for each in _CLAUSES.finditer(said) if each.end() > match.start())
    return max(clause, match[0].strip(), key=len)


MATERIAL: Final = "material"  # the key of the question for what the task is done with
_DECIDED: Final = ("decision", "outcome")  # the other side may have asked for it in the same words
_SAYS_IT: Final = 24  # letters; a shorter line that names a task gets the guide's own order


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
        found = {FORM: length} if (length := _stated_length(own)) else {}
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
        said = without_references(without_ends(answer))
        if question.key not in _DECIDED:
            given = self.draft.answers.get(question.key, "")
            said = _without_stated(said, _exchanged(self.draft.text(self.framework.task.key), given, ""))
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
            in_message=_stated_answers(self.guide, own),
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
    if own and guide.opening is not None and not names_it and not asks(words):
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


def as_said(written: PromptDraft) -> PromptDraft:
    """Return what was written without what is void once a guide asks: offers of the text."""
    return replace(
        written, texts={key: without_ends(without_offers(text)) or text for key, text in written.texts.items()}
    )


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
