"""Getting, importing and deleting models of an Ollama: its streams as they really are, and every fault of them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import AuthRejected, BackendError, ModelMissing, ProtocolError, PullFailed, Unreachable
from desktop.core.models.keeping import (
    KeepingPhase,
    KeepingProgress,
    PullFault,
    check_room,
    check_version,
    is_model_name,
    name_for_import,
    registry_of,
)
from desktop.core.place import PlaceKind
from desktop.core.policy.fixed import Reach
from tests.support import ollama_store
from tests.support.gguf_file import gguf_bytes
from tests.support.ollama_store import MANIFEST, OllamaStore, layer, lines
from tests.support.scripted_server import Cut, Hold, Reply, ScriptedServer, json_reply

SIZE = 98_362_432
ASKING, FETCHING, CHECKING = KeepingPhase.ASKING, KeepingPhase.FETCHING, KeepingPhase.CHECKING
WRITING, DONE, SENDING = KeepingPhase.WRITING, KeepingPhase.DONE, KeepingPhase.SENDING


@asynccontextmanager
async def keeper_of(store, **options):
    async with ScriptedServer(store.script) as server, aclosing(OllamaKeeper(server.url, **options)) as keeper:
        server.refuses_early = store.holds
        yield keeper, server


async def pulled(store, name="smol"):
    async with keeper_of(store) as (keeper, _):
        return [each async for each in keeper.pull(name)]


async def refused(store, name="smol"):
    with pytest.raises(BackendError) as raised:
        await pulled(store, name)
    return raised.value


async def test_a_pull_counts_all_parts_together():
    found = await pulled(OllamaStore())
    assert [each.phase for each in found] == [ASKING, *[FETCHING] * 6, CHECKING, WRITING, DONE]
    assert (found[1], found[-1]) == (KeepingProgress(FETCHING, 0, SIZE), KeepingProgress(DONE, SIZE + 50, SIZE + 50))
    amounts = [each.done for each in found]
    assert amounts == sorted(amounts)
    again = await pulled(OllamaStore(partial={"smol:latest": 36_000_000}))
    assert again[1] == KeepingProgress(FETCHING, 36_000_000, SIZE), "it goes on where it was broken off"
    rolled_back = OllamaStore(pulls=[lines(MANIFEST, layer(500, 900), layer(300, 900), {"status": "success"})])
    assert [each.done for each in await pulled(rolled_back)] == [0, 500, 300, 300]


async def test_closing_pauses_and_the_connection_is_closed():
    async with keeper_of(OllamaStore(pulls=[lines(MANIFEST, layer(1_000, SIZE), Hold())])) as (keeper, server):
        async with aclosing(keeper.pull("smol")) as steps:
            async for each in steps:
                if each.done:
                    break
        await server.client_closed(server.requests[-1])


async def test_a_network_that_goes_in_the_middle_is_noticed_though_no_error_comes():
    store, found = OllamaStore(pulls=[ollama_store.stalling(SIZE, 36_000_000)]), []
    async with keeper_of(store, stall_after=0.2) as (keeper, server):
        async for each in keeper.pull("smol"):
            found.append(each)
            if each.is_stalled:
                server.release()
    assert KeepingProgress(FETCHING, 36_000_000, SIZE, is_stalled=True) in found
    assert found[-1] == KeepingProgress(DONE, SIZE + 50, SIZE + 50)


async def test_checking_is_silent_and_no_stall():
    store = OllamaStore(pulls=[lines(MANIFEST, layer(9, 9), {"status": "verifying sha256 digest"}, Hold())])
    async with keeper_of(store, stall_after=0.05) as (keeper, _), aclosing(keeper.pull("smol")) as steps:
        async for each in steps:
            if each.phase is CHECKING:
                break
        with pytest.raises(TimeoutError):  # ten times the silence after which a pull would be said to stand still
            await asyncio.wait_for(anext(steps), 0.5)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (ollama_store.NO_NETWORK, PullFault.NO_NETWORK),
        (ollama_store.UNKNOWN, PullFault.UNKNOWN_NAME),
        (ollama_store.TOO_OLD, PullFault.TOO_OLD),
        (ollama_store.DISK_FULL, PullFault.DISK_FULL),
        (ollama_store.DAMAGED, PullFault.DAMAGED),
        ("max retries exceeded: write x: There is not enough space on the disk.", PullFault.DISK_FULL),
        ("max retries exceeded: unexpected EOF", PullFault.NO_NETWORK),
        ('pull model manifest: Get "https://x": proxyconnect tcp: dial tcp: i/o timeout', PullFault.PROXY),
        (
            'pull model manifest: Get "https://x": tls: failed to verify certificate: x509: unknown',
            PullFault.CERTIFICATE,
        ),
        ("pull model manifest: unauthorized: access denied", PullFault.SIGN_IN),
        ("pull model manifest: 429: Too Many Requests", PullFault.BUSY),
        ("pull model manifest: 503: Service Unavailable", PullFault.BUSY),
        ("unexpected status code 418", PullFault.IN_THE_WAY),
        ("maximum redirects exceeded (10) for directURL", PullFault.IN_THE_WAY),
        ("this model requires MLX support, but the MLX runtime is not available", PullFault.NOT_HERE),
        ("something new", ""),
    ],
)
async def test_each_failure_is_known_by_its_words(words, fault):
    error = await refused(OllamaStore(pulls=[lines(MANIFEST, {"error": words})]))
    assert isinstance(error, PullFailed)
    assert error.reason == fault
    assert error.detail
    again = await refused(OllamaStore(pulls=[json_reply({"error": words}, 500)]))
    assert (again.kind, again.reason) == ("pull_failed", fault)


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (lines(MANIFEST, layer(1, 9)), PullFailed, PullFault.BROKE_OFF),
        (lines(MANIFEST, layer(1, 9), Cut()), PullFailed, PullFault.BROKE_OFF),
        (lines(), PullFailed, PullFault.BROKE_OFF),
        (json_reply({"error": "invalid api key"}, 401), AuthRejected, ""),
        (Reply(["<html>hello</html>\n"]), ProtocolError, "html"),
    ],
)
async def test_a_stream_that_ends_without_success_has_failed_or_is_no_pull_at_all(answer, kind, reason):
    error = await refused(OllamaStore(pulls=[answer]))
    assert (type(error), error.reason) == (kind, reason)


async def test_a_name_that_is_none_and_the_version_that_is_needed_are_told():
    assert (await refused(OllamaStore(), "a b")).reason == PullFault.INVALID_NAME
    assert (await refused(OllamaStore(pulls=[lines({"error": ollama_store.TOO_OLD})]))).detail == "0.32.12"


LOCKED = HttpSettings(allow_host=lambda place: place.is_local)
NEAR, ONE_HOST = Reach(farthest=PlaceKind.PRIVATE_NETWORK), Reach(hosts=("registry.ollama.ai",))


@pytest.mark.parametrize(
    ("name", "settings", "reason", "host"),
    [
        ("smol", LOCKED, PullFault.LOCKED, "registry.ollama.ai"),
        ("hf.co/a/b:Q4_K_M", LOCKED, PullFault.LOCKED, "hf.co"),
        ("smol", HttpSettings(reach=NEAR), "policy", "registry.ollama.ai"),
        ("hf.co/a/b:Q4_K_M", HttpSettings(reach=ONE_HOST), "policy", "hf.co"),
        ("depot:5000/library/smol", HttpSettings(reach=ONE_HOST), "policy", "depot"),  # a host without a dot
        (
            "http://models.example.com/library/smol",
            HttpSettings(reach=Reach(require_https=True)),
            "policy",
            "models.example.com",
        ),
    ],
)
async def test_lock_and_policy_forbid_a_registry_before_anything_is_sent(name, settings, reason, host):
    async with keeper_of(OllamaStore(), settings=settings) as (keeper, server):
        with pytest.raises(PullFailed if reason == PullFault.LOCKED else Unreachable) as raised:
            await anext(keeper.pull(name))
        assert (raised.value.reason, raised.value.host, server.requests) == (reason, host, [])


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("qwen3:0.6b-q8_0", "registry.ollama.ai"),
        ("Some_one/model.v2", "registry.ollama.ai"),
        ("hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "hf.co"),
        ("depot:5000/library/smol:latest", "depot"),
        ("10.0.0.7/library/smol", "10.0.0.7"),
    ],
)
def test_names_of_models_and_where_they_are_looked_up(name, host):
    assert is_model_name(name)
    assert registry_of(name) == registry_of(f"https://{name}") == registry_of(f"HTTP://{name}") == host
    odd = (f"https://{name}", f" {name}", f"{name}/", f"{name}:a:b", f"{name}é", f"{name}\n")
    for each in (*odd, "a b", "a.b/c", ":a", "a/b/c/d", "x" * 81, ""):
        assert not is_model_name(each), each


async def test_the_lock_allows_a_registry_on_this_computer():
    names = ("http://127.0.0.1:5000/library/smol:latest", "localhost/library/smol:latest")
    async with keeper_of(OllamaStore(offered=dict.fromkeys(names, SIZE)), settings=LOCKED) as (keeper, server):
        for name in names:
            assert [each async for each in keeper.pull(name)][-1].phase is DONE
        assert [request.json.get("insecure") for request in server.requests] == [True, None]


async def test_no_ollama_is_no_failure_of_a_pull():
    keeper = OllamaKeeper("http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        [each async for each in keeper.pull("smol")]
    assert await keeper.version() == ""
    await keeper.aclose()


async def test_deleting_unloads_first():
    store = OllamaStore(sizes={"smol:latest": 9, "other:latest": 9}, loaded=["smol:latest", "other:latest", "third"])
    async with keeper_of(store) as (keeper, server):
        await keeper.delete("smol:latest")
        assert (store.sizes, store.loaded) == ({"other:latest": 9}, ["other:latest", "third"])
        unloading, deleting = (each.json for each in server.requests)
        assert unloading == {"model": "smol:latest", "messages": [], "shift": False, "keep_alive": 0, "stream": False}
        assert deleting == {"model": "smol:latest"}
        with pytest.raises(ModelMissing):
            await keeper.delete("smol:latest")
        assert await keeper.version() == "0.33.0"
        await keeper.unload("other:latest")
        assert store.loaded == ["third"]


async def imported(store, file, projector=None):
    async with keeper_of(store) as (keeper, server):
        found = [each async for each in keeper.import_file("from-stick", file, projector)]
        return found, [f"{each.method} {each.path.split('/sha256')[0]}" for each in server.requests]


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "Qwen 小.gguf"
    file.write_bytes(gguf_bytes() + bytes(3 << 20))
    return file


async def test_a_file_is_read_sent_and_made_a_model_and_sent_once_and_the_part_that_sees_beside_it(model, tmp_path):
    store, size = OllamaStore(), model.stat().st_size
    found, asked = await imported(store, model)
    assert list(dict.fromkeys(each.phase for each in found)) == [CHECKING, SENDING, WRITING, DONE]
    assert KeepingProgress(CHECKING, size, size) in found
    assert asked == ["HEAD /api/blobs", "POST /api/blobs", "POST /api/create"]
    assert store.sizes == {"from-stick": size}
    found, asked = await imported(store, model)
    assert asked == ["HEAD /api/blobs", "POST /api/create"]
    assert found[-1].phase is DONE
    projector = tmp_path / "mmproj.gguf"
    projector.write_bytes(gguf_bytes({"general.architecture": "clip"}))
    assert (await imported(store, model, projector))[0][-1].phase is DONE
    assert len(store.blobs) == 2


async def test_a_file_that_another_program_has_sent_meanwhile_is_there(model):
    """A blob that is there is answered early, and the connection reset."""
    store = OllamaStore()
    await imported(store, model)
    digest, content = store.blobs.popitem()
    answers = iter((404, 200))
    async with keeper_of(store) as (keeper, server):
        server.script["HEAD /api/blobs/*"] = [lambda request: Reply([], status=next(answers), is_plain=True)]
        store.blobs[digest] = content
        assert [each async for each in keeper.import_file("from-stick", model)][-1].phase is DONE


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("page.gguf", b"<html>", PullFault.NOT_A_MODEL),
        ("big-00001-of-00003.gguf", gguf_bytes(), PullFault.IN_PIECES),
        ("nothing.gguf", None, PullFault.UNREADABLE),
        ("large.gguf", gguf_bytes() + bytes(1_000_000), PullFault.DISK_FULL),
    ],
)
async def test_what_cannot_be_imported(tmp_path, name, content, fault):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PullFailed) as raised:
        await imported(OllamaStore(disk=1_000_000), tmp_path / name)
    assert raised.value.reason == fault


def test_room_and_version_are_checked_where_they_are_known():
    check_room(None, 1)
    check_room(5, None)
    check_room(1_000_000_000, 2_000_000_000)
    with pytest.raises(PullFailed) as raised:
        check_room(1_000_000_001, 2_000_000_000)
    assert (raised.value.needed, raised.value.available) == (2_000_000_001, 2_000_000_000)
    told = (
        ("0.33.0", "0.32.12"),
        ("", "0.32"),
        ("0.32.12", "0.32.12"),
        ("main", "0.1"),
        ("1.0", ""),
        ("0.0.0", "0.32"),
    )
    for version, needed in told:
        check_version(version, needed)
    with pytest.raises(PullFailed) as raised:
        check_version("0.32.9", "0.32.12")
    assert (raised.value.reason, raised.value.detail) == (PullFault.TOO_OLD, "0.32.12")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Qwen3-8B-Q4_K_M.gguf", "qwen3-8b-q4_k_m"),
        ("Mein Modell (2).gguf", "mein-modell-2"),
        ("模型.gguf", "model"),
        (f"{'x' * 200}.gguf", "x" * 80),
    ],
)
def test_a_name_for_what_is_imported(file, name):
    assert name_for_import(Path(file)) == name
