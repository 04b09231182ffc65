"""The ledger's file: what is kept of an exchange, what is found again, and what becomes of a damaged or an old one."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import replace
from functools import partial

import pytest

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import Errand
from desktop.core.trust import Count, Ending, Entry, EntryFilter, Peer, Purpose
from desktop.store.ledger import KEPT_DAYS, Ledger

NOW = time.time()
FAR = Place(PlaceKind.INTERNET, "api.test.example")


SAID = {
    **{"errand": Errand.QUESTION, "conversation": "c1", "messages": 3, "files": 1},
    **{"words": 38, "earlier_words": 210, "instruction_words": 24, "asked_at": NOW - 60},
}


def entry(at=NOW, host="127.0.0.1", place=THIS_COMPUTER, **purpose):
    peer = Peer(address="127.0.0.1", port=11434, certificate="ab" * 32, issuer="Example Trust")
    return Entry(
        at=at,
        purpose=Purpose(**{**SAID, **purpose}),
        host=host,
        place=place,
        peer=peer,
        is_through_proxy=True,
        sent=10,
        received=20,
        seconds=1.5,
        ending=Ending.DONE,
    )


def test_an_entry_comes_back_whole_and_its_end_takes_the_place_of_its_beginning(tmp_path):
    file = tmp_path / "new" / "ledger.db"
    ledger = Ledger(file)
    done = entry()
    ledger.write([replace(done, sent=0, received=0, seconds=0.0, ending=Ending.OPEN)])
    ledger.write([done])
    ledger.close()
    assert Ledger(file).find(EntryFilter(), 10) == [done]
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def first_format(file):
    """Write a file of the first format with one entry."""
    columns = "id errand conversation_id model host place_kind place_host peer_address certificate issuer ending"
    numbers = "at messages files peer_port is_through_proxy sent received seconds"
    fields = [*(f"{each} TEXT" for each in columns.split()), *(f"{each} NUMERIC" for each in numbers.split())]
    told = ["1", "question", "c1", "m", "127.0.0.1", "this_computer", "", "127.0.0.1", "", "", "done", NOW, *[1] * 7]
    with contextlib.closing(sqlite3.connect(file)) as old, old:
        old.execute(f"CREATE TABLE entries ({', '.join(fields)}, PRIMARY KEY (id))")
        old.execute(f"INSERT INTO entries VALUES ({', '.join('?' * len(told))})", told)
        old.execute("PRAGMA user_version = 1")


def test_a_file_of_the_first_format_grows_the_counts_of_words_at_once_or_not_at_all(tmp_path, monkeypatch):
    class CutShort(sqlite3.Connection):
        def execute(self, sql, *values):
            if sql == "COMMIT":
                raise KeyboardInterrupt
            return super().execute(sql, *values)

    file = tmp_path / "ledger.db"
    first_format(file)
    with monkeypatch.context() as patched:
        patched.setattr("sqlite3.connect", partial(sqlite3.connect, factory=CutShort))
        with pytest.raises(KeyboardInterrupt):
            Ledger(file).find(EntryFilter(), 10)
    with contextlib.closing(sqlite3.connect(file)) as left:
        assert len(left.execute("PRAGMA table_info(entries)").fetchall()) == 19
    ledger = Ledger(file)
    (before,) = ledger.find(EntryFilter(), 10)
    assert (before.purpose.messages, before.purpose.words, before.purpose.asked_at) == (1, 0, 0.0)
    ledger.write([entry()])
    assert {each.purpose.words for each in ledger.find(EntryFilter(), 10)} == {0, 38}


def test_another_candor_may_open_the_new_file_at_the_same_time(tmp_path, monkeypatch):
    class SwitchedOverElsewhere(sqlite3.Connection):
        def execute(self, sql, *values):
            if sql.startswith("PRAGMA journal_mode"):
                busy = sqlite3.OperationalError("database is locked")
                busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise busy
            return super().execute(sql, *values)

    monkeypatch.setattr("sqlite3.connect", partial(sqlite3.connect, factory=SwitchedOverElsewhere))
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.write([entry()])
    assert len(ledger.find(EntryFilter(), 10)) == 1


def test_what_is_found(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db")
    near = entry(NOW - 30)
    far = entry(NOW - 20, "api.test.example", FAR, conversation="c2", model="deep_seek")
    lists = entry(NOW - 10, errand=Errand.MODELS, conversation="")
    ledger.write([near, far, lists])
    held_back = entry(NOW - 40, "api.test.example", FAR, conversation="c3")
    ledger.write([replace(held_back, ending=Ending.LOCKED)])

    def found(**narrowing):
        return ledger.find(EntryFilter(**narrowing), 10)

    assert found()[:3] == [lists, far, near]
    assert ledger.find(EntryFilter(), 1) == [lists]
    assert found(conversation="c2") == [far]
    assert found(place=PlaceKind.INTERNET)[0] == far
    assert found(since=NOW - 15) == [lists]
    assert found(with_lists=False)[:2] == [far, near]
    test = entry(NOW - 4, "api.test.example", FAR, errand=Errand.TEST, conversation="")
    ledger.write([test])
    assert (test in found(), test in found(with_lists=False)) == (True, False)
    ledger.clear()
    ledger.write([near, far, lists, replace(held_back, ending=Ending.LOCKED)])
    assert found(text="deep_s") == [far]
    assert found(text="API.test")[0] == far
    assert found(text="deepXseek") == found(text="%") == []
    assert found(text="offer", titled=("c1",)) == [near]
    assert sorted(ledger.counts(EntryFilter()), key=lambda each: each.place) == [
        Count("internet", 1, 1),
        Count("this_computer", 1, 1, others=1),
    ]
    assert ledger.counts(EntryFilter(with_lists=False, conversation="c1")) == [Count("this_computer", 1, 1)]
    pull = entry(NOW - 5, "registry.test.example", FAR, errand=Errand.PULL, conversation="c4")
    ledger.write([pull])
    assert ledger.counts(EntryFilter(conversation="c4")) == [Count("internet", 0, 0, downloads=1)]
    ledger.clear()
    assert found() == []
    assert b"deep_seek" not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


def test_the_requests_of_a_run_are_one_entry_where_they_are_shown(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db")
    asked, refused = [entry(NOW - at, run="r", model=f"m{at}") for at in (30, 20, 10)], entry(NOW - 5, run="r")
    other = entry(NOW - 15, run="s")
    ledger.write([*asked, other, replace(refused, ending=Ending.LOCKED), single := entry(NOW - 1)])
    shown = ledger.find(EntryFilter(), 10, by_run=True)
    assert [(each.id, each.requests) for each in shown] == [
        *[(single.id, 1), (refused.id, 1), (asked[2].id, 3), (other.id, 1)],
    ]
    run = shown[2]
    assert (run.at, run.purpose.model, run.sent, run.purpose.words, run.purpose.files) == (NOW - 10, "m10", 30, 114, 3)
    assert len(ledger.find(EntryFilter(), 10)) == 6


def test_what_is_old_goes_at_the_next_start_and_what_a_newer_version_has_added_is_left_out(tmp_path):
    file = tmp_path / "ledger.db"
    new = entry(NOW - (KEPT_DAYS - 1) * 86_400)
    ledger = Ledger(file)
    ledger.write([entry(NOW - (KEPT_DAYS + 1) * 86_400), new, replace(new, id="newer")])
    ledger.close()
    with contextlib.closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE entries SET errand = 'telepathy' WHERE id = 'newer'")
    assert Ledger(file).find(EntryFilter(), 10) == [new]


def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path):
    file = tmp_path / "ledger.db"
    file.write_bytes(b"not a database" * 100)
    ledger = Ledger(file)
    ledger.write([entry()])
    assert len(ledger.find(EntryFilter(), 10)) == 1
    assert (tmp_path / "ledger.damaged.db").read_bytes().startswith(b"not a database")
