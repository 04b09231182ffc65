"""Tokens keep their promises of contrast, drawings theirs of measure, and the theme puts both on the application."""

from __future__ import annotations

import re
from itertools import pairwise, product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from desktop.core.resources import resource_path
from desktop.core.text.size import LARGEST, SMALLEST
from desktop.ui.look.stylesheet import DARK, LIGHT, TEXT_PX, set_look
from desktop.ui.look.theme import Theme, palette_of

pytestmark = pytest.mark.window


GROUNDS = ("paper", "surface", "side", "mine", "thinking", "code", "hover", "selected")
TEXTS = ("ink", "muted", "accent", "here", "private", "internet", "danger")
BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one, other):
    """Return the contrast of two colours from 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color):
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@BOTH
def test_text_borders_and_filled_buttons_can_be_told_from_their_ground(tokens):
    for ground, text in product(GROUNDS, TEXTS):
        assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5, (ground, text)
    for ground in ("paper", "surface", "side"):
        assert contrast(tokens.field_line, getattr(tokens, ground)) >= 3
        assert contrast(tokens.accent, getattr(tokens, ground)) >= 3
    assert [kind for kind, color in tokens.highlight.items() if contrast(color, tokens.code) < 4.5] == []
    assert contrast(tokens.ink, tokens.selection) >= 4.5
    assert contrast(tokens.selection, tokens.surface) >= 1.35
    for fill in ("accent", "here", "private", "internet", "danger"):
        assert contrast(tokens.on_fill, getattr(tokens, fill)) >= 4.5


@BOTH
def test_parts_of_a_prompt_can_be_read_and_told_apart(tokens):
    assert len(set(tokens.parts)) == len(set(tokens.part_grounds)) == len(tokens.parts) == len(tokens.part_grounds)
    hues = [QColor(each).hsvHue() for each in tokens.part_grounds]
    for one, other in pairwise(hues):  # what stands one below the other has another colour, not another shade
        assert 40 <= abs(one - other) <= 320
    for mark, ground in zip(tokens.parts, tokens.part_grounds, strict=True):
        assert contrast(mark, tokens.side) >= 3
        assert min(contrast(tokens.ink, ground), contrast(tokens.muted, ground)) >= 4.5


def test_both_themes_colour_the_same_kinds_of_code():
    assert set(LIGHT.highlight) == set(DARK.highlight)


@BOTH
def test_no_role_of_the_palette_keeps_qts_own_blue(tokens):
    palette = palette_of(tokens)
    for role in (QPalette.ColorRole.Link, QPalette.ColorRole.LinkVisited):
        assert palette.color(role) == QColor(tokens.accent)
    ground = palette.color(QPalette.ColorRole.Base).name()
    assert contrast(palette.color(QPalette.ColorRole.PlaceholderText).name(), ground) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_hints_in_fields_can_be_read_also_where_one_cannot_write(theme, mode, qtbot):
    """A style sheet that colours a field makes its hint half transparent, unless it names that, too."""
    theme.set_mode(mode)
    for field, look in ((QLineEdit(), ""), (QLineEdit(), "filter"), (QPlainTextEdit(), "")):
        qtbot.add_widget(field)
        set_look(field, look)
        for enabled in (True, False):
            field.setEnabled(enabled)
            field.ensurePolished()
            hint = field.palette().color(QPalette.ColorRole.PlaceholderText)
            assert hint.alpha() == 255
            ground = theme.tokens.surface if enabled else theme.tokens.side
            assert contrast(hint.name(), ground) >= 4.5


def test_changing_mode_and_size_of_text_repaints_and_says_so(theme, qapp, qtbot):
    with qtbot.wait_signal(theme.changed):
        theme.set_mode("dark")
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.paper)
    assert DARK.surface in qapp.styleSheet()
    with qtbot.wait_signal(theme.changed):
        theme.set_text_scale(9)
    assert theme.text_scale == LARGEST
    assert theme.text_px == qapp.font().pixelSize() == TEXT_PX * LARGEST
    theme.set_text_scale(0.1)
    assert theme.text_scale == SMALLEST


def test_system_mode_without_a_known_scheme_is_light(qapp):
    theme = Theme("system")
    theme.apply_to(qapp)
    assert theme.tokens is LIGHT
    theme.deleteLater()


# The program's own icon is drawn by other rules.
def test_every_drawing_keeps_to_the_set():
    drawings = [each for each in resource_path("icons").glob("*.svg") if each.stem != "candor"]
    assert drawings
    for each in drawings:
        drawing = each.read_text(encoding="utf-8")
        assert 'viewBox="0 0 18 18"' in drawing, each
        assert 'stroke-width="1.5"' in drawing, each
        assert re.findall(r"#[0-9a-fA-F]{3,8}", drawing) == [], each
