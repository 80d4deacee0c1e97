"""Code that would do harm, or never end, where it were run or followed without bounds."""

from __future__ import annotations

import pytest

import cnncalc
from hang import hang_guard

HEAD = "import os, subprocess, torch\nfrom torch import nn\n"
NET = "class Net(nn.Module):\n    def forward(self, x):\n        return x\n"
#: Statements before a network that is sound without them.
STATEMENTS = {
    "endless": "while True:\n    pass",
    "calls in calls": "def f(n): return f(n + 1)\nx = f(0)",
    "powers": "x = 9 ** 9 ** 9\ny = 1 << 10 ** 10",
    "long texts": "x = 'a' * 10 ** 12\ny = '%*d' % (10 ** 9, 1)\nz = f'{1:1000000000}'\nw = 'a'.ljust(10 ** 10)",
    "long lists": "x = [0] * 10 ** 10\ny = list(range(10 ** 12))\nz = sum(range(10 ** 12))",
    "doubled": "x = [1]\nfor i in range(100): x += x",
    "shared lists": "x = []\nfor i in range(60): x = [x, x]\ny = str(x)\nz = x == [x, x]",
    "shared keys": "t = ()\nfor i in range(60): t = (t, t)\nd = {t: 1}\ns = {t}\nu = t in d",
    "cycles": "a = []\na.append(a)\nb = str(a)\nimport copy\nc = copy.deepcopy(a)",
    "products": "import itertools\nx = list(itertools.product(range(1000), repeat=6))\ny = sorted(itertools.count())",
    "factorials": "import math\nx = math.factorial(10 ** 9)\ny = math.comb(10 ** 9, 10 ** 8)",
    "replaced": "x = 'a' * 900000\ny = x.replace('a', 'b' * 900000)\nz = x.join([x] * 1000)",
    "own order": "class A:\n    def __lt__(self, o):\n        while True: pass\nx = sorted([A(), A()])",
    "own text": "class A:\n    def __repr__(self): return repr(self)\nx = f'{A()}'",
    "own attributes": "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nx = A().a",
    "classes of classes": "A = object\nfor i in range(3000): A = type('A', (A,), {})",
    "imports": "import net, a.b.c\nfrom . import *\nfrom ...... import y",
}
#: Bodies of `forward`, or of `__init__`.
FORWARDS = {
    "endless layers": "while True: x = nn.functional.relu(x)",
    "very many": "for i in range(10 ** 9): x = x + 1\n        return x",
    "huge tensors": "return torch.arange(10 ** 10), x.repeat(10 ** 9, 10 ** 9).view(-1), torch.ones(10 ** 10).tolist()",
    "very many parts": "return x.chunk(10 ** 9, 1), x.repeat(1, 10 ** 7, 1, 1).split(1, 1)",
}
DEEP = {
    "brackets": f"x = {'(' * 5000}{')' * 5000}", "signs": f"x = {'-' * 100000}1", "nots": f"x = {'not ' * 50000}1",
    "sums": f"x = {'+'.join(['1'] * 100000)}", "attributes": f"x = a{'.b' * 50000}", "calls": f"x = a{'()' * 50000}",
    "choices": f"x = {'1 if 1 else ' * 20000}1", "lambdas": f"x = {'lambda:' * 30000}1", "digits": f"x = {'9' * 200000}",
    "branches": "if 1: pass\n" + "elif 1: pass\n" * 15000, "a zero": "x = 1\0",
}  # fmt: skip


def attempt(tmp_path, text):
    """Reads code: it ends soon, whatever comes of it, and by nothing but a SpecError."""
    path = tmp_path / "net.py"
    path.write_text(text)
    with hang_guard():
        try:
            return cnncalc.load(f"{path}:Net", input="3x32x32")
        except cnncalc.SpecError as error:
            return error


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_of_a_module_end(tmp_path, name):
    assert not isinstance(attempt(tmp_path, f"{HEAD}{STATEMENTS[name]}\n{NET}"), cnncalc.SpecError)


