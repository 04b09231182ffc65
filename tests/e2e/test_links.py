"""Links, files and addresses in the real window, also from a second start; whoever writes them writes no options."""

from __future__ import annotations

import contextlib
import json

import pytest

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.link import link_to
from desktop.core.recipes.recipe import Blank, recipe_of
from tests.prompts.test_recipe_folder import folder_at
from tests.readers.pdf_making import drawn, pages
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.window

# What stands in the blank from the start, so that Enter alone uses the form, and does nothing before it is there.
REPLY = recipe_of(
    "回复投诉 100%?",
    PromptDraft(framework="main", texts={"task": "Answer {{who}}."}),
    (Blank(name="who", default="Ms Li"),),
)
FILLED = 'Answer "Ms Li".'


def use_the_form(program):
    """Press Enter until the filled prompt is kept as the draft of the prompt builder, which is so after a pause."""

    def is_kept():
        return any(each["texts"].get("task", "").strip() == FILLED for each in drafts(program))

    for _ in range(10):
        program.press("Return")
        with contextlib.suppress(AssertionError):
            wait_until(is_kept, 2)
        if is_kept():
            return
    raise AssertionError(f"the form was not used; the program said: {program.log}")


def drafts(program):
    return [json.loads(row[0]) for row in program._read("SELECT draft FROM prompt_drafts")]


def test_a_start_with_a_link_shows_the_form_and_sends_nothing(launch, candor_home):
    folder_at(candor_home / "recipes").add_recipe(REPLY)
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        program = launch(server.url, arguments=(link_to(REPLY.name),))
        use_the_form(program)
        assert program.quit() == 0
        assert server.chats == []
    assert program.messages() == []


def test_a_second_start_leads_a_running_window_to_the_recipe(launch, candor_home, tmp_path):
    company = tmp_path / "公司"
    folder_at(company).add_recipe(REPLY)
    (candor_home / "settings.json").write_text(json.dumps({"recipes_folder": str(company)}))
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        first = launch(server.url)
        first.minimize()
        wait_until(lambda: not first.windows())
        untouched = tmp_path / "notes.txt"
        untouched.write_text("mine")
        link = link_to(REPLY.name).replace("candor:", "CANDOR:///")
        second = launch(server.url, waits=False, arguments=(link, "--diagnose", str(untouched)))
        assert second.process.wait(PATIENCE) == 0
        wait_until(lambda: first.windows() == [first.window])
        first.wait_for_window()
        use_the_form(first)
        assert untouched.read_text() == "mine"
        assert server.chats == []


def test_a_file_may_come_as_its_address(launch, candor_home, tmp_path):
    file = tmp_path / "回复 1#%20.candor.toml"
    folder_at(tmp_path).write_file(file, REPLY)
    first = launch()
    second = launch(waits=False, arguments=(file.as_uri(),))
    assert second.process.wait(PATIENCE) == 0
    kept = folder_at(candor_home / "recipes")

    def is_saved():
        first.press("ctrl+s")  # where the recipe is shown
        return [each.recipe for each in kept.read().recipes] == [REPLY]

    wait_until(is_saved)


def test_documents_go_with_the_next_message_at_the_start_and_from_a_second_one(launch, tmp_path):
    files = [tmp_path / "报告 1#%20.pdf", tmp_path / "letter.txt"]
    files[0].write_bytes(pages([drawn((60, 700, "The deposit is 12,500."))]))
    files[1].write_text("The rent is 4,150.", encoding="utf-8")
    with running_server(ollama_script(ndjson(ollama_lines("Four.")))) as server:
        first = launch(server.url, arguments=(str(files[0]),))

        def attached():
            return [json.loads(row[0])["name"] for row in first._read("SELECT record FROM draft_files ORDER BY seq")]

        wait_until(lambda: attached() == [files[0].name])
        second = launch(server.url, waits=False, arguments=(files[1].as_uri(),))
        assert second.process.wait(PATIENCE) == 0
        wait_until(lambda: attached() == [each.name for each in files])
        first.type("How much is it?")
        first.press("Return")
        wait_until(lambda: server.chats)
        said = server.chats[-1].json["messages"][-1]["content"]
        assert "The deposit is 12,500." in said
        assert "The rent is 4,150." in said
