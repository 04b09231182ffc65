"""The scripted server as a program, as the trials of installers use it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.support.scripts import tokens_of


def test_it_answers_with_what_stands_in_a_file(tmp_path: Path) -> None:
    text = "Hello, wörld!  你好🙂 \n\n```py\nx_y = 1\n```\n"
    (tmp_path / "text").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "tests.support.scripts", str(tmp_path / "text")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        url = json.loads(program.stdout.readline())["url"]
        with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/chat/completions", data=b"{}")) as reply:
            lines = reply.read().decode().splitlines()
        program.communicate()
    assert program.returncode == 0
    values = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    said = [choice["delta"].get("content") or "" for value in values for choice in value["choices"]]
    assert "".join(said) == text
    assert len(said) > len(tokens_of(text))
