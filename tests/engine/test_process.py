"""The engine's process with the real llama.cpp: it loads, fails with a cause, and never outlives its parent."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from desktop.core.engine import EngineAddress, EngineContext, EnginePace, EngineWishes
from desktop.core.errors import EngineFailed
from desktop.core.models.file import FileFault
from desktop.core.processes import process_options
from desktop.engine.child import EngineOrder, EngineReport, as_line, parsed
from desktop.engine.process import EngineLog, EngineProcess, command, environment
from tests.support.gguf_file import gguf_bytes, with_template
from tests.support.missing import on_linux, on_unix
from tests.support.waiting import PATIENCE, is_over, running_children, until, wait_until

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def an_engine(**more):
    """An engine of a test's own, which is ended and collected afterwards."""
    before = running_children()
    async with aclosing(EngineProcess(**({"context_length": 512, "threads": 1} | more))) as engine:
        yield engine
    assert engine.pid is None
    await until(lambda: running_children() <= before)  # or a process was left behind


def ask(address, path, key, body=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    content = json.dumps(body).encode() if body else None
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(
            urllib.request.Request(address.base_url + path, headers=headers, data=content), timeout=30
        ) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def begun(order, **environ):
    """The engine's process, which has its order."""
    child = subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment() | environ, **process_options(),
    )  # fmt: skip
    child.stdin.write(order)
    child.stdin.flush()
    return child


# --- It serves ---------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_a_loaded_model_answers_at_once_and_is_not_loaded_again(running_engine, loop):
    engine, address, model = running_engine
    assert ask(address, "/health", None) == (200, {"status": "ok"})
    body = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 4}
    status, answer = ask(address, "/v1/chat/completions", address.key, body)
    assert status == 200
    assert answer["choices"][0]["message"]["content"]
    assert loop.submit(engine.ensure(model)).result(PATIENCE) == address
    assert loop.submit(engine.failure()).result(PATIENCE) == ""


@pytest.mark.engine
def test_a_stranger_gets_nothing(running_engine):
    """And whoever has the key does not get the conversation from the slots."""
    _, address, _ = running_engine
    paths = ("/v1/models", "/props", "/slots", "/v1/chat/completions")
    for path, key in itertools.product(paths, (None, "", "wrong")):
        status, answer = ask(address, path, key, {"messages": []} if "chat" in path else None)
        assert (status, answer["error"]["message"]) == (401, "Invalid API Key")
    assert ask(address, "/slots", address.key)[0] == 501


@pytest.mark.engine
def test_it_listens_on_loopback_only_and_its_key_is_in_no_list_of_processes(running_engine):
    engine, address, _ = running_engine
    child = psutil.Process(engine.pid)
    listening = [each.laddr for each in child.net_connections() if each.status == psutil.CONN_LISTEN]
    assert [f"http://{each.ip}:{each.port}" for each in listening] == [address.base_url]
    assert address.base_url.startswith("http://127.0.0.1:")
    assert address.key not in " ".join([*child.cmdline(), *child.environ().values()])


@pytest.mark.engine
@on_linux
def test_its_memory_has_an_end_which_no_honest_model_comes_near(running_engine):
    """A chat template can be a program, in `{{ 'x' * 100000000 * 1000 }}`, and takes what it is let."""
    import resource

    engine, _, _ = running_engine
    most, _ = resource.prlimit(engine.pid or 0, resource.RLIMIT_DATA)
    taken = psutil.Process(engine.pid).memory_info().data
    assert 0 < most < 4 << 30  # what it may keep of other conversations is 1 GiB of it
    assert taken < most / 3


@pytest.mark.engine
def test_the_persons_environment_stays_outside(monkeypatch):
    for name in ("HTTP_PROXY", "https_proxy", "ALL_PROXY", "OPENAI_API_KEY", "PYTHONSTARTUP", "LD_PRELOAD"):
        monkeypatch.setenv(name, "socks://127.0.0.1:9")
    assert "socks://127.0.0.1:9" not in environment().values()
    assert environment()["PATH"] == os.environ["PATH"]


@pytest.mark.engine
def test_it_says_one_line_and_ends_with_its_input(starter_model):
    child = begun(as_line(EngineOrder(str(starter_model), "k", context_length=256)))
    address = EngineAddress(parsed(EngineReport, child.stdout.readline()).base_url, "k")
    assert ask(address, "/v1/chat/completions", "k", {"messages": [{"role": "user", "content": "Hi"}], "n_predict": 3})
    rest, _ = child.communicate(timeout=PATIENCE)  # closes its input
    assert (rest, child.returncode) == (b"", 0)


@pytest.mark.engine
@pytest.mark.parametrize("order", [b"", b"[]\n", b'{"model": 1, "wrong": 2}\n'])
def test_without_an_order_it_ends(order):
    child = begun(order)
    said, log = child.communicate(timeout=PATIENCE)
    assert (said, child.returncode) == (b"", 2)
    assert b"no order" in log


