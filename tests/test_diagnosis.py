"""What `--diagnose` finds without telling secrets, what reaches other programs, and where a key is found: nowhere."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from desktop import __version__
from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets
from desktop.core.model import ModelChoice
from desktop.core.policy.parse import read_policy
from desktop.diagnosis import CHECKS, diagnose, look
from desktop.logs import begin_log, keep_log
from desktop.surroundings import has_display, prepare
from desktop.ui.keeping import DiagnosticsDialog
from tests.support.in_process import export_all, open_program
from tests.support.scripted_server import Cut, Reply, json_reply, running_server
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

ROOT = Path(__file__).parents[1]


def test_a_whole_installation_is_told_from_outside(candor_home, tmp_path):
    """As an installer's test runs it; without the engine's part, which has a test of its own."""
    empty = {"XDG_CACHE_HOME": str(tmp_path), "CANDOR_HOME": str(candor_home), "PATH": "/usr/bin:/bin"}
    if os.name == "nt":
        empty["SYSTEMROOT"] = os.environ["SYSTEMROOT"]  # without it a Windows program has no sockets
    command = [sys.executable, "-m", "desktop", "-platform", "offscreen", "--diagnose"]
    done = subprocess.run(command, cwd=ROOT, env=empty, capture_output=True, text=True, timeout=120, check=False)
    told = json.loads(done.stdout)
    languages = {file.stem.removeprefix("candor_") for file in (ROOT / "resources" / "i18n").glob("*.qm")}
    if "zh_CN" in languages:  # compiled by dev.py
        assert told["problems"] == {}
        assert (done.returncode, told["ok"]) == (0, True)
        assert set(told["translations"]["languages"]) == languages
    assert told["program"]["version"] == __version__
    assert told["qt"]["platform"] == "offscreen"
    assert told["data"] == {"folder": str(candor_home), "own_folder": True}
    assert told["engine"]["loads"] is None
    assert list(candor_home.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_it_is_told_all_the_same_and_the_window_s_lack_is_said(candor_home):
    bare = {"CANDOR_HOME": str(candor_home), "PATH": "/usr/bin:/bin", "DISPLAY": ":98765"}
    command = [sys.executable, "-m", "desktop"]
    told = subprocess.run(
        [*command, "--diagnose"], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120, check=False
    )
    assert json.loads(told.stdout)["qt"]["platform"] == "offscreen"
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "candor: There is no display for the window: DISPLAY and WAYLAND_DISPLAY lead to none.\n"


@pytest.mark.usefixtures("qapp")
def test_what_is_missing_is_said_and_the_rest_goes_on(candor_home, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop.diagnosis.resource_path", lambda *names: tmp_path.joinpath(*names))
    found, problems = look({name: CHECKS[name] for name in ("program", "resources", "translations", "data")})
    assert set(problems) == {"resources", "translations"}
    assert "FileNotFoundError" in problems["resources"]
    assert set(found) == {"program", "data"}


@pytest.mark.usefixtures("qapp")
def test_it_is_written_to_a_file_where_there_is_no_console_and_where_it_cannot_be_that_is_said(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("desktop.diagnosis.CHECKS", {"program": CHECKS["program"]})
    monkeypatch.setattr("sys.stdout", None)
    assert diagnose() == 0
    assert diagnose(str(tmp_path / "found.json")) == 0
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["ok"]
    target = tmp_path / "missing" / "found.json"
    assert diagnose(str(target)) == 1
    assert capsys.readouterr().err == f"candor: {target} could not be written: No such file or directory\n"


@pytest.mark.engine
def test_the_engine_loads_the_starter_model(starter_model):
    found, problems = look({"engine": CHECKS["engine"]})
    assert problems == {}
    assert found["engine"] == {
        "installed": True,
        "can_run": True,
        "starter_model": str(starter_model),
        "loads": True,
    }


OTHER_QT = {"QT_PLUGIN_PATH": "/x", "QT_QPA_PLATFORM_PLUGIN_PATH": "/x", "LD_LIBRARY_PATH": "/y"}
IBUS_FIRST = {"QT_IM_MODULES": "fcitx;ibus"}


@pytest.mark.parametrize(
    ("before", "after_frozen", "after"),
    [
        # fcitx is reached by way of ibus
        *(({"QT_IM_MODULE": name}, *[{"QT_IM_MODULE": name} | IBUS_FIRST] * 2) for name in ("fcitx", "fcitx5")),
        ({"QT_IM_MODULE": "fcitx", "QT_IM_MODULES": "wayland;fcitx"}, None, None),
        ({"QT_IM_MODULE": "ibus"}, None, None),
        # an installed program loads no plugins of another Qt, which a developer may point to
        (OTHER_QT | {"QT_QPA_PLATFORM": "xcb", "HOME": "/h"}, {"QT_QPA_PLATFORM": "xcb", "HOME": "/h"}, None),
        # and what it opens does not get its libraries
        ({"LD_LIBRARY_PATH": "/candor/_internal", "_PYI_ARCHIVE_FILE": "/candor/candor"}, {}, None),
        (OTHER_QT | {"LD_LIBRARY_PATH_ORIG": "/y"}, {"LD_LIBRARY_PATH": "/y"}, None),
    ],
)
def test_what_reaches_qt_and_the_programs_that_are_opened(before, after_frozen, after):
    for is_frozen, expected in ((True, after_frozen), (False, after)):
        environment = dict(before)
        prepare(environment, frozen=is_frozen)
        assert environment == (before if expected is None else expected)


@pytest.fixture
def compositor(tmp_path):
    """The variables that lead to somebody who listens where a Wayland compositor does."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-0"))
        listener.listen()
        yield {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}


