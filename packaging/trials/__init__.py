"""What installers of all systems are tried with: a display, and somebody who asks the program a question."""
