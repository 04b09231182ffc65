"""Models in the user's words: verdicts, sizes, what a model is for, and how its download goes. Words only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QLocale

from desktop.core.errors import PullFailed
from desktop.core.models.choosing import Tier
from desktop.core.models.download import Download, DownloadState
from desktop.core.models.facts import ModelFacts, Reasoning, Scale, Use
from desktop.core.models.fit import USUAL_WINDOW, Computer, Judgement, ModelVerdict, Reason, SpeedSource
from desktop.core.models.keeping import KeepingPhase, PullFault
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import describe
from desktop.ui.words import duration, fill, listed, number, size, translate, words_in

# Why a file could not be imported that Ollama was not given.
_OF_THIS_COMPUTER = (PullFault.UNREADABLE, PullFault.NOT_WRITTEN, PullFault.NO_ROOM, PullFault.IN_PIECES)

_TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.QUICK: QT_TRANSLATE_NOOP("models", "Quick"),
        Tier.GOOD: QT_TRANSLATE_NOOP("models", "Good"),
        Tier.THOROUGH: QT_TRANSLATE_NOOP("models", "Thorough"),
    }
)
_USES: Mapping[Use, str] = MappingProxyType(
    {
        Use.SHORT: QT_TRANSLATE_NOOP("models", "short texts"),
        Use.MAIL: QT_TRANSLATE_NOOP("models", "mails, summaries"),
        Use.WRITING: QT_TRANSLATE_NOOP("models", "writing, checking texts"),
        Use.SUMS: QT_TRANSLATE_NOOP("models", "sums, logic"),
        Use.LONG: QT_TRANSLATE_NOOP("models", "long texts"),
        Use.PICTURES: QT_TRANSLATE_NOOP("models", "pictures"),
        Use.TRANSLATION: QT_TRANSLATE_NOOP("models", "translation"),
        Use.ONLY_TRANSLATION: QT_TRANSLATE_NOOP("models", "translation only"),
        Use.CODE: QT_TRANSLATE_NOOP("models", "programming"),
    }
)
_SCALES: Mapping[Scale, str] = MappingProxyType(
    {
        Scale.PERSON: QT_TRANSLATE_NOOP("models", "for one person"),
        Scale.TEAM: QT_TRANSLATE_NOOP("models", "for a team's server"),
        Scale.DATA_CENTRE: QT_TRANSLATE_NOOP("models", "for a data centre"),
    }
)
_VERDICTS: Mapping[ModelVerdict, str] = MappingProxyType(
    {
        ModelVerdict.RUNS_WELL: QT_TRANSLATE_NOOP("models", "Runs well"),
        ModelVerdict.FITS: QT_TRANSLATE_NOOP("models", "Fits"),
        ModelVerdict.SLOW: QT_TRANSLATE_NOOP("models", "Slow"),
        ModelVerdict.TOO_SLOW: QT_TRANSLATE_NOOP("models", "Too slow"),
        ModelVerdict.TOO_LARGE: QT_TRANSLATE_NOOP("models", "Too large"),
        ModelVerdict.UNKNOWN: QT_TRANSLATE_NOOP("models", "Not known"),
    }
)


def tier_name(tier: Tier) -> str:
    """Return the name of a kind of proposal."""
    return translate("models", _TIERS[tier])


def uses(row: ModelFacts, most: int = 2) -> str:
    """Return what a model is good for: "mails, summaries, pictures"."""
    return translate("models", ", ", "between uses").join(
        translate("models", _USES[each]) for each in row.good_for[:most]
    )


def scale_name(scale: Scale) -> str:
    """Return for whom a computer that runs a model usually is."""
    return translate("models", _SCALES[scale])


def verdict_name(verdict: ModelVerdict) -> str:
    """Return a verdict in two words."""
    return translate("models", _VERDICTS[verdict])


def verdict_reason(judgement: Judgement) -> str:
    """Return what is said behind a verdict: the speed, or why the model does not run well."""
    match judgement.verdict, judgement.reason:
        case ModelVerdict.TOO_LARGE, _ if judgement.need is not None and judgement.room is not None:
            return fill(
                translate("models", "needs %1; this computer can give %2"), size(judgement.need), size(judgement.room)
            )
        case ModelVerdict.FITS, _:
            return translate("models", "how quick it is shows when it is tried")
        case ModelVerdict.UNKNOWN, Reason.COMPUTER_UNKNOWN:
            return translate("models", "it runs on another computer")
        case ModelVerdict.UNKNOWN, _:
            return translate("models", "its size or its shape is not told")
        case _, Reason.OTHER_PROGRAMS:
            return translate("models", "fits only when other programs are closed")
        case _, Reason.THINKS_FIRST:
            return translate("models", "it always thinks before it answers")
        case _:
            return _speed(judgement)


def verdict_in_short(judgement: Judgement) -> str:
    """Return what is said behind a verdict where there is little room."""
    if judgement.verdict is ModelVerdict.TOO_LARGE and judgement.need is not None and judgement.room is not None:
        return fill(translate("models", "needs %1; there are %2"), size(judgement.need), size(judgement.room))
    return verdict_reason(judgement)


def page_line(judgement: Judgement) -> str:
    """Return how long a page takes; empty where that is not known."""
    if judgement.page_seconds is None:
        return ""
    return fill(translate("models", "A page takes %1"), about(judgement.page_seconds))


def thinking_line(judgement: Judgement, reasoning: Reasoning) -> str:
    """Return what thinking adds to that."""
    if reasoning is Reasoning.NEVER:
        return translate("models", "Does not think first")
    if judgement.thinking_seconds is None:
        return translate("models", "Thinks first")
    seconds = about(judgement.thinking_seconds)
    if reasoning is Reasoning.ALWAYS:
        return fill(translate("models", "Always thinks, about %1 more"), seconds)
    return fill(translate("models", "Thinking adds about %1"), seconds)


def verdict_line(judgement: Judgement) -> str:
    """Return a verdict with its reason and the time for a page, for a row."""
    parts = [verdict_reason(judgement), page_line(judgement)]
    return " · ".join(part for part in parts if part)


def about(seconds: float) -> str:
    """Return a length of time that is not exact: to five seconds, to a minute, to an hour."""
    if seconds < 57:
        return duration(max(5, round(seconds / 5) * 5))
    if seconds < 5400:
        return fill(translate("models", "%1 min"), number(round(seconds / 60)))
    return fill(translate("models", "%1 h", "hours"), number(round(seconds / 3600)))


def kind_line(facts: ModelFacts) -> str:
    """Return what kind of model it is, in one line."""
    kind = (
        translate("models", "General model")
        if facts.reasoning is Reasoning.NEVER
        else translate("models", "Thinking model")
    )
    parts = [kind, scale_name(facts.scale) if facts.scale is not None else ""]
    if facts.language_count:
        parts.append(fill(translate("models", "%1 languages"), number(facts.language_count)))
    return joined(parts)


def distilled_line(facts: ModelFacts) -> str:
    """Return whose pupil a model is; empty for one that no other has taught."""
    if facts.distilled is None:
        return ""
    template = translate("models", "Distilled: a %1 that learned from %2.")
    return fill(template, facts.distilled.pupil, facts.distilled.teacher)


def experts_line(facts: ModelFacts) -> str:
    """Return how much of a mixture of experts works at a time; empty for a model of which all of it does."""
    if not facts.has_experts or not facts.active or not facts.parameters:
        return ""
    template = translate("models", "%1, of which %2 work at a time: as quick as a %2, as large as a %1.")
    return fill(template, billions(facts.parameters), billions(facts.active))


def reads_line(facts: ModelFacts) -> str:
    """Return how much a model holds in view, and what that costs in memory; empty where it is not known."""
    if facts.context is None:
        return ""
    whole = fill(translate("models", "about %1 words"), number(_words_in(facts.context)))
    if facts.cache is None:
        return whole
    usual = min(facts.context, USUAL_WINDOW)
    cost = fill(
        translate("models", "%1 words of it take %2 of memory"),
        number(_words_in(usual)),
        size(facts.cache.bytes_for(usual)),
    )
    return f"{whole}; {cost}"


def _words_in(tokens: int) -> int:
    """Return the words of so many tokens, to a thousand."""
    return max(1, int(words_in(tokens) / 1000)) * 1000


def billions(count: int) -> str:
    """Return a number of parameters as the names of models have it: "235B", "0.8B"."""
    value = count / 1e9
    return f"{value:.0f}B" if value >= 10 else f"{value:.1f}B".replace(".0B", "B")


def languages(row: ModelFacts) -> str:
    """Return the languages in which a model is good, in the user's."""
    names = (_language(code) for code in row.languages[:3])
    return translate("models", ", ", "between languages").join(names)


