"""The walks write down whose functions are called, and the steps between files."""

from __future__ import annotations

import sys

from desktop.core.text.titles import title_from
from tests.walks import Walk


def test_a_walk_names_the_functions_of_the_program_and_the_hops_between_its_files() -> None:
    walk = Walk()
    before = sys.getprofile()
    sys.setprofile(walk.listen)
    try:
        title_from("not listened to")
        with walk.listening():
            title_from("# Contracts\n\nHow is one reviewed?")
        title_from("not listened to")
    finally:
        sys.setprofile(before)
    [functions] = walk.functions.values()
    assert next(iter(functions)) == "core/text/titles.py title_from"
    assert {each.split("/")[0] for each in functions} == {"core"}
    assert {hop[1:] for hop in walk.hops} == {("core/text/titles.py", "core/text/markdown.py")}
    assert walk.figures()[0].startswith(f"2 files, {len(functions)} functions, 1 hops")
