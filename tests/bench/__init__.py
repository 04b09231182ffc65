"""Measures the program as a user meets it: start, memory, the cost of a long answer, stalls of its window.

`python -m tests.bench` prints one table. These are measurements, not tests: nothing here is collected by pytest.
"""
