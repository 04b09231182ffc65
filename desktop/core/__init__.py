"""What a conversation, a message, a reply, a model and a connection are, and every rule that needs no I/O.

Imports the standard library alone; Qt, HTTP and SQL live in the rooms above.
"""
