"""A policy in force, and its window: what it fixes is shown as fixed, and each of its lines is explained in words."""

from __future__ import annotations

import json
import sys

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import NO_REACH, Policy
from desktop.core.policy.parse import NAMES, SET_NAMES, read_policy
from desktop.policy import check_policy
from desktop.store.settings import Settings
from desktop.ui.chat.outgoing import InstructionsDialog, InstructionsLine
from desktop.ui.connections.page import ConnectionRow
from desktop.ui.exporting.presenter import ExportDialog
from desktop.ui.policy import PolicyDialog, explained, sentences_of
from desktop.ui.window.settings_dialog import SettingsDialog, SettingsGroup
from tests.core.test_policy import WHOLE
from tests.support.in_process import open_program
from tests.support.scripted_server import Hold, running_server
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script, openai_chunks, openai_script, sse
from tests.ui.steps import words_on

KEY = "sk-CANARY-by-command"


def policy_for(server):
    return f"""\
version = 1
organization = "Example Ltd"
contact = "it@example.com"
[network]
farthest = "private_network"
offline_lock = false
update_notice = false
[connections]
own = false
found_on_this_computer = false
model_files = false
[[connections.set]]
id = "company"
name = "Company server"
address = "{server}"
key = "command"
key_command = ['{sys.executable}', "-c", "print('{KEY}')"]
[models]
instructions = "Answer in formal German."
[recipes]
folder = "/nowhere/recipes"
[features]
export = false
import = false
pull = false
clear_ledger = false
[end]
"""


@pytest.fixture
def own_settings(candor_home):
    """The user's settings of before: the lock on, and a connection that the policy does not want."""
    file = candor_home / "settings.json"
    own = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Mine", address="https://api.example.org/v1", id="mine")
    Settings(offline_lock=True, connections=(own,)).save(file)
    return file


def test_a_policy_in_force(qapp, candor_home, own_settings):
    with running_server(openai_script(sse(openai_chunks("Sehr geehrte Frau Muster")))) as server:
        policy = read_policy(policy_for(server.url), "/etc/candor/policy.toml")
        assert policy.problems == ()
        with open_program(qapp, candor_home, policy=policy) as opened:
            program, window = opened.program, opened.window
            # The connection is there, with its key, and is begun with; the user's own are not used.
            opened.ask("Hello")
            assert server.chats[-1].headers["authorization"] == f"Bearer {KEY}"
            assert server.chats[-1].json["messages"][0] == {"role": "system", "content": "Answer in formal German."}
            assert [each.connection.name for each in program.services.models.listings] == ["Company server"]

            # What every conversation begins with stands above the message box, and by whom it is set in its dialog.
            assert [each for each in window.findChildren(InstructionsLine) if each.isVisible()]
            window.header.place.instructions_requested.emit()
            written = window.findChild(InstructionsDialog)
            assert written.ahead.toPlainText() == ""
            assert "begins with: Answer in formal German. Set by Example Ltd." in words_on(written)
            written.ahead.setPlainText("Be brief.")
            written.save.click()
            assert program.chat.instructions.standing == "Answer in formal German.\n\nBe brief."
            assert program.chat.current.settings.system == "Answer in formal German."

            window.connections.show()
            page = window.connections.page
            (row,) = page.findChildren(ConnectionRow)
            assert "Set by Example Ltd. Questions: it@example.com" in words_on(row)
            remove = [each for each in row.findChildren(QWidget) if each.accessibleName() == "Remove Company server"]
            assert not any(each.isVisible() for each in remove)
            assert not page._add.isVisible()
            page.save_requested.emit(
                Connection(kind=ConnectionKind.OLLAMA, name="x", address="http://127.0.0.1:9"), Secrets()
            )
            assert len(program.services.models.listings) == 1

            # Settings: what is fixed holds, cannot be changed, and is not written into the user's file.
            assert not program.services.settings.now.offline_lock
            program.services.settings.change(offline_lock=True, text_scale=1.1)
            assert not program.services.settings.now.offline_lock
            window.settings_requested.emit()
            dialog = window.findChild(SettingsDialog)
            assert not dialog.offline.isEnabled()
            dialog.show_group(SettingsGroup.PRIVACY)
            assert "Set by Example Ltd" in words_on(dialog)
            dialog.fixed.click()
            told = window.findChild(PolicyDialog)
            assert "Answer in formal German." in told.text
            assert server.url in told.text
            told.reject()
            dialog.reject()

            # What is switched off says so; that nothing gets past it is tried from behind.
            window.show_chat()
            opened.press("Ctrl+P")
            assert window.findChild(ExportDialog) is None
            assert "switched off" in opened.notice
            opened.press("Ctrl+Shift+R")
            assert opened.says("Set by Example Ltd. Questions: it@example.com")
            assert not [
                each for each in window.findChildren(QPushButton) if each.isVisible() and each.text() == "Change…"
            ]
    kept = json.loads(own_settings.read_text())
    assert (kept["offline_lock"], kept["text_scale"]) == (True, 1.1)
    assert [each["name"] for each in kept["connections"]] == ["Mine"]


