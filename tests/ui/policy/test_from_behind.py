"""Each rule of a policy, tried from behind: by settings, stored conversations, the environment, a file or a link.

An attempt is a function that goes past the buttons which a policy takes away; it returns True if the rule was passed.
Each table of attempts has the program opened once, over a home that was laid out against the policy.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets, SshLogin
from desktop.core.conversation import Conversation, ConversationSettings, is_temporary
from desktop.core.errors import BackendError
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import KeptDownload
from desktop.core.policy.fixed import Policy
from desktop.core.policy.parse import read_policy
from desktop.core.trust import EntryFilter
from desktop.exporters import candor_file
from desktop.store.database import open_store
from desktop.store.paths import DATABASE, STARTER_MODEL_FILE
from desktop.store.settings import Settings
from desktop.ui.exporting.importing import ImportDialog
from desktop.ui.exporting.presenter import ExportDialog
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.message_actions import Ask
from tests.exporters.talk import ANSWER, QUESTION, talk
from tests.store.conftest import turn
from tests.support.in_process import HandedOver, OpenProgram, open_program
from tests.support.scripted_server import ScriptedServer, json_reply, running_server
from tests.support.scripts import FORWARDED, MODEL, ndjson, ollama_lines, ollama_script
from tests.support.tasks import result_of

pytestmark = pytest.mark.window


@dataclass(frozen=True)
class Home:
    """What the user has laid out: a model file, a server that the policy does not know, stored conversations."""

    folder: Path
    theirs: ScriptedServer
    company: ScriptedServer
    stored: dict[str, Conversation]

    @property
    def file(self):
        return str(self.folder / "copy.gguf")


Attempt = Callable[[OpenProgram, Home], bool]
COMPANY_ID = "policy:company"
COMPANY = """\
version = 1
[network]
farthest = "private_network"
offline_lock = false
update_notice = false
proxy = "none"
[connections]
own = false
found_on_this_computer = false
model_files = false
[[connections.set]]
id = "company"
name = "Company server"
kind = "ollama"
address = "{company}"
[recipes]
folder = "/nowhere/recipes"
[features]
export = false
import = false
pull = false
clear_ledger = false
[end]
"""
NETWORK = """\
version = 1
[network]
farthest = "private_network"
allowed_hosts = ["10.0.0.0/8", "gpu.example.com"]
require_https = true
[end]
"""
NOTHING_KEPT = "version = 1\n[records]\nkeep = 'until_closed'\n[end]\n"


def listed(opened, name):
    return any(each.connection.name == name for each in opened.program.services.models.listings)


def answers(opened, choice):
    """Ask the conversation in front; True if somebody answered."""
    if choice is not None:
        opened.program.chat.choose_model(choice)
    before = len(opened.path)
    if opened.program.chat.send("May I?"):
        opened.wait_until(lambda: opened.program.chat.generation is None)
    return len(opened.path) > before + 1 and opened.path[-1].status is MessageStatus.COMPLETE


def goes_on(opened, home, name):
    """Open a stored conversation, and ask in it with the model that it names."""
    chat = opened.program.chat
    chat.open(home.stored[name].id)
    opened.wait_until(lambda: chat.current.id == home.stored[name].id)
    return answers(opened, None)


def asked(server, *paths):
    return any(each.path in paths for each in server.requests)


def answers_a_test(opened, address, identity="new"):
    models: list[object] = []
    connections = opened.program.services.connections
    connections.tested.connect(lambda found, _: models.append(found))
    connection = Connection(kind=ConnectionKind.OLLAMA, name="New", address=address, id=identity)
    connections.test(connection, Secrets())
    opened.wait_until(lambda: models)
    return bool(models[0])


def saved(opened, home, identity):
    connection = Connection(kind=ConnectionKind.OLLAMA, name="New", address=home.theirs.url, id=identity)
    opened.program.services.connections.save(connection, Secrets())
    return listed(opened, "New") or any(each.name == "New" for each in opened.program.services.connections.saved)


def model_given(opened, give):
    """True if a model file that is given is looked at, which ends with a word or with a choice."""
    opened.window.notice.hide()
    give()
    return "switched off" not in opened.notice


def got(opened, home, connection, given=None):
    downloads, choice = opened.program.model_parts.downloads, ModelChoice(connection, "qwen3:4b")
    if given is None:
        downloads.start_download(choice)
    else:
        downloads.start_import(choice, given)
    return downloads.find(choice) is not None or asked(home.company, "/api/pull", "/api/create")


def deleted(opened, home):
    deleting = opened.program.model_parts.downloads.delete(ModelChoice(COMPANY_ID, MODEL))
    with suppress(BackendError):
        result_of(deleting, opened.wait_until)
    return asked(home.company, "/api/delete")


def resumed(opened, home):
    opened.program.model_parts.downloads.resume(ModelChoice(COMPANY_ID, "kept:4b"))
    opened.drain_store()
    return asked(home.company, "/api/pull")


def exported(opened, ask):
    opened.window.notice.hide()
    ask()
    dialogs = [each for each in opened.window.findChildren(ExportDialog) if each.isVisible()]
    return bool(dialogs) or "switched off" not in opened.notice


def cleared(opened, _):
    ledger = opened.program.services.ledger
    result_of(ledger.clear(), opened.wait_until)
    entries, _ = result_of(ledger.read(EntryFilter(), 1), opened.wait_until)
    return not entries


def changed(opened, name, value):
    opened.program.services.settings.change(**{name: value})
    return getattr(opened.program.services.settings.now, name) == value


def shared(opened, _):
    opened.program.services.recipes.share("/somewhere/else")
    return opened.program.services.recipes.shared_path != "/nowhere/recipes"


def imported(opened, home):
    (home.folder / "talk.json").write_bytes(candor_file.write(talk(QUESTION, ANSWER, title="Brought in")))
    opened.window.give_to_model(GivenFiles((home.folder / "talk.json",)))
    opened.drain_store()
    return any(each.title == "Brought in" for each in opened.program.chat.conversations)


def engine_files(opened):
    return [str(each) for each in opened.program.services.connections.files()]


# Under `COMPANY`: a server of its own, and nothing else.
AT_WORK: dict[str, Attempt] = {
    "settings: a connection of one's own": lambda opened, home: listed(opened, "Mine"),
    "settings: a connection with the identity of the policy's": lambda opened, home: listed(opened, "Mine, as theirs"),
    "settings: a model file": lambda opened, home: home.file in engine_files(opened),
    "settings: a model file to begin with": lambda opened, home: answers(opened, ModelChoice("built_in", home.file)),
    "settings: the offline lock": lambda opened, home: opened.program.services.settings.now.offline_lock,
    "settings: another folder of recipes": lambda opened, home: (
        opened.program.services.recipes.shared_path != "/nowhere/recipes"
    ),
    "settings: a download that goes on": resumed,
    "settings: a login at a rented computer": lambda opened, home: listed(opened, "Rented"),
    "database: a model file": lambda opened, home: goes_on(opened, home, "file"),
    "database: one's own connection": lambda opened, home: goes_on(opened, home, "mine"),
    "database: a server that was found once": lambda opened, home: goes_on(opened, home, "found"),
    "database: the starter model's name": lambda opened, home: goes_on(opened, home, "starter"),
    "environment: OLLAMA_HOST": lambda opened, home: listed(opened, "Ollama") or bool(home.theirs.requests),
    "environment: a starter model in a cache of one's own": lambda opened, home: bool(engine_files(opened)),
    "environment: HTTP_PROXY": lambda opened, home: bool(home.theirs.connections),
    "command line: a model file": lambda opened, home: (
        opened.program.services.connections.model_files[:1] == ("/given.gguf",)
    ),
    "second start: a model file": lambda opened, home: model_given(
        opened, lambda: opened.program.opening.model_given.emit(home.file)
    ),
    "drop: a model file": lambda opened, home: model_given(opened, lambda: opened.window.file_chosen.emit(home.file)),
    "import of a model file": lambda opened, home: model_given(
        opened, lambda: opened.program.model_parts.importing.start_looking([Path(home.file)])
    ),
    "test of a new connection": lambda opened, home: answers_a_test(opened, home.theirs.url),
    "test of the policy's connection, elsewhere": lambda opened, home: (
        answers_a_test(opened, home.theirs.url, COMPANY_ID) and bool(home.theirs.requests)
    ),
    "a new connection": lambda opened, home: saved(opened, home, "new"),
    "the policy's connection, elsewhere": lambda opened, home: saved(opened, home, COMPANY_ID),
    "a download": lambda opened, home: got(opened, home, COMPANY_ID),
    "a model given to the server": lambda opened, home: got(
        opened, home, COMPANY_ID, GivenModel(Path(home.file), 9, "copy")
    ),
    "a copy of a model file": lambda opened, home: got(
        opened, home, "built_in", GivenModel(Path(home.file), 9, "copy")
    ),
    "a model deleted": deleted,
    "the lock, changed": lambda opened, home: changed(opened, "offline_lock", value=True),
    "recipes from elsewhere": shared,
    "the record of where words went": cleared,
    "export by key": lambda opened, home: exported(opened, lambda: opened.press("Ctrl+P")),
    "export from the list": lambda opened, home: exported(
        opened, lambda: opened.window.sidebar.export_requested.emit(home.stored["file"].id)
    ),
    "export of an answer": lambda opened, home: exported(
        opened, lambda: opened.window.reading.ask("any", Ask.TAKE_ALONG)
    ),
    "import by drop": imported,
}


def own(name, address, kind=ConnectionKind.OPENAI_COMPAT, **more):
    return Connection(kind=kind, name=name, address=address, id=more.pop("id", name), **more)


# Under `NETWORK`, each a connection of the user's settings; asked, it must say that the policy does not let it.
OUT_OF_REACH: dict[str, Connection] = {
    "the internet": own("internet", "https://198.51.100.7/v1"),
    "the internet, said to be inside": own("inside", "https://198.51.100.8/v1", is_inside=True),
    "the internet by a proxy here": own(
        "proxy",
        "https://198.51.100.9/v1",
        route=Route(proxy=ProxyMode.MANUAL, proxy_address="http://127.0.0.1:9"),
    ),
    "a network nearby that is not named": own("near", "https://192.168.7.7/v1"),
    "a network nearby without encryption": own("plain", "http://10.1.2.3/v1"),
    "a name that is like an allowed one": own("like", "https://gpu.example.com.198.51.100.7.example/v1"),
    "an address as a number": own("number", "https://3325256711/v1"),
    "IPv6 for IPv4": own("mapped", "https://[::ffff:198.51.100.7]/v1"),
    "a rented computer": own("rented", "http://127.0.0.1:8000/v1", ssh=SshLogin(host="198.51.100.7", user="root")),
}


def lay_out(folder, theirs, company):
    """A home that is set up against `COMPANY` wherever something can be set."""
    file = folder / "copy.gguf"
    file.write_bytes(b"GGUF")
    starter = folder / "cache" / "candor" / "models" / STARTER_MODEL_FILE
    starter.parent.mkdir(parents=True)
    starter.write_bytes(b"GGUF")
    choices = {
        "file": ModelChoice("built_in", str(file)),
        "mine": ModelChoice("mine", MODEL),
        "found": ModelChoice(theirs.url, MODEL),
        "starter": ModelChoice("built_in", str(starter)),
    }
    stored = {}
    store = open_store(folder / DATABASE)
    for name, choice in choices.items():
        conversation, question, reply = turn(name, "Yes.")
        stored[name] = replace(conversation, settings=ConversationSettings(choice=choice))
        store.begin_reply(stored[name], [question, reply])
    store.close()
    Settings(
        offline_lock=True,
        recipes_folder="/somewhere/else",
        model_files=(str(file),),
        default_choice=choices["file"],
        downloads=(KeptDownload(ModelChoice(COMPANY_ID, "kept:4b")),),
        connections=(
            own("Mine", theirs.url, ConnectionKind.OLLAMA, id="mine"),
            own("Mine, as theirs", theirs.url, ConnectionKind.OLLAMA, id=COMPANY_ID),
            own("Rented", theirs.url, ssh=SshLogin(host="127.0.0.1", user="root")),
        ),
    ).save(folder / "settings.json")
    return Home(folder, theirs, company, stored)


def ollama():
    routes = {f"{way} /api/{what}": [json_reply({})] for way, what in (("POST", "pull"), ("DELETE", "delete"))}
    return dict(ollama_script(ndjson(ollama_lines("Yes.")), **routes))


def test_nothing_gets_past_a_policy_at_work(qapp, candor_home, monkeypatch):
    with running_server(ollama()) as theirs, running_server(ollama()) as company:
        home = lay_out(candor_home, theirs, company)
        for name in ("OLLAMA_HOST", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, theirs.url)
        monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "cache"))
        policy = read_policy(COMPANY.format(company=company.url), "/etc/candor/policy.toml")
        assert policy.problems == ()
        with open_program(qapp, candor_home, handed_over=HandedOver("/given.gguf"), policy=policy) as opened:
            opened.wait_until(lambda: opened.program.services.connections.is_settled)
            passed = [name for name, attempt in AT_WORK.items() if attempt(opened, home)]
            assert passed == []
            opened.program.chat.new()
            opened.wait_until(
                lambda: opened.program.services.models.backend(ModelChoice(COMPANY_ID, MODEL)) is not None
            )
            assert answers(opened, ModelChoice(COMPANY_ID, MODEL))  # what the policy has set up works
        assert theirs.requests == []


def test_a_policy_that_lets_users_add_connections_keeps_its_own(qapp, candor_home):
    with running_server(ollama()) as theirs, running_server(ollama()) as company:
        lay_out(candor_home, theirs, company)
        policy = read_policy(COMPANY.format(company=company.url).replace("own = false", "own = true"), "x")
        with open_program(qapp, candor_home, policy=policy) as opened:
            opened.wait_until(lambda: opened.program.services.connections.is_settled)
            assert listed(opened, "Mine")
            assert listed(opened, "Company server")
            assert not listed(opened, "Mine, as theirs")


def test_nothing_is_reached_that_is_out_of_reach(qapp, candor_home, monkeypatch):
    Settings(connections=tuple(OUT_OF_REACH.values())).save(candor_home / "settings.json")
    with running_server(ollama_script(ndjson(ollama_lines("Yes.")), forwarded=[FORWARDED])) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        with open_program(qapp, candor_home, policy=read_policy(NETWORK, "x")) as opened:
            opened.wait_until(lambda: opened.program.services.connections.is_settled)
            failures = {each.connection.name: each.failure for each in opened.program.services.models.listings}
            passed = [
                name
                for name, each in OUT_OF_REACH.items()
                if (failure := failures[each.name]) is None or failure.reason not in ("policy", "ssh_host_new")
            ]
            assert passed == []
            near = next(each.connection.id for each in opened.program.services.models.listings if each.models)
            opened.program.chat.new()
            assert not answers(opened, ModelChoice(near, FORWARDED))  # the server would hand it on
            assert opened.program.model_parts.downloads.refusal_of("hf.co/a/b") is not None
            assert server.chats == []


def test_nothing_is_kept_on_any_way(qapp, candor_home, monkeypatch, tmp_path):
    """A policy by which nothing is kept, that comes while the program runs over conversations of before."""
    conversation, question, reply = turn("before", "Yes.")
    store = open_store(candor_home / DATABASE)
    store.begin_reply(conversation, [question, reply])
    store.close()
    file = tmp_path / "talk.json"
    file.write_bytes(candor_file.write(talk(QUESTION, ANSWER, title="Brought in")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(logging.getLogger("desktop.backends.wire.exchange"), "level", logging.DEBUG)
    now = [Policy()]
    with running_server(ollama_script(ndjson(ollama_lines("Yes.")))) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        with open_program(qapp, candor_home, find_policy=lambda: now[0]) as opened:
            program, chat = opened.program, opened.program.chat
            opened.wait_for_model()
            chosen = chat.current.settings.choice
            opened.write("CANARY of the box")
            now[0] = read_policy(NOTHING_KEPT, "x")
            program.policy_watch.look()
            opened.wait_until(lambda: program.services.policy == now[0])
            assert is_temporary(chat.current.id)
            assert opened.window.composer.text() == "CANARY of the box"
            opened.press_enter()
            opened.wait_until(lambda: len(opened.path) == 2 and opened.path[-1].status is MessageStatus.COMPLETE)
            # In a conversation of before nothing is said any more; the words stay in the box.
            chat.open(conversation.id)
            opened.wait_until(lambda: chat.current.id == conversation.id)
            chat.choose_model(chosen)
            asked_before = len(server.chats)
            opened.write("CANARY that goes on")
            opened.press_enter()
            opened.wait_until(lambda: "No conversations are kept" in opened.notice)
            assert opened.window.composer.text() == "CANARY that goes on"
            assert len(server.chats) == asked_before
            opened.box.clear()
            chat.fresh.start_conversation()
            opened.ask("CANARY of a fresh start")
            program.screens.importing.choose_file()
            opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(ImportDialog)))
            next(each for each in opened.window.findChildren(ImportDialog) if each.isVisible()).take.click()
            opened.wait_until(lambda: "Not imported" in opened.notice)
            assert not logging.getLogger("desktop.backends.wire.exchange").isEnabledFor(logging.DEBUG)
    kept = b"".join(each.read_bytes() for each in candor_home.rglob("*") if each.is_file())
    assert b"CANARY" not in kept
    assert b"Brought in" not in kept


def test_a_dialog_that_was_open_does_not_outlive_the_rule(qapp, candor_home, monkeypatch, tmp_path):
    (tmp_path / "talk.json").write_bytes(candor_file.write(talk(QUESTION, ANSWER, title="Brought in")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "talk.json"), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out.md"), ""))
    now = [Policy()]
    with running_server(ollama_script(ndjson(ollama_lines("Yes.")))) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        with open_program(qapp, candor_home, find_policy=lambda: now[0]) as opened:
            program, window = opened.program, opened.window
            opened.ask("Hello")
            opened.press("Ctrl+P")
            program.screens.importing.choose_file()
            opened.wait_until(lambda: any(each.isVisible() for each in window.findChildren(ImportDialog)))
            now[0] = read_policy("version = 1\n[features]\nexport = false\nimport = false\n[end]\n", "x")
            program.policy_watch.look()
            opened.wait_until(lambda: program.services.policy == now[0])
            window.findChild(ImportDialog).take.click()
            window.findChild(ExportDialog).export.click()
            opened.drain_store()
            assert "switched off" in opened.notice
            assert not (tmp_path / "out.md").exists()
            assert [each.title for each in program.chat.conversations] != ["Brought in"]
