"""A key is nowhere but in its header: not in a file, an output, the log, diagnostics, or a request to anybody else.

The program is driven through features and faults with a key that is easily found, and everything is searched for it.
"""

from __future__ import annotations

import logging
from base64 import b64encode

import pytest

from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets
from desktop.core.model import ModelChoice
from desktop.core.policy.parse import read_policy
from desktop.logs import begin_log, keep_log
from desktop.ui.diagnosis import DiagnosticsDialog
from tests.support.exported import export_all
from tests.support.in_process import open_program
from tests.support.scripted_server import Cut, Reply, json_reply, running_server
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

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
