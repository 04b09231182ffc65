"""What fits a model while the program runs: what fills its window, and ways with what does not fit."""
