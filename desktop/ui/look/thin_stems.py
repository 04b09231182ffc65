"""A switch that has OpenType fonts drawn as thin as they are, on Linux: above all Noto's, the usual Chinese font.

Qt tells FreeType to thicken the stems of such fonts (CFF), for letters that are blended with the screen's gamma in
mind. Its windows do not blend so, and a regular Chinese letter beside a Latin one looked bold, most of all on a dark
ground. No setting is heard, so the library is asked for by the name that Qt's own modules call it by. Where that name
is not there, letters stay as Qt has them.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys

_QT = "libQt6Gui.so.6"  # loaded already, as is the next one
_FREETYPE = "libfreetype.so.6"


def draw_thin_stems() -> None:
    """Turn the thickening off, in the window's thread and before the first letter is drawn.

    Later it has no effect on known fonts.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(_QT)._Z14qt_getFreetypev  # qt_getFreetype()
        library.restype = ctypes.c_void_p
        set_property = ctypes.CDLL(_FREETYPE).FT_Property_Set
        set_property.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
        set_property(library(), b"cff", b"no-stem-darkening", ctypes.byref(ctypes.c_ubyte(True)))
