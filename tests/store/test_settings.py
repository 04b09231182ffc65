"""Settings survive crashes, other versions and the hands of people."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_examples
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route
from desktop.core.engine import EngineContext, EnginePace
from desktop.core.errors import StoreError
from desktop.core.message import Split
from desktop.core.model import MeasuredMemory, Measures, ModelChoice, PromptCount
from desktop.core.models.keeping import KeptDownload
from desktop.core.text.size import LARGEST, SMALLEST
from desktop.core.text.tokens import Letters
from desktop.store.settings import Settings, SettingsTrouble
from tests.support.examples import examples

MODEL = {"connection_id": "a", "model": "m"}
THAT = ModelChoice("a", "m")
SERVER = Connection(
    kind=ConnectionKind.OPENAI_COMPAT,
    name="Ours",
    address="http://gpu:8000/v1",
    preset="vllm",
    passes_on_to="far.example",
    route=Route(
        proxy=ProxyMode.MANUAL,
        proxy_address="http://proxy.example:3128",
        proxy_user="anna",
        has_proxy_password=True,
        ca_file="/etc/ours.pem",
        certificate="/home/anna/me.p12",
        certificate_key="/home/anna/me.key",
        has_certificate_password=True,
    ),
)
FULL = Settings(
    language="zh_CN",
    theme="dark",
    text_scale=1.25,
    window_geometry="AdnQywADAAA=",
    sidebar_open=False,
    thinking_panel="closed",
    find_in_thinking=True,
    names_tasks=False,
    holds_for_text=False,
    prompt_open=True,
    prompt_width=420,
    evidence_width=510,
    fresh_start_explained=True,
    lessons_read=("parts", "of a newer version"),
    last_conversation="abc",
    connections=(SERVER, Connection(kind=ConnectionKind.BUILT_IN, name="模型", address="/models/tiny.gguf")),
    default_choice=ModelChoice(SERVER.id, "qwen3:8b"),
    model_files=("/models/tiny.gguf", "/models/\udcff.gguf"),
    trusted_certificates="/etc/house.pem",
    asked_hosts=("api.example.org",),
    offline_lock=True,
    splits=((ModelChoice(SERVER.id, "r1"), Split.INSIDE), (ModelChoice("x", "a/b:c"), Split.NONE)),
    measures=(
        (
            ModelChoice("x", "m"),
            Measures(
                8_192, 1.25, 211.5, (PromptCount(Letters(40, 7, 2), 3, 31),), (9.5, 12.0), MeasuredMemory(8_192, 7)
            ),
        ),
        (ModelChoice("y", "m"), Measures()),
    ),
    downloads=(
        KeptDownload(ModelChoice("x", "qwen3:8b"), 5_200_000_000, 3_000, 5_225_374_496, "0.19.0"),
        KeptDownload(ModelChoice("x", "y")),
    ),
    bin_days=90,
    names_conversations=False,
    instructions="I work in purchasing.",
    names_models=False,
    engine_context=EngineContext.MOST,
    engine_pace=EnginePace.USABLE,
    engine_reads_ahead=False,
    signs_off=("link", "of a newer version"),
    pinned_models=(ModelChoice("x", "qwen3:8b"), ModelChoice("y", "/models/tiny.gguf")),
    files_folder="/home/ada/报告",
    model_hints=False,
    task_models=(("sums", ModelChoice("x", "r1")), ("of a newer version", ModelChoice("y", "m"))),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "settings.json"


def test_everything_comes_back_and_no_file_means_defaults(file):
    assert Settings.load(file) == (Settings(), None)
    assert not file.exists()
    for settings in (FULL, Settings()):
        settings.save(file)
        assert Settings.load(file) == (settings, None)


def test_what_another_version_knows_is_kept(file):
    newer = {"id": "n", "kind": "telepathy", "name": "New", "address": "?", "range": 3}
    held = {"id": "o", "kind": "ollama", "name": "Old", "address": "http://127.0.0.1:11434", "colour": "red"}
    file.write_text(json.dumps({"future": {"a": [1]}, "theme": "dark", "connections": [newer, 7, held]}))
    settings, problem = Settings.load(file)
    assert (problem.trouble, problem.names) == (SettingsTrouble.VALUES, ("connections",))
    [connection] = settings.connections
    renamed = replace(connection, name="Renamed")
    replace(settings, theme="light", connections=(renamed, SERVER)).save(file)
    written = json.loads(file.read_text())
    assert written["future"] == {"a": [1]}
    assert written["theme"] == "light"
    first, second, *others = written["connections"]
    assert (first["name"], first["colour"]) == ("Renamed", "red")
    assert second["id"] == SERVER.id
    assert others == [newer, 7]
    replace(settings, connections=()).save(file)
    assert json.loads(file.read_text())["connections"] == [newer, 7]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", 5),
        ("theme", "pink"),
        ("text_scale", SMALLEST - 0.01),
        ("text_scale", LARGEST + 0.01),
        ("text_scale", float("nan")),
        ("prompt_width", -1),
        ("connections", "none"),
        ("connections", {"a": 1}),
        ("default_choice", {"connection_id": 1, "model": "m"}),
        ("default_choice", {"model": "m"}),
        ("model_files", "one.gguf"),
        ("asked_hosts", [None]),
        ("offline_lock", "yes"),
        ("offline_lock", 0),
        ("offline_lock", None),
        ("engine_context", "much"),
        ("splits", [[MODEL]]),
        ("splits", [[MODEL, "sideways"]]),
        ("measures", [{"connection_id": "a", "model": "m"}]),
        ("downloads", [{"expected": 1}]),
    ],
)
def test_a_wrong_value_is_the_default_and_unharmed(file, name, value):
    file.write_text(json.dumps({name: value, "language": "de"} | {name: value}))
    content = file.read_bytes()
    settings, problem = Settings.load(file)
    assert (problem.trouble, problem.names, problem.moved_to) == (SettingsTrouble.VALUES, (name,), None)
    is_lock = name == "offline_lock"  # which is on where nobody can tell
    assert getattr(settings, name) == (True if is_lock else getattr(Settings(), name))
    assert settings.language == ("" if name == "language" else "de")
    assert file.read_bytes() == content
    settings.save(file)
    kept = json.loads(file.read_text())[name]
    assert kept == value or kept != kept
    chosen = False if is_lock else getattr(FULL, name)
    replace(settings, **{name: chosen}).save(file)
    again, problem = Settings.load(file)
    assert getattr(again, name) == chosen
    assert problem is None


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("model_files", ["a", 1], ("a",)),
        ("signs_off", ["link", 3], ("link",)),
        ("measures", [[MODEL, {"window": True, "written": [1, -1]}]], ((THAT, Measures(written=(1.0,))),)),
        ("measures", [[MODEL, {"load_seconds": -1, "counts": [[1, 2, 3]]}]], ((THAT, Measures()),)),
        ("downloads", [{"choice": MODEL, "expected": -1, "done": 7}], (KeptDownload(THAT, None, 7),)),
    ],
)
def test_a_part_of_a_value_that_is_wrong_costs_itself_alone(file, name, value, kept):
    file.write_text(json.dumps({name: value}))
    settings, problem = Settings.load(file)
    assert getattr(settings, name) == kept
    assert problem.names == (name,)
    replace(settings, language="de").save(file)
    assert json.loads(file.read_text())[name] == value


def test_settings_of_a_home_of_version_8_are_brought_along(file):
    """There a pair of a model and what is kept of it was one record, and the letters of a count stood beside it."""
    model = {"connection_id": "x", "model": "m"}
    measured = {"window": 8192, "load_seconds": 1.25, "read_per_second": 211.5, "written": [9.5, 12.0]}
    counted = {"memory": [8192, 7], "counts": [[40, 7, 2, 3, 31]]}
    sizes = {"expected": 5, "done": 3, "total": None, "min_version": "0.19.0"}
    record = {
        "splits": [model | {"split": "inside"}],
        "task_models": [model | {"task": "sums"}],
        "measures": [model | measured | counted],
        "downloads": [model | sizes],
    }
    file.write_text(json.dumps(record))
    choice = ModelChoice("x", "m")
    memory = MeasuredMemory(8192, 7)
    measures = Measures(8192, 1.25, 211.5, (PromptCount(Letters(40, 7, 2), 3, 31),), (9.5, 12.0), memory)
    expected = Settings(
        splits=((choice, Split.INSIDE),),
        task_models=(("sums", choice),),
        measures=((choice, measures),),
        downloads=(KeptDownload(choice, 5, 3, None, "0.19.0"),),
    )
    assert Settings.load(file) == (expected, None)
    replace(expected, theme="dark").save(file)
    assert Settings.load(file) == (replace(expected, theme="dark"), None)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n", id="blank"),
        pytest.param(b'{"theme": "dark", "text_sc', id="cut"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\xff\xfe{\x00}\x00", id="UTF-16"),
        pytest.param(b'{"theme": "d\xe4rk"}', id="Latin-1"),
        pytest.param(b"\x00" * 4096, id="zeros"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"a":' * 100_000, id="deep objects"),
        pytest.param(b'{"text_scale": ' + b"9" * 10_000 + b"}", id="long number"),
        pytest.param(b"{}" + b" " * (17 << 20), id="huge"),
    ],
)
def test_a_broken_file_is_moved_aside(file, content):
    for number in range(1, 3):
        file.write_bytes(content)
        settings, problem = Settings.load(file)
        assert settings == Settings(offline_lock=True)
        assert problem.trouble is SettingsTrouble.BROKEN
        assert re.fullmatch(r"settings\.broken-\d{8}-\d{6}(-\d+)?\.json", problem.moved_to.name)
        assert problem.moved_to.read_bytes() == content
        assert not file.exists()
        assert len(list(file.parent.iterdir())) == number
    settings.save(file)
    assert Settings.load(file) == (settings, None)


def test_what_is_no_file_is_moved_aside_without_waiting(file):
    file.mkdir()
    _, problem = Settings.load(file)
    assert problem.moved_to.is_dir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(file)
        _, problem = Settings.load(file)
        assert problem.trouble is SettingsTrouble.BROKEN
    Settings().save(file)
    assert Settings.load(file) == (Settings(), None)


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    settings, problem = Settings.load(tmp_path / "data" / "settings.json")
    assert settings == Settings(offline_lock=True)
    assert (problem.trouble, problem.moved_to) == (SettingsTrouble.UNREADABLE, None)
    with pytest.raises(StoreError):
        settings.save(tmp_path / "data" / "settings.json")


@pytest.mark.parametrize(
    "address",
    ["https://user:canary@host/v1", "http://canary@host", "https://a@canary@host:1/x@y?z", "HTTPS://canary@[::1"],
)
def test_a_password_in_an_address_is_not_written(file, address):
    route = Route(proxy=ProxyMode.MANUAL, proxy_address=address)
    Settings(connections=(replace(SERVER, address=address, route=route),)).save(file)
    assert "canary" not in file.read_text()
    assert "@host" not in file.read_text()


@pytest.mark.parametrize("wrong", [{"proxy": "carrier pigeon"}, {"ca_file": 7}, "x"])
def test_a_connection_whose_way_cannot_be_read_is_not_taken_by_another(file, wrong):
    Settings(connections=(SERVER,)).save(file)
    record = json.loads(file.read_text())
    record["connections"][0]["route"] = wrong
    file.write_text(json.dumps(record))
    settings, problem = Settings.load(file)
    assert settings.connections == ()
    assert problem is not None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _numbers_alike(text):
    """What a JSON text says, where 0 and 0.0 are the same number and True is none."""
    return json.loads(text, parse_int=float)


_NAMES = st.sampled_from([name for name in Settings.__dataclass_fields__ if not name.startswith("_")])


@settings_of_examples(max_examples=examples(40))
@given(st.dictionaries(_NAMES | st.text(max_size=5), _JSON, max_size=6))
def test_any_object_is_read_and_nothing_in_it_is_lost(tmp_path_factory, found):
    file = tmp_path_factory.getbasetemp() / "any-settings.json"
    file.write_text(json.dumps(found))
    settings, problem = Settings.load(file)
    assert problem is None or problem.trouble is SettingsTrouble.VALUES
    settings.save(file)
    written = _numbers_alike(file.read_text("utf-8"))
    assert json.dumps({name: written[name] for name in found}) == json.dumps(_numbers_alike(json.dumps(found)))
    assert Settings.load(file)[0] == settings
