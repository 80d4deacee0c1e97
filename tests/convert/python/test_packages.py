"""einops, NumPy, regular expressions and odds of torch in model code: whole networks, read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc

HEAD = """import re
from collections import namedtuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import einsum, pack, rearrange, reduce, repeat, unpack
from einops.layers.torch import Rearrange, Reduce

"""


def read(folder: Path, body: str, shape: str = "3x32x32") -> cnncalc.Analysis:
    """The numbers of the class Net of a file."""
    path = folder / "net.py"
    path.write_text(HEAD + body, "utf-8")
    return cnncalc.analyze(cnncalc.load(f"{path}:Net", input=shape))


def net(made: str, forward: str) -> str:
    """A class with these lines in `__init__` and in `forward`."""
    lines = ["class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in made.splitlines()]
    lines += ["", "    def forward(self, x):", *(f"        {line}" for line in forward.splitlines())]
    return "\n".join(lines) + "\n"


def outputs(analysis: cnncalc.Analysis) -> list[Any]:
    return [port.shape for port in analysis.outputs]


@pytest.mark.parametrize(
    ("forward", "shape", "expected"),
    [
        ("return rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=8, q=8)", "3x32x32", (16, 192)),
        ("return repeat(x, 'b c h w -> b c (h k) w', k=2)", "3x4x5", (3, 8, 5)),
        ("return reduce(x, 'b c h w -> b c', 'mean')", "3x4x5", (3,)),
        ("return einsum(x, x, 'batch i d, batch j d -> batch i j')", "4x8", (4, 4)),
        (
            "y, ps = pack([x, x], 'b * d')\none, two = unpack(y, ps, 'b * d')\nreturn torch.cat([one, two], 1)",
            "4x8",
            (8, 8),
        ),
        ("return F.relu_(x)", "3x4x5", (3, 4, 5)),
        ("return torch.fft.irfft2(torch.fft.rfft2(x, dim=(2, 3)), s=(4, 6), dim=(2, 3))", "3x4x6", (3, 4, 6)),
        ("return torch.fft.rfft(x).real", "3x4x7", (3, 4, 4)),
        ("return torch.fft.irfft(torch.fft.rfft(x, dim=1, norm='ortho'), n=7, dim=1)", "7x4", (7, 4)),
        ("return torch.view_as_real(torch.view_as_complex(x))", "3x4x2", (3, 4, 2)),
        ("return x.reshape(x.shape[0], int(np.prod(x.shape[1:])))", "3x4x5", (60,)),
        ("return x.view(-1, int(re.match(r'k(\\d+)', 'k30').group(1)), 2)", "3x4x5", (30, 2)),
        ("a, b = torch.tensor_split(x, indices=(1,), dim=1)\nreturn b", "3x4x5", (2, 4, 5)),
    ],
)
def test_functions(tmp_path: Path, forward: str, shape: str, expected: tuple[int, ...]) -> None:
    assert outputs(read(tmp_path, net("pass", forward), shape)) == [expected]


def test_layers_of_einops(tmp_path: Path) -> None:
    made = "self.patch = nn.Sequential(Rearrange('b c (h p) (w q) -> b (h w) (p q c)', p=8, q=8), nn.Linear(192, 10), Reduce('b n d -> b d', 'mean'))"
    analysis = read(tmp_path, net(made, "return self.patch(x)"))
    assert outputs(analysis) == [(10,)]
    assert [row.to_dict()["type"] for row in analysis.layers] == ["Rearrange", "Linear", "Reduce"]
    assert analysis.totals.params == 1930


def test_a_pattern_that_does_not_fit_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, net("pass", "return rearrange(x, 'b c (h p) w -> b c h p w', p=5)"))
    (fault,) = error.value.diagnostics
    assert "axis (h p): 32 is no multiple of 5" in fault.message
    assert fault.span is not None
    assert fault.span.line == HEAD.count("\n") + 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("np.ceil(6.2)", 7), ("np.prod([2, 3])", 6), ("np.log2(8)", 3), ("np.power(2, 3)", 8), ("np.maximum(3, 4)", 4),
        ("np.array([3, 4]).sum().item()", 7), ("np.floor(np.sqrt(17))", 4), ("np.argmax([1, 9, 3])", 1),
        ("np.round(2.5)", 2), ("np.cumsum([1, 2, 3])[-1].item()", 6), ("np.arange(7)[5].item()", 5),
        ("len(np.unique([8, 3, 8, 5]))", 3), ("np.unique([8, 3, 8, 5])[1]", 5),
        ("np.unique([8, 3, 8, 5], return_counts=True)[1][2]", 2), ("np.unique([8, 3, 5], return_inverse=True)[1][0]", 2),
        ("len([7] * np.full((2,), 4)[1])", 4), ("round(np.array([5]).sum() / 2)", 2),
    ],
)  # fmt: skip
def test_numbers_of_numpy(tmp_path: Path, value: str, expected: int) -> None:
    analysis = read(tmp_path, net(f"self.fc = nn.Linear(8, int({value}))", "return self.fc(x)"), "8")
    assert outputs(analysis) == [(expected,)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("int(re.search('(\\\\d+)', 'r12_k3').group())", 12), ("len(re.split('_', 'a_b_c'))", 3),
        ("len(re.findall('[a-z]', 'ab1c'))", 3), ("len(re.sub('a', 'bb', 'aa'))", 4),
        ("re.compile('b').match('b').end()", 1), ("2 if re.match('x', 'y') is None else 3", 2),
    ],
)  # fmt: skip
def test_regular_expressions(tmp_path: Path, value: str, expected: int) -> None:
    analysis = read(tmp_path, net(f"self.fc = nn.Linear(8, {value})", "return self.fc(x)"), "8")
    assert outputs(analysis) == [(expected,)]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a*)*b", "a*a*a*a*b"])
def test_an_expression_that_may_take_long_is_not_run(tmp_path: Path, pattern: str) -> None:
    made = f"self.fc = nn.Linear(8, 2 if re.match({pattern!r}, 'a' * 200) else 3)"
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, net(made, "return self.fc(x)"), "8")
    assert "regular expression" in error.value.diagnostics[0].message


def test_a_class_of_a_named_tuple(tmp_path: Path) -> None:
    body = "class Block(namedtuple('Block', ['inside', 'outside'])):\n    \"\"\"Sizes.\"\"\"\n\n\n"
    made = "b = Block(8, 4)._replace(outside=5)\nself.fc = nn.Linear(b.inside, b._asdict()['outside'])"
    assert outputs(read(tmp_path, body + net(made, "return self.fc(x)"), "8")) == [(5,)]


def test_names_of_a_state(tmp_path: Path) -> None:
    made = "self.a = nn.Conv2d(3, 4, 1)\nself.b = nn.BatchNorm2d(4)\nself.count = len([k for k in self.state_dict() if 'weight' in k])"
    analysis = read(tmp_path, net(made, "return self.b(self.a(x))[:, : self.count]"))
    assert outputs(analysis) == [(2, 32, 32)]


def test_the_size_that_a_transposed_convolution_is_to_give(tmp_path: Path) -> None:
    made = "self.down = nn.Conv2d(3, 4, 3, 2, 1)\nself.up = nn.ConvTranspose2d(4, 3, 3, 2, 1)"
    analysis = read(tmp_path, net(made, "return self.up(self.down(x), output_size=x.size())"), "3x32x31")
    assert outputs(analysis) == [(3, 32, 31)]


def test_a_deep_copy_has_weights_of_its_own(tmp_path: Path) -> None:
    body = "import copy\n\n\n" + net(
        "one = nn.Linear(8, 8)\nself.parts = nn.Sequential(one, copy.deepcopy(one), nn.Sequential(one))\n"
        "self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 4, batch_first=True), 3)",
        "return self.encoder(self.parts(x))",
    )
    assert read(tmp_path, body, "5x8").totals.params == 2 * 72 + 3 * 396


def test_buffers_are_all_that_a_model_owns(tmp_path: Path) -> None:
    made = "self.fc = nn.Linear(8, 4)\nself.idle = nn.BatchNorm1d(5)\nself.register_buffer('table', torch.zeros(7))"
    totals = read(tmp_path, net(made, "return self.fc(x)"), "8").totals
    assert (totals.params, totals.params_train, totals.buffers) == (36, 46, 17)


def test_a_module_on_what_hangs_on_no_input_is_a_row(tmp_path: Path) -> None:
    made = "self.position = nn.Embedding(16, 8)\nself.fc = nn.Linear(8, 8)\nself.size = nn.Linear(2, 3)(torch.zeros(1, 2)).shape[1]"
    analysis = read(tmp_path, net(made, "return self.fc(x) + self.position(torch.arange(x.shape[1]))"), "12x8")
    assert [row.to_dict()["type"] for row in analysis.layers] == ["Linear", "Embedding", "add"]
    assert (analysis.totals.params, analysis.totals.params_train) == (72 + 128, 200)


@pytest.mark.parametrize(
    "pad", ["nn.ReflectionPad2d(1)", "nn.ZeroPad2d((1, 1, 1, 1))", "nn.ConstantPad2d(1, 0.5)", "nn.ReplicationPad2d(1)"]
)
def test_borders(tmp_path: Path, pad: str) -> None:
    assert outputs(read(tmp_path, net(f"self.pad = {pad}", "return self.pad(x)"), "3x8x9")) == [(3, 10, 11)]


def test_a_map_that_enters_a_linear_is_to_be_flattened(tmp_path: Path) -> None:
    made = "self.conv = nn.Conv2d(3, 4, 3, padding=1)\nself.fc = nn.Linear(4096, 10)"
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, net(made, "return self.fc(self.conv(x))"))
    assert error.value.diagnostics[0].help == "flatten it first, x.flatten(1): that has 4,096 values"
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, net(made.replace("4096", "100"), "return self.fc(self.conv(x))"))
    assert "nn.Linear(4096, 10)" in str(error.value.diagnostics[0].help)


def test_rules_of_dashes_are_no_depth(tmp_path: Path) -> None:
    body = f"# {'-' * 300}\n'''{'(' * 300}'''\n\n" + net("self.fc = nn.Linear(8, 4)", "return self.fc(x)")
    assert outputs(read(tmp_path, body, "8")) == [(4,)]


def test_attention_with_weights_of_its_own(tmp_path: Path) -> None:
    made = "self.q, self.k, self.v = [nn.Linear(8, 8) for _ in range(3)]\nself.out = nn.Linear(8, 6)"
    forward = (
        "x = x.permute(1, 0, 2)\n"
        "bias = torch.cat([self.q.bias, self.k.bias, self.v.bias])\n"
        "y, _ = F.multi_head_attention_forward(x[:1], x, x, 8, 2, None, bias, None, None, False, 0.0, self.out.weight,\n"
        "    self.out.bias, use_separate_proj_weight=True, q_proj_weight=self.q.weight, k_proj_weight=self.k.weight,\n"
        "    v_proj_weight=self.v.weight, need_weights=False)\n"
        "return y.squeeze(0)"
    )
    analysis = read(tmp_path, net(made, forward), "5x8")
    assert outputs(analysis) == [(6,)]
    assert analysis.totals.params == 3 * 72 + 54
    assert (
        analysis.totals.macs == 64 + 48 + 2 * 5 * 64 + 2 * 5 * 8
    )  # query and result of one step, keys and values of five


def test_a_train_of_its_own_is_run_as_eval_does(tmp_path: Path) -> None:
    body = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def train(self, mode=True):
        super().train(mode)
        if not mode:
            self.scale = torch.ones(4)

    def forward(self, x):
        return self.fc(x) * self.scale
"""
    assert outputs(read(tmp_path, body, "8")) == [(4,)]


