"""The recipe for macOS. It needs a Mac; elsewhere its files are only linted (`tests/packaging/test_linux.py`)."""
