"""A start: what it loads and whom it contacts, and what a second one comes to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop.store.database import open_store
from desktop.store.paths import DATABASE
from tests.backends.wire.test_network import can_have_a_network
from tests.e2e.program import is_here
from tests.store.conftest import on_small_disk, turn
from tests.store.test_care import page_of, spoil
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.window

# What would make the window late, and is not needed to show it.
LATE = {
    "httpcore",
    "keyring",
    "markdown_it",
    "pygments",
    "ziamath",
    "tomlkit",
    "xllamacpp",
    "truststore",
    "asyncssh",
    "psutil",
    "asyncio",
}
# Floors and rooms of which the window, as it is first painted, has no need.
LATE_ROOMS = (
    "app",
    "backends.openai_compat",
    "engine",
    "exporters",
    "importers",
    "prompts",
    "readers",
    "store.database",
)
LATE_ROOMS += ("core.advice", "core.evidence", "core.signs", "core.tasks.office", "ui.search", "ui.trust")
LATE_ROOMS += ("runtime.chat", "runtime.session", "runtime.generation", "runtime.background", "ui.window.parts")


def test_the_first_paint_needs_nothing_heavy(launch):
    assert all(find_spec(name) for name in LATE), "a name that nobody has is absent for ever"
    program = launch(arguments=("--exit-after-first-paint",), waits=False)
    assert program.process.wait(PATIENCE) == 0
    printed = json.loads(program.log.splitlines()[-1])
    assert {"desktop", "PySide6"} <= set(printed["modules"])
    assert LATE & set(printed["modules"]) == set()
    own = [name for name in printed["modules"] if name.startswith("desktop.")]
    rooms = tuple(f"desktop.{room}" for room in LATE_ROOMS)
    assert all(map(find_spec, rooms)), "a room that is nowhere is absent for ever"
    assert [name for name in own if name.startswith(rooms)] == []
    assert program.addresses == []


# Each module of an idle window is memory that everybody pays for: about 20 KiB.
MODULES_AT_REST = 300
WANTED_LATER = ("core.teaching", "importers.sources", "parts.help", "store.folders", "ui.search.page")
_MODULES_AT_REST = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from tests.support.in_process import open_program

app = QApplication([])
with open_program(app, Path(sys.argv[1])) as opened:
    opened.wait_until(lambda: opened.program.services.connections.is_settled)
    opened.drain_store()
    print("loaded:", *(name for name in sys.modules if name.startswith("desktop.")))
"""


