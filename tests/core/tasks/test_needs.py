"""What a question needs of a file that is too long."""

from __future__ import annotations

import pytest

from desktop.core.context.choices import Need
from desktop.core.tasks.needs import need_of


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("Summarise this in five points", Need.GIST),
        ("帮我总结一下这份文件", Need.GIST),
        ("What is this about?", Need.GIST),  # no word to look for
        ("", Need.GIST),
        ("Translate this into German", Need.WORDING),
        ("What is the notice period?", Need.PASSAGES),
        ("这份合同的租金是多少", Need.PASSAGES),
    ],
)
def test_the_need_follows_the_task(question: str, need: Need) -> None:
    assert need_of(question) is need
