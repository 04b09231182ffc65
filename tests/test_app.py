"""The whole program: the command line, first run in its four cases, bad input of every kind, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from desktop import __version__
from desktop.core.errors import StoreError
from desktop.core.message import Failure, MessageStatus
from desktop.core.models.file import FileFault
from desktop.core.policy.fixed import Policy
from desktop.faults import FaultWatch
from desktop.first_window import FirstWindow
from desktop.start import WindowLife, _cannot_start, asks_for_a_new_folder, read_arguments
from desktop.store.database import open_store
from desktop.store.paths import DATABASE, STARTER_MODEL_FILE, InstanceLock, begin_beside, data_path
from desktop.store.settings import Settings
from desktop.ui.errors import describe, describe_store
from desktop.ui.inputs.message_input import PastedTextChip
from desktop.ui.models.page import ModelTile
from tests.support.certificates import untrusted_tls
from tests.support.gguf_file import gguf_bytes
from tests.support.in_process import open_program
from tests.support.scripted_server import Cut, Hold, Reply, Reset, json_reply, running_server
from tests.support.scripts import delta, ndjson, ollama_line, ollama_lines, ollama_script, openai_script, sse
from tests.support.waiting import PATIENCE, wait_until
from tests.ui.languages import speaking

ANSWERS = ollama_script(ndjson(ollama_lines("It is four.")))
MODEL_KEY = "POST /api/chat"
WHOLE = sse([delta(content="x")])
WRONG_KEY = json_reply({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}, 401)
WEB_PAGE = Reply(["<!doctype html><h1>Sign in</h1>"], content_type="text/html", is_plain=True)


@pytest.fixture
def open_it(qapp, candor_home, monkeypatch, tmp_path, free_port):
    """Opens the program over `candor_home`, without a starter model and without servers unless told of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    with contextlib.ExitStack() as stack:

        def start(ollama="", file=""):
            monkeypatch.setenv("OLLAMA_HOST", ollama or f"http://127.0.0.1:{free_port}")
            return stack.enter_context(open_program(qapp, candor_home, file))

        yield start


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])


@pytest.fixture
def ollama():
    """A server that answers."""
    with running_server(ANSWERS) as server:
        yield server


def saved_connection(home, address):
    """A connection to an OpenAI-compatible server with one model chosen, as an earlier run would have saved it."""
    connection = {"kind": "openai_compat", "name": "ours", "address": address, "id": "ours"}
    choice = {"connection_id": "ours", "model": "scripted:latest"}
    (home / "settings.json").write_text(json.dumps({"connections": [connection], "default_choice": choice}))


def in_words(kind, reason="", host="127.0.0.1"):
    text = describe(Failure(kind, host=host, reason=reason))
    assert text.title.strip()
    assert text.sentence.strip()
    return f"{text.title}\n{text.sentence}"


def store_words(reason):
    text = describe_store(StoreError(reason))
    return f"{text.title}\n{text.sentence}"


