"""The words of the search's results: who said it, when, by which model, and how much was found."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QTime

from desktop.core.documents.document import SectionKind
from desktop.core.search import HitKind, SearchHit
from desktop.ui.words import clauses, number, say, say_each

_PARTS = {  # how the parts of a file are called, by its ending, where they have a name that a reader knows
    "pdf": SectionKind.PAGE,
    **dict.fromkeys(("pptx", "ppt", "odp"), SectionKind.SLIDE),
    **dict.fromkeys(("xlsx", "xls", "xlsb", "ods"), SectionKind.SHEET),
}


def moment(at: float, now: float) -> str:
    """Return when something was: "Today, 10:42", "Yesterday, 16:05", "23 November", "12 October 2025"."""
    then, today = (QDateTime.fromSecsSinceEpoch(int(each)) for each in (at, now))
    days = then.date().daysTo(today.date())
    locale = QLocale()
    if days <= 1:
        time = locale.toString(QTime(then.time().hour(), then.time().minute()), QLocale.FormatType.ShortFormat)
        return say("search.today", time=time) if days <= 0 else say("search.yesterday", time=time)
    if then.date().year() == today.date().year():
        return locale.toString(then.date(), say("search.d_mmmm"))
    return locale.toString(then.date(), say("search.d_mmmm_yyyy"))


def speaker(hit: SearchHit) -> str:
    """Return who or what says what was found."""
    match hit.kind:
        case HitKind.TITLE:
            return say("search.title")
        case HitKind.QUESTION:
            return say("search.you")
        case HitKind.ANSWER:
            return say("search.answer")
        case HitKind.THINKING:
            return say("search.thinking")
        case HitKind.FILE:
            kind = _PARTS.get(hit.file.rpartition(".")[2].lower()) if hit.section else None
            return say_each("search.part", kind, part=number(hit.section)) if kind else say("search.file")
        case HitKind.RECIPE:
            return say("search.recipe")


def count_words(places: int, conversations: int, recipes: int, *, is_more: bool) -> str:
    """Return how much was found: "7 places in 4 conversations, 1 recipe"."""
    if is_more:
        found = say("search.more_than_places", places=number(places))
    elif places:
        in_all = say("search.conversations", conversations)
        found = say("search.places_in_conversations", places=say("search.places", places), conversations=in_all)
    else:
        found = ""
    return clauses((found, say("search.recipes", recipes) if recipes else ""))
