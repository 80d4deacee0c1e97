"""Un-instrumented fuzzing of all of cnncalc: python tests/fuzz/run.py --inputs 1000000 --seed 7

Input N of a seed is always the same: `--only N` runs it alone, and shows it. Each is a made-up spec, changed or not, that
is parsed, built, analyzed and held to the invariants, and in turn drawn in a format, checked or explained; or a command
line, a requirement, a project, a baseline. An input fails by an exception, a last resort of the command line, an exit
code that is none of ours, a control character in a text, JSON that is none, or more than a second of the processor.
At the end: the rate, the slowest input, the memory, and each family of failures with its first inputs. Exit 1 for any.
"""

from __future__ import annotations

import argparse
import ast
import gc
import io
import json
import os
import re
import resource
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from typing import TypeAlias
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from cnncalc.cli import main as command_line  # noqa: E402
from cnncalc.diagnostics import Source, SpecError  # noqa: E402
from cnncalc.features.check import baseline, page, project_file  # noqa: E402
from cnncalc.features.check.facts import Terms, check_source  # noqa: E402
from cnncalc.interpret.reading.files import decode  # noqa: E402
from cnncalc.render import REPORTS, render  # noqa: E402
from cnncalc.render.text import Screen  # noqa: E402
from cnncalc.spec.parser import parse  # noqa: E402
from fuzz import generator, invariants, mutator  # noqa: E402

SECONDS = 1.0
#: What a command line must never say.
UNCLEAN = ("Traceback", "a bug in cnncalc", "nested too deeply to be read", "out of memory")
#: Networks of fewer layers are drawn.
DRAWN = 60


class Unclean(Exception):
    """A run that ended as none may end."""


# --- one input of each sort; each gives back what it was made of ---------------------------------------


def a_spec(random: Random) -> object:
    """A spec, held to the invariants; one in eight drawn, one in eight checked."""
    base = generator.spec(random) if random.random() < 0.7 else "\n".join(_seed(random))
    data = generator.changed(random, base)
    try:
        text = decode("<spec>", data).text
    except SpecError:
        return data
    analysis = invariants.examined(text, mutator.USED, max_layers=2000)
    pick = random.random()
    if len(analysis.layers) < DRAWN and pick < 0.02:
        invariants.drawn(analysis)
        invariants.looked_at(analysis)
    elif pick < 0.12:
        _checked(random, text)
    return data


def _seed(random: Random) -> list[str]:
    """Some lines of a seed, below an input."""
    lines = mutator.pool()
    at = random.randrange(len(lines))
    return [
        random.choice(("input 3x8x8", "input 8@16", "input 4x4x4x4", "input 64")),
        *lines[at : at + random.randint(1, 6)],
    ]


def _checked(random: Random, text: str) -> None:
    verdicts = list(
        check_source(Source("spec.txt", text), mutator.USED, Terms(max_layers=2000, strict=random.random() < 0.2))
    )
    form = random.choice([*REPORTS])
    said = render(page.report(verdicts), form, Screen())
    _printable(said if isinstance(said, str) else "".join(said))


def a_requirement(random: Random) -> object:
    """A sound network, and requirements of all sorts."""
    lines = ["input 3x8x8", "conv 4 3", "stage s1:", "    x = conv 4 3", "flatten | fc 10"]
    lines += [generator.requirement(random) for _ in range(random.randint(1, 3))]
    _checked(random, "\n".join(lines) + "\n")
    return "\n".join(lines)


def a_project(random: Random) -> object:
    """The text of a pyproject.toml."""
    text = generator.project(random)
    try:
        found = project_file.read(Source("pyproject.toml", text), Path("/project"))
        if found is not None:
            found.limits_of("/project/models/a.txt")
            found.covers("/project/models/a.txt")
    except SpecError as error:
        for one in error.diagnostics:
            assert one.message and len(one.message) < 1000, one.message[:200]
    return text


