"""The script on a checkout of a few lines: what it kills, what survives, and what the list of equivalents leaves out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mutants import equivalent
from mutants.catalogue import Module

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(os.name != "posix", reason="children are made by fork")

CODE = '''"""A toy."""

from functools import lru_cache

LIMIT = 3
__slots__ = (1,)


@lru_cache
def area(width: int, height: int = 2) -> int:
    """The area, 1 at least."""
    if width == 0:
        return 1
    return width * height


def over(value: int) -> bool:
    return value > LIMIT


def unasked(value: int) -> int:
    return value + 1


def endless(value: int) -> int:
    while value < 5:
        value += 1
    return value
'''
TESTS = """from cnncalc.toy.size import area, endless, over

def test_area():
    assert area(3) == 6
    assert area(3, 4) == 12

def test_area_of_nothing():
    assert area(0) == 1

def test_over():
    assert over(5) and not over(1)

def test_endless():
    assert endless(1) == 5
"""
EQUIVALENT = """# why some survive
cnncalc/toy/size.py: over
    line    return value > LIMIT
    mutant  value > LIMIT -> value >= LIMIT
    why     nobody asks at the limit

cnncalc/toy/size.py: over
    line    return value > OLD
    mutant  value > OLD -> value >= OLD
    why     this line is gone
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    for folder, name, text in (
        ("cnncalc", "__init__.py", ""), ("cnncalc/toy", "__init__.py", ""), ("cnncalc/toy", "size.py", CODE),
        ("tests/toy", "test_size.py", TESTS), (".", "equivalent.txt", EQUIVALENT),
        (".", "pyproject.toml", '[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib"]\nmarkers = ["slow"]\n'),
    ):  # fmt: skip
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / name).write_text(text)
    return root


def run(root: Path, *words: object) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-B",
        HERE / "run.py",
        "toy",
        "--root",
        root,
        "--equivalent",
        root / "equivalent.txt",
        *words,
    ]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def told(checkout: Path) -> str:
    before = sorted(checkout.rglob("*"))
    result = run(checkout)
    assert result.returncode == 0, result.stderr
    assert sorted(checkout.rglob("*")) == before  # nothing is left behind
    return result.stdout


def test_what_a_test_notices_is_killed(told: str) -> None:
    for change in ("width * height -> width // height", "width == 0 -> width != 0", "value > LIMIT -> value < LIMIT"):
        assert change not in told
    assert "2 -> 3" not in told  # a default, which is there from the import on
    assert "value < 5 -> value <= 5" not in told  # behind a cache and a loop, too
    assert "without end" not in told


def test_what_no_test_notices_is_told_with_its_place_and_the_change(told: str) -> None:
    assert "cnncalc/toy/size.py:5: : 3 -> 4\n  - LIMIT = 3\n  + LIMIT = 4\n" in told
    assert (
        "cnncalc/toy/size.py:22: unasked (no test runs it): value + 1 -> value - 1\n"
        "  - return value + 1\n  + return value - 1\n"
    ) in told


def test_a_loop_that_no_longer_ends_is_killed(told: str) -> None:
    assert "value += 1 -> value -= 1" not in told


def test_what_is_listed_as_equivalent_is_left_out(told: str) -> None:
    assert "value > LIMIT -> value >= LIMIT" not in told
    assert "1 equivalent ones left out" in told


def test_an_entry_whose_line_is_gone_is_told(told: str) -> None:
    assert "no such mutant any more: cnncalc/toy/size.py: over\n  line    return value > OLD" in told


def test_the_share_of_what_was_killed(checkout: Path, told: str) -> None:
    survived = told.count("\n  - ")
    killed, total, percent = re.search(r"toy: (\d+) of (\d+) mutants killed, ([\d.]+) %", told).groups()
    assert int(killed) + survived == int(total) == len(Module(checkout, checkout / "cnncalc/toy/size.py").mutants()) - 1
    assert percent == f"{100 * int(killed) / int(total):.1f}"


