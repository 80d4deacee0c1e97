"""The ledger between two conventions: its entries are the whole difference."""

import itertools

import pytest

import cnncalc
from cnncalc.interpret.specification import specification
from cnncalc.measure.conventions import CONVENTIONS, NotKnown, Tally, find, ledger
from helpers import network
from readme import ROOT

EXAMPLES = sorted(path for path in (ROOT / "examples").rglob("*.txt"))


def entries(analysis, first, second):
    found = ledger(analysis, find(first), find(second))
    return [(one.kind, one.coefficient, one.quantity, one.amount, len(one.layers)) for one in found.entries]


def test_the_ledger_of_resnet18():
    analysis = cnncalc.analyze(cnncalc.load("@resnet18"))
    found = ledger(analysis, find("macs"), find("fvcore"))
    assert (found.start.total, found.end.total) == (1_814_073_344, 1_819_065_856)
    assert entries(analysis, "macs", "fvcore") == [("bn", 2, "I", 4_967_424, 20), ("gavgpool", 1, "I", 25_088, 1)]
    assert found.entries[1].layers == ("gavgpool1",)
    assert [one.term for one in found.entries] == ["2 I", "I"]


def test_backwards_it_is_the_same_with_other_signs():
    analysis = cnncalc.analyze(cnncalc.load("@resnet18"))
    assert entries(analysis, "fvcore", "macs") == [("bn", -2, "I", -4_967_424, 20), ("gavgpool", -1, "I", -25_088, 1)]


def test_what_one_side_leaves_out_says_so():
    analysis = cnncalc.analyze(cnncalc.loads("input 8x16x16\nconv 8 3 | softmax"))
    found = ledger(analysis, find("ptflops"), find("fvcore"))
    assert [(one.kind, one.uncounted) for one in found.entries] == [("conv", ""), ("softmax", "fvcore-0.1.5")]
    found = ledger(analysis, find("fvcore"), find("thop"))
    assert {(one.kind, one.quantity, one.uncounted) for one in found.entries} == {
        ("softmax", "I", "fvcore-0.1.5"), ("softmax", "rows", "fvcore-0.1.5")
    }  # fmt: skip


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_ledger_sums_exactly(path):
    network = cnncalc.load(path)
    if specification(network).library:
        return
    analysis = cnncalc.analyze(network, batch=2)
    known = [one for one in CONVENTIONS.values() if Tally(analysis, one).total is not None]
    assert len(known) >= 3
    for first, second in itertools.combinations(known, 2):
        found = ledger(analysis, first, second)
        assert found.start.total + sum(one.amount for one in found.entries) == found.end.total
        assert all(one.amount and one.layers for one in found.entries)


def test_no_ledger_where_a_total_is_not_known():
    analysis = cnncalc.analyze(cnncalc.loads("input 8x16x16\nconv 8 3\nlocalconv 8 3"))
    with pytest.raises(NotKnown, match=r"the total by fvcore-0\.1\.5 is not known: .* for localconv1"):
        ledger(analysis, find("macs"), find("fvcore"))


def test_why_there_is_no_ledger():
    analysis = cnncalc.analyze(cnncalc.loads("input 3x8x8\nx = conv 4 3\nop foo shape=4x6x6\ny = op bar shape=4x6x6"))
    with pytest.raises(NotKnown, match=r"the total by macs is not known: nothing is known of what 'op1' costs$"):
        ledger(analysis, find("macs"), find("fvcore"))
    analysis = cnncalc.analyze(cnncalc.loads("input 8@4\nx = lstm 3\ny = lstm 2"))
    with pytest.raises(NotKnown, match=r"the total by onnx-tool-1.0.1 is not known: it has no known number for x, y$"):
        ledger(analysis, find("macs"), find("onnx-tool"))
    shapeless = cnncalc.analyze(cnncalc.loads("input 3x8x8\nop foo\nrelu"))
    with pytest.raises(NotKnown, match=r"the total by macs is not known: not every shape could be worked out$"):
        ledger(shapeless, find("macs"), find("fvcore"))
    broken = cnncalc.Analysis(network("input 3x8x8\nconv 4 9"))
    with pytest.raises(NotKnown, match=r"the total by macs is not known: not every shape could be worked out$"):
        ledger(broken, find("macs"), find("fvcore"))
