"""A small registry of models on loopback, from which an Ollama can fetch one without a network.

As the real one, it sends whoever wants the bytes of a model on to another host: an Ollama takes them from no other way.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_REPOSITORY, _KEPT = "/v2/library/candor-try-pull", "/kept"
_OTHER_NAME = "localhost"  # of this computer, which the name of the model has as a number
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@contextlib.contextmanager
def registry_with(model):
    """Serve a model file; yields the name by which an Ollama fetches it."""
    content = model.read_bytes()
    config = json.dumps(
        {"model_format": "gguf", "model_family": "llama", "architecture": "amd64", "os": "linux"}
    ).encode()
    blobs = {_digest(each): each for each in (content, config)}
    layers = [_layer("application/vnd.ollama.image.model", content)]
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _layer("application/vnd.docker.container.image.v1+json", config),
        "layers": layers,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(with_body=True)

        def do_HEAD(self):
            self._answer(with_body=False)

        def _answer(self, *, with_body):
            kind, _, name = self.path.rpartition("/")
            if kind == f"{_REPOSITORY}/blobs" and name in blobs and with_body:
                self.send_response(307)
                self.send_header("Location", f"http://{_OTHER_NAME}:{server.server_port}{_KEPT}/{name}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            is_manifest = self.path == f"{_REPOSITORY}/manifests/latest"
            is_blob = kind in (_KEPT, f"{_REPOSITORY}/blobs")
            body = json.dumps(manifest).encode() if is_manifest else blobs.get(name) if is_blob else None
            if body is None:
                self.send_error(404)
                return
            first, last, status = 0, len(body) - 1, 200
            if asked := self.headers.get("Range"):
                begin, _, end = asked.removeprefix("bytes=").partition("-")
                first, last, status = int(begin), min(int(end or last), last), 206
            self.send_response(status)
            self.send_header("Content-Type", _MANIFEST if is_manifest else "application/octet-stream")
            self.send_header("Content-Length", str(last - first + 1))
            if status == 206:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            self.end_headers()
            if with_body:
                self.wfile.write(body[first : last + 1])

        def log_message(self, format, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/library/candor-try-pull:latest"
    finally:
        server.shutdown()
        server.server_close()


def _digest(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _layer(media_type, content):
    return {"mediaType": media_type, "digest": _digest(content), "size": len(content)}
