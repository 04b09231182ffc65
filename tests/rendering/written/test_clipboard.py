"""HTML for the clipboard: formulas for Word and as a picture for others, and the frame that programs expect."""

from __future__ import annotations

import base64
import re

from PySide6.QtGui import QImage

from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.clipboard import pasted_formula, pasted_page, pasted_piece


def test_a_formula_goes_to_word_as_one_and_to_others_as_a_picture() -> None:
    written = pasted_piece(parse("so $x^2$"))
    assert "<!--[if gte msEquation 12]><m:oMath>" in written
    found = re.search(r'<!\[if !msEquation\]><img src="data:image/png;base64,([^"]+)"[^>]* alt="x\^2">', written)
    assert found is not None
    picture = QImage.fromData(base64.b64decode(found[1]))
    assert picture.width() > picture.height() > 20


def test_a_formula_that_cannot_be_read_is_its_source() -> None:
    assert re.fullmatch(r'<code style="[^"]+">\$\\nosuchthing &lt;\$</code>', pasted_formula(r"\nosuchthing <"))


def test_the_page_marks_what_is_pasted() -> None:
    page = pasted_page(["<p>a</p>", "<p>b</p>"])
    assert "<body><!--StartFragment--><p>a</p><p>b</p><!--EndFragment--></body>" in page
    assert 'charset="utf-8"' in page
