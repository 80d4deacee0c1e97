"""A reader of a format: its files stand wherever a spec does. The format is made up: a line is a layer."""

import json
import subprocess
import sys
from types import ModuleType

import pytest

import cnncalc
from cnncalc.convert import readers
from cnncalc.diagnostics import ERROR, Diagnostic, NamedPlace, SpecError
from cnncalc.network import Origin
from cnncalc.network.assembler import Assembler

TOY = "toy 1\nconv a 8 3\nconv b 4 3\n"
OTHER = "toy 1\nconv a 8 3\nconv b 5 3\n"


def read(file, request):
    """A line ``conv NAME FILTERS KERNEL`` is a layer."""
    assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
    node = assembler.add_input("x", request.shapes(["x"]).get("x", (3, 8, 8)))
    faults = []
    for line in file.text.splitlines()[1:]:
        kind, name, filters, kernel = line.split()
        place = NamedPlace(file, f"node '{name}' (Conv)")
        if kind != "conv":
            raise SpecError([Diagnostic(ERROR, "toy", f"unknown type '{kind}'", spot=place)])
        layer = assembler.layer("conv", {"filters": int(filters), "kernel": int(kernel)})
        applied = assembler.apply(layer, (node,), name, place)
        if applied.fault:
            faults.append(Diagnostic(ERROR, applied.fault.code, str(applied.fault), spot=place))
        node = applied.node
        assembler.network.origins[node] = Origin("Conv", f"{name}:0", None, 2 if request_raw(file) else 1)
    assembler.output("y", node)
    return assembler.finish(faults)


def request_raw(file):
    return file.how.raw


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    module = ModuleType("cnncalc.convert.toy")
    module.read = read
    monkeypatch.setitem(sys.modules, module.__name__, module)
    reader = readers.Reader("toy", "a toy", (".toy",), lambda head: head.startswith(b"toy "), text=True)
    monkeypatch.setattr(readers, "READERS", (reader,))
    monkeypatch.setattr(readers, "SUFFIXES", {".toy": reader})


@pytest.fixture
def model(spec):
    spec(TOY, "net.toy")
    spec("x = input 3x8x8\na = @x | conv 8 3\nb = @a | conv 4 3\n")


@pytest.mark.parametrize("command", ["shapes", "memory", "explain", "compare"])
def test_every_command_takes_it(run, model, command):
    said, as_spec = run(command, "net.toy"), run(command, "model.txt")
    assert said.exit_code == 0, said.output
    assert said.stdout.replace("net.toy", "model.txt").splitlines()[1:] == as_spec.stdout.splitlines()[1:]


def test_the_document_says_what_it_was(run, model):
    said = json.loads(run("shapes", "net.toy", "--format", "json").stdout)
    assert (said["format"], said["file_batch"]) == ("toy", None)
    layer = said["layers"][0]
    assert [layer[key] for key in ("name", "type", "tensor", "module", "full", "nodes")] == [
        "a", "Conv", "a:0", None, [1, 8, 6, 6], 1,
    ]  # fmt: skip
    assert "whole" not in layer
    assert json.loads(run("shapes", "model.txt", "--format", "json").stdout)["format"] == "spec"
    assert json.loads(run("check", "net.toy", "--format", "json").stdout)["files"][0]["format"] == "toy"
    diff = json.loads(run("diff", "model.txt", "net.toy", "--format", "json").stdout)
    assert (diff["old"]["format"], diff["new"]["format"]) == ("spec", "toy")


def test_options_reach_the_reader(run, model):
    assert json.loads(run("shapes", "net.toy", "--raw", "--format", "json").stdout)["layers"][0]["nodes"] == 2
    said = run("shapes", "net.toy", "--input", "x=3x16x16")
    assert "4×12×12" in said.stdout
    assert "768 weights" in run("compare", "net.toy", "--input", "3x16x16").stdout
    assert "no input is called 'z'" in run("shapes", "net.toy", "--input", "z=3x16x16").stderr
    assert "has no variables" in run("shapes", "net.toy", "--set", "w=3").stderr
    assert "more than 1 layer" in run("shapes", "net.toy", "--max-layers", "1").stderr


def test_content_tells_where_the_name_does_not(run, model, spec):
    spec(TOY, "noname")
    assert "4×4×4" in run("shapes", "noname").stdout
    assert "4×4×4" in run("shapes", "-", input=TOY).stdout
    spec("oddly\nconv a 8 3\nconv b 4 3\n", "odd.txt")
    assert "4×4×4" in run("shapes", "odd.txt", "--from", "toy").stdout
    said = run("shapes", "odd.txt", "--from", "toys")
    assert said.exit_code == 2
    assert "one of spec, toy" in said.stderr
    assert run("shapes", "model.txt", "--from", "spec").exit_code == 0


