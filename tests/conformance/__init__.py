"""Real servers tried with Candor's own clients: `python packaging/dev.py try-servers NAME`. Not part of the suite."""
