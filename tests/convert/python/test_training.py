"""What only training runs is a train head; where that cannot be told it is a note. PyTorch's side is in tests/oracles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cnncalc
from cnncalc.network.replay import replay

from .test_packages import net, read

AUX = "self.conv = nn.Conv2d(3, 8, 3)\nself.fc = nn.Linear(8, 10)\nself.aux = nn.Linear(8, 5)"
FIRST = "x = F.relu(self.conv(x)).mean((2, 3))\n"


def heads(analysis: cnncalc.Analysis) -> list[tuple[str, list[str]]]:
    """The train heads, with the names of their layers."""
    found: dict[str, list[str]] = {}
    for node in analysis.network.nodes:
        if node.train:
            found.setdefault(node.path[0].name, []).append(node.name)
    return [*found.items()]


def ports(analysis: cnncalc.Analysis) -> list[tuple[str, Any, bool]]:
    return [(port.name, analysis.network.nodes[port.node].output, port.train) for port in analysis.network.outputs]


def test_a_layer_that_training_returns_besides(tmp_path: Path) -> None:
    body = net(AUX, FIRST + "if self.training:\n    return self.fc(x), self.aux(x)\nreturn self.fc(x)")
    analysis = read(tmp_path, body, "3x6x6")
    assert heads(analysis) == [("output_1", ["aux"])]
    assert ports(analysis) == [("output", (10,), False), ("output_1", (5,), True)]
    (aux,) = [node for node in analysis.network.nodes if node.train]
    assert (aux.kind, analysis.network.nodes[aux.inputs[0]].name) == ("fc", "mean")
    assert (analysis.totals.params, analysis.totals.params_train) == (224 + 90, 224 + 90 + 45)
    assert not analysis.network.diagnostics


def test_a_head_is_called_as_the_module_that_it_is(tmp_path: Path) -> None:
    made = AUX.replace("nn.Linear(8, 5)", "nn.Sequential(nn.Linear(8, 5), nn.ReLU())")
    forward = FIRST + "if self.training:\n    self.kept = self.aux(x)\nreturn self.fc(x)"
    analysis = read(tmp_path, net(made, forward), "3x6x6")
    assert heads(analysis) == [("aux", ["aux.0", "aux.1"])]
    assert ports(analysis)[1:] == [("aux", (5,), True)]
    assert analysis.network.extents["aux"].output == len(analysis.network.nodes) - 1


def test_what_evaluation_runs_too_is_in_no_head(tmp_path: Path) -> None:
    forward = FIRST + "both = self.fc(x), self.aux(x)\nreturn both if self.training else both[0]"
    analysis = read(tmp_path, net(AUX, forward), "3x6x6")
    assert (heads(analysis), ports(analysis)) == ([], [("output", (10,), False)])


def test_noise_and_other_ways_to_the_same_output_are_no_heads(tmp_path: Path) -> None:
    for forward in (
        "if self.training:\n    x = x + torch.randn_like(x)\n" + FIRST + "return self.fc(x)",
        FIRST + "x = self.fc(x)\nreturn x if self.training else F.softmax(x, 1)",
        FIRST + "x = self.fc(x)\nreturn x * 2 if self.training else x * 3",
    ):
        analysis = read(tmp_path, net(AUX.replace("\nself.aux = nn.Linear(8, 5)", ""), forward), "3x6x6")
        assert heads(analysis) == []
        assert len(analysis.network.outputs) == 1


def test_a_further_result_that_only_training_reads(tmp_path: Path) -> None:
    forward = FIRST + "one, two = x.chunk(2, 1)\nif self.training:\n    return one, F.relu(two)\nreturn one"
    analysis = read(tmp_path, net(AUX, forward), "3x6x6")
    (relu,) = [node for node in analysis.network.nodes if node.path and node.path[0].name == "output_1"]
    read_by = analysis.network.nodes[relu.inputs[0]]
    assert (read_by.kind, read_by.layer and read_by.layer.number, read_by.train) == ("split", 1, False)


def test_what_does_not_fit_in_training_is_a_warning(tmp_path: Path) -> None:
    forward = FIRST + "if self.training:\n    return self.fc(x), self.aux(x)\nreturn self.fc(x)"
    analysis = read(tmp_path, net(AUX.replace("Linear(8, 5)", "Linear(9, 5)"), forward), "3x6x6")
    warning, note = analysis.network.diagnostics
    assert warning.severity == "warning"
    assert warning.message.startswith("in training: Linear 'aux': it is made for 9 values")
    assert note.message == "evaluation never runs aux: 50 parameters, counted as of training only"
    assert analysis.totals.params_train == 224 + 90 + 50


def test_training_that_cannot_be_followed_is_told_of(tmp_path: Path) -> None:
    forward = FIRST + "if self.training:\n    raise ValueError('no targets')\nreturn self.fc(x)"
    analysis = read(tmp_path, net(AUX, forward), "3x6x6")
    (note,) = analysis.network.diagnostics
    assert note.message == "evaluation never runs aux: 45 parameters, counted as of training only"
    assert note.notes[0].startswith("what training runs of it is not told: ValueError: no targets (")
    assert heads(analysis) == [("unused", ["aux"])]


def test_a_code_that_does_not_ask_has_modules_that_nothing_runs(tmp_path: Path) -> None:
    (note,) = read(tmp_path, net(AUX, FIRST + "return self.fc(x)"), "3x6x6").network.diagnostics
    assert note.message == "forward never runs aux: 45 parameters, counted as of training only"


def test_all_that_is_train_is_named_in_the_sum(tmp_path: Path) -> None:
    from cnncalc.document.summary import train_heads

    made = AUX + "\nself.never = nn.Linear(2, 2)"
    forward = FIRST + "if self.training:\n    return self.fc(x), self.aux(x)\nreturn self.fc(x)"
    told = train_heads(read(tmp_path, net(made, forward), "3x6x6"))
    assert told == "besides, 51 parameters in the train heads output_1 and unused: 365 with them"


def test_other_inputs_have_the_heads_too(tmp_path: Path) -> None:
    made = AUX.replace("nn.Linear(8, 5)", "nn.Conv2d(8, 5, 3)")
    forward = "x = F.relu(self.conv(x))\nif self.training:\n    return x, self.aux(x)\nreturn x"
    network = read(tmp_path, net(made, forward), "3x8x8").network
    made_again = replay(network, inputs={"x": (3, 10, 12)})
    assert [(port.train, made_again.nodes[port.node].output) for port in made_again.outputs] == [
        (False, (8, 8, 10)), (True, (5, 6, 8))
    ]  # fmt: skip
