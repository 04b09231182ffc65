"""The way to a server as a record of the file of settings, and out of it again. No password is ever in one."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from desktop.core.connection import ProxyMode, Route
from desktop.core.text.late_regex import late_regex

_PLAIN = Route()
_KINDS = {each.name: type(getattr(_PLAIN, each.name)) for each in fields(Route)}
_USER_INFO = late_regex(r"^((?:[a-zA-Z][a-zA-Z0-9+.-]*://)?)[^/?#]*@")


def route_of(record: Any) -> Route | None:
    """Return the way that a record tells of; the usual one where there is none.

    None for one that cannot be used: taking another way in silence would send words where nobody wanted them.
    """
    if record is None:
        return _PLAIN
    if not isinstance(record, dict):
        return None
    values: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        value = record.get(name, getattr(_PLAIN, name))
        try:
            values[name] = ProxyMode(value) if kind is ProxyMode else value
        except ValueError:
            return None
        if not isinstance(values[name], kind):
            return None
    return Route(**values)


def route_record(route: Route) -> dict[str, Any]:
    """Return what of a way is not as usual. A login in the proxy's address is left out: it has fields of its own."""
    values = asdict(route) | {"proxy_address": _USER_INFO.sub(r"\1", route.proxy_address)}
    usual = asdict(_PLAIN)
    return {name: value for name, value in values.items() if value != usual[name]}
