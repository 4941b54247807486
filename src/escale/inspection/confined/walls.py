"""Walls around a process that opens hostile bytes: resources, network, programs, files.

Applied by the child to itself, before it reads the first byte. Each wall is independent: where the kernel refuses
one (no namespaces for ordinary users, another processor), the others stand, and :func:`confine` says which hold.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from dataclasses import dataclass

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EPERM
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_SECOND_ABI = 0x40000000  # x32 calls carry this bit: none of ours do
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class _Architecture:
    """System call numbers of one processor: ``denied`` altogether, and ``opening``: (number, place of its flags)."""

    audit: int
    denied: tuple[int, ...]
    opening: tuple[tuple[int, int], ...]


# Denied: sockets (all of their calls), running or debugging programs, signals to others, changes to the file tree,
# io_uring (which would go round the filter), openat2 (flags out of the filter's sight), namespaces, modules, keys.
_ARCHITECTURES = {
    "x86_64": _Architecture(
        0xC000003E,
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307, 57, 58, 59, 322, 101, 310, 311, 62, 200, 234, 129, 424),
            *(76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 133, 165, 166, 258, 259, 260, 263, 264, 265),
            *(266, 268, 316, 425, 426, 427, 437, 272, 308, 161, 155, 175, 313, 248, 249, 250, 298, 321),
        ),
        ((2, 1), (257, 2)),
    ),
    "aarch64": _Architecture(
        0xC00000B7,
        (
            *(198, 199, 200, 201, 202, 203, 206, 211, 242, 269, 221, 281, 117, 270, 271, 129, 130, 131, 138, 424),
            *(33, 34, 35, 36, 37, 38, 40, 39, 45, 46, 51, 52, 53, 54, 55, 276, 425, 426, 427, 437, 97, 268, 105, 273),
            *(217, 218, 219, 241, 280),
        ),
        ((56, 2),),
    ),
}


def limit_resources(*, memory: int, cpu_seconds: int) -> None:
    """Address space in bytes, processor time in seconds; no file written, no core dump, few descriptors."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _program(architecture: _Architecture) -> bytes:
    """The filter, in the kernel's packet-filter language. Another architecture's calls are denied outright."""
    code = [
        _instruction(_LOAD, 4),  # seccomp_data.arch
        _instruction(_JUMP_EQUAL, architecture.audit, if_true=1),
        _instruction(_RETURN, _DENY),
        _instruction(_LOAD, 0),  # seccomp_data.nr
        _instruction(_JUMP_AT_LEAST, _SECOND_ABI, if_false=1),
        _instruction(_RETURN, _DENY),
    ]
    for number in architecture.denied:
        code += [_instruction(_JUMP_EQUAL, number, if_false=1), _instruction(_RETURN, _DENY)]
    for number, place in architecture.opening:
        code += [
            _instruction(_JUMP_EQUAL, number, if_false=4),
            _instruction(_LOAD, 16 + 8 * place),  # seccomp_data.args[place], low half
            _instruction(_JUMP_SET, _WRITE_FLAGS, if_false=1),
            _instruction(_RETURN, _DENY),
            _instruction(_RETURN, _ALLOW),
        ]
    return b"".join([*code, _instruction(_RETURN, _ALLOW)])


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def _filter_system_calls(libc: ctypes.CDLL) -> bool:
    architecture = _ARCHITECTURES.get(platform.machine())
    if architecture is None:
        return False
    code = _program(architecture)
    program = _FilterProgram(len(code) // 8, code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _leave_network() -> bool:
    """An empty network of its own: even the loopback is gone."""
    for flags in (os.CLONE_NEWNET, os.CLONE_NEWUSER | os.CLONE_NEWNET):
        try:
            os.unshare(flags)
        except OSError:
            continue
        return True
    return False


def confine(*, memory: int, cpu_seconds: int) -> dict[str, bool]:
    """Raise every wall this system allows, and say which stand: ``network``, ``calls``."""
    if sys.platform != "linux":
        limit_resources(memory=memory, cpu_seconds=cpu_seconds)
        return {"network": False, "calls": False}
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    network = _leave_network()
    limit_resources(memory=memory, cpu_seconds=cpu_seconds)
    return {"network": network, "calls": _filter_system_calls(libc)}
