"""Which class or factory of a file is read, and what is said where it cannot be told: entries.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

HEAD = "import torch\nfrom torch import nn\n"
TEXT = Path(__file__).with_name("entries.txt").read_text("utf-8")
#: The code of each case, and what is said of each entry: a title and the output, or a fault and its help.
CASES = [
    (code, *line[3:].split(" => ", 1))
    for part in TEXT.split("=== ")[1:]
    for code, _, lines in [part.split("\n", 1)[1].partition("\n>> ")]
    for line in f">> {lines}".splitlines()
]


def said(folder: Path, code: str, entry: str) -> str:
    """The title and the outputs of what is read; or all faults, with their places and what to write."""
    path = folder / "net.py"
    path.write_text(HEAD + code + "\n", "utf-8")
    try:
        network = cnncalc.load(f"{path}{':' * bool(entry)}{entry}", input="8")
    except cnncalc.SpecError as error:
        faults = []
        for one in error.diagnostics:
            place = f"{one.span.line}:{one.span.column}-{one.span.end_column} " if one.span is not None else ""
            more = [f"{frame.text} in {frame.span.line}" for frame in one.frames if frame.span is not None]
            faults.append(" / ".join([f"{one.code} {place}{one.message}", *more, *filter(None, [one.help])]))
        return " // ".join(faults).replace(str(path), "net.py")
    return f"{network.title}: {', '.join(f'{port.name} {network.nodes[port.node].output}' for port in network.outputs)}"


@pytest.mark.parametrize(("code", "entry", "expected"), CASES)
def test_what_is_read(tmp_path: Path, code: str, entry: str, expected: str) -> None:
    assert said(tmp_path, code, entry.strip()) == expected