def test_a_loop_over_the_samples_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, net("pass", "for i in range(x.size(0)):\n    x = x + i\nreturn x"), "8")
    assert "how often this runs depends on the number of samples" in error.value.diagnostics[0].message


def test_a_head_that_is_made_for_training(tmp_path: Path) -> None:
    made = "self.fc = nn.Linear(8, 4)\nif self.training:\n    self.aux = nn.Linear(8, 3)"
    forward = "if self.training:\n    return self.fc(x), self.aux(x)\nreturn self.fc(x)"
    analysis = read(tmp_path, net(made, forward), "8")
    assert outputs(analysis) == [(4,), (3,)]
    assert [port.train for port in analysis.outputs] == [False, True]
    assert (analysis.totals.params, analysis.totals.params_train) == (36, 36 + 27)


def test_modules_of_a_plain_list_are_not_counted_and_are_told_of(tmp_path: Path) -> None:
    made = "self.convs = [nn.Conv2d(3, 4, 3), nn.Sequential(nn.Conv2d(4, 5, 3), nn.BatchNorm2d(5))]\nself.fc = nn.Conv2d(5, 2, 1)"
    analysis = read(
        tmp_path, net(made, "for conv in self.convs:\n    x = conv(x)\nreturn nn.ReLU()(self.fc(x))"), "3x8x8"
    )
    assert (analysis.totals.params, analysis.totals.buffers) == (12, 0)
    assert analysis.totals.macs == 36 * 4 * 27 + 16 * 5 * 36 + 16 * 2 * 5
    warnings = [one.message for one in analysis.diagnostics if one.code == "python-unregistered"]
    assert len(warnings) == 2
    assert "its 112 parameters are not in parameters()" in warnings[0]
    assert "its 195 parameters" in warnings[1]


