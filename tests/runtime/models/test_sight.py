"""What the chosen model can look at, and who could look at more."""

from __future__ import annotations

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice, ModelInfo
from desktop.runtime.models.directory import Listing, sight_of

FAR = Connection(id="far", name="Far", kind=ConnectionKind.OPENAI_COMPAT, address="https://models.example.com/v1")
HERE = Connection(id="here", name="Here", kind=ConnectionKind.OLLAMA, address="http://127.0.0.1:11434")
LISTINGS = [
    Listing(FAR, [ModelInfo("far-eyes", sees=True), ModelInfo("far-unknown")]),
    Listing(
        HERE,
        [
            ModelInfo("words", sees=False),
            ModelInfo("eyes", sees=True),
            ModelInfo("embedding", capabilities=frozenset({"embedding"}), sees=True),
        ],
    ),
]


def test_the_nearest_that_see_are_named() -> None:
    sight = sight_of(LISTINGS, ModelChoice("here", "words"))
    assert (sight.title, sight.sees, sight.is_blind) == ("words", False, True)
    assert [each.choice for each in sight.others] == [ModelChoice("here", "eyes"), ModelChoice("far", "far-eyes")]


def test_a_model_is_not_named_beside_itself() -> None:
    sight = sight_of(LISTINGS, ModelChoice("here", "eyes"))
    assert (sight.sees, [each.title for each in sight.others]) == (True, ["far-eyes"])


def test_nothing_is_known_of_a_model_whose_server_does_not_say() -> None:
    assert sight_of(LISTINGS, ModelChoice("far", "far-unknown")).sees is None
    assert sight_of(LISTINGS, ModelChoice("far", "gone")).sees is None
    assert not sight_of(LISTINGS, None).is_blind
