"""Colours, sizes and distances as values, and the application's style sheet, which is written from them.

The values in force now are in `theme.py`; sizes of single parts live with them. A widget takes a look through the
dynamic property `look` (see `set_look`): filled | quiet | link | card | side | page | title | heading | small | muted |
danger | warning | field_label | mono.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.core.place import PlaceKind

GAP_TIGHT: Final = 4
GAP: Final = 8
GAP_WIDE: Final = 12
GAP_SECTION: Final = 16
GAP_PAGE: Final = 24
RADIUS: Final = 8
RADIUS_BUBBLE: Final = 12
RULE_WIDTH: Final = 3  # of the rule at the left of a thinking trace
COLUMN_EM: Final = 46  # widest column of text
LINE_HEIGHT: Final = 1.55

TEXT_PX: Final = 15
ICON_PX: Final = 18
WRITTEN_ASIDE: Final = 14 / 15  # what is written in a side panel
SMALL: Final = 13 / 15  # labels, hints, the thinking trace
TINY: Final = 12 / 15  # counts, group names
CODE: Final = 0.92
HEADINGS: Final = (1.35, 1.2, 1.05)  # of the text, by level; deeper levels take the last

FILL_OF_PLACE: Final = MappingProxyType(  # the token of each place
    {PlaceKind.THIS_COMPUTER: "here", PlaceKind.PRIVATE_NETWORK: "private", PlaceKind.INTERNET: "internet"}
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as `#rrggbb`. `highlight` is by kind of code token, for text on `code`."""

    paper: str
    surface: str
    side: str
    line: str
    ink: str
    muted: str
    accent: str
    mine: str
    thinking: str
    code: str
    here: str
    private: str
    internet: str
    danger: str
    on_fill: str  # text on a filled button and on the accent
    tick: str  # the picture in `resources/ticks` of a tick on the accent; Qt's style sheets can't colour one
    hover: str  # ground of a control or a row under the pointer
    selected: str  # ground of the chosen row
    selection: str  # ground of selected text
    found: str  # ground of text that was searched for
    current: str  # of the occurrence that the search stands at
    differs: str  # of what another answer does not say
    field_line: str  # border of what can be typed into; 3 : 1 against its ground
    highlight: Mapping[str, str]
    parts: tuple[str, ...]  # of a prompt, one after the other: the bar of each
    part_grounds: tuple[str, ...]  # and the ground of its text

    def place(self, kind: PlaceKind) -> str:
        """Return the colour of a kind of place."""
        return str(getattr(self, FILL_OF_PLACE[kind]))


LIGHT: Final = Tokens(
    paper="#FBFAF8",
    surface="#FFFFFF",
    side="#F3F1EC",
    line="#E4E0D8",
    ink="#22201C",
    muted="#6B665C",
    accent="#2F6F6A",
    mine="#ECE8DF",
    thinking="#F4F2EC",
    code="#F5F3EE",
    here="#2F7040",
    private="#2A62A3",
    internet="#8A5A0B",
    danger="#A83226",
    on_fill="#FFFFFF",
    tick="light",
    hover="#EDEAE3",
    selected="#E8E4DC",
    selection="#C9E0DC",
    found="#F7E7AE",
    current="#F2BE5C",
    differs="#F6E6E0",
    field_line="#8C867A",
    highlight=MappingProxyType(
        {
            "keyword": "#7B3A96",
            "string": "#356B2B",
            "comment": "#6B665C",
            "number": "#93490A",
            "function": "#22609F",
            "builtin": "#276A70",
            "type": "#276A70",
            "constant": "#93490A",
            "decorator": "#8A5A0B",
            "attribute": "#22609F",
            "tag": "#A83226",
            "operator": "#5A544A",
            "heading": "#22609F",
            "inserted": "#2F7040",
            "deleted": "#A83226",
            "error": "#A83226",
        }
    ),
    parts=("#2F6F6A", "#8A5A0B", "#2A62A3", "#7B3A96", "#4A7A2C", "#A3492B"),
    part_grounds=("#E0EDEB", "#F4EAD6", "#E3EBF5", "#EFE5F3", "#E7EFDF", "#F6E6E0"),
)

