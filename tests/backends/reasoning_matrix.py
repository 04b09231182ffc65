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
from tests.support.scripted_server import Hold, Reply
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
    def id(self):
        return " · ".join(each for each in (self.family, self.protocol, self.note) if each)

    @property
    def thinks(self):
        return bool(self.trace) or self.is_hidden

    @property
    def model(self):
        return self.family.lower().replace(" ", "-")


# --- Framing -----------------------------------------------------------------------------------------------------


def _pieces(said):
    """Texts cut small; other values whole."""
    cut = []
    for name, value in said:
        if isinstance(value, str):
            cut += [(name, value[at : at + _PIECE]) for at in range(0, len(value), _PIECE)]
        else:
            cut.append((name, value))
    return cut


def stream(cell, *, pauses=False):
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


def _paused(reply, pauses, cell):
    if not pauses:
        return reply
    steps = list(reply.steps)
    middle = 2 if cell.is_hidden else len(steps) // 3  # of the thinking, which is longer than the answer
    return Reply([*steps[:middle], Hold(), *steps[middle:]], content_type=reply.content_type)


def script_of(cell, *replies):
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
RAW = {
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


def _unsplit(protocol, *families, note=""):
    """Families whose thinking comes in tags, which no server has taken out."""
    missing = _OPENING_IS_MISSING
    return [
        Cell(
            family=each, protocol=protocol, said=[("content", RAW[each])], opening_is_missing=each in missing, note=note
        )
        for each in families
    ]


def _split(family, protocol, name, **more):
    """A reply whose thinking the server gives in a field of its own."""
    said = [(name, f"\n{TRACE}\n"), ("content", f"\n\n{ANSWER}")]
    return Cell(family=family, protocol=protocol, said=said, **more)


def _plain(family, protocol, note, *said, **more):
    """A reply without thinking that is shown."""
    return Cell(family=family, protocol=protocol, said=said or [("content", ANSWER)], trace="", note=note, **more)


OFF, LOW, HIGH = ThinkingMode.OFF, ThinkingMode.LOW, ThinkingMode.HIGH
TYPE_OFF = {"thinking": {"type": "disabled"}}
TEMPLATE_OFF = {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}
EMPTY, QUOTED = ("content", _EMPTY_BLOCK), ("content", _QUOTED)

CELLS = [
    _split("Qwen3", "Ollama", "thinking", sent={"think": True}),
    _split("gpt-oss", "Ollama", "thinking", sent={"think": True}, note="auto"),
    _split("gpt-oss", "Ollama", "thinking", mode=LOW, sent={"think": "low"}, note="low"),
    _split("gpt-oss", "Ollama", "thinking", mode=HIGH, sent={"think": "high"}, note="high"),
    _split("gpt-oss", "Ollama", "thinking", mode=OFF, sent={"think": True}, note="cannot be off"),
    _plain("Qwen3", "Ollama", "off", mode=OFF, sent={"think": False}),
    _plain("Qwen3", "Ollama", "off, an empty block", EMPTY, mode=OFF, sent={"think": False}),
    Cell(
        family="Qwen3", protocol="Ollama", said=[("content", RAW["Qwen3"])], mode=OFF, sent={"think": False},
        note="off, and it thinks all the same",
    ),
    _plain("Qwen3-VL", "Ollama", "off, all in the wrong field", ("thinking", ANSWER), mode=OFF, sent={"think": False}),
    _plain("Llama 3", "Ollama", "quotes the tags", QUOTED, answer=_QUOTED),
    *_unsplit("Ollama before 0.9", "Qwen3", "DeepSeek-R1"),
    _split("DeepSeek-V4", "DeepSeek", "reasoning_content"),
    _split(
        "DeepSeek-V4", "DeepSeek", "reasoning_content", mode=HIGH, note="high",
        sent={"thinking": {"type": "enabled"}, "reasoning_effort": "high"},
    ),
    _plain("DeepSeek-V4", "DeepSeek", "off", mode=OFF, sent=TYPE_OFF),
    _split("Qwen3", "vLLM", "reasoning_content", note="before 0.11"),
    _split("Qwen3", "vLLM", "both", note="under both names"),
    _split("Qwen3", "vLLM", "reasoning"),
    _plain("Qwen3", "vLLM", "off", mode=OFF, sent=TEMPLATE_OFF),
    _plain("DeepSeek-R1", "vLLM", "off, all in the wrong field", ("reasoning", ANSWER), mode=OFF),
    *_unsplit("vLLM without a parser", *RAW),
    _plain("Qwen3", "vLLM without a parser", "off, an empty block", EMPTY, mode=OFF),
    _plain("Llama 3", "vLLM without a parser", "quotes the tags", QUOTED, answer=_QUOTED),
    # llama-server, which the built-in engine is, too
    _split("Qwen3", "llama-server", "reasoning_content"),
    Cell(
        family="Granite 3.3", protocol="llama-server", note="leaves a wrapper",
        said=[("reasoning_content", TRACE), ("content", f"<response>{ANSWER}</response>")],
        answer=f"<response>{ANSWER}</response>",
    ),
    *_unsplit("llama-server", "DeepSeek-R1", note="an orphaned closing tag"),
    _plain("Qwen3", "llama-server", "off", mode=OFF, sent=TEMPLATE_OFF),
    _split("Qwen3", "LM Studio", "reasoning_content", note="separated"),
    _split("gpt-oss", "LM Studio", "reasoning", mode=LOW, sent={"reasoning_effort": "low"}),
    *_unsplit("LM Studio", "Magistral", note="not separated"),
    _split("DeepSeek-R1", "OpenRouter", "details", note="words given twice"),
    _split("gpt-oss", "OpenRouter", "only_details", note="details alone"),
    _split("GLM-4.7", "OpenRouter", "reasoning", mode=HIGH, sent={"reasoning": {"effort": "high"}}),
    _plain(
        "o4-mini", "OpenRouter", "encrypted", ("encrypted", "c2VjcmV0"), ("encrypted", "IHRoaW5r"), ("content", ANSWER),
        is_hidden=True,
    ),
    _split("Qwen3", "SiliconFlow", "reasoning_content"),
    _plain("Qwen3", "SiliconFlow", "off", mode=OFF, sent={"enable_thinking": False}),
    _split("Qwen3", "DashScope", "reasoning_content"),
    _plain("Qwen3", "DashScope", "off", mode=OFF, sent={"enable_thinking": False}),
    _split("Seed-OSS", "Volcengine", "reasoning_content"),
    _plain("Seed-OSS", "Volcengine", "off", mode=OFF, sent=TYPE_OFF),
    _split(
        "o4-mini", "OpenAI Responses", "reasoning_summary_text", note="a summary",
        sent={"reasoning": {"summary": "auto"}, "store": False},
    ),
    _plain("gpt-5.2", "OpenAI Responses", "no summary", is_hidden=True),
    _split("Magistral", "another server", "thinking_part", note="parts of content, as Mistral gives them"),
    _split("MiniMax-M2", "another server", "reasoning_content"),
]  # fmt: skip
