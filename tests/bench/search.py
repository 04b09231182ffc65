"""`python -m tests.bench.search [--folder FOLDER]`: what it takes to find anything in 10,001 conversations.

Makes them with 200,020 messages in FOLDER, or in one of its own, has the index take them up, and searches: in the
store, and through the page with its keys typed. Wall time of the search's thread, and processor time of the GUI thread
between two of its beats.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sqlite3
import sys
import time
from pathlib import Path

from PySide6.QtTest import QTest

from desktop.core.search import SearchQuery
from desktop.store.database import open_store
from desktop.store.search_walk import SearchWalk
from desktop.ui.search.page import SearchPage
from tests.bench import window
from tests.bench.heartbeat import Heartbeat
from tests.bench.measured import add_options, home, run, say
from tests.bench.tables import Row
from tests.bench.texts import mixed_markdown

CONVERSATIONS, TURNS = 10_001, 10
_CHINESE = "合同的付款期限是三十天请在周五之前确认数字与上个季度相比有所增加会议改到下周一供应商报价包含税费和运输"
_RARE = 123_456  # the number of the message that alone has the rare words
_QUERIES = (
    ("one message", "zanzibar"),
    ("a common word", "contract"),
    ("two words", "invoice quarter"),
    ("two Chinese letters", "付款"),
    ("one Chinese letter", "税"),
    ("two rare Chinese letters", "璋玥"),
    ("nothing", "xylophone"),
    ("10,000 letters", "contract " * 1100),
)
_BETWEEN_KEYS_MS = 100
_SETTLED_MS = 6000  # after the start, when all that is made ahead has been made


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.search", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the conversations are, or are made")
    add_options(parser)
    choice = parser.parse_args()
    return run(lambda environment, rows: _measure(choice.folder, environment, rows), choice)


async def _measure(named, environment, rows):
    with contextlib.nullcontext(named) if named else home() as folder:
        file = folder / "candor.db"
        if not file.exists():
            say("making conversations")
            _fill(file)
        say("the index")
        store = open_store(file)
        rows += _index_rows(store)
        say("searching")
        for name, text in _QUERIES:
            timed = [_search(store, text) for _ in range(3)]
            rows.append(Row(f"{name}: first hits", min(first for first, _, _ in timed) * 1000, "ms", 150.0))
            places, took = timed[0][2], min(end for _, end, _ in timed)
            rows.append(Row(f"{name}: {places} places, or the first 1,000", took * 1000, "ms"))
        store.close()
        say("typing")
        rows += window.measured("tests.bench.search", environment, folder)


def _fill(file):
    open_store(file).close()
    dice = random.Random(17)
    texts = _messages(dice)
    with contextlib.closing(sqlite3.connect(file)) as made:
        for number in range(CONVERSATIONS):
            at, identity = 1.7e9 + number * 3600, f"c{number}"
            said = []
            for turn in range(2 * TURNS):
                role, text = next(texts)
                if number * 2 * TURNS + turn == _RARE:
                    text += " Zanzibar 璋玥"
                above = f"{identity}-{turn - 1}" if turn else None
                place = "this_computer" if role == "assistant" else None
                said.append((f"{identity}-{turn}", identity, above, role, "complete", at, "qwen3:8b", place, text))
            made.execute(
                "INSERT INTO conversations (id, title, head_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                (identity, " ".join(said[0][-1].split())[:40], said[-1][0], at, at),
            )
            made.executemany(
                "INSERT INTO messages (id, conversation_id, parent_id, role, status, created_at, model, "
                "place_kind, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                said,
            )
        made.commit()


def _messages(dice):
    """Yield role and text without end: a question, then an answer, every third in Chinese."""
    source = mixed_markdown(1 << 20)

    def words(most):
        at, length = dice.randrange(len(source) - most), dice.randrange(most // 4, most)
        if dice.random() < 0.3:
            return "，".join("".join(dice.choices(_CHINESE, k=dice.randrange(4, 16))) for _ in range(length // 30 + 1))
        return source[at : at + length]

    while True:
        yield "user", words(200)
        yield "assistant", words(1200)


def _index_rows(store):
    began, longest, share = time.monotonic(), 0.0, 0.0
    while share < 1.0:
        step = time.monotonic()
        share = store.search_index.fill()
        longest = max(longest, time.monotonic() - step)
    return [
        Row("the index of all, made in the background", time.monotonic() - began, "s"),
        Row("longest step of it", longest * 1000, "ms"),
    ]


def _search(store, text):
    """Seconds to the first hits, or to the end where there are none, and to 1,000; and how many there were."""
    began, first, count = time.monotonic(), 0.0, 0
    walk = SearchWalk(SearchQuery(text), store.search_index)
    while True:
        batch = walk.step(200 if count else 40)
        count += len(batch.hits)
        if count and not first:
            first = time.monotonic() - began
        if batch.is_over or count >= 1000:
            end = time.monotonic() - began
            return first or end, end, count


def measure_window(opened):
    """Type on the page, a letter each tenth of a second."""
    opened.wait_until(lambda: len(opened.program.chat.conversations) == CONVERSATIONS)
    QTest.qWait(_SETTLED_MS)
    beat = Heartbeat(opened.window)
    beat.restart()
    opened.press("Ctrl+K")
    QTest.qWait(300)
    rows = [Row("Ctrl+K: longest step of the GUI thread", beat.stop()["cpu_ms"], "ms", 50.0)]
    page = opened.window.findChild(SearchPage)
    assert isinstance(page, SearchPage)
    for letters in ("contract qu", "付款", "zanzibar"):
        page.line.clear()
        QTest.qWait(200)
        longest = 0.0
        for letter in letters:
            beat.restart()
            page.line.insert(letter)
            QTest.qWait(_BETWEEN_KEYS_MS)
            longest = max(longest, beat.stop()["cpu_ms"])
        opened.wait_until(lambda: not page.state.endswith("…"))
        rows.append(Row(f"typing {letters!r}: longest step of the GUI thread", longest, "ms", 16.0))
        rows.append(Row(f"typing {letters!r}: rows shown", float(len(page.list.rows)), ""))
    return rows


if __name__ == "__main__":
    sys.exit(main())
