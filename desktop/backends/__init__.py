"""Wire protocols: one file a protocol, all implementing `core.backend.Backend`.

`http.py` alone knows the HTTP library; `framing.py` alone knows how streams are cut into lines.
"""
