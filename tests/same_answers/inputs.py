"""The specs that are asked about: the examples, seeds, faulty ones, generated ones; written into a folder."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz.mutator import SEEDS, USED, crossed, edited
from oracles.generator import program, spoiled
from oracles.printer import Printer

from .faulty import EXTRA
from .sides import CLEAN

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
GENERATED, MUTATED = 500, 250
_LONGEST = 4000
#: Specs with so many rounds take seconds, and say nothing that others do not.
_SLOW = re.compile(r"repeat (\d{4,}|10\*\*[4-7]\b)")
_DATE = "2024-01-01T00:00:00+00:00"


@dataclass
class Spec:
    """A spec in the folder; `layers` are the names of its layers, once one of the sides has been asked."""

    path: str
    text: str
    at: str = ""
    layers: list[str] = field(default_factory=list)

    @property
    def words(self) -> dict[str, str]:
        """What stands for {…} in the options of a case: other inputs, another value, names of layers."""
        found = {}
        shape = re.search(r"^(?:\w+ = )?input ([\dx@]+)", self.text, re.MULTILINE)
        if shape:
            numbers = re.split(r"([x@])", shape[1])
            for name, by in (("larger", 32), ("smaller", -7), ("odd", 13)):
                sizes = [str(max(1, int(one) + by)) if one.isdigit() and at else one for at, one in enumerate(numbers)]
                found[name] = "".join(sizes)
            found["deeper"] = "".join([str(int(numbers[0]) * 2), *numbers[1:]])
        variable = re.search(r"^let (\w+) = (\d+)", self.text, re.MULTILINE)
        if variable:
            found |= {"let": variable[1], "value": str(int(variable[2]) * 2), "half": str(int(variable[2]) // 2)}
        named = re.search(r"^(?:stage|head|block) (\w+)", self.text, re.MULTILINE)
        if named:
            found["stage"] = named[1]
        for tenth in range(11) if self.layers else ():
            found[f"layer{tenth}"] = self.layers[tenth * (len(self.layers) - 1) // 10]
        return found


@dataclass
class Inputs:
    """All of them, and where."""

    examples: list[Spec]
    seeds: list[Spec]
    faulty: list[Spec]
    generated: list[Spec]
    mutated: list[Spec]


def written(folder: Path) -> Inputs:
    """Writes all specs into a folder, always the same."""
    shutil.copytree(EXAMPLES, folder / "examples")
    for name in ("seeds", "faulty", "generated", "mutated"):
        shutil.copytree(USED, folder / name)
    examples = []
    for path in sorted((folder / "examples").rglob("*.txt")):
        name = str(path.relative_to(folder))
        examples.append(Spec(name, path.read_text("utf-8"), "@" + name[len("examples/") : -len(".txt")]))
    seeds = [(path.name, path.read_bytes().decode("utf-8", "surrogateescape")) for path in sorted(SEEDS.iterdir())]
    texts = [Printer(program(seed), {}, Random(seed)).text() for seed in range(GENERATED - 150)]
    texts += [Printer(spoiled(seed), {}, Random(seed)).text() for seed in range(150)]
    made = [(f"g{number:03}.txt", text) for number, text in enumerate(texts)]
    faulty = [
        (f"f{number:03}.txt", text)
        for number, text in enumerate(sorted({*collected(), *EXTRA}))
        if not _SLOW.search(text)
    ]
    mutants = [(f"m{number:03}.txt", text) for number, text in enumerate(_mutants([text for _, text in seeds]))]
    _repository(folder / "git")
    groups = (("seeds", seeds), ("faulty", faulty), ("generated", made), ("mutated", mutants))
    return Inputs(
        examples, *([_put(folder, f"{where}/{name}", text) for name, text in group] for where, group in groups)
    )


def _put(folder: Path, name: str, text: str) -> Spec:
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return Spec(name, text)


def _mutants(seeds: list[str]) -> Iterator[str]:
    for number in range(MUTATED):
        random = Random(number)
        one, other = random.choice(seeds), random.choice(seeds)
        yield (
            edited(crossed(one, other, random) if number % 3 == 0 else one, random)[:_LONGEST]
            .encode("utf-8", "replace")
            .decode()
        )


def collected() -> Iterator[str]:
    """The specs that stand in the tests as texts, whole or as sums of texts."""
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        names = {"PICTURE": "input 3x32x32\n"}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                text = _folded(node.value, names)
                if text is not None:
                    names[node.targets[0].id] = text
        yield from _texts(tree, names)


def _texts(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    text = _folded(node, names) if isinstance(node, ast.Constant | ast.BinOp) else None
    if text is None:
        for inner in ast.iter_child_nodes(node):
            yield from _texts(inner, names)
    elif re.search(r"^(\w+ = )?input \S", text, re.MULTILINE) and len(text) < _LONGEST and "\0" not in text:
        yield text.encode("utf-8", "replace").decode()


def _folded(node: ast.AST, names: dict[str, str]) -> str | None:
    """The text that an expression comes to; None where that is not plain."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.BinOp):
        left, right = _folded(node.left, names), node.right
        if isinstance(node.op, ast.Add):
            other = _folded(right, names)
            return None if left is None or other is None else left + other
        times = right.value if isinstance(right, ast.Constant) else None
        if isinstance(node.op, ast.Mult) and left is not None and isinstance(times, int) and times < 1000:
            return left * times
    return None


def _repository(folder: Path) -> None:
    """A repository of three commits, always with the same hashes."""
    (folder / "nets" / "parts").mkdir(parents=True)
    person = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
              for what, value in (("NAME", "A"), ("EMAIL", "a@example.com"), ("DATE", _DATE))}  # fmt: skip
    blocks = "block cbr(w, k=3):\n    conv w k pad=same | bn | relu\n"
    net = "use parts/blocks.txt\ninput 3x32x32\ncbr 16\ncbr 32\nmaxpool 2\ngavgpool | flatten\nfc 10\n"
    states = [(net, blocks), (net.replace("cbr 32", "cbr 48"), blocks), (net + "relu\n", blocks.replace("k=3", "k=5"))]

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**CLEAN, **person})

    git("init", "-q", "-b", "main")
    for number, (one, other) in enumerate(states):
        (folder / "nets" / "model.txt").write_text(one)
        (folder / "nets" / "parts" / "blocks.txt").write_text(other)
        git("add", ".")
        git("-c", "commit.gpgsign=false", "commit", "-qm", str(number))
        git("tag", f"v{number}")
    (folder / "nets" / "model.txt").write_text(net.replace("fc 10", "fc 20"))
    (folder / "nets" / "new.txt").write_text(net)
