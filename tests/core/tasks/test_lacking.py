"""Which first lines speak of something that is not there, and which bring all that they need."""

from __future__ import annotations

import pytest

from desktop.core.tasks.lacking import lacks_material, lacks_source
from tests.core.tables import table

CASES = table("tasks/lacking.toml")


@pytest.mark.parametrize("words", CASES["missing"])
def test_it_is_missing(words):
    assert lacks_material(words)


@pytest.mark.parametrize("words", CASES["nothing_missing"])
def test_nothing_is_missing(words):
    assert not lacks_material(words)


@pytest.mark.parametrize(("words", "lacks"), CASES["sources"])
def test_a_document_that_a_question_takes_for_known(words, lacks):
    assert lacks_source(words) is lacks
