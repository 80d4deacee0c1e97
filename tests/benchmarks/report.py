"""What was found, as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench import Cell, Column, Part, Table, Target
from benchmarks.figures import Spread

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
SCALES = {"ms": 1e3, "s": 1.0, "×": 1.0, "µs": 1e6, "MiB": 1 / 2**20, "B": 1.0, "": 1.0}


def figure(value: float, unit: str) -> str:
    """About three digits that mean something, or all of a whole number."""
    if unit == "n":
        return f"{value:,}"
    if unit == "e":
        return f"{value:.3f}"
    scaled = value * SCALES[unit]
    digits = next((3 - place for place, bound in enumerate((1, 10, 100)) if abs(scaled) < bound), 0)
    return f"{scaled:,.{digits}f}"


def cell(value: Cell, unit: str) -> str:
    """A spread is its median and, behind it, its quartiles."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("|", "\\|")
    if isinstance(value, Spread):
        return f"{figure(value.median, unit)} ({figure(value.low, unit)}–{figure(value.high, unit)})"
    return figure(value, unit)


def markdown(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> str:
    """A table, numbers to the right."""
    texts = [[cell(value, column.unit) for value, column in zip(row, columns, strict=True)] for row in rows]
    lines = [[column.title for column in columns], ["---:" if column.unit else "---" for column in columns], *texts]
    return "".join(f"| {' | '.join(words)} |\n" for words in lines)


def _verdict(target: Target) -> tuple[str, ...]:
    sign = "≥" if target.least else "≤"
    unit = "" if target.unit in ("e", "n") else f" {'B a layer' if target.unit == 'B' else target.unit}"
    measured = "not measured" if target.measured is None else cell(target.measured, target.unit)
    verdict = {True: "met", False: "**not met**", None: "–"}[target.met]
    return target.promise, measured, f"{sign} {target.bound:g}{unit}", verdict, target.remark


def targets(found: Sequence[Target]) -> str:
    columns = tuple(map(Column, ("what", "measured", "target", "", "")))
    return markdown(columns, [_verdict(one) for one in found])


def table(one: Table) -> str:
    note = f"{one.note}\n\n" if one.note else ""
    return f"### {one.title}\n\n{note}{markdown(one.columns, one.rows)}"


def document(parts: Sequence[Part], machine: dict[str, str]) -> str:
    """The whole result; every figure with a spread is a median, its quartiles in brackets."""
    about = "".join(f"- {name}: {value}\n" for name, value in machine.items())
    promised = [target for part in parts for target in part.targets]
    tables = [table(one) for part in parts for one in part.tables]
    return "\n".join([about, f"### Targets\n\n{targets(promised)}", *tables])


def plain(parts: Sequence[Part], machine: dict[str, str]) -> dict[str, Any]:
    """The same for programs: seconds, bytes and ratios, unrounded."""

    def value(one: Cell) -> Any:
        return one._asdict() if isinstance(one, Spread) else one

    return {
        "machine": machine,
        "targets": [
            {**target._asdict(), "measured": value(target.measured), "met": target.met}
            for part in parts
            for target in part.targets
        ],
        "tables": [
            {
                "title": one.title,
                "rows": [
                    {column.title: value(each) for column, each in zip(one.columns, row, strict=True)}
                    for row in one.rows
                ],
            }
            for part in parts
            for one in part.tables
        ],
    }


def write(text: str, file: Path) -> None:
    """Put the result between the markers of a document."""
    before, _, rest = file.read_text("utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{file} has no place for the result: {BEGIN} … {END}")
    file.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", "utf-8")
