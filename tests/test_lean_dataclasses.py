"""Tests for dataclasses whose methods are compiled when they are first asked for: they do what Python's own do.

Each thing asked is the first that is asked of them, and is asked of the same classes as Python's own module makes them.
"""

from __future__ import annotations

import copy
import dataclasses
import importlib.util
import inspect
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import FunctionType, ModuleType
from typing import Any

import pytest

from desktop.lean_dataclasses import LateMethod, make_lean

SOURCE = '''
from __future__ import annotations
import functools
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar
from {module} import KW_ONLY, InitVar, dataclass, field
T = TypeVar("T")
made = []

@dataclass(frozen=True, slots=True)
class Point:
    """A place."""
    x: int
    y: float = 0.5
    seen: list[int] = field(default_factory=list, compare=False, repr=False)
    KIND: ClassVar[str] = "point"

@dataclass(frozen=True, slots=True)
class Named(Point):
    """A place with a name."""
    name: str = "a"

@dataclass(slots=True)
class Plain:
    self: int = 1
    total: int = field(init=False, default=7)

@dataclass
class Counted:
    """One that is made ready after it was filled."""
    a: int
    more: InitVar[int]
    _: KW_ONLY
    b: int = 2
    def __post_init__(self, more): made.append(self.a + more)

@dataclass(frozen=True, slots=True, order=True, weakref_slot=True)
class Version:
    """What can be put in order."""
    first: int
    second: int = 0

@dataclass(frozen=True)
class Nothing:
    """No fields."""

@dataclass(eq=False, slots=True)
class Same:
    """Equal to itself alone."""
    a: int

@dataclass(unsafe_hash=True)
class Own:
    """With methods of its own."""
    a: int
    def __repr__(self): return "own"
    def __eq__(self, other): return True

@dataclass(slots=True)
class Node(Generic[T]):
    """What may hold itself."""
    value: T
    next: Node | None = None

@dataclass(frozen=True, slots=True)
class Shape(ABC):
    """What has a size."""
    side: int
    @abstractmethod
    def size(self): ...

@dataclass(frozen=True, slots=True)
class Square(Shape):
    """A shape."""
    def size(self): return self.side ** 2

class Upper:
    """Sees each change on its way."""
    def __setattr__(self, name, value):
        made.append(name)
        super().__setattr__(name, value)
    def __delattr__(self, name):
        made.append(name)
        super().__delattr__(name)

@dataclass(frozen=True)
class Base:
    """The last that is asked."""
    x: int = 1
    KIND: ClassVar[str] = "base"

@dataclass(frozen=True)
class Middle(Base):
    """Has another way behind it."""
    y: int = 2

class Through(Upper, Base): pass

class Open(Middle, Through):
    """Can be changed, but for its fields."""

class Child(Counted):
    def __init__(self, a):
        super().__init__(a, 1, b=3)
'''
ASKED = """
Point(1); Point(x=1, y=2); Point(1, seen=[3]).seen; Point(1).seen is Point(1).seen; Point.KIND
Point.x.__class__.__name__; Point(1) == Point(1); Point(1) != Point(1, 2); Point(1) == 1; Point(1) == Named(1)
Named(1) == Named(1); Named(1, name="b"); hash(Point(1)) == hash((1, 0.5)); len({Point(1), Point(1), Named(1)})
Point(1).__hash__() == hash(Point(1)); Point(); Point(1, 2, [], 4); Point(x=1, z=2); setattr(Point(1), "x", 2)
delattr(Point(1), "x"); Point(1).z; setattr(Named(1), "y", 2); delattr(Named(1), "name"); setattr(Plain(), "z", 2)
setattr(Nothing(), "z", 2); str(inspect.signature(Point)); str(inspect.signature(Counted))
str(inspect.signature(Point.__init__)); Plain.__doc__; Point.__init__.__qualname__; Named.__repr__.__qualname__
Point.__eq__.__name__; Point.__init__.__annotations__; Point.__match_args__; Point.__slots__
dataclasses.is_dataclass(Point); [each.name for each in fields(Named)]; replace(Named(1), x=2); asdict(Named(1))
astuple(Version(1)); replace(Point(1), z=3); copy.copy(Point(1)); copy.deepcopy(Named(1))
pickle.loads(pickle.dumps(Named(1))); Plain(); Plain(3).self; Plain().total; Plain(1, 2); Plain.__hash__ is None
hash(Plain()); Counted(1, 2), made; Counted(1, 2, b=5).b; Counted(1, 2, 3); Child(4), made; Child(4) == Child(4)
Child(4) == Counted(4, 1, b=3); Version(1) < Version(1, 1); sorted([Version(2), Version(1)]); Version(1) <= 2
max(Version(1), Version(2)) > Version(1); Version.__lt__(Version(1), Version(2)); Nothing(); Nothing() == Nothing()
hash(Nothing()) == hash(()); Same(1) == Same(1); len({Same(1), Same(1)}); Own(1); Own(1) == Own(2)
hash(Own(1)) == hash((1,)); Node(1); Node[int](1).value; looped(Node); looped(Node).next.value; Shape(1)
Square(3).size(); Square(3); isinstance(Square(3), Shape); Point.__init__(Point(1), 2); Point.__repr__(Named(1))
super(Named, Named(1)).__repr__(); super(Named, Named(1)).__eq__(Named(1)); matched(Point, Point(1))
hasattr(Point(1), "__dict__"); isinstance(Point(1), collections.abc.Hashable)
isinstance(Plain(), collections.abc.Hashable); vars(Counted(1, 2)); repr(Point.__init__)[:30]
callable(Point(1).__eq__); changed(Open(), "z"), made; changed(Open(), "x"), made; changed(Open(), "y"), made
changed(Open(), "KIND"), made; changed(Middle(), "z"); changed(Through(), "z"), made; delattr(Open(), "x"), made
"""


