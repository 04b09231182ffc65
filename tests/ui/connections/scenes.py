"""Scenes for the gallery of tests of a connection that failed, and of the way to a server."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer

from desktop.backends.presets import load_presets
from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route
from desktop.core.connections.check import ConnectionCheck
from desktop.core.message import Failure
from desktop.ui.connections.page import ConnectionPage

FAR = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Company server", address="https://ai.example.com/v1", id="c", has_key=True
)
PROXY = Route(proxy=ProxyMode.MANUAL, proxy_address="http://proxy.example.com:3128", proxy_user="anna.li")
FAILED: dict[str, tuple[Failure, Route]] = {
    "expired": (
        Failure("unreachable", "2026-10-31T23:59:59+00:00", "ai.example.com", reason="tls_expired"),
        Route(),
    ),
    "name": (Failure("unreachable", "www.example.com", "ai.example.com", reason="tls_name"), Route()),
    "unknown": (Failure("unreachable", "Example Ltd. Root CA", "ai.example.com", reason="tls_unknown"), Route()),
    "certificate": (Failure("unreachable", host="ai.example.com", reason="tls_client"), Route()),
    "proxy": (Failure("unreachable", host="proxy.example.com:3128", reason="proxy_login_wrong"), PROXY),
    "key": (Failure("auth_rejected", "Incorrect API key provided", "ai.example.com", 401), Route()),
    "no_name": (Failure("unreachable", host="ai.example.com", reason="dns"), Route()),
    "locked": (Failure("unreachable", host="ai.example.com", reason="offline"), Route()),
}


def failed(name):
    def make(theme, width):
        failure, route = FAILED[name]
        page = ConnectionPage(theme, list(load_presets().values()))
        page.edit(replace(FAR, route=route))
        page.form.show_testing()
        page.form.show_test_result(None, failure)
        page.form.show_check(ConnectionCheck(connection=FAR, has_key=True, failure=failure))
        QTimer.singleShot(300, page, lambda: page.ensureWidgetVisible(page.form.part_to_see, 0, 20))
        return page

    return make


def way(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()))
    page.form.set_trusted_everywhere("/home/anna/Example Root CA.crt")
    page.edit(replace(FAR, route=replace(PROXY, certificate="/home/anna/anna.li.pem")))
    page.form.fields.set_open(True)
    QTimer.singleShot(300, page, lambda: page.ensureWidgetVisible(page.form.way_on, 0, 20))
    return page


def connection_scenes():
    """All of them, by name."""
    return {"connection_way": way, **{f"failed_test_{name}": failed(name) for name in FAILED}}