DARK: Final = Tokens(
    paper="#1B1A18",
    surface="#242320",
    side="#201F1C",
    line="#38352F",
    ink="#ECE9E2",
    muted="#A39D90",
    accent="#6FB7AF",
    mine="#2E2C28",
    thinking="#22211E",
    code="#201F1D",
    here="#7CC18B",
    private="#7FB0E6",
    internet="#E0B25A",
    danger="#EE8C82",
    on_fill="#1B1A18",
    tick="dark",
    hover="#2B2925",
    selected="#33302A",
    selection="#2C4F4B",
    found="#54461C",
    current="#8A5F14",
    differs="#3F2B24",
    field_line="#7A7468",
    highlight=MappingProxyType(
        {
            "keyword": "#CFA0E8",
            "string": "#9CCB8B",
            "comment": "#A39D90",
            "number": "#E5AE76",
            "function": "#8CB9EA",
            "builtin": "#7FC4C4",
            "type": "#7FC4C4",
            "constant": "#E5AE76",
            "decorator": "#E0B25A",
            "attribute": "#8CB9EA",
            "tag": "#EE8C82",
            "operator": "#C9C3B6",
            "heading": "#8CB9EA",
            "inserted": "#7CC18B",
            "deleted": "#EE8C82",
            "error": "#EE8C82",
        }
    ),
    parts=("#6FB7AF", "#E0B25A", "#7FB0E6", "#CFA0E8", "#9CCB8B", "#E89A80"),
    part_grounds=("#20312E", "#332B1A", "#222D3A", "#30263A", "#26301D", "#38251F"),
)


_Px = Callable[[float], int]


def set_look(widget: QWidget, look: str, fill: str = "") -> None:
    """Give a widget one of the looks; `fill` names the token that a filled button is coloured with."""
    if widget.property("look") == look and (widget.property("fill") or "") == fill:
        return
    widget.setProperty("look", look)
    widget.setProperty("fill", fill)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else Qt will, and a font set before stays
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


def style_sheet(tokens: Tokens, scale: float, text_drop: float = 0) -> str:
    """Return the whole sheet for one theme at one text scale.

    `text_drop`: pixels by which letters stand below the middle of a line, which Qt's fields do not make good.
    """

    def px(size: float) -> int:
        return max(1, round(size * scale))

    of_size = (_texts, _buttons, _plain_buttons, _fields, _bars)
    lifted = f"QLineEdit {{ padding-bottom: {px(5) + round(2 * text_drop)}px; }}" if text_drop else ""
    return "\n".join((_grounds(tokens), *(part(tokens, px) for part in of_size), lifted))


