"""The first code of the frozen program on Linux: it has the modules read out of the very file that runs.

By its path it would read, after an upgrade, at the old places of a new file, and whatever is imported late would fail.
Named this way the kernel keeps the old file for as long as it runs.
"""

from importlib import import_module

# The freezer's own module, which is there before those of the program.
import_module("pyimod02_importers").pyz_archive._filename = "/proc/self/exe"
