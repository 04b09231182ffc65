"""`python -m tests.bench.old_processor`: the built-in engine on imitated processors, without and with AVX2.

One token each, with the starter model. It takes a minute, and so is not part of the suite; needs qemu-user.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from desktop.store.paths import starter_model

_ROOT = Path(__file__).resolve().parents[2]
_KEY = "key"


def tried(processor: str, model: Path) -> str:
    """Return what the engine does there: its first token, or how it ended."""
    packages = next(each for each in sys.path if each.endswith("site-packages"))
    python = str(Path(sys.executable).resolve())
    engine = subprocess.Popen(
        ["qemu-x86_64", "-cpu", processor, python, "-m", "desktop.engine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": f"{_ROOT}:{packages}", "PATH": os.environ["PATH"]},
    )
    assert engine.stdin is not None
    assert engine.stdout is not None
    with engine:
        engine.stdin.write(json.dumps({"model": str(model), "key": _KEY, "context_length": 256, "threads": 1}).encode())
        engine.stdin.write(b"\n")
        engine.stdin.flush()
        line = engine.stdout.readline()
        if not line:
            return f"ended by signal {-engine.wait()}"
        body = json.dumps({"prompt": "Hi", "max_tokens": 1}).encode()
        headers = {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{json.loads(line)['base_url']}/v1/completions", body, headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            text: str = json.load(answer)["choices"][0]["text"]
        engine.stdin.close()
        return f"answers {text!r}"


def main() -> None:
    """Print a line for each processor."""
    model = starter_model()
    assert model is not None, "the starter model is not there"
    for processor in ("Nehalem", "IvyBridge", "Haswell"):
        began = time.monotonic()
        said = tried(processor, model)
        sys.stdout.write(f"{processor:10} {said} ({time.monotonic() - began:.0f} s)\n")


if __name__ == "__main__":
    main()
