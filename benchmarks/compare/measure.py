"""Runs one program at a time and says what it cost."""

import dataclasses
import os
import subprocess
import time


@dataclasses.dataclass
class Cost:
    """What one process cost, all of its threads, from its start to its end."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: int  # bytes of memory; at least what this script holds itself, some 20 MB
    written: int  # bytes that went to the disk (write_bytes of /proc/PID/io); 0 where nothing says so
    handed: int  # bytes given to write() and its like (wchar), pipes and stdout too
    others: float  # cores that other processes kept busy meanwhile


def _busy_seconds() -> float:
    """CPU seconds that the machine has worked since it started."""
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def _bytes_out(pid: int) -> tuple[int, int]:
    """write_bytes and wchar of a process that has ended and was not waited for: all of its threads are counted."""
    try:
        with open(f"/proc/{pid}/io", encoding="ascii") as file:
            lines = dict(line.split(": ") for line in file)
    except OSError:
        return 0, 0
    return int(lines["write_bytes"]), int(lines["wchar"])


class Failed(Exception):
    """A program ended otherwise than it should."""


def run(command: list[str], output: str = os.devnull, environment: dict[str, str] | None = None) -> Cost:
    """Runs `command`, its stdout into the file `output`. What is still to be written of the run before is written first."""
    os.sync()
    with open(output, "wb") as out:
        busy = _busy_seconds()
        begin = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, env={**os.environ, **(environment or {})})
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        wall = time.monotonic() - begin
        written, handed = _bytes_out(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        busy = _busy_seconds() - busy
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(f"exit code {child.returncode}: {' '.join(command)}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, usage.ru_maxrss * 1024, written, handed, max(0.0, busy - cpu) / wall)


def read_once(path: str) -> None:
    """Brings a file into memory, so that no program pays for the disk in place of the next."""
    with open(path, "rb", buffering=0) as file:
        room = bytearray(8 << 20)
        while file.readinto(room):
            pass


def bytes_kept(path: str) -> int:
    """Sizes of the files at `path` or in it."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)
