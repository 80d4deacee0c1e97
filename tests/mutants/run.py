"""Makes mutants of a package and tells which its own tests do not notice: python tests/mutants/run.py layers

A mutant is the package with one small slip: a `-` for a `+`, a `<` for a `<=`, a number one too large, two arguments
swapped, a condition that always holds. A test that fails kills it. What survives is printed as a change, to be met by a
test of what the code is for; one that changes nothing is listed in equivalent.txt beside this file, with the reason.
Which tests are a package's own stands in TESTS.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(FOLDER)]  # this folder is a package

from mutants import equivalent  # noqa: E402
from mutants.catalogue import Module, Mutant  # noqa: E402
from mutants.terms import Trial  # noqa: E402
from mutants.trial import BrokenTests, judge  # noqa: E402

#: The test of the whole pages of a feature, which lie in the folder `cases` of its tests.
PAGES = "tests/features/test_pages.py::test_pages_are_what_they_were"
#: The tests of packages that are not in the folder of the same name, or not only there.
TESTS = {
    "document": ("tests/document", "tests/render"), "render": ("tests/document", "tests/render"),
    "convert": ("tests/convert", "tests/oracles/test_onnx_nodes.py"),
    "convert/torch": ("tests/convert/torch", "tests/convert/pt2", "tests/convert/python"),
    "convert/python": ("tests/convert/python", "tests/convert/test_pasted.py"),
    "convert/out": ("tests/convert/out", f"{PAGES}[convert-conversions]"),
    "features/rewrite": ("tests/features/rewrite", "tests/cases"),
    "features/shapes": ("tests/features/shapes", "tests/cases"),
    "api.py": ("tests/test_api.py", "tests/test_api_arguments.py"),
    "diagnostics.py": ("tests/test_places.py", "tests/test_diagnostics.py"),
    "replacing.py": ("tests/test_replacing.py", "tests/cli/test_writing.py", "tests/cli/test_output.py"),
    "roots.py": ("tests/cli/test_outside.py", "tests/cli/test_project.py", "tests/cli/test_paths.py"),
    "picture": ("tests/picture", "tests/test_pictures.py", f"{PAGES}[draw-graphs]", f"{PAGES}[draw-volumes]"),
}  # fmt: skip


class Score(NamedTuple):
    """What came of the mutants."""

    killed: list[Mutant]
    survived: list[tuple[Mutant, str]]
    equivalent: int

    @property
    def percent(self) -> float:
        """How many of 100 were killed."""
        total = len(self.killed) + len(self.survived)
        return 100 * len(self.killed) / total if total else 100.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", help="a package or module of cnncalc: layers, features/check, records.py")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of the mutants")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="which ones (0)")
    parser.add_argument("--file", action="append", metavar="NAME", help="only mutants of files of this name")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="how many at a time (1)")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="the tests to run, if not the package's own")
    parser.add_argument("--least", type=float, default=0, metavar="P", help="fail where under P %% are killed")
    parser.add_argument("--equivalent", type=Path, default=equivalent.HERE, metavar="FILE", help="the list to go by")
    parser.add_argument("--root", type=Path, default=FOLDER.parent, metavar="DIR", help="the checkout")
    return parser.parse_args()


def modules(root: Path, package: str, names: list[str] | None) -> list[Module]:
    """The modules of the package, those of certain file names."""
    place = root / "cnncalc" / package
    paths = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return [Module(root, path) for path in paths if not names or path.name in names]


def own_tests(root: Path, package: str) -> list[str]:
    """The folders of the package's own tests, and the pages of a feature; of a module the file of its tests."""
    usual = Path("tests", package)
    usual = usual.with_name(f"test_{usual.name}") if package.endswith(".py") else usual
    folders = [name for name in TESTS.get(package, (str(usual),)) if (root / name.partition("::")[0]).exists()]
    pages = sorted((root / "tests" / package / "cases").glob("*.txt")) if package.startswith("features/") else []
    return folders + [f"{PAGES}[{Path(package).name}-{path.stem}]" for path in pages]


def main() -> int:
    options = arguments()
    root = options.root.resolve()
    found = [mutant for module in modules(root, options.package, options.file) for mutant in module.mutants()]
    tests = options.tests or own_tests(root, options.package)
    if not found or not tests:
        print(f"no {'tests' if found else 'mutants'} of {options.package}", file=sys.stderr)
        return 2
    listed = equivalent.read(options.equivalent)
    chosen = [mutant for mutant in found if mutant.key not in listed]
    left_out = len(found) - len(chosen)
    if options.sample is not None and options.sample < len(chosen):
        chosen = sorted(random.Random(options.seed).sample(chosen, options.sample), key=found.index)
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            files = frozenset(mutant.module.path for mutant in found)
            trial = Trial(root, tests, files, Path(scratch), options.jobs)
            score = scored(chosen, trial, left_out)
    except BrokenTests as fault:
        print(f"The tests fail without a mutant:\n{fault}", file=sys.stderr)
        return 2
    report(options.package, score, time.monotonic() - began)
    for module, name, line, change in equivalent.stale(listed, found) if not options.file else ():
        print(f"\nequivalent.txt: no such mutant any more: {module}: {name}\n  line    {line}\n  mutant  {change}")
    return 1 if score.percent < options.least else 0


def scored(mutants: list[Mutant], trial: Trial, left_out: int) -> Score:
    """The mutants, sorted into those that were killed and others."""
    score = Score([], [], left_out)
    for index, killed in judge(trial, mutants):
        if killed:
            score.killed.append(mutants[index])
        else:
            score.survived.append((mutants[index], "no test runs it" if killed is None else ""))
    score.survived.sort(key=lambda pair: mutants.index(pair[0]))
    return score


def report(package: str, score: Score, seconds: float) -> None:
    """The survivors, then a line for every file and one for all."""
    for mutant, why in score.survived:
        before, after = (text.replace("\n", "\n    ") for text in (mutant.before, mutant.after))
        print(f"{mutant.module.name}:{mutant.line}: {mutant.place.name}{f' ({why})' if why else ''}: {mutant.change}")
        print(f"  - {before}\n  + {after}\n")
    killed = Counter(mutant.module.name for mutant in score.killed)
    alive = Counter(mutant.module.name for mutant, _ in score.survived)
    for name in sorted({*killed, *alive}):
        total = killed[name] + alive[name]
        print(f"{name:40} {killed[name]:5} of {total:5}  {100 * killed[name] / total:5.1f} %")
    total = len(score.killed) + len(score.survived)
    print(f"{package}: {len(score.killed)} of {total} mutants killed, {score.percent:.1f} %; "
          f"{score.equivalent} equivalent ones left out; {seconds:.0f} s")  # fmt: skip


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # what the tests have loaded need not be taken down
