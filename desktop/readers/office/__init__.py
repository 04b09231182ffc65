"""Files of office programs, and books."""
