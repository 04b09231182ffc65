"""Wire protocols: one file a protocol, all implementing `core.backend.Backend`.

`wire/way.py` and what it imports alone know the HTTP library; `wire/framing.py` alone knows how JSON stands in streams.
"""
