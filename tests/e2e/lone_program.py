"""Run in a network of its own, by `test_start`: uses the whole program, and prints what left by its one cable.

First under the offline lock, with servers far away set up, and then without it, with one that was chosen. At the other
end is `far_side`. So nothing can be overlooked, whichever part of the program, Qt or Python sends it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.model import ModelChoice
from desktop.store.settings import Settings
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.opening import Application
from tests.e2e.test_hostile_page import lay_out_bait, page
from tests.support.in_process import export_all, open_program
from tests.support.patient_bot import process_next_events
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script
from tests.ui.steps import answering

CABLE = """
ip link set lo up
ip link add trip0 type veth peer name trip1
echo 1 > /proc/sys/net/ipv6/conf/trip0/disable_ipv6
ip link set trip1 netns {far}
ip addr add 192.0.2.1/24 dev trip0
ip link set trip0 up
ip route add default via 192.0.2.2
mount --bind {resolver} /etc/resolv.conf
"""
CHOSEN = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Chosen", address="http://api.provider.example:8000/v1", id="chosen"
)
FAR = (
    CHOSEN,
    Connection(kind=ConnectionKind.OPENAI_COMPAT, name="House", address="http://gpu-server:8000/v1", id="house"),
    Connection(kind=ConnectionKind.OLLAMA, name="Own", address="http://gpu.localhost:11435", id="own", has_key=True),
    Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Number", address="https://198.51.100.7/v1", id="number"),
)
ASKING = {"Quit", "Open a model file…", "Attach files"}  # these wait for a dialog of the system
SLOW = {"Larger text", "Smaller text", "Normal text"}  # and speak to nobody
MAIL = "From: a@example.com\nSubject: Offer\nContent-Type: text/html\n\n<p>1,200 <img src='http://pixel.example/1.png'></p>"


class FarSide:
    """The process at the other end of the cable."""

    def __init__(self, folder):
        command = ["unshare", "-n", sys.executable, "-m", "tests.e2e.far_side"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        resolver = folder / "resolv.conf"
        resolver.write_text("nameserver 192.0.2.53\noptions timeout:1 attempts:1\n")
        wanted = f"/proc/{self._process.pid}/ns/net"
        while os.readlink(wanted) == os.readlink("/proc/self/ns/net"):
            assert self._process.poll() is None
        cable = CABLE.format(far=self._process.pid, resolver=resolver)
        subprocess.run(["sh", "-e", "-c", cable], check=True)
        self._say()
        assert self._hear() == "ready"

    def _say(self):
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def _hear(self):
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def seen(self):
        """What has come since the last time."""
        self._say()
        return json.loads(self._hear())

    def end(self):
        self._process.kill()
        self._process.wait()


def said(text):
    return ndjson(ollama_lines(text))


def packets():
    """How many packets have been sent into the cable."""
    (line,) = (each for each in Path("/proc/net/dev").read_text().splitlines() if each.strip().startswith("trip0:"))
    return int(line.split(":")[1].split()[9])


def leave_dialogs(opened):
    for each in opened.window.findChildren(QDialog):
        if each.isVisible():
            each.reject()


def open_every_page(opened):
    """What each key of the window does, one after the other."""
    program, window = opened.program, opened.window
    for action in window.actions():
        if action.text() not in ASKING | SLOW:
            action.trigger()
            process_next_events()
            leave_dialogs(opened)
            window.show_chat()
    window.header.open_models()
    process_next_events()
    window.header.menu.close()
    window.header.place.outgoing_requested.emit()
    window.header.place.ledger_requested.emit()
    window.diagnostics_requested.emit()
    process_next_events()
    leave_dialogs(opened)
    program.model_parts.page.open()
    process_next_events()
    window.show_chat()


def try_servers(opened):
    """Test each connection, ask each for an answer, and ask the near one for a model."""
    program = opened.program
    for each in FAR:
        told: list[object] = []
        program.services.connections.tested.connect(lambda models, failure, told=told: told.append(failure))
        program.services.connections.test(each, Secrets(key="sk-a-key"))
        opened.wait_until(lambda told=told: told)
        assert told[0] is not None
        program.chat.new()
        program.chat.choose_model(ModelChoice(each.id, "far-model"))
        opened.write("The merger with Zyxwv Holdings")
        opened.press_enter()
        opened.wait_until(lambda: program.chat.generation is None)
        opened.box.clear()
    near = next(each.connection.id for each in program.services.models.listings if each.models)
    program.model_parts.downloads.start_download(ModelChoice(near, "qwen3:4b"))
    program.chat.new()
    program.chat.choose_model(ModelChoice(near, MODEL))


def give_files(opened, folder):
    """Files that name pictures elsewhere, and a question on them."""
    (folder / "offer.eml").write_text(MAIL)
    (folder / "page.html").write_text("<img src='http://pixel.example/2.png'><p>Rent: 1,200 EUR</p>")
    opened.window.give_to_model(GivenFiles((folder / "offer.eml", folder / "page.html"), None))
    attachments = opened.program.chat.attachments
    opened.wait_until(lambda: len(attachments.items) == 2 and not attachments.is_reading)
    opened.ask("What is the rent?")


@contextlib.contextmanager
def opened_over(app, folder, settings, answer):
    """The program with a near server that says `answer` at first."""
    home = folder / ("locked" if settings.offline_lock else "open")
    home.mkdir()
    settings.save(home / "settings.json")
    with running_server(ollama_script(*map(said, (answer, "1,200 EUR")))) as server:
        os.environ |= {"OLLAMA_HOST": server.url, "CANDOR_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        with open_program(app, home) as opened:
            yield opened


def _made(folder):
    folder.mkdir()
    return folder


def use_under_the_lock(app, folder):
    hostile = page(lay_out_bait(_made(folder / "bait")), "http://pixel.example")
    settings = Settings(connections=FAR, offline_lock=True, asked_hosts=("198.51.100.7",))
    with opened_over(app, folder, settings, hostile) as opened:
        opened.ask("What do you see?")
        try_servers(opened)
        give_files(opened, folder)
        open_every_page(opened)
        export_all(opened, folder)
        opened.program.chat.fresh.start_conversation()
        opened.ask("And again?")


def use_one_that_was_chosen(app, folder):
    hostile = page(lay_out_bait(_made(folder / "more")), "http://pixel.example")
    with opened_over(app, folder, Settings(connections=(CHOSEN,)), hostile) as opened:
        opened.ask("What do you see?")
        chosen = ModelChoice(CHOSEN.id, MODEL)
        opened.wait_until(lambda: opened.program.services.models.find(chosen) is not None)
        opened.program.chat.new()
        opened.program.chat.choose_model(chosen)
        with answering("Send") as question:
            opened.ask("What is two and two?")
        assert question.was_asked
        assert opened.path[-1].text == "It is four."
        open_every_page(opened)


def main(folder):
    far = FarSide(folder)
    try:
        app = Application(["candor", "-platform", "offscreen"])
        keep: list[QObject] = [app]
        before = packets()
        use_under_the_lock(app, folder)
        locked = packets() - before
        under_lock = far.seen()
        use_one_that_was_chosen(app, folder)
        sys.stdout.write(json.dumps({"locked": locked, "under_lock": under_lock, "chosen": far.seen()}) + "\n")
        sys.stdout.flush()
        keep.clear()
    finally:
        far.end()
    os._exit(0)  # Qt need not take its application apart


if __name__ == "__main__":
    main(Path(sys.argv[1]))