@pytest.mark.engine
@pytest.mark.parametrize(
    ("statement", "reason", "detail"),
    [
        ("raise ModuleNotFoundError('It is not there', name='xllamacpp')", "not_installed", ""),
        ("raise ImportError('libgomp.so.1: cannot open it')", "", "libgomp.so.1: cannot open it"),
    ],
)
def test_without_the_package_it_says_so(starter_model, tmp_path, statement, reason, detail):
    (tmp_path / "xllamacpp.py").write_text(statement)
    before = f"{tmp_path}{os.pathsep}{environment()['PYTHONPATH']}"  # stands before site-packages
    with begun(as_line(EngineOrder(str(starter_model), "k")), PYTHONPATH=before) as child:
        report = parsed(EngineReport, child.stdout.readline())
    assert (report.base_url, report.reason, report.detail) == ("", reason, detail)


# --- It loads ----------------------------------------------------------------------------------------------------


def damaged(starter):
    raw = bytearray(starter.read_bytes()[:2_000_000])
    raw[200_000:201_000] = b"\xff" * 1000
    return bytes(raw)


@pytest.mark.engine
async def test_a_bad_file_is_refused_with_its_cause(tmp_path, starter_model):
    """And a good one is loaded after it."""
    path = tmp_path / "m.gguf"
    unknown = gguf_bytes({"general.architecture": "nonesuch"})
    async with an_engine() as engine:
        for content, reason, why in (
            (damaged(starter_model), FileFault.DAMAGED, None),
            (starter_model.read_bytes()[:-100], "bad_file", "not within the file bounds"),
            (unknown, "bad_file", "^unknown model architecture: 'nonesuch'$"),
        ):
            path.write_bytes(content)
            with pytest.raises(EngineFailed, match=why) as failed:
                await engine.ensure(path)
            assert (failed.value.reason, engine.pid) == (reason, None)
            assert not why or any(engine.log_lines)  # is still there for whoever looks for the fault
        assert (await engine.ensure(starter_model)).base_url


@pytest.mark.engine
async def test_a_chat_template_without_end_is_not_loaded_for_ever(tmp_path, starter_model, monkeypatch):
    """It is tried while the model loads, and may be a program."""
    monkeypatch.setattr("desktop.engine.process.load_seconds", lambda size: 4.0)
    template = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
    model = with_template(starter_model, tmp_path / "m.gguf", template)
    async with an_engine() as engine:
        with pytest.raises(EngineFailed) as failed:
            await engine.ensure(model)
        assert (failed.value.reason, engine.pid) == ("endless_load", None)


@pytest.mark.engine
@on_unix
async def test_another_model_replaces_the_first_and_who_wants_the_same_shares_it(tmp_path, starter_model):
    linked = tmp_path / "the same.gguf"
    linked.symlink_to(starter_model)
    async with an_engine() as engine:
        first, *others = await asyncio.gather(*(engine.ensure(starter_model) for _ in range(3)))
        assert set(others) == {first}
        first_pid = engine.pid
        second = await engine.ensure(linked)
        assert first_pid is not None
        assert not psutil.pid_exists(first_pid)
        assert first.key != second.key
        assert (await asyncio.to_thread(ask, second, "/health", None))[0] == 200
        assert await engine.failure() == ""  # the first one was ended on purpose


@pytest.mark.engine
async def test_another_wish_has_the_model_loaded_again(starter_model):
    wishes, free = [EngineWishes(EngineContext.PAGE, EnginePace.USABLE)], [4 << 30]
    async with an_engine(context_length=None, wishes=lambda: wishes[0], free_memory=lambda: free[0]) as engine:
        assert (await engine.ensure(starter_model)).window == 2_048
        assert not engine.would_load(starter_model)
        wishes[0] = EngineWishes(EngineContext.MOST)
        assert engine.would_load(starter_model)
        assert (await engine.ensure(starter_model)).window == 8_192
        free[0] = 100 << 20
        assert engine.would_load(starter_model), "it gives back what it keeps of other conversations"


# --- It ends -----------------------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.parametrize("moment", ["at once", pytest.param("loading", marks=on_linux)])
async def test_cancelling_ends_the_load(starter_model, moment):
    async with an_engine() as engine:
        task = asyncio.create_task(engine.ensure(starter_model))
        waiting = asyncio.create_task(engine.ensure(starter_model))
        if moment == "at once":
            await asyncio.sleep(0)
        else:
            await until(lambda: engine.pid)
            await until(lambda: str(starter_model) in Path(f"/proc/{engine.pid}/maps").read_text())
        pid = engine.pid
        before = asyncio.get_running_loop().time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.get_running_loop().time() - before < 1
        assert pid is None or not psutil.pid_exists(pid)
        assert (await waiting).base_url  # who waited for the same model gets one of its own
        assert engine.pid != pid


def kill(engine, number):
    os.kill(engine.pid or 0, number)


