"""The tools that installers of all systems are tried with: a display, and a user who asks the program a question."""
