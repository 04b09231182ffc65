"""Downloads of models over a scripted Ollama: in a row, paused, failed, remembered, and under the offline lock."""

from __future__ import annotations

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_keeping import OllamaKeeper
from desktop.backends.wire.http import HttpSettings
from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.errors import BackendError
from desktop.core.model import ModelChoice
from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import Download, DownloadState, KeepingPhase, KeptDownload, Pace, PullFault
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.downloads import Downloads
from tests.runtime.conftest import services_of
from tests.support import ollama_store
from tests.support.gguf_file import gguf_bytes
from tests.support.ollama_store import MANIFEST, OllamaStore, fed, layer, line, lines, whole
from tests.support.scripted_server import Hold, running_server
from tests.support.tasks import result_of
from tests.support.waiting import PATIENCE

WAITING, RUNNING, PAUSED = DownloadState.WAITING, DownloadState.RUNNING, DownloadState.PAUSED
FAILED, DONE = DownloadState.FAILED, DownloadState.DONE
SMOL, BIG = ModelChoice("here", "smol"), ModelChoice("here", "big")
SIZE = 98_362_432


class Case:
    """The parts over one server; `free` is what its disk has left, `is_offline` the lock."""

    def __init__(self, work, qtbot, server, store):
        self.wait = qtbot.waitUntil
        self.server, self.store = server, store
        self.free: int | None = None
        self.is_offline = False
        self.keepers_made = 0
        self.may_keep = True  # by the policy of this computer
        self.finished: list[ModelChoice] = []
        self.seen: list[Download] = []
        settings = HttpSettings(allow_host=lambda place: place.is_local or not self.is_offline)
        self.models = ModelDirectory(work, lambda each, key: OllamaBackend(each.address), lambda each: Secrets())

        def make_keeper(connection, secrets):
            if connection.kind is not ConnectionKind.OLLAMA or not self.may_keep:
                return None
            self.keepers_made += 1
            return OllamaKeeper(connection.address, secrets.key, settings=settings, stall_after=0.2)

        services = services_of(work, self.models)
        self.downloads = Downloads(services, make_keeper, lambda connection: self.free)
        self.downloads.finished.connect(self.finished.append)
        self.downloads.progressed.connect(self.seen.append)
        self.models.set_connections([
            Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address=server.url, id="here"),
            Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Other", address=server.url, id="other"),
        ])  # fmt: skip

    def state(self, choice):
        found = self.downloads.find(choice)
        return found.state if found is not None else None

    def until(self, choice, state):
        self.wait(lambda: self.state(choice) is state)

    def until_come(self, done):
        self.wait(lambda: bool(self.seen) and self.seen[-1].done == done)

    def reason(self, choice):
        found = self.downloads.find(choice)
        return found.failure.reason if found is not None and found.failure is not None else ""

    @property
    def pulls(self):
        return [each.json["model"] for each in self.server.requests if each.path == "/api/pull"]


@pytest.fixture
def store():
    return OllamaStore(offered={"smol:latest": SIZE, "big:latest": 4 * SIZE})


@pytest.fixture
def case(work, qtbot, store):
    with running_server(store.script) as server:
        case = Case(work, qtbot, server, store)
        yield case
        case.downloads.stop_all()
        work.loop.submit(case.downloads.aclose()).result(PATIENCE)
        work.loop.submit(case.models.aclose()).result(PATIENCE)


def test_one_after_the_other(case):
    case.store.pulls.append(fed())
    case.downloads.start_download(SMOL, SIZE)
    case.downloads.start_download(BIG)
    case.downloads.start_download(SMOL)
    assert (case.state(SMOL), case.state(BIG)) == (RUNNING, WAITING)
    case.server.feed(line(MANIFEST))
    case.wait(lambda: case.pulls == ["smol"])
    for each in [*whole(SIZE), None]:
        case.server.feed(each)
    case.until(BIG, DONE)
    assert case.finished == [SMOL, BIG]
    done = case.downloads.find(SMOL)
    assert (done.state, done.done, done.total, done.phase) == (DONE, SIZE + 50, SIZE + 50, KeepingPhase.DONE)
    assert case.downloads.kept == ()
    case.downloads.dismiss(SMOL)
    assert [each.choice for each in case.downloads.items] == [BIG]


def test_what_is_paused_or_cancelled_closes_its_connection_and_resuming_goes_on(case):
    case.store.pulls.append(lines(MANIFEST, layer(36_000_000, SIZE), Hold()))
    case.downloads.start_download(SMOL)
    case.downloads.start_download(BIG)
    case.until_come(36_000_000)
    for choice in (BIG, SMOL):
        case.downloads.pause(choice)
        assert case.state(choice) is PAUSED
    [asked] = [each for each in case.server.requests if each.path == "/api/pull"]
    assert asked.closed.wait(PATIENCE)
    assert case.downloads.kept == (KeptDownload(SMOL, None, 36_000_000, SIZE), KeptDownload(BIG))
    assert case.downloads.find(SMOL).leaves_behind
    case.downloads.resume(SMOL)
    case.until(SMOL, DONE)
    assert case.pulls == ["smol", "smol"]
    case.store.pulls.append(lines(MANIFEST, layer(1, SIZE), Hold()))
    case.downloads.resume(BIG)
    case.until_come(1)
    case.downloads.cancel(BIG)
    assert [each.choice for each in case.downloads.items] == [SMOL]
    assert [each for each in case.server.requests if each.path == "/api/pull"][-1].closed.wait(PATIENCE)


