"""Wire protocols: one file a protocol, all implementing `core.backend.Backend`.

`wire/http.py` alone knows the HTTP library; `wire/framing.py` alone knows how streams are cut into lines.
"""
