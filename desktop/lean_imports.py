"""Keeps a start from doing and holding what nobody has need of, in places that only Python and PySide themselves reach.

Private names are replaced. Where another version has no such name, nothing is lost but time and memory.
"""

from __future__ import annotations

import dataclasses
import gc
import linecache
import sys
from typing import Any

_SHARING_PYTHONS = ((3, 11), (3, 12))  # whose dataclasses ask for these functions in this way
_FIRST_LETTING_GO = (3, 11, 3)  # whose dataclasses with slots hold nothing of the one without


def begin() -> None:
    """Import Qt's core, and have the imports after it cost less. To be called before those."""
    # Whatever lives then will live on: nothing is found until the window collects for the first time.
    gc.disable()
    _share_what_refuses_changes()
    _let_classes_without_slots_go()
    _keep_no_source_text()


def _keep_no_source_text() -> None:
    """Have PySide read no source text.

    It replaces Python's import. After each import of any module it reads that module's source, to see if it speaks of
    PySide and could want other names for its functions (`__feature__`, which is not used here). Python keeps every text
    that was read so: of 300 files, 8 to 10 MiB, for nothing.
    """
    import PySide6.QtCore  # noqa: F401
    from shibokensupport import feature  # type: ignore[import-not-found]

    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False
    linecache.clearcache()


def _share_what_refuses_changes() -> None:
    """Have all frozen dataclasses refuse changes by the same two functions.

    Python compiles two for each, and these remember the class as it was before it was made anew with slots: of 300
    dataclasses both the one and the other would be kept.
    """
    if sys.version_info[:2] in _SHARING_PYTHONS and hasattr(dataclasses, "_frozen_get_del_attr"):
        _refuse_change.__name__, _refuse_deletion.__name__ = "__setattr__", "__delattr__"  # where they are put
        dataclasses._frozen_get_del_attr = lambda cls, fields, _: (_refuse_change, _refuse_deletion)


def _let_classes_without_slots_go() -> None:
    """Have a dataclass with slots hold nothing of the one without, as later versions of Python see to by themselves.

    Those before (Debian 12 has one) copy the attribute for weak references, which remembers the class it was made for.
    """
    if sys.version_info >= _FIRST_LETTING_GO or not hasattr(dataclasses, "_add_slots"):
        return
    add_slots = dataclasses._add_slots

    def add_slots_only(cls: type, *options: bool) -> type:
        if "__weakref__" in vars(cls):
            delattr(cls, "__weakref__")
        made: type = add_slots(cls, *options)
        return made

    dataclasses._add_slots = add_slots_only


def _refuse_change(self: Any, name: str, value: object) -> None:
    if _is_frozen(type(self), name):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _refuse_deletion(self: Any, name: str) -> None:
    if _is_frozen(type(self), name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _is_frozen(kind: type, name: str) -> bool:
    """Return True for all of a dataclass, and for the fields alone of a class that was made from one."""
    return "__dataclass_fields__" in vars(kind) or name in getattr(kind, "__dataclass_fields__", ())
