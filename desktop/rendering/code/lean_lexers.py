"""Keeps Pygments' list of languages out of memory: it is read when a language is first met, a millisecond or two.

A private name of Pygments is replaced. Where another version has none, nothing is lost but memory.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import Any

_LIST = "pygments.lexers._mapping"


@functools.cache
def begin() -> None:
    """Have Pygments keep no list of its lexers: 600 of them, and a third of a megabyte. Once is enough."""
    from pygments import lexers

    names = getattr(lexers.get_lexer_by_name, "__globals__", {})
    if _LIST in sys.modules and "LEXERS" in names:
        names["LEXERS"] = vars(lexers)["LEXERS"] = _ReadLexers()
        for holder in (names, vars(lexers)):
            holder.pop("_mapping", None)
        del sys.modules[_LIST]


class _ReadLexers(Mapping[str, Any]):
    """Pygments' lexers by the names of their classes, read anew whenever they are asked for."""

    def __getitem__(self, name: str) -> Any:
        return _read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_read())

    def __len__(self) -> int:
        return len(_read())

    def values(self) -> ValuesView[Any]:
        return _read().values()

    def items(self) -> ItemsView[str, Any]:
        return _read().items()


def _read() -> dict[str, Any]:
    spec = importlib.util.find_spec(_LIST)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lexers: dict[str, Any] = module.LEXERS
    return lexers
