"""Models in the user's words: how they run here, what a model is, and how its download goes. Words only."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLocale

from desktop.core.errors import PullFailed
from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.models.fit import Computer, Judgement, ModelVerdict, Reason, SpeedSource
from desktop.core.models.keeping import Download, DownloadState, KeepingPhase, PullFault
from desktop.rendering.text.letters import show_invisible
from desktop.ui.errors import describe
from desktop.ui.words import duration, in_words, listed, number, said_in, say, say_each, size, words_in

# Why a file could not be imported that Ollama was not given.
_OF_THIS_COMPUTER = (PullFault.UNREADABLE, PullFault.NOT_WRITTEN, PullFault.NO_ROOM, PullFault.IN_PIECES)


def uses(row: ModelFacts) -> str:
    """Return what a model is good for: "mails, summaries, pictures"."""
    return listed(say_each("models.use", each) for each in row.good_for[:2])


def verdict_reason(judgement: Judgement) -> str:
    """Return what is said behind a verdict: how long a page takes, or why the model does not run well."""
    match judgement.verdict, judgement.reason:
        case ModelVerdict.TOO_LARGE, _ if judgement.need is not None and judgement.room is not None:
            return say("models.needs_this_computer_can_give", need=size(judgement.need), room=size(judgement.room))
        case ModelVerdict.FITS, _:
            return say("models.how_quick_it_is_shows_when")
        case ModelVerdict.UNKNOWN, Reason.COMPUTER_UNKNOWN:
            return say("models.it_runs_on_another_computer")
        case ModelVerdict.UNKNOWN, _:
            return say("models.its_size_or_its_shape_is")
        case _, Reason.OTHER_PROGRAMS:
            return say("models.fits_only_when_other_programs_are")
    if judgement.page_seconds is None:
        return ""
    if judgement.always_thinks and judgement.thinking_seconds is not None:
        return say("models.a_page_with_thinking", time=about(judgement.page_seconds + judgement.thinking_seconds))
    return say("models.a_page", time=about(judgement.page_seconds))


def verdict_in_short(judgement: Judgement) -> str:
    """Return what is said behind a verdict where there is little room."""
    if judgement.verdict is ModelVerdict.TOO_LARGE and judgement.need is not None and judgement.room is not None:
        return say("models.needs_there_are", need=size(judgement.need), room=size(judgement.room))
    return verdict_reason(judgement)


def speed_line(judgement: Judgement) -> str:
    """Return how many words a model writes in a second; empty where that is not known."""
    if judgement.speed is None:
        return ""
    count = number(max(1, round(words_in(judgement.speed.per_second))))
    if judgement.speed.source is SpeedSource.MEASURED:
        return say("models.words_a_second_measured", amount=count)
    return say("models.about_words_a_second", amount=count)


def about(seconds: float) -> str:
    """Return a length of time that is not exact: to five seconds, to a minute, to an hour."""
    if seconds < 57:
        return duration(max(5, round(seconds / 5) * 5))
    if seconds < 5400:
        return say("models.min", seconds=number(round(seconds / 60)))
    return say("models.h", seconds=number(round(seconds / 3600)))


def kind_line(facts: ModelFacts) -> str:
    """Return what kind of model it is, in one line."""
    kind = say("models.general_model") if facts.reasoning is Reasoning.NEVER else say("models.thinking_model")
    scale = say_each("models.scale", facts.scale) if facts.scale is not None else ""
    count = facts.language_count
    return joined([kind, scale, say("models.languages", language_count=number(count)) if count else ""])


def experts_line(facts: ModelFacts) -> str:
    """Return how much of a mixture of experts works at a time; empty for a model of which all of it does."""
    if not facts.has_experts or not facts.active or not facts.parameters:
        return ""
    return say("models.of_which_work_at_a_time", all=_billions(facts.parameters), active=_billions(facts.active))


def reads_line(facts: ModelFacts) -> str:
    """Return how much a model holds in view, in thousands of words; empty where it is not known."""
    if facts.context is None:
        return ""
    return say("models.about_words", words_in=number(max(1, int(words_in(facts.context) / 1000)) * 1000))


def stored_line(facts: ModelFacts) -> str:
    """Return how finely a model is stored, and what each way takes: "4 bit: 4.7 GB (this one), 8 bit: 8.1 GB"."""
    said = []
    for step in facts.steps:
        key = "models.stored_this" if step.is_default else "models.stored"
        said.append(say(key, bits=number(step.bits), size=size(step.size)))
    return joined([facts.stored, ", ".join(said)])


def languages(row: ModelFacts) -> str:
    """Return the languages in which a model is good, in the user's."""
    names = said_in("models")["language"]
    shown = [(names.get(f"in_{code}"), QLocale(code).language()) for code in row.languages[:3]]
    return listed(in_words(own) if own is not None else QLocale.languageToString(each) for own, each in shown)


