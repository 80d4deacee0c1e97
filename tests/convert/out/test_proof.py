"""A written spec is proved by reading it: where it would say something else it is not given."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import analyze, load, loads
from cnncalc.convert.out import Unsaid, spec_text
from cnncalc.convert.out.proof import difference
from cnncalc.diagnostics import Source, Span, SpecError
from cnncalc.interpret import build
from cnncalc.network import Network

from .same import assert_same, read_again

EXAMPLES = Path(__file__).parents[3] / "examples"
TWICE = "input 3x32x32\n" + "conv 8 3 pad=1 | bn | relu\nconv 16 3 pad=1 | bn | relu\nmaxpool 2\n" * 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("input 3x8x8\nconv 4 3\n", ""),
        ("input 3x8x8\nconv 5 3\n", "no conv of (4, 6, 6)"),
        ("input 3x8x8\nconv 4 9\n", "does not fit"),
        ("input 3x8x8\nconv 4 3\noutput @input\n", "other outputs"),
        ("input 3x8x8\nconv 4 3 | relu\n", "another relu of (4, 6, 6)"),
    ],
)
def test_what_is_otherwise(text: str, said: str) -> None:
    found = difference(text, loads("input 3x8x8\nconv 4 3\n"), build)
    assert said in found
    assert bool(found) == bool(said)


def test_what_reads_otherwise_is_written_without_blocks() -> None:
    network = loads(TWICE)
    assert "repeat" in spec_text(network, read=build)

    def read(source: Source) -> Network:
        return build(Source("", "conv 1 1 1 1")) if "repeat" in source.text else build(source)

    text = spec_text(network, read=read)
    assert "repeat" not in text
    assert_same(read_again(text), network)
    with pytest.raises(Unsaid, match="would not say what the network is"):
        spec_text(network, read=lambda _: build(Source("", "input 1x1x1\nrelu\n")))


def test_blocks_with_the_channels_of_another_tensor(tmp_path: Path) -> None:
    """HRNet from ONNX: a block begins with another that takes a tensor by name, whose channels run elsewhere."""
    pytest.importorskip("onnx")
    (tmp_path / "net.onnx").write_bytes(load(EXAMPLES / "hrnet_w18.txt").to_onnx(weights="none"))
    network = load(tmp_path / "net.onnx")
    text = spec_text(network)
    assert_same(read_again(text), network)
    assert len(text.splitlines()) < 350
    blocks = [one for one in text.split("\n\n") if one.startswith("block ")]
    assert not any("relu" in one and " = " in one for one in blocks), "a name of a tensor outside is none in a block"


def test_what_code_owns_and_never_runs_is_not_written(tmp_path: Path) -> None:
    code = ["from torch import nn", "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    code += ["        self.fc, self.aux = nn.Linear(4, 2), nn.Linear(4, 3)", "    def forward(self, x):"]
    (tmp_path / "net.py").write_text("\n".join([*code, "        return self.fc(x)", ""]))
    network = load(f"{tmp_path}/net.py:Net", input="4")
    made = read_again(spec_text(network, read=build))
    totals = [analyze(one).document()["totals"] for one in (network, made)]
    assert [(one["params"], one["params_train"]) for one in totals] == [(10, 25), (10, 10)]


def test_one_number_a_sample_has_no_words(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(4, 1)\n    def forward(self, x):\n        return self.fc(x).squeeze(-1)\n"
    )
    with pytest.raises(SpecError) as error:
        spec_text(load(path, input="4"))
    (fault,) = error.value.diagnostics
    assert fault.message == "'squeeze' (op): it gives one number a sample, without an axis, and a spec has axes"
    assert isinstance(fault.span, Span) and fault.span.line == 7
