"""The list of conversations: groups, filter, keys, renaming, undo; and that thousands stay quick."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QMimeData, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu, QPushButton

from desktop.core.conversation import Conversation, ConversationSettings, list_order
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.sidebar.list import (
    ConversationAsk,
    ConversationListView,
    ConversationModel,
    Heading,
    HeadingKind,
    id_at,
)
from desktop.ui.widgets.quiet_line import UndoBar
from tests.ui.languages import speaking

NOON = datetime(2026, 3, 18, 12).timestamp()
DAY = 86_400
_PATIENCE_MS = 30_000


def conversation(title, age_days=0, pinned=False):
    return Conversation(title=title, id=title or "untitled", updated_at=NOON - age_days * DAY, pinned=pinned)


@pytest.fixture
def sidebar(theme, qtbot):
    sidebar = Sidebar(theme, clock=lambda: NOON)
    qtbot.addWidget(sidebar)
    sidebar.resize(260, 500)
    with qtbot.waitActive(sidebar):  # else nothing of it has the keyboard yet
        sidebar.show()
        sidebar.activateWindow()
    return sidebar


def list_of(sidebar):
    found = sidebar.findChild(ConversationListView)
    assert found is not None
    return found


def rows_of(sidebar):
    model = list_of(sidebar).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def index_of(sidebar, title):
    return list_of(sidebar).model().index(rows_of(sidebar).index(title), 0)


def click(sidebar, title, qtbot):
    place = list_of(sidebar).visualRect(index_of(sidebar, title)).center()
    qtbot.mouseClick(list_of(sidebar).viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize(
    ("updated", "expected"),
    [
        (datetime(2026, 3, 18, 0, 0), "Today"),
        (datetime(2026, 3, 19, 1, 0), "Today"),  # a clock that was set back
        (datetime(2026, 3, 17, 23, 59), "Yesterday"),
        (datetime(2026, 3, 16, 23, 59), "Previous 7 days"),
        (datetime(2026, 3, 11, 0, 0), "Previous 7 days"),
        (datetime(2026, 3, 10, 23, 59), "March"),
        (datetime(2026, 2, 28, 23, 59), "February"),
        (datetime(2025, 12, 31, 23, 59), "December 2025"),
        (datetime(1999, 2, 1, 0, 0), "February 1999"),
    ],
)
def test_days_and_months_end_at_midnight(updated, expected):
    model = ConversationModel(clock=lambda: NOON)
    model.show_conversations([Conversation(title="x", updated_at=updated.timestamp())])
    assert model.index(0).data() == expected


@pytest.mark.parametrize(
    ("language", "months"), [("en", ["October", "December 2025"]), ("zh_CN", ["10月", "2025年12月"])]
)
def test_months_are_named_in_the_language_and_with_another_year(qapp, language, months):
    noon = datetime(2026, 12, 1, 12).timestamp()
    with speaking(qapp, language):
        model = ConversationModel(clock=lambda: noon)
        model.show_conversations(
            [
                Conversation(title="x", updated_at=datetime(*day).timestamp())
                for day in ((2026, 10, 31), (2026, 10, 1), (2025, 12, 31))
            ]
        )
        assert [model.index(row).data() for row in (0, 3)] == months


def test_the_keyboard_goes_to_the_next_when_its_conversation_is_gone(sidebar, qtbot):
    every = [conversation("one"), conversation("two"), conversation("old", 50)]
    sidebar.show_conversations(every)
    view = list_of(sidebar)
    view.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view, timeout=_PATIENCE_MS)
    view.setCurrentIndex(index_of(sidebar, "two"))
    sidebar.select("two")
    sidebar.show_conversations([every[0], every[2]])
    sidebar.select(None)
    assert view.currentIndex().data() == "old"
    sidebar.show_conversations(every[:1])
    assert view.currentIndex().data() == "one"


def test_the_keyboard_walks_the_list_and_opens(sidebar, qtbot):
    sidebar.show_conversations([conversation("one"), conversation("two"), conversation("old", 50)])
    view = list_of(sidebar)
    view.setCurrentIndex(index_of(sidebar, "one"))
    view.setFocus()
    # The system may tell a window late that it is the active one; before that nothing of it has the focus.
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view, timeout=_PATIENCE_MS)
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Down)  # over the name of a group
    with qtbot.waitSignal(sidebar.conversation_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == ["old"]
    with qtbot.waitSignal(sidebar.asked) as deleted:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert deleted.args == ["old", ConversationAsk.DELETE, ""]


def test_f2_renames_in_place(sidebar, qtbot):
    sidebar.show_conversations([conversation("one")])
    sidebar.select("one")
    view = list_of(sidebar)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("  a  new\u2028title ")
    with qtbot.waitSignal(sidebar.rename_requested) as renamed, qtbot.assertNotEmitted(sidebar.conversation_chosen):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == ["one", "a new title"]
    with qtbot.assertNotEmitted(sidebar.rename_requested), qtbot.assertNotEmitted(sidebar.asked):
        for typed in ("", "   ", "a new title"):  # a title cannot be emptied
            view.model().setData(index_of(sidebar, "a new title"), typed)
        qtbot.keyClick(view, Qt.Key.Key_F2)
        qtbot.keyClick(view.findChild(QLineEdit), Qt.Key.Key_Delete)  # a letter only
        qtbot.keyClick(view.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert rows_of(sidebar) == ["Today", "a new title"]


def entries(menu):
    return {action.text(): action for action in menu.actions() if action.text()}


def test_the_context_menu_has_all_that_can_be_done(sidebar, qtbot):
    sidebar.show_conversations([conversation("one")])
    menu = entries(list_of(sidebar).context_menu(index_of(sidebar, "one")))
    assert list(menu) == ["Rename", "Pin", "Move to group", "Export…", "Where did my words go", "Delete"]
    wanted = {"Pin": ConversationAsk.PIN, "Export…": ConversationAsk.EXPORT, "Delete": ConversationAsk.DELETE}
    for words, ask in wanted.items():
        with qtbot.waitSignal(sidebar.asked) as asked:
            menu[words].trigger()
        assert asked.args == ["one", ask, ""]


def in_folder(title, folder):
    made = conversation(title)
    return replace(made, settings=replace(made.settings, folder=folder))


def test_groups_stand_by_name_below_what_is_pinned(sidebar, qtbot):
    pinned = replace(in_folder("top", "Work"), pinned=True)
    sidebar.show_conversations([conversation("loose"), in_folder("b", "合同"), in_folder("a", "Work"), pinned])
    assert rows_of(sidebar) == ["Pinned", "top", "Work", "a", "合同", "b", "Today", "loose"]
    menu = entries(list_of(sidebar).context_menu(index_of(sidebar, "a")))
    folders = menu["Move to group"].menu()
    assert isinstance(folders, QMenu)
    assert list(entries(folders)) == ["Work", "合同", "No group", "New group…"]
    with qtbot.waitSignal(sidebar.asked) as asked:
        entries(folders)["合同"].trigger()
    assert asked.args == ["a", ConversationAsk.MOVE, "合同"]


def test_a_group_is_closed_and_opened_by_mouse_and_keyboard(sidebar, qtbot):
    sidebar.show_conversations([in_folder("a", "Work"), conversation("loose")])
    with qtbot.waitSignal(sidebar.conversation_chosen) as chosen:
        click(sidebar, "loose", qtbot)
    assert chosen.args == ["loose"]
    with qtbot.assertNotEmitted(sidebar.conversation_chosen):
        click(sidebar, "Today", qtbot)
        click(sidebar, "Work", qtbot)
    assert rows_of(sidebar) == ["Work", "Today", "loose"]
    view = list_of(sidebar)
    view.setCurrentIndex(view.model().index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert rows_of(sidebar) == ["Work", "a", "Today", "loose"]


def test_a_row_is_dropped_where_another_is(sidebar, qtbot):
    sidebar.show_conversations([in_folder("a", "Work"), conversation("loose")])
    model = list_of(sidebar).model()
    data = model.mimeData([index_of(sidebar, "loose")])
    with qtbot.waitSignal(sidebar.dropped) as dropped:
        model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, model.index(0, 0))
    assert dropped.args == ["loose", Heading(HeadingKind.GROUP, "Work")]
    assert not model.dropMimeData(QMimeData(), Qt.DropAction.MoveAction, -1, -1, model.index(0, 0))


def test_running_and_unread_are_heard_as_well_as_seen(sidebar):
    two = conversation("two")
    sidebar.show_conversations([conversation("one"), replace(two, settings=ConversationSettings(unread=True))])
    sidebar.set_running({"one"})
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert index_of(sidebar, "one").data(spoken) == "one, answering"
    assert index_of(sidebar, "two").data(spoken) == "two, new answer"
    QCoreApplication.processEvents()  # paints both dots


_ONE = st.builds(
    lambda identity, days, pinned, folder, title: Conversation(
        id=str(identity),
        title=title,
        updated_at=NOON - days * DAY / 2,
        pinned=pinned,
        settings=ConversationSettings(folder=folder),
    ),
    st.integers(0, 12),
    st.integers(0, 1_000),
    st.booleans(),
    st.sampled_from(["", "", "Work", "Today"]),
    st.sampled_from(["a", "b"]),
)
_STATE = st.lists(_ONE, max_size=12, unique_by=lambda each: each.id).map(lambda found: sorted(found, key=list_order))


@given(st.lists(_STATE, min_size=2, max_size=4))
def test_each_state_is_shown_as_if_it_were_the_first(qapp, states):
    model = ConversationModel(clock=lambda: NOON)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    held: dict[str, QPersistentModelIndex] = {}
    for state in states:
        model.show_conversations(state)
        fresh = ConversationModel(clock=lambda: NOON)
        fresh.show_conversations(state)
        assert [model.index(row).data() for row in range(model.rowCount())] == [
            fresh.index(row).data() for row in range(fresh.rowCount())
        ]
        assert all(id_at(index) in (identity, "") for identity, index in held.items())
        held = {each.id: QPersistentModelIndex(model.index_of(each.id)) for each in state}


def test_a_title_that_is_written_stays_while_the_list_changes(sidebar, qtbot):
    every = [conversation("one"), conversation("two", 0.1)]
    sidebar.show_conversations(every)
    view = list_of(sidebar)
    view.setFocus()
    view.setCurrentIndex(index_of(sidebar, "two"))
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = view.findChild(QLineEdit)
    editor.setText("half a ti")
    sidebar.show_conversations([conversation("new"), *every])
    assert editor.isVisible()
    with qtbot.waitSignal(sidebar.rename_requested) as renamed:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == ["two", "half a ti"]


def test_a_new_group_has_a_name_and_the_keyboard_goes_with_the_conversation(sidebar, qtbot):
    sidebar.show_conversations([conversation("one"), conversation("two")])
    sidebar.select("one")
    folders = entries(list_of(sidebar).context_menu(index_of(sidebar, "two")))["Move to group"].menu()
    assert isinstance(folders, QMenu)
    entries(folders)["New group…"].trigger()
    dialog = list_of(sidebar).findChild(QInputDialog)
    move = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Move")
    for typed, is_name in (("", False), (" ", False), ("Work", True)):
        dialog.setTextValue(typed)
        assert move.isEnabled() is is_name
    with qtbot.waitSignal(sidebar.asked):
        dialog.accept()
    sidebar.show_conversations([in_folder("two", "Work"), conversation("one")])
    sidebar.select("one")
    assert id_at(list_of(sidebar).currentIndex()) == "two"


def test_foreign_titles_are_plain(sidebar):
    sidebar.show_conversations([conversation("<img src=/etc/passwd>\nsecond line"), conversation("")])
    assert rows_of(sidebar)[1:] == ["<img src=/etc/passwd> second line", "New conversation"]
    assert "<img" not in list_of(sidebar).model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_undo_is_offered_and_taken(sidebar, qtbot):
    bar = sidebar.findChild(UndoBar)
    assert not bar.isVisible()
    sidebar.undo.announce("“Rent” was moved to the bin")
    assert bar.isVisible()
    with qtbot.waitSignal(sidebar.undo_requested):
        qtbot.mouseClick(bar.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