def computer_line(computer: Computer) -> str:
    """Return what was found out about this computer."""
    if computer.memory is None:
        return say("models.the_memory_of_this_computer_could")
    free = say("models.free", free=size(computer.free)) if computer.free is not None else ""
    cards = [f"{card.name} ({size(card.total)})" for card in computer.cards if not computer.is_shared]
    shown = listed(cards) if cards else say("models.no_graphics_card_for_models")
    return joined([say("models.of_memory", memory=size(computer.memory)), free, shown])


def download_line(download: Download) -> str:
    """Return how a download goes, in one line."""
    match download.state:
        case DownloadState.WAITING:
            return say("models.waits_for_the_download_before_it")
        case DownloadState.PAUSED:
            return say("models.paused", amount=_amount(download))
        case DownloadState.FAILED:
            return describe(download.failure).title if download.failure is not None else ""
        case DownloadState.DONE:
            return say("models.is_there_now")
    if download.is_stalled:
        return say("models.nothing_comes_at_present", amount=_amount(download))
    if download.phase is KeepingPhase.CHECKING and download.given is not None:
        return say("models.reading_the_file", amount=_amount(download))
    if download.phase in (KeepingPhase.ASKING, KeepingPhase.CHECKING, KeepingPhase.WRITING):
        return say_each("models.phase", download.phase)
    speed = say("models.a_second", int=size(int(download.per_second))) if download.per_second else ""
    return joined([_amount(download), speed, _time_left(download)])


def coming_line(download: Download) -> str:
    """Return how a download goes where there is little room: the time that is left, or what is the matter."""
    is_running = download.state is DownloadState.RUNNING
    if download.state is DownloadState.PAUSED:
        return say("models.paused_at_present")
    if is_running and download.is_stalled:
        return say("models.nothing_comes")
    if is_running and download.phase is KeepingPhase.FETCHING:
        return _time_left(download) or _amount(download)
    return _time_left(download) or download_line(download)


def dismissal(download: Download) -> str:
    """Return what the button says that has a download shown no more: what is there can be used later."""
    return say("models.not_now") if download.state is DownloadState.DONE else say("models.leave_it")


def failure_line(download: Download) -> str:
    """Return why a download has failed; empty where it has not.

    With the server's own words where nothing plainer is known, and where it refused a file of this computer.
    """
    failure = download.failure if download.state is DownloadState.FAILED else None
    if failure is None:
        return ""
    has_refused_file = download.given is not None and failure.reason not in _OF_THIS_COMPUTER
    told = failure.detail if failure.kind == PullFailed.kind and (has_refused_file or not failure.reason) else ""
    said = say("models.ollamas_words", told=show_invisible(told)) if told else ""
    return "\n".join(filter(None, (describe(failure).sentence, said)))


def share_of(download: Download) -> float:
    """Return how much of a download has come, from 0 to 1."""
    return min(1.0, download.done / download.size) if download.size else 0.0


def joined(parts: Iterable[str]) -> str:
    """Return parts of a line with dots between them."""
    return " · ".join(filter(None, parts))


def _billions(count: int) -> str:
    """Return a number of parameters as the names of models have it: "235B", "0.8B"."""
    value = count / 1e9
    return f"{value:.0f}B" if value >= 10 else f"{value:.1f}B".replace(".0B", "B")


def _amount(download: Download) -> str:
    if not download.size:
        return size(download.done)
    return say("models.of", done=size(download.done), size=size(download.size))


def _time_left(download: Download) -> str:
    return say("models.left", about=about(download.seconds_left)) if download.seconds_left is not None else ""