def test_a_policy_that_cannot_be_used_closes_the_network_and_says_so(qapp, candor_home, own_settings):
    policy = read_policy(policy_for("http://192.0.2.7:8000").replace("[end]", ""), "/etc/candor/policy.toml")
    assert policy.reach == NO_REACH
    with open_program(qapp, candor_home, policy=policy) as opened:
        assert "nothing but this computer" in opened.notice
        assert "it@example.com" in opened.notice
        opened.wait_until(lambda: opened.program.services.connections.is_settled)
        (listing,) = opened.program.services.models.listings
        assert listing.failure is not None
        assert (listing.failure.kind, listing.failure.reason) == ("unreachable", "policy")
        opened.click("What is wrong…")
        assert "[end]" in opened.window.findChild(PolicyDialog).text


def test_a_policy_that_changes_holds_at_once_and_what_runs_comes_to_its_end(
    qapp, candor_home, own_settings, monkeypatch
):
    """An administrator puts one in place while an answer is written, and takes it away again."""
    now = [Policy()]
    held = ndjson([ollama_line("Sehr geehrte ")], then=[Hold(), *ndjson(ollama_lines("Frau Muster")).steps])
    with running_server(ollama_script(held)) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        campus = Connection(
            kind=ConnectionKind.OPENAI_COMPAT, name="Campus", address="http://141.20.3.4:9", id="campus"
        )
        Settings(connections=(campus,), offline_lock=True).save(own_settings)
        with open_program(qapp, candor_home, find_policy=lambda: now[0]) as opened:
            program, window = opened.program, opened.window

            def change(policy):
                now[0] = policy
                program.policy_watch.look()
                opened.wait_until(lambda: program.services.policy == policy)
                opened.wait_until(lambda: program.services.connections.is_settled)

            def places():
                return {
                    each.connection.name: each.connection.server_place.kind for each in program.services.models.listings
                }

            opened.wait_for_model()
            assert places()["Campus"] is PlaceKind.INTERNET
            window.connections.show()
            window.show_chat()
            opened.write("Hello")
            opened.press_enter()
            opened.wait_for_text("Sehr")
            window.settings_requested.emit()
            change(read_policy(policy_for("http://127.0.0.1:9"), "/etc/candor/policy.toml"))
            assert "has changed" in opened.notice
            assert [each for each in window.findChildren(SettingsDialog) if each.isVisible()] == []
            assert list(places()) == ["Company server"]
            assert not program.services.settings.now.offline_lock
            assert program.chat.instructions.standing == "Answer in formal German."
            assert not program.model_parts.downloads.is_allowed
            program.screens.importing.choose_file()
            assert "switched off" in opened.notice
            window.connections.show()
            assert "Set by Example Ltd" in words_on(window.connections.page)
            window.show_chat()
            server.release()  # what was asked before comes to its end
            opened.wait_until(lambda: program.chat.generation is None)
            assert opened.path[-1].text == "Sehr geehrte Frau Muster"

            # What a network of the house is may be said without anything being fixed.
            change(read_policy("version = 1\n[network]\nprivate_networks = ['141.20.0.0/16']\n[end]\n", "x"))
            assert places()["Campus"] is PlaceKind.PRIVATE_NETWORK
            assert program.services.settings.now.offline_lock
            assert program.model_parts.downloads.is_allowed
            window.connections.show()
            assert window.connections.page._add.isVisible()

            window.show_chat()
            change(read_policy("version = 1\n[network]\nfartest = 'internet'\n[end]\n", "x"))
            assert "nothing but this computer" in opened.notice
    assert "is_inside" not in own_settings.read_text()


def lines_of(text):
    return explained(text, read_policy(text, "policy.toml"))


def test_all_lines_of_a_whole_policy_are_explained():
    lines = lines_of(WHOLE)
    shown = [line[7:] for line in lines if line[:5].strip().isdigit()]
    assert shown == [line.rstrip() for line in WHOLE.splitlines()]
    for statement in WHOLE.split("\n\n"):
        for name in (line.partition(" = ")[0] for line in statement.splitlines() if " = " in line):
            at = next(at for at, line in enumerate(lines) if line[7:].startswith(f"{name} ="))
            told = next(line for line in lines[at + 1 :] if line.startswith("        ") or line[:5].strip())
            assert "→" in told or name == "allowed_hosts", name
    assert lines[-1] == "This policy can be used as it stands."
    assert any("10.20.0.0/16" in each for each in sentences_of(read_policy(WHOLE, "x")))


def test_no_name_is_without_words():
    values = ("true", '"a"', '["a"]', "3", '"internet"', '"days"', '"none"', '"/a"', '["/a"]')
    for path in [*NAMES, *SET_NAMES]:
        table, _, name = path.rpartition(".")
        said = ["\n".join(lines_of((f"[{table}]\n" if table else "") + f"{name} = {value}\n")) for value in values]
        assert any("→" in each for each in said), path


def test_what_is_wrong_stands_below_its_line():
    lines = lines_of('version = 1\n[network]\nfartest = "internet"\nrequire_https = 3\n[end]\n')
    at = lines.index('    3  fartest = "internet"')
    assert "“network.fartest”" in lines[at + 1]
    assert "strictest" in lines[lines.index("    4  require_https = 3") + 1]
    assert lines[-1] == "This policy cannot be used: Candor reaches nothing but this computer."


def test_the_command_returns_if_all_can_be_used(tmp_path, capsys):
    file = tmp_path / "policy.toml"
    assert check_policy(file) == 2
    file.write_text(WHOLE)
    assert check_policy(file) == 0
    assert "Example Ltd" in capsys.readouterr().out
    file.write_bytes(b"\xff")
    assert check_policy(file) == 1
