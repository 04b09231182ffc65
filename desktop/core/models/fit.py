"""How a model fits a computer: if it runs there, how well, and what that was computed for.

Values and rules; who looks at the computer is `engine/computer.py`. Of a server elsewhere nothing of it is known. What
was measured stands before what was computed, and what is not known stays unknown. The words are the window's business.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.model import Measures
from desktop.core.models.facts import ModelFacts, Reasoning

GIB = 1 << 30

# Of the memory that is free now a model is given so much: the rest is for what the other programs come to want.
_SHARE_OF_FREE = 0.8
# What the system and a browser keep for themselves when everything else is closed.
_LEAST_KEPT, _SHARE_KEPT = 4 * GIB, 0.2
# What llama.cpp leaves free of each graphics card when it divides a model.
_KEPT_OF_CARD = GIB
# What macOS lets its graphics part have of the memory that all parts share.
_SHARED_PART, _SHARED_PART_OF_LARGE, _LARGE = 2 / 3, 3 / 4, 36 * GIB

# Bytes a second at which memory is read while a model answers. Laptops without a graphics card were measured at 20 to
# 37 GB/s, a quarter to a half of what their data sheets say; cards reach about four fifths of theirs.
_USUAL_BANDWIDTH = 25e9
_SHARE_OF_DATA_SHEET = 0.83


class CardKind(StrEnum):
    """Maker of a graphics card, as far as it says how its memory is counted."""

    NVIDIA = "nvidia"
    AMD = "amd"
    APPLE = "apple"


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """Graphics card that models are run on. Integrated parts that Ollama leaves out by itself are none.

    `total` and `free` in bytes, `free` None where it is not told; `data_sheet` in bytes a second, None for a card that
    is not known. The memory of Apple's is the computer's own.
    """

    kind: CardKind
    name: str
    total: int
    free: int | None = None
    data_sheet: float | None = None


@dataclass(frozen=True, slots=True)
class Computer:
    """Computer that models are to run on; None where something could not be found out.

    `memory` and `free` in bytes. `has_avx2` is None for a processor of another family, which needs none.
    `measured_bandwidth` and `measured_on_cards`, in bytes a second, follow from answers of models that ran here.
    """

    memory: int | None = None
    free: int | None = None
    processor: str = ""
    cores: int | None = None
    has_avx2: bool | None = None
    cards: tuple[GraphicsCard, ...] = ()
    measured_bandwidth: float | None = None
    measured_on_cards: float | None = None

    @property
    def is_shared(self) -> bool:
        """True if graphics and processor have one memory, as in Apple's computers."""
        return any(card.kind is CardKind.APPLE for card in self.cards)

    @property
    def room_on_cards(self) -> int:
        """Bytes that a model can have in graphics memory of its own; 0 where there is none."""
        if self.is_shared:
            return 0
        return sum(max(0, (card.total if card.free is None else card.free) - _KEPT_OF_CARD) for card in self.cards)

    @property
    def room_now(self) -> int | None:
        """Bytes of main memory that a model can have as things are."""
        if self.free is None:
            return None
        now = int(self.free * _SHARE_OF_FREE)
        return min(now, self._shared_part) if self.is_shared else now

    @property
    def room_at_best(self) -> int | None:
        """Bytes of main memory that a model can have once all other programs are closed."""
        if self.memory is None:
            return self.room_now
        best = self.memory - max(_LEAST_KEPT, int(self.memory * _SHARE_KEPT))
        best = min(self._shared_part, self.memory - _LEAST_KEPT) if self.is_shared else best
        return max(best, self.room_now or 0, 0)

    @property
    def bandwidth(self) -> float:
        """Bytes a second at which main memory is read; the usual where nothing was measured."""
        if self.measured_bandwidth is not None:
            return self.measured_bandwidth
        shared = next((card.data_sheet for card in self.cards if card.kind is CardKind.APPLE), None)
        return shared * _SHARE_OF_DATA_SHEET if shared is not None else _USUAL_BANDWIDTH

    @property
    def bandwidth_on_cards(self) -> float | None:
        """Bytes a second at which graphics memory is read; None where nobody knows."""
        if self.measured_on_cards is not None:
            return self.measured_on_cards
        known = [card.data_sheet for card in self.cards if card.data_sheet is not None]
        return min(known) * _SHARE_OF_DATA_SHEET if known and len(known) == len(self.cards) else None

    @property
    def _shared_part(self) -> int:
        total = self.memory or 0
        return int(total * (_SHARED_PART if total <= _LARGE else _SHARED_PART_OF_LARGE))

    def without_cards(self) -> Computer:
        """Return this computer as a program sees it that makes no use of graphics cards."""
        return replace(self, cards=(), measured_on_cards=None)


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
    """Verdict in one word, the best first."""

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
class Judgement:
    """Verdict on a model, with all that is said beside it.

    `need` and `room` in bytes: what the model takes for `window` tokens, and what the computer can give at best; `need`
    is as measured where a server told it. `outside`: the part of it that lies outside of the graphics memory there is.
    `page_seconds`: for a page of text without thinking, `thinking_seconds`: what thinking adds to that, None for a
    model that does not think, which it `always_thinks` or only where that is not switched off. `is_quiet_better`: the
    verdict holds with thinking switched off.
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
    always_thinks: bool = False


def judge(
    facts: ModelFacts,
    computer: Computer | None,
    window: int = USUAL_WINDOW,
    measures: Measures | None = None,
    *,
    page_tokens: int = PAGE_TOKENS,
    thinking_tokens: int = THINKING_TOKENS,
) -> Judgement:
    """Return the verdict on a model and the computer that it runs on, None for one elsewhere that nobody knows."""
    computed = facts.need(window)
    memory = measures.memory if measures is not None else None
    need = memory.taken if memory is not None and memory.window == window else computed
    fit = _Fit.of(need, computer) if computer is not None and need is not None else None
    written = measures.written_per_second if measures is not None else None
    speed = Speed(written, SpeedSource.MEASURED) if written else _computed_speed(facts, computer, fit, computed or need)
    verdict, reason, is_quiet_better = _verdict(facts, fit, speed, need)
    if verdict is ModelVerdict.TOO_LARGE:
        speed = None
    thinks = speed is not None and facts.reasoning is not Reasoning.NEVER
    return Judgement(
        verdict,
        window,
        reason,
        need,
        fit.room if fit is not None else None,
        fit.outside if fit is not None else 0,
        speed,
        page_tokens / speed.per_second if speed is not None else None,
        thinking_tokens / speed.per_second if speed is not None and thinks else None,
        is_quiet_better,
        facts.reasoning is Reasoning.ALWAYS,
    )


def page_tokens_in(language: str) -> int:
    """Return the tokens of a page of text in a language ("zh_CN")."""
    return _PAGES.get(language.partition("_")[0], PAGE_TOKENS)


def bandwidth_shown(facts: ModelFacts, written_per_second: float) -> float | None:
    """Return the bytes a second at which memory was read when a model wrote so fast; None where that does not show.

    What its family is slower by is not added: it is an assumption, and would promise more of others than was seen.
    """
    if facts.read is None or written_per_second <= 0:
        return None
    seconds = 1 / written_per_second - _OVERHEAD
    return facts.read / seconds if seconds > 0 else None


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
        rest = max(0, need - cards)
        return _Fit(
            need - rest,
            rest if cards else 0,
            best + cards if best is not None else None,
            not rest or (None if now is None else rest <= now),
            not rest or (None if best is None else rest <= best),
        )


def _computed_speed(facts: ModelFacts, computer: Computer | None, fit: _Fit | None, need: int | None) -> Speed | None:
    if computer is None or fit is None or facts.read is None:
        return None
    read = facts.read * facts.slowness
    share = min(1.0, fit.on_cards / need) if need else 0.0
    seconds, is_measured = _OVERHEAD, True
    if share > 0:
        if computer.bandwidth_on_cards is None:
            return None
        seconds += read * share / computer.bandwidth_on_cards
        is_measured = computer.measured_on_cards is not None
    if share < 1:
        seconds += read * (1 - share) / computer.bandwidth
        is_measured = is_measured and computer.measured_bandwidth is not None
    return Speed(1 / seconds, SpeedSource.FROM_THIS_COMPUTER if is_measured else SpeedSource.ASSUMED)


def _verdict(
    facts: ModelFacts, fit: _Fit | None, speed: Speed | None, need: int | None
) -> tuple[ModelVerdict, Reason | None, bool]:
    """Return the verdict, the reason why it is no better, and if thinking is to be switched off for it."""
    if speed is None or speed.source is not SpeedSource.MEASURED:
        if fit is None or fit.fits_at_best is None:
            return ModelVerdict.UNKNOWN, Reason.NEED_UNKNOWN if need is None else Reason.COMPUTER_UNKNOWN, False
        if not fit.fits_at_best:
            return ModelVerdict.TOO_LARGE, Reason.SIZE, False
        if fit.fits_now is False and (speed is None or speed.per_second >= _READING):
            return ModelVerdict.SLOW, Reason.OTHER_PROGRAMS, False
    if speed is None:
        return ModelVerdict.FITS, None, False
    if speed.per_second < _READING:
        is_hanging = speed.per_second < _HANGING
        return ModelVerdict.TOO_SLOW if is_hanging else ModelVerdict.SLOW, Reason.SPEED, False
    if facts.reasoning is Reasoning.NEVER or speed.per_second >= _READING_AFTER_THOUGHT:
        return ModelVerdict.RUNS_WELL, None, False
    if facts.reasoning is Reasoning.SWITCHED:
        return ModelVerdict.RUNS_WELL, None, True
    return ModelVerdict.SLOW, Reason.THINKS_FIRST, False
