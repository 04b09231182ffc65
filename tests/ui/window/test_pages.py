"""The window's pages and About."""

from __future__ import annotations

import contextlib
import json

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.model import ModelChoice
from desktop.ui.window.about import AboutDialog, parts
from tests.support.in_process import open_program
from tests.support.patient_bot import process_next_events
from tests.support.scripted_server import json_reply, running_server
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script, openai_script


@pytest.fixture
def open_it(qapp, candor_home):
    """Opens the program over `candor_home`, without a starter model and without a server on this computer."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(open_program(qapp, candor_home))


class TestWithoutAnyModel:
    @pytest.fixture
    def opened(self, open_it):
        opened = open_it()
        opened.wait_until(lambda: opened.page == "first_run")
        return opened

    def test_the_connections_can_be_left_and_what_is_asked_anyway_stays_in_sight_with_what_to_get(self, opened):
        asked: list[bool] = []
        opened.wait_until(lambda: opened.program.services.connections.is_settled)
        opened.program.services.models.changed.connect(lambda: asked.append(True))
        for leave in (
            lambda: QTest.keyClick(opened.window, Qt.Key.Key_Escape),
            opened.window.connections.page.closed.emit,
        ):
            asked.clear()
            opened.window.connections.show()
            leave()
            assert opened.page == "chat"
            assert asked, "somebody was looked for"
            opened.wait_until(lambda: opened.program.services.connections.is_settled)
        question = "What does our contract say on notice?"
        opened.window.sidebar.new_requested.emit()
        opened.write(question)
        opened.press_enter()
        process_next_events()
        opened.click("Ask anyway")
        opened.wait_until(lambda: opened.program.services.connections.is_settled)
        process_next_events()
        assert (opened.page, opened.box.toPlainText()) == ("chat", question)
        assert opened.says("There is no model to ask yet")
        header = opened.window.chat_page.header
        assert not header.menu.isVisible()
        header.open_models()
        assert [each.title for each in header.menu.list.rows] == ["There is no model to ask yet"]
        QTest.keyClick(header.menu, Qt.Key.Key_Escape)


class TestSavedConnection:
    """A server that was set up but cannot be used: a sentence with the next steps, before anything is sent."""

    def save(self, home, address):
        """A connection without a model ever chosen."""
        connection = {"kind": "openai_compat", "name": "ours", "address": address, "id": "ours"}
        (home / "settings.json").write_text(json.dumps({"connections": [connection]}))

    def test_asking_again_when_it_has_been_put_right(self, open_it, candor_home):
        working = openai_script()
        said = {
            "The key was not accepted": json_reply({"error": {"message": "Incorrect API key provided"}}, 401),
            "No model there yet": json_reply({"object": "list", "data": []}),
        }
        with running_server({**working, "GET /v1/models": list(said.values())[:1]}) as server:
            self.save(candor_home, f"{server.url}/v1")
            opened = open_it()
            for title, then in zip(said, ([said["No model there yet"]], working["GET /v1/models"]), strict=True):
                opened.wait_until(lambda title=title: opened.says(title))
                server.script["GET /v1/models"] = list(then)
                opened.click("Try again", opened.window.empty)
            opened.wait_for_models()
            opened.wait_until(lambda: not opened.says("No model there yet"))
            assert opened.page == "chat"
            assert server.chats == []


class TestAServerThatWasJustAdded:
    def _add_another(self, opened, choice):
        """One more connection changes nothing by itself: its model is offered, and used if the user wants it."""
        chat = opened.program.chat
        opened.window.show_chat()
        with running_server(openai_script("Hello")) as server:
            added = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Second office", address=f"{server.url}/v1")
            opened.program.services.connections.save(added, Secrets())
            opened.wait_until(lambda: opened.says("Second office is set up, with"))
            opened.press("Ctrl+N")
            assert chat.current.settings.choice == choice
            opened.click("Use it now")
            taken = chat.current.settings.choice
            assert taken is not None
            assert taken.connection_id == added.id
            assert opened.program.services.settings.now.default_choice == taken
            assert not opened.says("is set up, with")
            opened.program.services.connections.remove(added.id)
            opened.wait_until(lambda: chat.current.settings.choice == choice)
            assert opened.program.services.settings.now.default_choice is None

    def test_it_is_used_in_an_empty_conversation(self, open_it):
        opened = open_it()
        opened.wait_until(lambda: opened.page == "first_run")
        with running_server(openai_script("Hello")) as server:
            added = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Office", address=f"{server.url}/v1")
            opened.program.services.connections.save(added, Secrets())
            opened.wait_until(lambda: opened.program.chat.current.settings.choice is not None)
            choice = opened.program.chat.current.settings.choice
            assert choice is not None
            assert choice.connection_id == added.id
            assert opened.program.services.settings.now.default_choice == choice
            self._add_another(opened, choice)
            opened.press("Ctrl+N")
            assert opened.program.chat.current.settings.choice == choice
            opened.window.connections.page.form.trust_requested.emit("/etc/house.pem")
            assert opened.program.services.settings.now.trusted_certificates == "/etc/house.pem"


@pytest.mark.window
class TestAnOllamaAtAnotherPort:
    """It was found by itself at one port, and listens at another one at the next start."""

    @pytest.fixture
    def start(self, qapp, candor_home, monkeypatch):

        @contextlib.contextmanager
        def started(*models, forwarded=()):
            script = ollama_script(ndjson(ollama_lines("Four.")), models=models, forwarded=forwarded)
            with running_server(script) as server:
                monkeypatch.setenv("OLLAMA_HOST", server.url)
                with open_program(qapp, candor_home) as opened:
                    yield opened, server

        return started

    def test_the_model_used_last_goes_on_there(self, start):
        with start("other:latest", MODEL) as (opened, before):
            opened.wait_for_model()
            opened.window.header.menu.chosen.emit(ModelChoice(before.url, MODEL))
            opened.ask("Two and two?")
        with start("other:latest", MODEL) as (opened, after):
            opened.wait_until(lambda: opened.program.services.connections.is_settled)
            now = ModelChoice(after.url, MODEL)
            assert opened.program.chat.current.settings.choice == now
            opened.ask("And one?")
            assert after.chats[-1].json["model"] == MODEL
            assert opened.program.services.settings.now.default_choice == now
            assert opened.program.services.settings.now.connections == ()

    @pytest.mark.parametrize("why", ["another user", "another model", "forwarded"])
    def test_nothing_is_taken_where_more_than_the_port_has_changed(self, start, monkeypatch, why):
        if why == "another user":
            monkeypatch.setattr("desktop.parts.beginning.foreign_owner", lambda port: "max")
        models = {"another user": [MODEL], "another model": ["other:latest"], "forwarded": []}[why]
        with start(MODEL) as (opened, before):
            opened.ask("Two and two?")
        with start(*models, forwarded=[MODEL] if why == "forwarded" else []) as (opened, after):
            opened.wait_until(lambda: opened.program.services.connections.is_settled)
            opened.window.sidebar.new_requested.emit()
            assert opened.program.chat.current.settings.choice == ModelChoice(before.url, MODEL)
            opened.wait_until(lambda: opened.says("does not answer right now"))
            assert not opened.says("· ·")
            assert after.chats == []


@pytest.fixture
def dialog(theme, qtbot):
    QCoreApplication.setApplicationVersion("1.2.3")
    made = AboutDialog(theme)
    qtbot.addWidget(made)
    return made


def listed(dialog):
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def show(dialog, name):
    row = next(row for row, part in enumerate(parts()) if part.name == name)
    dialog.list.setCurrentRow(row)
    return dialog.text.toPlainText()


@pytest.mark.window
def test_all_parts_are_named_with_the_words_of_their_licence(dialog):
    lines = listed(dialog)
    assert lines[0].startswith("Candor")
    for name in ("Qt", "llama.cpp", "SmolLM2", "STIX Two Math", "keyring", "httpcore", "Python", "PCRE2", "BoringSSL"):
        assert any(line.startswith(name) for line in lines), name
    for part in parts()[::8]:
        shown = show(dialog, part.name)
        assert shown.startswith(f"{part.line}\n\n")
        assert part.copyright in shown
        assert part.texts
        assert all(text in shown for text in part.texts)


@pytest.mark.window
def test_libraries_of_qt_say_how_to_replace_them(dialog):
    for name in ("Qt", "pyside6-essentials", "shiboken6"):
        assert "put other builds of the same version in their place" in show(dialog, name), name
    assert "put other builds" not in show(dialog, "httpcore")


@pytest.mark.window
def test_typing_finds_parts_by_name_licence_and_what_they_hold(dialog):
    everything = listed(dialog)
    QTest.keyClicks(dialog.filter, "mpl-2.0")
    assert {line.partition(" ")[0] for line in listed(dialog)} == {"certifi", "DOMPurify", "The"}
    assert dialog.text.toPlainText().startswith("certifi")  # the first of them, as what was shown is not among them
    dialog.filter.setText("d3-array")
    assert listed(dialog) == [line for line in everything if line.startswith(("D3 ", "D3,"))]
    dialog.filter.setText("qt unicode")
    assert all("Unicode" in line for line in listed(dialog))
    QTest.keyClick(dialog.filter, Qt.Key.Key_Escape)
    assert listed(dialog) == everything