def a_baseline(random: Random) -> object:
    """The text of a baseline."""
    text = generator.baseline(random)
    try:
        baseline.dump(baseline.read(text))
    except ValueError as error:
        assert len(str(error)) < 1000
    return text


def a_command(random: Random) -> object:
    """A command line, on files of this folder."""
    for name in ("spec.txt", "other.txt"):
        changed = random.random() < 0.4
        base = generator.spec(random)
        Path(name).write_bytes(_shorter(generator.changed(random, base) if changed else base.encode()))
    if random.random() < 0.1:
        Path("pyproject.toml").write_text(generator.project(random), "utf-8", "replace")
    else:
        Path("pyproject.toml").write_text("")
    if random.random() < 0.05:
        Path("cnncalc-baseline.json").write_text(generator.baseline(random), "utf-8", "replace")
    else:
        Path("cnncalc-baseline.json").unlink(missing_ok=True)
    words = generator.command(random, "spec.txt", "other.txt")
    code, out, err = run(words)
    if code not in (0, 1, 2) or any(word in out + err for word in UNCLEAN):
        raise Unclean(f"{words}: exit code {code}: {err[-300:] or out[-300:]}")
    _printable(err)
    _read_back(words, code, out)
    return words, *(Path(name).read_bytes() for name in ("spec.txt", "other.txt"))


def _shorter(data: bytes) -> bytes:
    """Rounds by the ten thousand are honest work for a second: here a thousand do. What has no end stays so."""
    return re.sub(rb"(repeat +)(65536|\d{5,6})(?!\d|\*)", rb"\g<1>1000", data)


def run(words: list[str]) -> tuple[object, str, str]:
    """The exit code of a command line, and what it writes."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            command_line(words, prog_name="cnncalc")
            code: object = 0
        except SystemExit as end:
            code = end.code or 0
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return code, out, err


def _read_back(words: list[str], code: object, out: str) -> None:
    form = words[words.index("--format") + 1] if "--format" in words else ""
    if words[0] in ("draw", "convert", "report"):
        _printable(out)
        if code == 0:
            _written(words[words.index("--to") + 1] if "--to" in words else form, out)
        return
    if form in ("json", "sarif") and out.strip():
        json.loads(out)
        assert all(line.isprintable() for line in out.split("\n")), "a control in JSON"
    elif form in ("plain", "csv", "concise", "text", "markdown", "github", "junit") and words[0] not in (
        "fmt",
        "annotate",
    ):
        _printable(out)
    assert form != "json" or out or code == 2, "no document"


def _written(form: str, out: str) -> None:
    """A picture that is XML, a spec that is one, Python that is."""
    if form == "svg":
        ElementTree.fromstring(out)
    elif form == "spec":
        assert not parse(Source("spec.txt", out))[1], "a spec that is none"
    elif form in ("torch", "keras"):
        ast.parse(out)


def _printable(text: str) -> None:
    """Nothing that a terminal would obey, colours apart; what this Python's Unicode does not know yet is a letter."""
    if "\x1b[" in text:
        return
    odd = [
        char
        for char in text
        if not char.isprintable()
        and char not in "\n\t\u2003\u200c\u200d\u00a0\u3000"
        and ord(char) < 0x2100
        and unicodedata.category(char) not in ("Cn", "Co")
    ]
    assert not odd, f"a control character: {odd[:3]}"


SORTS: tuple[tuple[float, Callable[[Random], object]], ...] = (
    (0.70, a_spec), (0.80, a_command), (0.88, a_requirement), (0.94, a_project), (1.0, a_baseline),
)  # fmt: skip


# --- many ---------------------------------------------------------------------------------------------


def sort_of(random: Random) -> Callable[[Random], object]:
    """One sort of input."""
    pick = random.random()
    return next(sort for most, sort in SORTS if pick < most)


def one(seed: int, number: int) -> tuple[str, object]:
    """Runs an input; its sort, and what it was made of. Raises whatever it fails by."""
    random = Random(f"{seed}:{number}")
    sort = sort_of(random)
    return sort.__name__, sort(random)


