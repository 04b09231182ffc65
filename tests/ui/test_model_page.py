"""The page "Which model" over a scripted Ollama: proposals, what is there, getting, using and deleting a model."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desktop.core.engine import EngineContext, EnginePace
from desktop.core.model import ModelChoice
from desktop.core.models.choosing import Tier
from desktop.core.models.file import GivenModel
from desktop.core.models.fit import Computer
from desktop.core.models.keeping import KeptDownload
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import Feature, Policy, Reach
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.models.dialogs import EngineDialog, ImportPlaces, ImportWay, ModelFileDialog
from desktop.ui.models.menu import ModelCard
from desktop.ui.models.offers import BY_NAME, ComingLine, ModelDeed
from desktop.ui.models.page import ModelsPage
from desktop.ui.words import say_each
from tests.support.gguf_file import gguf_bytes
from tests.support.ollama_store import DAMAGED, DISK_FULL, MANIFEST, NO_NETWORK, UNKNOWN, OllamaStore, layer, lines
from tests.support.scripted_server import Hold, json_reply
from tests.support.tasks import result_of
from tests.ui.steps import answering, labels_on

pytestmark = pytest.mark.window

GIB = 1 << 30
OFFICE = Computer(memory=16 * GIB, free=10 * GIB)


@pytest.fixture
def store():
    return OllamaStore({"tiny:latest": 1_200_000_000})


@pytest.fixture
def opened(open_over, store):
    """The program on an office computer whose Ollama has one model, with the page open."""
    with open_over(store.script) as (program, _):
        program.wait_for_model()
        advice = program.program.model_parts.advice
        advice.look_at_computer = lambda: OFFICE
        program.wait_until(lambda: not advice.is_looking)  # what has begun before looks at the true one
        program.program.model_parts.page.open()
        program.wait_until(lambda: advice.is_known and advice.computer.memory == OFFICE.memory)
        store.offered = {row.name: row.size for row in advice.catalogue.rows}
        yield program


def page_of(opened):
    found = opened.window.findChild(ModelsPage)
    assert isinstance(found, ModelsPage)
    return found


def coming(opened):
    """The line of the sidebar, if it is shown."""
    found = opened.window.sidebar.findChild(ComingLine)
    return found if isinstance(found, ComingLine) and not found.isHidden() else None


def shown(models):
    return [each for each in models.tiles.values() if each.isVisible()]


def tile_of(opened, title):
    """What is shown of a model, which is one thing."""

    def found():
        page = page_of(opened)
        parts = (page.proposals, page.installed, page.catalogue)
        return [each for part in parts for each in part.tiles.values() if each.offer.title == title]

    opened.wait_until(found)
    [tile] = found()
    return tile


def can(tile):
    """What can be pressed at a model now."""
    return {deed.value for deed, each in tile.buttons.items() if each.isVisibleTo(tile) and each.isEnabled()}


def test_where_there_is_no_model_the_page_is_the_first_and_what_was_got_is_offered(open_over):
    store = OllamaStore({}, offered={"smol:latest": 98_362_432})
    with open_over(store.script) as (opened, _):
        opened.wait_until(lambda: opened.page == "first_run")
        assert opened.says("Ollama is ready, but has no model yet")
        opened.activate()
        for letter in "a b":  # of a message that was begun before the page came
            QTest.keyClick(opened.window.focusWidget(), letter)
        assert (opened.window.is_chat_in_front, opened.box.toPlainText()) == (True, "a b")
        settled: list[bool] = []
        opened.program.services.connections.settled.connect(lambda: settled.append(True))
        for is_at_work in (False, True):
            if is_at_work:  # who goes on as well, when the page is shown again
                page_of(opened).search.setFocus()
            settled.clear()
            opened.program.services.connections.look()
            opened.wait_until(lambda: bool(settled) and opened.page == "first_run")
        QTest.keyClick(opened.window.focusWidget(), "s")
        assert (opened.window.is_chat_in_front, page_of(opened).search.text()) == (False, "s")
        page_of(opened).search.clear()
        opened.program.model_parts.page.open()
        server = opened.program.services.models.listings[0].connection.id
        opened.program.model_parts.downloads.start_download(ModelChoice(server, "smol:latest"))
        opened.wait_until(lambda: opened.program.chat.current.settings.choice is not None)
        assert not opened.window.is_chat_in_front
        assert not opened.says("Ollama is ready, but has no model yet")
        line = coming(opened)
        assert line is not None
        opened.click("Use it", line)
        assert opened.window.is_chat_in_front


def test_three_are_proposed_and_what_is_there_is_used_by_a_press(opened):
    page = page_of(opened)
    opened.wait_until(lambda: len(shown(page.proposals)) == 3)
    for tile in shown(page.proposals):
        assert can(tile) == {"get"}
        assert tile.buttons[ModelDeed.GET].text().startswith("Download ")
        assert any("a page: " in label.text() for label in tile.findChildren(QLabel))
    offers = [each.offer for each in shown(page.proposals)]
    for tiers in (list(Tier), list(Tier)[::-1]):  # a model may become another one of the three
        page.show_proposals(offers, tiers)
        assert all(
            say_each("models.tier", tier) in labels_on(each)
            for tier, each in zip(tiers, shown(page.proposals), strict=True)
        )
    assert not page.search.isVisible()  # all others are folded
    page.fold.click()
    assert page.search.isVisible()

    row = tile_of(opened, "tiny:latest")
    assert (can(row), "In use" in labels_on(row)) == (set(), True)  # never both
    opened.program.chat.choose_model(None)
    opened.program.model_parts.advice.changed.emit()
    assert (can(row), "In use" in labels_on(row)) == ({"use"}, False)
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    choice = opened.program.chat.current.settings.choice
    assert choice is not None
    assert choice.model == "tiny:latest"
    assert opened.window.is_chat_in_front


def test_a_proposal_is_got_and_used_where_it_stands(opened, store):
    page, release = page_of(opened), Hold()
    opened.wait_until(lambda: len(shown(page.proposals)) == 3)
    card = shown(page.proposals)[0]
    title = card.offer.title
    store.pulls.append(lines(MANIFEST, layer(1_000, card.offer.size or 0), release))
    button = card.buttons[ModelDeed.GET]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    opened.wait_until(lambda: "pause" in can(card))
    assert tile_of(opened, title) is card  # neither in the list of what is there, nor in that of all
    assert coming(opened) is not None  # said at the foot of the sidebar, too
    opened.wait_until(lambda: QApplication.focusWidget() in card.buttons.values())
    card.buttons[ModelDeed.PAUSE].click()
    opened.wait_until(lambda: "resume" in can(card))
    card.buttons[ModelDeed.RESUME].click()
    opened.wait_until(lambda: "use" in can(card))
    assert tile_of(opened, title) is card
    card.buttons[ModelDeed.USE].click()
    assert opened.window.is_chat_in_front
    assert coming(opened) is None
    opened.program.model_parts.page.open()
    opened.wait_until(lambda: (can(card), "In use" in labels_on(card)) == (set(), True))


def test_the_keyboard_stays_at_a_model_while_lists_change(opened, store):
    row = tile_of(opened, "tiny:latest")
    row.more.setFocus()
    store.sizes |= {f"more-{number}:latest": 1_000_000_000 for number in range(4)}
    opened.program.services.models.refresh()
    tile_of(opened, "more-3:latest")
    opened.program.model_parts.advice.changed.emit()
    assert QApplication.focusWidget() is row.more
    del store.sizes["tiny:latest"]
    opened.program.services.models.refresh()
    opened.wait_until(lambda: not any(each.offer.title == "tiny:latest" for each in shown(page_of(opened).installed)))
    assert QApplication.focusWidget() is page_of(opened).back


def test_the_sidebar_tells_of_a_download_whatever_page_is_in_front(opened, store):
    """Paused as after a restart, going on, done and used; failed, with the reason."""
    downloads, server = opened.program.model_parts.downloads, opened.program.services.models.listings[0].connection.id
    row = opened.program.model_parts.advice.catalogue.rows[0]
    choice = ModelChoice(server, row.name)
    opened.press("Esc")
    downloads.restore((KeptDownload(choice, row.size, row.size // 2, row.size),))
    assert ComingLine(downloads, str, str).isHidden()  # until it has its place
    line = coming(opened)
    assert line is not None
    assert line.accessibleName() == f"{row.title} · 50 % · Paused"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert not opened.window.is_chat_in_front
    opened.press("Esc")
    store.pulls.append(lines(MANIFEST, {"error": NO_NETWORK}))
    opened.click("Go on", line)
    opened.wait_until(lambda: "Ollama did not reach the internet" in line.accessibleName())
    assert "what has come is kept" in line.accessibleDescription()
    opened.click("Go on", line)
    opened.wait_until(lambda: "Is there now" in line.accessibleName())
    opened.click("Use it", line)
    assert opened.program.chat.current.settings.choice == choice
    assert coming(opened) is None


def test_the_catalogue_is_searched_and_filtered_and_one_far_down_stays_open(opened):
    page, parts = page_of(opened), opened.program.model_parts
    rows = parts.advice.catalogue.rows
    largest = max(rows, key=lambda row: row.size or 0)

    def cards():
        return [each.accessibleName() for each in page.findChildren(ModelCard) if each.isVisible()]

    def listed():
        return [each.offer.row for each in shown(page.catalogue) if each.offer.row is not None]

    opened.wait_until(lambda: shown(page.proposals))
    QTest.keyClick(page.back, "m")  # typed anywhere on the page
    assert page.search.text() == "m"
    page.search.setText(largest.title.upper())
    opened.wait_until(lambda: largest in listed() and len(listed()) < len(rows))
    page.filters["fits"].click()
    opened.wait_until(lambda: not listed())
    page.search.clear()
    opened.wait_until(listed)
    first = shown(page.catalogue)[0]
    assert can(first) == set()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert cards() == [first.offer.title]
    assert can(first) == {"get"}
    QTest.keyClick(first, Qt.Key.Key_Space)
    opened.wait_until(lambda: not page.findChildren(ModelCard))
    # One far down the list stays open.
    page.filters["fits"].click()
    before, last = rows[-2:]
    page.search.setText(last.title)
    QTest.keyClick(tile_of(opened, last.title), Qt.Key.Key_Space)
    page.search.clear()
    opened.wait_until(lambda: len(shown(page.catalogue)) == 41)
    assert cards() == [last.title]
    parts.page.open_at(before.name)
    opened.wait_until(lambda: cards() == [before.title])
    parts.page.open()
    assert cards() == []


def test_deleting_promises_what_it_frees_and_says_why_it_could_not(opened, store, caplog):
    parts = opened.program.model_parts
    listed = parts.advice.catalogue.rows[0].name
    store.modelfile = f"FROM /models/blobs/sha256-{'9' * 64}\n"
    store.sizes |= {"twin:latest": 1_200_000_000, listed: 3_000_000_000, "hf.co/a/b:Q4": 4_000_000_000}
    store.looks = {listed: {"family": "qwen3"}, "hf.co/a/b:Q4": {"family": "gemma3"}}
    opened.program.services.models.refresh()
    opened.wait_until(lambda: len(opened.program.services.models.listings[0].models or ()) == 4)
    seen: dict[str, str] = {}

    def delete(name):
        listing = opened.program.services.models.listings[0]
        model = listing.find(name)
        assert model is not None
        with answering("Delete") as question:
            QTest.keyClick(tile_of(opened, model.title), Qt.Key.Key_Delete)
            opened.wait_until(lambda: name not in store.sizes)
        seen[name] = question.more
        opened.wait_until(lambda: opened.program.services.models.listings[0].find(name) is None)

    for name in ("twin:latest", "tiny:latest", listed, "hf.co/a/b:Q4"):
        delete(name)
    made = "If it was made or imported there, it cannot be got again. Your conversations stay."
    again = "It can be got again. Your conversations stay."
    assert seen == {
        "twin:latest": f"Hardly any room becomes free: tiny:latest has the same weights. {made}",
        "tiny:latest": f"That frees 1.2 GB. {made}",
        listed: f"That frees 3.0 GB. {again}",
        "hf.co/a/b:Q4": f"That frees 4.0 GB. {again}",
    }
    store.sizes["last:latest"] = 1_000_000_000
    opened.program.services.models.refresh()
    tile = tile_of(opened, "last:latest")
    store.sizes.clear()  # by somebody else
    with answering("Delete"):
        QTest.keyClick(tile, Qt.Key.Key_Delete)
        opened.wait_until(lambda: "a model could not be changed at its server" in caplog.messages)
    assert caplog.records[caplog.messages.index("a model could not be changed at its server")].exc_info
    assert opened.says("last")


def by_name(opened, name):
    """The row that offers a model by its name, once that is written into the field that finds models."""
    page_of(opened).search.clear()
    page_of(opened).find_with(name)
    return page_of(opened).catalogue.tiles.get(BY_NAME)


def test_a_model_that_the_list_lacks_is_got_by_its_name(opened, store):
    names = {
        "qwen3:0.6b-q8_0": "registry.ollama.ai",
        "someone/tiny": "registry.ollama.ai",
        "hf.co/a/B-GGUF:Q4": "hf.co",
    }
    store.offered |= {"qwen3:0.6b-q8_0": 639_000_000, "someone/tiny:latest": 9, "hf.co/a/B-GGUF:Q4": 9}
    opened.wait_until(lambda: shown(page_of(opened).proposals))
    for count, (name, host) in enumerate(names.items(), 2):
        row = by_name(opened, name)
        assert row is not None
        assert host in " ".join(labels_on(row))
        row.buttons[ModelDeed.GET].click()
        opened.wait_until(lambda count=count: len(store.sizes) == count)
        assert page_of(opened).search.text() == ""
    store.pulls.append(lines(MANIFEST, layer(1_000, 639_000_000), Hold()))
    row = by_name(opened, "someone/large:q8_0")
    assert row is not None
    row.buttons[ModelDeed.GET].click()
    opened.wait_until(lambda: opened.says("of 639.0 MB"))  # as soon as its server has told it
    tile_of(opened, "hf.co/a/B-GGUF:Q4")
    listed = opened.program.model_parts.advice.catalogue.rows[0].name
    for words in ("https://hf.co/a/b", "a name", "a//b", listed, "tiny", "hf.co/a/B-GGUF:Q4"):
        assert by_name(opened, words) is None, words  # no name, in the list, or there


def test_under_lock_or_policy_no_model_is_got_by_its_name(opened, store):
    parts = opened.program.model_parts
    policy = Policy()

    def refused(name):
        row = by_name(opened, name)
        assert row is not None
        assert not bool(can(row))
        return " ".join(labels_on(row))

    def follow(policy):
        opened.program.services.policy = policy
        parts.downloads.renew_keepers()

    opened.wait_until(lambda: shown(page_of(opened).proposals))
    follow(replace(policy, reach=Reach(hosts=("registry.ollama.ai",))))
    assert "hf.co is not among them" in refused("hf.co/a/b")
    row = by_name(opened, "someone/tiny")
    assert row is not None
    assert bool(can(row))
    follow(replace(policy, reach=Reach(farthest=PlaceKind.PRIVATE_NETWORK)))
    assert "registry.ollama.ai is not among them" in refused("someone/tiny")
    follow(replace(policy, features_off=frozenset({Feature.PULL})))
    assert "administrator" in refused("someone/tiny")
    follow(policy)
    opened.program.services.settings.change(offline_lock=True)
    opened.wait_until(lambda: "offline lock" in page_of(opened).note.text())
    assert "offline lock" in refused("someone/tiny")


SAID = {
    "unknown": ("nothing/like-it", [MANIFEST, {"error": UNKNOWN}], "Check the name letter by letter"),
    "no network": ("a/b", [MANIFEST, {"error": NO_NETWORK}], "See if the computer that Ollama runs on is online"),
    "full disk": ("a/c", [MANIFEST, {"error": DISK_FULL}], "The rest of the model does not fit."),
    "wrong bytes": ("a/d", [MANIFEST, {"error": DAMAGED}], "A part arrived damaged and was thrown away."),
    "invalid": ("a/e", None, "Names have letters, digits and - _ . : / in them"),
    "something else": ("a/f", [MANIFEST, {"error": "no space for strange words"}], "no space for strange words"),
}


def test_why_a_model_was_not_got_by_its_name_is_said(opened, store):
    opened.wait_until(lambda: shown(page_of(opened).proposals))
    for fault, (name, answer, sentence) in SAID.items():
        refused = json_reply({"error": "invalid model name"}, 400)
        store.pulls.append(lines(*answer) if answer is not None else refused)
        row = by_name(opened, name)
        assert row is not None
        row.buttons[ModelDeed.GET].click()
        opened.wait_until(lambda said=sentence: opened.says(said))
        going, line = tile_of(opened, name), coming(opened)
        assert line is not None
        is_for_good = fault in ("unknown", "invalid")
        assert can(going) == ({"dismiss"} if is_for_good else {"resume", "cancel"})
        assert len(opened.program.model_parts.downloads.kept) == (not is_for_good)
        going.buttons[ModelDeed.DISMISS if is_for_good else ModelDeed.CANCEL].click()
        opened.wait_until(lambda: coming(opened) is None)
        assert name not in [each.offer.title for each in shown(page_of(opened).installed)]


def wish(opened, way):
    """Choose in the dialog that comes, and press Import."""
    opened.wait_until(lambda: any(each.isVisible() for each in opened.window.findChildren(ModelFileDialog)))
    dialog = next(each for each in opened.window.findChildren(ModelFileDialog) if each.isVisible())
    dialog.form.begin_with("way", way)
    dialog.accept_button.click()


def test_a_file_is_given_to_ollama_or_copied_and_the_copy_deleted(opened, store, tmp_path):
    file = tmp_path / "Stick-Q4_K_M.gguf"
    file.write_bytes(gguf_bytes({"general.architecture": "gemma3"}))
    (tmp_path / "mmproj-f16.gguf").write_bytes(gguf_bytes({"general.architecture": "clip"}))
    page_of(opened).files.given.emit(GivenFiles((file,)))
    wish(opened, ImportWay.OLLAMA)
    opened.wait_until(lambda: "stick-q4_k_m" in store.sizes)
    assert len(store.blobs) == 2  # with the part that sees
    page_of(opened).files.given.emit(GivenFiles((file,)))
    wish(opened, ImportWay.COPIED)
    copy = opened.folder / "models" / file.name
    opened.wait_until(lambda: str(copy) in opened.program.services.connections.model_files)
    assert copy.read_bytes() == file.read_bytes()
    result_of(opened.program.model_parts.downloads.delete(ModelChoice(BUILT_IN_ID, str(copy))), opened.wait_until)
    assert opened.program.services.connections.model_files == ()
    assert not copy.exists()
    page_of(opened).files.given.emit(GivenFiles((file,)))
    store.refuses_files = "failed to validate GGUF with llama-quantize: executable file not found in $PATH"
    wish(opened, ImportWay.OLLAMA)
    opened.wait_until(lambda: opened.says(store.refuses_files))
    line = coming(opened)
    assert line is not None
    assert store.refuses_files in line.accessibleDescription()
    page_of(opened).files.given.emit(GivenFiles((file,)))
    wish(opened, ImportWay.WHERE_IT_LIES)
    opened.wait_until(lambda: opened.window.is_chat_in_front)
    assert opened.program.chat.current.settings.choice == ModelChoice(BUILT_IN_ID, str(file))


def test_the_engine_is_set_up_in_words(opened, tmp_path):
    file = tmp_path / "Small.gguf"
    file.write_bytes(gguf_bytes())
    opened.program.services.connections.open_file(str(file))
    page_of(opened).fold.click()
    opened.wait_until(lambda: page_of(opened).engine.isVisible())
    page_of(opened).engine.click()
    opened.wait_until(lambda: opened.window.findChildren(EngineDialog))
    dialog = opened.window.findChildren(EngineDialog)[0]
    assert "Small: about" in dialog.takes.text()
    dialog.form.begin_with("context", EngineContext.MOST)
    dialog.form.begin_with("pace", EnginePace.USABLE)
    dialog.accept_button.click()
    settings = opened.program.services.settings.now
    assert (settings.engine_context, settings.engine_pace) == (EngineContext.MOST, EnginePace.USABLE)


def test_what_speaks_against_a_way_is_said(theme, qtbot, tmp_path):
    pieces = tuple(tmp_path / f"big-{number:05}-of-00002.gguf" for number in (1, 2))
    free = {ImportWay.COPIED: 3_000_000_000, ImportWay.OLLAMA: None}
    taken = ["big-00001-of-00002:latest"]
    dialog = ModelFileDialog(theme, GivenModel(pieces, 5_000_000_000, "Big"), ImportPlaces(True, True, free, taken))
    qtbot.addWidget(dialog)
    said = {}
    for way in ImportWay:
        dialog.form.begin_with("way", way)
        said[dialog.chosen] = (dialog.accept_button.isEnabled(), dialog.note.text())
    assert said[ImportWay.WHERE_IT_LIES][0]
    assert said[ImportWay.COPIED] == (False, "Too little room: a copy takes 6.0 GB, and 3.0 GB are free.")
    assert not said[ImportWay.OLLAMA][0]
    assert "one file only" in said[ImportWay.OLLAMA][1]
    assert dialog.form.value("name") == "big-00001-of-00002-2"


def test_many_models_are_listed_in_parts(opened, store):
    long = f"{'w' * 200}:latest"
    store.sizes |= {long: 1, "unsized:latest": 0}
    store.sizes |= {f"model-{number}:latest": 1_000_000_000 for number in range(60)}
    for listing in opened.program.services.models.listings:
        opened.program.services.models.refresh(listing.connection.id)
    opened.wait_until(lambda: len(shown(page_of(opened).installed)) == 40)
    assert any("w" * 200 in each.accessibleName() for each in shown(page_of(opened).installed))
    page = page_of(opened)
    assert page.widget().width() <= page.viewport().width()
