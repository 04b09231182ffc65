"""The input methods that are tried, and how each is started in a session of its own, composing pinyin from the start.

Both are Debian's: ibus with libpinyin takes 204 MB there, fcitx5 with its pinyin 73 MB, too much for every run of the
tests. The program talks to both in ibus's protocol, which fcitx5 speaks as well, since Qt brings no other for them.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 60.0  # seconds
_LOOK_AGAIN = 0.2
_PROFILE = """\
[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us

[Groups/0/Items/1]
Name=pinyin

[GroupOrder]
0=Default
"""


@dataclass(frozen=True, slots=True)
class Method:
    """An input method: its packages, its program, the commands to ask and to tell it, and its window."""

    packages: tuple[str, ...]
    daemon: tuple[str, ...]
    ready: tuple[str, ...]
    choose: tuple[str, ...]  # where the window has the keyboard already
    window: str  # of candidates: the name that the display gives it


METHODS = {
    "ibus": Method(
        packages=("ibus", "ibus-libpinyin"),
        daemon=("ibus-daemon", "-r"),
        ready=("ibus", "list-engine"),
        choose=("ibus", "engine", "libpinyin"),
        window="ibus-ui-gtk3",
    ),
    "fcitx5": Method(
        packages=("fcitx5", "fcitx5-pinyin"),
        daemon=("fcitx5", "-r"),
        ready=("fcitx5-remote",),
        choose=("fcitx5-remote", "-s", "pinyin"),
        window="Fcitx5",
    ),
}
SETTINGS = {"QT_IM_MODULE": "ibus", "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "1", "LANG": "C.UTF-8"}
# Without the folders of services, so that fcitx5 does not find an ibus started in its place.
BUS = """\
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>
"""


def start(method):
    """Start an input method in the present session. Raises TimeoutError if it never comes up."""
    folder = Path(os.environ["XDG_CONFIG_HOME"], "fcitx5")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile").write_text(_PROFILE, encoding="utf-8")
    (folder / "config").write_text("[Behavior]\nActiveByDefault=True\n", encoding="utf-8")
    daemon = subprocess.Popen(method.daemon, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + _PATIENCE
    # The address of its bus is written last, and read by Qt when the program starts.
    while not (_runs(method.ready) and any(Path(os.environ["XDG_CONFIG_HOME"], "ibus", "bus").glob("*"))):
        if time.monotonic() > deadline:
            daemon.kill()
            raise TimeoutError(method.daemon[0])
        time.sleep(_LOOK_AGAIN)
    return daemon


def _runs(command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
