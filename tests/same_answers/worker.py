"""Runs command lines of the cnncalc of this Python, each in a fork of its own: a line of JSON in, one out.

Of cnncalc it knows only ``cnncalc.cli.run`` and ``cnncalc.cli.main``, and the Python interface where a case is code.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import gc
import importlib
import io
import json
import os
import pkgutil
import resource
import select
import shutil
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from typing import Any

SECONDS = 60
MEMORY = 4 * 2**30


def preload() -> str:
    """Imports all of cnncalc and what it stands on, so that forks need not; where it is."""
    import cnncalc

    for module in pkgutil.walk_packages(cnncalc.__path__, "cnncalc."):
        if not module.name.endswith(("__main__", "pytest_plugin")):
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)
    for name in (
        "click",
        "click.shell_completion",
        "rich.console",
        "rich.table",
        "rich.progress",
        "json",
        "csv",
        "difflib",
    ):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    return str(cnncalc.__file__)


def call(case: dict[str, Any], words: list[str]) -> int:
    """The exit code of one command line in this process."""
    import cnncalc.cli

    sys.argv = ["cnncalc", *words]
    try:
        if case.get("code"):
            exec(compile(case["code"], "<case>", "exec"), {"ARGS": words})
        elif case["way"] == "main":
            cnncalc.cli.main(words, prog_name="cnncalc")
        else:
            cnncalc.cli.run()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
            return 1
        return ended.code or 0
    return 0


def child(case: dict[str, Any], words: list[str], cwd: str, fds: tuple[int, int, int]) -> None:
    """Answers in the forked process; never returns."""
    code = 70
    try:
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.environ.clear()
        os.environ.update(case["env"])
        os.chdir(cwd)
        for number, fd in enumerate(fds):
            os.dup2(fd, number)
        encoding, tty = case["encoding"], bool(case["tty"])
        sys.stdin = sys.__stdin__ = open(0, encoding=encoding, closefd=False)  # noqa: SIM115
        for name, fd, errors in (("stdout", 1, "strict"), ("stderr", 2, "backslashreplace")):
            binary = io.open(fd, "wb", closefd=False)  # noqa: SIM115, UP020
            stream = io.TextIOWrapper(binary, encoding, errors, line_buffering=tty or fd == 2)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        code = call(case, words)
    except BaseException as error:
        import traceback

        frames = "" if case.get("code") else "".join(traceback.format_exc())
        with contextlib.suppress(Exception):
            print(f"{frames}{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code & 255)


def terminal(width: int) -> tuple[int, int]:
    """A terminal of that many columns: what is read, and what is written to."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    mode = termios.tcgetattr(slave)
    mode[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    return master, slave


def drained(pipes: list[int]) -> list[bytes]:
    """All that comes out of some pipes or terminals, until they are closed."""
    found = {pipe: bytearray() for pipe in pipes}
    left = set(pipes)
    while left:
        for pipe in select.select(list(left), [], [])[0]:
            try:
                data = os.read(pipe, 1 << 16)
            except OSError:
                data = b""
            found[pipe] += data
            if not data:
                left.discard(pipe)
    return [bytes(found[pipe]) for pipe in pipes]


def once(case: dict[str, Any], words: list[str], cwd: str) -> tuple[int, str, str]:
    """One command line in a fork: exit code and what it wrote."""
    source = os.memfd_create("stdin")
    os.write(source, (case["stdin"] or "").encode("utf-8", "surrogateescape"))
    os.lseek(source, 0, 0)
    make = (lambda: terminal(case["tty"])) if case["tty"] else os.pipe
    (out, out_end), (err, err_end) = make(), make()
    pid = os.fork()
    if not pid:
        child(case, words, cwd, (source, out_end, err_end))
    for fd in (source, out_end, err_end):
        os.close(fd)
    texts = [data.decode("utf-8", "surrogateescape") for data in drained([out, err])]
    os.close(out)
    os.close(err)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), *texts


def held(folder: Path) -> dict[str, str]:
    """The files of a folder: text, or base64 of what is none."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".git" not in path.relative_to(folder).parts:
            data = path.read_bytes()
            try:
                found[str(path.relative_to(folder))] = data.decode("utf-8")
            except UnicodeDecodeError:
                found[str(path.relative_to(folder))] = "base64:" + base64.b64encode(data).decode()
    return found


def put(folder: Path, files: dict[str, str]) -> None:
    """Writes files; characters of surrogateescape are bytes."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


def answer(case: dict[str, Any], root: Path) -> dict[str, Any]:
    """What all steps of a case come to. A step is words, or files to write before the next."""
    began = time.monotonic()
    folder = root / "shared"
    if case["files"] is not None:
        folder = root / "own"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        put(folder, case["files"])
    before = held(folder) if case["files"] is not None else {}
    codes, outs, errs = [], [], []
    for step in case["steps"]:
        if isinstance(step, dict):
            put(folder, step)
            continue
        code, out, err = once(case, step, str(folder))
        codes.append(code)
        outs.append(out)
        errs.append(err)
    left = held(folder) if case["files"] is not None else {}
    files = {name: text for name, text in left.items() if before.get(name) != text}
    files |= {name: "(gone)" for name in before if name not in left}
    answered = {"code": codes, "out": "\x1e".join(outs), "err": "\x1e".join(errs), "files": files}
    text = json.dumps(answered).replace(str(root), "/ROOT")
    return {**json.loads(text), "seconds": time.monotonic() - began}


if __name__ == "__main__":
    here = Path(sys.argv[1])
    streams = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    print(json.dumps({"at": preload(), "python": sys.version.split()[0]}), file=streams, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), here)), file=streams, flush=True)
