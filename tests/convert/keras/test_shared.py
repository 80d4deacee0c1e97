"""A layer in several places learns once: in code, and in a file where Keras wrote that it is one. Counts of Keras 3.15."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cnncalc

#: Code, what `count_params()` gives for it, and what it gives for the model of its `to_json()`, which has a layer each.
CODE = {
    "d = L.Dense(4); m = keras.Sequential([keras.Input((3, 4)), d, L.TimeDistributed(d)])": (20, 40),
    "d = L.Dense(4); m = keras.Sequential([keras.Input((3, 4)), L.TimeDistributed(d), L.TimeDistributed(layer=d)])": (
        20,
        40,
    ),
    "d = L.Dense(4, activation='relu'); i = keras.Input((3, 4)); m = keras.Model(i, L.TimeDistributed(d)(d(i)))": (
        20,
        40,
    ),
    "c = L.Conv2D(3, 3, padding='same'); i = keras.Input((2, 8, 8, 3)); "
    "m = keras.Model(i, L.TimeDistributed(c)(L.TimeDistributed(c)(i)))": (84, 168),
    "c = L.LSTMCell(4); i = keras.Input((3, 4)); m = keras.Model(i, L.RNN(c)(L.RNN(c, return_sequences=True)(i)))": (
        144,
        288,
    ),
    "d = L.Dense(4); i = keras.Input((4,)); m = keras.Sequential([i, keras.Sequential([keras.Input((4,)), d]), "
    "keras.Sequential([keras.Input((4,)), d])])": (20, 40),
    "d = L.Dense(4); t = L.TimeDistributed(d); u = L.TimeDistributed.from_config({**t.get_config(), 'name': 'u'}); "
    "i = keras.Input((3, 4)); m = keras.Model(i, u(t(d(i))))": (40, 60),
    "r = L.LSTM(4, return_sequences=True); i = keras.Input((3, 8)); m = keras.Model(i, [L.Bidirectional(r)(i), r(i)])": (
        624,
        624,
    ),
}


@pytest.mark.parametrize("code", CODE)
def test_a_layer_in_code(tmp_path: Path, code: str) -> None:
    path = tmp_path / "net.py"
    lines = "".join(f"    {line}\n" for line in code.split("; "))
    path.write_text(f"import keras\nfrom keras import layers as L\ndef made():\n{lines}    return m\n", "utf-8")
    assert cnncalc.analyze(cnncalc.load(f"{path}:made")).totals.params == CODE[code][0]


def layer(kind: str, name: str, number: int | None = None, **config: Any) -> dict[str, Any]:
    """A layer as Keras 3 writes it, with the number that it gives what it writes more than once."""
    made = {"class_name": kind, "config": {"name": name, **config}}
    return made if number is None else {**made, "shared_object_id": number}


def sequential(name: str, *layers: dict[str, Any], shape: list[Any]) -> dict[str, Any]:
    return layer("Sequential", name, layers=[layer("InputLayer", "x", batch_shape=[None, *shape]), *layers])


#: The layers of a Sequential of 3x4 as Keras writes them into an archive, and what the model that it saved has.
FILES = {
    "both have the number": (
        [layer("Dense", "d", 7, units=4), layer("TimeDistributed", "t", layer=layer("Dense", "d", 7, units=4))], 20),
    "the second has it": (
        [layer("TimeDistributed", "t", layer=layer("Dense", "d", units=4)),
         layer("TimeDistributed", "u", layer=layer("Dense", "d", 7, units=4))], 20),
    "in two models": (
        [sequential("a", layer("Dense", "d", units=4), shape=[3, 4]),
         sequential("b", layer("Dense", "d", 7, units=4), shape=[3, 4])], 20),
    "none has it": (
        [layer("Dense", "d", units=4), layer("TimeDistributed", "t", layer=layer("Dense", "d", units=4))], 40),
    "another number": (
        [layer("Dense", "d", 7, units=4), layer("TimeDistributed", "t", layer=layer("Dense", "e", 8, units=4))], 40),
    "a cell": (
        [layer("RNN", "r", cell=layer("LSTMCell", "c", units=4), return_sequences=True),
         layer("RNN", "s", cell=layer("LSTMCell", "c", 7, units=4))], 144),
    "no number": (
        [{**layer("Dense", "d", units=4), "shared_object_id": []},
         layer("TimeDistributed", "t", layer={**layer("Dense", "d", units=4), "shared_object_id": {}})], 40),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_layer_in_a_file(tmp_path: Path, name: str) -> None:
    layers, params = FILES[name]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("config.json", json.dumps(sequential("net", *layers, shape=[3, 4])))
    path = tmp_path / "net.keras"
    path.write_bytes(stream.getvalue())
    assert cnncalc.analyze(cnncalc.load(path)).totals.params == params


def test_weights_in_two_forms_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import keras\nfrom keras import layers as L\ndef made():\n    c = L.Conv2D(3, 3, padding='same')\n"
        "    i, j = keras.Input((2, 8, 8, 3)), keras.Input((8, 8, 3))\n"
        "    return keras.Model([i, j], [L.TimeDistributed(c)(i), c(j)])\n"
    )
    with pytest.raises(cnncalc.SpecError, match="it has its weights in common with another, and the layers that learn"):
        cnncalc.load(f"{path}:made")
