"""Generated .cfg files: outputs, stored numbers and operations are Darknet's (sections.jsonl, made by record_sections.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cnncalc

CASES = [json.loads(line) for line in (Path(__file__).parent / "sections.jsonl").read_text().splitlines()]
#: Sections whose products Darknet's `ops` counts.
COUNTED = {"convolutional", "conv", "connected", "conn", "rnn", "gru", "lstm"}
#: Sections that are the tensor of another one: nothing is made.
PASSED = {"route", "cost", "empty", "dropout"}


def written(sections: list[tuple[str, dict[str, Any]]]) -> str:
    return "".join(
        f"[{kind}]\n" + "".join(f"{key}={value}\n" for key, value in given.items()) for kind, given in sections
    )


def shape(output: tuple[int, ...] | None) -> list[int]:
    """An output as Darknet has it: a vector is a map of one pixel."""
    return [*(output or ()), 1, 1][:3]


@pytest.mark.parametrize("part", range(4))
def test_what_darknet_makes_of_it(part: int, tmp_path: Path) -> None:
    """But where its whole-number division takes groups, squares or windows that do not fit: that is a fault here."""
    path = tmp_path / "net.cfg"
    refused = 0
    for sections, shapes, saved, ops in CASES[part::4]:
        text = written(sections)
        path.write_text(text)
        try:
            network = cnncalc.load(path)
        except cnncalc.SpecError as fault:
            assert "does not divide" in str(fault) or "does not fit its" in str(fault), text
            refused += 1
            continue
        analysis = cnncalc.analyze(network)
        outputs = {node.name.partition(".")[0]: shape(node.output) for node in network.layers}
        wanted = {
            index: shape for index, shape in shapes.items()
            if index in outputs or sections[int(index) + 1][0] not in PASSED
        }  # fmt: skip
        assert {index: outputs.get(index) for index in wanted} == wanted, text
        totals = analysis.totals
        assert totals.params is not None
        assert totals.buffers is not None
        assert totals.params + totals.buffers == saved, text
        if ops is not None:
            rows = zip(analysis.layers, network.layers, strict=True)
            macs = [row.macs or 0 for row, node in rows if network.origins[node.position].type in COUNTED]
            assert 2 * sum(macs) == ops, text
    assert refused <= 8
