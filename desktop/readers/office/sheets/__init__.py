"""Spreadsheets: rows of cells as they are shown."""
