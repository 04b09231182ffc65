"""Scenes for the gallery of what an administrator fixes, and of what the program says of itself."""

from __future__ import annotations

from dataclasses import replace

from desktop.backends.presets import load_presets
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.policy.parse import read_policy
from desktop.diagnosis import text_of
from desktop.ui.connections.page import ConnectionPage
from desktop.ui.diagnosis import DiagnosticsDialog, FaultSheet
from desktop.ui.policy.dialog import PolicyDialog
from desktop.ui.window.settings_dialog import SettingsDialog, SettingsGroup
from tests.core.test_policy import WHOLE
from tests.ui.preferring import Noted

FILE = "/etc/candor/policy.toml"
POLICY = read_policy(WHOLE.replace('key = "command"', 'key = "ask"'), FILE)
BROKEN = read_policy(WHOLE.replace("[end]\n", "").replace("farthest", "fartest"), FILE)
FOUND = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
DIAGNOSED = {
    "program": {"version": "0.1.0", "frozen": True, "executable": "/opt/candor/candor", "python": "3.11.7"},
    "qt": {"version": "6.11.3", "platform": "xcb", "fonts": 118, "scale": 1.0},
    "policy": {"source": FILE, "closes_network": False, "problems": [], "names": ["organization", "network.farthest"]},
    "keyring": {"backend": "keyring.backends.SecretService.Keyring"},
    "connections": [{"name": "Company server", "error": "unreachable tls", "detail": "", "has_key": True}],
}
FAULT = "AttributeError: 'NoneType' object has no attribute 'text'\n/opt/candor/desktop/ui/chat/page.py:120 in show"


def connections(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()), POLICY)
    set_up = [each.connection for each in POLICY.connections]
    inside = [POLICY.reach.seen(each.server_place) != each.server_place for each in set_up]
    seen = [replace(each, is_inside=found) for each, found in zip(set_up, inside, strict=True)]
    page.show_connections([*seen, FOUND], set())
    return page


def key_alone(theme, width):
    page = ConnectionPage(theme, list(load_presets().values()), POLICY)
    page.edit(POLICY.connections[0].connection)
    return page


def settings(theme, width):
    dialog = SettingsDialog(theme, Noted(), policy=POLICY)
    dialog.show_group(SettingsGroup.PRIVACY)
    return dialog


def diagnostics(theme, width):
    dialog = DiagnosticsDialog(theme)
    dialog.show_text(text_of(DIAGNOSED, {}))
    return dialog


def policy_scenes():
    """All of them, by name."""
    return {
        "policy_connections": connections,
        "policy_key": key_alone,
        "policy_settings": settings,
        "policy": lambda theme, width: PolicyDialog(theme, POLICY),
        "policy_broken": lambda theme, width: PolicyDialog(theme, BROKEN),
        "diagnostics": diagnostics,
        "fault": lambda theme, width: FaultSheet(theme, FAULT),
    }
