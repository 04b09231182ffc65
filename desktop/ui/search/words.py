"""The words of the search's results: who said it, when, by which model, and how much was found."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QObject, QTime

from desktop.core.search import HitKind, SearchHit
from desktop.ui.words import fill, number, translate


def moment(at: float, now: float) -> str:
    """Return when something was: "Today, 10:42", "Yesterday, 16:05", "23 November", "12 October 2025"."""
    then, today = (QDateTime.fromSecsSinceEpoch(int(each)) for each in (at, now))
    days = then.date().daysTo(today.date())
    locale = QLocale()
    if days <= 1:
        time = locale.toString(QTime(then.time().hour(), then.time().minute()), QLocale.FormatType.ShortFormat)
        day = translate("search", "Today, %1") if days <= 0 else translate("search", "Yesterday, %1")
        return fill(day, time)
    if then.date().year() == today.date().year():
        return locale.toString(then.date(), translate("search", "d MMMM", "a day of this year, as Qt writes formats"))
    return locale.toString(then.date(), translate("search", "d MMMM yyyy", "a day, as Qt writes formats"))


def speaker(hit: SearchHit) -> str:
    """Return who or what says what was found."""
    match hit.kind:
        case HitKind.TITLE:
            return translate("search", "Title")
        case HitKind.QUESTION:
            return translate("search", "You")
        case HitKind.ANSWER:
            return translate("search", "Answer")
        case HitKind.THINKING:
            return translate("search", "Thinking")
        case HitKind.FILE:
            template = _section_words(hit.file) if hit.section else ""
            return fill(template, number(hit.section)) if template else translate("search", "File")
        case HitKind.RECIPE:
            return translate("search", "Recipe")


def _section_words(name: str) -> str:
    """Return how a part of a file of this name is called, empty where its parts have no name that a reader knows."""
    ending = name.rpartition(".")[2].lower()
    if ending == "pdf":
        return translate("search", "File, page %1")
    if ending in ("pptx", "ppt", "odp"):
        return translate("search", "File, slide %1")
    if ending in ("xlsx", "xls", "xlsb", "ods"):
        return translate("search", "File, sheet %1")
    return ""


def count_words(places: int, conversations: int, recipes: int, *, is_more: bool) -> str:
    """Return how much was found: "7 places in 4 conversations, 1 recipe"."""
    counts = _FoundCounts()
    if is_more:
        found = fill(translate("search", "More than %1 places"), number(places))
    elif places:
        found = fill(translate("search", "%1 in %2"), counts.places(places), counts.conversations(conversations))
    else:
        found = ""
    if not recipes:
        return found
    also = counts.recipes(recipes)
    return fill(translate("search", "%1, %2"), found, also) if found else also


class _FoundCounts(QObject):
    """The counted nouns. A class since the translators' tool finds plural forms nowhere but in `self.tr`."""

    def places(self, count: int) -> str:
        return self.tr("%Ln places", "", count)

    def conversations(self, count: int) -> str:
        return self.tr("%Ln conversations", "", count)

    def recipes(self, count: int) -> str:
        return self.tr("%Ln recipes", "", count)
