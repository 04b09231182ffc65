"""`python -m desktop.engine`: the engine's own process. It is started by `EngineProcess`, not by the user."""

from desktop.engine.child import main

if __name__ == "__main__":
    main()
