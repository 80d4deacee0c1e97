"""Plants mistakes of shape in good model code, and keeps those that PyTorch refuses, with the line and the right figure.

    python -m tests.oracles.plant_mistakes CHECKOUTS CASES.json OUT.json [--most N] [--seed N] [--site DIR] [--shim FILE]

CASES.json is as for record_python_sources.py, of models that run; without CHECKOUTS' folders, ``repo`` "" and ``path``
below CHECKOUTS: our own of data/models. A mistake is one edit of one line of the file: another in_features, in_channels,
kernel or number of a norm, a flatten left out, two arguments swapped, cat on another axis, view of another size. What is
known of it: the line of the edit, the line of the call in `forward` (PyTorch's traceback), and the figure that the good
model has there.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .record_python_sources import pooled, record

#: The first two arguments of modules: what comes in and what goes out.
_WEIGHTED = ("Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
_NORMS = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LayerNorm")
_FLATTENS = ("flatten", "view", "reshape")


class Mistake(NamedTuple):
    """An edit: from a line and column to another, in place of which `text` stands; `figure` stood there."""

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    figure: str | None

    def planted(self, source: str) -> str:
        """The source with it. Columns are of bytes, as Python's syntax tree has them."""
        lines = source.encode().split(b"\n")
        before = b"\n".join([*lines[: self.line - 1], lines[self.line - 1][: self.column]])
        after = b"\n".join([lines[self.end_line - 1][self.end_column :], *lines[self.end_line :]])
        return (before + self.text.encode() + after).decode()


def _edit(kind: str, node: Any, text: str, figure: Any = None) -> Mistake:
    return Mistake(kind, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text,
                   None if figure is None else str(figure))  # fmt: skip


def _is_number(node: Any, least: int = 1) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value >= least


def mistakes(source: str) -> Iterator[Mistake]:
    """Every mistake that could be planted: many of them are none, as the figure hangs on nothing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign):
            yield from _of_flatten(node)


def _of_call(call: ast.Call) -> Iterator[Mistake]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    numbers = {keyword.arg: keyword.value for keyword in call.keywords}
    first = call.args[0] if call.args else numbers.get("in_features", numbers.get("in_channels"))
    if name in _WEIGHTED:
        yield from _of_weighted(name, call, first, numbers)
    elif name in _NORMS and _is_number(first, 2):
        for wrong in (first.value // 2, first.value + 2):  # type: ignore[union-attr]
            yield _edit("norm", first, str(wrong), first.value)  # type: ignore[union-attr]
    elif name in ("cat", "concat"):
        axis = call.args[1] if len(call.args) > 1 else numbers.get("dim")
        if _is_number(axis):
            for wrong in {1, 2} - {axis.value}:  # type: ignore[union-attr]
                yield _edit("cat axis", axis, str(wrong), axis.value)  # type: ignore[union-attr]
    elif name in ("view", "reshape"):
        for size in call.args:
            if _is_number(size, 8):
                for wrong in (size.value + 1, size.value // 2 + 1, size.value - 3):  # type: ignore[attr-defined]
                    yield _edit("view", size, str(wrong), size.value)  # type: ignore[attr-defined]


def _of_weighted(name: str, call: ast.Call, first: Any, numbers: dict[str | None, ast.expr]) -> Iterator[Mistake]:
    kind = "in_features" if name == "Linear" else "in_channels"
    if _is_number(first):
        wrongs = {first.value * 2, first.value + 1, first.value // 2 or 3} - {first.value}
        for wrong in sorted(wrongs):
            yield _edit(kind, first, str(wrong), first.value)
    second = call.args[1] if len(call.args) > 1 else None
    if _is_number(first) and _is_number(second) and first.value != second.value:  # type: ignore[union-attr]
        last: Any = second
        text = f"{second.value}, {first.value}"  # type: ignore[union-attr]
        yield Mistake(
            "swapped", first.lineno, first.col_offset, last.end_lineno, last.end_col_offset, text, str(first.value)
        )
    kernel = call.args[2] if len(call.args) > 2 else numbers.get("kernel_size")
    if name != "Linear" and _is_number(kernel, 2):
        for wrong in (kernel.value - 1, kernel.value + 2):  # type: ignore[union-attr]
            yield _edit("kernel", kernel, str(wrong))


def _of_flatten(node: ast.Assign) -> Iterator[Mistake]:
    call = node.value
    target = node.targets[0]
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(target, ast.Name)):
        return
    of = call.args[0] if getattr(call.func.value, "id", "") == "torch" and call.args else call.func.value
    if call.func.attr in _FLATTENS and isinstance(of, ast.Name) and of.id == target.id:
        flat = call.func.attr == "flatten" or len(call.args) == 2
        yield _edit("flatten" if flat else "reshape", node, f"{target.id} = {target.id}")


def confirmed(checkouts: Path, case: dict[str, Any]) -> dict[str, Any]:
    """A case with those of its mistakes that PyTorch refuses while the network runs, and how."""
    folder = checkouts / case["repo"].replace("/", "+") if case["repo"] else checkouts
    good = folder / case["path"]
    found = []
    for number, mistake in enumerate(case["mistakes"]):
        bad = good.with_name(f"{good.stem}__{case['id']}_{number}.py")
        bad.write_text(Mistake(*mistake).planted(good.read_text("utf-8")), "utf-8")
        try:
            facts = record(checkouts, case | {"path": str(bad.relative_to(folder))})
        finally:
            bad.unlink()
        if not facts["ok"] and facts.get("forward"):
            kept = {key: facts[key] for key in ("error", "line", "forward")}
            found.append(kept | {"mistake": mistake, "number": number})
    return case | {"ok": True, "output": f"{len(found)} of {len(case['mistakes'])}", "found": found}


def main() -> None:
    """Plant, confirm, and write those that PyTorch refuses."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--most", type=int, default=10, help="mistakes of one kind and file that are tried")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--site")
    parser.add_argument("--shim", type=Path)
    arguments = parser.parse_args()
    draw, jobs = random.Random(arguments.seed), []
    for number, case in enumerate(json.loads(arguments.cases.read_text("utf-8"))):
        folder = arguments.checkouts / case["repo"].replace("/", "+") if case["repo"] else arguments.checkouts
        by_kind: dict[str, list[Mistake]] = {}
        for mistake in mistakes((folder / case["path"]).read_text("utf-8")):
            by_kind.setdefault(mistake.kind, []).append(mistake)
        drawn = [draw.sample(several, min(len(several), arguments.most)) for several in by_kind.values()]
        jobs.append(case | {"set": "planted", "id": number, "mistakes": [one for several in drawn for one in several]})
    planted = []
    for facts in pooled(confirmed, arguments.checkouts, jobs, arguments.site, arguments.shim):
        case = {key: facts[key] for key in ("repo", "path", "source_root", "call", "inputs", "id")}
        planted += [case | one for one in facts.get("found", ())]
    arguments.out.write_text(json.dumps(planted, indent=0), "utf-8")
    print(sum(len(job["mistakes"]) for job in jobs), "tried,", len(planted), "refused by PyTorch")


if __name__ == "__main__":
    main()
