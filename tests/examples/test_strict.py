"""What is sound is not warned of: the bundled examples, and networks that many have built, pass `check --strict`."""

import pytest

from cnncalc.diagnostics import ERROR, WARNING, Source
from cnncalc.interpret import build
from cnncalc.interpret.reading.examples import example_names
from cnncalc.interpret.reading.files import read_source
from cnncalc.measure.lints import lints
from cnncalc.measure.result import analyze
from examples.known_nets import KNOWN


def complaints(network):
    """What --strict fails by."""
    said = [*network.diagnostics, *lints(analyze(network))]
    return [(one.code, one.span and one.span.line, one.message) for one in said if one.severity in (ERROR, WARNING)]


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_network(name):
    assert complaints(build(Source(name, KNOWN[name]))) == []


@pytest.mark.parametrize("name", example_names())
def test_a_bundled_example(name):
    source, folder = read_source(f"@{name}")
    assert complaints(build(source, folder=folder)) == []
