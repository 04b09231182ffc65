"""Answers of several short lines, for `gallery.py`: a letter, a poem, a list whose items go on. Not a test."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
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


def letter_scenes(make: Callable[[Theme, int], tuple[QWidget, ChatPage]]) -> dict[str, Callable[[Theme, int], QWidget]]:
    """Return the scenes by their names; `make` gives a window and the page in it."""

    def scene(question: str, answer: str) -> Callable[[Theme, int], QWidget]:
        def made(theme: Theme, width: int) -> QWidget:
            whole, page = make(theme, width)
            page.show_transcript(True)
            page.transcript.show_path(KnownPath([mine(question), reply(answer, "One line\nand another of thinking.")]))
            return whole

        return made

    return {
        "letter": scene("Write a letter to\nMs Smith.", LETTER),
        "poem": scene("Write a poem.", POEM),
        "letter_in_chinese": scene("写一首诗\n和一个地址。", CHINESE),
    }
