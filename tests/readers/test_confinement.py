"""A reader's process has no network, writes nothing, starts nothing, sees no other process, and loads little."""

from __future__ import annotations

import errno
import platform
import signal
import subprocess
import sys

import pytest

from desktop.core.processes import environment

LINUX = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}


def confined(code, *arguments):
    """What code says in a process that has confined itself."""
    return run(f"from desktop.readers.confinement import confine\nconfine()\n{code}", *arguments)


def run(code, *arguments):
    """What code says in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_there_is_no_network():
    assert "a reader has no network" in confined("import socket; socket.socket()")
    assert "a reader has no network" in confined("import socket; socket.create_connection(('127.0.0.1', 9))")


@pytest.mark.skipif(not LINUX, reason="by the kernel of Linux")
@pytest.mark.parametrize(
    "code",
    [
        "import _socket; _socket.socket()",
        "import os; os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import os, sys; os.open(sys.argv[1], os.O_WRONLY)",
        "import os, sys; os.open(sys.argv[1] + 'x', os.O_RDONLY | os.O_CREAT)",
        "import os, sys; os.truncate(sys.argv[1], 0)",
        "import os, sys; os.remove(sys.argv[1])",
        "import os, sys; os.rename(sys.argv[1], sys.argv[1] + 'x')",
        "import os, sys; os.chmod(sys.argv[1], 0)",
        "import os; os.kill(os.getppid(), 0)",
        "import os, sys; os.mknod(sys.argv[1] + 'x')",
        "import os, sys; os.mkdir(sys.argv[1] + 'x')",
        "import os, sys; os.link(sys.argv[1], sys.argv[1] + 'x')",
        "import os, sys; os.symlink('/etc', sys.argv[1] + 'x')",
        "import os, sys; os.utime(sys.argv[1], (1, 1))",
        "import os, sys; os.chown(sys.argv[1], os.getuid(), -1)",
        "import os, sys; os.setxattr(sys.argv[1], 'user.a', b'')",
        "import os; os.memfd_create('a')",
        "import os; os.setpriority(os.PRIO_PROCESS, os.getppid(), 0)",
        "import os; os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))",
        "import os, resource; resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "import fcntl, os; fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())",
        "import fcntl; fcntl.fcntl(1, fcntl.F_SETSIG, 9)",
    ],
)
def test_the_kernel_refuses(tmp_path, code):
    path = tmp_path / "a"
    path.write_text("kept")
    assert "PermissionError" in confined(code, str(path))
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert path.read_text() == "kept"


# A process that holds a secret has a child that confines itself and does what it is told to.
PARENT = """
import ctypes, mmap, os, resource, signal, struct, sys
from desktop.readers.confinement import confine
if sys.argv[1] != "root" and os.getuid() == 0:
    os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1)  # open to others again, as a program that was started by an ordinary user
kernel = ctypes.CDLL(None, use_errno=True)
secret = b"a key of the parent"
place = ctypes.c_char_p(secret)
address = ctypes.cast(place, ctypes.c_void_p).value
child = os.fork()
if child == 0:
    confine()
    parent = os.getppid()
    try:
        %s
    except OSError as error:
        print(type(error).__name__)
    sys.stdout.flush()
    os._exit(0)
