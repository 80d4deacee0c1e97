"""Fuzzing of the readers of model files: python tests/fuzz/files.py onnx --inputs 100000 --seed 7

The format is one of onnx, keras, json, h5, tflite, pt2, darknet, caffe, python, or all, one after the other. Input N of a seed is always
the same: `--only N` runs it alone and shows it, `--write FILE` writes it. Each is a small file, changed
(model_mutator.py), that is read, analyzed, written as JSON, and in turn drawn, or given to a command. It fails by an
exception but the reader's own, by a second of the processor, by 64 MiB (256 of code), where something outside is opened or run, and
where the answer contradicts itself. At the end: the count, the slowest, the memory, each family of failures. Exit 1 for any.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import re
import signal
import sys
import tempfile
import warnings
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from cnncalc import analyze  # noqa: E402
from cnncalc.convert.python.source import NO_FILE  # noqa: E402
from cnncalc.convert.readers import How, ModelFile, Reader, of_suffix  # noqa: E402
from cnncalc.diagnostics import Diagnostic, SpecError  # noqa: E402
from cnncalc.interpret.build import build  # noqa: E402
from cnncalc.render import faults  # noqa: E402
from cnncalc.render.text import Charset, Screen  # noqa: E402
from fuzz import invariants, model_mutator, model_seeds, run  # noqa: E402

#: What a file may take above what was there before it; and the seconds after which it is stopped.
MEBIBYTES, LONGEST = 64, 5
OF_CODE = 256
#: The input of code where none is asked for.
CODE_SHAPE = "3x32x32"
SHAPES = ("3x224x224", "3x8x8", "1x1x1", "64", "4x12x12", "1x99x1", "8x8")
WORDS = (
    ["shapes"], ["shapes", "--raw"], ["check"], ["memory"], ["explain"], ["compare"], ["shapes", "--format", "json"], ["check", "--format", "json"],
    ["shapes", "--batch", "3", "--columns", "layer,formula,filter,field,macs,share"], ["compare", "--mlp"], ["shapes", "--phase", "train"],
)  # fmt: skip


# --- what is watched --------------------------------------------------------------------------------


class Watch:
    """What a run opens, imports or starts, by the interpreter's own events; while it is `on`."""

    #: Those that read or run something.
    EVENTS = ("open", "exec", "compile", "subprocess", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket", "marshal", "pickle", "ctypes", "shutil",
              "urllib", "code", "import")  # fmt: skip

    def __init__(self) -> None:
        self.on = False
        self.events: list[str] = []
        sys.addaudithook(self._event)

    def _event(self, event: str, given: tuple[Any, ...]) -> None:
        if self.on and event.startswith(self.EVENTS) and not self._own(event, given):
            self.events.append(f"{event} {str(given)[:200]}")

    def _own(self, event: str, given: tuple[Any, ...]) -> bool:
        """Whether it is of the interpreter or the installed packages: their modules are imported where they are used."""
        if event == "import":
            return True  # of modules by their names in our code; a file that names one would be opened
        if event in ("compile", "exec", "marshal.loads", "code.__new__", "marshal.load"):
            return (
                True  # by a module that is being imported, and by namedtuple; code of a file would be one of the tests
            )
        if event == "open" and isinstance(given[0], str) and given[0].startswith(("net.", NO_FILE)):
            return True  # the file itself
        path = os.fspath(given[0]) if isinstance(given[0], str | bytes | os.PathLike) else ""
        return event == "open" and (isinstance(given[0], int) or _installed(os.fsdecode(path)))


@functools.lru_cache(maxsize=4096)
def _installed(path: str) -> bool:
    real = os.path.realpath(path)
    return any(
        real.startswith(os.path.realpath(one) + os.sep) for one in (*sys.path, sys.prefix, sys.base_prefix) if one
    )


@functools.cache
def watch() -> Watch:
    """The one there is: an audit hook cannot be taken away."""
    return Watch()


