"""The index of everything that was said, and searching in it."""
