"""The models of a real Ollama, as far as they can be got, imported and deleted: what it sends, and every fault of it.

store = OllamaStore()
with running_server(store.script) as server: ...
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from tests.support.scripted_server import Answer, Fed, Hold, Reply, Reset, json_reply

MANIFEST = {"status": "pulling manifest"}
ENDING = ({"status": "verifying sha256 digest"}, {"status": "writing manifest"}, {"status": "success"})
BIG, SMALL = "sha256:941f309b54ca", "sha256:0ba8f0e314b4"
# How errors read, word for word.
NO_NETWORK = (
    'pull model manifest: Get "https://registry.ollama.ai/v2/library/smol/manifests/latest": dial tcp: lookup'
    " registry.ollama.ai on 10.0.0.1:53: no such host"
)
UNKNOWN = "pull model manifest: file does not exist"
TOO_OLD = (
    "pull model manifest: 412: The model you are attempting to pull requires a newer version of Ollama, version"
    " 0.32.12 or later. Please download the latest version at: https://ollama.com/download"
)
DISK_FULL = "write /usr/share/ollama/.ollama/models/blobs/sha256-941f309b54ca-partial: no space left on device"
DAMAGED = "digest mismatch, file must be downloaded again: want sha256:941f309b54ca, got sha256:ffff"


def layer(done, total, digest=BIG):
    """A line of progress; without `completed` where nothing has come."""
    line = {"status": f"pulling {digest.removeprefix('sha256:')[:12]}", "digest": digest, "total": total}
    return line if done is None else line | {"completed": done}


def pulled(size, begin=None, steps=3):
    """The lines of a whole pull: the weights, a licence of 50 bytes, and the end."""
    big = [layer(begin, size), *(layer(size * at // steps, size) for at in range(1, steps + 1))]
    return [MANIFEST, *big, layer(None, 50, SMALL), layer(50, 50, SMALL), *ENDING]


def lines(*values):
    """A stream of lines: objects, and steps such as pauses as they are."""
    steps = [json.dumps(each) + "\n" if isinstance(each, dict) else each for each in values]
    return Reply(steps, content_type="application/x-ndjson")


@dataclass
class OllamaStore:
    """A server whose models are `sizes` by name; of 0 it tells none. `partial` is what a pull that broke off left.

    `pulls` are answers in place of its own. It is `loaded` with some, of version `version`, and it resets a connection
    on which it is sent a blob that it `holds` already. It refuses files with the words in `refuses_files`, if any.
    All models are made of one `modelfile`, and look alike but for what `looks` has of some.
    """

    sizes: dict[str, int] = field(default_factory=dict)
    offered: dict[str, int] = field(default_factory=lambda: {"smol:latest": 98_362_432})
    pulls: list[Answer] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    version: str = "0.33.0"
    disk: int = 1 << 40
    partial: dict[str, int] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    refuses_files: str = ""
    modelfile: str = ""
    looks: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def script(self):
        return {
            "GET /": [Reply(["Ollama is running"], content_type="text/plain", is_plain=True)],
            "GET /api/version": [json_reply({"version": self.version})],
            "GET /api/tags": [self._tags],
            "GET /api/ps": [lambda request: json_reply({"models": [{"name": each} for each in self.loaded]})],
            "GET /api/status": [json_reply({"cloud": {"disabled": False, "source": "none"}})],
            "POST /api/show": [self._show],
            "POST /api/pull": [self._pull],
            "POST /api/chat": [self._chat],
            "POST /api/create": [self._create],
            "DELETE /api/delete": [self._delete],
            "HEAD /api/blobs/*": [self._has_blob],
            "POST /api/blobs/*": [self._take_blob],
        }

    def holds(self, method, path):
        """True for a blob that is sent although it is there: answered early, its connection reset."""
        return method == "POST" and path.startswith("/api/blobs/") and path.rpartition("/")[2] in self.blobs

    def _tags(self, request):
        entries = [
            {
                "name": name, "model": name, "digest": "ab", "capabilities": ["completion"],
                "details": {"family": "llama", "parameter_size": "135M", "quantization_level": "Q4_K_M"}
                | self.looks.get(name, {}),
            } | ({"size": size} if size else {})
            for name, size in self.sizes.items()
        ]  # fmt: skip
        return json_reply({"models": entries})

    def _show(self, request):
        name = _named(request)
        if name not in self.sizes:
            return json_reply({"error": f"model '{name}' not found"}, 404)
        shown = {"details": {}, "model_info": {}, "capabilities": ["completion"], "template": ""}
        return json_reply(shown | {"modelfile": self.modelfile})

    def _pull(self, request):
        if self.pulls:
            answer = self.pulls.pop(0)
            return answer if isinstance(answer, Reply) else answer(request)
        name = _named(request)
        if "@" in name or " " in name:
            return json_reply({"error": "invalid model name"}, 400)
        size = self.offered.get(name)
        if size is None:
            return lines(MANIFEST, {"error": UNKNOWN})
        if size > self.disk:
            return lines(MANIFEST, layer(None, size), layer(self.disk, size), {"error": DISK_FULL})
        begin = self.partial.pop(name, None)
        self.sizes[name] = size
        return lines(*pulled(size, begin))

    def _chat(self, request):
        body = request.json
        if body["model"] not in self.sizes:
            return json_reply({"error": f"model '{body['model']}' not found"}, 404)
        if body.get("keep_alive") == 0 and not body["messages"]:
            self.loaded = [each for each in self.loaded if each != body["model"]]
            return json_reply({"model": body["model"], "done": True, "done_reason": "unload"})
        return json_reply({"model": body["model"], "message": {"content": "Hello"}, "done": True})

    def _create(self, request):
        body = request.json
        steps = [{"status": "parsing GGUF"}]
        if self.refuses_files:
            return lines(*steps, {"error": self.refuses_files})
        for name, digest in body["files"].items():
            if digest not in self.blobs:
                return lines({"error": f"open /models/blobs/{digest.replace(':', '-')}: no such file or directory"})
            if not self.blobs[digest].startswith(b"GGUF"):
                return lines(*steps, {"error": "supplied file was not in GGUF format"})
            steps.append({"status": f"using existing layer {digest}"})
            self.sizes[body["model"]] = len(self.blobs[digest])
            assert "/" not in name
        steps += [
            {"status": "using autodetected template chatml"},
            {"status": "writing manifest"},
            {"status": "success"},
        ]
        return lines(*steps)

    def _delete(self, request):
        name = _named(request)
        if self.sizes.pop(name, None) is None:
            return json_reply({"error": f"model '{name}' not found"}, 404)
        return Reply([""], is_plain=True)

    def _has_blob(self, request):
        return Reply([], status=200 if request.path.rpartition("/")[2] in self.blobs else 404, is_plain=True)

    def _take_blob(self, request):
        digest = request.path.rpartition("/")[2]
        if digest in self.blobs:
            return Reply([Reset()], status=200)
        got = f"sha256:{hashlib.sha256(request.body).hexdigest()}"
        if got != digest:
            return json_reply({"error": f"digest mismatch, expected {digest} got {got}"}, 400)
        if len(request.body) > self.disk:
            return json_reply({"error": DISK_FULL}, 500)
        self.blobs[digest] = request.body
        return Reply([""], status=201, is_plain=True)


def stalling(size, at):
    """A pull whose network goes in the middle: the same line again and again, and no error."""
    return lines(MANIFEST, layer(at, size), *([layer(at, size)] * 3), Hold(), *pulled(size, at)[1:])


def fed():
    """A pull that sends what it is fed."""
    return Reply([Fed()], content_type="application/x-ndjson")


def line(value):
    return json.dumps(value).encode() + b"\n"


def _named(request):
    name = str(request.json.get("model", ""))
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def whole(size):
    """The bytes of a whole pull."""
    return [line(each) for each in pulled(size)]
