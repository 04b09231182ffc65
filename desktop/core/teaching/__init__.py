"""What the program teaches about itself and about models: lessons of a minute, and a small dictionary."""