def test_an_idle_window_holds_no_more_than_it_uses(tmp_path):
    surroundings = {**os.environ, "CANDOR_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _MODULES_AT_REST, str(tmp_path)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=True)
    loaded = next(line for line in done.stdout.splitlines() if line.startswith("loaded:")).split()[1:]
    assert "desktop.app" in loaded
    later = [f"desktop.{name}" for name in WANTED_LATER]
    assert all(map(find_spec, later)), "a module that is nowhere is absent for ever"
    assert set(later) & set(loaded) == set()
    assert len(loaded) <= MODULES_AT_REST


def test_it_contacts_nothing_but_loopback_and_a_second_start_shows_its_window_and_ends(launch, tmp_path):
    first = launch(https_proxy="http://203.0.113.1:3128", XDG_CACHE_HOME=str(tmp_path))
    wait_until(lambda: sum(each != "unix" for each in first.addresses) >= 4)
    for is_hidden in (False, True):
        if is_hidden:
            first.minimize()
            wait_until(lambda: not first.windows())
        second = launch(waits=False)
        assert second.process.wait(PATIENCE) == 0
        assert first.process.poll() is None
        wait_until(lambda: first.windows() == [first.window])
    assert first.quit() == 0
    assert first.addresses
    assert all(is_here(address) for address in first.addresses)


def test_two_starts_at_once_come_to_one_window(launch):
    programs = [launch(waits=False), launch(waits=False)]
    wait_until(lambda: any(each.process.poll() is not None for each in programs))
    ended, running = sorted(programs, key=lambda each: each.process.poll() is None)
    assert ended.process.poll() == 0
    running.wait_for_window()
    assert len(running.windows()) == 1
    assert ended.windows() == []


def test_another_folder_is_another_program_and_a_crash_leaves_nothing_that_stops_the_next_start(launch, tmp_path):
    first = launch()
    second = launch(home=tmp_path / "other")
    assert first.process.poll() is None
    assert first.window != second.window
    first.kill()
    again = launch()
    assert again.quit() == 0
    assert second.quit() == 0


def test_closing_and_starting_again_at_once_opens_a_window_which_the_system_may_end_at_once(launch):
    first = launch()
    first.press("ctrl+q")
    again = launch(waits=False)
    wait_until(again.windows)
    again.process.terminate()  # mostly while it is loaded: it ends in order, when it can
    assert first.process.wait(PATIENCE) == 0
    assert again.process.wait(PATIENCE) == 0


@pytest.mark.long
def test_nothing_goes_to_whom_nobody_has_chosen(tmp_path):
    if not can_have_a_network():
        pytest.skip("needs root on Linux, unshare and ip")
    used = ["unshare", "-n", "-m", sys.executable, "-m", "tests.e2e.lone_program", str(tmp_path)]
    done = subprocess.run(used, capture_output=True, text=True, timeout=20 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["locked"] == 0
    assert told["under_lock"] == {"names": [], "targets": []}
    # Without the lock: the one that was chosen, by its name, and whom to ask for that.
    assert told["chosen"]["names"] == ["api.provider.example"]
    assert set(told["chosen"]["targets"]) == {"192.0.2.53:53", "192.0.2.99:8000"}


_PATIENCE = 150  # seconds; an engine that shares its processors is slow
_QUESTION = "Name three colours."


def ends_with(program, status):
    """Return what it printed."""
    assert program.process.wait(_PATIENCE) == status, program.log
    return program.log


@pytest.mark.engine
def test_the_answer_is_printed_and_the_window_is_kept_as_a_picture(launch, candor_home, tmp_path):
    picture = tmp_path / "window.png"
    settings = candor_home / "settings.json"
    usual = {"connection_id": "work", "model": "a model of the company"}
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"default_choice": usual}), encoding="utf-8")
    program = launch(arguments=("--ask", _QUESTION, "--picture", str(picture)), waits=False)
    said = ends_with(program, 0)
    assert json.loads(settings.read_text(encoding="utf-8"))["default_choice"] == usual
    asked, answer = program.messages()
    assert (asked.text, answer.status) == (_QUESTION, "complete")
    assert said.index(f"Asked:   {_QUESTION}") < said.index(f"Answer:  {answer.text.strip()}")
    assert f"Picture: {picture}" in said
    assert QImage(str(picture)).width() > 400


def test_without_the_starter_model_it_says_so_and_fails(launch, tmp_path):
    program = launch(arguments=("--ask", _QUESTION), waits=False, XDG_CACHE_HOME=str(tmp_path))
    assert "candor: the starter model is not on this computer." in ends_with(program, 1)


def test_beside_another_window_nothing_is_asked(launch):
    first = launch()
    second = launch(arguments=("--ask", _QUESTION), waits=False)
    assert "Candor is open already" in ends_with(second, 1)
    assert first.process.poll() is None
    assert first.messages() == []


def test_a_window_that_is_closed_early_is_no_success(launch, tmp_path):
    program = launch(arguments=("--ask", _QUESTION), XDG_CACHE_HOME=str(tmp_path))
    program.process.terminate()
    assert "candor: the" in ends_with(program, 1)


