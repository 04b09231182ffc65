"""The limits that a reader's process puts on itself before it opens a file, so that a hostile file gains nothing.

On Linux the kernel holds them: memory, no writing, no network, no other program. Elsewhere the parent's watch over
memory and time remains, and Python's own way to the network is taken away.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct
import sys

_ADDRESSES = 2 << 30  # bytes; the parent ends a reader much earlier, if it gets to look in time
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2  # <linux/prctl.h>, <linux/seccomp.h>
# The kernel's number of each kind of machine, and of its calls that are refused: socket, connect, bind, the making of
# processes and programs, signals to others, and whatever changes names or contents of files.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        (
            41, 42, 49, 57, 58, 59, 62, 76, 82, 83, 84, 85, 86, 87, 88, 90, 101, 258, 263, 264, 265, 266, 268, 311, 316,
            322, 424, 425, 437,
        ),
        ((257, 2), (2, 1)),
        56,
    ),
    "aarch64": (
        0xC00000B7,
        (34, 35, 36, 37, 38, 45, 53, 117, 129, 198, 200, 203, 221, 271, 276, 281, 424, 425, 437),
        ((56, 2),),
        220,
    ),
}  # fmt: skip
_OTHER_CALLS = 0x40000000  # of x86-64's second set of calls
_CLONE3 = 435  # on all machines; the C library goes back to the older call, whose flags can be looked at
_MAKES_A_THREAD = 0x10000
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of the kernel's packet filters
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16


def confine() -> None:
    """Limit this process for the rest of its life; as far as the system lets, and silently where it does not."""
    sys.dont_write_bytecode = True
    socket.socket = _NoSocket  # type: ignore[assignment, misc]
    if sys.platform == "linux":
        _limit_resources()
        _refuse_calls()


class _NoSocket:
    def __init__(self, *_: object, **__: object) -> None:
        raise PermissionError("a reader has no network")


def _limit_resources() -> None:
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, _ADDRESSES),
        (resource.RLIMIT_CORE, 0),  # what it read would lie in it
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _refuse_calls() -> None:
    if platform.machine() not in _MACHINES:
        return
    program = _filter(*_MACHINES[platform.machine()])
    kept = ctypes.create_string_buffer(program)
    told = struct.pack("HL", len(program) // 8, ctypes.addressof(kept))  # struct sock_fprog
    system = ctypes.CDLL(None)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        system.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(told), 0, 0)


def _filter(machine: int, refused: tuple[int, ...], opening: tuple[tuple[int, int], ...], clone: int) -> bytes:
    """Return the filter of calls: `refused` by number, and `opening`, (number, index of flags), of files to write.

    `clone` makes threads, which are allowed, and processes.
    """
    steps = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _NUMBER_AT)]
    for kind, number, answer in (
        (_AT_LEAST, _OTHER_CALLS, _REFUSE),
        (_EQUAL, _CLONE3, _UNKNOWN),
        *((_EQUAL, number, _REFUSE) for number in refused),
    ):
        steps += [(kind, 0, 1, number), (_RETURN, 0, 0, answer)]
    for number, index, flags, is_allowed in (
        (clone, 0, _MAKES_A_THREAD, True),
        *((number, index, _WRITES, False) for number, index in opening),
    ):
        with_flags, without = (_ALLOW, _REFUSE) if is_allowed else (_REFUSE, _ALLOW)
        steps += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * index),
            (_HAS_BIT, 0, 1, flags),
            (_RETURN, 0, 0, with_flags),
            (_RETURN, 0, 0, without),
        ]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)
