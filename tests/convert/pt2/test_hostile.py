"""Files that are cut off, changed or made to harm: a clear error, in no time, and little room."""

import json
import random
import resource
import subprocess
import sys
import zipfile

import pytest

import cnncalc
from cnncalc.convert.pt2 import archive
from cnncalc.diagnostics import SpecError
from hang import hang_guard

from .writer import Graph, residual, save


def attempt(path):
    """Reads a file in any way that it can be: it ends, and only a SpecError may come of it."""
    for raw in (False, True):
        try:
            with hang_guard():
                cnncalc.analyze(cnncalc.load(str(path), raw=raw)).to_dict()
        except SpecError as error:
            assert str(error).strip()


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return residual().save(tmp_path_factory.mktemp("pt2") / "net.pt2").read_bytes()


def test_cut_off(good, tmp_path):
    path = tmp_path / "net.pt2"
    for end in range(0, len(good), 61):
        path.write_bytes(good[:end])
        attempt(path)


def test_changed_bytes(good, tmp_path):
    path, draw = tmp_path / "net.pt2", random.Random(7)
    for _ in range(300):
        data = bytearray(good)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data)
        attempt(path)


ODD = [None, True, -1, 0, 3, 2**70, 1e300, "", "x", "x" * 5000, [], {}, [[]], {"as_int": 2**64}, {"as_tensor": {"name": "x"}},
       {"as_none": True}, [{"as_int": -5}], float("nan"), {"as_ints": [10**9] * 9}, {"as_sym_int": {"as_name": "x"}}]  # fmt: skip


def places(value, at=()):
    """Every place in a document."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places(one, (*at, key))


def changed(document, at, value):
    if not at:
        return value
    made = json.loads(json.dumps(document))
    inner = made
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return made


def test_odd_values_everywhere(tmp_path):
    document, path, draw = residual().document(), tmp_path / "net.pt2", random.Random(3)
    for at in places(document):
        for value in draw.sample(ODD, 2):
            save(path, json.dumps(changed(document, at, value)).encode())
            attempt(path)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"nul",
        b'{"graph_module": ' + b"[" * 100_000,
        b"{" * 100_000,
        b'{"graph_module": {"graph": {"nodes": [' + b"[],[],[]," * 400_000 + b"[]]}}}",
        b'{"graph_module": {"graph": {"tensor_values": {' + b'"a": 0,' * 200_000 + b'"b": 0}}}}',
        b'{"schema_version": "' + b"x" * 3_000_000 + b'"}',
        b'{"x": ' + b" " * 3_000_000 + b"1}",
        b"\xff\xfe{}",
        b'{"graph_module": {"graph": {"nodes": []}, "signature": {"input_specs": 7}}}',
    ],
    ids=range(11),
)  # fmt: skip
def test_texts_that_are_none(text, tmp_path):
    save(tmp_path / "net.pt2", text)
    attempt(tmp_path / "net.pt2")


def test_no_archive(tmp_path):
    path = tmp_path / "net.pt2"
    for data in (b"", b"PK\x03\x04", b"\0" * 100_000, b"not a zip"):
        path.write_bytes(data)
        with pytest.raises(SpecError):
            cnncalc.load(str(path))


def test_compiled_code_is_no_graph(tmp_path):
    with zipfile.ZipFile(tmp_path / "net.pt2", "w") as archive:
        archive.writestr("net/data/aotinductor/model/x.so", b"")
    with pytest.raises(SpecError, match="compiled code"):
        cnncalc.load(str(tmp_path / "net.pt2"))


def test_an_archive_of_more_than_any_has(tmp_path, monkeypatch):
    """As many members, and as large a graph, as there may be; and one more, which is told."""
    path, document = tmp_path / "net.pt2", json.dumps(residual().document()).encode()
    save(path, document, {"stem.weight": "w"})
    with zipfile.ZipFile(path) as written:
        members = len(written.infolist())
    for name, most, said in (("_MOST_MEMBERS", members, "the archive has 3 members"),
                             ("_LARGEST", len(document), f"'net/models/model.json' in the archive has {len(document):,} bytes")):  # fmt: skip
        with monkeypatch.context() as changed:
            changed.setattr(archive, name, most)
            assert len(list(cnncalc.load(path).layers)) == 7
            changed.setattr(archive, name, most - 1)
            with pytest.raises(SpecError, match=said):
                cnncalc.load(path)


@pytest.mark.parametrize("header", [False, True])
def test_a_member_that_cannot_be_unpacked(tmp_path, header):
    """Its bytes are changed, or its header is: of either the reason is given, and of an archive without a graph."""
    path = tmp_path / "net.pt2"
    save(path, residual().document(), deflated=True)
    data = bytearray(path.read_bytes())
    at = data.index(b"net/models/model.json")
    data[at - 30 if header else at + 200] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(SpecError, match=r"net\.pt2: the archive cannot be read: \w+"):
        cnncalc.load(path)
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("net/models/model.bin", b"{}")
    with pytest.raises(SpecError, match=r"net\.pt2: the archive has no graph of torch\.export\.save"):
        cnncalc.load(path)


def bomb(path):
    """A gigabyte of JSON in a megabyte."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("net/models/model.json", "w", force_zip64=True) as member,
    ):
        for _ in range(1024):
            member.write(b"[" * (1 << 20))