def test_a_display_is_there_where_somebody_listens(compositor):
    assert has_display(compositor)
    assert has_display({"WAYLAND_DISPLAY": str(Path(compositor["XDG_RUNTIME_DIR"], "wayland-0"))})


@pytest.mark.parametrize("display", ["", "x", ":98765", "unix:98765.0"])
def test_a_display_that_is_none(display, tmp_path):
    variables = {"DISPLAY": display, "XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}
    assert not has_display(variables)
    assert has_display({**variables, "QT_QPA_PLATFORM": "offscreen"})


def test_the_display_of_another_computer_is_not_asked():
    assert has_display({"DISPLAY": "localhost:10.0"})


@pytest.mark.window
def test_the_display_of_the_tests_is_there():
    assert has_display({"DISPLAY": os.environ["DISPLAY"]})


KEY = "sk-CANARY7f3a9c1e5b8d2046"
PASSWORD = "CANARY of a way 4b1d"  # for a proxy, and of a certificate
CODED = (
    KEY.encode().hex(),
    b64encode(KEY.encode()).decode().rstrip("="),
    "%".join(["", *(f"{ord(c):02x}" for c in KEY)]),
)
UNSAID = (KEY, PASSWORD, *(each[:-2] for each in CODED))  # the last letters of base64 are those of what follows, too
SPOKEN = "What do we owe Mr Smith?"


def refusal(status):
    return json_reply({"error": {"message": f"the key {KEY} is not right", "code": KEY}}, status=status)


def hostile(other):
    """What servers do with a key that they were given, and the ways in which a reply fails."""
    return [
        sse(openai_chunks("Forty-two.")),
        refusal(401),
        refusal(500),
        Reply(["moved"], status=307, headers={"Location": f"{other}/v1/chat/completions?key={KEY}"}, is_plain=True),
        Reply([f"<html><title>{KEY}</title></html>"], is_plain=True),
        sse([*openai_chunks("half")[:2]], done=False, then=(Cut(),)),
        sse([f'data: {{"error": {{"message": "no {KEY}"}}}}\n\n']),
        *(json_reply({"error": {"message": f"the key {each} is not right", "code": each}}, 500) for each in CODED),
        sse(openai_chunks(f"Your key is {', '.join(CODED)}.")),
        sse(openai_chunks("And done.")),
    ]


@pytest.fixture
def all_is_logged(candor_home):
    """The log as it is, and all of every request besides, in files that are searched."""
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    levels = {name: logging.getLogger(name).level for name in ("", "desktop", "desktop.backends.wire.exchange")}
    for each in before:
        root.removeHandler(each)
    begin_log("debug", "bodies", str(candor_home / "all.log"))
    keep_log(candor_home)
    yield candor_home / "all.log"
    for each in list(root.handlers):
        root.removeHandler(each)
        each.close()
    for each in before:
        root.addHandler(each)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def drive(opened, here, other, replies):
    """Use the program, and return all texts that it gives away."""
    program, window = opened.program, opened.window
    own = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Mine", address=f"{here}/v1", id="mine")
    proxy = Route(proxy=ProxyMode.MANUAL, proxy_address="http://127.0.0.1:1", proxy_user="anna")
    for name, route in (("proxy", proxy), ("certificate", Route(certificate=str(opened.folder / "gone.p12")))):
        far = Connection(kind=own.kind, name=name, address=f"https://{name}.test.example/v1", id=name, route=route)
        program.services.connections.test(far, Secrets("", PASSWORD, PASSWORD))
        program.services.connections.save(far, Secrets("", PASSWORD, PASSWORD))
    program.services.connections.test(own, Secrets(KEY))
    program.services.connections.save(own, Secrets(KEY))
    choice = ModelChoice("mine", MODEL)
    opened.wait_until(lambda: program.services.models.find(choice) is not None)
    program.chat.choose_model(choice)
    for _ in range(replies):
        program.chat.new()
        program.chat.choose_model(choice)
        opened.ask(SPOKEN)
    conversation = program.chat.current
    export_all(opened, opened.folder)
    window.diagnostics_requested.emit()
    dialog = window.findChild(DiagnosticsDialog)
    opened.wait_until(dialog.copy.isEnabled)
    said = [dialog.text.toPlainText(), window.notice.accessibleName(), *(each.text for each in opened.path)]
    dialog.reject()
    # The same connection at another address: its key does not go along.
    program.services.connections.save(
        Connection(kind=own.kind, name="Mine", address=f"{other}/v1", id="mine"), Secrets()
    )
    opened.wait_until(lambda: program.services.models.find(choice) is not None)
    program.chat.new()
    program.chat.choose_model(choice)
    opened.ask(SPOKEN)
    said.append(repr(vars(program.services.connections)) + repr(conversation) + repr(program.services.settings.now))
    return said


def test_a_key_is_nowhere_but_in_its_header(
    qapp,
    candor_home,
    monkeypatch,
    capfd,
    all_is_logged,
):
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))
    with running_server(openai_script(sse(openai_chunks("Other.")))) as other:
        answers = [sse(openai_chunks("yes")), *hostile(other.url)]
        with running_server(openai_script(*answers)) as here:
            policy = read_policy("version = 1\n[connections]\nfound_on_this_computer = false\n[end]\n", "x")
            with open_program(qapp, candor_home, policy=policy) as opened:
                said = drive(opened, here.url, other.url, len(answers) - 1)
            assert {each.headers.get("authorization") for each in here.chats} == {f"Bearer {KEY}"}
            for request in here.requests:
                assert KEY.encode() not in request.body
                assert KEY not in request.path
        assert other.chats
        for request in other.requests:
            assert not any(each in repr(request.headers) or each.encode() in request.body for each in UNSAID)
    assert SPOKEN in all_is_logged.read_text(encoding="utf-8")  # all was logged that could be
    for text in (*said, *capfd.readouterr()):
        assert not any(each in text for each in UNSAID)
    files = [each for each in candor_home.rglob("*") if each.is_file()]
    assert len(files) > 4
    for file in files:
        assert not any(each.encode() in file.read_bytes() for each in UNSAID), file