def peak() -> int:
    """The KiB that this process had at most since `reset`; -1 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_bytes().splitlines()
    except OSError:
        return -1
    return next((int(line.split()[1]) for line in lines if line.startswith(b"VmHWM")), -1)


def reset() -> None:
    """Lets the peak begin anew."""
    try:
        Path("/proc/self/clear_refs").write_bytes(b"5")
    except OSError:
        return


class Endless(Exception):
    """An input that has been stopped."""


def stop(*_: object) -> None:
    raise Endless


# --- one input --------------------------------------------------------------------------------------


@functools.cache
def seeds(form: str) -> tuple[str, tuple[bytes, ...], Reader]:
    """The suffix of a format, its seeds, and who reads them."""
    suffix, write = model_seeds.SEEDS[form]
    reader = of_suffix(f"net{suffix}")
    assert reader is not None
    return suffix, tuple(write()), reader


def data_of(form: str, seed: int, number: int) -> tuple[Random, bytes]:
    """The bytes of an input, and the chance for what is made of them."""
    random = Random(f"{form}:{seed}:{number}")
    return random, model_mutator.changed(random, form, seeds(form)[1])


def one(form: str, seed: int, number: int) -> tuple[str, object]:
    """Runs an input; how it ended, and its bytes. Raises whatever it fails by."""
    random, data = data_of(form, seed, number)
    looking, command, name = watch(), random.random() < 0.02, f"net{seeds(form)[0]}"
    if command:
        Path(name).write_bytes(data)
    reset()
    before = peak()
    looking.events, looking.on = [], True
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        sort = commanded(name, random) if command else examined(form, random, data)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        looking.on = False
    grown = peak() - before
    if grown > (OF_CODE if form == "python" else MEBIBYTES) * 1024:
        raise run.Unclean(f"{grown // 1024} MiB")
    if looking.events:
        raise run.Unclean(f"something is opened or run: {looking.events[0]}")
    return sort, data


def examined(form: str, random: Random, data: bytes) -> str:
    """Reads a file as it is, or otherwise than by default."""
    how = How(None, random.random() < 0.3, random.choice(("test", "train")))
    inputs = {None: random.choice(SHAPES)} if random.random() < 0.2 else {}
    names = re.findall(rb"(?:class|def) (\w+)", data)
    if names and random.random() < 0.3:
        how = how._replace(entry=random.choice(names).decode() + random.choice(("", "()", "(1)", "(8, 8)")))
    return read(form, data, how, inputs, draw=random.random() < 0.02)


def read(form: str, data: bytes, how: How = How(), inputs: Any = None, draw: bool = False) -> str:  # noqa: B008
    """How reading a file ends; looks at the network: its numbers, as JSON, in every format of ours where it is drawn."""
    suffix, _, reader = seeds(form)
    try:
        text = data.decode("utf-8") if reader.text else ""
    except UnicodeDecodeError:
        return "fault"
    file = ModelFile(f"net{suffix}", text, data, reader, how)
    try:
        inputs = inputs or ({None: CODE_SHAPE} if form == "python" else {})
        network = build(file, max_layers=100_000, inputs=inputs)
    except SpecError as error:
        said(error.diagnostics)
        return "fault"
    analysis = analyze(network)
    document = analysis.to_dict()
    checked(document)
    json.dumps(document)
    said(network.diagnostics)
    if draw and len(analysis.layers) < run.DRAWN:
        invariants.drawn(analysis)
        invariants.looked_at(analysis)
    return "broken" if any(one.severity == "error" for one in network.diagnostics) else "network"


def said(diagnostics: Any) -> None:
    """Every fault says something, at a place that exists, in signs that a terminal shows."""
    one: Diagnostic
    for one in diagnostics:
        assert one.code and one.message, one
        assert len(one.message) < 1000, one.message[:300]
        if one.span is not None:
            invariants.check_span(one.span, one)
    for charset in (Charset(), Charset("ascii")):
        run._printable(faults.render(diagnostics, Screen(0, False, charset)))


def checked(document: dict[str, Any]) -> None:
    """Figures are whole or unknown, names unique, sums those of the rows."""
    names = set()
    for row in document["layers"]:
        assert row["name"] not in names, f"two of one name: {row['name']}"
        names.add(row["name"])
        for measure in ("params", "buffers", "macs", "flops"):
            assert row[measure] is None or (type(row[measure]) is int and row[measure] >= 0), f"{measure}: {row}"
        assert row["output"] is None or all(type(size) is int and size >= 0 for size in row["output"]), row
    for measure in ("params", "buffers", "macs", "flops"):
        rows = [row[measure] for row in document["layers"] if not row.get("train")]
        total = document["totals"][measure]
        spare = measure == "buffers" and document["format"] == "python"  # of modules that forward never runs
        assert total == (None if None in rows else sum(rows)) or total is None or (spare and total > sum(rows)), (
            f"{measure} of the rows and {total}"
        )


def commanded(name: str, random: Random) -> str:
    """Gives a file to a command."""
    words = [*random.choice(WORDS), name]
    words[1:1] = ["--input", random.choice(SHAPES)] if random.random() < 0.2 else []
    code, out, err = run.run(words)
    if code not in (0, 1, 2) or any(word in out + err for word in run.UNCLEAN):
        raise run.Unclean(f"{words}: exit code {code}: {err[-300:] or out[-300:]}")
    run._printable(err)
    run._read_back(words, code, out)
    return f"{words[0]} {code}"


# --- many -------------------------------------------------------------------------------------------


def many(form: str, inputs: int, seed: int, show: bool = True, first: int = 0) -> run.Report:
    """Runs the inputs of a format from `first` up to `inputs`."""
    signal.signal(signal.SIGVTALRM, stop)
    return run.many(inputs, seed, show, functools.partial(one, form), first)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzzes the readers of model files.")
    parser.add_argument("format", choices=[*model_seeds.SEEDS, "all"])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the input to begin with, where a run was broken off")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="run this input alone, and show it")
    parser.add_argument("--write", help="write it to this file, and do not run it")
    asked = parser.parse_args()
    warnings.simplefilter("error")
    if asked.only is not None and asked.write:
        Path(asked.write).write_bytes(data_of(asked.format, asked.seed, asked.only)[1])
        return 0
    if asked.only is not None:
        os.chdir(tempfile.mkdtemp())
        for part in one(asked.format, asked.seed, asked.only):
            print(part if isinstance(part, str) else repr(part))
        return 0
    failed = False
    for form in model_seeds.SEEDS if asked.format == "all" else (asked.format,):
        report = many(form, asked.inputs, asked.seed, first=asked.first)
        print(f"{form}, seed {asked.seed}: {report}; {dict(report.sorts)}{report.families()}", flush=True)
        failed = failed or bool(report.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
