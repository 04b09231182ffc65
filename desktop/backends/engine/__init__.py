"""Parts of the built-in engine's backend: whose turn it is, and what is done ahead of a question."""
