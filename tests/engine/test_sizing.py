"""Computers as models see them, and how much context a model gets on which."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from desktop.core.engine import EngineContext, EnginePace
from desktop.core.errors import EngineFailed
from desktop.core.models.file import parse_header
from desktop.core.models.fit import CardKind
from desktop.engine import computer
from desktop.engine.computer import (
    amd_cards,
    avx2_of,
    batch_for,
    check_memory,
    context_for,
    load_seconds,
    look_at_computer,
    memory_for,
    needs_of,
    nvidia_cards,
    threads_for,
    wished_context,
)
from desktop.engine.model_file import read_header
from desktop.engine.process import EngineProcess
from desktop.store.paths import starter_model
from tests.support.gguf_file import gguf_bytes
from tests.support.waiting import PATIENCE

GIB = 1 << 30


def header_of(metadata):
    content = gguf_bytes(metadata)
    return parse_header(io.BytesIO(content), len(content))


def eight_billion(trained):
    """Qwen3 8B: 147,456 bytes of cache a token, 1.1 GiB for 8,192."""
    return header_of(
        {
            "general.architecture": "q",
            "q.context_length": trained,
            "q.block_count": 36,
            "q.embedding_length": 4096,
            "q.attention.head_count": 32,
            "q.attention.head_count_kv": 8,
        }
    )


@pytest.mark.parametrize(
    ("trained", "available", "wished", "context"),
    [
        (40960, 16 * GIB, None, 16384),  # a quarter of 10 GiB
        (40960, 64 * GIB, None, 32768),
        (4096, 16 * GIB, None, 4096),
        (40960, 7 * GIB, None, 4096),  # halved until it fits
        (40960, 4 * GIB, None, 2048),
        (512, 1 * GIB, None, 512),
        (40960, 12 * GIB, 33_000, 40_960),
        (40960, 10 * GIB, 33_000, 16_384),  # 4 GiB of room: 32,768 would take 4.5
        (40960, 16 * GIB, 1_000, 16_384),  # no less than without a wish
        (40960, 16 * GIB, 99_000, 40_960),
    ],
)
def test_a_context_is_as_large_as_memory_and_wishes_allow(trained, available, wished, context):
    assert context_for(eight_billion(trained), 5 * GIB, available, wished) == context


@pytest.mark.parametrize(("size", "threads", "batch"), [(98_362_432, 1, 64), (98_362_432, 8, 512), (5 * GIB, 8, 64)])
def test_a_go_of_a_prompt_takes_about_as_long_with_any_model(size, threads, batch):
    assert batch_for(size, threads) == batch


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("qwen3-8b", 4_096),  # 1,152 MiB for 8,192 tokens are more than the 1,024 that there are
        ("qwen3.5-9b", 8_192),  # 306
        ("gemma4-12b", 8_192),  # 608; counted as if every layer kept everything, it would be 2,688
        ("gpt-oss-20b", 8_192),  # 207
    ],
)
def test_a_model_that_keeps_little_gets_a_longer_context(name, context):
    content = (Path(__file__).parents[1] / "core" / "models" / "headers" / f"{name}.gguf").read_bytes()
    header = parse_header(io.BytesIO(content), len(content))
    longer = replace(header, metadata={**header.metadata, f"{header.architecture}.context_length": 131_072})
    assert context_for(longer, 5 * GIB, 7 * GIB) == context


def test_what_is_wished_for_in_words():
    """The contexts of Qwen3 8B with 16 GiB free, and what a text that is longer than wished for gets."""
    needs = needs_of(eight_billion(40_960), 5 * GIB, 16 * GIB, 8)
    assert {each: tokens for each, (tokens, _) in needs.contexts.items()} == {
        EngineContext.OWN: 16_384,
        EngineContext.PAGE: 2_048,
        EngineContext.DOCUMENT: 32_768,
        EngineContext.MOST: 40_960,
    }
    taken = [taken for _, taken in sorted(needs.contexts.values()) if taken is not None]
    assert len(taken) == len(EngineContext)
    assert taken == sorted(taken)
    assert (needs.threads, needs.cores) == ({EnginePace.QUICK: 8, EnginePace.USABLE: 6}, 8)
    assert wished_context(EngineContext.PAGE, 9_000)[0] == 9_000
    assert wished_context(EngineContext.OWN, 9_000) == (None, 9_000)
    assert [threads_for(cores) for cores in (1, 4, 8)] == [1, 4, 8]
    assert [threads_for(cores, EnginePace.USABLE) for cores in (1, 2, 4, 16)] == [1, 1, 3, 12]


@pytest.mark.engine
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages of a mapped file are counted otherwise")
@pytest.mark.parametrize("window", [2_048, 8_192])
def test_the_forecast_is_within_a_tenth_of_what_the_process_takes(loop, window):
    model = starter_model()
    assert model is not None
    header, size = read_header(model)
    forecast = memory_for(header, size, window)
    engine = EngineProcess(context_length=window, threads=1)
    loop.submit(engine.ensure(model)).result(PATIENCE)
    try:
        taken = psutil.Process(engine.pid).memory_info().rss
    finally:
        loop.submit(engine.aclose()).result(PATIENCE)
    assert forecast == pytest.approx(taken, rel=0.1)


def test_what_all_the_memory_does_not_hold_is_refused_before_it_is_loaded():
    header = eight_billion(40_960)
    check_memory(header, 5 * GIB, 8_192, 8 * GIB)
    with pytest.raises(EngineFailed) as raised:
        check_memory(header, 5 * GIB, 8_192, 6 * GIB)
    assert raised.value.reason == "out_of_memory"


def test_of_an_unknown_shape_the_weights_alone_count():
    header = header_of({"general.architecture": "llama"})
    assert context_for(header, 1, 16 * GIB) == 8192
    assert memory_for(header, 5 * GIB, 8_192) is None
    check_memory(header, 5 * GIB, 8_192, 6 * GIB)
    with pytest.raises(EngineFailed):
        check_memory(header, 7 * GIB, 8_192, 6 * GIB)


def test_a_load_may_take_as_long_as_a_slow_drive_needs():
    assert load_seconds(0) == 120
    assert load_seconds(8 * GIB) == pytest.approx(120 + 8 * 1024 / 5)


SKYLAKE = "processor\t: 0\nflags\t\t: fpu sse4_2 avx avx2 fma\nprocessor\t: 1\nflags\t\t: fpu avx2\n"
NEHALEM = "processor\t: 0\nmodel name\t: Intel(R) Xeon(R) E5520\nflags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 popcnt\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd evtstrm\n"


@pytest.mark.parametrize(
    ("cpuinfo", "machine", "has"),
    [
        (SKYLAKE, "x86_64", True),
        (NEHALEM, "x86_64", False),
        (NEHALEM.replace("popcnt", "avx2x"), "x86_64", False),
        (ARM, "aarch64", None),
        ("", "AMD64", None),
    ],
)
def test_what_the_processor_has(tmp_path, cpuinfo, machine, has):
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    assert avx2_of(machine, "linux", tmp_path / "cpuinfo") is has
    assert avx2_of(machine, "linux", tmp_path / "nothing") is None, "it is not held against it"


def test_an_old_processor_is_told_of_before_anything_is_loaded(monkeypatch, tmp_path):
    monkeypatch.setattr("desktop.engine.process.has_avx2", lambda: False)
    monkeypatch.setattr("desktop.engine.process.command", lambda: pytest.fail("a process was started"))

    async def load():
        await EngineProcess().ensure(tmp_path / "model.gguf")

    with pytest.raises(EngineFailed) as raised:
        asyncio.run(load())
    assert raised.value.reason == "processor"


def test_cards_of_nvidia():
    told = "NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 7701\nTesla, with a comma, 16384, [N/A]\nno devices were found\n"
    laptop, other = nvidia_cards(told)
    assert (laptop.name, laptop.total, laptop.free) == ("NVIDIA GeForce RTX 4060 Laptop GPU", 8188 << 20, 7701 << 20)
    assert (laptop.kind, laptop.data_sheet) == (CardKind.NVIDIA, 256e9)
    assert (other.name, other.free, other.data_sheet) == ("Tesla, with a comma", None, None)


def test_cards_of_amd_and_no_integrated_part(tmp_path):
    for at, (vendor, total, used, name) in enumerate(
        [
            ("0x1002", 20 * GIB, 2 * GIB, "AMD Radeon RX 7900 XT"),
            ("0x1002", GIB // 2, 1, ""),
            ("0x8086", 8 * GIB, 1, ""),
        ]
    ):
        device = tmp_path / f"card{at}" / "device"
        device.mkdir(parents=True)
        (device / "vendor").write_text(vendor + "\n")
        (device / "mem_info_vram_total").write_text(f"{total}\n")
        (device / "mem_info_vram_used").write_text(f"{used}\n")
        (device / "product_name").write_text(name)
    (tmp_path / "card9").mkdir()
    (card,) = amd_cards(tmp_path)
    assert (card.kind, card.total, card.free, card.data_sheet) == (CardKind.AMD, 20 * GIB, 18 * GIB, 800e9)
    assert amd_cards(tmp_path / "nothing") == ()


def test_this_computer():
    computer = look_at_computer()
    assert computer.memory == psutil.virtual_memory().total
    assert 0 < (computer.free or 0) <= computer.memory
    assert computer.room_at_best is not None


def write(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")


def test_the_cores_that_save_power_do_not_count(tmp_path):
    assert computer.quick_cores("linux", tmp_path) is None
    siblings = {0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3", 8: "8", 9: "9"}
    intel = {f"system/cpu/cpu{at}/topology/thread_siblings_list": each for at, each in siblings.items()}
    write(tmp_path / "intel", {"cpu_core/cpus": "0-3", "cpu_atom/cpus": "8-9", **intel})
    assert computer.quick_cores("linux", tmp_path / "intel") == 2
    capacities = (1024, 1024, 870, 870, 400, 400, 400, 400)
    write(tmp_path / "arm", {f"system/cpu/cpu{at}/cpu_capacity": str(each) for at, each in enumerate(capacities)})
    assert computer.quick_cores("linux", tmp_path / "arm") == 4
    write(tmp_path / "odd", {"cpu_core/cpus": "none"})
    assert computer.quick_cores("linux", tmp_path / "odd") is None
    assert computer.quick_cores("win32", tmp_path / "intel") is None


@pytest.mark.parametrize(("physical", "logical", "allowed", "expected"), [(4, 8, 8, 4), (8, 8, 3, 3), (None, 8, 8, 8)])
def test_no_more_than_this_process_may_use(physical, logical, allowed, expected, monkeypatch):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: logical_count if logical else physical)
    logical_count = logical
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(allowed)), raising=False)
    monkeypatch.setattr(computer, "quick_cores", lambda system: None)
    assert computer.computing_cores() == expected
