"""`python -m desktop.readers`: the process that reads one file. It is started by `ReaderProcess`, not by the user."""

from desktop.readers.child import main

if __name__ == "__main__":
    main()
