"""The verdict on a model and a computer: if it runs there, how well, and what that was computed for.

Pure rules on plain values. What was measured stands before what was computed, and what is not known stays unknown. The
words are the window's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.core.model import Measures
from desktop.core.models.computer import Computer
from desktop.core.models.demand import Demand, Need, Reasoning

# A usual conversation with a page or two of text; Ollama's own default is half of it.
USUAL_WINDOW = 8_192
# A page of text in tokens, by language; of another one as of English.
_PAGES = {"en": 650, "zh": 450, "de": 850}
PAGE_TOKENS = _PAGES["en"]
# Thinking about a question from an office; hard ones take ten times as much.
THINKING_TOKENS = 1_000

# Tokens a second: reading speed (four words, or ten Chinese characters), twice that where thinking comes before the
# first word, and where it seems to hang.
_READING, _READING_AFTER_THOUGHT, _HANGING = 6.0, 12.0, 2.0
# Seconds for each token apart from reading memory.
_OVERHEAD = 0.002


class ModelVerdict(StrEnum):
    """ModelVerdict in one word, the best first."""

    RUNS_WELL = "runs_well"
    FITS = "fits"  # there is room; how quick it is nobody can tell before it was tried
    SLOW = "slow"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Reason for a verdict that is not the best."""

    SPEED = "speed"
    THINKS_FIRST = "thinks_first"  # quick enough, were it not for the thinking
    OTHER_PROGRAMS = "other_programs"  # there is room only once other programs are closed
    SIZE = "size"
    NEED_UNKNOWN = "need_unknown"
    COMPUTER_UNKNOWN = "computer_unknown"


class SpeedSource(StrEnum):
    """Source of a speed, the most trustworthy first."""

    MEASURED = "measured"  # this model answered here with this speed
    FROM_THIS_COMPUTER = "from_this_computer"  # computed from what another model was measured at here
    ASSUMED = "assumed"  # computed from what is usual for such a computer


@dataclass(frozen=True, slots=True)
class Speed:
    """Speed of writing, in tokens a second. All but a measured one are to be called "about"."""

    per_second: float
    source: SpeedSource


@dataclass(frozen=True, slots=True)
class ModelMeasures:
    """Measures of one model on one computer, None where nothing was measured.

    `memory`: the bytes that it took with the window that is asked about.
    """

    written_per_second: float | None = None
    memory: int | None = None

    @staticmethod
    def of(measures: Measures, window: int) -> ModelMeasures:
        """Return what was measured of a model, as far as it holds for a window."""
        memory = measures.memory
        is_same = memory is not None and memory.window == window
        return ModelMeasures(measures.written_per_second, memory.taken if memory is not None and is_same else None)


@dataclass(frozen=True, slots=True)
class Judgement:
    """ModelVerdict on a model, with all that is said beside it.

    `need` and `room` in bytes: what the model takes for `window` tokens, and what the computer can give at best; `need`
    is as measured where a server told it. `outside`: the part of it that lies outside of the graphics memory there is.
    `page_seconds`: for a page of text without thinking, `thinking_seconds`: what thinking adds to that, None for a
    model that does not think. `is_quiet_better`: the verdict holds with thinking switched off.
    """

    verdict: ModelVerdict
    window: int
    reason: Reason | None = None
    need: int | None = None
    room: int | None = None
    outside: int = 0
    speed: Speed | None = None
    page_seconds: float | None = None
    thinking_seconds: float | None = None
    is_quiet_better: bool = False


def judge(
    demand: Demand,
    computer: Computer | None,
    window: int = USUAL_WINDOW,
    measures: ModelMeasures | None = None,
    *,
    page_tokens: int = PAGE_TOKENS,
    thinking_tokens: int = THINKING_TOKENS,
) -> Judgement:
    """Return the verdict on a model and the computer that it runs on, None for one elsewhere that nobody knows."""
    needed = demand.need(window)
    told = measures.memory if measures is not None else None
    need = told if told is not None else needed.total if needed is not None else None
    fit = _Fit.of(need, computer) if computer is not None and need is not None else None
    speed = _speed(demand, needed, computer, fit, measures)
    page = thinking = None
    if speed is not None:
        page = page_tokens / speed.per_second
        thinking = thinking_tokens / speed.per_second if demand.reasoning is not Reasoning.NEVER else None
    verdict, reason, is_quiet_better = _verdict(demand, fit, speed, need)
    return Judgement(
        verdict,
        window,
        reason,
        need,
        fit.room if fit is not None else None,
        fit.outside if fit is not None else 0,
        speed if verdict is not ModelVerdict.TOO_LARGE else None,
        page if verdict is not ModelVerdict.TOO_LARGE else None,
        thinking if verdict is not ModelVerdict.TOO_LARGE else None,
        is_quiet_better,
    )


