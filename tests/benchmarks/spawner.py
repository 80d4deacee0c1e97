"""Runs one command and prints what it took: spawner.py pipe|pty COMMAND …

Prints its exit code, and its wall time, CPU times (seconds) and peak memory (as getrusage has it). Its output goes
through a pipe, or a terminal of 120 columns, that is read here and thrown away.

A process of its own, with as little in it as can be: on Linux a child's peak memory starts at that of the process
that made it, so what starts commands must be smaller than every one of them. Started with -I -S; needs POSIX.
"""

import posix
import sys
import time

CHUNK = 1 << 20


def terminal() -> tuple[int, int]:
    import fcntl
    import struct
    import termios

    master, slave = posix.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
    return master, slave


def drain(source: int) -> None:
    """Read to the end: of a pipe nothing, of a terminal an error."""
    try:
        while posix.read(source, CHUNK):
            pass
    except OSError:
        pass


def main(mode: str, command: list[str]) -> None:
    source, sink = terminal() if mode == "pty" else posix.pipe()
    null = posix.open("/dev/null", posix.O_RDONLY)
    actions = [
        (posix.POSIX_SPAWN_DUP2, null, 0),
        (posix.POSIX_SPAWN_DUP2, sink, 1),
        (posix.POSIX_SPAWN_CLOSE, source),
        (posix.POSIX_SPAWN_CLOSE, sink),
    ]
    began = time.perf_counter()
    child = posix.posix_spawn(command[0], command, posix.environ, file_actions=actions)
    posix.close(sink)
    drain(source)
    _, status, usage = posix.wait4(child, 0)
    wall = time.perf_counter() - began
    print(posix.waitstatus_to_exitcode(status), wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
