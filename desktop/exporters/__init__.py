"""Exports of conversations to files, for other programs and for readers: one module a format. Writes nothing itself."""