@pytest.mark.window
class TestFirstRun:
    """Product §1."""

    def test_a_server_with_a_model_is_talked_to_at_once(self, open_it, ollama):
        opened = open_it(ollama.url)
        assert opened.page == "chat"
        assert opened.box.hasFocus()
        opened.wait_for_models()
        assert opened.page == "chat"
        assert opened.program.services.models.find(opened.program.chat.current.settings.choice) is not None
        assert opened.says("scripted:latest")

    def test_a_server_without_a_model_leads_to_the_page_of_models(self, open_it):
        with running_server(ollama_script(models=[])) as server:
            opened = open_it(server.url)
            opened.wait_until(lambda: opened.page == "first_run")
            assert opened.says("Ollama is ready, but has no model yet")
            assert not opened.says("starter model")
            opened.wait_until(lambda: opened.window.findChildren(ModelTile))
            opened.click("Connect to our server")
            opened.window.connections.leave()
            opened.wait_until(lambda: opened.page == "first_run")
            server.script |= ANSWERS
            opened.click("Look again")
            opened.wait_until(lambda: opened.page == "chat")

    def test_beside_an_empty_server_the_starter_model_is_a_quiet_way_on(self, open_it, tmp_path):
        models = tmp_path / "empty" / "candor" / "models"
        models.mkdir(parents=True)
        (models / STARTER_MODEL_FILE).write_bytes(gguf_bytes())
        with running_server(ollama_script(models=[])) as server:
            opened = open_it(server.url)
            opened.wait_until(lambda: opened.page == "first_run")
            opened.click("Use the small starter model for now")
            choice = opened.program.chat.current.settings.choice
            assert choice is not None
            assert choice.model == str(models / STARTER_MODEL_FILE)
            assert opened.page == "chat"

    def test_nothing_gives_three_ways(self, open_it):
        opened = open_it()
        opened.wait_until(lambda: opened.page == "first_run")
        for words in ("Use Ollama on this computer", "Connect to our server", "Open a model file"):
            assert opened.says(words)
        opened.click("Connect to our server")
        assert opened.page == "connections"

    @pytest.mark.engine
    def test_a_starter_model_is_talked_to(self, starter_model, open_it, tmp_path):
        models = tmp_path / "empty" / "candor" / "models"
        models.mkdir(parents=True)
        (models / starter_model.name).symlink_to(starter_model)
        opened = open_it()
        opened.wait_for_models()
        assert opened.page == "chat"
        assert opened.program.services.models.find(opened.program.chat.current.settings.choice) is not None
        assert opened.says("SmolLM2")


@pytest.mark.window
class TestMessages:
    """What is written, however odd, arrives or is refused with nothing lost."""

    def test_a_long_paste_is_sent_whole(self, open_it, ollama):
        opened = open_it(ollama.url)
        opened.wait_for_model()
        text = "".join(f"line {number} of a long paste\n" for number in range(700))
        opened.paste(text)
        assert opened.window.composer.findChildren(PastedTextChip)
        opened.ask("Sum it up:")
        assert ollama.chats[0].json["messages"][0]["content"] == f"Sum it up:\n\n{text.strip()}"
        assert opened.path[-1].status is MessageStatus.COMPLETE
        assert opened.path[0].text.endswith("line 699 of a long paste")

    def test_what_nobody_can_see_or_encode_does_no_harm(self, open_it, ollama):
        opened = open_it(ollama.url)
        opened.wait_for_model()
        opened.paste("a\x00b \ud83d\ude00 c\u202ed \ud83d.")
        reply = opened.ask("")
        sent = ollama.chats[0].json["messages"][0]["content"]
        assert "\x00" not in sent
        assert sent.startswith("ab \U0001f600 c\u202ed ")
        assert (reply.text, reply.status) == ("It is four.", MessageStatus.COMPLETE)

    def test_text_from_a_model_that_nobody_can_encode(self, open_it):
        odd = "a\x00b \\ud83d c\u2028d"
        line = '{"model":"m","message":{"role":"assistant","content":"\\ud83d and \\u0000"},"done":false}'
        with running_server(ollama_script(ndjson([line, *ollama_lines(odd)]))) as server:
            opened = open_it(server.url)
            reply = opened.ask("Say something odd")
            assert reply.status is MessageStatus.COMPLETE
            opened.drain_store()
            assert opened.notice == ""