def _grounds(t: Tokens) -> str:
    return f"""
QWidget[look="page"], QScrollArea[look="page"], QScrollArea[look="page"] > QWidget > QWidget[look="page"]
    {{ background: {t.paper}; }}
QWidget[look="header"] {{ background: {t.paper}; border-bottom: 1px solid {t.line}; }}
QWidget[look="footer"] {{ background: {t.paper}; border-top: 1px solid {t.line}; }}
QWidget[look="side"] {{ background: {t.side}; }}
QWidget[look="dock"], QScrollArea[look="dock"], QScrollArea[look="dock"] > QWidget > QWidget[look="dock"]
    {{ background: {t.side}; }}
QWidget[look="dock over"] {{ background: {t.side}; border-left: 1px solid {t.line}; }}
QFrame[look="part"], QFrame[look="material"] {{ background: {t.surface}; border: 1px solid {t.field_line};
    border-radius: {RADIUS}px; }}
QFrame[look="material"] {{ background: {t.code}; }}
QFrame[look="advice"] {{ background: {t.thinking}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
QFrame[look="framed"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
    padding: {GAP_TIGHT}px; }}
QFrame[look="framed"]:focus {{ border: 1px solid {t.accent}; }}
QListView[look="framed"]::item {{ border-radius: {GAP_TIGHT}px; padding: 0px {GAP_TIGHT}px; color: {t.ink}; }}
QListView[look="framed"]::item:selected {{ background: {t.selection}; }}
QListView[look="framed rows"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
    padding: {GAP_TIGHT}px; }}
QListView[look="framed rows"]:focus {{ border: 1px solid {t.accent}; }}
QListView[look="framed rows"]::item {{ border-radius: {RADIUS}px; padding: {GAP_TIGHT}px {GAP}px; color: {t.ink}; }}
QListView[look="framed rows"]::item:selected {{ background: {t.selected}; }}
QFrame[look="part"][focused="true"], QFrame[look="material"][focused="true"] {{ border: 1px solid {t.accent}; }}
QWidget[look="side over"] {{ background: {t.side}; border-right: 1px solid {t.line}; }}
QFrame[look="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {RADIUS_BUBBLE}px; }}
QFrame[look="card best"] {{ background: {t.surface}; border: 1px solid {t.accent}; border-radius: {RADIUS_BUBBLE}px; }}
QFrame[look~="modelrow"], QFrame[look="row"] {{ background: transparent; border: none;
    border-bottom: 1px solid {t.line}; }}
QFrame[look~="first"] {{ border-top-left-radius: {RADIUS_BUBBLE}px; border-top-right-radius: {RADIUS_BUBBLE}px; }}
QFrame[look~="last"] {{ border-bottom: none;
    border-bottom-left-radius: {RADIUS_BUBBLE}px; border-bottom-right-radius: {RADIUS_BUBBLE}px; }}
QFrame[look~="modelrow"]:hover {{ background: {t.hover}; }}
QFrame[look~="modelrow"]:focus {{ border: 2px solid {t.accent}; border-radius: {RADIUS}px; }}
QFrame[look="side row"] {{ background: transparent; border: 2px solid transparent; border-radius: {RADIUS}px; }}
QFrame[look="side row"]:hover {{ background: {t.hover}; }}
QFrame[look="side row"]:focus {{ border-color: {t.accent}; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 2px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
QProgressBar[look="over"]::chunk {{ background: {t.internet}; }}
QFrame[look="composer"] {{ background: {t.surface}; border: 1px solid {t.field_line};
    border-radius: {RADIUS_BUBBLE}px; }}
QFrame[look="composer"][focused="true"] {{ border: 1px solid {t.accent}; }}
QFrame[look="find"] {{ background: {t.surface}; border: 1px solid {t.field_line}; border-radius: {RADIUS}px; }}
QFrame[look="find"][focused="true"] {{ border: 2px solid {t.accent}; }}
QFrame[look="chip"] {{ background: {t.side}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
QFrame[look="warning"] {{ background: {t.surface}; border: 1px solid {t.internet}; border-radius: {RADIUS}px; }}
QFrame[look="sheet"] {{ background: {t.paper}; border: 1px solid {t.line}; }}
QTableView[look="sheet"] {{ gridline-color: {t.line}; color: {t.ink}; outline: none; }}
QTableView[look="sheet"] QHeaderView {{ background: {t.side}; }}
QTableView[look="sheet"] QTableCornerButton::section {{ background: {t.side}; border: none;
    border-right: 1px solid {t.line}; border-bottom: 1px solid {t.line}; }}
QFrame[look="told"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
QFrame[look="notice"] {{ background: {t.thinking}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
QScrollArea[look="card ground"], QWidget[look="card ground"] {{ background: {t.surface}; }}
QFrame[look="hairline"] {{ background: {t.line}; border: none; }}
QFileDialog {{ backward-icon: url("ticks:back.png"); forward-icon: url("ticks:forward.png");
    filedialog-parent-directory-icon: url("ticks:up.png"); }}
QToolTip {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line}; padding: 1px 3px; }}
"""  # Qt counts a tip's padding twice, once as its label's margin, and adds a few pixels of its own


