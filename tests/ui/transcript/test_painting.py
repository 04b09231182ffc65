"""What stands on the screen, partly moved and partly painted anew, is what would be painted as a whole."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.runtime.generation import Advance
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, conversation, mine, reply, shown_page

pytestmark = pytest.mark.window

ANSWER = """# A long answer

Some **text** with `code`, 中文, $x^2 + \\frac{1}{2}$ and [a link](https://a.example/).

$$
\\sum_{i=1}^n i = \\frac{n(n+1)}{2}
$$

| a | b |
|---|--:|
| one | 1 |
| two | 2,000 |

- item
  - inner item that is long enough to need more than one line in a narrow window, and then some words more

```python
x = 'text'  # why
```

> quoted

"""


def on_screen(transcript):
    picture = transcript.screen().grabWindow(transcript.winId()).toImage()
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def as_a_whole(transcript):
    return transcript.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def assert_same(transcript, qtbot):
    qtbot.waitUntil(lambda: on_screen(transcript) == as_a_whole(transcript), timeout=5000)


@pytest.mark.parametrize("seed", range(4))
def test_the_screen_shows_what_would_be_painted(qtbot, theme, seed):
    transcript = shown_page(qtbot, theme, width=640, height=460)
    generator = random.Random(seed)
    messages = [*conversation(30, seed), mine("again?"), reply(ANSWER * 6, "I think of it. " * 50), mine("and?")]
    generation = ScriptedTurn(messages[-1].id)
    path = KnownPath([*messages, generation.builder.message], known=20)
    generation.ended.connect(path.update)
    transcript.follow(generation, path)  # type: ignore[arg-type]
    bar = transcript.verticalScrollBar()
    for step in range(24):
        match generator.randrange(6):
            case 0:
                bar.setValue(generator.randint(0, bar.maximum()))
            case 1:
                bar.setValue(bar.value() + generator.randint(-300, 300))
            case 2:
                transcript.resize(generator.randint(400, 800), generator.randint(300, 600))
            case 3:
                piece = ANSWER[: generator.randint(1, len(ANSWER))]
                generation.play(TextDelta(piece), advance=Advance(text=piece))
            case 4 if step > 12 and not path.is_whole:
                path.outline()
            case _:
                for _, view in transcript.live_views():
                    view.thinking.open()
        QApplication.processEvents()
        if step % 3 == 0:
            assert_same(transcript, qtbot)
    generation.play(Finished(FinishReason.STOP))
    assert_same(transcript, qtbot)


@pytest.mark.parametrize("share", [0.75, 0.5, 0.3])
def test_what_turns_out_higher_than_estimated_leaves_no_traces(qtbot, theme, share):
    transcript = shown_page(qtbot, theme, width=500, height=400)
    transcript.show_path(KnownPath([mine("again?"), reply(ANSWER * 3)]))
    assert_same(transcript, qtbot)
    bar = transcript.verticalScrollBar()
    bar.setValue(int(bar.maximum() * share))
    assert_same(transcript, qtbot)