@pytest.mark.window
class TestServers:
    """Servers that are not there, not what they seem, or go away: a card with a sentence, and the text kept."""

    @pytest.mark.parametrize(
        ("speaks", "asked_by", "answer", "card"),
        [
            ("", "http", WHOLE, ("unreachable", "refused")),
            ("http", "http", WRONG_KEY, ("auth_rejected",)),
            ("http", "https", WHOLE, ("unreachable", "not_tls")),
            ("https", "http", WHOLE, ()),
            ("https", "https", WHOLE, ("unreachable", "tls_self_signed")),
            ("http", "http", WEB_PAGE, ("protocol_error", "html")),
        ],
        ids=["nothing there", "a wrong key", "http only", "https only", "a certificate of nobody", "a web page"],
    )
    def test_what_is_no_server_for_us(
        self,
        open_it,
        candor_home,
        free_port,
        tmp_path,
        speaks,
        asked_by,
        answer,
        card,
    ):
        script = openai_script(answer) | ({"GET /v1/models": [answer]} if answer is WRONG_KEY else {})
        with running_server(script, tls=untrusted_tls(tmp_path) if speaks == "https" else None) as server:
            saved_connection(candor_home, f"{asked_by}://127.0.0.1:{server.port if speaks else free_port}/v1")
            opened = open_it()
            assert opened.ask("Hello?").status is MessageStatus.FAILED
            assert opened.card == in_words(*card) if card else "https" in opened.card
            assert opened.path[0].text == "Hello?"
            assert speaks == asked_by == "http" or server.chats == []
            if answer is WRONG_KEY:
                opened.click("Open connections", opened.window.transcript)
                assert opened.page == "connections"

    def test_a_model_that_has_been_removed(self, open_it, ollama):
        opened = open_it(ollama.url)
        opened.ask("Hello?")
        ollama.script[MODEL_KEY] = [json_reply({"error": "model 'scripted:latest' not found"}, 404)]
        reply = opened.ask("Are you still there?")
        assert reply.status is MessageStatus.FAILED
        assert opened.card == in_words("model_missing")

    @pytest.mark.parametrize("end", [Reset(), Cut()], ids=["reset", "cut"])
    def test_a_server_that_goes_away_in_the_middle(self, open_it, end):
        with running_server(ollama_script(ndjson([ollama_line("so far")], then=[end]))) as server:
            opened = open_it(server.url)
            reply = opened.ask("Tell me a story")
            assert (reply.text, reply.status) == ("so far", MessageStatus.INTERRUPTED)
            assert opened.card == in_words("stream_broken")
            server.script[MODEL_KEY] = [ndjson(ollama_lines("Once upon a time."))]
            opened.click("Try again", opened.window.transcript)
            opened.wait_until(lambda: opened.path[-1].status is MessageStatus.COMPLETE)
            assert opened.card == ""

    @pytest.mark.engine
    def test_a_model_file_that_has_become_something_else(self, open_it, candor_home):
        file = candor_home / "notes.gguf"
        file.write_text("These are my notes, not a model.\n" * 100)
        choice = {"connection_id": "built_in", "model": str(file)}
        (candor_home / "settings.json").write_text(json.dumps({"model_files": [str(file)], "default_choice": choice}))
        opened = open_it()
        reply = opened.ask("Hello?")
        assert reply.status is MessageStatus.FAILED
        assert opened.card == in_words("engine_failed", FileFault.NOT_GGUF, "")
        assert not opened.says("GGUF")  # in no language but the window's
        assert opened.path[0].text == "Hello?"


@pytest.mark.window
class TestFolder:
    """A folder that holds something unexpected."""

    def test_a_database_of_a_newer_version(self, open_it, candor_home, ollama):
        file = candor_home / "candor.db"
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.executescript("CREATE TABLE later (x); PRAGMA user_version = 999")
        before = file.read_bytes()
        opened = open_it(ollama.url)
        opened.wait_until(lambda: opened.notice == store_words("newer_version"))
        opened.wait_for_model()
        opened.write("my words")
        opened.press_enter()
        opened.wait_until(lambda: opened.window.composer.text() == "my words" and bool(opened.notice))
        assert opened.notice == store_words("newer_version")
        assert ollama.chats == []
        assert file.read_bytes() == before

    def test_settings_that_cannot_be_read(self, open_it, candor_home, ollama):
        (candor_home / "settings.json").write_text('{"theme": "dark"')
        opened = open_it(ollama.url)
        opened.wait_until(lambda: "Your settings could not be read" in opened.notice)
        [kept] = candor_home.glob("settings.broken-*.json")
        assert kept.name in opened.notice
        assert opened.ask("Hello?").status is MessageStatus.COMPLETE


