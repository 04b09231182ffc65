"""Settings survive crashes, other versions and people; the policy is obeyed where only administrators can write."""

from __future__ import annotations

import json
import os
import plistlib
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
from desktop.core.policy.fixed import NO_REACH, Policy, PolicyFault
from desktop.core.text.size import LARGEST, SMALLEST
from desktop.core.text.tokens import Letters
from desktop.store import policy_file
from desktop.store.policy_file import MOST_BYTES, PolicyPlace, file_place, find_policy, policy_places
from desktop.store.settings import Settings, SettingsTrouble
from tests.support.examples import examples
from tests.support.missing import on_unix

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


GOOD = "version = 1\n[features]\nexport = false\n[end]\n"


@pytest.fixture
def written_policy(tmp_path):
    folder = tmp_path / "candor"
    folder.mkdir(mode=0o755)
    path = folder / "policy.toml"
    path.write_text(GOOD)
    path.chmod(0o644)
    return path


def found(path):
    """The policy at a path whose folders may belong to whoever runs this."""
    return find_policy([file_place(path, owner=os.getuid())])


@on_unix
def test_a_policy_is_read_and_where_a_link_leads_counts(written_policy, tmp_path):
    policy = found(written_policy)
    assert policy.problems == ()
    assert policy.source == str(written_policy)
    assert policy.features_off
    link = tmp_path / "link.toml"
    link.symlink_to(written_policy)
    assert found(link).problems == ()
    written_policy.parent.chmod(0o777)
    assert [each.fault for each in found(link).problems] == [PolicyFault.UNSAFE]


@on_unix
@pytest.mark.parametrize("mode", [0o666, 0o646, 0o777])
def test_a_file_that_others_can_write_or_put_another_in_its_place_is_not_obeyed(written_policy, mode):
    for each in (written_policy, written_policy.parent):
        before = each.stat().st_mode
        each.chmod(mode | 0o111 if each.is_dir() else mode)  # whoever is not root can only search such a folder
        policy = found(written_policy)
        assert [each.fault for each in policy.problems] == [PolicyFault.UNSAFE]
        assert str(each) in policy.problems[0].detail
        assert policy.reach == NO_REACH
        assert not policy.instructions
        each.chmod(before)
    assert found(written_policy).problems == ()


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize(("owner", "group", "mode"), [(65534, -1, 0o644), (0, 65534, 0o664)])
def test_a_file_of_another_owner_is_not_obeyed(written_policy, owner, group, mode):
    os.chown(written_policy, owner, group)
    written_policy.chmod(mode)
    assert [each.fault for each in found(written_policy).problems] == [PolicyFault.UNSAFE]


@on_unix
@pytest.mark.parametrize(
    ("put", "fault"),
    [
        (lambda path: path.write_bytes(b"\xff\xfe version"), PolicyFault.NOT_TOML),
        (lambda path: path.write_bytes(b"#" * (MOST_BYTES + 1)), PolicyFault.UNREADABLE),
        (lambda path: (path.unlink(), os.mkfifo(path, 0o644)), PolicyFault.UNREADABLE),
        (lambda path: (path.unlink(), path.mkdir()), PolicyFault.UNREADABLE),
    ],
    ids=["not UTF-8", "too large", "a pipe", "a folder"],
)
def test_what_is_no_policy_closes_the_network(written_policy, put, fault):
    put(written_policy)
    assert [each.fault for each in found(written_policy).problems] == [fault]
    assert found(written_policy).reach == NO_REACH


@on_unix
def test_a_place_that_fails_closes_the_network():
    def refuse():
        raise PermissionError(13, "Permission denied")

    policy = find_policy([PolicyPlace("registry", refuse)])
    assert (policy.source, policy.problems[0].detail) == ("registry", "Permission denied")
    assert policy.reach == NO_REACH


@on_unix
def test_the_profile_of_a_mac_holds_the_text(tmp_path):
    profile = tmp_path / "localhost.candor.program.plist"

    def read():
        return find_policy([PolicyPlace("profile", lambda: policy_file._from_profile(profile, os.getuid()))])

    assert read() == Policy()
    profile.write_bytes(plistlib.dumps({"NSWindow": "1 2"}))
    assert read() == Policy()
    profile.write_bytes(plistlib.dumps({"policy": GOOD}))
    assert read().features_off
    for broken in (plistlib.dumps({"policy": 3}), b"<plist", b""):
        profile.write_bytes(broken)
        assert read().reach == NO_REACH


@on_unix
def test_no_place_is_the_users_or_the_environments(monkeypatch):
    before = [each.name for each in policy_places()]
    for name in ("CANDOR_HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "HOME", "ProgramFiles", "CANDOR_POLICY"):
        monkeypatch.setenv(name, "/tmp/mine")
    assert [each.name for each in policy_places()] == before
