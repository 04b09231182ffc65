"""A page of attacks in the real window: nothing that it names is opened, asked or started, whatever the reader does.

The reader looks through the page, moves the pointer over all of it, selects, copies, opens the menu and clicks. A link
opens only after its question has been answered, and then the address that was shown.

What the program opens, connects to and starts is seen by strace, from outside, since Qt reads files in C++ where no
hook of Python's sees it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.link import link_to
from desktop.core.recipes.recipe import Blank, recipe_of
from tests.e2e.attacks import BAIT, LOOK_ALIKE, LOOK_ALIKE_IN_PUNYCODE, html, lay_out_bait, page
from tests.prompts.test_recipes import folder_at
from tests.readers.making import drawn, pages
from tests.support.missing import do_without
from tests.support.scripted_server import json_reply, running_server, text_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script
from tests.support.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.window

_CONNECTED = re.compile(r'connect\(.*sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"')
_LONGEST_STRING = 4_096
_MOST_TO_LET_GO = 20.0  # seconds


class Tripwire:
    """What the program has done so far, a system call a line."""

    def __init__(self, file):
        self._file = file

    @property
    def calls(self):
        return self._file.read_text(encoding="utf-8", errors="replace").splitlines()

    def touching(self, *names):
        """The calls in which one of these names occurs."""
        return [call for call in self.calls if any(name in call for name in names)]

    @property
    def started(self):
        """The programs that were started."""
        return [call for call in self.calls if "execve(" in call and " = 0" in call]

    @property
    def connected(self):
        """Hosts and ports of internet sockets; a question to a name server is a connection to its port 53."""
        found = (_CONNECTED.search(call) for call in self.calls)
        return {(match[2], int(match[1])) for match in found if match}


def missing_tracer():
    """What is not installed."""
    return None if shutil.which("strace") else "strace"


@contextlib.contextmanager
def tripwire(pid, file):
    """Watch all threads of a process from here on. Raises RuntimeError where watching is not allowed."""
    command = ["strace", "-f", "-qq", "-s", str(_LONGEST_STRING), "-e", "trace=%file,connect", "-e", "signal=none"]
    with open(file.with_suffix(".said"), "w+", encoding="utf-8") as said:
        tracer = subprocess.Popen([*command, "-o", str(file), "-p", str(pid)], stdin=subprocess.DEVNULL, stderr=said)
        try:
            wait_until(lambda: tracer.poll() is not None or _is_traced(pid))
            if tracer.poll() is not None:
                said.seek(0)
                raise RuntimeError(said.read().strip())
            yield Tripwire(file)
        finally:
            _end(tracer)


def _end(tracer):
    """End it; one that hangs while it lets go of a busy program (strace 6.1) is killed, and the kernel lets go."""
    tracer.terminate()
    try:
        tracer.wait(_MOST_TO_LET_GO)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait(PATIENCE)


def _is_traced(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return re.search(r"^TracerPid:\s*[1-9]", status, re.MULTILINE) is not None


WIDTH, HEIGHT = 1000, 700
TEXT_LEFT, TEXT_TOP, TEXT_BOTTOM = 262, 56, 560  # about where the conversation stands in the window
SCREENS = 20  # so many turns of the wheel by half a screen go through the whole page


@pytest.fixture
def bait(tmp_path):
    return lay_out_bait(tmp_path)


@pytest.fixture
def web():
    """A site that nobody should visit."""
    with running_server({f"GET /{BAIT}": [text_reply("visited")]}) as server:
        yield server


@pytest.fixture
def browser(tmp_path):
    """A folder with a program in the place of the one that opens links; it writes down what it is told to open."""
    folder = tmp_path / "bin"
    folder.mkdir()
    opener = folder / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{folder}/opened"\n')
    opener.chmod(0o755)
    return folder


@pytest.mark.long
def test_nothing_that_a_page_names_is_touched(launch, bait, web, browser, tmp_path, candor_home):
    need_tracer()
    attacks = page(bait, web.url)
    (candor_home / "settings.json").write_text(json.dumps({"thinking_panel": "open"}))
    hostile_model = f"<img src='{bait}/red.png'>:latest"
    replies = [
        ndjson(ollama_lines(attacks, thinking=html(bait, web.url))),
        json_reply({"error": html(bait, web.url)}, 500),
    ]
    with running_server(ollama_script(*replies, models=(MODEL, hostile_model))) as server:
        program = launch(server.url, PATH=f"{browser}{os.pathsep}{os.environ['PATH']}")
        try:
            with tripwire(program.process.pid, tmp_path / "trace") as wire:
                program.resize(WIDTH, HEIGHT)
                program.ask(
                    f'<img src="{bait}/red.png"> ![x]({bait}/pipe) <style>@import url({bait}/style.css)', server
                )
                assert program.wait_for_reply(seconds=180)[-1].text.startswith("# Heading")
                read_everything(program)
                program.press("ctrl+l")
                program.ask(f'[a](file://{bait}/red.png) <img src="/dev/zero">', server)
                program.wait_for_reply("failed", seconds=60)
                look_at_everything(program)
                assert program.process.poll() is None
                assert_untouched(wire, web)
        except RuntimeError as refused:
            pytest.skip(f"tracing is not allowed here: {refused}")
        assert program.quit() == 0
    assert web.requests == []
    assert not (browser / "opened").exists()
    assert all(address in ("unix", "localhost", "127.0.0.1", "::1") for address in program.addresses)


def test_a_link_opens_after_its_question_only_and_as_it_was_shown(launch, browser):
    answer = f"[{'sign in here ' * 40}]({LOOK_ALIKE})"
    opened = browser / "opened"
    with running_server(ollama_script(ndjson(ollama_lines(answer)))) as server:
        program = launch(server.url, PATH=f"{browser}{os.pathsep}{os.environ['PATH']}")
        program.resize(WIDTH, HEIGHT)
        program.ask("Where do I sign in?", server)
        program.wait_for_reply()
        ask_to_open(program)
        program.press("Escape")
        wait_until(lambda: not is_asking(program))
        ask_to_open(program)
        program.press("Return")  # the button that Enter presses is the one that does nothing
        wait_until(lambda: not is_asking(program))
        assert not opened.exists()
        for buttons in range(1, 4):
            ask_to_open(program)
            program.press(*["Tab"] * buttons, "space")
            wait_until(lambda: not is_asking(program))
            if opened.exists():
                break
        wait_until(opened.exists)
        assert opened.read_text().splitlines() == [LOOK_ALIKE_IN_PUNYCODE]
        assert program.quit() == 0


def test_the_tripwire_sees_what_a_program_does(bait, web, tmp_path):
    need_tracer()
    code = f"""
