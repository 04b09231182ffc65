"""PDF files, page by page, with the place of every letter."""
