"""The bridge between asyncio and Qt: the loop thread, running replies, work in the background.

Qt's core alone is used here; there are no widgets, sockets or SQL.
"""