print("the child's end:", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
READ_PARENT = """
        kept = ctypes.create_string_buffer(len(secret))
        near = struct.pack("QQ", ctypes.addressof(kept), len(secret))
        print(kernel.process_vm_readv(parent, near, 1, struct.pack("QQ", address, len(secret)), 1, 0), kept.value)
"""
REFUSED = f"-1 {errno.EPERM}\n"
ATTACKS_ON_THE_PARENT = {
    "its memory by a call": (READ_PARENT, "-1 b''\n"),
    "its memory as a file": (
        "f = open(f'/proc/{parent}/mem', 'rb'); f.seek(address); print(f.read(9))", "PermissionError\n"
    ),
    "its environment": ("print(open(f'/proc/{parent}/environ', 'rb').read())", "PermissionError\n"),
    "its open files": ("print(open(f'/proc/{parent}/fd/0', 'rb'))", "PermissionError\n"),
    "a debugger": ("print(kernel.ptrace(16, parent, 0, 0), ctypes.get_errno())", REFUSED),
    "its end by one thread's signal": (
        "print(kernel.tgkill(parent, parent, 9), ctypes.get_errno())", REFUSED
    ),
}  # fmt: skip


@pytest.mark.skipif(not LINUX, reason="by the kernel of Linux")
@pytest.mark.parametrize("user", ["root", "ordinary"])
@pytest.mark.parametrize("attack", ATTACKS_ON_THE_PARENT)
def test_the_parent_is_out_of_reach(attack, user):
    code, outcome = ATTACKS_ON_THE_PARENT[attack]
    assert run(PARENT % code, user) == f"{outcome}the child's end: 0\n"


# Calls of 32 bits from a process of 64: their numbers are others. fork, socket, open to write, and kill of the parent.
OF_32_BITS = """
        kernel.mmap.restype = ctypes.c_void_p
        page = kernel.mmap(None, 4096, 7, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40, -1, 0)  # below 4 GiB
        path = sys.argv[2].encode() + bytes(1)
        words = [{}]
        moves = zip((0xB8, 0xBB, 0xB9, 0xBA), words)  # to eax, ebx, ecx and edx
        code = b"\\x53" + b"".join(bytes([move]) + word.to_bytes(4, "little") for move, word in moves)
        ctypes.memmove(page, code + b"\\xcd\\x80\\x5b\\xc3", len(code) + 4)
        ctypes.memmove(page + 2048, path, len(path))
        print(ctypes.CFUNCTYPE(ctypes.c_int)(page)())
"""


@pytest.mark.skipif(not LINUX or platform.machine() != "x86_64", reason="no calls of 32 bits")
@pytest.mark.parametrize("user", ["root", "ordinary"])
@pytest.mark.parametrize("words", ["2, 0, 0, 0", "359, 2, 1, 0", "5, page + 2048, 0o101, 0o600", "37, parent, 9, 0"])
def test_calls_of_another_kind_of_machine_end_the_process(tmp_path, words, user):
    said = run(PARENT % OF_32_BITS.format(words), user, str(tmp_path / "made"))
    assert said == f"the child's end: {-signal.SIGSYS}\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not LINUX, reason="by the kernel of Linux")
def test_calls_that_a_newer_library_may_try_end_nothing():
    """The older call in its place is made instead where the kernel says that it does not know one."""
    for number, answer in ((435, errno.ENOSYS), (462, errno.ENOSYS), (425, errno.EPERM)):
        code = (
            f"import ctypes; l = ctypes.CDLL(None, use_errno=True); print(l.syscall({number}, 0), ctypes.get_errno())"
        )
        assert confined(code) == f"-1 {answer}\n"


@pytest.mark.skipif(not LINUX, reason="by the kernel of Linux")
def test_reading_is_allowed_and_memory_has_an_end(tmp_path):
    (tmp_path / "a").write_text("words")
    assert confined("import sys; print(open(sys.argv[1]).read())", str(tmp_path / "a")) == "words\n"
    assert "MemoryError" in confined("bytearray(3 << 30)")


def test_a_reader_loads_nothing_of_the_window_and_the_network():
    """So that it starts quickly, and has little that could be turned against the user."""
    code = (
        "import sys, desktop.readers.child\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'PySide6', 'shiboken6', 'httpcore', 'sqlite3', 'keyring', 'asyncio', 'ssl', 'pypdfium2', 'chardet'}))"
    )
    assert confined(code).strip() == "[]"


def test_the_window_loads_nothing_that_takes_files_apart():
    code = (
        "import sys, desktop.readers.process\n"
        "print(sorted({'pypdfium2', 'pypdfium2_raw', 'python_calamine', 'olefile', 'chardet', 'zipfile'} & "
        "set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.strip() == "[]"
