"""Colours, sizes and distances as values: the one place of the program where they are named.

They can be checked without a window. The values in force now are in `theme.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

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
