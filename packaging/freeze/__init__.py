"""How the program and its Python are put into one folder that runs without either being installed."""
