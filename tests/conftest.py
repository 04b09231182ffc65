"""What every test gets: a home folder of its own, an environment without the user's settings, and a real display.

The display is started once, when the first collected test needs a window; then Qt runs on it, as on a user's
screen. Without Xvfb, Qt runs offscreen and tests marked `window` are skipped; under CI that is a failure on Linux. On
Windows and macOS they are always skipped: there a window would come up on the user's own screen, and the system, not
the test, decides which one gets the keyboard.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import importlib.util
import inspect
import itertools
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from desktop.store.paths import starter_model as starter_model_file
from tests.support.examples import examples
from tests.support.missing import EVERYWHERE, do_without
from tests.support.waiting import PATIENCE
from tests.virtual_display import missing_programs, virtual_display

# What on the machine of the user who runs the tests could change their outcome, or reach their things.
_FOREIGN = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "OLLAMA_HOST",
    "PYTHON_KEYRING_BACKEND",
    "WAYLAND_DISPLAY",
    "QT_SCALE_FACTOR",
    "QT_STYLE_OVERRIDE",
    "QT_QPA_PLATFORMTHEME",
    "QT_PLUGIN_PATH",
    "QT_LOGGING_RULES",
    "QT_IM_MODULE",
    "QT_IM_MODULES",
    "XMODIFIERS",
    "LANGUAGE",
    "PYTHONDONTWRITEBYTECODE",
)
_QT_FIXTURES = {"qapp", "qtbot", "qtmodeltester", "qtlog"}

_GARBAGE_ENOUGH = 50_000  # objects made since the last collection
_freeze = gc.freeze

_session = contextlib.ExitStack()
_why_no_display: str | None = None
_module_of_windows: Path | None = None  # the last one that was begun


def pytest_configure(config):
    # As in the program: an object of Qt's must not end on a loop thread that happens to collect garbage.
    gc.disable()
    for name in _FOREIGN:
        os.environ.pop(name, None)
    # Else this process, and each of the hundreds of programs that tests start, compiles everything anew.
    sys.dont_write_bytecode = False
    os.environ["LC_ALL"] = "C.UTF-8"
    # No bus: a test that wants a keyring starts one of its own, and none may find the user's.
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Time limits of single examples say more of the machine than of the code.
    slow_is_well = (HealthCheck.too_slow,)
    usual: dict[str, Any] = {"deadline": None, "max_examples": examples(), "suppress_health_check": slow_is_well}
    settings.register_profile("candor", **usual)
    # Everywhere else other examples are tried at each run; a verdict that depends on luck helps nobody.
    settings.register_profile("ci", derandomize=True, **usual)
    settings.load_profile("ci" if os.environ.get("CI") else "candor")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    worker = getattr(session.config, "workerinput", None)
    if worker is not None and session.config.args == session.config.getini("testpaths"):
        import_part(Path(__file__).parent, worker)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish(session):
    # The program, opened in this process, does both: what its test leaves behind shall be collected later.
    patch = pytest.MonkeyPatch()
    patch.setattr(gc, "freeze", lambda: None)
    patch.setattr(gc, "unfreeze", lambda: None)
    session.config.add_cleanup(patch.undo)
    _freeze()
    if session.config.option.collectonly or not any(_needs_qt(item) for item in session.items):
        return
    global _why_no_display
    _why_no_display = _start_display()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item, nextitem):
    yield
    assert not gc.isenabled(), "left on, it ends objects of Qt's on other threads in the tests that follow"
    if "PySide6.QtWidgets" in sys.modules:
        _delete_what_is_done_with()


def pytest_unconfigure(config):
    _session.close()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a test that is a coroutine, on a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}), PATIENCE))
    return True


def pytest_runtest_setup(item):
    _keep_what_is_there_from_collections(item)
    if item.get_closest_marker("window") and _why_no_display:
        do_without(f"needs a display: {_why_no_display}")
    if item.get_closest_marker("engine"):
        if importlib.util.find_spec("xllamacpp") is None:
            do_without("needs the built-in engine: install the extra `builtin`", EVERYWHERE)
        if starter_model_file() is None:
            do_without("needs the starter model: packaging/dev.py fetches it", EVERYWHERE)


@pytest.fixture(scope="session")
def new_homes(tmp_path_factory):
    """Paths in a folder of their own: pytest's way to a new folder takes twice as long, and each test has one."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def candor_home(new_homes, monkeypatch):
    """The folder of everything that the program writes during this test, empty at its start."""
    home = next(new_homes)
    home.mkdir(mode=0o700)
    monkeypatch.setenv("CANDOR_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def qapp_cls():
    """What pytest-qt makes the one application of: the program's own."""
    from desktop.ui.opening import Application

    return Application


@pytest.fixture
def qtbot(qapp, request):
    """pytest-qt's robot, with more patience."""
    from tests.support.patient_bot import PatientBot

    return PatientBot(request)


@pytest.fixture(scope="session")
def starter_model():
    """The starter model's file; for tests marked `engine`."""
    file = starter_model_file()
    assert file is not None, "mark the test with `engine`"
    return file


def _keep_what_is_there_from_collections(item):
    """Collect garbage, and have later collections pass over what is left; often enough that there is little to walk.

    A program that is opened in this process collects at its start. With all that the tests before it have imported and
    remembered, that would take longer than opening it.
    """
    global _module_of_windows
    is_new = item.get_closest_marker("window") is not None and item.path != _module_of_windows
    if is_new or gc.get_count()[0] > _GARBAGE_ENOUGH:
        gc.collect()
        _freeze()
    if is_new:
        _module_of_windows = item.path


def _delete_what_is_done_with():
    """What was told to be deleted later, which Qt does in a running event loop only.

    Else the widgets of all tests gather, and each new style sheet is put on every one of them.
    """
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _needs_qt(item):
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("window") or fixtures & _QT_FIXTURES)


def _start_display():
    """Point Qt at a display of our own; returns why there is none."""
    if sys.platform != "linux":
        return "there is a virtual display on Linux only"
    if missing := missing_programs():
        return f"{' and '.join(missing)} not installed"
    os.environ["DISPLAY"] = _session.enter_context(virtual_display())
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    return None


def part_of(modules, worker):
    """Return every n-th module, for a process of pytest-xdist that says which of how many it is."""
    return modules[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]


def modules_in(folder):
    """Return the names of the test modules in a folder, as they are imported."""
    found = sorted(folder.rglob("test_*.py"))
    return [".".join(file.relative_to(folder.parent).with_suffix("").parts) for file in found]


def import_part(folder, worker):
    """Import this process's part of a folder's test modules; one that cannot be is left for the collection to tell."""
    for name in part_of(modules_in(folder), worker):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
