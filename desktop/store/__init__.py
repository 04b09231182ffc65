"""Persistence: conversations in SQLite, settings in a file, secrets in the keyring, and the folders these lie in."""
