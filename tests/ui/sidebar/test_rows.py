"""The list of conversations goes from one state to the next by the least that changes, and shows what it would anew."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.keeping import list_order
from desktop.ui.sidebar.model import ConversationModel
from desktop.ui.sidebar.rows import ListDifference, list_difference

NOON = 1_790_000_000.0
_one = st.builds(
    lambda identity, days, pinned, folder, title: Conversation(
        id=str(identity),
        title=title,
        updated_at=NOON - days * 43_200,
        pinned=pinned,
        settings=ConversationSettings(folder=folder),
    ),
    st.integers(0, 12),
    st.integers(0, 1_000),
    st.booleans(),
    st.sampled_from(["", "", "Work", "Home"]),
    st.sampled_from(["a", "b"]),
)
_state = st.lists(_one, max_size=12, unique_by=lambda each: each.id).map(lambda found: sorted(found, key=list_order))


def shown(model: ConversationModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


@given(st.lists(_state, min_size=2, max_size=4))
def test_each_state_is_shown_as_if_it_were_the_first(qapp: QApplication, states: list[list[Conversation]]) -> None:
    model = ConversationModel(clock=lambda: NOON)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for state in states:
        model.show_conversations(state)
        fresh = ConversationModel(clock=lambda: NOON)
        fresh.show_conversations(state)
        assert shown(model) == shown(fresh)
        assert [model.index_of(each.id).row() for each in state] == [fresh.index_of(each.id).row() for each in state]


def test_one_that_comes_to_the_top_is_moved_and_one_that_is_renamed_is_painted(qapp: QApplication) -> None:
    every = [Conversation(id=str(number), title=f"t{number}", updated_at=NOON - number) for number in range(5)]
    model = ConversationModel(clock=lambda: NOON)
    model.show_conversations(every)
    changes: list[object] = []
    model.modelReset.connect(lambda: changes.append("reset"))
    model.rowsInserted.connect(lambda _, first, last: changes.append(("inserted", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: changes.append(("removed", first, last)))
    model.rowsMoved.connect(lambda _, first, last, __, to: changes.append(("moved", first, last, to)))

    def note_painted(first: QModelIndex, last: QModelIndex) -> None:
        changes.append(("painted", first.row(), last.row()))

    model.dataChanged.connect(note_painted)
    to_top = [replace(every[3], updated_at=NOON + 1), *every[:3], every[4]]
    model.show_conversations(to_top)
    assert changes == [("moved", 4, 4, 1), ("painted", 1, 1)]
    changes.clear()
    to_top = [*to_top[:2], replace(to_top[2], title="new"), *to_top[3:]]
    model.show_conversations(to_top)
    assert changes == [("painted", 3, 3)]
    changes.clear()
    model.show_conversations(to_top[:-1])
    assert ("removed", 5, 5) in changes
    changes.clear()
    model.show_conversations(to_top[:-1])
    assert changes == []
    model.set_running(frozenset({"1"}))
    model.set_running(frozenset({"1"}))
    assert len(changes) == 1


def test_few_differences_are_named_and_many_are_not() -> None:
    every = [Conversation(id=f"{number:05}", updated_at=NOON - number) for number in range(10_000)]
    to_top, titled = replace(every[9_000], updated_at=NOON + 1), replace(every[5_000], title="new")
    assert list_difference(every, every.copy()) == ListDifference(added=[])
    assert list_difference(every, [to_top, *every[:9_000], *every[9_001:]]) == ListDifference([(every[9_000], to_top)])
    assert list_difference(every, every[1:]) == ListDifference([(every[0], None)])
    assert list_difference(every, [*every[:5_000], titled, *every[5_001:]]) == ListDifference([(every[5_000], titled)])
    assert list_difference(every[:100], every) == ListDifference(added=every[100:])
    assert list_difference(every, every[:100]) is None
