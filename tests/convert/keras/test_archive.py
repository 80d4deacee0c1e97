"""Where a description stands, how large it may be, and what its layers are called: where they stand in models in models."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.convert.keras import archive, reading


def dense(name: str, units: int = 3) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {"name": name, "units": units}}


def sequential(name: str, *layers: Any, shape: list[Any] | None = None) -> dict[str, Any]:
    entry = [{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": shape}}] if shape else []
    return {"class_name": "Sequential", "config": {"name": name, "layers": [*entry, *layers]}}


MODEL = sequential("net", dense("d"), shape=[None, 5])


def packed(text: bytes, member: str = "config.json", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as written:
        written.writestr(member, text)
    return stream.getvalue()


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def read(model: Any, **more: Any) -> cnncalc.Network:
        path = tmp_path / "net.keras"
        path.write_bytes(model if isinstance(model, bytes) else json.dumps(model).encode())
        return cnncalc.load(path, **more)

    return read


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_description_may_be_as_large_as_this(
    load: Any, monkeypatch: pytest.MonkeyPatch, how: int, wrapped: bool
) -> None:
    text = json.dumps(MODEL).encode()
    data = packed(text, how=how) if wrapped else text
    brackets, commas = text.count(b"{") + text.count(b"["), text.count(b",")
    for name, most, said in (("_LARGEST", len(text), "the description of the layers is larger than 0 MiB"),
                             ("_BRACKETS", brackets, f"over {brackets - 1} lists and tables, or 400,000 values"),
                             ("_COMMAS", commas, f"or {commas - 1} values: no model has so large a description")):  # fmt: skip
        with monkeypatch.context() as changed:
            changed.setattr(archive, name, most)
            assert load(data).nodes[-1].output == (3,)
            changed.setattr(archive, name, most - 1)
            with pytest.raises(cnncalc.SpecError, match=said):
                load(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed(b"{}", "model.json"), r"net\.keras: the archive has no config\.json"),
        (packed(json.dumps(MODEL).encode(), how=zipfile.ZIP_BZIP2), r"the archive cannot be read: config\.json is packed as Keras packs none"),
        (packed(b"{}"), "no model of Keras is described here"), (packed(b"[1]"), "no model of Keras is described here"),
        (packed(b'{"class_name": 3}'), "no model of Keras is described here"), (packed(b"\xff"), "is no JSON that can be read: "),
    ],
)  # fmt: skip
def test_what_is_no_archive_of_a_model(load: Any, data: bytes, said: str) -> None:
    with pytest.raises(cnncalc.SpecError, match=said):
        load(data)


def test_a_table_of_members_that_is_larger_than_any(load: Any) -> None:
    """It is read at once, and would be larger than what is read at once."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        written.writestr("config.json", json.dumps(MODEL))
        for number in range(6):
            written.writestr("n" * 50_000 + str(number), b"")
    with pytest.raises(cnncalc.SpecError, match=r"the archive cannot be read: a table of 30\d,\d{3} bytes"):
        load(stream.getvalue())
    with zipfile.ZipFile(stream, "w") as written:
        written.writestr("config.json", json.dumps(MODEL))
        for number in range(5):
            written.writestr("n" * 50_000 + str(number), b"")
    assert load(stream.getvalue()).title == "net"


def test_how_many_calls_there_may_be(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of layers and of models: five."""
    model = sequential("net", sequential("a", dense("d"), dense("e")), sequential("b", dense("f")), shape=[None, 5])
    monkeypatch.setattr(reading, "_MOST_CALLS", 5)
    assert len(list(load(model).layers)) == 3
    monkeypatch.setattr(reading, "_MOST_CALLS", 4)
    with pytest.raises(cnncalc.SpecError, match="over 4 calls of layers"):
        load(model)


def test_layers_are_told_by_where_they_stand(load: Any) -> None:
    inner = sequential("inner", dense("d"), {"class_name": "Activation", "config": {"name": "a", "activation": "relu"}})
    network = load(sequential("net", sequential("outer", inner, dense("e", 2)), dense("f", 7), shape=[4, 5]))
    rows = cnncalc.analyze(network).to_dict()
    assert [(row["name"], row["type"], row["module"], row["output"]) for row in rows["layers"]] == [
        ("d", "Dense", "outer/inner/d", [3]), ("a", "Activation", "outer/inner/a", [3]), ("e", "Dense", "outer/e", [2]), ("f", "Dense", "f", [7]),
    ]  # fmt: skip
    assert [(stage["path"], stage["layers"], stage["params"]) for stage in rows["stages"]] == [
        (["outer"], 3, 18 + 8), (["outer", "inner"], 2, 18),
    ]  # fmt: skip
    assert {name: network.nodes[part.output].name for name, part in network.extents.items()} == {
        "inner": "a",
        "outer": "e",
    }
    assert (network.file_batch, network.title, [port.name for port in network.outputs]) == (4, "net", ["f"])


@pytest.mark.parametrize(
    ("first", "output", "full"), [(False, [4, 8, 9], [1, 8, 9, 4]), (True, [8, 9, 4], [1, 8, 9, 4])]
)
def test_the_whole_shape_is_in_the_files_order(load: Any, first: bool, output: list[int], full: list[int]) -> None:
    config = {"name": "p", "pool_size": 1, "data_format": "channels_first" if first else "channels_last"}
    network = load(sequential("net", {"class_name": "MaxPooling2D", "config": config}, shape=[None, 8, 9, 4]))
    (row,) = cnncalc.analyze(network).to_dict()["layers"]
    assert (row["output"], row.get("full", [1, *row["output"]])) == (output, full)


def test_an_input_whose_shape_is_not_all_there(load: Any) -> None:
    model = sequential("net", dense("d"), shape=[None, None, 4])
    with pytest.raises(cnncalc.SpecError) as caught:
        load(model)
    (fault,) = caught.value.diagnostics
    assert fault.message.endswith(": input 'x' is 4x?, the channels first: its shape is not all there")
    assert fault.help == "give it, for example x=3x224x224"
    assert load(model, input="4x7").nodes[-1].output == (3, 7)
    for size in (0, -1, True, 2.0):
        with pytest.raises(cnncalc.SpecError, match="its shape is not all there"):
            load(sequential("net", dense("d"), shape=[None, size]))
