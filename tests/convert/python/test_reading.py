"""PyTorch source as it is read: names, shapes, parameters, and faults with their places."""

from __future__ import annotations

import subprocess

import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.cli.commands import main

LENET = """\
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        return self.fc2(F.relu(self.fc1(x)))
"""


def read(folder, text, entry="", **options):
    path = folder / "net.py"
    path.write_text(text)
    return cnncalc.load(f"{path}{':' * bool(entry)}{entry}", **options)


def test_a_network_of_a_class(tmp_path):
    model = cnncalc.analyze(read(tmp_path, LENET, "Net(classes=7)", input="3x32x32"))
    assert [layer.name for layer in model.layers][:4] == ["conv1", "relu", "max_pool2d", "conv2"]
    assert model.totals.params == 6 * 76 + 16 * 151 + 400 * 120 + 120 + 120 * 7 + 7
    assert model.layers[-1].output == (7,)


def test_a_shape_that_does_not_fit_is_at_the_call(tmp_path):
    with pytest.raises(cnncalc.SpecError) as caught:
        read(tmp_path, LENET, input="3x28x28")
    (fault,) = caught.value.diagnostics
    assert fault.span.line == 16
    assert fault.help == "write nn.Linear(256, 120)"
    assert fault.frames[0].span.line == 9


def test_all_faults_that_do_not_follow_from_the_first(tmp_path):
    text = LENET.replace("nn.Conv2d(6, 16, 5)", "nn.Conv2d(8, 16, 5)").replace(
        "nn.Linear(120, classes)", "nn.Linear(84, 10)"
    )
    with pytest.raises(cnncalc.SpecError) as caught:
        read(tmp_path, text, input="3x32x32")
    assert [(fault.span.line, fault.help) for fault in caught.value.diagnostics] == [
        (14, "write nn.Conv2d(6, 16, 5)"), (16, "write nn.Linear(120, 10)"),
    ]  # fmt: skip


def test_a_view_that_splits_samples_is_warned_of(tmp_path):
    text = LENET.replace("x.view(x.size(0), -1)", "x.view(-1, 400)")
    network = read(tmp_path, text, input="3x52x52")
    (warning,) = [one for one in network.diagnostics if one.severity == "warning"]
    assert "1,600" in warning.message
    assert warning.span.line == 15


def test_what_is_owned_and_never_run_counts_as_of_training(tmp_path):
    text = LENET.replace("        self.fc2 =", "        self.extra = nn.Linear(5, 7)\n        self.fc2 =")
    network = read(tmp_path, text, input="3x32x32")
    totals = cnncalc.analyze(network).totals
    assert totals.params_train - totals.params == 5 * 7 + 7
    assert any("extra" in one.message for one in network.diagnostics)


SEVERAL = """\
import torch
from torch import nn

class Inner(nn.Module):
    def forward(self, x):
        return x

class One(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner, self.fc = Inner(), nn.Linear(width, SIZE)
    def forward(self, x, y):
        return {"a": self.fc(self.inner(x)), "b": torch.cat([x, y], dim=1)}

class Two(nn.Module):
    def forward(self, x):
        return x
"""


def test_several_networks_are_listed(tmp_path):
    with pytest.raises(cnncalc.SpecError) as caught:
        read(tmp_path, SEVERAL, input="3")
    assert "net.py:One" in caught.value.diagnostics[0].help
    assert "Inner" not in caught.value.diagnostics[0].help


def test_a_name_that_only_a_flow_defines_is_given(tmp_path):
    with pytest.raises(cnncalc.SpecError, match="SIZE"):
        read(tmp_path, SEVERAL, "One(4)", input={"x": "4", "y": "3"})
    network = read(tmp_path, SEVERAL, "One(4)", input={"x": "4", "y": "3"}, settings={"SIZE": "9"})
    assert [port.name for port in network.outputs] == ["a", "b"]
    assert [network.nodes[port.node].output for port in network.outputs] == [(9,), (7,)]


