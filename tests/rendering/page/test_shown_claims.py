"""An answer's Markdown as a reader sees it, and claims found again in the leaves that are shown."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from desktop.core.claims.claim import Kind
from desktop.core.claims.differences import compare
from desktop.core.claims.finding import claims_of
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.shown_claims import finder_of, shown_in
from desktop.rendering.text.shown_text import leaf_text
from tests.rendering.painted import page_of, picture

SOURCE = """# About **Paris**

1. It was *founded* in 1998, see [the page](https://example.com/a).
2. Run `print(1000)`:

```python
x = 2001
```

| What | How many |
| --- | --- |
| seats | `12` of 1,000 |

With $x = 7$ it is done.
"""


def claimed(source):
    return {(claim.kind.value, claim.value) for claim in claims_of([shown_in(source)])[0]}


def test_what_is_shown_is_compared_and_not_how_it_is_written():
    found = claimed(SOURCE)
    assert {("number", "1998"), ("number", "1000"), ("address", "example.com/a")} <= found
    assert {("code", "print(1000)"), ("code", "x = 2001"), ("code", "12")} <= found
    assert not {("number", "2001"), ("number", "12"), ("number", "7"), ("number", "1"), ("number", "2")} & found


WRAPPED = """The bridge of the old town was opened to the traffic on 3 May
1998, after eleven years of work that had cost about 30 million
euros, says the office of Marie
Curie."""


def test_where_a_long_line_breaks_makes_no_difference():
    wrapped, whole = shown_in(WRAPPED.replace("of Marie\n", "of Marie ")), shown_in(WRAPPED.replace("\n", " "))
    assert compare(wrapped, whole).is_empty
    [date] = [claim for claim in claims_of([wrapped])[0] if claim.kind is Kind.DATE]
    find = finder_of([date.text])
    assert find is not None
    text = leaf_text(parse(WRAPPED)[0])
    assert [text[start:end] for start, end in find(text)] == ["3 May\n1998"]


def test_a_short_line_is_a_line_of_its_own():
    assert claimed("It is for Jane Smith\nAcme Corporation\n12 High Street") == {
        ("name", "jane smith"),
        ("name", "high street"),
        ("number", "12"),
    }


def test_each_place_is_that_of_the_words():
    shown = shown_in(SOURCE)
    assert [shown.text[start:end] for start, end in shown.code] == ["print(1000)", "x = 2001", "12", "$x = 7$"]
    assert [(shown.text[start:end], href) for start, end, href in shown.links] == [
        ("the page", "https://example.com/a")
    ]


def test_claims_are_found_in_leaves_and_never_within_longer_ones():
    find = finder_of(["1998", "Paris", "五成", "3.5"])
    assert find is not None
    text = "In 1998 and 19982, Paris and Parisian, 占五成, 3.5 not 3.51 or 13.5."
    assert [text[start:end] for start, end in find(text)] == ["1998", "Paris", "五成", "3.5"]
    assert finder_of([]) is None


def test_a_number_in_an_address_is_not_marked():
    find = finder_of(["2021", "https://example.org/a-2021"])
    assert find is not None
    text = "In 2021 (https://example.org/b-2021), see https://example.org/a-2021."
    assert [text[start:end] for start, end in find(text)] == ["2021", "https://example.org/a-2021"]


def test_every_claim_is_found_where_it_is_shown():
    leaves = MarkdownDocument(SOURCE)
    leaves.finish()
    for claim in claims_of([shown_in(SOURCE)])[0]:
        find = finder_of([claim.text])
        assert find is not None
        assert any(find(leaf_text(leaf)) for leaf in leaves.leaves), claim


@pytest.mark.usefixtures("qapp")
def test_what_differs_is_painted_on_another_ground_and_underlined():
    document = MarkdownDocument("It was founded in 1998.")
    document.finish()
    page = page_of(document.leaves)
    before = picture(page)
    page.marks.set_differing(finder_of(["1998"]))
    after = picture(page)
    ground, underline = QColor("#f6e6e0"), QColor("#2f6f6a")
    colours = {after.pixelColor(x, y).name() for x in range(after.width()) for y in range(after.height())}
    assert {ground.name(), underline.name()} <= colours
    page.marks.set_differing(None)
    assert picture(page) == before