def test_modules_that_are_made_while_the_network_runs_are_no_parts_of_it(tmp_path: Path) -> None:
    """Each is gone when the next is made, and may stand where it stood."""
    forward = "x = self.fc(x)\nfor _ in range(4):\n    x = nn.Conv2d(2, 2, 3)(x)\nreturn x"
    analysis = read(tmp_path, net("self.fc = nn.Conv2d(3, 2, 1)", forward), "3x16x16")
    assert [layer.params for layer in analysis.layers] == [8, 0, 0, 0, 0]
    assert outputs(analysis) == [(2, 8, 8)]


@pytest.mark.parametrize("turned", [False, True])
def test_a_convolution_with_weights_of_each_sample(tmp_path: Path, turned: bool) -> None:
    made = "self.weight = nn.Parameter(torch.randn(4, 6, 3, 3, 3))\nself.fc = nn.Linear(3, 4)"
    weights = "(b * 3, 6, 3, 3)" if turned else "(b * 6, 3, 3, 3)"
    function = "conv_transpose2d" if turned else "conv2d"
    forward = (
        "b, c, h, w = x.shape\n"
        f"a = torch.mm(self.fc(x.mean((2, 3))), self.weight.view(4, -1)).view{weights}\n"
        f"x = F.{function}(x.view(1, b * c, h, w), a, padding=1, groups=b)\n"
        "return x.view(b, 6, h, w)"
    )
    analysis = read(tmp_path, net(made, forward), "3x8x8")
    assert outputs(analysis) == [(6, 8, 8)]
    assert analysis.totals.params == 4 * 162 + 16
    assert analysis.totals.macs == 12 + 4 * 162 + 64 * 6 * 27


