"""Files to text: a child process that reads one file, and its parent's side.

Which part of the text is sent is the business of `core/documents/`.
"""
