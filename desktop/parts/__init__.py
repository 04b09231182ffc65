"""The parts of the program, put together for `app`: each module joins what belongs to one job, across all rooms."""