def test_what_happens_is_told_without_a_word_of_the_conversation(launch, tmp_path):
    file = tmp_path / "candor.log"
    with running_server(ollama_script(ndjson(ollama_lines("Forty-two.")))) as server:
        program = launch(server.url, arguments=("--log", "debug", "--log-http", "heads", "--log-file", str(file)))
        program.ask("What do we owe Mr Smith?", server)
        program.wait_for_reply()
        assert program.quit() == 0
    told = file.read_text(encoding="utf-8")
    assert "INFO desktop.start: Candor " in told
    assert f"POST {server.url}/api/chat" in told
    assert "reply " in told
    assert "ended: done" in told
    assert "Smith" not in told
    assert "Forty" not in told
    assert program.log == ""


def test_a_file_that_cannot_be_written_is_named(launch, tmp_path):
    program = launch(arguments=("--log-file", str(tmp_path / "none" / "candor.log")), waits=False)
    assert program.process.wait(60) == 1
    assert f"{tmp_path}/none/candor.log could not be written: " in program.log


_PRINT = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
from desktop import start
app = QApplication(["candor"])
start.install_texts(app, sys.argv[1])
field = QLineEdit("words")
menu = field.createStandardContextMenu()
print(menu.actions()[0].text().encode("ascii", "backslashreplace").decode())
"""


@pytest.mark.parametrize(("language", "undo"), [("zh_CN", "\u64a4\u6d88"), ("en", "Undo")])
def test_the_menu_of_a_field_speaks_the_language(language, undo):
    done = subprocess.run(
        [sys.executable, "-c", _PRINT, language],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = done.stdout.encode().decode("unicode_escape").replace("&", "")
    assert undo in said


MANY = 40


def _lose_a_page(file):
    spoil(file, page_of(file, "conversations", 0))


def _lose_its_head(file):
    spoil(file, 1)


@pytest.mark.parametrize(
    ("harm", "way", "answers", "outcome"),
    [
        (_lose_a_page, "Repair…", "Repair", "Repaired: "),
        (_lose_its_head, "Restore a backup…", "Restore", "The backup is in place."),
        (Path.unlink, "Restore a backup…", "Restore", "The backup is in place."),
    ],
    ids=["a page is lost", "its head is lost", "it is missing"],
)
def test_a_damaged_home_is_put_in_order(launch, candor_home, harm, way, answers, outcome):
    file = candor_home / DATABASE
    store = open_store(file)
    for number in range(MANY):
        conversation, asked, reply = turn(f"kept {number}", "yes")
        store.begin_reply(conversation, [asked, reply])
    assert store.back_up_if_due() is not None
    store.close()
    harm(file)
    with running_server(ollama_script(ndjson(ollama_lines("It works.")))) as server:
        program = launch(server.url, CANDOR_TEST_SCREEN=str(candor_home / "test.screen"))
        program.wait_to_read("The conversations file is damaged")
        program.click_on(way, then="put aside in the data folder")
        program.click_on(answers, then=outcome)
        program.wait_for_window()
        program.wait_to_read("kept")
        program.ask("And now?", server)
        wait_until(lambda: any(each.text == "It works." for each in program.messages()))
        assert program.quit() == 0
    store = open_store(file)
    assert store.check() == ""
    assert sum(len(store.path(each.id)) for each in store.conversations()) == 2 * (MANY + 1)
    store.close()


@pytest.mark.parametrize("case", ["full_before_sending", "full_while_typing", "full_while_answering", "read_only"])
def test_disk(tmp_path, case):
    on_small_disk(tmp_path, case, program="tests.e2e.disk_program")


def test_a_folder_that_cannot_be_made_is_told_in_a_window(tmp_path):
    """As root nothing is read-only, so the folder lies below a file."""
    (tmp_path / "file").write_text("no folder")
    from tests.e2e.program import RunningProgram

    program = RunningProgram(tmp_path / "log", {"CANDOR_HOME": str(tmp_path / "file" / "home")})
    try:
        program.wait_for_window()
        assert "Candor" in program.title
        program.press("Escape")
        assert program.process.wait(PATIENCE) == 1
        assert "Traceback" not in program.log
    finally:
        program.end()
