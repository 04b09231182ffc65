"""Tokens keep their promises of contrast, drawings theirs of measure, and the theme puts both on the application."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPlainTextEdit, QToolTip, QWidget

from desktop.core.place import PlaceKind
from desktop.core.resources import resource_path
from desktop.core.text.size import LARGEST, SMALLEST
from desktop.ui.look.icons import IconButton, icon, pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme, palette_of
from desktop.ui.look.tokens import DARK, GAP_TIGHT, LIGHT, TEXT_PX
from desktop.ui.widgets.buttons import KeyButton, LabelledButton, WrappingButton, button
from desktop.ui.widgets.form import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from tests.ui.languages import speaking

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
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_ground(tokens, ground, text):
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@BOTH
def test_selected_text_and_filled_buttons_can_be_read(tokens):
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


@BOTH
def test_borders_of_fields_can_be_seen(tokens):
    for ground in ("paper", "surface", "side"):
        assert contrast(tokens.field_line, getattr(tokens, ground)) >= 3
        assert contrast(tokens.accent, getattr(tokens, ground)) >= 3


@BOTH
def test_highlighted_code_can_be_read(tokens):
    too_faint = {kind: color for kind, color in tokens.highlight.items() if contrast(color, tokens.code) < 4.5}
    assert too_faint == {}


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


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_list_that_qt_opens_by_itself_has_a_ground(theme, mode, qtbot):
    """Such as the names that Qt's file dialog proposes while one is written: nothing is behind its window."""
    theme.set_mode(mode)
    proposed = QListView()
    qtbot.add_widget(proposed)
    shown = proposed.grab().toImage()
    assert shown.pixelColor(shown.rect().center()) == QColor(theme.tokens.surface)


def test_a_warning_in_words_has_no_frame(theme, qtbot):
    label = QLabel("Saved.")
    set_look(label, "warning")
    qtbot.add_widget(label)
    label.show()
    assert label.contentsRect() == label.rect()


@BOTH
def test_every_place_has_its_colour(tokens):
    assert len({tokens.place(kind) for kind in PlaceKind}) == len(PlaceKind)


def test_changing_the_mode_repaints_and_says_so(theme, qapp, qtbot):
    with qtbot.wait_signal(theme.changed):
        theme.set_mode("dark")
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.paper)
    assert DARK.surface in qapp.styleSheet()


def test_text_scale_is_kept_within_bounds(theme, qapp, qtbot):
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


