"""The lines of signs of trouble: read whole at any size, folded when many, each with its reason and its menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.sign import Sign, SignKind
from desktop.ui.errors import ErrorAction
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import AskInLanguage, ChooseSignKinds, HideSignKind, Recover, StartFresh
from desktop.ui.signs.kinds import SignKindsDialog
from desktop.ui.signs.lines import SignLines
from desktop.ui.signs.words import kind_name, sign_reason, sign_sentence
from tests.ui.asking import Asked
from tests.ui.signs.scenes import AT_ANSWER_LIMIT, FIRST_IN_OTHER_LANGUAGE, SIGNS, TOOK_BACK

ALL = [*SIGNS.values(), AT_ANSWER_LIMIT, TOOK_BACK, FIRST_IN_OTHER_LANGUAGE]


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def lines(qtbot: QtBot, theme: Theme, asked: Asked) -> Iterator[SignLines]:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(1200, 800)
    made = SignLines(theme, asked, page)
    page.show()
    yield made
    theme.set_text_scale(1.0)


def click_way_out(lines: SignLines) -> None:
    button = lines.shown[0].way_out
    assert button is not None
    button.click()


def place(lines: SignLines, width: int) -> None:
    lines.resize(width, lines.height_for(width))
    lines.layout().activate()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [430, 690])
def test_nothing_is_cut_off(lines: SignLines, theme: Theme, width: int, scale: float) -> None:
    theme.set_text_scale(scale)
    lines.show_signs(ALL)
    lines.others.click()
    for row in lines.shown:
        row.why.click()
    place(lines, width)
    for row in lines.shown:
        parts = [row._words, row._reason, *([row.way_out] if row.way_out else []), row.why, row.more]
        for part in parts:
            assert part is not None
            assert part.width() >= part.minimumSizeHint().width()
            assert part.height() >= part.heightForWidth(part.width())
            assert row.rect().contains(part.geometry())


def test_only_one_is_shown_until_more_are_wanted(lines: SignLines, qtbot: QtBot) -> None:
    lines.show_signs(ALL[:5])
    assert [row.sign for row in lines.shown] == ALL[:1]
    assert lines.others.text() == "4 more"
    with qtbot.waitSignal(lines.height_changed):
        lines.others.click()
    assert [row.sign for row in lines.shown] == ALL[:5]
    assert lines.others.isHidden()


def test_why_unfolds_the_evidence(lines: SignLines, qtbot: QtBot) -> None:
    sign = SIGNS[SignKind.OPPOSITE]
    lines.show_signs([sign])
    (row,) = lines.shown
    before = lines.height_for(600)
    with qtbot.waitSignal(lines.height_changed):
        row.why.click()
    assert sign.excerpt.rstrip(".") in row.reason
    assert sign.other.rstrip(".") in row.reason
    assert lines.height_for(600) > before
    row.why.click()
    assert row.reason == ""
    assert lines.height_for(600) == before


def test_an_unfolded_line_stays_so_when_another_goes(lines: SignLines) -> None:
    lines.show_signs(ALL[:2])
    lines.others.click()
    lines.shown[1].why.click()
    kept = lines.shown[1]
    lines.show_signs(ALL[1:2])
    assert lines.shown == [kept]
    assert kept.reason


def test_the_menu_switches_a_kind_off_or_shows_all(lines: SignLines, asked: Asked) -> None:
    lines.show_signs([SIGNS[SignKind.UNGIVEN]])
    off, kinds = lines.shown[0].menu().actions()
    off.trigger()
    kinds.trigger()
    assert asked.actions == [HideSignKind(SignKind.UNGIVEN), ChooseSignKinds()]


def test_start_fresh_is_asked_for(lines: SignLines, asked: Asked) -> None:
    lines.show_signs([SIGNS[SignKind.LOOP]])
    click_way_out(lines)
    assert asked.actions == [StartFresh(SignKind.LOOP)]


def test_what_is_offered_is_what_helps(lines: SignLines, asked: Asked) -> None:
    for sign in (SIGNS[SignKind.CONTEXT_CUT], FIRST_IN_OTHER_LANGUAGE, SIGNS[SignKind.OTHER_LANGUAGE]):
        lines.show_signs([sign])
        click_way_out(lines)
    assert asked.actions == [
        Recover(ErrorAction.MAKE_ROOM),
        AskInLanguage("zh"),
        StartFresh(SignKind.OTHER_LANGUAGE),
    ]
    lines.show_signs([SIGNS[SignKind.UNGIVEN]])
    assert lines.shown[0].way_out is None  # only looking it up helps


def test_each_kind_has_words_of_its_own() -> None:
    assert set(SIGNS) == set(SignKind)
    for words in (map(sign_sentence, ALL), map(sign_reason, ALL), map(kind_name, SignKind)):
        found = list(words)
        assert all(found)
        assert len(set(found)) == len(found)


def test_what_is_quoted_ends_with_a_whole_word_and_one_full_stop() -> None:
    assert sign_sentence(Sign(SignKind.LOOP, "It is fair.")).endswith("“It is fair”.")
    words = sign_sentence(Sign(SignKind.LOOP, "The supplier is liable for all damage of any kind without limit."))
    assert words.endswith("of any kind without…”.")


def test_hidden_letters_in_the_evidence_are_seen(lines: SignLines) -> None:
    lines.show_signs([Sign(SignKind.UNGIVEN, "https://bank.example/\u202egnp.exe")])
    (row,) = lines.shown
    row.why.click()
    assert "\u202e" not in row.words + row.reason
    assert "U+202E" in row.words


def test_the_dialog_keeps_what_a_newer_version_has_switched_off(qtbot: QtBot, theme: Theme) -> None:
    dialog = SignKindsDialog({"cut_off", "omen"})
    qtbot.addWidget(dialog)
    assert [kind for kind, box in dialog.boxes.items() if not box.isChecked()] == [SignKind.CUT_OFF]
    with qtbot.waitSignal(dialog.off_changed) as told:
        dialog.boxes[SignKind.LOOP].click()
    assert told.args == [{"cut_off", "omen", "loop"}]
