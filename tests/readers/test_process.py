"""A file is read by a process of its own, confined: whatever the file does, the program gets text or a reason."""

from __future__ import annotations

import asyncio
import errno
import os
import platform
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from desktop.core.documents.document import (
    Aside,
    Block,
    Opened,
    ReadingError,
    ReadingProblem,
    Run,
    Section,
    SectionKind,
)
from desktop.core.processes import environment
from desktop.readers.process import Limits, ReaderProcess
from desktop.readers.wire import Failed, Received, lines_of
from desktop.ui.errors import describe_reading
from tests.readers.conftest import collect, document_of, texts
from tests.support.waiting import PATIENCE, is_over, running_children, wait_until


def a_program(code):
    """A reader that does something else than reading."""
    return [sys.executable, "-c", code]


def problem(read, path, *arguments, **options):
    with pytest.raises(ReadingError) as caught:
        read(path, *arguments, **options)
    return caught.value.problem


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("one\ntwo\n\nthree\n")
    return path


def test_a_text_is_read(read, note):
    assert read(note) == [
        Opened("text/plain", 1, "utf-8"),
        Section(SectionKind.WHOLE, 1, blocks=(Block((Run("one\ntwo"),), "1"), Block((Run("three"),), "4"))),
    ]


def test_a_large_text_comes_whole(read, tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("".join(f"{row},{'x' * 40}\n" for row in range(50_000)))
    [section] = document_of(read(path)).sections
    rows = [line for block in section.blocks for line in block.text.split("\n")]
    assert len(rows) == 50_000
    assert rows[-1].startswith("| 49999 | x")


def test_letters_that_no_text_may_have_stay_behind(read, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\0b \xed\xa0\x80 c and so on, in one line of plain words")
    text = "".join(texts(document_of(read(path, encoding="utf-8"))))
    assert "\0" not in text
    text.encode("utf-8")


def test_a_name_that_is_no_unicode_is_found(read, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    try:
        path.write_text("found")
    except (OSError, UnicodeError):
        pytest.skip("the system has no such names")
    assert texts(document_of(read(path))) == ["found"]


def test_what_is_no_file(read, tmp_path):
    assert problem(read, tmp_path) is ReadingProblem.NOT_A_FILE
    assert problem(read, tmp_path / "gone.txt") is ReadingProblem.GONE
    (tmp_path / "empty").touch()
    assert problem(read, tmp_path / "empty") is ReadingProblem.EMPTY
    assert problem(read, tmp_path / "empty" / "below") is ReadingProblem.GONE


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_pipes_and_devices_are_not_opened(read, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert problem(read, tmp_path / "pipe") is ReadingProblem.NOT_A_FILE
    assert problem(read, Path("/dev/zero")) is ReadingProblem.NOT_A_FILE
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert problem(read, tmp_path / "round") in {ReadingProblem.GONE, ReadingProblem.DAMAGED}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(read, note):
    note.chmod(0)
    assert problem(read, note) is ReadingProblem.FORBIDDEN


def test_a_file_of_many_gigabytes_is_not_begun(read, tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(3 << 30)
    assert problem(read, path) is ReadingProblem.TOO_LARGE


HUNGRY = "kept = bytearray(b'x') * (200 << 20); time.sleep(600)"
CHATTING = """
while True:
    time.sleep(0.02)
    print('{"Remark": ["form", 0, ""]}', flush=True)
"""


@pytest.mark.parametrize(
    ("limits", "code", "ends"),
    [
        (Limits(silence=0.3), "time.sleep(600)", ReadingProblem.TOO_LONG),
        (Limits(seconds=0.5), CHATTING, ReadingProblem.TOO_LONG),
        (Limits(memory=100 << 20), HUNGRY, ReadingProblem.TOO_LARGE),
        *((None, code, ReadingProblem.CRASHED) for code in ("os.abort()", "os._exit(3)", "print('[]')", "print('{}')")),
    ],
)
def test_a_reader_that_goes_wrong_is_ended(read, note, limits, code, ends):
    assert problem(read, note, limits, a_program(f"import os, time\n{code}")) is ends


@pytest.mark.skipif(sys.platform != "linux", reason="by the kernel of Linux")
def test_a_reader_that_the_kernel_ended_is_no_damaged_file(read, note):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSYS)"
    assert problem(read, note, None, a_program(code)) is ReadingProblem.ENDED
    said = describe_reading(ReadingError(ReadingProblem.ENDED))
    assert "damaged" not in said.title + said.sentence


def test_a_reader_that_can_not_be_started_is_a_reason(read, note):
    assert problem(read, note, None, ["/nowhere/at/all"]) is ReadingProblem.CRASHED


def test_what_was_read_before_a_failure_has_come(note):
    """Sections are handed on as they are read, not at the end."""
    dying = a_program("""
print('{"Opened": ["a/b", null, ""]}')
print('{"Section": ["page", 1, "", [], false]}', flush=True)
import os; os.abort()
""")
    came: list[object] = []

    async def run():
        async for event in ReaderProcess(None, dying).read(note, "note.txt"):
            came.append(event)

    with pytest.raises(ReadingError):
        asyncio.run(run())
    assert came == [Opened("a/b"), Section(SectionKind.PAGE, 1)]


async def none_but(before):
    """Wait until every other child has ended, which one that was killed does when the system comes to it."""
    while not running_children() <= before:
        await asyncio.sleep(0.01)


def test_cancelling_ends_the_process(note):
    async def run():
        before = running_children()
        reader = ReaderProcess(None, a_program("import time; time.sleep(600)"))
        reading = asyncio.create_task(collect(reader, note))
        while not running_children() - before:
            await asyncio.sleep(0.01)
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        await asyncio.wait_for(none_but(before), PATIENCE)

    asyncio.run(run())


def test_more_than_two_files_wait_for_their_turn(note):
    most = 0

    async def run():
        nonlocal most
        before = running_children()
        reader = ReaderProcess()
        reading = [asyncio.create_task(collect(reader, note)) for _ in range(5)]
        while not all(each.done() for each in reading):
            most = max(most, len(running_children() - before))
            await asyncio.sleep(0.01)
        return [each.result() for each in reading]

    assert [len(events) for events in asyncio.run(run())] == [2] * 5
    assert 1 <= most <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="by the kernel of Linux")
def test_a_calm_reader_has_the_processor_when_nothing_else_wants_it(note):
    async def nice():
        reader = ReaderProcess(Limits(is_calm=True), a_program("import time; time.sleep(600)"))
        reading = asyncio.create_task(collect(reader, note))
        with suppress(asyncio.CancelledError):
            while (found := [each.nice() for each in running_children() - before]) in ([], [psutil.Process().nice()]):
                await asyncio.sleep(0)
            reading.cancel()
            await reading
        return found

    before = running_children()
    assert asyncio.run(nice()) == [psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 15]


def test_a_reader_ends_with_its_parent(note):
    code = """
import subprocess, sys
from desktop.core.processes import environment
command = [sys.executable, "-P", "-m", "desktop.readers.child"]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
print(child.pid, flush=True)
sys.stdin.read()
"""
    parent = psutil.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1)
    child = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: is_over(child))
    parent.stdin.close()
    parent.stdout.close()


def test_a_file_that_changes_while_it_is_read(note):
    """What is told by its first event is over when the last one comes."""
    note.write_text("".join(f"line {number}\n\n" for number in range(20_000)))

    async def run():
        async for event in ReaderProcess().read(note, "note.txt"):
            if isinstance(event, Opened):
                with note.open("a") as file:
                    file.write("more")

    with pytest.raises(ReadingError) as caught:
        asyncio.run(run())
    assert caught.value.problem is ReadingProblem.CHANGED


LONG = Block((Run("服务器 request handled in 23ms " * 8_000),))
CHANGED = Block((Run("| 12 | abc | "), Run("inserted", Aside.INSERTED, "Ann")) * 200, "7", is_table=True)


def section(*blocks):
    return Section(SectionKind.WHOLE, 1, "Title", blocks)


@pytest.mark.parametrize(
    "sent", [section(), section(CHANGED), section(*[LONG] * 40), section(*[CHANGED] * 100, LONG, CHANGED)]
)
def test_a_section_comes_whole_in_lines_of_bounded_weight(sent):
    lines = list(lines_of(sent))
    received = Received(Section)
    *pieces, whole = [received.value(line) for line in lines]
    assert whole == sent
    assert pieces == [None] * len(pieces)
    assert max(map(len, lines)) < 1_000_000  # one block of 262,144 letters, and what came before it
    assert max(line.count(b"inserted") for line in lines) < 1_500


def test_a_failure_amid_a_section_is_that_failure():
    failure = Failed(ReadingProblem.TOO_LARGE, "memory")
    begun = list(lines_of(section(*[CHANGED] * 100)))[:-1]
    received = Received(Section, Failed)
    assert begun
    assert [received.value(line) for line in [*begun, *lines_of(failure)]] == [*[None] * len(begun), failure]
    [after] = lines_of(section())
    assert received.value(after) == section()


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
