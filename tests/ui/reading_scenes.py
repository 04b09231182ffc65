"""Conversations that are read, in the gallery: thinking, letters of all sizes, and the page of the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout

from desktop.core.conversation import Conversation
from desktop.core.errors import Unreachable
from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.message import MessageStatus, Timings, Usage
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.search import Choices, ConversationCard, HitKind, SearchBatch, SearchHit, marks_in
from desktop.core.signs.ending import Loop
from desktop.runtime.generation import Advance
from desktop.runtime.watches import LoopNoticed
from desktop.ui.chat.page import ChatPage
from desktop.ui.message_actions import PanelPreference
from desktop.ui.search.page import SearchPage
from desktop.ui.search.presenter import count_words
from desktop.ui.sidebar.column import Sidebar
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, mine, reply

QUESTION = "Is the penalty clause of this contract valid if the delivery is late by less than a week?"
TRACE = """The clause says that a penalty of 2 % is due for each week that has begun. So the question is whether "each \
week that has begun" includes a delay of, say, three days.

Wait, let me read it again: "for each commenced week". A commenced week is one that has started, whether or not it is \
over. So three days would count as one commenced week.

However, clause 9 gives a grace period of five days. 合同第九条规定了五天的宽限期。 Then a delay of three days has no \
consequence, and a delay of six days counts as one week.

