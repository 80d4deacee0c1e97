"""The command line in other processes, with a gigabyte of memory and an end in sight."""

from __future__ import annotations

import json
import os
import re
import resource
import select
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
GIGABYTE = 2**30
SECONDS = 60  # a hang guard, no measure of speed

#: What a run must never say: these are last resorts, without a place in the file.
UNCLEAN = ("Traceback", "a bug in cnncalc", "nested too deeply to be read", "out of memory", "RecursionError")


class Done(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str

    def fault(self, place: str = "") -> str:
        """The first error; it must be an answer, exit code 2, at `place` (line:column) where one is given."""
        assert self.code == 2, self
        found = re.search(
            r"^(?:(?P<file>[^\n]*?):(?P<place>\d+:\d+): )?error: (?P<message>[^\n]+)", self.err, re.MULTILINE
        )
        assert found, self.err[:1000]
        if place:
            assert found["place"] == place, self.err[:1000]
        return found["message"]


def clean(done: Done) -> Done:
    """`done`, whose end must be an answer."""
    assert not [word for word in UNCLEAN if word in done.err], done.err[:2000]
    assert done.code in (0, 1, 2, 130), done
    return done


def environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


def start(*arguments: object, closed: int | None = None, **more: Any) -> subprocess.Popen[bytes]:
    """Starts `cnncalc ARGUMENTS` in a process of its own; `closed` is a stream that it does not get at all."""

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))
        if closed is not None:
            os.close(closed)

    command = [sys.executable, "-m", "cnncalc", *map(str, arguments)]
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **more}
    return subprocess.Popen(command, env=environment(), preexec_fn=prepare, **more)


def ended(process: subprocess.Popen[bytes], sent: bytes | None = None) -> Done:
    """Waits for the end, which must be clean."""
    try:
        out, err = process.communicate(sent, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        pytest.fail(f"still running after {SECONDS} s")
    return clean(Done(process.returncode, (out or b"").decode("utf-8"), (err or b"").decode("utf-8")))


class Worker:
    """A process that runs one command line after another (worker.py); a new one after a hang."""

    process: subprocess.Popen[str] | None = None

    def run(self, arguments: list[str], folder: Path) -> Done:
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, str(Path(__file__).with_name("worker.py"))]
            self.process = subprocess.Popen(
                command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([arguments, str(folder)]), file=self.process.stdin, flush=True)
        if not select.select([self.process.stdout], [], [], SECONDS)[0]:
            self.stop()
            pytest.fail(f"still running after {SECONDS} s")
        answer = self.process.stdout.readline()
        assert answer, f"it ended with {self.process.wait()}"
        return clean(Done(**json.loads(answer)))

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture(scope="session")
def worker():
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def shapes(tmp_path, worker):
    """`cnncalc shapes` of a text or bytes, written to spec.txt."""

    def run(spec: str | bytes, *options: str) -> Done:
        path = tmp_path / "spec.txt"
        path.write_bytes(spec.encode("utf-8") if isinstance(spec, str) else spec)
        return worker.run(["shapes", "spec.txt", *options], tmp_path)

    return run
