"""The words of guided mode that depend on something: titles of guides, how long a prompt is, what was answered."""

from __future__ import annotations

from desktop.core.prompts.prompt import Language, Wording
from desktop.core.tasks.guide import GuideQuestion
from desktop.core.tasks.guiding import MATERIAL, Guiding
from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.composer.task_chip import task_name
from desktop.ui.documents.words import text_length
from desktop.ui.words import prompt_language, say, short

_FEW_LINES, _HALF_A_PAGE = 160, 480  # tokens, up to which a prompt is called so


def said(wording: Wording) -> str:
    """Return a guide's text in the language of the window."""
    return wording.of(prompt_language())


def title_of(guiding: Guiding) -> str:
    """Return the name of a task as a heading: the guide's own, or that of the task that the general one stands for."""
    key = guiding.guide.key
    if guiding.guide.opening is None and key in list(OfficeTask):
        name = task_name(OfficeTask(key))
        return name[:1].upper() + name[1:]
    return said(guiding.guide.title)


def short_of(guiding: Guiding, key: str) -> str:
    """Return the few words that a question is called by."""
    if key == MATERIAL:
        material = guiding.guide.material
        return said(material.short) if material is not None else ""
    question = guiding.question(key)
    return said(question.short) if question is not None else ""


def answer_words(guiding: Guiding, key: str) -> str:
    """Return what was answered to a question, for its chip."""
    question = guiding.question(key)
    if question is None:
        return say("guided.given") if guiding.has_material else say("guided.none")
    return _given(guiding, question) or say("guided.left_open")


def _given(guiding: Guiding, question: GuideQuestion) -> str:
    chosen = guiding.chosen(question)
    return said(chosen.label) if chosen is not None else short(guiding.own_words(question))


def chip_words(guiding: Guiding, key: str) -> str:
    """Return the words of the chip for a question that is answered, or need not be asked."""
    if guiding.is_stated(key):
        return say("guided.known", stated=short(guiding.stated[key]))
    return say("guided.joined", short_of=short_of(guiding, key), answer_words=answer_words(guiding, key))


def length_words(tokens: float, window: int | None) -> str:
    """Return how long a prompt is, and if the model can read it."""
    if tokens <= _FEW_LINES:
        length = say("guided.a_few_lines")
    elif tokens <= _HALF_A_PAGE:
        length = say("guided.about_half_a_page")
    else:
        length = text_length(tokens)
    if window is None:
        return length
    # That it is too long comes first: the end is cut off where there is little room.
    return say("guided.fits", length=length) if tokens <= window else say("guided.too_long", length=length)


def placeholder_of(language: Language) -> str:
    """Return the hint of the field for words of the user's own, which go out in the language of the prompt."""
    if language is prompt_language():
        return say("guided.in_your_own_words")
    in_english = say("guided.in_your_own_words_in_english")
    in_chinese = say("guided.in_your_own_words_in_chinese")
    return in_chinese if language is Language.CHINESE else in_english
