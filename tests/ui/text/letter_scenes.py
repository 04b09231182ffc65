"""Answers for `gallery.py`: of several short lines, and one with most of what Markdown can do. Not a test."""

from __future__ import annotations

from desktop.core.conversation import Conversation
from desktop.ui.chat.page import ChatPage
from desktop.ui.sidebar.column import Sidebar
from tests.ui.transcript.page_bench import KnownPath, mine, reply

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

QUESTION = "What does a heat pump cost us in a year? 请用表格说明。"
TITLES = (
    "The cost of a heat pump",
    "Quarterly report, first draft",
    "供应商合同的要点",
    "Minutes of 3 May",
    "会议记录",
)
THINKING = "One line\nand another of thinking."
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

    def scene(question, answer, thinking=THINKING):
        def made(theme, width):
            whole, page = make(theme, width)
            page.show_transcript(True)
            page.transcript.show_path(KnownPath([mine(question), reply(answer, thinking)]))
            return whole

        return made

    def heat_pump(theme, width):
        whole = scene(QUESTION, HEAT_PUMP, "")(theme, width)
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
