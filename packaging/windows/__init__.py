"""The recipes for Windows, which run on Linux: the program's folder, the setup for a user, the MSI for a company."""
