"""The database as a file on a disk that may be full, closed to writing or damaged."""