def _texts(t: Tokens, px: _Px) -> str:
    return f"""
QLabel {{ background: transparent; }}
QLabel[look="title"] {{ font-size: {px(TEXT_PX * HEADINGS[0])}px; font-weight: 600; }}
QLabel[look="heading"] {{ font-size: {px(TEXT_PX * HEADINGS[2])}px; font-weight: 600; }}
QLabel[look="strong"] {{ font-weight: 600; }}
QLabel[look="strong small"] {{ font-weight: 600; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="muted"] {{ color: {t.muted}; }}
QLabel[look="small"] {{ color: {t.muted}; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="small ink"] {{ font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="tiny"] {{ color: {t.muted}; font-size: {px(TEXT_PX * TINY)}px; }}
QLabel[look="term"] {{ color: {t.muted}; font-size: {px(TEXT_PX * TINY)}px; border: 1px solid transparent; }}
QLabel[look="term"]:hover {{ color: {t.ink}; text-decoration: underline; }}
QLabel[look="term"]:focus {{ border: 1px solid {t.accent}; border-radius: {GAP_TIGHT}px; }}
QLabel[look="tiny danger"] {{ color: {t.danger}; font-size: {px(TEXT_PX * TINY)}px; }}
QLabel[look="small danger"] {{ color: {t.danger}; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="danger"] {{ color: {t.danger}; }}
QLabel[look="warning"] {{ color: {t.internet}; border: none; }}  /* a label is a frame, too */
QLabel[look="small accent"] {{ color: {t.accent}; font-size: {px(TEXT_PX * SMALL)}px; font-weight: 600; }}
QLabel[look="small warning"] {{ color: {t.internet}; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="here"] {{ color: {t.here}; }}
QLabel[look="here small"] {{ color: {t.here}; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="private"] {{ color: {t.private}; }}
QLabel[look="private small"] {{ color: {t.private}; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="internet"] {{ color: {t.internet}; }}
QLabel[look="internet small"] {{ color: {t.internet}; font-size: {px(TEXT_PX * SMALL)}px; }}
QLabel[look="key"] {{ color: {t.muted}; font-size: {px(TEXT_PX * TINY)}px; border: 1px solid {t.line};
    border-radius: {GAP_TIGHT}px; padding: 0px {px(5)}px; min-height: {px(16)}px; max-height: {px(16)}px; }}
QLabel[look="mono"] {{ background: {t.code}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
    padding: {GAP}px {GAP_WIDE}px; }}
QLabel[look="mono"]:focus {{ border: 1px solid {t.accent}; }}
"""


def _buttons(t: Tokens, px: _Px) -> str:
    fills = "\n".join(
        f"""
QPushButton[look="filled"][fill="{name}"] {{ background: {color}; border: 1px solid {color}; color: {t.on_fill}; }}
QPushButton[look="filled"][fill="{name}"]:focus {{ border: 2px solid {t.ink}; }}
QPushButton[look="filled"][fill="{name}"]:disabled
    {{ background: {t.side}; border: 1px solid {t.line}; color: {t.muted}; }}"""
        for name, color in (("accent", t.accent), ("here", t.here), ("private", t.private), ("internet", t.internet))
    )
    # Into the buttons of its own boxes Qt draws pictures, black on dark grounds too.
    return f"""
QMessageBox, QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
    padding: {px(5)}px {px(12)}px; min-height: {px(20)}px; outline: none; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed, QPushButton:checked {{ background: {t.selected}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 1}px {px(12) - 1}px; }}
QPushButton:disabled {{ color: {t.muted}; background: {t.side}; }}
QPushButton[look="filled"] {{ font-weight: 600; }}
QPushButton[look="filled"] QLabel {{ color: {t.on_fill}; font-weight: 600; }}
{fills}
QPushButton[look="menu"] {{ background: transparent; border: 1px solid transparent; text-align: left;
    padding: {px(5)}px {px(23)}px {px(5)}px {px(8)}px; }}
QPushButton[look="menu"]:hover {{ background: {t.hover}; }}
QPushButton[look="menu"]:pressed {{ background: {t.selected}; }}
QPushButton[look="menu"]:focus {{ border: 2px solid {t.accent};
    padding: {px(5) - 1}px {px(23) - 1}px {px(5) - 1}px {px(8) - 1}px; }}
QPushButton[look="danger"] {{ color: {t.danger}; }}
QPushButton[look="quiet"], QToolButton {{ background: transparent; color: {t.ink}; border: 1px solid transparent;
    border-radius: {RADIUS}px; }}
QToolButton[look="small"] {{ color: {t.muted}; font-size: {px(TEXT_PX * SMALL)}px; }}
QToolButton[look="small"]:hover {{ color: {t.ink}; }}
QPushButton[look="quiet"] {{ padding: {px(5)}px {px(8)}px; text-align: left; }}
QPushButton[look="quiet"]:hover, QToolButton:hover {{ background: {t.hover}; }}
QPushButton[look="quiet"]:pressed, QToolButton:pressed, QToolButton:checked {{ background: {t.selected}; }}
QPushButton[look="quiet"]:focus, QToolButton:focus {{ border: 2px solid {t.accent}; }}
QPushButton[look="quiet"]:focus {{ padding: {px(5) - 1}px {px(8) - 1}px; }}
QPushButton[look="side"] {{ text-align: left; padding: {px(5)}px {px(8)}px; }}
QPushButton[look="side"]:focus {{ padding: {px(5) - 1}px {px(8) - 1}px; }}
"""