def test_the_device_is_asked_for(tmp_path: Path) -> None:
    made = (
        "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\n"
        "self.fc = nn.Linear(8, 4 + torch.cuda.device_count()).to(device).cuda()"
    )
    assert outputs(read(tmp_path, net(made, "return self.fc(x.cpu())"), "8")) == [(4,)]


@pytest.mark.parametrize(
    "make",
    ["from ml_collections import ConfigDict as Made", "from ml_collections.config_dict import ConfigDict as Made",
     "from easydict import EasyDict as Made", "from munch import Munch as Made"],
)  # fmt: skip
def test_settings_whose_items_are_attributes(tmp_path: Path, make: str) -> None:
    made = """c = Made({'wide': 5, 'inner': {'deep': 3}, 'all': [{'k': 2}]})
c.more = {'width': 7}
c['other'] = 1
assert 'wide' in c and hasattr(c, 'other') and not hasattr(c, 'missing') and c.get('missing', 4) == 4
assert c.to_dict() == {'wide': 5, 'inner': {'deep': 3}, 'all': [{'k': 2}], 'more': {'width': 7}, 'other': 1}
import copy
d = copy.deepcopy(c)
d.wide = 50
del d.other
assert len(c) == 5 and len(d) == 4 and isinstance(d, dict)
self.fc = nn.Linear(8, c.wide * c.inner.deep + c.all[0].k + c.more.width + c.other)"""
    assert outputs(read(tmp_path, make + "\n" + net(made, "return self.fc(x)"), "8")) == [(25,)]


def test_the_names_of_a_library_as_a_dictionary(tmp_path: Path) -> None:
    made = "self.rnn = nn.__dict__['LSTM'](8, 4, batch_first=True)"
    assert outputs(read(tmp_path, net(made, "return self.rnn(x)[0]"), "5x8")) == [(5, 4)]


