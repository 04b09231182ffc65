"""What Qt itself says, such as in the menu of a text field, is in the window's language, too."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_PRINT = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
from desktop import start
app = QApplication(["candor"])
start._translate(app, sys.argv[1])
field = QLineEdit("words")
menu = field.createStandardContextMenu()
print(menu.actions()[0].text().encode("ascii", "backslashreplace").decode())
"""


@pytest.mark.parametrize(("language", "undo"), [("zh_CN", "\u64a4\u6d88"), ("en", "Undo")])
def test_the_menu_of_a_field_speaks_the_language(language, undo):
    done = subprocess.run(
        [sys.executable, "-c", _PRINT, language],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = done.stdout.encode().decode("unicode_escape").replace("&", "")
    assert undo in said
