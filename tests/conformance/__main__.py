"""`python -m tests.conformance NAME`: tries a real server, prints what came, and fails where something did not."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from desktop.core.connections.ollama_host import normalise_ollama_host
from desktop.store.paths import starter_model
from tests.conformance.llama_server import try_llama_server
from tests.conformance.ollama import try_ollama
from tests.conformance.registry import registry_with
from tests.conformance.steps import Outcome, table

NAMES = ("ollama", "llama-server")


def outcomes_of(name: str, model_file: Path) -> list[Outcome]:
    """Return what came of trying a server by its name."""
    if name == "llama-server":
        return asyncio.run(try_llama_server(model_file))
    with registry_with(model_file) as pulled:
        return asyncio.run(try_ollama(normalise_ollama_host(os.environ["OLLAMA_HOST"]), model_file, pulled))


def refuse(sentence: str) -> int:
    """Say why nothing was tried, and return the exit status."""
    sys.stderr.write(f"{sentence}\n")
    return 2


def main() -> int:
    """Return the exit status: 2 where nothing could be tried."""
    name, model_file = sys.argv[1] if len(sys.argv) == 2 else "", starter_model()
    if name not in NAMES:
        return refuse(f"Name one of: {', '.join(NAMES)}")
    if model_file is None:
        return refuse("The starter model is not there: python3 packaging/dev.py run fetches it.")
    if name == "ollama" and not os.environ.get("OLLAMA_HOST"):
        return refuse("OLLAMA_HOST has to name a running Ollama, such as 127.0.0.1:11434.")
    outcomes = outcomes_of(name, model_file)
    sys.stdout.write(f"{table(outcomes)}\n")
    return 0 if all(each.is_good for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
