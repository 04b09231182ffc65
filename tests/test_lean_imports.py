"""Tests for what a start keeps in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from desktop.core.resources import resource_path

_ROOT = Path(resource_path("icons")).parents[1]
# What a window needs later, if at all: each costs memory or time before the first paint.
_LATER = {"keyring", "httpx", "asyncio", "markdown_it", "pygments", "ziamath", "truststore", "asyncssh", "email"}


def test_a_start_keeps_no_source_text_and_loads_nothing_that_can_wait() -> None:
    code = (
        "import json, linecache, sys\n"
        "from desktop.lean_imports import keep_no_source_text\n"
        "keep_no_source_text()\n"
        "import desktop.start\n"
        "print(json.dumps([len(linecache.cache), sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    texts, packages = json.loads(done.stdout)
    assert texts == 0
    assert _LATER.isdisjoint(packages)