def page_tokens_in(language: str) -> int:
    """Return the tokens of a page of text in a language ("zh_CN")."""
    return _PAGES.get(language.partition("_")[0], PAGE_TOKENS)


def bandwidth_shown(demand: Demand, written_per_second: float) -> float | None:
    """Return the bytes a second at which memory was read when a model wrote so fast; None where that does not show.

    What its family is slower by is not added: it is an assumption, and would promise more of others than was seen.
    """
    if demand.read is None or written_per_second <= 0:
        return None
    seconds = 1 / written_per_second - _OVERHEAD
    return demand.read / seconds if seconds > 0 else None


@dataclass(frozen=True, slots=True)
class _Fit:
    """Division of a model between graphics and main memory, in bytes; `room` is the most that both can give."""

    on_cards: int
    outside: int
    room: int | None
    fits_now: bool | None
    fits_at_best: bool | None

    @staticmethod
    def of(need: int, computer: Computer) -> _Fit:
        cards, now, best = computer.room_on_cards, computer.room_now, computer.room_at_best
        on_cards = min(need, cards)
        rest = need - on_cards
        return _Fit(
            on_cards,
            rest if cards else 0,
            best + cards if best is not None else None,
            True if not rest else None if now is None else rest <= now,
            True if not rest else None if best is None else rest <= best,
        )


def _speed(
    demand: Demand, need: Need | None, computer: Computer | None, fit: _Fit | None, measures: ModelMeasures | None
) -> Speed | None:
    if measures is not None and measures.written_per_second:
        return Speed(measures.written_per_second, SpeedSource.MEASURED)
    if computer is None or fit is None or demand.read is None:
        return None
    total = need.total if need is not None else fit.on_cards + fit.outside
    share = fit.on_cards / total if total else 0.0
    seconds, is_measured = _OVERHEAD, True
    if share > 0:
        if computer.bandwidth_on_cards is None:
            return None
        seconds += demand.read * demand.slowness * min(share, 1.0) / computer.bandwidth_on_cards
        is_measured = computer.measured_on_cards is not None
    if share < 1:
        seconds += demand.read * demand.slowness * (1 - share) / computer.bandwidth
        is_measured = is_measured and computer.measured_bandwidth is not None
    return Speed(1 / seconds, SpeedSource.FROM_THIS_COMPUTER if is_measured else SpeedSource.ASSUMED)


def _verdict(
    demand: Demand, fit: _Fit | None, speed: Speed | None, need: int | None
) -> tuple[ModelVerdict, Reason | None, bool]:
    """Return the verdict, the reason why it is no better, and if thinking is to be switched off for it."""
    has_run = speed is not None and speed.source is SpeedSource.MEASURED
    if fit is not None and fit.fits_at_best is False and not has_run:
        return ModelVerdict.TOO_LARGE, Reason.SIZE, False
    if (fit is None or fit.fits_at_best is None) and not has_run:
        return ModelVerdict.UNKNOWN, Reason.NEED_UNKNOWN if need is None else Reason.COMPUTER_UNKNOWN, False
    if speed is None:
        is_tight = fit is not None and fit.fits_now is False
        return (ModelVerdict.SLOW, Reason.OTHER_PROGRAMS, False) if is_tight else (ModelVerdict.FITS, None, False)
    if speed.per_second < _HANGING:
        return ModelVerdict.TOO_SLOW, Reason.SPEED, False
    if speed.per_second < _READING:
        return ModelVerdict.SLOW, Reason.SPEED, False
    if fit is not None and fit.fits_now is False and not has_run:
        return ModelVerdict.SLOW, Reason.OTHER_PROGRAMS, False
    if demand.reasoning is Reasoning.NEVER or speed.per_second >= _READING_AFTER_THOUGHT:
        return ModelVerdict.RUNS_WELL, None, False
    if demand.reasoning is Reasoning.SWITCHED:
        return ModelVerdict.RUNS_WELL, None, True
    return ModelVerdict.SLOW, Reason.THINKS_FIRST, False