@pytest.mark.parametrize("name", FORWARDS)
def test_a_forward_ends(tmp_path, name):
    attempt(tmp_path, f"{HEAD}class Net(nn.Module):\n    def forward(self, x):\n        {FORWARDS[name]}\n")


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_ends(tmp_path, name):
    attempt(tmp_path, f"{DEEP[name]}\n{HEAD}{NET}")


def test_nothing_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mark = tmp_path / "ran"
    touch = f"open({str(mark)!r}, 'w')"
    system = f"os.system('touch {mark}')"
    text = f"""{HEAD}
{system}
{touch}.write('x')
subprocess.run(['touch', {str(mark)!r}])
__import__('os').system('touch {mark}')
eval({touch!r})
exec({touch!r})
print({touch}, file={touch})
class Meta(type):
    def __getattr__(cls, name): {touch}
    def __call__(cls, *args): {touch}
@(lambda f: ({touch}, f)[1])
class Odd(metaclass=Meta):
    x: {touch} = {touch}
    def __init_subclass__(cls): {touch}
    def __set_name__(self, *args): {touch}
class Net(nn.Module):
    def forward(self, x: {touch} = {touch}) -> {touch}:
        print.__self__.{touch}
        '{{0.__class__.__init__.__globals__}}'.format(x)
        ().__class__.__bases__[0].__subclasses__()
        with {touch} as f: f.write('x')
        f'{{{touch}}}'
        return x
"""
    (tmp_path / "conftest.py").write_text(touch)
    attempt(tmp_path, text)
    assert not mark.exists()


OF_UNKNOWN = [
    "x[:, :n]", "x[:, n]", "x[n]", "x[:, n:]", "x[..., n]", "x[:, :n, 2]", "x[:, ::n]", "x[:n]", "x[None, n]", "x[n, :, n]",
    "x[:, n > 3]", "x + n", "x * n", "x if n else x[:, :2]", "x.chunk(n, 1)[0]", "F.pixel_shuffle(x, n)", "x.view(n, -1)",
    "F.max_pool2d(x, n)", "x.narrow(1, 0, n)", "x.mean(n)", "x.permute(0, n, 2, 3)", "torch.cat([x] * n, 1)",
    "nn.Conv2d(8, n, 3)(x)", "F.interpolate(x, scale_factor=n)", "x.split(n, 1)[0]", "F.adaptive_avg_pool2d(x, n)",
]  # fmt: skip


@pytest.mark.parametrize("expression", OF_UNKNOWN)
def test_what_hangs_on_what_is_not_known_is_not_known(tmp_path, expression):
    """It has no shape, and is no fault of PyTorch's."""
    made = attempt(
        tmp_path,
        "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nn = len(open('f').read())\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.c = nn.Conv2d(3, 8, 3)\n"
        f"    def forward(self, x):\n        x = self.c(x)\n        return {expression}\n",
    )
    if isinstance(made, cnncalc.SpecError):
        assert "which the code alone does not tell" in str(made)
    else:
        assert made.nodes[made.outputs[0].node].output is None
        assert not [one for one in made.diagnostics if one.severity == "error"]


POSITIONS = """
        points = [(y, x) for y in range(14) for x in range(14)]
        offsets, indices = {}, []
        for one in points:
            for other in points:
                offset = (abs(one[0] - other[0]), abs(one[1] - other[1]))
                if offset not in offsets:
                    offsets[offset] = len(offsets)
                indices.append(offsets[offset])
        self.biases = nn.Parameter(torch.zeros(3, len(offsets)))
        self.register_buffer("indices", torch.tensor(indices).view(len(points), len(points)))
"""


def test_a_table_of_relative_positions_is_honest_work(tmp_path):
    """As tiny_vit of timm makes it, of a window of 14x14: 38,416 rounds."""
    made = attempt(
        tmp_path,
        f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__(){POSITIONS}\n"
        "    def forward(self, x):\n        return x + self.biases[:, self.indices]\n",
    )
    assert isinstance(made, cnncalc.SpecError)  # of 196x196, on an input of 32x32
    assert "3x196x196" in str(made)