def family(error: BaseException) -> str:
    """What failures of one cause have in common: the exception, and where it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    at = next((frame for frame in reversed(frames) if "cnncalc" in frame.filename), frames[-1])
    said = str(error) if isinstance(error, Unclean | AssertionError) else ""
    return f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno} {said[-120:]}"


#: What runs an input of a seed: its sort, and what it was made of.
One: TypeAlias = Callable[[int, int], tuple[str, object]]


class Report:
    """What came of the inputs so far, each of which is run by `one`."""

    def __init__(self, one: One) -> None:
        self.one = one
        self.count = 0
        self.began = time.perf_counter()
        self.used = time.process_time()
        self.sorts: Counter[str] = Counter()
        self.slowest = (0.0, 0)
        self.failures: dict[str, list[int]] = {}
        self.memory = memory()

    def add(self, seed: int, number: int) -> None:
        """Runs an input, and keeps what is to be said of it."""
        began = time.process_time()
        try:
            sort, _ = self.one(seed, number)
            self.sorts[sort] += 1
        except Exception as error:
            self.failures.setdefault(family(error), []).append(number)
        took = time.process_time() - began
        if took > SECONDS:
            took = min(took, *(again(self.one, seed, number) for _ in range(2)))  # the least: others only add to it
            if took > SECONDS:
                self.failures.setdefault("over a second", []).append(number)
        self.slowest = max(self.slowest, (took, number))
        self.count += 1

    def families(self) -> str:
        """A line a family of failures, the most frequent first, and its first inputs."""
        rows = sorted(self.failures.items(), key=lambda item: -len(item[1]))
        return "".join(
            f"\n{len(numbers):7,} × {name}\n          inputs {', '.join(map(str, numbers[:5]))}"
            for name, numbers in rows
        )

    def __str__(self) -> str:
        seconds, used = time.perf_counter() - self.began, time.process_time() - self.used
        text = f"{self.count:,} inputs, {self.count / used:,.0f} a second of one core ({self.count / seconds:,.0f} by the clock); "
        text += f"slowest {self.slowest[0]:.3f} s (input {self.slowest[1]}); memory {self.memory} -> {memory()} MB; "
        return text + f"{sum(map(len, self.failures.values()))} failures in {len(self.failures)} families"


def again(one: One, seed: int, number: int) -> float:
    """The seconds that an input takes once more."""
    began = time.process_time()
    try:
        one(seed, number)
    except Exception as error:
        del error
    return time.process_time() - began


def memory() -> int:
    """The megabytes that this process has now."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return pages * resource.getpagesize() // 2**20


def many(inputs: int, seed: int, show: bool = True, one: One = one, first: int = 0) -> Report:
    """Runs the inputs from `first` up to `inputs` in a folder of its own."""
    folder, here = tempfile.mkdtemp(), Path.cwd()
    os.chdir(folder)
    for number in range(min(200, inputs)):  # what is loaded and looked up once is no growth of memory
        again(one, seed + 1, number)
    gc.collect()
    report = Report(one)
    try:
        for number in range(first, inputs):
            report.add(seed, number)
            if number % 1000 == 999:
                gc.collect()
            if show and number % 20_000 == 19_999:
                print(f"{report}{report.families()}", flush=True)
    finally:
        os.chdir(here)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzzes cnncalc without instrumentation.")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the input to begin with, where a run was broken off")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="run this input alone, and show it")
    asked = parser.parse_args()
    warnings.simplefilter("error")
    if asked.only is not None:
        os.chdir(tempfile.mkdtemp())
        sort, made = one(asked.seed, asked.only)
        print(sort, made if isinstance(made, str) else repr(made), sep="\n")
        return 0
    report = many(asked.inputs, asked.seed, first=asked.first)
    print(f"seed {asked.seed}: {report}; {dict(report.sorts)}{report.families()}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
