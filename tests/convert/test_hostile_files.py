"""Files that are made to take long, or much room, or to have something else opened: of every format but ONNX, which has its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from convert.keras.test_keras import layer
from hang import SECONDS

RELU = '{"class_name": "ReLU", "config": {"name": "r"}}'
START = '{"class_name": "Sequential", "config": ['
NET = "[net]\nwidth=8\nheight=8\nchannels=3\n"
DATA = 'input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'


def doubled(times: int, calls: int) -> str:
    """Models in models, each called so often in the one around it."""
    inner = json.loads(RELU)
    for _ in range(times):
        places = [[["x", 0, 0, {}]], *([["m", call, 0, {}]] for call in range(calls - 1))]
        entry = layer("InputLayer", [], name="x", batch_shape=[None, 8])
        inner = {"class_name": "Functional", "config": {
            "name": "f", "layers": [entry, {**inner, "name": "m", "inbound_nodes": places}],
            "input_layers": [["x", 0, 0]], "output_layers": [["m", calls - 1, 0]]}}  # fmt: skip
    return json.dumps(inner)


TEXTS = {
    "lists.json": START + "[]," * 200_000 + "[]]}",
    "layers.json": START + (RELU + ",") * 100_000 + RELU + "]}",
    "digits.json": START + "9" * 1_000_000 + "]}",
    "nested.json": START + "[" * 100_000,
    "doubled.json": doubled(14, 4),
    "sections.cfg": NET + "[dropout]\n" * 200_000,
    "options.cfg": NET + "".join(f"k{number}=1\n" for number in range(60_000)),
    "routes.cfg": NET + "[maxpool]\n" + "[route]\nlayers=-1,-1\n" * 3000,
    "numbers.cfg": NET + "[maxpool]\n[route]\nlayers=" + "0," * 500_000 + "0\n",
    "digits.cfg": "[net]\nwidth=" + "8" * 1_000_000,
    "layers.prototxt": DATA + "layer{}" * 200_000,
    "nested.prototxt": DATA + "layer { a " + "{ a " * 100_000,
    "numbers.prototxt": DATA + 'layer{name:"a" type:"Reshape" bottom:"data" top:"x" reshape_param{shape{' + "dim: 1 " * 250_000,
    "strings.prototxt": DATA + "layer{name:" + '"a"' * 500_000 + "}",
    "tops.prototxt": DATA + 'layer{name:"a" type:"Split" bottom:"data" ' + " ".join(f'top:"{number}"' for number in range(90_000)) + "}",
}  # fmt: skip
#: Beginnings of files that go on with zeros, for 2 GB.
BEGINNINGS = {"big.json": START, "big.cfg": NET, "big.prototxt": DATA + "layer {"}
CODE = """
import glob, sys, time
import cnncalc
def peak(): return next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM'))
before = peak()
for path in sorted(glob.glob('*.*')):
    start = time.process_time()
    try: cnncalc.analyze(cnncalc.load(path)).totals.params
    except cnncalc.SpecError: pass
    print(path, time.process_time() - start, (peak() - before) / 1024)
"""


@pytest.fixture
def written(tmp_path):
    """The files, and those that need a package that is there."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    ends: dict[str, bytes] = {name: text.encode() for name, text in BEGINNINGS.items()}
    from fuzz import model_seeds

    ends["big.keras"] = model_seeds.keras_archive()[0]
    for name, form in (("big.h5", "h5"), ("big.tflite", "tflite")):
        try:
            ends[name] = model_seeds.SEEDS[form][1]()[0]
        except (ImportError, pytest.skip.Exception):
            continue
    for name, data in ends.items():
        with open(tmp_path / name, "wb") as file:
            file.write(data)
            file.truncate(2**31)
    for name, text in (("lists.keras", TEXTS["lists.json"]), ("spaces.keras", START + " " * 40_000_000 + "]}")):
        (tmp_path / name).write_bytes(model_seeds.archive(text.encode()))
    return tmp_path


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="only Linux says how much it was")
def test_they_end_at_once_and_take_no_room(written):
    done = subprocess.run([sys.executable, "-c", CODE], cwd=written, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert len(rows) > len(TEXTS)
    assert [row for row in rows if float(row[1]) > SECONDS or float(row[2]) > 64] == []


def test_nothing_outside_is_opened(tmp_path, monkeypatch):
    """What a file names is not looked for: members of an archive, external links of HDF5, models of other files."""
    from fuzz import files, model_seeds

    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("{}")
    made = {"json": json.dumps({"class_name": "../secret", "module": "os", "config": {"name": "/etc/passwd", "layers": ["secret"]}}).encode(),
            "darknet": (NET + "[convolutional]\nfilters=3\nweights=secret\ninclude=../secret\n").encode(),
            "caffe": (DATA + 'net: "secret" layer { name: "a" type: "HDF5Data" top: "x" hdf5_data_param { source: "secret" } }').encode()}  # fmt: skip
    made["keras"] = model_seeds.archive(made["json"])
    try:
        import h5py
    except ImportError:
        pass
    else:
        with h5py.File("made.h5", "w") as store:
            store["model_config"] = h5py.ExternalLink("secret", "/")
            layout = h5py.VirtualLayout((2,), "f4")
            layout[:] = h5py.VirtualSource("secret", "d", (2,))
            store.create_virtual_dataset("d", layout)
            store.attrs["model_config"] = made["json"]
        made["h5"] = (tmp_path / "made.h5").read_bytes()
    for form, data in made.items():
        files.read(form, data)  # what is imported once is no find
        looking = files.watch()
        looking.events, looking.on = [], True
        files.read(form, data)
        looking.on = False
        assert looking.events == [], form


def test_a_link_is_a_file(tmp_path):
    """A name that the user gives is read, wherever it leads; a folder's links out of the project are not."""
    import cnncalc

    (tmp_path / "outside.cfg").write_text(NET + "[convolutional]\nfilters=3\nsize=1\n")
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "pyproject.toml").write_text("")
    (project / "models" / "net.cfg").symlink_to(tmp_path / "outside.cfg")
    assert cnncalc.analyze(cnncalc.load(project / "models" / "net.cfg")).totals.params == 12
    run = subprocess.run(
        [sys.executable, "-m", "cnncalc", "check", "models"], cwd=project, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "leads out of the project" in run.stdout + run.stderr
