"""The comments, the order and the layout of a TOML file that was edited by hand, kept when the program writes it anew.

Knows tables and values, not what they mean; that what comes out is read as it should be is for the caller to see.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table


def with_comments(before: str, after: str, defaults: Mapping[str, Any]) -> str:
    """Return the file `before` with the values of the file `after`.

    A value that `before` leaves out stays out if it is the one in `defaults`. Raises various errors for what tomlkit
    cannot read or change.
    """
    line_end = "\r\n" if "\r\n" in before else "\n"
    kept = tomlkit.parse(before.replace("\r\n", "\n").rstrip("\n") + "\n")
    _update(kept, tomlkit.parse(after), defaults)
    return kept.as_string().replace("\n", line_end)


def _update(kept: MutableMapping[str, Any], wanted: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    for name in [each for each in kept if each not in wanted]:
        del kept[name]
    for name, value in wanted.items():
        if name not in kept:
            if value != defaults.get(name):
                _add(kept, name, value)
        elif isinstance(value, AoT) and isinstance(kept[name], AoT):
            _update_tables(kept[name], value, defaults)
        elif isinstance(value, Table) and isinstance(kept[name], MutableMapping):
            _update(kept[name], value, defaults)
        elif kept[name] != value:
            kept[name] = value


def _add(kept: MutableMapping[str, Any], name: str, value: Any) -> None:
    if isinstance(value, AoT | Table) and isinstance(kept, tomlkit.TOMLDocument):
        kept.add(tomlkit.nl())
    kept[name] = value


def _update_tables(kept: AoT, wanted: AoT, defaults: Mapping[str, Any]) -> None:
    """Bring the tables into the wanted order; one that stays keeps its comments, also if its values change."""
    old, keys = list(kept), list(map(_key, kept))
    at_key = {key: at for at, key in reversed(list(enumerate(keys)))}
    places = [at_key.pop(_key(each), None) for each in wanted]
    for at in range(min(len(wanted), len(keys))):
        if places[at] is None and at_key.get(keys[at]) == at:  # the one that stood here has changed
            places[at] = at_key.pop(keys[at])
    found = [each if place is None else old[place] for each, place in zip(wanted, places, strict=True)]
    for each, table in zip(wanted, found, strict=True):
        if table is not each:
            _update(table, each, defaults)
    if places != list(range(len(old))):
        while len(kept):
            del kept[-1]
        for table in found:
            kept.append(table)


def _key(table: Table) -> tuple[str, ...]:
    """Return the identity of a table among its like: its name, or else all that it says."""
    return (str(table["name"]),) if "name" in table else tuple(f"{name} {table[name]}" for name in sorted(table))
