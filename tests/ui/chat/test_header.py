"""The head of a conversation: its title, its model, what is in the way of one, and models for tasks."""

from __future__ import annotations

import pytest

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.fit import GIB, Computer
from desktop.core.request import ThinkingMode
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.sending import trouble_with
from desktop.ui.chat.writing import TaskModelPresenter
from desktop.ui.compare.page import ComparePage
from desktop.ui.errors import ErrorAction
from tests.support.scripted_server import json_reply
from tests.support.scripts import ndjson, ollama_lines, ollama_script

OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}))


OURS = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Our\nserver", address="https://gpu-server/v1", id="ours")
HERE = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="here")
CHOICE = ModelChoice("ours", "big")
MODEL = ModelInfo("big")
REFUSED = Failure("unreachable", host="gpu-server", reason="refused")
REJECTED = Failure("auth_rejected", host="gpu-server")
AGAIN, CONNECT, CHOOSE = ErrorAction.TRY_AGAIN, ErrorAction.OPEN_CONNECTIONS, ErrorAction.CHOOSE_MODEL


@pytest.mark.parametrize("choice", [CHOICE, None], ids=["chosen", "nothing chosen"])
@pytest.mark.parametrize(
    ("listing", "title", "actions"),
    [
        (Listing(OURS, failure=REFUSED), "Nothing answers at this address", (AGAIN, CONNECT)),
        (Listing(OURS, failure=REJECTED, is_loading=True), "The key was not accepted", (CONNECT, AGAIN)),
        (Listing(OURS, [EMBEDDING]), "No model there yet", (AGAIN, CONNECT)),
    ],
)
def test_what_the_server_said(listing, choice, title, actions):
    trouble = trouble_with([listing], choice)
    assert trouble is not None
    assert (trouble.title, trouble.actions) == (title, actions)
    if choice is CHOICE:  # another model is offered where there is one
        trouble = trouble_with([listing, Listing(HERE, [MODEL])], CHOICE)
        assert trouble is not None
        assert trouble.actions == (*actions, CHOOSE)


def test_a_model_that_is_gone():
    trouble = trouble_with([Listing(OURS, [ModelInfo("small")])], CHOICE)
    assert trouble is not None
    assert (trouble.title, trouble.actions) == ("The model is not there", (CHOOSE, AGAIN))
    assert "Our server" in trouble.sentence


@pytest.mark.parametrize(
    ("listings", "choice"),
    [
        ([], None),
        ([], CHOICE),
        ([Listing(OURS, is_loading=True)], CHOICE),
        ([Listing(OURS, is_loading=True)], None),
        ([Listing(OURS, [MODEL])], CHOICE),
        ([Listing(OURS, [MODEL]), Listing(HERE, failure=REFUSED)], CHOICE),
        ([Listing(OURS, [MODEL]), Listing(HERE, [])], None),
    ],
)
def test_no_trouble_or_none_that_is_known(listings, choice):
    assert trouble_with(listings, choice) is None


GENERAL, THINKING = "qwen2.5:7b", "deepseek-r1:7b"
CAPABILITIES = {GENERAL: ["completion"], THINKING: ["completion", "thinking"]}
SUM, LETTER = "Calculate the total cost of 12 chairs at 45 each", "Write a letter to the landlord"


def script():
    details = {"family": "qwen2", "parameter_size": "7B", "quantization_level": "Q4_K_M"}

    def entry(name):
        return {
            "name": name,
            "model": name,
            "size": 4_700_000_000,
            "details": details,
            "capabilities": CAPABILITIES[name],
        }

    def show(request):
        name = request.json["model"]
        info = {
            "general.architecture": "qwen2",
            "general.parameter_count": 7_600_000_000,
            "qwen2.context_length": 32_768,
        }
        return json_reply({"details": details, "model_info": info, "capabilities": CAPABILITIES[name], "template": ""})

    return dict(ollama_script(ndjson(ollama_lines("It is 540.")))) | {
        "GET /api/tags": [json_reply({"models": [entry(name) for name in CAPABILITIES]})],
        "POST /api/show": [show],
    }


def line(opened):
    found = opened.window.findChild(TaskModelPresenter)
    assert isinstance(found, TaskModelPresenter)
    return found._line


def model_of(opened):
    choice = opened.program.chat.current.settings.choice
    return choice.model if choice is not None else ""


def begin(opened):
    """A new conversation with the general model, on a computer that runs both."""
    opened.wait_for_model()
    advice = opened.program.model_parts.advice
    advice.look_at_computer = lambda: Computer(32 * GIB, 24 * GIB)
    opened.wait_until(lambda: not advice.is_looking)  # what has begun before looks at the true one
    advice.look()
    opened.wait_until(lambda: advice.computer.memory == 32 * GIB)
    connection = opened.program.services.models.listings[0].connection.id
    opened.program.chat.choose_model(ModelChoice(connection, GENERAL))


def test_the_right_model_for_the_task(open_over):
    with open_over(script()) as (opened, server):
        begin(opened)
        opened.write(LETTER)
        opened.drain_store()
        assert not line(opened).isVisible()
        opened.window.composer.set_text("")
        opened.write(SUM)
        opened.wait_until(lambda: line(opened).isVisible())
        assert opened.says("A calculation: DeepSeek R1 Distill 7B thinks before it answers")
        assert opened.box.hasFocus()
        answer = opened.ask("")
        assert answer.model == GENERAL
        # After the answer both can be compared.
        opened.wait_until(lambda: line(opened).isVisible())
        presenter = opened.window.findChild(TaskModelPresenter)
        opened.click("Compare both", line(opened))
        opened.wait_until(lambda: opened.window.findChild(ComparePage) is not None)
        opened.wait_until(lambda: [each.json["model"] for each in server.chats][-1:] == [THINKING])
        assert len(server.chats) == 2
        opened.press("Esc")
        # In a new conversation it is taken by one press, for that one alone, and remembered.
        opened.press("Ctrl+N")
        opened.write(SUM)
        opened.wait_until(lambda: line(opened).isVisible())
        opened.click("Use it here", line(opened))
        assert model_of(opened) == THINKING
        assert opened.box.hasFocus()
        assert [task for task, _ in opened.program.services.settings.now.task_models] == ["sums"]
        assert opened.ask("").model == THINKING
        opened.press("Ctrl+N")
        assert model_of(opened) == GENERAL
        opened.write(SUM)
        opened.wait_until(lambda: opened.says("You took it the last time."))
        opened.click("Not now", line(opened))
        opened.write(" please")
        opened.drain_store()
        assert not line(opened).isVisible()
        # Without another model, the present one can go step by step.
        presenter._silent.clear()
        assert presenter._think.isVisibleTo(line(opened))
        presenter._think.click()
        assert opened.program.chat.current.settings.thinking.mode is ThinkingMode.ON
        opened.ask("")
        assert "<think>" in server.chats[-1].json["messages"][-1]["content"]
        # Switched off, it is silent in a new conversation too.
        opened.program.services.settings.change(model_hints=False)
        opened.window.composer.set_text("")
        opened.press("Ctrl+N")
        presenter._on_written(SUM)
        assert not line(opened).isVisible()
