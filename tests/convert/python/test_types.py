"""Types of numbers: what PyTorch refuses because of them, and what it runs. Each verdict is PyTorch 2.13's."""

import pytest

import cnncalc
from cnncalc.convert.torch.types import promoted
from cnncalc.convert.torch.values import Tensor
from tests.convert.python.test_reading import read

HEAD = """\
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.cell, self.conv = nn.Linear(8, 8), nn.LSTMCell(8, 8), nn.Conv1d(1, 2, 3)
        self.norm, self.embed, self.rms = nn.LayerNorm(8), nn.Embedding(9, 8), nn.RMSNorm(8)
        self.wide, self.own = nn.Linear(8, 8, dtype=torch.double), nn.Linear(8, 8).double()
        self.double_state = torch.zeros(8, dtype=torch.float64)
    def forward(self, x):
        wide = torch.zeros(x.size(0), 8, dtype=torch.double)
"""


@pytest.mark.parametrize(
    "code",
    [
        "return self.cell(x, (wide, wide))[0]",
        "return self.fc(x + wide)",
        "return self.fc(x * self.double_state)",
        "return self.fc(torch.cat([x, wide]))",
        "return self.fc(torch.where(x > 0, wide, 0.5))",
        "return self.conv(x.double().unsqueeze(1))",
        "return self.norm(x.to(torch.float64))",
        "return self.fc(torch.stack([x, wide]))",
        "return self.fc(x.type_as(wide))",
    ],
)
def test_float64_into_float32_weights_is_refused(tmp_path, code):
    with pytest.raises(cnncalc.SpecError) as caught:
        read(tmp_path, HEAD + f"        {code}\n", input="8")
    (fault,) = caught.value.diagnostics
    assert fault.span.line == 12
    assert "float32, and it is given float64" in fault.message
    assert ".float()" in fault.help


@pytest.mark.parametrize(
    "code",
    [
        "return self.fc((x + wide).float())",
        "x += wide; return self.fc(x)",
        "x.add_(wide); return self.fc(x)",
        "x[:, 0] = wide[:, 0]; return self.fc(x)",
        "return self.fc(x * torch.tensor(2.0, dtype=torch.double))",
        "return self.fc(x + torch.zeros(1, dtype=torch.double).type_as(x))",
        "return self.fc(x * 2.5 + torch.arange(8))",
        "return self.fc(wide.to(x.dtype) + x)",
        "return self.fc(wide.to(x))",
        "return self.fc(torch.tensor(wide, dtype=torch.float32))",
        "return self.fc(torch.where(wide > 0, x, 0.5))",
        "return self.wide(x + wide) + self.own(x.double())",
        "return self.rms(x + wide)",
        "return self.embed(torch.zeros(x.size(0), dtype=torch.long)) + self.fc(x)",
        "self.double(); return self.fc(x + wide)",
    ],
)
def test_what_has_one_type_in_the_end_is_read(tmp_path, code):
    assert read(tmp_path, HEAD + f"        {code}\n", input="8").outputs


def test_another_default_type_tells_none(tmp_path):
    text = HEAD.replace("class", "torch.set_default_dtype(torch.float64)\nclass", 1)
    assert read(tmp_path, f"{text}        return self.fc(x + wide)\n", input="8").outputs


@pytest.mark.parametrize(
    ("tensors", "numbers", "expected"),
    [
        ([((3,), "float32"), ((3,), "float64")], [], "float64"),
        ([((3,), "float32"), ((), "float64")], [], "float32"),
        ([((3,), "int64"), ((), "float64")], [], "float64"),
        ([((3,), "int64")], ["float32"], "float32"),
        ([((3,), "float16")], ["float32"], "float16"),
        ([((3,), "float16"), ((3,), "bfloat16")], [], "float32"),
        ([((3,), "uint8"), ((3,), "int8")], [], "int16"),
        ([((3,), "bool")], ["int64"], "int64"),
        ([((3,), "complex64"), ((3,), "float64")], [], "complex128"),
        ([((), "int32"), ((), "float16")], ["int64"], "float16"),
        ([((3,), None), ((), "float64")], [], None),
    ],
)
def test_promotion(tensors, numbers, expected):
    """torch.result_type of the same."""
    found = [Tensor(shape, dtype) for shape, dtype in tensors]
    assert promoted(found, [Tensor((), dtype) for dtype in numbers]) == expected


ASSERTIONS = [
    "torch.float32.is_floating_point and not torch.int64.is_floating_point and torch.bfloat16.is_floating_point",
    "torch.complex64.is_complex and not torch.complex64.is_floating_point and not torch.float16.is_complex",
    "(torch.float64.itemsize, torch.bool.itemsize, torch.complex64.itemsize) == (8, 1, 8)",
    "not torch.uint8.is_signed and torch.int8.is_signed and not torch.bool.is_signed",
    "(torch.finfo(torch.bfloat16).bits, torch.finfo(torch.float64).bits, torch.iinfo(torch.int8).bits) == (16, 64, 8)",
    "(4 ** torch.arange(3)).flip(0).tolist() == [16, 4, 1]",
    "torch.arange(6).view(2, 3).flip(1).tolist() == [[2, 1, 0], [5, 4, 3]]",
    "torch.arange(6).view(2, 3).flip([0, -1]).tolist() == [[5, 4, 3], [2, 1, 0]]",
]


@pytest.mark.parametrize("told", ASSERTIONS)
def test_what_is_asked_of_types_and_numbers(tmp_path, told):
    """Each holds in PyTorch."""
    made = read(tmp_path, f"import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
                f"        super().__init__()\n        self.told = nn.Linear(3, 2 if {told} else 7)\n"
                "    def forward(self, x):\n        return self.told(x)\n", input="3")  # fmt: skip
    assert cnncalc.analyze(made).totals.params == 8
