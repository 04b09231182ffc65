"""Why nobody can answer: picked from what the connections said, before anything is sent."""

from __future__ import annotations

import pytest

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.model_trouble import trouble_with
from desktop.ui.errors import ErrorAction

OURS = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Our\nserver", address="https://gpu-server/v1", id="ours")
HERE = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="here")
CHOICE = ModelChoice("ours", "big")
MODEL = ModelInfo("big")
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}))
REFUSED = Failure("unreachable", host="gpu-server", reason="refused")
REJECTED = Failure("auth_rejected", host="gpu-server")
AGAIN, CONNECT, CHOOSE = ErrorAction.TRY_AGAIN, ErrorAction.OPEN_CONNECTIONS, ErrorAction.CHOOSE_MODEL


@pytest.mark.parametrize("choice", [CHOICE, None], ids=["chosen", "nothing chosen"])
@pytest.mark.parametrize(
    ("listing", "title", "actions"),
    [
        (Listing(OURS, failure=REFUSED), "Nothing answers at this address", (AGAIN, CONNECT)),
        (Listing(OURS, failure=REJECTED, is_loading=True), "The key was not accepted", (CONNECT, AGAIN)),
        (Listing(OURS, [MODEL], failure=REFUSED), "Nothing answers at this address", (AGAIN, CONNECT)),
        (Listing(OURS, []), "No model there yet", (AGAIN, CONNECT)),
        (Listing(OURS, [EMBEDDING]), "No model there yet", (AGAIN, CONNECT)),
    ],
)
def test_what_the_server_said(listing, choice, title, actions):
    trouble = trouble_with([listing], choice)
    assert trouble is not None
    assert (trouble.title, trouble.actions) == (title, actions)


@pytest.mark.parametrize("others", [[], [ModelInfo("other.gguf")]])
@pytest.mark.parametrize(
    ("opened", "title"),
    [
        (["one.gguf", "other.gguf"], "The model's file is not there"),
        (["other.gguf"], "The model is not in the list"),
    ],
    ids=["gone", "removed"],
)
def test_a_model_file_that_is_not_offered(others, opened, title):
    engine = Connection(kind=ConnectionKind.BUILT_IN, name="Built-in engine", address="", id="built_in")
    trouble = trouble_with([Listing(engine, others)], ModelChoice("built_in", "one.gguf"), opened)
    assert trouble is not None
    assert (trouble.title, trouble.actions) == (title, (ErrorAction.OPEN_FILE, AGAIN, CONNECT))


def test_another_model_is_offered_where_there_is_one():
    other = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="other")
    refused = Listing(OURS, failure=REFUSED)
    trouble = trouble_with([refused, Listing(other, [MODEL])], CHOICE)
    assert trouble is not None
    assert trouble.actions == (AGAIN, CONNECT, ErrorAction.CHOOSE_MODEL)


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