@pytest.mark.window
class TestEnd:
    """Closing the window."""

    def test_connections_that_do_not_end_are_told_in_a_line(
        self,
        qapp,
        candor_home,
        free_port,
        monkeypatch,
        caplog,
    ):
        async def never_end():
            await asyncio.Event().wait()

        monkeypatch.setenv("OLLAMA_HOST", f"http://127.0.0.1:{free_port}")
        monkeypatch.setattr("desktop.app._CLOSE_SECONDS", 0.01)
        with open_program(qapp, candor_home) as opened:
            monkeypatch.setattr(opened.program.services.models, "aclose", never_end)
        [said] = [each for each in caplog.records if each.name == "desktop.app"]
        assert said.getMessage() == "closing connections took longer than 0.01 s"
        assert said.exc_info is None

    def test_a_running_reply_is_stopped_and_kept(self, qapp, candor_home, monkeypatch):
        with running_server(ollama_script(ndjson([ollama_line("so far")], then=[Hold()]))) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.url)
            with open_program(qapp, candor_home) as opened:
                opened.wait_for_model()
                opened.write("Tell me a story")
                opened.press_enter()
                opened.wait_for_text("so far")
            assert server.chats[0].closed.wait(PATIENCE)
        store = opened.stored()
        [conversation] = store.conversations()
        path = store.path(conversation.id)
        store.close()
        assert [(each.text, each.status) for each in path] == [
            ("Tell me a story", MessageStatus.COMPLETE),
            ("so far", MessageStatus.STOPPED),
        ]


LINK = ["candor:recipe/x", "--diagnose", "C:\\Users\\li\\notes.txt", "--platform", "offscreen"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--language", "zh_CN", "--log", "debug", "a b.gguf"], ("a b.gguf", "zh_CN", None, None)),
        (["--platform", "offscreen", "CANDOR:recipe/x"], ("CANDOR:recipe/x", None, None, "offscreen")),
        # Whoever writes a link writes no options; Windows is told to put the strokes before it.
        (LINK, ("candor:recipe/x", None, None, None)),
        (["--", *LINK], ("candor:recipe/x", None, None, None)),
    ],
)
def test_what_the_command_line_tells(arguments, told):
    said = read_arguments(arguments)
    assert (said.file, said.language or None, said.diagnose, said.platform) == told


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--version"])
    assert capsys.readouterr().out == f"Candor {__version__}\n"


