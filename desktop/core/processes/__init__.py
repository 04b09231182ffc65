"""Processes of the program beside the window's."""
