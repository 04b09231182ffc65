"""A key that a program of the administrator's prints is in memory alone, and asked for once."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from desktop.store.policy.keys import KeysUnderPolicy

HERE = "https://gpu.example.com"
_COUNT = "import pathlib, sys; f = pathlib.Path(sys.argv[1]); f.write_text(f.read_text() + 'x'); print(sys.argv[2])"


class Ring(dict[str, str]):
    def set(self, origin: str, key: str) -> str:
        self[origin] = key
        return "keyring"

    def delete(self, origin: str) -> bool:
        return self.pop(origin, None) is not None


def test_the_first_line_is_the_key_and_asked_for_once(tmp_path: Path) -> None:
    times = tmp_path / "times"
    times.write_text("")
    ring = Ring()
    keys = KeysUnderPolicy(ring, {HERE: [sys.executable, "-c", _COUNT, str(times), "sk-CANARY\nmore"]})
    assert keys.get(HERE) == "sk-CANARY"
    assert keys.get(f"{HERE}:443/v1") == "sk-CANARY"
    assert times.read_text() == "x"
    assert keys.set(HERE, "other") == "session"
    assert keys.get(HERE) == "sk-CANARY"
    assert (ring, "CANARY" in repr(keys)) == ({}, False)
    assert keys.set("https://other.example", "sk-other") == "keyring"
    assert keys.get("https://other.example:443") is None  # the ring beneath was told the origin as it was said
    assert keys.delete("https://other.example")


@pytest.mark.parametrize(
    "command",
    [
        ["/nowhere/at/all"],
        [sys.executable, "-c", "import sys; print('sk-CANARY'); sys.exit(3)"],
        [sys.executable, "-c", "import sys; print('sk-CANARY', file=sys.stderr)"],
        [sys.executable, "-c", "import time; print('sk-CANARY', flush=True); time.sleep(60)"],
    ],
)
def test_a_program_that_fails_gives_no_key_and_no_word_to_the_log(
    command: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keys = KeysUnderPolicy(Ring(), {HERE: command}, patience=0.5)
    assert not keys.get(HERE)
    assert "CANARY" not in caplog.text
