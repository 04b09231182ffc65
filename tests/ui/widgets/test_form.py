"""A form of fields: the rest is folded until something in it is wrong, and Enter in a line says that one is done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.widgets.form import Field, Form, choice, switch

pytestmark = pytest.mark.window


def test_what_is_wrong_is_said_at_its_field_and_unfolded(theme, qtbot):
    form = Form(
        theme,
        (
            Field("name", "Name", required=True),
            Field("kind", "Kind", choice, "b", (("A", "a"), ("B", "b")), more=True),
            Field("on", "On", switch, True, more=True),
        ),
    )
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    heard: list[str] = []
    form.changed.connect(heard.append)
    form.entered.connect(lambda: heard.append("entered"))
    assert form.values() == {"name": "", "kind": "b", "on": True}
    assert not form.is_changed
    form.focus()
    QTest.keyClicks(QApplication.focusWidget(), "x")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert (heard, form.is_changed) == (["name", "entered"], True)
    kind = form.fields["kind"]
    assert not kind.isVisible()
    assert form.say({"kind": "Not this one."}) is kind
    assert kind.spoken is QApplication.focusWidget()
    assert (kind.problem, kind.spoken.accessibleDescription()) == ("Not this one.", "Not this one.")
    form.begin_with("kind", "a")
    assert (kind.problem, form.value("kind")) == ("", "a")
    assert form.say({}) is None
    kind.spoken.setAccessibleDescription("What it is for.")
    for problem, said in (("", "What it is for."), ("Not this one.", "Not this one."), ("", "What it is for.")):
        form.say({"kind": problem})
        assert kind.spoken.accessibleDescription() == said
    assert form.fields["name"].spoken.accessibleName() == "Name, required"
