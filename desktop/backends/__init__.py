"""Wire protocols: one file a protocol, all implementing `core.request.Backend`.

`wire/way.py` and what it imports alone know the HTTP library; `wire/bodies.py` alone knows how JSON stands in streams.
"""
