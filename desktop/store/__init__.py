"""What stays on disk: conversations in SQLite, settings in a file, secrets in the keyring, and where these lie."""