def computer_line(computer: Computer) -> str:
    """Return what was found out about this computer."""
    if computer.memory is None:
        return translate("models", "The memory of this computer could not be found out")
    parts = [fill(translate("models", "%1 of memory"), size(computer.memory))]
    if computer.free is not None:
        parts.append(fill(translate("models", "%1 free"), size(computer.free)))
    cards = [f"{card.name} ({size(card.total)})" for card in computer.cards if not computer.is_shared]
    parts.append(listed(cards) if cards else translate("models", "no graphics card for models"))
    return " · ".join(parts)


def download_line(download: Download) -> str:
    """Return how a download goes, in one line."""
    match download.state:
        case DownloadState.WAITING:
            return translate("models", "Waits for the download before it")
        case DownloadState.PAUSED:
            return fill(translate("models", "Paused · %1"), _amount(download))
        case DownloadState.FAILED:
            return describe(download.failure).title if download.failure is not None else ""
        case DownloadState.DONE:
            return translate("models", "Is there now")
        case _:
            return _running(download)


def dismissal(download: Download) -> str:
    """Return what the button says that has a download shown no more: what is there can be used later."""
    return translate("models", "Not now") if download.state is DownloadState.DONE else translate("models", "Leave it")


def failure_line(download: Download) -> str:
    """Return why a download has failed; empty where it has not.

    With the server's own words where nothing plainer is known, and where it refused a file of this computer.
    """
    failure = download.failure if download.state is DownloadState.FAILED else None
    if failure is None:
        return ""
    has_refused_file = download.given is not None and failure.reason not in _OF_THIS_COMPUTER
    told = failure.detail if failure.kind == PullFailed.kind and (has_refused_file or not failure.reason) else ""
    said = fill(translate("models", "Ollama's words: %1"), show_invisible(told)) if told else ""
    return "\n".join(filter(None, (describe(failure).sentence, said)))


