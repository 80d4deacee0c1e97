"""cnncalc.sweep: columns as arrays, a network that was loaded with other values, an executor of one's own."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

import cnncalc

TEXT = "let w = 8\nlet k = 3\ninput 3x8x8\nconv w k\nrequire params <= 400"


def test_columns_are_arrays(folder):
    (folder / "net.txt").write_text(TEXT)
    found = cnncalc.sweep("net.txt", {"w": range(1, 5), "k": [1, 3]}, minimize="params")
    assert found["params"].dtype == np.int64
    assert found["params"].tolist() == sorted(w * 3 * k * k + w for w in range(1, 5) for k in (1, 3))
    assert found.rows[0] == {"w": 1, "k": 1, "params": 4, "macs": 192, "peak": 1024}
    assert (len(found), found.candidates, found.kept) == (8, 8, 8)
    with pytest.raises(KeyError, match="no column 'depth'"):
        found["depth"]


def test_rows_as_a_table_of_pandas():
    pandas = pytest.importorskip("pandas")
    net = cnncalc.loads("let a = 1\nlet on = yes\ninput 3x8x8\nconv 20*a 3\nif on:\n    relu")
    found = cnncalc.sweep(
        net, {"a": "0.5..1.5..0.5", "on": [True, False], "input": "3x8x8,3x8x9"}, columns="params,field"
    )
    table = found.to_pandas()
    assert isinstance(table, pandas.DataFrame)
    assert list(table.columns) == ["a", "on", "input", "params", "field"]
    assert len(table) == len(found) == 12
    assert table["params"].dtype == np.int64
    assert sorted(table["a"]) == [0.5] * 4 + [1.0] * 4 + [1.5] * 4
    assert set(table["input"]) == {(3, 8, 8), (3, 8, 9)}
    assert table.groupby("a")["params"].max().to_dict() == {0.5: 280, 1.0: 560, 1.5: 840}
    empty = cnncalc.sweep(net, {"a": [1]}, where="params < 0").to_pandas()
    assert (len(empty), list(empty.columns)) == (0, ["a", "params", "macs", "peak"])


def test_what_was_given_when_it_was_loaded_stays(folder):
    (folder / "blocks.txt").write_text("block b(n):\n    conv n 3\n")
    net = cnncalc.loads(f"use blocks.txt\n{TEXT}\nb w", folder=folder, settings={"k": 1}, input="3x4x4")
    found = cnncalc.sweep(net, {"w": range(1, 3)})
    assert found["params"].tolist() == [4 + 9 + 1, 8 + 36 + 2]


def test_values_of_python(folder):
    net = cnncalc.loads("let a = 1\nlet on = yes\ninput 3x8x8\nconv 20*a 3\nif on:\n    relu\ndropout a/4")
    found = cnncalc.sweep(
        net, {"a": np.arange(0.05, 0.3, 0.05).round(2), "on": [True, False]}, pareto=["params", "layers"]
    )
    assert found.rows == [{"a": Fraction(1, 20), "on": False, "params": 28, "macs": 972, "peak": 912, "layers": 2}]
    assert cnncalc.sweep(net, {"a": "1..3"}, top=2)["a"].tolist() == [1, 2]


def test_an_executor_of_ones_own(folder):
    net = cnncalc.loads(TEXT)
    with ThreadPoolExecutor(1) as pool:
        found = cnncalc.sweep(net, {"w": range(1, 500)}, executor=pool, maximize="w")
    assert found.rows[0]["w"] == 14
    assert found.stopped.settings == {"w": 15}
    assert [(one.value, one.limit) for one in found.stopped.hindrances] == [(420, 400)]


def test_what_cannot_be_asked_is_a_value_error():
    with pytest.raises(ValueError, match="no top-level variable is called 'v'"):
        cnncalc.sweep(cnncalc.loads(TEXT), {"v": [1]})
    with pytest.raises(cnncalc.SpecError):
        cnncalc.sweep("nosuch.txt", {"v": [1]})


def test_settings_of_python(folder):
    net = cnncalc.loads("let a = 1\nlet k = 3\ninput 3x8x8\nconv 20*a k\ndropout a/4")
    assert cnncalc.sweep(net, {"k": [1, 3]}, settings={"a": 0.5})["params"].tolist() == [10 * 3 + 10, 10 * 27 + 10]
    assert cnncalc.sweep(net, {"a": [1]}, settings={"k": (1, 3)})["params"].tolist() == [20 * 9 + 20]


def test_an_executor_is_asked(folder):
    class Counting(ThreadPoolExecutor):
        asked = 0

        def submit(self, *args, **named):
            Counting.asked += 1
            return super().submit(*args, **named)

    with Counting(1) as pool:
        cnncalc.sweep(cnncalc.loads(TEXT), {"w": range(1, 500)}, executor=pool, maximize="w")
    assert Counting.asked
