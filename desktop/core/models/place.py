"""The place of a model, its server, or further on if that server forwards it; and the name that it has from its maker.

The one owner of a model's place; whoever shows or decides by a place asks here. It is decided from the connection and
from what the server's list says of the model; nobody is asked. The name is read from the one under which a server or
a file has it: `qwen2.5-0.5b-instruct-q4_k_m.gguf` is "Qwen2.5 0.5B", `deepseek-r1:7b` is "DeepSeek R1 Distill 7B".
Rules for families that are known; of any other name nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelInfo
from desktop.core.place import Place, PlaceKind

CLOUD_HOST = "ollama.com"  # where Ollama sends on what names no other host


def place_of(connection: Connection, model: ModelInfo) -> Place:
    """Return where words for `model` end up that are sent to `connection`.

    Of a model that is not listed (yet) its bare name is enough: a name that Ollama forwards is told by its ending.
    """
    if connection.kind is ConnectionKind.BUILT_IN:
        return connection.server_place
    if connection.passes_on_to and connection.server_place.kind is not PlaceKind.INTERNET:
        return Place(PlaceKind.INTERNET, forwarding_host(connection.passes_on_to))
    return place_behind(connection.server_place, model)


def place_behind(server: Place, model: ModelInfo) -> Place:
    """Return where a server at `server` has `model` answer: there, or on the internet where it forwards.

    A forwarded model counts as the internet whatever its host is called, since nobody here knows where that sends it
    on to. A server that is on the internet itself stays the place: its host is the one that words are sent to.
    """
    host = model.forwarded_to or (CLOUD_HOST if is_cloud_name(model.name) else "")
    return Place(PlaceKind.INTERNET, host) if host and server.kind is not PlaceKind.INTERNET else server


def is_cloud_name(name: str) -> bool:
    """Return True if Ollama forwards a model of this name, even if it lists no such model.

    Its own rule (`internal/modelref`, 2026): what stands behind the last colon is `cloud`, or ends in `-cloud`.
    """
    _, colon, tag = name.rpartition(":")
    tag = tag.strip().lower()
    return bool(colon) and (tag == "cloud" or (tag.endswith("-cloud") and "/" not in tag))


def forwarding_host(address: str) -> str:
    """Return the host in the address that a server forwards to, such as `https://ollama.com:443`.

    An address that cannot be read is one on the internet all the same, and is named as it stands.
    """
    text = address.strip()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname
    except ValueError:
        host = None
    return host or text or CLOUD_HOST


_LONGEST = 120  # characters; a longer name is nobody's model
_FILE = re.compile(r"(?:-\d{5}-of-\d{5})?\.gguf$", re.IGNORECASE)
# How the weights are stored, at the end of a name.
_STORED = re.compile(
    r"[-_.:](?:ud|(?:i?q|fp|bf|f|int|w)\d+(?:_\w+)?|mxfp4\w*|nvfp4\w*|awq|gptq|gguf|qat|mlx|bnb|latest)$", re.IGNORECASE
)
_SIZE = re.compile(r"^(?:[ea]?\d+(?:\.\d+)?[bmt]|\d+x\d+b)$", re.IGNORECASE)
_UPPER = re.compile(r"^(?:v?\d+(?:\.\d+)?|[a-z]\d.*|vl|moe)$", re.IGNORECASE)
_NOT_SAID = frozenset({"instruct", "it", "chat"})  # what all models that are talked to have in their names
# How families write their names; braces stand for the version behind, which some write apart. Not the size: "7b".
_VERSION = re.compile(r"[-_ ]?(\d+(?:\.\d+)*)(?![\d.]|[bmt]\b|x\d)", re.IGNORECASE)
_FAMILIES = {
    "qwen": "Qwen{}", "qwq": "QwQ", "deepseek": "DeepSeek", "gpt-oss": "gpt-oss", "gemma": "Gemma {}",
    "translategemma": "TranslateGemma", "llama": "Llama {}", "meta-llama": "Llama {}", "ministral": "Ministral {}",
    "mistral-small": "Mistral Small {}", "mistral": "Mistral", "mixtral": "Mixtral", "magistral": "Magistral",
    "devstral": "Devstral", "phi": "Phi-{}", "granite": "Granite {}", "glm": "GLM-{}", "minicpm-v": "MiniCPM-V {}",
    "smollm": "SmolLM{}", "tinyllama": "TinyLlama", "kimi": "Kimi",
}  # fmt: skip


def own_name(name: str) -> str:
    """Return the name of a model as its maker writes it; empty where its family is not known.

    Also empty for a model that an Ollama forwards: its name says where it is.
    """
    plain = re.split(r"[\\/]", name.strip())[-1]
    if plain.lower() == "deepseek-r1:latest":
        plain = "deepseek-r1:8b"  # what Ollama has under this name
    if len(plain) > _LONGEST or is_cloud_name(name):
        return ""
    plain = _without_storage(_FILE.sub("", plain))
    known = re.sub("[_ ]", "-", plain.lower())
    begin = max((each for each in _FAMILIES if known.startswith(each)), key=len, default="")
    if not begin or known[len(begin) :][:1].isalpha():
        return ""
    shown, end = _FAMILIES[begin], len(begin)
    version = _VERSION.match(plain, end) if "{}" in shown else None
    family = shown.format(version[1] if version else "").strip(" -")
    return _with_rest(family, plain[version.end() if version else end :])


def shown_name(name: str) -> str:
    """Return a name as users read it, where nothing but the name is known: of a file without its folders."""
    return own_name(name) or (re.split(r"[\\/]", _FILE.sub("", name))[-1] if _FILE.search(name) else name)


def with_own_names(models: Iterable[ModelInfo]) -> list[ModelInfo]:
    """Return the models of one server with their makers' names, where the server has none that a user could read.

    Two that would have the same name keep what tells them apart.
    """
    named = [(model, own_name(model.name) if not model.label else "") for model in models]
    count = Counter(name for _, name in named)
    return [
        replace(model, label=f"{name} ({model.name})" if count[name] > 1 else name) if name else model
        for model, name in named
    ]


def _without_storage(name: str) -> str:
    before = ""
    while name != before:
        before, name = name, _STORED.sub("", name)
    return name


def _with_rest(family: str, rest: str) -> str:
    """Return a family with what its name goes on with, words in capitals as makers have them."""
    parts = [part for part in re.split("[-_: ]+", rest) if part]
    has_size = any(_SIZE.match(part) for part in parts)
    if family == "DeepSeek" and parts and parts[0].lower() == "r1":
        parts = _of_r1(parts)
    words = [_word(part) for part in parts if not (has_size and part.lower() in _NOT_SAID)]
    if words and words[0] == "VL":
        family, words = f"{family}-VL", words[1:]
    return " ".join([family, *words])


def _of_r1(parts: list[str]) -> list[str]:
    """Return the parts with the word that all sizes of R1 but the whole one are distilled."""
    lower = [part.lower() for part in parts]
    if "distill" in lower:
        return [part for part in parts if part.lower() not in ("qwen", "llama")]
    size = next((part for part in lower if _SIZE.match(part)), "")
    return [parts[0], "Distill", *parts[1:]] if size and size != "671b" else parts


def _word(part: str) -> str:
    if _SIZE.match(part) or _UPPER.match(part):
        return part.upper()
    return part if part == "mini" or not part.islower() else part.capitalize()
