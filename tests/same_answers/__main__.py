"""Compares two installed cnncalcs: whether both give the same answers, to the byte.

    python tests/same_answers --before VENV --after VENV            some 12,000 command lines
    python tests/same_answers --before … --after … --quick          a share of them
    python tests/same_answers … --only compare --only 'faulty: check'
    python tests/same_answers … --ignore-words                      numbers, JSON and exit codes only
    python tests/same_answers … --case 4711                         one case again, all that it differs in
    python tests/same_answers … --list                              what would be asked

VENV is the folder of a virtual environment, or a Python in which a cnncalc is installed. Both are asked the same, each
by a worker that forks for every command line (worker.py); standard output, standard error, the exit code and the files
written are compared. Exit code 0: no difference; 1: some; 2: it could not be run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from same_answers import cases, more_cases
from same_answers.comparing import Differences, differs
from same_answers.inputs import Inputs, Spec, written
from same_answers.sides import Answer, Case, Pair, ask_all

#: One in so many of the cases that are not always asked is asked with --quick.
_SHARE = 16


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        "same_answers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", required=True, metavar="VENV")
    parser.add_argument("--after", required=True, metavar="VENV")
    parser.add_argument("--quick", action="store_true", help="a share of the cases")
    parser.add_argument("--only", action="append", default=[], metavar="GROUP", help="cases of this group; repeatable")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="pairs of workers")
    parser.add_argument("--ignore-words", action="store_true", help="compare numbers, JSON and exit codes only")
    parser.add_argument("--limit", type=int, default=25, metavar="N", help="kinds of difference that are printed")
    parser.add_argument("--case", type=int, metavar="NUMBER", help="this case only, with both answers")
    parser.add_argument("--list", action="store_true", help="print the cases, ask nothing")
    parser.add_argument("--keep", metavar="FILE", help="write the answers of --after there, a line of JSON a case")
    return parser.parse_args(words)


def python_of(place: str) -> str:
    """The Python of a virtual environment, or the one that is named."""
    path = Path(place).absolute()
    path = path / "bin" / "python" if path.is_dir() else path
    if not path.exists():
        raise SystemExit(f"no Python at {path}")
    return str(path)


def named(specs: Sequence[Spec], pair: Pair) -> None:
    """Finds the names of the layers, as the first side says them: they are asked about."""
    for spec in specs:
        pair.sides[0].send(Case("", [["shapes", spec.path, "--format", "json"]]))
        answer = pair.sides[0].received()
        if answer["code"][0] < 2 and answer["out"]:
            spec.layers = [layer["name"] for layer in json.loads(answer["out"])["layers"]]


def all_cases(inputs: Inputs) -> list[Case]:
    """All cases, in the same order always."""
    made: list[Case] = []
    for part in (
        cases.plain, cases.of_examples, more_cases.of_texts, more_cases.of_specs, more_cases.of_projects,
        more_cases.of_revisions, more_cases.of_python, more_cases.of_interpreters,
    ):  # fmt: skip
        made += part(inputs)
    return made


def chosen(made: Sequence[Case], options: argparse.Namespace) -> list[tuple[int, Case]]:
    """The cases that are asked, with their numbers."""
    numbered = list(enumerate(made))
    if options.case is not None:
        return [numbered[options.case]]
    if options.only:
        numbered = [one for one in numbered if one[1].group in options.only]
    if options.quick:
        numbered = [one for at, one in enumerate(numbered) if one[1].core or at % _SHARE == 0]
    return numbered


def run(options: argparse.Namespace, folder: Path) -> int:
    """Asks both, prints what differs; the exit code."""
    began = time.monotonic()
    pythons = [python_of(options.before), python_of(options.after)]
    first = folder / "one0"
    inputs = written(first / "shared")
    pairs = []
    for job in range(options.jobs):
        roots = [folder / f"one{job}", folder / f"two{job}"]
        for root in roots:
            if root != first:
                shutil.copytree(first / "shared", root / "shared", symlinks=True)
    for job in range(options.jobs):
        pairs.append(Pair(pythons, [folder / f"one{job}", folder / f"two{job}"]))
    for name, side in zip(("before", "after"), pairs[0].sides, strict=True):
        print(f"{name:7}{side.hello['at']} (Python {side.hello['python']})")
    named([*inputs.examples, *inputs.seeds, *inputs.generated], pairs[0])
    numbered = chosen(all_cases(inputs), options)
    if options.list:
        print("\n".join(f"#{number} [{case.group}] {case}" for number, case in numbered))
        return 0
    code = compare(options, pairs, numbered)
    for pair in pairs:
        pair.close()
    print(f"{time.monotonic() - began:.0f} s")
    return code


def compare(options: argparse.Namespace, pairs: Sequence[Pair], numbered: Sequence[tuple[int, Case]]) -> int:
    """Asks the cases; prints the summary."""
    asked: Counter[str] = Counter()
    unlike: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    took: Counter[str] = Counter()
    found = Differences()
    kept: dict[int, Answer] = {}

    def told(at: int, case: Case, answers: list[Answer]) -> None:
        number = numbered[at][0]
        asked[case.group] += 1
        codes.update(str(code) for code in answers[0]["code"])
        took[case.group] += round(1000 * max(answer["seconds"] for answer in answers))
        lines = differs(case, answers, not options.ignore_words)
        if lines:
            unlike[case.group] += 1
            found.add(number, case, lines)
        if asked.total() % 1000 == 0:
            print(f"{asked.total()} of {len(numbered)}, {found.count} differ", file=sys.stderr, flush=True)
        if options.keep or options.case is not None:
            kept[number] = answers[1]

    ask_all(pairs, [case for _, case in numbered], told)
    if found.count:
        print(f"\n{found.report(10**6 if options.case is not None else options.limit)}\n")
    print(f"{'group':<22}{'cases':>7}{'differ':>8}{'seconds':>9}")
    for group in sorted(asked):
        print(f"{group:<22}{asked[group]:>7}{unlike[group]:>8}{took[group] / 1000:>9.1f}")
    print(f"{'all':<22}{asked.total():>7}{unlike.total():>8}   exit codes "
          + ", ".join(f"{code}: {count}" for code, count in sorted(codes.items())))  # fmt: skip
    if options.case is not None:
        print(json.dumps(kept[options.case], indent=1, ensure_ascii=False))
    if options.keep:
        lines = [json.dumps({"number": number, "case": str(case), **kept[number]}) for number, case in numbered]
        Path(options.keep).write_text("\n".join(lines) + "\n", "utf-8")
    return 1 if found.count else 0


def main() -> int:
    """Runs it in a folder that is gone afterwards."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="same-") as folder:
        return run(options, Path(folder).resolve())


if __name__ == "__main__":
    sys.exit(main())