def test_one_number_a_sample_comes_in_and_goes_out(tmp_path: Path) -> None:
    made = "self.conv = nn.Conv2d(3, 8, 3)\nself.emb = nn.Linear(4, 8)\nself.fc = nn.Linear(8, 1)"
    body = net(made, "e = self.emb(torch.stack([t, t.sin(), t.cos(), t], -1))[:, :, None, None]\n"
                     "return self.fc((self.conv(x) + e).mean((2, 3))).squeeze(-1)")  # fmt: skip
    path = tmp_path / "net.py"
    path.write_text(HEAD + body.replace("forward(self, x)", "forward(self, x, t)"), "utf-8")
    network = cnncalc.load(f"{path}:Net", input={"x": "3x8x8", "t": "()"})
    assert [node.output for node in network.inputs] == [(3, 8, 8), ()]
    assert outputs(cnncalc.analyze(network)) == [()]
    assert not cnncalc.check(f"{path}:Net", input={"x": "3x8x8", "t": "()"}).diagnostics


@pytest.mark.parametrize(
    ("made", "forward", "mixed"),
    [
        ("self.rnn = nn.LSTM(8, 4)", "return self.rnn(x)[0]", True),
        ("self.rnn = nn.GRU(8, 4, batch_first=True)", "return self.rnn(x)[0]", False),
        ("self.rnn = nn.RNN(8, 4)", "return self.rnn(x.transpose(0, 1))[0]", False),
        ("self.mix = nn.MultiheadAttention(8, 2)", "return self.mix(x, x, x)[0]", True),
        ("self.mix = nn.MultiheadAttention(8, 2, batch_first=True)", "return self.mix(x, x, x)[0]", False),
    ],
)
def test_samples_where_the_steps_are_meant(tmp_path: Path, made: str, forward: str, mixed: bool) -> None:
    found = [
        one for one in read(tmp_path, net(made, forward), "5x8").network.diagnostics if one.code == "mixed-samples"
    ]
    assert len(found) == mixed
    assert all("Nx5x8 has the samples: they become one sequence" in one.message for one in found)


def test_numbers_of_numpy_are_asked_for_other_types(tmp_path: Path) -> None:
    made = "self.fc = nn.Linear(8, 2 * np.ceil(np.log(20)).astype('int').item() + np.float32(3.7).astype(int))"
    assert outputs(read(tmp_path, net(made, "return self.fc(x)"), "8")) == [(9,)]


def test_a_module_that_does_nothing_is_a_row(tmp_path: Path) -> None:
    analysis = read(tmp_path, net("self.pad = nn.ReplicationPad1d((0, 0))", "return self.pad(x)"), "3x6")
    assert [(row.name, row.output) for row in analysis.layers] == [("pad", (3, 6))]


def test_a_product_of_what_is_not_known_is_no_fault(tmp_path: Path) -> None:
    analysis = read(tmp_path, net("self.w = nn.Parameter(torch.ones(8))",
                                  "return torch.einsum('bd,d->bd', torch.view_as_complex(x).imag, self.w)"), "8x2")  # fmt: skip
    assert outputs(analysis) == [(8,)]
    forward = "return torch.einsum('bd,d->bd', open('no.txt'), self.w)"
    analysis = read(tmp_path, net("self.w = nn.Parameter(torch.ones(8))", forward), "8")
    assert outputs(analysis) == [None]


def test_names_of_modules_and_partial_calls_of_partial_calls(tmp_path: Path) -> None:
    made = (
        "from functools import partial\n"
        "one = partial(partial(nn.Linear, 8), 4, bias=False)\n"
        "assert one.func is nn.Linear and one.args == (8, 4) and one.keywords == {'bias': False}\n"
        "assert 'silu' in dir(torch.nn.functional) and 'Mish' in dir(nn) and 'nothing' not in dir(F)\n"
        "self.fc = one()"
    )
    assert outputs(read(tmp_path, net(made, "return self.fc(x)"), "8")) == [(4,)]


TIMM = {
    "_registry.py": "raise RuntimeError('rules stand for it')\n",
    "_pretrained.py": (
        "from dataclasses import dataclass\n\n\n@dataclass\nclass PretrainedCfg:\n    url: str = ''\n"
        "    num_classes: int = 1000\n"
    ),
    "_builder.py": (
        "from timm.models._pretrained import PretrainedCfg\nfrom timm.models._registry import get_pretrained_cfg\n\n\n"
        "def build(cls, name):\n    cfg = get_pretrained_cfg(name) or PretrainedCfg()\n"
        "    return cls(cfg.num_classes)\n"
    ),
    "small.py": (
        "import torch.nn as nn\nfrom ._builder import build\nfrom ._registry import generate_default_cfgs, "
        "register_model\n\n\nclass Small(nn.Module):\n    def __init__(self, count):\n        super().__init__()\n"
        "        self.fc = nn.Linear(8, count)\n\n    def forward(self, x):\n        return self.fc(x)\n\n\n"
        "default_cfgs = generate_default_cfgs({\n    'one.old': dict(num_classes=5), "
        "'one.new': dict(url='http', num_classes=7),\n    'two': dict(num_classes=9), "
        "'three.a': dict(url='http', num_classes=2), 'three.b*': dict(num_classes=4)})\n"
    ),
}


