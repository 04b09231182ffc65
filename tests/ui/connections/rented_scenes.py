"""Scenes for the gallery of a connection through a rented computer."""

from __future__ import annotations

from desktop.backends.presets import load_presets
from desktop.core.connection import Connection, ConnectionKind, SshLogin
from desktop.core.connections.check import ConnectionCheck
from desktop.core.connections.ssh_line import TunnelState
from desktop.core.message import Failure
from desktop.ui.connections.form import RENTED
from desktop.ui.connections.page import ConnectionPage

HOST = "region-1.rented.example"
LOGIN = SshLogin(host=HOST, user="root", port=12345, has_secret=True)
CONNECTION = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Rented GPU", address="http://localhost:6006/v1", ssh=LOGIN, id="r"
)
FINGERPRINT = "SHA256:oPGhJo3fG26aoQPWgApb+XM5yTJuNSjblBACi3HCMaQ (ED25519)"


def _page(theme):
    return ConnectionPage(theme, list(load_presets().values()))


def empty(theme, width):
    page = _page(theme)
    page.form.fields.begin_with("provider", RENTED)
    page.form.fields.begin_with("line", f"ssh -p 12345 root@{HOST} -o StrictHostKeyChecking=no")
    return page


def refused(theme, width):
    page = _page(theme)
    page.form.fields.begin_with("provider", RENTED)
    page.form.fields.begin_with("line", f"ssh -p 12345 root@{HOST} -i ~/.ssh/id_ed25519 nvidia-smi")
    return page


def _asked(reason):
    def make(theme, width):
        page = _page(theme)
        page.edit(CONNECTION)
        page.form.show_testing()
        failure = Failure("unreachable", FINGERPRINT, HOST, None, reason)
        page.form.show_test_result(None, failure)
        page.form.show_check(ConnectionCheck(connection=CONNECTION, failure=failure))
        bar = page.verticalScrollBar()
        bar.rangeChanged.connect(lambda least, most: bar.setValue(most))
        return page

    return make


def listed(theme, width):
    page = _page(theme)
    states = dict(zip("abc", (TunnelState.CONNECTED, TunnelState.CONNECTING, TunnelState.LOST), strict=True))
    logins = {each: SshLogin(host=HOST, user=each) for each in states}
    page.show_connections(
        [
            Connection(
                kind=ConnectionKind.OLLAMA, name=f"GPU {each}", address="http://localhost:11434", ssh=login, id=each
            )
            for each, login in logins.items()
        ],
        set(states),
    )
    page.show_ways(lambda login: states[login.user])
    return page


def rented_scenes():
    """All of them, by name."""
    return {
        "rented: a line": empty,
        "rented: a line that is refused": refused,
        "rented: a new fingerprint": _asked("ssh_new"),
        "rented: another fingerprint": _asked("ssh_changed"),
        "rented: how the ways stand": listed,
    }
