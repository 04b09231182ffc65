"""Temporary conversations, when the window is made anew over them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from desktop.core.conversation import temporary_id
from desktop.store.database import SqliteStore
from desktop.store.paths import DATABASE
from tests.store.messages import turn


def test_they_last_until_nobody_goes_on_with_them(tmp_path: Path) -> None:
    file = tmp_path / DATABASE
    talk, asked, reply = turn("A merger", "Agreed.")
    talk = replace(talk, id=temporary_id())
    store = SqliteStore(file)
    for at, expected in enumerate((["A merger"], ["A merger"], [])):
        with ThreadPoolExecutor(1) as thread:  # each window has one of its own
            if at == 0:
                thread.submit(store.begin_reply, talk, [asked, reply]).result()
            assert [each.title for each in thread.submit(store.conversations).result()] == expected
            thread.submit(store.end, keeps_temporary=at == 0).result()
        store = SqliteStore(file, store)