def test_a_sample_is_the_same_for_the_same_seed(checkout: Path) -> None:
    runs = [run(checkout, "--sample", 6, "--seed", 4, "--least", least) for least in (1, 99.9)]
    first, second = (re.sub(r"\d+ s\n", "", one.stdout) for one in runs)
    assert first == second
    assert "of 6 mutants" in first.replace("  ", " ")
    assert [one.returncode for one in runs] == [0, 1]


def test_tests_that_fail_anyway_judge_nothing(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "test_wrong.py").write_text("def test_wrong():\n    assert False\n")
    result = run(checkout, "--tests", tmp_path / "test_wrong.py")
    assert result.returncode == 2
    assert "fail without a mutant" in result.stderr and "test_wrong" in result.stderr


def test_texts_and_types_do_not_slip(tmp_path: Path) -> None:
    path = tmp_path / "cnncalc" / "some.py"
    path.parent.mkdir()
    path.write_text('''"""A text with 1."""
from typing import TYPE_CHECKING, Literal, TypeAlias, overload
__slots__ = ("a", 1)
__all__ = ["f"]
Kind: TypeAlias = "Literal[1] | Literal[2]"
if TYPE_CHECKING:
    print(1, 2)
@overload
def f(a: int = 1) -> int: ...
def f(a: "Literal[1]", b: int | None = None) -> "Literal[2]":
    """A number, 3."""
    table = {"key": "value"}
    raise ValueError("a message")
    pairs = zip(a, a, strict=True)
if __name__ == "x":  # pragma: no cover
    print(5, 6)
''')
    assert [mutant.change for mutant in Module(tmp_path, path).mutants()] == []


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("x = a + 1", ["a + 1 -> a - 1", "1 -> 2"]),
        ("x = not a", ["not a -> a"]),
        ("x = a and b", ["a and b -> a or b"]),
        ("x = a == 'same'", ["a == 'same' -> a != 'same'", "'same' -> 'same?'"]),
        ("x = a in ('b', 'c')", ["a in ('b', 'c') -> a not in ('b', 'c')", "'b' -> 'b?'", "'c' -> 'c?'"]),
        ("x = {'key': True}", ["True -> False"]),
        ("x = f(a, b)", ["swapped: a, b"]),
        ("f(a)", ["without f(a)"]),
        ("x = max(a, b)", ["max -> min"]),
        ("x = a if b else c", ["the condition b is True", "the condition b is False"]),
        ("x = [a for a in b if a]", ["the condition a is True", "the condition a is False"]),
        ("x = 1 + 1", ["1 + 1 -> 1 - 1", "1 -> 2", "1 -> 2 (2)"]),
        ("def f(a=1, b='x'): return a", ["returns None", "1 -> 2", "'x' -> 'x?'"]),
    ],
)
def test_the_slips_of_a_line(tmp_path: Path, line: str, changes: list[str]) -> None:
    path = tmp_path / "some.py"
    path.write_text(f"{line}\n")
    mutants = Module(tmp_path, path).mutants()
    assert sorted(mutant.change for mutant in mutants) == sorted(changes)
    assert len({mutant.code().co_code + repr(mutant.code().co_consts).encode() for mutant in mutants}) >= 1


def test_the_list_of_equivalents_can_be_read_and_gives_reasons() -> None:
    listed = equivalent.read(equivalent.HERE)
    assert all(len(why.split()) > 2 for why in listed.values())


@pytest.mark.parametrize(
    "text", ["cnncalc/a.py: f\n line x\n mutant y\n", "cnncalc/a.py: f\n mutant y\n why z\n", "a\n line x\n why z"]
)
def test_an_entry_without_a_reason_a_line_or_a_mutant(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.txt").write_text(text)
    with pytest.raises(equivalent.BadList):
        equivalent.read(tmp_path / "list.txt")
