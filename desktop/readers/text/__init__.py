"""Plain texts, and what is written in them: Markdown, tables, web pages, code."""
