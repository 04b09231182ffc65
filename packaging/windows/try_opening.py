"""Trials of what opens with an installed Candor: models, links, and what somebody else's program has already.

Windows shows the user's classes and the computer's as one; wine shows only the computer's. So the user's are copied
there for the time of a trial, and what others have is put there.
"""

from __future__ import annotations

from windows.installed import CLASSES, Installed
from windows.trial import LINK, must, tell

_SHOWN = r"HKEY_LOCAL_MACHINE\Software\Classes"
_OURS = ("candor", ".gguf", ".toml", "Candor.Model", "Candor.Recipe")


def opened(installed: Installed) -> None:
    """Open a model by a double click, and two links, one of whose senders hides a switch in it. Raises SetupError."""
    computer = installed.trial.computer
    computer.run("reg", "copy", CLASSES, _SHOWN, "/s", "/f")
    model = computer.drive / "models" / "我的 model.gguf"
    model.parent.mkdir()
    model.write_bytes(b"GGUF")
    for what, words in ((computer.called(model), [computer.called(model)]), (LINK, ["--", LINK])):
        found = installed.trial.open(what)
        must(found == words, f"{what} was handed over as {found}.")
    tell("a double click on a model and a candor: link open the window and are handed over whole")
    stolen = computer.drive / "stolen.json"
    installed.trial.open(f'candor:x" --diagnose "{computer.called(stolen)}')
    must(not stolen.exists(), "A link had a file written.")
    tell("a link with quotes and a switch in it opens the window, and has nothing written")
    _take_away(installed)


def others_keep_what_they_have(installed: Installed) -> None:
    """Install where another program opens models and links already.

    Raises SetupError where a setup takes them from it.
    """
    computer = installed.trial.computer
    theirs = {
        rf"{_SHOWN}\.gguf": {"": "Other.Model"},
        rf"{_SHOWN}\candor\shell\open\command": {"": r"C:\other\other.exe %1"},
    }
    for key, values in theirs.items():
        computer.run("reg", "add", key, "/ve", "/d", values[""], "/f")
    must(installed.install() == 0, "The setup failed.")
    found = installed.registered()
    must("" not in found[rf"{CLASSES}\.gguf"], "Models were taken from another program.")
    must("Candor.Model" in found[rf"{CLASSES}\.gguf\OpenWithProgids"], "Candor is not offered for models.")
    must(rf"{CLASSES}\candor" not in found, "Links were taken from another program.")
    must(installed.remove("/DELETE_DATA") == 0, "It could not be removed.")
    kept = computer.registry(_SHOWN)
    must(all("other" in str(kept[key]).lower() for key in theirs), "Another program lost what it had.")
    tell("where another program opens models and candor: links, it keeps doing so, and Candor is offered for models")
    _take_away(installed)


def _take_away(installed: Installed) -> None:
    for name in _OURS:
        installed.trial.computer.run("reg", "delete", rf"{_SHOWN}\{name}", "/f")
