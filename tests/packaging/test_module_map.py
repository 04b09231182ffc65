"""The map of the code: what it tells of modules, and that it tells of those that are there now."""

from __future__ import annotations

from pathlib import Path

import module_map
import pytest
from environment import ROOT


def test_the_map_is_that_of_the_present_modules() -> None:
    if module_map.PAGE.read_text(encoding="utf-8") != module_map.page():
        pytest.fail("docs/map.md is not that of the present modules. Make it anew: python3 packaging/dev.py map")


def test_every_module_tells_what_it_is() -> None:
    files = [file for folder in module_map.FOLDERS for file in (ROOT / folder).rglob("*.py")]
    assert files
    silent = [file for file in files if file.name != "__init__.py" and not module_map.first_line(file)]
    assert silent == []


def test_rooms_are_told_in_their_order_with_the_first_lines(tmp_path: Path) -> None:
    for name, text in {
        "desktop/__init__.py": '"""The program."""\n',
        "desktop/app.py": '"""The root.\n\nMore of it.\n"""\n',
        "desktop/ui/__init__.py": "",
        "desktop/ui/b.py": '"""A part."""\n',
        "desktop/ui/a.py": "x = 1\n",
        "desktop/empty/__init__.py": "",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    told = module_map.page(tmp_path, ("desktop",)).partition("\n## ")[2]
    assert (
        told == "desktop\n\nThe program.\n\n- `app.py`: The root.\n\n## desktop/ui\n\n- `a.py`: \n- `b.py`: A part.\n"
    )
