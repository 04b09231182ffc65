"""Models in the user's words: verdicts, sizes, what a model is for, and how its download goes. Words only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale

from desktop.core.errors import PullFailed
from desktop.core.models.choosing import Tier
from desktop.core.models.download import Download, DownloadState
from desktop.core.models.facts import ModelFacts, Reasoning, Scale
from desktop.core.models.fit import Computer, Judgement, ModelVerdict, Reason, SpeedSource
from desktop.core.models.keeping import KeepingPhase, PullFault
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import describe
from desktop.ui.words import duration, in_words, listed, number, said_in, say, say_each, size, words_in

# Why a file could not be imported that Ollama was not given.
_OF_THIS_COMPUTER = (PullFault.UNREADABLE, PullFault.NOT_WRITTEN, PullFault.NO_ROOM, PullFault.IN_PIECES)


def tier_name(tier: Tier) -> str:
    """Return the name of a kind of proposal."""
    return say_each("models.tier", tier)


def uses(row: ModelFacts, most: int = 2) -> str:
    """Return what a model is good for: "mails, summaries, pictures"."""
    return listed(say_each("models.use", each) for each in row.good_for[:most])


def scale_name(scale: Scale) -> str:
    """Return for whom a computer that runs a model usually is."""
    return say_each("models.scale", scale)


def verdict_name(verdict: ModelVerdict) -> str:
    """Return a verdict in two words."""
    return say_each("models.verdict", verdict)


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
        case _:
            return _page_line(judgement)


def verdict_in_short(judgement: Judgement) -> str:
    """Return what is said behind a verdict where there is little room."""
    if judgement.verdict is ModelVerdict.TOO_LARGE and judgement.need is not None and judgement.room is not None:
        return say("models.needs_there_are", need=size(judgement.need), room=size(judgement.room))
    return verdict_reason(judgement)


def _page_line(judgement: Judgement) -> str:
    """Return how long a page takes, thinking included where a model always thinks; empty where it is not known."""
    if judgement.page_seconds is None:
        return ""
    if judgement.always_thinks and judgement.thinking_seconds is not None:
        return say("models.a_page_with_thinking", time=about(judgement.page_seconds + judgement.thinking_seconds))
    return say("models.a_page", time=about(judgement.page_seconds))


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
    parts = [kind, scale_name(facts.scale) if facts.scale is not None else ""]
    if facts.language_count:
        parts.append(say("models.languages", language_count=number(facts.language_count)))
    return joined(parts)


def distilled_line(facts: ModelFacts) -> str:
    """Return whose pupil a model is; empty for one that no other has taught."""
    if facts.distilled is None:
        return ""
    return say("models.distilled_a_that_learned_from", pupil=facts.distilled.pupil, teacher=facts.distilled.teacher)


def experts_line(facts: ModelFacts) -> str:
    """Return how much of a mixture of experts works at a time; empty for a model of which all of it does."""
    if not facts.has_experts or not facts.active or not facts.parameters:
        return ""
    return say("models.of_which_work_at_a_time", all=billions(facts.parameters), active=billions(facts.active))


def reads_line(facts: ModelFacts) -> str:
    """Return how much a model holds in view; empty where it is not known."""
    if facts.context is None:
        return ""
    return say("models.about_words", words_in=number(_words_in(facts.context)))


def stored_line(facts: ModelFacts) -> str:
    """Return how finely a model is stored, and what each way takes: "4 bit: 4.7 GB (this one), 8 bit: 8.1 GB"."""
    said = []
    for step in facts.steps:
        key = "models.stored_this" if step.is_default else "models.stored"
        said.append(say(key, bits=number(step.bits), size=size(step.size)))
    return joined([facts.stored, ", ".join(said)])


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
    return listed(names)


def computer_line(computer: Computer) -> str:
    """Return what was found out about this computer."""
    if computer.memory is None:
        return say("models.the_memory_of_this_computer_could")
    parts = [say("models.of_memory", memory=size(computer.memory))]
    if computer.free is not None:
        parts.append(say("models.free", free=size(computer.free)))
    cards = [f"{card.name} ({size(card.total)})" for card in computer.cards if not computer.is_shared]
    parts.append(listed(cards) if cards else say("models.no_graphics_card_for_models"))
    return " · ".join(parts)


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
        case _:
            return _running(download)


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


def coming_line(download: Download) -> str:
    """Return how a download goes where there is little room: the time that is left, or what is the matter."""
    match download.state:
        case DownloadState.PAUSED:
            return say("models.paused_at_present")
        case DownloadState.RUNNING if download.is_stalled:
            return say("models.nothing_comes")
        case DownloadState.RUNNING if download.seconds_left is not None:
            return say("models.left", about=about(download.seconds_left))
        case DownloadState.RUNNING if download.phase is KeepingPhase.FETCHING:
            return _amount(download)
        case _:
            return download_line(download)


def share_of(download: Download) -> float:
    """Return how much of a download has come, from 0 to 1."""
    return min(1.0, download.done / download.size) if download.size else 0.0


def _running(download: Download) -> str:
    if download.is_stalled:
        return say("models.nothing_comes_at_present", amount=_amount(download))
    if download.phase is KeepingPhase.CHECKING and download.given is not None:
        return say("models.reading_the_file", amount=_amount(download))
    if download.phase is KeepingPhase.CHECKING:
        return say("models.checking_what_has_come")
    if download.phase is KeepingPhase.WRITING:
        return say("models.putting_it_in_place")
    if download.phase is KeepingPhase.ASKING:
        return say("models.asking_the_server")
    parts = [_amount(download)]
    if download.per_second:
        parts.append(say("models.a_second", int=size(int(download.per_second))))
    if download.seconds_left is not None:
        parts.append(say("models.left", about=about(download.seconds_left)))
    return " · ".join(parts)


def _amount(download: Download) -> str:
    if not download.size:
        return size(download.done)
    return say("models.of", done=size(download.done), size=size(download.size))


def speed_line(judgement: Judgement) -> str:
    """Return how many words a model writes in a second; empty where that is not known."""
    if judgement.speed is None:
        return ""
    count = number(max(1, round(words_in(judgement.speed.per_second))))
    if judgement.speed.source is SpeedSource.MEASURED:
        return say("models.words_a_second_measured", amount=count)
    return say("models.about_words_a_second", amount=count)


def _language(code: str) -> str:
    language = QLocale(code).language()
    own = said_in("models")["language"].get(f"in_{code}")
    return in_words(own) if own is not None else QLocale.languageToString(language)


def joined(parts: Sequence[str]) -> str:
    """Return parts of a line with dots between them."""
    return " · ".join(part for part in parts if part)
