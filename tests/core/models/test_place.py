"""Where a model is: at its connection's server, or on the internet where that server forwards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelInfo
from desktop.core.models.place import forwarding_host, is_cloud_name, place_of
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind

HERE = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434")
NEAR = Connection(kind=ConnectionKind.OLLAMA, name="Ours", address="http://gpu-server:11434")
FAR = Connection(kind=ConnectionKind.OLLAMA, name="Far", address="https://models.example.com")
SAME = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Ollama", address="http://127.0.0.1:11434/v1")
FILES = Connection(kind=ConnectionKind.BUILT_IN, name="Engine", address="")
GATEWAY = Connection(
    kind=ConnectionKind.OPENAI_COMPAT,
    name="LiteLLM",
    address="http://gpu-server:4000/v1",
    passes_on_to="api.example.com",
)
CLOUD = Place(PlaceKind.INTERNET, "ollama.com")

FORWARDED = ModelInfo("copied:latest", forwarded_to="ollama.com")
NAMED = ModelInfo("kimi-k2:1t-cloud")
OWN = ModelInfo("qwen3:4b")


@pytest.mark.parametrize(
    ("connection", "model", "place"),
    [
        (HERE, OWN, THIS_COMPUTER),
        (HERE, FORWARDED, CLOUD),
        (HERE, NAMED, CLOUD),
        (SAME, NAMED, CLOUD),
        (NEAR, OWN, Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")),
        (NEAR, FORWARDED, CLOUD),
        (NEAR, NAMED, CLOUD),
        (FAR, FORWARDED, Place(PlaceKind.INTERNET, "models.example.com")),
        (FILES, ModelInfo("/models/odd:cloud"), THIS_COMPUTER),
        (GATEWAY, OWN, Place(PlaceKind.INTERNET, "api.example.com")),
        (replace(GATEWAY, address="https://api.other.example/v1"), OWN, Place(PlaceKind.INTERNET, "api.other.example")),
        (HERE, ModelInfo("relay", forwarded_to="gpu-server"), Place(PlaceKind.INTERNET, "gpu-server")),
        (HERE, ModelInfo("relay", forwarded_to="127.0.0.1"), Place(PlaceKind.INTERNET, "127.0.0.1")),
    ],
)
def test_place(connection, model, place):
    assert place_of(connection, model) == place


@pytest.mark.parametrize(
    "name", ["kimi-k2:1t-cloud", "glm-5.1:cloud", "GLM-5.1:Cloud", "me/own:cloud", "a:b:7b-cloud", "x: cloud "]
)
def test_names_that_ollama_forwards(name):
    assert is_cloud_name(name)


@pytest.mark.parametrize(
    "name", ["", "cloud", "my-cloud", "cloud:latest", "cloud-7b:q4", "h:5000/me/a-cloud", "x:cloudy"]
)
def test_names_that_it_does_not(name):
    assert not is_cloud_name(name)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://ollama.com:443", "ollama.com"),
        ("ollama.com", "ollama.com"),
        ("http://127.0.0.1:9", "127.0.0.1"),
        ("", "ollama.com"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_host_that_is_forwarded_to(address, host):
    assert forwarding_host(address) == host


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_nothing_forwarded_is_ever_near(name, address):
    model = ModelInfo(name, forwarded_to=forwarding_host(address))
    assert place_of(HERE, model).kind is PlaceKind.INTERNET
    assert place_of(NEAR, model).kind is PlaceKind.INTERNET
