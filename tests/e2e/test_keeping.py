"""The disk and what is kept on it: a full one, a folder that takes nothing, and a home that was damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.store.care import FileCare
from desktop.store.database import open_store
from desktop.store.paths import DATABASE
from tests.store.conftest import on_small_disk
from tests.store.messages import turn
from tests.store.test_care import page_of, spoil
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.window


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
    assert FileCare(store).back_up_if_due() is not None
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
    assert FileCare(store).check() == ""
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
