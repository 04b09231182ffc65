"""The names that a policy may have: how the value of each is read, and the strictest one for one that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import Any, TypeVar

from desktop.core.connection import ConnectionKind
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import Keeping, KeySource

_MOST_DAYS = 36_500

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PolicyName:
    """Name with the reader of its value, which raises ValueError, the strictest value, and the field of `Policy`."""

    read: Callable[[Any], Any]
    strictest: Any
    field: str = ""


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise ValueError("must be a list of texts")
    return tuple(each.strip() for each in value)


def _file(value: Any) -> str:
    path = _text(value)
    if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        raise ValueError("must be a whole path")
    return path


def _command(value: Any) -> tuple[str, ...]:
    words = _texts(value)
    _file(words[0] if words else "")
    return words


def _proxy(value: Any) -> str:
    text = _text(value)
    scheme, separator, rest = text.partition("://")
    if text not in ("none", "system") and (scheme not in ("http", "https", "socks5") or not separator or not rest):
        raise ValueError("must be none, system or an address that begins with http://")
    if "@" in rest:
        raise ValueError("must be without a password, which everybody could read here")
    return text


def _days(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_DAYS:
        raise ValueError(f"must be a number from 1 to {_MOST_DAYS}")
    return value


def _one_of(kinds: type[_T], *, without: str = "") -> Callable[[Any], _T]:
    choices = [str(each) for each in kinds if str(each) != without]  # type: ignore[attr-defined]

    def read(value: Any) -> _T:
        if value not in choices:
            raise ValueError("must be " + ", ".join(choices))
        return kinds(value)  # type: ignore[call-arg]

    return read


# The names of a policy. A value that cannot be used becomes the strictest; of what is no restriction, that is none.
NAMES: Mapping[str, PolicyName] = MappingProxyType(
    {
        "organization": PolicyName(_text, "", "organization"),
        "contact": PolicyName(_text, "", "contact"),
        "network.farthest": PolicyName(_one_of(PlaceKind), PlaceKind.THIS_COMPUTER),
        "network.allowed_hosts": PolicyName(_texts, ()),
        "network.private_networks": PolicyName(_texts, ()),
        "network.require_https": PolicyName(_flag, True),
        "network.offline_lock": PolicyName(_flag, True, "offline_lock"),
        "network.update_notice": PolicyName(_flag, False),  # of an earlier version: does nothing
        "network.proxy": PolicyName(_proxy, None),
        "network.extra_ca_file": PolicyName(_file, "", "extra_ca_file"),
        "connections.own": PolicyName(_flag, False, "own_connections"),
        "connections.found_on_this_computer": PolicyName(_flag, False, "found_connections"),
        "connections.model_files": PolicyName(_flag, False, "model_files"),
        "models.default": PolicyName(_text, "", "default_model"),
        "models.default_connection": PolicyName(_text, ""),
        "models.instructions": PolicyName(_text, "", "instructions"),
        "models.catalogue": PolicyName(_file, "", "catalogue"),
        "recipes.folder": PolicyName(_file, "", "recipes_folder"),
        "records.keep": PolicyName(_one_of(Keeping), Keeping.FOREVER, "keep"),
        "records.keep_days": PolicyName(_days, 0, "keep_days"),
        "features.export": PolicyName(_flag, False),
        "features.import": PolicyName(_flag, False),
        "features.pull": PolicyName(_flag, False),
        "features.clear_ledger": PolicyName(_flag, False),
        "features.folders": PolicyName(_flag, False),
    }
)
# The names of a connection that a policy sets up; here the second value is what holds without the name.
SET_NAMES: Mapping[str, PolicyName] = MappingProxyType(
    {
        "connections.set.id": PolicyName(_text, ""),
        "connections.set.name": PolicyName(_text, ""),
        "connections.set.kind": PolicyName(
            _one_of(ConnectionKind, without=ConnectionKind.BUILT_IN), ConnectionKind.OPENAI_COMPAT
        ),
        "connections.set.preset": PolicyName(_text, ""),
        "connections.set.address": PolicyName(_text, ""),
        "connections.set.key": PolicyName(_one_of(KeySource), KeySource.NONE),
        "connections.set.key_command": PolicyName(_command, ()),
    }
)