def _plain_buttons(t: Tokens, px: _Px) -> str:
    """Return the looks of buttons that are words, lines or choices rather than a raised field; after `_buttons`."""
    return f"""
QPushButton[look="filter"] {{ font-size: {px(TEXT_PX * SMALL)}px; }}
QPushButton[look="filter"]:checked {{ background: {t.selected}; border: 1px solid {t.muted}; }}
QPushButton[look="filter"]:checked:focus {{ border: 2px solid {t.accent}; }}
QPushButton[look="link"] {{ background: transparent; color: {t.accent}; border: 1px solid transparent;
    font-weight: 600; padding: {px(3)}px {px(8)}px; }}
QPushButton[look="link"]:hover {{ background: {t.hover}; }}
QPushButton[look="link"]:focus {{ border: 2px solid {t.accent}; padding: {px(3) - 1}px {px(8) - 1}px; }}
QPushButton[look="muted"] {{ background: transparent; color: {t.muted}; border: 1px solid transparent;
    padding: {px(3)}px {px(6)}px; font-size: {px(TEXT_PX * SMALL)}px; }}
QPushButton[look="muted"]:hover {{ background: {t.hover}; color: {t.ink}; }}
QPushButton[look="muted"]:focus {{ border: 2px solid {t.accent}; padding: {px(3) - 1}px {px(6) - 1}px; }}
QPushButton[look="line"] {{ background: transparent; color: {t.muted}; border: 1px solid transparent;
    text-align: left; padding: {px(3)}px {px(6)}px; font-size: {px(TEXT_PX * SMALL)}px; }}
QPushButton[look="line"]:hover {{ background: {t.hover}; color: {t.ink}; }}
QPushButton[look="line"]:focus {{ border: 2px solid {t.accent}; padding: {px(3) - 1}px {px(6) - 1}px; }}
QPushButton[look="fold"] {{ background: transparent; border: 1px solid transparent; font-weight: 600;
    text-align: left; padding: {px(2)}px {px(6)}px {px(2)}px {px(2)}px; }}
QPushButton[look="fold"]:hover {{ background: {t.hover}; }}
QPushButton[look="fold"]:focus {{ border: 2px solid {t.accent};
    padding: {px(2) - 1}px {px(6) - 1}px {px(2) - 1}px {px(2) - 1}px; }}
QPushButton[look="advice"] {{ background: transparent; color: {t.accent}; border: 1px solid transparent;
    font-weight: 600; font-size: {px(TEXT_PX * SMALL)}px; padding: {px(1)}px {px(6)}px; }}
QPushButton[look="advice"]:hover {{ background: {t.hover}; }}
QPushButton[look="advice"]:focus {{ border: 2px solid {t.accent}; padding: {max(0, px(1) - 1)}px {px(6) - 1}px; }}
QPushButton[look="chooser"] {{ text-align: left; padding: {px(5)}px {px(23)}px {px(5)}px {px(8)}px; }}
QPushButton[look="chooser"]:focus {{ padding: {px(5) - 1}px {px(23) - 1}px {px(5) - 1}px {px(8) - 1}px; }}
QPushButton[look="example"] {{ text-align: left; padding: {px(10)}px {px(12)}px; }}
QPushButton[look="example"]:focus {{ padding: {px(10) - 1}px {px(12) - 1}px; }}
QPushButton[look="choice"] {{ background: transparent; text-align: left; padding: 0px; }}
QPushButton[look="choice"]:hover {{ background: {t.hover}; }}
QPushButton[look="choice"]:checked {{ background: {t.selected}; border: 1px solid {t.field_line}; }}
QPushButton[look="choice"]:focus {{ border: 2px solid {t.accent}; padding: 0px; }}
QPushButton[look="choice"]:disabled {{ background: transparent; }}
QPushButton[look="file chip"], QPushButton[look="file chip warning"] {{ background: {t.side};
    border: 1px solid {t.line}; text-align: left; padding: 0px; min-height: 0px; }}
QPushButton[look="file chip warning"] {{ background: {t.surface}; border: 1px solid {t.internet}; }}
QPushButton[look="file chip"]:hover, QPushButton[look="file chip warning"]:hover {{ background: {t.hover}; }}
QPushButton[look="file chip"]:focus, QPushButton[look="file chip warning"]:focus {{ border: 2px solid {t.accent};
    padding: 0px; }}
QPushButton[look="sent file"] {{ background: transparent; border: 1px solid {t.line}; text-align: left;
    padding: 0px; min-height: 0px; }}
QPushButton[look="sent file"]:hover {{ background: {t.hover}; }}
QPushButton[look="sent file"]:focus {{ border: 2px solid {t.accent}; padding: 0px; }}
QPushButton[look="narrowing"] {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line};
    font-size: {px(TEXT_PX * SMALL)}px; padding: 0px {px(10)}px; min-height: {px(26)}px; max-height: {px(26)}px;
    text-align: left; }}
QCheckBox[look="small"] {{ font-size: {px(TEXT_PX * SMALL)}px; }}
QPushButton[look="narrowing"]:hover {{ background: {t.hover}; }}
QPushButton[look="narrowing"]:checked {{ background: {t.selected}; border: 1px solid {t.field_line}; }}
QPushButton[look="narrowing"]:focus {{ border: 2px solid {t.accent}; padding: 0px {px(10) - 1}px;
    min-height: {px(26) - 2}px; max-height: {px(26) - 2}px; }}
QPushButton[look="find"] {{ background: {t.surface}; color: {t.muted}; text-align: left;
    padding: {px(5)}px {px(8)}px; }}
QPushButton[look="find"]:hover {{ background: {t.hover}; }}
QPushButton[look="find"]:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 1}px {px(8) - 1}px; }}
QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; width: 0px; }}
QToolButton {{ padding: {px(5)}px; }}
QToolButton:focus {{ padding: {px(5) - 1}px; }}
"""


