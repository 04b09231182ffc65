"""`python -m tests.attacks [NAME …]`: attack the program at random, and tell by which seed what did not hold.

Each attack is a function of its luck and an empty folder, which says what was done, or raises. It is many cases; a case
is a seed, which decides all that is random in it. `--case SEED` runs one again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from desktop.core.errors import StoreError
from desktop.core.folders import RowState
from desktop.exporters import candor_file
from desktop.store.database import SqliteStore, open_store
from desktop.store.paths import DATABASE
from tests.attacks.hostile import PROTOCOLS
from tests.attacks.victim import BROUGHT, CONTRACTS, FORGETS, QUESTION
from tests.exporters.talk import talk
from tests.store.conftest import turn, why_no_own_disk
from tests.store.test_care import spoil
from tests.support.scripted_server import Fed, Pause, Reply, running_server
from tests.support.scripts import ollama_line, ollama_lines, ollama_script
from tests.support.waiting import PATIENCE, wait_until
from tests.ui.window.test_bin import SECRET, on_disk

ROOT = Path(__file__).parents[2]
_OWN_WORDS = 2.0  # seconds before a kill whose words may be lost
_WORDS_OF_A_REPLY = 0.5
_MANY = 300  # conversations in a file that is damaged
_PAGE = 4096
_POLICY_TESTS = (
    "tests/ui/policy",
    "tests/store/test_settings.py",
    "tests/core/policy",
    "tests/backends/wire/test_network.py",
)


class Victim:
    """A running `victim`; `noted` is what it said it had done, with the moments."""

    def __init__(self, activity, folder, seed, before=(), server="", last=()):
        surroundings = {**os.environ, "CANDOR_HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
        surroundings |= {"QT_QPA_PLATFORM": "offscreen", **({"OLLAMA_HOST": server} if server else {})}
        command = [*before, sys.executable, "-m", "tests.attacks.victim", activity, str(folder), str(seed), *last]
        self._errors = (folder.parent / f"{folder.name}.log").open("w+")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        self.noted = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with contextlib.suppress(json.JSONDecodeError):  # the last one, cut by a kill
                self.noted.append(json.loads(line))

    def wait(self, seconds=2 * PATIENCE):
        """Until it has ended by itself; raises where it has failed."""
        try:
            assert self.process.wait(seconds) == 0, self.errors
        finally:
            self.kill()

    def kill(self):
        """End it as a crash would, and return the moment."""
        self.process.kill()
        moment = time.monotonic()
        self.process.wait()
        self._reader.join()
        return moment

    @property
    def errors(self):
        self._errors.seek(0)
        return self._errors.read()[-2000:]

    def promised(self, before):
        """What was done before a moment."""
        return [said for moment, *said in self.noted if moment < before and said != ["ready"]]


@contextlib.contextmanager
def fed_server(activity):
    """A server of endless answers, and what sends the next word of one; no server where none is asked for more."""
    if activity != "answering":
        yield "", lambda: None
        return
    with running_server(ollama_script(Reply([Fed()], content_type="application/x-ndjson"))) as server:
        sent = []

        def feed():
            if server.chats:
                server.feed(json.dumps(ollama_line(f"w{len(sent)} ")).encode() + b"\n")
                sent.append(time.monotonic())

        feed.sent = sent  # type: ignore[attr-defined]
        yield server.url, feed


def kill(luck, folder):
    """Kill it at a random moment of an activity; whatever was done two seconds before is there after a start."""
    home, activity = folder / "home", luck.choice(list(_CHECKS))
    home.mkdir()
    _CHECKS[activity].lay_out(home)
    with fed_server(activity) as (server, feed):
        victim = Victim(activity, home, luck.random(), server=server)
        wait_until(lambda: victim.noted or victim.process.poll() is not None)
        assert victim.process.poll() is None, victim.errors
        until = time.monotonic() + luck.uniform(0.1, 6)
        while time.monotonic() < until:
            feed()
            time.sleep(0.02)
        assert victim.process.poll() is None, victim.errors
        killed = victim.kill()
        for moment, word in zip(getattr(feed, "sent", ()), (f"w{number}" for number in range(10**6)), strict=False):
            victim.noted.append([moment - _OWN_WORDS + _WORDS_OF_A_REPLY, word])
    _assert_sound(home)
    Victim("look", home, 0).wait()
    _assert_sound(home)
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as file:
        assert file.execute("SELECT count(*) FROM messages WHERE status = 'streaming'").fetchone() == (0,)
    _CHECKS[activity].check(home, victim, killed - _OWN_WORDS)
    return activity


def _assert_sound(home):
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as file:
        assert file.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)


def _words_in(home):
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as file:
        asked = ("SELECT text FROM drafts", "SELECT draft FROM prompt_drafts", "SELECT text FROM messages")
        return " ".join(str(row[0]) for query in asked for row in file.execute(query))


def _has_words(home, victim, before):
    there = set(re.findall(r"\w+", _words_in(home)))
    assert (lost := [word for (word,) in victim.promised(before) if word not in there]) == [], lost


def _has_no_secret(home, victim, before):
    assert on_disk(home, SECRET.split()[-2]) == []


def _has_conversations(home, victim, before):
    store = open_store(home / DATABASE)
    whole = {each.title for each in store.conversations() if len(store.path(each.id)) == 2}
    assert len(whole) == len(store.conversations())
    store.close()
    assert (lost := [title for (title,) in victim.promised(before) if title not in whole]) == [], lost


def _has_folders(home, victim, before):
    store = open_store(home / DATABASE)
    found = {each.id: each.settings.folder for each in store.conversations()}
    store.close()
    last = dict(victim.promised(before))  # type: ignore[arg-type]
    since = [tuple(each) for each in victim.promised(float("inf"))[len(victim.promised(before)) :]]
    assert all(found[one] == folder or (one, found[one]) in since for one, folder in last.items())


def _has_whole_files(home, victim, before):
    for file in home.glob("out.*"):
        content = file.read_bytes()
        match file.suffix:
            case ".json":
                json.loads(content)
            case ".pdf":
                assert content.rstrip().endswith(b"%%EOF"), file
            case ".docx" | ".odt" | ".xlsx":
                with zipfile.ZipFile(file) as opened:
                    assert opened.testzip() is None, file
            case _:
                assert content, file


def _lay_out_files(home):
    (home / BROUGHT).mkdir()
    for number in range(400):
        conversation, asked, reply = turn(f"brought {number}", "Yes.")
        export = replace(talk(asked, reply), conversation=conversation)
        (home / BROUGHT / f"{number}.json").write_bytes(candor_file.write(export))


def _lay_out_conversations(home, count=40):
    store = open_store(home / DATABASE)
    for number in range(count):
        conversation, asked, reply = turn(f"question {number} {'x' * 300}", f"answer {number} {'y' * 700}")
        store.begin_reply(conversation, [asked, reply])
    store.close()


@dataclass(frozen=True)
class _Check:
    check: Callable[[Path, Victim, float], None]
    lay_out: Callable[[Path], None] = lambda _: None


_CHECKS = {
    "typing": _Check(_has_words),
    "secrets": _Check(_has_no_secret),
    "language": _Check(_has_words),
    "answering": _Check(_has_words),
    "importing": _Check(_has_conversations, _lay_out_files),
    "moving": _Check(_has_folders, _lay_out_conversations),
    "exporting": _Check(_has_whole_files),
}


_FILES = 30  # of the folder that is asked
_AT_ONCE = 2  # files that are read at once, and so at a kill
_OF_FILES = "gives notice"


def _answer_slowly(request):
    """What the first file or passage of a request says, a token in a hundredth of a second; else words to look for."""
    house = re.search(r"house (\d+) gives", request.json["messages"][-1]["content"])
    answer = _notice(house[1]) if house is not None else "notice, lease"
    steps = [(json.dumps(line) + "\n", Pause(0.01)) for line in ollama_lines(answer)]
    return Reply([each for both in steps for each in both], content_type="application/x-ndjson")


def _notice(house):
    return f"Notice of {int(house) + 3} months is given."


def kill_with_folder(luck, folder):
    """Kill it while it reads a folder, asks it, or asks each file; later all of that is done, and nothing twice."""
    home, contracts, activity = folder / "home", folder / CONTRACTS, luck.choice(list(_FOLDER_CHECKS))
    home.mkdir()
    contracts.mkdir()
    for number in range(_FILES):
        words = f"The tenant of house {number} {_OF_FILES}. {_notice(number)}"
        (contracts / f"Lease {number}.txt").write_text(words, encoding="utf-8")
    begins, longest, check = _FOLDER_CHECKS[activity]
    with running_server(ollama_script(_answer_slowly)) as server:
        victim = Victim(activity, home, luck.random(), server=server.url)
        wait_until(lambda: any(begins in said for said in victim.noted) or victim.process.poll() is not None)
        until = time.monotonic() + luck.uniform(0, longest)
        wait_until(lambda: time.monotonic() > until or victim.process.poll() is not None)
        readers = psutil.Process(victim.process.pid).children() if victim.process.poll() is None else []
        victim.kill()
        assert victim.process.returncode in (0, -9), victim.errors
        assert psutil.wait_procs(readers, timeout=10)[1] == [], "a reader outlives the program"
        _assert_sound(home)
        check(home, victim, server)
        again = Victim(activity, home, luck.random(), server=server.url, last=(FORGETS,))
        again.wait()
        _assert_sound(home)
        begun = Counter(name for _, *said in victim.noted + again.noted if said[0] == "read" for name in said[1:])
        assert len(begun) == _FILES
        assert begun.total() - _FILES <= _AT_ONCE, begun.most_common(_AT_ONCE + 1)
        check(home, again, server)
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as file:
        sent = {digest for (digest,) in file.execute("SELECT digest FROM message_files")}
    left = {each for each in on_disk(home, _OF_FILES) if not each.startswith(DATABASE)} - sent
    assert left == set(), left
    return activity if victim.process.returncode else f"{activity}, which was over"


def _is_read_once(home, victim, server):
    """Nothing beside how often each file was read."""


def _are_answered(home, victim, server):
    """Each question that went is kept, with the passages that went along."""
    store = open_store(home / DATABASE)
    kept = [message for each in store.conversations() for message in store.path(each.id)]
    store.close()
    said = [each for each in kept if each.text.startswith(QUESTION.partition("%")[0])]
    asked = [chat for chat in server.chats if _OF_FILES in chat.json["messages"][-1]["content"]]
    assert len(said) >= len(asked)
    assert all(each.passages for each in said), "a question is kept without its passages"
    assert not [each for each in kept if each.status == "streaming"] or victim.process.returncode


def _has_rows(home, victim, server):
    """Each row that was shown as done is kept, and only the file of a kill is asked twice."""
    store = open_store(home / DATABASE)
    rows = [row for each in store.conversations() for run in store.file_runs(each.id) for row in run.rows]
    store.close()
    done = [[row.path, row.state, row.answer] for row in rows if row.state is not RowState.WAITS]
    lost = [said for _, *said in victim.noted if len(said) == 3 and said not in done]
    assert lost == [], lost
    assert all(answer == _notice(re.findall(r"\d+", path)[0]) for path, _, answer in done), done
    assert len(server.chats) <= len(done) + 1
    assert len(done) == len(rows) or victim.process.returncode


_FOLDER_CHECKS = {
    "reading": ("read", 8.0, _is_read_once),
    "asking": ("asking", 6.0, _are_answered),
    "asking each file": ("asking", 6.0, _has_rows),
}


def fill_disk(luck, folder):
    """Fill a small disk and free it again while the program is used; closed with room, all words are there."""
    if reason := why_no_own_disk():
        raise RuntimeError(reason)
    kilobytes = luck.randint(1_500, 6_000)
    script = f'mount -t tmpfs -o size={kilobytes}k tmpfs "$0" && "$@" && cp "$0/{DATABASE}" "$0/../kept.db"'
    home = folder / "home"
    home.mkdir()
    victim = Victim(
        "disk", home, luck.random(), ("unshare", "--map-root-user", "--mount", "sh", "-c", script, str(home))
    )
    victim.wait()
    (folder / "kept").mkdir()
    (folder / "kept.db").rename(folder / "kept" / DATABASE)
    _assert_sound(folder / "kept")
    _has_words(folder / "kept", victim, float("inf"))
    return f"{kilobytes // 1_500 * 1.5} MB"


def damage(luck, folder):
    """Overwrite pages of a file of conversations; it is told, and repaired to the end, or a backup is had back."""
    _lay_out_conversations(folder, _MANY)
    file = folder / DATABASE
    store = SqliteStore(file)
    assert store.back_up_if_due() is not None
    store.close()
    pages = file.stat().st_size // _PAGE
    kind, count = luck.choice(["noise", "zeros", "first page", "cut short"]), luck.randint(1, 3)
    for page in luck.sample(range(2, pages + 1), count) if kind in ("noise", "zeros") else ():
        spoil(file, page, luck.randbytes(_PAGE) if kind == "noise" else None)
    if kind == "first page":
        spoil(file, 1, luck.randbytes(_PAGE))
    if kind == "cut short":
        os.truncate(file, luck.randrange(1, pages) * _PAGE)
    store = SqliteStore(file)
    with contextlib.suppress(Exception):
        store.conversations()
    assert store.trouble is not None or store.check() != "", "nothing was noticed"
    try:
        repaired = store.repair()
        assert repaired.messages >= 2 * _MANY - 15 * count, (kind, count, repaired)
        assert repaired.conversations >= _MANY - 30 * count, (kind, count, repaired)
    except StoreError:  # the list of the tables is lost, too
        kind += ", had back"
        store.restore(store.backups()[0])
        assert len(store.conversations()) == _MANY
    assert store.check() == ""
    conversation, asked, reply = turn("after it", "works")
    store.begin_reply(conversation, [asked, reply])
    store.close()
    return kind


def meet_server(luck, folder):
    """Have a hostile server answer."""
    home, protocol = folder / "home", luck.choice(list(PROTOCOLS))
    home.mkdir()
    Victim(protocol, home, luck.random()).wait()
    _assert_sound(home)
    return protocol


def try_policy(luck, folder):
    """Try each rule of a policy from behind: the tests of the suite, in an order of their own."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *_POLICY_TESTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    from tests.ui.policy.test_from_behind import AT_WORK, OUT_OF_REACH

    return f"{len(AT_WORK) + len(OUT_OF_REACH)} attempts besides"


