"""What a question needs of a file that is too long."""

from __future__ import annotations

import pytest

from desktop.core.context.choices import FileNeed
from desktop.core.tasks.needs import need_of


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("Summarise this in five points", FileNeed.GIST),
        ("帮我总结一下这份文件", FileNeed.GIST),
        ("What is this about?", FileNeed.GIST),  # no word to look for
        ("", FileNeed.GIST),
        ("Translate this into German", FileNeed.WORDING),
        ("What is the notice period?", FileNeed.PASSAGES),
        ("这份合同的租金是多少", FileNeed.PASSAGES),
    ],
)
def test_the_need_follows_the_task(question, need):
    assert need_of(question) is need