def _fields(t: Tokens, px: _Px) -> str:
    return f"""
QLineEdit, QComboBox {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.field_line};
    border-radius: {RADIUS}px; padding: {px(5)}px {px(8)}px; min-height: {px(20)}px;
    placeholder-text-color: {t.muted}; selection-background-color: {t.selection}; selection-color: {t.ink}; }}
QLineEdit:focus, QComboBox:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 1}px {px(8) - 1}px; }}
QLineEdit:disabled, QComboBox:disabled {{ color: {t.muted}; background: {t.side}; }}
QLineEdit[look="filter"] {{ border: 1px solid {t.line}; }}
QLineEdit[look="filter"]:focus {{ border: 2px solid {t.accent}; }}
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus {{ border: none; background: transparent; padding: 0px; }}
QComboBox {{ padding-left: {px(10)}px; combobox-popup: 0; }}
QComboBox:focus {{ padding-left: {px(10) - 1}px; }}
QComboBox::drop-down {{ border: none; width: {px(24)}px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.field_line}; border-radius: {RADIUS}px;
    outline: none; padding: {GAP_TIGHT}px; }}
QComboBox QAbstractItemView::item {{ border-radius: {GAP_TIGHT}px; padding: {px(3)}px {px(5)}px; color: {t.ink}; }}
QComboBox QAbstractItemView::item:selected {{ background: {t.selection}; }}
QCheckBox {{ border: 1px solid transparent; border-radius: {RADIUS}px; padding: {px(3)}px {px(4)}px;
    spacing: {px(6)}px; outline: none; }}
QCheckBox:focus {{ border: 2px solid {t.accent}; padding: {px(3) - 1}px {px(4) - 1}px; }}
QCheckBox::indicator, QListView::indicator {{ width: {px(14)}px; height: {px(14)}px; border: 1px solid {t.field_line};
    border-radius: {px(4)}px; background: {t.surface}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {t.accent}; border: 1px solid {t.accent};
    image: url("ticks:{t.tick}.png"); }}
QCheckBox::indicator:disabled {{ background: {t.side}; border: 1px solid {t.line}; }}
QPlainTextEdit, QTextEdit {{ background: transparent; border: none; placeholder-text-color: {t.muted};
    selection-background-color: {t.selection}; selection-color: {t.ink}; }}
QListView {{ background: transparent; border: none; outline: none; }}
.QListView {{ background: {t.surface}; border: 1px solid {t.field_line}; color: {t.ink};
    selection-background-color: {t.selection}; selection-color: {t.ink}; }}
QListView[look="bare"] {{ background: transparent; border: none; }}
QFrame[look="popup"] {{ background: {t.surface}; border: 1px solid {t.field_line}; border-radius: {RADIUS}px; }}
QCalendarWidget QWidget {{ background: {t.surface}; alternate-background-color: {t.surface}; color: {t.ink}; }}
QCalendarWidget QAbstractItemView {{ border: none; outline: none; selection-background-color: {t.accent};
    selection-color: {t.on_fill}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {t.muted}; }}
QCalendarWidget QToolButton {{ font-weight: 600; padding: {px(5)}px {px(8)}px; }}
QCalendarWidget QSpinBox {{ border: 1px solid {t.field_line}; border-radius: {RADIUS}px; }}
"""


