"""What the system's own keyring does with keys: `python -m tests.store.keyring_program`, on a bus of its own.

Run by `test_keys` below `dbus-run-session`, with a GNOME keyring unlocked or not. Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import sys

from desktop.store.keys import KeyRing

ORIGIN = "https://api.example.org:443"
OTHER = "https://api.example.org:8443"
KEY = "sk-CANARY-ключ"


def main():
    ring = KeyRing(patience=10.0)
    seen: dict[str, object] = {
        "set": ring.set(ORIGIN, KEY),
        "get": ring.get(ORIGIN) == KEY,
        "fresh": KeyRing(patience=10.0).get(ORIGIN) == KEY,
        "other": ring.get(OTHER),
        "replaced": (ring.set(ORIGIN, "second"), ring.get(ORIGIN))[1],
    }
    for _ in range(2):
        ring.delete(ORIGIN)
        seen["gone"] = ring.get(ORIGIN)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
