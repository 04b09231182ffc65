"""Which models think over which protocols: as data, what each server says and what a user must see of it.

A `Cell` is one reply as it was recorded or documented, as pieces of fields in their order. `stream` frames it in its
protocol, cut into pieces of three characters, so that every tag is cut. Played through the whole program by
`tests/test_reasoning_matrix.py`; sources are the references of the protocols.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop.core.connection import ConnectionKind
from desktop.core.request import ThinkingMode
from tests.support.scripted_server import Hold, Reply, Script, Step
from tests.support.scripts import (
    delta,
    llama_server_script,
    ndjson,
    ollama_end,
    ollama_line,
    ollama_script,
    openai_script,
    response_object,
    responses_event,
    responses_script,
    sse,
    usage_chunk,
)

TRACE = "Let me see: 17 plus 25.\n\n17 + 20 = 37, and 37 + 5 = 42; so `a < b` and 42 it is."
ANSWER = "It is **42**.\n\nCheck: 42 - 25 = 17."

_PIECE = 3  # characters; shorter than every tag
Said = Sequence[tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """A kind of server: how a connection to it is saved, and how it frames what it says."""

    kind: ConnectionKind = ConnectionKind.OPENAI_COMPAT
    preset: str = "custom"


PROTOCOLS = {
    "Ollama": Protocol(kind=ConnectionKind.OLLAMA),
    "Ollama before 0.9": Protocol(kind=ConnectionKind.OLLAMA),
    "DeepSeek": Protocol(preset="deepseek"),
    "vLLM": Protocol(preset="vllm"),
    "vLLM without a parser": Protocol(preset="vllm"),
    "llama-server": Protocol(preset="llama-server"),
    "LM Studio": Protocol(preset="lm-studio"),
    "OpenRouter": Protocol(preset="openrouter"),
    "SiliconFlow": Protocol(preset="siliconflow"),
    "DashScope": Protocol(preset="dashscope"),
    "Volcengine": Protocol(preset="volcengine-ark"),
    "OpenAI Responses": Protocol(preset="openai"),
    "another server": Protocol(),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A model family over a protocol.

    `said`: (field, text) pairs in their order. `opening_is_missing`: that it thinks shows at the end of the first reply
    only; the second one is read so from the start. `sent`: what the request says of thinking. `is_hidden`: the
    provider shows nothing of the thinking.
    """

    family: str
    protocol: str
    said: Said
    trace: str = TRACE
    answer: str = ANSWER
    mode: ThinkingMode = ThinkingMode.AUTO
    sent: Mapping[str, Any] = field(default_factory=dict)
    opening_is_missing: bool = False
    is_hidden: bool = False
    note: str = ""

    @property
    def id(self) -> str:
        return " · ".join(each for each in (self.family, self.protocol, self.note) if each)

    @property
    def thinks(self) -> bool:
        return bool(self.trace) or self.is_hidden

    @property
    def model(self) -> str:
        return self.family.lower().replace(" ", "-")


# --- Framing -----------------------------------------------------------------------------------------------------


def _pieces(said: Said) -> list[tuple[str, Any]]:
    """Texts cut small; other values whole."""
    cut: list[tuple[str, Any]] = []
    for name, value in said:
        if isinstance(value, str):
            cut += [(name, value[at : at + _PIECE]) for at in range(0, len(value), _PIECE)]
        else:
            cut.append((name, value))
    return cut


