"""A network from the Assembler alone gives, in every command and format, what its spec gives: places apart."""

import json
import re

import pytest

import cnncalc.features.check.facts
import cnncalc.interpret
from network.networks import PAIRS

PLACES = {"file", "line", "column", "end_column", "line_layers"}


@pytest.fixture(params=PAIRS)
def pair(request, spec, monkeypatch):
    """A spec in model.txt; and the network that is taken in its place where a file is called hand.txt."""
    text, assembled = PAIRS[request.param]
    spec(text)
    spec(text, "hand.txt")
    real = cnncalc.interpret.build

    def built(source, **options):
        if source.name != "hand.txt":
            return real(source, **options)
        return assembled()

    monkeypatch.setattr(cnncalc.interpret, "build", built)
    monkeypatch.setattr(cnncalc.features.check.facts, "build", built)
    return request.param


def placeless(value):
    """A JSON document without places."""
    if isinstance(value, dict):
        return {key: placeless(one) for key, one in value.items() if key not in PLACES}
    return [placeless(one) for one in value] if isinstance(value, list) else value


def words(text):
    """A text without the lines that things are in."""
    text = text.replace("hand.txt", "model.txt")
    text = re.sub(r"\bline \d+(, (?=in )|; |: )?|^model\.txt:\d+:\d+: ", "", text, flags=re.MULTILINE)
    text = re.sub(r"^ *\d+ \| .*\n", "", text, flags=re.MULTILINE)  # the line at fault
    text = re.sub(r"^ *in '.*', used at .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^( *)\| *\^+(?: (.*))?\n", lambda found: f"= {found[2]}\n" if found[2] else "", text, flags=re.MULTILINE
    )
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]


COMMANDS = [
    ("shapes",), ("shapes", "--depth", "1"), ("shapes", "--layers"), ("shapes", "--columns", "+field,jump,formula"),
    ("memory",), ("explain",), ("explain", "conv2"), ("explain", "--count", "macs", "--against", "fvcore"),
    ("explain", "--without", "stride"), ("check",), ("check", "--max-params", "1"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_as_a_table(run, pair, command):
    ours, theirs = run(*command[:1], "model.txt", *command[1:]), run(*command[:1], "hand.txt", *command[1:])
    assert theirs.exception is None or isinstance(theirs.exception, SystemExit), theirs.exception
    assert (theirs.exit_code, words(theirs.stdout)) == (ours.exit_code, words(ours.stdout))


@pytest.mark.parametrize("command", [one for one in COMMANDS if one[1:] != ("--layers",)], ids=" ".join)
def test_as_json(run, pair, command):
    names = ("model.txt", "hand.txt")
    ours, theirs = (run(*command[:1], name, *command[1:], "--format", "json") for name in names)
    documents = [one.stdout.replace("hand.txt", "model.txt") for one in (ours, theirs)]
    assert placeless(json.loads(documents[1])) == placeless(json.loads(documents[0]))


@pytest.mark.parametrize("form", ["csv", "markdown", "html"])
def test_shapes_in_the_other_formats(run, pair, form):
    ours, theirs = run("shapes", "model.txt", "--format", form), run("shapes", "hand.txt", "--format", form)
    if ours.exit_code == 2:
        pytest.skip(f"no {form}")
    assert words(theirs.stdout) == words(ours.stdout)


def test_nothing_differs(run, pair):
    said = run("diff", "model.txt", "hand.txt")
    assert said.exit_code == 0, said.output
    assert "the networks are equal" in said.stdout


def test_they_are_compared(run, pair):
    if pair == "siamese":
        pytest.skip("two inputs")
    said = json.loads(run("compare", "model.txt", "hand.txt", "--format", "json").stdout)
    first, second = (placeless(model) for model in said["models"])
    assert second == first
    other = "3x96x96" if pair == "resnet18" else "1x300x300"
    said = json.loads(run("compare", "model.txt", "hand.txt", "--input", other, "--format", "json").stdout)
    first, second = (placeless(model) for model in said["models"])
    assert second == first


def test_what_a_network_without_a_reader_cannot_do_is_an_error(run, pair):
    if pair == "unet":
        pytest.skip("it has a reader")
    said = run("compare", "hand.txt", "--vary", "width=1,2")
    assert said.exit_code == 2
    assert "no variables" in said.output
