"""The words for each failure that is known, as tables: of a server, of the built-in engine, of the disk.

Which entry fits a failure is chosen in `errors.py`; nothing else reads these tables.
"""
