"""The automatic title of a conversation by its first message: the task, and what it is about.

The task is named where it is recognised, since people order the same in many words, and "reply to this" says nothing.
What it is about is told by the order itself, by a file, or by the head and the most frequent words of a text that was
given; its first words never are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from desktop.core.prompts.freeform_parser import take_apart
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, PromptFramework, Wording
from desktop.core.prompts.render import fence_of, heading_lines, parse
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.lacking import lacks_material
from desktop.core.tasks.office import framework_for, recognised_task
from desktop.core.text.scripts import HAN, is_chinese
from desktop.core.text.terms import EMPTY_HAN, EMPTY_WORDS
from desktop.core.text.titles import columns, title_from, title_of_words, two_part_title

_LOOKED_AT: Final = 20_000  # letters; a text that was pasted may be megabytes, and what names it stands at its head
_READ: Final = 5_000  # letters of a text without marks
_READ_LAST: Final = 400  # and at its end, where the order may stand
_COUNTED: Final = 4_000  # letters in which words are counted
_SUBJECT_LINES: Final = 15  # of a mail, within which its subject stands
_LONGEST_HEAD: Final = 40  # columns; a longer first line is a sentence
_SHORTEST: Final = 10  # columns; an order shorter than this says nothing without what it is about
_QUESTION: Final = 16  # columns; a shorter one ("Explain this") needs the name of its thing as well

_NAMES: Final = {
    OfficeTask.ANSWER_COMPLAINT: Wording("Reply to a complaint", "回复投诉"),
    OfficeTask.ANSWER_MAIL: Wording("Reply to a mail", "回复邮件"),
    OfficeTask.MINUTES: Wording("Minutes", "会议纪要"),
    OfficeTask.TRANSLATE: Wording("Translate", "翻译"),
    OfficeTask.PROOFREAD: Wording("Correct", "校对"),
    OfficeTask.CHECK_CONTRACT: Wording("Check a contract", "审阅合同"),
    OfficeTask.CHECK_FIGURES: Wording("Check figures", "核对数字"),
    OfficeTask.CHECK_FACTS: Wording("Check statements", "核实说法"),
    OfficeTask.COMPARE: Wording("Compare", "比较"),
    OfficeTask.MAKE_TABLE: Wording("Make a table", "做成表格"),
    OfficeTask.SUMMARISE: Wording("Summarise", "总结"),
    OfficeTask.EXPLAIN_POLICY: Wording("Explain rules", "解读制度"),
    OfficeTask.ASK_DOCUMENT: Wording("Ask a document", "就文档提问"),
    OfficeTask.REWRITE: Wording("Rewrite", "改写"),
    OfficeTask.WEEKLY_REPORT: Wording("Report on work", "工作汇报"),
    OfficeTask.YEARLY_REVIEW: Wording("Review of the year", "年终总结"),
    OfficeTask.SLIDES: Wording("Slides", "PPT 大纲"),
    OfficeTask.NOTICE: Wording("Notice", "通知"),
    OfficeTask.INVITATION: Wording("Invitation", "邀请函"),
    OfficeTask.SPEECH: Wording("Speech", "讲话稿"),
    OfficeTask.JOB_ADVERT: Wording("Job advertisement", "招聘启事"),
    OfficeTask.PRODUCT_TEXT: Wording("Product text", "产品文案"),
    OfficeTask.CONTRACT_CLAUSE: Wording("Wording of a contract", "合同条款"),
    OfficeTask.FORMULA: Wording("Formula", "公式"),
    OfficeTask.QUESTIONS: Wording("Questions", "问题清单"),
    OfficeTask.NAMES: Wording("Names", "起名"),
    OfficeTask.IDEAS: Wording("Ideas", "出主意"),
    OfficeTask.PLAN: Wording("Plan", "计划"),
    OfficeTask.WRITE_MAIL: Wording("Write a mail", "写邮件"),
    OfficeTask.EXPLAIN: Wording("Explain", "解释"),
}
_MADE_FOR: Final = {framework_for(each): each for each in (*reversed(OfficeTask), OfficeTask.ASK_DOCUMENT)}
_QUESTIONS: Final = (OfficeTask.ASK_DOCUMENT, OfficeTask.EXPLAIN, OfficeTask.EXPLAIN_POLICY)  # which say it themselves
# What an order says of its thing: behind its colon, "about …", 关于…, 把…做成.
_ABOUT: Final = re.compile(
    r"\b(?:about|regarding|concerning|on the subject of) (?:(?:the|a|an|our|my) )?"
    r"(?P<about>(?!(?:it|this|that|these|them)\b)[^.!?;:\n]{3,60})"
    r"|\b(?:put|turn|make|bring|sort) (?:(?:the|my|our|all) )?"
    r"(?P<into>(?!(?:it|this|that|these|them)\b)[^.!?;:\n]{3,40}?)(?: below| here)? into\b"
    rf"|关于(?P<guan>[^，。；：！？\n]{{2,20}}?)(?:的|[，。；：！？]|$)"
    rf"|把(?:下面|以下|上面|附件|这些|这份|这个|这段)?(?:里|中)?的?(?P<ba>(?![这那它其此])[{HAN}A-Za-z]{{2,12}}?)"
    r"(?:都|全)?(?:做成|整理成|整理为|列成|汇总成|改成|写成|翻译成|译成|整理|汇总|总结|翻译)"
    r"|[:：] *(?P<behind>[^\n。！？]{3,60})",
    re.IGNORECASE,
)
# "A plan for …", "an invitation to …": only of tasks that write something of their own.
_FOR: Final = re.compile(
    r"\b(?:for|to|on) (?:(?:the|a|an|our|my) )?"
    r"(?P<for>(?!(?:it|this|that|me|us|him|her|them|all|every)\b)[^.!?;:\n]{3,60})",
    re.IGNORECASE,
)
_WRITTEN: Final = (
    *(OfficeTask.NOTICE, OfficeTask.INVITATION, OfficeTask.SPEECH, OfficeTask.SLIDES, OfficeTask.JOB_ADVERT),
    *(OfficeTask.PRODUCT_TEXT, OfficeTask.PLAN, OfficeTask.NAMES, OfficeTask.IDEAS, OfficeTask.CONTRACT_CLAUSE),
)
_SUBJECT: Final = re.compile(r"\s*(?:subject|betreff|re|title|主题|标题)\s*[:：]\s*(\S.*)", re.IGNORECASE)
# A first line that is the head of a text, and neither a greeting, a row of data, a date nor a sentence.
_NO_HEAD: Final = re.compile(
    r".*(?:[.!?,;:。！？，；：、…]\s*\Z|[:：|\t(){}<>=])|(?:.*\b\d+\b){2}|\S+(?: +\S+){7,}|(?:\S*[^\x00-\xff]\S* +){2,}"
    r"|(?:dear|hi|hello|hey|to|good (?:morning|day))\b|尊敬|亲爱|各位|你好|您好|大家好",
    re.IGNORECASE | re.DOTALL,
)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z-]{2,}")
_HAN_RUN: Final = re.compile(rf"[{HAN}]{{2,}}")
_LONGEST_TERM: Final = 6  # characters of a Chinese one
# Words of letters and minutes that tell nothing of what these are about.
_USUAL: Final = EMPTY_WORDS | frozenset(
    re.findall(
        r"\w+",
        """
        dear sir madam hello thanks thank regards sincerely yours faithfully kind best team mail email attached hope
        still today yesterday tomorrow day days week weeks month months year years time times first last next back soon
        since january february march april june july august september october november december monday tuesday
        wednesday thursday friday saturday sunday like well now new don received send sent total text table customer
        company office work works
        """,
    )
)
_USUAL_HAN: Final = re.compile(
    "尊敬|客服|您好|你好|我们|你们|他们|贵公司|本公司|公司|先生|女士|经理|客户|感谢|谢谢|问题|情况|今天|昨天|明天|本周|下周|时间|进行|相关|目前"
    "|已经|没有|希望|需要|如果|因为|所以|但是|如下|以上|以下|部门|市场部|研发部|[一二三四五六七八九十]+|[上下本]个?[月周年]|还|请|要|会|能|去|来|后|前|很|太"
)


def has_parts(text: str) -> bool:
    """Return True if a message may be a prompt made of parts: it has a heading, or a text between fences."""
    lines = text[:_LOOKED_AT].split("\n")
    return any(line.startswith("# ") or fence_of(line) is not None for line in lines)


def first_title(text: str, files: Sequence[str], frameworks: Sequence[PromptFramework]) -> str:
    """Return the title for a first message with these files; without frameworks, that of its first words."""
    head = text[:_LOOKED_AT]
    if not head.strip() or not frameworks:
        return title_of_words(head, files)
    if has_parts(head):
        lines = set(head.split("\n"))
        framework = max(frameworks, key=lambda each: len(lines.intersection(heading_lines(each))))
        draft, task = parse(head, framework), _MADE_FOR.get(framework.key)
        words = draft.text(framework.task.key).strip()
        order = words.partition("\n\n")[0]  # below it stands what a guide was told
        task, is_question = task or recognised_task(order), False
    else:
        framework = frameworks[0]
        if len(text) > _READ:
            head = f"{text[:_READ]}\n{text[-_READ_LAST:]}"
        draft = take_apart(head, framework)
        words = draft.text(framework.task.key).strip()
        order = next((each for each in _orders(words, head) if recognised_task(each)), words)
        task = recognised_task(order)
        is_question = task in _QUESTIONS and columns(order) >= _QUESTION
    # Where the order stands below the words that pass for the task, these are what it is about.
    given = [] if words.startswith(order) else [words.removesuffix(order)]
    given += [*(each.text for each in draft.materials), *_required(draft, framework)]
    names = [*files, *(each.name for each in draft.files)]
    thing = next(filter(None, (*names, *map(_name_of, given))), "")
    is_clear = columns(order) >= _SHORTEST and not lacks_material(order)
    if task is None:
        said = title_from(words)
        about = thing if said and not is_clear else ""
        return two_part_title(said, about) if about else said or thing or title_of_words(head, ())
    if not names:
        thing = _told_in(order, task) or thing or _frequent(head.replace(order, "", 1))
    if is_question or (is_clear and not thing):
        return title_from(order)
    name = _NAMES[task].of(Language.CHINESE if is_chinese(order or thing) else Language.ENGLISH)
    return two_part_title(name, thing) if thing else name


def _orders(words: str, whole: str) -> Iterator[str]:
    """Yield the lines that may be the order, the likeliest first: what is ordered may stand below a text, too."""
    for text in (words, whole):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        yield from dict.fromkeys((*lines[:1], *lines[-1:], *lines[1:2]))


def _required(draft: PromptDraft, framework: PromptFramework) -> list[str]:
    """Return what was written in the parts of a ready-made prompt that it cannot do without, beside the task."""
    required = [each for each in framework.fields if each.required and framework.is_ready_made]
    fields = [*framework.of_kind(FieldKind.MATERIAL), *required]
    written = [draft.text(each.key) for each in fields if each is not framework.task]
    return [each for each in written if each.strip()]


def _told_in(order: str, task: OfficeTask) -> str:
    """Return what an order says itself that it is about; empty where it does not."""
    said = _ABOUT.search(order) or (_FOR.search(order) if task in _WRITTEN else None)
    if said is None or (said[0][0] in ":：" and recognised_task(order[: said.start()]) is not task):
        return ""
    return next(filter(None, said.groups()), "").strip()


def _name_of(text: str) -> str:
    """Return what names a text: its subject, its head, or else its most frequent words; empty where nothing does."""
    text = text.strip()
    lines = [line.strip() for line in text.split("\n", _SUBJECT_LINES)[:_SUBJECT_LINES] if line.strip()]
    subjects = (_SUBJECT.fullmatch(line) for line in lines)
    if subject := next((found[1] for found in subjects if found is not None), ""):
        return subject
    if lines and columns(lines[0]) <= _LONGEST_HEAD and not _NO_HEAD.match(lines[0]):
        return lines[0]
    return _frequent(text)


def _frequent(text: str) -> str:
    """Return the words that come most often in a text, and twice at least: two that stand together, or one."""
    counts: Counter[str] = Counter()
    text = text[:_COUNTED]
    if is_chinese(text):
        for run in _HAN_RUN.findall(_USUAL_HAN.sub(" ", EMPTY_HAN.sub(" ", text))):
            for length in range(2, min(len(run), _LONGEST_TERM) + 1):
                counts.update(run[at : at + length] for at in range(len(run) - length + 1))
    else:
        said = [None if each.lower() in _USUAL else each.lower() for each in _WORD.findall(text)]
        counts.update(each for each in said if each is not None)
        counts.update(f"{one} {other}" for one, other in pairwise(said) if one and other)
    often = [each for each, count in counts.items() if count > 1]
    return max(often, key=lambda each: ((counts[each] - 1) * len(each), len(each)), default="")
