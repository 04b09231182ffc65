"""A ratchet on signals that only pass another on: `tests/relays.py` says what counts, and their number only falls."""

from __future__ import annotations

from pathlib import Path

from tests.relays import relays

MOST = 106  # lower it when there are fewer


def test_few_signals_only_pass_another_one_on() -> None:
    counted = relays()
    assert counted
    assert sum(map(len, counted.values())) <= MOST, "`python -m tests.relays` names them"


def test_a_relay_is_found_in_each_of_its_forms(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text(
        "class Part:\n"
        "    chosen = Signal()\n"
        "    def __init__(self, other, button):\n"
        "        other.chosen.connect(self.chosen)\n"
        "        button.clicked.connect(lambda: self.chosen.emit())\n"
        "        button.clicked.connect(self.chosen.emit)\n"
        "        button.clicked.connect(self.act)\n"
        "        button.clicked.connect(lambda: self.act(1))\n"
    )
    assert relays(tmp_path) == {"part.py": [4, 5, 6]}
