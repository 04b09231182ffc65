"""`python -m tests.conformance NAME`: tries a real server, prints what came, and fails where something did not."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from pathlib import Path

from desktop.core.connections import normalise_ollama_host
from desktop.store.paths import starter_model
from tests.conformance.conformance import outcomes_of, table
from tests.conformance.litellm import litellm
from tests.conformance.llama_server import llama_server
from tests.conformance.ollama import try_ollama
from tests.conformance.registry import registry_with
from tests.conformance.served import NotServed, servers_folder
from tests.conformance.vllm import vllm

NAMES = ("ollama", "llama-server", "vllm", "litellm", "litellm-vllm")


def start_of(name, model_file, folder):
    """Return what starts a server by its name."""
    match name:
        case "vllm":
            return vllm(model_file, folder)
        case "litellm":
            return litellm(llama_server(model_file), folder)
        case "litellm-vllm":
            return litellm(vllm(model_file, folder, splits=False), folder)
        case _:
            return llama_server(model_file)


def found_at(name, model_file, folder):
    """Return what came of trying a server by its name."""
    if name != "ollama":
        folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(outcomes_of(start_of(name, model_file, folder)))
    with registry_with(model_file) as pulled:
        return asyncio.run(try_ollama(normalise_ollama_host(os.environ["OLLAMA_HOST"]), model_file, pulled))


def refuse(sentence):
    """Say why nothing was tried, and return the exit status."""
    sys.stderr.write(f"{sentence}\n")
    return 2


def main():
    """Return the exit status: 2 where nothing could be tried."""
    parser = argparse.ArgumentParser(prog="dev.py try-servers")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--in", dest="folder", type=Path, default=servers_folder(), help="where servers are installed")
    options = parser.parse_args()
    model_file = starter_model()
    if model_file is None:
        return refuse("The starter model is not there: python3 packaging/dev.py run fetches it.")
    if options.name == "ollama" and not os.environ.get("OLLAMA_HOST"):
        return refuse("OLLAMA_HOST has to name a running Ollama, such as 127.0.0.1:11434.")
    try:
        outcomes = found_at(options.name, model_file, options.folder.absolute())
    except (NotServed, subprocess.CalledProcessError) as error:
        return refuse(f"The server did not start: {error}")
    sys.stdout.write(f"{table(outcomes)}\n")
    return 0 if all(each.is_good for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
