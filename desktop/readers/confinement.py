"""The limits that a reader's process puts on itself before it opens a file, so that a hostile file gains nothing.

On Linux the kernel holds them: memory, no writing, no network, no other program, no look into other processes.
Elsewhere the parent's watch over memory and time remains, and Python's own way to the network is taken away.

The window's process does not forbid its memory to others (`PR_SET_DUMPABLE`): the desktop's portals would then refuse
it their file dialogs and colours. Landlock keeps a reader out of it from the reader's side.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys

_ADDRESSES = 2 << 30  # bytes; the parent ends a reader much earlier, if it gets to look in time
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2  # <linux/prctl.h>, <linux/seccomp.h>
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # on all machines
_EVERY_CHANGE = 0x1FFF & ~0b1100  # the rights of <linux/landlock.h>'s first version, but to read files and folders
_CAPABILITY_VERSION = 0x20080522  # <linux/capability.h>
_READS_EVERY_FILE = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, of an administrator
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # their words in <linux/audit.h>
# What a reader needs, by the kernel's number for each of these machines, if it has one: files that are there to read,
# memory, threads, clocks, and what it is itself. Whatever else there is, is refused.
_ALLOWED = {
    "read": (0, 63), "pread64": (17, 67), "readv": (19, 65), "lseek": (8, 62), "close": (3, 57), "dup": (32, 23),
    "write": (1, 64), "writev": (20, 66), "stat": (4, None), "lstat": (6, None), "fstat": (5, 80), "statx": (332, 291),
    "newfstatat": (262, 79), "access": (21, None), "faccessat": (269, 48), "readlink": (89, None),
    "readlinkat": (267, 78), "getdents": (78, None), "getdents64": (217, 61), "getcwd": (79, 17), "poll": (7, None),
    "ppoll": (271, 73), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "mremap": (25, 216),
    "madvise": (28, 233), "brk": (12, 214), "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sigaltstack": (131, 132), "restart_syscall": (219, 128), "exit": (60, 93),
    "exit_group": (231, 94), "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, None), "getrandom": (318, 278),
    "gettid": (186, 178), "getpid": (39, 172), "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160), "sysinfo": (99, 179), "getrusage": (98, 165),
    "getrlimit": (97, 163),
}  # fmt: skip
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_SENDS_SIGNALS = 0o10  # F_SETOWN, F_SETSIG and their like, which would end another process when something is read
_MAKES_A_THREAD = 0x10000  # CLONE_THREAD; without it, a process is made
# Calls of which an argument decides: its index, the bits of it, and whether one of them is needed or forbids the call.
_BY_ARGUMENT = {
    "open": ((2, None), 1, _WRITES, False),
    "openat": ((257, 56), 2, _WRITES, False),
    "fcntl": ((72, 25), 1, _SENDS_SIGNALS, False),
    "clone": ((56, 220), 0, _MAKES_A_THREAD, True),
}
# The first of the calls that are younger than any C library that counts on them: such a library goes back to an older
# call where the kernel does not know the new one. clone3 is the first since its flags can't be looked at.
_YOUNGER_CALLS = 435
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of the kernel's packet filters
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_END_PROCESS = 0x80000000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16


def confine() -> None:
    """Limit this process for the rest of its life; as far as the system lets, and silently where it does not."""
    sys.dont_write_bytecode = True
    socket.socket = _NoSocket  # type: ignore[assignment, misc]
    if sys.platform == "linux":
        _limit_resources()
        _give_up_rights()


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


def _give_up_rights() -> None:
    system = ctypes.CDLL(None)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return
    head, held = struct.pack("Ii", _CAPABILITY_VERSION, 0), ctypes.create_string_buffer(24)
    if system.capget(head, held) == 0:
        kept = struct.unpack_from("6I", held)[1] & _READS_EVERY_FILE
        system.capset(head, struct.pack("6I", kept, kept, 0, 0, 0, 0))
    rules = system.syscall(_LANDLOCK_CREATE_RULESET, struct.pack("Q", _EVERY_CHANGE), 8, 0)
    if rules >= 0:  # rights that no rule gives are gone, and with them the memory of processes without such rules
        system.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0)
        os.close(rules)
    if platform.machine() in _MACHINES:
        program = _filter(platform.machine())
        steps = ctypes.create_string_buffer(program)
        told = struct.pack("HL", len(program) // 8, ctypes.addressof(steps))  # struct sock_fprog
        system.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(told), 0, 0)


def _filter(machine: str) -> bytes:
    """Return the filter of calls. Those of another kind of machine, as of 32 bits, end the process."""
    column = list(_MACHINES).index(machine)
    steps = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 1, 0, _MACHINES[machine]),
        (_RETURN, 0, 0, _END_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _YOUNGER_CALLS),
        (_RETURN, 0, 0, _UNKNOWN),
    ]
    for numbers in _ALLOWED.values():
        if (number := numbers[column]) is not None:
            steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for numbers, index, bits, is_needed in _BY_ARGUMENT.values():
        with_bits, without = (_ALLOW, _REFUSE) if is_needed else (_REFUSE, _ALLOW)
        if (number := numbers[column]) is not None:
            steps += [
                (_EQUAL, 0, 4, number),
                (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * index),
                (_HAS_BIT, 0, 1, bits),
                (_RETURN, 0, 0, with_bits),
                (_RETURN, 0, 0, without),
            ]
    steps.append((_RETURN, 0, 0, _REFUSE))
    return b"".join(struct.pack("HBBI", *step) for step in steps)
