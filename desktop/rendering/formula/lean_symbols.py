"""Keeps the names of symbols in formulas small in memory. To be called before ziamath is imported.

ziamath and latex2mathml keep a dictionary each of thousands of names, of which a conversation has a dozen, and an
expression that finds all of them: a megabyte. Where another version has other names, nothing is lost but memory.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable, Mapping
from types import ModuleType


@functools.cache
def begin() -> None:
    """Have the libraries keep few names; once is enough."""
    _take_without_version("latex2mathml")
    codes = ModuleType("ziamath.escape_codes")
    vars(codes)["ESCAPES"] = {}  # see `mathml.with_named_letters`; ziamath adds some of its own
    sys.modules.setdefault(codes.__name__, codes)
    _keep_symbols_in_a_text()


def _take_without_version(package: str) -> None:
    """Import a package without its own lines, which find out its version and load what reads that: 0.2 MiB."""
    spec = None if package in sys.modules else importlib.util.find_spec(package)
    if spec is not None:
        sys.modules[package] = importlib.util.module_from_spec(spec)


def _keep_symbols_in_a_text() -> None:
    """Have latex2mathml look its symbols up in one text instead of 4,000 of them."""
    from latex2mathml import converter, symbols_parser, tokenizer, walker

    find = _finder(symbols_parser.SYMBOLS)
    if find is None:
        return
    for module in (symbols_parser, converter, tokenizer, walker):
        vars(module)["convert_symbol"] = find
    symbols_parser.SYMBOLS = {}


def _finder(symbols: Mapping[str, str]) -> Callable[[str], str | None] | None:
    """Return what returns the code of a symbol, or None where there is no such symbol."""
    if any(len(word.split()) != 1 for pair in symbols.items() for word in pair):
        return None
    table = "".join(f"\n{name} {code}\n" for name, code in symbols.items())

    @functools.lru_cache(maxsize=256)
    def find(symbol: str) -> str | None:
        at = -1 if len(symbol.split()) != 1 else table.find(f"\n{symbol} ")
        if at < 0:
            return None
        start = at + len(symbol) + 2
        return table[start : table.index("\n", start)]

    return find
