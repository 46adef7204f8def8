"""Which files a program waits for until they are on the disk: its system calls, watched by ptrace.

Linux on x86-64 alone, and only where a process may watch its own child. What is counted is asked of
the kernel; whether the disk then keeps its word nobody can see from here.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

_TRACEME, _PEEKUSER, _SYSCALL, _SETOPTIONS = 0, 3, 24, 0x4200
_SYSGOOD, _CLONE, _EXITKILL = 0x1, 0x8, 0x100000
_NUMBER_AT, _FIRST_AT, _RETURN_AT = 15 * 8, 14 * 8, 10 * 8
#: x86-64: fsync and fdatasync; close, by which the program tells where counting begins and ends.
_SYNCS: Final = {74, 75}
_CLOSE: Final = 3
_ENOSYS: Final = -38
#: File numbers that nobody has open: closing them does nothing, and is seen.
BEGIN, END = 98_765, 98_766


def can_watch() -> bool:
    """Whether system calls can be watched here."""
    return sys.platform == "linux" and os.uname().machine == "x86_64"


def synced(program: list[str], environment: dict[str, str]) -> list[str]:
    """The names of the files that were waited for between `BEGIN` and `END`, in order."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    child = os.fork()
    if child == 0:
        libc.ptrace(_TRACEME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        os.execve(program[0], program, environment)
    os.waitpid(child, 0)
    options = ctypes.c_void_p(_SYSGOOD | _CLONE | _EXITKILL)
    if libc.ptrace(_SETOPTIONS, child, None, options) != 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise PermissionError("a process may not watch its child here")
    libc.ptrace(_SYSCALL, child, None, None)
    return _watched(libc, child)


def _watched(libc: ctypes.CDLL, child: int) -> list[str]:
    found: list[str] = []
    counting = False
    while True:
        thread, status = os.waitpid(-1, 0x40000000)  # threads too
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if thread == child:
                assert status == 0
                return found
            continue
        stop = os.WSTOPSIG(status)
        passed_on = 0
        if stop == signal.SIGTRAP | 0x80:
            if libc.ptrace(_PEEKUSER, thread, _RETURN_AT, None) == _ENOSYS:  # on its way in
                number = libc.ptrace(_PEEKUSER, thread, _NUMBER_AT, None)
                first = libc.ptrace(_PEEKUSER, thread, _FIRST_AT, None)
                if number == _CLOSE and first in {BEGIN, END}:
                    counting = first == BEGIN
                elif counting and number in _SYNCS:
                    found.append(Path(f"/proc/{child}/fd/{first}").readlink().name)
        elif stop not in {signal.SIGTRAP, signal.SIGSTOP}:
            passed_on = stop
        libc.ptrace(_SYSCALL, thread, None, ctypes.c_void_p(passed_on))