def stream(cell: Cell, *, pauses: bool = False) -> Reply:
    """The reply as its server frames it; with `pauses` it waits in the middle until the server is released."""
    if PROTOCOLS[cell.protocol].kind is ConnectionKind.OLLAMA:
        lines = [ollama_line(**{name: text}) for name, text in _pieces(cell.said)]
        return _paused(ndjson([*lines, ollama_end()]), pauses, cell)
    if cell.protocol == "OpenAI Responses":
        place = {"output_index": 0, "summary_index": 0, "content_index": 0}
        thinks = responses_event("response.output_item.added", output_index=0, item={"type": "reasoning"})
        names = {"content": "output_text"}
        events = [
            responses_event(f"response.{names.get(name, name)}.delta", delta=text, **place)
            for name, text in _pieces(cell.said)
        ]
        begin = responses_event("response.created", response={"status": "in_progress"})
        end = responses_event("response.completed", response=response_object())
        return _paused(sse([begin, thinks, *events, end], done=False), pauses, cell)
    chunks = [delta(role="assistant", content="")]
    for name, value in _pieces(cell.said):
        if name == "both":  # the same words under both names
            chunks.append(delta(reasoning=value, reasoning_content=value))
        elif name == "details":  # the same words as text and as structure
            detail = {"type": "reasoning.text", "text": value, "index": 0, "format": "unknown"}
            chunks.append(delta(content="", reasoning=value, reasoning_details=[detail]))
        elif name == "only_details":
            chunks.append(delta(content="", reasoning_details=[{"type": "reasoning.text", "text": value, "index": 0}]))
        elif name == "encrypted":
            chunks.append(delta(reasoning_details=[{"type": "reasoning.encrypted", "data": value, "index": 0}]))
        elif name == "thinking_part":
            chunks.append(delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": value}]}]))
        else:
            chunks.append(delta(**({"content": None} if name != "content" else {}) | {name: value}))
    chunks += [delta(finish="stop"), usage_chunk(reasoning=200 if cell.is_hidden else None)]
    return _paused(sse(chunks), pauses, cell)


def _paused(reply: Reply, pauses: bool, cell: Cell) -> Reply:
    if not pauses:
        return reply
    steps: list[Step] = list(reply.steps)
    middle = 2 if cell.is_hidden else len(steps) // 3  # of the thinking, which is longer than the answer
    return Reply([*steps[:middle], Hold(), *steps[middle:]], content_type=reply.content_type)


def script_of(cell: Cell, *replies: Reply) -> Script:
    """A server that offers the cell's model and gives these replies."""
    names = [cell.model]
    match cell.protocol:
        case "Ollama":
            family = "gptoss" if cell.family == "gpt-oss" else cell.model
            return ollama_script(*replies, models=names, family=family)
        case "Ollama before 0.9":
            return ollama_script(*replies, models=names, capabilities=["completion"])
        case "llama-server":
            return llama_server_script(*replies, template="{% if enable_thinking %}<think>{% endif %}", models=names)
        case "OpenAI Responses":
            return responses_script(*replies, models=names)
        case _:
            return openai_script(*replies, models=names)


# --- What families write -----------------------------------------------------------------------------------------

# family: the text of a reply that no server has split
RAW: dict[str, str] = {
    "DeepSeek-R1": f"{TRACE}\n</think>\n\n{ANSWER}",
    "DeepSeek-R1-Distill-Qwen": f"<think>\n{TRACE}\n</think>\n\n{ANSWER}",
    "Qwen3": f"<think>\n{TRACE}\n</think>\n\n{ANSWER}",
    "Qwen3-Thinking-2507": f"{TRACE}\n</think>\n\n{ANSWER}",
    "QwQ": f"{TRACE}\n</think>\n\n{ANSWER}",
    "gpt-oss": (
        f"<|channel|>analysis<|message|>{TRACE}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>"
    ),
    "Magistral": f"[THINK]{TRACE}[/THINK]{ANSWER}",
    "Granite 3.2": f"Here is my thought process:\n\n{TRACE}\n\nHere is my response:\n\n{ANSWER}",
    "Granite 3.3": f"<think>{TRACE}</think><response>{ANSWER}</response>",
    "Seed-OSS": (
        "<seed:think>\n<seed:cot_budget_reflect></seed:cot_budget_reflect>" + f"{TRACE}\n</seed:think>\n{ANSWER}"
    ),
    "Gemma 4": f"<|channel>thought\n{TRACE}<channel|>{ANSWER}",
    "Command A": f"<|START_THINKING|>{TRACE}<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>",
    "Hunyuan A13B": f"<think>\n{TRACE}\n</think>\n<answer>\n{ANSWER}\n</answer>",
    "Kimi-VL": f"◁think▷{TRACE}◁/think▷{ANSWER}",
    "Kimi K3": (
        f"<|open|>think<|sep|>{TRACE}<|close|>think<|sep|>"
        f"<|open|>response<|sep|>{ANSWER}<|close|>response<|sep|><|end_of_msg|>"
    ),
    "GLM-4.7": f"<think>{TRACE}</think>{ANSWER}",
    "ERNIE 4.5": f"<think>\n{TRACE}\n</think>\n\n<response>\n{ANSWER}\n</response>\n",
    "OpenThinker": (
        f"<|begin_of_thought|>\n\n{TRACE}\n\n<|end_of_thought|>\n\n"
        f"<|begin_of_solution|>\n\n{ANSWER}\n\n<|end_of_solution|>"
    ),
    "North": f"<|START_THINKING|>{TRACE}<|END_THINKING|><|START_TEXT|>{ANSWER}<|END_TEXT|><|END_OF_TURN_TOKEN|>",
    "MiniMax-M3": f"<mm:think>{TRACE}</mm:think>{ANSWER}",
    "Muse Glimmer": (f" to=self<|message|>{TRACE}<|eom|><|start|>assistant to=user<|message|>{ANSWER}<|eot|>"),
    "MiniCPM-V": f"<reserved_12>{TRACE}<reserved_13>{ANSWER}",
    "Cogito": f"<thinking>\n{TRACE}\n</thinking>\n{ANSWER}",
}
_OPENING_IS_MISSING = frozenset({"DeepSeek-R1", "Qwen3-Thinking-2507", "QwQ"})
_EMPTY_BLOCK = f"<think>\n\n</think>\n\n{ANSWER}"
# A model that only talks about the tags.
_QUOTED = "A reply ends its thinking with `</think>`:\n\n```\n<think>\na\n</think>\n```\n\nThat is all."


def _unsplit(protocol: str) -> list[Cell]:
    return [
        Cell(
            family=family,
            protocol=protocol,
            said=[("content", text)],
            opening_is_missing=family in _OPENING_IS_MISSING,
        )
        for family, text in RAW.items()
    ]


def _split(protocol: str, name: str, *families: str, **more: Any) -> list[Cell]:
    """Families whose thinking the server gives in a field of its own."""
    said = [(name, f"\n{TRACE}\n"), ("content", f"\n\n{ANSWER}")]
    return [Cell(family=family, protocol=protocol, said=said, **more) for family in families]


def _plain(family: str, protocol: str, text: str, note: str, **more: Any) -> Cell:
    """A reply without thinking."""
    return Cell(family=family, protocol=protocol, said=[("content", text)], trace="", note=note, **more)


OFF, LOW, HIGH = ThinkingMode.OFF, ThinkingMode.LOW, ThinkingMode.HIGH

CELLS: list[Cell] = [
    # Ollama
    *_split("Ollama", "thinking", "DeepSeek-R1", "Qwen3", "QwQ", "Magistral", "Gemma 4", sent={"think": True}),
    *_split("Ollama", "thinking", "Kimi K3", "Command A", "GLM-4.7", sent={"think": True}),
    *_split("Ollama", "thinking", "gpt-oss", sent={"think": True}, note="auto"),
    *_split("Ollama", "thinking", "gpt-oss", mode=LOW, sent={"think": "low"}, note="low"),
    *_split("Ollama", "thinking", "gpt-oss", mode=HIGH, sent={"think": "high"}, note="high"),
    *_split("Ollama", "thinking", "gpt-oss", mode=OFF, sent={"think": True}, note="cannot be off"),
    _plain("Qwen3", "Ollama", ANSWER, "off", mode=OFF, sent={"think": False}),
    _plain("Qwen3", "Ollama", _EMPTY_BLOCK, "off, an empty block", mode=OFF, sent={"think": False}),
    Cell(
        family="Qwen3",
        protocol="Ollama",
        said=[("content", RAW["Qwen3"])],
        mode=OFF,
        sent={"think": False},
        note="off, and it thinks all the same",
    ),
    Cell(
        family="Qwen3-VL",
        protocol="Ollama",
        said=[("thinking", ANSWER)],
        trace="",
        mode=OFF,
        sent={"think": False},
        note="off, all in the wrong field",
    ),
    _plain("Llama 3", "Ollama", _QUOTED, "quotes the tags", answer=_QUOTED),
    *_unsplit("Ollama before 0.9"),
    _plain("Qwen3", "Ollama before 0.9", _EMPTY_BLOCK, "an empty block"),
    # DeepSeek's own
    *_split("DeepSeek", "reasoning_content", "DeepSeek-R1", note="of its first generation"),
    *_split("DeepSeek", "reasoning_content", "DeepSeek-V4"),
    *_split(
        "DeepSeek",
        "reasoning_content",
        "DeepSeek-V4",
        mode=HIGH,
        sent={"thinking": {"type": "enabled"}, "reasoning_effort": "high"},
        note="high",
    ),
    _plain("DeepSeek-V4", "DeepSeek", ANSWER, "off", mode=OFF, sent={"thinking": {"type": "disabled"}}),
    # vLLM
    *_split("vLLM", "reasoning_content", "DeepSeek-R1", "Qwen3", "Hunyuan A13B", note="before 0.11"),
    *_split("vLLM", "both", "Qwen3", "Granite 3.3", note="under both names"),
    *_split("vLLM", "reasoning", "DeepSeek-R1", "Qwen3", "Seed-OSS", "Kimi K3", "gpt-oss", "Magistral", "Command A"),
    _plain(
        "Qwen3",
        "vLLM",
        ANSWER,
        "off",
        mode=OFF,
        sent={"chat_template_kwargs": {"enable_thinking": False, "thinking": False}},
    ),
    Cell(
        family="DeepSeek-R1",
        protocol="vLLM",
        said=[("reasoning", ANSWER)],
        trace="",
        mode=OFF,
        note="off, all in the wrong field",
    ),
    *_unsplit("vLLM without a parser"),
    _plain("Qwen3", "vLLM without a parser", _EMPTY_BLOCK, "off, an empty block", mode=OFF),
    _plain("Llama 3", "vLLM without a parser", _QUOTED, "quotes the tags", answer=_QUOTED),
    # llama-server, which the built-in engine is, too
    *_split("llama-server", "reasoning_content", "Qwen3", "DeepSeek-R1", "gpt-oss", "Seed-OSS", "Gemma 4", "Magistral"),
    Cell(
        family="Granite 3.3",
        protocol="llama-server",
        said=[("reasoning_content", TRACE), ("content", f"<response>{ANSWER}</response>")],
        answer=f"<response>{ANSWER}</response>",
        note="leaves a wrapper",
    ),
    Cell(
        family="Qwen3",
        protocol="llama-server",
        said=[("content", RAW["DeepSeek-R1"])],
        opening_is_missing=True,
        note="an orphaned closing tag",
    ),
    _plain(
        "Qwen3",
        "llama-server",
        ANSWER,
        "off",
        mode=OFF,
        sent={"chat_template_kwargs": {"enable_thinking": False, "thinking": False}},
    ),
    # LM Studio
    *_split("LM Studio", "reasoning_content", "Qwen3", "DeepSeek-R1-Distill-Qwen", note="separated"),
    *_split("LM Studio", "reasoning", "gpt-oss", mode=LOW, sent={"reasoning_effort": "low"}),
    *(
        Cell(
            family=family,
            protocol="LM Studio",
            said=[("content", RAW[family])],
            opening_is_missing=family in _OPENING_IS_MISSING,
            note="not separated",
        )
        for family in ("Qwen3", "DeepSeek-R1", "Magistral")
    ),
    # OpenRouter
    *_split("OpenRouter", "details", "DeepSeek-R1", "Qwen3", "Kimi K3", note="words given twice"),
    *_split("OpenRouter", "only_details", "gpt-oss", note="details alone"),
    *_split("OpenRouter", "reasoning", "GLM-4.7", mode=HIGH, sent={"reasoning": {"effort": "high"}}),
    Cell(
        family="o4-mini",
        protocol="OpenRouter",
        said=[("encrypted", "c2VjcmV0"), ("encrypted", "IHRoaW5r"), ("content", ANSWER)],
        trace="",
        is_hidden=True,
        note="encrypted",
    ),
    # Providers in China
    *_split("SiliconFlow", "reasoning_content", "DeepSeek-R1", "Qwen3", "QwQ", "Hunyuan A13B", "Kimi K3"),
    _plain("Qwen3", "SiliconFlow", ANSWER, "off", mode=OFF, sent={"enable_thinking": False}),
    *_split("DashScope", "reasoning_content", "Qwen3", "QwQ", "DeepSeek-R1"),
    _plain("Qwen3", "DashScope", ANSWER, "off", mode=OFF, sent={"enable_thinking": False}),
    *_split("Volcengine", "reasoning_content", "Seed-OSS", "DeepSeek-R1", "Kimi K3"),
    _plain("Seed-OSS", "Volcengine", ANSWER, "off", mode=OFF, sent={"thinking": {"type": "disabled"}}),
    # OpenAI
    *_split(
        "OpenAI Responses",
        "reasoning_summary_text",
        "o4-mini",
        "gpt-5.2",
        sent={"reasoning": {"summary": "auto"}, "store": False},
        note="a summary",
    ),
    Cell(
        family="gpt-5.2",
        protocol="OpenAI Responses",
        said=[("content", ANSWER)],
        trace="",
        is_hidden=True,
        note="no summary",
    ),
    # Others
    *_split("another server", "thinking_part", "Magistral", note="parts of content, as Mistral gives them"),
    *_split("another server", "reasoning_content", "MiniMax-M2"),
]
