"""Has dataclasses compile a method when it is first asked for, and share what can be shared.

Python compiles four to six methods for each dataclass as soon as it is read: for the 300 of a start a seventh of its
time, though most are never called. Private names of `dataclasses` are replaced, of the versions that are known; with
others nothing is lost but time and memory.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from types import FunctionType
from typing import Any

_BY_FUNCTIONS = ((3, 11), (3, 12))  # versions with a function for each method, which returns it compiled
_BY_BUILDER = ((3, 13),)  # with a builder that compiles all methods of a class at once
_MAKERS = {"_init_fn": "__init__", "_repr_fn": "__repr__", "_hash_fn": "__hash__"}
_FIRST_LETTING_GO = (3, 11, 3)  # whose dataclasses with slots hold nothing of the one without


def make_lean(dataclasses: Any) -> None:
    """Have the dataclasses that are made from now on cost less. `dataclasses` is Python's module."""
    version = sys.version_info[:2]
    if version in _BY_FUNCTIONS and all(hasattr(dataclasses, name) for name in (*_MAKERS, "_cmp_fn")):
        for maker, name in _MAKERS.items():
            setattr(dataclasses, maker, partial(_late, name, getattr(dataclasses, maker)))
        compare = dataclasses._cmp_fn
        dataclasses._cmp_fn = lambda name, *given, **named: _late(name, compare, name, *given, **named)
    if version in _BY_BUILDER and hasattr(dataclasses, "_FuncBuilder"):
        dataclasses._FuncBuilder = _late_builder(dataclasses._FuncBuilder)
    if version in _BY_FUNCTIONS + _BY_BUILDER and hasattr(dataclasses, "_frozen_get_del_attr"):
        _refuse_changes_without_class(dataclasses)
    if sys.version_info < _FIRST_LETTING_GO and hasattr(dataclasses, "_add_slots"):
        dataclasses._add_slots = partial(_add_slots_only, dataclasses._add_slots)


class LateMethod:
    """A method of a dataclass that is compiled when it is first asked for, and steps back for what came of it.

    Whoever asks, be it Python for an operator, `super()` or `inspect`, is given the true method.
    """

    __slots__ = ("_compile", "_compiled", "_name")

    def __init__(self, name: str, compile_it: Callable[[], FunctionType]) -> None:
        self._name = name
        self._compile = compile_it
        self._compiled: FunctionType | None = None

    def __get__(self, instance: object | None, owner: type | None = None) -> Any:
        # Two threads may compile it at once; either's will do.
        method = self._compiled = self._compiled or self._compile()
        # A class that is made anew with slots takes this over from the one without, so no class is remembered here.
        for kind in (owner or type(instance)).__mro__:
            if vars(kind).get(self._name) is self:
                method.__qualname__ = f"{kind.__qualname__}.{self._name}"
                setattr(kind, self._name, method)
        return method.__get__(instance, owner)


def _late(name: str, make: Callable[..., FunctionType], *given: Any, **named: Any) -> LateMethod:
    return LateMethod(name, partial(make, *given, **named))


def _late_builder(builder: Any) -> type:
    """Return a builder that compiles a class's methods when one of them is first asked for."""

    class LateBuilder(builder):  # type: ignore[misc]
        """All methods of a dataclass, of which each is there from the first as a late one."""

        def add_fns_to_class(self, cls: type) -> None:
            of = cls.__name__  # not the class: it is made anew with slots

            @cache
            def compiled() -> Mapping[str, FunctionType]:
                holder = type(of, (), {})
                super(LateBuilder, self).add_fns_to_class(holder)
                return vars(holder)

            def method(name: str) -> FunctionType:
                return compiled()[name]

            for name in self.names:
                if name not in vars(cls) or self.unconditional_adds.get(name):
                    setattr(cls, name, LateMethod(name, partial(method, name)))
                elif self.overwrite_errors.get(name):
                    super().add_fns_to_class(cls)  # says what is wrong

    return LateBuilder


def _refuse_changes_without_class(dataclasses: Any) -> None:
    """Have frozen dataclasses refuse changes by functions that are not compiled for each, and remember no class.

    Python's own remember the class as it was before it was made anew with slots: of 300 dataclasses both the one and
    the other would be kept.
    """

    def put(cls: type, fields: Sequence[Any], builder: object) -> None:
        for function in _refusing(dataclasses.FrozenInstanceError, fields):
            if function.__name__ in vars(cls):
                raise TypeError(f"Cannot overwrite attribute {function.__name__} in class {cls.__name__}")
            setattr(cls, function.__name__, function)

    def made(cls: type, fields: Sequence[Any], names: object) -> tuple[Callable[..., None], Callable[..., None]]:
        return _refusing(dataclasses.FrozenInstanceError, fields)

    dataclasses._frozen_get_del_attr = put if sys.version_info[:2] in _BY_BUILDER else made


def _refusing(frozen: type[Exception], fields: Sequence[Any]) -> tuple[Callable[..., None], Callable[..., None]]:
    """Return what stands for `__setattr__` and `__delattr__` of one frozen dataclass with these fields.

    A class that was made from it can change the rest, by whatever comes after the dataclass among its bases.
    """
    own = tuple(field.name for field in fields)

    def refuse_change(self: Any, name: str, value: object) -> None:
        kind = _class_with(refuse_change, type(self))
        if type(self) is kind or name in own:
            raise frozen(f"cannot assign to field {name!r}")
        super(kind, self).__setattr__(name, value)

    def refuse_deletion(self: Any, name: str) -> None:
        kind = _class_with(refuse_deletion, type(self))
        if type(self) is kind or name in own:
            raise frozen(f"cannot delete field {name!r}")
        super(kind, self).__delattr__(name)

    refuse_change.__name__, refuse_deletion.__name__ = "__setattr__", "__delattr__"  # where they are put
    return refuse_change, refuse_deletion


def _class_with(function: Callable[..., None], kind: type) -> Any:
    """Return the class among the bases of `kind`, itself one of them, on which a function stands by its name."""
    return next(each for each in kind.__mro__ if vars(each).get(function.__name__) is function)


def _add_slots_only(add_slots: Callable[..., type], cls: type, *options: bool) -> type:
    """Return the class with slots, which holds nothing of the one without, as later versions of Python see to it.

    Those before (Debian 12 has one) copy the attribute for weak references, which remembers the class it was made for.
    """
    if "__weakref__" in vars(cls):
        delattr(cls, "__weakref__")
    return add_slots(cls, *options)
