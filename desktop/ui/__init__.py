"""The window and its parts, in Qt Widgets: one file a visible thing.

A widget emits with signals what the user did and is told with methods what to show. Nothing here opens a socket, a
database or a keyring; the words that a user reads about failures are chosen in `errors.py`.
"""