def test_a_tooltip_is_little_higher_than_its_words(theme, qtbot):
    label = QLabel("?")
    qtbot.add_widget(label)
    with qtbot.waitExposed(label):
        label.show()
    QToolTip.showText(label.mapToGlobal(label.rect().center()), "Settings", label)
    [tip] = [each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel") and each.isVisible()]
    assert tip.height() <= tip.fontMetrics().height() + 16
    QToolTip.hideText()


# The program's own icon is drawn by other rules.
NAMES = sorted(each.stem for each in resource_path("icons").glob("*.svg") if each.stem != "candor")


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_keeps_to_the_set(name):
    drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 18 18"' in drawing
    assert 'stroke-width="1.5"' in drawing
    assert re.findall(r"#[0-9a-fA-F]{3,8}", drawing) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("qapp")
def test_a_drawing_leaves_ink_in_its_colour(name):
    painted = pixmap(name, LIGHT.danger, 18, 2.0).toImage()
    strongest = max(
        (painted.pixelColor(x, y) for x in range(painted.width()) for y in range(painted.height())),
        key=QColor.alpha,
    )
    assert strongest.alpha() > 200
    assert abs(strongest.red() - QColor(LIGHT.danger).red()) < 8


@pytest.mark.usefixtures("qapp")
def test_icons_are_sharp_on_dense_screens():
    for ratio in (1.0, 2.0):
        assert icon("send", LIGHT.ink).pixmap(QSize(18, 18), ratio).size() == QSize(18, 18) * ratio


def test_an_icon_button_has_a_name_and_follows_the_theme(theme, qtbot):
    button = IconButton(theme, "search", "Search")
    qtbot.add_widget(button)
    assert button.accessibleName() == "Search"
    theme.set_mode("dark")
    image = button.icon().pixmap(QSize(18, 18), 1.0).toImage()
    colors = {
        image.pixelColor(x, y).name() for x in range(18) for y in range(18) if image.pixelColor(x, y).alpha() > 250
    }
    assert DARK.ink.lower() in colors


def test_a_button_may_end_before_the_theme(theme, qtbot):
    button = IconButton(theme, "search", "Search")
    with qtbot.wait_signal(button.destroyed):
        button.deleteLater()
    theme.set_mode("dark")
    assert theme.tokens is DARK


THEMES = pytest.mark.parametrize("mode", ["light", "dark"])


def box_of(theme, qtbot, choices):
    box = ChoiceBox(theme)
    qtbot.addWidget(box)
    box.addItems([f"{number} %" for number in range(choices)])
    box.show()
    box.showPopup()
    return box


def colours_at(frame, row, count):
    """The first pixels of a line across the frame."""
    image = frame.grab().toImage()
    return [image.pixelColor(column, row).name() for column in range(count)]


def assert_is_framed_once(frame, theme):
    popup = frame.window()
    corner = frame.mapTo(popup, QPoint())
    assert not popup.mask().contains(corner)
    assert popup.mask().contains(corner + QPoint(0, frame.height() // 2))
    border, *inner = colours_at(frame, frame.height() // 2, 1 + GAP_TIGHT)
    assert border == theme.color("field_line").name()
    assert set(inner) == {theme.color("surface").name()}


@THEMES
def test_a_list_of_choices_has_one_round_frame(theme, qtbot, mode):
    theme.set_mode(mode)
    box = box_of(theme, qtbot, 4)
    assert_is_framed_once(box.view(), theme)


@pytest.mark.parametrize(("choices", "scrolls"), [(4, False), (30, True)])
def test_choices_are_scrolled_only_where_there_are_many(theme, qtbot, choices, scrolls):
    box = box_of(theme, qtbot, choices)
    assert (box.view().verticalScrollBar().maximum() > 0) is scrolls


_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_PROGRAM = """
import sys
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication
from desktop.ui.look.theme import Theme

app = QApplication(sys.argv)
Theme("dark").apply_to(app)
font, text, at = QFont("Noto Sans CJK SC"), "与私有语言模型对话", QPoint(4, 28)
font.setPixelSize(15)

def ink(draw):
    image = QImage(200, 40, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return sum(bytes(image.constBits()))

def letters(painter):
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.drawText(at, text)

def outlines(painter):
    path = QPainterPath()
    path.addText(at, font, text)
    painter.fillPath(path, QColor("white"))

print(ink(letters) / ink(outlines))
"""


@pytest.mark.skipif(not _FONT.exists(), reason="needs Noto's Chinese letters")
def test_regular_letters_are_as_thin_as_their_outlines():
    arguments = [sys.executable, "-c", _PROGRAM, "-platform", "offscreen"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert 0.9 < float(done.stdout) < 1.15  # half as much again where Qt has its way


def _off_the_middle(page, part):
    """Return the pixels by which the ink of a part stands below its middle."""
    shot = page.grab(part.geometry()).toImage()
    ground = shot.pixelColor(shot.width() - 6, 6).lightness()
    inked = [
        y
        for y in range(4, shot.height() - 4)
        if any(abs(shot.pixelColor(x, y).lightness() - ground) > 60 for x in range(4, shot.width() - 6))
    ]
    return (inked[0] + inked[-1] + 1) / 2 - shot.height() / 2


@pytest.mark.parametrize(("language", "words"), [("en", "HEX"), ("zh_CN", "国语")])
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_words_stand_at_the_middle_of_their_frame(qapp, qtbot, language, words, mode, scale):
    with speaking(qapp, language):
        theme = Theme(mode, scale)
        theme.apply_to(qapp)
        made: dict[str, QWidget] = {
            **{look or "plain": button(words, look) for look in ("", "link", "quiet", "side", "danger")},
            "filled": button(words, "filled", fill="accent"),
            "with a key": KeyButton(words),
            "chip": PlainLabel(words, "mono"),
            "wrapping": WrappingButton(theme, words),
            "line": QLineEdit(words),
            "icon and words": LabelledButton(theme, "new", words),
        }
        page = QWidget()
        qtbot.addWidget(page)
        set_look(page, "page")
        column = stack(*((each, Qt.AlignmentFlag.AlignLeft) for each in made.values()), on=page)
        page.resize(column.sizeHint())
        column.activate()
        off = {name: _off_the_middle(page, each) for name, each in made.items()}
        assert {name: by for name, by in off.items() if abs(by) > 0.5} == {}
    Theme("light").apply_to(qapp)
