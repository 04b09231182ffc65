"""The domain: conversations, messages, replies, models and connections, and every rule that needs no I/O.

Imports the standard library alone; Qt, HTTP and SQL live in the rooms above.
"""
