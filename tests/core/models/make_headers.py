"""Makes the headers below `headers/`, by `python -m tests.core.models.make_headers`.

It needs the package `gguf`, llama.cpp's own writer of such files, so that our reading is not checked against our own
writing. The files are kept in the repository, since tests need nothing else of that package. The numbers are those of
the families' published configurations; each file has one small tensor in place of the weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

HEADERS = Path(__file__).with_name("headers")


def grouped(layers: int, width: int, heads: int, kept: int, head: int | None = 128, **more: Any) -> dict[str, Any]:
    """The keys of a model all of whose layers keep keys and values of every token."""
    keys = {"block_count": layers, "embedding_length": width, "attention.head_count": heads}
    keys["attention.head_count_kv"] = kept
    if head is not None:
        keys |= {"attention.key_length": head, "attention.value_length": head}
    return keys | more


def alternating(layers: int, width: int, heads: int, kept: int) -> dict[str, Any]:
    """The keys of a Qwen3.5: three of four layers keep a state."""
    return grouped(layers, width, heads, kept, 256, full_attention_interval=4)


def linear(inner: int) -> dict[str, Any]:
    """The keys of the state of such layers."""
    return {
        "ssm.conv_kernel": 4, "ssm.state_size": 128, "ssm.group_count": 16, "ssm.inner_size": inner,
        "ssm.time_step_rank": inner // 128,
    }  # fmt: skip


def windowed(window: int, **more: Any) -> dict[str, Any]:
    return {"attention.sliding_window": window} | {f"attention.{name}": value for name, value in more.items()}


def latent(layers: int, width: int, heads: int, *, is_new: bool) -> dict[str, Any]:
    """The keys of a DeepSeek: one compressed row for a token, or in older files the heads unfolded."""
    keys: dict[str, Any] = {
        "block_count": layers, "embedding_length": width, "attention.head_count": heads,
        "attention.kv_lora_rank": 512, "rope.dimension_count": 64,
    }  # fmt: skip
    if not is_new:
        return keys | {
            "attention.head_count_kv": heads, "attention.key_length": 192, "attention.value_length": 128,
        }  # fmt: skip
    return keys | {
        "attention.head_count_kv": 1, "attention.key_length": 576, "attention.value_length": 512,
        "attention.key_length_mla": 192, "attention.value_length_mla": 128,
    }  # fmt: skip


def _gemma4(layers: int, each: int, wide: int, near: int, window: int, **more: Any) -> dict[str, Any]:
    """The keys of a Gemma 4: of `each` layers the last sees everything, with `wide` heads of 512 numbers."""
    is_local = [(at + 1) % each != 0 for at in range(layers)]
    keys = grouped(layers, 2816, 16, 0, 512) | windowed(
        window, sliding_window_pattern=is_local, key_length_swa=256, value_length_swa=256
    )
    kept = [near if local else wide for local in is_local]
    return keys | {"attention.head_count_kv": kept if near != wide else wide} | more


def _granite_small() -> dict[str, Any]:
    kept = [8 if at in (5, 15, 25, 35) else 0 for at in range(40)]
    state = {"ssm.conv_kernel": 4, "ssm.state_size": 128, "ssm.group_count": 1, "ssm.inner_size": 8192}
    return grouped(40, 4096, 32, 0, 128) | {"attention.head_count_kv": kept} | state


def _nemotron() -> dict[str, Any]:
    """Nemotron 3 Nano 4B in outline: of 42 layers 4 are attention, 17 feed forward, the others keep a state."""
    kept = [8 if at in (12, 17, 24, 32) else 0 for at in range(42)]
    feeding = [12544 if at % 2 and not kept[at] and at < 37 else 0 for at in range(42)]
    state = {"ssm.conv_kernel": 4, "ssm.state_size": 128, "ssm.group_count": 8, "ssm.inner_size": 7680}
    return (
        grouped(42, 3136, 40, 0, 128)
        | {"attention.head_count_kv": kept, "feed_forward_length": feeding}
        | state
    )  # fmt: skip


SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "qwen3-0.6b": ("qwen3", grouped(28, 1024, 16, 8)),
    "qwen3-8b": ("qwen3", grouped(36, 4096, 32, 8)),
    "qwen3-14b": ("qwen3", grouped(40, 5120, 40, 8)),
    "qwen3-30b-a3b": ("qwen3moe", grouped(48, 2048, 32, 4)),
    "qwen3-235b-a22b": ("qwen3moe", grouped(94, 4096, 64, 4)),
    "qwen3.5-2b": ("qwen35", alternating(24, 2048, 8, 2) | linear(2048)),
    "qwen3.5-9b": ("qwen35", alternating(32, 4096, 16, 4) | linear(4096)),
    "qwen3.8-27b": ("qwen35", alternating(65, 5120, 24, 4) | linear(6144) | {"nextn_predict_layers": 1}),
    "qwen3.6-35b-a3b": ("qwen35moe", alternating(40, 2048, 16, 2) | linear(4096)),
    "qwen3-next-80b": (
        "qwen3next",
        grouped(48, 2048, 16, 2, 256) | linear(4096),  # made before there was a key for the interval
    ),
    "deepseek-r1-1.5b": ("qwen2", grouped(28, 1536, 12, 2, None)),
    "deepseek-r1-7b": ("qwen2", grouped(28, 3584, 28, 4, None)),
    "deepseek-r1-32b": ("qwen2", grouped(64, 5120, 40, 8, None)),
    "deepseek-r1-70b": ("llama", grouped(80, 8192, 64, 8)),
    "deepseek-r1-671b": ("deepseek2", latent(61, 7168, 128, is_new=True)),
    "deepseek-r1-671b-old": ("deepseek2", latent(61, 7168, 128, is_new=False)),
    "glm-4.7-flash": ("deepseek2", latent(48, 2048, 20, is_new=True) | {"nextn_predict_layers": 1}),
    "llama3.1-8b": ("llama", grouped(32, 4096, 32, 8, None)),
    "llama3.2-1b": ("llama", grouped(16, 2048, 32, 8, 64)),
    "mistral-7b-v0.1": ("llama", grouped(32, 4096, 32, 8, None) | windowed(4096)),
    "ministral-3-8b": ("mistral3", grouped(34, 4096, 32, 8)),
    "phi4": ("phi3", grouped(40, 5120, 40, 10, None) | windowed(131072)),
    "granite4-micro": ("granite", grouped(40, 2560, 40, 8, 64)),
    "granite4-small-h": ("granitehybrid", _granite_small()),
    "nemotron-3-nano-4b": ("nemotron_h", _nemotron()),
    "lfm2-1.2b": (
        "lfm2",
        grouped(16, 2048, 32, 0, 64)
        | {"attention.head_count_kv": [8 if at in (2, 5, 8, 10, 12, 14) else 0 for at in range(16)]}
        | {"shortconv.l_cache": 3},
    ),
    "gemma3-1b": ("gemma3", grouped(26, 1152, 4, 1, 256) | windowed(512)),
    "gemma3-4b": ("gemma3", grouped(34, 2560, 8, 4, 256) | windowed(1024)),
    "gemma3-12b": ("gemma3", grouped(48, 3840, 16, 8, 256) | windowed(1024)),
    "gemma3-27b": ("gemma3", grouped(62, 5376, 32, 16, 128) | windowed(1024, sliding_window_pattern=6)),
    "gemma4-e2b": ("gemma4", _gemma4(35, 5, 1, 1, 512, **{"attention.shared_kv_layers": 20})),
    "gemma4-e4b": ("gemma4", _gemma4(42, 6, 2, 2, 512, **{"attention.shared_kv_layers": 18})),
    "gemma4-12b": ("gemma4", _gemma4(48, 6, 1, 8, 1024)),
    "gemma4-26b-a4b": ("gemma4", _gemma4(30, 6, 2, 8, 1024)),
    "gemma4-31b": ("gemma4", _gemma4(60, 6, 4, 16, 1024)),
    "gpt-oss-20b": ("gpt-oss", grouped(24, 2880, 64, 8, 64) | windowed(128)),
    "gpt-oss-120b": ("gptoss", grouped(36, 2880, 64, 8, 64) | windowed(128)),
    # Of these the header does not say enough.
    "unknown-window": ("glacier", grouped(32, 4096, 32, 8) | windowed(2048)),
    "unknown-state": ("glacier", grouped(32, 4096, 32, 8) | {"full_attention_interval": 4}),
    "unknown-both": ("falcon-h1", grouped(44, 3072, 12, 2) | linear(3072)),
    "unknown-kind": ("kimi-linear", grouped(27, 2304, 32, 32) | {"kda.head_dim": 128}),
    "lying-layers": ("llama", grouped(4_000_000_000, 4096, 32, 8)),
}  # fmt: skip


def main() -> None:
    """Make all files."""
    import gguf
    import numpy

    HEADERS.mkdir(exist_ok=True)
    for name, (architecture, keys) in SHAPES.items():
        writer = gguf.GGUFWriter(HEADERS / f"{name}.gguf", architecture)
        for key, value in keys.items():
            full = f"{architecture}.{key}"
            writer.add_array(full, value) if isinstance(value, list) else writer.add_uint32(full, value)
        writer.add_tensor("output_norm.weight", numpy.zeros(8, dtype=numpy.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


if __name__ == "__main__":
    main()
