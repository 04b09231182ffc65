"""The recipes for Windows, which run on Linux: the program's folder, the setup for a person, the MSI for a company."""