def test_after_a_restart_it_is_there_paused_and_nothing_is_sent(case):
    case.downloads.restore((KeptDownload(SMOL, SIZE, 36_000_000, SIZE, "0.19.0"), KeptDownload(BIG)))
    assert [each.state for each in case.downloads.items] == [PAUSED, PAUSED]
    assert case.pulls == []
    case.downloads.resume(SMOL)
    case.until(SMOL, DONE)
    assert case.state(BIG) is PAUSED


def test_a_failure_has_its_reason_and_the_next_one_begins(case):
    case.store.pulls.append(lines(MANIFEST, {"error": ollama_store.NO_NETWORK}))
    case.downloads.start_download(SMOL)
    case.downloads.start_download(BIG)
    case.until(BIG, DONE)
    assert (case.state(SMOL), case.reason(SMOL)) == (FAILED, PullFault.NO_NETWORK)
    case.downloads.resume(SMOL)
    assert case.reason(SMOL) == ""
    case.until(SMOL, DONE)


def test_what_cannot_be_got_is_known_before_anything_is_fetched(case):
    for choice in (ModelChoice("other", "m"), ModelChoice("gone", "m")):
        case.downloads.start_download(choice)
        case.until(choice, FAILED)
    case.downloads.start_download(SMOL, min_version="0.99.1")
    case.until(SMOL, FAILED)
    assert case.reason(SMOL) == PullFault.TOO_OLD
    case.downloads.cancel(SMOL)
    case.free = SIZE
    case.downloads.start_download(SMOL, SIZE)
    case.until(SMOL, FAILED)
    assert case.reason(SMOL) == PullFault.NO_ROOM
    assert case.downloads.find(SMOL).failure.available == SIZE
    assert case.pulls == []
    case.downloads.start_download(BIG)  # of whose size nothing is known until the server tells it
    case.until(BIG, FAILED)
    assert case.reason(BIG) == PullFault.NO_ROOM
    assert case.pulls == ["big"]
    case.free = 0
    case.downloads.resume(SMOL)
    case.until(SMOL, FAILED)
    case.free = None  # as of a server on another computer
    case.downloads.resume(BIG)
    case.until(BIG, DONE)


def test_the_offline_lock_stops_what_runs_and_forbids_what_is_asked_for(case):
    case.store.pulls.append(lines(MANIFEST, layer(1, SIZE), Hold()))
    case.downloads.start_download(SMOL)
    case.downloads.start_download(BIG)
    case.until_come(1)
    case.is_offline = True
    case.downloads.set_offline(True)
    assert [(case.state(each), case.reason(each)) for each in (SMOL, BIG)] == [(FAILED, PullFault.LOCKED)] * 2
    case.downloads.resume(SMOL)
    case.until(SMOL, FAILED)
    assert case.reason(SMOL) == PullFault.LOCKED
    assert case.pulls == ["smol"]


def test_a_changed_key_is_used_from_the_next_download_on(case):
    for choice in (SMOL, BIG):
        case.downloads.start_download(choice, SIZE)
        case.until(choice, DONE)
        case.models.forget_key("here")
        case.wait(lambda: not case.models.is_loading)
    assert case.keepers_made == 2


def test_deleting_unloading_and_importing_as_long_as_that_is_allowed(case, tmp_path):
    case.store.sizes["smol:latest"] = SIZE
    case.store.loaded.append("smol:latest")
    choice = ModelChoice("here", "smol:latest")
    result_of(case.downloads.unload(choice), case.wait)
    assert case.store.loaded == []
    result_of(case.downloads.delete(choice), case.wait)
    assert case.store.sizes == {}
    file = tmp_path / "a.gguf"
    file.write_bytes(gguf_bytes())
    case.downloads.start_import(ModelChoice("here", "a"), GivenModel((file,), file.stat().st_size, "A"))
    assert case.downloads.kept == ()  # its file may be gone at the next start
    case.downloads.set_offline(True)  # nothing of it goes over the internet
    case.wait(lambda: case.state(ModelChoice("here", "a")) is DONE)
    assert case.store.sizes == {"a": file.stat().st_size}
    with pytest.raises(BackendError):
        result_of(case.downloads.delete(ModelChoice("other", "m")), case.wait)
    case.may_keep = False
    case.downloads.renew_keepers()
    with pytest.raises(BackendError):
        result_of(case.downloads.delete(ModelChoice("here", "a")), case.wait)
    assert case.store.sizes == {"a": file.stat().st_size}


def test_the_speed_of_the_last_seconds_and_the_time_that_is_left():
    pace = Pace()
    assert pace.per_second is None
    for at in range(40):
        pace.note(at, at * 1_000 if at < 20 else 20_000 + (at - 20) * 5_000)
    assert pace.per_second == pytest.approx(5_000, rel=0.05)
    download = Download(SMOL, RUNNING, done=1_000, total=11_000, per_second=pace.per_second)
    assert download.seconds_left == pytest.approx(2.0, rel=0.05)
    pace.note(41, 7)  # a part is fetched again
    assert pace.per_second is None
    assert Download(SMOL, PAUSED, done=1, total=2, per_second=1.0).seconds_left is None