@pytest.mark.engine
@on_unix
@pytest.mark.parametrize(
    ("number", "reason", "words"), [(signal.SIGKILL, "out_of_memory", "signal 9"), (None, "crashed", None)]
)
async def test_dying_while_it_loads(starter_model, number, reason, words):
    """By itself, or as the program closes."""
    async with an_engine() as engine:
        task = asyncio.create_task(engine.ensure(starter_model))
        await until(lambda: engine.pid)
        if number is None:
            await engine.aclose()
            await engine.aclose()
        else:
            kill(engine, number)
        with pytest.raises(EngineFailed, match=words) as failed:
            await task
        assert failed.value.reason == reason


@pytest.mark.engine
@on_unix
async def test_dying_while_it_serves(starter_model):
    async with an_engine() as engine:
        first = await engine.ensure(starter_model)
        kill(engine, signal.SIGSEGV)
        assert await engine.failure() == "the engine was ended by signal 11"
        assert await engine.ensure(starter_model) != first
        assert await engine.failure() == ""
        kill(engine, signal.SIGSTOP)  # a stopped process does not act on SIGTERM: it is killed


PARENT = """
import asyncio, sys
from pathlib import Path
from desktop.engine.process import EngineProcess

async def main():
    engine = EngineProcess(context_length=256, threads=1)
    task = asyncio.create_task(engine.ensure(Path(sys.argv[1])))
    while engine.pid is None:
        await asyncio.sleep(0.001)
    print(engine.pid, flush=True)
    await task
    print("loaded", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.engine
@pytest.mark.parametrize("loaded", [True, False])
def test_a_killed_parent_takes_its_engine_along(starter_model, loaded):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(starter_model)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = psutil.Process(int(parent.stdout.readline()))
    if loaded:
        assert parent.stdout.readline() == "loaded\n"
    parent.kill()
    parent.communicate()
    wait_until(lambda: is_over(child))


UNKNOWN_ARCHITECTURE = b"""\
0.00.004.754 I srv          init: loading model
0.00.004.829 I srv    load_model: loading model '/m/x.gguf'
0.00.004.929 E llama_model_load: error loading model: unknown model architecture: 'nonesuch'
0.00.005.190 E llama_model_load_from_file_impl: failed to load model
0.00.005.247 E common_fit_params: an error while trying to fit params to free device memory: failed to load model
0.00.005.301 E llama_model_load: error loading model: unknown model architecture: 'nonesuch'
0.00.005.338 E cmn  common_init_: failed to load model '/m/x.gguf'
0.00.005.355 E srv    load_model: failed to load model, '/m/x.gguf'
0.00.005.370 I srv    operator(): operator(): cleaning up before exit...
0.00.005.660 E srv          init: exiting due to model loading error
"""
NO_MEMORY = b"""\
0.00.103.111 E ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 68719476768
0.00.103.119 E llama_kv_cache: failed to allocate buffer for kv cache
"""
ASSERTION = b"""\
0.05.004.754 I srv          init: model loaded
/build/ggml/src/ggml.c:1234: GGML_ASSERT(ne0 > 0) failed
"""
GREEDY_TEMPLATE = b"""\
1.08.716.860 E srv          init: chat template parsing error: Unable to generate parser for this template.
Error: std::bad_alloc
1.08.719.484 E srv          init: exiting due to model loading error
"""
QUIET = b"0.00.000.364 I srv          init: initializing ...\n0.01.205.252 W srv    operator(): unauthorized\n"


@pytest.mark.parametrize(
    ("printed", "reason", "causes"),
    [
        (UNKNOWN_ARCHITECTURE, "bad_file", "unknown model architecture: 'nonesuch'"),
        (
            NO_MEMORY,
            "out_of_memory",
            "failed to allocate buffer of size 68719476768\nfailed to allocate buffer for kv cache",
        ),
        (ASSERTION, "crashed", "/build/ggml/src/ggml.c:1234: GGML_ASSERT(ne0 > 0) failed"),
        (b"terminate called after throwing an instance of 'std::bad_alloc'", "out_of_memory", None),
        (
            GREEDY_TEMPLATE,
            "template",
            "chat template parsing error: Unable to generate parser for this template.\nError: std::bad_alloc",
        ),
        (QUIET, "crashed", ""),
        (b"", "crashed", ""),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1 << 14])
def test_causes_are_found_however_the_log_arrives(printed, reason, causes, step):
    log = EngineLog()
    for at in range(0, len(printed), step):
        log.feed(printed[at : at + step])
    assert log.reason == reason
    assert log.causes == (printed.decode() if causes is None else causes)


def test_the_log_stays_small():
    log = EngineLog()
    for _ in range(5):
        log.feed(b"x" * 1_000_000)
    log.feed(b"\n")
    for number in range(10_000):
        log.feed(b"%d\n" % number)
    assert log.lines[-1] == "9999"
    assert len(log.lines) <= 400
    assert max(map(len, log.lines)) <= 500


def test_bytes_that_are_no_text_do_no_harm():
    log = EngineLog()
    log.feed(b"0.0 E place: \xff\xfe broke\n")
    assert log.causes == "\ufffd\ufffd broke"
