"""The page *Help*: lessons, a dictionary, shortcuts, and the ways to diagnostics and to the parts of the program."""