def _bars(t: Tokens, px: _Px) -> str:
    return f"""
QTableView[look="sheet"] QHeaderView::section {{ background: {t.side}; color: {t.muted}; border: none;
    border-right: 1px solid {t.line}; border-bottom: 1px solid {t.line}; padding: 1px {GAP_TIGHT}px;
    font-size: {px(TEXT_PX * TINY)}px; }}
QTableView[look="sheet"]::item {{ padding: 0px {GAP_TIGHT}px; }}
QTreeView[look="ledger"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {RADIUS_BUBBLE}px;
    outline: none; padding: 1px; show-decoration-selected: 1; }}
QTreeView[look="ledger"]::item {{ border: none; padding: 0px {GAP}px; }}
QTreeView[look="ledger"]::item:selected {{ background: {t.hover}; }}
QTreeView[look="ledger"]:focus {{ border: 1px solid {t.accent}; }}
QTreeView[look="ledger"] QHeaderView {{ background: transparent; }}
QTreeView[look="ledger"] QHeaderView::section {{ background: transparent; color: {t.muted}; border: none;
    border-bottom: 1px solid {t.line}; padding: {GAP}px; font-weight: 600; font-size: {px(TEXT_PX * SMALL)}px; }}
QMenu {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line}; border-radius: {RADIUS}px;
    padding: {GAP_TIGHT}px; }}
QMenu::item {{ padding: {px(6)}px {px(20)}px {px(6)}px {px(8)}px; border-radius: {px(6)}px; }}
QMenu::item:selected {{ background: {t.hover}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::icon {{ padding-left: {px(6)}px; }}
QMenu::indicator {{ width: 0px; height: 0px; image: none; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: {GAP_TIGHT}px {GAP}px; }}
QMenu::section {{ color: {t.muted}; }}
QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: {px(3)}px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: {px(32)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(32)}px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {t.field_line}; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {t.line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
"""