def coming_line(download: Download) -> str:
    """Return how a download goes where there is little room: the time that is left, or what is the matter."""
    match download.state:
        case DownloadState.PAUSED:
            return translate("models", "Paused")
        case DownloadState.RUNNING if download.is_stalled:
            return translate("models", "Nothing comes at present")
        case DownloadState.RUNNING if download.seconds_left is not None:
            return fill(translate("models", "%1 left", "time"), about(download.seconds_left))
        case DownloadState.RUNNING if download.phase is KeepingPhase.FETCHING:
            return _amount(download)
        case _:
            return download_line(download)


def share_of(download: Download) -> float:
    """Return how much of a download has come, from 0 to 1."""
    return min(1.0, download.done / download.size) if download.size else 0.0


def _running(download: Download) -> str:
    if download.is_stalled:
        return fill(translate("models", "Nothing comes at present · %1"), _amount(download))
    if download.phase is KeepingPhase.CHECKING and download.given is not None:
        return fill(translate("models", "Reading the file · %1"), _amount(download))
    if download.phase is KeepingPhase.CHECKING:
        return translate("models", "Checking what has come")
    if download.phase is KeepingPhase.WRITING:
        return translate("models", "Putting it in place")
    if download.phase is KeepingPhase.ASKING:
        return translate("models", "Asking the server")
    parts = [_amount(download)]
    if download.per_second:
        parts.append(fill(translate("models", "%1 a second"), size(int(download.per_second))))
    if download.seconds_left is not None:
        parts.append(fill(translate("models", "%1 left", "time"), about(download.seconds_left)))
    return " · ".join(parts)


def _amount(download: Download) -> str:
    if not download.size:
        return size(download.done)
    return fill(translate("models", "%1 of %2", "bytes"), size(download.done), size(download.size))


def _speed(judgement: Judgement) -> str:
    if judgement.speed is None:
        return ""
    count = number(max(1, round(words_in(judgement.speed.per_second))))
    if judgement.speed.source is SpeedSource.MEASURED:
        return fill(translate("models", "%1 words a second, measured"), count)
    return fill(translate("models", "about %1 words a second"), count)


def _language(code: str) -> str:
    language = QLocale(code).language()
    names: Mapping[str, str] = {
        "zh": translate("models", "Chinese"),
        "en": translate("models", "English"),
        "de": translate("models", "German"),
        "fr": translate("models", "French"),
        "es": translate("models", "Spanish"),
        "ja": translate("models", "Japanese"),
    }
    return names.get(code, QLocale.languageToString(language))


def joined(parts: Sequence[str]) -> str:
    """Return parts of a line with dots between them."""
    return " · ".join(part for part in parts if part)