So the answer depends on the number of days."""
ANSWER = (
    "It depends on the number of days:\n\n- **Up to five days**: no penalty, by the grace period of clause 9.\n"
    "- **Six days**: one commenced week, so 2 %."
)
TIMES = Timings(connecting=0.4, reading=1.2, thinking=12.3, answering=4.0)
COUNTED = Usage(prompt_tokens=900, completion_tokens=684, reasoning_tokens=431)


def done(**more):
    message = reply(ANSWER, TRACE, timings=TIMES, usage=COUNTED)
    return replace(message, **more)  # type: ignore[arg-type]


def stored(message, preference=PanelPreference.AUTO):
    """A reply that has ended."""

    def fill(page):
        page.transcript.show_path(KnownPath([mine(QUESTION), message]))

    return fill


def running(*events, loop=None, seconds=12.3):
    """A reply that stands where these events have brought it, the last of them `seconds` ago."""

    def fill(page):
        generation = ScriptedTurn()
        page.transcript.follow(generation, KnownPath([mine(QUESTION), generation.builder.message]))  # type: ignore[arg-type]
        for event in events:
            match event:
                case ReasoningDelta(text):
                    advance = Advance(reasoning=text)
                case TextDelta(text):
                    advance = Advance(text=text)
                case _:
                    advance = None
            generation.play(event, advance=advance)
            generation.builder._phase_began -= seconds
        generation.phase_changed.emit()
        if loop is not None:
            generation.loop_noticed.emit(loop)
        page.composer.set_running(True)
        generation.setParent(page)

    return fill


THINKING = ReasoningDelta(TRACE)
IN_THINKING, IN_ANSWER = LoopNoticed(True, Loop(0, 40)), LoopNoticed(False, Loop(0, 40))
AUTO, OPEN = PanelPreference.AUTO, PanelPreference.OPEN

# What fills the page, and how panels stand on it.
STATES: dict[str, tuple[Callable[[ChatPage], None], PanelPreference]] = {
    "peek": (running(THINKING), AUTO),
    "open": (running(THINKING), OPEN),
    "loop_peek": (running(THINKING, loop=IN_THINKING), AUTO),
    "loop_answer": (running(TextDelta(ANSWER), loop=IN_ANSWER), AUTO),
    "answering": (running(THINKING, TextDelta(ANSWER[:90]), seconds=3), AUTO),
    "done_open": (stored(done()), OPEN),
    "done_hidden": (stored(replace(reply(ANSWER), timings=TIMES, usage=COUNTED)), OPEN),
    "stopped": (stored(replace(reply("", TRACE), timings=TIMES, status=MessageStatus.STOPPED)), AUTO),
    "failed": (
        stored(replace(reply("", TRACE), timings=TIMES, status=MessageStatus.FAILED,
                       failure=Unreachable(host="gpu-server", reason="refused").as_failure())),
        AUTO,
    ),
    "no_answer": (stored(replace(reply("", TRACE), timings=TIMES)), AUTO),
}  # fmt: skip


def thinking_scenes(make_page):
    """The scenes by name; `make_page` puts up a page whose panels stand in a given way."""

    def scene(fill, preference):
        def make(theme, width):
            whole, page = make_page(theme, preference)
            page.show_transcript(True)
            fill(page)
            return whole

        return make

    return {f"thinking_{name}": scene(*state) for name, state in STATES.items()}


LETTER = """**Ms Jane Smith**
Acme Corporation
12 High Street
[London
NW1 4AB](https://a.example/)

Dear Ms Smith,

thank you for your order of *3 May,
which we received today*. We deliver it
by the end of the month.

Kind regards
A. Clerk"""
POEM = """> The wind goes over the field at night
> and nobody asks where it has been,
> it bends the barley, it dims the light

1. First stanza
   is the wind,
and this line is lazy.
2. Second, with $x_1 +
   y$ and `code
   in two lines`
   - inner
     line

| Line | Break |
|------|-------|
| one  | none  |"""
CHINESE = """**静夜思**
床前明月光，
疑是地上霜。
举头望明月，
低头思故乡。

- 收件人：王小明
  地址：北京市海淀区中关村大街一号
  电话：010 1234
- 此致
  敬礼"""

LETTER_QUESTION = "What does a heat pump cost us in a year? 请用表格说明。"
TITLES = (
    "The cost of a heat pump",
    "Quarterly report, first draft",
    "供应商合同的要点",
    "Minutes of 3 May",
    "会议记录",
)
TWO_LINES = "One line\nand another of thinking."
HEAT_PUMP = r'''# 热泵 and the cost of heating

The yearly cost is $C = \frac{Q}{\mathrm{COP}} \cdot p$, where $Q$ is the heat in kWh and $p$ the price.

$$\int_0^{24} P(t)\,dt = \sum_{i=1}^n \frac{Q_i}{\eta_i}$$

| Month | 数量 | Heat (kWh) | Cost (€) |
|---|:-:|--:|--:|
| January | 十二 | 1,840 | 157.71 |
| February | 九 | 1,610.5 | 138.04 |

1. **Insulate first**: it lowers $Q$ itself.
2. Then choose the pump, with `COP ≥ 4.0`.

```python
def yearly_cost(heat: float, cop: float, price: float = 0.30) -> float:
    """What heating costs in a year."""
    return heat / cop * price  # 每年的费用
```
'''


def letter_scenes(make, now):
    """Return the scenes by their names; `make` gives a window and the page in it, and `now` is its sidebar's time."""

    def scene(question, answer, thinking=TWO_LINES):
        def made(theme, width):
            whole, page = make(theme, width)
            page.show_transcript(True)
            page.transcript.show_path(KnownPath([mine(question), reply(answer, thinking)]))
            return whole

        return made

    def heat_pump(theme, width):
        whole = scene(LETTER_QUESTION, HEAT_PUMP, "")(theme, width)
        [page] = whole.findChildren(ChatPage)
        page.header.set_title(TITLES[0])
        for sidebar in whole.findChildren(Sidebar):
            ages = zip(TITLES, (0, 0, 1, 3, 40), strict=True)
            sidebar.show_conversations(
                [Conversation(title=title, id=title, updated_at=now - age * 86_400) for title, age in ages]
            )
            sidebar.select(TITLES[0])
            sidebar.set_running(())
        return whole

    return {
        "letter": scene("Write a letter to\nMs Smith.", LETTER),
        "heat_pump": heat_pump,
        "poem": scene("Write a poem.", POEM),
        "letter_in_chinese": scene("写一首诗\n和一个地址。", CHINESE),
    }


NOW = 1_790_000_000.0
_DAY = 86_400.0
GPU = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
FAR = Place(PlaceKind.INTERNET, "api.provider.example")
CARDS = (
    ConversationCard("rent", "Rental contract and prices", NOW, "qwen3:8b", THIS_COMPUTER),
    ConversationCard("wording", "Wording of the notice", NOW - _DAY, "qwen3:32b", GPU),
    ConversationCard("suppliers", "Table of suppliers, and what was agreed", NOW - 20 * _DAY, "deepseek-chat", FAR),
    ConversationCard("zh", "供应商合同的要点", NOW - 400 * _DAY, "/home/li/Qwen3-4B-Q4_K_M.gguf", THIS_COMPUTER),
)
SAID = (
    (HitKind.TITLE, "wording", "Wording of the notice"),
    (HitKind.QUESTION, "rent", "… running costs and the notice? Please name the clauses."),
    (HitKind.ANSWER, "rent", "Notice: six months to the end of a quarter (clause 12)"),
    (HitKind.FILE, "rent", "(1) The notice must be given in writing and reach the other side before the quarter …"),
    (HitKind.QUESTION, "wording", "Write a notice that we end the cleaning contract on 31 March."),
    (HitKind.ANSWER, "wording", "We hereby give notice of the end of our contract of 2 May 2024 …"),
    (HitKind.ANSWER, "suppliers", "Supplier, article, price, notice period, contact"),
    (HitKind.THINKING, "zh", "The user asks in Chinese about 通知期限, which is the notice period of a contract. …"),
)

_FILE = (("", 0), ("contract.pdf", 12))


def filled(theme):
    """The page with what was found for "notice"."""
    page = SearchPage(theme, clock=lambda: NOW)
    page.line.setText("notice")
    hits = tuple(
        SearchHit(kind, owner, text, marks_in(text, ["notice"]), "m", "", *_FILE[kind is HitKind.FILE])
        for kind, owner, text in SAID
    )
    recipe = "Notice to a supplier, with date and contract number"
    page.results.add_recipes([SearchHit(HitKind.RECIPE, "own/notice.toml", recipe, marks_in(recipe, ["notice"]))])
    page.results.add(SearchBatch(hits, CARDS))
    page.narrowing.show_choices(Choices(("qwen3:8b", "qwen3:32b"), tuple(PlaceKind)))
    page.show_rows()
    page.show_count(count_words(7, 4, 1, is_more=False))
    return page


def search_scenes(make_window):
    """The scenes by their names."""

    def scene(fill):
        def made(theme, width):
            whole, page = make_window(theme, width)
            layout = whole.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.removeWidget(page)
            page.hide()
            shown = fill(theme)
            layout.addWidget(shown, 1)
            shown.focus_field()
            return whole

        return made

    def nothing(theme):
        page = SearchPage(theme, clock=lambda: NOW)
        page.line.setText("zanzibar")
        page.show_nothing()
        return page

    return {"searching": scene(filled), "searching_nothing": scene(nothing)}
