"""Real input methods tried in the real window: `python packaging/dev.py try-input-methods`. Not part of the suite."""