def test_a_question_from_a_terminal_refuses_a_file_that_it_would_not_send(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--ask", "What is the rent?", "lease.txt"])
    assert "takes no file" in capsys.readouterr().err


@pytest.mark.window
@pytest.mark.parametrize("reason", ["read_only", "full", "other"])
def test_a_folder_that_cannot_be_used_is_named_with_what_to_do(qapp, reason):
    shown = []

    def close():
        shown.append(qapp.activeModalWidget())
        qapp.closeAllWindows()

    QTimer.singleShot(0, close)
    folder = Path("/home/li/.local/share/candor")
    assert _cannot_start(StoreError(reason, "Permission denied"), folder) == 1
    [box] = shown
    assert str(folder) in box.informativeText()
    assert box.informativeText().endswith("then start Candor again.")
    assert box.detailedText() == "Permission denied"


class _Opened:
    """What the system was asked to open."""

    def __init__(self):
        self.files: list[str] = []

    def openUrl(self, url):
        self.files.append(url.toLocalFile())


@pytest.mark.window
@pytest.mark.parametrize(
    ("language", "sentence", "begin", "show"),
    [
        (
            "en",
            "This folder was made by an earlier state of Candor. Nothing in it was changed.",
            "Begin with a new folder",
            "Show the folder",
        ),
        (
            "zh_CN",
            "此文件夹由 Candor 的早期状态创建。其中没有任何内容被更改。",
            "使用新文件夹开始",
            "显示该文件夹",
        ),
    ],
)
def test_a_folder_of_an_earlier_state_is_left_as_it_is_and_a_new_one_begun(
    qapp,
    candor_home,
    monkeypatch,
    language,
    sentence,
    begin,
    show,
):
    with contextlib.closing(sqlite3.connect(candor_home / DATABASE)) as database:
        database.executescript(
            "CREATE TABLE conversations (id); INSERT INTO conversations VALUES ('c1'); PRAGMA user_version = 7"
        )
    before = {file.name: file.read_bytes() for file in candor_home.iterdir()}
    opened = _Opened()
    monkeypatch.setattr("desktop.start.QDesktopServices", opened)
    presses = [show, "", show, begin]

    def press():
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.text() == sentence
        assert str(candor_home) in box.informativeText()
        wanted = presses.pop(0)
        buttons = [each for each in box.buttons() if each.text().replace("&", "") == wanted]
        buttons[0].click() if wanted else box.reject()

    look = QTimer(interval=10)
    look.timeout.connect(press)
    with speaking(qapp, language):
        look.start()
        assert not asks_for_a_new_folder(candor_home)
        assert asks_for_a_new_folder(candor_home)
        look.stop()
    assert opened.files == [str(candor_home)] * 2
    new = begin_beside(data_path())
    assert new.parent == candor_home.parent
    assert data_path() == new
    open_store(new / DATABASE).close()
    assert {file.name: file.read_bytes() for file in candor_home.iterdir()} == before
    (candor_home / DATABASE).write_bytes(b"not readable any more")
    assert data_path() == new
    (candor_home / DATABASE).unlink()
    assert data_path() == new
    candor_home.rmdir()
    assert data_path() == new
    open_store(candor_home / DATABASE).close()
    assert data_path() == candor_home


def test_a_home_that_is_no_folder_is_refused_with_a_reason(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CANDOR_HOME", str(tmp_path / "file"))
    with pytest.raises(StoreError) as refused:
        InstanceLock(data_path() / "candor.lock").acquire()
    assert str(refused.value)


_AT_REST = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.start import quit_on_signals
app = QApplication(["candor", "-platform", "offscreen"])
quit_on_signals(app)
QTimer.singleShot(0, lambda: print("shown", flush=True))
print(app.exec(), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_window_in_which_nothing_happens_ends_when_the_system_asks(number):
    with subprocess.Popen([sys.executable, "-c", _AT_REST], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "shown\n"
        state = Path(f"/proc/{program.pid}/stat")
        wait_until(lambda: state.read_text().rsplit(")")[1].split()[0] == "S")  # no Python runs, and none would
        program.send_signal(number)
        try:
            assert program.communicate(timeout=PATIENCE)[0] == "0\n"
        finally:
            program.kill()


@pytest.mark.window
def test_a_program_that_cannot_be_made_is_told_of_and_leaves_no_window(qapp, tmp_path, monkeypatch):
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back in the end
    faults = FaultWatch()
    faults.install()

    def make():
        raise RuntimeError("a module is damaged")

    said: list[QMessageBox] = []

    def close():
        box = qapp.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(box)
            first.window.windowHandle().close()  # which waits for a window that never comes
            box.accept()

    look = QTimer(interval=10)
    look.timeout.connect(close)
    look.start()
    first = FirstWindow(qapp, Settings(), Policy())
    assert WindowLife(first, make, read_arguments([]), faults).exec_until_closed() == 1
    look.stop()
    [box] = said
    assert "could not be opened" in box.text()
    assert "RuntimeError: a module is damaged" in box.detailedText()
    first.window.hide()
    first.window.deleteLater()


# Both threads use each of Qt's classes for the first time, and hand over to each other as often as they can.
_CLASSES_ON_TWO_THREADS = """
import sys, threading
from pathlib import Path
from PySide6 import QtGui, QtWidgets
from desktop.core.importing import import_beside_window

def use_all():
    for module in (QtGui, QtWidgets):
        for name in dir(module):
            Path("/").exists()  # as the window waits for its system now and then
            getattr(module, name)

sys.path.insert(0, sys.argv[1])
sys.setswitchinterval(1e-5)
beside = threading.Thread(target=import_beside_window, args=("uses_all",))
sys.modules["__main__"].use_all = use_all
beside.start()
use_all()
beside.join()
"""


def test_classes_of_qt_are_made_by_one_thread_at_a_time(tmp_path):
    (tmp_path / "uses_all.py").write_text("import __main__\n__main__.use_all()\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", _CLASSES_ON_TWO_THREADS, str(tmp_path)], timeout=PATIENCE, check=False
    )
    assert ended.returncode == 0