def test_other_files_of_the_project_are_read_and_none_outside(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("")
    (project / "blocks.py").write_text("from torch import nn\ndef block(n): return nn.Conv2d(3, n, 3)\n")
    (tmp_path / "outside.py").write_text("n = 5\n")
    text = "from torch import nn\nfrom blocks import block\nfrom outside import n\nclass Net(nn.Module):\n"
    text += "    def __init__(self, w=8):\n        super().__init__()\n        self.c = block(w)\n"
    text += "    def forward(self, x): return self.c(x)\n"
    assert cnncalc.analyze(read(project, text, "Net", input="3x8x8")).totals.params == 8 * 28
    with pytest.raises(cnncalc.SpecError, match="outside"):
        read(project, text, "Net(n)", input="3x8x8")


def test_places_of_calls_and_definitions(tmp_path):
    analysis = cnncalc.analyze(read(tmp_path, LENET, input="3x32x32"))
    layer = analysis.to_dict()["layers"][0]
    assert (layer["type"], layer["module"], layer["line"]) == ("Conv2d", "conv1", 13)
    assert layer["defined"]["line"] == 7
    assert analysis.to_dict()["format"] == "python"


def test_a_class_in_a_revision_and_in_a_project(tmp_path, monkeypatch):
    def run(*words):
        return CliRunner().invoke(main, [*words, "--input", "3x32x32"])

    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(LENET)
    (tmp_path / "pyproject.toml").write_text('[tool.cnncalc]\nspecs = ["*.py:Net"]\nmax-params = 60000\n')
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], check=True, cwd=tmp_path)
    checked = run("check")
    assert checked.exit_code == 0, checked.output
    (tmp_path / "net.py").write_text(LENET.replace("120", "240"))
    assert run("check").exit_code == 1
    changed = run("diff", "main:net.py:Net", "net.py:Net")
    assert changed.exit_code == 0, changed.output
    assert "parameters" in changed.output


def test_a_metaclass_of_ones_own_is_not_followed(tmp_path):
    text = "class Meta(type):\n    pass\n" + LENET.replace(
        "class Net(nn.Module):", "class Net(nn.Module, metaclass=Meta):"
    )
    with pytest.raises(cnncalc.SpecError) as caught:
        read(tmp_path, text, "Net", input="3x32x32")
    assert "made by a metaclass of its own, Meta, which is not followed" in caught.value.diagnostics[0].message


@pytest.mark.parametrize("taken", ["self.query.expand(x.shape[0], -1)", "self.query"])
def test_what_a_layer_takes_and_is_learned_itself_is_counted(tmp_path, taken):
    text = f"""
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(1, 8))
        self.inner, self.outer = nn.Linear(8, 4), nn.Linear(3, 4)

    def forward(self, x):
        return self.inner({taken}) + self.outer(x)
"""
    analysis = cnncalc.analyze(read(tmp_path, text, input="3"))
    assert analysis.totals.params == 8 + 36 + 16
    rows = {row.name: row.params for row in analysis.layers if row.params}
    assert rows == {"query": 8, "inner": 36, "outer": 16}  # what enters a layer is none of its weights


def test_norms_without_a_bias(tmp_path):
    layers = (
        "nn.BatchNorm2d(8, bias=False), nn.GroupNorm(4, 8, bias=False), nn.InstanceNorm2d(8, affine=True, bias=False)"
    )
    text = f"from torch import nn\n\ndef net():\n    return nn.Sequential({layers})\n"
    totals = cnncalc.analyze(read(tmp_path, text, "net", input="8x4x4")).totals
    assert (totals.params, totals.buffers) == (24, 16)


@pytest.mark.parametrize(("call", "line"), [("nn.Dropout(0.2)", "| dropout 0.2\n"), ("nn.Dropout2d()", "| dropout\n")])
def test_the_share_that_dropout_zeroes_is_kept(tmp_path, call, line):
    text = f"from torch import nn\n\ndef net():\n    return nn.Sequential(nn.Linear(3, 4), {call})\n"
    assert read(tmp_path, text, "net", input="3").to_spec().endswith(line)