import os, socket, subprocess, sys
sys.stdin.readline()
os.path.exists({str(bait / "pipe")!r})
open("/dev/zero").close()
socket.create_connection(("127.0.0.1", {web.port})).close()
subprocess.run(["true"])
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        try:
            with tripwire(program.pid, tmp_path / "trace") as wire:
                program.stdin.write(b"\n")
                program.stdin.close()
                program.wait(PATIENCE)
                assert len(wire.touching(str(bait))) == 1
                assert len(wire.touching("/dev/zero")) == 1
                assert ("127.0.0.1", web.port) in wire.connected
                assert wire.started
        except RuntimeError as refused:
            program.kill()
            pytest.skip(f"tracing is not allowed here: {refused}")


def need_tracer():
    if missing := missing_tracer():
        do_without(f"needs {missing}")


def assert_untouched(wire, web):
    assert wire.connected, "the tripwire has not even seen the question"
    assert wire.touching(BAIT, "/dev/zero") == []
    assert wire.started == []
    assert web.port not in {port for _, port in wire.connected}
    assert {host for host, _ in wire.connected} <= {"127.0.0.1", "::1"}
    assert 53 not in {port for _, port in wire.connected}


def read_everything(program):
    """From the first line to the last, with the pointer over every place; the thinking opened, all text copied."""
    middle = (WIDTH // 2, (TEXT_TOP + TEXT_BOTTOM) // 2)
    program.hover([middle])
    program.press_button(4, 400)
    for _ in range(SCREENS):
        program.hover((x, y) for y in range(TEXT_TOP, TEXT_BOTTOM, 14) for x in range(TEXT_LEFT, WIDTH - 20, 60))
        program.hover([middle])
        program.press_button(5, 6)
    program.press_button(1)
    program.press("ctrl+a", "ctrl+c")
    program.press_button(3)
    program.press("Escape")
    close_questions(program)


def look_at_everything(program):
    """The list of conversations, the header, the menu of models, the card of the error; tips come up under them."""
    program.press_button(5, 400)
    program.hover((x, y) for y in range(8, HEIGHT, 22) for x in range(10, WIDTH, 70))
    for place in ((120, 120), (120, 160), (400, 26), (560, 26)):
        program.hover([place, (place[0] + 3, place[1])])
        program.press_button(3)
        program.press("Escape")
        program.press_button(1)
        program.press("Down", "Escape")
    close_questions(program)


def is_asking(program):
    return len(program.windows()) > 1


def close_questions(program):
    """Close what the clicks and keys so far have opened, also where that comes late; typing goes to the page again."""

    def are_closed():
        if not is_asking(program):
            return True
        program.press("Escape")
        return False

    program.wait_until_quiet()
    wait_until(are_closed)
    program.wait_until_quiet()


def ask_to_open(program):
    """Click down the middle of the conversation until the question about the link comes up."""
    places = iter([(WIDTH // 2, y) for y in range(TEXT_TOP, TEXT_BOTTOM, 12)] * 3)

    def is_asked():
        if is_asking(program):
            return True
        program.click(*next(places))
        return False

    wait_until(is_asked)


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
