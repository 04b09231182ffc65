"""The dialog of the kinds of signs of trouble."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.core.sign import SignKind
from desktop.ui.look.theme import Theme
from desktop.ui.signs.kinds import SignKindsDialog


def test_the_dialog_keeps_what_a_newer_version_has_switched_off(qtbot: QtBot, theme: Theme) -> None:
    dialog = SignKindsDialog({"cut_off", "omen"})
    qtbot.addWidget(dialog)
    assert [kind for kind, box in dialog.boxes.items() if not box.isChecked()] == [SignKind.CUT_OFF]
    with qtbot.waitSignal(dialog.off_changed) as told:
        dialog.boxes[SignKind.LOOP].click()
    assert told.args == [{"cut_off", "omen", "loop"}]
