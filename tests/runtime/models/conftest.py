"""Connections near and far, and the directory of what scripted backends offer there."""

from __future__ import annotations

import pytest

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.runtime.models.directory import ModelDirectory
from tests.support.waiting import PATIENCE


def server(place, address, kind=ConnectionKind.OLLAMA):
    return Connection(kind=kind, name=place, address=address, id=place)


HERE = server("here", "http://127.0.0.1:1")
NEAR = server("near", "http://10.0.0.9:11434")
FAR = server("far", "https://models.example.com/v1", ConnectionKind.OPENAI_COMPAT)
FILES = server("files", "", ConnectionKind.BUILT_IN)


@pytest.fixture
def offer(work, qtbot):
    """Have backends answer at connections; `backend` makes that of one."""

    made: list[ModelDirectory] = []

    def make(connections, backend, **given):
        models = ModelDirectory(work, lambda each, _: backend(each), lambda _: Secrets(), **given)
        made.append(models)
        models.set_connections(connections)
        qtbot.waitUntil(lambda: not models.is_loading)
        return models

    yield make
    for models in made:
        work.loop.submit(models.aclose()).result(PATIENCE)
