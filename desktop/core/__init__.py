"""The domain: conversations, messages, replies, models and connections, and every rule that needs no I/O.

Imports the standard library alone, and reads nothing but tables of its own (`resources.table`); Qt, HTTP and SQL
live in the rooms above.
"""