@pytest.mark.parametrize(
    ("call", "name", "count"),
    [("one", "one", 7), ("one", "one.old", 5), ("two", "two", 9), ("three", "three", 4), ("three", "three.b", 4),
     ("four", "four", 1000)],
)  # fmt: skip
def test_settings_of_timm(tmp_path: Path, call: str, name: str, count: int) -> None:
    folder = tmp_path / "timm" / "models"
    folder.mkdir(parents=True)
    for file, text in {**TIMM, "__init__.py": "", "../__init__.py": ""}.items():
        (folder / file).write_text(text, "utf-8")
    with (folder / "small.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\n@register_model\ndef {call}():\n    return build(Small, {name!r})\n")
    network = cnncalc.load(f"{folder / 'small.py'}:{call}", input="8", site=str(tmp_path))
    assert [network.nodes[port.node].output for port in network.outputs] == [(count,)]


def test_a_filter_that_is_kept_and_not_learned_is_a_buffer(tmp_path: Path) -> None:
    made = "self.register_buffer('blur', torch.ones(3, 1, 3, 3) / 9)"
    totals = read(tmp_path, net(made, "return F.conv2d(x, self.blur, padding=1, groups=3)"), "3x8x8").totals
    assert (totals.params, totals.buffers, totals.macs) == (0, 27, 3 * 64 * 9)


PACKAGE = {
    "__init__": "from .models import create_model\n",
    "models/__init__": "from .small import *\nfrom ._factory import create_model\n",
    "models/_registry": "raise RuntimeError('rules stand for this file')\n",
    "models/_factory": "from ._registry import is_model, model_entrypoint, split_model_name_tag\n"
    "def create_model(model_name, pretrained=False, **kwargs):\n"
    "    model_name, tag = split_model_name_tag(model_name)\n"
    "    if not is_model(model_name):\n"
    "        raise RuntimeError('Unknown model (%s)' % model_name)\n"
    "    return model_entrypoint(model_name)(pretrained=pretrained, **kwargs)\n",
    "models/small": "from torch import nn\nfrom ._registry import register_model\n"
    "__all__ = ['Small']\n"
    "class Small(nn.Module):\n    def __init__(self, num_classes=10):\n        super().__init__()\n"
    "        self.num_features = 8\n        self.conv = nn.Conv2d(3, 8, 3)\n"
    "        self.fc = nn.Linear(8, num_classes) if num_classes else nn.Identity()\n"
    "    def forward(self, x):\n        return self.fc(self.conv(x).mean((2, 3)))\n"
    "@register_model\ndef small_net(pretrained=False, **kwargs):\n"
    "    if pretrained:\n        open('weights')\n    return Small(**kwargs)\n",
}


def test_a_model_of_timm_by_its_name(tmp_path: Path) -> None:
    """Its file is found by the name, from source, whatever weights are asked for."""
    site = tmp_path / "site"
    for name, text in PACKAGE.items():
        path = site / "timm" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    code = tmp_path / "net.py"
    made = "self.backbone = timm.create_model('small_net.in1k', pretrained=True, num_classes=0)\n"
    made += "self.head = nn.Linear(self.backbone.num_features, 5)"
    body = "import timm\n" + HEAD + net(made, "return self.head(self.backbone(x))")
    code.write_text(body, "utf-8")
    model = cnncalc.analyze(cnncalc.load(f"{code}:Net", input="3x8x8", site=str(site)))
    assert outputs(model) == [(5,)]
    assert model.totals.params == 3 * 8 * 9 + 8 + 8 * 5 + 5
    code.write_text(body.replace("small_net.in1k", "smal_net"), "utf-8")
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.load(f"{code}:Net", input="3x8x8", site=str(site))
    assert error.value.diagnostics[0].message == "RuntimeError: Unknown model (smal_net)"
