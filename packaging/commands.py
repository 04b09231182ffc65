"""The commands of `dev.py`, and the order of their steps. The steps themselves stand in the files beside this one."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import display
import environment
import starter_model
import system
import telling
from environment import ROOT, clean_environment
from telling import SetupError, say, warn

# What a checker is called in a sentence, and how it is run.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("-m", "ruff", "check", "--quiet")),
    ("ruff format", ("-m", "ruff", "format", "--check", "--quiet")),
    ("mypy", ("-m", "mypy", "--no-error-summary")),
    ("vulture", ("-m", "vulture")),
    ("lint-imports", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
)
# What the program does without a window.
_WITHOUT_WINDOW = ("--version", "-h", "--help", "--diagnose")
# The starter model's likeliest answer to it is a sensible one.
_QUESTION = "Name three colours."
COVERED = 90  # per cent of the statements, which the tests must run
_SCREEN = "1680x1050"  # the largest scene of the gallery is 1600 wide
GALLERY = ROOT / "build" / "gallery"
PICTURE = ROOT / "build" / "window.png"
MISSING = 2  # exit status when something is missing that we cannot provide


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit status. What follows the command's name belongs to the command alone."""
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if name not in COMMANDS:
        asked = name in ("-h", "--help", "help")
        print(usage(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else MISSING
    try:
        return COMMANDS[name][1](rest)
    except SetupError as error:
        warn(str(error))
    except FileNotFoundError as error:
        warn(telling.missing(str(error.filename or name)))
    except subprocess.CalledProcessError as error:
        warn(f"{error.cmd[0] if isinstance(error.cmd, list) else error.cmd} failed: {error.stderr or error.returncode}")
    except OSError as error:  # a folder that may not be written, a full disk
        warn(f"{error.filename or name}: {error.strerror or error}.")
    except KeyboardInterrupt:
        return 130
    return MISSING


def usage() -> str:
    """Return the commands and what they do."""
    lines = [f"  {name:18}{about}" for name, (about, _) in COMMANDS.items()]
    return "\n".join(["python3 packaging/dev.py COMMAND", "", *lines])


# --- The program ------------------------------------------------------------------------------------------------


def run(rest: list[str]) -> int:
    """Open the window; where there is no display, on a virtual one, and ask a question there to show that it works."""
    needs_display = not any(each.partition("=")[0] in _WITHOUT_WINDOW for each in rest)
    none = display.why_none(os.environ) if needs_display else ""
    python = set_up(["builtin"], _virtual_display(none))
    # -P: a folder named `desktop` where the command is called is not the program.
    command = [str(python), "-P", "-m", "desktop", *asking(rest, asks=bool(none))]
    return on_virtual_display(command) if none else become(command)


def asking(rest: Sequence[str], *, asks: bool) -> list[str]:
    """Return the program's arguments: a question where one is to be asked, and with any the file for the picture."""
    named = {each.partition("=")[0] for each in rest}
    more = ["--ask", _QUESTION] if asks and "--ask" not in named else []
    if (more or "--ask" in named) and "--picture" not in named:
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        more += ["--picture", str(PICTURE)]
    return [*more, *rest]


def gallery(rest: list[str]) -> int:
    """Open the states of the window's parts, or without a display photograph them."""
    parser = argparse.ArgumentParser(prog="dev.py gallery")
    parser.add_argument("scene", nargs="*", help="which states, by name (default: all)")
    parser.add_argument("--list", action="store_true", help="name the states that there are, and open none")
    parser.add_argument("--into", type=Path, help="take pictures into this folder instead of opening windows")
    options = parser.parse_args(rest)
    none = "" if options.list else display.why_none(os.environ)
    python = set_up(["builtin", "dev"], _virtual_display(none), system.FONTS)
    command = [str(python), "-m", "tests.ui.gallery", *(["--list"] if options.list else [])]
    for scene in options.scene:
        command += ["--scene", scene]
    if options.list or (options.into is None and not none):
        return call(command)
    folder = (options.into or GALLERY).absolute()
    # In each theme, language and size; the scale of the screen is the one that there is.
    command += [str(folder), "--all", "--scale", "1"]
    status = on_virtual_display(command) if none else call(command)
    if status == 0:
        say(f"The pictures are in {folder}")
    return status


def _virtual_display(none: str) -> Mapping[str, str]:
    """Return the programs of a virtual display where there is no other; `none` says why. Raises SetupError."""
    if none and os.environ.get("DISPLAY"):
        raise SetupError(none)  # the one that is named is meant
    if none:
        say(f"{none} Going on with a virtual one.")
    return display.PROGRAMS if none else {}


def on_virtual_display(command: list[str]) -> int:
    """Run a command on a display of its own; return its exit status. Raises SetupError."""
    with display.virtual(_SCREEN) as name:
        surroundings = {**clean_environment(), "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


# --- Tests ----------------------------------------------------------------------------------------------------------


def side_by_side() -> list[str]:
    """Return the options for tests in several processes.

    There are two more than there are processors, since a test waits for servers and windows much of its time.
    """
    return ["-n", str(min(6, 2 + (os.cpu_count() or 1))), "--dist", "worksteal"]


def test(rest: list[str]) -> int:
    """Test, and check meanwhile; return pytest's status, or 1 when only a check failed. Named tests run alone."""
    python = set_up_tests()
    failed: list[str] = []
    with contextlib.nullcontext() if rest else checking(python, failed):
        status = call([str(python), "-m", "pytest", *([] if rest else side_by_side()), *rest])
    if failed:
        warn(f"Besides the tests, these found something (see above): {', '.join(failed)}")
    return status or int(bool(failed))


def coverage(rest: list[str]) -> int:
    """Run the tests and tell which share of the program they run; return 1 where that is below the floor."""
    measured = ["--cov=desktop", "--cov-report=term-missing:skip-covered", f"--cov-fail-under={COVERED}"]
    return call([str(set_up_tests()), "-m", "pytest", *side_by_side(), *measured, *rest])


def check(rest: list[str]) -> int:
    """Check lint, formatting, types and import rules."""
    no_more(rest)
    return int(bool(failed_checks(set_up(["builtin", "dev"]))))


def failed_checks(python: Path) -> list[str]:
    """Run all checks at the same time; return the names of those that found something."""
    failed: list[str] = []
    with checking(python, failed):
        return failed


@contextlib.contextmanager
def checking(python: Path, failed: list[str]) -> Iterator[None]:
    """Run all checks beside the block; after it, `failed` holds the names of those that found something."""
    with contextlib.ExitStack() as stack:
        running = [(name, stack.enter_context(_start_check(python, arguments))) for name, arguments in CHECKS]
        yield
        for name, check in running:
            said, _ = check.communicate()
            if check.returncode:
                failed.append(name)
                print(said, end="", flush=True)
            say(f"{name}: {'failed' if check.returncode else 'ok'}")


def _start_check(python: Path, arguments: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(python), *arguments],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_module(module: str, rest: list[str]) -> int:
    """Run a module of the tests that is a program of its own."""
    return call([str(set_up_tests()), "-m", module, *rest])


# --- Installers -----------------------------------------------------------------------------------------------------


def compile_translations(rest: list[str]) -> int:
    """Compile the translations."""
    no_more(rest)
    system.ensure(system.WINDOW)
    environment.compile_translations(environment.prepare(["builtin"]))
    return 0


def build(rest: list[str]) -> int:
    """Make an installer."""
    import installers

    return installers.main(rest)


def lock(rest: list[str]) -> int:
    """Pin all packages anew for each system, and collect their licences."""
    no_more(rest)
    import locking
    from windows import work

    locking.lock(work.uv())
    return call([str(environment.prepare(["builtin"])), str(ROOT / "packaging" / "licences.py")])


def try_installers(module: str, rest: list[str]) -> int:
    """Try installers by a module of the recipes, on a display with a keyboard."""
    from trying import PROGRAMS

    trial = importlib.import_module(module)
    options = trial.parse(rest)
    system.ensure(PROGRAMS)
    status: int = trial.main(options)
    return status


# --- Their steps ----------------------------------------------------------------------------------------------------


def set_up(extras: list[str], needed: Mapping[str, str] | None = None, useful: Mapping[str, str] | None = None) -> Path:
    """Have all that the program needs; return the Python to run it with. Raises SetupError.

    `needed` and `useful` are what else of the system: that one cannot, and can, go on without.
    """
    system.ensure({**system.WINDOW, **(needed or {})}, useful)
    python = environment.prepare(extras)
    environment.compile_translations(python)
    models = Path(environment.ask(python, "from desktop.store.paths import models_dir; print(models_dir())"))
    try:
        starter_model.ensure(starter_model.read_pinned(), models, partial(environment.pip, python))
    except SetupError as problem:
        # The window knows what to show without it.
        warn(f"{problem} Going on without the starter model.")
    return python


def set_up_tests() -> Path:
    """Have all that the tests need, as far as it can be had; return the Python to run them with. Raises SetupError."""
    return set_up(["builtin", "dev"], useful=system.TESTS)


def call(command: list[str]) -> int:
    """Run a command in the project's folder; return its exit status."""
    return subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False).returncode


def become(command: list[str]) -> int:
    """Let a command take this process's place, so that it gets its signals; on Windows, wait for it."""
    if os.name == "nt":
        return subprocess.run(command, env=clean_environment(), check=False).returncode
    sys.stdout.flush()
    os.execve(command[0], command, clean_environment())


def no_more(rest: list[str]) -> None:
    """Refuse arguments where none are taken. Raises SetupError."""
    if rest:
        raise SetupError(f"This command takes no arguments: {' '.join(rest)}")


COMMANDS: Mapping[str, tuple[str, Callable[[list[str]], int]]] = {
    "run": ("set up what is missing and open the window; arguments go to Candor; --ask TEXT has it ask", run),
    "test": ("set up what is missing, check and test; arguments name tests, for pytest, without the checks", test),
    "check": ("lint, formatting, types and import rules only", check),
    "coverage": ("test, and tell which lines of the program no test runs", coverage),
    "bench": ("measure speed and memory; arguments go to the benchmarks", partial(run_module, "tests.bench")),
    "attack": (
        "kill it, fill its disk, damage its file and so on, at random; arguments name attacks",
        partial(run_module, "tests.attacks"),
    ),
    "gallery": ("open the window's parts in all their states, or photograph them; arguments name states", gallery),
    "translations": ("compile the translations", compile_translations),
    "build": ("make an installer of the kind that is named", build),
    "lock": ("pin the packages of each system with their sums, and collect licences", lock),
    "try-servers": (
        "try a real server with Candor's clients: ollama (by OLLAMA_HOST), llama-server, vllm, litellm or litellm-vllm",
        partial(run_module, "tests.conformance"),
    ),
    "try-input-methods": (
        "type Chinese in every kind of field with ibus and with fcitx5",
        partial(run_module, "tests.input_methods"),
    ),
    "try-install": (
        "install a package for Linux in fresh systems and use it there, as root",
        partial(try_installers, "linux.try_install"),
    ),
    "try-windows": (
        "install setups and MSIs for Windows with wine and use them there",
        partial(try_installers, "windows.try_windows"),
    ),
}
