"""A LiteLLM gateway, from its package, in front of another server that is tried: a vLLM, or a llama-server."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

from tests.conformance.conformance import Subject, clients
from tests.conformance.served import Served, free_port, installed

VERSION = "1.108.7"
_KEY = "sk-candor-gateway"
_ALONE = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "DO_NOT_TRACK": "1"}


def litellm(behind, folder):
    """Return what starts the gateway, installed in `folder`, in front of the server that `behind` starts."""
    programs = installed(folder, f"litellm-{VERSION}", (f"litellm[proxy]=={VERSION}",))

    @asynccontextmanager
    async def start():
        async with (
            behind() as upstream,
            _served(programs, folder, upstream) as url,
            clients(url, _KEY, "litellm") as (backend, stranger),
        ):
            yield Subject(
                version=f"LiteLLM {VERSION} before {upstream.version}", url=url, key=_KEY, model="behind",
                backend=backend, stranger=stranger, end=upstream.end, running=upstream.running,
            )  # fmt: skip

    return start


@asynccontextmanager
async def _served(programs, folder, upstream):
    port = free_port()
    behind = {
        "model_name": "behind",
        "litellm_params": {
            "model": f"hosted_vllm/{upstream.model}",
            "api_base": f"{upstream.url}/v1",
            "api_key": upstream.key,
        },
        "model_info": {"max_input_tokens": 2_048},
    }
    config = folder / "litellm.yaml"
    told = {"model_list": [behind], "general_settings": {"master_key": _KEY}}
    config.write_text(json.dumps(told), encoding="utf-8")  # which is YAML, too
    command = [programs / "litellm", "--config", config, "--host", "127.0.0.1", "--port", str(port)]
    server = Served(command, folder / "litellm.log", _ALONE)
    address = f"http://127.0.0.1:{port}"
    try:
        await server.start(f"{address}/health/liveliness")
        yield address
    finally:
        await server.close()