@dataclass(frozen=True)
class Attack:
    run: Callable[[random.Random, Path], str]
    cases: int


ATTACKS = {
    "kills": Attack(kill, 200),
    "folders": Attack(kill_with_folder, 150),
    "disks": Attack(fill_disk, 50),
    "pages": Attack(damage, 100),
    "servers": Attack(meet_server, 100),
    "policy": Attack(try_policy, 1),
}


def main():
    parser = argparse.ArgumentParser(prog="dev.py attack", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *ATTACKS], help=f"which: {', '.join(ATTACKS)} (default: all)")
    parser.add_argument("--count", type=int, help="how many cases of each, in place of its own number")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="what the seeds of cases begin with")
    parser.add_argument("--case", help="run this one case")
    choice = parser.parse_args()
    failed = 0
    for name in choice.name or ATTACKS:
        count = choice.count or ATTACKS[name].cases
        seeds = [choice.case] if choice.case else [f"{choice.seed}-{number}" for number in range(count)]
        failed += _attack(name, seeds)
    return int(failed > 0)


def _attack(name, seeds):
    """Run the cases of one attack; return how many did not hold."""
    began, held, fallen = time.monotonic(), Counter[str](), []
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix="candor-attack-") as folder:
            try:
                held[ATTACKS[name].run(random.Random(f"{name}-{seed}"), Path(folder))] += 1
            except Exception:
                fallen.append(seed)
                sys.stderr.write(f"{name} --case {seed} did not hold:\n{traceback.format_exc(limit=-3)[-3000:]}\n")
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(held.items()))
    seconds = time.monotonic() - began
    sys.stdout.write(f"{name}: {held.total()} of {len(seeds)} held ({kinds}), {seconds:.0f} s")
    sys.stdout.write(f"; not: --case {' '.join(fallen)}\n" if fallen else "\n")
    sys.stdout.flush()
    return len(fallen)


if __name__ == "__main__":
    sys.exit(main())