def looped(node: Any) -> Any:
    first = node("a")
    first.next = first
    return first


def changed(value: Any, name: str) -> object:
    try:
        setattr(value, name, 5)
        there = getattr(value, name)
        delattr(value, name)
    except AttributeError as error:
        return str(error)
    return there, sorted(vars(value))


def matched(kind: Any, value: object) -> object:
    match value:
        case kind(x, y):
            return (x, y)
    return None


def classes_of(module: ModuleType, name: str) -> dict[str, Any]:
    made = ModuleType(name)
    sys.modules[name] = made
    exec(SOURCE.format(module=module.__name__), made.__dict__)
    for each in ("fields", "replace", "asdict", "astuple"):
        made.__dict__[each] = getattr(module, each)
    more = {
        "copy": copy,
        "pickle": pickle,
        "inspect": inspect,
        "dataclasses": module,
        "looped": looped,
        "changed": changed,
        "matched": matched,
    }
    made.__dict__.update(more, collections=sys.modules["collections"])
    return made.__dict__


@pytest.fixture(scope="module")
def own() -> Iterator[dict[str, Any]]:
    """The classes as Python makes them."""
    yield classes_of(dataclasses, "own_classes")
    del sys.modules["own_classes"]


@pytest.fixture(scope="module")
def lean_module() -> Iterator[ModuleType]:
    """A second `dataclasses`, so that that of the other tests stays as it is."""
    spec = importlib.util.spec_from_file_location("lean_dataclasses_of_tests", inspect.getfile(dataclasses))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    make_lean(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def lean(lean_module: ModuleType) -> Iterator[dict[str, Any]]:
    """The classes with late methods, of which none has been called yet."""
    yield classes_of(lean_module, "lean_classes")
    del sys.modules["lean_classes"]


def said_of(asked: str, names: dict[str, Any]) -> str:
    names["made"].clear()
    try:
        return repr(eval(asked, names))  # noqa: S307
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("line", ASKED.strip().split("\n"))
def test_what_is_asked_first_is_answered_as_by_python(line: str, own: dict[str, Any], lean_module: ModuleType) -> None:
    for asked in line.split("; "):
        lean = classes_of(lean_module, "lean_classes")
        first = said_of(asked, lean)
        assert first == said_of(asked, own).replace("own_classes", "lean_classes"), asked
        assert said_of(asked, lean) == first, "the second time"


needs_late_ones = pytest.mark.skipif(sys.version_info >= (3, 14), reason="a version that is left alone")


@needs_late_ones
def test_a_method_is_compiled_once_it_is_asked_for(lean: dict[str, Any]) -> None:
    point = lean["Point"]
    late = ("__init__", "__repr__", "__eq__", "__hash__")
    assert all(isinstance(vars(point)[name], LateMethod) for name in late)
    repr(lean["Named"](1))
    assert isinstance(vars(lean["Named"])["__repr__"], FunctionType)
    assert isinstance(vars(point)["__repr__"], LateMethod)
    point(1)
    assert isinstance(vars(point)["__init__"], FunctionType)


def test_what_is_put_in_its_place_stays(lean: dict[str, Any]) -> None:
    lean["Point"].__repr__ = lambda self: "put"
    assert repr(lean["Point"](1)) == "put"
    assert repr(lean["Named"](1)).startswith("Named(")


def test_several_threads_may_ask_first(lean: dict[str, Any]) -> None:
    together = Barrier(8)

    def use(number: int) -> tuple[str, bool, int]:
        together.wait(60)
        value = lean["Named"](number)
        return repr(value), value == lean["Named"](number), len({value, lean["Named"](number)})

    with ThreadPoolExecutor(8) as pool:
        expected = [(f"Named(x={each}, y=0.5, name='a')", True, 1) for each in range(8)]
        assert list(pool.map(use, range(8))) == expected


def _without_what_python_calls(module: ModuleType) -> None:
    for name in [name for name in vars(module) if name.startswith("_") and not name.startswith("__")]:
        delattr(module, name)


@pytest.mark.parametrize("spoil", [_without_what_python_calls, lambda _: None])
def test_an_unknown_version_is_left_alone(spoil: Callable[[ModuleType], None], monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("unknown")
    vars(module).update({name: value for name, value in vars(dataclasses).items() if not name.startswith("__")})
    spoil(module)
    before = dict(vars(module))
    monkeypatch.setattr(sys, "version_info", (4, 0, 0, "final", 0))
    make_lean(module)
    assert vars(module) == before
