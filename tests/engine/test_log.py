"""What is read out of llama.cpp's log: real lines, as it prints them."""

from __future__ import annotations

import pytest

from desktop.engine.log import EngineLog

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
