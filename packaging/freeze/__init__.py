"""The freezing of the program: it and its Python in one folder that runs without either being installed."""
