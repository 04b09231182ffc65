"""A connection through a rented computer: its line, the test with its question, what is kept; over a real server."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QStackedWidget

from desktop.backend_factory import BackendFactory
from desktop.core.connection import Secrets, SshProof
from desktop.core.connections import TunnelState
from desktop.core.message import Failure
from desktop.core.policy.fixed import Policy
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.models.connections import Connections, RentedComputers
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.services import Services
from desktop.store.keys import KnownHosts
from desktop.ui.connections.form import RENTED
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.connections.presenter import ConnectionsPresenter
from tests.runtime.test_connections import MemoryKeys
from tests.support.missing import on_unix
from tests.support.scripted_server import running_server
from tests.support.scripts import openai_chunks, openai_script, sse
from tests.support.ssh_server import OpenSsh
from tests.support.waiting import PATIENCE
from tests.ui.connection_scenes import CONNECTION, FINGERPRINT, HOST, LOGIN
from tests.ui.connections.test_page import PRESETS, answer, choose, choose_provider, combo, field, press
from tests.ui.steps import words_on

PATIENCE_MS = int(PATIENCE * 1000)


@pytest.fixture
def page(theme, qtbot):
    page = ConnectionPage(theme, PRESETS)
    qtbot.addWidget(page)
    page.resize(700, 900)
    page.show()
    choose_provider(page, RENTED)
    return page


def test_a_password_in_a_second_line_goes_to_its_own_field(page, qtbot):
    QGuiApplication.clipboard().setText(f"ssh -p 12345 root@{HOST}\npa$$word\n")
    line = field(page, "Line of the provider")
    line.setFocus()
    qtbot.keySequence(line, "Ctrl+V")
    assert line.text() == f"ssh -p 12345 root@{HOST}"
    assert field(page, "Password").text() == "pa$$word"


def test_agent_and_saved_secret(page, qtbot):
    field(page, "Line of the provider").setText(HOST)
    choose(combo(page, "Sign in with"), SshProof.AGENT)
    assert not [
        each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Password" and each.isVisible()
    ]
    page.edit(CONNECTION)
    assert field(page, "Password").placeholderText() == "Empty: the saved one stays"
    assert field(page, "Port of the model server there").text() == "6006"
    field(page, "Line of the provider").setText(f"ssh -p 1 root@{HOST}")
    assert field(page, "Password").placeholderText() == ""


def test_another_computer_is_refused_and_taken_in_two_steps(page, qtbot):
    renewed: list[Any] = []
    page.form.host_renewed.connect(renewed.append)
    page.edit(CONNECTION)
    field(page, "Password").setText("old")
    answer(page, None, Failure("unreachable", FINGERPRINT, HOST, None, "ssh_changed"))
    assert "Another computer answers at this address than last time" in words_on(page)
    assert FINGERPRINT in words_on(page)
    press(page, "It is a new rental")
    assert renewed == []
    press(page, "Forget both")
    assert renewed == [CONNECTION.ssh]
    assert field(page, "Password").text() == ""


def test_servers_that_were_found_are_offered(page, qtbot):

    asked: list[Any] = []
    page.form.test_requested.connect(lambda *given: asked.append(given))
    field(page, "Line of the provider").setText(HOST)
    servers = [
        replace(CONNECTION, name=name, address=f"http://localhost:{port}/v1", ssh=None)
        for name, port in (("vLLM", 6006), ("LM Studio", 1234))
    ]
    page.form.show_testing()
    page.form.show_servers(servers)
    press(page, "LM Studio (1234)")
    assert field(page, "Port of the model server there").text() == "1234"
    assert asked == []
    page.form.show_testing()
    page.form.show_servers(servers[:1])
    assert asked[0][0].address == "http://localhost:6006/v1"
    page.form.show_testing()
    field(page, "Line of the provider").setText("ssh -p 2 root@another.example.com")
    field(page, "Port of the model server there").clear()
    page.form.show_servers(servers[1:])  # of the computer that stood there before
    assert field(page, "Port of the model server there").text() == ""
    assert len(asked) == 1


class Bench(SimpleNamespace):
    """The parts between the page and a rented computer."""


@pytest.fixture
def bench(theme, qtbot, tmp_path):
    loop = LoopThread()
    loop.start()
    work = BackgroundTasks(loop)
    keys, known = MemoryKeys(), KnownHosts(tmp_path / "known_hosts")
    rented = RentedComputers(work, known)
    entries: list[Any] = []
    factory = BackendFactory(lambda: False, tuple, entries.append, logins=lambda: rented)
    models = ModelDirectory(work, factory, lambda each: connections.secrets_of(each))
    connections = Connections(
        Services(work, None, models, None, Policy(found_connections=False), folders=None),
        factory.probe,
        lambda: keys,
        lambda: None,
        "Built-in engine",
        rented=rented,
        servers_behind=factory.servers_behind,
    )
    stack = QStackedWidget()
    stack.is_in_front = lambda page: False  # type: ignore[attr-defined]
    presenter = ConnectionsPresenter(theme, stack, connections, models, lambda: PRESETS, lambda: False)
    qtbot.addWidget(presenter.page)
    presenter.page.resize(700, 900)
    presenter.page.show()
    yield Bench(page=presenter.page, connections=connections, models=models, rented=rented, keys=keys, factory=factory)
    loop.submit(models.aclose()).result(PATIENCE)
    loop.stop()
    work.close_store(lambda: None)


@on_unix
def test_from_the_line_to_the_first_list_of_models(bench, qtbot):
    """The fingerprint is asked for once, the login is kept, the lock ends it, and another computer is refused."""
    page, connections = bench.page, bench.connections
    with OpenSsh() as server, running_server(openai_script(sse(openai_chunks("Hello")))) as model:
        key = server.sealed_key()
        choose_provider(page, RENTED)
        line = f"ssh -p {server.port} -i {key} -L 6006:localhost:{urlsplit(model.url).port} {server.user}@127.0.0.1"
        field(page, "Line of the provider").setText(line)
        field(page, "Passphrase of the key file").setText("a phrase")
        press(page, "Test")
        qtbot.waitUntil(lambda: "Its fingerprint is not confirmed." in words_on(page), timeout=PATIENCE_MS)
        assert server.count("Accepted p") == 0
        press(page, "Yes, go on")
        qtbot.waitUntil(lambda: "It works" in words_on(page) and "word by word" in words_on(page), timeout=PATIENCE_MS)
        for words in ("Its fingerprint is the one", "The login is accepted", "A model server listens there"):
            assert words in words_on(page)
        assert bench.keys.kept == {}
        press(page, "Save")
        (saved,) = connections.saved
        assert saved.ssh.has_secret
        assert saved.ssh.origin == f"ssh://{server.user}@127.0.0.1:{server.port}"
        qtbot.waitUntil(lambda: any(each.models for each in bench.models.listings), timeout=PATIENCE_MS)
        assert bench.keys.kept == {saved.ssh.secret_origin: "a phrase"}
        assert saved.ssh.secret_origin != saved.ssh.origin
        qtbot.waitUntil(lambda: "\nConnected" in words_on(page), timeout=PATIENCE_MS)
        bench.models._work.loop.submit(bench.factory.close_tunnels()).result(PATIENCE)
        qtbot.waitUntil(lambda: "Not connected" in words_on(page), timeout=PATIENCE_MS)
        server.renew_key()
        bench.models.refresh()
        qtbot.waitUntil(lambda: bench.models.listings[0].failure is not None, timeout=PATIENCE_MS)
        assert bench.models.listings[0].failure.reason == "ssh_changed"
        assert bench.rented.state_of(saved.ssh) is TunnelState.CLOSED
        bench.connections.remove(saved.id)
        qtbot.waitUntil(lambda: bench.keys.kept == {}, timeout=PATIENCE_MS)


def test_a_secret_counts_for_the_means_that_it_was_given_for(bench, qtbot):

    bench.connections.saved = (CONNECTION,)
    marked = [
        bench.connections._marked(replace(CONNECTION, id="x", ssh=replace(LOGIN, **change)), Secrets()).ssh
        for change in ({"has_secret": False}, {"proof": SshProof.KEY_FILE, "key_file": "k"}, {"port": 1})
    ]
    assert [each.has_secret for each in marked] == [True, False, False]
    by_key = replace(LOGIN, proof=SshProof.KEY_FILE, key_file="k", has_secret=True)
    assert bench.connections.secrets_of(replace(CONNECTION, ssh=by_key)).login == ""
    bench.keys.kept[by_key.secret_origin] = "a phrase"
    assert bench.connections.secrets_of(CONNECTION).login == ""
    bench.connections.saved += (replace(CONNECTION, id="k", ssh=by_key),)
    bench.keys.kept[CONNECTION.ssh.origin] = "old"
    bench.connections.forget_login(CONNECTION.ssh)
    qtbot.waitUntil(lambda: bench.keys.kept == {}, timeout=PATIENCE_MS)


def test_the_key_remembered_is_the_one_that_was_confirmed(bench, qtbot):
    """Whatever the computer has shown to others meanwhile."""
    page, asked = bench.page, []
    page.form.test_requested.connect(lambda *given: asked.append(given))
    page.edit(CONNECTION)
    bench.rented.note_key(CONNECTION.ssh, "ssh-ed25519 AAAAright", FINGERPRINT)
    answer(page, None, Failure("unreachable", FINGERPRINT, HOST, None, "ssh_new"))
    bench.rented.note_key(CONNECTION.ssh, "ssh-ed25519 AAAAother", "SHA256:other (ED25519)")
    press(page, "Yes, go on")
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=PATIENCE_MS)
    assert bench.rented.known_keys(CONNECTION.ssh) == ["ssh-ed25519 AAAAright"]
    bench.rented.renew(CONNECTION.ssh)
    bench.rented.confirm(CONNECTION.ssh, "SHA256:never (ED25519)", lambda: asked.append(()))
    assert len(asked) == 2  # it is asked about again
    qtbot.waitUntil(lambda: bench.rented.known_keys(CONNECTION.ssh) == [], timeout=PATIENCE_MS)
    assert bench.rented.known_keys(CONNECTION.ssh) == []