def flood(path):
    """As many small values as there may be, of which nothing is needed."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("net/models/model.json", "w") as member,
    ):
        member.write(b'{"graph_module": {"graph": {"nodes": [], "tensor_values": {"a": {"sizes": []}')
        for number in range(300_000):
            member.write(b', "%d": {"sizes": [{"as_int": 1}]}' % number)
        member.write(b"}}}}")


@pytest.mark.parametrize("make", [bomb, flood])
def test_little_room_for_much(make, tmp_path):
    path = tmp_path / "net.pt2"
    make(path)
    program = (
        "import resource, sys, cnncalc; base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "import cnncalc.api, cnncalc.convert.pt2.reading\n"
        "try: cnncalc.load(sys.argv[1])\n"
        "except cnncalc.SpecError as error: print(error)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    *said, room = done.stdout.split("\n")[:-1]
    assert " ".join(said), done.stderr
    assert int(room) < 64
    assert resource


@pytest.mark.parametrize("target", ["affine_grid_generator", "multinomial"])
def test_a_tensor_in_the_place_of_a_size(target, tmp_path):
    graph = Graph()
    x, sizes = graph.input("x", (2, 2, 3)), graph.input("sizes", (4,), 5)
    graph.output(graph.call(f"torch.ops.aten.{target}.default", x, sizes, name="made"))
    graph.save(tmp_path / "net.pt2")
    attempt(tmp_path / "net.pt2")


def test_a_table_of_itself(tmp_path):
    graph = Graph()
    x = graph.input("x", (2, 3))
    graph.output(graph.call("torch.ops.aten.embedding.default", x, x, name="made"))
    graph.save(tmp_path / "net.pt2")
    attempt(tmp_path / "net.pt2")


def test_layers_on_numbers_of_the_file_alone(tmp_path):
    """Nothing enters them: there is no sample that they could be of."""
    graph = Graph()
    x, weight, vector = graph.input("x", (2, 8)), graph.parameter("fc.weight", (4, 8)), graph.parameter("v", (8,))
    made = graph.call("torch.ops.aten.linear.default", vector, weight, stack=graph.module("fc", "linear.Linear"))
    dropped = graph.call("torch.ops.aten.alpha_dropout.dim", weight, x, stack=graph.module("d", "dropout.AlphaDropout"))
    graph.output(made, dropped, graph.call("torch.ops.aten.relu.default", x))
    graph.save(tmp_path / "net.pt2")
    attempt(tmp_path / "net.pt2")


@pytest.mark.parametrize("target", ["linear", "bilinear", "conv2d", "embedding", "layer_norm", "batch_norm", "prelu"])
def test_numbers_in_the_place_of_weights(target, tmp_path):
    graph = Graph()
    x, weight = graph.input("x", (2, 8, 8, 8)), graph.parameter("c.weight", (4, 8, 3, 3))
    for place, rest in enumerate(([3], [3, 3], [weight, 3], [weight, weight, 3], [x, weight, 3])):
        graph.call(f"torch.ops.aten.{target}.default", x, *rest, name=f"made{place}")
    graph.output("made0")
    graph.save(tmp_path / "net.pt2")
    attempt(tmp_path / "net.pt2")


def test_a_parameter_whose_name_something_else_takes(tmp_path):
    graph = Graph()
    x, _ = graph.input("x", (2, 8)), graph.parameter("fc.weight", (4, 8))
    graph.output(graph.call("torch.ops.aten.relu.default", x, name="p_fc_weight"))
    graph.save(tmp_path / "net.pt2")
    attempt(tmp_path / "net.pt2")
