"""The two cnncalcs: a worker each, or several, that are asked the same."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
#: The environment of the program that is asked, but for what a case adds.
CLEAN = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
         "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "TZ": "UTC"}  # fmt: skip

Answer = dict[str, Any]


@dataclass
class Case:
    """What is asked: words for the command line, or code; in a folder of its own where it has files."""

    group: str
    steps: list[Any]
    code: str = ""
    way: str = "run"
    files: dict[str, str] | None = None
    env: dict[str, str] = field(default_factory=dict)
    tty: int = 0
    encoding: str = "utf-8"
    stdin: str | None = None
    #: Asked with --quick, too.
    core: bool = False
    #: An interpreter of its own, as a user starts it.
    cold: bool = False

    def __str__(self) -> str:
        steps = [" ".join(map(_quoted, step)) if isinstance(step, list) else f"(write {', '.join(step)})"
                 for step in self.steps]  # fmt: skip
        env = "".join(f"{name}={_quoted(value)} " for name, value in self.env.items())
        marks = [f"tty {self.tty}"] * bool(self.tty) + [self.encoding] * (self.encoding != "utf-8")
        marks += ["by click"] * (self.way == "main") + ["cold"] * self.cold + ["stdin"] * (self.stdin is not None)
        marks += [f"files {', '.join(self.files)}"] if self.files else []
        name = f"[{self.group}] " if self.code else "cnncalc "
        return f"{env}{name}{'; '.join(steps)}" + (f"   ({'; '.join(marks)})" if marks else "")


def _quoted(word: str) -> str:
    short = word if len(word) < 80 else word[:77] + "..."
    return short if short and not set(short) & set(" \n\t'\"*?#;&|<>()$`") else repr(short)


class Side:
    """One worker of one side."""

    def __init__(self, python: str, root: Path) -> None:
        self.root, self.python = root, python
        self.process = subprocess.Popen(
            [python, "-I", "-B", str(WORKER), str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, encoding="utf-8", cwd=root, env={**CLEAN, "HOME": str(root)},
        )  # fmt: skip
        self.hello: dict[str, str] = json.loads(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the worker of {self.python} has ended: exit code {self.process.wait()}")
        return line

    def send(self, case: Case) -> None:
        """Asks; `received` has the answer."""
        assert self.process.stdin is not None
        sent = asdict(case) | {"env": {**CLEAN, "HOME": str(self.root), **case.env}}
        self.process.stdin.write(json.dumps(sent) + "\n")
        self.process.stdin.flush()

    def received(self) -> Answer:
        """The answer to what was sent."""
        answer: Answer = json.loads(self._line())
        return answer

    def cold(self, case: Case) -> Answer:
        """The answer of an interpreter started for it alone, as `python -m cnncalc` or as the script."""
        program = str(Path(self.python).with_name("cnncalc"))
        start = [program] if case.way == "main" and os.path.exists(program) else [self.python, "-I", "-m", "cnncalc"]
        done = subprocess.run(
            [*start, *case.steps[0]], input=case.stdin or "", capture_output=True, text=True, encoding="utf-8",
            errors="surrogateescape", cwd=self.root / "shared", check=False,
            env={**CLEAN, "HOME": str(self.root), **case.env},
        )  # fmt: skip
        out, err = (text.replace(str(self.root), "/ROOT") for text in (done.stdout, done.stderr))
        return {"code": [done.returncode], "out": out, "err": err, "files": {}, "seconds": 0}

    def close(self) -> None:
        """Lets the worker end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


class Pair:
    """A worker of each side, asked at the same time."""

    def __init__(self, pythons: Sequence[str], roots: Sequence[Path]) -> None:
        self.sides = [Side(python, root) for python, root in zip(pythons, roots, strict=True)]

    def ask(self, case: Case) -> list[Answer]:
        """Both answers."""
        if case.cold:
            return [side.cold(case) for side in self.sides]
        for side in self.sides:
            side.send(case)
        return [side.received() for side in self.sides]

    def close(self) -> None:
        """Ends both."""
        for side in self.sides:
            side.close()


def ask_all(pairs: Sequence[Pair], cases: Sequence[Case], told: Callable[[int, Case, list[Answer]], None]) -> None:
    """Asks every case of one of the pairs; `told` hears of each, one at a time, in any order."""
    waiting: Queue[tuple[int, Case]] = Queue()
    for numbered in enumerate(cases):
        waiting.put(numbered)
    lock, failed = threading.Lock(), []

    def work(pair: Pair) -> None:
        try:
            while not failed:
                number, case = waiting.get_nowait()
                answers = pair.ask(case)
                with lock:
                    told(number, case, answers)
        except Empty:
            return
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(pair,)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
