"""Advice on examples: those that stand in the words, are not whole, go against the format, or are only spoken of."""

from __future__ import annotations

import re
from functools import partial

from desktop.core.advice.lexicon import word_count
from desktop.core.advice.piece import LOOKED_AT, Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import Example, FieldKind, PromptDraft, PromptFramework
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import count_han

MOST_EXAMPLES = 5

_EXAMPLE = late_regex(
    r"(?:\bfor example|\be\.g\.|\bfor instance|\bexamples?|\bsample|\blike this|例如|比如|示例|例子|样例|像这样"
    r"|范例)\s{0,4}[:：]\s{0,4}(?P<example>(?!\"\"\")[^\n]+(?:\n(?!\s*\n)[^\n]+)*)",
    re.IGNORECASE,
)
_LEAST_EXAMPLE = 20
_QUOTED = late_regex(r"\A[\"“「『'‘`].*[\"”」』'’`][.。]?\Z", re.DOTALL)

# The style of what the user has elsewhere, or an example that is announced.
_SPOKEN_OF = late_regex(
    r"\b(?:in (?:our|my|the) (?:usual|own|house|previous|earlier) (?:style|way|tone)"
    r"|in the style of (?:our|my|the) (?:existing|earlier|previous|other|last)\b(?: \w+)?"
    r"|like (?:in )?the (?:example|sample)s?(?: below)?|the way (?:i|we) (?:did|do|always|usually)(?: it| \w+)?"
    r"|(?:same|exactly the) (?:format|style|layout) as (?:last time|before|the last one|always))\b"
    r"|\bin the same (?:style|format|tone) as\b|\bthe way the (?:example|sample) shows\b"
    "|(?:请?参照|仿照?|模仿|依照)[^，。；！？\\n]{0,12}?(?:风格|写法|格式|例子|示例|样例|范例|口吻|口气)"
    "|(?:按照?|仿照?|照着?|参照|模仿|依照)(?:我们?|咱们|以往|以前|之前|上次|平时|往常|下面的?|这个|给出的)[^，。；！？\\n]{0,10}?"
    "(?:风格|写法|格式|样子|例子|示例|样例|范例|样式|口吻|模板)"
    "|格式[和跟同]上次[^，。；！？\\n]{0,4}一样",
    re.IGNORECASE,
)


def example_in_words(subject: Subject) -> Advice | None:
    for each, text in subject.words(FieldKind.TASK, FieldKind.CONTEXT, FieldKind.FORMAT, FieldKind.OTHER):
        found = _EXAMPLE.search(text)
        if found and len(found["example"]) >= _LEAST_EXAMPLE and not _QUOTED.match(found["example"].strip()):
            values = {"found": found["example"][:60]}
            return Advice(AdviceKey.EXAMPLE_IN_WORDS, each.key, values, fix=partial(_made_example, key=each.key))
    return None


def _made_example(draft: PromptDraft, key: str) -> PromptDraft:
    text = draft.text(key)
    found = _EXAMPLE.search(text)
    if not found:
        return draft
    left = f"{text[: found.start()].rstrip()}{text[found.end() :]}".strip()
    return draft.with_text(key, left).with_examples(*draft.examples, Example(output=found["example"].strip()))


def example_incomplete(subject: Subject) -> Advice | None:
    """Return advice for the first incomplete example.

    An output alone shows the form, and is complete enough where it is the only one.
    """
    examples = subject.draft.examples
    for number, each in enumerate(examples, start=1):
        if not each.output or (not each.input and len(examples) > 1):
            return Advice(AdviceKey.EXAMPLE_INCOMPLETE, _examples_key(subject.framework), {"number": number})
    return None


def too_many_examples(subject: Subject) -> Advice | None:
    count = len(subject.draft.examples)
    if count <= MOST_EXAMPLES:
        return None
    return Advice(
        AdviceKey.TOO_MANY_EXAMPLES,
        _examples_key(subject.framework),
        {"count": count},
        fix=lambda draft: draft.with_examples(*draft.examples[:MOST_EXAMPLES]),
    )


def _examples_key(framework: PromptFramework) -> str:
    return next((each.key for each in framework.of_kind(FieldKind.EXAMPLES)), "")


# What a format may ask for, and how it is recognised in an output.
_FORMS = (
    (
        late_regex(
            r"(?<!no )(?<!without )\btables?\b(?! of contents)|(?<!不用)(?<!不要)表格",
            re.IGNORECASE,
        ),
        late_regex(r"\||\t|<td|,.*\n.*,"),
    ),
    (late_regex(r"\bjson\b", re.IGNORECASE), late_regex(r"[{\[]")),
    (
        late_regex(
            r"(?<!no )\b(?:bullet(?:ed)?(?: points?| list)?|numbered list|checklist)\b|(?<!不)(?:分点|分条|项目符号"
            r"|编号列表)",
            re.IGNORECASE,
        ),
        late_regex(r"^[ \t]{0,8}(?:[-*•·]|\d{1,2}[.)、]|[一二三四五]、|☐|\[[ x]\])", re.MULTILINE),
    ),
)
_MOST_WORDS = late_regex(
    r"(?:\b(?:at most|no more than|up to|maximum(?: of)?|max\.?|under|fewer than|less than) (?P<en>\d{1,4}) words?"
    r"|(?:不超过|最多|少于|控制在|至多)\s{0,4}(?P<zh>\d{1,4})\s{0,4}个?字)",
    re.IGNORECASE,
)
_TOLERANCE = 1.2


def examples_against_format(subject: Subject) -> Advice | None:
    formats = "\n".join(text for _, text in subject.words(FieldKind.FORMAT))
    if not formats:
        return None
    for number, each in enumerate(subject.draft.examples, start=1):
        output = each.output[:LOOKED_AT]
        if broken := _broken_form(formats, output) if output else "":
            values: dict[str, str | int | float] = {"number": number, "format": broken}
            return Advice(AdviceKey.EXAMPLES_AGAINST_FORMAT, _examples_key(subject.framework), values)
    return None


def _broken_form(formats: str, output: str) -> str:
    """Return the words of the wish that an output does not meet; empty if it meets all."""
    for wished, seen in _FORMS:
        found = wished.search(formats)
        if found and not seen.search(output):
            return found[0]
    if limit := _MOST_WORDS.search(formats):
        length = count_han(output) if limit["zh"] else word_count(output)
        if length > _TOLERANCE * int(limit["zh"] or limit["en"]):
            return limit[0]
    return ""


def example_missing(subject: Subject) -> Advice | None:
    """Return advice for a request that speaks of an example, or of a style, which nobody has shown."""
    draft = subject.draft
    if draft.examples or draft.materials or draft.files or not subject.setting.is_first:
        return None
    found = _SPOKEN_OF.search(subject.task)
    if not found or _EXAMPLE.search(subject.task, found.end()):
        return None
    key = _examples_key(subject.framework)
    return Advice(AdviceKey.EXAMPLE_MISSING, key, {"found": found[0]}) if key else None