def test_a_fault_names_its_node(run, spec):
    spec("toy 1\nconv a 8 9\n", "net.toy")
    said = run("shapes", "net.toy")
    assert said.exit_code == 2
    assert "net.toy: node 'a' (Conv): error: the 9x9 window does not fit its 8x8 input" in said.stderr
    found = json.loads(run("shapes", "net.toy", "--format", "json").stdout)["diagnostics"][0]
    assert (found["file"], found["node"], found["line"]) == ("net.toy", "node 'a' (Conv)", None)
    assert "net.toy:1:1: error: node 'a' (Conv): the 9x9" in run("check", "net.toy", "--format", "concise").stdout
    spec("toy 1\npool a 8 9\n", "net.toy")
    assert "net.toy: node 'a' (Conv): error: unknown type 'pool'" in run("shapes", "net.toy").stderr


@pytest.mark.parametrize("suffix", ["onnx", "keras", "h5", "json", "pt2", "cfg", "prototxt", "py"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04aaaa", b"\x89HDF\r\n\x1a\nxxxx", bytes(3000)])
def test_a_fault_names_its_file(run, folder, suffix, data):
    (folder / f"x.{suffix}").write_bytes(data)
    said = run("memory", f"x.{suffix}")
    assert said.exit_code == 2
    assert said.stderr.count(f"x.{suffix}") == 1


def test_folders_stand_for_what_begins_as_it_is_called(run, model, spec, folder):
    (folder / "models").mkdir()
    spec(TOY, "models/net.toy")
    spec("none\n", "models/other.toy")
    spec("input 3x8x8\nconv 1 3\n", "models/net.txt")
    said = json.loads(run("check", "models", "--format", "json").stdout)
    assert [one["file"] for one in said["files"]] == ["models/net.toy", "models/net.txt"]
    spec("[tool.cnncalc]\nspecs = ['models/n*.toy']\n", "pyproject.toml")
    said = json.loads(run("check", "--format", "json").stdout)
    assert [one["file"] for one in said["files"]] == ["models/net.toy"]
    assert run("fmt", "--check", "models").exit_code == 0
    assert run("check", "net.toy").exit_code == 0


@pytest.mark.parametrize("command", ["fmt", "annotate"])
def test_only_specs_are_rewritten(run, model, folder, command):
    said = run(command, "net.toy")
    assert said.exit_code == 2
    assert "net.toy: this is a toy: only the text of a spec is rewritten" in said.stderr
    assert (folder / "net.toy").read_text() == TOY
    assert run(command, "-", input=TOY).exit_code == 2
    assert run(command, "--specs-only", "net.toy").exit_code == 0


def test_revisions(run, model, spec, folder):
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    assert run("diff", "net.toy").exit_code == 0
    spec(OTHER, "net.toy")
    said = run("diff", "HEAD:net.toy", "net.toy")
    assert "conv: filters 4 → 5" in said.stdout


@pytest.mark.parametrize("name", ["net.pt", "net.pth", "NET.PTH"])
def test_weights_in_a_pickle_are_refused(run, spec, name):
    spec("", name)
    said = run("shapes", name)
    assert said.exit_code == 2
    assert f"{name}: weights in a pickle" in said.stderr
    assert "give the network, as its source (net.py:Net), or as a .pt2 or .onnx file" in " ".join(said.stderr.split())


def test_a_large_file_that_git_left_elsewhere(run, spec):
    spec("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "net.toy")
    assert "git lfs pull" in run("shapes", "net.toy").stderr


def test_in_python(model, spec):
    network = cnncalc.load("net.toy")
    assert (network.format, cnncalc.analyze(network).totals.params) == ("toy", 224 + 292)
    assert cnncalc.load("net.toy", raw=True).origins[1].nodes == 2
    assert cnncalc.load("net.toy", input="3x16x16").nodes[-1].output == (4, 12, 12)
    assert cnncalc.check("net.toy", limits={"params": "1"}).passed is False
    assert cnncalc.diff(network, cnncalc.load("model.txt")).equal
    with pytest.raises(ValueError, match="unknown format 'toys'"):
        cnncalc.load("net.toy", format="toys")
    with pytest.raises(SpecError, match="no input is called 'z'"):
        cnncalc.load("net.toy", input={"z": "3x8x8"})
